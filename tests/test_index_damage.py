import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hash_embedder import HashEmbedder, chunk

from storyroom.errors import IndexStale, MemoryFault
from storyroom.memory import chroma
from storyroom.memory.index import Index

ROWS = 1100  # enough for Chroma to flush its graph to files


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound index, large enough to have graph files."""
    folder = tmp_path_factory.mktemp("intact") / "index"
    index = Index.open(folder, HashEmbedder())
    index.add([chunk(f"d{n}", f"lamp {n}") for n in range(ROWS)])
    index.close()
    return folder


@pytest.fixture
def folder(intact: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(intact, tmp_path / "index"))


def use(folder: Path) -> None:
    """Do what a reader does."""
    index = Index.open(folder, HashEmbedder())
    index.rows()
    index.dense("lamp", 5, list(index.ids()))


def graph_file(folder: Path, name: str) -> Path:
    """Return one file of Chroma's graph."""
    (path,) = folder.glob(f"*/{name}")
    return path


def truncate(path: Path) -> None:
    """Keep the first third of a file."""
    os.truncate(path, path.stat().st_size // 3)


def garble(path: Path, start: int = 0) -> None:
    """Write over a part of a file."""
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xc3\x28garbage " * 9000)


def drop_table(folder: Path) -> None:
    """Take a table that Chroma needs out of a sound database."""
    with sqlite3.connect(folder / "chroma.sqlite3") as database:
        database.execute("drop table embeddings")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "database truncated": lambda f: truncate(f / "chroma.sqlite3"),
    "database cut to its header": lambda f: os.truncate(f / "chroma.sqlite3", 100),
    "database emptied": lambda f: os.truncate(f / "chroma.sqlite3", 0),
    "database is garbage": lambda f: garble(f / "chroma.sqlite3"),
    "garbage within the database": lambda f: garble(f / "chroma.sqlite3", 40960),
    "database gone": lambda f: (f / "chroma.sqlite3").unlink(),
    "table gone": drop_table,
    "graph gone": lambda f: shutil.rmtree(next(p for p in f.iterdir() if p.is_dir())),
    "vectors gone": lambda f: graph_file(f, "data_level0.bin").unlink(),
    "vectors garbled": lambda f: garble(graph_file(f, "data_level0.bin")),
    "vectors truncated": lambda f: truncate(graph_file(f, "data_level0.bin")),
    "graph names garbled": lambda f: garble(graph_file(f, "index_metadata.pickle")),
    "seal gone": lambda f: (f / "seal.json").unlink(),
    "seal garbled": lambda f: garble(f / "seal.json"),
    "seal of something else": lambda f: (f / "seal.json").write_text('{"seal": []}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_noticed_and_rebuilt(folder: Path, damage: str):
    """Any damage is one error that names the command to run; after a reset the index works again."""
    DAMAGES[damage](folder)
    with pytest.raises(IndexStale) as caught:
        use(folder)
    assert "storyroom memory rebuild" in caught.value.hint
    assert "\n" not in caught.value.message
    Index.reset(folder)
    index = Index.open(folder, HashEmbedder())
    index.add([chunk("d1", "lamp")])
    assert index.dense("lamp", 1, ["d1:000"])


def test_an_intact_copy_is_accepted(folder: Path):
    """A folder that was copied or restored elsewhere is not taken for damaged."""
    index = Index.open(folder, HashEmbedder())
    assert len(index.ids()) == ROWS
    assert len(index.dense("lamp", ROWS, list(index.ids()))) == ROWS


def test_a_write_that_died_before_the_graph_was_touched_is_kept(folder: Path):
    """Rows are added as a whole: if the writer died after that, they are there and everything is found."""
    seal = json.loads((folder / "seal.json").read_text())
    (folder / "seal.json").write_text(json.dumps({**seal, "writing": True, "rows": ROWS - 7}))
    index = Index.open(folder, HashEmbedder())
    assert len(index.dense("lamp", ROWS, list(index.ids()))) == ROWS
    after = json.loads((folder / "seal.json").read_text())
    assert (after["writing"], after["rows"]) == (False, ROWS)
    assert after["generation"] != seal["generation"]


def test_a_folder_that_cannot_be_one(tmp_path: Path):
    """A file where the folder should be, or above it, is a fault of the disk, said so, and can be reset."""
    (tmp_path / "index").write_text("not a folder")
    with pytest.raises(MemoryFault, match="cannot be used") as caught:
        Index.open(tmp_path / "index", HashEmbedder())
    assert not isinstance(caught.value, IndexStale)
    with pytest.raises(MemoryFault):
        Index.open(tmp_path / "index" / "below", HashEmbedder())
    Index.reset(tmp_path / "index")
    assert Index.open(tmp_path / "index", HashEmbedder()).ids() == set()


def test_a_full_disk_is_not_called_damage(tmp_path: Path):
    """Errors of the disk that Chroma passes on say so, and nobody is sent to rebuild for them."""
    import chromadb.errors

    store = chroma.local(tmp_path / "index")
    full = chromadb.errors.InternalError("error returned from database: (code: 13) database or disk is full")
    with pytest.raises(MemoryFault, match="disk is full") as caught, store.reading():
        raise full
    assert not isinstance(caught.value, IndexStale)


def test_a_panic_of_the_engine_is_an_error_like_any_other(tmp_path: Path):
    """The Rust engine's panics do not derive from Exception, and still become ours."""

    class PanicException(BaseException):
        pass

    with pytest.raises(IndexStale, match="index out of bounds"), chroma.local(tmp_path / "index").reading():
        raise PanicException("index out of bounds")


def test_other_errors_pass_unchanged(tmp_path: Path):
    """An interrupt or a mistake in our own code is not dressed up as damage, and the index stays usable."""
    store = chroma.local(tmp_path / "index")
    for error in (KeyboardInterrupt(), KeyError("x")):
        with pytest.raises(type(error)) as caught, store.writing():
            raise error
        assert caught.value is error
    assert Index.open(tmp_path / "index", HashEmbedder()).ids() == set()
