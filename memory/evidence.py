"""What a wording leans on: the model call that holds it, what memory had found, the notes that were read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storyroom.memory.calls import Call
from storyroom.memory.history import History
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Ledger
from storyroom.story.checks import line_form
from storyroom.story.turn import Turn, TurnKind


@dataclass(frozen=True)
class Recalled:
    """A passage that memory had put before the writer.

    Attributes:
        why: how it was found: ``dense #1, words #3: lamp, storm``.
        left_out: whether there was no room for it in the prompt that the wording came from.
    """

    episode: int
    scene: int
    why: str
    text: str
    left_out: bool


def call_behind(ledger: Ledger, calls: Sequence[Call], text: str) -> Call | None:
    """Return the newest call whose answer holds a wording, letters compared alone."""
    form = line_form(text)
    if not form:
        return None
    answers = [line_form(_plain(one.answer)) for one in calls]
    for one, answer in zip(reversed(calls), reversed(answers), strict=True):
        if form in answer:
            return one
    # The first line of a scene may have been begun for the model, which went on from there.
    for one, answer in zip(reversed(calls), reversed(answers), strict=True):
        if form in line_form(ledger.calls.texts(one)[-1]) + answer:
            return one
    return None


def _plain(answer: str) -> str:
    """Return what an answer says, also where it says it as JSON."""
    try:
        value = json.loads(answer)
    except ValueError:
        return answer
    return " ".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def recalled_for(ledger: Ledger, turn: Turn, said: Sequence[Turn], call: Call | None) -> Iterator[Recalled]:
    """Yield what the reading list of a turn's task names of the recall for its scene."""
    reading = ledger.turns.reading(turn.task)
    recalls = [
        one
        for one in said
        if one.kind is TurnKind.RECALL
        and (one.task.session, one.task.pass_) == (turn.task.session, turn.task.pass_)
    ]
    if reading is None or not recalls:
        return
    left_out = set(call.options.get("left_out", ())) if call else set()
    hits = {hit["chunk"]: hit for hit in recalls[-1].body["hits"]}
    for place, chunk in enumerate(reading.memory, 1):
        if hit := hits.get(chunk):
            yield Recalled(
                hit["episode"], hit["scene"], hit["why"], hit["text"], f"memory {place}" in left_out
            )


def notes_before(ledger: Ledger, history: History) -> dict[str, tuple[Note, ...]]:
    """Return the notes that each task of a line's history had before it."""
    tasks = {wording.turn.task.id: wording.turn.task for wording in history.wordings}
    named = {key: reading.notes for key, task in tasks.items() if (reading := ledger.turns.reading(task))}
    wanted = {note for notes in named.values() for note in notes}
    notes = {note.id: note for note in ledger.inbox.notes_by_id(sorted(wanted))}
    return {key: tuple(notes[one] for one in ids if one in notes) for key, ids in named.items()}
