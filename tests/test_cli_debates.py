"""`debates`, `why`, `prompts` and `credits` on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_kit import run
from debate_kit import MARKUP, a_crew, answered_by_hand, file_of, play
from room_kit import a_series, open_room
from test_debates import Agreeable, Held, crew_of
from typer.testing import Result

from storyroom.memory.named_lines import line_of_file
from storyroom.memory.provenance import why
from storyroom.session import Session
from storyroom.story.turn import TurnKind


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series with one session, whose first scene was argued about every way."""
    folder = a_series(tmp_path_factory.mktemp("cli"))
    with open_room(folder, crew=a_crew()) as room:
        play(room)
    return folder


@contextmanager
def session_of(folder: Path) -> Iterator[Session]:
    """Give the only session of a series."""
    with open_room(folder) as room:
        yield room.sessions()[0]


@pytest.fixture(scope="module")
def name(folder: Path) -> str:
    """Its name."""
    with session_of(folder) as session:
        return session.id


def done(said: Result) -> str:
    """Check that a command did what it was asked, and return its result."""
    assert said.exit_code == 0, said.output
    return said.stdout


def refused(said: Result, *words: str) -> None:
    """Check that a command was refused in plain words, with a hint and without a result."""
    assert said.exit_code == 2, said.output
    assert said.stdout == ""
    assert "error: " in said.stderr
    assert "hint: " in said.stderr
    for word in words:
        assert word in said.stderr


def test_debates_are_listed(folder: Path, name: str):
    """About what, who, how many rounds, what became of the objections, why it stopped; newest session."""
    text = done(run("-s", folder, "debates"))
    row = next(line for line in text.splitlines() if line.startswith("scene.1"))
    for word in (
        "held, dialogue writer, showrunner",
        "1 settled",
        "1 overruled",
        "not agreed, the showrunner",
    ):
        assert word in row
    assert done(run("-s", folder, "debates", name)) == text
    assert done(run("-s", folder, "debates", "list", name[:5])) == text


def test_the_list_is_filtered(folder: Path):
    """Only what fits is listed; nothing that does is said, not shown as an empty table."""
    assert done(run("-s", folder, "debates", "--fate", "upheld")).count("scene.1") == 1
    assert "outline" not in done(run("-s", folder, "debates", "--stage", "scene"))
    said = run("-s", folder, "debates", "--member", "Rosa")
    assert (done(said), "None of its debates" in said.stderr) == ("", True)
    rows = json.loads(done(run("-s", folder, "debates", "--role", "dialogue-writer", "--json")))
    assert [row["debate"] for row in rows] == ["scene.1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fate", "lost"), "no fate 'lost'"),
        (("--kind", "taste"), "no kind of objection 'taste'"),
        (("--role", "edtor"), "no role 'edtor'"),
        (("--member", "Roza"), "did you mean Rosa"),
        (("nosuch",), "no session 'nosuch'"),
        (("show", "scene.9"), "no debate 'scene.9'"),
        (("show", "a", "b", "c"), "3 names"),
        (("show", "--json", "--to", "html"), "two formats"),
        (("show", "--out", "x.odt"), "does not say in which format"),
    ],
)
def test_what_is_not_there_is_told(folder: Path, words: tuple[str, ...], said: str):
    """Unknown fates, kinds, roles, members, sessions and debates are refused."""
    refused(run("-s", folder, "debates", *words), said)


def test_a_series_without_a_session_says_so(tmp_path: Path):
    """The hint is how to begin one."""
    folder = a_series(tmp_path)
    refused(run("-s", folder, "debates"), "no session yet", "storyroom -s")
    refused(run("-s", folder, "credits"), "no session yet")


def test_a_debate_is_read_in_eighty_columns(folder: Path, name: str):
    """Quotes, answers, rounds, changes by signs, rulings, dissent; no line is wider."""
    text = done(run("-s", folder, "debates", "show", name, "scene.1"))
    assert max(map(len, text.splitlines())) <= 80
    whole = " ".join(text.split())
    for word in (
        MARKUP,
        "SETTLED",
        "WITHDRAWN",
        "OVERRULED",
        "UPHELD",
        "REJECTED",
        "Round 3",
        "held (agent) insists: It will not do.",
        "showrunner (agent) rules that the old wording stands: I have said so.",
        "code rejects it: Its quote is not in the draft.",
        "Changes that nobody asked for",
        "Not content at the end",
    ):
        assert word in whole
    assert re.search(r"\{\+ ?anew\+\}", whole)
    assert "\x1b" not in text
    assert done(run("-s", folder, "debates", "show", "scene.1")) == text
    assert done(run("-s", folder, "debates", "show")).count(text) == 1


def test_only_the_wanted_objections_are_shown(folder: Path):
    """Their number among all stays."""
    text = done(run("-s", folder, "debates", "show", "scene.1", "--fate", "upheld"))
    assert "Objection 4 of 5" in text
    assert "Objection 1 of 5" not in text


