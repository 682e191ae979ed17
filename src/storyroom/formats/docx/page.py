"""Sections of a document: paper, margins, and the head of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyroom.formats.pages import Sheet
from storyroom.formats.pages.options import COLUMNS_PER_INCH

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph


def set_pages(document: Document, sheet: Sheet, *, titled: bool) -> None:
    """Set the pages of a document into which the title page is written, and nothing else.

    Args:
        document: what follows is written into its last section.
        sheet: the paper.
        titled: whether there is a title page; it gets a section of its own.
    """
    section = document.sections[0]
    _set_paper(section, sheet)
    if titled:
        section = document.add_section()
    _number_from_one(section)
    section.different_first_page_header_footer = True  # the first page bears no number
    section.header.is_linked_to_previous = False
    head = section.header.paragraphs[0]
    head.style = "header"
    _add_page_number(head)
    head.add_run(".")


def _set_paper(section: Section, sheet: Sheet) -> None:
    from docx.shared import Emu, Inches, Pt

    width, height = sheet.points
    section.page_width, section.page_height = Pt(width), Pt(height)
    left, line = sheet.action.column / COLUMNS_PER_INCH, 1 / sheet.lines_per_inch
    section.left_margin = Inches(left)
    section.right_margin = Emu(Pt(width) - Inches(left + sheet.action.width / COLUMNS_PER_INCH))
    section.top_margin = Inches(sheet.top * line)
    section.bottom_margin = Emu(Pt(height) - Inches((sheet.top + sheet.rows) * line))
    section.header_distance = Inches(sheet.header * line)
    section.footer_distance = Inches(0.5)
    section.gutter = Inches(0)


def _number_from_one(section: Section) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    properties = section._sectPr
    for name in ("w:docGrid", "w:pgNumType"):  # a grid of the document's own would move the lines
        for element in properties.findall(qn(name)):
            properties.remove(element)
    start = OxmlElement("w:pgNumType", {qn("w:start"): "1"})
    properties.find(qn("w:pgMar")).addnext(start)


def _add_page_number(paragraph: Paragraph) -> None:
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    field = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))
