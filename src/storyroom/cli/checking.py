"""`storyroom check`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from storyroom.cli.findings import REPORTS, Checked, called, show_findings
from storyroom.cli.options import Model, SeriesFolder, open_room
from storyroom.cli.output import say, show, stderr
from storyroom.cli.places import STANDARD, put, read_standard_input
from storyroom.cli.words import count
from storyroom.errors import FormatError, InputError

if TYPE_CHECKING:
    from storyroom.checking import Ground
    from storyroom.models.base import LocalChatModel
    from storyroom.room import Room
    from storyroom.story.continuity import Finding, FindingKind
    from storyroom.story.continuity.judging import Judge, PassagePair
    from storyroom.story.script import Script

To = Literal["text", "json", "sarif"]
_FOUND = 1


def check(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|SESSION…", help="Scripts in any format, - for Fountain on stdin, or sessions."
        ),
    ],
    episode: Annotated[
        int | None,
        typer.Option(
            "--episode", min=1, max=999, help="Number of the episode. Default: as its name says; the next."
        ),
    ] = None,
    likely: Annotated[
        bool, typer.Option("--likely/--no-likely", help="Also tell what only reading the prose suggests.")
    ] = True,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="Only this kind. Several times.")
    ] = None,
    model: Model = None,
    pairs: Annotated[
        int | None,
        typer.Option(
            "--pairs",
            min=0,
            max=20,
            help="Earlier passages that the model compares each scene with. Default: 3.",
        ),
    ] = None,
    to: Annotated[To, typer.Option("--to", help="How to write what was found.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")
    ] = None,
    series: SeriesFolder = None,
) -> None:
    """Check scripts for continuity, against the bible, the canon and themselves.

    In the folder of a series a script is checked as one of its episodes, elsewhere against itself; a session
    also against who its outline plans for each scene. What is certain was decided from headings, cues, lists
    and approved facts; what is likely was read out of prose, by patterns or by the model that is named.

    Exit code: 0 nothing was found, 1 something was, 2 a file cannot be read.
    """
    kinds = _kinds(kind, likely=likely)
    if episode is not None and len(what) > 1:
        raise InputError("One episode has one script.", hint="Leave --episode out, or check one file.")
    if pairs is not None and model is None:
        raise InputError(
            "Only a model compares passages.", hint="Name one with --model, or leave --pairs out."
        )
    asked = any(one.startswith("likely_") for one in kinds)
    with _Checker(series, kinds, model if asked else None, pairs) as checker:
        subjects = [checker.subject(one, episode) for one in what]
        checked = [checker(one) for one in subjects]
    if output is not None or to != "text":
        _write(REPORTS[to](checked), output)
    else:
        show_findings(checked)
    if any(one.findings for one in checked):
        raise typer.Exit(_FOUND)


def _kinds(asked: Sequence[str] | None, *, likely: bool) -> list[FindingKind]:
    """Return the kinds to look for.

    Raises:
        InputError: one of those named is none.
    """
    from storyroom.story.bible import nearest
    from storyroom.story.continuity import KINDS, LIKELY

    for one in asked or ():
        if one not in KINDS:
            raise InputError(
                f"There is no kind {one!r}{nearest(one, KINDS)}.", hint=f"Kinds: {', '.join(KINDS)}."
            )
    return [one for one in KINDS if (not asked or one in asked) and (likely or one not in LIKELY)]


def _read(name: str) -> Script:
    """Read a script.

    Raises:
        InputError: it is none of the formats that can be read.
        FormatError: it cannot be read, or has no scene.
    """
    from storyroom.formats.plain import with_plain_headings
    from storyroom.formats.registry import FORMATS, read_with_doubts

    if name == str(STANDARD):
        script = with_plain_headings(read_standard_input(FORMATS["fountain"]))
    else:
        script = read_with_doubts(Path(name)).script
    if not script.scenes:
        raise FormatError(
            f"{called(name)} has no scene heading.",
            hint="A scene begins with a line such as INT. KITCHEN - DAY or 内景 厨房 日.",
        )
    return script


@dataclass(frozen=True)
class _Subject:
    """A script on its way through the checks.

    Attributes:
        name: as the user wrote it; of a session its whole name.
        episode: the number that it is checked as; None without a series.
        kinds: what is looked for in it.
        session: whether it is a session's.
    """

    name: str
    script: Script
    episode: int | None
    ground: Ground
    kinds: Sequence[FindingKind]
    session: bool = False


class _Checker:
    """Checks scripts as episodes of the series around us, or each by itself; and sessions of that series."""

    def __init__(
        self, series: Path | None, kinds: Sequence[FindingKind], model: str | None, pairs: int | None
    ) -> None:
        self._kinds, self._model, self._pairs = kinds, model, pairs
        self._series = series
        self._models: dict[str, LocalChatModel] = {}
        self._open = ExitStack()

    def __enter__(self) -> _Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def room(self) -> Room | None:
        """The room of the series that is named or around us; None where none is around us.

        Raises:
            BibleError: one is named, and there is none; or its bible cannot be used.
        """
        from storyroom.tools.workbench import series_here

        if series_here(self._series) is None:
            return None
        return self._open.enter_context(open_room(self._series))

    def subject(self, name: str, episode: int | None) -> _Subject:
        """Read a file, or a session.

        Raises:
            InputError: it is none of the formats that can be read, or a session is to be another episode.
            FormatError: it cannot be read, or has no scene.
            SessionError: there is no such session, or it has no scene yet.
        """
        from storyroom.checking import lone_ground, series_ground

        path = Path(name)
        if path != STANDARD and not (path.exists() or path.suffix or os.sep in name):
            if episode is not None:
                raise InputError("A session has its episode.", hint="Leave --episode out.")
            return self._of_session(name)
        script = _read(name)
        if self.room is None:
            return _Subject(name, script, episode, lone_ground(script, episode or 1), self._kinds)
        number = episode or _number(name, script) or self.room.next_episode()
        return _Subject(name, script, number, series_ground(self.room, number), self._kinds)

    def _of_session(self, name: str) -> _Subject:
        from storyroom.checking import session_ground, session_script, unwritten

        room = self.room
        if room is None:
            raise InputError(
                f"There is no file {name}, and no series here whose session it could be.",
                hint="Name a script, or the folder of the series with --series.",
            )
        session = room.session(name)
        script = session_script(session)
        kinds = self._kinds
        if missing := unwritten(session.manuscript):
            kinds = [kind for kind in kinds if kind != "setup_unpaid"]
            if len(kinds) < len(self._kinds):
                left = count(len(missing), "scene")
                say(f"{session.id} has {left} to be written, where set-ups may still be paid off.")
        ground = session_ground(room, session, script)
        return _Subject(session.id, script, session.record.episode, ground, kinds, session=True)

    def __call__(self, one: _Subject) -> Checked:
        """Check a script."""
        from storyroom.story.continuity import check as look

        ground = one.ground
        with self._judging(one) as (judge, pairs):
            found = look(
                one.script,
                ground.show,
                ground.canon,
                kinds=one.kinds,
                judge=judge,
                earlier=ground.earlier,
                pairs=pairs,
            )
        if self.room is None:
            found = self._with_misspelt(one, found)
        return Checked(one.name, one.episode, tuple(map(ground.placed, found)), session=one.session)

    def _with_misspelt(self, one: _Subject, found: list[Finding]) -> list[Finding]:
        """Add the names that look like slips: alone, a script's speakers are its cast."""
        from storyroom.story.continuity.lone import misspelt

        if "unknown_speaker" in one.kinds and any(kind.startswith("likely") for kind in one.kinds):
            found = [*found, *misspelt(one.script, one.ground.show.language)]
        return sorted(found, key=lambda finding: (finding.here.scene, finding.here.line))

    @contextmanager
    def _judging(self, one: _Subject) -> Iterator[tuple[Judge | None, list[PassagePair]]]:
        """Open the model that is asked about what prose suggests, and find what it is to compare.

        Raises:
            ModelError: it is not there, cannot be used, or is too small to be asked.
        """
        if self._model is None:
            yield None, []
            return
        from storyroom.tools.continuity import PAIRS, BenchJudge, passage_pairs
        from storyroom.tools.workbench import workbench

        language = one.ground.show.language
        opened = workbench(
            tool="check",
            matter=one.name,
            script=one.script,
            series=self.room,
            language=language,
            model=self._model,
            models=self._models,
            anyway=True,
        )
        with stderr().status("Reading closely …"), opened as bench, BenchJudge(bench) as judge:
            self._models[self._model] = bench.model
            most = PAIRS if self._pairs is None else self._pairs
            compares = most and "likely_contradiction" in one.kinds
            number = one.ground.show.episode
            yield judge, passage_pairs(bench, one.script, number, language, most=most) if compares else []


def _number(name: str, script: Script) -> int | None:
    """Return the number of the episode, as the file's name or its title page tells."""
    from storyroom.memory.episode_file import episode_number

    try:
        return episode_number(Path(name), script)
    except FormatError:
        return None


def _write(report: str, output: Path | None) -> None:
    if output is None:
        show(report)
    else:
        put(output, (report + "\n").encode(), keep=False)
