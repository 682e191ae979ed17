"""A report of feelings in the terminal: tables, and arcs as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyroom.cli.output import show, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storyroom.emotion import Feeling, Report
    from storyroom.emotion.mood import Mood

_BARS = "▁▂▃▄▅▆▇█"
_WIDE = 54
_NARROW = 14
_LEAST_RANGE = 0.3


def show_report(report: Report) -> None:
    """Show a report in 80 columns: the whole, then scenes, characters, and what was planned."""
    from storyroom.emotion.wording import wording

    words = wording(report.language)
    show(report.title or words["untitled"], "bold")
    show(words["subtitle"].format(lines=len(report.lines), weak=report.weak, source=report.source), "dim")
    show("")
    _show_arc(report, words)
    show("")
    _show_scenes(report, words)
    if report.characters:
        show("")
        _show_characters(report, words)
    if report.planned:
        show("")
        _show_planned(report, words)


def _show_arc(report: Report, words: Mapping[str, str]) -> None:
    from storyroom.story.measure import columns

    wide = min(_WIDE, len(report.arc.at))
    rows = []
    for name, values in (("valence", report.arc.valence), ("strength", report.arc.intensity)):
        scale = _scale([values])
        rows.append((words[name], f"{_sparkline(values, wide, scale)}  {scale[0]:.2f}…{scale[1]:.2f}"))
    if report.acts:
        marks = [" "] * (wide + 1)
        for act in report.acts:
            marks[min(wide, round((act.line - 1) / max(1, len(report.lines)) * wide))] = "|"
        rows.append((words["acts"], "".join(marks).rstrip()))
    for name, drawn in rows:
        show(f"{name}{' ' * (10 - columns(name))}{drawn}")
    if report.acts:
        show(f"{' ' * 10}{_cut(' | '.join(act.title for act in report.acts), 70)}")


def _show_scenes(report: Report, words: Mapping[str, str]) -> None:
    scale = _scale([scene.arc.valence for scene in report.scenes])
    show_table(
        [words["scene"], "", words["feeling"], words["valence"], words["strength"], words["arc"]],
        [
            [
                str(scene.number or "–"),
                _cut(scene.heading or words["before"], 24),
                *_mood(scene.mood, words),
                _sparkline(scene.arc.valence, _NARROW, scale),
            ]
            for scene in report.scenes
        ],
        empty=words["no lines"],
    )


def _show_characters(report: Report, words: Mapping[str, str]) -> None:
    scale = _scale([one.arc.valence for one in report.characters])
    show_table(
        [
            words["character"],
            words["lines"],
            words["feeling"],
            words["valence"],
            words["strength"],
            words["arc"],
        ],
        [
            [
                _cut(one.name, 20),
                str(one.mood.lines if one.mood else 0),
                *_mood(one.mood, words),
                _sparkline(one.arc.valence, _NARROW, scale),
            ]
            for one in report.characters
        ],
        empty=words["no lines"],
    )


def _show_planned(report: Report, words: Mapping[str, str]) -> None:
    show_table(
        [words["scene"], words["character"], words["planned"], words["measured"], words["verdict"]],
        [
            [
                str(one.scene),
                _cut(one.character, 20),
                words[one.planned],
                _named(one.measured, words) if one.measured else "–",
                words[one.verdict],
            ]
            for one in report.planned
        ],
        empty="",
    )


def show_lines(report: Report) -> None:
    """Show every line with its feeling, why it is doubted, and the reason where the source gives one."""
    from storyroom.emotion.wording import wording

    words = wording(report.language)
    show_table(
        ["", words["scene"], words["who"], words["feeling"], words["sure"], words["text"]],
        [
            [
                str(felt.line.number),
                str(felt.line.scene or "–"),
                _cut(felt.line.character or words["action"], 12),
                words[felt.feeling.label] + ("?" if felt.feeling.weak else ""),
                f"{felt.feeling.confidence:.2f}",
                _cut(felt.line.text, 34) + _beside(felt.feeling, words),
            ]
            for felt in report.lines
        ],
        empty=words["no lines"],
    )


def _beside(feeling: Feeling, words: Mapping[str, str]) -> str:
    """Return why a feeling is doubted, and what its source gives as a reason."""
    doubt = f" [{words[feeling.doubt]}]" if feeling.doubt else ""
    return doubt + (f" – {feeling.reason}" if feeling.reason else "")


def _mood(mood: Mood | None, words: Mapping[str, str]) -> list[str]:
    if mood is None:
        return [words["no lines"], "", ""]
    return [_named(mood, words), f"{mood.valence:+.2f}", f"{mood.intensity:.2f}"]


def _named(mood: Mood, words: Mapping[str, str]) -> str:
    return words[mood.label] + ("?" if mood.weak else "")


def _scale(arcs: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Return the range of arcs that are drawn to one scale, never so narrow that noise looks like a story."""
    values = [value for arc in arcs for value in arc] or [0.0]
    low, high = min(values), max(values)
    room = max(0.0, _LEAST_RANGE - (high - low)) / 2
    return low - room, high + room


def _sparkline(values: Sequence[float], wide: int, scale: tuple[float, float]) -> str:
    """Draw values as bars of eight heights, `wide` of them at most."""
    from storyroom.emotion.arc import resampled

    low, high = scale

    def bar(value: float) -> str:
        share = (value - low) / (high - low)
        return _BARS[min(len(_BARS) - 1, max(0, int(share * len(_BARS))))]

    return "".join(map(bar, resampled(values, wide)))


def _cut(text: str, wide: int) -> str:
    from storyroom.emotion.labels import cut

    return cut(text, wide)
