"""Voice: how a character speaks, from files and from a series, and what is said where it cannot be told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from room_kit import EXAMPLES, MODEL, open_room
from test_tool_polish import command

from storyroom.bible_file import load_bible
from storyroom.errors import InputError, ModelRefused
from storyroom.formats.fountain import parse, read_file
from storyroom.models.base import Capabilities
from storyroom.models.scripted import ScriptedModel
from storyroom.story.script import Script
from storyroom.story.surprise import TokenBits
from storyroom.tools.reading import surprise_by_line
from storyroom.tools.voice import scenes_to_read, speeches_in, voice, with_surprise


def _series(name: str) -> dict[str, Script]:
    return {path.name: read_file(path) for path in sorted((EXAMPLES / name / "episodes").glob("*.fountain"))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of an example series with its episodes, and nothing remembered yet."""
    made = tmp_path / "the-last-light"
    shutil.copytree(EXAMPLES / "the-last-light", made, ignore=shutil.ignore_patterns(".storyroom", "drafts"))
    return made


@pytest.mark.parametrize("name", ["Pell", "PELL", "@pell", "Pell (V.O.)", "ＰＥＬＬ"])
def test_any_spelling_of_a_name_means_her(name: str) -> None:
    """Cue, forced cue, extension and full width all find the same speeches."""
    report = voice(_series("the-last-light"), name, load_bible(EXAMPLES / "the-last-light"))
    assert (report.who, report.hers.speeches) == ("Pell", 20)
    assert ("dear", 5, 0) in [(one.word, one.times, one.others) for one in report.favourites]


def test_an_alias_of_the_bible_means_her() -> None:
    """Mara Quill is Mara; without the bible nobody is called so."""
    scripts = _series("the-last-light")
    assert voice(scripts, "Mara Quill", load_bible(EXAMPLES / "the-last-light")).who == "Mara"
    with pytest.raises(InputError, match="Mara Quill"):
        voice(scripts, "Mara Quill")


def test_lists_come_with_what_they_are_worth() -> None:
    """Pell is told from the others better than by guessing; the lists are hers and theirs."""
    report = voice(_series("the-last-light"), "Pell", most=4)
    assert report.trust is not None
    assert report.trust.beats_guessing
    assert len(report.alike) == 4
    assert {one.speaker for one in report.unlike} == {"PELL"}
    assert "PELL" not in {one.speaker for one in report.alike}
    assert report.alike[0].where == "s01e01-the-notice.fountain:161"


def test_where_voices_cannot_be_told_apart_there_is_no_list() -> None:
    """Silas has speeches enough, and still no list: it would be a guess."""
    report = voice(_series("the-last-light"), "Silas")
    assert report.trust is not None
    assert (report.alike, report.unlike) == ((), ())
    assert "cannot be told from the others" in report.withheld


def test_too_few_speeches_are_told() -> None:
    """Bea has nineteen: measured, and not listed."""
    report = voice(_series("the-last-light"), "Bea")
    assert report.trust is None
    assert report.withheld.startswith("BEA has 19 speeches and the others 130;")


def test_a_chinese_voice() -> None:
    """Particles instead of short forms, characters instead of words, pieces of words as favourites."""
    report = voice(_series("the-long-river"), "小满", load_bible(EXAMPLES / "the-long-river"))
    assert report.hers.short_forms is None
    assert report.hers.particles is not None
    assert report.others is not None
    assert report.hers.exclamations > report.others.exclamations
    assert "何爷爷" in [one.word for one in report.favourites]
    assert "爷爷" not in [one.word for one in report.favourites]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Nobody speaks"),
        ("INT. A - DAY\n\nOnly rain.\n", "Nobody speaks"),
        ("INT. A - DAY\n\nINES\nHello.\n", "Nobody called 'Mara'"),
        ("INT. A - DAY\n\nMARA\n…\n\nINES\nHello.\n", "nothing but marks"),
    ],
)
def test_nothing_to_listen_to_is_told(text: str, said: str) -> None:
    """Empty, only action, somebody else, only marks: a word and a hint."""
    with pytest.raises(InputError, match=said) as caught:
        voice({"a": parse(text)}, "Mara")
    assert caught.value.hint


def test_a_character_of_the_bible_without_a_line_is_told_as_such() -> None:
    """It is no misspelling."""
    script = parse("INT. A - DAY\n\nINES\nHello.\n")
    with pytest.raises(InputError, match="Mara has no line"):
        voice({"a": script}, "Mara", load_bible(EXAMPLES / "the-last-light"))


def test_a_monologue_has_nobody_beside_it() -> None:
    """There are no others to measure, and that is no error; a third language is measured all the same."""
    report = voice({"a": parse("INT. A - JOUR\n\nMARA\nJe ne sais pas. Peut-être.\n")}, "Mara")
    assert report.others is None
    assert report.hers.words == 5
    assert report.withheld


