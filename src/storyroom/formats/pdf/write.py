"""Writing a PDF: pages, bookmarks, and a file that is there whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storyroom.errors import FormatError
from storyroom.files import write_whole
from storyroom.formats.pages import Page, is_chinese, pages, title_pages
from storyroom.formats.pdf.draw import Pen
from storyroom.formats.pdf.faces import choose_faces
from storyroom.formats.pdf.options import PdfOptions
from storyroom.story.asides import printed
from storyroom.story.script import Script


def write_pdf(script: Script, target: str | Path | BinaryIO, options: PdfOptions | None = None) -> list[Page]:
    """Write a script as PDF.

    Args:
        script: the script.
        target: a path, whose file is replaced once the new one is whole; or a binary file to write to.
        options: paper, fonts, what is shown.

    Returns:
        The pages that were drawn, without the title page.

    Raises:
        FormatError: no font has a character of the script, there is nothing to print, or the file cannot be
            written.
    """
    options = options or PdfOptions()
    body = pages(script, options)
    data = _pdf(script, [*title_pages(script, options), *body], options)
    if isinstance(target, (str, Path)):
        write_whole(Path(target), data)
    else:
        target.write(data)
    return body


def _pdf(script: Script, drawn: list[Page], options: PdfOptions) -> bytes:
    from fpdf import FPDF

    if not drawn:
        raise FormatError("the script has nothing to print", hint="write a scene, or at least a title page")
    pdf = FPDF(unit="pt", format=drawn[0].sheet.points)
    pdf.set_auto_page_break(False)
    pdf.core_fonts_encoding = "cp1252"
    pdf.creation_date = options.created
    pdf.set_creator("Storyroom")
    pdf.set_producer("Storyroom")
    pdf.set_lang("zh" if is_chinese(script) else "en")
    if title := script.title_page.get("title", "标题", "片名", "剧名"):
        pdf.set_title(printed(title).replace("\n", " ").strip("*_ "))
    if author := script.title_page.get("author", "authors", "编剧", "作者"):
        pdf.set_author(printed(author).replace("\n", ", "))
    with _quiet_fonttools():
        pen = Pen(pdf, choose_faces(pdf, *_characters(drawn), options))
        _draw(pen, script, drawn)
        return bytes(pdf.output())


def _draw(pen: Pen, script: Script, drawn: list[Page]) -> None:
    headings = _headings(script)
    marked: set[int] = set()
    for page in drawn:
        pen.add_page(page)
        for line in page.lines:
            element = line.piece.element
            if element in headings and element not in marked and line.piece.role == "text":
                marked.add(element)
                pen.bookmark(headings[element], line.row)
            pen.draw(line)


def _headings(script: Script) -> dict[int, str]:
    """Return the headings by their index among the elements of the script."""
    found, index = {}, len(script.preamble)
    for scene in script.scenes:
        found[index] = scene.heading.text
        index += 1 + len(scene.elements)
    return found


def _characters(drawn: Iterable[Page]) -> tuple[set[str], set[str]]:
    """Return the full-width characters that are drawn, and the others."""
    full_width: set[str] = set()
    narrow: set[str] = set()
    for page in drawn:
        for line in page.lines:
            text = line.text
            if text.isascii():
                continue
            for character, width in zip(text, line.piece.widths, strict=True):
                (full_width if width == 2 else narrow).add(character)
    return (
        {character for character in full_width if not character.isspace()},
        {character for character in narrow if not character.isspace()},
    )


@contextmanager
def _quiet_fonttools() -> Iterator[None]:
    """Keep fontTools from telling which tables it leaves out of a subset; none of them draws glyphs."""
    log = logging.getLogger("fontTools")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
