"""The texts that a bible is made of: what each may hold, and how long it may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

# A cue or a heading made of a name must read back as that name, and a file may be called after it.
_NOT_IN_NAMES = frozenset("/\\()（）[]^*_@<>:：")
# Control, format (zero width, text direction), surrogate, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _refuse(text: str, marks: Iterable[str]) -> str:
    for mark in marks:
        shown = mark if mark.isprintable() else f"U+{ord(mark):04X}"
        raise PydanticCustomError("character", "may not contain {mark}", {"mark": shown})
    return text


def _one_line(text: str) -> str:
    return _refuse(text, (c for c in text if unicodedata.category(c) in _UNSEEN))


def _paragraphs(text: str) -> str:
    return _refuse(text, (c for c in text if unicodedata.category(c) in _UNSEEN and c not in "\n\t"))


def _name(text: str) -> str:
    return _refuse(_one_line(text), (c for c in text if c in _NOT_IN_NAMES))


Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_name)]
Line = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_one_line)]
Prose = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_paragraphs)]
Slug = Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Spec = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_one_line)]
