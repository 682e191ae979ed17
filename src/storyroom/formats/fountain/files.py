"""Read a Fountain file, whatever encoding it is in."""

import codecs
from pathlib import Path

from storyroom.errors import FormatError
from storyroom.formats.fountain.parse import parse
from storyroom.story.script import Script

MAX_BYTES = 64 * 1024 * 1024
_MAX_TITLE_PAGE_LINES = 1000
_TO_UTF8 = "save it as UTF-8 in the editor it was written in"


def read_file(path: str | Path) -> Script:
    """Read a Fountain file in UTF-8, UTF-16 (with a byte order mark) or GBK.

    Raises:
        FormatError: the file is not there, not a text, too large, or in no encoding known here.
    """
    path = Path(path)
    script = parse(decode(read_bytes(path), name=path.name))
    if (page := script.title_page.source) and page.last_line - page.line >= _MAX_TITLE_PAGE_LINES:
        raise FormatError(
            f"the title page of {path.name} is {page.last_line - page.line + 1} lines long",
            hint="put an empty line between the title page and the script",
        )
    return script


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file that is no larger than a script can be.

    Raises:
        FormatError: it is not there, cannot be read, or is too large.
    """
    try:
        if path.is_dir():
            raise FormatError(f"{path} is a directory", hint="name a Fountain file in it")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FormatError(
            f"{path} cannot be read: {error.strerror or error}", hint="check the path and its permissions"
        ) from error
    if len(data) > MAX_BYTES:
        raise FormatError(
            f"{path} is larger than {MAX_BYTES // 1024**2} MB",
            hint="split it into episodes; is it a script at all?",
        )
    return data


def decode(data: bytes, *, name: str = "the file") -> str:
    """Decode the bytes of a script.

    Raises:
        FormatError: they are not text, or in no encoding known here.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16", name)
    if b"\0" in data:
        raise FormatError(
            f"{name} is a binary file", hint="name a Fountain text file (.fountain, .spmd, .txt)"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # not UTF-8: it may be GBK
    text = _decoded(data, "gb18030", name)
    if not _looks_chinese(text):
        raise FormatError(f"{name} is neither UTF-8 nor GBK", hint=_TO_UTF8)
    return text


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FormatError(f"{name} is in no encoding that is known here", hint=_TO_UTF8) from error


def _looks_chinese(text: str) -> bool:
    """Whether most of what is not ASCII is in everyday use; other encodings, read as GBK, give rarities."""
    foreign = [character for character in text if not character.isascii()]
    return len("".join(foreign).encode("gb2312", "ignore")) > len(foreign)  # two bytes each
