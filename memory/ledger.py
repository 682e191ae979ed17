"""The ledger: the truth about a series.

    ledger.sessions   what was asked for, and the forks
    ledger.drafts     drafts and script versions
    ledger.turns      who said what, after reading what
    ledger.calls      every model call with its prompt
    ledger.inbox      what humans said
    ledger.asks       what humans in seats were asked
    ledger.episodes   the episodes that are canon
    ledger.people     who is present in which scene, and which spellings mean whom
    ledger.facts      what holds in the story, and what humans decided about it
    ledger.exports    the files that were written, and what they show

One file per series. `commit` keeps all that a task made in one transaction: it has happened or it has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyroom.memory.asks import Asks
from storyroom.memory.calls import Calls
from storyroom.memory.database import Database
from storyroom.memory.drafts import Drafts, put_draft, put_version
from storyroom.memory.exports import Exports
from storyroom.memory.inbox import Inbox
from storyroom.memory.sessions import Sessions
from storyroom.memory.turns import Turns, put_turn
from storyroom.story.turn import Actor, Task, Turn, TurnKind

if TYPE_CHECKING:
    from storyroom.memory.episodes import Episodes
    from storyroom.memory.facts import Facts
    from storyroom.memory.presences import Presences


@dataclass(frozen=True)
class Said:
    """One turn as its author gives it, before the ledger names and places it.

    Attributes:
        draft: the draft that it made, as the kind of draft and its JSON form.
        slot: which slot of the script the draft now fills; None leaves the script as it is.
    """

    kind: TurnKind
    actor: Actor
    body: dict[str, Any] = field(default_factory=dict)
    about: str | None = None
    draft: tuple[str, Any] | None = None
    slot: str | None = None
    seconds: float = 0.0


class Ledger:
    """Opens the ledger of a series.

    Args:
        path: its SQLite file.

    Raises:
        MemoryFault: it is damaged, of a newer schema, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.sessions = Sessions(self.database)
        self.drafts = Drafts(self.database)
        self.turns = Turns(self.database)
        self.calls = Calls(self.database)
        self.inbox = Inbox(self.database)
        self.asks = Asks(self.database)
        self.exports = Exports(self.database)

    # What only some commands need, and takes a moment to import.

    @cached_property
    def episodes(self) -> Episodes:
        """The episodes that are canon."""
        from storyroom.memory.episodes import Episodes

        return Episodes(self.database)

    @cached_property
    def people(self) -> Presences:
        """Who is present in which scene, and which spellings mean whom."""
        from storyroom.memory.presences import Presences

        return Presences(self.database)

    @cached_property
    def facts(self) -> Facts:
        """What was settled about the facts of the canon."""
        from storyroom.memory.facts import Facts

        return Facts(self.database)

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def commit(self, task: Task, said: Sequence[Said]) -> list[Turn]:
        """Keep the turns of a finished task, with their drafts and script versions.

        A task that is already recorded is left as it is, and what it recorded is returned.
        """
        from sqlalchemy import select

        from storyroom.memory.tables import turns

        with self.database.write() as connection:
            if connection.execute(select(turns.c.seq).where(turns.c.task == task.id)).first():
                said = ()
            head = task.head
            for ordinal, one in enumerate(said):
                produced = put_draft(connection, *one.draft) if one.draft else None
                new_head = None
                if one.slot and produced:
                    new_head = head = put_version(
                        connection,
                        parent=head,
                        session=task.session,
                        slot=one.slot,
                        draft=produced,
                        task=task.id,
                    )
                put_turn(
                    connection,
                    Turn(
                        id=f"{task.id}.{ordinal}",
                        task=task,
                        kind=one.kind,
                        actor=one.actor,
                        about=one.about,
                        produced=produced,
                        new_head=new_head,
                        body=one.body,
                        seconds=one.seconds,
                    ),
                )
        return self.turns.of_task(task.id)

    def record_export(self, *, session: str, head: str, format: str, path: Path, sha256: str) -> None:
        """Remember which head a written file shows, so that an edited copy can be aligned with it."""
        self.exports.record(session=session, head=head, format=format, path=path, sha256=sha256)

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        from storyroom.memory.tables import metadata

        return {
            name: int(self.database.rows(f"SELECT count(*) AS many FROM {name}")[0]["many"])
            for name in sorted(metadata.tables)
        }
