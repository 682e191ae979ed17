"""`storyroom notes`, `absorb` and `export --notes` on the command line."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from cli_kit import SMALL, draft, run, scripted_rooms, start
from room_kit import IDEA, a_series, open_room, prompt_of
from typer import Typer
from typer.testing import CliRunner, Result

from storyroom.cli.absorbing import absorb
from storyroom.story.turn import TurnKind

EXACT = "Let Mara say “Not while the lamp burns.”"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Draft an episode once; return the folder of its series and the session."""
    folder = a_series(tmp_path_factory.mktemp("drafted"))
    added = run(
        "-s", folder, "notes", "add", EXACT, "--from", "Kit", "--to", "dialogue_writer", "--scene", "1"
    )
    assert added.exit_code == 0
    assert draft(folder).exit_code == 0
    with open_room(folder) as room:
        return folder, room.sessions()[-1].id


@pytest.fixture
def series(drafted: tuple[Path, str], tmp_path: Path) -> Path:
    """Return a copy of that series."""
    return Path(shutil.copytree(drafted[0], tmp_path / drafted[0].name))


def listed(series: Path, *options: str) -> list[dict[str, object]]:
    """Return what `notes list --json` tells."""
    result = run("-s", series, "notes", "list", "--json", *options)
    assert result.exit_code == 0
    return list(json.loads(result.stdout))


def test_a_note_that_is_routed_says_so_and_how_to_change_it(tmp_path: Path):
    """The words that decided, and the command that assigns it anew; the id alone is the result."""
    series = a_series(tmp_path)
    added = run("-s", series, "notes", "add", "Her dialogue is too wordy.", "--from", "Kit")
    assert "Noted for dialogue writer. It speaks of “dialogue”" in added.stderr
    assert "notes assign" in added.stderr
    note = added.stdout.strip()
    assert run("-s", series, "notes", "assign", note, "--to", "editor", "--by", "Rosa").exit_code == 0
    assert [one["roles"] for one in listed(series)] == [["editor"]]
    assert "“dialogue”" in run("-s", series, "notes", "list").stdout


def test_a_note_that_is_placed_says_so_and_how_to_change_it(tmp_path: Path):
    """The scene that it names, the command that takes it back, and where it is shown afterwards."""
    series = a_series(tmp_path)
    added = run("-s", series, "notes", "add", "Scene 2: more rain.", "--from", "Kit", "--to", "editor")
    assert "Noted for editor. It speaks of scene 2, so it is about scene 2." in added.stderr
    note = added.stdout.strip()
    assert f"notes assign {note} --everywhere --by Kit" in added.stderr.replace("\n", " ")
    assert "Placed: It speaks of scene 2" in run("-s", series, "notes", "show", note).stdout
    again = run("-s", series, "notes", "assign", note, "--everywhere", "--by", "Kit")
    assert "about no one scene" in again.stderr
    assert [(one["scene"], one["roles"]) for one in listed(series)] == [(None, ["editor"])]
    assert run("-s", series, "notes", "assign", note, "--by", "Kit").exit_code == 2


def test_the_list_tells_the_states_and_can_be_filtered(series: Path):
    """By state, author, role and scene; every filter can leave nothing."""
    run("-s", series, "notes", "add", "The theme is lost.", "--from", "Dev")
    assert [(one["member"], one["state"]) for one in listed(series)] == [("Kit", "verified"), ("Dev", "open")]
    for options, names in (
        (("--state", "verified"), ["Kit"]),
        (("--state", "declined"), []),
        (("--from", "Dev"), ["Dev"]),
        (("--role", "dialogue_writer"), ["Kit"]),
        (("--scene", "1"), ["Kit"]),
        (("--scene", "2"), []),
    ):
        assert [one["member"] for one in listed(series, *options)] == names


def test_a_note_is_shown_with_its_whole_life(series: Path):
    """What it says, the lines that answer it, who confirmed it, and everything that happened in order."""
    note = str(listed(series)[0]["id"])
    shown = run("-s", series, "notes", "show", note[:6]).stdout
    assert f"{note}  verified" in shown
    assert EXACT in shown
    assert "scene 1: “Not while the lamp burns.”" in shown
    order = [shown.index(word) for word in ("given by Kit", "done by", "verified by")]
    assert order == sorted(order)


