"""`storyroom fmt`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from storyroom.cli.output import say, show
from storyroom.cli.places import STANDARD, put_out, read_standard_input
from storyroom.cli.words import count
from storyroom.errors import FormatError, InputError
from storyroom.files import write_over, write_whole

_WOULD_CHANGE = 1


class _Tidied(NamedTuple):
    """A file: how its script reads, how it reads tidied, and whether its bytes would change."""

    path: Path
    before: str
    after: str
    changes: bool


def fmt(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES…", help="Scripts in Fountain; - for standard input.")
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; list what would change, and exit with 1 if any.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Change nothing; show what would change.")] = False,
    backup: Annotated[
        bool, typer.Option("--backup/--no-backup", help="Keep what a file was beside it, as NAME.bak.")
    ] = True,
) -> None:
    """Tidy Fountain files: blank lines, spaces, capitals and marks. What they say stays.

    Files are written in UTF-8, with the line ends they have. If one of them cannot be read, none is changed.
    """
    if STANDARD in files:
        if len(files) > 1 or check or diff:
            raise InputError(
                "Standard input goes to standard output, and nowhere else.",
                hint="Use - alone: storyroom fmt -",
            )
        _filter()
        return
    tidied = [_tidied(path) for path in files]
    changing = [one for one in tidied if one.changes]
    for one in changing:
        if diff:
            _show_diff(one)
        elif check:
            show(str(one.path))
        else:
            _rewrite(one, backup=backup)
    would_be = "would be" if check or diff else "was" if len(changing) == 1 else "were"
    say(f"{len(changing)} of {count(len(files), 'file')} {would_be} changed.")
    if check and changing:
        raise typer.Exit(_WOULD_CHANGE)


def _filter() -> None:
    from storyroom.formats.fountain.tidy import tidy
    from storyroom.formats.registry import FORMATS

    put_out(tidy(read_standard_input(FORMATS["fountain"])).encode())


def _tidied(path: Path) -> _Tidied:
    from storyroom.formats.fountain import read_file, write
    from storyroom.formats.fountain.tidy import tidy
    from storyroom.formats.registry import format_of

    # Fountain is often kept as .txt, and nobody tidies a text that is laid out as on the page.
    if not path.is_dir() and format_of(path).name not in ("fountain", "text"):
        raise InputError(
            f"{path} is not Fountain.", hint="Convert it first: storyroom convert IN OUT.fountain"
        )
    script = read_file(path)
    try:
        after = tidy(script)
    except FormatError as error:
        raise FormatError(f"{path}, {error.message}", hint=error.hint) from error
    return _Tidied(path, write(script), after, after.encode() != path.read_bytes())


def _rewrite(one: _Tidied, *, backup: bool) -> None:
    data = one.after.encode()
    if backup:
        say(f"What {one.path} was is kept in {write_over(one.path, data)}.")
    else:
        write_whole(one.path, data)
    show(str(one.path))


def _show_diff(one: _Tidied) -> None:
    from difflib import unified_diff

    from storyroom.formats.fountain.lines import physical_lines

    before, after = ([line.rstrip("\r\n") for line in physical_lines(text)] for text in one[1:3])
    lines = list(unified_diff(before, after, str(one.path), f"{one.path} (tidied)", lineterm=""))
    for line in lines or [f"{one.path}: only its line ends or its encoding"]:
        show(line, {"+": "green", "-": "red", "@": "cyan"}.get(line[0], ""))
