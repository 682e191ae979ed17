"""Bad input to the Python API: each is an error of ours with a hint, and nothing is lost or begun by it."""

import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from room_kit import IDEA, SMALL, a_series, begin, draft, open_room, resume, without_rights

from storyroom.errors import (
    BibleError,
    FormatError,
    InputError,
    MemoryFault,
    ModelAbsent,
    ModelError,
    SessionError,
)
from storyroom.room import Room
from storyroom.series import new_series


def nothing_begun(room: Room) -> bool:
    """Whether the ledger holds no session."""
    return room.ledger.counts()["sessions"] == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda text: None, "no series.yaml"),
        (lambda text: "", "empty"),
        (lambda text: "title: [", r"series.yaml:1"),
        (lambda text: text.replace("logline:", "logleine:"), "logline"),
        (lambda text: text.replace("depth: standard", "depth: endless"), "room.depth"),
        (lambda text: text.replace("name: Mara", 'name: "Ma/ra"'), "cast"),
        (lambda text: text.replace("name: Mara", 'name: "Ma\\x07ra"'), "cast"),
        (lambda text: text.replace("      Bea: her daughter", "      Nobody: her daughter"), "Nobody"),
    ],
)
def test_a_series_that_cannot_be_read(tmp_path: Path, wrong: Callable[[str], str | None], said: str):
    """A missing or malformed `series.yaml` names its line or field."""
    folder = a_series(tmp_path)
    file = folder / "series.yaml"
    text = wrong(file.read_text(encoding="utf-8"))
    if text is None:
        file.unlink()
    else:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(BibleError, match=said) as caught:
        Room.open(folder)
    assert caught.value.hint
    assert not (folder / ".storyroom").exists()


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"idea": ""}, "empty"),
        ({"idea": " \n\t"}, "empty"),
        ({"idea": "lamp " * 200_000}, "1,000,000|999,999"),
        ({"idea": "lamp \x00 light"}, "control"),
        ({"idea": "lamp \x1b[2J"}, "control"),
        ({"idea": "lamp \udc80"}, "control"),
        ({"scenes": 0}, "0 scenes"),
        ({"pages": 0.0}, "0.0 pages"),
        ({"cast": ["Marra"]}, "did you mean Mara"),
        ({"cast": ["Silas"]}, "dead"),
        ({"cast": ["../Mara"]}, "called"),
        ({"scenes": 401}, "401 scenes"),
        ({"scenes": -1}, "-1 scenes"),
        ({"pages": 1000.0}, "pages"),
        ({"language": "fr"}, "fr"),
        ({"model": "gpt:four"}, "gpt"),
        ({"models": {"editor": "gpt:four"}}, "gpt"),
        ({"models": {"edittor": "scripted:x"}}, "edittor"),
        ({"depth": "endless"}, "endless"),
        ({"gates": ["lunch"]}, "lunch"),
        ({"episode": -3}, "-3"),
        ({"seed": -1}, "seed"),
    ],
)
def test_an_order_that_cannot_be_taken(tmp_path: Path, order: dict[str, object], said: str):
    """What cannot be used is named, and no session is begun for it."""
    with open_room(a_series(tmp_path)) as room:
        with pytest.raises(InputError, match=said) as caught:
            room.begin(**{"idea": IDEA, **SMALL, **order})  # type: ignore[arg-type]
        assert caught.value.hint
        assert caught.value.exit_code == 2
        assert nothing_begun(room)


