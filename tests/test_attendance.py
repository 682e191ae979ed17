"""Who is there for which line: people come in late, leave early, or are only on the telephone."""

from __future__ import annotations

import random

import pytest
from continuity_kit import a_fact, a_show, lines

from storyroom.formats.fountain import parse
from storyroom.story.asides import printed
from storyroom.story.attendance import Attendance, attendance
from storyroom.story.canon.knowing import learned
from storyroom.story.canon.moment import Moment
from storyroom.story.canon.prose import read_facts
from storyroom.story.presence import appearing
from storyroom.story.script import Element

EN = a_show("en").people
ZH = a_show("zh").people
MARA, TOBY, SILAS = "MARA QUILL", "TOBY QUILL", "SILAS PRYCE"


def present(text: str) -> tuple[Attendance, list[Element]]:
    """Read who is there in a scene of Fountain, and return its elements too."""
    chinese = any("一" <= c <= "鿿" for c in text)
    heading = "内景 灯塔 夜" if chinese else "INT. LIGHTHOUSE - NIGHT"
    elements = list(parse(f"{heading}\n\n{text}").elements())
    return attendance(elements, ZH if chinese else EN), elements


def hears(text: str, words: str) -> set[str]:
    """Return who hears the line of a scene that has these words."""
    found, elements = present(text)
    line = next(one for one in elements if words in printed(one.text))
    return found.hearing(line, words)


SECRET = "SILAS\nThe oil was watered.\n\nMARA\nWho knows of it?\n"


@pytest.mark.parametrize(
    "entrance",
    [
        "Toby enters.",
        "The door opens and Toby comes in.",
        "Toby, soaked to the bone, comes down the stairs.",
        "Toby knocks the snow off his boots and walks in.",
        "Toby arrives with the post.",
        "A boy comes in.\n\nTOBY\nIs there bread?",
    ],
)
def test_who_comes_in_late_has_not_heard_what_was_said_before(entrance: str) -> None:
    """From the sentence that brings them in they are there; before it they are not."""
    scene = f"Silas trims the wick.\n\n{SECRET}\n{entrance}\n\nMARA\nSay nothing now.\n"
    assert hears(scene, "oil was watered") == {MARA, SILAS}
    assert hears(scene, "Say nothing now") == {MARA, SILAS, TOBY}


@pytest.mark.parametrize(
    "shown",
    [
        "Toby looks up from the stove.",
        "Toby never enters.",
        "Mara waits until Toby comes in.",
        "Toby steps out of the shadow of the stair.",
        "Toby comes in. He has heard every word.",
        "Toby enters the number into the log.",
        "A boy comes in.\n\nTOBY\nWho is he?\n\nPEDLAR\nNobody.",
    ],
)
def test_where_no_entrance_is_told_they_were_there_all_along(shown: str) -> None:
    """Also when what was told may not have happened, or when they have been listening."""
    scene = f"Silas trims the wick.\n\n{SECRET}\n{shown}\n\nTOBY\nWell?\n"
    assert TOBY in hears(scene, "oil was watered")


def test_who_was_shown_before_an_entrance_was_there() -> None:
    """Somebody who spoke, or stood there, does not come from nowhere."""
    scene = f"Toby stands at the rail.\n\n{SECRET}\nToby comes in.\n"
    assert TOBY in hears(scene, "oil was watered")


@pytest.mark.parametrize(
    "exit_line",
    [
        "Toby leaves.",
        "Toby takes his cap and goes out.",
        "Toby picks up the lamp. He leaves without a word.",
        "Toby storms out of the room.",
        "Toby exits.",
    ],
)
def test_who_has_left_does_not_hear_the_rest(exit_line: str) -> None:
    """They hear everything up to the sentence that takes them away."""
    scene = f"TOBY\nGood night.\n\n{exit_line}\n\n{SECRET}"
    assert TOBY in hears(scene, "Good night")
    assert hears(scene, "oil was watered") == {MARA, SILAS}


@pytest.mark.parametrize(
    "stays",
    [
        "Toby leaves the letter on the table.",
        "Toby turns to leave.",
        "Toby does not leave.",
        "Toby goes out on a limb for her.",
        "Toby leaves.\n\nMARA\nWait.\n\nToby turns round.",
        "Mara asks Toby to leave.",
    ],
)
def test_who_is_shown_again_or_only_wants_to_go_has_not_left(stays: str) -> None:
    """In doubt they hear the scene to its end."""
    assert TOBY in hears(f"TOBY\nGood night.\n\n{stays}\n\n{SECRET}", "oil was watered")


