"""Makes one story line after the other, each on another pattern and about other people."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, create_model

from storyroom.agents.checking import apart, sound
from storyroom.agents.company import living
from storyroom.agents.desk import Desk
from storyroom.agents.layout import idea_part
from storyroom.story.bible import PAGES, Format, Role
from storyroom.story.plan import Plan
from storyroom.story.text import Phrase, Sentence
from storyroom.story.turn import Stage
from storyroom.tools.bench import Bench
from storyroom.tools.filling import Filling, fill, pronouns
from storyroom.tools.keywords import genre_named, genre_of, listed, missing, noun
from storyroom.tools.story_patterns import Pattern, stock

_VAGUE = frozenset({"something", "thing", "things"})
_KEYWORDS = {"en": "Keywords: {}.\n", "zh": "关键词：{}\n"}


class Storyline(Plan):
    """A story in four sentences.

    Attributes:
        genre: as its keywords name it.
        way: the pattern that it follows, or that a larger model was offered.
        filled: whether a small model filled the pattern; otherwise every word is the model's own.
        written: of a filled pattern, the pieces that the model wrote itself.
    """

    title: str
    premise: str
    conflict: str
    turn: str
    ending: str
    genre: str
    way: str
    filled: bool = False
    written: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The four sentences."""
        return " ".join((self.premise, self.conflict, self.turn, self.ending))

    @property
    def whole(self) -> str:
        """All that a reader gets, genre and title too."""
        return f"{self.genre} {self.title} {self.told}"


