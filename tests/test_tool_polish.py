"""Polish: what it finds, what it leaves alone, and that a change is made exactly as it was shown."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from room_kit import MODEL, a_series, open_room
from typer.testing import CliRunner, Result

from storyroom.cli import polishing, voicing
from storyroom.cli.main import Commands
from storyroom.formats.fountain import parse, read_file, write
from storyroom.memory.inbox import Note
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.story.script import Kind
from storyroom.story.surprise import TokenBits
from storyroom.tools.polish import KINDS, Change, Polished, apply, ask_editor, polish, with_predictable
from storyroom.tools.polish.change import Edit, edited, edits_between
from storyroom.tools.polish.guard import Guard
from storyroom.tools.workbench import workbench

ROOT = Path(__file__).parent.parent
CLEAN = [
    *sorted((ROOT / "examples").glob("*/episodes/*.fountain")),
    *sorted((ROOT / "tests" / "corpus" / "scripts").glob("*.fountain")),
]

ENGLISH = """Title: Slips

int. lamp room - night

Mara climbs the the stair. She open the logbook , and reads.


MARA
You should of told me. I dont know why you  came
(beat)
It's a old lamp.. It has seen a unicorn [[keep dont]].

SILAS
Where is the key

MARA (CONT'D)
That's alot of rope,rope for a boat!!

Silas leaves.

MARA
He was always like that. i mean it.

SILAS
I heard that. At the end of the day, a lamp is a lamp.

INES
"You never said.

INES
A dash -- like this -- and one — like that.
"""
CHINESE = """内景 灯塔 夜

玛拉打开航海日志,看了一眼。 她翻到最后一页。。

@玛拉
你早该告诉我的的，为什么不说!
（停顿）
我不知道...也许吧

@塞拉斯
钥匙呢？？

@玛拉
他说："明天就走。"然后没有回来—再也没有。

塞拉斯离开。

@塞拉斯
我听 见了。(笑)这盏灯，，不会灭。

@玛拉
他在九月三号走了了。

@玛拉
我们回不去了。
"""


def _made(text: str) -> str:
    found = polish(parse(text))
    return write(apply(found, range(1, len(found.changes) + 1)))


def _reasons(text: str, kind: str) -> list[str]:
    return [one.reason for one in polish(parse(text)).changes if one.kind == kind]


# What is found


def test_english_slips_are_mended_and_nothing_else() -> None:
    """Every planted slip is put right; notes, odd spacing between paragraphs and good lines stay."""
    assert _made(ENGLISH) == (
        ENGLISH.replace("int. lamp room - night", "INT. LAMP ROOM - NIGHT")
        .replace("the the", "the")
        .replace("She open the logbook ,", "She opens the logbook,")
        .replace("should of", "should have")
        .replace("I dont", "I don't")
        .replace("you  came", "you came")
        .replace("a old lamp..", "an old lamp...")
        .replace("the key\n", "the key?\n")
        .replace("alot of rope,rope", "a lot of rope, rope")
        .replace("boat!!", "boat!")
        .replace(" i mean", " I mean")
        .replace("one — like", "one -- like")
    )


def test_what_only_a_writer_can_mend_is_a_remark() -> None:
    """It has a reason and no new wording, so making it changes nothing."""
    found = polish(parse(ENGLISH))
    remarks = {(one.kind, one.reason) for one in found.changes if one.remark}
    assert remarks == {
        ("style", "It says (CONT'D), and somebody else spoke last."),
        ("logic", "Silas has left this scene, and nothing says that Silas is back."),
        ("cliche", "“At the end of the day” is worn."),
        ("punctuation", "A quotation is opened and not closed, or the other way."),
    }
    numbers = [n for n, one in enumerate(found.changes, 1) if one.remark]
    assert write(apply(found, numbers)) == ENGLISH


def test_chinese_slips_are_mended_and_nothing_else() -> None:
    """Full-width marks, doubled marks and characters, quotes, ellipsis, dash, spaces, ends."""
    assert _made(CHINESE) == (
        CHINESE.replace("日志,看了一眼。 她", "日志，看了一眼。她")
        .replace("一页。。", "一页。")
        .replace("的的，为什么不说!", "的，为什么不说！")
        .replace("我不知道...也许吧", "我不知道……也许吧。")
        .replace("钥匙呢？？", "钥匙呢？")
        .replace('"明天就走。"', "“明天就走。”")
        .replace("回来—再", "回来——再")
        .replace("我听 见了。(笑)这盏灯，，", "我听见了。（笑）这盏灯，")
        .replace("走了了", "走了")
    )
    assert _reasons(CHINESE, "cliche") == ["“我们回不去了” is worn."]
    assert _reasons(CHINESE, "logic") == ["塞拉斯 has left this scene, and nothing says that 塞拉斯 is back."]


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_good_scripts_are_left_alone(path: Path) -> None:
    """Ten finished scripts in both languages have nothing to mend: rules that cry wolf are turned off."""
    found = polish(read_file(path))
    assert [one.reason for one in found.changes] == []
    assert found.refused == ()


@pytest.mark.parametrize(
    "line",
    [
        "He gave her her coat, and she had had enough that that would do.",
        "I ain't going nowhere. We was there. He don't care.",
        "A one-eyed man, a European, a unit, a university, an hour, an heir, an MRI, a U-boat.",
        "Plan A is good; plan a is better. I could, of course. E.g. this. No... wait?! Really?",
        "Blow out, e.g. at 3.5 p.m., www.example.com, a 10,000 to 1 shot.",
        "Step by step, day by day, on and on and on.",
        "Well well well. No no no. Very, very good.",
    ],
)
def test_what_may_be_meant_is_left_alone(line: str) -> None:
    """Dialect, idiom, names, figures and insistence are no slips."""
    text = f"INT. A - DAY\n\nMARA\n{line}\n"
    assert [one.reason for one in polish(parse(text)).changes] == []


@pytest.mark.parametrize(
    "line",
    [
        "好的的确如此，我的目的的确是这样。",
        "这事不了了之，一目了然。",
        "他说：“走吧。”——可是谁也没动……",
        "是是是，好好好，人人都知道。",
        "点名：张三  李四  王五  赵六",
        "Mary说OK，3:45分见。",
    ],
)
def test_good_chinese_is_left_alone(line: str) -> None:
    """Characters that stand twice by right, lists, figures and names in letters are no slips."""
    text = f"内景 灯塔 夜\n\n@玛拉\n{line}\n"
    assert [one.reason for one in polish(parse(text)).changes] == []


def test_a_comma_before_a_figure_is_full_width_too() -> None:
    """A colon and a point there may belong to the figure."""
    text = "内景 灯塔 夜\n\n三月,12个人来了;3个走了。比分:3。\n"
    assert _made(text) == text.replace(",", "，").replace(";", "；")


def test_customs_follow_the_script() -> None:
    """The rarer of two ways is changed to the other, and where neither is rare nothing is."""
    curly = "INT. A - DAY\n\nIt’s his. It’s hers. It's mine. “Yes.” “No.”\n"
    assert _made(curly) == curly.replace("It's", "It’s")
    even = "INT. A - DAY\n\nIt’s his. It's mine.\n"
    assert _made(even) == even
    corners = "内景 塔 夜\n\n她说：「来。」他说：「不。」她说：“好。”\n"
    assert _made(corners) == corners.replace("“好。”", "「好。」")


def test_typewriter_spacing_is_a_custom() -> None:
    """Two spaces behind each sentence are meant; two between words are not."""
    text = "INT. A - DAY\n\nRain falls.  It stops.  It falls  again.  Night.\n"
    assert _made(text) == text.replace("falls  again", "falls again")


def test_end_marks_are_missed_only_where_the_script_has_them() -> None:
    """In a script whose speeches end without marks none is put in."""
    lines = "".join(f"MARA\nLine {n} of many\n\nINES\nAnd {n} more\n\n" for n in range(5))
    assert _made(f"INT. A - DAY\n\n{lines}") == f"INT. A - DAY\n\n{lines}"


def test_repetition_across_two_lines_of_one_voice() -> None:
    """A word that tells something, three times in two lines; an echo by somebody else is dialogue."""
    action = (
        "INT. A - DAY\n\nThe ferry horn sounds across the harbour.\n\n"
        "The ferry turns, and another ferry leaves.\n"
    )
    assert _reasons(action, "repetition") == ["“ferry” stands 3 times in two lines."]
    echo = "INT. A - DAY\n\nMARA\nThe ferry horn sounds tonight.\n\nINES\nThe ferry? Which ferry came?\n"
    assert _reasons(echo, "repetition") == []
    chinese = "内景 塔 夜\n\n渡船靠岸，灯火摇晃，人群散开。\n\n渡船又动，渡船走远，江面安静。\n"
    assert _reasons(chinese, "repetition") == ["“渡船” stands 3 times in two lines."]


def test_a_long_speech_is_counted_in_lines_of_the_page() -> None:
    """Parentheticals do not part it; a Chinese character is two columns wide."""
    first, second = "The tide comes in and the tide goes out. " * 6, "It never asks. " * 15
    english = f"INT. A - DAY\n\nMARA\n{first}\n(beat)\n{second}\n"
    assert _reasons(english, "length") == ["The speech runs for 14 lines on the page."]
    assert _reasons(f"内景 塔 夜\n\n@玛拉\n{'潮水来了又去。' * 40}\n", "length") == [
        "The speech runs for 16 lines on the page."
    ]


@pytest.mark.parametrize(
    "between", ["Silas comes back.", "The door opens. Silas.", "Mara waits until he enters again."]
)
def test_who_comes_back_may_speak(between: str) -> None:
    """An action that names him, or says that somebody enters, is doubt enough; so is a voice over."""
    text = f"INT. A - DAY\n\nSilas leaves.\n\n{between}\n\nSILAS\nI forgot my hat.\n"
    assert _reasons(text, "logic") == []
    assert _reasons("INT. A - DAY\n\nSilas leaves.\n\nSILAS (O.S.)\nMy hat.\n", "logic") == []


def test_slips_in_cues_and_numbers() -> None:
    """A name one letter off, and a scene number that comes twice."""
    cues = "".join(f"MARA\nLine {n}.\n\nINES\nYes.\n\n" for n in range(6))
    text = f"INT. A - DAY #1#\n\n{cues}MARRA\nOh.\n\nINT. B - DAY #1#\n\nRain.\n"
    assert _reasons(text, "logic") == [
        "MARRA speaks once and MARA often: is it the same name?",
        "There is a scene 1 before this one.",
    ]


# What may not be changed


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Mara waits for Tomas.", "Mara waits.", "a name (tomas)"),
        ("Meet me at the quay.", "Meet me at the harbour.", "a name (quay)"),
        ("It took eleven minutes.", "It took ten minutes.", "a number (eleven, ten)"),
        ("The ninth of March.", "The 9th of March.", "a number (ninth"),
        ("I did not do it.", "I did it.", "what is denied (not)"),
        ("I don't know.", "I do not know.", ""),
        ("I dont know.", "I don't know.", ""),
        ("玛拉等了三天。", "玛拉等了四天。", "a number (三, 四)"),
        ("玛拉走了。", "她走了。", "a name (玛拉)"),
        ("我不去。", "我去。", "what is denied (不)"),
        ("她读《过江簿》。", "她读那本书。", "a name (《过江簿》)"),
        ("Mara waits. [[how long?]]", "Mara waits.", "a note within the line"),
        ("Mara waits.", " ", "take the line away"),
    ],
)
def test_names_numbers_and_denials_are_watched_over(old: str, new: str, why: str) -> None:
    """A change that would touch one is refused, and it is said which."""
    script = parse("INT. QUAY - DAY\n\nMARA\nHi.\n\nTOMAS\nHi.\n\n@玛拉\n好。\n")
    found = Guard(tuple(script.elements())).against(old, new)
    assert why in found
    assert bool(found) == bool(why)


def test_a_rule_that_would_change_a_name_is_refused_and_listed() -> None:
    """A character called From stays; the reader sees what was refused, and why."""
    found = polish(parse("INT. A - DAY\n\nFROM\nHi.\n\nA call from From.\n"))
    assert found.changes == ()
    assert [one.why for one in found.refused] == ["it would change a name (from)"]


# Making changes


@given(st.text("ab 好。", max_size=12), st.text("ab 好。", max_size=12))
def test_edits_make_one_text_of_the_other(old: str, new: str) -> None:
    """Whatever the two texts are, the edits between them lead from one to the other."""
    assert edited(old, edits_between(old, new)) == new


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([ENGLISH, CHINESE]), st.data(), st.sampled_from(["\n", "\r\n"]))
def test_any_choice_of_changes_gives_exactly_the_wordings_shown(
    text: str, data: st.DataObject, newline: str
) -> None:
    """What is accepted reads as it was shown; the lines of what is refused keep every byte."""
    text = text.replace("\n", newline)
    found = polish(parse(text))
    chosen = data.draw(st.sets(st.integers(1, len(found.changes))))
    script = apply(found, chosen)
    for place, (before, after) in enumerate(zip(found.elements, script.elements(), strict=True)):
        edits = [
            edit for n in chosen for edit in found.changes[n - 1].edits if found.changes[n - 1].place == place
        ]
        assert after.text == edited(before.text, edits)
        assert (after.kind, after.extension) == (before.kind, before.extension)
    raw_before, raw_after = text.split(newline), write(script).split(newline)
    touched = {
        found.elements[found.changes[n - 1].place].source.line  # type: ignore[union-attr]
        for n in chosen
        if not found.changes[n - 1].remark
    }
    assert len(raw_before) == len(raw_after)
    for number, (one, other) in enumerate(zip(raw_before, raw_after, strict=True), 1):
        assert (one == other) == (number not in touched)


def test_doing_it_again_finds_no_more_changes() -> None:
    """What has been mended is not mended a second time; only remarks stay."""
    for text in (ENGLISH, CHINESE):
        again = polish(parse(_made(text)))
        assert [one.reason for one in again.changes if not one.remark] == []


def test_a_wording_that_would_be_read_as_something_else_is_laid_out_afresh() -> None:
    """If a changed action would read as a heading, it is forced to stay an action."""
    script = parse("INT. A - DAY\n\nOur int. lamp is lit.\n")
    change = Change(1, (Edit(0, 4, ""),), "grammar", "x", "code")
    made = apply(Polished(script, (change,)), {1})
    assert [one.kind for one in parse(write(made)).elements()] == [Kind.SCENE_HEADING, Kind.ACTION]


# The model


def _asked(text: str, *changes: dict[str, str]) -> Polished:
    def answer(call: Call) -> str:
        return json.dumps({"changes": list(changes)})

    script = parse(text)
    model = ScriptedModel(rules=(Rule("*", (answer,)),))
    with workbench(tool="polish", script=script, model=MODEL, models={MODEL: model}) as bench:
        return asyncio.run(ask_editor(bench, polish(script)))


SCENE = (
    "INT. QUAY - NIGHT\n\nThe ferry turns slowly around in the dark.\n\n"
    "MARA\nI told you that I was never there.\n"
)


def test_a_model_s_change_is_proposed_with_its_reason() -> None:
    """It comes word by word, so that what is not touched stays."""
    said = "One word says it."
    found = _asked(
        SCENE, {"line": "1", "kind": "length", "text": "The ferry turns in the dark.", "reason": said}
    )
    (change,) = found.changes
    assert (change.by, change.kind, change.reason) == (MODEL, "length", said)
    assert "The ferry turns in the dark.\n" in write(apply(found, {1}))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I told you that I was there.", "denied"),
        ("Gulls were never there.", "hardly a word"),
        ("I told you that I was never there, and you know that I told you so, over and over.", "would add"),
        ("I told you you that I was never there.", "stammers"),
    ],
)
def test_a_model_s_change_of_meaning_is_refused(text: str, why: str) -> None:
    """Nothing of it is proposed; it is listed with the reason."""
    found = _asked(SCENE, {"line": "2", "kind": "grammar", "text": text, "reason": "It sounds better."})
    assert found.changes == ()
    assert why in found.refused[0].why


def test_where_both_spoke_the_code_rule_stands() -> None:
    """A model's change to the same words is listed as refused."""
    text = SCENE.replace("slowly around", "slowly around the the pier")
    new = "The ferry turns slowly around a pier in the dark."
    found = _asked(text, {"line": "1", "kind": "grammar", "text": new, "reason": "It sounds better."})
    assert [one.by for one in found.changes] == ["code"]
    assert [one.why for one in found.refused] == ["another change touches the same words"]


def test_predictable_words_become_remarks() -> None:
    """A stretch that the model saw coming is named, with its bits; lines of surprise are not."""
    script = parse(
        "INT. A - DAY\n\nMARA\nActions speak louder than words.\n\nThe herring counted itself twice.\n"
    )
    words = [(0, 7), (8, 13), (14, 20), (21, 25), (26, 31)]
    low, high = ([TokenBits(a, b, bits) for a, b in words] for bits in (0.2, 9.0))
    found = with_predictable(Polished(script, ()), {2: low, 3: high})
    assert [one.reason for one in found.changes] == [
        "“Actions speak louder than words” is what anybody would say next (0.2 bits a token)."
    ]


def test_predictable_words_of_two_sentences_or_of_names_are_no_phrase() -> None:
    """What runs over a full stop, shouts a name or counts is not worn."""
    for text in ("Talking about? I go.", "MRS PETTIBONE WAITS HERE.", "Of 39 to 40 to 41."):
        tokens = [TokenBits(n, n + 1, 0.1) for n in range(len(text))]
        script = parse(f"INT. A - DAY\n\nMARA\n{text}\n")
        assert with_predictable(Polished(script, ()), {2: tokens}).changes == ()


# Bad input


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Title: X\n", "FADE IN:\n\nRain.\n\nMore rain.\n", "[[only a note]]\n"]
)
def test_scripts_with_nothing_to_say(text: str) -> None:
    """Empty, a title page, only action: nothing is found, and nothing changes."""
    found = polish(parse(text))
    assert found.changes == ()
    assert write(apply(found, ())) == text


