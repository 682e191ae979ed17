"""A comparison as a page of HTML: old and new side by side, readable without colour, on screen and paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from storyroom.formats.compare.comparison import Comparison
from storyroom.formats.compare.rows import Row, SceneRows, as_rows, summary
from storyroom.formats.language import language
from storyroom.formats.titles import document_title
from storyroom.story.alignment import Fate
from storyroom.story.wording import Words

_SIGNS = {Fate.SAME: "", Fate.CHANGED: "~", Fate.MOVED: "&gt;", Fate.NEW: "+", Fate.GONE: "−"}
_TAGS = {"removed": "del", "added": "ins"}

_ENGLISH = {
    "old side": "Old",
    "new side": "New",
    "line": "line",
    "what": "What",
    "is same": "same",
    "is changed": "changed",
    "is moved": "moved",
    "is new": "new",
    "is gone": "gone",
    "scene counted": "{} scene {}",
    "scenes counted": "{} scenes {}",
    "line counted": "{} line {}",
    "lines counted": "{} lines {}",
    "left_out": "{} lines as they were",
    "nothing": "Nothing differs.",
    "title_page": "Title page",
    "before": "Before the first scene",
    "scene": "Scene {}",
    "was": "was scene {}",
    "comma": ", ",
}
_CHINESE = {
    "old side": "旧稿",
    "new side": "新稿",
    "line": "行",
    "what": "变化",
    "is same": "未变",
    "is changed": "改",
    "is moved": "移",
    "is new": "增",
    "is gone": "删",
    "scene counted": "{1} {0} 场",
    "scenes counted": "{1} {0} 场",
    "line counted": "{1} {0} 行",
    "lines counted": "{1} {0} 行",
    "left_out": "{} 行未变",
    "nothing": "没有不同。",
    "title_page": "扉页",
    "before": "第一场之前",
    "scene": "第{}场",
    "was": "原第{}场",
    "comma": "，",
}
_STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1a1a1a; --paper: #fff; --faint: #5c5c5c; --rule: #d0d0d0; --moved: #0b3f8a;
  --gone: #8a0d1f; --gone-paper: #ffe3e3; --new: #0b5320; --new-paper: #ddf5e1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8e8e8; --paper: #161616; --faint: #a8a8a8; --rule: #444; --moved: #a9c9ff;
    --gone: #ffb3b8; --gone-paper: #4a1a20; --new: #a6e9b3; --new-paper: #143b1e;
  }
}
body {
  margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 "Courier Prime", "Courier New", Courier, "Noto Sans Mono CJK SC", monospace;
}
h1 { font-size: 1.3rem; }
h2 { font-size: 1rem; margin: 2rem 0 .3rem; }
h2 small { color: var(--moved); font-weight: normal; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
thead th { text-align: left; color: var(--faint); font-weight: normal; border-bottom: 1px solid var(--rule); }
td, tbody th { padding: .1rem .4rem; vertical-align: top; }
.number { width: 3.5em; }
.sign { width: 2em; }
td.number { color: var(--faint); text-align: right; }
tbody th { text-align: center; }
td.text { overflow-wrap: anywhere; white-space: pre-wrap; }
.cue { padding-left: 6em; }
.parenthetical { padding-left: 4.5em; }
.dialogue, .lyric { padding-left: 3em; }
.scene_heading { font-weight: bold; }
.transition { text-align: right; }
.centered { text-align: center; }
.section, .synopsis, .note, .boneyard, .page_break { color: var(--faint); }
del { color: var(--gone); background: var(--gone-paper); text-decoration: line-through; }
ins { color: var(--new); background: var(--new-paper); text-decoration: underline; }
tr.moved th, tr.moved td.number { color: var(--moved); }
tr.left-out td { color: var(--faint); text-align: center; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 48rem) {
  body { font-size: 12px; }
  .cue, .parenthetical, .dialogue, .lyric { padding-left: 1em; }
}
@media print {
  body { margin: 0; max-width: none; font-size: 9pt; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  del, ins { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def as_html(comparison: Comparison, *, context: int | None = 1) -> str:
    """Return the comparison as a whole page that needs nothing else, in the language of the new version.

    Args:
        comparison: of two versions.
        context: how many unchanged elements are shown around each change; None shows all.
    """
    tag = language(comparison.new.script)
    words = _CHINESE if tag.startswith("zh") else _ENGLISH
    title = document_title(comparison.new.script) or comparison.new.name
    names = f"{escape(comparison.old.name)} → {escape(comparison.new.name)}"
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(tag)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}: {names}</title><style>{_STYLE}</style></head><body>",
        f"<header><h1>{escape(title)}</h1><p>{names}</p><p>{_summary(comparison, words)}</p></header><main>",
        *_title_page(comparison, words),
        *(part for scene in as_rows(comparison, context=context) for part in _scene(scene, words)),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _summary(comparison: Comparison, words: dict[str, str]) -> str:
    if comparison.same:
        return words["nothing"]
    counts = (
        words[f"{what} counted" if number == 1 else f"{what}s counted"].format(number, words[f"is {fate}"])
        for what, fate, number in summary(comparison)
    )
    return words["comma"].join(counts)


def _title_page(comparison: Comparison, words: dict[str, str]) -> Iterator[str]:
    if comparison.title_page:
        yield f"<section><h2>{words['title_page']}</h2><dl>"
        for entry in comparison.title_page:
            old = f"<del>{escape(entry.old)}</del>" if entry.old is not None else ""
            new = f"<ins>{escape(entry.new)}</ins>" if entry.new is not None else ""
            yield f"<dt>{escape(entry.key)}</dt><dd>{old} {new}</dd>"
        yield "</dl></section>"


def _scene(scene: SceneRows, words: dict[str, str]) -> Iterator[str]:
    number = scene.new if scene.new is not None else scene.old
    name = words["scene"].format(number) if number else words["before"]
    notes = [] if scene.fate in (Fate.SAME, Fate.CHANGED) else [words[f"is {scene.fate}"]]
    if scene.old is not None and scene.new is not None and scene.old != scene.new:
        notes.append(words["was"].format(scene.old))
    small = f" <small>({escape(words['comma'].join(notes))})</small>" if notes else ""
    yield f"<section><h2>{name} {escape(scene.heading)}{small}</h2>"
    if all(row.left_out for row in scene.rows):
        yield from (f"<p>{words['left_out'].format(row.left_out)}</p></section>" for row in scene.rows)
        return
    yield "<table><thead><tr>"
    yield _side_head(words["old side"], words["line"])
    yield f'<th scope="col" class="sign"><span class="unseen">{words["what"]}</span></th>'
    yield _side_head(words["new side"], words["line"])
    yield "</tr></thead><tbody>"
    yield from (_row(row, words) for row in scene.rows)
    yield "</tbody></table></section>"


def _side_head(side: str, line: str) -> str:
    return (
        f'<th scope="col" class="number"><span class="unseen">{side}, </span>{line}</th>'
        f'<th scope="col">{side}</th>'
    )


def _row(row: Row, words: dict[str, str]) -> str:
    if row.left_out:
        return f'<tr class="left-out"><td colspan="5">{words["left_out"].format(row.left_out)}</td></tr>'
    fate = words[f"is {row.fate}"]
    sign = _SIGNS[row.fate] + ("~" if row.changed and row.fate is Fate.MOVED else "")
    return (
        f'<tr class="{row.fate}"><td class="number">{row.old or ""}</td>{_side(row, "added")}'
        f'<th scope="row" class="sign"><span aria-hidden="true">{sign}</span>'
        f'<span class="unseen">{fate}</span></th>'
        f'<td class="number">{row.new or ""}</td>{_side(row, "removed")}</tr>'
    )


def _side(row: Row, other: str) -> str:
    """Return one side of a row: all words but those of the other side."""
    text = "".join(_marked(one) for one in row.words if one.state != other)
    return f'<td class="text"><div class="{row.kind}">{text}</div></td>'


def _marked(words: Words) -> str:
    tag = _TAGS.get(words.state)
    text = escape(words.text)
    return f"<{tag}>{text}</{tag}>" if tag else text
