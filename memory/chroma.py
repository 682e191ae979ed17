"""Chroma on disk, made safe to share and to break.

What Chroma does by itself, and what is done about it here:

* Two processes that write, or one that reads while another writes, lose vectors without an error: a query may
  flush Chroma's graph to disk, from an old picture of it. So every operation holds a file lock, not only
  writes.
* A process keeps the graph in memory and does not see what others add. So each write changes a *generation*
  beside the data, and whoever finds another generation than the one they opened opens again.
* A damaged graph file can end the process by a segmentation fault, and a lost one silently hides most rows.
  So a *seal* holds the checksums of those files and the number of rows, and is compared before Chroma sees
  them.
* It writes parts of its memory into its graph files, words that were erased among them
  (`memory/residue.py`). So those parts are blanked before the seal is set.
* Its settings read the environment and `.env` files. So they are built without reading anything.

`memory/chroma_server.py` does the same for collections that a Chroma server holds.
"""

from __future__ import annotations

import json
import secrets
import shutil
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from storyroom.errors import MemoryFault
from storyroom.memory.chroma_errors import damaged, translated, unusable
from storyroom.memory.residue import blank_unused

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

LOCK_SECONDS = 60.0
_DATABASE = "chroma.sqlite3"
_SEAL = "seal.json"


@dataclass(frozen=True, slots=True)
class Seal:
    """What the folder must look like.

    Attributes:
        generation: changes with every write.
        writing: whether a write began and has not ended.
        rows: how many rows there are in all collections.
        graph: size and CRC-32 of each file of Chroma's graphs, by its path within the folder.
    """

    generation: str
    writing: bool = False
    rows: int = 0
    graph: dict[str, tuple[int, int]] = field(default_factory=dict)


