"""The canon of a version of the story: which facts it has, who knows them, and what humans make of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from room_kit import EXAMPLES, MODEL, a_series, draft, open_room, prompt_of
from scripted_room import scripted_room

from storyroom.errors import InputError
from storyroom.memory.erase import erase_episode, erase_session
from storyroom.memory.ledger import Said
from storyroom.models.scripted import Rule, ScriptedModel
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.canon import Fact, Moment
from storyroom.story.canon.marks import Mark, handed_on, replaces, settled
from storyroom.story.draft import SceneDraft
from storyroom.story.script import Kind
from storyroom.story.turn import Actor, Stage, Task, TurnKind

RADIO = "Silas cut the radio wire."
EPISODE = """\
Title: The Last Light
Episode: 1 - The Wire

INT. LAMP ROOM - NIGHT

MARA
The radio is dead.

SILAS
I cut the radio wire, Mara. I had to.

EXT. QUAY - DAY

BEA
Where is the ferry?

TOMAS
It never comes on time.

INT. POST OFFICE - DAY

MARA
The radio wire was cut, Ines. It was him.

INES
I heard you.
"""


def knowing(**fields: object) -> Fact:
    """Return a fact of knowledge as a member says it: Mara and Silas know of the radio since 1:1."""
    given = {
        "kind": "knowledge",
        "subject": "the radio",
        "says": RADIO,
        "since": Moment(1, 1),
        "holders": ("Mara", "Silas"),
        "terms": ("radio wire",),
    }
    return Fact.model_validate({**given, **fields})


def a_fact(number: int = 1, **fields: object) -> Fact:
    """Return some fact of its own."""
    return Fact.model_validate(
        {"kind": "setup", "subject": "lamp", "says": f"Fact {number}.", "status": "approved", **fields}
    ).named()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Give the room of a series that remembers one short episode."""
    folder = a_series(tmp_path)
    script = folder / "s01e01.fountain"
    script.write_text(EPISODE, encoding="utf-8")
    with open_room(folder) as room:
        room.remember([script])
        yield room


# What humans decided


def test_the_last_decision_counts() -> None:
    """A fact that was waived and then approved is approved; ending it changes nothing of that."""
    fact = a_fact(status="likely")
    marks = [
        Mark(fact=fact.id, mark="waive", reason="a lie"),
        Mark(fact=fact.id, mark="approve"),
        Mark(fact=fact.id, mark="end", at=Moment(2, 3)),
    ]
    assert settled([fact], marks[:1])[0].status == "waived"
    after = settled([fact], marks)[0]
    assert (after.status, after.until) == ("approved", Moment(2, 3))


def test_a_fact_gives_way_only_where_the_other_is_there() -> None:
    """A version that lacks the newer fact, or waived it, keeps the older one."""
    old, new = a_fact(1), a_fact(2)
    marks = [Mark(fact=old.id, mark="supersede", by=new.id)]
    assert [one.status for one in settled([old, new], marks)] == ["superseded", "approved"]
    assert [one.status for one in settled([old], marks)] == ["approved"]
    waived = [*marks, Mark(fact=new.id, mark="waive", reason="a dream")]
    assert [one.status for one in settled([old, new], waived)] == ["approved", "waived"]


def test_superseding_in_a_circle_is_seen() -> None:
    """Over any number of steps; a decision that was taken back leads nowhere."""
    marks = [Mark(fact="a", mark="supersede", by="b"), Mark(fact="b", mark="supersede", by="c")]
    assert replaces("c", "a", [], marks)
    assert not replaces("a", "c", [], marks)
    assert not replaces("c", "a", [], [*marks, Mark(fact="b", mark="approve")])


def test_a_thing_is_in_one_pair_of_hands() -> None:
    """A possession ends where somebody else has the thing; what is likely does not end what is approved."""
    first = a_fact(1, kind="possession", subject="Mara", thing="key", since=Moment(1, 1))
    later = a_fact(2, kind="possession", subject="Bea", thing="Key", since=Moment(1, 4))
    assert handed_on([first, later])[0].until == Moment(1, 4)
    unsure = later.model_copy(update={"status": "likely"})
    assert handed_on([first, unsure])[0].until is None


# What members say


def test_what_a_member_says_holds_from_its_scene_on(room: Room) -> None:
    """It is approved, and counts after the scene that shows it."""
    fact = room.canon().add(knowing(by="Rosa"), quote="I cut the radio wire, Mara.")
    canon = room.canon().account.canon
    assert fact.status == "approved"
    assert fact.evidence[0].at == Moment(1, 1)
    assert fact not in canon.at(Moment(1, 1))
    assert fact in canon.at(Moment(1, 2))


