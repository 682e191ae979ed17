"""Reading a PDF that holds text, by where its lines stand."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from storyroom.errors import FormatError
from storyroom.formats.pdf_read.rows import rows_of
from storyroom.formats.plain import Reading, Row, read_rows
from storyroom.story.script import Kind

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

MAX_BYTES = 256 * 1024 * 1024
MAX_PAGES = 1000
_LETTERS_PER_PAGE = 5  # a scanner's page number, at most
_alone = Lock()  # PDFium is made for one thread at a time


def read_file(path: Path) -> Reading:
    """Read a PDF.

    Raises:
        FormatError: as `read`, or the file is not there.
    """
    try:
        if path.is_dir():
            raise FormatError(f"{path} is a directory", hint="name a PDF in it")
        if path.stat().st_size > MAX_BYTES:
            raise FormatError(
                f"{path} is larger than {MAX_BYTES // 1024**2} MB",
                hint="is it a script? Export it as text alone",
            )
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror or error}", hint="check the path and its permissions"
        ) from error
    return read(data, name=path.name)


def read(data: bytes, *, name: str = "the file") -> Reading:
    """Read the bytes of a PDF.

    Raises:
        FormatError: it is no PDF, is encrypted, holds no text, or holds no screenplay.
    """
    with _alone, closing(_opened(data, name)) as document:
        if len(document) > MAX_PAGES:
            raise FormatError(
                f"{name} has {len(document)} pages",
                hint=f"split it into episodes of at most {MAX_PAGES} pages",
            )
        rows = rows_of(document)
        _refuse_pictures(rows, len(document), name)
    reading = read_rows(rows, paged=True)
    assert reading is not None, "rows of pages are read by their layout"
    kinds = {element.kind for element in reading.script.elements()}
    if not kinds & {Kind.SCENE_HEADING, Kind.CUE}:
        raise FormatError(
            f"{name} does not read as a screenplay: it has no scene heading, and nobody speaks",
            hint="see whether it is the right file; a treatment or a letter is not a script",
        )
    return reading


def _opened(data: bytes, name: str) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError
    from pypdfium2.raw import FPDF_ERR_PASSWORD  # type: ignore[import-untyped]

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise FormatError(
                f"{name} is encrypted: it opens only with a password",
                hint="open it in a PDF reader and save a copy without the password",
            ) from error
        raise FormatError(
            f"{name} is no PDF, or a damaged one", hint="export it again from the program that wrote it"
        ) from error


def _refuse_pictures(rows: list[Row], pages: int, name: str) -> None:
    letters = sum(len(segment.text) for row in rows for segment in row.segments)
    if letters < _LETTERS_PER_PAGE * pages:
        raise FormatError(
            f"{name} holds no text: its pages are pictures",
            hint="run text recognition over it first, such as `ocrmypdf in.pdf out.pdf`",
        )
