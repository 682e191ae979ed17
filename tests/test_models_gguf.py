import struct

import pytest

from storyroom.errors import ModelAbsent, ModelRefused
from storyroom.models import open_model
from storyroom.models.gguf_header import read_header


def text(value: str) -> bytes:
    """A GGUF string."""
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf(*pairs: bytes, version: int = 3) -> bytes:
    """The header of a GGUF file."""
    return b"GGUF" + struct.pack("<IQQ", version, 0, len(pairs)) + b"".join(pairs)


WHOLE = gguf(
    text("general.architecture") + struct.pack("<I", 8) + text("llama"),
    text("general.name") + struct.pack("<I", 8) + text("小模型"),
    text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"),
    text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 3) + struct.pack("<3f", 1, 2, 3),
    text("llama.context_length") + struct.pack("<II", 4, 2048),
    text("tokenizer.chat_template") + struct.pack("<I", 8) + text("{{ messages }}"),
)


def test_the_header_tells_what_the_model_is(tmp_path):
    """Name, architecture, trained context and template are read past the vocabulary."""
    file = tmp_path / "m.gguf"
    file.write_bytes(WHOLE)
    header = read_header(file)
    assert (header.architecture, header.name) == ("llama", "小模型")
    assert (header.context_length, header.has_template) == (2048, True)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04" + bytes(100), b"GGUF", WHOLE[:100], gguf(version=9), gguf(text("a") + b"\xff" * 4)],
    ids=["empty", "zip", "magic only", "cut short", "version", "value type"],
)
@pytest.mark.parametrize("kind", ["llama.cpp", "transformers"])
def test_a_file_that_is_not_gguf_is_refused(tmp_path, content, kind):
    """It is refused by its header, before any runtime looks at it, and the file is named."""
    file = tmp_path / "m.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelRefused) as caught:
        open_model(f"{kind}:{file}")
    assert str(file) in caught.value.message


def test_a_file_that_is_not_there_is_absent(tmp_path):
    """A missing file is told apart from a bad one."""
    with pytest.raises(ModelAbsent, match=r"nowhere\.gguf"):
        open_model(f"llama.cpp:{tmp_path / 'nowhere.gguf'}")


def test_a_folder_is_refused(tmp_path):
    """A folder is no model file."""
    with pytest.raises(ModelRefused):
        open_model(f"llama.cpp:{tmp_path}")


def test_a_header_without_tensors_is_refused_by_llamacpp(tmp_path):
    """What llama.cpp cannot load is an error of ours, and the process lives on."""
    file = tmp_path / "m.gguf"
    file.write_bytes(WHOLE)
    with pytest.raises(ModelRefused, match="cannot load"):
        open_model(f"llama.cpp:{file}")
