"""What the editor's model proposes: a few lines at a time, under a form, and each looked over by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model

from storyroom.agents.answers import one_of
from storyroom.agents.checking import sound
from storyroom.errors import ModelRefused
from storyroom.memory.manuscript import Manuscript
from storyroom.story.bible import Role
from storyroom.story.text import Sentence
from storyroom.tools.bench import Bench
from storyroom.tools.polish.change import Change, ChangeKind, Polished, Refused, apart, edits_between
from storyroom.tools.polish.guard import Guard
from storyroom.tools.polish.view import Line, lines_of

ASKED: tuple[ChangeKind, ...] = ("grammar", "repetition", "length", "cliche", "logic")
"""The kinds that a model is asked about; marks and customs are certain without one."""

_LINES = 12
_CHANGES = 6
_LONGEST = 500


async def ask_editor(bench: Bench, found: Polished, kinds: Sequence[ChangeKind] = ASKED) -> Polished:
    """Add what the model proposes. A model that is too small for it is not asked.

    Raises:
        ModelError: the model is not there or fails.
    """
    if bench.model.capabilities.small:
        said = (
            f"The model {bench.order.model} is too small to polish and was not asked: in trials nothing that "
            "it proposed could be used. Name a larger one with --model."
        )
        return Polished(found.script, found.changes, found.refused, (*found.told, said))
    guard = Guard(found.elements, bench.bible)
    proposed: list[Change] = []
    refused: list[Refused] = []
    told: list[str] = []
    for batch in _batches(found):
        try:
            answer = await _asked(bench, batch, kinds)
        except ModelRefused as error:
            told.append(f"Scene {batch[0].scene}: {error.message}")
            continue
        for one in answer.changes:
            line = batch[int(one.line) - 1]
            change, why = _looked_over(line, one, guard, bench.order.model)
            if why:
                refused.append(Refused(change, why))
            elif change.edits:
                proposed.append(change)
    # Where both spoke, the code rule stands: it is certain.
    changes, over = apart([*found.changes, *proposed])
    refused += [Refused(one, "another change touches the same words") for one in over]
    return Polished(found.script, tuple(changes), (*found.refused, *refused), (*found.told, *told))


def _looked_over(line: Line, one: Any, guard: Guard, model: str) -> tuple[Change, str]:
    """Return a change that the model proposes, and why it may not stand, if so."""
    old, new = line.element.text, one.text.strip()
    change = Change(line.place, edits_between(old, new), one.kind, one.reason, model)
    if old == new:
        return change, ""
    faults = [fault for fault in sound(new) if fault not in sound(old)]
    return change, guard.against_meaning(old, new) or (f"the new wording {faults[0]}" if faults else "")


async def _asked(bench: Bench, batch: Sequence[Line], kinds: Sequence[ChangeKind]) -> Any:
    desk = bench.desk(Role.EDITOR, manuscript=Manuscript(), ground=())
    return await desk.ask(
        "polish",
        polish_answer(len(batch), kinds),
        max_tokens=80 + _CHANGES * 120,
        attempts=2,
        kinds=list(kinds),
        lines=[(number, line.speaker.upper(), line.element.text) for number, line in enumerate(batch, 1)],
    )


def polish_answer(lines: int, kinds: Sequence[ChangeKind]) -> type[BaseModel]:
    """Changes, each to one numbered line: its new wording, the kind of fault, and the reason."""
    change: Any = create_model(
        "Change",
        line=(one_of(str(n) for n in range(1, lines + 1)), ...),
        kind=(one_of(kinds), ...),
        text=(Annotated[str, Sentence(3, _LONGEST)], ...),
        reason=(Annotated[str, Sentence(15, 110)], ...),
    )
    return create_model("Polish", changes=(Annotated[list[change], Field(max_length=_CHANGES)], ...))


def _batches(found: Polished) -> Iterator[list[Line]]:
    """Yield the lines a few at a time, none of two scenes; those with notes in them are not shown."""
    shown = (line for line in lines_of(found.elements) if line.text == line.element.text)
    for _, scene in groupby(shown, key=lambda line: line.scene):
        lines = iter([line for line in scene if "\n" not in line.text and len(line.text) <= _LONGEST])
        while batch := list(islice(lines, _LINES)):
            yield batch
