"""Continuity: each certain rule finds its fault and leaves alone what is none, in two languages."""

from __future__ import annotations

import pytest
from continuity_kit import a_fact, a_show, found, lines

from storyroom.formats.fountain import parse
from storyroom.story.canon import Canon, Moment
from storyroom.story.canon.knowing import learned
from storyroom.story.continuity import CERTAIN, CastMember, Show, check
from storyroom.story.when import when

IN, NEI = "INT. KITCHEN - DAY\n\n", ".内景 厨房 日\n\n"


def say(cue: str, line: str = "Come in.") -> str:
    """Return a speech as Fountain."""
    return f"{cue}\n{line}\n\n"


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (IN + say("HOBDAY"), ["HOBDAY"]),
        (NEI + say("@洗衣妇", "还有我。"), ["洗衣妇"]),
        (IN + say("THE KEEPER") + say("MARA (V.O.)") + say("toby".upper() + " (CONT'D)"), []),
        (NEI + say("@秦师傅（画外音）", "进来。"), []),
        (IN + say("MARA AND TOBY"), []),
        (IN + say("ALL") + "THE DOOR SLAMS.\n\n", []),
        (NEI + say("@众人", "好！"), []),
    ],
)
def test_a_cue_must_name_somebody_of_the_cast(script: str, wrong: list[str]):
    """By name, alias or both of two; extensions, crowds and capitals in action are nobody."""
    assert lines(script, "unknown_speaker") == wrong


def test_a_speaker_is_found_once_a_scene():
    """The first cue stands for all of a scene, and the hint names who may be meant."""
    script = (IN + say("MARRA") + say("MARRA")) * 2
    one, other = found(script, "unknown_speaker")
    assert (one.here.scene, other.here.scene) == (1, 2)
    assert "MARA" in one.says


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (IN + say("TOBY"), ["TOBY"]),
        (IN + say("TOBY (V.O.)"), ["TOBY"]),
        (IN + say("MARA"), []),
        (IN + say("HOBDAY"), []),
        (IN + say("MARA") + IN + say("TOBY"), []),
    ],
)
def test_only_who_is_planned_speaks_in_a_scene(script: str, wrong: list[str]):
    """Aliases count, strangers are another kind, and a scene without a plan has anybody."""
    assert lines(script, "not_in_cast", show=a_show(casts={1: ("MARA QUILL",)})) == wrong


DEAD, ZH_DEAD = a_fact("death", "SILAS PRYCE"), a_fact("death", "老秦")


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (IN + say("SILAS"), ["SILAS"]),
        (IN + say("SILAS (O.S.)"), ["SILAS"]),
        (IN + say("SILAS (V.O.)"), []),
        (IN + say("SILAS (ON TAPE)"), []),
        ("INT. KITCHEN - DAY (FLASHBACK)\n\n" + say("SILAS"), []),
        ("INT. KITCHEN - DREAM\n\n" + say("SILAS"), []),
        (IN + say("SILAS (V.O.)") + say("SILAS"), ["SILAS"]),
        (NEI + say("@秦师傅", "进来。"), ["秦师傅"]),
        (NEI + say("@老秦（画外音）", "进来。"), []),
        (".内景 厨房（回忆） 日\n\n" + say("@老秦", "进来。"), []),
        (".内景 厨房 日 梦境\n\n" + say("@老秦", "进来。"), []),
    ],
)
def test_the_dead_do_not_speak(script: str, wrong: list[str]):
    """Except as a voice over the picture, in a recording, a memory or a dream."""
    assert lines(script, "dead_speaks", DEAD, ZH_DEAD) == wrong


@pytest.mark.parametrize(
    "change",
    [{"status": "waived"}, {"status": "likely"}, {"since": Moment(3, 2)}, {"since": Moment(4, 1)}],
)
def test_a_death_counts_from_the_scene_after_it_if_it_is_approved(change: dict[str, object]):
    """A lie, a guess, the scene of the death itself and a later one leave people alive."""
    script = (IN + say("SILAS")) * 2
    assert lines(script, "dead_speaks", a_fact("death", "SILAS PRYCE", **change)) == []


