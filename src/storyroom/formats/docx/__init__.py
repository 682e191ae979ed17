"""Word (DOCX): a screenplay in named styles, written with python-docx.

    write(script, PageOptions(size="a4", scene_numbers=True)) -> bytes

The places on the page are those of `storyroom.formats.pages`, kept in paragraph styles, so that whoever edits
goes on in the same layout. Word breaks the pages. Notes are comments; scenes stand in the navigation pane.
"""

from storyroom.formats.docx.write import write

__all__ = ["write"]
