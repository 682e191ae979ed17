"""What a script is checked against: itself, the series up to an episode, or a session's plan and canon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from storyroom.archive import Archive
from storyroom.bible_file import SERIES_FILE, bible_line
from storyroom.errors import SessionError
from storyroom.files import sha256
from storyroom.formats.fountain import parse
from storyroom.formats.language import language
from storyroom.formats.registry import read_script
from storyroom.memory.canon import Account, account_of
from storyroom.memory.episodes import Episode
from storyroom.memory.manuscript import Manuscript
from storyroom.session import Session
from storyroom.story.bible import Bible, Language
from storyroom.story.canon import Canon, Fact, Moment
from storyroom.story.continuity import Finding, Line, Show
from storyroom.story.continuity.lone import lone_show
from storyroom.story.draft import SceneDraft
from storyroom.story.script import Element, Script

Earlier = tuple[tuple[Moment, Sequence[Element]], ...]


@dataclass(frozen=True)
class Ground:
    """What a script is held against.

    Attributes:
        earlier: the scenes of earlier episodes.
        placed: gives the lines that a finding names their numbers, where they can be known.
    """

    show: Show
    canon: Canon = field(default_factory=Canon)
    earlier: Earlier = ()
    placed: Callable[[Finding], Finding] = lambda finding: finding


def lone_ground(script: Script, episode: int = 1) -> Ground:
    """Return what a script without a series is held against: itself."""
    spoken: Language = "zh" if language(script).startswith("zh") else "en"
    return Ground(lone_show(script, spoken, episode))


def series_ground(archive: Archive, episode: int) -> Ground:
    """Return what a file is held against as an episode of a series: the bible, and the canon without it."""
    account = account_of(archive.ledger, archive.bible, episode=episode)
    show = Show.of_bible(archive.bible, episode, settled=archive.ledger.people.settled())
    return Ground(
        show,
        account.canon,
        _earlier(archive, account, episode),
        _Places(archive, account.canon, archive.bible).placed,
    )


def session_ground(archive: Archive, session: Session, script: Script) -> Ground:
    """Return what a session's script is held against: who its outline plans for each scene too.

    Args:
        script: as `session_script` returns it.
    """
    episode, manuscript = session.record.episode, session.manuscript
    account = account_of(archive.ledger, session.bible, session.record)
    planned = manuscript.outline.scenes if manuscript.outline is not None else ()
    show = Show.of_bible(
        session.bible,
        episode,
        casts={plan.number: plan.cast for plan in planned},
        settled=archive.ledger.people.settled(),
    )
    placed = _Places(archive, account.canon, session.bible, script).placed
    return Ground(show, account.canon, _earlier(archive, account, episode), placed)


def session_script(session: Session) -> Script:
    """Return a session's script as `storyroom export` writes it: its line numbers, and the lines' ids.

    Raises:
        SessionError: no scene is written yet.
    """
    if session.head is None or not session.manuscript.scenes:
        raise SessionError(
            f"Session {session.id} has no scene yet.", hint=f"Go on first: storyroom resume {session.id}"
        )
    script = parse(session.fountain)
    drafts = [draft for _, draft in sorted(session.manuscript.scenes.items())]
    if len(drafts) != len(script.scenes):
        return script
    scenes = []
    for scene, draft in zip(script.scenes, drafts, strict=True):
        read, kept = (scene.heading, *scene.elements), draft.elements
        if len(read) == len(kept):
            heading, *others = (replace(one, id=old.id) for one, old in zip(read, kept, strict=True))
            scene = replace(scene, heading=heading, elements=tuple(others))
        scenes.append(scene)
    return replace(script, scenes=tuple(scenes))


def unwritten(manuscript: Manuscript) -> list[int]:
    """Return the numbers of the scenes that are planned and not written: what is due may come there."""
    planned = manuscript.outline.scenes if manuscript.outline is not None else ()
    return [plan.number for plan in planned if plan.number not in manuscript.scenes]


def _earlier(archive: Archive, account: Account, episode: int) -> Earlier:
    return tuple(
        (Moment(one.episode, one.scene), archive.ledger.drafts.get(one.draft, SceneDraft).elements)
        for one in account.scenes
        if one.episode < episode
    )


class _Places:
    """Finds the number of a line in its file.

    Evidence names the line of a draft by its id, and counts lines from the heading of its scene. The script
    that is checked has a file; so has an earlier episode, where that lies unchanged in the series' folder.
    What the bible says stands in a line of `series.yaml`.
    """

    def __init__(self, archive: Archive, canon: Canon, bible: Bible, script: Script | None = None) -> None:
        self._archive, self._canon, self._bible = archive, canon, bible
        self._own = {one.id: one for one in script.elements()} if script is not None else {}

    def placed(self, finding: Finding) -> Finding:
        """Return a finding whose earlier line has its number in the file; 0 where there is none."""
        line = finding.against
        if line is None:
            return finding.model_copy(update={"against": self._in_bible(finding)})
        if not line.element or not (finding.fact or line.episode):
            return finding
        element = self._own.get(line.element) if line.episode is None else self._remembered(line)
        number = element.source.line if element is not None and element.source is not None else 0
        return finding.model_copy(update={"against": line.model_copy(update={"line": number})})

    def _in_bible(self, finding: Finding) -> Line | None:
        """Return the line of the bible that a finding contradicts, if it does."""
        where = _field(finding, self._canon.get(finding.fact), self._bible)
        file = self._archive.series.folder / SERIES_FILE
        found = bible_line(file, self._bible, where) if where else None
        return Line(scene=0, line=found[0], quote=found[1], file=str(_near(file))) if found else None

    def _remembered(self, line: Line) -> Element | None:
        """Return the line of an earlier episode as it stands in its file."""
        assert line.episode is not None, "it is a line of an earlier episode"
        script, draft_id = self._file(line.episode), self._episodes[line.episode].scenes.get(line.scene)
        if script is None or draft_id is None or line.scene > len(script.scenes):
            return None
        scene = script.scenes[line.scene - 1]
        kept = self._archive.ledger.drafts.get(draft_id, SceneDraft).elements
        pairs = zip(kept, (scene.heading, *scene.elements), strict=False)
        return next((read for old, read in pairs if old.id == line.element and old.text == read.text), None)

    @cached_property
    def _episodes(self) -> dict[int, Episode]:
        return {one.number: one for one in self._archive.ledger.episodes.canon()}

    @cache  # noqa: B019  lives as long as the check
    def _file(self, number: int) -> Script | None:
        """Read the file that an episode was remembered from or locked as; None where it is not there now."""
        episode, series = self._episodes[number], self._archive.series
        for path in (
            series.episodes / episode.source,
            series.drafts / f"s01e{number:02d}-{episode.session}.fountain",
        ):
            if path.is_file() and sha256(path.read_bytes()) == episode.sha256:
                return read_script(path)
        return None


def _field(finding: Finding, fact: Fact | None, bible: Bible) -> tuple[str | int, ...]:
    """Return the field of the bible that a finding contradicts; nothing where it is none of the bible's."""
    listed, _, rest = finding.listed.partition(".")
    if fact is not None and fact.origin == "bible":
        name, field = fact.subject, ("attributes", fact.attribute) if fact.attribute else ("status",)
    elif listed == "cast" and rest:
        name, _, attribute = rest.rpartition(".")
        field = ("attributes", attribute)
    elif listed in ("cast", "places"):
        return ("cast" if listed == "cast" else "locations",)
    else:
        return ()
    return next((("cast", place, *field) for place, who in enumerate(bible.cast) if who.name == name), ())


def _near(file: Path) -> Path:
    """Return a path as it is called from here."""
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