def test_declining_and_opening_again(series: Path):
    """A decline needs a reason and cannot be repeated; what was declined can be opened again, once."""
    note = str(listed(series)[0]["id"])
    decline = ("-s", series, "notes", "decline", note, "--by", "Rosa", "--reason", "Not this episode.")
    reopen = ("-s", series, "notes", "reopen", note, "--by", "Rosa", "--reason", "After all.")
    assert run(*decline).exit_code == 0
    assert [(one["state"], one["reason"]) for one in listed(series)] == [("declined", "Not this episode.")]
    again = run(*decline)
    assert again.exit_code == 2
    assert "declined already: Not this episode." in again.stderr
    assert run(*reopen).exit_code == 0
    assert [one["state"] for one in listed(series)] == ["reopened"]
    assert run(*reopen).exit_code == 2


def test_a_note_can_be_about_lines(series: Path, drafted: tuple[Path, str]):
    """By a quote or by scene and line; the scene is that of the line."""
    with open_room(series) as room:
        scene = room.session(drafted[1]).manuscript.scenes[2]
    by_quote = run(
        "-s", series, "notes", "add", "Colder.", "--from", "Kit", "--session", drafted[1],
        "--lines", scene.lines[2].text[:-1].upper(),
    )  # fmt: skip
    by_number = run(
        "-s",
        series,
        "notes",
        "add",
        "Colder still.",
        "--from",
        "Kit",
        "--session",
        drafted[1],
        "--lines",
        "2:3",
    )
    assert (by_quote.exit_code, by_number.exit_code) == (0, 0)
    found = listed(series, "--scene", "2")
    assert [one["lines"] for one in found] == [[scene.lines[2].id]] * 2


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("add", "x", "--from", "Nobody"), "Nobody on the team is called 'Nobody'"),
        (("add", "x", "--from", "Kit", "--to", "editr"), "did you mean editor"),
        (("add", "", "--from", "Kit"), "The note is empty"),
        (("add", "x" * 100_000, "--from", "Kit"), "100,000 characters"),
        (("add", "x", "--from", "Kit", "--lines", "1:1"), "none is named"),
        (("add", "x", "--from", "Kit", "--session", "SESSION", "--lines", "7:1"), "no line 7:1"),
        (("add", "x", "--from", "Kit", "--session", "SESSION", "--lines", "1:999"), "no line 1:999"),
        (
            ("add", "x", "--from", "Kit", "--session", "SESSION", "--lines", "no such words"),
            "No line of session",
        ),
        (("add", "x", "--from", "Kit", "--session", "SESSION", "--lines", "the"), "lines say “the”"),
        (("add", "x", "--from", "Kit", "--session", "SESSION", "--lines", "…"), "nothing in it"),
        (("add", "x", "--from", "Kit", "--session", "SESSION", "--scene", "3"), "has no scene 3"),
        (("add", "x", "--from", "Kit", "--session", "e99"), "no session 'e99'"),
        (("show", "nothing"), "There is no note 'nothing'"),
        (("show", ""), "There is no note ''"),
        (("assign", "NOTE", "--to", "editr", "--by", "Kit"), "did you mean editor"),
        (("assign", "NOTE", "--to", "editor", "--by", "Nobody"), "'Nobody'"),
        (("assign", "nothing", "--to", "editor", "--by", "Kit"), "no note"),
        (("decline", "NOTE", "--by", "Kit", "--reason", " "), "The reason is empty"),
        (("decline", "NOTE", "--by", "Kit", "--reason", "x" * 9000), "9,000 characters"),
        (("list", "--state", "lost"), "no state of a note"),
    ],
)
def test_what_cannot_be_is_refused(
    series: Path, drafted: tuple[Path, str], arguments: tuple[str, ...], wrong: str
):
    """A clear error with a hint, exit code 2 or 1, and nothing in the inbox."""
    note = str(listed(series)[0]["id"])
    given = [{"NOTE": note, "SESSION": drafted[1]}.get(one, one) for one in arguments]
    with open_room(series) as room:
        before = room.ledger.counts()["inbox"]
    result = run("-s", series, "notes", *given)
    assert result.exit_code != 0
    assert wrong in " ".join(result.stderr.split())
    with open_room(series) as room:
        assert room.ledger.counts()["inbox"] == before


def test_a_note_of_a_megabyte_is_refused(tmp_path: Path):
    """Through the API, because no command line is that long."""
    with open_room(a_series(tmp_path)) as room:
        from storyroom.errors import InputError

        with pytest.raises(InputError, match="1,000,000 characters") as caught:
            room.note("x" * 1_000_000, member="Kit")
        assert caught.value.hint
        assert room.ledger.counts()["inbox"] == 0


