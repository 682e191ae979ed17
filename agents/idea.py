"""The idea as the ground that everything stands on: its sentences, its things, and who acts in it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from storyroom.agents.answers import Led, one_of
from storyroom.agents.desk import Desk
from storyroom.memory.notes import standing
from storyroom.story.bible import Role
from storyroom.story.plan import Choice, Language
from storyroom.story.things import things

_PARTS = 3
_LONGEST_TITLE, _LONGEST_TITLE_ZH = 5, 10
_CLAUSE = re.compile(r"[，。；：！？、,.;:!?]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def sentences(idea: str) -> list[str]:
    """Return the sentences of an idea; a line of keywords is one."""
    return [part.strip() for part in _SENTENCE.split(" ".join(idea.split())) if part.strip()]


def one_text(parts: Iterable[str]) -> str:
    """Return sentences as one text; Chinese ones stand side by side without a space."""
    said = ""
    for part in parts:
        said += f"{'' if not said or said.endswith(tuple('。！？…”')) else ' '}{part}"
    return said


def ground(desk: Desk) -> list[str]:
    """Return the sentences that an episode is made of: the idea's, and those of brought story lines.

    What was brought is woven in, so that beginning, middle and end stay where they were.
    """
    return _woven([sentences(desk.order.idea), *_brought(desk)])


def told_by_members(desk: Desk, choice: Choice) -> list[str]:
    """Return the sentences of a story that leans on a member's pitch; nothing if it does not.

    Such a story is what is told, and no longer the idea alone. Where it has fewer sentences than there are
    scenes, the first ones of the idea open it, unless the idea is but a list of what is to meet.
    """
    if not any(one.by.startswith("member:") for one in choice.takes):
        return []
    story = [one for line in choice.story.lines for one in sentences(line)]
    opening = [] if desk.order.merge else [one for one in sentences(desk.order.idea) if one not in story]
    return _woven([opening[: max(0, desk.order.scenes - len(story))] + story, *_brought(desk)])


def _brought(desk: Desk) -> list[list[str]]:
    notes = standing(desk.ledger, desk.task.session, role=Role.PLOT_WRITER)
    return [sentences(prose(note.text)) for note in notes if note.brought]


def _woven(parts: Sequence[Sequence[str]]) -> list[str]:
    placed = [((at + 0.5) / len(part), one) for part in parts for at, one in enumerate(part)]
    return list(dict.fromkeys(one for _, one in sorted(placed, key=lambda one: one[0])))


def title_of(text: str, names: Sequence[str], language: Language) -> str:
    """Return a title for what nobody gave one: a thing of the text, or its first words."""
    if language == "zh":
        return _CLAUSE.split(text.strip())[0][:_LONGEST_TITLE_ZH]
    named = next(iter(things(text, names)), "") or " ".join(text.split()[:_LONGEST_TITLE])
    return " ".join(word[0].upper() + word[1:] for word in named.split()).rstrip(",;:.!?")


def prose(text: str) -> str:
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


def shared_out(said: Sequence[str], story: Sequence[str], scenes: int) -> list[str]:
    """Share sentences and the chosen story out over the scenes, in order, so that none is forgotten.

    With as many sentences as scenes, each scene has one; with more, neighbours share a scene; with fewer, the
    story's lines come in, and what is still missing goes on from the last.
    """
    said = list(said)
    if len(said) < scenes:
        said += story[: scenes - len(said)]
    if len(said) >= scenes:
        cuts = [round(i * len(said) / scenes) for i in range(scenes + 1)]
        return [" ".join(said[a:b]) for a, b in itertools.pairwise(cuts)]
    return [said[i * len(said) // scenes] for i in range(scenes)]
