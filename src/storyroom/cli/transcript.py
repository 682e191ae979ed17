"""A debate in the terminal: readable in eighty columns and without colour."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from storyroom.cli.output import clean, stdout

if TYPE_CHECKING:
    from rich.text import Text

    from storyroom.transcripts.transcript import Change, Exchange, Move, Transcript

_NARROW, _WIDE = 40, 100
_COLUMNS = 80
_STYLES = {
    "settled": "green",
    "withdrawn": "green",
    "upheld": "green",
    "overruled": "red",
    "rejected": "red",
    "sent_back": "yellow",
    "open": "yellow",
}


class Lines:
    """Collects lines of text, folded to the width there is, and writes them."""

    def __init__(self) -> None:
        self._console = stdout()
        width = self._console.width if self._console.is_terminal else _COLUMNS
        self.width = max(_NARROW, min(_WIDE, width))

    def put(self, text: str | Text = "", *, indent: int = 0, style: str = "") -> None:
        """Write a paragraph."""
        from rich.padding import Padding
        from rich.text import Text

        shown = Text(clean(text), style=style, overflow="fold") if isinstance(text, str) else text
        with self._console.capture() as laid_out:
            self._console.print(Padding(shown, (0, 0, 0, indent)), width=self.width)
        sys.stdout.writelines(line.rstrip() + "\n" for line in laid_out.get().splitlines())

    def put_pair(self, left: str, right: str, style: str = "") -> None:
        """Write two texts at the two ends of a line; below each other if there is no room."""
        from rich.cells import cell_len
        from rich.text import Text

        left, right = clean(left), clean(right)
        gap = self.width - cell_len(left) - cell_len(right)
        if gap < 2:
            self.put(left, style="bold")
            self.put(right, indent=2, style=style)
        else:
            self.put(Text(left, "bold").append(" " * gap).append(right, style or "none"))


def show_transcript(one: Transcript) -> None:
    """Write a debate."""
    lines, words = Lines(), one.words
    lines.put_pair(one.title, one.id, "dim")
    if one.heading:
        lines.put(one.heading)
    if one.shared:
        lines.put(words["shared"].format(one.shared), style="yellow")
    lines.put(f"{words['stopped']}{words['colon']}{one.outcome}")
    lines.put(one.facts)
    speakers = words["comma"].join(one.speakers) or words["nobody"]
    lines.put(f"{words['took part']}{words['colon']}{speakers}", style="dim")
    lines.put(f"{words['spent']}{words['colon']}{one.costs}", style="dim")
    for exchange in one.exchanges:
        lines.put()
        _exchange(lines, exchange, one)
    _rest(lines, one)


def _exchange(lines: Lines, one: Exchange, whole: Transcript) -> None:
    words = whole.words
    lines.put_pair(
        words["objection"].format(one.number, whole.of), one.fate_said.upper(), _STYLES[one.fate] + " bold"
    )
    tags = [one.gravity, one.kind, *([words["certain"]] if one.certain else [])]
    lines.put(
        f"{words['turn'].format(one.turn)}  {one.who}{words['colon']}{words['comma'].join(tags)}", indent=2
    )
    if one.where:
        lines.put(one.where, indent=2, style="dim")
    lines.put(f"“{one.quote}”", indent=4)
    if one.says:
        lines.put(one.says, indent=2)
    if one.note:
        lines.put(one.note, indent=2, style="cyan")
    round_ = 0
    for move in one.moves:
        if move.round not in (0, round_):
            round_ = move.round
            lines.put(words["round"].format(round_), indent=2, style="dim")
        _move(lines, move, whole)
    if one.change:
        lines.put(words["at the end"], indent=2, style="dim")
        lines.put(marked(one.change), indent=6)


def _move(lines: Lines, move: Move, whole: Transcript) -> None:
    words = whole.words
    says = f"{words['colon']}{move.says}" if move.says else ""
    lines.put(f"{words['turn'].format(move.turn)}  {move.who} {move.verb}{says}", indent=4)
    if move.change:
        lines.put(marked(move.change), indent=6)


def _rest(lines: Lines, one: Transcript) -> None:
    """Write what stands below the objections: notes, changes that nobody asked for, dissent."""
    words = one.words
    if one.notes:
        lines.put()
        lines.put(words["notes"], style="bold")
    for said in one.notes:
        lines.put(
            f"{words['turn'].format(said.turn)}  {words['note by'].format(said.by)} “{said.text}”", indent=2
        )
        because = f"{words['colon']}{said.reason}" if said.reason else ""
        lines.put(f"{said.who}{words['colon']}{said.state}{because}", indent=4)
        for quote in said.lines:
            lines.put(f"“{quote}”", indent=6)
    if one.unasked:
        lines.put()
        lines.put(words["unasked"], style="bold")
    for other in one.unasked:
        fate = words["stands" if other.stands else "undone"]
        who = words["comma"].join(filter(None, (other.who, other.where)))
        lines.put(f"{words['turn'].format(other.turn)}  {who} ({fate})", indent=2)
        lines.put(marked(other.change), indent=6)
    if one.dissent:
        lines.put()
        lines.put(words["dissent"], style="bold")
    for left in one.dissent:
        number = words["objection"].format(left.number, one.of)
        says = f"{words['colon']}{left.says}" if left.says else ""
        lines.put(f"{number}  {left.who}{says}", indent=2)


def marked(change: Change) -> Text:
    """Return a change word by word: ``[-what went-]`` and ``{+what came+}``."""
    from rich.text import Text

    from storyroom.story.wording import words_changed

    text = Text(overflow="fold")
    for part in words_changed(change.was, change.now):
        said = clean(part.text)
        if part.state == "removed":
            text.append(f"[-{said}-]", "red")
        elif part.state == "added":
            text.append(f"{{+{said}+}}", "green")
        else:
            text.append(said)
    return text
