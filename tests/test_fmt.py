"""`fmt`: a tidied script looks better, says the same, and is tidy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cli_kit import run
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fountain_roundtrip import NASTY

from storyroom.errors import FormatError
from storyroom.formats.fountain import parse, read_file, write
from storyroom.formats.fountain.tidy import tidy, tidy_heading
from storyroom.story.headings import heading_parts
from storyroom.story.script import Element, Kind, Script

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("examples/*/episodes/*.fountain"), *ROOT.glob("tests/corpus/fountain/*.fountain")])


def said(script: Script) -> object:
    """What a script says, but for the case and the spaces of headings and the case of extensions."""
    return script.title_page.entries, [_said(element) for element in script.elements()]


def _said(element: Element) -> object:
    kind, text, extension, *rest = element.content
    if kind is Kind.SCENE_HEADING:
        text = re.sub(r"[\s.]+", "", text).upper()
    return kind, text, (extension or "").upper(), rest


def tidied(text: str) -> str | None:
    """Return a text tidied; None where it opens what it never closes."""
    try:
        return tidy(parse(text))
    except FormatError:
        return None


@settings(max_examples=200, deadline=None)
@given(NASTY | st.text())
def test_a_tidied_script_says_the_same_and_is_tidy(text: str) -> None:
    """Whatever the text: the tree is the same, doing it again changes nothing, no line ends in a space."""
    new = tidied(text)
    if new is not None:
        assert said(parse(new)) == said(parse(text))
        assert tidy(parse(new)) == new


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scripts_as_they_come(path: Path) -> None:
    """The corpus says the same afterwards; the example episodes are tidy as they are."""
    script = read_file(path)
    if path.stem == "open_marks":
        with pytest.raises(FormatError, match=r"line \d+: .* never closed"):
            tidy(script)
        return
    new = tidy(script)
    assert said(parse(new)) == said(script)
    assert not re.search(r"\S[ \t]+$", new, re.MULTILINE)
    assert parse(new).newline == script.newline
    assert new.startswith("\ufeff") == script.head.startswith("\ufeff")
    if "examples" in path.parts:
        assert new == write(script)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("int. lamp room - night", "INT. LAMP ROOM - NIGHT"),
        ("int lamp  room", "INT. LAMP ROOM"),
        ("INT/EXT CAR", "INT./EXT. CAR"),
        ("ext./int car - day", "EXT./INT. CAR - DAY"),
        ("i/e car", "I/E. CAR"),
        ("EST.quay", "EST. QUAY"),
        ("Quay, later", "QUAY, LATER"),
        ("INT. café [[Ask Dev]] - day", "INT. CAFÉ [[Ask Dev]] - DAY"),
        ("内景 灯塔 夜", "内景 灯塔 夜"),
        ("内景　ktv包房　夜", "内景　KTV包房　夜"),
        ("INTERIOR, HOUSE", "INTERIOR, HOUSE"),
    ],
)
def test_headings(before: str, after: str) -> None:
    """Upper case, one space, a full stop behind the setting; they name the same setting, place and time."""
    assert tidy_heading(before) == after
    assert tidy_heading(after) == after
    named = heading_parts(before.replace("  ", " "))
    assert heading_parts(after) == (named.setting, named.place.upper(), named.time.upper())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n\n\nRain.  \n\n\n\nSnow.", "Rain.\n\nSnow.\n"),
        ("Rain.\r\n\r\n\r\nSnow.\n", "Rain.\r\n\r\nSnow.\r\n"),
        ("    Rain.\n      More.\n", "    Rain.\n      More.\n"),
        (".INT. QUAY - DAY #4A#\n", "INT. QUAY - DAY #4A#\n"),
        (".quay\n", ".QUAY\n"),
        (".内景 灯塔 夜\n", ".内景 灯塔 夜\n"),
        ("@MARA (v.o.) (cont'd)\nNo.\n", "MARA (V.O.) (CONT'D)\nNo.\n"),
        ("MARA (on the radio)\n  (beat)\nNo.\n  \nYes.\n", "MARA (on the radio)\n(beat)\nNo.\n  \nYes.\n"),
        ("@McCLANE\nNo.\n", "@McCLANE\nNo.\n"),
        ("@玛拉(画外音)\n(低声)\n走。\n", "@玛拉（画外音）\n（低声）\n走。\n"),
        ("!Rain.\n", "Rain.\n"),
        ("!BANG\n", "BANG\n"),
        ("!BANG\nAgain.\n", "!BANG\nAgain.\n"),
        ("!灯灭。\n", "!灯灭。\n"),
        (">CUT TO:\n\n>Fade out.\n\n>THE END<\n", "CUT TO:\n\n> Fade out.\n\n> THE END <\n"),
        ("#One\n=Two\n~Three\n", "# One\n\n= Two\n\n~Three\n"),
        ("[[Why?\n  And who?]]\n\n/*\ncut\n*/\n", "[[Why?\n  And who?]]\n\n/*\ncut\n*/\n"),
        (
            "Title:Rain\nAuthor:\n  Rosa\n  Dev\n\n\nRain.\n",
            "Title: Rain\nAuthor:\n    Rosa\n    Dev\n\nRain.\n",
        ),
        (" \n\n", ""),
    ],
)
def test_what_is_tidied(before: str, after: str) -> None:
    """Blank lines, white space, capitals, marks that nothing needs; what Chinese needs elsewhere stays."""
    assert tidy(parse(before)) == after
    assert tidy(parse(after)) == after


# The command


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Give three scripts of which the first is tidy."""
    paths = tmp_path / "a.fountain", tmp_path / "b.txt", tmp_path / "c.spmd"
    for path, text in zip(paths, ("Rain.\n", "int quay\r\n", "内景 灯塔 夜 \n"), strict=True):
        path.write_text(text, encoding="utf-8", newline="")
    return paths