def test_who_was_absent_does_not_know(room: Room) -> None:
    """Bea never hears it; Ines learns it from Mara, by the line that tells her."""
    room.canon().add(knowing())
    desk = room.canon()
    assert [one.fact.says for one in desk.knows("Bea").unaware] == [RADIO]
    assert not desk.knows("Bea").knows
    (known,) = desk.knows("Ines").knows
    assert known.evidence is not None
    assert (known.at, known.evidence.quote) == (Moment(1, 3), "The radio wire was cut, Ines. It was him.")
    assert [one.fact.says for one in desk.knows("Ines", Moment(1, 3)).unaware] == [RADIO]


def test_a_scene_tells_who_is_there_and_what_holds(room: Room) -> None:
    """Presence, place and time come from the scene; the facts from earlier ones."""
    fact = room.canon().add(knowing())
    setup = a_fact(kind="setup", says="Bea waits.", terms=("ferry bell",), since=Moment(1, 1), due=1)
    kept = room.canon().add(setup)
    found = room.canon().at(Moment(1, 2))
    assert (found.scene.speakers, found.scene.place, found.scene.time) == (("Bea", "Tomas"), "Quay", "DAY")
    assert fact in found.holds
    assert [one.id for one in found.setups] == [kept.id]


def test_the_dead_of_the_bible_are_dead_as_the_next_episode_begins(room: Room) -> None:
    """Silas, who speaks in episode 1, is dead from episode 2 on."""
    canon = room.canon().account.canon
    assert not list(canon.at(Moment(1, 2)).select(kind="death"))
    assert [one.subject for one in canon.at(Moment(2, 1)).select(kind="death")] == ["Silas"]


def test_a_set_up_is_open_until_a_later_scene_names_it(room: Room) -> None:
    """A term in a later scene pays it off; a due one that nothing pays off is overdue."""
    paid = room.canon().add(a_fact(1, terms=("the ferry",), since=Moment(1, 1), says="The ferry is late."))
    late = room.canon().add(a_fact(2, terms=("brass key",), since=Moment(1, 1), due=1, says="A key."))
    desk = room.canon()
    assert desk.get(paid.id).until == Moment(1, 2)
    assert [one.id for one in desk.overdue()] == [late.id]
    desk.end_at(late.id, Moment(1, 3), member="Rosa")
    assert desk.overdue() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"holders": ("Marra",)}, "did you mean Mara"),
        ({"since": Moment(1, 9)}, "has no scene 9"),
        ({"since": Moment(7, 1)}, "no episode 7"),
        ({"says": " \n "}, "is empty"),
        ({"says": "x" * 600 + "."}, "601 characters"),
        ({"by": "Nobody"}, "on the team"),
        ({"kind": "possession", "subject": "Mara", "thing": ""}, "lacks --thing"),
        ({"kind": "attribute", "subject": "Mara", "attribute": "eyes"}, "lacks --value"),
        ({"kind": "death", "subject": "Mara"}, "has Mara alive"),
        ({"since": Moment(2), "holders": ("Silas",)}, "contradicts the bible: Silas is dead"),
        ({"due": 3}, "Only a set-up"),
    ],
)
def test_what_cannot_be_canon_is_refused(room: Room, fields: dict[str, object], said: str) -> None:
    """The error says why, and nothing is kept."""
    before = room.canon().facts()
    fact = knowing().model_copy(update=fields)
    with pytest.raises(InputError, match=said):
        room.canon().add(fact)
    assert room.canon().facts() == before


def test_a_contradiction_can_be_said_anyway(room: Room) -> None:
    """Against the bible, and against what another fact says of the same attribute."""
    room.canon().add(knowing(kind="death", subject="Mara", says="Mara is dead."), anyway=True)
    blue = knowing(kind="attribute", subject="Bea", attribute="eyes", value="blue", says="Blue eyes.")
    green = blue.model_copy(update={"value": "green", "says": "Green eyes."})
    first = room.canon().add(blue)
    with pytest.raises(InputError, match=f"contradicts fact {first.id}"):
        room.canon().add(green)
    new = room.canon().supersede(first.id, says="Green eyes.", value="green", member="Rosa")
    assert room.canon().get(first.id).status == "superseded"
    assert room.canon().get(new.id).status == "approved"


