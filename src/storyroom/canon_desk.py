"""The canon as humans work on it: looked at, added to, approved, superseded, waived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from storyroom.story.canon.marks import Mark, replaces, settled
from storyroom.story.canon.setups import open_setups, overdue
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import TurnKind
from storyroom.team import on_the_team


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


class CanonDesk:
    """The canon of a series, or of one of its sessions.

    Args:
        session: whose version is looked at and decided about; None is the series with its locked and
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

    # Looking

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

    # Deciding

    def add(self, fact: Fact, *, quote: str = "", anyway: bool = False) -> Fact:
        """Add what a member says; it is approved by being said.

        Args:
            fact: without id and session. Names may be aliases; who was present is filled in.
            quote: words of the scene that show it.
            anyway: add it although it contradicts the bible or what was approved.

        Raises:
            InputError: something of it is unknown, missing, too long, or contradicts what holds.
        """
        fact = self._checked(fact, quote)
        if not anyway:
            checks.check_contradictions(fact, self.account, self.bible)
        return self._put(fact)

    def approve(self, ids: Sequence[str], *, member: str = "") -> list[Fact]:
        """Approve facts that were read out of prose or planned: all of them, or none.

        Raises:
            InputError: one is not there or is the bible's, or the member is unknown.
        """
        facts = [self._decidable(one) for one in ids]
        self._member(member)
        fresh = [fact for fact in facts if fact.status != "approved"]
        self._mark(*(Mark(fact=fact.id, mark="approve", member=member) for fact in fresh))
        return fresh

    def waive(self, fact_id: str, *, reason: str, member: str = "") -> Fact:
        """Say that nothing contradicts a fact: it is a lie, a dream, a reveal to come.

        Raises:
            InputError: it is not there or is the bible's, no reason is given, or the member is unknown.
        """
        fact = self._decidable(fact_id)
        why = checks.a_text("The reason", reason, checks.LONGEST["reason"])
        self._member(member)
        self._mark(Mark(fact=fact.id, mark="waive", member=member, reason=why))
        return fact

    def end_at(self, fact_id: str, at: Moment, *, reason: str = "", member: str = "") -> Fact:
        """Say which scene ends a fact, or pays a set-up off.

        Raises:
            InputError: the fact is not there or is the bible's, or the scene is not there or comes before it.
        """
        fact = self._decidable(fact_id)
        self._moment(at)
        self._member(member)
        if at <= fact.since:
            raise InputError(
                f"{at} does not come after {fact.since}, which shows it.", hint="Name a later scene."
            )
        why = checks.a_text("The reason", reason, checks.LONGEST["reason"]) if reason else ""
        self._mark(Mark(fact=fact.id, mark="end", member=member, reason=why, at=at))
        return fact

    def supersede(
        self,
        fact_id: str,
        *,
        by: str = "",
        says: str = "",
        value: str = "",
        reason: str = "",
        member: str = "",
        anyway: bool = False,
    ) -> Fact:
        """Put another fact in the place of one, and return it.

        Args:
            by: id of a fact that is there already.
            says: what is true instead; otherwise the new fact is like the old one.
            value: of an attribute, what it is instead.

        Raises:
            InputError: a fact is not there or is the bible's, the two would supersede each other, or the new
                one contradicts what holds.
        """
        old = self._decidable(fact_id)
        self._member(member)
        why = checks.a_text("The reason", reason, checks.LONGEST["reason"]) if reason else ""
        if bool(by) == bool(says):
            raise InputError(
                "It is not said what takes its place.", hint="Give either --by ID or --says TEXT."
            )
        if by:
            return self._by_another(old, self.get(by), why, member)
        told = checks.a_text("What is true instead", says, checks.LONGEST["says"])
        if told == old.says:
            raise InputError("That is what it says already.", hint="Say what is true instead.")
        fact = old.model_copy(
            update={
                "says": told,
                "value": checks.a_text("The value", value, checks.LONGEST["term"]) if value else old.value,
                "status": "approved",
                "origin": "member",
                "draft": None,
                "session": self.session.id if self.session is not None else None,
                "until": None,
                "evidence": (),
                "by": member,
                "reason": why,
                "supersedes": (old.id,),
            }
        ).named()
        if not anyway:
            checks.check_contradictions(fact, self.account, self.bible)
        mark = Mark(fact=old.id, mark="supersede", member=member, reason=why, by=fact.id)
        return self._put(fact, mark.model_copy(update={"session": fact.session}))

    def _by_another(self, old: Fact, new: Fact, reason: str, member: str) -> Fact:
        every = (*self._elsewhere(), *self.account.canon)
        if new.id == old.id or replaces(old.id, new.id, every, self.ledger.facts.marks()):
            raise InputError(
                f"{new.id} cannot take the place of {old.id}: {old.id} stands in its place already."
                if new.id != old.id
                else "A fact cannot take its own place.",
                hint=f"`storyroom canon show {old.id}` tells what was decided about it.",
            )
        if new.status == "waived":
            raise InputError(
                f"{new.id} is waived, and takes nobody's place.",
                hint=f"Approve it first: storyroom canon approve {new.id}",
            )
        self._mark(Mark(fact=old.id, mark="supersede", member=member, reason=reason, by=new.id))
        return new

    def _checked(self, fact: Fact, quote: str) -> Fact:
        limits = checks.LONGEST
        says = checks.a_text("What the fact says", fact.says, limits["says"])
        subject = checks.a_text("What the fact is about", fact.subject, limits["subject"])
        self._moment(fact.since)
        self._member(fact.by)
        checks.check_fields(fact)
        if fact.kind in ("death", "departure", "possession"):
            subject = self._somebody(subject)
        elif (who := self.bible.character(subject)) is not None:
            subject = who.name
        elif fact.kind == "attribute" and self.bible.location(subject) is None:
            subject = self._somebody(subject)
        scene = next((one for one in self.scenes if (one.episode, one.scene) == fact.since), None)
        present = tuple(one.name for one in scene.people) if scene else ()
        holders = tuple(self._somebody(one) for one in fact.holders)
        knows = fact.kind == "knowledge"
        return fact.model_copy(
            update={
                "subject": subject,
                "says": says,
                "holders": (holders or present) if knows else holders,
                # Whoever a member names as those who know, nobody else does for having been there.
                "witnesses": () if knows else present,
                "evidence": (self._evidence(scene, quote),) if quote else (),
                "session": self.session.id if self.session is not None else None,
                "status": "planned" if fact.status == "planned" else "approved",
                "origin": "member",
            }
        ).named()

    def _evidence(self, scene: ScenePresence | None, quote: str) -> Evidence:
        words = checks.a_text("The quote", quote, checks.LONGEST["quote"])
        if scene is None:
            raise InputError("A quote needs its scene.", hint="Name it with --since EPISODE:SCENE.")
        at = Moment(scene.episode, scene.scene)
        for place, one in enumerate(self.ledger.drafts.get(scene.draft, SceneDraft).elements, 1):
            if words in " ".join(one.text.split()):
                return Evidence(at=at, quote=words, element=one.id, line=place)
        raise InputError(
            f"Scene {at} does not say {words[:60]!r}.", hint="Quote a part of one line, word for word."
        )

    def _put(self, fact: Fact, mark: Mark | None = None) -> Fact:
        if not self.ledger.facts.put(fact, mark):
            raise InputError(
                f"That is in the canon already, as {fact.id}.",
                hint=f"`storyroom canon show {fact.id}` tells where it stands.",
            )
        self._forget()
        return fact

    def _mark(self, *marks: Mark) -> None:
        scope = self.session.id if self.session is not None else None
        self.ledger.facts.mark([mark.model_copy(update={"session": scope}) for mark in marks])
        self._forget()

    def _forget(self) -> None:
        """Let what was read of the ledger be read again: it has changed."""
        for name in ("account", "scenes"):
            self.__dict__.pop(name, None)

    def _decidable(self, fact_id: str) -> Fact:
        fact = self.get(fact_id)
        if fact.origin == "bible":
            raise InputError(
                f"The bible says so: {fact.says}", hint="What the bible says is changed in series.yaml."
            )
        return fact

    def _member(self, name: str) -> None:
        if name:
            on_the_team(self.bible, name)

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
