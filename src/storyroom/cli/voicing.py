"""`storyroom voice`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import AsJson, Model, SeriesFolder
from storyroom.cli.output import say, show, show_json, show_table, stderr
from storyroom.cli.tooling import Alone, NoteFrom, NoteTo, ToSession, bench, read_source, send
from storyroom.cli.words import shortened
from storyroom.errors import InputError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from storyroom.story.script import Script
    from storyroom.story.voice.measures import Measures
    from storyroom.tools.bench import Bench
    from storyroom.tools.voice import Heard, VoiceReport

_SCENES_READ = 6
_WIDE = 76


def voice(
    character: Annotated[str, typer.Argument(metavar="CHARACTER", help="A name, an alias, or a cue.")],
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|SESSION…]", help="Scripts to listen to. Default: all episodes of the series."
        ),
    ] = None,
    most: Annotated[int, typer.Option("-n", "--most", min=1, help="How many lines each list holds.")] = 5,
    surprise: Annotated[
        bool,
        typer.Option("--surprise", help="Have the model read six of the scenes; takes about a minute."),
    ] = False,
    model: Model = None,
    as_json: AsJson = False,
    note_to: NoteTo = None,
    note_from: NoteFrom = None,
    session: ToSession = None,
    alone: Alone = False,
    series: SeriesFolder = None,
) -> None:
    """Measure how a character speaks; whose lines sound like hers, and which of hers do not.

    How much the two lists are worth is measured, too: on scenes that were not listened to. Where lines cannot
    be told apart better than by guessing, there are none.
    """
    from storyroom.tools.voice import voice as measured

    given = {one: read_source(one, series) for one in files or ()}
    with bench(
        "voice",
        script=next(iter(given.values()), None),
        model=model,
        writes=False,
        anyway=True,
        note_to=note_to,
        note_from=note_from,
        session=session,
        alone=alone,
        series=series,
    ) as ready:
        scripts = given or _episodes(ready)
        bible = None if ready.alone else ready.room.bible
        report = measured(scripts, character, bible, most=most)
        if surprise:
            report = _surprise(ready, report, scripts)
        if as_json:
            show_json(report.as_json())
        else:
            _show(report, asked=surprise)
        send(ready, _as_text(report))


def _episodes(ready: Bench) -> Mapping[str, Script]:
    """Return the episodes of the series: those of the canon, or else the files in its folder.

    Raises:
        InputError: there is no series, or it has none.
    """
    from storyroom.formats.fountain import read_file
    from storyroom.story.draft import SceneDraft
    from storyroom.story.script import Script

    if ready.alone:
        raise InputError(
            "There is nothing to listen to: this is no series, and no script is named.",
            hint="Name scripts behind the character, or the folder of a series with --series.",
        )
    series = ready.room.series
    # Whoever only listens leaves no ledger behind.
    episodes = ready.room.ledger.episodes.canon() if series.ledger.exists() else []
    canon = {
        f"episode {one.number}": Script.of(
            element
            for _, draft in sorted(one.scenes.items())
            for element in ready.room.ledger.drafts.get(draft, SceneDraft).elements
        )
        for one in episodes
    }
    found = canon or {path.name: read_file(path) for path in sorted(series.episodes.glob("*.fountain"))}
    if not found:
        raise InputError(
            "The series has no episode yet.",
            hint="Name scripts behind the character, or put some into episodes/.",
        )
    return found


def _surprise(ready: Bench, report: VoiceReport, scripts: Mapping[str, Script]) -> VoiceReport:
    from storyroom.tools.lone import script_language
    from storyroom.tools.reading import surprise_by_line
    from storyroom.tools.voice import scenes_to_read, speeches_in, with_surprise

    bible = None if ready.alone else ready.room.bible
    left, bits = _SCENES_READ, {}
    try:
        with stderr().status("Reading scenes word by word …"):
            for place, script in enumerate(scripts.values()):
                scenes = scenes_to_read(script, report.who, bible, left)
                left -= len(scenes)
                if scenes:
                    bits[place] = surprise_by_line(ready.model, script, script_language(script), scenes)
    except ModelError as error:
        say(f"Surprise was not measured. {error.message}\nhint: {error.hint}")
        return report
    return with_surprise(report, speeches_in(scripts, bible), bits)


def _show(report: VoiceReport, *, asked: bool) -> None:
    show(f"{report.who}", "bold")
    show_table(("", report.who, "the others"), _rows(report, asked=asked), empty="")
    words = ", ".join(f"{one.word} ({one.times}, others {one.others})" for one in report.favourites)
    _say_folded(f"Favourite words: {words or 'none that stands out among so few'}.")
    if report.withheld:
        say(report.withheld)
        return
    trust = report.trust
    assert trust is not None, "what is listed was judged"
    _say_folded(
        f"Of a line of {report.who} and one of another's in the same scene, the right one is picked "
        f"{trust.auc:.0%} of the time ({trust.low:.0%} to {trust.high:.0%}; guessing gives 50%)."
    )
    _show_list(f"Lines of others that sound like {report.who}", report.alike, speaker=True)
    _show_list(f"Lines of {report.who} that do not", report.unlike, speaker=False)


def _say_folded(text: str) -> None:
    from storyroom.cli.page import folded

    show("\n" + "\n".join(folded(text, _WIDE)))


def _rows(report: VoiceReport, *, asked: bool) -> list[tuple[str, str, str]]:
    rows = [
        (name, read(report.hers), read(report.others) if report.others else "–")
        for name, read in _MEASURES.items()
    ]
    if report.bits is not None:
        others = "–" if report.others_bits is None else f"{report.others_bits:.2f}"
        rows.append(("surprise, bits a token", f"{report.bits:.2f}", others))
    elif not asked:
        rows.append(("surprise, bits a token", "with --surprise", ""))
    return [row for row in rows if row[1:] not in {("–", "–"), ("–", "0.0")}]


def _share(value: float) -> str:
    return f"{value:.0%}"


def _optional(value: float | None, form: str = ".1f") -> str:
    return "–" if value is None else format(value, form)


_MEASURES: dict[str, Callable[[Measures], str]] = {
    "speeches": lambda one: str(one.speeches),
    "words": lambda one: str(one.words),
    "words a speech": lambda one: f"{one.mean:.1f} ± {one.spread:.1f}",
    "longest speech": lambda one: str(one.longest),
    "words a sentence": lambda one: f"{one.sentence:.1f}",
    "different words of 50": lambda one: _optional(one.variety and 50 * one.variety),
    "sentences that ask": lambda one: _share(one.questions),
    "sentences that exclaim": lambda one: _share(one.exclamations),
    "hedges in 100 words": lambda one: f"{one.hedges:.1f}",
    "short forms in 100 words": lambda one: _optional(one.short_forms),
    "particles (吗 呢 吧) in 100": lambda one: _optional(one.particles),
    "speeches with an ellipsis": lambda one: _share(one.trails),
    "speeches with a dash": lambda one: _share(one.breaks),
}


def _show_list(title: str, lines: tuple[Heard, ...], *, speaker: bool) -> None:
    show(f"\n{title}", "bold")
    if not lines:
        show("   none")
    for one in lines:
        said = f"{one.speaker}: {one.text}" if speaker else one.text
        show(f"   {shortened(said, _WIDE - 3)}")
        show(f"      {one.where}", "dim")


def _as_text(report: VoiceReport) -> str:
    """Return the report as the text of a note."""
    lines = [f"{name}: {read(report.hers)}" for name, read in _MEASURES.items() if read(report.hers) != "–"]
    unlike = [f"Does not sound like {report.who}: {one.text} ({one.where})" for one in report.unlike]
    return "\n".join([f"How {report.who} speaks.", *lines, *unlike])
