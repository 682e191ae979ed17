"""HTML: a script as one page that needs nothing else, to read on any screen and to print.

    write(script, PageOptions(size="a4")) -> str

No scripts, no files beside it, nothing from the network. Scenes are sections with headings, and ``#scene-3``
links to one; printed, it has the margins of a screenplay.
"""

from storyroom.formats.html.write import write

__all__ = ["write"]
