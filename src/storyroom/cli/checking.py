"""`storyroom check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from storyroom.cli.findings import REPORTS, Checked, called, show_findings
from storyroom.cli.options import Model, SeriesFolder, open_room
from storyroom.cli.output import show
from storyroom.cli.places import STANDARD, put, read_standard_input
from storyroom.errors import BibleError, FormatError, InputError, ModelRefused

if TYPE_CHECKING:
    from storyroom.room import Room
    from storyroom.story.continuity import Finding, FindingKind
    from storyroom.story.continuity.judging import Judge
    from storyroom.story.script import Script

To = Literal["text", "json", "sarif"]
_FOUND = 1


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILES…", help="Scripts in any format; - for Fountain on stdin.")
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
    to: Annotated[To, typer.Option("--to", help="How to write what was found.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")
    ] = None,
    series: SeriesFolder = None,
) -> None:
    """Check scripts for continuity, against the bible, the canon and themselves.

    In the folder of a series a script is checked as one of its episodes, elsewhere against itself. What is
    certain was decided from headings, cues, lists and approved facts; what is likely was read out of prose.

    Exit code: 0 nothing was found, 1 something was, 2 a file cannot be read.
    """
    kinds = _kinds(kind, likely=likely)
    if episode is not None and len(files) > 1:
        raise InputError("One episode has one script.", hint="Leave --episode out, or check one file.")
    scripts = [(name, _read(name)) for name in files]
    with _Checker(series, kinds, _judge(model, likely=likely)) as checker:
        checked = [checker(name, script, episode) for name, script in scripts]
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


def _judge(spec: str | None, *, likely: bool) -> Judge | None:
    """Open the model that is asked about what prose suggests.

    Raises:
        ModelError: it is not there, cannot be used, or is too small to be asked.
    """
    if spec is None or not likely:
        return None
    from storyroom.agents.continuity_judge import ModelJudge
    from storyroom.models import open_model

    opened = open_model(spec)
    if opened.capabilities.small:
        raise ModelRefused(
            f"The model {spec} is too small to judge whether two lines contradict each other.",
            hint="Name a larger one, or leave --model out: patterns then tell what is likely.",
        )
    return ModelJudge(opened)


class _Checker:
    """Checks scripts as episodes of the series around us, or each by itself."""

    def __init__(self, series: Path | None, kinds: list[FindingKind], judge: Judge | None) -> None:
        self.kinds, self.judge = kinds, judge
        self.series = series
        self.room: Room | None = None
        self._open = ExitStack()

    def __enter__(self) -> _Checker:
        if self._in_one():
            self.room = self._open.enter_context(open_room(self.series))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _in_one(self) -> bool:
        """Whether a series is named or around us.

        Raises:
            BibleError: one is named, and there is none.
        """
        from storyroom.series import find_series

        try:
            find_series(self.series or Path())
        except BibleError:
            if self.series is not None:
                raise
            return False
        return True

    def __call__(self, name: str, script: Script, episode: int | None) -> Checked:
        if self.room is None:
            return Checked(name, episode, tuple(self._alone(script, episode or 1)))
        number = episode or _number(name, script) or self.room.next_episode()
        return Checked(name, number, tuple(self._in_series(self.room, script, number)))

    def _alone(self, script: Script, episode: int) -> Iterator[Finding]:
        from storyroom.story.continuity import check as look
        from storyroom.story.continuity.lone import lone_show, misspelt
        from storyroom.tools.lone import script_language

        language = script_language(script)
        show = lone_show(script, language, episode)
        found = look(script, show, kinds=self.kinds, judge=self.judge)
        if "unknown_speaker" in self.kinds and any(kind.startswith("likely") for kind in self.kinds):
            found += misspelt(script, language)
        yield from sorted(found, key=lambda one: (one.here.scene, one.here.line))

    def _in_series(self, room: Room, script: Script, episode: int) -> list[Finding]:
        from storyroom.memory.canon import account_of
        from storyroom.story.canon import Moment
        from storyroom.story.continuity import Show
        from storyroom.story.continuity import check as look
        from storyroom.story.draft import SceneDraft

        account = account_of(room.ledger, room.bible, episode=episode)
        earlier = (
            (Moment(one.episode, one.scene), room.ledger.drafts.get(one.draft, SceneDraft).elements)
            for one in account.scenes
            if one.episode < episode
        )
        settled = room.ledger.people.settled()
        return look(
            script,
            Show.of_bible(room.bible, episode, settled=settled),
            account.canon,
            kinds=self.kinds,
            judge=self.judge,
            earlier=earlier,
        )


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
