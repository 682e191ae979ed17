"""What `storyroom check` does with a file or a session: reads it, finds what to hold against it, checks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.cli.findings import Checked, called
from storyroom.cli.options import open_room
from storyroom.cli.output import say, stderr
from storyroom.cli.places import STANDARD, read_standard_input
from storyroom.cli.words import count
from storyroom.errors import BibleError, FormatError, InputError

if TYPE_CHECKING:
    from storyroom.checking import Ground
    from storyroom.models.base import LocalChatModel
    from storyroom.room import Room
    from storyroom.story.continuity import Finding, FindingKind
    from storyroom.story.continuity.judging import Judge, PassagePair
    from storyroom.story.script import Script


@dataclass(frozen=True)
class Subject:
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


class Checker:
    """Checks scripts as episodes of the series around us, or each by itself; and sessions of that series.

    Args:
        series: the folder of a series, or None for the one around us.
        kinds: what is looked for.
        model: spec of the model that is asked about what prose suggests; None lets patterns tell.
        pairs: how many earlier passages it compares each scene with; None for the usual number.
    """

    def __init__(
        self, series: Path | None, kinds: Sequence[FindingKind], model: str | None, pairs: int | None
    ) -> None:
        self._kinds, self._model, self._pairs = kinds, model, pairs
        self._series = series
        self._models: dict[str, LocalChatModel] = {}
        self._open = ExitStack()

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def room(self) -> Room | None:
        """The room of the series that is named or around us; None where none is around us.

        Raises:
            BibleError: one is named, and there is none; or its bible cannot be used.
        """
        from storyroom.series import find_series

        try:
            find_series(self._series or Path())
        except BibleError:
            if self._series is not None:
                raise
            return None
        return self._open.enter_context(open_room(self._series))

    def subject(self, name: str, episode: int | None) -> Subject:
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
            return Subject(name, script, episode, lone_ground(script, episode or 1), self._kinds)
        number = episode or _number(name, script) or self.room.next_episode()
        return Subject(name, script, number, series_ground(self.room, number), self._kinds)

    def _of_session(self, name: str) -> Subject:
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
        return Subject(session.id, script, session.record.episode, ground, kinds, session=True)

    def __call__(self, one: Subject) -> Checked:
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

    def _with_misspelt(self, one: Subject, found: list[Finding]) -> list[Finding]:
        """Add the names that look like slips: alone, a script's speakers are its cast."""
        from storyroom.story.continuity.lone import misspelt

        if "unknown_speaker" in one.kinds and any(kind.startswith("likely") for kind in one.kinds):
            found = [*found, *misspelt(one.script, one.ground.show.language)]
        return sorted(found, key=lambda finding: (finding.here.scene, finding.here.line))

    @contextmanager
    def _judging(self, one: Subject) -> Iterator[tuple[Judge | None, list[PassagePair]]]:
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


def _read(name: str) -> Script:
    """Read a script.

    Raises:
        InputError: it is none of the formats that can be read.
        FormatError: it cannot be read, is far too large, or has no scene.
    """
    from storyroom.formats.plain import with_plain_headings
    from storyroom.formats.registry import FORMATS, read_with_doubts
    from storyroom.memory.episode_file import refuse_too_large

    if name == str(STANDARD):
        script = with_plain_headings(read_standard_input(FORMATS["fountain"]))
    else:
        refuse_too_large(Path(name))
        script = read_with_doubts(Path(name)).script
    if not script.scenes:
        raise FormatError(
            f"{called(name)} has no scene heading.",
            hint="A scene begins with a line such as INT. KITCHEN - DAY or 内景 厨房 日.",
        )
    return script


def _number(name: str, script: Script) -> int | None:
    """Return the number of the episode, as the file's name or its title page tells."""
    from storyroom.memory.episode_file import episode_number

    try:
        return episode_number(Path(name), script)
    except FormatError:
        return None
