"""Credits: who wrote and who changed each line of a script version, from its provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel

from storyroom.memory.history import Wording, histories
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
        role: the role in whose seat they wrote.
        written: lines that stand and that they wrote first.
        changed: lines that stand and whose last wording is theirs, though another wrote them first.
        words: words of the lines whose last wording is theirs.
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
    written: Counter[tuple[str, str]] = Counter()
    changed: Counter[tuple[str, str]] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    for scene in histories(ledger, head).values():
        for line in scene.values():
            if line.last.element.kind in _NO_LINES:
                continue
            first, last = _who(line.first), _who(line.source)
            written[first] += 1
            changed[last] += first != last
            words[last] += line.last.element.words
    total = sum(words.values())
    people = sorted(set(written) | set(words), key=lambda who: (-words[who], who))
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


def _who(wording: Wording) -> tuple[str, str]:
    return str(wording.maker), wording.turn.role
