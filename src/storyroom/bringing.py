"""What members bring for a first draft, each for a role: a story line, characters, a scene, dialogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from storyroom.agents.idea import prose
from storyroom.agents.pitched import read_pitch
from storyroom.formats.fountain import parse, write
from storyroom.memory.inbox import MemberPitch, Note
from storyroom.memory.ledger import Ledger
from storyroom.story.bible import Bible, Role
from storyroom.story.script import Script
from storyroom.team import check_role, check_text, on_the_team

LONGEST_INPUT = 20_000


class Input(NamedTuple):
    """What one member brings for one role.

    Attributes:
        text: prose; for the dialogue writer, a script or lines with a name before each.
    """

    member: str
    role: str
    text: str


def check_inputs(bible: Bible, inputs: Sequence[tuple[str, str, str]]) -> list[Note]:
    """Return what was brought as notes; several scenes are one note each, because each finds its own place.

    Raises:
        InputError: a text is empty or too long, or a member or a role is unknown.
    """
    notes: list[Note] = []
    for one in (Input(*given) for given in inputs):
        on_the_team(bible, one.member)
        check_role(bible, one.role)
        check_text(f"What {one.member} brings", one.text, LONGEST_INPUT)
        parts = scenes_of(one.text) if one.role == Role.DIALOGUE_WRITER else [one.text]
        if one.role == Role.PLOT_WRITER:
            read_pitch(prose(one.text))
        notes += [Note(member=one.member, text=part, roles=(one.role,), brought=True) for part in parts]
    return notes


def bring(ledger: Ledger, notes: Sequence[Note], session: str) -> None:
    """Put what was brought into the inbox of a session; a story line stands among the pitches, too."""
    for note in notes:
        ledger.inbox.put(note, session)
        if Role.PLOT_WRITER in note.roles:
            ledger.inbox.put(MemberPitch(member=note.member, text=prose(note.text)), session)


def scenes_of(text: str) -> list[str]:
    """Return the scenes of a script, each as a script; a text without several scenes stays as it is."""
    scenes = parse(text).scenes
    if len(scenes) < 2:
        return [text]
    return [write(Script.of((scene.heading, *scene.elements))) for scene in scenes]
