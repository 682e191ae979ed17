"""Where a file that comes back was taken from, and what became of each element since.

    traced = trace_back(ledger, Path("s01e03-e03-1f2e3d.fountain"))
    for scene in traced.scenes:
        for line in scene.lines:
            line.fate, line.was, line.now

A file that nobody touched is known by its hash. One that was edited is known by its path, by the session in
its name, or by its text; a session that is named by the caller comes before all of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from storyroom.errors import SessionError
from storyroom.files import sha256
from storyroom.formats.pdf.options import PdfOptions
from storyroom.formats.registry import FORMATS, Format, format_of, read_script
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.memory.publish import script_text
from storyroom.story.alignment import Change, Fate, SceneChange, align_scenes
from storyroom.story.bible import Bible
from storyroom.story.draft import continued
from storyroom.story.script import Element, Script

KnownBy = Literal["session", "hash", "path", "name", "text"]
"""What told which export a file comes from."""

_LEAST_SHARED: dict[KnownBy, float] = {"session": 0.0, "path": 0.05, "name": 0.05, "text": 0.3}
"""How much of its text a file must share with what it is said to come from."""


@dataclass(frozen=True)
class Origin:
    """What a file was taken from.

    Attributes:
        head: the script version that was exported.
        known_by: what told.
        unchanged: whether the file is, byte for byte, what was exported.
    """

    session: str
    head: str
    known_by: KnownBy
    unchanged: bool = False


@dataclass(frozen=True)
class TracedLine:
    """What became of one element.

    Attributes:
        was: the element of the draft; None for a new one.
        now: the element of the file, with the id of the one that it continues; without an id when it is new,
            None when it is gone.
        changed: whether it says something else now.
    """

    fate: Fate
    was: Element | None
    now: Element | None
    changed: bool


@dataclass(frozen=True)
class TracedScene:
    """What became of one scene.

    Attributes:
        number: of the session's scene that it continues, or that is gone; None for a new one, and for what
            stands before the first heading.
        place: of the scene in the file, from 1; 0 before the first heading, None when it is gone.
        fate: what became of it as a whole.
        lines: of its elements, those that are gone too.
    """

    number: int | None
    place: int | None
    fate: Fate
    lines: tuple[TracedLine, ...]

    @property
    def elements(self) -> tuple[Element, ...]:
        """The scene as it stands now: the draft's elements where they say what they said, else the file's."""
        return tuple(
            line.was if line.was is not None and not line.changed else line.now
            for line in self.lines
            if line.now is not None
        )


@dataclass(frozen=True)
class Traced:
    """A file, and what it was taken from.

    Attributes:
        origin: what it was taken from.
        script: what the file says.
        scenes: its scenes in order, and those that are gone.
    """

    origin: Origin
    script: Script
    scenes: tuple[TracedScene, ...]

    @property
    def same(self) -> bool:
        """Whether every element says what it said, where it said it."""
        return all(scene.fate is Fate.SAME for scene in self.scenes)


def trace_back(ledger: Ledger, source: Path | Script, session: str | None = None) -> Traced:
    """Find what a file was taken from, and tell what became of each element.

    Args:
        ledger: of the series that exported it.
        source: a file in Fountain or FDX, or the script that was read from one.
        session: the session it is to be taken from; found out when not given.

    Raises:
        InputError: the file cannot be read.
        SessionError: there is no such session, it has no scene, or nothing tells which it was.
    """
    path, script = (None, source) if isinstance(source, Script) else (source.absolute(), read_script(source))
    origin = _origin(ledger, script, path, session)
    format = FORMATS["fountain"] if path is None else format_of(path)
    return Traced(origin, script, tuple(_scenes(ledger, origin, format, script)))


def exported(ledger: Ledger, session: str, head: str, format: Format | None = None) -> Script:
    """Return a script version as a reader of its export gets it; its elements carry the ids of the drafts.

    Args:
        ledger: of the series.
        session: name of the session, in full.
        head: one of its script versions.
        format: what it is exported to, Fountain when not given; one that can be read.
    """
    record = ledger.sessions.get(session)
    manuscript = read_manuscript(ledger, head)
    fountain, format = FORMATS["fountain"], format or FORMATS["fountain"]
    assert fountain.read_bytes is not None, "Fountain can be read"
    assert format.read_bytes is not None, "what was read came in a format that can be"
    bible = ledger.drafts.get(record.bible, Bible)
    script = fountain.read_bytes(script_text(bible, record, manuscript).encode(), head)
    if format.name != fountain.name:
        script = format.read_bytes(format.write(script, PdfOptions()), head)
    return script.with_elements(continued(list(manuscript.script().elements()), list(script.elements())))


def _scenes(ledger: Ledger, origin: Origin, format: Format, script: Script) -> Iterator[TracedScene]:
    """Align a file with what was exported, and tell it in terms of the drafts."""
    manuscript = read_manuscript(ledger, origin.head)
    drafts = {one.id: one for draft in manuscript.scenes.values() for one in draft.elements}
    numbers = {one.id: number for number, draft in manuscript.scenes.items() for one in draft.elements}
    before = list(exported(ledger, origin.session, origin.head, format).elements())
    after = [replace(one, id="") for one in script.elements()]

    def line(change: Change) -> TracedLine:
        old = None if change.old is None else before[change.old]
        now = None if change.new is None else replace(after[change.new], id=old.id if old else "")
        return TracedLine(change.fate, drafts.get(old.id, old) if old else None, now, change.changed)

    for scene in align_scenes(before, after):
        yield TracedScene(
            _number(scene, before, numbers), scene.new, scene.fate, tuple(map(line, scene.changes))
        )


def _number(scene: SceneChange, before: Sequence[Element], numbers: dict[str, int]) -> int | None:
    """Return the number of the session's scene that most elements of a scene come from."""
    if scene.old is None:
        return None
    found = Counter(
        numbers[before[one.old].id]
        for one in scene.changes
        if one.old is not None and before[one.old].id in numbers
    )
    return max(found, key=lambda number: found[number], default=None)


