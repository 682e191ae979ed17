"""Exports: which head a file shows, and what became of each element of a file that comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from room_kit import ZH_IDEA, a_series, draft, open_room

from storyroom.errors import InputError, SessionError
from storyroom.files import sha256
from storyroom.formats import fdx, fountain
from storyroom.memory.drafts import scene_slots
from storyroom.memory.tracing import Traced, exported, trace_back
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.alignment import Fate
from storyroom.story.script import Element, Kind


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Return a room with a finished session, whose script was written to drafts/."""
    with open_room(a_series(tmp_path_factory.mktemp("exports"))) as opened:
        draft(opened)
        yield opened


@pytest.fixture
def session(room: Room) -> Session:
    """Return the room's session."""
    return room.sessions()[0]


@pytest.fixture
def file(room: Room) -> Path:
    """Return the script that the session wrote out."""
    (path,) = room.series.drafts.glob("*.fountain")
    return path


def edited(file: Path, place: Path, *changes: tuple[str, str]) -> Path:
    """Write an edited copy of a file."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    place.write_text(text, encoding="utf-8")
    return place


def drafted(session: Session) -> list[Element]:
    """Return the elements of the session's drafts, with their ids."""
    return list(session.manuscript.script().elements())


def speech(session: Session, number: int = 0) -> Element:
    """Return one of the session's speeches."""
    return [one for one in drafted(session) if one.kind is Kind.DIALOGUE][number]


def lines(traced: Traced) -> list[tuple[Fate, Element | None, Element | None]]:
    """Return what is not as it was."""
    found = [line for scene in traced.scenes for line in scene.lines]
    return [(line.fate, line.was, line.now) for line in found if line.fate is not Fate.SAME]


def test_exports_are_found_by_hash_path_and_session_newest_first(room: Room, session: Session) -> None:
    """All that is asked for must be true; the same file is remembered once."""
    exports, place = room.ledger.exports, Path("/pilot.pdf")
    head = session.head
    assert head is not None
    for digest in ("a" * 64, "b" * 64, "b" * 64):
        exports.record(session=session.id, head=head, format="pdf", path=place, sha256=digest)
    assert [one.sha256[0] for one in exports.find(path=place)] == ["b", "a"]
    assert [one.path for one in exports.find(sha256="a" * 64, session=session.id)] == [str(place)]
    assert exports.find(sha256="c" * 64) == exports.find(sha256="a" * 64, session="e99-000000") == []


def test_a_file_that_nobody_touched_is_known_by_its_hash(
    room: Room, session: Session, file: Path, tmp_path: Path
) -> None:
    """Wherever it is and whatever it is called: all its elements are those of the drafts."""
    copy = edited(file, tmp_path / "copy.fountain")
    traced = trace_back(room.ledger, copy)
    assert (traced.origin.session, traced.origin.head) == (session.id, session.head)
    assert (traced.origin.known_by, traced.origin.unchanged) == ("hash", True)
    assert traced.same
    assert [one for scene in traced.scenes for one in scene.elements] == drafted(session)
    assert [(scene.number, scene.place) for scene in traced.scenes] == [(1, 1), (2, 2)]


def test_an_edited_file_is_known_by_its_path(room: Room, session: Session, file: Path) -> None:
    """Saved in its place by an editor; each element says which it continues, is new, or gone."""
    was, cut = speech(session), speech(session, 3)
    saved = file.read_bytes()
    try:
        text = saved.decode()
        text = text.replace(was.text, f"{was.text} Always.").replace(
            f"{cut.text}\n", "She says nothing at all.\n", 1
        )
        file.write_text(text + "\nNobody wrote this line but Rosa.\n", encoding="utf-8")
        traced = trace_back(room.ledger, file)
    finally:
        file.write_bytes(saved)
    assert (traced.origin.known_by, traced.origin.unchanged, traced.same) == ("path", False, False)
    reworded, replaced, added = lines(traced)
    assert reworded[:2] == (Fate.CHANGED, was)
    assert reworded[2] is not None
    assert (reworded[2].id, reworded[2].text) == (was.id, f"{was.text} Always.")
    assert replaced[1] == cut
    assert added[1] is None
    assert added[2] is not None
    assert (added[2].id, added[2].text) == ("", "Nobody wrote this line but Rosa.")


