"""What comes of reading a script that does not say what its lines are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from storyroom.formats.fountain import Run, emphasis, mark_up
from storyroom.formats.plain.joining import joint
from storyroom.formats.plain.rows import Row
from storyroom.story.headings import cue_name
from storyroom.story.script import SPOKEN, Element, Kind, Script, TitlePage


@dataclass(frozen=True, slots=True)
class Doubt:
    """An element that could be something else.

    Attributes:
        page: number of its page in the file; None for a text without pages.
        line: number of its line, in a text; of its row on the page, in a PDF.
        taken_as: what it was taken for.
        text: its first line.
        why: what speaks against it, or what was guessed.
    """

    page: int | None
    line: int
    taken_as: Kind
    text: str
    why: str

    @property
    def where(self) -> str:
        """Where it stands, for people: ``page 3, line 12``."""
        return f"page {self.page}, line {self.line}" if self.page else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A script as it was read, and what is uncertain about it."""

    script: Script
    doubts: tuple[Doubt, ...] = ()

    @property
    def elements(self) -> int:
        """Number of elements."""
        return sum(1 for _ in self.script.elements())


@dataclass
class _Open:
    kind: Kind
    text: str
    end: float
    fields: dict[str, Any] = field(default_factory=dict)


class Draft:
    """A script that is being read: elements are begun, go on over rows, and are closed by the next.

    Attributes:
        speaker: key of the name on the last cue, while its speech is open.
    """

    def __init__(self, *, paged: bool) -> None:
        self._paged = paged
        self._done: list[Element] = []
        self._doubts: list[Doubt] = []
        self._open: _Open | None = None
        self.speaker: str | None = None

    @property
    def kind(self) -> Kind | None:
        """The kind of the last element; None before the first."""
        return self._open.kind if self._open else None

    @property
    def last_text(self) -> str:
        """The text of the last element."""
        return self._open.text if self._open else ""

    def begin(self, kind: Kind, row: Row, text: str, why: str = "", **fields: Any) -> None:
        """Begin an element; say why it is uncertain, if it is."""
        self._close()
        self._open = _Open(kind, text, row.end, fields)
        if kind is Kind.CUE:
            self.speaker = cue_name(text)
        elif kind not in SPOKEN and kind is not Kind.LYRIC:
            self.speaker = None
        if why:
            self.doubt(row, text, why)

    def doubt(self, row: Row, text: str, why: str) -> None:
        """Say why the element is uncertain from a row on."""
        assert self._open is not None, "nothing is uncertain before it began"
        page = row.page if self._paged else None
        self._doubts.append(Doubt(page, row.line, self._open.kind, text.strip(), why))

    def go_on(self, text: str, end: float, limit: float) -> None:
        """Add a row to the element, which ends at a column; its lines could reach `limit`."""
        assert self._open is not None, "nothing goes on before it began"
        self.add(joint(self._open.text, self._open.end, text, limit) + text, end)

    def add(self, text: str, end: float) -> None:
        """Add text to the element just so."""
        assert self._open is not None, "nothing goes on before it began"
        self._open.text += text
        self._open.end = end

    def joint(self, text: str, limit: float) -> str:
        """Return what would stand between the element and a row that went on with it."""
        assert self._open is not None, "nothing goes on before it began"
        return joint(self._open.text, self._open.end, text, limit)

    def reading(self, title_page: TitlePage) -> Reading:
        """Return all that was read."""
        self._close()
        return Reading(Script.of(self._done, title_page), tuple(self._doubts))

    def _close(self) -> None:
        one, self._open = self._open, None
        if one is None:
            return
        text = _bare(one.text) if one.kind is Kind.PARENTHETICAL else one.text
        if text.strip():
            self._done.append(Element(kind=one.kind, text=escaped(text), **one.fields))


def escaped(text: str) -> str:
    r"""Return printed text as an element's: what Fountain would take for a mark gets a backslash.

    >>> escaped("2 * 2"), escaped("*yes*")
    ('2 * 2', '\\*yes\\*')
    """
    plain = "".join(run.text for run in emphasis(text))
    return text if plain == text else mark_up([Run(text)])


def _bare(text: str) -> str:
    text = text.strip()
    if text[:1] in "(（":
        text = text[1:]
    if text[-1:] in ")）" and text.count("(") + text.count("（") < text.count(")") + text.count("）"):
        text = text[:-1]
    return text.strip()
