"""`storyroom remember`: earlier episodes go into the memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.options import AsJson, SeriesFolder, command, open_room
from storyroom.cli.output import say, show, show_json, stderr
from storyroom.cli.words import count, shortened
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.memory.remember import Progress, Remembered
    from storyroom.story.spellings import Question

_DOUBTS_SHOWN = 5
_STAGES = {"reading": "Reading scripts", "indexing": "Making the index"}


def remember(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILES…", help="Episodes: Fountain, FDX, plain text, or PDF with text."),
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SPELLING=NAME", help="This spelling means this person: MARAH=Mara. Several times."
        ),
    ] = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="This is somebody of their own, whoever they look like. Several times."
        ),
    ] = None,
    doubts: Annotated[
        bool, typer.Option("--doubts", help="List all that was uncertain about the files.")
    ] = False,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Read earlier episodes into the memory: they are canon from then on.

    All of the files are kept, or none. A file that was read before changes nothing; a changed one takes the
    place of what it was.
    """
    settled = _settled(same or [], apart or [])
    if not files and not settled:
        raise InputError("No file was named.", hint="storyroom remember episodes/*.fountain")
    asking = not as_json and sys.stdin.isatty() and sys.stderr.isatty()
    with open_room(series) as room, _bar() as progress:
        kept = room.remember(files or [], same=settled, ask=_ask if asking else None, progress=progress)
    if as_json:
        show_json([_facts(one) for one in kept])
        return
    for one in kept:
        _tell(one, most=None if doubts else _DOUBTS_SHOWN)
    strangers = sorted({name for one in kept for name in one.strangers})
    if strangers:
        say(f"Not in the bible: {', '.join(strangers)}. People who matter go into series.yaml.")
    for question in dict.fromkeys(question for one in kept for question in one.questions):
        _list(question, series)


def _settled(same: Sequence[str], apart: Sequence[str]) -> dict[str, str]:
    settled = {}
    for one in same:
        spelling, equals, name = one.partition("=")
        if not (equals and spelling.strip() and name.strip()):
            raise InputError(f"{one!r} does not say who is who.", hint='Write it so: --same "MARAH=Mara".')
        settled[spelling.strip()] = name.strip()
    return settled | {name.strip(): name.strip() for name in apart if name.strip()}


@contextmanager
def _bar() -> Iterator[Progress]:
    """Give what tells a progress bar how far an import is; the bar is there while a stage runs."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = stderr()
    bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
    tasks: dict[str, Any] = {}

    def told(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(_STAGES[stage], total=total)
            bar.start()
        bar.update(tasks[stage], completed=done)
        if done >= total:  # or it would stand in the way of a question
            bar.stop()

    try:
        yield told
    finally:
        bar.stop()


def _ask(question: Question) -> str | None:
    say(str(question), "bold")
    for number, name in enumerate(question.candidates, 1):
        say(f"  {number}  {name}")
    other = len(question.candidates) + 1
    say(f"  {other}  somebody else")
    answer = typer.prompt("Which? Enter leaves it open", default="", show_default=False, err=True).strip()
    if answer == str(other):
        return question.spelling
    if answer.isdigit() and 1 <= int(answer) < other:
        return question.candidates[int(answer) - 1]
    return None


def _tell(one: Remembered, most: int | None) -> None:
    strangers = f", strangers: {', '.join(one.strangers)}" if one.strangers else ""
    show(
        f"episode {one.episode}: {one.outcome}, {count(one.scenes, 'scene')}, "
        f"{', '.join(one.speakers) or 'nobody speaks'}{strangers} ({one.path})"
    )
    if not one.doubts:
        return
    say(f"  {count(one.elements, 'element')}, {len(one.doubts)} uncertain:")
    for doubt in one.doubts[:most]:
        kind = doubt.taken_as.replace("_", " ")
        say(f"  {doubt.where}: taken as {kind}, {doubt.why}: {shortened(doubt.text, 50)}")
    if most is not None and len(one.doubts) > most:
        say(f"  … and {len(one.doubts) - most} more: --doubts lists all.")


def _list(question: Question, series: Path | None) -> None:
    say(str(question))
    if question.kind == "twice":
        say("  If they are two, give one of them another name in the script, and remember it again.")
        return
    for name in question.candidates:
        say(f"  {command(series, 'remember', '--same', f'{question.spelling}={name}')}")
    say(f"  {command(series, 'remember', '--apart', question.spelling)}")


def _facts(one: Remembered) -> dict[str, Any]:
    return {**asdict(one), "questions": [{**asdict(q), "says": str(q)} for q in one.questions]}
