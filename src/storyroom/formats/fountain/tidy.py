"""Tidy Fountain: the same script, laid out afresh the way most writers lay it out.

What changes is how it looks, never what it says:

- one blank line between paragraphs, none at either end, no white space at line ends, one kind of line end;
- scene headings in upper case, one space between their words, a full stop behind INT and its like;
- V.O., O.S., O.C. and CONT'D in upper case;
- a mark that forces a kind only where the line would be something else without it. What is in Chinese keeps
  its mark: other readers of Fountain may need it;
- full-width parentheses around Chinese, half-width around everything else; one space behind ``#``, ``=`` and
  ``>``, none behind ``~``; title page values indented alike.

Names on cues keep their case: ``@McCLANE`` is forced so that it can. Notes, boneyards and a byte order mark
stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace

from storyroom.errors import FormatError
from storyroom.formats.fountain.layout import stray_openers
from storyroom.formats.fountain.lines import count_line_ends, unix
from storyroom.formats.fountain.write import write
from storyroom.story.asides import scan
from storyroom.story.script import Element, Kind, Script, Source, TitlePage

_SETTING = re.compile(
    r"(INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I\.?/E|E\.?/I|INT|EXT|EST)(?:[.\s]\s*)", re.IGNORECASE
)
_HAN = re.compile(r"[㐀-鿿]")
_EXTENSION = re.compile(r"v\.?o\.?|o\.?[sc]\.?|cont['’]?d\.?", re.IGNORECASE)


def tidy(script: Script) -> str:
    """Return a script that was read, laid out afresh. Doing it again to what that reads as changes nothing.

    Raises:
        FormatError: a note or a boneyard is opened and never closed, so that nobody can tell where it ends.
    """
    head = "\ufeff" if script.head.startswith("\ufeff") else ""
    elements = [_tidied(element, script.newline) for element in script.elements()]
    if not elements and not script.title_page:
        return head
    page = TitlePage(script.title_page.entries)
    return (
        write(replace(script, head=head, title_page=page).with_elements(elements)).rstrip() + script.newline
    )


def tidy_heading(text: str) -> str:
    """Return a heading in upper case, with one space between words; asides stay as they are.

    >>> tidy_heading("int  lamp room - night [[whose lamp?]]")
    'INT. LAMP ROOM - NIGHT [[whose lamp?]]'
    """
    pieces, position = [], 0
    for aside in scan(text)[0]:
        pieces += [_raised(text[position : aside.start]), text[aside.start : aside.end]]
        position = aside.end
    heading = "".join(pieces) + _raised(text[position:])
    if setting := _SETTING.match(heading):
        words = re.sub(r"[.\s]", "", setting[1]).replace("T/", "T./")  # INT./EXT., but I/E.
        heading = f"{words}. {heading[setting.end() :]}".rstrip()
    return heading


def _raised(text: str) -> str:
    return re.sub(r"[ \t]+", " ", text).upper()


def _tidied(element: Element, newline: str) -> Element:
    _refuse_unclosed(element)
    kind, source = element.kind, element.source
    if source is not None and kind in (Kind.NOTE, Kind.BONEYARD):
        raw = (unix(source.raw).strip() + "\n").replace("\n", newline)
        return replace(element, source=Source(raw, source.line, source.last_line))
    text = tidy_heading(element.text) if kind is Kind.SCENE_HEADING else element.text
    extension = element.extension and _tidy_extension(element.extension)
    forced = element.forced and bool(_HAN.search(text + (extension or "")))
    return element.edited(text=text, extension=extension, forced=forced)


def _tidy_extension(extension: str) -> str:
    parts = re.split(r"([()（）])", extension)
    return "".join(part.upper() if _EXTENSION.fullmatch(part) else part for part in parts)


def _refuse_unclosed(element: Element) -> None:
    if element.source is None or not stray_openers(element):
        return
    raw = element.source.raw
    stray = scan(raw)[1][0]
    line, opener = element.source.line + count_line_ends(raw[:stray]), raw[stray : stray + 2]
    closed, plain = ("]]", "[\\[") if opener == "[[" else ("*/", "\\/*")
    raise FormatError(
        f"line {line}: {opener} is opened and never closed",
        hint=f"close it with {closed}, or write {plain} if it is plain text",
    )
