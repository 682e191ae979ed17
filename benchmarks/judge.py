"""Whether an English script is worth reading at all, judged from its text alone.

These functions share nothing with the checks that the room runs while it drafts: they read the finished
episode as a stranger would.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_FUNCTION_WORDS = frozenset(
    """
    the and for but not nor yet with without from into onto upon over under about after before
    because while when where which whom whose what this that these those there here then than them
    they their theirs have has had having been being were was will would shall should could can may
    might must does did doing done very just only even also such same each every both either neither
    some any all most more less much many few other another one two three four first last next back
    away down upon till until though although since
    """.split()  # noqa: SIM905
)
_CUE = re.compile(r"^[A-Z][A-Z0-9 .'’-]*(?: \([^)]*\))?$")
_HEADING = re.compile(r"^(INT|EXT|INT\./EXT)\. (.+) - ([A-Z][A-Z ]*)$")
_ENDS = tuple('.!?…—"”’)')


@dataclass
class SceneText:
    """One scene as it is printed."""

    heading: str
    action: list[str] = field(default_factory=list)
    speeches: list[tuple[str, str]] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """All that is read or heard."""
        return [*self.action, *(said for _, said in self.speeches)]


@dataclass(frozen=True)
class Idea:
    """What the idea names: people and places of the bible, and things."""

    text: str
    people: frozenset[str]
    places: frozenset[str]
    things: frozenset[str]

    @classmethod
    def of(cls, text: str, people: Iterable[str], places: Iterable[str]) -> Idea:
        """Find which names the idea uses, and which other words of weight."""
        named = frozenset(name for name in people if _names(text, name))
        where = frozenset(name for name in places if _names(text, name))
        taken = {word.lower() for name in (*named, *where) for word in name.split()}
        words = re.findall(r"[a-z]+", text.lower())
        things = {
            word for word in words if len(word) > 3 and word not in _FUNCTION_WORDS and word not in taken
        }
        return cls(text, named, where, frozenset(things))


def scenes_of(fountain: str) -> list[SceneText]:
    """Divide a printed script into its scenes; what stands before the first heading is left out."""
    scenes: list[SceneText] = []
    for block in re.split(r"\n\s*\n", fountain):
        first, *rest = block.strip().splitlines() or [""]
        if re.match(r"(INT|EXT)\b", first):
            scenes.append(SceneText(first))
        elif scenes and rest and _CUE.match(first):
            scenes[-1].speeches.append((re.sub(r" \(.*", "", first), " ".join(rest)))
        elif scenes and first:
            scenes[-1].action.append(" ".join((first, *rest)))
    return scenes


def is_about(text: str, idea: Idea) -> bool:
    """Whether a text names somebody of the idea, and at least two of its places and things."""
    who = any(_names(text, name) for name in idea.people)
    where = sum(_names(text, name) for name in idea.places)
    words = set(re.findall(r"[a-z]+", text.lower()))
    what = sum(any(_same(word, thing) for word in words) for thing in idea.things)
    return who and where + what >= 2


def own_words(scene: SceneText, idea: Idea) -> str:
    """Return a scene's lines without those that are copied from the idea."""
    return " ".join(line for line in scene.lines if line.strip() not in idea.text)


def is_noise(text: str) -> bool:
    """Whether nobody would have written this: stammering, a loop, letters that are no word, hardly a word."""
    words = re.findall(r"[A-Za-z'’]+", text.lower())
    fours = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    return (
        not words
        or any(a == b for a, b in itertools.pairwise(words))
        or any(count > 1 for count in fours.values())
        or any(len(word) > 20 or re.search(r"(.)\1\1", word) for word in words)
        or any(len(word) > 4 and not re.search(r"[aeiouy]", word) for word in words)
        or sum(c.isalpha() or c.isspace() for c in text) < 0.8 * len(text)
    )


def stands_too_often(scenes: Sequence[SceneText]) -> list[str]:
    """Return the lines that stand more than twice in the script."""
    counts = Counter(re.sub(r"\W+", " ", line).strip().lower() for scene in scenes for line in scene.lines)
    return [line for line, count in counts.items() if count > 2]


def cut_off(scenes: Sequence[SceneText]) -> list[str]:
    """Return the speeches that stop in mid-sentence."""
    return [said for scene in scenes for _, said in scene.speeches if not said.rstrip("*_ ").endswith(_ENDS)]


def bad_headings(scenes: Sequence[SceneText], places: Iterable[str]) -> list[str]:
    """Return the headings that are not INT. or EXT., a place of the bible, and a time."""
    known = {place.upper() for place in places}
    found = [(scene.heading, _HEADING.match(scene.heading)) for scene in scenes]
    return [heading for heading, match in found if match is None or match[2] not in known]


def strangers(scenes: Sequence[SceneText], casts: Sequence[Sequence[str]]) -> list[str]:
    """Return who speaks in a scene without being in the cast that the outline gives it."""
    return [
        speaker
        for scene, cast in zip(scenes, casts, strict=True)
        for speaker, _ in scene.speeches
        if speaker not in {name.upper() for name in cast}
    ]


@dataclass(frozen=True)
class Verdict:
    """What a script was found to be."""

    brief: bool
    outline: bool
    scenes: int
    of: int
    faults: Mapping[str, Sequence[str]]

    @property
    def meets(self) -> bool:
        """Whether brief, outline and three of four scenes are about the idea, and nothing else is wrong."""
        return (
            self.brief and self.outline and self.scenes * 4 >= self.of * 3 and not any(self.faults.values())
        )


def judge(
    fountain: str,
    idea: Idea,
    *,
    brief: Mapping[str, str],
    beats: Sequence[str],
    casts: Sequence[Sequence[str]],
    places: Iterable[str],
) -> Verdict:
    """Judge a finished episode.

    Args:
        brief: the fields of the brief, by name.
        beats: what happens in each scene, as the outline says.
        casts: who is in each scene, as the outline says.
    """
    scenes = scenes_of(fountain)
    fields = [*brief.values(), *beats, *(line for scene in scenes for line in scene.lines)]
    return Verdict(
        brief=is_about(" ".join(brief.values()), idea),
        outline=sum(is_about(beat, idea) for beat in beats) * 4 >= len(beats) * 3,
        scenes=sum(is_about(own_words(scene, idea), idea) for scene in scenes),
        of=len(beats),
        faults={
            "noise": [text for text in fields if is_noise(text)],
            "too often": stands_too_often(scenes),
            "cut off": cut_off(scenes),
            "headings": bad_headings(scenes, places),
            "strangers": strangers(scenes, casts) if len(scenes) == len(casts) else ["scenes are missing"],
        },
    )


def _names(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def _same(word: str, thing: str) -> bool:
    """Whether two words are forms of one: light and lights, carry and carried."""
    stem = max(4, min(len(word), len(thing)) - 1)
    return word == thing or (word[:stem] == thing[:stem] and abs(len(word) - len(thing)) < 4)