def test_debates_are_written_to_files(folder: Path, name: str, tmp_path: Path):
    """The format is that of the name or the option; a file that differs is kept; a folder gets a name."""
    page = tmp_path / "debates.html"
    assert done(run("-s", folder, "debates", "show", "--out", page)).strip() == str(page)
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    refused(run("-s", folder, "debates", "show", "scene.1", "--out", page), "is there already")
    done(run("-s", folder, "debates", "show", "scene.1", "--out", page, "--force"))
    assert 'id="outline"' not in page.read_text("utf-8")
    done(run("-s", folder, "debates", "show", "--to", "markdown", "--out", tmp_path))
    assert (tmp_path / f"{name}-debates.md").read_text("utf-8").startswith("# The Last Light")
    said = json.loads(done(run("-s", folder, "debates", "show", "scene.1", "--to", "json")))
    assert said == json.loads(done(run("-s", folder, "debates", "show", "scene.1", "--json")))
    assert [one["debate"] for one in said["debates"]] == ["scene.1"]


def overruled(folder: Path) -> tuple[str, int]:
    """Return the text and the place of the line that a ruling brought back."""
    said = json.loads(done(run("-s", folder, "debates", "show", "scene.1", "--json")))["debates"][0]
    thread = next(one for one in said["threads"] if one["fate"] == "overruled")
    return thread["quote"], thread["place"]


def test_a_line_is_asked_for_in_three_ways(folder: Path, name: str):
    """By scene and number, by its words, and by the line of the file that was written out."""
    text, place = overruled(folder)
    by_number = done(run("-s", folder, "why", name, f"1:{place}"))
    assert done(run("-s", folder, "why", name, text)) == by_number
    with open_room(folder) as room:
        file = file_of(room, room.sessions()[0])
    number = file.read_text("utf-8").splitlines().index(text) + 1
    assert done(run("-s", folder, "why", f"{file}:{number}")) == by_number
    whole = " ".join(by_number.split())
    for word in (
        "dialogue writer (agent) wrote it",
        "dialogue writer (agent) reworded it",
        "because of turn",
        MARKUP,
        "accepted: So be it.",
        "held was not content with it",
        "the old wording stands: I have said so.",
        "seed ",
        "prompts show",
        f"debates show {name} scene.1",
    ):
        assert word in whole, word
    assert max(map(len, by_number.splitlines())) <= 80


def test_why_as_json(folder: Path, name: str):
    """Every step with what it said before and after, and the call behind it."""
    text, place = overruled(folder)
    said = json.loads(done(run("-s", folder, "why", name, f"1:{place}", "--json")))
    assert (said["text"], said["scene"], said["place"]) == (text, 1, place)
    assert [step["what"] for step in said["steps"]] == ["draft", *["revision"] * 3, "ruling"]
    assert said["steps"][0]["call"]["model"] == "scripted"
    assert said["steps"][-1]["now"] == text
    assert said["objections"][0]["fate"] == "overruled"


def test_a_scene_s_lines_are_listed(folder: Path, name: str):
    """With the numbers by which they can be asked for, whose they are and how often they were changed."""
    _, place = overruled(folder)
    rows = json.loads(done(run("-s", folder, "why", name, "1", "--json")))
    row = next(one for one in rows if one["line"] == f"1:{place}")
    assert (row["changes"], row["by"]) == (4, "agent:scripted")
    assert f"1:{place}" in done(run("-s", folder, "why", name, "1"))


def test_an_edited_file_is_told_from_what_was_exported(folder: Path, name: str, tmp_path: Path):
    """A reworded line shows both wordings; a line that was added is nobody's in the room."""
    text, _ = overruled(folder)
    with open_room(folder) as room:
        lines = file_of(room, room.sessions()[0]).read_text("utf-8").splitlines()
    at = lines.index(text)
    copy = tmp_path / f"s01e01-{name}.fountain"
    lines[at] = text.rstrip(".") + " tonight."
    lines += ["", "A gull lands on the rail and looks at nobody.", ""]
    copy.write_text("\n".join(lines), encoding="utf-8")
    said = " ".join(done(run("-s", folder, "why", f"{copy}:{at + 1}")).split())
    assert "The file says something else" in said
    assert re.search(r"\{\+ ?tonight\+\}", said)
    refused(run("-s", folder, "why", f"{copy}:{len(lines) - 1}"), "nobody in the room wrote it")
    refused(run("-s", folder, "why", f"{copy}:{at}" if not lines[at - 1] else f"{copy}:1"), "no element")


