"""Which scene a text speaks of by its number: `Scene 3`, `the third scene`, `第三场`."""

from __future__ import annotations

import re

from storyroom.story.numerals import number_of

_COUNTED = "one two three four five six seven eight nine ten".split()  # noqa: SIM905
_ORDERED = "first second third fourth fifth sixth seventh eighth ninth tenth".split()  # noqa: SIM905
_VALUES = {word: value for words in (_COUNTED, _ORDERED) for value, word in enumerate(words, 1)}
_SCENE = re.compile(
    rf"\bscene\s*(?:no\.?\s*|#\s*)?(?P<counted>\d{{1,3}}|{'|'.join(_COUNTED)})\b"
    rf"|\b(?P<ordered>{'|'.join(_ORDERED)})\s+scene\b"
    r"|第\s*(?P<chinese>\d{1,3}|[一二三四五六七八九十百]{1,5})\s*[场場]",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\bscenes\s+\d", re.IGNORECASE)
_OTHER_EPISODE = re.compile(
    r"\bepisode\b|\bs\d+e\d+|第\s*[\d一二三四五六七八九十百]+\s*集|上一?集", re.IGNORECASE
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|「[^」]*」|『[^』]*』")


def scenes_named(text: str) -> list[int]:
    """Return the numbers of the scenes that a text names, each once; what stands in quotes names none.

    >>> scenes_named("Scene 3 drags, and so does the fifth scene."), scenes_named("第三场太慢。")
    ([3, 5], [3])
    """
    found = _SCENE.finditer(_QUOTED.sub(" ", text))
    numbers = (one["counted"] or one["ordered"] or one["chinese"] for one in found)
    values = (_VALUES.get(number.lower()) or number_of(number) for number in numbers)
    return list(dict.fromkeys(value for value in values if value))


def scene_meant(text: str) -> int | None:
    """Return the scene that a note is about by its own words: the only one that it names.

    A note that names several scenes, or an episode, says more than its scene numbers tell.
    """
    named = scenes_named(text)
    if len(named) != 1 or _SEVERAL.search(text) or _OTHER_EPISODE.search(text):
        return None
    return named[0]
