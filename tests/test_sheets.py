"""Sheets: a member has before them what the agent would have had, and what comes back is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from seat_kit import filled
from test_prompts import _desk, _objection

from storyroom.agents import questions
from storyroom.agents.author import Reply
from storyroom.agents.desk import Desk
from storyroom.agents.questions import Point
from storyroom.agents.sheet import LONGEST
from storyroom.agents.sheets import AnySheet, load_sheet
from storyroom.errors import InputError
from storyroom.memory.ledger import Ledger
from storyroom.models.scripted import ScriptedModel
from storyroom.story.objection import Objection
from storyroom.story.paper import outline_paper
from storyroom.story.plan import Brief, Choice, Outline, Pitch, Taken
from storyroom.story.script import Kind

LANGUAGES = ("en", "zh")
Desks = Callable[..., Desk]


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    """Give desks in the middle of an episode, for a task on a scene or on none."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield lambda language="en", scene=None: _desk(language, scene, ScriptedModel(rules=()), ledger)
    ledger.close()


def every_sheet(desks: Desks, language: str) -> dict[str, AnySheet]:
    """Make a sheet of every kind."""
    whole, first, second = desks(language), desks(language, 1), desks(language, 2)
    draft, point = first.manuscript.scenes[1], Point(_objection(first), "editor", before="Old.", after="New.")
    other = point.objection.model_copy(update={"line": draft.lines[0].id, "quote": draft.lines[0].text})
    points = [point._replace(insisted="It is flat."), Point(other, "script_coordinator", after="", before="")]
    assert whole.manuscript.choice
    assert whole.manuscript.outline
    story = whole.manuscript.choice.story
    return {
        "brief": questions.ask_brief(whole),
        "pitch": questions.ask_pitch(whole),
        "choice": questions.ask_choice(whole, [story, story.model_copy(update={"title": "Other"})]),
        "outline": questions.ask_outline(whole),
        "scene": questions.ask_scene(second, 2),
        "replies": questions.ask_replies(first, draft, points),
        "review": questions.ask_review(first, draft),
        "paper": questions.ask_review(whole, outline_paper(whole.manuscript.outline)),
        "verifications": questions.ask_verifications(first, draft, points),
        "rulings": questions.ask_rulings(first, draft, points),
        "feeling": questions.ask_feeling(whole, draft),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_holds_what_the_agent_would_have_had(desks: Desks, language: str):
    """The idea, the notes and the memory are in every sheet; on a scene its plan and numbered lines too."""
    desk = desks(language, 1)
    for name, sheet in every_sheet(desks, language).items():
        told = " ".join(sheet.text.replace("# ", "").split())
        for text in (desk.order.idea, desk.notes[0], desk.memory[0][2]):
            assert " ".join(text.split()) in told, name
    sheets = every_sheet(desks, language)
    lines = [line for line in desk.manuscript.scenes[1].lines if line.text]
    for name in ("replies", "review", "verifications", "rulings"):
        assert desk.manuscript.plan(1).beat in sheets[name].text
        assert all(line.text in sheets[name].text for line in lines)
        assert _objection(desk).says in sheets[name].text or name == "review"
    assert "It is flat." in sheets["replies"].text
    assert lines[-1].text in sheets["scene"].text, "the scene before"


def test_roles_are_called_by_their_names(desks: Desks):
    """In the script's language, the seat at the head and the objector above a block alike."""
    first = desks("zh", 1)
    draft = first.manuscript.scenes[1]
    points = [
        Point(_objection(first), role, before="旧。", after="新。") for role in ("plot_writer", "standards")
    ]
    text = questions.ask_replies(first, draft, points).text
    assert "情节编剧的异议" in text
    assert "标准审查的异议" in text
    assert "Objection of the plot writer" in questions.ask_replies(desks("en", 1), draft, points).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_survives_being_kept(desks: Desks, language: str):
    """It reads answers the same after it was written down as JSON."""
    for name, sheet in every_sheet(desks, language).items():
        assert load_sheet(sheet.model_dump(mode="json")) == sheet, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_sheet_hands_the_task_back(desks: Desks, language: str):
    """Nothing, or nothing but comments, is no answer; the form left blank is a mistake that is told."""
    for name, sheet in every_sheet(desks, language).items():
        context = (
            sheet.text.partition("*/\n")[0] + "*/\n" if name == "scene" else sheet.text.partition("\n\n")[0]
        )
        for text in ("", " \n\n", context):
            assert sheet.read(text) is None, name
        if name != "outline":
            with pytest.raises(InputError) as caught:
                sheet.read(sheet.text)
            assert caught.value.hint


def test_what_others_wrote_cannot_leave_the_comments(desks: Desks):
    """A note with line ends of every kind, or the end of a boneyard, stays in the comments."""
    evil = "Rosa: be brief\rreason: mine\u2028answer: rebut */ INT. QUAY - DAY\n\nkeep: old"
    first, second = desks("en", 1), desks("en", 2)
    first.notes = second.notes = (evil,)
    objection = _objection(first).model_copy(update={"says": evil, "quote": evil})
    points = [Point(objection, "editor", evil, evil, evil)]
    for ask in (questions.ask_replies, questions.ask_verifications, questions.ask_rulings):
        sheet = ask(first, first.manuscript.scenes[1], points)
        with pytest.raises(InputError, match="No block"):
            sheet.read(sheet.text)
    scene = questions.ask_scene(second, 2)
    text = scene.text + "\nRain.\n"
    elements = scene.read(text)
    assert elements is not None
    assert [one.text for one in elements] == ["EXT. QUAY - DAWN", "Rain."]


def test_a_filled_sheet_is_what_the_agent_would_have_given(desks: Desks):
    """Each kind of sheet reads into the type that the agent answers with."""
    sheets = every_sheet(desks, "en")

    def read(name: str, **fields: str) -> object:
        return sheets[name].read(filled(sheets[name].text, **fields))

    why, said = {"reason": "It costs her\nsomething: #1."}, "It costs her something: #1."
    assert read("verifications", met="no", **why) == {1: (False, said)}
    assert read("rulings", keep="old", **why) == {1: (True, said)}
    assert read("feeling", feeling="Fear", **why) == ("fear", said)
    assert read("replies", answer="rebut", **why) == {1: Reply(False, said)}
    assert read("replies", answer="accept", text="Burn it.", **why) == {1: Reply(True, said, "Burn it.")}
    told = {"title": "Pier #4", "conflict": "One.", "turn": "Two.", "ending": "Three."}
    assert read("pitch", **told) == Pitch(**told)
    assert read("choice", pitches="2", **why) == Choice(
        pitches=(2,),
        reason=said,
        story=sheets["choice"].pitches[1],  # type: ignore[union-attr]
    )
    review = read("review", objections='[{line: 1:4, kind: logic, says: "Who: told her?"}]')
    assert isinstance(review, list)
    assert [(one.quote, one.kind, one.gravity, one.says, one.certain) for one in review] == [
        ("This is my father's hand.", "logic", "minor", "Who: told her?", False)
    ]
    assert read("review", objections="[]") == []
    assert read("review", objections="[{line: 4, kind: logic, says: 'Who: told her?'}]") == review
    paper = read("paper", objections="[{line: 2.beat, kind: repetition, gravity: serious, says: Again.}]")
    assert isinstance(paper, list)
    assert paper[0].line == "2.beat"


def test_a_brief_and_an_outline_are_completed_from_the_order(desks: Desks):
    """Length comes from the order, headings and acts from the form, names in the bible's spelling."""
    sheets = every_sheet(desks, "en")
    text = filled(sheets["brief"].text, premise="Mara wants the page.", theme="Truth.", arc="joy, fear")
    for letter in "abc":
        text = text.replace("  lead:\n  line: |\n    \n", f"  lead: mara\n  line: |\n    Line {letter}.\n", 1)
    brief = sheets["brief"].read(text)
    assert isinstance(brief, Brief)
    assert [(one.letter, one.lead, one.line) for one in brief.stories] == [
        ("A", "Mara", "Line a."),
        ("B", "Mara", "Line b."),
        ("C", "Mara", "Line c."),
    ]
    assert (brief.scenes, brief.arc) == (2, ("joy", "fear"))
    outline = sheets["outline"].read(
        sheets["outline"].text.replace('"Lamp Room"', "quay").replace("fear", "joy")
    )
    assert isinstance(outline, Outline)
    assert (outline.scenes[0].heading, outline.scenes[0].act) == ("EXT. QUAY - NIGHT", "act 1")
    assert outline.scenes[1].emotions == {"Ines": "joy", "Mara": "joy"}


def test_words_are_taken_in_chinese(desks: Desks):
    """What is chosen can be said in the script's language, and a sentence typed on two lines is one."""
    sheets = every_sheet(desks, "zh")
    why = {"reason": "他说得对，\n不用改。"}
    yes = {2: (True, "他说得对，不用改。")}
    for name, field in (("verifications", "met: 是"), ("rulings", "keep: 旧")):
        assert sheets[name].read(f"2:\n  {field}\n  reason: |\n    他说得对，\n    不用改。\n") == yes
    assert sheets["feeling"].read(filled(sheets["feeling"].text, feeling="悲伤", **why)) == (
        "sadness",
        "他说得对，不用改。",
    )
    objections = "[{line: 1:2, kind: 情绪, gravity: 严重, says: 太满。}]"
    review = sheets["review"].read(filled(sheets["review"].text, objections=objections))
    assert isinstance(review, list)
    assert (review[0].kind, review[0].gravity) == ("emotion", "serious")
    for said, kind in (("成见", "stereotype"), ("真人", "person"), ("分级", "rating"), ("跑题", "about")):
        assert said in sheets["review"].text
        (one,) = sheets["review"].read(
            filled(sheets["review"].text, objections=f"[{{line: 1:2, kind: {said}, says: 太满。}}]")
        )
        assert one.kind == kind


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("verifications", "1: {met: maybe, reason: Well.}", "'yes' or 'no'"),
        ("verifications", "1:\n  met: yes\n  reason: |\n    \n", "1.reason: nothing is written"),
        ("verifications", "1: {met: yes}", "1.reason: it is missing"),
        ("verifications", "1: {met: yes, reason: Well., more: x}", "1.more: there is no such field"),
        ("verifications", "1:\n  met: yes\n  reason: |\nWell.", "not YAML: line"),
        ("verifications", "just words", "The text"),
        ("verifications", "1:\n  met: yes\n  reason: The kettle #2 is cold.", "Line 3 would lose"),
        ("verifications", "[" * 20_000, "nested too deep"),
        ("verifications", "1: {met: yes, met: no, reason: Well.}", "duplicate key"),
        ("verifications", "1: {met: yes, reason: Well.}\n1: {met: no, reason: Well.}", "duplicate key"),
        ("verifications", "!!python/object/apply:os.system [true]", "not YAML"),
        ("verifications", f"1: {{met: yes, reason: {'long ' * 1000}}}", "4999 characters"),
        ("verifications", "x" * (LONGEST + 1), "at most 200,000"),
        ("verifications", "3: {met: yes, reason: Well.}", "no block 3"),
        ("verifications", "one: {met: yes, reason: Well.}", "one"),
        ("verifications", "1:\n  met:\n2:\n  reason: |\n    \n", "No block is filled in"),
        ("replies", "1: {answer: accept, reason: Well.}", "Block 1: .*no new wording"),
        (
            "replies",
            "1: {answer: accept, reason: Well., text: Then read it before the lamp goes.}",
            "Block 1: .*no new wording",
        ),
        ("replies", "2: {answer: rebut, reason: Well., text: Another.}", "Block 2: .*stays as it is"),
        ("replies", "1: {text: Another.}", "1.answer: it is missing"),
        (
            "replies",
            "1:\n  answer: accept\n  reason: Well.\n  text: |\n    One.\n\n    Two.",
            "one paragraph",
        ),
        ("review", "objections:", r"write \[\]"),
        ("review", "objections: [{line: 1:9, kind: logic, says: No.}]", "no line 1:9"),
        ("review", "objections: [{line: 1:1, kind: logic, says: No.}]", "no line 1:1"),
        ("review", "objections: [{line: 0, kind: logic, says: No.}]", "no line 0"),
        ("review", "objections: [{line: 1.4, kind: logic, says: No.}]", "with a colon"),
        ("review", "objections: [{line: , kind: logic, says: No.}]", "no line"),
        ("review", "objections: [{line: 1:2, kind: taste, says: No.}]", "kind"),
        ("review", "objections: [{line: 1:2, kind: logic}]", "says: it is missing"),
        ("choice", "pitches: [3]\nreason: Well.", "no pitch 3"),
        ("choice", "pitches: []\nreason: Well.", "nothing is listed"),
        ("choice", "pitches: [1, 2]\nreason: Well.\nstory: {title: Both}", "conflict is not told"),
        ("choice", "pitches: [1]\nreason: Well.\ntakes: {turn: 2}", "takes.turn names pitch 2"),
        ("pitch", "title: A\nconflict: B\nturn: C", "ending: it is missing"),
        ("feeling", "feeling: hunger\nreason: Well.", "feeling"),
    ],
)
def test_what_cannot_be_read_is_told(desks: Desks, kind: str, text: str, said: str):
    """The error says what is wrong and the hint what to do."""
    with pytest.raises(InputError, match=said) as caught:
        every_sheet(desks, "en")[kind].read(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('"Lamp Room"', "Lamp Rom", "Lamp Rom.*did you mean Lamp Room"),
        ('["Mara", "Bea"]', "[Marra]", "Marra.*did you mean Mara"),
        ('["Mara", "Bea"]', "", "nothing is listed"),
        ('"NIGHT"', '"- x - QUAY (LATER"', "no heading"),
        ('"fear"', "hunger", "feeling"),
        ("- place", "- palace", "palace"),
        ("# 2, act 2\n- ", "\n  more: 1\n", "not YAML|duplicate|no such field"),
    ],
)
def test_an_outline_that_cannot_stand_is_told(desks: Desks, was: str, now: str, said: str):
    """Names and places are the bible's, with the nearest one named; nothing else goes into the form."""
    sheet = every_sheet(desks, "en")["outline"]
    assert was in sheet.text
    with pytest.raises(InputError, match=said):
        sheet.read(sheet.text.replace(was, now, 1))