def test_somebody_can_leave_and_come_back() -> None:
    """What is said in between they have not heard."""
    back = "Toby comes in again, through the door.\n\nTOBY\nIt snows.\n"
    scene = f"TOBY\nGood night.\n\nToby leaves.\n\n{SECRET}\n{back}"
    assert TOBY not in hears(scene, "oil was watered")
    assert TOBY in hears(scene, "It snows")


@pytest.mark.parametrize(
    ("scene", "words", "there"),
    [
        ("老秦剪着灯芯。\n\n@老秦\n油里掺了水。\n\n小树推门进来。\n\n@小树\n有饭吗？\n", "掺了水", {"老秦"}),
        ("老秦剪着灯芯。\n\n@老秦\n油里掺了水。\n\n小树从楼梯上走下来。\n", "掺了水", {"老秦"}),
        ("老秦剪着灯芯。\n\n@老秦\n油里掺了水。\n\n小树抬起头。\n", "掺了水", {"老秦", "林小树"}),
        (
            "@小树\n我走啦。\n\n小树披上衣服，转身走了。\n\n@老秦\n油里掺了水。\n\n@林夏\n谁干的？\n",
            "掺了水",
            {"老秦", "林夏"},
        ),
        ("@小树\n我走啦。\n\n小树没有离开。\n\n@老秦\n油里掺了水。\n", "掺了水", {"老秦", "林小树"}),
        ("@小树\n我走啦。\n\n林夏看着小树走出去。\n\n@老秦\n油里掺了水。\n", "掺了水", {"老秦", "林夏"}),
    ],
)
def test_in_chinese(scene: str, words: str, there: set[str]) -> None:
    """Entrances and exits are read in Chinese as in English, and doubted alike."""
    found = present(scene)[0]
    assert "林小树" in found.stays
    assert hears(scene, words) == there


CALL = (
    "Mara empties the till.\n\nSILAS\nThe oil was watered.\n\nMara picks up the receiver and dials.\n\n"
    "MARA\nToby, come home.\n\nTOBY (V.O.)\nWhy?\n\nSilas falls. No pulse. Silas is dead.\n\n"
    "Mara hangs up.\n\nMARA\nNobody must know.\n"
)


def test_on_the_telephone_one_hears_the_call_and_sees_nothing() -> None:
    """From the receiver being picked up until it is put down."""
    found, elements = present(CALL)
    assert found.by_ear == {TOBY}
    assert TOBY not in hears(CALL, "oil was watered")
    assert TOBY in hears(CALL, "come home")
    assert TOBY not in hears(CALL, "Nobody must know")
    falls = next(one for one in elements if "Silas falls" in one.text)
    assert TOBY in found.hearing(falls)
    assert found.seeing(falls) == found.witnesses(falls) == {MARA, SILAS}


def test_in_mid_paragraph() -> None:
    """Of what one paragraph tells, somebody sees only what comes behind their entrance."""
    text = "Silas hides the ledger under a plank. Toby comes in. Mara drops her cup.\n\nMARA\nYou.\n"
    found, elements = present(text)
    action = elements[1]
    assert found.seeing(action, "hides the ledger") == {MARA, SILAS}
    assert found.seeing(action, "drops her cup") == {MARA, SILAS, TOBY}


def test_who_is_only_shown_in_a_picture_is_not_there() -> None:
    """A photograph, a coat and a voice over the picture are no presence; all of them appear."""
    elements = list(
        parse(
            "Mara turns away from a portrait of Silas.\n\nTOBY (V.O.)\nThat winter.\n\nMARA\nNo.\n"
        ).elements()
    )
    assert [(one.name, one.there) for one in appearing(elements, EN)] == [
        (TOBY, False),
        (MARA, True),
        (SILAS, False),
    ]


