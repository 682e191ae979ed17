"""Erasing for good: the only place that takes rows out of the ledger, and only when a human says so.

The ledger's part is one transaction, and it is kept last: index and checkpoints are copies that heal
themselves, so an erasure that was interrupted has left the ledger as it was, and can be done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Table, bindparam, delete, select, union

from storyroom.errors import IndexStale, InputError, SessionError
from storyroom.memory.checkpoints import forget, set_aside_if_damaged
from storyroom.memory.index import Index
from storyroom.memory.ledger import Ledger
from storyroom.memory.locks import lock_file, sole_runner
from storyroom.memory.residue import has_unknown
from storyroom.memory.sessions import SessionRecord
from storyroom.memory.tables import (
    asks,
    calls,
    drafts,
    episode_scenes,
    episodes,
    exports,
    fact_marks,
    fact_readings,
    facts,
    inbox,
    presences,
    readings,
    segments,
    sessions,
    turns,
    versions,
)

# Every column that names a draft: what none of them names any more, nobody can reach.
_NAMING = (
    sessions.c.bible,
    versions.c.draft,
    turns.c.about,
    turns.c.produced,
    episode_scenes.c.draft,
)


class Files(Protocol):
    """Where the files of a series lie; `storyroom.series.Series` is one.

    Attributes:
        checkpoints: the SQLite file of LangGraph's checkpoints.
        index: the folder of the index.
        locks: the folder of the sessions' lock files.
    """

    @property
    def checkpoints(self) -> Path: ...  # noqa: D102
    @property
    def index(self) -> Path: ...  # noqa: D102
    @property
    def locks(self) -> Path: ...  # noqa: D102


def erase_session(
    series: Files, ledger: Ledger, index: Index, session_id: str, *, with_forks: bool = False
) -> list[str]:
    """Erase a session: its rows, the drafts and prompts that only it needed, its checkpoints, its chunks.

    A version of an episode that came from it and was superseded since goes with it. Scripts that were written
    out to `drafts/` are the user's files, and stay.

    Args:
        session_id: its id, or the beginning of it.
        with_forks: erase its forks too, and theirs.

    Returns:
        The ids of the sessions that are gone, forks before what they were forked from.

    Raises:
        SessionError: there is no such session, it has forks, or an episode of the canon came from it.
        SessionBusy: another process works on it.
        MemoryFault: a file could not be written; the ledger is then as it was.
    """
    record = ledger.sessions.get(session_id)
    family = _with_forks(ledger.sessions.every(), record.id)
    if len(family) > 1 and not with_forks:
        raise SessionError(
            f"Session {record.id} has forks: {', '.join(family[:-1])}.",
            hint="Erase them first, or all together with --with-forks.",
        )
    _refuse_canon(ledger, family)
    with ExitStack() as held:
        for name in family:
            held.enter_context(sole_runner(series.locks, name))
        with ledger.database.write() as connection:
            orphans = _take_out_sessions(connection, family)
            _clear_index(series.index, index, orphans)
            _forget(series.checkpoints, family)
    for name in family:
        lock_file(series.locks, name).unlink(missing_ok=True)
    ledger.database.vacuum()
    return family


def erase_episode(series: Files, ledger: Ledger, index: Index, number: int) -> int:
    """Erase an episode from the canon, with all versions of it that were superseded.

    The sessions that drafted it stay, with their drafts; what other sessions quoted from it stands in their
    prompts and goes with them. Files in `episodes/` are the user's: one that stays there is read in again by
    the next `storyroom remember`.

    Returns:
        How many versions of the episode are gone.

    Raises:
        InputError: the canon has no such episode.
        MemoryFault: a file could not be written; the ledger is then as it was.
    """
    with ledger.database.write() as connection:
        ids = list(connection.execute(select(episodes.c.id).where(episodes.c.number == number)).scalars())
        if not ids:
            known = ", ".join(str(episode.number) for episode in ledger.episodes.canon())
            raise InputError(
                f"The canon has no episode {number}.",
                hint=f"It has: {known or 'none'}. A session is erased by its id: `storyroom sessions`.",
            )
        _clear_index(series.index, index, _take_out_episodes(connection, ids))
    ledger.database.vacuum()
    return len(ids)


def _with_forks(records: Iterable[SessionRecord], root: str) -> list[str]:
    """Return a session and all that was forked from it, children first."""
    family = [root]
    for one in records:  # the oldest first, so a fork comes after what it was forked from
        if one.parent in family:
            family.append(one.id)
    return family[::-1]


def _refuse_canon(ledger: Ledger, names: Sequence[str]) -> None:
    for episode in ledger.episodes.canon():
        if episode.session in names:
            raise SessionError(
                f"Episode {episode.number} of the canon came from session {episode.session}.",
                hint=f"Erase the episode first: storyroom delete episode {episode.number}",
            )


def _take_out_sessions(connection: Connection, names: Sequence[str]) -> set[str]:
    """Delete the rows of sessions, children first, and return the drafts that went with them."""
    superseded = connection.execute(select(episodes.c.id).where(episodes.c.session.in_(names))).scalars()
    orphans = _take_out_episodes(connection, list(superseded))
    named = _drafts_named(connection, names)
    _delete_prompts(connection, names)
    mine = facts.c.session.in_(names)
    _delete_facts(connection, connection.execute(select(facts.c.id).where(mine)).scalars())
    for table in (asks, exports, fact_marks, inbox, readings, turns, versions):
        connection.execute(delete(table).where(table.c.session.in_(names)))
    for name in names:
        connection.execute(delete(sessions).where(sessions.c.id == name))
    return orphans | _delete_orphans(connection, named)


def _take_out_episodes(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Delete versions of episodes, and return the drafts that went with them."""
    mine = episode_scenes.c.episode.in_(ids)
    named = set(connection.execute(select(episode_scenes.c.draft).where(mine)).scalars())
    connection.execute(delete(episode_scenes).where(mine))
    connection.execute(delete(episodes).where(episodes.c.id.in_(ids)))
    return _delete_orphans(connection, named)


