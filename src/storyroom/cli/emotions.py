"""`storyroom emotions`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.exporting import script_of
from storyroom.cli.options import AsJson, SeriesFolder, open_room
from storyroom.cli.output import say, show, show_json, show_table
from storyroom.cli.places import STANDARD, put, put_out, refuse_to_lose
from storyroom.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from storyroom.emotion import Feeling, Report
    from storyroom.emotion.mood import Mood
    from storyroom.session import Session

_BARS = "▁▂▃▄▅▆▇█"
_WIDE = 54
_NARROW = 14
_LEAST_RANGE = 0.3


def emotions(
    what: Annotated[
        str,
        typer.Argument(metavar="FILE|SESSION", help="A script, - for standard input, or a session."),
    ],
    lines: Annotated[bool, typer.Option("--lines", help="List every line with its feeling.")] = False,
    svg: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the arcs as SVG.")] = None,
    png: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the arcs as PNG.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write one interactive page that works from disk.")
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            metavar="SOURCE",
            help="What says how a line feels: head (English and Chinese, offline), transformers:ID-OR-PATH, "
            "or judge:MODEL, which gives reasons.",
        ),
    ] = "head",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Measure what a script feels like: by line, scene and character, and along the episode.

    Valence runs from -1, unpleasant, to 1, pleasant; strength from 0 to 1. A question mark stands behind
    what is weakly held. Arcs of one table are drawn to one scale.
    """
    from storyroom.emotion import as_page, as_png, as_svg

    report = _report(what, source, series)
    made: list[tuple[Path, bytes]] = []
    for path, write in ((svg, _encoded(as_svg)), (png, as_png), (html, _encoded(as_page))):
        if path is not None:
            made.append((path, write(report)))
    _write(made, force=force, as_json=as_json)
    if as_json:
        from storyroom.emotion import as_json as plain_values

        show_json(plain_values(report))
    elif lines:
        _show_lines(report)
    elif not made:
        _show(report)


def _report(what: str, spec: str, series: Path | None) -> Report:
    """Read a file if there is one of that name, else a session, with what its outline planned."""
    from storyroom.emotion import open_source, read
    from storyroom.formats.registry import format_named, read_script

    path = Path(what)
    source = open_source(spec)
    if path == STANDARD:
        from storyroom.cli.places import read_standard_input

        return read(read_standard_input(format_named("fountain")), source)
    if path.exists() or path.suffix or os.sep in what:
        return read(read_script(path), source)
    with open_room(series) as room:
        session = room.session(what)
        return _planned(read(script_of(session), source), session)


def _planned(report: Report, session: Session) -> Report:
    from storyroom.emotion import with_plan

    manuscript = session.manuscript
    if manuscript.outline is None:
        return report
    try:
        return with_plan(report, [manuscript.plan(number) for number in sorted(manuscript.scenes)])
    except InputError as error:
        say(f"Nothing planned is shown: {error.message}")
        return report


def _encoded(write: Callable[[Report], str]) -> Callable[[Report], bytes]:
    return lambda report: write(report).encode()


def _write(made: Sequence[tuple[Path, bytes]], *, force: bool, as_json: bool) -> None:
    for path, data in made:
        if path == STANDARD:
            if len(made) > 1 or as_json:
                raise InputError(
                    "Only one thing can go to standard output.", hint="Name files for the others."
                )
            continue
        if path.is_dir() or not path.parent.is_dir():
            raise InputError(f"{path} is no place for a file.", hint="Name a file in a folder that is there.")
        refuse_to_lose(path, data, force=force)
    for path, data in made:
        if path == STANDARD:
            put_out(data)
        elif as_json:
            from storyroom.files import write_whole

            write_whole(path, data)
            say(str(path))
        else:
            put(path, data, keep=False)


def _show(report: Report) -> None:
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


def _show_lines(report: Report) -> None:
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
    from storyroom.emotion.chart import cut

    return cut(text, wide)
