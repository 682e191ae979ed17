"""The idea as the ground that everything stands on: its sentences, its things, and who acts in it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Annotated, Any

from storyroom.agents.answers import Led, one_of
from storyroom.agents.desk import Desk
from storyroom.memory.notes import standing
from storyroom.story.bible import Role
from storyroom.story.plan import Pitch

_PARTS = 3
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def sentences(idea: str) -> list[str]:
    """Return the sentences of an idea; a line of keywords is one."""
    return [part.strip() for part in _SENTENCE.split(" ".join(idea.split())) if part.strip()]


def ground(desk: Desk) -> list[str]:
    """Return the sentences that an episode is made of: the idea's, and those of brought story lines.

    What was brought is woven in, so that beginning, middle and end stay where they were.
    """
    notes = standing(desk.ledger, desk.task.session, role=Role.PLOT_WRITER)
    texts = [desk.order.idea, *(_prose(note.text) for note in notes if note.brought)]
    parts = [sentences(text) for text in texts]
    placed = [((at + 0.5) / len(part), one) for part in parts for at, one in enumerate(part)]
    return list(dict.fromkeys(one for _, one in sorted(placed, key=lambda one: one[0])))


def _prose(text: str) -> str:
    """Return a text without headings, and without the marks of lists."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line.lstrip("-*•> ") for line in lines if line and not line.startswith("#"))


def line_of(desk: Desk, names: Sequence[str], part: int | None = None) -> Any:
    """Return the form of a sentence about the episode: one that begins with a name.

    A small model chooses among the idea's own sentences instead.

    Args:
        part: beginning (0), middle (1) or end (2) of the idea, which a small model then chooses from; all
            of it when not given.
    """
    if desk.guided:
        said = ground(desk)
        if part is not None and len(said) >= _PARTS:
            reach = -(-len(said) // 2)
            start = part * (len(said) - reach) // (_PARTS - 1)
            said = said[start : start + reach]
        return one_of(said)
    return Annotated[str, Led(names=tuple(names), language=desk.language)]


def own_words(idea: str, *texts: str) -> tuple[str, ...]:
    """Return those of the texts that stand in the idea word for word."""
    said = " ".join(idea.split())
    return tuple(dict.fromkeys(text for text in texts if text and text in said))


def shared_out(said: Sequence[str], story: Pitch, scenes: int) -> list[str]:
    """Share sentences and the chosen story out over the scenes, in order, so that none is forgotten.

    With as many sentences as scenes, each scene has one; with more, neighbours share a scene; with fewer, the
    story's conflict, turn and ending come in, and what is still missing goes on from the last.
    """
    said = list(said)
    if len(said) < scenes:
        said += [story.conflict, story.turn, story.ending][: scenes - len(said)]
    if len(said) >= scenes:
        cuts = [round(i * len(said) / scenes) for i in range(scenes + 1)]
        return [" ".join(said[a:b]) for a, b in itertools.pairwise(cuts)]
    return [said[i * len(said) // scenes] for i in range(scenes)]
