"""Provenance: why a line is as it is.

    found = why(ledger, head, "9f1c02aa31be")
    for step in found.steps:
        step.turn.role, step.was, step.now, [thread.objection.says for thread in step.threads], step.call

Everything is read from the ledger: who wrote the line and what they had read, each change with the objection
or the note it answers, and the model call whose answer holds the wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storyroom.errors import SessionError
from storyroom.memory.answers import undoing
from storyroom.memory.authorship import Authorship, authorship
from storyroom.memory.calls import Call
from storyroom.memory.evidence import Recalled, call_behind, notes_before, recalled_for
from storyroom.memory.history import History, histories
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Ledger
from storyroom.memory.notes import ANSWERED
from storyroom.memory.threads import Thread, threads_of
from storyroom.story.draft import SceneDraft
from storyroom.story.script import Element
from storyroom.story.turn import Stage, Turn, TurnKind


@dataclass(frozen=True)
class Step:
    """One wording of the line, and what led to it.

    Attributes:
        turn: the turn that made it.
        was: what the line said before; None when it was written then.
        threads: the objections that it answers, with all that was said about them.
        words_of: the member whose own words it is, where an agent put them in.
        unasked: whether nobody had asked for the change.
        reason: what the human at a gate, or the showrunner, gave as reason; empty otherwise.
        call: the model call whose answer holds the wording; None if no model wrote it.
        calls: how many calls its task made.
        memory: what memory had put before whoever wrote it.
        notes: the members' notes that they had before them.
    """

    turn: Turn
    was: str | None
    now: str
    threads: tuple[Thread, ...]
    words_of: str
    unasked: bool
    reason: str
    call: Call | None
    calls: int
    memory: tuple[Recalled, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Provenance:
    """A line, and how it came to be.

    Attributes:
        scene: number of its scene.
        place: its place among the elements of the scene, from 1.
        speaker: who speaks it; None for action and the like.
        steps: the first wording, then each change.
        made: who wrote and who changed it, and whose its words are.
        answers: what became of members' notes that this line answers, with the notes.
        undone: the turns that undid such an answer, with the notes that are open again for it.
        objected: all objections to the line, also those that changed nothing.
    """

    head: str
    scene: int
    place: int
    element: Element
    speaker: str | None
    steps: tuple[Step, ...]
    made: Authorship
    answers: tuple[tuple[Turn, Note], ...]
    undone: tuple[tuple[Turn, Note], ...]
    objected: tuple[Thread, ...]

    @property
    def written(self) -> Step:
        """Its first wording."""
        return self.steps[0]


def why(ledger: Ledger, head: str, element_id: str) -> Provenance:
    """Return how a line that stands at `head` came to be.

    Args:
        element_id: of any element of a scene.

    Raises:
        SessionError: no such line stands there.
    """
    scene, draft = _scene_of(ledger, head, element_id)
    history = histories(ledger, head, [scene])[scene][element_id]
    said = _said_of_scene(ledger, head, scene)
    read = _said_at_the_table(ledger, head)
    threads = [one for one in (*_threads(said), *threads_of(read)) if one.objection.line == element_id]
    place = next(at for at, one in enumerate(draft.elements, 1) if one.id == element_id)
    answers = tuple(_answers(ledger, said, element_id))
    return Provenance(
        head=head,
        scene=scene,
        place=place,
        element=history.last.element,
        speaker=draft.speaker_of(element_id),
        steps=tuple(_steps(ledger, history, threads, said)),
        made=authorship(history),
        answers=answers,
        undone=tuple(_undone(ledger, head, answers)),
        objected=tuple(threads),
    )


def _scene_of(ledger: Ledger, head: str, element_id: str) -> tuple[int, SceneDraft]:
    for slot, draft_id in ledger.drafts.script(head).items():
        # Parsing every scene would take longer than all the rest.
        if (
            slot.startswith("scene:")
            and element_id
            and f'"{element_id}"'.encode() in ledger.drafts.raw(draft_id)
        ):
            draft = ledger.drafts.get(draft_id, SceneDraft)
            if draft.line(element_id) is not None:
                return draft.number, draft
    raise SessionError(
        f"No line {element_id!r} stands in this version.",
        hint="Name the line by scene and number, or quote it.",
    )


def _said_of_scene(ledger: Ledger, head: str, scene: int) -> list[Turn]:
    """Return what was said about a scene on the way to a head, in the sessions that led there."""
    line = ledger.drafts.line(head)
    heads = {version.id for version in line}
    sessions = [ledger.sessions.get(name) for name in dict.fromkeys(one.session for one in reversed(line))]
    # A fork that argues anew about a draft has nothing of the debate that was held on it before.
    anew = {one.start_head: one.id for one in sessions if one.start_at == f"debate:{scene}"}
    return [
        turn
        for one in sessions
        for turn in ledger.turns.said(one.id, stage=Stage.SCENE, scene=scene)
        if turn.task.head in heads and anew.get(turn.task.head, one.id) == one.id
    ]


def _said_at_the_table(ledger: Ledger, head: str) -> list[Turn]:
    """Return what was said at the table reads on the way to a head; a later one verifies what one raised."""
    line = ledger.drafts.line(head)
    heads = {version.id for version in line}
    return [
        turn
        for name in dict.fromkeys(version.session for version in reversed(line))
        for turn in ledger.turns.said(name, stage=Stage.TABLE_READ)
        if turn.task.head in heads
    ]


def _threads(said: Sequence[Turn]) -> list[Thread]:
    """Return the threads of every debate on the scene; each pass has its own."""
    debates: dict[tuple[str, int], list[Turn]] = {}
    for turn in said:
        debates.setdefault((turn.task.session, turn.task.pass_), []).append(turn)
    return [thread for turns in debates.values() for thread in threads_of(_argued(turns))]


def _argued(turns: Sequence[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.kind is not TurnKind.REVISION or turn.task.round > 0]


def _steps(
    ledger: Ledger, history: History, threads: Sequence[Thread], said: Sequence[Turn]
) -> Iterator[Step]:
    notes = notes_before(ledger, history)
    was: str | None = None
    for wording in history.wordings:
        turn, element = wording.turn, wording.element
        calls = ledger.calls.made(task=turn.task.id)
        call = call_behind(ledger, calls, element.text)
        mends = turn.body.get("mends", ())
        answered = [
            one
            for one in threads
            if one.id in mends or any(reply.task.id == turn.task.id for reply in one.said)
        ]
        unasked = any(one["line"] == element.id for one in turn.body.get("unasked", ()))
        yield Step(
            turn=turn,
            was=was,
            now=element.text,
            threads=tuple(answered),
            words_of=wording.words_of,
            unasked=unasked,
            reason=_reason(turn, answered),
            call=call,
            calls=len(calls),
            memory=tuple(recalled_for(ledger, turn, said, call)),
            notes=notes.get(turn.task.id, ()),
        )
        was = element.text


def _reason(turn: Turn, answered: Sequence[Thread]) -> str:
    if turn.kind is TurnKind.RULING:
        rulings = (said for one in answered for said in one.said if said.kind is TurnKind.RULING)
        return next((str(one.body["reason"]) for one in rulings), "")
    return str(turn.body.get("reason", ""))


def _answers(ledger: Ledger, said: Sequence[Turn], element_id: str) -> Iterator[tuple[Turn, Note]]:
    turns = [turn for turn in said if turn.kind is TurnKind.NOTE and element_id in turn.body.get("lines", ())]
    notes = {note.id: note for note in ledger.inbox.notes_by_id(sorted({t.body["note"] for t in turns}))}
    return ((turn, notes[turn.body["note"]]) for turn in turns if turn.body["note"] in notes)


def _undone(ledger: Ledger, head: str, answers: Sequence[tuple[Turn, Note]]) -> Iterator[tuple[Turn, Note]]:
    for turn, note in {note.id: (turn, note) for turn, note in answers}.values():
        by = undoing(ledger, head, turn) if turn.body["state"] in ANSWERED else None
        if by is not None:
            yield by, note