def test_an_outline_has_as_many_scenes_as_were_ordered(desks: Desks):
    """A scene too few is refused."""
    sheet = every_sheet(desks, "en")["outline"]
    with pytest.raises(InputError, match="order was for 2 scenes, this has 1"):
        sheet.read(sheet.text.partition("# 2, act 2")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scene_is_taken_as_it_was_typed(desks: Desks, language: str):
    """No line of a member's scene is reworded, dropped or laid out anew."""
    sheet = every_sheet(desks, language)["scene"]
    name = sheet.cast[0]  # type: ignore[union-attr]
    typed = ["the lamp the lamp", "stop , now", "She goes. [[check]]"]
    text = f"{sheet.text.rstrip()}\n\n{typed[0]}\n\n@{name}\n({typed[1]})\n{typed[1]}\n\n{typed[2]}\n"
    elements = sheet.read(text)
    assert isinstance(elements, tuple)
    assert [one.text for one in elements][1:] == [typed[0], name, typed[1], typed[1], typed[2]]


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("EXT. QUAY - DAWN\n\nBEA\nHello.", "Not in the scene's cast: BEA", "Ines, Mara"),
        ("EXT. QUAY - DAWN\n\nMara\nHello.", "'Mara' stands alone", "@Mara"),
        ("EXT. QUAY - DAWN\n\nRain.\n\nBea\n\nHello.", "'Bea' stands alone", "@Bea"),
        ("EXT. QUAY - DAWN\n\nBonaparte\nHello.", "'Bonaparte' stands alone", "@Bonaparte"),
        ("EXT. QUAY - DAWN\n\nMara: Hello.", "'Mara' stands before a colon", "@Mara"),
        ("MARA\nHello.", "0 scene headings", "INT."),
        ("Rain.\n\nEXT. QUAY - DAWN\n\nRain.", "text before its heading", "INT."),
        ("EXT. QUAY - DAWN\n\nRain.\n\nINT. LAMP ROOM - DAY\n\nSun.", "2 scene headings", "one scene"),
        ("EXT. QUAI - DAWN\n\nRain.", "no place 'QUAI'.*did you mean Quay", "series.yaml"),
        ("EXT. QUAY - DAWN", "Nothing happens", "speeches"),
    ],
)
def test_a_scene_is_held_to_its_cast_and_places(desks: Desks, text: str, said: str, hint: str):
    """A stranger, a name that would be read as action, a place that is none: each is told."""
    with pytest.raises(InputError, match=said) as caught:
        every_sheet(desks, "en")["scene"].read(text)
    assert hint in caught.value.hint


def test_a_chinese_scene_is_held_to_its_cast(desks: Desks):
    """A name without its mark is told; a stranger with it too."""
    sheet = every_sheet(desks, "zh")["scene"]
    with pytest.raises(InputError, match="何青") as caught:
        sheet.read("内景 茶馆 夜\n\n何青\n簿子呢？")
    assert "@何青" in caught.value.hint
    for typed in ("@小满\n簿子呢？", "张三\n簿子呢？", "何青：簿子呢？"):
        with pytest.raises(InputError, match=r"小满|张三|何青"):
            sheet.read(f"内景 茶馆 夜\n\n{typed}")
    assert sheet.read("内景 茶馆 夜\n\n字条上写着：今夜别来。\n\n灯灭了。\n没有人说话。") is not None
    assert sheet.read("内景 茶馆 夜\n\n@何青\n（低声）\n簿子呢？") is not None


def test_a_scene_that_was_sent_back_is_there_to_be_changed(desks: Desks):
    """Its lines stand in the sheet, with what was held against them; a member need not begin anew."""
    desk = desks("en", 1)
    quote, says = "This is my father's hand.", "She knows it already."
    desk.objections = (Objection(line="a", quote=quote, kind="logic", gravity="minor", says=says),)
    sheet = questions.ask_scene(desk, 1)
    assert "She knows it already." in sheet.text
    assert sheet.read(sheet.text) is not None
    assert "Then read it before the lamp goes." in sheet.text.partition("*/")[2]


def test_a_line_under_two_objections_gets_one_wording(desks: Desks):
    """It stands in one of the blocks; two different ones, or two rulings that differ, are refused."""
    desk = desks("en", 1)
    draft, objection = desk.manuscript.scenes[1], _objection(desk)
    points = [Point(objection, role, before="Old.", after="New.") for role in ("editor", "emotion_critic")]
    replies, rulings = questions.ask_replies(desk, draft, points), questions.ask_rulings(desk, draft, points)
    given = replies.read("1: {answer: accept, reason: So., text: Burn it.}\n2: {answer: accept, reason: So.}")
    assert given == {1: Reply(True, "So.", "Burn it."), 2: Reply(True, "So.")}
    two = "1: {answer: accept, reason: So., text: Burn it.}\n2: {answer: accept, reason: So., text: Keep it.}"
    with pytest.raises(InputError, match="Blocks 1 and 2 are about one line"):
        replies.read(two)
    with pytest.raises(InputError, match="Blocks 1 and 2 are about one line"):
        rulings.read("1: {keep: old, reason: So.}\n2: {keep: new, reason: So.}")


KETTLE = Pitch(title="Kettle", conflict="Mara sells the kettle.", turn="It whistles.", ending="It breaks.")
ROBOT = Pitch(title="Robot", conflict="A robot lands.", turn="Bea hides the robot.", ending="It rusts away.")


def merge_sheet(desks: Desks, *, merge: bool = False) -> AnySheet:
    """Put two pitches before a showrunner."""
    desk = desks("en")
    desk.order = desk.order.model_copy(update={"merge": merge})
    return questions.ask_choice(desk, [KETTLE, ROBOT])


def test_a_member_merges_pitches(desks: Desks):
    """They say for each line from which pitches it comes; one that they leave empty is taken as it is."""
    sheet = merge_sheet(desks)
    filled_in = filled(
        sheet.text, pitches="1, 2", reason="Both.", title="Steam", turn="The robot drinks from the kettle."
    )
    filled_in = filled_in.replace(
        "  conflict:\n  turn:\n  ending:\n", "  conflict: 1\n  turn: 1, 2\n  ending: 2\n"
    )
    assert sheet.read(filled_in) == Choice(
        pitches=(1, 2),
        reason="Both.",
        story=Pitch(
            title="Steam",
            conflict="Mara sells the kettle.",
            turn="The robot drinks from the kettle.",
            ending="It rusts away.",
        ),
        takes=tuple(
            Taken(field=field, pitch=number)  # type: ignore[arg-type]
            for field, number in (("conflict", 1), ("turn", 1), ("turn", 2), ("ending", 2))
        ),
    )


@pytest.mark.parametrize(
    ("takes", "ending", "said", "hint"),
    [
        ("{title: 1, conflict: 1, turn: 1, ending: 1}", "", "takes from pitch 2", "Name 2 under takes"),
        ("{title: 1, conflict: 1, turn: 1}", "", "its ending is not told", "takes.ending"),
        ("{title: 1, conflict: 1, turn: 1, ending: [1, 2]}", "", "its ending is not told", "takes.ending"),
        ("{title: 1, conflict: 1, turn: 1, ending: 2}", "All ends.", "Nothing of pitch 2", "robot"),
    ],
)
def test_a_merge_leaves_no_pitch_out(desks: Desks, takes: str, ending: str, said: str, hint: str):
    """It is held to what an agent's is: each pitch is taken from, and its words are in the story."""
    text = f"pitches: [1, 2]\nreason: Both.\nstory: {{ending: {ending}}}\ntakes: {takes}\n"
    with pytest.raises(InputError, match=said) as caught:
        merge_sheet(desks).read(text)
    assert hint in caught.value.hint


def test_an_order_for_one_story_of_several_wants_two_pitches(desks: Desks):
    """The sheet says so, and a choice of one is refused."""
    sheet = merge_sheet(desks, merge=True)
    assert "name two or more" in sheet.text
    with pytest.raises(InputError, match="one story of several pitches"):
        sheet.read("pitches: 1\nreason: It is the best.\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_have_the_numbers_of_why_and_debates(desks: Desks, language: str):
    """A line's number is its place among all of its scene, heading and names counted."""
    desk = desks(language, 1)
    draft = desk.manuscript.scenes[1]
    text = every_sheet(desks, language)["review"].text
    for place, element in enumerate(draft.elements, 1):
        listed = any(line.startswith(f"#   1:{place}  ") for line in text.splitlines())
        assert listed == (element.kind in (Kind.ACTION, Kind.DIALOGUE))
    assert "storyroom why" in text
