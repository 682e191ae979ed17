"""Fountain 1.1 (https://fountain.io/syntax), read and written without loss.

    parse(text) -> Script            any text at all; `write(parse(text))` is `text`
    parse_elements(text) -> list     text that starts in the middle of a scene, without a title page
    read_file(path) -> Script        UTF-8, UTF-16 or GBK
    write(script) -> str             elements that were read stand as they were, the others are laid out
    normalise(script) -> Script      what a reader will get of a script that says more than Fountain can
    emphasis(text) -> tuple[Run]     ``*italic*``, ``**bold**``, ``_underline_`` as styled runs
    mark_up(runs) -> str             and back

Beyond the specification, Chinese is read as English is: headings (``内景 灯塔 夜``), full-width parentheses
and colons. A cue in a script without upper case is forced: ``@玛拉（画外音）``.
"""

from storyroom.formats.fountain.emphasis import Run, emphasis, mark_up
from storyroom.formats.fountain.files import read_file
from storyroom.formats.fountain.normal import normalise
from storyroom.formats.fountain.parse import parse, parse_elements
from storyroom.formats.fountain.write import write

__all__ = ["Run", "emphasis", "mark_up", "normalise", "parse", "parse_elements", "read_file", "write"]
