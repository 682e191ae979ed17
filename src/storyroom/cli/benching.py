"""`storyroom models bench`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storyroom.cli.options import AsJson, SeriesFolder
from storyroom.cli.output import say, show, show_json, show_table, stderr
from storyroom.cli.words import duration

if TYPE_CHECKING:
    from storyroom.archive import Archive
    from storyroom.models.bench import Bench, FormCost, OnStep
    from storyroom.models.bench_episode import EpisodeLoad

_INTERRUPTED = 130
_UNHELD = {
    "not enforced": "the runtime is only told the schema",
    "not taken": "the runtime takes none; scenes come by schema",
    "refused": "the runtime refuses it; scenes come by schema",
}


def bench(
    model: Annotated[
        str | None,
        typer.Argument(metavar="[MODEL]", help="How the model is named. Default: the one that drafts here."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="One round instead of the median of several.")
    ] = False,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Measure how fast a model is on this machine, and estimate what an episode takes on it.

    Measured are tokens written a second by one call and by several at once, tokens read, the wait for the
    first token with and without a prompt that begins as an earlier one did, and what it costs to hold answers
    to a JSON schema or a grammar. The estimate takes the calls of the series' last finished session, or of
    the demo episode where there is none.
    """
    import asyncio

    from storyroom.models import bench as measuring
    from storyroom.models import open_model
    from storyroom.models.bench_episode import estimated_seconds

    spec, load = _meant(model, series)
    rounds = measuring.QUICK_ROUNDS if quick else measuring.ROUNDS
    try:
        with _progress() as on_step:
            found = asyncio.run(measuring.bench(open_model(spec), rounds=rounds, on_step=on_step))
    except KeyboardInterrupt:
        say("Stopped. Nothing is kept of a measurement.")
        raise typer.Exit(_INTERRUPTED) from None
    seconds = estimated_seconds(found, load)
    if as_json:
        show_json(found.model_dump() | {"episode": load.model_dump() | {"estimated_seconds": seconds}})
        return
    show(f"{found.model}{f': {found.runs_on}' if found.runs_on else ''}")
    show("")
    show_table(("what", "measured", ""), [*_rows(found), *_estimate(seconds, load)], empty="")
    show("")
    show(f"The episode is {load.source}.")
    show(f"Median of {found.rounds} rounds." if found.rounds > 1 else "One round.")


def _meant(model: str | None, folder: Path | None) -> tuple[str, EpisodeLoad]:
    """Return the model to measure, and the episode to estimate.

    Raises:
        BibleError: a series is named that is none, or its `series.yaml` cannot be read.
    """
    from storyroom.cli.looking import open_archive
    from storyroom.errors import BibleError
    from storyroom.models.bench_episode import STANDARD_EPISODE
    from storyroom.series import find_series
    from storyroom.settings import settings

    try:
        find_series(folder or Path())
    except BibleError:
        if folder is not None:
            raise
        return model or settings().model, STANDARD_EPISODE
    with open_archive(folder) as archive:
        spec = model or archive.bible.room.model or settings().model
        last = _last_session(archive) if archive.series.ledger.is_file() else None
    return spec, last or STANDARD_EPISODE


def _last_session(archive: Archive) -> EpisodeLoad | None:
    """Return what the newest finished draft of an episode asked of its models."""
    from storyroom.memory.spending import total
    from storyroom.models.bench_episode import EpisodeLoad

    for session in reversed(archive.sessions()):
        spent = total(archive.ledger.database, session.id) if session.status == "finished" else None
        if spent is not None:
            scenes = f"{session.order.scenes} scenes" if session.order.scenes > 1 else "1 scene"
            return EpisodeLoad(
                source=f"session {session.id} ({scenes}, {spent.model})",
                calls=spent.calls,
                prompt_tokens=spent.prompt_tokens,
                cached_tokens=spent.cached_tokens,
                new_tokens=spent.new_tokens,
            )
    return None


@contextmanager
def _progress() -> Iterator[OnStep]:
    """Show on a terminal, in one line that goes away, how far the measurement has come; else log lines."""
    console = stderr()
    if not console.is_terminal:
        yield lambda done, total, says: say(f"{done}/{total} {says}")
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("loading the model", total=None)
        yield lambda done, total, says: bar.update(task, completed=done, total=total, description=says)


def _rows(found: Bench) -> Iterator[tuple[str, str, str]]:
    gain = f"{found.together / found.single:.2f} × one call"
    slots = f"; {found.slots} at a time" if found.slots and found.slots < found.at_once else ""
    cached = "no cached tokens told" if found.cached_share is None else f"{found.cached_share:.0%} cached"
    yield "writing, one call", _rate(found.single), f"{found.answer_tokens} tokens"
    yield f"writing, {found.at_once} calls at once", _rate(found.together), gain + slots
    yield "reading", _rate(found.prefill), f"{found.prompt_tokens:,} tokens"
    yield "first token, new prompt", f"{found.cold_seconds:.2f} s", ""
    yield "first token, known beginning", f"{found.warm_seconds:.2f} s", cached
    yield _form_row("JSON schema", found.schema_form)
    yield _form_row("grammar", found.grammar_form)


def _form_row(name: str, cost: FormCost) -> tuple[str, str, str]:
    if cost.tokens_per_second is None:
        return name, "–", _UNHELD[cost.held]
    adds = "" if cost.overhead is None else f"{cost.overhead:+.0%} time a token"
    return name, _rate(cost.tokens_per_second), adds


def _estimate(seconds: float, load: EpisodeLoad) -> Iterator[tuple[str, str, str]]:
    share = load.cached_tokens / load.prompt_tokens if load.prompt_tokens else 0.0
    yield "an episode, estimated", f"{duration(seconds)} min", f"{load.calls:,} calls; in tokens:"
    yield "", "", f"{load.prompt_tokens:,} read, {share:.0%} cached"
    yield "", "", f"{load.new_tokens:,} written"


def _rate(rate: float) -> str:
    return f"{rate:,.0f} tokens/s" if rate >= 10 else f"{rate:.1f} tokens/s"