def _origin(ledger: Ledger, script: Script, path: Path | None, session: str | None) -> Origin:
    name = None if session is None else ledger.sessions.get(session).id
    if path is not None:
        for export in ledger.exports.find(sha256=sha256(path.read_bytes()), session=name):
            return Origin(export.session, export.head, "hash", unchanged=True)
    for known_by, heads in _candidates(ledger, path, name):
        shares = {one: _shared(script, read_manuscript(ledger, one[1])) for one in heads}
        best = max(shares, key=lambda one: shares[one], default=None)
        if best is not None and shares[best] >= _LEAST_SHARED[known_by]:
            return Origin(*best, known_by)
    what = path.name if path else "The script"
    raise SessionError(
        f"{what} continues nothing that was exported from {f'session {name}' if name else 'this series'}.",
        hint="Name the session that it is to be taken into; `storyroom sessions` lists them.",
    )


def _candidates(
    ledger: Ledger, path: Path | None, session: str | None
) -> Iterator[tuple[KnownBy, dict[tuple[str, str], None]]]:
    """Yield what a file may come from, the strongest evidence first, and the newest first within one."""
    if session is not None:
        head = ledger.drafts.head_of(session) or ledger.sessions.get(session).start_head
        heads = _heads(ledger, session=session)
        yield "session", heads or ({(session, head): None} if head else {})
        return
    if path is not None:
        yield "path", _heads(ledger, path=path)
        named = {one.id for one in ledger.sessions.every() if one.id in path.name}
        yield (
            "name",
            {
                (one.session, one.head): None
                for one in ledger.exports.find()
                if one.session in named or Path(one.path).name == path.name
            },
        )
    yield "text", _heads(ledger)


def _heads(
    ledger: Ledger, *, path: Path | None = None, session: str | None = None
) -> dict[tuple[str, str], None]:
    return {(one.session, one.head): None for one in ledger.exports.find(path=path, session=session)}


def _shared(script: Script, manuscript: Manuscript) -> float:
    """Return how much of their text two scripts have in common: 1 for all, 0 for nothing."""
    ours, theirs = _texts(script.elements()), _texts(manuscript.script().elements())
    total = sum(len(text) * count for text, count in (*ours.items(), *theirs.items()))
    common = sum(len(text) * count for text, count in (ours & theirs).items())
    return 2 * common / total if total else 0.0


def _texts(elements: Iterable[Element]) -> Counter[str]:
    return Counter(one.text for one in elements)
