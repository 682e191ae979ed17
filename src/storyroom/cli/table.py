"""The table with the pitches, as it is shown: whose they are, how far apart, and what became one story."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from storyroom.story.turn import Actor, TurnKind

if TYPE_CHECKING:
    from storyroom.session import Session
    from storyroom.story.plan import Choice, Pitch, Pitched
    from storyroom.story.turn import Turn


def pitches_of(one: Session) -> tuple[dict[str, Any], str] | None:
    """Return the pitches of a session as JSON and as text; None if there are none yet."""
    table = _table(one)
    if not table:
        return None
    laid, chosen = _turn(one, TurnKind.PITCHES), _turn(one, TurnKind.CHOICE)
    choice = one.manuscript.choice
    sent_back = laid.body.get("sent_back", []) if laid else []
    lines: list[str] = []
    for number, entry in enumerate(table, 1):
        marks = [who(entry.by)]
        if choice and number in choice.pitches:
            marks.append("chosen" if len(choice.pitches) == 1 else "merged")
        if number in sent_back:
            marks.append("sent back once")
        if entry.repeats:
            marks.append(f"nearly repeats {entry.repeats}")
        title = f" {entry.pitch.title}" if entry.pitch.title else ""
        lines.append(f"{number}.{title} ({', '.join(marks)})")
        lines += [f"   {text}" for text in entry.pitch.lines] + [""]
    for turn, when in ((laid, "before the debate"), (chosen, "after it")):
        lines += _apart(turn.body, when) if turn else []
    if choice and len(choice.pitches) > 1:
        lines += ["", *story_of(choice)]
    elif choice and choice.reason:
        lines += ["", f"Why: {choice.reason}"]
    value = {
        "pitches": [
            {
                "number": number,
                "by": entry.by,
                "repeats": entry.repeats,
                **entry.pitch.model_dump(mode="json"),
            }
            for number, entry in enumerate(table, 1)
        ],
        "sent_back": sent_back,
        "distances": {"before": _measured(laid), "after": _measured(chosen)},
        "choice": choice.model_dump(mode="json") if choice else None,
    }
    return value, "\n".join(lines).rstrip()


def story_of(choice: Choice) -> list[str]:
    """Return a story line by line, each with the pitches that it leans on and whose they are."""
    lines = [" ".join(filter(None, ("The story:", choice.story.title)))]
    for name in ("conflict", "turn", "ending"):
        if text := getattr(choice.story, name):
            leant = [f"{one.pitch} ({_name(one.by)})" for one in choice.takes if one.field == name]
            lines += [f"   {text}", f"      {name}: " + (f"from {' and '.join(leant)}" if leant else "new")]
    return [*lines, f"Why: {choice.reason}"] if choice.reason else lines


def who(by: str) -> str:
    """Return whose a pitch is: a member's name, or the plot writer with its model."""
    actor = Actor.parse(by)
    return actor.name if actor.kind == "member" else f"plot writer, {actor.name}"


def _name(by: str) -> str:
    return who(by).partition(", ")[0]


def _table(one: Session) -> list[Pitched]:
    """Return the pitches on the table; while they are still coming in, those that were made."""
    from storyroom.story.plan import Pitched

    if one.manuscript.pitches is not None:
        return list(one.manuscript.pitches.pitches)
    made = sorted((turn for turn in one.turns if turn.kind is TurnKind.PITCH), key=_place)
    return [Pitched(by=str(turn.actor), pitch=_pitch(turn)) for turn in made]


def _place(turn: Turn) -> tuple[int, int]:
    return turn.task.ordinal, turn.task.round


def _pitch(turn: Turn) -> Pitch:
    from storyroom.story.plan import Pitch

    return Pitch.model_validate(turn.body)


def _turn(one: Session, kind: TurnKind) -> Turn | None:
    """Return the last such turn on the way to where the session stands, in it or before a fork."""
    line = {version.id for version in one.drafts}
    for session, _ in one.ledger.sessions.lineage(one.id):
        for turn in one.ledger.turns.said(session, kinds=[kind], order="newest"):
            if turn.new_head in line:
                return turn
    return None


def _measured(turn: Turn | None) -> dict[str, Any] | None:
    if turn is None or not turn.body.get("distances"):
        return None
    return {"each": turn.body["distances"], "mean": turn.body.get("mean")}


def _apart(body: dict[str, Any], when: str) -> list[str]:
    distances = body.get("distances")
    if not distances:
        return []
    pairs = itertools.combinations(range(len(distances)), 2)
    each = ", ".join(f"{a + 1}–{b + 1} {distances[a][b]:.2f}" for a, b in pairs)
    mean = f"{body['mean']:.2f} on average; " if body.get("mean") is not None else ""
    return [f"Distance {when}: {mean}{each}"]