def test_facts_cannot_supersede_each_other(room: Room) -> None:
    """Not each other, not themselves; the first decision stays."""
    one = room.canon().add(knowing())
    two = room.canon().add(knowing(says="The wire was cut by Silas."))
    room.canon().supersede(one.id, by=two.id)
    for old, new in ((two, one), (two, two)):
        with pytest.raises(InputError, match="cannot take"):
            room.canon().supersede(old.id, by=new.id)
    assert room.canon().get(one.id).status == "superseded"


def test_the_bible_is_not_settled_here(room: Room) -> None:
    """What series.yaml says is changed there."""
    (death,) = room.canon().facts(kind="death")
    with pytest.raises(InputError, match="The bible says so"):
        room.canon().waive(death.id, reason="a lie")


def test_ids_may_be_cut_short_but_not_ambiguous(room: Room) -> None:
    """A prefix of one fact is enough; none, or one that fits several, is refused."""
    fact = room.canon().add(knowing())
    assert room.canon().get(fact.id[:6]) == fact
    with pytest.raises(InputError, match="There is no fact"):
        room.canon().get("zzz")
    for number in range(20):
        room.canon().add(knowing(says=f"Reading {number}."))
    with pytest.raises(InputError, match="begin with"):
        room.canon().get(next(one for one in "0123456789abcdef" if _several(room, one)))


def _several(room: Room, start: str) -> bool:
    return sum(one.id.startswith(start) for one in room.canon().facts()) > 1


# Versions


def test_importing_twice_reads_no_fact_twice(tmp_path: Path) -> None:
    """The same files again change no row; reading the canon again adds none."""
    folder = a_series(tmp_path)
    files = sorted((EXAMPLES / "the-last-light" / "episodes").glob("*.fountain"))
    with open_room(folder) as room:
        room.remember(files)
        first = room.canon().facts()
        before = room.ledger.counts()
        room.remember(files)
        assert room.canon().facts() == first
        assert room.ledger.counts() == before
        assert any(fact.origin == "pattern" and fact.evidence for fact in first)


def _scene(room: Room, session: Session, number: int, said: str) -> None:
    """Replace a scene of a session as a member's edit does: its last line of action says something else."""
    script = room.ledger.drafts.script(session.head)
    scene = room.ledger.drafts.get(script[f"scene:{number}"], SceneDraft)
    line = next(one for one in reversed(scene.elements) if one.kind is Kind.ACTION)
    changed = scene.with_line(line.id, said)
    head, role = session.head, "dialogue_writer"
    task = Task(session=session.id, head=head, stage=Stage.SCENE, scene=number, round=9, role=role)
    body = ("scene", changed.model_dump(mode="json"))
    edit = Said(TurnKind.EDIT, Actor(kind="member", name="Rosa"), draft=body, slot=f"scene:{number}")
    room.ledger.commit(task, [edit])


def _dies(room: Room, session: str) -> list[str]:
    return [one.subject for one in room.canon(session).facts(kind="death") if one.origin == "pattern"]


def test_forks_see_nothing_of_each_other(room: Room) -> None:
    """In one fork Tomas dies, in the other Pell; neither canon has the other's death, nor has the series."""
    trunk = draft(room, episode=2)
    one, two = (room.fork(trunk.id, "2", seed=seed) for seed in (1, 2))
    _scene(room, one, 1, "Tomas falls from the gallery. Tomas is dead.")
    _scene(room, two, 1, "Pell falls from the gallery. Pell is dead.")
    assert _dies(room, one.id) == ["Tomas"]
    assert _dies(room, two.id) == ["Pell"]
    assert _dies(room, trunk.id) == []
    assert [fact.subject for fact in room.canon().facts(kind="death")] == ["Silas"]


def test_replacing_a_scene_withdraws_its_facts_and_marks_the_later_ones(room: Room) -> None:
    """Scene 2 was told what scene 1 said; without that it is to be looked at again, until somebody does."""
    first = draft(room, episode=2)
    fork = room.fork(first.id, "2", seed=9)
    _scene(room, fork, 1, "Tomas falls from the gallery. Tomas is dead.")
    (death,) = room.canon(fork.id).facts(kind="death", about="Tomas")
    task = Task(
        session=fork.id, head=room.session(fork.id).head, stage=Stage.SCENE, scene=2, role="dialogue_writer"
    )
    _tell(room, task, death.id)
    assert room.canon(fork.id).rechecks() == []
    _scene(room, room.session(fork.id), 1, "Tomas waits at the rail.")
    assert room.canon(fork.id).facts(kind="death", about="Tomas") == []
    (again,) = room.canon(fork.id).rechecks()
    assert (again.scene, [fact.id for fact in again.facts]) == (2, [death.id])
    _scene(room, room.session(fork.id), 2, "Bea looks out.")
    assert room.canon(fork.id).rechecks() == []


