"""What the lines of a draft said before a debate, after each revision of it, and at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from storyroom.memory.bodies import read_bodies
from storyroom.memory.debates import Debate
from storyroom.memory.ledger import Ledger
from storyroom.story.draft import SceneDraft
from storyroom.story.paper import outline_paper, pitches_paper
from storyroom.story.plan import Outline, Pitches
from storyroom.story.script import Kind
from storyroom.story.turn import Stage, TurnKind


class Line(NamedTuple):
    """A line as it stands in a draft.

    Attributes:
        place: its number in the scene, from 1; of a plan, the number of the pitch or of the scene.
        label: who speaks it, empty for action; of a plan, the field.
        kind: what it is on the page; None in a plan.
    """

    place: int
    label: str
    text: str
    kind: Kind | None = None


@dataclass(frozen=True)
class Wordings:
    """The lines of the draft that a debate is about, as they change.

    Attributes:
        states: the lines by id before the debate, then after each task that reworded some.
        tasks: the task that led to each state but the first.
        heading: of the scene; empty for a plan and for the whole episode.
    """

    states: tuple[Mapping[str, Line], ...]
    tasks: tuple[str, ...]
    heading: str = ""

    def line(self, line: str) -> Line | None:
        """Return a line as it was when it was objected to."""
        return next((state[line] for state in self.states if line in state), None)

    def before(self, line: str) -> str:
        """Return what a line said before the debate; empty if there was none."""
        return _text(self.states[0], line)

    def after(self, line: str) -> str:
        """Return what a line says at the end of the debate; empty if it is gone."""
        return _text(self.states[-1], line)

    def by_task(self, task: str, line: str) -> tuple[str, str] | None:
        """Return what a line said before and after a task, if the task changed it."""
        for place, one in enumerate(self.tasks):
            was, now = (_text(self.states[at], line) for at in (place, place + 1))
            if one == task and was != now:
                return was, now
        return None


def wordings(ledger: Ledger, debate: Debate) -> Wordings:
    """Read what a debate's lines said; one query, however often they changed."""
    if debate.stage is Stage.TABLE_READ:
        return _of_episode(ledger, debate)
    made = [(turn.task.id, turn.produced) for turn in debate.turns if _reworded(turn.kind) and turn.produced]
    first = [turn.about for turn in debate.turns if turn.about][:1]
    bodies = read_bodies(ledger, [*first, *(draft for _, draft in made)])
    start = {key: line for draft in first for key, line in _lines(debate.stage, bodies[draft]).items()}
    states = (start, *(_lines(debate.stage, bodies[draft]) for _, draft in made))
    heading = bodies[first[0]]["elements"][0]["text"] if debate.stage is Stage.SCENE and first else ""
    return Wordings(states, tuple(task for task, _ in made), heading)


def _of_episode(ledger: Ledger, debate: Debate) -> Wordings:
    """Read what the lines of all scenes said that were objected to, and what they say when it is verified."""
    about = [turn.about for turn in debate.turns if turn.about]
    script = ledger.drafts.script(debate.turns[-1].task.head)
    now = [script[slot] for one in debate.threads if (slot := f"scene:{one.scene}") in script]
    bodies = read_bodies(ledger, [*about, *now])
    # What went back was objected to before, and was mended since: the oldest wording is the first.
    start, end = (
        {key: line for draft in drafts for key, line in _lines(debate.stage, bodies[draft]).items()}
        for drafts in (about[::-1], now)
    )
    return Wordings((start, end), (debate.turns[-1].task.id,))


def _reworded(kind: TurnKind) -> bool:
    return kind in (TurnKind.REVISION, TurnKind.RULING)


def _lines(stage: Stage, body: Any) -> dict[str, Line]:
    if stage is Stage.PITCH:
        pitched = Pitches.model_validate(body).pitches
        paper = pitches_paper([one.pitch for one in pitched])
    elif stage is Stage.OUTLINE:
        paper = outline_paper(Outline.model_validate(body))
    else:
        return _scene_lines(SceneDraft.model_validate(body))
    found = {}
    for one in paper.lines:
        number, _, field = one.id.partition(".")
        found[one.id] = Line(int(number), field, one.text)
    return found


def _scene_lines(draft: SceneDraft) -> dict[str, Line]:
    found = {}
    speaker = ""
    for place, one in enumerate(draft.elements, 1):
        if one.kind is Kind.CUE:
            speaker = one.text
        elif one.kind not in (Kind.DIALOGUE, Kind.PARENTHETICAL):
            speaker = ""
        found[one.id] = Line(place, "" if one.kind is Kind.CUE else speaker, one.text, one.kind)
    return found


def _text(state: Mapping[str, Line], line: str) -> str:
    return state[line].text if line in state else ""
