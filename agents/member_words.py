"""A member's own words: lines that a note gives word for word, or that were brought for a scene.

They arrive as they are. Code finds where they belong, puts them in and says whether they stand; no model
rewords them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from storyroom.formats.fountain import parse_elements
from storyroom.memory.inbox import Note
from storyroom.story.bible import Bible
from storyroom.story.checks import line_form
from storyroom.story.draft import SceneDraft, named
from storyroom.story.headings import heading_parts
from storyroom.story.quoted import quoted
from storyroom.story.script import Element, Kind
from storyroom.story.wording import likeness

_LABELLED = re.compile(r"^\s*(?:[-*•]\s*)?([^:：\n]{1,60})[:：]\s*(\S.*)$")
_LINES = (Kind.DIALOGUE, Kind.ACTION)
_SPOKEN = (Kind.DIALOGUE, Kind.PARENTHETICAL)
_QUOTES = '“”"「」『』'


@dataclass(frozen=True)
class Speech:
    """A line of a member's.

    Attributes:
        speaker: the name in the bible; None when it is not said who speaks it, or when it is action.
        kind: speech or action.
        aside: what stands in parentheses before the speech.
        extension: what stands in parentheses behind the name.
    """

    text: str
    speaker: str | None = None
    kind: Kind = Kind.DIALOGUE
    aside: str = ""
    extension: str | None = None


@dataclass(frozen=True)
class MemberWords:
    """What is to stand in a scene word for word.

    Attributes:
        lines: what is to stand in it, in order.
        unwanted: wordings that are not to stand in it.
        whole: whether the lines are the whole of a scene.
        brought: whether they are new lines for the scene, rather than new wordings of its lines.
        place: the place that their scene heading names.
    """

    lines: tuple[Speech, ...] = ()
    unwanted: tuple[str, ...] = ()
    whole: bool = False
    brought: bool = False
    place: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines or self.unwanted)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks them."""
        return tuple(dict.fromkeys(one.speaker for one in self.lines if one.speaker))

    def within(self, cast: Sequence[str]) -> MemberWords:
        """Return those that nobody outside a scene's cast speaks."""
        kept = tuple(one for one in self.lines if one.speaker is None or one.speaker in cast)
        return replace(self, lines=kept)


def words_of(note: Note, bible: Bible) -> MemberWords:
    """Return what a note gives word for word; nothing for most notes."""
    names = {name: who.name for who in bible.cast for name in who.names}
    if note.brought:
        return _brought(note.text, bible, names)
    said = quoted(note.text, names)
    wanted = tuple(Speech(one.text, one.speaker) for one in said if one.use == "wanted")
    return MemberWords(
        wanted, tuple(one.text for one in said if one.use == "unwanted"), brought=len(wanted) > 1
    )


def missing(words: MemberWords, draft: SceneDraft) -> tuple[Speech, ...]:
    """Return the lines that do not stand in a scene yet, letters compared alone."""
    forms = [line_form(line.text) for line in draft.lines]
    return tuple(one for one in words.lines if not any(line_form(one.text) in form for form in forms))


def holding(words: MemberWords, draft: SceneDraft) -> list[Element]:
    """Return the lines of a scene in which the wanted words stand."""
    wanted = [line_form(one.text) for one in words.lines]
    return [line for line in draft.lines if any(form in line_form(line.text) for form in wanted)]


def gives(words: MemberWords, text: str) -> bool:
    """Tell whether a text is one of the wanted wordings, letters compared alone."""
    form = line_form(text)
    return bool(form) and any(form == line_form(one.text) for one in words.lines)


def against(words: MemberWords, draft: SceneDraft) -> list[Element]:
    """Return the lines of a scene in which unwanted words stand."""
    forms = [line_form(text) for text in words.unwanted]
    return [line for line in draft.lines if any(form in line_form(line.text) for form in forms)]


def where(words: MemberWords, draft: SceneDraft, own: Sequence[str], taken: frozenset[str]) -> Element:
    """Return the line of a scene that a member's words replace, or behind which they go.

    Args:
        own: the lines that the note is about.
        taken: lines that answer other notes, which are left alone if it can be helped.
    """
    lines = [line for line in draft.lines if line.kind in _LINES] or list(draft.elements[-1:])
    named_lines = [line for line in lines if line.id in own] or against(words, draft)
    if named_lines:
        return named_lines[0]
    spoken = [line for line in lines if line.kind is Kind.DIALOGUE] or lines
    if words.brought:
        free = [line for line in spoken if line.id not in taken] or spoken
        clash = [_clash(words, draft, line) for line in free]
        return free[_best(free, " ".join(one.text for one in words.lines), clash)]
    wanted = next(iter(missing(words, draft)), Speech(""))
    theirs = [line for line in spoken if wanted.speaker and _speaks(draft, line, wanted.speaker)] or spoken
    # Behind a line of another's, where it is put in, rather than in place of what answers another note.
    free = [line for line in theirs if line.id not in taken] or [
        line for line in spoken if line.id not in taken
    ]
    free = free or theirs
    return free[_best(free, wanted.text, [0] * len(free))]


