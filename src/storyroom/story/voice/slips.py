"""Speeches of a new scene that do not sound like who says them, judged by what was said before.

Cheap enough for every scene, and without a model: how long she speaks, what she never does where the others
do, and how unlike her it reads. Whoever has said little so far is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import pstdev
from typing import NamedTuple

from storyroom.story.bible import Bible
from storyroom.story.draft import SceneDraft
from storyroom.story.plan import Language
from storyroom.story.script import Element
from storyroom.story.voice.likeness import Likeness, enough
from storyroom.story.voice.measures import Measures, measure
from storyroom.story.voice.speech import Speech, naming, speeches_of
from storyroom.story.voice.words import BREAKS, TRAILS, hedges, particles, sentences, short_forms, words

_MOST_SPEECHES = 4000
_BY_CHANCE = 0.02
_LONG = 30
_SPREADS = 4.0
# Of fewer words, or by the measure of fewer speeches, every twentieth speech of hers was seen to be taken for
# somebody else's; a debate is better off without such objections.
_TELLING_WORDS = 8
_TELLING_SPEECHES = 40


class Slip(NamedTuple):
    """A speech that does not sound like who says it.

    Attributes:
        line: id of its first line of dialogue.
        reason: what is unlike her, as a sentence in the language of the script.
    """

    line: str
    reason: str


@dataclass(frozen=True)
class _Habit:
    """Something that some do when they speak, and others never."""

    does: Callable[[str], bool]
    said: dict[Language, str]


_HABITS = (
    _Habit(lambda text: "!" in text or "！" in text, {"en": "exclaimed", "zh": "用过感叹号"}),
    _Habit(lambda text: bool(TRAILS.search(text)), {"en": "trailed off", "zh": "用过省略号"}),
    _Habit(lambda text: bool(BREAKS.search(text)), {"en": "broken off with a dash", "zh": "用过破折号"}),
    _Habit(lambda text: bool(hedges(text)), {"en": "hedged", "zh": "说过“也许”“大概”一类的话"}),
    _Habit(lambda text: bool(short_forms(text)), {"en": "used a short form", "zh": "用过缩略形式"}),
    _Habit(lambda text: bool(particles(text)), {"en": "used a particle of mood", "zh": "用过语气词"}),
    _Habit(
        lambda text: any(one.rstrip("”’\"'*_ ").endswith(("?", "？")) for one in sentences(text)),
        {"en": "asked a question", "zh": "问过问题"},
    ),
)

_SAYS: dict[Language, dict[str, str]] = {
    "en": {
        "long": "{name} speaks {words} words here; the longest of {n} speeches before has {longest}.",
        "never": "{name} has not {habit} in {n} speeches so far; of the others' speeches {share:.0%} do.",
        "unlike": "It reads less like {name} than any of {n} speeches so far.",
        "like": "It reads less like {name} than any of {n} speeches so far, and more like {other}.",
    },
    "zh": {
        "long": "{name}这里说了{words}个字，此前{n}段台词里最长的只有{longest}个字。",
        "never": "{name}此前{n}段台词里从没{habit}；别人的台词里有{share:.0%}。",
        "unlike": "比起{name}此前的{n}段台词，这一句最不像这个人说的。",
        "like": "比起{name}此前的{n}段台词，这一句最不像这个人说的，倒更像{other}。",
    },
}


def voice_slips(draft: SceneDraft, earlier: Iterable[Sequence[Element]], bible: Bible) -> list[Slip]:
    """Find the speeches of a scene that do not sound like who says them.

    Args:
        draft: the scene.
        earlier: the elements of earlier scenes, or of whole scripts, in order.
        bible: tells who is meant by a cue.

    Returns:
        At most one slip for a speech, in the order of the scene. Nothing about characters who have fewer than
        twenty speeches before it.
    """
    name = naming(bible)
    before = tuple(speeches_of(earlier, name))[-_MOST_SPEECHES:]
    heard = _Heard(before)
    found = []
    for speech in speeches_of([draft.elements], name):
        if enough(speech.speaker, before) and (reason := heard.against(speech, bible.language)):
            found.append(Slip(speech.id, reason))
    return found


class _Heard:
    """What was said so far."""

    def __init__(self, before: tuple[Speech, ...]) -> None:
        self.before = before

    def against(self, speech: Speech, language: Language) -> str:
        """Return what is unlike the speaker in a speech; nothing if all may well be hers."""
        who = speech.speaker
        hers = _texts_of(self.before, who)
        return (
            self._too_long(speech, hers, language)
            or self._unheard_of(speech, hers, language)
            or self._unlike(speech, language)
        )

    def _too_long(self, speech: Speech, hers: tuple[str, ...], language: Language) -> str:
        known, length = _measured(hers), len(words(speech.text))
        if known is None or length < max(_LONG, 2 * known.longest, known.mean + _SPREADS * known.spread):
            return ""
        return _SAYS[language]["long"].format(
            name=speech.speaker, words=length, n=len(hers), longest=known.longest
        )

    def _unheard_of(self, speech: Speech, hers: tuple[str, ...], language: Language) -> str:
        for place, habit in enumerate(_HABITS):
            if not habit.does(speech.text) or any(map(habit.does, hers)):
                continue
            share = _share_of_others(self.before, speech.speaker, place)
            # Would one who speaks like the others have gone without it for so long by chance?
            if (1 - share) ** len(hers) < _BY_CHANCE:
                return _SAYS[language]["never"].format(
                    name=speech.speaker, habit=habit.said[language], n=len(hers), share=share
                )
        return ""

    def _unlike(self, speech: Speech, language: Language) -> str:
        if len(words(speech.text)) < _TELLING_WORDS:
            return ""
        likeness = _likeness(self.before, speech.speaker)
        hers, _ = likeness.scores()
        if len(hers) < _TELLING_SPEECHES or not likeness.trust.beats_guessing:
            return ""
        # The lowest of n is passed by every n-th speech; only what lies far below it tells anything.
        if likeness.judge(speech.text) >= min(hers) - pstdev(hers):
            return ""
        other = self._sounds_like(speech)
        return _SAYS[language]["like" if other else "unlike"].format(
            name=speech.speaker, n=len(hers), other=other
        )

    def _sounds_like(self, speech: Speech) -> str:
        """Return whom a speech sounds like, if that can be told; otherwise nothing."""
        found: list[tuple[float, str]] = []
        for who in dict.fromkeys(one.speaker for one in self.before):
            if who == speech.speaker or not enough(who, self.before):
                continue
            likeness = _likeness(self.before, who)
            hers, _ = likeness.scores()
            score = likeness.judge(speech.text)
            if likeness.trust.beats_guessing and score > sorted(hers)[len(hers) // 2]:
                found.append((score, who))
        return max(found)[1] if found else ""


@lru_cache(maxsize=64)
def _likeness(before: tuple[Speech, ...], who: str) -> Likeness:
    return Likeness(who, before)


@lru_cache(maxsize=64)
def _texts_of(before: tuple[Speech, ...], who: str) -> tuple[str, ...]:
    return tuple(one.text for one in before if one.speaker == who)


@lru_cache(maxsize=64)
def _measured(texts: tuple[str, ...]) -> Measures | None:
    return measure(texts)


@lru_cache(maxsize=512)
def _share_of_others(before: tuple[Speech, ...], who: str, habit: int) -> float:
    others = [one.text for one in before if one.speaker != who]
    return sum(map(_HABITS[habit].does, others)) / len(others) if others else 0.0
