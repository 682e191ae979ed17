"""Script notes: which words of the script each is about.

Final Draft of today keeps the notes in one list, and each names a Range of the script: UTF-16 units over the
paragraphs of the Content, one more for each paragraph's end, two for a dual dialogue or an omitted scene
inside a paragraph, whatever it holds. A note on whole paragraphs stands behind the last of them; one on some
words is a note in the text, behind the words.
"""

import xml.etree.ElementTree as ET
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from storyroom.formats.fdx.inline import Placed, plain
from storyroom.formats.fdx.paragraphs import Paragraph, note_text, utf16

BONEYARD = "Boneyard"
_START_OF_SCRIPT = -1


class Notes:
    """The notes of a document, by the paragraphs that they are about.

    Attributes:
        before: what stands before the first paragraph, marks included; notes on nothing are there too.
        behind: by index of the paragraph, what stands behind it.
        within: by index of the paragraph, what stands in its text.
    """

    def __init__(self, root: ET.Element, paragraphs: Sequence[Paragraph]) -> None:
        self.before: list[str] = []
        self.behind: dict[int, list[str]] = {}
        self.within: dict[int, list[Placed]] = {}
        self._paragraphs = paragraphs
        self._lengths: dict[int, list[int]] = {}
        self._starts = list(accumulate((p.units + 1 for p in paragraphs), initial=0))
        for note in _notes(root):
            self._place(note)
        for index, paragraph in enumerate(paragraphs):
            self.behind.setdefault(index, [])[:0] = [marked(text) for text in paragraph.notes]
            self.within.get(index, []).sort(key=lambda placed: placed.offset)

    def _place(self, note: ET.Element) -> None:
        text = marked(note_text(note), boneyard=note.get("Type") == BONEYARD)
        start, end = _range(note.get("Range", ""))
        if not self._paragraphs or start < 0 or start >= self._starts[-1] or end == 0:
            self.before.append(text)
            return
        end = min(max(start, end), self._starts[-1] - 1)
        index = bisect_right(self._starts, end) - 1
        paragraph = self._paragraphs[index]
        first, last = self._starts[index], self._starts[index] + paragraph.units
        whole = start <= first and end >= last and end > first
        if whole or paragraph.dual:
            self.behind.setdefault(index, []).append(text)
        else:
            self.within.setdefault(index, []).append(Placed(self._characters(index, end - first), text))

    def _characters(self, index: int, units: int) -> int:
        """How many characters of a paragraph's text stand before this place."""
        if index not in self._lengths:
            self._lengths[index] = list(accumulate(map(utf16, plain(self._paragraphs[index].runs))))
        return bisect_right(self._lengths[index], max(0, units - self._paragraphs[index].skipped))


def _notes(root: ET.Element) -> Iterator[ET.Element]:
    yield from root.iterfind("UnanchoredScriptNotes/ScriptNote")
    yield from root.iterfind("ScriptNotes/ScriptNote")


def _range(text: str) -> tuple[int, int]:
    start, _, end = text.partition(",")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()) or len(text) > 30:
        return _START_OF_SCRIPT, _START_OF_SCRIPT
    return int(start), int(end)


def marked(text: str, *, boneyard: bool = False) -> str:
    """A note or boneyard with its marks, in a form that nothing in its text can end."""
    if boneyard:
        return f"/* {text.replace('*/', '* /')} */" if text else "/**/"
    while "]]" in text:
        text = text.replace("]]", "] ]")
    text = "\n".join(line if line.strip() else "  " for line in text.split("\n")) if text else ""
    return f"[[ {text} ]]" if text.endswith("]") else f"[[{text}]]"
