"""Read Fountain: one pass over the lines, each looked at once.

A blank line ends a paragraph. Inside a speech a line of two or more spaces is kept instead. A forced element
starts wherever its mark begins a line, except in a speech, where all but parentheticals and lyrics is
dialogue. What needs a blank line before it (headings, cues, transitions that no mark forces) also stands
directly below any element but action and speech. A heading does not need the blank line after it that the
specification asks for: without this rule ``INT. HOUSE`` above a line of text would be a cue.
"""

import hashlib
from typing import Any

from storyroom.formats.fountain.lines import (
    count_line_ends,
    is_separator,
    leading_blank,
    logical_lines,
    newline_of,
    unix,
)
from storyroom.formats.fountain.marks import marked, spoken, unmarked
from storyroom.formats.fountain.title import read_title_page
from storyroom.story.script import Element, Kind, Script, Source, TitlePage

_GROWING = frozenset({Kind.ACTION, Kind.DIALOGUE, Kind.LYRIC, Kind.CENTERED})


def parse(text: str) -> Script:
    """Read a whole script. Takes any text, in time linear in its length; `write` gives the same text back."""
    origin, head = fingerprint(text), leading_blank(text)
    line = 1 + count_line_ends(head)
    entries, page = read_title_page(text[len(head) :])
    reader = Reader(text[len(head) + len(page) :], origin=origin, line=line + count_line_ends(page))
    title_page = TitlePage()
    if entries:
        last_line = line + count_line_ends(page.rstrip())
        title_page = TitlePage(entries, Source(page + reader.before, line, last_line, origin))
    else:
        head += reader.before
    return Script(title_page, head=head, newline=newline_of(text)).with_elements(reader.elements)


def parse_elements(text: str) -> list[Element]:
    """Read screenplay text that starts in the middle of a scene: no title page, lines counted from 1."""
    return Reader(text, origin=fingerprint(text)).elements


def fingerprint(text: str) -> str:
    """Name a text by its content."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Reader:
    """Reads elements from text that begins a paragraph, or goes on with a speech.

    Attributes:
        elements: what was read.
        before: the blank lines before the first element.
    """

    def __init__(self, text: str, *, origin: str = "", line: int = 1, speech: bool = False) -> None:
        self.elements: list[Element] = []
        self.before = ""
        self._origin, self._line, self._speech = origin, line, speech
        self._open: _Paragraph | None = None
        lines = logical_lines(text)
        lines.append("")
        for index in range(len(lines) - 1):
            raw = lines[index]
            if stripped := raw.strip():
                self._take(raw, stripped, lines[index + 1])
            else:
                self._blank(raw)
            self._line += count_line_ends(raw)
        self._close()

    def _take(self, raw: str, line: str, following: str) -> None:
        """Read one line that is not blank; `line` is the same without the white space around it."""
        growing = self._open.kind if self._open and self._open.growing else None
        if self._speech:
            reading = spoken(line)
        elif growing is Kind.ACTION:
            reading = marked(line, in_action=True) or (Kind.ACTION, raw.rstrip(), {})
        else:
            reading = marked(line) or unmarked(line, following) or (Kind.ACTION, raw.rstrip(), {})
        kind, text, fields = reading
        if self._open and kind is growing:
            self._open.add(text, raw)
        else:
            self._close()
            self._open = _Paragraph(kind, text, fields, raw, self._line)
            self._speech = self._speech or kind is Kind.CUE
        self._open.last_line = self._line + count_line_ends(line)

    def _blank(self, raw: str) -> None:
        kept = self._speech and not is_separator(raw)
        self._speech = kept
        if self._open:
            self._open.add_blank(raw, kept=kept)
        else:
            self.before += raw

    def _close(self) -> None:
        if self._open:
            self.elements.append(self._open.element(self._origin))
            self._open = None


class _Paragraph:
    """An element that is being read."""

    def __init__(self, kind: Kind, text: str, fields: dict[str, Any], raw: str, line: int) -> None:
        self.kind, self.fields = kind, fields
        self.texts, self.raws = [text], [raw]
        self.line = self.last_line = line
        self.growing = kind in _GROWING

    def add(self, text: str, raw: str) -> None:
        self.texts.append(text)
        self.raws.append(raw)

    def add_blank(self, raw: str, *, kept: bool) -> None:
        """Add a blank line; one that is kept belongs to dialogue, and divides lyrics."""
        self.raws.append(raw)
        if kept and self.kind is Kind.DIALOGUE:
            self.texts.append("")
        else:
            self.growing = False

    def element(self, origin: str) -> Element:
        text = "\n".join(self.texts)
        if self.kind is Kind.DIALOGUE:
            text = text.rstrip("\n")
        raw = self.raws[0] if len(self.raws) == 1 else "".join(self.raws)
        return Element(
            kind=self.kind,
            text=unix(text),
            source=Source(raw, self.line, self.last_line, origin),
            **self.fields,
        )
