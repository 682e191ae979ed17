"""Files that no script can be made of: each is refused in good time, with what is wrong and what to do."""

from __future__ import annotations

import io
import os
import tracemalloc
from pathlib import Path

import pytest

from storyroom.errors import FormatError
from storyroom.formats import fdx, fountain
from storyroom.formats.fountain import parse, read_file
from storyroom.formats.pdf import PdfOptions, write_pdf

MB = 1024 * 1024
READERS = [fountain.read_file, fdx.read_file]
NAMES = ["Fountain", "FDX"]


def refused(read: object, path: Path, message: str) -> FormatError:
    """Read a file that must be refused; return the error."""
    with pytest.raises(FormatError, match=message) as caught:
        read(path)  # type: ignore[operator]
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("read", READERS, ids=NAMES)
def test_a_file_of_200_mb(read: object, tmp_path: Path) -> None:
    """No more of it is read than a script may have, and the error says how much that is."""
    path = tmp_path / "giant"
    with path.open("wb") as file:
        file.truncate(200 * MB)
    tracemalloc.start()
    try:
        refused(read, path, "giant is larger than 64 MB")
        assert tracemalloc.get_traced_memory()[1] < 100 * MB
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
@pytest.mark.parametrize("read", READERS, ids=NAMES)
def test_a_file_without_an_end(read: object) -> None:
    """A device is read no further than a file."""
    refused(read, Path("/dev/zero"), "larger than 64 MB")


@pytest.mark.parametrize("read", READERS, ids=NAMES)
def test_no_file_at_all(read: object, tmp_path: Path) -> None:
    """A directory, a name that is not there, a name within a file, a link to nowhere, an impossible name."""
    (tmp_path / "file").write_text("Rain.")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    refused(read, tmp_path, "is a directory")
    for path in (tmp_path / "gone", tmp_path / "file" / "below", tmp_path / "link", tmp_path / ("x" * 300)):
        refused(read, path, "cannot be read")


@pytest.mark.parametrize("read", READERS, ids=NAMES)
def test_an_empty_file(read: object, tmp_path: Path) -> None:
    """An empty Fountain file is an empty script; an empty FDX file is not XML."""
    path = tmp_path / "empty"
    path.write_bytes(b"")
    if read is fdx.read_file:
        refused(read, path, "not XML")
    else:
        assert list(read_file(path).elements()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("read", READERS, ids=NAMES)
def test_a_file_that_may_not_be_read(read: object, tmp_path: Path) -> None:
    """The reason of the system is told."""
    path = tmp_path / "secret"
    path.write_text("Rain.")
    path.chmod(0)
    refused(read, path, "Permission denied")


@pytest.mark.parametrize(
    "page",
    ["Key: value\n", "Title:\n" + "    more\n", "标题：潮\n", "Key " + "on and on\n" + "Key: x\n"],
    ids=["keys", "one key", "Chinese", "lines without a key"],
)
def test_a_title_page_that_never_ends(page: str, tmp_path: Path) -> None:
    """Ten thousand lines are no title page, and neither is the script lost in one."""
    path = tmp_path / "endless.fountain"
    path.write_text("Title: Tide\n" + page * 10_000, encoding="utf-8")
    assert "empty line" in refused(read_file, path, "title page of endless.fountain is .* lines long").hint


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "inside",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://x.example/a.dtd"> %a;',
        "",
    ],
    ids=["entities", "a file", "a page", "nothing"],
)
def test_a_document_type_in_any_encoding(inside: str, encoding: str) -> None:
    """Nothing that could grow, or fetch, is read."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{inside}]><FinalDraft>&a;</FinalDraft>'
    with pytest.raises(FormatError, match="document type") as caught:
        fdx.read(text.encode(encoding))
    assert "DOCTYPE" in caught.value.hint


def test_nothing_is_fetched_for_a_document(tmp_path: Path) -> None:
    """Style sheets and inclusions are passed over, not followed."""
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    document = (
        f'<?xml-stylesheet type="text/xsl" href="{secret.as_uri()}"?>'
        '<FinalDraft xmlns:xi="http://www.w3.org/2001/XInclude" Version="5"><Content>'
        f'<xi:include href="{secret.as_uri()}" parse="text"/>'
        '<Paragraph Type="Action"><Text>Rain.</Text></Paragraph></Content></FinalDraft>'
    )
    assert [element.text for element in fdx.read(document.encode()).elements()] == ["Rain."]


@pytest.mark.parametrize("version", ["0", "7", "99", "", "5.1", "五"])
def test_fdx_of_an_unknown_version(version: str) -> None:
    """It is not guessed at; the hint says what to do in Final Draft."""
    with pytest.raises(FormatError, match="versions known here are 1 to 6") as caught:
        fdx.read(f'<FinalDraft Version="{version}"><Content/></FinalDraft>'.encode())
    assert "Final Draft" in caught.value.hint


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_fdx_that_was_cut_off(cut: float) -> None:
    """Wherever a download broke off, it is refused with the line, and never read as a shorter script."""
    whole = fdx.write(parse("INT. BOAT - DAY\n\nRain.\n\nMARA\nHello.\n" * 20))
    with pytest.raises(FormatError, match=r"broken XML: line \d+") as caught:
        fdx.read(whole[: int(len(whole) * cut)].rstrip().removesuffix(b"</FinalDraft>"))
    assert "backup" in caught.value.hint


def test_a_font_that_is_a_directory(tmp_path: Path) -> None:
    """It is named, and no file is written."""
    target = io.BytesIO()
    with pytest.raises(FormatError, match="cannot be read"):
        write_pdf(parse("雨。\n"), target, PdfOptions(font=tmp_path))
    assert target.getvalue() == b""


def test_a_character_that_no_font_has(tmp_path: Path) -> None:
    """Each one is named by its code if it has no shape to show; the file is not begun."""
    out = tmp_path / "out.pdf"
    with pytest.raises(FormatError) as caught:
        write_pdf(parse("Rain \U000f0000 falls.\n"), out)
    assert "\U000f0000" in caught.value.message or "F0000" in caught.value.message
    assert "substitute" in caught.value.hint or "apt install" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