def test_a_third_language_is_left_to_those_who_know_it() -> None:
    """French keeps its spaces before marks; doubled ones go, and the reader is told."""
    lines = "Vous êtes venue pour le phare ? Je ne sais pas !\n"
    text = "INT. PHARE - NUIT\n\n" + "".join(
        f"MARA\n{lines}\nINÈS\nPourquoi pas,, alors ?\n\n" for _ in range(6)
    )
    found = polish(parse(text))
    assert {one.reason for one in found.changes} == {"“,” stands twice."}
    assert "neither English nor Chinese" in found.told[0]


def test_ten_thousand_lines_are_looked_at_line_by_line() -> None:
    """A very long script gives each slip once, whatever its length; work does not grow with its square."""
    scene = (
        "INT. ROOM {} - DAY\n\nMARA\nI told the the others about it.\n\n"
        "INES\nYou did, and they went home.\n\n"
    )
    text = "".join(scene.format(n) for n in range(2000))
    found = polish(parse(text))
    assert len(found.elements) == 10_000
    assert len(found.changes) == 2000
    assert "the the" not in write(apply(found, range(1, 2001)))


# The command


def command(*arguments: str | Path, given: str | None = None) -> Result:
    """Run polish or voice in this process."""
    app = typer.Typer(cls=Commands)
    app.command("polish")(polishing.polish)
    app.command("voice")(voicing.voice)
    return CliRunner().invoke(app, [str(one) for one in arguments], input=given)


