"""The canon as humans look at it: facts, scenes, who knows what, what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from storyroom import canon_checks as checks
from storyroom.errors import InputError
from storyroom.memory.canon import Account, account_of, learned_in
from storyroom.memory.ledger import Ledger
from storyroom.memory.rechecking import Recheck, rechecks
from storyroom.memory.scenes import ScenePresence, session_scenes
from storyroom.memory.sessions import SessionRecord
from storyroom.story.bible import Bible, same_name
from storyroom.story.canon import Evidence, Fact, FactKind, FactStatus, Moment
from storyroom.story.canon.knowledge import Knows, knowledge
from storyroom.story.canon.marks import Mark, settled
from storyroom.story.canon.setups import open_setups, overdue
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import TurnKind


@dataclass(frozen=True)
class SceneAccount:
    """What there is to know about one scene.

    Attributes:
        scene: who is present and speaks, where and when.
        holds: the facts that hold in it, from earlier scenes.
        gone: those of them that tell who is dead or away.
        setups: the set-ups that are open as it begins.
    """

    scene: ScenePresence
    holds: tuple[Fact, ...]
    gone: tuple[Fact, ...]
    setups: tuple[Fact, ...]


class CanonView:
    """The canon of a series, or of one of its sessions, to be looked at.

    Args:
        session: whose version is looked at; None is the series with its locked and
            remembered episodes.
    """

    def __init__(self, ledger: Ledger, bible: Bible, session: SessionRecord | None = None) -> None:
        self.ledger = ledger
        self.session = session
        self.bible = ledger.drafts.get(session.bible, Bible) if session is not None else bible

    @cached_property
    def account(self) -> Account:
        """All facts of this version, and the scenes that they come from."""
        return account_of(self.ledger, self.bible, self.session)

    @cached_property
    def scenes(self) -> tuple[ScenePresence, ...]:
        """All scenes of this version, also those that are not approved yet."""
        if self.session is None:
            return self.account.scenes
        head = self.ledger.drafts.head_of(self.session.id) or self.session.start_head
        earlier = [one for one in self.account.scenes if one.episode != self.session.episode]
        return (*earlier, *session_scenes(self.ledger, self.bible, head, self.session.episode))

    def facts(
        self,
        *,
        kind: FactKind | None = None,
        status: FactStatus | None = None,
        about: str = "",
        episode: int | None = None,
    ) -> list[Fact]:
        """Return facts, in the order in which they began to hold.

        Args:
            about: a name or a thing that the fact is about, or that it names.
            episode: only what this episode shows.
        """
        wanted = same_name(self.ledger.people.of(self.bible).who(about).name) if about else ""
        return [
            fact
            for fact in self.account.canon.select(kind=kind, status=status)
            if (episode is None or fact.since.episode == episode) and wanted in _about(fact)
        ]

    def get(self, fact_id: str) -> Fact:
        """Return the fact of that id, or the only one whose id begins so, also of another version.

        Raises:
            InputError: there is none, or several begin so.
        """
        every = {fact.id: fact for fact in self._elsewhere()} | {one.id: one for one in self.account.canon}
        found = [fact for fact in every.values() if fact_id and fact.id.startswith(fact_id)]
        if fact_id in every:
            return every[fact_id]
        if len(found) == 1:
            return found[0]
        shown = ", ".join(one.id for one in found[:8])
        raise InputError(
            f"{len(found)} facts begin with {fact_id[:40]!r}."
            if found
            else f"There is no fact {fact_id[:40]!r}.",
            hint=f"They are {shown}." if found else "`storyroom canon list` shows the facts and their ids.",
        )

    def history(self, fact: Fact) -> list[Mark]:
        """Return all that was decided about a fact, in any session, the oldest first."""
        return self.ledger.facts.marks(fact=fact.id)

    def at(self, moment: Moment) -> SceneAccount:
        """Return what there is to know about a scene.

        Raises:
            InputError: there is no such scene.
        """
        self._moment(moment)
        scene = next((one for one in self.scenes if (one.episode, one.scene) == moment), None)
        if scene is None:
            raise InputError(f"{moment} is no scene.", hint="Scenes are counted from 1: EPISODE:SCENE.")
        holds = tuple(self.account.canon.at(moment))
        return SceneAccount(
            scene,
            holds,
            tuple(fact for fact in holds if fact.kind in ("death", "departure")),
            tuple(open_setups(self.account.canon, moment)),
        )

    def knows(self, character: str, at: Moment | None = None) -> Knows:
        """Return what somebody knows before a scene; after all scenes when none is given.

        Raises:
            InputError: there is nobody of that name, or no such scene.
        """
        name = self._somebody(character)
        if at is not None:
            self._moment(at)
        heard = learned_in(self.ledger, self.bible, self.account)
        return knowledge(self.account.canon, [name], at or self.end, heard)[0]

    def overdue(self) -> list[Fact]:
        """Return the set-ups that are open although the episode is over by whose end they are due."""
        return list(overdue(self.account.canon, self.end if self.session is None else self._over))

    def rechecks(self) -> list[Recheck]:
        """Return the scenes of the session whose writer was told what is no longer canon."""
        return rechecks(self.ledger, self.bible, self.session) if self.session is not None else []

    @property
    def _over(self) -> Moment:
        """The moment up to which set-ups can be overdue: an episode that is drafted is not over."""
        assert self.session is not None, "it is a session that is drafted"
        done = self.ledger.turns.said(self.session.id, kinds=[TurnKind.LOCK])
        return Moment(self.session.episode + 1 if done else self.session.episode)

    @property
    def end(self) -> Moment:
        """The moment behind all scenes of this version."""
        return Moment(max((one.episode for one in self.scenes), default=0) + 1)

    def place_of(self, evidence: Evidence, fact: Fact) -> int:
        """Return the number of a line in its scene, from 1 with the heading; 0 where it is not there."""
        if fact.draft is None or not evidence.element:
            return evidence.line
        elements = self.ledger.drafts.get(fact.draft, SceneDraft).elements
        places = (place for place, one in enumerate(elements, 1) if one.id == evidence.element)
        return next(places, 0)

    def _somebody(self, name: str) -> str:
        given = checks.a_text("The name", name, checks.LONGEST["subject"])
        return checks.somebody(given, self.bible, self.ledger.people.of(self.bible), self.account)

    def _moment(self, at: Moment) -> None:
        there = [Moment(one.episode, one.scene) for one in self.scenes]
        if self.session is not None:
            there += self._planned(self.session)
        checks.a_moment(at, there, self.account.episode)

    def _planned(self, session: SessionRecord) -> Iterator[Moment]:
        from storyroom.memory.manuscript import read_manuscript

        head = self.ledger.drafts.head_of(session.id) or session.start_head
        outline = read_manuscript(self.ledger, head).outline
        for plan in outline.scenes if outline is not None else ():
            yield Moment(session.episode, plan.number)

    def _elsewhere(self) -> list[Fact]:
        """Return the facts of all versions, as they were settled for the series."""
        return settled(self.ledger.facts.every().values(), self.ledger.facts.marks([]))


def _about(fact: Fact) -> str:
    named = (fact.subject, fact.thing, *fact.holders, *fact.terms, fact.says)
    return same_name(" | ".join(named))
