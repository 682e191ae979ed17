"""Names in cues: what can stand there, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from storyroom.errors import InputError
from storyroom.story.headings import is_heading

Language = Literal["en", "zh"]

# Marks at the beginning of a line that tell Fountain what it is.
_FORCING = ".!>~#="

EXTENSIONS: dict[Language, tuple[str, ...]] = {"en": ("V.O.", "O.S."), "zh": ("画外音", "旁白")}
"""What may stand in parentheses behind a name in a cue."""


def allowed_extensions(language: Language, extensions: Sequence[str] | None) -> tuple[str, ...]:
    """Return the extensions that were asked for; None asks for the language's usual ones."""
    return EXTENSIONS[language] if extensions is None else tuple(extensions)


def cue_text(name: str) -> str:
    """Return how a cue writes the name: in capitals, or behind an `@` where capitals do not make a cue.

    Raises:
        InputError: the name is blank or holds what ends or decorates a cue.
    """
    bare = name.strip()
    if not bare or any(mark in bare for mark in "()^@[]*_") or not bare.isprintable():
        raise InputError(
            f"{name!r} cannot stand in a cue.",
            hint="Give the character a name without parentheses, brackets, ^, @, * or _.",
        )
    capitals = bare.upper()
    cased = [letter for letter in capitals if letter.isalpha()]
    # "Ext" and ".5" are names too, and as capitals they would be something else.
    plain = cased and all(letter.isupper() for letter in cased) and capitals[0] not in _FORCING
    return capitals if plain and not is_heading(capitals) else f"@{bare}"
