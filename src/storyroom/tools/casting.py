"""People and places given in a few words: ``Ada: hero, proud, short sentences, "I do not run."``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import ValidationError

from storyroom.errors import InputError
from storyroom.ordering import refuse_unseen
from storyroom.story.bible import Bible, Character, Language, Location, nearest, same_name
from storyroom.story.headings import heading_parts, is_heading
from storyroom.tools.lone import bare_bible, person, place
from storyroom.tools.stock import stock

_HOW = 'Describe a character like this: --character "Ada: hero, proud, short sentences".'
_QUOTED = re.compile(r'["“]([^"“”]+)["”]')
_PARTED = re.compile(r"[,，、;；]\s*")
_MOST_TRAITS = 8
_MOST_SAMPLES = 3
_LONGEST = 300


def character_of(text: str, language: Language) -> Character:
    """Return the character that a text describes.

    The first part is the role; parts about speech make the voice, and parts in quotes are lines that the
    character could say. A voice for which no line is given gets lines that are usual for such people.

    Raises:
        InputError: there is no name, or it cannot stand in a cue.
    """
    refuse_unseen("The character", text)
    name, told = _split(text)
    samples = [" ".join(line.split()) for line in _QUOTED.findall(told)]
    parts = [part.strip() for part in _PARTED.split(_QUOTED.sub("", told)) if part.strip(" .。")]
    known = stock(language)
    spoken = [part for part in parts if any(word in part.casefold() for word in known.speaking)]
    traits = [part for part in parts[1:] if part not in spoken] or [p for p in parts[:1] if p not in spoken]
    voices = known.voices_of(", ".join(parts))
    usual = [line for voice in voices for line in voice.lines] or list(known.plain)
    try:
        return person(
            name,
            language,
            role=parts[0][:_LONGEST] if parts else "",
            traits=[trait[:_LONGEST] for trait in traits[:_MOST_TRAITS]],
            style=", ".join(spoken or [voice.style for voice in voices])[:_LONGEST],
            samples=(samples or usual)[:_MOST_SAMPLES],
        )
    except ValidationError as error:
        raise InputError(f"{name[:60]!r} cannot be a character's name.", hint=_HOW) from error


def place_of(text: str, language: Language) -> tuple[Location, str]:
    """Return the place and the time that a heading, or only the name of a place, says.

    Raises:
        InputError: it cannot be a place.
    """
    refuse_unseen("The place", text)
    setting, name, time = heading_parts(text) if is_heading(text) else (None, text.strip(), "")
    try:
        found = place(name.title() if name.isupper() else name, language, setting)
        bare_bible(language, places=[found])
    except ValidationError as error:
        raise InputError(
            f"{text[:60]!r} cannot be a place.", hint="Name it as a heading would: INT. KITCHEN - NIGHT."
        ) from error
    return found, time


def casting(
    people: Sequence[str],
    language: Language,
    *,
    relations: Sequence[str] = (),
    places: Sequence[Location] = (),
    base: Bible | None = None,
) -> tuple[Bible, tuple[str, ...]]:
    """Return a bible that knows the people named and described, and their names in it, in order.

    Args:
        people: names of the base's cast, or names with descriptions, which hold even against the base.
        relations: what is between two of them: ``Ada, Bo: once friends``.
        places: further places.
        base: the bible of the series.

    Raises:
        InputError: somebody is unknown or comes twice, or a relation is about somebody else.
    """
    cast = {same_name(who.name): who for who in base.cast} if base else {}
    names: list[str] = []
    for text in people:
        name, told = _split(text)
        known = base.character(name) if base else None
        if not told and known is None:
            raise InputError(
                f"Nobody is known by the name {name[:60]!r}{nearest(name, [w.name for w in cast.values()])}.",
                hint=_HOW,
            )
        who = known if known is not None and not told else character_of(text, language)
        if known is not None and told:
            who = who.model_copy(update={"name": known.name, "relations": known.relations})
        if who.name in names:
            raise InputError(f"{who.name} is named twice.", hint="Give each character once.")
        cast[same_name(who.name)] = who
        names.append(who.name)
    for text in relations:
        _relate(cast, names, text)
    found = list(cast.values())
    if base is None:
        return _made(found, places, language), tuple(names)
    others = [one for one in places if base.location(one.name) is None]
    return base.model_copy(update={"cast": tuple(found), "locations": (*base.locations, *others)}), tuple(
        names
    )


def _made(cast: Sequence[Character], places: Sequence[Location], language: Language) -> Bible:
    try:
        return bare_bible(language, cast=cast, places=places)
    except ValidationError as error:
        raise InputError("Two of the characters have names that are the same.", hint=_HOW) from error


def _relate(cast: dict[str, Character], names: Sequence[str], text: str) -> None:
    """Write what is between two people into both."""
    refuse_unseen("The relation", text)
    pair, told = _split(text)
    both = [
        next((name for name in names if same_name(name) == same_name(part)), "")
        for part in _PARTED.split(pair)
    ]
    if len(both) != 2 or not all(both) or both[0] == both[1] or not told:
        raise InputError(
            f"{text[:80]!r} is no relation between two of {', '.join(names)}.",
            hint='Say it like this: --relation "Ada, Bo: once friends, until the trial".',
        )
    for one, other in (both, both[::-1]):
        who = cast[same_name(one)]
        bond = {**who.relations, other: told[:_LONGEST]}
        cast[same_name(one)] = who.model_copy(update={"relations": bond})


def _split(text: str) -> tuple[str, str]:
    name, _, told = text.replace("：", ":", 1).partition(":")
    return " ".join(name.split()), " ".join(told.split())
