"""What the lines of a script feel like, measured: line by line, then by scene, character and episode.

    score(["Who's there?", "别过来！"]) -> [Feeling, Feeling]
    read(script) -> Report             scenes, characters, the arc of the episode, its act breaks
    with_plan(report, outline)         the same, with what the outline planned beside it
    as_svg(report), as_png(report), as_page(report)

`score` and `read` take the head that ships with the package: numpy alone, English and Chinese, no network.
Another source can take its place: `open_source("transformers:ID-OR-PATH")`, or any object with a `name` and a
`score` method, such as a judge that gives reasons. Each feeling names the source that said it.
"""

from storyroom.emotion.chart import as_png, as_svg
from storyroom.emotion.feeling import EMOTIONS, WEAK, Feeling
from storyroom.emotion.lines import Line, lines_of
from storyroom.emotion.mood import Mood, mood_of
from storyroom.emotion.page import as_page
from storyroom.emotion.planned import Compared, with_plan
from storyroom.emotion.record import as_json
from storyroom.emotion.report import CharacterMood, Felt, Report, SceneMood, read
from storyroom.emotion.source import Source, open_source, score
from storyroom.emotion.told import as_text

__all__ = [
    "EMOTIONS",
    "WEAK",
    "CharacterMood",
    "Compared",
    "Feeling",
    "Felt",
    "Line",
    "Mood",
    "Report",
    "SceneMood",
    "Source",
    "as_json",
    "as_page",
    "as_png",
    "as_svg",
    "as_text",
    "lines_of",
    "mood_of",
    "open_source",
    "read",
    "score",
    "with_plan",
]