def test_models_that_are_not_there(tmp_path: Path):
    """A missing file, a file that is no GGUF and a dead server are told before a session is begun."""
    not_gguf = tmp_path / "model.gguf"
    not_gguf.write_text("this is no model\n" * 1000, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = f"openai:some-model@http://127.0.0.1:{free.getsockname()[1]}/v1"
    with open_room(a_series(tmp_path)) as room:
        for spec, said in (
            (f"llama.cpp:{tmp_path / 'nowhere.gguf'}", "nowhere.gguf"),
            (f"llama.cpp:{not_gguf}", "GGUF"),
            (dead, "127.0.0.1"),
            (f"scripted:{tmp_path / 'nowhere.yaml'}", "nowhere.yaml"),
        ):
            with pytest.raises((ModelError, InputError), match=said) as caught:
                begin(room, model=spec)
            assert caught.value.hint
        assert nothing_begun(room)


def test_a_server_that_dies_in_the_middle_loses_nothing(tmp_path: Path):
    """What was finished before the server fell silent is there, and resume goes on from it."""
    from scripted_room import play, scripted_room

    from storyroom.models.scripted import Call, Rule, ScriptedModel

    def dies(call: Call) -> str:
        if ".scene." in f".{call.label}":
            raise ModelAbsent("The server does not answer.", hint="Start it.")
        return play(call)

    folder = a_series(tmp_path)
    with open_room(folder, model=ScriptedModel(rules=(Rule("*", (dies,)),))) as room:
        run = begin(room)
        with pytest.raises(ModelAbsent):
            resume(room, run.session.id)
        before = room.session(run.session.id)
        assert before.manuscript.outline is not None
        assert before.status == "unfinished"
        room.models["scripted:x"] = scripted_room()
        assert resume(room, run.session.id).outcome == "finished"
        assert room.session(run.session.id).turns[: len(before.turns)] == before.turns


@pytest.mark.parametrize("name", ["e99", "", "../../etc/passwd", "e01\x00", "e01\n", "%", "*"])
def test_a_session_that_is_not_there(tmp_path: Path, name: str):
    """Whatever is done to it, the error lists the sessions that there are."""
    with open_room(a_series(tmp_path)) as room:
        session = begin(room).session.id
        for action in (
            room.session,
            room.run,
            room.lock,
            lambda name: room.fork(name, "1"),
            lambda name: room.answer(name, "approve"),
        ):
            with pytest.raises(SessionError) as caught:
                action(name)
            assert session in caught.value.hint


def test_a_damaged_ledger(tmp_path: Path):
    """A ledger that cannot be read is named, left as it is, and the backup is mentioned."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        draft(room)
        file = room.series.ledger
    file.write_bytes(b"\x00" * 200 + file.read_bytes()[200:])
    damaged = file.read_bytes()
    with open_room(folder) as room:
        with pytest.raises(MemoryFault, match="is damaged") as caught:
            room.sessions()
        assert "backup" in caught.value.hint
        with pytest.raises(MemoryFault):
            begin(room)
    assert file.read_bytes() == damaged


@pytest.mark.parametrize("damage", ["text", "gone"])
def test_a_damaged_index_is_made_again(tmp_path: Path, damage: str):
    """The index is a copy: a session begins all the same, and finds what it found before."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        session = draft(room, lock=True)
        ids = room.index.ids()
        index = room.series.index
    if damage == "text":
        for path in index.rglob("*"):
            if path.is_file():
                path.write_text("no index", encoding="utf-8")
    else:
        shutil.rmtree(index)
    with open_room(folder) as room:
        assert draft(room, episode=2).status == "finished"
        assert ids <= room.index.ids()
        assert room.session(session.id).status == "finished"


def begin_there(folder: Path) -> None:
    """Begin a session in a series that may not be written."""
    with open_room(folder) as room:
        begin(room)


def test_a_folder_that_may_not_be_written():
    """A read-only series is a clear error about rights, and nothing is left half made."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = a_series(Path(name))
        said = without_rights(begin_there, folder)
        assert said.startswith("MemoryFault")
        assert "hint: Make the series folder writable" in said
        assert not (folder / ".storyroom").exists()


def test_scripts_that_may_not_be_written(tmp_path: Path):
    """When the last stage cannot write its file, the session is kept and resumes to its end later."""
    folder = a_series(tmp_path)
    (folder / "drafts").write_text("a file where the folder should be", encoding="utf-8")
    with open_room(folder) as room:
        run = begin(room)
        with pytest.raises(FormatError, match="could not be written") as caught:
            resume(room, run.session.id)
        assert caught.value.hint
        (folder / "drafts").unlink()
        assert resume(room, run.session.id).outcome == "finished"
        assert list((folder / "drafts").glob("*.fountain"))


@pytest.mark.parametrize("title", ["", "a/b", "a\\b", "a\x00b", "a\nb", "..", "con", "x" * 200])
def test_titles_that_name_no_folder(tmp_path: Path, title: str):
    """A title with separators or control characters makes no folder."""
    with pytest.raises(InputError) as caught:
        new_series(title, tmp_path)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_search_for_nothing(tmp_path: Path):
    """An empty question and an impossible number of results are refused."""
    with open_room(a_series(tmp_path)) as room:
        for question in ({"text": " "}, {"text": "lamp", "k": 0}, {"text": "lamp", "k": 100_000}):
            with pytest.raises(InputError) as caught:
                room.search(**question)  # type: ignore[arg-type]
            assert caught.value.hint