def meanwhile(second: str, first_cue: str = "MARA", second_cue: str = "MARA") -> str:
    """Return two scenes, the second under a heading of its own."""
    return "INT. KITCHEN - NIGHT\n\n" + say(first_cue) + f"{second}\n\n" + say(second_cue)


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (meanwhile("INT. HARBOUR - NIGHT - SAME TIME"), ["MARA"]),
        (meanwhile("INT. HARBOUR - SAME"), ["MARA"]),
        (meanwhile("INT. HARBOUR - NIGHT - SAME TIME", "MARA (V.O.)"), []),
        (meanwhile("INT. HARBOUR - NIGHT - SAME TIME", "MARA", "MARA (O.S.)"), []),
        (meanwhile("INT. HARBOUR - NIGHT - CONTINUOUS"), []),
        (meanwhile("INT. KITCHEN - NIGHT - SAME TIME"), []),
        (meanwhile("INT. HARBOUR - NIGHT - SAME TIME", "GUARD", "GUARD"), []),
        (meanwhile("INT. HARBOUR - NIGHT - SAME TIME", "TOBY") + say("TOBY"), ["TOBY"]),
        (".内景 厨房 夜\n\n@林夏\n来。\n\n.外景 码头 夜 同时\n\n@夏夏\n走。\n", ["夏夏"]),
        (".内景 厨房 夜\n\n@林夏（画外音）\n来。\n\n.外景 码头 夜 同时\n\n@夏夏\n走。\n", []),
        (".内景 厨房 夜\n\n@林夏\n来。\n\n.外景 码头 夜 连续\n\n@夏夏\n走。\n", []),
    ],
)
def test_nobody_is_in_two_places_at_one_time(script: str, wrong: list[str]):
    """Voices may be, strangers of one name are two, and CONTINUOUS lets people walk on."""
    assert lines(script, "two_places") == wrong


def test_three_scenes_at_one_time_are_compared_with_each_other():
    """The second SAME TIME means the time of the first scene still."""
    script = (
        "INT. KITCHEN - DAY\n\n" + say("MARA") + "INT. HARBOUR - SAME TIME\n\n" + say("TOBY")
        + "INT. LIGHTHOUSE - SAME TIME\n\n" + say("MARA")
    )  # fmt: skip
    (one,) = found(script, "two_places")
    assert (one.here.scene, one.against and one.against.scene) == (3, 1)


@pytest.mark.parametrize(
    ("heading", "wrong"),
    [
        ("INT. CELLAR - DAY", True),
        ("EXT. KITCHEN GARDEN - DAY", True),
        (".内景 酒窖 日", True),
        ("INT. KITCHEN - NIGHT", False),
        ("int. Kitchen - night", False),
        ("EXT. KITCHEN - NIGHT (FLASHBACK)", False),
        ("INT. KITCHEN (DREAM) - NIGHT", False),
        ("INT. KITCHEN - MORNING - CONTINUOUS", False),
        ("INT. KITCHEN - NIGHT #12A#", False),
        (".内景 厨房（回忆） 夜", False),
        (".外景 码头 夜 同时", False),
        (".12 厨房 内 夜", False),
    ],
)
def test_a_heading_names_a_place_of_the_show(heading: str, wrong: bool):
    """Case, numbers, brackets and what is said of time are no part of the place."""
    assert bool(lines(f"{heading}\n\nRain.\n", "unknown_place")) is wrong


