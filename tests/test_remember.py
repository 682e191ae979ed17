"""Earlier episodes in every format that can be read: kept whole or not at all, once, and superseded."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hash_embedder import HashEmbedder
from numpy.typing import NDArray
from room_kit import EXAMPLES, a_series, open_room, quick_embedder

from storyroom.errors import EmbedderChanged, FormatError, IndexStale, InputError, MemoryFault
from storyroom.formats.fountain import read_file
from storyroom.formats.pdf import PdfOptions
from storyroom.formats.registry import FORMATS, format_of
from storyroom.memory import chroma, embeddings
from storyroom.memory.episode_file import MAX_BYTES
from storyroom.room import Room
from storyroom.series import Series

EPISODES = sorted((EXAMPLES / "the-last-light/episodes").glob("*.fountain"))
CHINESE = sorted((EXAMPLES / "the-long-river/episodes").glob("*.fountain"))
SPAWN = multiprocessing.get_context("spawn")
FOUNTAIN = "Episode: 7\n\nINT. LAMP ROOM - NIGHT\n\nDev watches.\n\nMARA\nNo.\n"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """The room of a copy of the English example, which remembers nothing."""
    with open_room(a_series(tmp_path)) as opened:
        yield opened


def state(room: Room) -> tuple[dict[str, int], set[str]]:
    """Return how many rows each table has, and the ids in the index."""
    return room.ledger.counts(), room.index.ids()


def remembered(room: Room) -> tuple[list[object], list[str]]:
    """Return who is where, and the texts of all scenes in the index."""
    people = [(one.episode, one.scene, one.place, one.time, one.people) for one in room.presence()]
    return [*people], sorted(c.text for c in room.index.rows().values() if c.kind == "scene")


def scene(heading: str, *speeches: tuple[str, str], action: str = "Rain.") -> str:
    """Return a scene as Fountain."""
    return f"{heading}\n\n{action}\n\n" + "".join(f"@{who}\n{line}\n\n" for who, line in speeches)


def episode(folder: Path, number: int, *scenes: str) -> Path:
    """Write an episode of these scenes."""
    path = folder / f"s01e{number:02}.fountain"
    path.write_text("".join(scenes), "utf-8")
    return path


@pytest.mark.parametrize("name", ["fountain", "fdx", "text", "pdf"])
def test_every_format_gives_the_same_memory(room: Room, tmp_path: Path, name: str) -> None:
    """The same scenes, speakers and index, whichever format an episode comes in."""
    files = []
    for path in EPISODES:
        files.append(tmp_path / f"{path.stem}{FORMATS[name].suffixes[0]}")
        files[-1].write_bytes(FORMATS[name].write(read_file(path), PdfOptions()))
    kept = room.remember(files)
    assert [(one.episode, one.outcome, one.scenes, one.title) for one in kept] == [
        (1, "new", 6, "The Notice"),
        (2, "new", 6, "Eleven Minutes"),
    ]
    assert [one.doubts for one in kept] == [(), ()]
    assert not kept[0].strangers
    found = remembered(room)
    with open_room(a_series(tmp_path / "other")) as other:
        other.remember(EPISODES)
        assert found == remembered(other)


def test_a_chinese_season_in_text_and_pdf(tmp_path: Path) -> None:
    """Chinese layouts give the same scenes and people as the Fountain they show."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        for path, name in zip(CHINESE, ("text", "pdf"), strict=True):
            copy = tmp_path / f"{path.stem}{FORMATS[name].suffixes[0]}"
            copy.write_bytes(FORMATS[name].write(read_file(path), PdfOptions()))
            (first,) = room.remember([copy])
            (second,) = room.remember([path])
            assert (first.outcome, first.doubts, first.strangers) == ("new", (), ())
            assert (second.outcome, second.speakers) == ("unchanged", first.speakers)