def test_an_edited_file_that_was_taken_in_is_the_member_s(tmp_path: Path):
    """A line that they reworded and one that they added both lead to their edit; no new export is needed."""
    with open_room(a_series(tmp_path), crew=a_crew()) as room:
        session = play(room)
        file, folder = file_of(room, session), room.series.folder
        lines = file.read_text("utf-8").splitlines()
        at = lines.index(session.manuscript.scenes[1].lines[-1].text)
        lines[at] = lines[at].rstrip(".") + " tonight."
        lines += ["", "A gull lands on the rail and looks at nobody.", ""]
        file.write_text("\n".join(lines), encoding="utf-8")
        room.absorb(file, member="Rosa")
        for number in (at + 1, len(lines) - 1):
            found = line_of_file(room.ledger, file, number)
            (*_, last) = why(room.ledger, found.head, found.element).steps
            assert (str(last.turn.actor), last.now, found.now) == ("member:Rosa", lines[number - 1], None)
        said = done(run("-s", folder, "why", f"{file}:{at + 1}"))
        assert "Rosa edited it in the file" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nofile.fountain:3",), "no file nofile.fountain"),
        (("{name}",), "not said which line"),
        (("{name}", "1:99"), "no line 99"),
        (("{name}", "7:1"), "Scene 7 is not written"),
        (("{name}", "7"), "is not written"),
        (("{name}", "no such words at all"), "No line of session"),
        (("{name}", "the"), "lines say 'the'"),
        (("{name}", "!!"), "No words"),
    ],
)
def test_a_line_that_is_not_meant_is_told(folder: Path, name: str, words: tuple[str, ...], said: str):
    """No such file, line, scene or words, or too many lines with them."""
    refused(run("-s", folder, "why", *(word.format(name=name) for word in words)), said)


def test_the_prompt_of_a_turn_is_printed(folder: Path, name: str):
    """System, user, beginning of the answer, options and answer; one call alone; what code decided."""
    with session_of(folder) as session:
        turns = {turn.kind: turn for turn in session.turns}
        drafted, stopped = turns[TurnKind.DRAFT], turns[TurnKind.STOP]
        texts = session.ledger.calls.texts(session.ledger.calls.made(task=drafted.task.id)[0])
    text = done(run("-s", folder, "prompts", "show", str(drafted.seq)))
    for part in texts:
        assert part.strip("\n") in text
    for word in ("── system", "── user", "── answer", "seed: ", "form: ", "goes on from"):
        assert word in text
    assert done(run("-s", folder, "prompts", "show", drafted.id, "--session", name, "--call", "1"))
    said = json.loads(done(run("-s", folder, "prompts", "show", str(drafted.seq), "--json")))
    assert said["calls"][0]["system"] == texts[0]
    assert "".join(said["calls"][0]["parts"]) == said["calls"][0]["user"] == "".join(texts[1:-1])
    assert "Code decided this turn" in done(run("-s", folder, "prompts", "show", str(stopped.seq)))
    refused(run("-s", folder, "prompts", "show", str(drafted.seq), "--call", "99"), "no call 99")
    refused(run("-s", folder, "prompts", "show", "0"), "no turn 0")


def test_prompts_are_listed(folder: Path, name: str):
    """Each call of the session, with its turn and its number within the task."""
    with session_of(folder) as session:
        calls = session.ledger.calls.made(session=session.id)
    rows = json.loads(done(run("-s", folder, "prompts", "list", name, "--json")))
    assert [row["id"] for row in rows] == [call.id for call in calls]
    assert all(row["turn"] for row in rows)
    assert len(done(run("-s", folder, "prompts", "list", name)).splitlines()) == len(calls) + 1


def test_what_a_member_was_asked_is_printed(tmp_path: Path):
    """The sheet and what they handed in stand in the place of a prompt; the transcript names them."""
    folder = a_series(tmp_path)
    with open_room(folder, crew=crew_of(Held(0), Agreeable())) as room:
        session = answered_by_hand(room, "Dev", "Put the lamp down, Ines.")
        turn = next(one for one in session.turns if one.kind is TurnKind.ACCEPTANCE and one.scene == 1)
    text = done(run("-s", folder, "prompts", "show", str(turn.seq)))
    assert "put before Dev" in text
    assert "what Dev handed in" in text
    assert "Dev said this: no model was asked." in text
    assert "dialogue writer (Dev) accepts: Take mine." in done(
        run("-s", folder, "debates", "show", "scene.1")
    )
    assert "(Dev)" in done(run("-s", folder, "debates", "--member", "dev"))
    credits = json.loads(done(run("-s", folder, "credits", "--json")))
    assert "Dev" in credits["statement"]


def test_credits_are_a_table_and_a_sentence(folder: Path, name: str):
    """Who, in which role, how many lines and words, in percent."""
    text = done(run("-s", folder, "credits", name))
    assert "agent scripted" in text
    assert "100.0 %" in text
    assert text.rstrip().endswith("and none as a human did.")
    said = json.loads(done(run("-s", folder, "credits", "--json")))
    assert {one["role"] for one in said["credits"]} == {"dialogue_writer"}
