"""Keywords as a writer jots them down: parted, sorted into genre and matter, and put into sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from storyroom.errors import InputError
from storyroom.ordering import refuse_unseen
from storyroom.story.bible import Language, nearest
from storyroom.tools.story_patterns import stock

MOST = 8
LONGEST = 60

_PARTED = re.compile(r"[,，、;；\n|/]+")
_DETERMINERS = frozenset(
    "a an the my your his her its our their this that these those some any no one two three".split()  # noqa: SIM905
)
# Nouns that stand without an article.
_BARE = frozenset(
    """
    love revenge grief guilt loyalty justice freedom hope fear death money power honour honor betrayal
    friendship peace time memory snow rain music silence jealousy greed faith pride luck shame magic winter
    summer spring autumn school home work sleep
    """.split()  # noqa: SIM905
)
_BARE_ENDINGS = ("ness", "hood", "ism")


def keywords_of(text: str) -> tuple[str, ...]:
    """Return the keywords of a text: parted by commas of either width, semicolons, slashes or lines.

    Raises:
        InputError: there is none, there are too many, or one is too long or no word.
    """
    refuse_unseen("The list of keywords", text)
    found = [" ".join(word.split()).strip(" .。!！?？\"“”'") for word in _PARTED.split(text)]
    words = tuple({_form(word): word for word in found if word}.values())
    if not words:
        raise InputError(
            "There are no keywords.", hint='Give a few, parted by commas: "lighthouse, storm, a lost letter".'
        )
    if wordless := next((word for word in words if not any(map(str.isalnum, word))), None):
        raise InputError(
            f"{wordless!r} has no word in it.", hint="Say it in words: no emoji, no marks alone."
        )
    if len(words) > MOST:
        raise InputError(
            f"{len(words)} keywords were given; a story line takes {MOST}.", hint="Keep those that matter."
        )
    long = next((word for word in words if len(word) > LONGEST), None)
    if long:
        raise InputError(
            f"{long[:LONGEST]!r}… is no keyword.",
            hint="Part keywords by commas; a whole idea is for `storyroom draft`.",
        )
    return words


def foreign(words: Sequence[str]) -> tuple[str, ...]:
    """Return the keywords that are written in neither Latin letters nor Chinese characters."""
    return tuple(
        word
        for word in words
        if not any(unicodedata.name(letter, "").startswith(("LATIN", "CJK")) for letter in word)
        and any(map(str.isalpha, word))
    )


def genre_of(words: Sequence[str], language: Language) -> tuple[str, tuple[str, ...]]:
    """Return the genre that some of the keywords name, and the keywords that do; drama when none does."""
    for genre, known in stock(language).genres.items():
        named = tuple(word for word in words if _form(word) in map(_form, known.words))
        if named:
            return genre, named
    return list(stock(language).genres)[-1], ()


def genre_named(name: str, language: Language) -> str:
    """Return the genre that a user names, in any of its words.

    Raises:
        InputError: there is none of that name.
    """
    found, named = genre_of([name], language)
    if named:
        return found
    known = [word for genre in stock(language).genres.values() for word in genre.words]
    raise InputError(
        f"No genre here is called {name!r}{nearest(name, known)}.",
        hint=f"Genres: {', '.join(stock(language).genres)}.",
    )


def noun(word: str, language: Language) -> str:
    """Return a keyword as it stands in the middle of a sentence: ``aliens`` gives ``the aliens``."""
    if language == "zh" or not word.isascii():
        return word
    first, *rest = word.split()
    if first.casefold() in _DETERMINERS or first[0].isdigit() or first.endswith(("'s", "’s")):
        return f"{first.lower() if first.casefold() in _DETERMINERS else first} {' '.join(rest)}".strip()
    if not rest and first[0].isupper() and not first.isupper():
        return first
    if rest and all(one[0].isupper() for one in (first, *rest)):
        return word
    if not rest and (first.casefold() in _BARE or first.endswith(_BARE_ENDINGS)):
        return word
    return f"the {word}"


def listed(nouns: Sequence[str], language: Language) -> str:
    """Return things as an enumeration: ``the ring, the sea and Mars``."""
    if language == "zh":
        return "、".join(nouns)
    return nouns[0] if len(nouns) == 1 else f"{', '.join(nouns[:-1])} and {nouns[-1]}"


def missing(words: Sequence[str], text: str) -> tuple[str, ...]:
    """Return the keywords that a text does not hold, whatever their case and width."""
    told = _form(text)
    return tuple(word for word in words if _form(word) not in told)


def _form(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("-", " ").split())