def worked_in(
    words: MemberWords, draft: SceneDraft, line_id: str, maker: str, others: Sequence[MemberWords] = ()
) -> SceneDraft:
    """Return a scene with what is missing of a member's words in it, as they are.

    One wording takes the place of the line; lines that were brought, or that nobody near speaks, go in behind
    it, or at the end if it is gone; a whole scene takes the place of all but the heading and what other notes
    gave.

    Args:
        maker: names the task that works them in, for the ids of new lines.
        others: the words of other notes to the scene.
    """
    new = missing(words, draft)
    line = draft.line(line_id)
    if words.whole and line is not None:
        body = named(_as_elements(words.lines), maker)
        theirs = {line.id for other in others for line in holding(other, draft)}
        kept = [one for speech in _speeches(draft) if theirs & {one.id for one in speech} for one in speech]
        return draft.model_copy(update={"elements": (draft.elements[0], *body, *kept)})
    replaced = len(new) == 1 and not words.brought and line is not None and line.kind is Kind.DIALOGUE
    if line is not None and replaced and (new[0].speaker is None or _speaks(draft, line, new[0].speaker)):
        return draft.with_line(line_id, finished(new[0].text))
    at = _end_of_speech(draft, line_id)
    speaker = draft.speaker_of(line_id)
    block = [
        replace(one, speaker=one.speaker or _other(speaker, draft)) if one.kind is Kind.DIALOGUE else one
        for one in new
    ]
    added = named(_as_elements(block), f"{maker} {line_id}")
    elements = (*draft.elements[:at], *added, *draft.elements[at:])
    return draft.model_copy(update={"elements": elements})


def finished(text: str) -> str:
    """Return a wording as a line, with the end mark that quotes in a note often leave out."""
    text = text.strip()
    if text.endswith((",", "，")):
        text = text[:-1]
    if text.endswith(tuple('.!?…。！？—-”"’）)')):
        return text
    return text + ("。" if text and "一" <= text[-1] <= "鿿" else ".")


def _brought(text: str, bible: Bible, names: dict[str, str]) -> MemberWords:
    """Read lines that were brought: a script, lines with a name before them, or words in quotes."""
    elements = [one.edited() for one in parse_elements(text)]
    headings = [one for one in elements if one.kind is Kind.SCENE_HEADING]
    if any(one.kind is Kind.CUE for one in elements):
        lines = tuple(_script_lines(elements, bible, names))
        place = heading_parts(headings[0].text).place if headings else ""
        return MemberWords(lines, whole=bool(headings), brought=True, place=place)
    found: list[Speech] = []
    for line in text.splitlines():
        label = _LABELLED.match(line)
        who = names.get(label[1].strip()) or _named(bible, label[1]) if label else None
        if label and who:
            found.append(Speech(finished(label[2].strip().strip(_QUOTES)), who))
        else:
            found += [
                Speech(finished(one.text), one.speaker) for one in quoted(line, names) if one.use == "wanted"
            ]
    return MemberWords(tuple(found), brought=True)


def _script_lines(elements: Sequence[Element], bible: Bible, names: dict[str, str]) -> Iterator[Speech]:
    speaker, extension, aside = "", None, ""
    for one in elements:
        if one.kind is Kind.CUE:
            speaker, extension = names.get(one.text) or _named(bible, one.text) or one.text, one.extension
        elif one.kind is Kind.PARENTHETICAL:
            aside = one.text
        elif one.kind is Kind.DIALOGUE:
            yield Speech(one.text, speaker, aside=aside, extension=extension)
            aside = ""
        elif one.kind is Kind.ACTION:
            yield Speech(one.text, None, Kind.ACTION)


def _named(bible: Bible, name: str) -> str | None:
    who = bible.character(name)
    return who.name if who else None


def _as_elements(lines: Iterable[Speech]) -> Iterator[Element]:
    for one in lines:
        if one.kind is Kind.DIALOGUE and one.speaker:
            yield Element(kind=Kind.CUE, text=one.speaker.upper(), extension=one.extension)
            if one.aside:
                yield Element(kind=Kind.PARENTHETICAL, text=one.aside)
            yield Element(kind=Kind.DIALOGUE, text=one.text)
        else:
            yield Element(kind=Kind.ACTION, text=one.text)


def _best(lines: Sequence[Element], text: str, clash: Sequence[int]) -> int:
    """Return the place of the line that is most like a text, of those alike the one nearest the middle."""

    def rank(at: int) -> tuple[int, float, float]:
        return clash[at], -round(likeness(lines[at].text, text), 2), abs(at - (len(lines) - 1) / 2)

    return min(range(len(lines)), key=rank)


def _clash(words: MemberWords, draft: SceneDraft, line: Element) -> int:
    """Return how often somebody would speak twice running if lines went in behind a line."""
    at = _end_of_speech(draft, line.id)
    behind = next((one.text for one in draft.elements[at:] if one.kind is Kind.CUE), "")
    first, last = words.lines[0].speaker or "", words.lines[-1].speaker or ""
    return (first.casefold() == (draft.speaker_of(line.id) or "").casefold()) + (
        last.casefold() == behind.casefold()
    )


def _speaks(draft: SceneDraft, line: Element, speaker: str) -> bool:
    said = draft.speaker_of(line.id)
    return said is not None and said.casefold() == speaker.casefold()


def _end_of_speech(draft: SceneDraft, line_id: str) -> int:
    """Return the place behind the speech, or the action, that a line belongs to."""
    at = next(
        (place for place, one in enumerate(draft.elements, 1) if one.id == line_id), len(draft.elements)
    )
    while at < len(draft.elements) and draft.elements[at].kind in _SPOKEN:
        at += 1
    return at


def _speeches(draft: SceneDraft) -> Iterator[list[Element]]:
    """Yield the elements below the heading, those of a speech together."""
    speech: list[Element] = []
    for one in draft.elements[1:]:
        if speech and one.kind not in _SPOKEN:
            yield speech
            speech = []
        speech.append(one)
    if speech:
        yield speech


def _other(speaker: str | None, draft: SceneDraft) -> str | None:
    """Return who says a line whose speaker nobody named: whoever speaks next to it."""
    return speaker or next((one.text for one in draft.elements if one.kind is Kind.CUE), None)
