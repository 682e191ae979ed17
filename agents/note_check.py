"""Whether a draft follows a member's note, judged by another role than the one that was asked.

What a note gives word for word, code looks for; so it does, for a small model, with the things that a note
names. Everything else a model judges, and names the line that its judgement is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from storyroom.agents.answers import note_answer
from storyroom.agents.author import Document
from storyroom.agents.checking import sound
from storyroom.agents.desk import Desk
from storyroom.agents.member_words import against, holding, missing, where, words_of
from storyroom.agents.phrases import SAYS_NO
from storyroom.memory.inbox import Note
from storyroom.story.bible import Bible
from storyroom.story.checks import key_terms
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.paper import PaperLine
from storyroom.story.people import People
from storyroom.story.plan import Language
from storyroom.story.roles import role_name
from storyroom.story.script import Kind
from storyroom.story.things import han_things, names_thing, things
from storyroom.story.wording import likeness

_FORBIDS = re.compile(
    r"\b(?:no|not|never|without|avoid|cut|drop|remove|delete|lose|less|fewer|out of|\w+n['’]t)\b"
    r"|不要|别|不能|不该|不应|删|去掉|拿掉|少",
    re.IGNORECASE,
)
# Things of the craft, which no scene is expected to name.
_OF_THE_TRADE = frozenset(
    """
    scene line lines speech beat draft script page story plot episode ending opening dialogue audience
    场戏 台词 对白 句话 结尾 开头 故事 情节 剧本 人物 角色 情绪 感觉 时候 地方 问题 观众 节奏
    """.split()  # noqa: SIM905
)
_SAID = {
    "en": {
        "there": "It stands there word for word.",
        "missing": "It does not stand there yet: {}",
        "against": "It still stands there: {}",
        "out": "The words are not there.",
        "named": "The draft names {}.",
        "unnamed": "Nothing in the draft names {}.",
    },
    "zh": {
        "there": "原话在里面。",
        "missing": "还没有这句话：{}",
        "against": "这句话还在：{}",
        "out": "这些话不在里面。",
        "named": "写到了{}。",
        "unnamed": "还没有写到{}。",
    },
}


@dataclass(frozen=True)
class Finding:
    """Whether a draft follows a note.

    Attributes:
        lines: ids of the lines that answer it; if none does, the one that is to be changed.
        certain: whether code decided it by the words alone.
    """

    met: bool
    lines: tuple[str, ...]
    reason: str
    certain: bool = False


def word_for_word(
    note: Note,
    bible: Bible,
    language: Language,
    cast: Sequence[str],
    draft: Document,
    taken: frozenset[str] = frozenset(),
) -> Finding | None:
    """Tell whether the words that a note gives stand in a scene; None when it gives none for it.

    Args:
        cast: of the scene; nobody else's words are looked for.
        taken: lines that answer other notes.
    """
    words = words_of(note, bible).within(cast)
    if not words or not isinstance(draft, SceneDraft):
        return None
    said = _SAID[language]
    lacking, still = missing(words, draft), against(words, draft)
    if not lacking and not still:
        found = tuple(line.id for line in holding(words, draft))
        return Finding(True, found, said["there" if words.lines else "out"], certain=True)
    line = where(words, draft, note.lines, taken)
    reason = said["missing"].format(lacking[0].text) if lacking else said["against"].format(still[0].text)
    return Finding(False, (line.id,), reason, certain=True)


def to_the_word(note: Note, bible: Bible, draft: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which words that a note gives stand in a scene, and which that it wants out are out."""
    if not isinstance(draft, SceneDraft):
        return (), ()
    words = words_of(note, bible)
    lacking, still = missing(words, draft), against(words, draft)
    return tuple(one.text for one in words.lines if one not in lacking), () if still else words.unwanted


async def check_note(desk: Desk, role: str, note: Note, draft: Document, taken: frozenset[str]) -> Finding:
    """Judge whether a draft follows a note.

    Args:
        role: who judges.
        taken: lines that answer other notes, and are not the ones to change.
    """
    lines = _lines_of(draft)
    own = line_for(note, desk.bible, draft, taken)
    named = by_things(note, desk.bible, desk.language, _told(lines)) if desk.guided else None
    if named is not None and (not named.met or _FORBIDS.search(note.text)):
        return Finding(named.met, () if named.met else (own,), named.reason)
    answer: Any = await desk.ask(
        "note_check",
        note_answer(len(lines), desk.language, guided=desk.guided),
        checks=lambda given: sound(given.reason),
        max_tokens=90,
        attempts=2,
        role=role_name(role, desk.language),
        note=note,
        lines=[(number, one.label, one.text) for number, one in enumerate(lines, 1)],
    )
    met = answer.reason not in SAYS_NO if desk.guided else answer.met == "yes"
    line = lines[int(answer.line) - 1].id
    if met:
        answering = _naming(note, desk.bible, lines) if desk.guided else None
        return Finding(True, (answering or line,), answer.reason)
    ours = desk.guided or own in note.lines or line in taken
    return Finding(False, (own if ours else line,), answer.reason)


