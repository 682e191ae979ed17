"""The canon as humans work on it: added to, approved, superseded, waived."""

from __future__ import annotations

from collections.abc import Sequence

from storyroom import canon_checks as checks
from storyroom.canon_view import CanonView, SceneAccount
from storyroom.errors import InputError
from storyroom.memory.scenes import ScenePresence
from storyroom.story.attendance import attendance
from storyroom.story.canon import Evidence, Fact, Moment
from storyroom.story.canon.marks import Mark, replaces
from storyroom.story.draft import SceneDraft
from storyroom.team import on_the_team

__all__ = ["CanonDesk", "SceneAccount"]


class CanonDesk(CanonView):
    """The canon of a series, or of one of its sessions, to look at and to decide about."""

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
        shown = self._evidence(scene, quote) if quote else None
        present = self._witnesses(scene, shown, fact) if scene is not None else ()
        holders = tuple(self._somebody(one) for one in fact.holders)
        knows = fact.kind == "knowledge"
        return fact.model_copy(
            update={
                "subject": subject,
                "says": says,
                "holders": (holders or present) if knows else holders,
                # Whoever a member names as those who know, nobody else does for having been there.
                "witnesses": () if knows else present,
                "evidence": (shown,) if shown is not None else (),
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

    def _witnesses(self, scene: ScenePresence, shown: Evidence | None, fact: Fact) -> tuple[str, ...]:
        """Return who was there: for the line that shows a fact, or at any time where none is quoted."""
        there = set(scene.present)
        if shown is not None:
            elements = self.ledger.drafts.get(scene.draft, SceneDraft).elements
            line = next(one for one in elements if one.id == shown.element)
            there = attendance(elements, self.ledger.people.of(self.bible)).witnesses(line, shown.quote)
        gone = {self._somebody(fact.subject)} if fact.kind == "death" else set()
        return tuple(name for name in scene.present if name in there - gone)

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
