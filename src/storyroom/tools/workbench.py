"""The workbench: a desk for one task of a writer's tool, outside any episode.

    with workbench(tool="monologue", script=script, series="the-last-light") as bench:
        desk = bench.desk(Role.DIALOGUE_WRITER, scene=3)

With a series, a tool uses its bible, memory and ledger: its calls are recorded under a session of their own,
which `storyroom sessions` lists only with `--all`. Without one, the bible is made of what the script shows,
and the ledger lies in a temporary folder and goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storyroom.agents.events import Event
from storyroom.errors import BibleError, InputError
from storyroom.memory.inbox import Note
from storyroom.models.base import LocalChatModel
from storyroom.room import Room
from storyroom.series import Series, find_series
from storyroom.story.bible import Bible, Language
from storyroom.story.script import Script
from storyroom.team import check_note
from storyroom.tools.bench import Bench, Sending
from storyroom.tools.lone import (
    bare_bible,
    script_bible,
    script_language,
    text_language,
    with_strangers,
)

# Where a model that does not write Chinese only chooses among sentences that are written already.
_ONLY_CHOOSES = frozenset({"storyline"})


@contextmanager
def workbench(
    *,
    tool: str,
    matter: str = "",
    script: Script | None = None,
    bible: Bible | None = None,
    series: str | Path | Room | None = None,
    language: str | None = None,
    model: str | None = None,
    models: Mapping[str, LocalChatModel] | None = None,
    seed: int | None = None,
    writes: bool = True,
    anyway: bool = False,
    sending: Sending | None = None,
    emit: Callable[[Event], None] = lambda _event: None,
    **order: Any,
) -> Iterator[Bench]:
    """Set up a workbench, and clear it away.

    Args:
        tool: the tool's name, as its command is called.
        matter: what is asked for, in words; stands in the prompt as the idea of an episode would.
        script: the script that the tool looks at.
        bible: whom and where the tool is about, in place of the series' bible or the one made of the script.
        series: a folder of the series, or its open room, which is left open; None works without a series.
        language: `en` or `zh`; the series', the script's or the matter's when not given.
        model: spec of the model; the series', then the settings', when not given.
        models: models that are open already, by spec.
        seed: drawn when not given.
        writes: whether the tool is sure to use a language model, so that a missing one is told at once.
        anyway: let a model write a language that it is known not to write.
        sending: where `Bench.send` sends.
        emit: told of every piece of text and every call.
        order: what else `storyroom.ordering.make_order` takes, such as `depth` and `pages`.

    Raises:
        BibleError: there is no series in the folder.
        InputError: something cannot be used, or a note is to be sent and there is no series.
        ModelError: the model is not there, or does not write the language.
    """
    if sending is not None and series is None:
        raise InputError(
            "A note can be sent only into the room of a series.",
            hint="Name the folder of the series with --series, or leave --note-to out.",
        )
    with _room(series, script, bible, matter) as room:
        room.models.update(models or {})
        if sending is not None:
            _can_be_sent(room, sending)
        known = bible or (room.bible if script is None else with_strangers(room.bible, script))
        bench = Bench(
            tool=tool,
            room=room,
            bible=known,
            script=script,
            alone=series is None,
            _asked_for={
                "idea": matter or tool,
                "language": language or _spoken(known, script, matter, alone=series is None),
                "model": model,
                "seed": seed,
                "anyway": anyway or tool in _ONLY_CHOOSES,
                **order,
            },
            _emit=emit,
            _sending=sending,
        )
        if writes:
            bench.model  # noqa: B018  a model that is missing or refuses leaves no empty session behind
        yield bench


def series_here(folder: Path | None, *, alone: bool = False) -> Path | None:
    """Return the folder of the series that a tool works in: the one named, or the one around us, or none.

    Args:
        folder: as named by the user.
        alone: whether the user wants none.

    Raises:
        BibleError: one was named, and there is none.
    """
    if alone:
        return None
    if folder is not None:
        return find_series(folder)
    try:
        return find_series(Path())
    except BibleError:
        return None


@contextmanager
def _room(
    series: str | Path | Room | None, script: Script | None, bible: Bible | None, matter: str
) -> Iterator[Room]:
    if isinstance(series, Room):
        yield series
    elif series is not None:
        with Room.open(series) as room:
            yield room
    else:
        with (
            TemporaryDirectory(prefix="storyroom-", ignore_cleanup_errors=True) as folder,
            Room(Series(Path(folder), bible or _made(script, matter))) as room,
        ):
            yield room


def _made(script: Script | None, matter: str) -> Bible:
    if script is None:
        return bare_bible(text_language(matter))
    return script_bible(script, script_language(script))


def _spoken(bible: Bible, script: Script | None, matter: str, *, alone: bool) -> Language:
    if script is not None and any(True for _ in script.elements()):
        return script_language(script)
    return text_language(matter) if alone and matter else bible.language


def _can_be_sent(room: Room, to: Sending) -> None:
    """Refuse an address to which nothing can be sent, before any work is done."""
    check_note(room.bible, Note(member=to.member, text="…", roles=(to.role,)))
    if to.session is not None:
        room.ledger.sessions.get(to.session)
