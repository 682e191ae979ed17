"""What is read out of prose is likely, quoted, and guarded against what only looks like it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from continuity_kit import a_fact, a_show, found, lines

from storyroom.errors import ModelRefused
from storyroom.formats.fountain import parse
from storyroom.models.base import LocalChatModel
from storyroom.models.scripted import scripted
from storyroom.story.canon import Fact, Moment
from storyroom.story.canon.prose import read_facts
from storyroom.story.continuity.judging import Clash, Pair, PassagePair, Verdict
from storyroom.tools.continuity import BenchJudge
from storyroom.tools.workbench import workbench

IN, NEI = "INT. KITCHEN - DAY\n\n", ".内景 厨房 日\n\n"


def facts(script: str, kind: str) -> list[Fact]:
    """Return the facts of a kind that a scene's prose tells."""
    language = "zh" if any("一" <= c <= "鿿" for c in script) else "en"
    people = a_show(language).people
    read = read_facts(tuple(parse(script).elements()), Moment(3, 1), people, "d1")
    return [one for one in read if one.kind == kind]


DIES = "Mara kneels. Silas lies on the floor. She feels for a pulse at his neck. There is none.\n\n"
ZH_DIES = "林夏跪下来。老秦躺在地上，脸朝下。林夏伸手去探他的鼻息，他已经没有气了。\n\n"


@pytest.mark.parametrize(
    ("script", "who"),
    [
        (IN + DIES, "SILAS PRYCE"),
        (IN + "Silas stops breathing.\n", "SILAS PRYCE"),
        (IN + "Silas sits by the stove. Mara draws the sheet over his face.\n", "SILAS PRYCE"),
        (NEI + ZH_DIES, "老秦"),
        (NEI + "老秦断气了。\n", "老秦"),
        (NEI + "老秦靠着墙。林夏叫他，他不应。她把被单盖在他脸上。\n", "老秦"),
    ],
)
def test_a_death_on_screen_is_a_likely_fact_with_its_words(script: str, who: str):
    """It names who died, quotes the words, and belongs to its scene and draft."""
    (one,) = facts(script, "death")
    assert (one.subject, one.status, one.origin, one.draft) == (who, "likely", "pattern", "d1")
    assert one.since == Moment(3, 1)
    assert one.evidence[0].quote in script
    assert one.evidence[0].line == 3
    assert one.id


@pytest.mark.parametrize(
    "script",
    [
        IN + "Silas is dead tired. He drops into the chair.\n",
        IN + "Silas lies face down. Mara shakes him. He coughs, and is alive.\n",
        IN + DIES + "SILAS\nYour hands are cold.\n",
        IN + DIES + "The audience applauds. The curtain falls.\n",
        IN + "MARA\nSilas is dead. He stopped breathing at noon.\n",
        IN + "The engine is dead. Silas kicks it.\n",
        "INT. KITCHEN - DREAM\n\n" + DIES,
        "INT. KITCHEN - DAY (FLASHBACK)\n\n" + DIES,
        NEI + "老秦累死了，倒头就睡着了。\n",
        NEI + "老秦断气了似的躺着，忽然咳了一声，醒了。\n",
        NEI + "老秦断气了。台下掌声雷动，他起来谢幕。\n",
        NEI + "@林夏\n老秦死了。\n",
        ".内景 厨房（梦境） 日\n\n" + ZH_DIES,
    ],
)
def test_what_only_looks_like_a_death_is_none(script: str):
    """Sleep, recovery, the stage, talk, engines, memories and dreams."""
    assert facts(script, "death") == []


@pytest.mark.parametrize(
    ("script", "who", "thing"),
    [
        (IN + "Mara gives Toby the compass.\n", "TOBY QUILL", "compass"),
        (IN + "Mara unhooks the brass key and puts it into Toby's hand.\n", "TOBY QUILL", "key"),
        (NEI + "林夏把钥匙交给小树。\n", "林小树", "钥匙"),
    ],
)
def test_a_thing_that_changes_hands_is_a_likely_fact(script: str, who: str, thing: str):
    """It says who has it from there on."""
    (one,) = facts(script, "possession")
    assert one.subject == who
    assert one.thing in (thing, "brass")
    assert one.evidence[0].quote in script