class LineMaker:
    """Makes story lines for one list of keywords.

    Args:
        words: the keywords.
        genre: as a user named it; None takes the one that the keywords name.
        length: how long an episode is.
    """

    def __init__(self, bench: Bench, words: tuple[str, ...], genre: str | None, length: Format) -> None:
        self.bench, self.words, self.length = bench, words, length
        self.stock = stock(bench.language)
        self.dice = random.Random(bench.order.seed)
        found, naming = genre_of(words, bench.language)
        self.genre = genre_named(genre, bench.language) if genre else found
        self.shown_genre = self.genre if genre or naming or bench.alone else bench.bible.genre[0]
        self.people, self.leads = self._people()
        # What names the genre or somebody is said by naming it, unless there is nothing else to tell of.
        self.matter = tuple(word for word in words if word not in {*naming, *self.leads}) or words
        self.patterns = self.dice.sample(self.stock.patterns, len(self.stock.patterns))
        self.made: list[Storyline] = []

    async def make(self, place: int, others: Sequence[Storyline]) -> Storyline:
        """Make a line.

        Args:
            place: another one gives another pattern and other people.
            others: lines that it must differ from; a model that writes freely is shown them.
        """
        pattern = self.patterns[place % len(self.patterns)]
        bench = self.bench
        ground = [idea_part(bench.language, bench.order)] if bench.alone else None
        memory = bench.recall(", ".join(self.matter))
        desk = bench.desk(Role.PLOT_WRITER, stage=Stage.PITCH, memory=memory, ground=ground)
        if desk.guided:
            line = await self._filled(desk, pattern, place)
        else:
            line = await self._written(desk, pattern, others)
        self.made.append(line)
        return line

    async def _written(self, desk: Desk, pattern: Pattern, others: Sequence[Storyline]) -> Storyline:
        names = () if self.bench.alone else tuple(name for name, _ in self.people)

        def faults(answer: Any) -> list[str]:
            told = [answer.premise, answer.conflict, answer.turn, answer.ending]
            lost = missing(self.words, " ".join((answer.title, self.genre, *told)))
            return [*sound(*told), *apart(*told), *(f"does not hold {word}" for word in lost)]

        answer: Any = await desk.ask(
            "storyline",
            storyline_answer(),
            checks=faults,
            max_tokens=420,
            words=self.words,
            genre=self.shown_genre,
            length=f"{PAGES[self.length]:.0f} min",
            names=names,
            way=pattern.name,
            others=[other.told for other in others],
        )
        return Storyline(**answer.model_dump(), genre=self.shown_genre, way=pattern.name)

    async def _filled(self, desk: Desk, pattern: Pattern, place: int) -> Storyline:
        spoken = desk.language
        nouns = listed([noun(word, spoken) for word in self.matter], spoken)
        filled = await fill(
            desk,
            "storyline",
            _KEYWORDS[spoken].format(nouns),
            self._filling(pattern, place),
            said=[piece for line in self.made for piece in line.written],
            unwanted=_VAGUE,
            words=self.words,
            genre=self.shown_genre,
            length="",
            names=(),
            way=pattern.name,
            others=[],
        )
        title, premise, conflict, turn, ending = filled.lines
        return Storyline(
            title=title,
            premise=premise,
            conflict=conflict,
            turn=turn,
            ending=ending,
            genre=self.shown_genre,
            way=pattern.name,
            filled=True,
            written=filled.written,
        )

    def _filling(self, pattern: Pattern, place: int) -> Filling:
        spoken = self.bench.language
        lead, other = self._pair(place)
        nouns = [noun(word, spoken) for word in self.matter]
        clock = self.stock.clocks[self.length]
        she, he = pronouns(lead[1], lead[0], spoken), pronouns(other[1], other[0], spoken)
        values = {
            "lead": lead[0],
            "other": other[0],
            "first": nouns[0],
            "second": nouns[1] if len(nouns) > 1 else nouns[0],
            "clock": clock,
            "clock_title": clock.title(),
            **she,
            "She": _capital(she["she"]),
            "he": he["she"],
            "him": he["her"],
            "his": he["hers"],
        }
        lines = [line.format(**values) for line in pattern[1:]]
        if len(nouns) > 2:
            opening = self.stock.openings[place % len(self.stock.openings)]
            inside = f"a{lines[1][1:]}" if lines[1].startswith("A ") else lines[1]
            lines[1] = opening.format(rest=listed(nouns[2:], spoken)) + inside
        return Filling(
            lines=["[title]", *(_capital(line) if line[0] not in "[<" else line for line in lines[1:])],
            choices={
                "title": self._titles([lines[0], *map(_title, nouns[:3])]),
                "role": self._roles(lead[0], self.stock.genres[self.genre].roles),
                "other_role": self._roles(other[0], self.stock.genres[self.genre].others),
            },
            pieces={name: self._fresh(pieces) for name, pieces in self.stock.pieces.items()},
            names=[lead[0], other[0], *(w for word in self.matter for w in word.split() if w[0].isupper())],
        )

    def _titles(self, titles: Sequence[str]) -> Sequence[str]:
        taken = {line.title for line in self.made}
        return [title for title in titles if title not in taken] or titles

    def _people(self) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """Return names with their pronouns, and the keywords that are names, with whom they mean.

        Names that code gives come in pairs that their pronouns tell apart.
        """
        bench = self.bench
        if bench.alone:
            names = list(self.stock.names)
            pairs = [names[i : i + 2] for i in range(0, len(names), 2)]
            mixed = self.dice.sample(pairs, len(pairs))
            return [one for pair in mixed for one in self.dice.sample(pair, 2)], {}
        leads = {word: who.name for word in self.words if (who := bench.bible.character(word))}
        cast = [(name, "") for name in living(bench.bible, bench.order)]
        return self.dice.sample(cast, len(cast)), leads

    def _pair(self, place: int) -> tuple[tuple[str, str], tuple[str, str]]:
        """Return the lead of a line and who stands on the other side; whom the keywords name comes first."""
        if self.bench.alone:
            first = 2 * place % len(self.people)
            return self.people[first], self.people[first + 1]
        named = [(name, "") for name in dict.fromkeys(self.leads.values())]
        others = [one for one in self.people if one not in named]
        turned = others[place % len(others) :] + others[: place % len(others)] if others else []
        lead, other, *_ = [*named, *turned, *named, *turned]
        return lead, other

    def _roles(self, name: str, usual: Sequence[str]) -> Sequence[str]:
        """Return who somebody may be: one of the genre's people, each in one line; or as the bible has it."""
        who = None if self.bench.alone else self.bench.bible.character(name)
        if who is not None:
            return [_first_clause(who.role)]
        return self._fresh(usual)

    def _fresh(self, texts: Sequence[str]) -> Sequence[str]:
        """Return those of some texts that no line holds yet; all when there are none left."""
        told = " ".join(line.told for line in self.made)
        return [text for text in texts if text not in told] or texts


def storyline_answer() -> type[BaseModel]:
    """title, premise, conflict, turn, ending."""
    line = Annotated[str, Sentence(40, 220)]
    fields: dict[str, Any] = dict.fromkeys(("premise", "conflict", "turn", "ending"), (line, ...))
    return create_model("Storyline", title=(Annotated[str, Phrase(4, 36)], ...), **fields)


def _title(word: str) -> str:
    return " ".join(_capital(one) for one in word.split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first_clause(text: str) -> str:
    """Return the first clause of a role, short enough to stand behind a name."""
    return re.split(r"[,;，；。.]", text)[0].strip()
