"""What a fact has to pass before it is canon: known people, a scene that is there, nothing it contradicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from storyroom.errors import InputError
from storyroom.memory.canon import Account
from storyroom.ordering import refuse_unseen
from storyroom.story.bible import Bible, nearest, same_name
from storyroom.story.canon import BIBLE, Fact, Moment
from storyroom.story.people import People

LONGEST = {"says": 600, "subject": 120, "reason": 600, "term": 80, "quote": 600}
_MOST_TERMS = 20
_OF_PEOPLE = ("death", "departure", "possession")


def a_text(what: str, text: str, longest: int) -> str:
    """Return a text on one line.

    Raises:
        InputError: it is empty, too long, or not to be seen.
    """
    refuse_unseen(what, text[: longest + 1])
    folded = " ".join(text.split())
    if not folded:
        raise InputError(f"{what} is empty.", hint="Say it in a few words.")
    if len(folded) > longest:
        raise InputError(
            f"{what} has {len(folded):,} characters; at most {longest} are kept.", hint="Say it shorter."
        )
    return folded


def texts(what: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return several short texts; each may list several with commas between.

    Raises:
        InputError: one is empty or too long, or there are too many.
    """
    every = [part for one in given for part in (one.replace("，", ",").replace("、", ",").split(","))]
    if len(every) > _MOST_TERMS:
        raise InputError(f"{len(every)} times {what}.", hint=f"At most {_MOST_TERMS} are kept.")
    return tuple(dict.fromkeys(a_text(what, one, LONGEST["term"]) for one in every))


def somebody(name: str, bible: Bible, people: People, account: Account) -> str:
    """Return the name by which the series knows somebody.

    Raises:
        InputError: neither the bible nor any scene has anybody of that name.
    """
    who = people.who(name)
    if who.known:
        return who.name
    strangers = {one.name for scene in account.scenes for one in scene.people if not one.known}
    for stranger in strangers:
        if same_name(stranger) == same_name(name):
            return stranger
    cast = [one for character in bible.cast for one in character.names]
    raise InputError(
        f"Nobody is called {name!r}{nearest(name, [*cast, *strangers])}.",
        hint=f"The cast: {', '.join(who.name for who in bible.cast)}.",
    )


def a_moment(at: Moment, there: Sequence[Moment], episode: int) -> Moment:
    """Return a moment that the story has.

    Args:
        there: all its scenes.
        episode: the one that is drafted, or the next.

    Raises:
        InputError: there is no such scene or episode.
    """
    if at == BIBLE or at in there:
        return at
    episodes = {one.episode for one in there} | {episode}
    if at.scene == 0 and at.episode in episodes:
        return at
    scenes = sorted(one.scene for one in there if one.episode == at.episode)
    if not scenes and at.episode in episodes:
        raise InputError(
            f"Episode {at.episode} has no scenes yet.",
            hint=f"Write {at.episode} for the moment before its first; a draft's are seen with --session.",
        )
    if not scenes:
        known = ", ".join(map(str, sorted(episodes)))
        raise InputError(
            f"There is no episode {at.episode} here.",
            hint=f"Episodes: {known}. Scenes of a draft are seen with --session.",
        )
    raise InputError(
        f"Episode {at.episode} has no scene {at.scene}.",
        hint=f"Its scenes are numbered {scenes[0]} to {scenes[-1]}.",
    )


def check_fields(fact: Fact) -> None:
    """Refuse a fact that lacks what its kind needs.

    Raises:
        InputError: a field is missing.
    """
    needed: dict[str, list[tuple[str, object]]] = {
        "possession": [("--thing", fact.thing)],
        "attribute": [("--attribute", fact.attribute), ("--value", fact.value)],
        "setup": [("--terms", fact.terms)],
    }
    missing = [option for option, given in needed.get(fact.kind, ()) if not given]
    if missing:
        raise InputError(
            f"A fact of the kind {fact.kind} lacks {' and '.join(missing)}.",
            hint="--terms are the words that pay a set-up off; --thing is what somebody holds.",
        )
    if fact.due is not None and fact.kind != "setup":
        raise InputError("Only a set-up is due.", hint="Leave --due out, or use --kind setup.")


def check_contradictions(fact: Fact, account: Account, bible: Bible) -> None:
    """Refuse a fact that contradicts the bible or what was approved.

    Raises:
        InputError: it does; how to say it all the same is in the hint.
    """
    for against in contradicted(fact, account, bible):
        raise InputError(against[0], hint=against[1])


def contradicted(fact: Fact, account: Account, bible: Bible) -> Iterator[tuple[str, str]]:
    """Yield what a fact contradicts, and what to do about it."""
    edit = "Edit series.yaml, or say it all the same with --anyway."
    who = bible.character(fact.subject)
    told = fact.since.episode < account.episode
    if fact.kind == "death" and who is not None and who.status == "alive" and told:
        yield f"The bible has {who.name} alive as episode {account.episode} begins.", edit
    for other in account.canon:
        if not other.holds or other.id in fact.supersedes:
            continue
        same = same_name(other.subject) == same_name(fact.subject)
        if fact.kind == other.kind == "attribute" and same:
            one = same_name(other.attribute) == same_name(fact.attribute)
            if one and same_name(other.value) != same_name(fact.value):
                yield _against(other, edit)
        dead = fact.since > other.since or (other.origin == "bible" and fact.since == other.since)
        if other.kind == "death" and fact.kind != "death" and dead:
            own = [fact.subject] if fact.kind in _OF_PEOPLE else []
            if same_name(other.subject) in map(same_name, (*own, *fact.holders)):
                yield _against(other, edit)


def _against(other: Fact, edit: str) -> tuple[str, str]:
    if other.origin == "bible":
        return f"It contradicts the bible: {other.says}", edit
    return (
        f"It contradicts fact {other.id}: {other.says}",
        f"Supersede that one (storyroom canon supersede {other.id} --says …), or say it with --anyway.",
    )
