"""A moment of the story, counted in scenes."""

from __future__ import annotations

import re
from typing import NamedTuple

from storyroom.errors import InputError

_TEXT = re.compile(r"\s*#?\s*(\d{1,6})\s*(?:[:：]\s*(\d{1,6})\s*)?")


class Moment(NamedTuple):
    """A scene of an episode. Moments are ordered as the story is told.

    Attributes:
        episode: number of the episode.
        scene: number of the scene, from 1; 0 is the moment before the first.
    """

    episode: int
    scene: int = 0

    def __str__(self) -> str:
        return f"{self.episode}:{self.scene}"

    @classmethod
    def parse(cls, text: str) -> Moment:
        """Read ``EPISODE:SCENE``, or ``EPISODE`` for the moment before its first scene.

        Raises:
            InputError: the text is neither.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise InputError(
                f"{text.strip()[:40]!r} names no scene.", hint="Write EPISODE:SCENE, such as 2:5."
            )
        return cls(int(found[1]), int(found[2] or 0))


#: What the bible says holds before every scene.
BIBLE = Moment(0, 0)
