"""`storyroom why`: who wrote a line, and every reason for which it was changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.looking import open_archive
from storyroom.cli.options import AsJson, SeriesFolder, command
from storyroom.cli.output import say, show_json, show_table
from storyroom.cli.words import shortened
from storyroom.errors import InputError, SessionError

if TYPE_CHECKING:
    from storyroom.archive import Archive
    from storyroom.memory.history import History
    from storyroom.memory.manuscript import Manuscript
    from storyroom.memory.provenance import Provenance, Step
    from storyroom.memory.threads import Thread
    from storyroom.session import Session

_IN_FILE = re.compile(r"(.+):(\d+)")
_IN_SCENE = re.compile(r"(\d+)[:.](\d+)")


@dataclass(frozen=True)
class Meant:
    """The line that is meant.

    Attributes:
        session: that it stands in.
        head: the script version in which it was looked up.
        element: its id.
        now: what a file says in its place; None where no file was named, or it says the same.
        moved_on: what the session says now in its place, if that is something else; empty if it is gone.
    """

    session: Session
    head: str
    element: str
    now: str | None = None
    moved_on: str | None = None


def why(
    where: Annotated[
        str, typer.Argument(metavar="FILE:LINE|SESSION", help="A line of an exported file, or a session.")
    ],
    what: Annotated[
        str | None,
        typer.Argument(
            metavar='[SCENE:N|"WORDS"]', help="Of a session: a line by scene and number, or words of it."
        ),
    ] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Say why a line is as it is: who wrote it, what was changed and why, what memory and notes it leans on.

    With a session and a number of a scene alone, its lines are listed with their numbers.
    """
    from storyroom.memory.provenance import why as provenance_of

    with open_archive(series) as archive:
        if what is not None and what.isdecimal():
            _list_lines(archive.session(where), int(what), as_json=as_json)
            return
        meant = (
            _in_file(archive, where) if what is None else _in_session(archive.session(where), what, series)
        )
        found = provenance_of(archive.ledger, meant.head, meant.element)
        if as_json:
            show_json(_facts(found, meant))
        else:
            from storyroom.cli.reasons import show_reasons

            show_reasons(found, meant, series)


def _in_file(archive: Archive, where: str) -> Meant:
    """Find a line of a file that was exported.

    Raises:
        InputError: no line of a file is named, or the room did not write it.
        SessionError: nothing tells which session the file comes from.
    """
    from storyroom.memory.named_lines import line_of_file

    named = _IN_FILE.fullmatch(where)
    if named is None or not Path(named[1]).is_file():
        if named is None and not Path(where).is_file():
            session = archive.session(where)
            hint = f'Name a line, such as {session.id} 1:4 or {session.id} "some of its words".'
            raise InputError("It is not said which line.", hint=hint)
        raise InputError(
            f"There is no file {named[1]}." if named else f"It is not said which line of {where}.",
            hint="Name the file and the number of the line: my-draft.fountain:120.",
        )
    line = line_of_file(archive.ledger, Path(named[1]), int(named[2]))
    session = archive.session(line.session)
    return Meant(session, line.head, line.element, line.now, _moved_on(session, line.head, line.element))


def _moved_on(session: Session, head: str, element: str) -> str | None:
    """Return what a session says now where it said something else when it was exported."""
    from storyroom.memory.manuscript import read_manuscript

    if session.head == head:
        return None
    was, now = (_said(one, element) for one in (read_manuscript(session.ledger, head), session.manuscript))
    return None if was == now else now


def _said(manuscript: Manuscript, element: str) -> str:
    lines = (draft.line(element) for draft in manuscript.scenes.values())
    return next((line.text for line in lines if line is not None), "")


def _in_session(session: Session, what: str, series: Path | None) -> Meant:
    from storyroom.memory.named_lines import line_at, lines_saying

    if session.head is None or not session.manuscript.scenes:
        raise SessionError(
            f"Session {session.id} has no line yet.",
            hint=f"Go on with it first: {command(series, 'resume', session.id)}",
        )
    if numbers := _IN_SCENE.fullmatch(what):
        element = line_at(session.ledger, session.head, int(numbers[1]), int(numbers[2]))
        return Meant(session, session.head, element.id)
    found = lines_saying(session.ledger, session.head, what)
    if not found:
        raise SessionError(
            f"No line of session {session.id} says {what!r}.",
            hint=f"Read it: {command(series, 'show', session.id, 'script')}",
        )
    if len(found) > 1:
        places = ", ".join(f"{scene}:{place}" for scene, place, _ in found[:12])
        raise InputError(
            f"{len(found)} lines say {what!r}.", hint=f"Give more words, or name one by its number: {places}."
        )
    return Meant(session, session.head, found[0][2].id)


