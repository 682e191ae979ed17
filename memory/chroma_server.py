"""Chroma as a server (`chroma run`): the same index, in collections that a URL leads to.

A server may hold the collections of many series. Ours begin with an id that lies beside the ledger together
with what the server should hold, so that a server that lost its data, or one that somebody else wrote to, is
noticed. A series that was copied or moved begins collections of its own.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storyroom.errors import MemoryFault
from storyroom.files import write_whole
from storyroom.memory.chroma import LocalChroma, Seal
from storyroom.memory.chroma_errors import damaged

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

_SECONDS = 60.0
_ID = "id.json"


class ServerChroma(LocalChroma):
    """The collections of one series on a Chroma server. Make it with `on_server`."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self.place = self._url = url.rstrip("/")
        self.prefix = f"storyroom-{_series_id(folder, self._url)}-"

    def collections(self, client: Client) -> Sequence[Collection]:
        """Return the collections of this series."""
        return [one for one in client.list_collections() if one.name.startswith(self.prefix)]

    def reset(self) -> None:
        """Remove the collections of this series, whatever state they are in."""
        with self.held():
            client = self._connected()
            for one in self.collections(client):
                client.delete_collection(one.name)
            client.close()
            self.close()
            (self.folder / "seal.json").unlink(missing_ok=True)

    def _connected(self) -> Client:
        return _connect(self._url)

    def _check_files(self, seal: Seal) -> dict[str, tuple[int, int]]:
        return {}

    def _translated(self, error: BaseException) -> BaseException:
        import httpx

        unreachable = isinstance(error, httpx.TransportError) or (
            isinstance(error, ValueError) and "connect" in str(error).lower()
        )
        if unreachable:
            return MemoryFault(
                f"The Chroma server at {self._url} does not answer.",
                hint="Start it (`chroma run --path DIR`), or unset STORYROOM_CHROMA_URL.",
            )
        if type(error).__module__ == "chromadb.errors":
            return damaged(self.place, str(error).partition("\n")[0])
        return super()._translated(error)


@cache
def on_server(folder: Path, url: str) -> ServerChroma:
    """Return the one `ServerChroma` of this process.

    Args:
        folder: where to keep what is known of the server's rows.
        url: of the server, such as ``http://127.0.0.1:8000``.
    """
    return ServerChroma(folder.absolute(), url)


def _series_id(folder: Path, url: str) -> str:
    """Return the id that was given to this folder on this server; give one where there is none."""
    path = folder / _ID
    here = {"folder": str(folder.resolve()), "url": url}
    try:
        told = json.loads(path.read_text("utf-8"))
        if {name: told.get(name) for name in here} == here:
            return str(told["id"])
    except (OSError, ValueError, KeyError, AttributeError):
        pass  # the first time, or damaged: the rows are made again under a new id
    (folder / "seal.json").unlink(missing_ok=True)
    one = secrets.token_hex(6)
    write_whole(path, json.dumps({"id": one, **here}).encode())
    return one


def _connect(url: str) -> Client:
    import httpx
    from chromadb.api import ServerAPI
    from chromadb.api.client import Client
    from chromadb.config import Settings, System
    from chromadb.telemetry.product import ProductTelemetryClient

    parts = urlsplit(url)
    # As for a folder: nothing is read from the environment or a .env file.
    settings = Settings.model_construct(
        anonymized_telemetry=False,
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=parts.hostname,
        chroma_server_http_port=parts.port or (443 if parts.scheme == "https" else 80),
        chroma_server_ssl_enabled=parts.scheme == "https",
    )
    system = System(settings)
    system.instance(ProductTelemetryClient)  # type: ignore[type-abstract]
    api = system.instance(ServerAPI)  # type: ignore[type-abstract]
    session: httpx.Client = api._session  # type: ignore[attr-defined]
    # Chroma's own session would wait for ever, and ask a proxy for a server on this machine.
    api._session = httpx.Client(  # type: ignore[attr-defined]
        timeout=_SECONDS, headers=session.headers, trust_env=not _is_loopback(parts.hostname or "")
    )
    session.close()
    system.start()
    return Client.from_system(system)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
