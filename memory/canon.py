"""The canon of one version of the story, read from the bible and the ledger.

    bible            who is dead or away as the episode begins, and what never changes about people
    outline          the set-ups that it plans
    approved drafts  what their prose tells, read once by each reader and kept with the draft
    members          what they said, for the series or for a session

Who is present, who speaks, where and when is told by the scenes themselves, and kept nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storyroom.memory.database import among
from storyroom.memory.episodes import Episode
from storyroom.memory.inbox import Lineage
from storyroom.memory.ledger import Ledger
from storyroom.memory.prose_facts import facts_of_drafts, setups_of_outline
from storyroom.memory.scenes import ScenePresence, canon_scenes, session_scenes
from storyroom.memory.sessions import SessionRecord
from storyroom.story.bible import Bible
from storyroom.story.canon.canon import Canon
from storyroom.story.canon.fact import Fact
from storyroom.story.canon.knowing import learned
from storyroom.story.canon.knowledge import Learned
from storyroom.story.canon.marks import handed_on, settled
from storyroom.story.canon.moment import Moment
from storyroom.story.canon.news import TOLD_IN_WORDS
from storyroom.story.canon.setups import SceneText, paid_off
from storyroom.story.draft import SceneDraft
from storyroom.story.script import UNPRINTED
from storyroom.story.turn import TurnKind
from storyroom.story.when import when

_SAYS = {
    "en": {"dead": "{name} is dead.", "away": "{name} is away.", "attribute": "{name}: {attribute} {value}."},
    "zh": {
        "dead": "{name}已经死了。",
        "away": "{name}不在这里。",
        "attribute": "{name}：{attribute}，{value}。",
    },
}


@dataclass(frozen=True)
class Account:
    """What one version of the story has told.

    Attributes:
        episode: the one that is drafted or checked; the next one where none is.
        canon: all its facts, whatever became of them.
        scenes: the scenes that they come from, in order: those of the canon's episodes, then those of the
            session that were approved.
    """

    episode: int
    canon: Canon
    scenes: tuple[ScenePresence, ...]


def account_of(
    ledger: Ledger,
    bible: Bible,
    session: SessionRecord | None = None,
    *,
    head: str | None = None,
    episode: int | None = None,
) -> Account:
    """Read the account of the series, or of a session.

    Args:
        session: whose scenes come after the canon; the episode's own older version is then left out.
        head: the script version; the newest of the session when not given.
        episode: number of an episode that is checked against the canon, where there is no session.
    """
    if session is not None:
        episode = session.episode
        head = head or ledger.drafts.head_of(session.id) or session.start_head
    canon = ledger.episodes.canon()
    scopes = _scopes(ledger, canon, session, episode)
    scenes = [one for one in canon_scenes(ledger, bible) if one.episode != episode]
    if session is not None:
        approved = _approved(ledger, ledger.sessions.lineage(session.id))
        mine = session_scenes(ledger, bible, head, session.episode)
        scenes += [one for one in mine if one.draft in approved]
    number = episode or max((one.number for one in canon), default=0) + 1
    marks = ledger.facts.marks(scopes)
    found = [
        *bible_facts(bible, number),
        *facts_of_drafts(ledger, bible, scenes, {mark.fact for mark in marks}),
        *_planned(ledger, bible, canon, session, head, episode),
        *ledger.facts.said(scopes),
    ]
    facts = handed_on(settled(found, marks))
    if any(fact.kind == "setup" for fact in facts):
        facts = paid_off(facts, [scene_text(ledger, one) for one in scenes])
    return Account(number, Canon.of(facts), tuple(scenes))


def learned_in(ledger: Ledger, bible: Bible, account: Account, canon: Canon | None = None) -> Learned:
    """Return who learned what by hearing it, in the scenes of an account. What is dreamt nobody hears.

    Args:
        canon: the facts that are asked about; those of the account when not given.
    """
    people = ledger.people.of(bible)
    scenes = [
        (Moment(one.episode, one.scene), ledger.drafts.get(one.draft, SceneDraft).elements)
        for one in account.scenes
        if when(one.heading).unreal != "dream"
    ]
    return {
        fact.id: learned(fact, scenes, people, once_shown=True)
        for fact in (account.canon if canon is None else canon)
        if _spreads(fact)
    }


def _spreads(fact: Fact) -> bool:
    """Whether a fact is learned by hearing it said; what the bible says is everybody's."""
    if fact.kind == "knowledge":
        return bool(fact.terms)
    return fact.kind in TOLD_IN_WORDS and fact.origin != "bible"


def scene_text(ledger: Ledger, scene: ScenePresence) -> SceneText:
    """Return all that a scene says."""
    draft = ledger.drafts.get(scene.draft, SceneDraft)
    said = (one.text for one in draft.elements if one.kind not in UNPRINTED)
    return SceneText(Moment(scene.episode, scene.scene), "\n".join(said))


def bible_facts(bible: Bible, episode: int) -> Iterator[Fact]:
    """Yield what the bible says of people.

    Args:
        episode: the one as whose beginning the bible tells who is dead or away.
    """
    says = _SAYS[bible.language]
    for who in bible.cast:
        if who.status != "alive":
            yield Fact(
                kind="death" if who.status == "dead" else "departure",
                subject=who.name,
                says=says[who.status].format(name=who.name),
                since=Moment(episode),
                status="approved",
                origin="bible",
            ).named()
        for attribute, value in who.attributes.items():
            yield Fact(
                kind="attribute",
                subject=who.name,
                says=says["attribute"].format(name=who.name, attribute=attribute, value=value),
                status="approved",
                origin="bible",
                attribute=attribute,
                value=value,
            ).named()


def _planned(
    ledger: Ledger,
    bible: Bible,
    canon: Sequence[Episode],
    session: SessionRecord | None,
    head: str | None,
    episode: int | None,
) -> Iterator[Fact]:
    """Yield the set-ups of the outlines that a version stands on: its own, and those of locked episodes."""
    heads = [(session.episode, head)] if session is not None else []
    heads += [(one.number, one.source) for one in canon if one.origin == "locked" and one.number != episode]
    for number, stand in heads:
        outline = ledger.drafts.script(stand).get("outline")
        if outline is not None:
            yield from setups_of_outline(ledger, outline, number, bible.language)


def _scopes(
    ledger: Ledger, canon: Sequence[Episode], session: SessionRecord | None, episode: int | None
) -> Lineage:
    """Return the sessions that a version hears: its own, and those that the canon's episodes came from."""
    scopes = ledger.sessions.lineage(session.id) if session is not None else []
    for one in canon:
        if one.session is not None and one.number != episode:
            scopes += ledger.sessions.lineage(one.session)
    return scopes


def _approved(ledger: Ledger, lineage: Lineage) -> set[str]:
    """Return the scene drafts that were approved, and those that a member made by an edit."""
    names = [session for session, _ in lineage]
    kinds = (str(TurnKind.APPROVAL), str(TurnKind.EDIT))
    query = (
        f"SELECT about, produced, kind FROM turns WHERE session IN {among(names)} AND kind IN {among(kinds)}"
    )
    rows = ledger.database.rows(query, [*names, *kinds])
    return {row["about"] if row["kind"] == TurnKind.APPROVAL else row["produced"] for row in rows} - {None}
