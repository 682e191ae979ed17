"""Two columns without borders, for speeches side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyroom.formats.docx.styles import COLUMN
from storyroom.formats.pages import Sheet

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell


def add_columns(document: Document, sheet: Sheet) -> tuple[_Cell, _Cell]:
    """Add a table of two cells, which a page break never divides, and return the cells, still empty."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml
    from docx.shared import Twips

    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    nothing = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{nothing}</w:tblCellMar>")
    properties: Any = table._tbl.tblPr
    properties.insert_element_before(margins, "w:tblLook")  # their order is fixed
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    width = sheet.dual[0].dialogue.width
    gap = sheet.action.width - 2 * width
    left, right = table.rows[0].cells
    for number, (cell, columns) in enumerate(((left, width + gap), (right, width))):
        table.columns[number].width = cell.width = Twips(columns * COLUMN)
        cell._tc.remove(cell.paragraphs[0]._p)
    margin = f'<w:tcMar {nsdecls("w")}><w:right w:w="{gap * COLUMN}" w:type="dxa"/></w:tcMar>'
    left._tc.get_or_add_tcPr().append(parse_xml(margin))
    return left, right


def separate(document: Document) -> None:
    """Add a paragraph that is hardly there: without it tables would join, and none may end a document."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    layout = document.add_paragraph(style="Action").paragraph_format
    layout.space_before = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(1)
