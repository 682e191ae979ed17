"""Versions of scripts by the names that users give them: files, sessions, `SESSION@12`, `SESSION@HEAD`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.cli.words import moment, role_name, who
from storyroom.errors import SessionError
from storyroom.formats.compare import Version
from storyroom.formats.registry import FORMATS, read_script
from storyroom.memory.tracing import exported

if TYPE_CHECKING:
    from storyroom.room import Room
    from storyroom.session import Session

_SUFFIXES = {suffix for format in FORMATS.values() for suffix in format.suffixes}
_LONGEST_NUMBER = 6  # digits; more of them begin a head
_SHORTEST_HEAD = 4


@dataclass(frozen=True)
class Named:
    """A version that was named.

    Attributes:
        session: the session it belongs to; None for a file.
        head: the script version; None for a file.
    """

    version: Version
    session: str | None = None
    head: str | None = None


def named(name: str, room: Callable[[], Room]) -> Named:
    """Return the version that a name stands for.

    Args:
        name: of a file, of a session, or of one of a session's versions.
        room: opens the room of the series; only called where a session is named.

    Raises:
        InputError: the file cannot be read.
        SessionError: there is no such session or version, or no scene is written in it.
    """
    path = Path(name)
    if path.is_file() or path.suffix.casefold() in _SUFFIXES or path.parent != Path():
        return Named(Version(name, read_script(path)))
    wanted, _, which = name.partition("@")
    one = room().session(wanted)
    heads = [version.id for version in one.drafts]
    number = _number_of(one, heads, which) if which else len(heads)
    script = exported(one.ledger, one.id, heads[number - 1]) if heads else None
    if script is None or not script.scenes:
        raise SessionError(
            f"No scene is written in {name} yet.",
            hint=f"`storyroom compare {one.id} --list` lists its versions.",
        )
    return Named(Version(f"{one.id}@{number}", script), one.id, heads[number - 1])


def list_versions(session: Session) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the columns and the rows of a list of a session's versions, the oldest first."""
    said = {turn.new_head: turn for turn in session.turns if turn.new_head}
    rows: list[tuple[str, ...]] = []
    for number, version in enumerate(session.drafts, 1):
        turn = said.get(version.id)
        by = who(turn, role_name(turn.role)) if turn else f"before the fork, in {version.session}"
        rows.append((f"@{number}", version.id, version.slot.replace(":", " "), by, moment(version.created)))
    return ["version", "head", "sets", "by", "when"], rows


def _number_of(session: Session, heads: list[str], which: str) -> int:
    if which.isascii() and which.isdigit() and len(which) <= _LONGEST_NUMBER:
        found = [int(which)] if 1 <= int(which) <= len(heads) else []
    else:
        long_enough = len(which) >= _SHORTEST_HEAD
        found = [n for n, head in enumerate(heads, 1) if long_enough and head.startswith(which)]
    if len(found) == 1:
        return found[0]
    what = f"has {len(found)} versions" if found else "has no version"
    raise SessionError(
        f"Session {session.id} {what} @{which}.",
        hint=f"It has @1 to @{len(heads)}; `storyroom compare {session.id} --list` lists them.",
    )
