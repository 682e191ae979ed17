"""Plans as papers that can be argued about: numbered lines, each one field of a pitch or of an outline.

The whole episode is such a paper too, when it is read at the table: its lines are those of its scenes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from storyroom.story.draft import SceneDraft
from storyroom.story.plan import Outline, Pitch

_OF_A_PITCH = ("conflict", "turn", "ending")
_OF_A_SCENE = ("beat", "change")


class PaperLine(NamedTuple):
    """One field of a plan.

    Attributes:
        id: number of the pitch or the scene, and the field: ``2.turn``; of a written line, its element's.
        label: what a reader sees before it: ``pitch 2, turn``; of a written line, who speaks it.
        number: how a debate that is read back calls it: ``3:12``; empty for plans, whose ids say it.
    """

    id: str
    label: str
    text: str
    number: str = ""


@dataclass(frozen=True)
class Paper:
    """A plan as lines; empty fields have none."""

    lines: tuple[PaperLine, ...]

    def line(self, line_id: str) -> PaperLine | None:
        """Return the line of that id."""
        return next((one for one in self.lines if one.id == line_id), None)

    def with_line(self, line_id: str, text: str) -> Paper:
        """Return a paper in which one line says something else."""
        return Paper(tuple(one._replace(text=text) if one.id == line_id else one for one in self.lines))


def pitches_paper(pitches: Sequence[Pitch]) -> Paper:
    """Lay pitches out for a debate."""
    return _laid_out("pitch", enumerate(pitches, 1), _OF_A_PITCH)


def outline_paper(outline: Outline) -> Paper:
    """Lay an outline out for a debate."""
    return _laid_out("scene", ((scene.number, scene) for scene in outline.scenes), _OF_A_SCENE)


def episode_paper(scenes: Mapping[int, SceneDraft]) -> Paper:
    """Lay all written scenes out as one."""
    return Paper(
        tuple(
            PaperLine(line.id, draft.speaker_of(line.id) or "", line.text, f"{number}:{place}")
            for number, draft in sorted(scenes.items())
            for place, line in enumerate(draft.elements, 1)
        )
    )


def pitches_of_paper(paper: Paper, pitches: Sequence[Pitch]) -> list[Pitch]:
    """Return the pitches as the paper now says them."""
    return [pitch.model_copy(update=_fields(paper, number)) for number, pitch in enumerate(pitches, 1)]


def outline_of_paper(paper: Paper, outline: Outline) -> Outline:
    """Return the outline as the paper now says it."""
    scenes = (scene.model_copy(update=_fields(paper, scene.number)) for scene in outline.scenes)
    return outline.model_copy(update={"scenes": tuple(scenes)})


def _laid_out(what: str, numbered: object, fields: Sequence[str]) -> Paper:
    return Paper(
        tuple(
            PaperLine(f"{number}.{field}", f"{what} {number}, {field}", text)
            for number, plan in numbered  # type: ignore[attr-defined]
            for field in fields
            if (text := getattr(plan, field))
        )
    )


def _fields(paper: Paper, number: int) -> dict[str, str]:
    own = (one for one in paper.lines if one.id.partition(".")[0] == str(number))
    return {one.id.partition(".")[2]: one.text for one in own}