@pytest.fixture
def slips(tmp_path: Path) -> Path:
    """A script with slips in it, in a file."""
    path = tmp_path / "slips.fountain"
    path.write_text(ENGLISH, encoding="utf-8", newline="")
    return path


def test_the_command_lists_and_writes_nothing(slips: Path) -> None:
    """Without --apply it only shows: number, line, kind, reason, and the words that change."""
    done = command("polish", slips, "--alone")
    assert done.exit_code == 0
    assert "2  line 5  repetition: “the” stands twice.  (code)" in done.stdout
    assert "Mara climbs the [-the -]stair." in done.stdout
    assert slips.read_text("utf-8") == ENGLISH


def test_the_command_writes_a_new_file(slips: Path, tmp_path: Path) -> None:
    """--apply makes what is accepted; the file that was read stays."""
    out = tmp_path / "out.fountain"
    assert command("polish", slips, "--apply", out, "--accept", "2", "--alone").exit_code == 0
    assert out.read_text("utf-8") == ENGLISH.replace("the the", "the")
    assert slips.read_text("utf-8") == ENGLISH


def test_kinds_and_refusals_narrow_what_is_made(slips: Path, tmp_path: Path) -> None:
    """--only and --skip choose kinds, --refuse takes out single numbers."""
    out = tmp_path / "out.fountain"
    command(
        "polish",
        slips,
        "--apply",
        out,
        "--only",
        "repetition",
        "--only",
        "grammar",
        "--skip",
        "grammar",
        "--alone",
    )
    assert out.read_text("utf-8") == ENGLISH.replace("the the", "the")
    everything = json.loads(command("polish", slips, "--json", "--alone").stdout)["changes"]
    numbers = [str(one["number"]) for one in everything if one["kind"] != "repetition"]
    command(
        "polish", slips, "--apply", out, "--force", *[x for n in numbers for x in ("--refuse", n)], "--alone"
    )
    assert out.read_text("utf-8") == ENGLISH.replace("the the", "the")


