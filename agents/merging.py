"""Merging: several pitches become one story, and it is known which line leans on which pitch.

A larger model writes the story and names what each line leans on. A small one chooses, and code puts the
story together from the pitches' own lines. So does code where a model's story leaves one of the pitches out:
nobody's idea is lost in a merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from storyroom.agents.answers import Led, join_answer, meeting_answer, merge_answer
from storyroom.agents.checking import apart, sound
from storyroom.agents.company import company_of
from storyroom.agents.desk import Desk
from storyroom.agents.idea import one_text, title_of
from storyroom.agents.leaning import leans_on
from storyroom.agents.pitched import is_keyword
from storyroom.story.plan import Choice, Language, Pitch, PitchField, Taken
from storyroom.story.text import Phrase

_TOLD: tuple[PitchField, ...] = ("conflict", "turn", "ending")
_LONGEST_TITLE = 48
_SMALL_WORDS = frozenset("a an and at for in of on or the to with".split())  # noqa: SIM905

_PUT_TOGETHER: Mapping[Language, str] = {
    "en": "What was written left a pitch out, so the story is put together from the pitches' own lines.",
    "zh": "写出来的故事漏了一条，所以用各条自己的话拼成。",
}
_FRAMES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "conflict": "{lead} can think of one thing only: {idea}.",
        "turn": "Then {other} comes upon something else: {idea}.",
        "ending": "In the end {both} cannot have the one without the other: {ideas}.",
        "ending of sentences": "In the end {both} must find out what the one has to do with the other.",
        "ideas": ", and ",
        "names": " and ",
    },
    "zh": {
        "conflict": "{lead}一心只想着一件事：{idea}。",
        "turn": "后来{other}又碰上了另一件事：{idea}。",
        "ending": "到最后，{both}明白少了哪一件都不行：{ideas}。",
        "ending of sentences": "到最后，{both}弄明白了，这几件事原来是一件事。",
        "ideas": "，还有",
        "names": "和",
    },
}


@dataclass
class _Draft:
    """A story that is being put together, line by line."""

    parts: dict[PitchField, list[str]] = field(default_factory=dict)
    takes: list[tuple[PitchField, int]] = field(default_factory=list)

    def add(self, name: PitchField, text: str, numbers: Iterable[int]) -> None:
        """Add a sentence to a field, and say which pitches it leans on."""
        if text and text not in (said for told in self.parts.values() for said in told):
            self.parts.setdefault(name, []).append(text)
            self.takes += [(name, number) for number in numbers if (name, number) not in self.takes]

    @property
    def numbers(self) -> set[int]:
        """The pitches that it leans on."""
        return {number for _, number in self.takes}

    def story(self, title: str) -> Pitch:
        """Return the story."""
        return Pitch(title=title, **{name: one_text(self.parts.get(name, ())) for name in _TOLD})


async def merge(desk: Desk, pitches: Mapping[int, Pitch]) -> Choice:
    """Make one story of pitches.

    Args:
        pitches: two or more, by their numbers on the table.
    """
    numbers, told = list(pitches), list(pitches.values())
    if desk.guided:
        made = await (_joined(desk, told) if all(map(_is_whole, told)) else _met(desk, told))
    else:
        made = await _written(desk, told)
    takes = tuple(one.model_copy(update={"pitch": numbers[one.pitch - 1]}) for one in made.takes)
    return made.model_copy(update={"pitches": tuple(numbers), "takes": takes})


async def _written(desk: Desk, pitches: Sequence[Pitch]) -> Choice:
    """Have a larger model write the story."""
    names = company_of(desk.bible, desk.order)

    def faults(answer: Any) -> list[str]:
        said = [getattr(answer, name) for name in _TOLD]
        texts = [one.text for one in said]
        leant = {int(number) for one in said for number in one.takes}
        told = " ".join(texts)
        left_out = [n for n, one in enumerate(pitches, 1) if n not in leant or not leans_on(told, one, names)]
        return [*sound(*texts), *apart(*texts), *(f"leaves out pitch {number}" for number in left_out)]

    line = Annotated[str, Led(names=names, language=desk.language)]
    answer: Any = await desk.ask(
        "merge",
        merge_answer(len(pitches), desk.language, Annotated[str, Phrase(4, 36)], line),
        checks=faults,
        max_tokens=420,
        pitches=pitches,
        names=names,
    )
    draft = _Draft()
    for name in _TOLD:
        one = getattr(answer, name)
        draft.add(name, one.text, sorted({int(number) for number in one.takes}))
    story = draft.story(answer.title)
    if draft.numbers < set(range(1, len(pitches) + 1)) or not all(
        leans_on(story.told, one, names) for one in pitches
    ):
        draft = _meeting(pitches, 1, names[0], names[-1], desk.language)
        story = draft.story(_title(pitches, 1, names, desk.language))
        return _choice(draft, story, _PUT_TOGETHER[desk.language])
    return _choice(draft, story, answer.reason)


async def _joined(desk: Desk, pitches: Sequence[Pitch]) -> Choice:
    """Have a small model say which line comes from which pitch."""
    form = join_answer(len(pitches), desk.language)
    answer: Any = await desk.ask("merge", form, max_tokens=60, warm=True, pitches=pitches, names=())
    draft = _Draft()
    numbers = range(1, len(pitches) + 1)
    for name in _TOLD:
        # Two pitches may share a sentence: what stands in the story already is taken from the next one.
        for number in sorted(numbers, key=int(getattr(answer, name)).__ne__):
            if name not in draft.parts:
                draft.add(name, getattr(pitches[number - 1], name), [number])
    for number in numbers:
        one = pitches[number - 1]
        for text in (one.turn, one.conflict, one.ending):
            if number not in draft.numbers:
                draft.add("turn", text, [number])
    opens = int(answer.conflict)
    draft.takes.append(("title", opens))
    return _choice(draft, draft.story(pitches[opens - 1].title), answer.reason)


async def _met(desk: Desk, pitches: Sequence[Pitch]) -> Choice:
    """Have a small model say which idea opens, and whose the ideas are in the story."""
    names = company_of(desk.bible, desk.order)
    form = meeting_answer(len(pitches), names, desk.language)
    answer: Any = await desk.ask("merge", form, max_tokens=60, warm=True, pitches=pitches, names=names)
    opens = int(answer.opens)
    draft = _meeting(pitches, opens, answer.lead, answer.other, desk.language, names)
    return _choice(draft, draft.story(_title(pitches, opens, names, desk.language)), answer.reason)


def _meeting(
    pitches: Sequence[Pitch],
    opens: int,
    lead: str,
    other: str,
    language: Language,
    names: Sequence[str] = (),
) -> _Draft:
    """Put a story together in which one idea opens, the others turn it, and what ends any of them ends it.

    A sentence stands as it is. A keyword, such as `an alien robot`, goes into a frame with one of the cast.
    """
    frames = _FRAMES[language]
    if other == lead:
        other = next((name for name in names if name != lead), other)
    draft = _Draft()

    def say(name: PitchField, text: str, number: int) -> None:
        framed = frames[name].format(lead=lead, other=other, idea=_idea(text))
        draft.add(name, framed if is_keyword(text) else text, [number])

    first, *more = _before_the_end(pitches[opens - 1])
    say("conflict", first, opens)
    for text in more:
        say("turn", text, opens)
    for number, one in enumerate(pitches, 1):
        for text in _before_the_end(one) if number != opens else ():
            say("turn", text, number)
    for number, one in enumerate(pitches, 1):
        if one.ending:
            draft.add("ending", one.ending, [number])
    if "ending" not in draft.parts:
        ideas = [_idea(one.lines[0]) for one in pitches]
        short = all(is_keyword(one.lines[0]) for one in pitches)
        every = range(1, len(pitches) + 1)
        ending = frames["ending" if short else "ending of sentences"]
        both = frames["names"].join(dict.fromkeys((lead, other)))
        told = ending.format(both=both, ideas=frames["ideas"].join(ideas))
        draft.add("ending", told, every if short else ())
    return draft


def _before_the_end(pitch: Pitch) -> Sequence[str]:
    """Return what a pitch tells before its ending; the ending if that is all."""
    return (pitch.lines[:-1] if pitch.ending else pitch.lines) or pitch.lines


def _title(pitches: Sequence[Pitch], opens: int, names: Sequence[str], language: Language) -> str:
    """Return the opening pitch's title; without one, the ideas that meet, or a thing of the first."""
    first = pitches[opens - 1]
    if first.title:
        return first.title
    others = (one for number, one in enumerate(pitches, 1) if number != opens)
    ideas = [_idea(one.lines[0]) for one in (first, *others)]
    title = _FRAMES[language]["names"].join(map(_capitals, ideas) if language == "en" else ideas)
    if len(title) <= _LONGEST_TITLE and all(is_keyword(one.lines[0]) for one in pitches):
        return title[0].upper() + title[1:]
    return title_of(first.told, names, language)


def _choice(draft: _Draft, story: Pitch, reason: str) -> Choice:
    takes = tuple(Taken(field=name, pitch=number) for name, number in draft.takes)
    return Choice(pitches=(), reason=reason, story=story, takes=takes)


def _is_whole(pitch: Pitch) -> bool:
    return len(pitch.lines) == len(_TOLD) and not any(map(is_keyword, pitch.lines))


def _idea(text: str) -> str:
    return " ".join(text.split()).rstrip(",;:，；：、")


def _capitals(text: str) -> str:
    words = text.split()
    return " ".join(word if word in _SMALL_WORDS else word[0].upper() + word[1:] for word in words)