@pytest.mark.parametrize(
    "script",
    [
        IN + "Mara almost gives Toby the compass.\n",
        IN + "MARA\nI gave Toby the compass.\n",
        NEI + "林夏没有把钥匙交给小树。\n",
    ],
)
def test_a_thing_that_is_not_given_stays(script: str):
    """Nearly, denied, or only said."""
    assert facts(script, "possession") == []


def test_departures_and_secrets_are_read_too():
    """Who leaves for good, and what somebody is told to keep; with who was there to hear it."""
    (left,) = facts(IN + "Silas boards the train.\n", "departure")
    assert left.subject == "SILAS PRYCE"
    assert facts(IN + "Silas never boards the train.\n", "departure") == []
    (told,) = facts(IN + "Toby listens.\n\nMARA\nDon't tell Silas. The lamp is broken.\n", "knowledge")
    assert told.holders == ("MARA QUILL", "TOBY QUILL")
    (zh,) = facts(NEI + "@林夏\n别告诉老秦，灯坏了。\n", "knowledge")
    assert zh.holders == ("林夏",)


def test_who_is_not_to_be_told_has_not_heard_it() -> None:
    """She is in the scene, and may have gone before; "don't tell me" is said to whoever stands there."""
    (told,) = facts(
        IN + "Toby listens. Silas is by the door.\n\nMARA\nDon't tell Silas. It broke.\n", "knowledge"
    )
    assert told.holders == ("MARA QUILL", "TOBY QUILL")
    (zh,) = facts(NEI + "老秦和小满进来。\n\n@林夏\n别告诉老秦，灯坏了。\n", "knowledge")
    assert "老秦" not in zh.holders
    (asked,) = facts(IN + "Silas is by the door.\n\nMARA\nDon't tell me Silas broke it.\n", "knowledge")
    assert "SILAS PRYCE" in asked.holders


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (IN + DIES + IN + "Silas pours tea.\n", ["Silas pours tea."]),
        (IN + DIES + IN + "SILAS\nTea?\n", ["SILAS"]),
        (IN + DIES + IN + "Silas lies under a sheet.\n", []),
        (IN + DIES + IN + "SILAS (V.O.)\nTea?\n", []),
        (IN + DIES + IN + "In the photograph Silas pours tea.\n", []),
        (IN + DIES + "INT. KITCHEN - DAY (FLASHBACK)\n\nSilas pours tea.\n", []),
        (IN + DIES + IN + "Silas wakes in a hospital bed.\n", []),
        (IN + "Silas pours tea.\n\n" + IN + DIES, []),
        (NEI + ZH_DIES + NEI + "老秦走进来，倒了一杯茶。\n", ["老秦走进来，倒了一杯茶。"]),
        (NEI + ZH_DIES + NEI + "墙上挂着老秦的遗像。\n", []),
    ],
)
def test_who_died_on_screen_does_not_act_later(script: str, wrong: list[str]):
    """Unless they lie there, are seen in a picture or a memory, or are told to have lived."""
    assert lines(script, "likely_death") == wrong


def test_a_waived_death_of_that_very_scene_is_left_alone():
    """A member who says that it was a trick is believed."""
    waived = a_fact("death", "SILAS PRYCE", since=Moment(3, 1), status="waived")
    assert lines(IN + DIES + IN + "Silas pours tea.\n", "likely_death", waived) == []


GIVEN = IN + "Mara gives Toby the compass.\n\n"


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (GIVEN + IN + "Mara takes the compass from her pocket.\n", 1),
        (GIVEN + IN + "Toby takes the compass from his pocket.\n", 0),
        (GIVEN + IN + "Toby gives Mara the compass.\n\n" + IN + "Mara opens the compass.\n", 0),
        (GIVEN + IN + "Mara takes the compass back.\n", 0),
        (GIVEN + IN + "Mara takes another compass from her pocket.\n", 0),
        (NEI + "林夏把钥匙交给小树。\n\n" + NEI + "林夏掏出钥匙，开了门。\n", 1),
        (NEI + "林夏把钥匙交给小树。\n\n" + NEI + "小树掏出钥匙，开了门。\n", 0),
    ],
)
def test_a_thing_is_used_by_who_has_it(script: str, wrong: int):
    """Given away it is gone, until it comes back; another one of its sort is another thing."""
    assert len(found(script, "likely_possession")) == wrong


