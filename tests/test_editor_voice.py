"""The editor hears when a line does not sound like who speaks."""

from __future__ import annotations

from pathlib import Path

from room_kit import a_series, draft, open_room
from scripted_room import scripted_room

from storyroom.story.turn import TurnKind


def an_episode(folder: Path) -> Path:
    """Write an episode in which Mara speaks often, and never at length."""
    said = [f"MARA\nGive me rope number {number}.\n\nBEA\nHere it is.\n" for number in range(1, 31)]
    path = folder / "episodes" / "s01e01-ropes.fountain"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "INT. LAMP ROOM - NIGHT\n\nMara sorts ropes with Bea.\n\n" + "\n".join(said), encoding="utf-8"
    )
    return path


def test_a_speech_that_is_not_hers_is_objected_to_with_what_she_said_before(tmp_path: Path):
    """The objection quotes the speech and says how she spoke until now, in the canon."""
    folder = a_series(tmp_path)
    with open_room(folder, model=scripted_room(wordy=True)) as room:
        room.remember([an_episode(folder)])
        session = draft(room, depth="deep")
        raised = [t for t in session.turns if (t.role, t.kind) == ("editor", TurnKind.OBJECTION) and t.scene]
        slips = [turn for turn in raised if "of 30 speeches before" in turn.body["says"]]
        assert slips
        assert {turn.body["kind"] for turn in slips} == {"character"}
        assert all(len(turn.body["quote"].split()) > 30 for turn in slips)


def test_nobody_is_judged_who_has_said_little(tmp_path: Path):
    """Without earlier episodes the editor objects to nobody's voice."""
    with open_room(a_series(tmp_path), model=scripted_room(wordy=True)) as room:
        session = draft(room, depth="deep")
        assert not any("speeches before" in turn.body.get("says", "") for turn in session.turns)
