"""Facts that only prose tells, read by patterns: deaths, departures, things that change hands, what is told.

Each fact is likely, quotes the words that say so, and waits for a human to approve it. Scenes that are
dreamt or remembered give none, and neither does what people only say, except that they say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from storyroom.story.asides import printed
from storyroom.story.attendance import Attendance, attendance
from storyroom.story.canon.deaths import read_deaths
from storyroom.story.canon.fact import GONE, Evidence, Fact
from storyroom.story.canon.handing import handings
from storyroom.story.canon.moment import Moment
from storyroom.story.doing import Genders, doings, genders_of
from storyroom.story.han import HAN
from storyroom.story.people import People
from storyroom.story.presence import speeches
from storyroom.story.script import Element, Kind
from storyroom.story.when import when

_LEAVES = re.compile(
    r"\b(?:leaves|departs|sails|emigrates|moves away)\b[^.]{0,30}\b(?:for good|for ever|forever|town"
    r"|the country|the city|the island|for the last time)\b"
    r"|\bboards? (?:the|a) (?:train|bus|ship|plane|ferry|boat)\b|\b(?:train|bus|ship|ferry|boat"
    r"|plane) (?:carries|takes) (?:him|her) (?:off|away)\b"
    r"|离开了?(?:这座|这个|小镇|村子|县城|家乡|故乡|上海|北京)|(?:登|踏|坐)上(?:了)?(?:火车|飞机|轮船"
    r"|客轮|汽车|船|列车)|远走他乡|一去不回",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|almost|nearly|about to|if|wants? to|tries to|as if)\b|n['’]t\b|没有?|差点|几乎"
    r"|要是|如果|想要|好像|仿佛|似的",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:I have to tell you|I(?:'ve| have) something to tell you|you should know|the truth is"
    r"|don['’]t tell|tell no ?one|nobody (?:else )?knows|"
    r"between (?:us|you and me)|keep it (?:quiet|secret|to yourself)|swear you won['’]t"
    r"|it['’]s a secret|I know what you did|it was me who)\b"
    r"|我告诉你|跟你说实话|实话告诉你|别告诉|谁也别说|谁也不许|不许(?:说|提)|只有你知道|没有人知道"
    r"|没人知道|保密|跟你一个人说|我谁也不说|别跟.{1,6}说",
    re.IGNORECASE,
)
# Who is not to be told does not hear it, though the scene may not say that they have gone.
_KEPT_FROM = re.compile(
    r"\bdon['’]t (?:you )?(?:ever |dare )?tell (?!me\b|us\b)([^,.!?;:—]{1,40})"
    r"|别告诉([^，。！？：；我]{1,10})|别跟([^我]{1,6}?)说",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"从[^，。]{1,10}?(?:里|中|内|上|下|底|后面|旁边)(?!有)")
_LONGEST = 300


def read_facts(
    elements: Sequence[Element],
    at: Moment,
    people: People,
    draft: str | None = None,
    *,
    genders: Genders | None = None,
) -> list[Fact]:
    """Return the likely facts of one scene.

    Args:
        elements: the scene, heading first.
        at: its place in the story.
        people: who is who; facts are about the cast alone.
        draft: id of the draft that holds the scene.
        genders: who is ``he`` and who is ``she``, if more than this scene tells.
    """
    if elements and elements[0].kind is Kind.SCENE_HEADING and when(elements[0].text).unreal:
        return []
    known = genders if genders is not None else genders_of([elements], people)
    scene = _Scene(elements, at, people, known, attendance(elements, people), draft)
    return [
        fact.named() for fact in (*scene.deaths(), *scene.departures(), *scene.possessions(), *scene.told())
    ]


class _Scene:
    """One scene on its way to facts."""

    def __init__(
        self,
        elements: Sequence[Element],
        at: Moment,
        people: People,
        genders: Genders,
        present: Attendance,
        draft: str | None,
    ) -> None:
        self.elements, self.at, self.people = elements, at, people
        self.genders, self.present, self.draft = genders, present, draft
        self.chinese = any(re.search(f"[{HAN}]", one.text) for one in elements)

    def deaths(self) -> Iterator[Fact]:
        for one in read_deaths(self.elements, self.people, self.genders):
            says = f"{one.who}死了。" if self.chinese else f"{one.who} dies."
            yield self._fact(one.element, one.quote, kind="death", subject=one.who, says=says)

    def departures(self) -> Iterator[Fact]:
        for one in doings(self.elements, self.people, self.genders):
            leaves = _LEAVES.search(one.text) if one.who else None
            # What comes behind, ``and does not look back``, takes nothing of it back.
            if leaves and not _NOT.search(one.sentence[: one.sentence.find(one.text) + leaves.end()]):
                says = f"{one.who}走了。" if self.chinese else f"{one.who} leaves."
                yield self._fact(one.element, one.sentence, kind="departure", subject=one.who, says=says)

    def possessions(self) -> Iterator[Fact]:
        for one in handings(self.elements, self.people, self.genders):
            # What is only said may not be done; and a fact names one thing, not several that could be meant.
            thing = self._thing(one.quote, one.things)
            if not one.sure or not thing or _NOT.search(one.quote) or not (one.taker or one.giver):
                continue
            holder = one.taker or one.giver
            if one.gone:
                says = f"{thing}没了。" if self.chinese else f"The {thing} is gone."
            else:
                says = f"{holder}拿到了{thing}。" if self.chinese else f"{holder} has the {thing}."
            value = GONE if one.gone else ""
            yield self._fact(
                one.element,
                one.quote,
                kind="possession",
                subject=holder,
                says=says,
                thing=thing,
                value=value,
            )

    def told(self) -> Iterator[Fact]:
        for speech in speeches(self.elements, self.people):
            if speech.voice == "over":
                continue
            for line in speech.lines:
                text = printed(line.text)
                for who in speech.who:
                    if who.known and _TELLS.search(text):
                        says = f"{who.name}：{text}" if self.chinese else f"{who.name} says: {text}"
                        heard = sorted(self.present.hearing(line) - {who.name} - self._kept_from(text))
                        yield self._fact(
                            line,
                            text,
                            kind="knowledge",
                            subject=who.name,
                            says=says[:_LONGEST],
                            witnesses=tuple(sorted({who.name, *heard})),
                            holders=(who.name, *heard),
                        )

    def _kept_from(self, text: str) -> set[str]:
        """Return who is not to be told, by what somebody says."""
        named = (" ".join(filter(None, found.groups())) for found in _KEPT_FROM.finditer(text))
        return {name for words in named for name in self.people.named_in(words)}

    def _saw(self, element: Element, quote: str, what: Mapping[str, object]) -> tuple[str, ...]:
        """Return who was there to see it; who dies knows nothing any more."""
        gone = {what["subject"]} if what["kind"] == "death" else set()
        return tuple(sorted(self.present.seeing(element, quote) - gone))

    def _thing(self, quote: str, things: frozenset[str]) -> str:
        # What it was taken out of is named first in Chinese, and is not what changes hands.
        told = _OUT_OF.sub(lambda found: " " * len(found[0]), quote.lower())
        placed = [(told.find(thing), thing) for thing in things if thing in told]
        return min(placed)[1] if placed else ""

    def _fact(self, element: Element, quote: str, **what: object) -> Fact:
        evidence = Evidence(
            at=self.at,
            quote=quote[:_LONGEST],
            element=element.id,
            line=element.source.line if element.source else 0,
        )
        return Fact.model_validate(
            {
                "since": self.at,
                "status": "likely",
                "origin": "pattern",
                "draft": self.draft,
                "witnesses": self._saw(element, quote, what),
                "evidence": (evidence,),
                **what,
            }
        )
