import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hash_embedder import HashEmbedder, chunk

from storyroom.errors import IndexStale, InputError
from storyroom.memory.chunks import Chunk
from storyroom.memory.embeddings import identity, open_embedder
from storyroom.memory.index import Index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the index lies."""
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> Index:
    """An index that holds nothing."""
    return Index.open(folder, HashEmbedder())


def scenes(count: int, of: str = "d") -> list[Chunk]:
    """Return one short scene for each of so many drafts."""
    return [chunk(f"{of}{n}", f"scene {n} of the keeper") for n in range(count)]


def test_chunks_come_back_as_they_went_in(index: Index, folder: Path):
    """Every field survives, in both languages, also for someone who opens the folder anew."""
    full = chunk(
        "d1",
        "内景 灯塔 夜\n\n马拉\n“灯灭了。”",
        kind="scene",
        episode=2,
        scene=5,
        characters=("马拉", "Tom"),
        place="灯塔",
        language="zh",
    )
    bare = chunk("d2", "Tom\n\nA fisherman.", kind="character")
    index.add([full, bare])
    index.close()
    assert dict(Index.open(folder, HashEmbedder()).rows()) == {full.id: full, bare.id: bare}


def test_adding_twice_changes_nothing(folder: Path):
    """What is there already is not embedded again."""
    embedder = HashEmbedder()
    index = Index.open(folder, embedder)
    assert index.add(scenes(5)) == 5
    assert index.add(scenes(6)) == 1
    assert embedder.embedded == 6
    assert index.stats().chunks == 6


def test_a_chunk_of_the_same_id_is_replaced(index: Index):
    """A chunk that says something else under its old id takes the place of the old one, vector included."""
    index.add([chunk("d1", "a lamp"), chunk("d2", "a rope")])
    assert index.add([chunk("d1", "the storm")]) == 1
    assert index.dense("storm", 1, ["d1:000", "d2:000"])[0][0] == "d1:000"
    assert index.dense("storm", 1, ["d1:000", "d2:000"])[0][1] > 0.99


def test_dense_ranks_only_what_it_is_given(index: Index):
    """The nearest of the given ids come, nearest first; ids that are not there are no error."""
    index.add([chunk("d1", "lamp lamp rope"), chunk("d2", "lamp"), chunk("d3", "rope")])
    assert [key for key, _ in index.dense("lamp", 5, ["d1:000", "d3:000", "gone:000"])] == [
        "d1:000",
        "d3:000",
    ]
    assert index.dense("lamp", 5, []) == []


def test_dense_finds_what_an_exact_search_finds(index: Index):
    """Behind a filter that admits one chunk in seven, none of the ten nearest is missed."""
    rng = np.random.default_rng(0)
    words = [f"word{n}" for n in range(60)]
    chunks = [chunk(f"d{n}", " ".join(rng.choice(words, size=6))) for n in range(1200)]
    index.add(chunks)
    admitted = chunks[::7]
    query = "word1 word2 word3"
    vectors = HashEmbedder().embed([query, *(c.text for c in admitted)])
    similar = vectors[1:] @ vectors[0]
    exact = np.sort(similar)[::-1][:10]
    found = [similarity for _, similarity in index.dense(query, 10, [c.id for c in admitted])]
    np.testing.assert_allclose(found, exact, atol=1e-5)


def test_every_chunk_is_compared_after_every_change(index: Index, folder: Path):
    """Whatever is added, replaced or removed, here or by another, an exact search is made."""
    other = Index.open(folder, HashEmbedder())
    steps: list[Callable[[], object]] = [
        lambda: index.add(scenes(5)),
        lambda: other.add([chunk("d3", "a storm"), chunk("a0", "before all others")]),
        lambda: index.remove({"d1"}),
        lambda: other.erase({"d2"}),
        index.close,
        index.clear,
    ]
    for step in steps:
        step()
        for one in (index, other):
            rows, near = one.near("the keeper in a storm")
            vectors = HashEmbedder().embed(["the keeper in a storm", *(c.text for c in rows.values())])
            assert rows == index.rows()
            np.testing.assert_allclose(near, vectors[1:] @ vectors[0], atol=1e-6)


def test_removed_drafts_are_gone(index: Index, folder: Path):
    """All chunks of a draft go, and only those; an unknown draft is no error."""
    index.add([*scenes(3), chunk("d1", "second piece", 1)])
    index.remove({"d1", "unknown"})
    assert index.draft_ids() == {"d0", "d2"}
    index.close()
    assert Index.open(folder, HashEmbedder()).ids() == {"d0:000", "d2:000"}


def test_erased_words_are_on_the_disk_no_more(index: Index, folder: Path):
    """After erase, no file holds the words of the draft; the others are still found."""
    index.add([chunk("keep", "an ordinary lamp"), chunk("drop", "Xyzzyplover")])

    def on_disk() -> bool:
        return any(
            b"xyzzyplover" in path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()
        )

    assert on_disk()
    index.erase({"drop"})
    assert not on_disk()
    assert index.dense("lamp", 3, ["keep:000", "drop:000"])[0][0] == "keep:000"
    assert index.ids() == {"keep:000"}


def test_clear_leaves_an_index_that_works(index: Index):
    """Cleared, it is empty and can be filled again."""
    index.add(scenes(3))
    index.clear()
    assert index.ids() == set()
    index.add(scenes(2))
    assert len(index.dense("keeper", 5, ["d0:000", "d1:000"])) == 2


def test_stats_tell_what_is_there(index: Index):
    """Chunks, drafts, kinds and the embedder's identity."""
    index.add([*scenes(2), chunk("d1", "more", 1), chunk("b", "Mara", kind="character")])
    stats = index.stats()
    assert (stats.chunks, stats.drafts) == (4, 3)
    assert dict(stats.kinds) == {"scene": 3, "character": 1}
    assert stats.embedder == identity(HashEmbedder())
    assert stats.size > 0


