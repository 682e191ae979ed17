"""Taking in what a member changed in an exported script, in any editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storyroom.agents.reading import no_place
from storyroom.errors import InputError, SessionBusy
from storyroom.files import sha256
from storyroom.memory.edits import handed_in_last, take_edits
from storyroom.memory.inbox import Edit
from storyroom.memory.ledger import Ledger
from storyroom.memory.locks import sole_runner
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.memory.tracing import Traced, TracedScene, trace_back
from storyroom.session import Session
from storyroom.story.alignment import Fate
from storyroom.story.bible import Bible
from storyroom.story.checks import outside_cast
from storyroom.story.draft import SceneDraft, aligned
from storyroom.story.headings import heading_parts
from storyroom.story.script import Element, Kind
from storyroom.story.turn import Turn
from storyroom.team import on_the_team


@dataclass(frozen=True)
class Absorbed:
    """What became of a file that a member edited.

    Attributes:
        session: the session that it belongs to.
        edit: what was handed in; None if the file says nothing new.
        turns: what was taken in at once, a turn for each scene; nothing while another process, or a step
            that is not finished, has the session: it takes the edit in at the next scene.
    """

    session: str
    edit: Edit | None
    turns: tuple[Turn, ...] = ()


def absorb(
    ledger: Ledger, bible: Bible, locks: Path, file: Path, member: str, session: str | None
) -> Absorbed:
    """Take in a Fountain or FDX file that was exported from a session and edited since.

    Args:
        locks: folder of the sessions' locks.
        session: whose file it is; found out when not given.

    Raises:
        InputError: the member is unknown, the file cannot be read, has scenes more or less, or has somebody
            or some place that it may not have. Nothing of it is taken in then.
        SessionError: nothing tells which session the file was exported from.
    """
    on_the_team(bible, member)
    traced = trace_back(ledger, file, session)
    one = Session(ledger, ledger.sessions.get(traced.origin.session))
    edit = _edit(ledger, one, traced, file, member)
    if edit is not None:
        edit = ledger.inbox.put(edit, one.id)
    return Absorbed(one.id, edit, tuple(_taken_now(ledger, one, locks)))


def _taken_now(ledger: Ledger, session: Session, locks: Path) -> Sequence[Turn]:
    """Take in what waits, where no step is at work: the session is finished, or waits at a gate."""
    waiting = session.waiting
    if session.status != "finished" and (waiting is None or waiting.task.head != session.head):
        return ()
    try:
        with sole_runner(locks, session.id):
            return take_edits(ledger, session.id)
    except SessionBusy:
        return ()


def _edit(ledger: Ledger, session: Session, traced: Traced, file: Path, member: str) -> Edit | None:
    """Return what a file says that the last version of it, or what was exported, does not say."""
    manuscript = read_manuscript(ledger, traced.origin.head)
    last = handed_in_last(ledger, session.id, traced.origin.head, file.name)
    before = last.scenes if last else manuscript.scenes
    maker = f"{traced.origin.head} {sha256(file.read_bytes())}"
    scenes: dict[int, SceneDraft] = {}
    for scene in _in_place(traced, manuscript, file.name):
        number = scene.number or 0
        elements = aligned(before[number].elements, scene.elements, f"{maker} {number}")
        scenes[number] = SceneDraft(number=number, elements=elements)
    changed = tuple(number for number, draft in sorted(scenes.items()) if _changed(before[number], draft))
    for number in changed:
        _check(session.bible, manuscript, number, before[number], scenes[number])
    if not changed:
        return None
    return Edit(member=member, file=file.name, base=traced.origin.head, scenes=scenes, changed=changed)


def _in_place(traced: Traced, manuscript: Manuscript, file: str) -> Iterator[TracedScene]:
    """Yield the scenes of a file, which must be those that were exported, in their order."""
    hint = "Keep the scenes and their order; scenes are added and taken out in the outline, before a draft."
    for scene in traced.scenes:
        if scene.place == 0:
            if any(line.now is not None for line in scene.lines):
                raise InputError(f"{file} has text before its first heading.", hint=hint)
        elif scene.number is None:
            raise InputError(f"Scene {scene.place} of {file} is new to the episode.", hint=hint)
        elif scene.place is None:
            raise InputError(f"Scene {scene.number} is not in {file} any more.", hint=hint)
        elif scene.fate is Fate.MOVED or scene.number != scene.place:
            raise InputError(f"Scene {scene.number} stands elsewhere in {file}.", hint=hint)
        else:
            yield scene
    there = {scene.number for scene in traced.scenes if scene.place}
    for number in manuscript.scenes:
        if number not in there:
            raise InputError(f"Scene {number} is not in {file} any more.", hint=hint)


def _check(bible: Bible, manuscript: Manuscript, number: int, before: SceneDraft, after: SceneDraft) -> None:
    """Hold what a member changed to the scene's cast and to the places of the bible."""
    known = {one.content for one in before.elements}
    new = [one for one in after.elements if one.content not in known]
    cast = manuscript.plan(number).cast
    strangers = sorted({cue.text for cue in outside_cast(new, cast, bible)})
    if strangers:
        raise InputError(
            f"Not in the cast of scene {number}: {', '.join(strangers)}. Nothing was taken in.",
            hint=f"Its cast is {', '.join(cast)}. Whoever is to speak there stands in series.yaml and in the "
            "outline, which a gate lets you edit: storyroom draft --gate outline.",
        )
    for one in new:
        place = heading_parts(one.text).place
        if one.kind is Kind.SCENE_HEADING and bible.location(place) is None:
            raise no_place(bible, place)


def _changed(before: SceneDraft, after: SceneDraft) -> bool:
    def said(elements: Sequence[Element]) -> list[object]:
        return [one.content for one in elements]

    return said(before.elements) != said(after.elements)
