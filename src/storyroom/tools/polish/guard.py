"""What a change may not touch: names, numbers, and whether something is so or not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from storyroom.story.asides import scan
from storyroom.story.bible import Bible
from storyroom.story.headings import cue_name
from storyroom.story.script import Element, Kind, Scene, count_words
from storyroom.story.wording import likeness

# A shortened line keeps half of itself or more (0.5 to 0.9 where tried); another line on the matter had 0.44.
_STILL_THE_LINE = 0.5
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_NUMBER_WORDS = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|half|twice|dozens?|first|second|"
    r"third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)
_HAN_NUMBERS = re.compile(r"[〇零一二两三四五六七八九十百千万亿半]+")
# What holds a Chinese numeral and is no number.
_NO_NUMBERS = re.compile(r"一[些样直起定点会下边旦切般]|万一|十分|千万别|统一|唯一")
_NOT = re.compile(
    r"\b(?:never|no|none|nobody|nothing|nowhere|neither|nor|without)\b|\b(?:can)?(not)\b|(n['’]t)\b|"
    r"\b(?:do|did|does|is|was|are|were|could|would|should|has|have|had)(nt)\b",
    re.IGNORECASE,
)
_HAN_NOT = re.compile(r"[不没沒别未无無莫]")
_CAPITAL = re.compile(r"(?<![.!?…:\"“‘'*_\s-])\s+[\"“‘'*_]*([A-ZÀ-Þ][^\WA-Z\d_]\w*)")
_WORD = re.compile(r"\w+")
_TITLE = re.compile(r"《[^》]*》")


class Guard:
    """Knows the names of a script, and looks at each change before it is proposed."""

    def __init__(self, elements: Sequence[Element], bible: Bible | None = None) -> None:
        self._names = frozenset(_known(elements, bible))
        longest = sorted((name for name in self._names if not name.isascii()), key=len, reverse=True)
        self._inner = re.compile("|".join(map(re.escape, longest)) or r"(?!)")

    def against(self, old: str, new: str) -> str:
        """Return what a new wording would change beside the wording; nothing if it may stand."""
        if not new.strip() or new.count("\n") != old.count("\n"):
            return "it would take the line away or part it in two"
        if [old[a:b] for a, b, _ in scan(old)[0]] != [new[a:b] for a, b, _ in scan(new)[0]]:
            return "it would change a note within the line"
        for what, read in (("a name", self._named), ("a number", _numbers), ("what is denied", _denied)):
            before, after = Counter(read(old)), Counter(read(new))
            if before != after:
                words = ", ".join([*(before - after), *(after - before)])
                return f"it would change {what} ({words})"
        return ""

    def against_meaning(self, old: str, new: str) -> str:
        """Return why a free rewording may not stand: as `against`, or because it is another line."""
        if why := self.against(old, new):
            return why
        if likeness(old, new) < _STILL_THE_LINE:
            return "hardly a word of the line would be left"
        if count_words(new) > 1.3 * count_words(old) + 2:
            return "it would add what nobody said"
        return ""

    def _named(self, text: str) -> Iterator[str]:
        yield from (word.casefold() for word in _WORD.findall(text) if word.casefold() in self._names)
        yield from self._inner.findall(text.casefold())
        yield from _TITLE.findall(text)


def _known(elements: Sequence[Element], bible: Bible | None) -> Iterator[str]:
    """Yield the words of names: of people, of places, and of whatever else is written large in a sentence."""
    for one in elements:
        if one.kind is Kind.CUE:
            yield from _parts(cue_name(one.text))
        elif one.kind is Kind.SCENE_HEADING:
            yield from _parts(Scene(one).parts.place)
        else:
            yield from (word.casefold() for word in _CAPITAL.findall(one.text) if word not in ("I", "OK"))
    if bible:
        for name in [
            *(n for who in bible.cast for n in who.names),
            *(place.name for place in bible.locations),
        ]:
            yield from _parts(name)


def _parts(name: str) -> Iterable[str]:
    """Return a name's words in lower case; small ones, such as *of*, are no names."""
    words = [word.casefold() for word in _WORD.findall(name)]
    return [word for word in words if len(word) > 3 or not word.isascii() or len(words) == 1]


def _numbers(text: str) -> list[str]:
    without = _NO_NUMBERS.sub("", text)
    return [
        *_DIGITS.findall(text),
        *(word.casefold() for word in _NUMBER_WORDS.findall(text)),
        *_HAN_NUMBERS.findall(without),
    ]


def _denied(text: str) -> list[str]:
    return [
        *("not" if any(one.groups()) else one[0].casefold() for one in _NOT.finditer(text)),
        *_HAN_NOT.findall(text),
    ]
