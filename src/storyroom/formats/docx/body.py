"""The paragraphs of a document, one after another, with their comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from storyroom.formats.docx.comments import Comments
from storyroom.formats.docx.said import Piece, note_text, said
from storyroom.formats.docx.styles import style_id
from storyroom.formats.docx.table import add_columns, separate
from storyroom.formats.flow import Block, Dual, Paragraph, Speech, is_long
from storyroom.formats.fountain import Run
from storyroom.formats.pages import Sheet
from storyroom.formats.pages.columns import has_han
from storyroom.formats.printed import clean
from storyroom.story.script import Element, Kind

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as DocxParagraph
    from docx.text.run import Run as DocxRun

_STYLES = {
    Kind.SCENE_HEADING: "Scene Heading",
    Kind.ACTION: "Action",
    Kind.CUE: "Character",
    Kind.PARENTHETICAL: "Parenthetical",
    Kind.DIALOGUE: "Dialogue",
    Kind.LYRIC: "Lyrics",
    Kind.TRANSITION: "Transition",
    Kind.CENTERED: "Centered",
}
_ACT_STYLES = {"title": "Act", "end": "Act End"}
_SPOKEN = frozenset({Kind.DIALOGUE, Kind.LYRIC})
_FULL_WIDTH = re.compile("(?<![A-Za-z])[“”‘’…—·]|[“”‘’…—·](?![A-Za-z])")


class Body:
    """Adds paragraphs to a document.

    Attributes:
        sheet: the paper.
        comments: what is said about them.
    """

    def __init__(self, document: Document, sheet: Sheet, *, chinese: bool, numbered: bool) -> None:
        self.sheet = sheet
        self.comments = Comments(document, chinese=chinese)
        self._document, self._numbered = document, numbered
        self._cell: _Cell | None = None  # of a table, while one is filled
        self._above: DocxParagraph | None = None
        self._begun = False
        self._below_table = False

    def add(self, block: Block) -> None:
        """Add a block of a script."""
        above = 0 if block.new_page or not self._begun else None
        match block:
            case Dual():
                self._dual(block, above)
            case Speech():
                self._speech(block, above)
            case Paragraph():
                self._element(block, above)

    def close(self) -> None:
        """Add what must stand at the end of a document."""
        self.comments.close()
        if self._below_table:
            separate(self._document)

    def paragraph(
        self, pieces: Sequence[Piece], style: str, *, above: int | None = None, new_page: bool = False
    ) -> DocxParagraph | None:
        """Add a paragraph, and its notes as comments.

        Args:
            pieces: what it says; if that is nothing, only the notes are added, to the paragraph above.
            style: name of its style.
            above: blank lines above, if other than in its style.
            new_page: whether it begins a page.

        Returns:
            The paragraph; None if there was nothing to say.
        """
        if not any(piece.runs for piece in pieces):
            for piece in pieces:
                for note in piece.notes:
                    self.comments.add_above(Kind.NOTE, note)
            return None
        paragraph = self._add_paragraph(style)
        self._lay_out(paragraph, above, new_page=new_page)
        chinese = any(has_han(run.text) for piece in pieces for run in piece.runs)
        written = [[_add_run(paragraph, run, chinese=chinese) for run in piece.runs] for piece in pieces]
        everything = [run for runs in written for run in runs]
        for runs, piece in zip(written, pieces, strict=True):
            for note in piece.notes:
                self.comments.add(runs or everything, Kind.NOTE, note)
        self.comments.see(everything)
        self._above, self._below_table = paragraph, False
        return paragraph

    def _add_paragraph(self, style: str) -> DocxParagraph:
        """Add an empty paragraph; python-docx would look through the whole document for its end each time."""
        from docx.oxml.parser import OxmlElement
        from docx.text.paragraph import Paragraph as DocxParagraph

        added: Any = OxmlElement("w:p")
        added.style = style_id(style)
        if self._cell is None:
            self._end.addprevious(added)
            return DocxParagraph(added, self._document._body)
        self._cell._tc.append(added)
        return DocxParagraph(added, self._cell)

    @property
    def _end(self) -> Any:
        """What stands behind the last paragraph: the layout of the last section."""
        return self._document.element.body[-1]

    def _lay_out(self, paragraph: DocxParagraph, above: int | None, *, new_page: bool) -> None:
        from docx.shared import Inches

        if above is not None:
            paragraph.paragraph_format.space_before = Inches(above / self.sheet.lines_per_inch)
        if new_page:
            paragraph.paragraph_format.page_break_before = True

    def _element(self, block: Paragraph, above: int | None) -> None:
        from docx.shared import Twips

        element = block.element
        if block.act is None and element.kind not in _STYLES:
            self._comment(element)
            return
        pieces = said(element)
        if block.number and any(piece.runs for piece in pieces):
            number = clean(block.number)
            pieces = [Piece((Run(f"{number}\t"),)), *pieces, Piece((Run(f"\t{number}"),))]
        if element.kind is Kind.TRANSITION or block.act == "end":
            self._keep_above()
        if element.kind is Kind.LYRIC and above is None:
            above = 1  # within a speech there is none
        style = _ACT_STYLES[block.act] if block.act else _STYLES[element.kind]
        paragraph = self.paragraph(pieces, style, above=above, new_page=block.new_page)
        if paragraph is None:
            return
        self._begun = True
        if self._numbered and element.kind is Kind.SCENE_HEADING and not block.number:
            # Nothing of it hangs out into the margin.
            paragraph.paragraph_format.first_line_indent = Twips(0)

    def _comment(self, element: Element) -> None:
        text = note_text(element.text)
        if not text or element.kind is Kind.BONEYARD:
            return
        if element.kind is Kind.SECTION:
            self.comments.add_below(element.kind, text)
        else:
            self.comments.add_above(element.kind, text)

    def _speech(self, speech: Speech, above: int | None, prefix: str = "") -> None:
        if above is None and speech.parts[0].kind is not Kind.CUE:
            above = 1
        long = is_long(speech, self.sheet)
        before: DocxParagraph | None = None
        for part in speech.parts:
            if part.kind not in _STYLES:
                self._comment(part)
                continue
            new_page = speech.new_page and before is None
            paragraph = self.paragraph(
                said(part), prefix + _STYLES[part.kind], above=above, new_page=new_page
            )
            if paragraph is None:
                continue
            above = None
            if long and part.kind in _SPOKEN:
                paragraph.paragraph_format.keep_together = False
            elif before is not None:
                before.paragraph_format.keep_with_next = True
            before = paragraph
        self._begun = self._begun or before is not None

    def _dual(self, dual: Dual, above: int | None) -> None:
        if self._below_table:
            separate(self._document)
        cells = add_columns(self._document, self.sheet)
        for cell, speech in zip(cells, (dual.left, dual.right), strict=True):
            self._cell = cell
            self._speech(speech, above, prefix="Dual ")
            if not cell.paragraphs:
                cell.add_paragraph()
        self._cell = None
        self._above, self._below_table = None, True

    def _keep_above(self) -> None:
        """Keep the paragraph above on one page with the next one."""
        if self._above is not None:
            self._above.paragraph_format.keep_with_next = True


def _add_run(paragraph: DocxParagraph, run: Run, *, chinese: bool) -> DocxRun:
    """Add a run; beside Han characters, marks that both scripts have are taken from the Chinese font."""
    from docx.oxml.ns import qn

    added = paragraph.add_run(run.text)
    added.bold = run.bold or None
    added.italic = run.italic or None
    added.underline = run.underline or None
    if chinese and _FULL_WIDTH.search(run.text):
        added._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    return added
