"""`storyroom storyline`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from storyroom.cli.options import AsJson, Model, SeriesFolder
from storyroom.cli.output import say, show, show_json, show_table, stderr
from storyroom.cli.tooling import (
    Alone,
    InLanguage,
    NoteFrom,
    NoteTo,
    Seed,
    ToSession,
    bench,
    read_text,
    send,
)
from storyroom.cli.words import count as count_of

if TYPE_CHECKING:
    from storyroom.tools.storyline import Storylines

Length = Literal["short", "half_hour", "one_hour"]


def storyline(
    keywords: Annotated[
        str | None,
        typer.Argument(metavar="KEYWORDS|FILE|-", help="A few words, parted by commas: lighthouse, storm."),
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, max=9, help="How many story lines.")] = 3,
    genre: Annotated[
        str | None, typer.Option(help="As comedy. Default: the one that the keywords name, or the series'.")
    ] = None,
    length: Annotated[
        Length | None, typer.Option(help="How long an episode is. Default: the series'.")
    ] = None,
    language: InLanguage = None,
    model: Model = None,
    seed: Seed = None,
    as_json: AsJson = False,
    note_to: NoteTo = None,
    note_from: NoteFrom = None,
    session: ToSession = None,
    alone: Alone = False,
    series: SeriesFolder = None,
) -> None:
    """Make story lines from keywords: premise, conflict, turn, ending, and how far apart they are."""
    import asyncio

    from storyroom.tools.keywords import foreign, keywords_of
    from storyroom.tools.storyline import as_text, storylines

    text = read_text(keywords)
    words = keywords_of(text)  # what is wrong with them is said before a model is opened
    if others := foreign(words):
        say(f"Neither English nor Chinese, and taken as a name: {', '.join(others)}.")
    with bench(
        "storyline",
        matter=text,
        language=language,
        model=model,
        seed=seed,
        note_to=note_to,
        note_from=note_from,
        session=session,
        alone=alone,
        series=series,
    ) as ready:
        with stderr().status("Making story lines …"):
            found = asyncio.run(storylines(ready, text, count=count, genre=genre, length=length))
        if as_json:
            show_json({"model": ready.order.model, "seed": ready.order.seed, **found.model_dump(mode="json")})
        else:
            _show(found)
            say(f"Seed {ready.order.seed}, model {ready.order.model}.")
        send(ready, as_text(found))


def _show(found: Storylines) -> None:
    for place, line in enumerate(found.lines, 1):
        show(f"{place}. {line.title}  ({line.genre})", "bold")
        for name in ("premise", "conflict", "turn", "ending"):
            show(f"   {name:<8}  {getattr(line, name)}")
        show("")
    if len(found.lines) > 1:
        numbers = [str(place) for place in range(1, len(found.lines) + 1)]
        show_table(
            ("distance", *numbers),
            [
                (number, *("" if i == j else f"{distance:.2f}" for j, distance in enumerate(row)))
                for i, (number, row) in enumerate(zip(numbers, found.distances, strict=True))
            ],
            empty="",
        )
    for place, words in found.missing.items():
        say(f"Line {place + 1} does not hold: {', '.join(words)}.")
    if any(line.filled for line in found.lines):
        pieces = sum(len(line.written) for line in found.lines)
        wrote = f"and wrote {count_of(pieces, 'end')} of sentences" if pieces else "and how sentences end"
        say(
            f"The sentences are patterns of Storyroom's ({', '.join(line.way for line in found.lines)}); the "
            f"model chose the people {wrote}. --json shows which."
        )
