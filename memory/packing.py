"""How bodies are stored: canonical JSON, compressed; and how they are named: by their content."""

import json
import threading
from hashlib import blake2b
from typing import Any

import zstandard

_LEVEL = 9


class _Tools(threading.local):
    """A compressor and a decompressor of each thread: making them takes longer than using them."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_tools = _Tools()


def canonical(body: Any) -> bytes:
    """Return the one JSON text that stands for `body`, whatever the order of its keys."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_id(kind: str, data: bytes) -> str:
    """Return the address of a body: 32 hex digits."""
    return blake2b(kind.encode() + b"\x1f" + data, digest_size=16).hexdigest()


def pack(data: bytes) -> bytes:
    """Compress."""
    return _tools.compressor.compress(data)


def unpack(data: bytes) -> bytes:
    """Undo `pack`."""
    return _tools.decompressor.decompress(data)


def pack_json(body: Any) -> bytes:
    """Compress the canonical JSON of `body`."""
    return pack(canonical(body))


def unpack_json(data: bytes) -> Any:
    """Undo `pack_json`."""
    return json.loads(unpack(data))