def test_a_file_is_written_over_only_by_force_and_kept(slips: Path) -> None:
    """In place it takes --force, and what the file was stays beside it."""
    refused = command("polish", slips, "--apply", slips, "--alone")
    assert refused.exit_code == 2
    assert slips.read_text("utf-8") == ENGLISH
    assert command("polish", slips, "--apply", slips, "--force", "--alone").exit_code == 0
    assert slips.read_text("utf-8") == _made(ENGLISH)
    assert slips.with_name("slips.fountain.bak").read_text("utf-8") == ENGLISH


def test_changes_are_accepted_one_by_one(slips: Path, tmp_path: Path) -> None:
    """y makes a change, n leaves it, q leaves the others; remarks are shown and not asked about."""
    out = tmp_path / "out.fountain"
    done = command("polish", slips, "-i", "--apply", out, "--alone", given="n\ny\nq\n")
    assert done.exit_code == 0
    assert out.read_text("utf-8") == ENGLISH.replace("the the", "the")


def test_standard_input_and_output() -> None:
    """`-` reads Fountain, `--apply -` writes nothing but the script."""
    done = command("polish", "-", "--apply", "-", "--alone", given=CHINESE)
    assert done.stdout == _made(CHINESE)


def test_a_note_quotes_what_it_is_about(slips: Path, tmp_path: Path) -> None:
    """The role has the script under other line numbers; where nothing was found, no note is left."""
    folder = a_series(tmp_path)
    to = ("--model", "none", "--note-to", "editor", "--from", "Rosa", "-s", folder)
    assert "Sent to editor" in command("polish", slips, *to).output
    good = tmp_path / "good.fountain"
    good.write_text("INT. LAMP ROOM - NIGHT\n\nRain falls.\n", encoding="utf-8")
    assert "Nothing was sent" in command("polish", good, *to).output
    with open_room(folder) as room:
        (note,) = room.ledger.inbox.items(Note)
    assert "Mara climbs the [-the -]stair." in note.text
    assert "Line 17, grammar: “A lot” is two words. That's [-alot-]{+a lot+} of rope" in note.text
    shown = note.text.count("\nLine ")
    assert note.text.endswith(f"… and {19 - shown} more.")


