"""What a check knows of a show besides its canon: who, where, and who is planned for which scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from storyroom.story.bible import Bible, Language
from storyroom.story.people import People


@dataclass(frozen=True)
class CastMember:
    """One of the cast.

    Attributes:
        name: the name that cues carry.
        aliases: other names that mean the same.
        attributes: what is fixed about them, ``eyes`` to ``blue``; an age in digits.
    """

    name: str
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Show:
    """A show, as far as a script can contradict it.

    Attributes:
        language: of the script, and of what is said about it.
        episode: number of the episode that is checked.
        cast: who can speak.
        places: where scenes can be set; None where nobody has listed them.
        casts: for scenes that were planned, by number, who is in them, on screen or heard.
        whole: whether nobody but the cast can speak.
        settled: what humans settled about spellings; see `storyroom.story.people.People`.
    """

    language: Language = "en"
    episode: int = 1
    cast: tuple[CastMember, ...] = ()
    places: tuple[str, ...] | None = None
    casts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    whole: bool = True
    settled: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_bible(
        cls,
        bible: Bible,
        episode: int,
        *,
        casts: Mapping[int, tuple[str, ...]] | None = None,
        settled: Mapping[str, str] | None = None,
    ) -> Show:
        """Return the show that a bible describes."""
        return cls(
            language=bible.language,
            episode=episode,
            cast=tuple(CastMember(one.name, one.aliases, one.attributes) for one in bible.cast),
            places=tuple(place.name for place in bible.locations),
            casts=casts or {},
            settled=settled or {},
        )

    @cached_property
    def people(self) -> People:
        """Who is who."""
        return People(self, self.settled)