def test_a_note_from_another_process_reaches_the_next_task(tmp_path: Path):
    """While a session runs in one process, a note is left by another: scene 2 is written after reading it."""
    series = a_series(tmp_path)
    running = start("-s", series, "draft", IDEA, *SMALL, "--plain", delay=0.15)
    try:
        with open_room(series) as room:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                sessions = room.sessions()
                drafts = [t for t in sessions[-1].turns if t.kind is TurnKind.DRAFT] if sessions else []
                if drafts:
                    break
                time.sleep(0.05)
        noted = run(
            "-s", series, "notes", "add", EXACT, "--from", "Kit", "--to", "dialogue_writer", "--scene", "2"
        )
        assert noted.exit_code == 0
        assert running.wait(120) == 0, running.communicate()[1]
    finally:
        running.kill()
    with open_room(series) as room:
        session = room.sessions()[-1]
        written = {turn.scene: turn for turn in session.turns if turn.kind is TurnKind.DRAFT}
        assert EXACT not in prompt_of(room, written[1])
        assert EXACT in prompt_of(room, written[2])
        assert [life.state for life in room.notes(session.id)] == ["verified"]


def test_the_answers_to_all_notes_are_written_for_their_members(series: Path, drafted: tuple[Path, str]):
    """A note with its answer, its reason and its lines; what is open comes first and says so."""
    run("-s", series, "notes", "add", "Where is the *kettle*?", "--from", "Kit", "--to", "dialogue_writer")
    run("-s", series, "notes", "add", "The theme is lost.", "--from", "Dev")
    result = run("-s", series, "export", drafted[1], "--notes", "--out", "-")
    page = result.stdout
    assert "3 notes by Dev and Kit; 2 still open." in page
    assert (
        page.index("## Dev") < page.index("## Kit") < page.index("kettle") < page.index("### 2. Let Mara say")
    )
    assert r"Where is the \*kettle\*?" in page
    assert "**Done and confirmed.**" in page
    assert "Confirmed by the editor." in page
    assert "- scene 1: “Not while the lamp burns.”" in page
    written = run("-s", series, "export", drafted[1], "--notes")
    assert Path(written.stdout.strip()).name == f"s01e01-{drafted[1]}-notes.md"
    assert Path(written.stdout.strip()).read_text("utf-8") == page


def test_absorb_tells_what_was_taken_in(series: Path, drafted: tuple[Path, str]):
    """Scene by scene on standard error, the session alone on standard output; JSON when asked for."""
    alone = Typer()
    alone.command()(absorb)

    def absorbed(*options: str) -> Result:
        with scripted_rooms():
            return CliRunner().invoke(alone, [str(file), "--from", "Kit", "-s", str(series), *options])

    file = next((series / "drafts").glob("*.fountain"))
    text = file.read_text("utf-8").replace("Not while the lamp burns.", "Not yet.")
    file.write_text(text, "utf-8")
    first = absorbed()
    assert first.exit_code == 0, first.stderr
    assert "Scene 1: 1 line changed." in first.stderr
    assert first.stdout.strip() == drafted[1]
    assert json.loads(absorbed("--json").stdout) == {"session": drafted[1], "scenes": [], "taken_in": []}
    assert "says nothing new" in absorbed().stderr


def test_a_note_from_a_file_or_standard_input(tmp_path: Path):
    """Like a pitch; a file that is not there, and one of a megabyte, are refused and nothing is noted."""
    series, file = a_series(tmp_path), tmp_path / "note.md"
    file.write_text("Mara should turn the crank.", "utf-8")
    by_kit = ("--from", "Kit")
    assert run("-s", series, "notes", "add", f"@{file}", *by_kit).exit_code == 0
    assert run("-s", series, "notes", "add", "-", *by_kit, given="米拉太软了。").exit_code == 0
    file.write_text("x" * 1_000_000, "utf-8")
    for given, why in ((f"@{file}", "1,000,000"), ("@nowhere.md", "There is no file nowhere.md")):
        refused = run("-s", series, "notes", "add", given, *by_kit)
        assert refused.exit_code == 2
        assert why in refused.stderr
    assert [one["text"] for one in listed(series)] == ["Mara should turn the crank.", "米拉太软了。"]
