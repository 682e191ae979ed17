"""`storyroom sessions` and `storyroom lock`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.options import AsJson, SeriesFolder, SessionName, command, open_room
from storyroom.cli.output import say, show, show_json, show_table
from storyroom.cli.words import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyroom.session import Session


def sessions(
    episode: Annotated[int | None, typer.Option(help="Only sessions of this episode.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what the writer's tools were used for.")] = False,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """List the sessions, each fork below the session that it branched from."""
    with open_room(series) as room:
        found = room.sessions(episode=episode, tools=every)
        if as_json:
            show_json([_facts(one) for one in found])
            return
        show_table(
            ("episode", "session", "status", "scenes", "model", "begun"),
            [_row(one, depth) for one, depth in _branches(found)],
            empty=f"No sessions yet. Begin one: {command(series, 'draft', '…')}",
        )


def lock(session: SessionName, series: SeriesFolder = None) -> None:
    """Make a finished session's episode canon: later episodes remember it."""
    with open_room(series) as room:
        one = room.session(session)
        before = room.ledger.episodes.newest(one.order.episode)
        episode = room.lock(one.id)
        instead = f", instead of the {before.origin} one" if before else ""
        say(f"Episode {one.order.episode} is canon now{instead}.")
        show(episode)


def _branches(found: Sequence[Session]) -> Iterator[tuple[Session, int]]:
    """Yield the sessions of each episode as a tree, with the depth of each."""
    names = {one.id for one in found}
    roots = [one for one in found if one.record.parent not in names]

    def below(parent: Session, depth: int) -> Iterator[tuple[Session, int]]:
        yield parent, depth
        for one in found:
            if one.record.parent == parent.id:
                yield from below(one, depth + 1)

    for root in sorted(roots, key=lambda one: (one.order.episode, one.record.created)):
        yield from below(root, 0)


def _row(one: Session, depth: int) -> tuple[str, ...]:
    facts = _facts(one)
    name = "  " * (depth - 1) + "└ " + one.id if depth else one.id
    at = f" (from {facts['forked_at']})" if depth else ""
    return (
        str(facts["episode"]),
        name + at,
        facts["tool"] or facts["status"],
        "" if facts["tool"] else f"{facts['scenes_done']}/{facts['scenes']}",
        facts["model"],
        moment(facts["created"]),
    )


def _facts(one: Session) -> dict[str, Any]:
    return {
        "session": one.id,
        "episode": one.order.episode,
        "status": "tool" if one.order.tool else one.status,
        "tool": one.order.tool,
        "scenes_done": len(one.approved),
        "scenes": one.order.scenes,
        "parent": one.record.parent,
        "forked_at": one.record.start_at,
        "model": one.order.model,
        "created": one.record.created,
        "idea": one.order.idea,
    }