def _list_lines(session: Session, scene: int, *, as_json: bool) -> None:
    """List the lines of a scene by the numbers under which they can be asked for."""
    from storyroom.memory.history import histories

    found = histories(session.ledger, session.head, [scene]).get(scene)
    if found is None:
        raise SessionError(
            f"Scene {scene} of session {session.id} is not written.",
            hint=f"`storyroom show {session.id} outline` lists its scenes.",
        )
    rows = [_row(f"{scene}:{place}", line) for place, line in enumerate(found.values(), 1)]
    if as_json:
        show_json(rows)
        return
    show_table(
        ("line", "kind", "by", "changes", "text"),
        [
            (
                str(row["line"]),
                str(row["kind"]).replace("_", " "),
                ", ".join(row["words"]) or str(row["by"]),
                str(row["changes"] or ""),
                shortened(str(row["text"]), 60),
            )
            for row in rows
        ],
        empty="It has no lines.",
    )
    say(f"Ask for one: storyroom why {session.id} {scene}:{len(rows)}", "dim")


def _row(number: str, line: History) -> dict[str, Any]:
    from storyroom.memory.authorship import authorship

    made = authorship(line)
    return {
        "line": number,
        "kind": str(line.last.element.kind),
        "by": next(iter(made.worded), made.writer[0]),
        "words": dict(made.worded),
        "changes": len(line.wordings) - 1,
        "text": line.last.element.text,
    }


def _facts(found: Provenance, meant: Meant) -> dict[str, Any]:
    return {
        "session": meant.session.id,
        "head": found.head,
        "scene": found.scene,
        "place": found.place,
        "id": found.element.id,
        "kind": str(found.element.kind),
        "speaker": found.speaker,
        "text": found.element.text,
        "in_file": meant.now,
        "now": meant.moved_on,
        "words": dict(found.made.worded),
        "steps": [_step(step) for step in found.steps],
        "answers": [
            {
                "turn": turn.seq,
                "state": turn.body["state"],
                "reason": turn.body.get("reason", ""),
                "note": note.model_dump(mode="json"),
            }
            for turn, note in found.answers
        ],
        "undone": [{"turn": turn.seq, "note": note.model_dump(mode="json")} for turn, note in found.undone],
        "objections": [_thread(thread) for thread in found.objected],
    }


def _step(step: Step) -> dict[str, Any]:
    turn, call = step.turn, step.call
    return {
        "turn": turn.seq,
        "id": turn.id,
        "what": str(turn.kind),
        "role": turn.role,
        "actor": str(turn.actor),
        "words_of": step.words_of or None,
        "was": step.was,
        "now": step.now,
        "reason": step.reason,
        "unasked": step.unasked,
        "objections": [_thread(thread) for thread in step.threads],
        "call": {
            "prompt": call.id,
            "model": call.model,
            "seed": call.options.get("seed"),
            "form": call.options.get("form"),
            "attempt": call.attempt,
            "prompt_tokens": call.prompt_tokens,
            "cached_tokens": call.cached_tokens,
            "new_tokens": call.new_tokens,
            "seconds": call.seconds,
        }
        if call
        else None,
        "calls": step.calls,
        "memory": [
            {
                "episode": one.episode,
                "scene": one.scene,
                "why": one.why,
                "text": one.text,
                "left_out": one.left_out,
            }
            for one in step.memory
        ],
        "notes": [note.model_dump(mode="json") for note in step.notes],
    }


def _thread(thread: Thread) -> dict[str, Any]:
    return {
        "turn": thread.raised.seq,
        "role": thread.raised.role,
        "actor": str(thread.raised.actor),
        **thread.objection.model_dump(mode="json"),
        "fate": thread.fate,
        "said": [
            {
                "turn": turn.seq,
                "what": str(turn.kind),
                "role": turn.role,
                "actor": str(turn.actor),
                **turn.body,
            }
            for turn in thread.said
        ],
    }
