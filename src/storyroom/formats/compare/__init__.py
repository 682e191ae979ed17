"""Two versions of a script, compared element by element and word by word.

compare(Version("old", old), Version("new", new)) -> Comparison
as_rows(comparison) -> Rows        scene by scene, unchanged stretches left out: what the views show
as_json(comparison) -> dict        for programs
as_html(comparison) -> str         a page of its own, old and new side by side
revise(comparison, 1) -> Revision  the new version with revision marks, to be written as PDF or FDX
"""

from storyroom.formats.compare.comparison import Comparison, Version, compare
from storyroom.formats.compare.html import as_html
from storyroom.formats.compare.json import as_json
from storyroom.formats.compare.revision import Revision, revise, revision_number
from storyroom.formats.compare.rows import Row, SceneRows, as_rows, summary

__all__ = [
    "Comparison",
    "Revision",
    "Row",
    "SceneRows",
    "Version",
    "as_html",
    "as_json",
    "as_rows",
    "compare",
    "revise",
    "revision_number",
    "summary",
]
