"""The workbench: tools work with a series and without, and what they ask is on record."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import pytest
from cli_kit import run
from pydantic import BaseModel
from room_kit import MODEL, a_series, open_room
from scripted_room import scripted_room

from storyroom.errors import InputError, ModelRefused, SessionError
from storyroom.formats.fountain import parse
from storyroom.memory.inbox import Note
from storyroom.prompts import Text
from storyroom.story.bible import Role
from storyroom.story.text import Sentence
from storyroom.team import LONGEST_NOTE
from storyroom.tools.bench import Bench, Sending
from storyroom.tools.lone import script_bible, script_language, speeches_of, text_language
from storyroom.tools.workbench import series_here, workbench

SCRIPT = """Title: A Small Storm

INT. BOAT HOUSE - NIGHT

Ada bars the door.

ADA
(quietly)
The rope is wet. [[whose rope?]]

She waits.

NORA QUILL (CONT'D)
Then it was used today.

EXT. PIER - DAWN

ADA
I was never here.

O'BRIEN/2
What?
"""
ZH_SCRIPT = """内景 茶馆 夜

@何青
那本簿子还在吗？

@秦月娥
茶凉了。
"""


class Said(BaseModel):
    says: Annotated[str, Sentence(10, 80)]


def ask(bench: Bench, **desk: object) -> str:
    """Ask the model of a bench one thing, and return what it said."""
    asked = bench.desk(Role.EDITOR, **desk)  # type: ignore[arg-type]
    return asyncio.run(asked.ask(Text("Say something."), Said)).says


def test_a_lone_script_gets_a_bible_of_its_own_people_and_places() -> None:
    """Cues become the cast, with their speeches as voice samples; headings become places."""
    bible = script_bible(parse(SCRIPT), "en")
    assert bible.title == "A Small Storm"
    assert [who.name for who in bible.cast] == ["Ada", "Nora Quill"]
    assert bible.cast[0].voice.samples == ("The rope is wet.", "I was never here.")
    assert [(one.name, one.setting) for one in bible.locations] == [("Boat House", "int"), ("Pier", "ext")]


def test_an_action_ends_a_speech_and_a_note_does_not() -> None:
    """What is said below one cue is one speech, without parentheticals and the writers' notes."""
    told = speeches_of(parse("INT. A - DAY\n\nADA\nOne.\n(soft)\nTwo.\n\nShe sits.\n\nADA\nThree.\n"))
    assert told["ada"] == ("Ada", ["One. Two.", "Three."])


@pytest.mark.parametrize(
    ("text", "language"), [("科幻, aliens", "zh"), ("aliens, war", "en"), ("外星人", "zh"), ("…", "en")]
)
def test_the_language_of_a_few_words_is_guessed(text: str, language: str) -> None:
    """Han characters weigh more than Latin letters, because each is a word."""
    assert text_language(text) == language


def test_the_language_of_a_script_is_guessed() -> None:
    """Its letters tell."""
    assert (script_language(parse(SCRIPT)), script_language(parse(ZH_SCRIPT))) == ("en", "zh")


@pytest.mark.parametrize("text", [SCRIPT, ZH_SCRIPT])
def test_a_tool_works_on_a_lone_script(text: str) -> None:
    """Without a series the model is shown the script, and nothing is left on disk."""
    with workbench(
        tool="polish", script=parse(text), model=MODEL, models={MODEL: scripted_room()}, seed=1
    ) as bench:
        assert ask(bench)
        (call,) = bench.room.ledger.calls.made(session=bench.session.id)
        prompt = "".join(bench.room.ledger.calls.texts(call))
        folder = bench.room.series.folder
    assert ("The rope is wet." in prompt) == (text == SCRIPT)
    assert ("茶凉了。" in prompt) == (text == ZH_SCRIPT)
    assert not folder.exists()


def test_a_tool_in_a_series_is_recorded_apart_from_the_drafts(tmp_path: Path) -> None:
    """Its calls are under a session that is listed only on request, and that cannot be resumed."""
    with open_room(a_series(tmp_path)) as room:
        with workbench(tool="voice", series=room, model=MODEL, seed=3, matter="Mara") as bench:
            first, second = ask(bench), ask(bench)
            name = bench.session.id
        assert first != second
        assert room.sessions() == []
        (session,) = room.sessions(tools=True)
        assert (session.id, session.order.tool, session.order.seed) == (name, "voice", 3)
        assert len(room.ledger.calls.made(session=name)) == 2
        with pytest.raises(SessionError) as refused:
            room.run(name)
        assert "voice" in refused.value.message
    assert name not in run("-s", room.series.folder, "sessions").stdout
    assert f"{name}  voice" in run("-s", room.series.folder, "sessions", "--all").stdout


def test_a_script_in_a_series_brings_its_strangers(tmp_path: Path) -> None:
    """The bible of the series comes first; whom it does not know is known by the script."""
    script = parse("INT. LAMP ROOM - NIGHT\n\nMARA\nSit.\n\nADA\nNo.\n")
    with open_room(a_series(tmp_path)) as room:
        with workbench(tool="polish", script=script, series=room, model=MODEL) as bench:
            assert bench.bible.character("Mara") == room.bible.character("Mara")
            assert bench.bible.character("ada") is not None
        assert room.bible.character("ada") is None


def test_a_desk_can_be_given_another_ground() -> None:
    """A task that may know less than the bible tells is shown what it is given, and not the bible."""
    from storyroom.agents.prompt import Part

    with workbench(
        tool="monologue", script=parse(SCRIPT), model=MODEL, models={MODEL: scripted_room()}
    ) as bench:
        ask(bench, ground=[Part("known", "Only this.\n")], scene=1)
        (call,) = bench.room.ledger.calls.made(session=bench.session.id)
        prompt = "".join(bench.room.ledger.calls.texts(call))
    assert "Only this." in prompt
    assert "Nora" not in prompt


def test_the_embedded_model_is_refused_for_chinese() -> None:
    """It writes English only; the hint names --model, and --anyway insists."""
    with pytest.raises(ModelRefused) as refused, workbench(tool="polish", script=parse(ZH_SCRIPT)):
        pass
    assert "--model" in refused.value.hint
    with workbench(tool="emotions", script=parse(ZH_SCRIPT), writes=False) as bench:
        assert bench.language == "zh"
    with workbench(tool="storyline", matter="科幻", model="embedded", writes=False) as bench:
        assert bench.order.language == "zh", "it only chooses among story lines that are written already"


def test_a_result_is_sent_into_the_room(tmp_path: Path) -> None:
    """It becomes a note of that member to that role; an address that is none is refused at once."""
    with open_room(a_series(tmp_path)) as room:
        member = room.bible.team[0].name
        to = Sending("editor", member)
        with workbench(tool="voice", series=room, model=MODEL, sending=to) as bench:
            assert bench.send("Mara asks more than she used to.") is not None
        (note,) = room.ledger.inbox.items(Note)
        assert (note.member, note.roles, note.text[:4]) == (member, ("editor",), "Mara")
        for wrong in (Sending("director", member), Sending("editor", "Nobody")):
            with pytest.raises(InputError), workbench(tool="voice", series=room, model=MODEL, sending=wrong):
                pass
    with pytest.raises(InputError), workbench(tool="voice", script=parse(SCRIPT), sending=to):
        pass


def test_a_result_longer_than_a_note_is_cut_off(tmp_path: Path) -> None:
    """Behind a whole line where there is one; the work is done by then, and must not end in an error."""
    with open_room(a_series(tmp_path)) as room:
        to = Sending("editor", room.bible.team[0].name)
        with workbench(tool="voice", series=room, model=MODEL, sending=to) as bench:
            by_lines, unbroken = bench.send("A line of it.\n" * 1_000), bench.send("x" * 9_000)
    assert by_lines is not None
    assert by_lines.text.endswith("A line of it.\n…")
    assert unbroken is not None
    assert len(unbroken.text) == LONGEST_NOTE


def test_a_tool_takes_the_series_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside a series' folder that series is used, unless the user wants none."""
    folder = a_series(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert series_here(None) is None
    assert series_here(folder) == folder
    monkeypatch.chdir(folder)
    assert series_here(None) == folder
    assert series_here(None, alone=True) is None
