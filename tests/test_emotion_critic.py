"""The emotion critic: what was planned against what is measured, with an advice and an honest confidence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from emotion_kit import Told
from room_kit import a_series, an_order, begin, drive, open_room

from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.emotion_advice import _ADVICE, _FACTS, says
from storyroom.agents.emotion_critic import EmotionCritic
from storyroom.agents.emotion_findings import Finding, FindingKind, Plan, findings, hear, plan_of
from storyroom.agents.emotion_told import tells
from storyroom.emotion import Feeling, score
from storyroom.formats.fountain import parse_elements
from storyroom.graphs.context import RoomContext
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.story.draft import SceneDraft, named
from storyroom.story.plan import Depth, Language, Outline, ScenePlan
from storyroom.story.script import Kind
from storyroom.story.turn import Stage, Task, TurnKind

MARA: Plan = {"Mara": ("fear",), "Bea": ("fear",)}


def scene(*lines: str, number: int = 1) -> SceneDraft:
    """Return a scene of lines like `Mara: joy 0.8: It is a girl.`; those of nobody are action."""
    blocks = ["INT. LAMP ROOM - NIGHT"]
    for line in lines:
        who, _, said = line.partition(": ")
        blocks.append(f"{who.upper()}\n{said}" if who in ("Mara", "Bea") else line)
    return SceneDraft(number=number, elements=named(parse_elements("\n\n".join(blocks) + "\n"), f"t{number}"))


def found(draft: SceneDraft, plan: Plan, before: SceneDraft | None = None) -> list[Finding]:
    """Return what is found in a scene whose lines say themselves what they feel like."""
    heard = [hear(one, str.title, Told().score) if one else [] for one in (draft, before)]
    return list(findings(heard[0], plan, heard[1]))


JOY = ("Mara: joy: They are back.", "Bea: joy: All of them.", "Mara: joy: Ring the bell.")


def test_a_planned_feeling_that_is_not_there_is_found_with_its_strongest_line() -> None:
    """Fear was planned and joy is there: the finding names both, the line, how sure it is, and its source."""
    one = found(scene(*JOY, "joy 0.9: The bell rings."), MARA)[0]
    assert (one.kind, one.who, one.planned, one.felt) == ("missed", "", ("fear",), ("joy",))
    assert one.line.text == "joy 0.9: The bell rings."
    assert one.source == "told v1"
    assert 0.8 <= one.confidence <= 0.9


def test_each_character_is_held_to_a_plan_of_her_own() -> None:
    """Where the plan tells them apart, only who misses hers is named."""
    draft = scene(*(f"{who}: joy: Line {n}." for n in range(3) for who in ("Mara", "Bea")), "fear: A knock.")
    assert [(one.kind, one.who) for one in found(draft, {"Mara": ("joy",), "Bea": ("anger",)})] == [
        ("missed", "Bea")
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [line.replace("joy:", "joy 0.3:") for line in JOY],
        JOY[:2],
        ["Mara: ...", "Bea: ...", "Mara: ..."],
        [*JOY, "neutral: A knock.", "Mara: fear 0.9: Wait.", "Bea: fear 0.9: Who is that?"],
    ],
    ids=["weak", "few lines", "nothing felt", "planned one near"],
)
def test_weak_measurement_does_not_object(lines: Sequence[str]) -> None:
    """Unsure or few lines, or the planned feeling close behind, are no ground for an objection."""
    plan: Plan = MARA if "..." not in lines[0] else {"Mara": ("neutral",)}
    assert found(scene(*lines), plan) == []


CALM = tuple(f"{who}: neutral: The box {n}." for n in range(4) for who in ("Mara", "Bea"))


@pytest.mark.parametrize(
    ("kind", "lines", "quote"),
    [
        ("told", ["Mara: neutral: I'm so scared.", "Bea: joy: Why?", "neutral: A gull."], "I'm so scared"),
        ("told", ["Mara: neutral: 我真的很害怕。", "Mara: neutral: 走吧。"], "我真的很害怕"),
        ("whiplash", ["Mara: joy: Yes!", "Bea: neutral: So.", "Mara: anger: Out!"], "Out!"),
        ("flat", [*CALM], "The box 2."),
    ],
)
def test_faults_of_a_scene_are_found_at_their_line(kind: str, lines: list[str], quote: str) -> None:
    """Told and never shown, a jump, a flat scene."""
    assert [(one.kind, quote in one.line.text) for one in found(scene(*lines), {})] == [(kind, True)]


@pytest.mark.parametrize(
    "lines",
    [
        ["Mara: neutral: I'm so scared.", "fear 0.3: The lamp goes out."],
        ["Mara: joy: Yes!", "neutral: A door falls shut.", "Mara: anger: Out!"],
        ["Mara: joy 0.55: Yes!", "Mara: anger: Out!"],
        [*CALM, "Mara: anger: Out!"],
    ],
    ids=["shown in action", "something happens between", "an unsure jump", "one line stands out"],
)
def test_an_excuse_counts_even_when_it_is_weak(lines: list[str]) -> None:
    """A feeling that is faintly shown, an action before a turn, one line that stands out: no fault."""
    assert found(scene(*lines), {}) == []


def test_two_scenes_in_a_row_on_one_note() -> None:
    """The second of two joyful scenes is objected to, and not the one after a sad scene."""
    sad = scene(*(line.replace("joy", "sadness") for line in JOY), number=1)
    plan: Plan = {"Mara": ("joy",), "Bea": ("joy",)}
    assert [one.kind for one in found(scene(*JOY, number=2), plan, scene(*JOY))] == ["one note"]
    assert found(scene(*JOY, number=2), plan, sad) == []


def test_opposite_feelings_planned_for_one_character() -> None:
    """Under two names or in one entry, they are seen; played one after the other they are a turn."""
    plan = plan_of({"Mara": "joy", "Mara Quill": "sadness", "Bea": "fear"}, lambda name: name.split()[0])
    assert plan == {"Mara": ("joy", "sadness"), "Bea": ("fear",)}
    assert plan_of({"Mara": "joy and sadness"}, str) == {"Mara": ("joy", "sadness")}
    one = found(scene("Mara: joy: They are back."), plan)[0]
    assert (one.kind, one.planned, one.felt) == ("torn", ("joy", "sadness"), ("joy",))
    assert "joy and sadness are planned for one scene" in says(one, "en")
    assert (
        found(scene("Mara: joy: They are back.", "neutral: A coat.", "Mara: sadness: Not all."), plan) == []
    )


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("I'm afraid.", "fear"),
        ("I’m afraid of you.", "fear"),
        ("I'm afraid he is out.", ""),
        ("I'm not afraid.", ""),
        ("I'm happy to help.", ""),
        ("I feel really sad tonight.", "sadness"),
        ("我怕。", "fear"),
        ("我怕他不来。", ""),
        ("我不生气。", ""),
        ("我心里很难过。", "sadness"),
    ],
)
def test_a_feeling_is_told_when_it_is_named(text: str, emotion: str) -> None:
    """Denials and polite formulas are not telling."""
    assert tells(text, "Mara", spoken=True) == emotion
    assert tells(f"Mara is furious. {text}", "Mara", spoken=False) == "anger"
    assert tells("何青很生气。", "何青", spoken=False) == "anger"
    assert tells("何青很生气。", "小满", spoken=False) == ""


def test_every_finding_has_an_advice_and_a_fact_in_both_languages() -> None:
    """No advice is used for two findings or two feelings of one kind, but for a plan that is torn."""
    for language in ("en", "zh"):
        assert set(_ADVICE[language]) == set(_FACTS[language]) == set(get_args(FindingKind))
        kinds = [kind for kind in get_args(FindingKind) if kind != "torn"]
        told = [advice for kind in kinds for advice in _ADVICE[language][kind].values()]
        assert len(set(told)) == len(told)
    assert {k: set(v) for k, v in _ADVICE["en"].items()} == {k: set(v) for k, v in _ADVICE["zh"].items()}


# At the desk


@contextmanager
def a_desk(
    folder: Path,
    draft: SceneDraft,
    answer: Callable[[Call], str],
    *,
    small: bool = True,
    depth: Depth = "quick",
    language: Language = "en",
) -> Iterator[Desk]:
    """Set a desk with a scene on it, of which fear is planned."""
    with open_room(a_series(folder)) as room:
        room.ledger.sessions.begin(an_order(room), room.bible, session_id="e01-felt")
        plan = ScenePlan(
            number=1,
            act="act 1",
            heading="INT. LAMP ROOM - NIGHT",
            place="Lamp Room",
            time="NIGHT",
            story="A",
            cast=("Mara", "Bea"),
            beat="The lamp fails.",
            change="Mara stays.",
            emotions={"Mara": "fear", "Bea": "fear"},
        )
        order = room.ledger.sessions.get("e01-felt").order.model_copy(update={"language": language})
        yield Desk(
            task=Task(session="e01-felt", head=None, stage=Stage.SCENE, scene=1, role="emotion_critic"),
            bible=room.bible,
            order=order,
            manuscript=Manuscript(outline=Outline(title="Lamp", scenes=(plan,)), scenes={1: draft}),
            reading=Reading(),
            model=ScriptedModel(
                rules=(Rule("*", (answer,)),),
                capabilities=Capabilities(
                    grammar=True, json_schema=True, prefill=True, small=small, context_length=100_000
                ),
            ),
            ledger=room.ledger,
            effort=Effort.of(depth),
            emit=lambda _event: None,
            measure=Told().score,
        )


def unasked(call: Call) -> str:
    """Fail: the model is not to be asked."""
    raise AssertionError(call.label)


@pytest.mark.parametrize(("language", "advice"), [("en", "silence"), ("zh", "沉默")])
def test_a_small_model_is_not_asked_where_measurement_found_something(
    tmp_path: Path, language: Language, advice: str
) -> None:
    """The objection quotes its line, says what was planned and measured, by what, and what would help."""
    with a_desk(tmp_path, scene(*JOY), unasked, language=language) as desk:
        (one,) = asyncio.run(EmotionCritic().review(desk, desk.manuscript.scenes[1]))
    line = desk.manuscript.scenes[1].line(one.line)
    assert line is not None
    assert one.quote == line.text
    assert (one.kind, one.gravity, one.certain) == ("emotion", "serious", False)
    assert (one.finding, one.source) == ("missed", "told v1")
    assert "told v1" in one.says
    assert advice in one.says


@pytest.mark.parametrize(("depth", "most"), [("quick", 1), ("deep", 2)])
def test_there_are_as_many_objections_as_the_effort_allows(tmp_path: Path, depth: Depth, most: int) -> None:
    """Two things are wrong with the scene; a quick session hears the weightier."""
    lines = (*JOY, "Bea: neutral: I'm so angry.")
    with a_desk(tmp_path, scene(*lines), unasked, depth=depth) as desk:
        said = asyncio.run(EmotionCritic().review(desk, desk.manuscript.scenes[1]))
    assert [one.finding for one in said] == ["missed", "told"][:most]


def test_a_small_model_is_asked_where_nothing_was_found(tmp_path: Path) -> None:
    """A scene as planned is left to its eyes."""
    asked: list[str] = []

    def nothing(call: Call) -> str:
        asked.append(call.label)
        return '{"objections": []}'

    draft = scene(*(line.replace("joy", "fear") for line in JOY))
    with a_desk(tmp_path, draft, nothing) as desk:
        assert asyncio.run(EmotionCritic().review(desk, draft)) == []
    assert len(asked) == 1


def test_a_larger_model_reads_the_measurements_and_objects_itself(tmp_path: Path) -> None:
    """They stand in its prompt by line; the objection is its own, and nothing in it is measured."""
    seen: list[str] = []

    def objecting(call: Call) -> str:
        seen.extend(message.text for message in call.messages)
        one = '{"line": "2", "kind": "emotion", "gravity": "minor", "says": "Bea should drop the lamp."}'
        return f'{{"objections": [{one}]}}'

    draft = scene(*JOY)
    with a_desk(tmp_path, draft, objecting, small=False) as desk:
        (one,) = asyncio.run(EmotionCritic().review(desk, draft))
    prompt = "\n".join(seen)
    assert "- line 1: planned fear, measured joy (told v1, 0.80)" in prompt
    assert "The audience should feel fear." in prompt
    assert (one.says, one.finding) == ("Bea should drop the lamp.", "")


@pytest.mark.parametrize(
    ("after", "met"),
    [("joy: They are back.", False), ("joy 0.7: All of them.", False), ("fear: The rope is wet.", True)],
)
def test_a_new_wording_is_measured_again(tmp_path: Path, after: str, met: bool) -> None:
    """It meets the objection when it no longer adds to what was found; the reason says what it measures."""
    draft = scene(*JOY)
    with a_desk(tmp_path, draft, unasked) as desk:
        (one,) = asyncio.run(EmotionCritic().review(desk, draft))
        said = asyncio.run(EmotionCritic().verify(desk, one, one.quote, after))
    assert said[0] is met
    assert after.split(":")[0].split()[0] in said[1]
    # A finding of the whole scene may be gone although this line is not yet what was planned.
    assert ("no longer holds" in said[1]) is met
    assert "told v1" in said[1]


def test_a_session_argues_about_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small model's objection and its verification are code's; the table read has both feelings."""
    kit = Told()

    def joyful(_room: RoomContext, texts: Sequence[str]) -> list[Feeling]:
        return kit.score([f"joy: {text}" for text in texts])

    # Undone before the room is closed, which gives back the measure that it took away.
    with open_room(a_series(tmp_path)) as room, monkeypatch.context() as patched:
        patched.setattr(RoomContext, "measure", joyful)
        patched.setattr(Desk, "guided", property(lambda desk: desk.task.role == "emotion_critic"))
        run = begin(room, scenes=1, pages=1.0)
        drive(run)
        turns = room.session(run.session.id).turns
    measured = [turn for turn in turns if turn.kind is TurnKind.OBJECTION and turn.body.get("finding")]
    assert measured
    assert {str(turn.actor) for turn in measured} == {"code"}
    assert {turn.body["source"] for turn in measured} == {"told v1"}
    answers = [turn for turn in turns if turn.kind is TurnKind.VERIFICATION]
    again = [turn for turn in answers if turn.body["objection"] in {one.id for one in measured}]
    assert again
    assert all("easured again" in turn.body["reason"] for turn in again)
    assert {str(turn.actor) for turn in again} == {"code"}
    read = next(turn for turn in turns if turn.kind is TurnKind.TABLE_READ)
    assert read.body["scenes"][0]["measured"]["label"] == "joy"
    assert read.body["scenes"][0]["measured"]["confidence"] > 0.7
    assert {"felt", "why", "planned", "faults"} <= set(cast("dict[str, Any]", read.body["scenes"][0]))


@pytest.mark.parametrize(
    "text",
    [
        "INT. A - DAY\n\nANN\nThe bus comes at nine.\n\nTOM\nThe shop opens at eight.\n\n"
        "ANN\nThe box is on the table.\n\nTOM\nPut it on the shelf.\n\nANN\nThe list has twelve items.\n",
        "内景 店 日\n\n@安\n车九点来。\n\n@汤\n店八点开门。\n\n@安\n箱子在桌上。\n\n@汤\n放到架子上。\n",
    ],
)
def test_the_shipped_head_misses_joy_in_plain_talk(text: str) -> None:
    """With the measure of a real room, in both languages; nothing but the plan is objected to."""
    draft = SceneDraft(number=1, elements=named(parse_elements(text), "t"))
    heard = hear(draft, str, score)
    assert {one.line.kind for one in heard} == {Kind.DIALOGUE}
    assert [one.felt for one in findings(heard, {"Ann": ("joy",)}) if one.kind == "missed"] == [("neutral",)]
