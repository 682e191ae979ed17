"""The title page: title and authors in the middle, contact and draft at the foot of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyroom.formats.docx.body import Body
from storyroom.formats.docx.said import pieces_of
from storyroom.formats.docx.styles import COLUMN
from storyroom.formats.titles import place_of
from storyroom.story.script import TitlePage

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

_FOOT = {"left": "Contact", "right": "Draft"}
_SPACE_BELOW_TITLE = 3


def write_title_page(page: TitlePage, body: Body) -> bool:
    """Write a title page; return whether there was anything to write."""
    middle = _write_middle(page, body)
    foot = _write_foot(page, body)
    body.comments.turn_page()
    return middle or foot


def _write_middle(page: TitlePage, body: Body) -> bool:
    above, written = body.sheet.rows // 3, False
    for key, values in page.entries:
        place = place_of(key)
        if place not in ("title", "middle"):
            continue
        style = "Title" if place == "title" else "Title Page"
        for value in values:
            if body.paragraph(pieces_of(value), style, above=above):
                above, written = 0, True
        if written:
            above = _SPACE_BELOW_TITLE if place == "title" else 1
    return written


def _write_foot(page: TitlePage, body: Body) -> bool:
    """Write contact and draft in frames, so that the middle can grow and they stay where they are."""
    width = body.sheet.action.width // 2 * COLUMN
    written = False
    for side, style in _FOOT.items():
        for key, values in page.entries:
            for value in values if place_of(key) == side else ():
                if paragraph := body.paragraph(pieces_of(value), style):
                    _frame(paragraph, side, width)
                    written = True
    return written


def _frame(paragraph: Paragraph, side: str, width: int) -> None:
    """Put a paragraph at the foot of the page; LibreOffice reads this of paragraphs, not of styles."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    frame = parse_xml(
        f'<w:framePr {nsdecls("w")} w:w="{width}" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin"'
        f' w:xAlign="{side}" w:yAlign="bottom"/>'
    )
    properties = paragraph._p.get_or_add_pPr()
    assert properties.pStyle is not None  # it comes first
    properties.pStyle.addnext(frame)
