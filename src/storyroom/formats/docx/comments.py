"""Comments of a Word document: what a script says to its writers, beside the words it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from storyroom.story.script import Kind

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.run import Run

_AUTHORS = {
    Kind.NOTE: ("Note", "备注"),
    Kind.SYNOPSIS: ("Synopsis", "梗概"),
    Kind.SECTION: ("Section", "段落"),
}


class Comments:
    """Adds comments to a document; what they are shows as their author, since nobody is named in a script."""

    def __init__(self, document: Document, *, chinese: bool) -> None:
        self._document, self._chinese = document, chinese
        self._above: list[Run] = []
        self._waiting: list[tuple[Kind, str]] = []

    def add(self, runs: Sequence[Run], kind: Kind, text: str) -> None:
        """Comment on runs."""
        from docx.oxml.ns import qn

        author = _AUTHORS[kind][self._chinese]
        comment = self._document.add_comment(runs, text, author=author, initials=author[0])
        del comment._comment_elm.attrib[qn("w:date")]  # it would be now

    def add_above(self, kind: Kind, text: str) -> None:
        """Comment on the paragraph above, or on the first one if there is none yet."""
        if self._above:
            self.add(self._above, kind, text)
        else:
            self.add_below(kind, text)

    def add_below(self, kind: Kind, text: str) -> None:
        """Comment on the next paragraph."""
        self._waiting.append((kind, text))

    def see(self, runs: Sequence[Run]) -> None:
        """Know of a new paragraph."""
        self._above = list(runs)
        for kind, text in self._waiting:
            self.add(runs, kind, text)
        self._waiting.clear()

    def close(self) -> None:
        """Comment on the last paragraph with what still waits for one."""
        if self._waiting:
            self.see(self._above or [self._document.add_paragraph(style="Action").add_run()])

    def turn_page(self) -> None:
        """Forget the paragraph above: the title page is written."""
        self._above = []