def test_facts_are_witnessed_by_those_who_are_there_for_them() -> None:
    """Who comes after a death has not seen it, and the dead are no witnesses of it."""
    falls = "Silas falls from the gallery. Silas is dead.\n\nMARA\nHe is cold."
    elements = list(parse(f"{falls}\n\nToby enters.\n\nTOBY\nWhat is it?\n").elements())
    (death,) = [one for one in read_facts(elements, Moment(1, 1), EN) if one.kind == "death"]
    assert (death.subject, death.witnesses) == (SILAS, (MARA,))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Silas is dead, Toby.", True),
        ("Old times. Silas drowned off the point.", True),
        ("Silas is not dead.", False),
        ("Is Silas dead?", False),
        ("I think Silas is dead.", False),
        ("The lamp is dead.", False),
    ],
)
def test_a_death_is_news(line: str, told: bool) -> None:
    """Whoever hears somebody who saw it say so knows it from there on."""
    death = a_fact("death", "SILAS PRYCE", witnesses=(MARA,), since=Moment(1, 1))
    scene = list(parse(f"MARA\n{line}\n\nTOBY\nNo.\n").elements())
    known = learned(death, [(Moment(1, 2), scene)], EN, once_shown=True)
    assert (TOBY in known) is told


def test_a_death_is_news_in_chinese() -> None:
    """Said outright it is; asked or denied it is not."""
    death = a_fact("death", "老秦", witnesses=("林夏",), since=Moment(1, 1))
    for line, told in (("秦师傅昨夜淹死了。", True), ("老秦没死。", False), ("老秦是不是死了？", False)):
        scene = list(parse(f"@林夏\n{line}\n\n@小树\n啊。\n").elements())
        assert ("林小树" in learned(death, [(Moment(1, 2), scene)], ZH, once_shown=True)) is told


SAYS = "TOBY\nSo the oil was watered.\n"
FACT = a_fact("knowledge", SILAS, terms=("oil was watered",), holders=(SILAS,))


def test_a_check_knows_who_came_too_late() -> None:
    """Toby says what was said before he came in; somebody who was there may say it."""
    before = (
        f"INT. LIGHTHOUSE - NIGHT\n\nSilas trims the wick.\n\n{SECRET}\nToby enters.\n\nTOBY\nMorning.\n\n"
    )
    after = f"INT. KITCHEN - DAY\n\n{SAYS}"
    assert lines(before + after, "unheld_fact", FACT) == ["So the oil was watered."]
    assert lines(before.replace("enters", "looks up") + after, "unheld_fact", FACT) == []
    assert lines(before + after.replace("TOBY", "MARA"), "unheld_fact", FACT) == []


_IN = {
    "en": ("{} enters.", "The door opens and {} comes in.", "{} hurries down the stairs."),
    "zh": ("{}推门进来。", "{}从楼梯上跑下来。", "{}走进来，拍了拍肩上的雪。"),
}
_OUT = {
    "en": ("{} leaves.", "{} takes a lamp and goes out.", "{} walks out of the room."),
    "zh": ("{}转身走了。", "{}提着马灯走出去。", "{}跑了出去。"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(40))
def test_whoever_is_out_of_the_room_hears_nothing(language: str, seed: int) -> None:
    """In scenes put together at random, in which people come, speak and go, as they are played."""
    dice = random.Random(seed)
    people = EN if language == "en" else ZH
    names = {
        "en": {"Mara": MARA, "Toby": TOBY, "Silas": SILAS},
        "zh": {"夏夏": "林夏", "小树": "林小树", "老秦": "老秦"},
    }
    calls = names[language]
    host, *others = dice.sample(sorted(calls), 3)
    here = {host}
    blocks = [f"{host} lights the stove." if language == "en" else f"{host}点着了炉子。"]
    truth: dict[str, set[str]] = {}
    for number in range(12):
        who = dice.choice(others)
        # Who comes in late comes once before they are shown; who has gone may come back.
        if who in here and dice.random() < 0.4:
            here.discard(who)
            blocks.append(dice.choice(_OUT[language]).format(who))
        elif who not in here:
            here.add(who)
            blocks.append(dice.choice(_IN[language]).format(who))
        speaker = dice.choice(sorted(here))
        line = f"Number {number} of the list." if language == "en" else f"单子上第{number}件。"
        blocks.append(f"@{speaker}\n{line}")
        truth[line] = {calls[one] for one in here}
    heading = "INT. LIGHTHOUSE - NIGHT" if language == "en" else ".内景 灯塔 夜"
    elements = list(parse("\n\n".join([heading, *blocks]) + "\n").elements())
    found = attendance(elements, people)
    heard = {one.text: found.hearing(one) for one in elements if one.text in truth}
    assert heard == truth
