"""`storyroom memory`: what the room knows of the series."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.options import AsJson, SeriesFolder, open_room
from storyroom.cli.output import say, show, show_json, show_table
from storyroom.cli.words import count, shortened

if TYPE_CHECKING:
    from storyroom.memory.retrieval import Hit

app = typer.Typer(no_args_is_help=True, help="Search, measure, rebuild and copy the memory.")


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="What to look for: a question, names, a line.")],
    k: Annotated[int, typer.Option("--k", "-k", help="How many to show at most.")] = 8,
    session: Annotated[
        str | None, typer.Option(metavar="SESSION", help="Also what this session wrote.")
    ] = None,
    episode: Annotated[list[int] | None, typer.Option(help="Only this episode. Several times.")] = None,
    character: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only where one of these is present.")
    ] = None,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Only what happens here.")] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Search characters, places and scenes by meaning and by words."""
    with open_room(series) as room:
        found = room.search(
            text, k=k, session=session, episodes=episode or None, characters=character or (), place=place
        )
    if as_json:
        show_json([_facts(hit) for hit in found])
        return
    if not found:
        say("Nothing was found.")
    for place_in_list, hit in enumerate(found, 1):
        show(f"{place_in_list}. {_where(hit)}   ({hit.why})", "bold")
        show(f"   {shortened(hit.chunk.text, 300)}")


@app.command("scenes")
def scenes(
    episode: Annotated[
        int | None, typer.Argument(metavar="[EPISODE]", help="Its number. Default: all.")
    ] = None,
    session: Annotated[
        str | None, typer.Option(metavar="SESSION", help="The scenes that this session wrote, instead.")
    ] = None,
    character: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only scenes in which they are present.")
    ] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """List scenes: where and when they are, who speaks, who else is there."""
    with open_room(series) as room:
        found = room.presence(episode, session=session)
        if character is not None:
            who = room.ledger.people.of(room.bible).who(character).name
            found = [one for one in found if who in (*one.speakers, *one.silent)]
    if as_json:
        show_json([one.model_dump() for one in found])
        return
    rows = [
        (
            f"{one.episode}:{one.scene}",
            one.place,
            one.time,
            ", ".join(f"{p.name} {p.speeches}" for p in one.people if p.speeches),
            ", ".join(one.silent),
        )
        for one in found
    ]
    columns = ("scene", "place", "time", "speaks", "also there")
    show_table(columns, rows, empty="There is no such scene.")


@app.command("rebuild")
def rebuild(
    embedder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Make it with this encoder from now on: a name, a hub id or a folder."
        ),
    ] = None,
    series: SeriesFolder = None,
) -> None:
    """Make the index again from the ledger."""
    with open_room(series) as room:
        chunks = room.rebuild_index(embedder)
        say(f"The index was made again: {chunks} chunks.")


@app.command("stats")
def stats(as_json: AsJson = False, series: SeriesFolder = None) -> None:
    """Say how much the room remembers, and how much room that takes."""
    from storyroom.memory.database import file_size

    with open_room(series) as room:
        index = room.index.stats()
        facts: dict[str, Any] = {
            "ledger": {"rows": room.ledger.counts(), "bytes": room.ledger.database.size()},
            "checkpoints": {"bytes": file_size(room.series.checkpoints)},
            "index": {
                "chunks": index.chunks,
                "drafts": index.drafts,
                "kinds": dict(index.kinds),
                "embedder": index.embedder,
                "bytes": index.size,
            },
            "episodes": [
                {"number": one.number, "title": one.title, "origin": one.origin, "scenes": len(one.scenes)}
                for one in room.ledger.episodes.canon()
            ],
        }
    if as_json:
        show_json(facts)
        return
    for one in facts["episodes"]:
        show(f"episode {one['number']}  {one['title']}  ({one['origin']}, {count(one['scenes'], 'scene')})")
    rows = [(f"ledger: {name}", f"{number:,}") for name, number in facts["ledger"]["rows"].items()]
    rows += [(f"index: {kind}", f"{number:,} chunks") for kind, number in facts["index"]["kinds"].items()]
    rows += [
        (f"{name} on disk", f"{facts[name]['bytes'] / 1024:,.0f} KB")
        for name in ("ledger", "checkpoints", "index")
    ]
    show_table(("what", "how much"), rows, empty="Nothing.")


@app.command("backup")
def backup(
    target: Annotated[Path, typer.Argument(help="A new folder, or a new file that ends in .zip.")],
    series: SeriesFolder = None,
) -> None:
    """Copy the series whole: bible, scripts, ledger. Also while a session runs."""
    from storyroom.memory.backup import backup as copy

    with open_room(series) as room:
        show(str(copy(room.series.data, target)))


def _where(hit: Hit) -> str:
    chunk = hit.chunk
    if chunk.kind != "scene":
        return f"{chunk.kind} {', '.join(chunk.characters) or chunk.place or ''}".rstrip()
    return f"episode {chunk.episode}, scene {chunk.scene}, {chunk.place}"


def _facts(hit: Hit) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(hit.chunk), "score": hit.score, "why": hit.why}