def _drafts_named(connection: Connection, names: Sequence[str]) -> set[str]:
    """Return every draft that a row of these sessions names."""
    of_session = (
        select(sessions.c.bible).where(sessions.c.id.in_(names)),
        select(versions.c.draft).where(versions.c.session.in_(names)),
        select(turns.c.about).where(turns.c.session.in_(names)),
        select(turns.c.produced).where(turns.c.session.in_(names)),
    )
    return set(connection.execute(union(*of_session)).scalars()) - {None}


def _delete_orphans(connection: Connection, candidates: set[str]) -> set[str]:
    """Delete those drafts that no row names any more, and return their ids."""
    still_named = connection.execute(union(*(select(column) for column in _NAMING))).scalars()
    orphans = candidates - set(still_named)
    shown = connection.execute(select(facts.c.id, facts.c.draft).where(facts.c.draft.is_not(None)))
    _delete_facts(connection, [row.id for row in shown if row.draft in orphans])
    for table in (presences, fact_readings):
        _delete_by_id(connection, table, orphans, "draft")
    _delete_by_id(connection, drafts, orphans)
    return orphans


def _delete_facts(connection: Connection, ids: Iterable[str]) -> None:
    """Delete facts, and all that was decided about them."""
    gone = list(ids)
    _delete_by_id(connection, fact_marks, gone, "fact")
    _delete_by_id(connection, facts, gone)


def _delete_prompts(connection: Connection, names: Sequence[str]) -> None:
    """Delete the calls of sessions, and the segments that no other prompt has."""
    mine = calls.c.session.in_(names)
    gone = _segments(connection.execute(select(calls.c.prompt).where(mine)).scalars())
    connection.execute(delete(calls).where(mine))
    gone -= _segments(connection.execute(select(calls.c.prompt)).scalars())
    _delete_by_id(connection, segments, gone)


def _segments(prompts: Iterable[str]) -> set[str]:
    return {segment for prompt in prompts for segment in prompt.split()}


def _delete_by_id(connection: Connection, table: Table, ids: Iterable[str], column: str = "id") -> None:
    rows = [{"gone": one} for one in sorted(ids)]
    if rows:
        connection.execute(delete(table).where(table.c[column] == bindparam("gone")), rows)


def _clear_index(folder: Path, index: Index, draft_ids: set[str]) -> None:
    try:
        if index.draft_ids() & draft_ids:
            index.erase(draft_ids)
            if index.local and has_unknown(folder):
                index.clear()
    except IndexStale:
        # What cannot be read cannot be searched for traces: all of it goes, and is made again when needed.
        index.clear()


def _forget(checkpoints: Path, names: Sequence[str]) -> None:
    """Erase checkpoints, whether or not the caller runs in an event loop."""
    set_aside_if_damaged(checkpoints)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, forget(checkpoints, list(names))).result()