def by_things(note: Note, bible: Bible, language: Language, text: str) -> Finding | None:
    """Tell by the things that a note names whether a text follows it; None when it names none."""
    named = _things(note.text, bible)
    if not named:
        return None
    said = _SAID[language]
    found = [thing for thing in named if names_thing(text, thing)]
    forbidden = bool(_FORBIDS.search(note.text))
    reason = said["named" if found else "unnamed"].format((found or named)[0])
    return Finding(bool(found) != forbidden, (), reason)


def line_for(note: Note, bible: Bible, draft: Document, taken: frozenset[str]) -> str:
    """Return the line that a note asks to change: its own, or the one that is most like it.

    Of a scene, lines that somebody speaks whom the note names, or that name them, come before others.

    Args:
        taken: lines that answer other notes, which are left alone if it can be helped.
    """
    lines = _lines_of(draft)
    own = next((one.id for one in lines if one.id in note.lines), None)
    if own is not None:
        return own
    if isinstance(draft, SceneDraft):
        people = People(bible)
        named = people.named_in(note.text)
        lines = [one for one in lines if _of_people(one, named, people)] or lines
    elif note.scene is not None:
        lines = [one for one in lines if one.id.partition(".")[0] == str(note.scene)] or lines
    free = [one for one in lines if one.id not in taken] or lines
    middle = len(free) // 2
    order = sorted(
        range(len(free)), key=lambda at: (-round(likeness(free[at].text, note.text), 2), abs(at - middle))
    )
    return free[order[0]].id


def objection_of(note: Note, bible: Bible, draft: Document, language: Language) -> Objection:
    """Return what a note that is not followed holds against a draft."""
    line = draft.line(line_for(note, bible, draft, frozenset()))
    assert line is not None, "it is a line of the draft"
    says = note_in_brief(note, language)
    return Objection(
        line=line.id,
        quote=line.text,
        kind="note",
        gravity="serious",
        says=says,
        note=note.id,
        scene=note.scene,
    )


def _of_people(line: PaperLine, wanted: Collection[str], people: People) -> bool:
    """Tell whether a line is spoken by one of some people; or is action and names one."""
    if line.label:
        return people.who(line.label).name in wanted
    return any(name in wanted for name in people.named_in(line.text))


def seen(desk: Desk, objection: Objection, draft: Document) -> tuple[bool, str] | None:
    """Say whether an objection that stands for a note is met, where code can tell; None where it cannot."""
    note = desk.ledger.inbox.get(Note, objection.note) if objection.note else None
    if note is None:
        return None
    if objection.certain:
        cast = desk.manuscript.plan(desk.task.scene).cast if desk.task.scene is not None else ()
        finding = word_for_word(note, desk.bible, desk.language, cast, draft)
    else:
        told = _told(_lines_of(draft))
        finding = by_things(note, desk.bible, desk.language, told) if desk.guided else None
    return None if finding is None else (finding.met, finding.reason)


def things_asked_for(text: str, bible: Bible) -> tuple[str, ...]:
    """Return the things that a note wants to see in the script; none if it forbids something."""
    return () if _FORBIDS.search(text) else _things(text, bible)


def asked_once(note: Note, bible: Bible) -> bool:
    """Tell whether a note is followed once one scene follows it, as when it gives words or names a thing."""
    if note.brought:
        return True
    return bool(words_of(note, bible).lines or things_asked_for(note.text, bible))


def _things(text: str, bible: Bible) -> tuple[str, ...]:
    names = [name for who in bible.cast for name in who.names]
    places = {place.name.casefold() for place in bible.locations}
    found = things(text, names) + han_things(text, names)
    return tuple(
        thing
        for thing in found
        if (len(thing) == 1 or key_terms(thing) - _OF_THE_TRADE)
        and thing.removeprefix("the ").casefold() not in places
    )


def _naming(note: Note, bible: Bible, lines: Sequence[PaperLine]) -> str | None:
    """Return the first line that names a thing of the note."""
    named = _things(note.text, bible)
    return next((one.id for one in lines if any(names_thing(one.text, thing) for thing in named)), None)


def _told(lines: Sequence[PaperLine]) -> str:
    return " ".join(one.text for one in lines)


def _lines_of(draft: Document) -> list[PaperLine]:
    if not isinstance(draft, SceneDraft):
        return list(draft.lines)
    return [
        PaperLine(line.id, draft.speaker_of(line.id) or "", line.text.replace("\n", " "))
        for line in draft.lines
        if line.kind in (Kind.DIALOGUE, Kind.ACTION)
    ]


def note_in_brief(note: Note, language: Language, most: int = 240) -> str:
    """Return a note as an objection says it: who asks, and what."""
    text = " ".join(note.text.split())
    if len(text) > most:
        text = text[: most - 1] + "…"
    return f"{note.member}：{text}" if language == "zh" else f"{note.member} asks: {text}"
