"""What the writer of a scene is told of the canon: what each of its characters knows, and does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storyroom.memory.canon import Account, learned_in
from storyroom.memory.ledger import Ledger
from storyroom.memory.sessions import SessionRecord
from storyroom.story.bible import Bible
from storyroom.story.canon.canon import Canon
from storyroom.story.canon.fact import Fact
from storyroom.story.canon.knowledge import Knows, knowledge, tellable
from storyroom.story.canon.moment import Moment
from storyroom.story.canon.setups import open_setups

# Of what was only read out of prose, the newest is told; what humans approved is told whole.
_MOST_LIKELY = 24


@dataclass(frozen=True)
class Telling:
    """What a task is told.

    Attributes:
        certain: what each character knows by the facts that were approved.
        likely: what each knows by the facts that were only read out of prose.
        setups: what was planted and not paid off, for who plans an episode; what is due first comes first.
        episode: number of the episode that is planned.
    """

    certain: tuple[Knows, ...] = ()
    likely: tuple[Knows, ...] = ()
    setups: tuple[Fact, ...] = ()
    episode: int = 0


def setups_to_tell(account: Account) -> tuple[str, ...]:
    """Return the ids of the set-ups that are open as an episode is planned."""
    return tuple(fact.id for fact in open_setups(account.canon, Moment(account.episode)))


def setups_told(ledger: Ledger, session: SessionRecord, ids: Sequence[str]) -> Telling:
    """Lay out set-ups that were chosen once, whatever was decided about them since."""
    found = ledger.facts.get(ids).values()
    ordered = sorted(found, key=lambda one: (one.due is None, one.due, one.since))
    return Telling(setups=tuple(ordered), episode=session.episode)


def facts_to_tell(
    ledger: Ledger, bible: Bible, account: Account, scene: int, cast: Sequence[str], *, likely: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Choose the facts that bear on a scene, and return their ids: those that were approved, and the likely.

    A likely fact bears on it where one of its cast knows it; what was approved is nobody's to give away.

    Args:
        likely: whether facts are told that nobody approved.
    """
    at = Moment(account.episode, scene)
    facts = list(tellable(account.canon, at))
    certain = tuple(fact.id for fact in facts if fact.holds)
    if not likely:
        return certain, ()
    read = Canon(tuple(fact for fact in facts if not fact.holds))
    known = knowledge(read, cast, at, learned_in(ledger, bible, account))
    ids = {one.fact.id for who in known for one in who.knows}
    newest = [fact.id for fact in read if fact.id in ids][-_MOST_LIKELY:]
    return certain, tuple(newest)


def telling(
    ledger: Ledger,
    bible: Bible,
    account: Account,
    scene: int,
    cast: Sequence[str],
    certain: Sequence[str],
    likely: Sequence[str],
) -> Telling:
    """Lay out facts that were chosen once, whatever was decided about them since.

    Args:
        certain, likely: ids as `facts_to_tell` returned them.
    """
    kept = ledger.facts.get([*certain, *likely])
    at = Moment(account.episode, scene)

    def known(ids: Iterable[str], status: str) -> tuple[Knows, ...]:
        facts: list[Fact] = [kept[one].model_copy(update={"status": status}) for one in ids if one in kept]
        canon = Canon.of(facts)
        heard = learned_in(ledger, bible, account, canon)
        told = knowledge(canon, cast, at, heard)
        return tuple(one for one in told if one.knows or (one.unaware and status == "approved"))

    return Telling(known(certain, "approved"), known(likely, "likely"))
