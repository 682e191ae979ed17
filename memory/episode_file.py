"""A file of an episode: its script, its number, its title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from storyroom.errors import FormatError
from storyroom.files import sha256
from storyroom.formats.plain import Doubt
from storyroom.formats.registry import format_of, read_with_doubts
from storyroom.story.numerals import number_of
from storyroom.story.script import Script

MAX_BYTES = 8 * 1024 * 1024
"""Most bytes of a script: thirty times an episode. A PDF may be larger, because of fonts and pictures."""

_NUMBER_IN_NAME = re.compile(
    r"(?:s\d+)?e(?:p(?:isode)?)?[ _-]?(?P<latin>\d+)|第(?P<chinese>[\d一二三四五六七八九十百]+)集",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"^\W*(?:第?\d+集?)\W+")
_TITLE_KEYS = ("Episode", "集数", "Title", "标题")


@dataclass(frozen=True)
class EpisodeFile:
    """An episode as it was read from a file.

    Attributes:
        number: of the episode.
        sha256: of the file's bytes.
        doubts: what is uncertain about its elements.
    """

    path: Path
    number: int
    title: str
    script: Script
    sha256: str
    doubts: tuple[Doubt, ...]


def read_episode(path: Path) -> EpisodeFile:
    """Read an episode from a script in any format that can be read.

    The number comes from the file's name (``s01e02``, ``第三集``), or else from the title page.

    Raises:
        InputError: no format has the suffix, or none that can be read.
        FormatError: the file cannot be read, is far too large, has no scene heading, or no number.
    """
    refuse_too_large(path)
    reading = read_with_doubts(path)
    script = reading.script
    if not script.scenes:
        raise FormatError(
            f"{path} has no scene heading.",
            hint="A scene begins with a line such as INT. KITCHEN - DAY or 内景 厨房 日.",
        )
    return EpisodeFile(
        path=path,
        number=episode_number(path, script),
        title=_title(script) or path.stem,
        script=script,
        sha256=sha256(path.read_bytes()),
        doubts=reading.doubts,
    )


def refuse_too_large(path: Path) -> None:
    """Refuse a file that is far too large to be an episode, before it is read.

    Raises:
        InputError: no format has the suffix.
        FormatError: it is too large.
    """
    if path.is_file() and path.stat().st_size > MAX_BYTES and format_of(path).name != "pdf":
        raise FormatError(
            f"{path} has {path.stat().st_size / 1024**2:.0f} MB; an episode has a quarter of one.",
            hint="Give each episode a file of its own; is it a script at all?",
        )


def episode_number(path: Path, script: Script) -> int:
    """Return the number of an episode, from the name of its file or else from its title page.

    Raises:
        FormatError: neither tells.
    """
    if found := _NUMBER_IN_NAME.search(path.stem):
        return number_of(found["latin"] or found["chinese"])
    told = script.title_page.get("Episode", "集数") or ""
    if found := re.search(r"\d+", told):
        return int(found[0]) % 100 or int(found[0])
    if found := re.search(r"第([一二三四五六七八九十百]+)集", told):
        return number_of(found[1])
    raise FormatError(
        f"{path} does not say which episode it is.",
        hint="Name the file like s01e02-title.fountain, or give the title page a line Episode: 2.",
    )


def _title(script: Script) -> str:
    """Return the episode's own title: ``Episode: 102 - "Eleven Minutes"`` is called Eleven Minutes."""
    said = next((text for key in _TITLE_KEYS if (text := script.title_page.get(key))), "")
    line = said.partition("\n")[0]
    return (_NUMBER_BEFORE.sub("", line) or line).strip(' "“”《》「」')[:240]
