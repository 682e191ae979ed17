"""Checks of drafts that need no model. Each fault is a short text that says what and where."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from storyroom.story.bible import Bible
from storyroom.story.script import Element, Kind

_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’]*")
_HAN_RUN = re.compile(r"[一-鿿]+")
_ENDINGS = tuple('.!?…。！？—"”’）)')
_LOOP_OF_WORDS = 4
# A Chinese name of three characters may well come twice; six characters in a row do not.
_LOOP_OF_HAN = 6
_ARTICLES = frozenset({"a", "an", "the"})
_LONGEST_WORD = 18
_LETTERS_RUN = re.compile(r"(.)\1\1|[^aeiouyà-ɏ'’]{6}")
# Words that no statement ends with.
_DANGLING = frozenset(
    """
    a an the and or but if of than because my your our their every i'm you're we're they're it's he's she's
    i've you've we've they've i'll you'll we'll they'll he'll she'll it'll i'd you'd we'd they'd who's that's
    """.split()  # noqa: SIM905
)
_COMMON = frozenset(
    """
    a about after again against all also am an and another any are around as at away back be because
    been before being but by can cannot come comes could day did do does done down each even ever every
    for from get gets go goes had has have having he her hers herself him himself his how i if in into
    is it its just keep know let like look made make makes man many may me means might more most must my
    near never new next night no nor not now of off old on once one only onto or other our out over own
    put said same say says see she should so some still such take takes than that the their them then
    there these they thing this those through time to too toward two under until up us very want wants
    was way we were what when where which while who whom whose why will with without woman would yet you
    your choose chooses decide decides find finds come home left right tell tells told give gives gave
    use used first last long little
    """.split()  # noqa: SIM905
)


@lru_cache(maxsize=512)
def key_terms(text: str) -> frozenset[str]:
    """Return the words that carry a text's meaning: English in lower case, Chinese in pieces of two.

    They are what a draft about that text can be expected to mention.
    """
    words = {word.lower().replace("’", "'").removesuffix("'s") for word in _LATIN_WORD.findall(text)}
    terms = {word for word in words if len(word) > 2 and word not in _COMMON}
    for run in _HAN_RUN.findall(text):
        terms |= {run[i : i + 2] for i in range(len(run) - 1)}
    return frozenset(terms)


def common() -> frozenset[str]:
    """Return the English words that carry little meaning of their own."""
    return _COMMON


def mentions(text: str, terms: Collection[str]) -> set[str]:
    """Return which of the terms a text uses; an English plural or verb ending does not matter."""
    own = key_terms(text)
    stems = {_stem(word) for word in own}
    return {term for term in terms if term in own or _stem(term) in stems}


def noise(text: str) -> Iterator[str]:
    """Find what no person would write: a word over and over, a phrase in a loop, letters without words."""
    words = [word.lower() for word in _LATIN_WORD.findall(text)]
    han = "".join(_HAN_RUN.findall(text))
    if not words and not han:
        yield "says nothing"
    for first, second in itertools.pairwise(words):
        if first == second or {first, second} <= _ARTICLES:
            yield f"stammers: {first} {second}"
            break
    counted = Counter(word for word in words if word not in _COMMON and len(word) > 1)
    if counted:
        word, times = counted.most_common(1)[0]
        if times > 2 and times > len(words) / 6:
            yield f"says {word} {times} times"
    loop = _loop(words, _LOOP_OF_WORDS) or _loop(list(han), _LOOP_OF_HAN)
    if loop:
        yield f"goes in a loop: {loop}"
    if any(len(word) > _LONGEST_WORD or _LETTERS_RUN.search(word) for word in words):
        yield "has a word that is none"


def _loop(pieces: Sequence[str], length: int) -> str:
    """Return a run of `length` pieces that comes twice, or nothing."""
    runs = Counter(tuple(pieces[i : i + length]) for i in range(len(pieces) - length + 1))
    run, times = max(runs.items(), key=lambda one: one[1], default=((), 0))
    return " ".join(run) if times > 1 else ""


def unfinished(text: str) -> bool:
    """Whether a line stops in mid-sentence: without an end mark, or behind a word that wants another."""
    bare = text.rstrip("*_ \n")
    if not bare.endswith(_ENDINGS):
        return True
    words = _LATIN_WORD.findall(bare)
    return bare.endswith((".", "!")) and bool(words) and words[-1].lower().replace("’", "'") in _DANGLING


def repeated(elements: Iterable[Element], earlier: Collection[str] = ()) -> Iterator[Element]:
    """Yield the lines of speech and action that were said before, in these elements or in `earlier`.

    Args:
        earlier: forms, as `line_form` makes them, of the lines that came before.
    """
    seen = set(earlier)
    for element in elements:
        if element.kind in (Kind.DIALOGUE, Kind.ACTION):
            form = line_form(element.text)
            if form in seen:
                yield element
            seen.add(form)


def line_form(text: str) -> str:
    """Return the form in which two lines are the same: letters alone, whatever their case."""
    return "".join(c for c in text.lower() if c.isalnum())


def outside_cast(elements: Iterable[Element], cast: Sequence[str], bible: Bible) -> Iterator[Element]:
    """Yield the cues of people who are not among the scene's cast, by name or alias."""
    allowed = {name for one in cast if (who := bible.character(one)) for name in who.names} | set(cast)
    folded = {name.casefold() for name in allowed}
    for element in elements:
        if element.kind is Kind.CUE and element.text.strip().casefold() not in folded:
            yield element


def _stem(word: str) -> str:
    for ending in ("ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
