"""A speech as words, sentences and marks. A Han character is a word, as writers count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from storyroom.story.han import HAN

_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:['’-][^\W_{HAN}]+)*")
_SENTENCE = re.compile(r"[^.!?…。！？]+[.!?…。！？]*|[.!?…。！？]+")
_IS_HAN = re.compile(f"[{HAN}]")
_HAN_RUN = re.compile(f"[{HAN}]+")

_SHORT_FORM = re.compile(r"\b\w+(?:n't|'(?:re|ve|ll|d|m))\b|\b(?:it|that|there|what|who|he|she|let)'s\b")
_PARTICLE = re.compile(r"[吗呢吧啊呀嘛呗哦噢哎唉哟啦喽咯哈嘿喂]")
_HEDGE_EN = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|presumably|i (?:think|guess|suppose|mean|don't know|"
    r"wonder|believe|reckon)|kind of|sort of|a (?:bit|little)|somehow|seems?|seemed|might|could be|"
    r"not sure|i'm afraid|as it were|more or less|or something|if you like)\b"
)
_HEDGE_ZH = re.compile(
    r"也许|可能|大概|或许|恐怕|好像|似乎|应该是|我想|我觉得|我猜|说不定|差不多|算是|有点|不一定|大约|多半|未必"
)
TRAILS = re.compile(r"…+|\.\.\.+|。。。+")
BREAKS = re.compile(r"--+|[—–]+")


def plain(text: str) -> str:
    """Return a text in lower case with straight apostrophes and without marks of emphasis."""
    return text.replace("’", "'").replace("*", "").replace("_", "").lower()


def is_chinese(texts: Iterable[str]) -> bool:
    """Whether most letters of some texts are Han."""
    han = other = 0
    for text in texts:
        ours = len(_IS_HAN.findall(text))
        han += ours
        other += sum(map(str.isalpha, text)) - ours
    return han * 3 > other  # an English letter says a third of what a Han character says


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, a Han character each for itself."""
    return _WORD.findall(plain(text))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, end marks included; marks alone are none."""
    return [one for one in _SENTENCE.findall(text) if _WORD.search(one)]


def terms(text: str) -> list[str]:
    """Return what can be a favourite: words of an alphabet, and two or three Han characters in a row."""
    found = [word for word in words(text) if not _IS_HAN.match(word)]
    for run in _HAN_RUN.findall(text):
        found += [run[i : i + n] for n in (2, 3) for i in range(len(run) - n + 1)]
        if len(run) == 1:
            found.append(run)
    return found


def hedges(text: str) -> int:
    """Count words that take back half of what is said: maybe, I suppose, 也许."""
    return len(_HEDGE_EN.findall(plain(text))) + len(_HEDGE_ZH.findall(text))


def short_forms(text: str) -> int:
    """Count English short forms: don't, it's, we'll."""
    return len(_SHORT_FORM.findall(plain(text)))


def particles(text: str) -> int:
    """Count Chinese particles of mood: 吗, 呢, 吧, 啊."""
    return len(_PARTICLE.findall(text))


def names_in(speakers: Iterable[str]) -> frozenset[str]:
    """Return the names of speakers and the words of those names, as `plain` text."""
    return frozenset(word for name in map(plain, speakers) for word in (name, *name.split()) if len(word) > 1)


def without_names(text: str, names: frozenset[str]) -> str:
    """Return a text with a sign in place of names, so that whom one talks to does not count as how.

    Args:
        names: as `names_in` gives them.
    """
    return _any_of(names).sub("@", plain(text))


@lru_cache(maxsize=64)
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of any of some names: as a whole word, in Chinese anywhere; the longest counts."""
    ways = [
        re.escape(name) if _IS_HAN.match(name) else rf"\b{re.escape(name)}\b"
        for name in sorted(names, key=len, reverse=True)
    ]
    return re.compile("|".join(ways) or r"(?!)")
