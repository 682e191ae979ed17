"""Scripts read from PDFs that hold text.

    read_file(path) -> Reading   the script, and what is uncertain about it
    read(data) -> Reading

The place of each character gives rows, and `storyroom.formats.plain` reads these as it reads plain text. What
was never printed (notes, sections, synopses) is not there, and emphasis is not read.
"""

from storyroom.formats.pdf_read.read import read, read_file

__all__ = ["read", "read_file"]