class LocalChroma:
    """One folder of Chroma, opened when it is needed, shared by all of this process. Make it with `local`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._threads = threading.RLock()
        self._processes = FileLock(folder.with_name(folder.name + ".lock"), timeout=LOCK_SECONDS)
        self._client: Client | None = None
        self.prefix = "storyroom-"  # of the names of our collections
        self.place: object = folder  # where the rows lie, for people
        self._seal = Seal("")
        self._stamps: dict[str, tuple[int, int]] = {}

    @contextmanager
    def reading(self) -> Iterator[Client]:
        """Hold the folder and give a client that sees all that was written to it.

        Raises:
            IndexStale: the folder is damaged.
            MemoryFault: it cannot be read, or another process holds it for longer than a minute.
        """
        with self.held():
            client = self._opened()
            yield client
            self._reseal(client)

    @contextmanager
    def writing(self) -> Iterator[Client]:
        """As `reading`; when it ends, other processes will see what changed."""
        with self.held():
            client = self._opened()
            self._write_seal(replace(self._seal, writing=True))
            yield client
            self._reseal(client, generation=secrets.token_hex(8))

    @property
    def generation(self) -> str:
        """The generation that the last operation saw or made."""
        return self._seal.generation

    def current_generation(self) -> str:
        """Return the generation on disk, or nothing if a look inside is needed to tell. Takes no lock."""
        try:
            seal = self._read_seal()
        except MemoryFault:
            return ""
        return seal.generation if seal and not seal.writing else ""

    def close(self) -> None:
        """Let go of files and memory. The next operation opens again."""
        with self._threads:
            client, self._client = self._client, None
            if client is not None:
                client.close()

    def reset(self) -> None:
        """Remove the folder, whatever state it is in, and everything in it."""
        with self.held():
            self.close()
            if self.folder.is_dir() and not self.folder.is_symlink():
                shutil.rmtree(self.folder)
            else:
                self.folder.unlink(missing_ok=True)

    def collections(self, client: Client) -> Sequence[Collection]:
        """Return our collections."""
        return client.list_collections()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everyone else out. May be nested, with the other two as well."""
        with self._threads:
            try:
                self.folder.parent.mkdir(parents=True, exist_ok=True)
                self._processes.acquire(poll_interval=0.005)
            except Timeout as error:
                raise MemoryFault(
                    f"Another process has held the index at {self.folder} for {LOCK_SECONDS:.0f} seconds.",
                    hint="Wait for it to finish, or end it, and try again.",
                ) from error
            except OSError as error:
                raise unusable(self.folder, error) from error
            try:
                yield
            except BaseException as error:
                self._after_failure()
                translated = self._translated(error)
                if translated is error:
                    raise
                raise translated from error
            finally:
                self._processes.release()

    def _after_failure(self) -> None:
        """Drop the client: after an error nothing is known of its picture of the folder."""
        with suppress(Exception):
            self.close()

    def _opened(self) -> Client:
        seal = self._read_seal()
        if self._client is not None and seal == self._seal:
            return self._client
        self.close()
        if seal is None:
            seal = self._begin()
        self._stamps = self._check_files(seal)
        self._client = self._connected()
        rows = self._count_rows(self._client)
        if rows != seal.rows and not seal.writing:
            raise damaged(self.place, f"it should hold {seal.rows} rows and holds {rows}")
        self._seal = seal
        if seal.writing:  # a writer died; the rows it had added are there, and others have not seen them
            self._reseal(self._client, generation=secrets.token_hex(8))
        return self._client

    def _begin(self) -> Seal:
        """Seal an empty folder before Chroma writes to it, so that a half-made one is known as one."""
        if (self.folder / _DATABASE).exists():
            raise damaged(self.folder, f"{_SEAL} is missing")
        self.folder.mkdir(parents=True, exist_ok=True)
        seal = Seal(secrets.token_hex(8), writing=True)
        self._write_seal(seal)
        return seal

    def _connected(self) -> Client:
        return _open_client(self.folder)

    def _count_rows(self, client: Client) -> int:
        return sum(collection.count() for collection in self.collections(client))

    def _translated(self, error: BaseException) -> BaseException:
        return translated(self.folder, error)

    def _check_files(self, seal: Seal) -> dict[str, tuple[int, int]]:
        """Compare the files with the seal, and return size and time of each graph file."""
        stamps = self._check_graph(seal)
        if not (self.folder / _DATABASE).exists() and (seal.rows or not seal.writing):
            raise damaged(self.folder, f"{_DATABASE} is missing")
        return stamps

    def _check_graph(self, seal: Seal) -> dict[str, tuple[int, int]]:
        """Compare the graph files with the seal, and return size and time of each."""
        stamps = self._graph_stamps()
        for name, (size, checksum) in seal.graph.items():
            if name not in stamps:
                raise damaged(self.folder, f"{name} is missing")
            if stamps[name][0] != size or _checksum(self.folder / name) != checksum:
                raise damaged(self.folder, f"{name} is not what was written")
        return stamps

    def _graph_stamps(self) -> dict[str, tuple[int, int]]:
        found = {path: path.stat() for path in self.folder.glob("*/*")}
        return {str(p.relative_to(self.folder)): (st.st_size, st.st_mtime_ns) for p, st in found.items()}

    def _reseal(self, client: Client, generation: str | None = None) -> None:
        """Seal what is there now: under a new generation, or because Chroma has flushed its graph."""
        if generation is None and self._graph_stamps() == self._stamps:
            return
        blank_unused(self.folder)
        stamps = self._graph_stamps()
        graph = {
            name: self._seal.graph[name]
            if name in self._seal.graph and stamp == self._stamps.get(name)
            else (stamp[0], _checksum(self.folder / name))
            for name, stamp in stamps.items()
        }
        self._stamps = stamps
        seal = replace(self._seal, rows=self._count_rows(client), graph=graph)
        self._write_seal(seal if generation is None else replace(seal, generation=generation, writing=False))

    def _read_seal(self) -> Seal | None:
        try:
            seal = Seal(**json.loads((self.folder / _SEAL).read_text("utf-8")))
            return replace(seal, graph={name: (size, crc) for name, (size, crc) in seal.graph.items()})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, AttributeError) as error:
            raise damaged(self.folder, f"{_SEAL} cannot be read") from error

    def _write_seal(self, seal: Seal) -> None:
        fresh = self.folder / f"{_SEAL}.new"
        fresh.write_text(json.dumps(asdict(seal)), "utf-8")
        fresh.replace(self.folder / _SEAL)
        self._seal = seal


_registry = threading.Lock()


def local(folder: Path) -> LocalChroma:
    """Return the folder's one `LocalChroma` of this process."""
    with _registry:
        return _local(folder.resolve())


@cache
def _local(folder: Path) -> LocalChroma:
    return LocalChroma(folder)


def _open_client(folder: Path) -> Client:
    """Open Chroma afresh; `PersistentClient` would hand out what this process opened earlier."""
    from chromadb.api import ServerAPI
    from chromadb.api.client import Client
    from chromadb.config import Settings, System
    from chromadb.telemetry.product import ProductTelemetryClient

    # model_construct takes defaults only; Settings() would read the environment and a .env file.
    settings = Settings.model_construct(
        anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder)
    )
    system = System(settings)
    system.instance(ProductTelemetryClient)  # type: ignore[type-abstract]
    system.instance(ServerAPI)  # type: ignore[type-abstract]
    system.start()
    return Client.from_system(system)


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum
