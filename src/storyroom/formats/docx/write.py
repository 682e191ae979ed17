"""Write a script as a Word document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storyroom.formats.docx.body import Body
from storyroom.formats.docx.package import new_document, packed
from storyroom.formats.docx.page import set_pages
from storyroom.formats.docx.styles import styles_xml
from storyroom.formats.docx.title import write_title_page
from storyroom.formats.flow import flow
from storyroom.formats.language import language
from storyroom.formats.pages import PageOptions, sheet_for
from storyroom.formats.printed import clean
from storyroom.formats.titles import authors, document_title
from storyroom.story.script import Script

if TYPE_CHECKING:
    from docx.document import Document

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_PROPERTY = 255


def write(script: Script, options: PageOptions | None = None) -> bytes:
    """Write a script as DOCX.

    The same script and options give the same bytes. A script without anything to print is an empty document.

    Args:
        script: the script; boneyards are left out, notes, synopses and sections become comments.
        options: paper, scene numbers, teleplay; revisions are not marked, Word compares documents itself.
    """
    options = options or PageOptions()
    sheet = sheet_for(script, options)
    tag = language(script)
    styles = styles_xml(
        sheet,
        language=tag,
        double_spaced=options.teleplay == "half_hour",
        numbered=options.scene_numbers,
    )
    document = new_document(styles, chinese=tag.startswith("zh"))
    _describe(document, script, tag)
    body = Body(document, sheet, chinese=tag.startswith("zh"), numbered=options.scene_numbers)
    set_pages(document, sheet, titled=write_title_page(script.title_page, body))
    for block in flow(script, options):
        body.add(block)
    body.close()
    return packed(document)


def _describe(document: Document, script: Script, tag: str) -> None:
    properties = document.core_properties
    properties.title = clean(document_title(script))[:_LONGEST_PROPERTY]
    properties.author = clean(authors(script))[:_LONGEST_PROPERTY]
    properties.language = tag[:_LONGEST_PROPERTY]
    properties.comments = ""
    properties.created = properties.modified = _UNDATED
