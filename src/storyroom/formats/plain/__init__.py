"""Scripts in plain text, read by where their lines stand.

    read(data) -> Reading        the script, and what is uncertain about it
    read_rows(rows) -> Reading   the same for rows that something else took from a page

Indented columns tell the element; at the left edge names do, above a speech or before it with a colon. What
the pages added (page numbers, headers, (MORE) and (CONT'D), scene numbers and asterisks in the margins) is
taken off, and lines that were broken for want of room are joined. What is neither is read as Fountain.
"""

from storyroom.formats.plain.read import read, read_rows, with_plain_headings
from storyroom.formats.plain.reading import Doubt, Reading
from storyroom.formats.plain.rows import Row, Segment

__all__ = ["Doubt", "Reading", "Row", "Segment", "read", "read_rows", "with_plain_headings"]
