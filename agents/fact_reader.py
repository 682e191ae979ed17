"""Reads out of an approved scene what only prose tells: who dies, who leaves, who has what, who learns what.

A larger model is asked under a schema, and has to quote the scene for each fact. Code looks the quote up:
what the scene does not say word for word is dropped and counted. Nobody has approved the rest: it is likely.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model

from storyroom.agents.answers import one_of
from storyroom.agents.desk import Desk
from storyroom.story.attendance import attendance
from storyroom.story.bible import Role
from storyroom.story.canon import Evidence, Fact, Moment
from storyroom.story.draft import SceneDraft
from storyroom.story.people import People
from storyroom.story.script import Element, Kind
from storyroom.story.text import Sentence

_MOST = 6
_SHORTEST_QUOTE = 4


class FactReader:
    """Works beside the script coordinator, and asks with the model of that role."""

    role: str = Role.SCRIPT_COORDINATOR

    async def read(self, desk: Desk, draft: SceneDraft, draft_id: str, at: Moment) -> tuple[list[Fact], int]:
        """Return the facts of a scene, and how many were dropped because their quote is not in it."""
        names = tuple(who.name for who in desk.bible.cast)
        lines = [(place, draft.speaker_of(one.id), one.text) for place, one in enumerate(draft.lines, 1)]
        plan = desk.manuscript.plan(draft.number)
        answer: Any = await desk.ask(
            "facts", facts_answer(names), max_tokens=600, attempts=2, lines=lines, plan=plan, names=names
        )
        people = desk.ledger.people.of(desk.bible)
        found = list(_verified(answer.facts, draft, draft_id, at, people))
        return found, len(answer.facts) - len(found)


def facts_answer(names: tuple[str, ...]) -> type[BaseModel]:
    """What a scene tells: each fact with the words of the scene that tell it."""
    person = one_of(names)
    short = Annotated[str, Field(min_length=1, max_length=40)]
    fields: dict[str, Any] = {
        "kind": one_of(("death", "departure", "possession", "knowledge")),
        "subject": person,
        "says": Annotated[str, Sentence(12, 120)],
        "quote": Annotated[str, Field(min_length=_SHORTEST_QUOTE, max_length=160)],
        "thing": Annotated[str, Field(max_length=40)],
        "knows": Annotated[list[person], Field(max_length=6)],  # type: ignore[valid-type]
        "terms": Annotated[list[short], Field(max_length=3)],
    }
    required: dict[str, Any] = {name: (form, ...) for name, form in fields.items()}
    fact: Any = create_model("Fact", **required)
    every: dict[str, Any] = {"facts": (Annotated[list[fact], Field(max_length=_MOST)], ...)}
    return create_model("Facts", **every)


def _verified(
    told: list[Any], draft: SceneDraft, draft_id: str, at: Moment, people: People
) -> Iterator[Fact]:
    present = attendance(draft.elements, people)
    for one in told:
        quote = one.quote.strip()
        line = _line_of(quote, draft)
        if line is None or (one.kind == "possession" and not one.thing.strip()):
            continue
        there = present.witnesses(line, quote) - ({one.subject} if one.kind == "death" else set())
        # Who is not there learns nothing, whatever the model says; who says it knows it, wherever they are.
        knowing = there | {who.name for who in people.everyone(draft.speaker_of(line.id) or "")}
        holders = tuple(name for name in one.knows if name in knowing) if one.kind == "knowledge" else ()
        yield Fact(
            kind=one.kind,
            subject=one.subject,
            says=one.says,
            since=at,
            status="likely",
            origin="model",
            draft=draft_id,
            witnesses=() if holders else tuple(sorted(there)),
            holders=holders,
            terms=tuple(one.terms),
            thing=one.thing.strip() if one.kind == "possession" else "",
            evidence=(Evidence(at=at, quote=quote, element=line.id),),
        ).named()


def _line_of(quote: str, draft: SceneDraft) -> Element | None:
    """Return the line that holds the words; a heading and a cue tell nothing."""
    if len(quote) < _SHORTEST_QUOTE:
        return None
    lines = (one for one in draft.lines if one.kind is not Kind.NOTE)
    return next((one for one in lines if quote in one.text), None)
