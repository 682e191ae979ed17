"""What the rules have in common: how they say what they found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from storyroom.tools.polish.change import Change, ChangeKind, Edit
from storyroom.tools.polish.view import Line

CODE = "code"


class Pattern(NamedTuple):
    """A rule that is one regular expression.

    Attributes:
        find: what is wrong. Its group `old`, if it has one, is what is written anew; else all of it.
        new: gives the new wording of that.
        reason: why, as a sentence; ``{found}`` and ``{new}`` stand for both wordings.
    """

    kind: ChangeKind
    find: re.Pattern[str]
    new: Callable[[re.Match[str]], str]
    reason: str

    def changes(self, line: Line) -> Iterator[Change]:
        """Yield what it finds in a line."""
        for one in self.find.finditer(line.text):
            start, end = one.span("old" if "old" in self.find.groupindex else 0)
            new = self.new(one)
            if new != line.text[start:end]:
                reason = self.reason.format(found=line.text[start:end].strip(), new=new.strip())
                yield Change(line.place, (Edit(start, end, new),), self.kind, reason, CODE)


def remark(place: int, kind: ChangeKind, reason: str) -> Change:
    """Return a remark on a line."""
    return Change(place, (), kind, reason, CODE)
