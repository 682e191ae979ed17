"""Questions to the memory, answered with what the script says: facts, who heard it, scenes and lines.

No model writes the answer. Scenes are found by hybrid retrieval; their lines are weighed by the words that
they share with the question, rare words counting more; who knows follows from who was there to hear.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyroom.archive import Archive
from storyroom.canon_desk import CanonDesk
from storyroom.errors import InputError
from storyroom.memory.canon import learned_in
from storyroom.memory.lexical import tokenize
from storyroom.memory.scenes import ScenePresence
from storyroom.story.asides import printed
from storyroom.story.attendance import attendance
from storyroom.story.canon import Evidence, Fact, Moment
from storyroom.story.draft import SceneDraft
from storyroom.story.people import People
from storyroom.story.presence import speeches
from storyroom.story.script import UNPRINTED, Element, Kind

LONGEST = 500
_ENOUGH = 0.75
_LINES_OF_A_SCENE = 3
_WHO = re.compile(r"\bwho(?:m|se)?\b|谁|誰|哪些人|哪个人|什么人", re.IGNORECASE)
# What makes it a question, and says nothing of what it is about.
_ASKING = frozenset(
    tokenize(
        "who whom whose what where when why how which did do does has have had was were been know knows knew "
        "known about tell tells told learn learned hear heard say said any anybody anyone ever that this it "
        "谁知道 知道 什么 哪里 哪儿 何时 为什么 怎么 听说 告诉 关于 有没有 是不是 的事 那件事 事情 "
        "谁 知 道 什 么 哪 里 事 情"
    )
)


@dataclass(frozen=True)
class Quoted:
    """A line of the story.

    Attributes:
        at: its scene.
        heading: of the scene.
        line: its number in the scene, the heading being 1.
        speaker: who says it; empty for action.
    """

    at: Moment
    heading: str
    line: int
    speaker: str
    text: str
    weight: float


@dataclass(frozen=True)
class Told:
    """A fact that the question is about, and who knows it, since when, by which line."""

    fact: Fact
    known: Mapping[str, tuple[Moment, Evidence]]


@dataclass(frozen=True)
class Answer:
    """What the memory has on a question.

    Attributes:
        facts: those of the canon that share its words, the closest first.
        heard: who of the cast was there when it was said or shown, with the first such line; only where the
            question asks who.
        unaware: the others of the cast; only where the question asks who and somebody was there.
        lines: the lines that say something of it, by scene, the closest scene first.
    """

    question: str
    facts: tuple[Told, ...]
    heard: Mapping[str, Quoted]
    unaware: tuple[str, ...]
    lines: tuple[Quoted, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.facts or self.heard or self.lines)


def ask(archive: Archive, question: str, *, session: str | None = None, scenes: int = 5) -> Answer:
    """Answer a question from the canon, or from a session's version of it.

    Args:
        scenes: how many scenes are quoted at most.

    Raises:
        InputError: the question is empty or too long.
        IndexStale: the index has to be built again.
    """
    question = " ".join(question.split())
    if not question or len(question) > LONGEST:
        what = "is empty" if not question else f"has {len(question):,} characters"
        raise InputError(f"The question {what}.", hint=f"Ask in a sentence of at most {LONGEST} characters.")
    desk = archive.canon(session)
    people = archive.ledger.people.of(desk.bible)
    weighed = _Weighed(desk, question)
    hits = archive.search(question, k=4 * scenes, session=session, kinds=("scene",))
    found = list(dict.fromkeys(Moment(hit.chunk.episode or 0, hit.chunk.scene or 0) for hit in hits))
    strong = weighed.strong()
    heard = _heard(desk, people, strong) if _WHO.search(question) else {}
    cast = [one.name for one in desk.bible.cast]
    return Answer(
        question=question,
        facts=tuple(_facts(desk, weighed)),
        heard=heard,
        unaware=tuple(name for name in cast if name not in heard) if heard else (),
        lines=tuple(weighed.best(found, scenes)),
    )


class _Weighed:
    """The lines of all scenes, weighed by the rare words that they share with a question."""

    def __init__(self, desk: CanonDesk, question: str) -> None:
        self._by_scene: dict[Moment, list[Quoted]] = {}
        words = {word for word in tokenize(question) if word not in _ASKING} or set(tokenize(question))
        texts = [(one, _lines(desk, one)) for one in desk.account.scenes]
        used = [set().union(*(tokens for *_, tokens in lines)) for _, lines in texts]
        uses = Counter(word for scene in used for word in words & scene)
        self.weights = {word: math.log(1 + len(texts) / uses[word]) for word in words if uses[word]}
        self.words = words
        for scene, lines in texts:
            at = Moment(scene.episode, scene.scene)
            self._by_scene[at] = [
                Quoted(at, scene.heading, place, speaker, text, self.weight(tokens))
                for place, speaker, text, tokens in lines
            ]

    def weight(self, tokens: set[str]) -> float:
        """Return how much a text shares with the question."""
        return sum(self.weights.get(word, 0.0) for word in tokens)

    def strong(self) -> list[Quoted]:
        """Return the lines that share nearly as much as the closest of all, in the order of the story."""
        lines = [line for at in sorted(self._by_scene) for line in self._by_scene[at] if line.weight]
        least = _ENOUGH * max((line.weight for line in lines), default=0.0)
        return [line for line in lines if line.weight >= least]

    def best(self, found: Sequence[Moment], scenes: int) -> list[Quoted]:
        """Return the closest lines of the scenes that were found; those without a shared word come last."""
        kept: list[Quoted] = []
        shown = [at for at in found if any(line.weight for line in self._by_scene.get(at, ()))]
        for at in shown[:scenes]:
            lines = sorted(self._by_scene[at], key=lambda line: (-line.weight, line.line))
            closest = [line for line in lines[:_LINES_OF_A_SCENE] if line.weight]
            kept += sorted(closest, key=lambda line: line.line)
        if not kept:
            kept = [next(iter(self._by_scene[at])) for at in found[:scenes] if self._by_scene.get(at)]
        return kept


def _lines(desk: CanonDesk, scene: ScenePresence) -> list[tuple[int, str, str, set[str]]]:
    """Return the lines of a scene: number, speaker, text, words."""
    elements = desk.ledger.drafts.get(scene.draft, SceneDraft).elements
    found = []
    speaker = ""
    for place, one in enumerate(elements, 1):
        if one.kind is Kind.CUE:
            speaker = printed(one.text)
        elif one.kind not in UNPRINTED and one.kind is not Kind.SCENE_HEADING:
            speaker = speaker if one.kind in (Kind.DIALOGUE, Kind.LYRIC, Kind.PARENTHETICAL) else ""
            text = printed(one.text)
            found.append((place, speaker, text, set(tokenize(text))))
    return found


def _facts(desk: CanonDesk, weighed: _Weighed) -> list[Told]:
    """Return the facts that share the question's words, the closest first."""
    learned = learned_in(desk.ledger, desk.bible, desk.account)
    found = []
    for fact in desk.account.canon:
        shared = weighed.words & set(tokenize(" ".join((fact.says, fact.thing, *fact.terms))))
        if shared and fact.status in ("approved", "likely", "planned"):
            found.append((len(shared), Told(fact, learned.get(fact.id, {}))))
    most = max((shared for shared, _ in found), default=0)
    return [told for shared, told in found if shared >= _ENOUGH * most]


def _heard(desk: CanonDesk, people: People, lines: Sequence[Quoted]) -> dict[str, Quoted]:
    """Return who of the cast was there for one of these lines, each with the first."""
    drafts = {Moment(one.episode, one.scene): one for one in desk.account.scenes}
    cast = {one.name for one in desk.bible.cast}
    heard: dict[str, Quoted] = {}
    for line in lines:
        scene = drafts[line.at]
        elements = desk.ledger.drafts.get(scene.draft, SceneDraft).elements
        if _only_over(line, elements, people):
            continue
        there = attendance(elements, people).witnesses(elements[line.line - 1])
        for name in sorted(there & cast):
            heard.setdefault(name, line)
    return heard


def _only_over(line: Quoted, elements: Sequence[Element], people: People) -> bool:
    """Whether a line is a voice over the picture, which nobody in the story hears."""
    said = elements[line.line - 1]
    return any(said in speech.lines and speech.voice == "over" for speech in speeches(elements, people))
