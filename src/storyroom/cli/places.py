"""Where a script is read from and written to: files, folders, standard input and output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.cli.output import say, show
from storyroom.cli.words import count
from storyroom.errors import InputError
from storyroom.files import write_over, write_whole

if TYPE_CHECKING:
    from storyroom.formats.pdf import PdfOptions
    from storyroom.formats.registry import Format
    from storyroom.story.script import Script

STANDARD = Path("-")
"""Standard input or output, as users write it."""


def read_standard_input(format: Format) -> Script:
    """Read a script from standard input.

    Raises:
        InputError: the format is only written, or the input is too large or no such script.
    """
    from storyroom.formats.fountain.files import MAX_BYTES
    from storyroom.formats.registry import reader_of

    reader_of(format, "standard input")
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(
            f"Standard input is larger than {MAX_BYTES // 1024**2} MB.",
            hint="Split it into episodes; is it a script at all?",
        )
    assert format.read_bytes is not None, "what reads files reads bytes"
    return format.read_bytes(data, "standard input")


def put_out(data: bytes) -> None:
    """Write the bytes of a result to standard output.

    Raises:
        InputError: there is no space for them where it leads to.
    """
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever reads has enough
        raise
    except OSError as error:
        raise InputError(
            f"Standard output could not be written ({error.strerror}).",
            hint="Free some space where it leads to, then run the command again.",
        ) from error


def place_in(out: Path, stem: str, format: Format) -> Path:
    """Return the file that a script is written to: `out`, or one in it if `out` is a folder.

    Raises:
        InputError: its folder is not there, or something else than a file has its name.
    """
    path = out / (stem + format.suffixes[0]) if out.is_dir() else out
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}.", hint="Make it first, or name another place.")
    if path.is_dir():
        raise InputError(f"{path} is a folder.", hint="Name a file.")
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is no file.", hint="Name a file, or - for standard output.")
    return path


def differs(path: Path, data: bytes) -> bool:
    """Whether a file is there and holds something else.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.exists() and path.read_bytes() != data
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", hint="Name another place.") from error


def refuse_to_lose(path: Path, data: bytes, *, force: bool) -> None:
    """Refuse to write over a file that holds something else, unless that is wished.

    Raises:
        InputError: it does.
    """
    if not force and differs(path, data):
        raise InputError(
            f"{path} is there already, and says something else.",
            hint="Name another place, or overwrite it with --force.",
        )


def tell_left_out(script: Script, format: Format, options: PdfOptions) -> None:
    """Say which of a script's notes and the like are not in what is written."""
    from storyroom.formats.registry import left_out

    found = left_out(script, format, options)
    if found:
        things = ", ".join(
            count(number, kind).replace("synopsiss", "synopses") for kind, number in found.items()
        )
        say(f"Not in the {format.name}: {things}.")


def put(path: Path, data: bytes, *, keep: bool) -> None:
    """Write a file and name it on standard output.

    Args:
        path: the file.
        data: all of it.
        keep: whether what it held is kept beside it, if that was something else.

    Raises:
        FormatError: it cannot be written.
    """
    if keep and differs(path, data):
        say(f"What {path} was is kept in {write_over(path, data)}.")
    else:
        write_whole(path, data)
    show(str(path))
