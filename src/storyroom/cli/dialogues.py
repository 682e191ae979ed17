"""`storyroom dialogue`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from storyroom.cli.options import Anyway, AsJson, Depth, Model, SeriesFolder
from storyroom.cli.output import say, show, show_json, stderr
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

if TYPE_CHECKING:
    from storyroom.story.bible import Bible, Location
    from storyroom.tools.dialogue import Dialogue


def dialogue(
    characters: Annotated[
        list[str] | None,
        typer.Option(
            "--character",
            "-c",
            metavar="NAME[: WHO]",
            help="A name of the series, or a name and who it is: Ada: hero, proud. Two to eight times.",
        ),
    ] = None,
    situation: Annotated[
        str | None, typer.Option("--situation", metavar="TEXT|FILE|-", help="What the scene is about.")
    ] = None,
    relations: Annotated[
        list[str] | None,
        typer.Option(
            "--relation", metavar="'A, B: TEXT'", help="What is between two of them. Several times."
        ),
    ] = None,
    emotions: Annotated[
        list[str] | None,
        typer.Option(
            "--emotion",
            metavar="[NAME=]EMOTION[:0…1]",
            help="What they should feel, and how strongly: anger:0.8 for all, Ada=fear for one.",
        ),
    ] = None,
    lines: Annotated[int, typer.Option(min=4, max=60, help="About how many speeches.")] = 8,
    place: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Where: a place, or a heading: INT. BARN - DAWN.")
    ] = None,
    depth: Annotated[Depth | None, typer.Option(help="How often a scene with faults is tried again.")] = None,
    language: InLanguage = None,
    model: Model = None,
    seed: Seed = None,
    anyway: Anyway = False,
    as_json: AsJson = False,
    note_to: NoteTo = None,
    note_from: NoteFrom = None,
    session: ToSession = None,
    alone: Alone = False,
    series: SeriesFolder = None,
) -> None:
    """Write a scene for some people in some situation, as Fountain. Nobody else speaks in it."""
    import asyncio

    from storyroom.tools.dialogue import dialogue as written
    from storyroom.tools.dialogue import feeling_of, matter_of, pages_for

    text = read_text(situation).strip()
    feelings = [feeling_of(one) for one in emotions or ()]
    matter_of(text, "en")  # what is wrong with it is said before anything is opened
    base = _base(series, alone=alone)
    spoken = _spoken(base, language, [*(characters or ()), text])
    bible, names, where, time = _company(base, characters or (), relations or (), place, text, spoken)
    with bench(
        "dialogue",
        matter=matter_of(text, spoken),
        bible=bible,
        language=spoken,
        pages=pages_for(lines),
        depth=depth,
        model=model,
        seed=seed,
        anyway=anyway,
        note_to=note_to,
        note_from=note_from,
        session=session,
        alone=alone,
        series=series,
    ) as ready:
        with stderr().status("Writing the scene …"):
            scene = asyncio.run(written(ready, names, text, feelings=feelings, place=where, time=time))
        if as_json:
            show_json({"model": ready.order.model, "seed": ready.order.seed, **facts(scene)})
        else:
            show(scene.fountain.rstrip("\n"))
            if scene.struck:
                say(f"Taken out, because they were said before or break off: {len(scene.struck)} lines.")
            say(f"Seed {ready.order.seed}, model {ready.order.model}.")
        send(ready, scene.fountain)


def facts(scene: Dialogue) -> dict[str, Any]:
    """Return a scene as JSON has it."""
    from storyroom.story.draft import dump_element

    return {
        "plan": scene.plan.model_dump(mode="json"),
        "elements": [dump_element(one) for one in scene.draft.elements],
        "struck": list(scene.struck),
        "fountain": scene.fountain,
    }


def _base(series: Path | None, *, alone: bool) -> Bible | None:
    from storyroom.series import load_bible
    from storyroom.tools.workbench import series_here

    folder = series_here(series, alone=alone)
    return None if folder is None else load_bible(folder)


def _spoken(base: Bible | None, language: str | None, texts: list[str]) -> Any:
    from storyroom.story.bible import Language
    from storyroom.tools.lone import text_language

    assert language is None or language in get_args(Language), "Typer admits no other"
    return language or (base.language if base else text_language(" ".join(texts)))


def _company(
    base: Bible | None, people: Any, relations: Any, place: str | None, situation: str, spoken: Any
) -> tuple[Bible, tuple[str, ...], Location | None, str]:
    """Return the bible with all who speak, their names, and the place and time where they are given."""
    from storyroom.tools.casting import casting, place_of
    from storyroom.tools.lone import place as place_named
    from storyroom.tools.stock import stock

    where, time = place_of(place, spoken) if place else (None, "")
    if where is not None and base is not None:
        where = base.location(where.name) or where
    if where is None and base is None:
        occasion = stock(spoken).occasion_of(situation)
        where = place_named(occasion.place, spoken, "EXT" if occasion.setting == "ext" else "INT")
    bible, names = casting(people, spoken, relations=relations, places=[where] if where else [], base=base)
    return bible, names, where, time