def test_places_that_nobody_listed_are_not_checked():
    """Without a list every place is as good."""
    assert found("INT. CELLAR - DAY\n\nRain.\n", "unknown_place", show=a_show(places=None)) == []


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        ("INT. KITCHEN - NIGHT", "INT. HARBOUR - AFTERNOON - CONTINUOUS", True),
        ("INT. KITCHEN - DUSK", "INT. HARBOUR - DAY - CONTINUOUS", True),
        ("INT. KITCHEN - AFTERNOON", "INT. HARBOUR - MORNING - CONTINUOUS", True),
        ("INT. KITCHEN - EVENING", "INT. HARBOUR - NIGHT - CONTINUOUS", False),
        ("INT. KITCHEN - NIGHT", "INT. HARBOUR - DAWN - CONTINUOUS", False),
        ("INT. KITCHEN - DAY", "INT. HARBOUR - MORNING - CONTINUOUS", False),
        ("INT. KITCHEN - NIGHT", "INT. HARBOUR - DAY", False),
        ("INT. KITCHEN - NIGHT", "INT. HARBOUR - NEXT MORNING - CONTINUOUS", False),
        ("INT. KITCHEN - NIGHT", "INT. HARBOUR - DAY - CONTINUOUS (FLASHBACK)", False),
        ("INT. KITCHEN - NIGHT (FLASHBACK)", "INT. HARBOUR - DAY - CONTINUOUS", False),
        (".内景 厨房 夜", ".外景 码头 黄昏 连续", True),
        (".内景 厨房 下午", ".外景 码头 上午 连续", True),
        (".内景 厨房 夜", ".外景 码头 凌晨 连续", False),
        (".内景 厨房 夜", ".外景 码头 次日 清晨", False),
        (".内景 厨房 夜", ".外景 码头 日", False),
    ],
)
def test_time_does_not_run_backwards_within_continuous_scenes(first: str, second: str, wrong: bool):
    """Night runs into dawn; a new day, a gap and a memory may have any time."""
    assert bool(lines(f"{first}\n\nRain.\n\n{second}\n\nRain.\n", "time_backwards")) is wrong


def test_a_silent_heading_keeps_the_time_of_the_scene_before():
    """CONTINUOUS alone is no time of day."""
    script = "INT. KITCHEN - NIGHT\n\nRain.\n\nINT. HARBOUR - CONTINUOUS\n\nRain.\n\n"
    script += "INT. LIGHTHOUSE - DUSK - CONTINUOUS\n\nRain.\n"
    (one,) = found(script, "time_backwards")
    assert one.against is not None
    assert one.against.scene == 1


@pytest.mark.parametrize(
    ("action", "wrong"),
    [
        ("MARA QUILL (36) comes in.", True),
        ("Mara, 36, comes in.", True),
        ("TOBY QUILL, nine, runs in.", True),
        ("MARA's eyes are blue.", True),
        ("Toby’s hair is black, and wet.", True),
        ("MARA QUILL (34) comes in.", False),
        ("MARA (30s) comes in.", False),
        ("MARA (40ish) comes in.", False),
        ("YOUNG MARA (12) runs in.", False),
        ("In the photograph MARA (12) laughs.", False),
        ("JOAN QUILL (70) comes in with ADA MARA (9).", False),
        ("MARA's eyes are tired.", False),
        ("MARA's eyes are red.", False),
        ("TOBY's hair is white with flour.", False),
        ("MARA's eyes are dark brown.", False),
        ("Toby's wig: TOBY's hair is black, the wig slips.", False),
        ("林夏（36岁）走进来。", True),
        ("林夏，三十六岁，走进来。", True),
        ("林夏的眼睛是蓝色的。", True),
        ("小树的头发是棕色的，湿的。", True),
        ("林夏（34岁）走进来。", False),
        ("照片上的林夏（12岁）在笑。", False),
        ("林夏的眼睛是红红的。", False),
        ("小树的头发是花白的？不，是雪。", False),
    ],
)
def test_action_says_of_people_what_is_fixed_about_them(action: str, wrong: bool):
    """Ages and colours are compared; ranges, pictures, tears and flour say nothing of them."""
    heading = ".内景 厨房 日" if "，" in action or "。" in action else "INT. KITCHEN - DAY"
    assert bool(lines(f"{heading}\n\n{action}\n", "attribute_conflict")) is wrong


def test_a_lie_and_a_memory_tell_no_attribute():
    """What people say, and what was years ago, contradicts nothing."""
    spoken = IN + say("MARA", "MARA's eyes are blue.")
    memory = "INT. KITCHEN - DAY (FLASHBACK)\n\nMARA QUILL (12) hides.\n"
    assert lines(spoken + memory, "attribute_conflict") == []


def test_a_newer_fact_wins_over_the_cast_list():
    """From the scene on that shows it; in that very scene both values may stand."""
    dyed = a_fact("attribute", "TOBY QUILL", attribute="hair", value="black", since=Moment(3, 2))
    text = IN + "{}\n\n" + IN + "{}\n\n" + IN + "{}\n"
    red, black = "TOBY's hair is red.", "TOBY's hair is black."
    assert lines(text.format(red, black, black), "attribute_conflict", dyed) == []
    assert lines(text.format(red, red, red), "attribute_conflict", dyed) == [red]
    assert lines(text.format(black, black, black), "attribute_conflict", dyed) == [black]


SECRET = a_fact("knowledge", "MARA QUILL", holders=("MARA QUILL",), terms=("radio", "signal book"))
ZH_SECRET = a_fact("knowledge", "林夏", holders=("林夏",), terms=("信号", "密码本"))
SAID = say("MARA", "The radio is under the stairs.")


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        (IN + say("TOBY", "Where is the radio?"), 1),
        (IN + say("TOBY", "The Signal-Book is gone."), 1),
        (IN + SAID + say("TOBY", "What radio?"), 0),
        (IN + say("TOBY", "What radio?") + SAID, 1),
        (IN + "Toby stirs the soup.\n\n" + SAID + IN + say("TOBY", "I heard of the radio."), 0),
        (IN + say("SILAS") + SAID + IN + say("TOBY") + say("SILAS", "A radio.") + say("TOBY", "Radio?"), 0),
        (IN + SAID + IN + say("TOBY", "I know of the radio."), 1),
        (IN + "Toby's coat hangs there.\n\n" + SAID + IN + say("TOBY", "Ha, the radio."), 1),
        (IN + "Toby lifts the telephone.\n\n" + say("MARA (V.O.)", "The radio!") + say("TOBY", "Radio?"), 0),
        (IN + "Toby sleeps.\n\n" + say("MARA (V.O.)", "The radio!") + say("TOBY", "Radio?"), 1),
        (IN + say("TOBY", "You radioed? Radiology is closed."), 0),
        (IN + say("HOBDAY", "A radio!"), 1),
        ("INT. KITCHEN - DREAM\n\n" + say("TOBY", "A radio."), 0),
        ("INT. KITCHEN - DREAM\n\n" + say("TOBY") + SAID + IN + say("TOBY", "A radio."), 1),
        (NEI + say("@小树", "信号在哪儿？"), 1),
        (NEI + say("@小树", "我相信号码没错。"), 0),
        (NEI + say("@林夏", "密码本在我这儿。") + say("@小树", "什么密码本？"), 0),
        (NEI + "小树在洗碗。\n\n" + say("@林夏", "密码本在我这儿。") + NEI + say("@小树", "密码本呢？"), 0),
    ],
)
def test_a_secret_is_told_by_who_holds_it_or_heard_it(script: str, wrong: int):
    """Present and silent, on the telephone, told a moment ago or at second hand: they know it."""
    assert len(found(script, "unheld_fact", SECRET, ZH_SECRET)) == wrong


def test_what_was_heard_in_an_earlier_episode_is_known():
    """The canon's scenes count as those of the script."""
    script = IN + say("TOBY", "The radio.")
    assert len(found(script, "unheld_fact", SECRET)) == 1
    told = {Moment(2, 4): IN + say("TOBY") + SAID}
    assert found(script, "unheld_fact", SECRET, earlier=told) == []


def test_a_fact_of_this_episode_is_secret_after_the_scene_that_shows_it():
    """Before and in that scene the word is just a word."""
    late = a_fact("knowledge", "MARA QUILL", holders=("MARA QUILL",), terms=("radio",), since=Moment(3, 2))
    script = (IN + say("TOBY", "A radio.")) * 3
    (one,) = found(script, "unheld_fact", late)
    assert one.here.scene == 3


def test_who_learned_a_fact_is_told_with_the_line():
    """Holders know it since the fact; hearers since the line, which is quoted."""
    elements = tuple(parse(IN + "Silas listens.\n\n" + SAID).elements())
    known = learned(SECRET, [(Moment(3, 1), elements)], a_show().people)
    assert set(known) == {"MARA QUILL", "SILAS PRYCE"}
    assert known["MARA QUILL"][0] == Moment(2, 1)
    at, evidence = known["SILAS PRYCE"]
    assert at == Moment(3, 1)
    assert evidence.quote == "The radio is under the stairs."
    assert evidence.line == 6


@pytest.mark.parametrize(
    ("script", "change", "wrong"),
    [
        (IN + "Rain.\n", {}, True),
        (IN + "She lights the flares.\n", {}, False),
        (IN + say("TOBY", "A FLARE!"), {}, False),
        (IN + "Rain.\n", {"due": 4}, False),
        (IN + "Rain.\n", {"due": None}, False),
        (IN + "Rain.\n", {"status": "waived"}, False),
        (IN + "Rain.\n", {"until": Moment(2, 9)}, False),
        (IN + "A flare.\n\n" + IN + "Rain.\n", {"since": Moment(3, 1)}, True),
        (NEI + "下雨了。\n", {"terms": ("信号弹",)}, True),
        (NEI + "她点燃信号弹。\n", {"terms": ("信号弹",)}, False),
    ],
)
def test_a_set_up_that_is_due_is_paid_off(script: str, change: dict[str, object], wrong: bool):
    """By any of its words, in action or speech, after the scene that planted it."""
    setup = a_fact("setup", "TOBY QUILL", **{"terms": ("flare",), "due": 3, **change})
    hits = found(script, "setup_unpaid", setup)
    assert bool(hits) is wrong
    assert all(one.fact == setup.id and one.here.line for one in hits)


def test_findings_name_both_lines_and_come_in_order():
    """Each finding has the line here and what it contradicts, and a hint in the script's language."""
    script = IN + "MARA QUILL (36) waits.\n\n" + say("HOBDAY") + meanwhile("INT. CELLAR - SAME TIME")
    hits = check(parse(script), a_show(), Canon())
    assert [one.kind for one in hits] == [
        "attribute_conflict",
        "unknown_speaker",
        "unknown_place",
        "two_places",
    ]
    assert [one.here.line for one in hits] == sorted(one.here.line for one in hits)
    assert all(one.certain and one.hint and one.source == "fields" for one in hits)
    assert hits[0].listed == "cast.MARA QUILL.age"
    assert hits[3].against is not None
    assert hits[3].against.quote == "MARA"
    (chinese,) = found(NEI + say("@洗衣妇", "我。"), "unknown_speaker")
    assert "演员表" in chinese.says


def test_a_line_within_a_paragraph_is_found():
    """A speech of several lines is one element; the finding has the number of its own line."""
    (one,) = found(IN + say("TOBY", "Nothing here.\nOnly the radio."), "unheld_fact", SECRET)
    assert (one.here.line, one.here.quote) == (5, "Only the radio.")


def test_an_empty_script_has_nothing_wrong():
    """Not even a set-up that is due: there is no line to say so of."""
    due = a_fact("setup", "TOBY QUILL", terms=("flare",), due=3)
    assert check(parse(""), Show(cast=(CastMember("MARA"),)), Canon.of([due])) == []


@pytest.mark.parametrize("kind", CERTAIN)
def test_notes_and_boneyards_are_not_the_script(kind: str):
    """What only writers see contradicts nothing."""
    script = IN + "[[MARA QUILL (36), the radio, Hobday]]\n\n/* INT. CELLAR - DAY\n\nSILAS\nYes. */\n\n"
    assert lines(script + say("MARA"), kind, SECRET, DEAD) == []  # type: ignore[arg-type]


def test_headings_tell_memories_and_years_apart():
    """Ten years earlier is a memory, five years later is not."""
    assert when("INT. KITCHEN - TEN YEARS EARLIER").unreal == "flashback"
    assert when("INT. KITCHEN - FIVE YEARS LATER").unreal is None
    assert when("内景 厨房 夜 十年前").unreal == "flashback"
    assert when("INT. DREAM HOTEL - NIGHT").unreal is None
    assert when("INT. CAR - DUSK/NIGHT").place == "CAR"
