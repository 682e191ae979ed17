"""Who is there for which line of a scene: people come in late, leave early, or are only on the telephone.

Somebody comes where action says that they enter and nothing before shows them. They are gone where action
says so and nothing after shows them. Where the script tells of neither they are there for the whole scene: a
guess would forbid people what they may well have heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from storyroom.story.asides import printed
from storyroom.story.coming import moves, somebody_comes
from storyroom.story.doing import genders_of
from storyroom.story.people import People
from storyroom.story.presence import APPARATUS, Speech, hearers, places_in_body, speeches
from storyroom.story.script import Element, Kind

# They were there all along, only not shown.
_ALL_ALONG = re.compile(
    r"\b(?:overhear\w*|eavesdrop\w*|(?:has|have|had) (?:heard|been (?:there|standing|listening))|all along"
    r"|how long (?:have|has|were|was) \w+ (?:been )?(?:there|standing|listening|here)"
    r"|heard (?:every|all|enough))\b"
    r"|偷听|听见了(?:全部|一切|所有)|全听见|都听见|站了(?:多久|很久|半天)|一直在(?:听|门|那|这)|早就(?:在|站)",
    re.IGNORECASE,
)
_HANGS_UP = re.compile(
    r"\bhangs? up\b|\bputs? (?:down )?the (?:phone|receiver|handset) down\b"
    r"|\bputs? down the (?:phone|receiver|handset)\b|\bline (?:goes|is) dead\b"
    r"|\b(?:switch|turn)(?:es|s) (?:it|the (?:radio|phone)) off\b"
    r"|\b(?:switch|turn)(?:es|s) off the (?:radio|phone)\b"
    r"|挂断|挂了电话|挂上(?:电话|话筒|听筒)|放下(?:电话|话筒|听筒)|关(?:了|掉)(?:对讲机|电台|手机)",
    re.IGNORECASE,
)
_SAID = (Kind.DIALOGUE, Kind.LYRIC)
_SHOWN = (Kind.ACTION, Kind.CENTERED)

Event = Literal["goes", "comes", "shown"]
_ORDER: Mapping[Event, int] = {"goes": 0, "comes": 1, "shown": 2}


class Spot(NamedTuple):
    """A place in a scene: the number of the element, and the character in its printed text."""

    element: int
    character: int = 0


Stay = tuple[Spot, Spot]
_BEGIN = Spot(-1)


@dataclass(frozen=True)
class Attendance:
    """Who is there for which line of a scene.

    Attributes:
        elements: the scene.
        stays: for everybody of the cast who hears anything in it, from where to where they are there.
        by_ear: those who are only at the other end of a line, and see nothing.
    """

    elements: tuple[Element, ...]
    stays: Mapping[str, tuple[Stay, ...]]
    by_ear: frozenset[str]

    def hearing(self, element: Element, quote: str = "") -> set[str]:
        """Return who hears a line of the scene.

        Args:
            quote: the words of the line in question; people may come or go in mid-paragraph.
        """
        at = self._spot(element, quote)
        return {
            name for name, stays in self.stays.items() if any(since <= at < until for since, until in stays)
        }

    def seeing(self, element: Element, quote: str = "") -> set[str]:
        """Return who sees what a line of the scene shows."""
        return self.hearing(element, quote) - self.by_ear

    def witnesses(self, element: Element, quote: str = "") -> set[str]:
        """Return who learns what a line tells: who hears it said, or sees it shown."""
        return self.hearing(element, quote) if element.kind in _SAID else self.seeing(element, quote)

    def _spot(self, element: Element, quote: str) -> Spot:
        place = next(
            place
            for place, one in enumerate(self.elements)
            if one is element or (element.id and one.id == element.id)
        )
        return Spot(place, max(0, printed(element.text).find(quote)) if quote else 0)


def attendance(elements: Sequence[Element], people: People) -> Attendance:
    """Read who is there for which line of a scene."""
    scene = _Scene(tuple(elements), people)
    by_ear = scene.by_ear()
    stays = {name: (scene.call(name),) if name in by_ear else scene.stays(name) for name in scene.hearers}
    return Attendance(scene.elements, stays, by_ear)


class _Scene:
    """A scene, and what shows that people are there, come and go."""

    def __init__(self, elements: tuple[Element, ...], people: People) -> None:
        self.elements, self.people = elements, people
        self.end = Spot(len(elements))
        self.hearers = hearers(elements, people)
        self._speeches = list(speeches(elements, people))
        self._places = {id(one): place for place, one in enumerate(elements)}
        self._in_body = {name: list(self._body(name)) for name in self.hearers}
        self._shown = self._signs()
        self._moved = self._moves()
        # Whoever comes in was not there before, unless the scene says that they have been listening.
        self._late = not any(_ALL_ALONG.search(printed(one.text)) for one in elements)

    def stays(self, name: str) -> tuple[Stay, ...]:
        """Return from where to where somebody is there."""
        timeline: list[tuple[Spot, Event]] = [(spot, "shown") for spot in self._shown.get(name, ())]
        timeline += self._moved.get(name, ())
        stays: list[Stay] = []
        since, gone, seen = _BEGIN, None, False
        for spot, what in sorted(timeline, key=lambda one: (one[0], _ORDER[one[1]])):
            if what == "goes":
                gone = spot
            elif what == "comes" and gone is not None:
                stays.append((since, gone))
                since, gone = spot, None
            elif what == "comes" and not seen and self._late:
                since = spot
            else:
                gone = None
            seen = True
        return (*stays, (since, gone or self.end))

    def by_ear(self) -> frozenset[str]:
        """Return who is only at the other end of a line."""
        voices: dict[str, set[str]] = {}
        for speech in self._speeches:
            for who in speech.who:
                voices.setdefault(who.name, set()).add(speech.voice)
        return frozenset(
            name for name in self.hearers if voices.get(name) == {"line"} and not self._in_body[name]
        )

    def call(self, name: str) -> Stay:
        """Return from where to where somebody is on the line: from its first sign until it is hung up."""
        cues = [self._place(one) for one in self._speeches if name in (who.name for who in one.who)]
        signs = (
            place
            for place, one in enumerate(self.elements[: cues[0]])
            if one.kind in (*_SHOWN, Kind.PARENTHETICAL, Kind.CUE)
            and APPARATUS.search(f"{printed(one.text)} {one.extension or ''}")
        )
        over = (
            Spot(place)
            for place, one in enumerate(self.elements)
            if place > cues[-1] and one.kind is Kind.ACTION and _HANGS_UP.search(printed(one.text))
        )
        first = next(signs, None)
        return (Spot(first) if first is not None else _BEGIN), next(over, self.end)

    def _place(self, speech: Speech) -> int:
        return self._places[id(speech.cue)]

    def _body(self, name: str) -> Iterator[Spot]:
        names = next(one.names for one in self.people.cast if one.name == name)
        for place, one in enumerate(self.elements):
            if one.kind in _SHOWN:
                yield from (Spot(place, start) for start in places_in_body(names, printed(one.text)))

    def _signs(self) -> dict[str, list[Spot]]:
        """Return where people are shown: by their cues, also of strangers, and by action that names them."""
        found = {name: list(spots) for name, spots in self._in_body.items()}
        for speech in self._speeches:
            if speech.voice != "over":
                for who in speech.who:
                    found.setdefault(who.name, []).append(Spot(self._place(speech)))
        return found

    def _moves(self) -> dict[str, list[tuple[Spot, Event]]]:
        """Return where action says that people come in and where that they leave."""
        genders = genders_of([self.elements], self.people)
        found: dict[str, list[tuple[Spot, Event]]] = {}
        for place, one in enumerate(self.elements):
            if one.kind is not Kind.ACTION:
                continue
            text = printed(one.text)
            for move in moves(text, self.people, genders):
                # Who comes is there for the sentence that says so, and so is who goes.
                spot = Spot(place, move.start if move.comes else move.end)
                found.setdefault(move.who, []).append((spot, "comes" if move.comes else "goes"))
            if somebody_comes(text) and (who := self._meant(place)):
                found.setdefault(who, []).append((Spot(place), "comes"))
        return found

    def _meant(self, place: int) -> str:
        """Return who must be meant where action lets somebody come in without a name: ``A woman comes in.``

        It is whoever speaks next, if that shows them for the first time and everybody else was shown before.
        """
        fresh = [
            (min(spots), name) for name, spots in self._shown.items() if spots and min(spots) >= Spot(place)
        ]
        cue = next((n for n, one in enumerate(self.elements) if n > place and one.kind is Kind.CUE), None)
        return fresh[0][1] if cue is not None and len(fresh) == 1 and fresh[0][0] == Spot(cue) else ""
