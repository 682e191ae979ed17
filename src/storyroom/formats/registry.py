"""The formats of scripts. A further one is one more entry here.

    format_named("fdx") -> Format             by name, or by suffix: `md` is markdown
    format_of(Path("pilot.pdf")) -> Format    by the suffix of a file
    read_script(Path("pilot.fdx")) -> Script
    read_with_doubts(Path("pilot.pdf")) -> Reading    the script, and what is uncertain about it
    FORMATS["pdf"].write(script, PdfOptions(size="a4")) -> bytes

Reading and writing are imported when they are first used: some of them need libraries that load slowly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.errors import FormatError, InputError
from storyroom.formats.fountain import parse, read_file
from storyroom.formats.fountain import write as write_fountain
from storyroom.formats.fountain.files import decode, read_bytes
from storyroom.story.asides import has_opener, scan
from storyroom.story.script import UNPRINTED, Kind, Script

if TYPE_CHECKING:
    from storyroom.formats.pdf.options import PdfOptions
    from storyroom.formats.plain import Reading


@dataclass(frozen=True)
class Format:
    """A format of scripts.

    Attributes:
        name: what users call it.
        suffixes: of its files; the first one is written.
        write: gives a script as the bytes of a file. A choice that means nothing to the format is ignored.
        read: reads a file; None for a format that is only written.
        read_bytes: reads what stands in a file, given what to call it in errors; None as `read`.
        omits: the kinds of elements that are not in what is written.
    """

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Script, PdfOptions], bytes]
    read: Callable[[Path], Script] | None = None
    read_bytes: Callable[[bytes, str], Script] | None = None
    omits: frozenset[Kind] = frozenset()


def format_named(name: str) -> Format:
    """Return the format of a name, or of a suffix without its dot.

    Raises:
        InputError: there is none.
    """
    wanted = name.strip().casefold().removeprefix(".")
    found = FORMATS.get(wanted) or _BY_SUFFIX.get(f".{wanted}")
    if found:
        return found
    close = get_close_matches(wanted, FORMATS, n=1)
    nearest = f"Did you mean {close[0]}? " if close else ""
    raise InputError(f"There is no format {name!r}.", hint=f"{nearest}Formats: {', '.join(FORMATS)}.")


def format_of(path: Path) -> Format:
    """Return the format of a file, by its suffix.

    Raises:
        InputError: no format has it.
    """
    if found := _BY_SUFFIX.get(path.suffix.casefold()):
        return found
    what = f"the suffix {path.suffix}" if path.suffix else "a name without a suffix"
    raise InputError(
        f"{path} has {what}, which names no format.",
        hint=f"Suffixes: {', '.join(_BY_SUFFIX)}. To convert, --from and --to name formats too.",
    )


def read_script(path: Path) -> Script:
    """Read a script in the format that its suffix names.

    Raises:
        InputError: no format has the suffix, or none that can be read.
        FormatError: the file is not there, or is no such script.
    """
    if path.is_dir():
        raise FormatError(f"{path} is a directory", hint="name a script in it")
    return reader_of(format_of(path), str(path))(path)


def read_with_doubts(path: Path) -> Reading:
    """Read a script, and tell what is uncertain about it: in text and PDF, where only the layout tells.

    Headings of Chinese scripts that Fountain takes for action (``4 教室 内 夜``) are headings in any format.

    Raises:
        InputError: no format has the suffix, or none that can be read.
        FormatError: the file is not there, or is no such script.
    """
    from storyroom.formats import pdf_read, plain

    if path.is_dir():
        raise FormatError(f"{path} is a directory", hint="name a script in it")
    format = format_of(path)
    if format.name == "pdf":
        return pdf_read.read_file(path)
    if format.name == "text":
        return plain.read(read_bytes(path), name=path.name)
    return plain.Reading(plain.with_plain_headings(reader_of(format, str(path))(path)))


def reader_of(format: Format, what: str) -> Callable[[Path], Script]:
    """Return what reads files of a format.

    Args:
        format: the format.
        what: what is to be read, as errors name it.

    Raises:
        InputError: the format is only written.
    """
    if format.read is None:
        readable = ", ".join(one.name for one in FORMATS.values() if one.read)
        raise InputError(
            f"{what} cannot be read: {format.name} is only written.",
            hint=f"Formats that can be read: {readable}.",
        )
    return format.read


def left_out(script: Script, format: Format, options: PdfOptions) -> Counter[Kind]:
    """Count what a script says to its writers and a format does not, notes within lines too."""
    from storyroom.formats.pages.acts import acts_of

    acts = acts_of(script) if options.teleplay else {}
    found: Counter[Kind] = Counter()
    for index, element in enumerate(script.elements()):
        if element.kind in UNPRINTED:
            found[element.kind] += index not in acts
        elif has_opener(element.text):
            found.update(Kind(aside.kind) for aside in scan(element.text)[0])
    return Counter({kind: number for kind, number in found.items() if number and kind in format.omits})


def _write_fountain(script: Script, _: PdfOptions) -> bytes:
    return write_fountain(script).encode()


def _parse_fountain(data: bytes, name: str) -> Script:
    return parse(decode(data, name=name))


def _write_fdx(script: Script, options: PdfOptions) -> bytes:
    from storyroom.formats.fdx import write
    from storyroom.formats.pages import REVISION_COLOURS

    colour = options.revision_colour or "blue"
    revision = max(1, REVISION_COLOURS.index(colour))  # white is the first draft, of which nothing is marked
    revised = {n: revision for n, one in enumerate(script.elements()) if one.id and one.id in options.revised}
    return write(script, paper=options.size, revisions=revised)


def _read_fdx(path: Path) -> Script:
    from storyroom.formats.fdx import read_file

    return read_file(path)


def _parse_fdx(data: bytes, name: str) -> Script:
    from storyroom.formats.fdx import read

    return read(data, name=name)


def _write_pdf(script: Script, options: PdfOptions) -> bytes:
    from storyroom.formats.pdf import write_pdf

    file = BytesIO()
    write_pdf(script, file, options)
    return file.getvalue()


def _read_pdf(path: Path) -> Script:
    from storyroom.formats.pdf_read import read_file

    return read_file(path).script


def _parse_pdf(data: bytes, name: str) -> Script:
    from storyroom.formats.pdf_read import read

    return read(data, name=name).script


def _read_text(path: Path) -> Script:
    return _parse_text(read_bytes(path), path.name)


def _parse_text(data: bytes, name: str) -> Script:
    from storyroom.formats.plain import read

    return read(data, name=name).script


def _write_docx(script: Script, options: PdfOptions) -> bytes:
    from storyroom.formats.docx import write

    return write(script, options)


def _write_html(script: Script, options: PdfOptions) -> bytes:
    from storyroom.formats.html import write

    return write(script, options).encode()


def _write_markdown(script: Script, options: PdfOptions) -> bytes:
    from storyroom.formats.markdown import write

    return write(script, options).encode()


def _write_text(script: Script, options: PdfOptions) -> bytes:
    from storyroom.formats.text import write

    return write(script, options).encode()


_ASIDES = frozenset({Kind.NOTE, Kind.BONEYARD})
_UNSEEN = UNPRINTED - {Kind.PAGE_BREAK}

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("fountain", (".fountain", ".spmd"), _write_fountain, read_file, _parse_fountain),
        Format("fdx", (".fdx",), _write_fdx, _read_fdx, _parse_fdx),
        Format("pdf", (".pdf",), _write_pdf, _read_pdf, _parse_pdf, omits=_UNSEEN),
        Format("docx", (".docx",), _write_docx, omits=frozenset({Kind.BONEYARD})),
        Format("html", (".html", ".htm"), _write_html, omits=_ASIDES | {Kind.SYNOPSIS}),
        Format("markdown", (".md", ".markdown"), _write_markdown, omits=_ASIDES),
        Format("text", (".txt",), _write_text, _read_text, _parse_text, omits=_UNSEEN),
    )
}
_BY_SUFFIX = {suffix: one for one in FORMATS.values() for suffix in one.suffixes}