def test_the_same_file_twice_changes_nothing(room: Room) -> None:
    """No row, no vector, whatever its name or format; the outcome says so."""
    room.remember(EPISODES)
    before = state(room)
    again = room.remember(EPISODES[::-1])
    assert [one.outcome for one in again] == ["unchanged", "unchanged"]
    assert state(room) == before


def test_a_changed_file_supersedes_its_earlier_import(room: Room, tmp_path: Path) -> None:
    """The canon has the new scenes only; scenes that did not change keep drafts and vectors."""
    one, two = scene("INT. LAMP ROOM - NIGHT", ("MARA", "One.")), scene("EXT. QUAY - DAY", ("BEA", "Two."))
    path = episode(tmp_path, 5, one, two)
    room.remember([path])
    before = room.ledger.episodes.newest(5)
    embedder = room.index._embedder
    assert isinstance(embedder, HashEmbedder)
    embedded = embedder.embedded
    path.write_text(one + scene("EXT. QUAY - DAY", ("BEA", "Three.")), "utf-8")
    (kept,) = room.remember([path])
    after = room.ledger.episodes.newest(5)
    assert before is not None
    assert after is not None
    assert kept.outcome == "superseded"
    assert before.scenes[1] == after.scenes[1]
    assert before.scenes[2] != after.scenes[2]
    assert embedder.embedded == embedded + 1
    hits = room.search("Two. Three.", k=20, kinds=["scene"])
    assert sum("Three" in hit.chunk.text for hit in hits) == 1
    assert not any("Two" in hit.chunk.text for hit in hits)


def test_a_scene_before_the_others_moves_them_without_new_vectors(room: Room, tmp_path: Path) -> None:
    """Scenes that only got another number are found under it; their texts are not embedded again."""
    scenes = [scene("EXT. QUAY - DAY", ("BEA", f"Line {'x' * n}.")) for n in range(1, 5)]
    room.remember([episode(tmp_path, 5, *scenes)])
    embedder = room.index._embedder
    assert isinstance(embedder, HashEmbedder)
    embedded = embedder.embedded
    path = episode(tmp_path, 5, scene("INT. LAMP ROOM - NIGHT", ("MARA", "First.")), *scenes)
    room.remember([path])
    assert embedder.embedded == embedded + 1
    numbers = {c.scene: c.text for c in room.index.rows().values() if c.episode == 5}
    assert "Line x." in numbers[2]
    assert len(numbers) == 5


BAD = {
    "s01e03.fountain": b"",
    "s01e03.fdx": b"<FinalDraft",
    "s01e03.txt": b"\x7fELF\0\0",
    "s01e03-letter.txt": b"Dear Mara,\n\nnothing here is a scene.\n",
    "s01e03.docx": b"PK",
    "s01e03.pdf": b"%PDF-1.4",
    "unnumbered.fountain": b"INT. QUAY - DAY\n\nRain.\n",
}


@pytest.mark.parametrize("name", BAD)
def test_one_bad_file_and_none_is_kept(room: Room, tmp_path: Path, name: str) -> None:
    """An error names the file, and nothing of the others has been written."""
    (tmp_path / name).write_bytes(BAD[name])
    before = state(room)
    with pytest.raises(InputError, match=Path(name).stem):
        room.remember([*EPISODES, tmp_path / name])
    assert state(room) == before


