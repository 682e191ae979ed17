"""Earlier episodes, read from Fountain files into the memory."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from storyroom.errors import FormatError
from storyroom.formats.fountain import read_file
from storyroom.memory.drafts import put_draft
from storyroom.memory.episodes import put_episode
from storyroom.memory.index import Index
from storyroom.memory.indexing import bring_up_to_date
from storyroom.memory.ledger import Ledger
from storyroom.story.bible import Bible
from storyroom.story.draft import SceneDraft, named
from storyroom.story.headings import cue_name
from storyroom.story.script import Script

_NUMBER_IN_NAME = re.compile(r"(?:s\d+)?e(?:p(?:isode)?)?[ _-]?(\d+)|第(\d+)集", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"^\W*(?:第?\d+集?)\W+")
_TITLE_KEYS = ("Episode", "集数", "Title", "标题")


@dataclass(frozen=True)
class Remembered:
    """What came of one file.

    Attributes:
        outcome: `new`, `unchanged` (the same bytes are remembered already), or `superseded` (they changed).
        speakers: who speaks, by canonical name where the bible knows them.
        strangers: cues that the bible does not know.
    """

    path: Path
    episode: int
    title: str
    outcome: Literal["new", "unchanged", "superseded"]
    scenes: int
    speakers: tuple[str, ...]
    strangers: tuple[str, ...]


def remember(
    ledger: Ledger,
    bible: Bible,
    index: Index,
    files: Sequence[Path],
    *,
    told: Callable[[Remembered], None] | None = None,
) -> list[Remembered]:
    """Read episodes into the memory, in the order of their numbers.

    The number comes from the file's name (``s01e02``), or else from the title page.

    Raises:
        FormatError: a file cannot be read, has no scene, or no episode number; nothing of it is kept.
    """
    read = sorted((_read(path) for path in files), key=lambda one: one[1])
    results = []
    for path, number, script in read:
        result = _keep(ledger, bible, path, number, script)
        results.append(result)
        if told:
            told(result)
    bring_up_to_date(ledger, bible, index)
    return results


def _read(path: Path) -> tuple[Path, int, Script]:
    script = read_file(path)
    if not script.scenes:
        raise FormatError(
            f"{path} has no scene heading.",
            hint="A scene begins with a line such as INT. KITCHEN - DAY or 内景 厨房 日.",
        )
    return path, _number(path, script), script


def _number(path: Path, script: Script) -> int:
    found = _NUMBER_IN_NAME.search(path.stem)
    if found:
        return int(found[1] or found[2])
    digits = re.search(r"\d+", script.title_page.get("Episode", "集数") or "")
    if digits:
        return int(digits[0]) % 100 or int(digits[0])
    raise FormatError(
        f"{path} does not say which episode it is.",
        hint="Name the file like s01e02-title.fountain, or give the title page a line Episode: 2.",
    )


def _title(script: Script) -> str:
    """Return the episode's own title: ``Episode: 102 - "Eleven Minutes"`` is called Eleven Minutes."""
    said = next((text for key in _TITLE_KEYS if (text := script.title_page.get(key))), "")
    line = said.partition("\n")[0]
    return (_NUMBER_BEFORE.sub("", line) or line).strip(' "“”《》「」')[:240]


def _keep(ledger: Ledger, bible: Bible, path: Path, number: int, script: Script) -> Remembered:
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    known = ledger.episodes.newest(number)
    title = _title(script) or path.stem
    speakers, strangers = _people(bible, script)
    same = known is not None and known.sha256 == sha
    if not same:
        with ledger.database.write() as connection:
            drafts = {
                scene: put_draft(connection, "scene", draft.model_dump(mode="json"))
                for scene, draft in _drafts(script, sha)
            }
            put_episode(
                connection,
                number=number,
                title=title,
                origin="remembered",
                source=path.name,
                sha256=sha,
                scenes=drafts,
            )
    return Remembered(
        path=path,
        episode=number,
        title=title,
        outcome="unchanged" if same else "superseded" if known else "new",
        scenes=len(script.scenes),
        speakers=speakers,
        strangers=strangers,
    )


def _drafts(script: Script, sha: str) -> list[tuple[int, SceneDraft]]:
    found = []
    for number, scene in enumerate(script.scenes, 1):
        elements = tuple(one.edited() for one in (scene.heading, *scene.elements))
        found.append((number, SceneDraft(number=number, elements=named(elements, f"{sha}:{number}"))))
    return found


def _people(bible: Bible, script: Script) -> tuple[tuple[str, ...], tuple[str, ...]]:
    known: dict[str, None] = {}
    unknown: dict[str, str] = {}
    for scene in script.scenes:
        for cue in scene.speakers:
            who = bible.character(cue_name(cue))
            if who:
                known[who.name] = None
            else:
                unknown.setdefault(cue_name(cue), cue)
    return tuple(known), tuple(unknown.values())