TALK = IN + "MARA\nThe smugglers land at Gannet Cove on Thursday.\n\nSILAS\nWho knows?\n\n"


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (TALK + IN + "TOBY\nSo it is Gannet Cove, and Thursday.\n", 1),
        (TALK + IN + "SILAS\nSo it is Gannet Cove, and Thursday.\n", 0),
        (TALK + IN + "SILAS\nGannet Cove. Thursday.\n\nTOBY\nGannet Cove, then. Thursday.\n", 0),
        (TALK + IN + "TOBY\nIs there any tea?\n", 0),
        (
            "INT. KITCHEN - DREAM\n\nMARA\nGannet Cove, Thursday.\n\n"
            + IN
            + "TOBY\nGannet Cove, Thursday.\n",
            0,
        ),
        (NEI + "@林夏\n走私船礼拜四在燕子湾靠岸。\n\n" + NEI + "@小树\n礼拜四，燕子湾，走私船？\n", 1),
        (NEI + "@林夏\n走私船礼拜四在燕子湾靠岸。\n\n" + NEI + "@林夏\n礼拜四，燕子湾，走私船。\n", 0),
    ],
)
def test_nobody_repeats_what_they_were_not_there_to_hear(script: str, wrong: int):
    """Two rare words of one line give it away; whoever was there, or was told since, may say them."""
    assert len(found(script, "likely_knowledge")) == wrong


def test_a_thing_is_called_by_its_noun_and_is_nobody():
    """The horn-handled stick is a stick, and an aunt is no thing."""
    script = IN + "Mara gives Toby the horn-handled stick.\n\n" + IN + "Mara takes the horn-handled stick.\n"
    (one,) = found(script, "likely_possession")
    assert "has the stick" in one.says
    chinese = NEI + "@林夏\n姨妈的，给你了。\n\n@小树\n好。\n\n" + NEI + "姨妈来了。林夏戴上姨妈织的手套。\n"
    assert not any("还有姨妈" in one.says for one in found(chinese, "likely_possession"))


def test_what_is_likely_says_so():
    """It is not certain, names what read it, and quotes both lines."""
    (one,) = found(IN + DIES + IN + "Silas pours tea.\n", "likely_death")
    assert (one.certain, one.source) == (False, "patterns")
    assert one.against is not None
    assert one.against.scene == 1


class Nobody:
    """A judge who confirms nothing, and keeps what it was asked."""

    name = "nobody"

    def __init__(self) -> None:
        self.asked: list[Pair] = []

    def judge(self, pair: Pair) -> Verdict:
        """Say no."""
        self.asked.append(pair)
        return Verdict(False, "")

    def compare(self, pair: PassagePair) -> Clash | None:
        """Find nothing."""
        return None


def test_a_judge_is_shown_more_than_patterns_report_and_decides():
    """One rare word is enough to ask, and what is not confirmed is not reported."""
    script = TALK + IN + "TOBY\nIs it the smugglers?\n"
    assert found(script, "likely_knowledge") == []
    nobody = Nobody()
    assert found(script, "likely_knowledge", judge=nobody) == []
    assert [pair.later.quote for pair in nobody.asked] == ["Is it the smugglers?"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_model_judges_under_a_schema(language: str):
    """Its reason becomes the finding's sentence, its spec the source."""
    dies, acts = (DIES, "Silas pours tea.") if language == "en" else (ZH_DIES, "老秦走进来，倒了一杯茶。")
    reason = (
        "He has no pulse, and pours tea." if language == "en" else "前一场没了气，这一场在倒茶，前后矛盾了。"
    )
    scene = IN if language == "en" else NEI
    text = scene + dies + scene + acts + "\n"
    with a_judge(text, {"reason": reason, "contradicts": "yes"}) as judge:
        (one,) = found(text, "likely_death", judge=judge)
    assert (one.says, one.source) == (reason, "scripted")


def test_a_model_that_answers_nonsense_is_refused():
    """After a second try, with a hint."""
    text = IN + DIES + IN + "Silas pours tea.\n"
    with a_judge(text, "No idea.") as judge, pytest.raises(ModelRefused, match="no usable answer"):
        found(text, "likely_death", judge=judge)


@contextmanager
def a_judge(text: str, answer: str | dict[str, Any]) -> Iterator[BenchJudge]:
    """Open a judge that gives one answer."""
    models: dict[str, LocalChatModel] = {"scripted:x": scripted(("*", answer))}
    opened = workbench(tool="check", script=parse(text), model="scripted:x", models=models, anyway=True)
    with opened as bench, BenchJudge(bench) as judge:
        yield judge