def test_a_script_of_twenty_megabytes(room: Room, tmp_path: Path) -> None:
    """No episode is so long: it is refused before it is read."""
    path = tmp_path / "s01e03.fountain"
    path.write_bytes((FOUNTAIN * (1 + 20 * 1024**2 // len(FOUNTAIN))).encode())
    assert path.stat().st_size > MAX_BYTES
    with pytest.raises(FormatError, match="20 MB"):
        room.remember([path])
    assert room.ledger.episodes.canon() == []


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_chinese_encodings(tmp_path: Path, encoding: str) -> None:
    """GBK and UTF-16 are recognised, in text with names before colons."""
    path = tmp_path / "第三集.txt"
    text = "1 渡船 内 夜\n何青：红线在哪里？我没有看见。\n何守渡：在水里。\n何青：走。\n"
    path.write_bytes(text.encode(encoding))
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        (kept,) = room.remember([path])
        assert (kept.episode, kept.scenes, kept.speakers) == (3, 1, ("何青", "何守渡"))


def test_two_files_of_one_episode(room: Room, tmp_path: Path) -> None:
    """Which of them holds is the humans' to say."""
    copy = tmp_path / "s01e01-copy.fountain"
    copy.write_bytes(EPISODES[0].read_bytes())
    with pytest.raises(InputError, match="both episode 1"):
        room.remember([EPISODES[0], copy])
    assert room.ledger.episodes.canon() == []


@pytest.mark.parametrize(
    ("name", "number"), [("s02e11.txt", 11), ("Ep 4 - Rain.txt", 4), ("第十二集.txt", 12), ("第3集.txt", 3)]
)
def test_the_number_in_a_file_name(room: Room, tmp_path: Path, name: str, number: int) -> None:
    """In English and Chinese, in digits or characters."""
    (tmp_path / name).write_text("INT. QUAY - DAY\n\nRain.\n")
    assert [one.episode for one in room.remember([tmp_path / name])] == [number]


def test_who_is_present_and_who_speaks(room: Room, tmp_path: Path) -> None:
    """Cues speak; action lines make present; whom others only talk about is not there."""
    watching = "Bea watches. There is no Ineson here."
    path = episode(
        tmp_path,
        5,
        scene("INT. LAMP ROOM - NIGHT", ("MARA", "Silas said so."), ("MARA", "Twice."), action=watching),
        scene("EXT. QUAY - DAY", ("THE STRANGER", "Three more words.")),
    )
    room.remember([path])
    first, second = room.presence(5)
    assert (first.place, first.time) == ("Lamp Room", "NIGHT")
    assert first.speakers == ("Mara",)
    assert first.people[0].speeches == 2
    assert first.people[0].words == 4
    assert second.speakers == ("THE STRANGER",)
    assert not second.people[0].known
    assert first.silent == ("Bea",)


def test_presence_is_recorded_and_follows_the_bible(room: Room, tmp_path: Path) -> None:
    """It is written with the import; what the bible learns later is worked out and recorded beside it."""
    path = episode(tmp_path, 5, scene("EXT. QUAY - DAY", ("OLD NAN", "No."), action="Nobody."))
    room.remember([path])
    assert room.ledger.counts()["presences"] == 1
    assert [person.known for person in room.presence(5)[0].people] == [False]
    assert room.ledger.counts()["presences"] == 1
    file = room.series.folder / "series.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("aliases: [", "aliases: [Old Nan, ", 1), "utf-8")
    room.series = Series.open(room.series.folder)
    assert room.presence(5)[0].speakers == ("Mara",)
    assert room.ledger.counts()["presences"] == 2
    room.ready_index()
    assert {c.characters for c in room.index.rows().values() if c.episode == 5} == {("Mara",)}


class Failing(HashEmbedder):
    """Fails, or ends its process, after so many texts."""

    after = 20
    kill = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed, or die."""
        if self.embedded + len(texts) > self.after:
            if self.kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise MemoryFault("The Chroma server does not answer.", hint="Start it.")
        return super().embed(texts)


def test_chroma_down_in_the_middle(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that says so; no episode is in the canon, none is found, and the next import is whole."""
    room.remember(EPISODES[:1])
    before = room.ledger.counts()
    writing, calls = chroma.LocalChroma.writing, iter([False, True])

    def fails(self: chroma.LocalChroma) -> object:
        if next(calls, True):
            raise MemoryFault("The Chroma server does not answer.", hint="Start it.")
        return writing(self)

    with monkeypatch.context() as patch:
        patch.setattr("storyroom.memory.index.BATCH", 5)
        patch.setattr(chroma.LocalChroma, "writing", fails)
        with pytest.raises(MemoryFault, match="does not answer"):
            room.remember(EPISODES[1:])
    assert room.ledger.counts() == before
    assert {hit.chunk.episode for hit in room.search("the lamp", k=50, kinds=["scene"])} == {1}
    (kept,) = room.remember(EPISODES[1:])
    assert kept.outcome == "new"
    assert {hit.chunk.episode for hit in room.search("the lamp", k=50, kinds=["scene"])} == {1, 2}


def remember_and_die(folder: Path) -> None:
    """Remember two episodes, and be killed half-way through the index."""
    Failing.kill = True
    embeddings._EMBEDDERS[embeddings.default_embedder("en")] = Failing
    with Room.open(folder) as room:
        room.remember(EPISODES)


def test_a_killed_import_has_not_happened(tmp_path: Path) -> None:
    """After `kill -9` the canon is empty and searches find nothing of it; the next import is whole."""
    folder = a_series(tmp_path)
    process = SPAWN.Process(target=remember_and_die, args=(folder,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with open_room(folder) as room:
        assert room.ledger.episodes.canon() == []
        assert room.search("the lamp", k=50, kinds=["scene"]) == []
        assert [one.outcome for one in room.remember(EPISODES)] == ["new", "new"]
        assert {hit.chunk.episode for hit in room.search("the lamp", k=50, kinds=["scene"])} == {1, 2}


def test_a_lost_index_is_noticed_by_a_search(tmp_path: Path) -> None:
    """It names the command that makes it again; what only the bible says is taken in without being asked."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        assert room.search("keeper", kinds=["character"])
        room.remember(EPISODES)
        where, scenes = room.series.index, sum(len(one.scenes) for one in room.ledger.episodes.canon())
    shutil.rmtree(where)
    with open_room(folder) as room:
        with pytest.raises(IndexStale, match=f"lacks {scenes} of {scenes} scenes") as caught:
            room.search("the lamp")
        assert "storyroom memory rebuild" in caught.value.hint
        room.rebuild_index()
        assert {hit.chunk.episode for hit in room.search("the lamp", k=50, kinds=["scene"])} == {1, 2}


def test_progress_is_told_to_its_end(room: Room) -> None:
    """Both stages count up to their totals."""
    told: list[tuple[str, int, int]] = []
    room.remember(EPISODES, progress=lambda *now: told.append(now))
    assert [one for one in told if one[0] == "reading"] == [("reading", 1, 2), ("reading", 2, 2)]
    counts = [done for stage, done, _ in told if stage == "indexing"]
    assert counts == sorted(counts)
    assert counts[-1] == told[-1][2] > 0


def test_another_embedder_is_refused_with_the_command(tmp_path: Path) -> None:
    """Nothing is mixed and nothing is rebuilt unasked; the hint has the command, and that re-indexes."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        room.remember(EPISODES)
        chunks = room.index.stats().chunks
    with quick_embedder():
        embeddings._EMBEDDERS[embeddings.default_embedder("en")] = lambda: HashEmbedder("2")
        embeddings.open_embedder.cache_clear()
        with Room.open(folder) as room:
            for use in (room.ready_index, lambda: room.remember(EPISODES), lambda: room.search("lamp")):
                with pytest.raises(EmbedderChanged) as caught:
                    use()
                assert "storyroom memory rebuild" in caught.value.hint
            assert room.rebuild_index() == chunks
            assert room.search("lamp")


def test_formats_that_are_only_written_are_named(room: Room, tmp_path: Path) -> None:
    """A Word document is refused with the formats that can be read."""
    path = tmp_path / "s01e03.docx"
    path.write_bytes(format_of(path).write(read_file(EPISODES[0]), PdfOptions()))
    with pytest.raises(InputError, match="only written") as caught:
        room.remember([path])
    assert "pdf" in caught.value.hint