def test_ten_thousand_lines() -> None:
    """A whole season is listened to at once."""
    scene = (
        "INT. ROOM {0} - DAY\n\nMARA\nNo. Write that down, {0}.\n\n"
        "INES\nI'm sorry, I think it was {0}, maybe.\n\n"
    )
    report = voice({"a": parse("".join(scene.format(n) for n in range(2000)))}, "Mara")
    assert report.hers.speeches == 2000
    assert report.trust is not None
    assert report.trust.auc > 0.99


# Surprise


class _Reader(ScriptedModel):
    """Finds each letter of Mara's name 1 bit surprising and everything else 5."""

    capabilities: Capabilities = Capabilities(
        grammar=True, json_schema=True, prefill=True, surprise=True, context_length=9999, languages=("en",)
    )

    def surprise(self, text: str, given: str = "") -> list[TokenBits]:
        return [TokenBits(n, n + 1, 1.0 if c in "MARA" else 5.0) for n, c in enumerate(text)][1:]


def test_surprise_is_measured_line_by_line() -> None:
    """The bits of a line are those of its own letters, whatever stands around it."""
    script = parse("FADE IN:\n\nINT. A - DAY\n\nRain.\n\nMARA\n(low)\nMARA.\n\nINES\nNo!\n")
    read = surprise_by_line(_Reader(rules=()), script, "en")
    lines = list(script.elements())
    place = next(n for n, one in enumerate(lines) if one.text == "MARA.")
    assert [one.bits for one in read[place]] == [1, 1, 1, 1, 5]
    assert [one[:2] for one in read[place]] == [(n, n + 1) for n in range(5)]
    report = with_surprise(voice({"a": script}, "Mara"), speeches_in({"a": script}, None), {0: read})
    assert (report.bits, report.others_bits) == (pytest.approx(9 / 5), 5.0)


def test_a_model_is_not_asked_about_a_language_that_it_does_not_read() -> None:
    """Its bits would mean nothing."""
    with pytest.raises(ModelRefused, match="does not read this language"):
        surprise_by_line(_Reader(rules=()), parse("内景 塔 夜\n\n雨。\n"), "zh")


def test_the_scenes_in_which_she_speaks_most_are_read() -> None:
    """Those in which she does not speak are not."""
    script = parse(
        "INT. A - DAY\n\nMARA\nHi.\n\nINT. B - DAY\n\nINES\nHi.\n\nINT. C - DAY\n\nMARA\nHi.\n\nMARA\nHo.\n"
    )
    assert scenes_to_read(script, "MARA", None, 1) == {3}
    assert scenes_to_read(script, "MARA", None, 9) == {1, 3}


# The command


def test_the_command_listens_to_files() -> None:
    """A table, favourites, what the lists are worth, the lists; within eighty columns."""
    files = sorted((EXAMPLES / "the-last-light" / "episodes").glob("*.fountain"))
    done = command("voice", "Pell", *files, "--alone")
    assert done.exit_code == 0
    assert "speeches                   20" in done.stdout
    assert "Lines of others that sound like PELL" in done.stdout
    short = [line for line in done.stdout.splitlines() if "fountain:" not in line]
    assert max(map(len, short)) <= 80


def test_the_command_listens_to_a_series(folder: Path) -> None:
    """Without files it takes the episodes of the folder, and leaves no ledger behind."""
    done = command("voice", "mara quill", "--series", folder, "--json")
    found = json.loads(done.stdout)
    assert (found["who"], found["hers"]["speeches"]) == ("Mara", 33)
    assert found["withheld"]
    assert not (folder / ".storyroom").exists()


def test_the_command_listens_to_what_the_room_remembers(folder: Path) -> None:
    """Once episodes are canon, those are heard: places are told by episode and scene."""
    with open_room(folder) as room:
        room.remember(sorted((folder / "episodes").glob("*e01*.fountain")))
    found = json.loads(command("voice", "Ines", "--series", folder, "--json").stdout)
    assert found["hers"]["speeches"] < 31
    shutil.rmtree(folder / "episodes")
    again = json.loads(command("voice", "Ines", "--series", folder, "--json").stdout)
    assert again == found


def test_a_folder_without_a_series_and_no_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to listen to, and it says what to name."""
    monkeypatch.chdir(tmp_path)
    done = command("voice", "Mara")
    assert done.exit_code == 2
    assert "nothing to listen to" in done.stderr


def test_surprise_that_cannot_be_measured_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the report comes all the same."""
    monkeypatch.setattr("storyroom.graphs.context.open_model", lambda _spec: ScriptedModel(rules=()))
    file = EXAMPLES / "the-last-light" / "episodes" / "s01e01-the-notice.fountain"
    done = command("voice", "Mara", file, "--alone", "--surprise", "--model", MODEL)
    assert done.exit_code == 0
    assert "Surprise was not measured." in done.stderr
    assert "words a speech" in done.stdout