def test_answers_cannot_come_the_way_the_script_came() -> None:
    """Standard input is read to its end by then, and nobody can be asked."""
    refused = command("polish", "-", "-i", "--alone", given=ENGLISH)
    assert refused.exit_code == 2
    assert "Standard input" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "spelling"), "no kind"),
        (("--accept", "99"), "no change 99"),
        (("--accept", "1", "--refuse", "2"), "exclude"),
        (("--apply", "out.pdf"), "Fountain"),
        (("--note-to", "editor"), "from"),
        (("--note-to", "editor", "--from", "Rosa"), "series"),
    ],
)
def test_what_cannot_be_used_is_told(slips: Path, arguments: tuple[str, ...], said: str) -> None:
    """A word and a hint, and no file."""
    done = command("polish", slips, "--alone", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "hint:" in done.stderr


def test_json_holds_everything(slips: Path) -> None:
    """Numbers, lines, kinds, reasons, both wordings; a remark has no wording after it."""
    found: dict[str, Any] = json.loads(command("polish", slips, "--json", "--alone").stdout)
    assert [one["number"] for one in found["changes"]] == list(range(1, len(found["changes"]) + 1))
    assert {one["kind"] for one in found["changes"]} <= set(KINDS)
    assert all((one["after"] is None) or one["after"] != one["before"] for one in found["changes"])
