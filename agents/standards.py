"""Standards & practices: unfair stereotypes, real persons, and language outside the series' rating.

What a word or a pattern decides, code decides. A larger model is asked about the rest; a small one is not,
because it would see a fault in every line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storyroom.agents.critic import ModelCritic
from storyroom.agents.desk import Desk
from storyroom.agents.standards_words import (
    AUDIENCES,
    FULL_NAME,
    GROUP,
    STRONG,
    TITLED,
    WORDS,
    Audience,
)
from storyroom.story.bible import Bible, Role
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Gravity, Objection, ObjectionKind
from storyroom.story.script import Kind

_KINDS: tuple[ObjectionKind, ...] = ("stereotype", "person", "rating")


class Standards(ModelCritic):
    """Fills the seat of standards & practices; `room: standards: true` in `series.yaml` seats it."""

    role = Role.STANDARDS
    template = "review_standards"
    kinds = _KINDS

    async def review(self, desk: Desk, draft: SceneDraft) -> list[Objection]:
        """Object to what code finds; a larger model also reads the scene."""
        found = [
            Objection(line=line.id, quote=line.text, kind=kind, gravity=gravity, says=says, certain=True)
            for line in draft.lines
            if line.kind in (Kind.DIALOGUE, Kind.ACTION, Kind.LYRIC)
            for kind, gravity, says in findings(line.text, desk.bible, desk.language)
        ]
        if desk.guided:
            return found
        known = {one.line for one in found}
        return [*found, *(one for one in await super().review(desk, draft) if one.line not in known)]

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """What code found is met when code no longer finds it."""
        if not objection.certain:
            return await super().verify(desk, objection, before, after)
        left = {kind for kind, _, _ in findings(after, desk.bible, desk.language)}
        return objection.kind not in left, ""


def audience(rating: str | None) -> Audience:
    """Return for whom a series is, by its rating in the words of its market; `teen` where they do not tell.

    Markets: TV Parental Guidelines and MPA (US), BBFC (UK), and ages (``16+``), as used in China and Europe.
    """
    text = (rating or "").upper().replace(" ", "")
    fits = (who for who, marks in AUDIENCES.items() if any(re.search(mark, text) for mark in marks))
    return next(fits, "teen")


def findings(text: str, bible: Bible, language: str) -> Iterator[tuple[ObjectionKind, Gravity, str]]:
    """Yield what a line holds that words alone give away: kind, gravity, and what is wrong."""
    allowed = audience(bible.rating)
    for word in _of(text, WORDS[language][STRONG]):
        if allowed != "mature":
            yield "rating", "serious", _say(language, "strong", word, bible.rating)
    for word in _of(text, WORDS[language]["mild"]):
        if allowed == "all":
            yield "rating", "minor", _say(language, "strong", word, bible.rating)
    if group := GROUP[language].search(text):
        yield "stereotype", "minor", _say(language, "group", group[0], bible.rating)
    for name in _strangers(text, bible, language):
        yield "person", "minor", _say(language, "person", name, bible.rating)


def _strangers(text: str, bible: Bible, language: str) -> Iterator[str]:
    """Yield full names that the bible does not know, in English, and titled names, in Chinese."""
    people = [name for who in bible.cast for name in who.names]
    low = " ".join([bible.title, *people, *(place.name for place in bible.locations)]).casefold()
    for match in (TITLED if language == "zh" else FULL_NAME).finditer(text):
        name = match[1]
        if not any(part.casefold() in low for part in name.split()):
            yield name


def _of(text: str, words: Sequence[str]) -> Iterator[str]:
    low = text.casefold()
    for word in words:
        found = word in low if not word.isascii() else re.search(rf"\b{re.escape(word)}\w*\b", low)
        if found:
            yield word if found is True else str(found[0])


_SAYS = {
    "en": {
        "strong": "“{word}” is outside the rating of the series ({rating}).",
        "group": "It speaks of {word} as if they were one person.",
        "person": "{word} is nobody of the series; make sure that it is no real person.",
    },
    "zh": {
        "strong": "“{word}”超出了本剧的分级（{rating}）。",
        "group": "它把{word}说成了一个样。",
        "person": "本剧没有{word}这个人，要确认不是真实人物。",
    },
}


def _say(language: str, what: str, word: str, rating: str | None) -> str:
    unrated = "未注明" if language == "zh" else "none is given"
    return _SAYS[language][what].format(word=word, rating=rating or unrated)
