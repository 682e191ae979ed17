"""The public API: a room is opened on a series folder, drafts episodes, and answers for what it did.

room = Room.open("the-last-light")
async for turn in room.draft("The lamp fails with the Dunlin at sea.", episode=3):
    print(turn.kind, turn.role)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.drafting import Drafting
from storyroom.memory.inbox import Answer, MemberPitch, Note, NoteChange, NoteVerb, SeatChange
from storyroom.session import Session

if TYPE_CHECKING:
    from storyroom.absorbing import Absorbed
    from storyroom.memory.note_lives import NoteLife


class Room(Drafting):
    """A writers' room for one series: episodes are drafted in it, and members of the team take part.

    Make it with `Room.open`; close it, or use it in a `with` block.
    """

    def pitch(self, text: str, *, member: str, session: str | None = None) -> MemberPitch:
        """Pitch a storyline; it lies on the table beside those of the plot writers.

        Args:
            text: prose, or YAML with some of `title`, `conflict`, `turn` and `ending`.
            session: whose table; that of the next episode to be drafted when not given.

        Raises:
            InputError: the text is empty or too long or cannot be read, or the member is unknown.
            SessionError: the session's pitches lie on the table already.
        """
        from storyroom.pitching import check_pitch, refuse_late

        pitch = check_pitch(self.bible, member, text)
        if session is not None:
            refuse_late(self.session(session))
        return self.ledger.inbox.put(pitch, self._name(session))

    def note(
        self,
        text: str,
        *,
        member: str,
        roles: Sequence[str] = (),
        scene: int | None = None,
        lines: Sequence[str] = (),
        session: str | None = None,
    ) -> Note:
        """Leave a note for one or more roles; the next turn of theirs has read it.

        Args:
            roles: to whom; found out from what it says when not given, and told in `Note.routed`.
            scene: the scene it is about; the one that it names when not given, and told in `Note.placed`.
            lines: lines of the session's script that it is about, each as a quote or as `SCENE:LINE`.

        Raises:
            InputError: the text is empty or too long, or the member, a role, the scene or a line is unknown.
        """
        from storyroom.notes import leave_note

        note = Note(member=member, text=text, roles=tuple(roles), scene=scene)
        return leave_note(self.ledger, self.bible, note, self.session(session) if session else None, lines)

    def notes(self, session: str | None = None) -> list[NoteLife]:
        """Return the notes to a session with what became of them; all there are when none is named."""
        from storyroom.memory.note_lives import lives

        return lives(self.ledger, self._name(session))

    def change_note(
        self,
        note: str,
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
            note: its id, or the beginning of it.
            change: `assign` (with roles or a scene), `decline` or `reopen` (with a reason).
            everywhere: assigns it to no one scene.

        Raises:
            InputError: there is no such note, member, role or scene; or it is declined, or open, as it is.
        """
        from storyroom.notes import change_note

        return change_note(
            self.ledger,
            self.bible,
            note,
            change,
            member=member,
            roles=roles,
            scene=scene,
            everywhere=everywhere,
            reason=reason,
        )

    def absorb(self, file: str | Path, *, member: str, session: str | None = None) -> Absorbed:
        """Take in a script that was exported and that a member edited since, line by line as theirs.

        A session on which a process works takes it in at the next scene.

        Args:
            file: Fountain or FDX.
            session: whose script it is; found out from the exports when not given.

        Raises:
            InputError: it cannot be read, has scenes more or less, or somebody who is not in a scene's cast.
            SessionError: nothing tells which session it was exported from.
        """
        from storyroom.absorbing import absorb

        found = absorb(self.ledger, self.bible, self.series.locks, Path(file), member, session)
        if found.turns:
            self.ready_index()
        return found

    def answer(
        self,
        session: str,
        verdict: str,
        *,
        member: str = "",
        reason: str = "",
        text: str = "",
        scenes: Sequence[int] = (),
    ) -> Answer:
        """Answer the gate that a session waits at; `resume` then goes on from it.

        Args:
            verdict: `approve`, `send_back` (with a reason) or `edit` (with the text).
            scenes: after a table read, those that go back; if none are given, those that the reason names.

        Raises:
            SessionError: it waits at no gate, or was answered already.
            InputError: what came back cannot be read, or says what the bible does not allow.
        """
        from storyroom.team import take_answer

        record = self.ledger.sessions.get(session)
        return take_answer(
            self.context(), Session(self.ledger, record), verdict, member, reason, text, scenes
        )

    def take_seat(self, role: str, member: str, session: str | None = None) -> SeatChange:
        """Let a member do a role's work, in one session or in the whole series; it can be taken at any time.

        Raises:
            InputError: there is no such role or member, or somebody else sits there.
        """
        from storyroom.seats import take_seat

        return take_seat(self.ledger, self.bible, self.crew, role, member, self._name(session))

    def leave_seat(self, role: str, session: str | None = None) -> SeatChange:
        """Give a seat back to the agent, which also does what its member was asked and has not answered.

        Raises:
            InputError: there is no such role, or nobody sits there.
        """
        from storyroom.seats import leave_seat

        return leave_seat(self.ledger, self.bible, self.crew, role, self._name(session))

    def seats(self, session: str | None = None) -> dict[str, str | None]:
        """Return every role with the member in its seat, in a session or the series; None is the agent."""
        from storyroom.seats import seats

        return seats(self.ledger, self.bible, self._name(session))

    def answer_seat(self, session: str, text: str, *, member: str = "", role: str = "") -> Answer:
        """Answer what a member in a seat was asked; `resume` then goes on from it.

        Args:
            text: the filled sheet; an empty one hands the task back to the agent.
            member: who answers; whoever was asked when not given.
            role: whose seat, when several were asked and the sheet does not name its question.

        Raises:
            SessionError: nothing was asked, or it was answered already.
            InputError: the text cannot be read, or another member was asked.
        """
        from storyroom.seats import answer_seat, asked

        one = self.session(session)
        ask = asked(one, role=role, member=member, text=text)
        return answer_seat(self.ledger, self.bible, one, ask, text, member=member)

    def _name(self, session: str | None) -> str | None:
        return None if session is None else self.ledger.sessions.get(session).id
