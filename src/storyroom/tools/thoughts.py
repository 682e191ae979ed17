"""The stock of inner monologues: how a small model's sentences begin, and in Chinese how they go on too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from storyroom.story.bible import Language


class Thoughts(NamedTuple):
    """What there is in one language.

    Attributes:
        sentences: the pattern, one sentence each; `{other}` is somebody who is there too.
        alone: the pattern where nobody else is.
        choices: what each `[name]` of the pattern may become, besides things.
        pieces: what each `<name>` may become, where a small model cannot write.
        things: what can be thought of where a scene names no thing.
    """

    sentences: tuple[str, ...]
    alone: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]
    pieces: Mapping[str, tuple[str, ...]]
    things: tuple[str, ...]


_EN = Thoughts(
    sentences=("[see] [one].", "[wonder] {other}<guess>", "[fear]<fear>", "[keep] [two].", "[will]<will>"),
    alone=("[see] [one].", "[fear]<fear>", "[keep] [two].", "[will]<will>"),
    choices={
        "see": (
            "I keep looking at",
            "I saw",
            "I know more than I say about",
            "I cannot stop thinking about",
            "I pretended not to see",
            "I could have said something about",
        ),
        "wonder": ("I wonder whether", "I do not believe that", "I wish that", "I know that", "I hope that"),
        "fear": (
            "I am afraid that",
            "I will never tell anyone that",
            "I should have known that",
            "I cannot forget that",
            "I try to believe that",
        ),
        "keep": (
            "I will not talk about",
            "I would give anything for",
            "I must not think about",
            "I am not done with",
            "I was wrong about",
        ),
        "will": ("I will", "I want to", "I have to", "I am going to"),
    },
    pieces={},
    things=("this room", "the silence", "the door"),
)
_ZH = Thoughts(
    sentences=("[see][one]。", "[wonder]{other}<guess>", "[fear]<fear>", "[keep][two]。", "[will]<will>"),
    alone=("[see][one]。", "[fear]<fear>", "[keep][two]。", "[will]<will>"),
    choices={
        "see": ("我一直看着", "我假装没看见", "我忘不了", "我本来可以说说"),
        "wonder": ("我不知道", "我不信", "我希望", "我知道"),
        "fear": ("我怕", "我不会告诉别人，", "我早该想到，"),
        "keep": ("我不会提", "我还放不下", "我看错了"),
        "will": ("我要", "我只能", "我想"),
    },
    pieces={
        "guess": ("有没有说真话。", "会不会留下来。", "看出来了没有。", "也睡不着。"),
        "fear": ("已经来不及了。", "错的是我。", "这件事会有人知道。", "再也回不去了。"),
        "will": ("等到天亮。", "一个人去做完。", "把话咽回去。", "再看一眼就走。"),
    },
    things=("这间屋子", "这扇门", "刚才的沉默"),
)


def thoughts(language: Language) -> Thoughts:
    """Return the stock of a language."""
    return {"en": _EN, "zh": _ZH}[language]
