"""The canon of whole seasons, drafted from scripts: at every scene it is what the scripts say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from season_kit import Season, drafted_season

from storyroom.memory.canon import learned_in
from storyroom.story.canon import Fact, Moment
from storyroom.story.canon.knowledge import knowledge
from storyroom.story.canon.marks import same_thing
from storyroom.story.canon.setups import open_setups
from storyroom.story.draft import SceneDraft
from storyroom.story.script import UNPRINTED


@pytest.fixture(scope="module", params=["the-salt-gate", "the-old-belfry"])
def season(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """Give a season of which every episode is locked."""
    with drafted_season(request.param, tmp_path_factory.mktemp("season")) as season:
        yield season


def test_the_room_wrote_the_scripts(season: Season) -> None:
    """Every scene of the canon is the scene of its script, line for line."""
    for one in season.room.presence():
        written = season.scene(Moment(one.episode, one.scene))
        kept = season.room.ledger.drafts.get(one.draft, SceneDraft).elements
        wanted = [(e.kind, e.text) for e in (written.heading, *written.elements) if e.kind not in UNPRINTED]
        assert [(e.kind, e.text) for e in kept] == wanted


def test_every_scene_has_its_place_its_time_and_its_people(season: Season) -> None:
    """Who is there, who speaks, and who is only heard over the picture."""
    found = {
        f"{one.episode}:{one.scene}": {
            "place": one.place,
            "time": one.time,
            "present": set(one.present),
            "speaks": {name for name in one.speakers if name in one.present},
            "over": {name for name in one.speakers if name not in one.present},
        }
        for one in season.room.presence()
    }
    wanted = {
        at: {**one, **{key: set(one.get(key, ())) for key in ("present", "speaks", "over")}}
        for at, one in season.expected["scenes"].items()
    }
    assert found == wanted


def _named(fact: Fact, season: Season) -> str:
    """Return what the golden file calls a fact; its own words where it does not know it."""
    for one in season.expected["facts"]:
        same = (fact.kind, fact.subject, str(fact.since)) == (one["kind"], one["subject"], one["since"])
        if same and (fact.kind != "possession" or same_thing(fact.thing, one["thing"])):
            return str(one["fact"])
    return f"{fact.kind} {fact.since}: {fact.says}"


def _facts(season: Season) -> list[Fact]:
    """Return all facts that scenes show, but for set-ups."""
    return [one for one in season.room.canon().facts() if one.origin != "bible" and one.kind != "setup"]


def test_the_facts_are_those_of_the_scripts(season: Season) -> None:
    """No more and no fewer, each once, with what members made of them."""
    found = sorted((_named(one, season), str(one.until or ""), one.status) for one in _facts(season))
    wanted = sorted(
        (one["fact"], one.get("until", ""), one.get("status", "likely")) for one in season.expected["facts"]
    )
    assert found == wanted


def _at(season: Season, at: Moment) -> dict[str, set[str]]:
    """Return the facts in force before a scene, and who knows each, as the program has it."""
    canon = season.room.canon()
    heard = learned_in(season.room.ledger, season.room.bible, canon.account)
    every = knowledge(canon.account.canon, list(season.names), at, heard)
    return {
        _named(fact, season): {one.character for one in every if fact.id in {k.fact.id for k in one.knows}}
        for fact in _facts(season)
        if fact.stands_at(at)
    }


def test_at_every_scene_the_canon_is_what_the_scripts_say(season: Season) -> None:
    """Which facts are in force as a scene begins, and who knows each of them."""
    wrong: dict[str, Any] = {}
    for at in season.moments:
        wanted = {
            one["fact"]: {who for who, since in one["knows"].items() if Moment.parse(since) < at}
            for one in season.expected["facts"]
            if Moment.parse(one["since"]) < at <= Moment.parse(one.get("until", "999:9"))
        }
        found = _at(season, at)
        if found != wanted:
            wrong[str(at)] = {
                name: (found.get(name), wanted.get(name))
                for name in {*found, *wanted}
                if found.get(name) != wanted.get(name)
            }
    assert wrong == {}


def test_at_every_scene_the_open_set_ups_are_those_of_the_scripts(season: Season) -> None:
    """Open from the scene behind the one that plants them, up to the one that pays them off."""
    canon = season.room.canon().account.canon
    for at in season.moments:
        wanted = {
            word
            for word, one in season.expected["setups"].items()
            if Moment.parse(one["planted"]) < at <= Moment.parse(one["paid"])
        }
        assert {fact.terms[0] for fact in open_setups(canon, at)} == wanted, str(at)


def test_nobody_knows_what_they_were_absent_for(season: Season) -> None:
    """Whoever knows a fact has been in its scene, or in a later one that has one of its words.

    Told by looking for names in the text of scenes, without anything that the program reads out of them.
    """
    texts = {at: str(_text(season, at)) for at in season.moments[:-1]}

    def there(who: str, at: Moment) -> bool:
        return any(name.casefold() in texts[at].casefold() for name in season.names[who])

    checked = 0
    for at in season.moments:
        knowing = {_named(fact, season): fact for fact in _facts(season)}
        for name, holders in _at(season, at).items():
            fact = knowing[name]
            words = [*fact.terms, *season.names.get(fact.subject, ())]
            for who in holders:
                shown = there(who, fact.since)
                told = any(
                    there(who, later) and any(word.casefold() in texts[later].casefold() for word in words)
                    for later in texts
                    if fact.since < later < at
                )
                assert shown or told, f"{who} knows {name} before {at}"
                checked += 1
    assert checked > 20


def _text(season: Season, at: Moment) -> str:
    scene = season.scene(at)
    return "\n".join(one.text for one in scene.elements if one.kind not in UNPRINTED)