def _tell(room: Room, task: Task, fact: str) -> None:
    """Write scene 2 as a writer who was told a fact."""
    from storyroom.memory.turns import Reading

    room.ledger.turns.begin(task, Reading(likely=(fact,)))
    script = room.ledger.drafts.script(room.session(task.session).head)
    scene = room.ledger.drafts.get(script["scene:1"], SceneDraft).model_copy(update={"number": 2})
    body = ("scene", scene.model_dump(mode="json"))
    room.ledger.commit(task, [Said(TurnKind.DRAFT, Actor(kind="agent"), draft=body, slot="scene:2")])


def test_a_lock_makes_facts_those_of_the_series(room: Room) -> None:
    """What a session's scenes show, and what was said for it, is the series' from the lock on; a second lock
    takes its place."""
    one = draft(room, episode=2)
    _scene(room, one, 1, "Tomas falls from the gallery. Tomas is dead.")
    said = room.canon(one.id).add(knowing(since=Moment(2, 1), holders=("Mara",)))
    assert room.canon().facts(about="Tomas", kind="death") == []
    room.lock(one.id)
    assert [fact.since for fact in room.canon().facts(about="Tomas", kind="death")] == [Moment(2, 1)]
    assert room.canon().get(said.id) in room.canon().facts()
    other = draft(room, episode=2)
    assert room.canon(other.id).facts(about="Tomas", kind="death") == [], "the older lock is not its canon"
    room.lock(other.id)
    assert room.canon().facts(about="Tomas", kind="death") == []
    assert said.id not in [fact.id for fact in room.canon().facts()]


def test_a_scene_that_was_not_approved_tells_nothing(room: Room) -> None:
    """A draft counts when the room has approved it."""
    session = draft(room, episode=2)
    task = Task(
        session=session.id, head=session.head, stage=Stage.SCENE, scene=1, pass_=9, role="dialogue_writer"
    )
    scene = room.ledger.drafts.get(session.manuscript.slots["scene:1"], SceneDraft)
    line = next(one for one in reversed(scene.elements) if one.kind is Kind.ACTION)
    body = scene.with_line(line.id, "Tomas falls from the gallery. Tomas is dead.").model_dump(mode="json")
    room.ledger.commit(
        task, [Said(TurnKind.DRAFT, Actor(kind="agent"), draft=("scene", body), slot="scene:1")]
    )
    assert _dies(room, session.id) == []


def test_a_writer_is_told_who_knows_what(room: Room) -> None:
    """The prompt of a scene names the fact for those who know it, and forbids it to the others."""
    fact = room.canon().add(knowing())
    session = draft(room, episode=2)
    for turn in session.turns:
        if turn.kind is TurnKind.DRAFT:
            plan = session.manuscript.plan(turn.scene or 0)
            prompt = prompt_of(room, turn)
            assert (f"Mara knows:\n- {RADIO}" in prompt) == ("Mara" in plan.cast)
            assert ("does not know, and cannot speak of" in prompt) == bool({"Bea", "Tomas"} & {*plan.cast})
            reading = room.ledger.turns.reading(turn.task)
            assert reading is not None
            assert fact.id in reading.facts


def test_erasing_takes_facts_and_decisions_along(room: Room) -> None:
    """A session's facts and marks go with it, an episode's with the episode; those of the series stay."""
    kept = room.canon().add(knowing())
    session = draft(room, episode=2)
    room.canon(session.id).add(knowing(says="For the session alone."))
    room.canon(session.id).waive(kept.id, reason="a lie in this version")
    assert room.canon().facts(about="radio"), "decided for the session alone"
    erase_session(room.series, room.ledger, room.index, session.id)
    assert [one.id for one in room.ledger.facts.every().values() if one.origin == "member"] == [kept.id]
    assert room.ledger.facts.marks() == []
    erase_episode(room.series, room.ledger, room.index, 1)
    assert [one.id for one in room.ledger.facts.every().values()] == [kept.id]
    assert room.ledger.counts()["fact_readings"] == 0