def test_an_edited_copy_is_known_by_the_session_in_its_name_or_by_its_text(
    room: Room, session: Session, file: Path, tmp_path: Path
) -> None:
    """The text tells where the name does not."""
    change = (speech(session).text, "Not a word of it.")
    by_name = trace_back(room.ledger, edited(file, tmp_path / f"rosa {session.id} final.fountain", change))
    by_text = trace_back(room.ledger, edited(file, tmp_path / "final.fountain", change))
    assert (by_name.origin.known_by, by_text.origin.known_by) == ("name", "text")
    assert by_name.origin.head == by_text.origin.head == session.head
    assert lines(by_name) == lines(by_text) != []


def test_what_was_cut_and_what_was_moved_is_told(
    room: Room, session: Session, file: Path, tmp_path: Path
) -> None:
    """The second scene comes first, without its first action."""
    first, second = (session.manuscript.scenes[number] for number in (1, 2))
    elements = [*second.elements[:1], *second.elements[2:], *first.elements]
    script = fountain.read_file(file).with_elements([one.edited(id="") for one in elements])
    path = tmp_path / "turned.fountain"
    path.write_text(fountain.write(script), encoding="utf-8")
    traced = trace_back(room.ledger, path)
    assert [(scene.number, scene.place) for scene in traced.scenes] == [(2, 1), (1, 2)]
    assert Fate.MOVED in [scene.fate for scene in traced.scenes]
    assert lines(traced) == [(Fate.GONE, second.elements[1], None)]
    assert traced.scenes[1].elements == first.elements


def test_a_file_that_went_through_final_draft_is_traced(
    room: Room, session: Session, file: Path, tmp_path: Path
) -> None:
    """What FDX cannot say is not told as a change."""
    script = fountain.read_file(file)
    path = tmp_path / "pilot.fdx"
    path.write_bytes(fdx.write(script))
    assert trace_back(room.ledger, path).same
    was = speech(session, 2)
    elements = [one.edited(text="Rain.") if one.text == was.text else one for one in script.elements()]
    path.write_bytes(fdx.write(script.with_elements(elements)))
    ((fate, old, new),) = lines(trace_back(room.ledger, path))
    assert (fate, old) == (Fate.CHANGED, was)
    assert new is not None
    assert (new.id, new.text) == (was.id, "Rain.")


def test_a_session_that_is_named_comes_before_all_else(room: Room, session: Session, tmp_path: Path) -> None:
    """Nothing need be alike then: a file without a line of it is new, and all of the session's is gone."""
    path = tmp_path / "other.fountain"
    path.write_text("INT. ELSEWHERE - DAY\n\nA hat.\n", encoding="utf-8")
    traced = trace_back(room.ledger, path, session=session.id[:5])
    assert traced.origin.known_by == "session"
    assert {fate for fate, _, _ in lines(traced)} == {Fate.NEW, Fate.GONE}
    assert sorted(scene.number or 0 for scene in traced.scenes) == [0, 1, 2]
    with pytest.raises(SessionError, match="continues nothing that was exported"):
        trace_back(room.ledger, path)
    with pytest.raises(SessionError, match="no session"):
        trace_back(room.ledger, path, session="e77")


def test_what_cannot_be_read_is_refused(room: Room, tmp_path: Path) -> None:
    """A format that is only written, and a file that is not there."""
    path = tmp_path / "pilot.pdf"
    path.write_bytes(b"%PDF")
    for wrong in (path, tmp_path / "gone.fountain"):
        with pytest.raises(InputError):
            trace_back(room.ledger, wrong)


def test_an_exported_script_carries_the_ids_of_the_drafts(room: Room, session: Session) -> None:
    """And says what the file says."""
    assert session.head is not None
    script = exported(room.ledger, session.id, session.head)
    assert [one.id for one in script.elements()] == [one.id for one in drafted(session)]
    assert fountain.write(script) == session.fountain
    assert scene_slots(session.manuscript.slots) == [1, 2]


def test_a_chinese_script_is_traced(tmp_path: Path) -> None:
    """A character that is added is a change of its line, and of nothing else."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        session = draft(room, ZH_IDEA)
        (file,) = room.series.drafts.glob("*.fountain")
        assert sha256(file.read_bytes()) == room.ledger.exports.find()[0].sha256
        was = speech(session)
        path = edited(file, tmp_path / "改.fountain", (was.text, "啊，" + was.text))
        ((fate, old, new),) = lines(trace_back(room.ledger, path))
        assert (fate, old) == (Fate.CHANGED, was)
        assert new is not None
        assert new.id == was.id
