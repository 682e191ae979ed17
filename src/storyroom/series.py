"""A series on disk: its folder, the paths in it, and how a new one is made."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from storyroom.bible_file import SERIES_FILE, load_bible
from storyroom.errors import BibleError, InputError
from storyroom.story.bible import Bible, Language

__all__ = ["SERIES_FILE", "Series", "bible_digest", "find_series", "load_bible", "new_series", "series_slug"]

MAX_TITLE = 80

# Names that Windows gives to devices: a series folder may travel there.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
)


class Series:
    """A series: its bible, and where its things lie on disk.

    Attributes:
        folder: the folder that holds `series.yaml`.
    """

    def __init__(self, folder: Path, bible: Bible | None = None) -> None:
        self.folder = folder
        if bible is not None:
            self.bible = bible

    @cached_property
    def bible(self) -> Bible:
        """What the humans decided.

        Raises:
            BibleError: it cannot be read.
        """
        return load_bible(self.folder)

    @classmethod
    def open(cls, path: Path) -> Series:
        """Open the series that a path lies in.

        Raises:
            BibleError: there is no series, or its bible cannot be read.
        """
        folder = find_series(path)
        return cls(folder, load_bible(folder))

    @classmethod
    def find(cls, path: Path) -> Series:
        """Find the series that a path lies in; its bible is read when it is asked for.

        Raises:
            BibleError: there is no series.
        """
        return cls(find_series(path))

    @property
    def data(self) -> Path:
        """What the room remembers and humans need not read."""
        return self.folder / ".storyroom"

    @property
    def ledger(self) -> Path:
        """The ledger, an SQLite file."""
        return self.data / "ledger.sqlite"

    @property
    def checkpoints(self) -> Path:
        """LangGraph's checkpoints, an SQLite file."""
        return self.data / "checkpoints.sqlite"

    @property
    def index(self) -> Path:
        """The folder of the Chroma index."""
        return self.data / "index"

    @property
    def locks(self) -> Path:
        """The folder of lock files: one process advances a session, one writes the index."""
        return self.data / "locks"

    @property
    def episodes(self) -> Path:
        """Scripts of earlier episodes, written by humans or locked."""
        return self.folder / "episodes"

    @property
    def drafts(self) -> Path:
        """Where scripts that the room drafts are written out."""
        return self.folder / "drafts"


def find_series(path: Path) -> Path:
    """Return the folder of the series that a path lies in, looking upwards from it.

    Raises:
        BibleError: no folder on the way up holds a `series.yaml`.
    """
    start = path.absolute()
    for folder in (start, *start.parents):
        if (folder / SERIES_FILE).is_file():
            return folder
    raise BibleError(
        f"{path}: no {SERIES_FILE} here or in a folder above",
        hint='Go to the folder of a series, or make one: storyroom new "Title".',
    )


def bible_digest(bible: Bible) -> str:
    """Return the SHA-256 (64 hex digits) of a bible's content; comments and layout do not count."""
    content = json.dumps(bible.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def series_slug(title: str) -> str:
    """Return the folder name of a title: ``The Last Light`` gives ``the-last-light``, ``长河渡`` stays.

    Raises:
        InputError: the title is empty or too long, is or holds something that no folder can be called.
    """
    hint = "Give the series a title such as: The Last Light."
    shown = (
        title[:MAX_TITLE].encode("unicode_escape").decode() if not title.isprintable() else title[:MAX_TITLE]
    )
    if not title.strip():
        raise InputError("the title is empty", hint=hint)
    if len(title) > MAX_TITLE:
        raise InputError(f"the title has {len(title)} characters, at most {MAX_TITLE} are allowed", hint=hint)
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in title):
        raise InputError(f"the title holds a control character: {shown}", hint=hint)
    if "/" in title or "\\" in title:
        raise InputError(
            f"the title holds a path separator: {shown}",
            hint="Leave out / and \\.",
        )
    spaced = re.sub(r"['’]", "", unicodedata.normalize("NFC", title).lower())
    slug = re.sub(r"[\W_]+", "-", spaced).strip("-")
    if not slug or slug in _RESERVED:
        raise InputError(f"no folder can be named after the title: {shown}", hint=hint)
    return slug


def new_series(title: str, parent: Path, language: Language = "en", *, force: bool = False) -> Path:
    """Make the folder of a new series, with a commented bible that is ready to be drafted from.

    Args:
        title: the name of the show; the folder is named after it.
        parent: the folder to make it in.
        language: language of the scripts, of the bible and of its comments.
        force: use a folder that already holds something. Files that are there stay as they are, and a
            folder that holds a `series.yaml` is refused all the same.

    Returns:
        The folder of the series.

    Raises:
        InputError: the title cannot name a folder, the folder is taken or cannot be written. Nothing is
            left half made.
    """
    folder = parent / series_slug(title)
    if not parent.is_dir():
        raise InputError(f"{parent}: there is no such folder", hint="Make it first, or name another.")
    _refuse_taken(folder, force=force)
    try:
        # Made beside its place and then renamed: a full disk leaves nothing half.
        with TemporaryDirectory(prefix=".storyroom-", dir=parent) as scratch:
            made = Path(scratch) / folder.name
            _write_scaffold(made, title.strip(), language)
            _put_in_place(made, folder)
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be made: {error.strerror or error}",
            hint="Check the rights of the folder above it and the free space, or name another folder.",
        ) from error
    return folder


def _refuse_taken(folder: Path, *, force: bool) -> None:
    if (folder / SERIES_FILE).exists():
        raise InputError(f"{folder}: is a series already", hint="Give the new one another title.")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"{folder}: something else has this name", hint="Give the series another title.")
    if folder.is_dir() and not force and any(folder.iterdir()):
        raise InputError(
            f"{folder}: the folder is not empty",
            hint="Give another title, or use --force: files that are there stay as they are.",
        )


def _write_scaffold(folder: Path, title: str, language: Language) -> None:
    scaffold = files("storyroom") / "scaffold"
    bible = (scaffold / f"series.{language}.yaml").read_text(encoding="utf-8")
    episodes = (scaffold / f"episodes.{language}.md").read_text(encoding="utf-8")
    (folder / "episodes").mkdir(parents=True)
    quoted = json.dumps(title, ensure_ascii=False)  # a JSON string is a double-quoted YAML scalar
    (folder / SERIES_FILE).write_text(bible.replace('"TITLE"', quoted), encoding="utf-8")
    (folder / "episodes" / "README.md").write_text(episodes, encoding="utf-8")
    (folder / ".gitignore").write_text(".storyroom/\n", encoding="utf-8")


def _put_in_place(made: Path, folder: Path) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        made.replace(folder)
        return
    # The bible comes last: a folder without one is not a series yet, and can be tried again.
    for file in sorted(made.rglob("*"), key=lambda file: file.name == SERIES_FILE):
        place = folder / file.relative_to(made)
        if file.is_dir():
            place.mkdir(exist_ok=True)
        elif not place.exists():
            file.replace(place)