# What a model reads


def _reader(quote: str, **fields: object) -> ScriptedModel:
    """Return a model that plays every part, and reads one fact out of each scene."""
    told = {
        "kind": "possession",
        "subject": "Mara",
        "says": "Mara has the brass key now.",
        "thing": "brass key",
    }
    fact = {**told, "quote": quote, "knows": [], "terms": [], **fields}
    rule = Rule("scene.*.script_coordinator.*", (json.dumps({"facts": [fact]}),))
    return ScriptedModel(rules=(rule, *scripted_room().rules))


def _drafted(room: Room, model: ScriptedModel) -> Session:
    room.models[MODEL] = model
    return draft(room, episode=2, depth="standard", scenes=1, pages=1.0)


def test_what_a_model_reads_is_kept_only_with_words_of_the_scene(room: Room) -> None:
    """A quote that the scene does not have is dropped and counted; the fact is likely, with its line."""
    session = _drafted(room, _reader("words that nobody wrote"))
    *_, turn = [one for one in session.turns if one.kind is TurnKind.FACTS]
    assert (turn.body["facts"], turn.body["dropped"]) == ([], 1)
    assert room.canon(session.id).facts(kind="possession", about="brass key") == []


def test_what_a_model_reads_belongs_to_the_draft(room: Room) -> None:
    """It is recorded with the draft and the turn, once however often the scene is approved."""
    session = _drafted(room, _reader("beside the"))
    *_, turn = [one for one in session.turns if one.kind is TurnKind.FACTS]
    (fact,) = room.canon(session.id).facts(kind="possession", about="brass key")
    assert (fact.origin, fact.status, fact.since) == ("model", "likely", Moment(2, 1))
    assert fact.draft == turn.about == session.manuscript.slots["scene:1"]
    assert [one["id"] for one in turn.body["facts"]] == [fact.id]
    assert "beside the" in session.manuscript.scenes[1].line(fact.evidence[0].element).text


def test_nobody_who_is_absent_learns_what_a_model_says(room: Room) -> None:
    """Whom the model names as knowing, and the scene does not have, is left out."""
    absent = {"kind": "knowledge", "thing": "", "knows": ["Mara", "Bea", "Tomas", "Ines", "Pell"]}
    session = _drafted(room, _reader("beside the", **absent))
    (fact,) = [one for one in room.canon(session.id).facts(kind="knowledge") if one.origin == "model"]
    present = {one.name for one in room.presence(session=session.id)[0].people}
    assert set(fact.holders) == present & {*absent["knows"]}
    assert set(fact.holders) != {*absent["knows"]}


def test_whoever_plans_an_episode_is_told_of_open_set_ups(room: Room) -> None:
    """The showrunner's brief and the outline read them, and that one is overdue; a paid one is not told."""
    late = a_fact(1, terms=("brass key",), since=Moment(1, 1), due=1, says="Mara hides the brass key.")
    room.canon().add(late)
    room.canon().add(a_fact(2, terms=("the ferry",), since=Moment(1, 1), says="The ferry is late."))
    session = draft(room, episode=2)
    for kind in (TurnKind.BRIEF, TurnKind.OUTLINE):
        turn = next(one for one in session.turns if one.kind is kind)
        prompt = prompt_of(room, turn)
        assert "Mara hides the brass key. (overdue since episode 1)" in prompt
        assert "The ferry is late." not in prompt


def test_an_outline_plans_set_ups(room: Room) -> None:
    """What its scenes plant is open from them on, belongs to the outline, and a later scene pays it off."""
    session = draft(room, episode=2)
    outline = session.manuscript.outline
    assert outline is not None
    planted = {(word, Moment(2, plan.number)) for plan in outline.scenes for word in plan.plants}
    found = room.canon(session.id).facts(kind="setup")
    assert {(fact.terms[0], fact.since) for fact in found} == planted != set()
    assert {(fact.status, fact.origin, fact.draft) for fact in found} == {
        ("planned", "outline", session.manuscript.slots["outline"])
    }
    first = min(found, key=lambda fact: fact.since)
    _scene(room, session, 2, f"Mara lifts the {first.terms[0].lower()} into the light.")
    assert room.canon(session.id).get(first.id).until == Moment(2, 2)
    assert room.canon().facts(kind="setup") == []
    room.lock(session.id)
    assert first.id in [fact.id for fact in room.canon().facts(kind="setup")]
