"""Edits from outside: what a member changed in an exported script, put into the script as it stands now.

The room may have gone on since the export. So three versions meet, element by element, known by their ids:
what was exported, what the member made of it, and what stands now. What the member touched is as they left
it; what they did not touch is as the room has it.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyroom.memory.drafts import scene_slots
from storyroom.memory.inbox import Edit
from storyroom.memory.ledger import Ledger, Said
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.script import Element
from storyroom.story.turn import Actor, Stage, Task, Turn, TurnKind

EDITED = 100
"""The round of an edit from outside, behind all that the room does with a scene."""


def edits_to_take(ledger: Ledger, session: str, head: str | None) -> list[tuple[Edit, int]]:
    """Return the edits that a script version does not have yet, each with a scene that it changes.

    A fork takes those that its parent was given, too, for the scenes that it has from it.
    """
    lineage = ledger.sessions.lineage(session)
    edits = ledger.inbox.items(Edit, lineage)
    if not edits:
        return []
    line = {version.id for version in ledger.drafts.line(head)}
    taken: set[tuple[str, int | None]] = set()
    for name, _ in lineage:
        for turn in ledger.turns.said(name, kinds=[TurnKind.EDIT]):
            if (turn.new_head or turn.task.head) in line:
                taken.add((turn.body["edit"], turn.scene))
    inherited = scene_slots(ledger.drafts.script(ledger.sessions.get(session).start_head))
    written = scene_slots(ledger.drafts.script(head))
    return [
        (edit, number)
        for edit in edits
        for number in edit.changed
        if (edit.id, number) not in taken
        and number in written
        and (edit.session == session or number in inherited)
    ]


def edit_task(session: str, head: str | None, edit: Edit, scene: int) -> Task:
    """Return the task of taking an edit of one scene in."""
    return Task(
        session=session,
        head=head,
        stage=Stage.SCENE,
        scene=scene,
        round=EDITED,
        role=Role.DIALOGUE_WRITER,
        ordinal=edit.seq,
    )


def edit_said(ledger: Ledger, edit: Edit, number: int, manuscript: Manuscript) -> Said:
    """Return the turn that puts an edit of one scene into the script; without a draft if nothing changes."""
    current = manuscript.scenes[number]
    base = _base(ledger, edit, number) or current
    made = merged(base, edit.scenes[number], current)
    old = {one.id: one for one in current.elements}
    new = {one.id: one for one in made.elements}
    body = {
        "edit": edit.id,
        "file": edit.file,
        "changed": [key for key, one in new.items() if key in old and old[key].content != one.content],
        "new": [key for key in new if key not in old],
        "gone": [{"id": key, "text": one.text} for key, one in old.items() if key not in new],
    }
    by, about = Actor(kind="member", name=edit.member), manuscript.slots[f"scene:{number}"]
    if _same(made.elements, current.elements):
        return Said(TurnKind.EDIT, by, body=body, about=about)
    draft = ("scene", made.model_dump(mode="json"))
    return Said(TurnKind.EDIT, by, body=body, about=about, draft=draft, slot=f"scene:{number}")


def take_edits(ledger: Ledger, session: str) -> list[Turn]:
    """Take all edits in on top of a session's newest version; whoever calls it advances the session."""
    head = ledger.drafts.head_of(session) or ledger.sessions.get(session).start_head
    turns: list[Turn] = []
    for edit, number in edits_to_take(ledger, session, head):
        said = edit_said(ledger, edit, number, read_manuscript(ledger, head))
        turns += ledger.commit(edit_task(session, head, edit, number), [said])
        head = turns[-1].new_head or head
    return turns


def handed_in_last(ledger: Ledger, session: str, base: str, file: str) -> Edit | None:
    """Return what was last handed in of a file that was exported from a version."""
    edits = ledger.inbox.items(Edit, ledger.sessions.lineage(session))
    return next((one for one in reversed(edits) if one.base == base and one.file == file), None)


def merged(base: SceneDraft, theirs: SceneDraft, current: SceneDraft) -> SceneDraft:
    """Return a scene with what a member changed, and everything else as it stands now.

    Args:
        base: what the member began with.
        theirs: what they made of it.
        current: what stands now.
    """
    was = {one.id: one for one in base.elements}
    now = {one.id: one for one in current.elements}
    made: list[Element] = []
    for one in theirs.elements:
        if one.id not in was or was[one.id].content != one.content:
            made.append(one)
        elif one.id in now:
            made.append(now[one.id])
    kept = {one.id for one in made}
    before: str | None = None
    for one in current.elements:
        if one.id not in was and one.id not in kept:
            places = [place for place, other in enumerate(made, 1) if other.id == before]
            made.insert(places[0] if places else len(made), one)
            kept.add(one.id)
        if one.id in kept:
            before = one.id
    return SceneDraft(number=current.number, elements=tuple(made))


def _base(ledger: Ledger, edit: Edit, number: int) -> SceneDraft | None:
    """Return the scene that an edit began with: as its file was handed in last, or as it was exported."""
    assert edit.session is not None, "an edit is of one session"
    edits = ledger.inbox.items(Edit, [(edit.session, None)])
    earlier = [one for one in edits if one.seq < edit.seq and one.base == edit.base and one.file == edit.file]
    if earlier:
        return earlier[-1].scenes.get(number)
    return read_manuscript(ledger, edit.base).scenes.get(number)


def _same(one: Sequence[Element], other: Sequence[Element]) -> bool:
    return [(a.id, a.content) for a in one] == [(b.id, b.content) for b in other]
