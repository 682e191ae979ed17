"""`storyroom models`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from storyroom.cli.benching import bench
from storyroom.cli.options import AsJson
from storyroom.cli.output import say, show_json, show_table, stderr
from storyroom.cli.output import show as put

app = typer.Typer(no_args_is_help=True, help="See what models there are, and fetch the embedded one.")


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List the kinds of models, and how each is named."""
    from storyroom.models.catalog import entries

    found = entries()
    if as_json:
        show_json([asdict(one) for one in found])
        return
    there = {True: "ready", False: "not fetched: storyroom models pull", None: ""}
    rows = [
        (one.form, ("default, " if one.default else "") + one.says, there[one.available]) for one in found
    ]
    show_table(("name it as", "what it is", "here"), rows, empty="There are none.")


@app.command("pull")
def pull(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="What to fetch.")] = "embedded",
) -> None:
    """Fetch the embedded model, once for this user. Its hash is checked."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from storyroom.models import fetch

    with Progress(
        TextColumn("fetching"), BarColumn(), DownloadColumn(), console=stderr(), transient=True
    ) as bar:
        task = bar.add_task("model", total=None)
        path = fetch.pull(name, on_progress=lambda done, total: bar.update(task, completed=done, total=total))
    say("It is here, and its hash is right.")
    put(str(path))


@app.command("show")
def show(
    spec: Annotated[str, typer.Argument(metavar="SPEC", help="How the model is named.")],
    as_json: AsJson = False,
) -> None:
    """Say what a model is, without loading it."""
    from storyroom.models import catalog

    _put_card(asdict(catalog.show(spec)), as_json)


@app.command("probe")
def probe_server(
    spec: Annotated[str, typer.Argument(metavar="SPEC", help="openai:MODEL@URL")],
    as_json: AsJson = False,
    again: Annotated[
        bool, typer.Option("--again", help="Try it out even if that was done for this server.")
    ] = False,
) -> None:
    """Try out by small calls what a model at a server can be held to, and remember it.

    Known are then: whether answers are held to a JSON schema or a grammar, whether a message that has begun
    is continued, whether likelihoods are told, and the context. Sessions use it from then on.
    """
    from storyroom.models.probe import probe

    _put_card(asdict(probe(spec, again=again)), as_json)


app.command("bench")(bench)


def _put_card(card: dict[str, object], as_json: bool) -> None:
    if as_json:
        show_json(card)
        return
    for name, value in card.items():
        if value not in (None, ""):
            put(f"{name.replace('_', ' '):16} {_said(value)}")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
