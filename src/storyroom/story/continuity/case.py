"""What every check works on: the script divided into scenes with their times and speeches, show and canon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from storyroom.story.asides import printed
from storyroom.story.canon.canon import Canon
from storyroom.story.canon.moment import Moment
from storyroom.story.continuity.finding import Finding, FindingKind, Line
from storyroom.story.continuity.judging import Judge, PassagePair
from storyroom.story.continuity.show import Show
from storyroom.story.doing import Genders, genders_of
from storyroom.story.people import People, Who
from storyroom.story.presence import Speech, hearers, speeches
from storyroom.story.script import UNPRINTED, Element, Script
from storyroom.story.when import When, when


@dataclass(frozen=True)
class CheckedScene:
    """A scene on its way through the checks.

    Attributes:
        number: its place in the script, from 1.
        at: its place in the story.
        elements: heading first.
        when: what its heading says of place and time.
    """

    number: int
    at: Moment
    elements: tuple[Element, ...]
    when: When
    people: People

    @property
    def heading(self) -> Element:
        """The heading."""
        return self.elements[0]

    @property
    def real(self) -> bool:
        """Whether it plays in the present of the story: no flashback, no dream."""
        return self.when.unreal is None

    @cached_property
    def speeches(self) -> tuple[Speech, ...]:
        """What is said in it."""
        return tuple(speeches(self.elements, self.people))

    @cached_property
    def hearers(self) -> frozenset[str]:
        """Who of the cast hears what is said in it."""
        return frozenset(hearers(self.elements, self.people))

    def first_cues(self) -> Iterator[tuple[Who, Speech]]:
        """Yield each speaker once, with their first speech."""
        seen: set[Who] = set()
        for speech in self.speeches:
            for who in speech.who:
                if who not in seen:
                    seen.add(who)
                    yield who, speech

    def line(self, element: Element, place: int = 0) -> Line:
        """Return a line of the scene.

        Args:
            place: where in the printed text of the element it is; a paragraph can have several lines.
        """
        text = printed(element.text)
        below = text.count("\n", 0, place)
        quote = text.split("\n")[below] if text else ""
        number = element.source.line + below if element.source else 0
        return Line(scene=self.number, quote=quote.strip(), line=number, element=element.id)


@dataclass(frozen=True)
class Case:
    """A script and what it must go together with.

    Attributes:
        judge: who is asked where reading is needed.
        earlier: the scenes of earlier episodes.
        pairs: passages of the script, each with an earlier one to be compared with.
    """

    script: Script
    show: Show
    canon: Canon
    judge: Judge | None = None
    earlier: tuple[tuple[Moment, Sequence[Element]], ...] = ()
    pairs: tuple[PassagePair, ...] = ()

    @cached_property
    def scenes(self) -> tuple[CheckedScene, ...]:
        """The scenes of the script."""
        people = self.show.people
        return tuple(
            CheckedScene(
                number,
                Moment(self.show.episode, number),
                tuple(one for one in (scene.heading, *scene.elements) if one.kind not in UNPRINTED),
                when(scene.heading.text),
                people,
            )
            for number, scene in enumerate(self.script.scenes, 1)
        )

    @cached_property
    def genders(self) -> Genders:
        """Who is ``he`` and who is ``she``."""
        return genders_of([one.elements for one in self.scenes], self.show.people)

    def finding(
        self,
        kind: FindingKind,
        here: Line,
        said: Sequence[str],
        *,
        against: Line | None = None,
        fact: str = "",
        listed: str = "",
        source: str = "fields",
    ) -> Finding:
        """Return a finding, its sentence and hint in the language of the script.

        Args:
            said: sentence and hint in English, then in Chinese.
        """
        english, english_hint, chinese, chinese_hint = said
        zh = self.show.language == "zh"
        return Finding(
            kind=kind,
            certain=not kind.startswith("likely_"),
            here=here,
            says=chinese if zh else english,
            hint=chinese_hint if zh else english_hint,
            against=against,
            fact=fact,
            listed=listed,
            source=source,
        )
