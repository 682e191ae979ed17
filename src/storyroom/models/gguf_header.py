"""What a GGUF file says about itself, read without loading it.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Only the header is read, and of its
arrays only the length: a vocabulary has a hundred thousand strings that nobody asks for here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storyroom.errors import ModelAbsent, ModelRefused

_MAGIC = b"GGUF"
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_LONGEST_STRING = 1 << 24
_HALF = 2


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """The part of the header that the room looks at.

    Attributes:
        architecture: such as `llama`.
        name: what its makers call the model; empty if they do not.
        context_length: tokens that it was trained on; 0 if the file does not say.
        has_template: whether it carries a chat template.
        token_bytes: of the keys and values of one token of context, in half precision; 0 if the file does
            not say.
    """

    architecture: str
    name: str
    context_length: int
    has_template: bool
    token_bytes: int = 0


def read_header(path: Path) -> GgufHeader:
    """Read the header of a GGUF file.

    Raises:
        ModelAbsent: there is no file.
        ModelRefused: it is a folder, no GGUF file, or cut short.
    """
    try:
        with path.open("rb") as file:
            values = _key_values(file)
    except FileNotFoundError:
        raise ModelAbsent(
            f"There is no model file {path}.", hint="Check the path, or `storyroom models list`."
        ) from None
    except (OSError, struct.error, ValueError, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise ModelRefused(
            f"{path} is not a GGUF file that can be read ({error}).",
            hint="Name a model file in GGUF format, and fetch it again if the download was cut short.",
        ) from error
    architecture = str(values.get("general.architecture", ""))
    return GgufHeader(
        architecture=architecture,
        name=str(values.get("general.name", "")),
        context_length=int(values.get(f"{architecture}.context_length", 0) or 0),
        has_template="tokenizer.chat_template" in values,
        token_bytes=_token_bytes(architecture, values),
    )


def _token_bytes(architecture: str, values: dict[str, str | int | float]) -> int:
    """Keys and values are kept per layer and head; several heads may share one of them."""

    def value(name: str, default: int = 0) -> int:
        return int(values.get(f"{architecture}.{name}", default) or default)

    heads = value("attention.head_count", 1)
    wide = value("embedding_length") // heads
    keys, read = value("attention.key_length", wide), value("attention.value_length", wide)
    # Where layers differ it is a list, of which only the length was read; no layer has more than all heads.
    shared = min(value("attention.head_count_kv", heads), heads)
    return value("block_count") * shared * (keys + read) * _HALF


def _key_values(file: BinaryIO) -> dict[str, str | int | float]:
    if file.read(4) != _MAGIC:
        raise ValueError("it does not begin with GGUF")
    version, _tensors, count = _unpack(file, "IQQ")
    if version not in {2, 3}:
        raise ValueError(f"version {version} is not known")
    return {_string(file): _value(file, int(_unpack(file, "I")[0])) for _ in range(int(count))}


def _value(file: BinaryIO, kind: int) -> str | int | float:
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        return _skipped_array(file)
    if kind not in _SCALARS:
        raise ValueError(f"value type {kind} is not known")
    return _unpack(file, _SCALARS[kind])[0]


def _skipped_array(file: BinaryIO) -> int:
    """Pass over an array and return its length."""
    kind, length = (int(value) for value in _unpack(file, "IQ"))
    if kind in _SCALARS:
        file.seek(struct.calcsize(_SCALARS[kind]) * length, 1)
    else:
        for _ in range(length):
            _value(file, kind)
    return length


def _string(file: BinaryIO) -> str:
    length = int(_unpack(file, "Q")[0])
    if length > _LONGEST_STRING:
        raise ValueError("a string in it is too long")
    return file.read(length).decode("utf-8", errors="replace")


def _unpack(file: BinaryIO, layout: str) -> tuple[int | float, ...]:
    layout = f"<{layout}"
    return struct.unpack(layout, file.read(struct.calcsize(layout)))