def test_files_are_rewritten_and_kept(files: tuple[Path, Path, Path]) -> None:
    """Only what changes is written, named, and kept beside it; a second time nothing is."""
    a, b, c = files
    done = run("fmt", *files)
    assert (done.exit_code, done.stdout) == (0, f"{b}\n{c}\n")
    assert [path.read_bytes().decode() for path in files] == ["Rain.\n", "INT. QUAY\r\n", "内景 灯塔 夜\n"]
    assert (b.parent / "b.txt.bak").read_bytes() == b"int quay\r\n"
    assert not (b.parent / "a.fountain.bak").exists()
    again = run("fmt", *files)
    assert (again.stdout, again.stderr) == ("", "0 of 3 files were changed.\n")
    a.write_text("ext quay", encoding="utf-8")
    assert run("fmt", "--no-backup", a).exit_code == 0
    assert sorted(path.name for path in a.parent.iterdir()) == [
        *("a.fountain", "b.txt", "b.txt.bak", "c.spmd", "c.spmd.bak"),
    ]


def test_checking_changes_nothing(files: tuple[Path, Path, Path]) -> None:
    """`--check` lists what would change and exits with 1; `--diff` shows it; neither writes."""
    before = [path.read_bytes() for path in files]
    checked = run("fmt", "--check", *files)
    assert (checked.exit_code, checked.stdout) == (1, f"{files[1]}\n{files[2]}\n")
    assert run("fmt", "--check", files[0]).exit_code == 0
    shown = run("fmt", "--diff", *files)
    assert shown.exit_code == 0
    assert "-int quay\n+INT. QUAY\n" in shown.stdout
    assert run("fmt", "--check", "--diff", *files).exit_code == 1
    assert [path.read_bytes() for path in files] == before
    assert len(list(files[0].parent.iterdir())) == 3


def test_other_encodings_become_utf_8(tmp_path: Path) -> None:
    """A script in GBK or UTF-16 is written in UTF-8, as Fountain asks; a byte order mark in UTF-8 stays."""
    text = "内景 灯塔 夜\n\n雨下了整整一夜。\n"
    for encoding, kept in (("gbk", b""), ("utf-16", b""), ("utf-8-sig", b"\xef\xbb\xbf")):
        path = tmp_path / f"{encoding}.fountain"
        path.write_bytes(text.encode(encoding))
        assert run("fmt", path).exit_code == 0
        assert path.read_bytes() == kept + text.encode()
        assert (tmp_path / f"{encoding}.fountain.bak").exists() == (not kept)


def test_a_filter_for_editors() -> None:
    """`-` reads standard input and writes standard output, bytes and nothing else."""
    done = run("fmt", "-", given="int 灯塔\r\n\r\n\r\nRain.\r\n".encode())
    assert done.stdout_bytes == "INT. 灯塔\r\n\r\nRain.\r\n".encode()
    assert done.stderr == ""
    for arguments in (("--check", "-"), ("-", "a.fountain")):
        assert run("fmt", *arguments, given=b"").exit_code == 2


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("bad.fountain", b"Rain.\n\nRain. [[why\n", "bad.fountain, line 3: [[ is opened"),
        ("bad.fountain", b"/* cut\n", "line 1: /* is opened"),
        ("bad.fountain", b"\0\0", "binary"),
        ("bad.fdx", b"<FinalDraft/>", "is not Fountain"),
        ("bad", b"Rain.", "without a suffix"),
    ],
)
def test_one_bad_file_and_none_is_changed(
    files: tuple[Path, Path, Path], name: str, data: bytes, word: str
) -> None:
    """The error names the file, and those before it stay as they are."""
    bad = files[0].with_name(name)
    bad.write_bytes(data)
    before = [path.read_bytes() for path in (*files, bad)]
    said_so = run("fmt", *files, bad)
    assert said_so.exit_code == 2
    assert word in said_so.stderr
    assert "hint: " in said_so.stderr
    assert [path.read_bytes() for path in (*files, bad)] == before
    assert len(list(files[0].parent.iterdir())) == 4
