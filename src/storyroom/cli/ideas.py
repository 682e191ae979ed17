"""Where an idea, and what members bring, comes from: the command line, a file, or standard input."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.bringing import Input

# Far more than the room reads, and little enough to be counted: the room then says how long it is.
_MOST_BYTES = 16_000_000
_TEXT_FILE = re.compile(r"\S+\.(?:txt|md|fountain)", re.IGNORECASE)
_WAYS = 'Give it as text, as the name of a text file, or as - for standard input: storyroom draft "…".'


def read_idea(given: str | None) -> str:
    """Return the idea that a command was given.

    Args:
        given: the idea itself, the path of a file if there is one of that name, or `-`.

    Raises:
        InputError: there is none, it is a folder, it names a file that is not there, or it cannot be read.
    """
    if given is None or not given.strip():
        raise InputError("The idea is empty.", hint=_WAYS)
    if given == "-":
        return _text(sys.stdin.buffer.read(_MOST_BYTES + 1), "Standard input")
    path = _path(given)
    if path is None:
        if _TEXT_FILE.fullmatch(given):
            raise InputError(f"There is no file {given}.", hint="Check the path, or give the text itself.")
        return given
    if not path.is_file():
        raise InputError(f"{given} is a folder, and no idea.", hint=_WAYS)
    return _read(path, given)


def read_input(given: str) -> Input:
    """Return what a member brings for a role, as `MEMBER:ROLE:TEXT` or `MEMBER:ROLE:@FILE` says it.

    Raises:
        InputError: it has another form, or the file cannot be read as text.
    """
    from storyroom.bringing import Input

    parts = given.split(":", 2)
    if len(parts) < 3 or not all(part.strip() for part in parts[:2]):
        raise InputError(
            f"{given[:60]!r} does not say who brings what to whom.",
            hint='Write --input MEMBER:ROLE:"…", or --input MEMBER:ROLE:@FILE.',
        )
    member, role, text = (part.strip() for part in parts)
    if not text.startswith("@"):
        return Input(member, role, text)
    path = _path(text[1:])
    if path is None or not path.is_file():
        raise InputError(f"There is no file {text[1:]}.", hint="Check the path behind the @.")
    return Input(member, role, _read(path, text[1:]))


def _path(given: str) -> Path | None:
    """Return the path if there is something of that name; most ideas are far too long to be one."""
    try:
        path = Path(given).expanduser()
        return path if path.exists() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _read(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            return _text(file.read(_MOST_BYTES + 1), name)
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}.", hint="Check whose file it is, and its rights."
        ) from error


def _text(data: bytes, name: str) -> str:
    if len(data) > _MOST_BYTES:
        raise InputError(
            f"{name} has more than {_MOST_BYTES // 1_000_000} MB; that is no idea.",
            hint="Give the idea in a page or two.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 text.", hint="Save the idea as plain text in the encoding UTF-8."
        ) from error
    if "\0" in text:
        raise InputError(f"{name} is a binary file.", hint="Save the idea as plain text.")
    return text