def test_another_embedder_is_refused(index: Index, folder: Path):
    """Vectors of two embedders never mix: the error names both and the command that builds anew."""
    index.add(scenes(1))
    with pytest.raises(IndexStale, match=r"hash@1/.* hash@2/") as caught:
        Index.open(folder, HashEmbedder(version="2"))
    assert "storyroom memory rebuild" in caught.value.hint
    Index.reset(folder)
    assert Index.open(folder, HashEmbedder(version="2")).ids() == set()


def test_two_indexes_of_one_process_see_each_other(index: Index, folder: Path):
    """What one object writes another object on the same folder finds at once."""
    other = Index.open(folder, HashEmbedder())
    index.add([chunk("d1", "lamp")])
    assert other.dense("lamp", 1, ["d1:000"])
    assert other.ids() == {"d1:000"}
    other.remove({"d1"})
    assert index.ids() == set()


def test_rows_are_read_once(index: Index):
    """As long as nothing is written, the rows are the very same object."""
    index.add(scenes(2))
    rows = index.rows()
    index.dense("keeper", 1, ["d0:000"])
    assert index.rows() is rows


def test_settings_come_from_nowhere_else(tmp_path: Path):
    """Neither the environment nor a .env file moves the data or turns tracing on."""
    (tmp_path / ".env").write_text("CHROMA_OTEL_GRANULARITY=all\nANONYMIZED_TELEMETRY=true\n")
    code = """
from pathlib import Path
from hash_embedder import HashEmbedder, chunk
from storyroom.memory.index import Index
Index.open(Path("index"), HashEmbedder()).add([chunk("d1", "lamp")])
import chromadb.telemetry.opentelemetry as telemetry
print(telemetry.granularity.value, telemetry.tracer)
"""
    environment = {
        "PYTHONPATH": str(Path(__file__).parent),
        "CHROMA_API_IMPL": "chromadb.api.fastapi.FastAPI",
        "PERSIST_DIRECTORY": "elsewhere",
        "CHROMA_OTEL_COLLECTION_ENDPOINT": "http://127.0.0.1:9/",
    }
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.split() == ["none", "None"], run.stderr
    assert not (tmp_path / "elsewhere").exists()


def test_identity_tells_versions_and_settings_apart():
    """Name, version and configuration all count."""
    tuned = HashEmbedder()
    tuned.config = {"lower": True}
    assert len({identity(e) for e in (HashEmbedder(), HashEmbedder("2"), tuned)}) == 3
    assert identity(HashEmbedder()) == identity(HashEmbedder())


def test_default_embedder():
    """It is opened once, knows its version, and gives unit vectors for any text, none at all included."""
    embedder = open_embedder()
    assert open_embedder() is embedder
    assert identity(embedder).startswith("universal-sentence-encoder@0.")
    vectors = embedder.embed(["Hello.", "你好。", "", "\ud800 odd"])
    assert vectors.shape == (4, 512)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert embedder.embed([]).shape == (0, 512)


def test_unknown_embedder():
    """The error lists the names there are."""
    with pytest.raises(InputError) as caught:
        open_embedder("word2vec")
    assert "universal-sentence-encoder" in caught.value.hint
