"""A model's answer while it is being written: JSON is shown as the fields that it holds so far."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?(\s*:)?|([-+\w.]+)', re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "", "b": "", "f": ""}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


def readable(text: str) -> str:
    """Return an answer as people read it; what is no JSON stays as it is.

    >>> readable('{"title": "Salt", "cast": ["Mara", "Be')
    'title: Salt\\ncast: Mara, Be'
    """
    if not text.lstrip().startswith(("{", "[")):
        return text
    shown = ""
    for token in _TOKEN.finditer(text):
        if token[2]:
            key = _unescaped(token[1]).replace("_", " ")
            shown += ("\n" if shown else "") + f"{key}: "
        else:
            value = token[3] if token[3] is not None else _unescaped(token[1])
            shown += value if not shown or shown.endswith(": ") else f", {value}"
    return shown


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        return chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2])

    return _ESCAPE.sub(character, text)
