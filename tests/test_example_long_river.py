"""The Chinese example, drafted from its own book of answers."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from xgrammar.testing import _is_grammar_accept_string as accepts

from storyroom.errors import ModelRefused
from storyroom.formats.fountain import parse, write
from storyroom.models.scripted import Answer, Call, Rule, ScriptedModel
from storyroom.ordering import make_order
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.turn import TurnKind

EXAMPLE = Path(__file__).parent.parent / "examples" / "the-long-river"
IDEA = (EXAMPLE / "idea.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The room of a copy of the example, which remembers its two earlier episodes."""
    folder = tmp_path_factory.mktemp("example") / "长河渡"
    shutil.copytree(EXAMPLE, folder)
    with Room.open(folder) as room:
        room.remember(sorted(room.series.episodes.glob("*.fountain")))
        yield room


@pytest.fixture(scope="module")
def session(room: Room) -> Session:
    """Its third episode, drafted to the end; scenes and lines have kept to their grammars."""
    model = f"scripted:{room.series.folder / 'answers.yaml'}"
    script = room.context().open(model)
    assert isinstance(script, ScriptedModel)
    room.models[model] = script.model_copy(update={"rules": tuple(_held(rule) for rule in script.rules)})
    run = room.begin(IDEA, episode=3, seed=1, model=model)

    async def drive() -> None:
        async for _ in run.events():
            pass

    asyncio.run(drive())
    assert run.outcome == "finished"
    return room.session(run.session.id)


def test_every_answer_is_taken_at_the_first_attempt(room: Room, session: Session) -> None:
    """The checks find nothing wrong, no line is struck, and the table read sends nothing back."""
    calls = room.ledger.calls.made(session=session.id)
    assert [(call.label, call.faults) for call in calls if call.faults] == []
    assert {call.attempt for call in calls} == {1}
    assert not any("struck" in turn.body for turn in session.turns)
    read = next(turn for turn in session.turns if turn.kind is TurnKind.TABLE_READ)
    assert read.body["again"] == []
    assert [one["felt"] for one in read.body["scenes"]] == ["fear", "surprise", "sadness", "joy"]


def test_no_answer_of_the_book_is_left_unasked(room: Room, session: Session) -> None:
    """A label that the room no longer asks for would be a dead entry; an entry can answer several labels."""
    script = room.models[session.order.model]
    assert isinstance(script, ScriptedModel)
    asked = {call.label.partition("#")[0] for call in room.ledger.calls.made(session=session.id)}
    assert asked
    for rule in script.rules:
        assert any(fnmatchcase(label, rule.when) for label in asked), rule.when


def test_headings_are_chinese_and_name_places_of_the_bible(room: Room, session: Session) -> None:
    """Four scenes, each with setting, place and time."""
    script = session.manuscript.script()
    assert [scene.heading.text for scene in script.scenes] == [
        "外景 渡口 夜",
        "内景 何家老屋 夜",
        "内景 茶馆 夜",
        "外景 渡口 清晨",
    ]
    for scene in script.scenes:
        setting, place, time = scene.parts
        assert setting in ("INT", "EXT")
        assert room.bible.location(place) is not None
        assert time


def test_only_the_scene_s_cast_speaks(session: Session) -> None:
    """No cue names anybody whom the outline does not put into the scene."""
    for number, draft in session.manuscript.scenes.items():
        speakers = set(draft.scene.speakers)
        assert len(speakers) >= 2
        assert speakers <= set(session.manuscript.plan(number).cast)


def test_headings_and_cues_survive_writing_and_reading(session: Session) -> None:
    """The Fountain text reads back as the same elements, and its cues stand behind an `@`."""
    script = session.manuscript.script()
    text = write(script)
    assert [one.content for one in parse(text).elements()] == [one.content for one in script.elements()]
    assert "\n@罗三顺\n" in text
    assert parse(session.fountain).title_page.get("标题") == "长河渡"


def test_the_debate_has_every_outcome(session: Session) -> None:
    """Objections are accepted, rebutted and withdrawn, or ruled on; a rewrite replaces its line."""
    of = {kind: [turn for turn in session.turns if turn.kind is kind] for kind in TurnKind}
    assert len(of[TurnKind.ACCEPTANCE]) == 5
    assert len(of[TurnKind.REBUTTAL]) == 5
    assert [turn.body["keep"] for turn in of[TurnKind.RULING]] == ["old", "old"]
    stops = [turn.body["reason"] for turn in of[TurnKind.STOP] if not turn.scene]
    assert stops == ["agreed", "agreed", "ruling"]
    reasons = {turn.scene: turn.body["reason"] for turn in of[TurnKind.STOP] if turn.scene}
    assert reasons == {1: "agreed", 2: "agreed", 3: "ruling", 4: "agreed"}
    text = session.fountain
    for objection in (turn for turn in of[TurnKind.OBJECTION] if turn.scene):
        accepted = any(turn.body["objection"] == objection.id for turn in of[TurnKind.ACCEPTANCE])
        assert (objection.body["quote"] in text) is not accepted


def test_memory_finds_the_earlier_episodes(session: Session) -> None:
    """The brief and every scene recall scenes of episodes 1 and 2, and never the ones to come."""
    recalls = [turn for turn in session.turns if turn.kind is TurnKind.RECALL]
    assert [turn.scene for turn in recalls] == [None, 1, 2, 3, 4]
    for turn in recalls:
        found = [(hit["episode"], hit["scene"]) for hit in turn.body["hits"]]
        assert {episode for episode, _ in found} & {1, 2}
        assert all(scene < turn.scene for episode, scene in found if episode == 3)


def test_the_script_is_written_out_and_remembered(room: Room, session: Session) -> None:
    """The file stands in `drafts/`, and a search in the session finds what was just written."""
    assert (room.series.drafts / f"s01e03-{session.id}.fountain").read_text("utf-8") == session.fountain
    hits = room.search("三顺在“掌舵”后面写下自己的名字", session=session.id, kinds=["scene"], k=3)
    assert (3, 4) in [(hit.chunk.episode, hit.chunk.scene) for hit in hits]


def test_the_embedded_model_is_refused_unless_insisted_on(room: Room) -> None:
    """It writes English only; the hint names the option that helps, and `anyway` goes past it."""
    with pytest.raises(ModelRefused, match="English only") as refused:
        room.begin(IDEA, model="embedded")
    assert "--model" in refused.value.hint
    order = make_order(room.bible, IDEA, episode=3, model="embedded", anyway=True)
    assert (order.model, order.language) == ("embedded", "zh")


def _held(rule: Rule) -> Rule:
    """Return a rule that fails if an answer breaks the grammar that it was asked under."""

    def holding(answer: Answer) -> Answer:
        def answered(call: Call) -> str:
            text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
            grammar = call.options.get("grammar")
            assert grammar is None or accepts(str(grammar), text), f"{call.label}: {text}"
            return text

        return answered

    return replace(rule, answers=tuple(holding(answer) for answer in rule.answers))
