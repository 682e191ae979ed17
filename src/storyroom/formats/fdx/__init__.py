"""Final Draft's FDX, read and written.

    read(data) -> Script               the bytes of an FDX file
    read_file(path) -> Script
    read_revised(data) -> Revised      the script, and which of its elements carry which revision
    write(script) -> bytes             a whole document: script, title page, notes, page layout

The format is not published. Element and attribute names are those of files that Final Draft wrote (versions 1
to 6), as they stand in public repositories. What Fountain marks with characters (emphasis, notes, boneyards)
is in the text of an `Element` here as there, so a script that was read from one format can be written as the
other; `docs/formats.md` tells what does not survive.
"""

from storyroom.formats.fdx.read import Revised, read, read_file, read_revised
from storyroom.formats.fdx.write import write

__all__ = ["Revised", "read", "read_file", "read_revised", "write"]
