"""One fact of the story."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from storyroom.story.canon.moment import BIBLE, Moment
from storyroom.story.turn import short_hash

FactKind = Literal["death", "departure", "possession", "knowledge", "attribute", "setup"]
FactOrigin = Literal["bible", "outline", "pattern", "model", "member"]
FactStatus = Literal["planned", "likely", "approved", "superseded", "waived"]

GONE = "gone"
"""The value of a possession by whose scene the thing is lost or destroyed, and nobody has it any more."""


class Evidence(BaseModel):
    """Where the script says something, word for word.

    Attributes:
        at: the scene.
        quote: the text of the line, or the part of it that says so.
        element: id of the line in its draft; empty where the script is a bare file.
        line: number of the line in the file, from 1; 0 where there is no file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Moment
    quote: str
    element: str = ""
    line: int = 0


class Fact(BaseModel):
    """Something that holds in the story from a scene on.

    Names of people are those of the bible where it knows them.

    Attributes:
        id: made from what the fact says and where it comes from; see `named`.
        kind: what sort of thing it says.
        subject: who or what it is about.
        says: the fact in a sentence.
        since: the scene that shows it; it holds after that scene. `BIBLE` holds always.
        until: the scene that ended it; it holds up to and with that scene. None while nothing has.
        status: planned (an outline wants it), likely (read out of prose, approved by nobody), approved,
            superseded (by a newer fact), waived (a lie, a dream, a reveal to come: nothing contradicts it).
        origin: what it comes from.
        draft: id of the scene draft that shows it, or of the outline that plans it; None for what humans and
            the bible say.
        session: the session that a member said it for; None where it belongs to a draft or to the series.
        witnesses: who was present when it was shown or said.
        holders: of knowledge, who knows it since `since`.
        terms: words that give it away: of knowledge what only a holder can say, of a set-up what pays it off.
        thing: of a possession, what is held.
        attribute, value: of an attribute, ``eyes`` and ``blue``; of a possession, a value of `GONE`.
        due: of a set-up, the episode by whose end it must be paid off; None while it may wait.
        evidence: the lines that show it.
        by: the member who said or settled it.
        reason: why it was settled so.
        supersedes: ids of the facts that it takes the place of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(default="", max_length=40)
    kind: FactKind
    subject: str = Field(min_length=1, max_length=120)
    says: str = Field(min_length=1, max_length=600)
    since: Moment = BIBLE
    until: Moment | None = None
    status: FactStatus = "likely"
    origin: FactOrigin = "pattern"
    draft: str | None = None
    session: str | None = None
    witnesses: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    thing: str = ""
    attribute: str = ""
    value: str = ""
    due: int | None = None
    evidence: tuple[Evidence, ...] = ()
    by: str = ""
    reason: str = ""
    supersedes: tuple[str, ...] = ()

    def named(self) -> Fact:
        """Return the fact with an id made from what it says, where, and what it comes from."""
        quotes = [f"{one.at}{one.element}{one.quote}" for one in self.evidence]
        what = (self.kind, self.subject, self.says, self.thing, self.attribute, self.value)
        whose = [self.session] if self.session else []
        made = short_hash(*what, self.since, self.origin, self.draft, *whose, *quotes)[:12]
        return self.model_copy(update={"id": made})

    @property
    def holds(self) -> bool:
        """Whether the fact counts: approved by a human, or from typed fields."""
        return self.status == "approved"

    def holds_at(self, at: Moment) -> bool:
        """Whether the fact counts in a scene: since an earlier one, and not ended before it."""
        return self.holds and self.stands_at(at)

    def stands_at(self, at: Moment) -> bool:
        """Whether a scene lies after the fact began and not after it ended, whatever its status."""
        return (self.since == BIBLE or self.since < at) and (self.until is None or at <= self.until)
