"""A comparison in the terminal: readable without colour and in eighty columns."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from storyroom.cli.output import clean, show, stdout
from storyroom.cli.words import count
from storyroom.story.alignment import Fate
from storyroom.story.script import Kind

if TYPE_CHECKING:
    from rich.padding import Padding
    from rich.text import Text

    from storyroom.formats.compare import Comparison, Row, SceneRows
    from storyroom.story.wording import Words

_SIGNS = {Fate.SAME: " ", Fate.CHANGED: "~", Fate.MOVED: ">", Fate.NEW: "+", Fate.GONE: "-"}
_STYLES = {
    Fate.SAME: "dim",
    Fate.CHANGED: "",
    Fate.MOVED: "blue",
    Fate.NEW: "green",
    Fate.GONE: "red",
}
_INDENTS = {Kind.CUE: 8, Kind.PARENTHETICAL: 6, Kind.DIALOGUE: 4, Kind.LYRIC: 4}
_LEAST_WIDTH = 40


def show_changes(comparison: Comparison, *, context: int | None) -> None:
    """Write what differs, scene by scene."""
    from storyroom.formats.compare import as_rows

    show(f"--- {comparison.old.name}\n+++ {comparison.new.name}", "bold")
    if comparison.title_page:
        show("\nTitle page", "bold")
    for entry in comparison.title_page:
        gone = f"[-{entry.old}-]" if entry.old is not None else ""
        come = f"{{+{entry.new}+}}" if entry.new is not None else ""
        show(f"  ~ {entry.key}: {gone}{come}".replace("\n", " / "))
    for scene in as_rows(comparison, context=context):
        _show_scene(scene)


def told(comparison: Comparison) -> str:
    """Return in a line how much differs."""
    from storyroom.formats.compare import summary

    if comparison.same:
        return "Nothing differs."
    parts = [f"{count(number, what)} {fate}" for what, fate, number in summary(comparison)]
    if comparison.title_page:
        parts.append("title page changed")
    return f"{', '.join(parts)}; {count(comparison.lines[Fate.SAME], 'line')} as before."


def _show_scene(scene: SceneRows) -> None:
    from rich.table import Table

    show(f"\n{_title(scene)}", "bold")
    console = stdout()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0), expand=False)
    for column in ("old", "new"):
        table.add_column(column, justify="right", min_width=4, no_wrap=True, style="dim")
    table.add_column("sign", min_width=2, no_wrap=True)
    table.add_column("text", overflow="fold")
    for row in scene.rows:
        if row.left_out:
            table.add_row("", "", "", f"… {count(row.left_out, 'line')} as before", style="dim")
        else:
            table.add_row(str(row.old or ""), str(row.new or ""), _sign(row), _said(row))
    with console.capture() as laid_out:
        console.print(table, width=max(_LEAST_WIDTH, console.width))
    sys.stdout.writelines(line.rstrip() + "\n" for line in laid_out.get().splitlines())


def _title(scene: SceneRows) -> str:
    number = scene.new if scene.new is not None else scene.old
    notes = [] if scene.fate in (Fate.SAME, Fate.CHANGED) else [scene.fate.value]
    if scene.old is not None and scene.new is not None and scene.old != scene.new:
        notes.append(f"was scene {scene.old}")
    title = f"Scene {number}  {scene.heading}" if number else "Before the first scene"
    return f"{title}  ({', '.join(notes)})" if notes else title


def _sign(row: Row) -> Text:
    from rich.text import Text

    reworded = "~" if row.fate is Fate.MOVED and row.changed else ""
    return Text(_SIGNS[row.fate] + reworded, style=_STYLES[row.fate])


def _said(row: Row) -> Padding:
    """Return the words of a row: marked one by one where the line was reworded."""
    from rich.padding import Padding
    from rich.text import Text

    text = Text(style=_STYLES[row.fate] if row.fate in (Fate.NEW, Fate.GONE, Fate.SAME) else "")
    for words in row.words:
        text.append_text(_marked(words) if row.changed else Text(clean(words.text)))
    return Padding(text, (0, 0, 0, _INDENTS.get(row.kind, 0)))


def _marked(words: Words) -> Text:
    from rich.text import Text

    text = clean(words.text)
    if words.state == "removed":
        return Text(f"[-{text}-]", style="red")
    if words.state == "added":
        return Text(f"{{+{text}+}}", style="green")
    return Text(text)
