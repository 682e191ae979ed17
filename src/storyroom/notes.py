"""Notes as their authors give them: checked, routed, tied to lines; and what humans do to them afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyroom.errors import InputError
from storyroom.memory.inbox import Note, NoteChange, NoteVerb
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.note_lives import find_note, lives
from storyroom.routing import route
from storyroom.session import Session
from storyroom.story.bible import Bible
from storyroom.story.checks import line_form
from storyroom.story.draft import SceneDraft
from storyroom.story.scene_names import scene_meant
from storyroom.story.script import Element
from storyroom.team import LONGEST_NOTE, check_note, check_role, check_text, on_the_team

_PLACE = re.compile(r"\s*(\d{1,4})\s*[:：]\s*(\d{1,5})\s*")
_MOST_SHOWN = 4
_PLACED = {
    "en": "It speaks of scene {0}, so it is about scene {0}.",
    "zh": "意见说的是第 {0} 场，就归到第 {0} 场。",
}


def leave_note(
    ledger: Ledger, bible: Bible, note: Note, session: Session | None, lines: Sequence[str] = ()
) -> Note:
    """Check a note and put it into the inbox; what is not said beside it, role or scene, its text decides.

    Args:
        session: whom it speaks to; None is the whole series.
        lines: lines of that session's script, each as a quote or as `SCENE:LINE`.

    Raises:
        InputError: it is empty or too long, or the member, a role, the scene or a line is unknown.
    """
    note = check_note(bible, note)
    if note.scene is not None and session is not None:
        _check_scene(note.scene, session)
    if lines:
        note = _about_lines(note, lines, session)
    elif note.scene is None:
        note = _where_it_says(note, bible, session)
    if not note.roles:
        guided = next(member.roles for member in bible.team if member.name == note.member)
        routed = route(note.text, bible, guided, in_a_scene=note.scene is not None or bool(note.lines))
        note = note.model_copy(update={"roles": routed.roles, "routed": routed.reason})
    return ledger.inbox.put(note, session.id if session else None)


def change_note(
    ledger: Ledger,
    bible: Bible,
    note_id: str,
    change: NoteVerb,
    *,
    member: str,
    roles: Sequence[str] = (),
    scene: int | None = None,
    everywhere: bool = False,
    reason: str = "",
) -> NoteChange:
    """Assign a note to other roles or to another scene, decline it, or open it again.

    Args:
        everywhere: to no one scene.

    Raises:
        InputError: there is no such note, member, role or scene; or it is declined, or open, as it is.
    """
    note = find_note(ledger, note_id)
    on_the_team(bible, member)
    for role in roles:
        check_role(bible, role)
    if change == "assign":
        if not (roles or scene or everywhere):
            raise InputError(
                "It is not said to whom or to which scene the note goes.",
                hint="Name a role with --to, a scene with --scene, or give --everywhere.",
            )
        if scene and everywhere:
            raise InputError("One scene is not everywhere.", hint="Give --scene or --everywhere.")
        if scene and note.session is not None:
            _check_scene(scene, Session(ledger, ledger.sessions.get(note.session)))
    else:
        check_text("The reason", reason, LONGEST_NOTE)
        _refuse_as_it_is(ledger, note, change)
    return ledger.inbox.put(
        NoteChange(
            note=note.id,
            change=change,
            member=member,
            roles=tuple(roles),
            scene=scene,
            everywhere=everywhere,
            reason=reason.strip(),
        ),
        note.session,
    )


def _refuse_as_it_is(ledger: Ledger, note: Note, change: str) -> None:
    life = next(life for life in lives(ledger, note.session) if life.note.id == note.id)
    if change == "decline" and life.state == "declined":
        raise InputError(
            f"Note {note.id} is declined already: {life.reason}",
            hint=f"Open it again: storyroom notes reopen {note.id} --by MEMBER --reason …",
        )
    if change == "reopen" and life.state in ("open", "accepted", "reopened"):
        raise InputError(
            f"Note {note.id} is open already ({life.state}).",
            hint="What was declined, done or verified can be opened again.",
        )


def _where_it_says(note: Note, bible: Bible, session: Session | None) -> Note:
    """Return a note with the scene that its text names, if it names one, and the reason."""
    scene = scene_meant(note.text)
    if scene is None or (session is not None and scene > _last_scene(session)):
        return note
    return note.model_copy(update={"scene": scene, "placed": _PLACED[bible.language].format(scene)})


def _last_scene(session: Session) -> int:
    outline = session.manuscript.outline
    return len(outline.scenes) if outline else session.order.scenes


def _check_scene(scene: int, session: Session) -> None:
    last = _last_scene(session)
    if scene > last:
        raise InputError(
            f"Session {session.id} has no scene {scene}.",
            hint=f"It has scenes 1 to {last}." if last > 1 else "It has one scene.",
        )


def _about_lines(note: Note, lines: Sequence[str], session: Session | None) -> Note:
    """Return a note with the ids of the lines that are named, and their scene if they are all of one."""
    if session is None:
        raise InputError(
            "Lines are lines of a session's script, and none is named.", hint="Name it with --session."
        )
    found = [_line(session.manuscript, session.id, named, note.scene) for named in lines]
    scenes = {scene for scene, _ in found}
    return note.model_copy(
        update={
            "lines": tuple(dict.fromkeys(line.id for _, line in found)),
            "scene": scenes.pop() if len(scenes) == 1 else None,
        }
    )


def _line(manuscript: Manuscript, session: str, named: str, scene: int | None) -> tuple[int, Element]:
    """Return the line that is meant by `SCENE:LINE` or by a quote, and its scene."""
    place = _PLACE.fullmatch(named)
    if place:
        number, line = int(place[1]), int(place[2])
        draft = manuscript.scenes.get(number)
        if draft is None or not 1 <= line <= len(draft.lines):
            raise InputError(f"There is no line {named.strip()}.", hint=_places(manuscript, session))
        return number, draft.lines[line - 1]
    wanted = line_form(named)
    if not wanted:
        raise InputError("A line is quoted with nothing in it.", hint=_places(manuscript, session))
    scenes = {number: draft for number, draft in manuscript.scenes.items() if scene in (None, number)}
    found = [
        (number, line, place)
        for number, draft in sorted(scenes.items())
        for place, line in enumerate(draft.lines, 1)
        if wanted in line_form(line.text)
    ]
    if len(found) == 1:
        return found[0][0], found[0][1]
    if not found:
        raise InputError(
            f"No line of session {session} says {_short(named)}.", hint=_places(manuscript, session)
        )
    shown = "; ".join(f"{number}:{at} {_short(line.text)}" for number, line, at in found[:_MOST_SHOWN])
    raise InputError(
        f"{len(found)} lines say {_short(named)}.", hint=f"Quote more of it, or name one: {shown}."
    )


def _places(manuscript: Manuscript, session: str) -> str:
    written: dict[int, SceneDraft] = manuscript.scenes
    if not written:
        return f"Session {session} has no scene yet."
    counted = ", ".join(f"{number}:1 to {number}:{len(written[number].lines)}" for number in sorted(written))
    return f"Quote a line, or name it as SCENE:LINE; there are {counted}."


def _short(text: str, most: int = 50) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= most else text[: most - 1] + '…'}”"
