"""Credits: who wrote and who changed the lines of a script version, word by word, from its provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel

from storyroom.memory.authorship import Who, authorship
from storyroom.memory.history import histories
from storyroom.memory.ledger import Ledger
from storyroom.story.plan import Language
from storyroom.story.script import Kind
from storyroom.story.turn import Actor

_NO_LINES = frozenset({Kind.SCENE_HEADING, Kind.CUE})
"""Named by the outline and by who speaks: nobody writes them."""


class Credit(BaseModel, frozen=True):
    """One contributor's share of a script.

    Attributes:
        actor: ``agent:MODEL``, ``member:NAME`` or ``code``.
        role: the role whose work it was: in its seat, or in its place, as with an edit in a file.
        written: lines that stand and that they wrote first; each line has one writer.
        changed: lines that stand, that another wrote and that they reworded since, were it by one word.
        words: words that stand where they put them; of a line that several worded, each has their own.
        share: those words in percent of all.
    """

    actor: str
    role: str
    written: int = 0
    changed: int = 0
    words: int = 0
    share: float = 0.0


def credits(ledger: Ledger, head: str) -> list[Credit]:
    """Return who wrote and changed the lines that stand at `head`, the most words first.

    A wording that a ruling or an edit brings back counts for whoever it came from, and a member's words that
    an agent put in as they are count for the member.
    """
    written: Counter[Who] = Counter()
    changed: Counter[Who] = Counter()
    words: Counter[Who] = Counter()
    for scene in histories(ledger, head).values():
        for line in scene.values():
            if line.last.element.kind not in _NO_LINES:
                made = authorship(line)
                written[made.writer] += 1
                changed.update(made.changed)
                words.update(made.words)
    total = sum(words.values())
    people = sorted({*written, *changed, *words}, key=lambda who: (-words[who], who))
    return [
        Credit(
            actor=actor,
            role=role,
            written=written[actor, role],
            changed=changed[actor, role],
            words=words[actor, role],
            share=round(100 * words[actor, role] / total, 1) if total else 0.0,
        )
        for actor, role in people
    ]


def statement(shares: Sequence[Credit], language: Language) -> str:
    """Return the use of AI in one sentence that can stand beside a script."""
    total = sum(one.words for one in shares)
    words, models, members = Counter[str](), dict[str, None](), Counter[str]()
    for one in shares:
        actor = Actor.parse(one.actor)
        words[actor.kind] += one.words
        if actor.kind == "agent":
            models[actor.name] = None
        elif actor.kind == "member":
            members[actor.name] += one.words
    humans = {name: count for name, count in members.items() if count}
    if language == "zh":
        return _in_chinese(total, words, list(models), humans)
    if not total:
        return "Nothing is written yet."
    said = (
        f"Of the {total:,} words of this script, {_percent(words['agent'], total)} stand as a language model"
    )
    said += f" worded them ({', '.join(models)})" if models else " worded them"
    said += f", {_percent(words['code'], total)} come from code" if words["code"] else ""
    if not humans:
        return f"{said}, and none as a human did."
    people = ", ".join(f"{name} {_percent(count, total)}" for name, count in humans.items())
    return f"{said}, and {_percent(words['member'], total)} as members of the team did ({people})."


def _in_chinese(total: int, words: Counter[str], models: list[str], humans: dict[str, int]) -> str:
    if not total:
        return "还什么都没有写。"
    said = f"本剧本共 {total:,} 字，其中 {_percent(words['agent'], total)} 由语言模型写定"
    said += f"（{'、'.join(models)}）" if models else ""
    said += f"，{_percent(words['code'], total)} 由程序写定" if words["code"] else ""
    if not humans:
        return f"{said}，没有一字由人写定。"
    people = "、".join(f"{name} {_percent(count, total)}" for name, count in humans.items())
    return f"{said}，{_percent(words['member'], total)} 由团队成员写定（{people}）。"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"
