"""`convert`, `export` and `breakdown`: scripts into formats, and what is refused on the way."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

import pypdfium2
import pytest
from cli_kit import draft, run
from room_kit import EXAMPLES, a_series
from typer.testing import Result

from storyroom.cli.exporting import FORMATS as NAMES
from storyroom.formats.fdx import read as read_fdx
from storyroom.formats.fountain import files as fountain_files
from storyroom.formats.fountain import read_file
from storyroom.formats.pdf import system
from storyroom.formats.registry import FORMATS

ENGLISH = EXAMPLES / "the-last-light" / "episodes" / "s01e01-the-notice.fountain"
CHINESE = EXAMPLES / "the-long-river" / "episodes" / "s01e02-红线.fountain"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><FinalDraft DocumentType="Script" Version="5">&c;</FinalDraft>"""


@contextmanager
def nothing_changes(folder: Path) -> Iterator[None]:
    """Check that what is done meanwhile makes, changes and takes away no file of a folder."""
    before = {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}
    yield
    assert {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")} == before


def refused(said: Result, *words: str) -> None:
    """Check that a command was refused in plain words, and gave no result."""
    assert said.exit_code == 2, said.output
    assert said.stdout == ""
    error, hint = said.stderr.strip().splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")
    assert len(hint) > len("hint: ") + 10
    for word in words:
        assert word in said.stderr


def converted(*arguments: str | Path) -> str:
    """Run `convert` and return what it wrote to standard output."""
    said = run("convert", *arguments)
    assert said.exit_code == 0, said.output
    return said.stdout


def test_the_help_names_every_format() -> None:
    """The names that help shows without loading the formats are theirs."""
    assert NAMES.split(", ") == list(FORMATS)


# convert


@pytest.mark.parametrize("script", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_script_goes_to_final_draft_and_back(script: Path, tmp_path: Path) -> None:
    """The Fountain that comes back is the Fountain that was given; the path alone is on standard output."""
    fdx, back = tmp_path / "a.fdx", tmp_path / "back.fountain"
    assert converted(script, fdx) == f"{fdx}\n"
    assert converted(fdx, back) == f"{back}\n"
    assert back.read_bytes() == script.read_bytes()


def test_the_options_of_pages(tmp_path: Path) -> None:
    """Paper, scene numbers and acts of a teleplay arrive in the PDF; the paper in the FDX too."""
    script = tmp_path / "a.fountain"
    script.write_text(
        "> ACT ONE <\n\nINT. QUAY - DAY\n\nRain.\n\n> ACT TWO <\n\nINT. QUAY - DAY\n\nSnow.\n", "utf-8"
    )
    pdf = Path(converted(script, tmp_path, "--to", "pdf").strip())
    assert pdf.name == "a.pdf"
    with pypdfium2.PdfDocument(pdf) as document:
        assert (len(document), round(document[0].get_width())) == (1, 612)
    options = ("--size", "a4", "--scene-numbers", "--teleplay", "one_hour", "--courier", "plain")
    converted(script, pdf, "--force", *options)
    document = pypdfium2.PdfDocument(pdf)
    assert (len(document), round(document[0].get_width())) == (2, 595)
    assert document[1].get_textpage().get_text_bounded().count("2") == 3  # number of the page, scene twice
    assert b'Width="8.27"' in converted_bytes(script, "fdx", "--size", "a4")


def converted_bytes(script: Path, to: str, *options: str) -> bytes:
    """Convert to standard output."""
    said = run("convert", script, "-", "--to", to, *options)
    assert said.exit_code == 0, said.output
    return bytes(said.stdout_bytes)


def test_a_font_can_be_named(tmp_path: Path) -> None:
    """The font draws what Courier lacks, and a substitute what the font lacks."""
    font = next(system.installed(("DejaVuSans.ttf",)), None)
    if font is None:
        pytest.skip("no DejaVu font is installed: apt install fonts-dejavu-core")
    script = tmp_path / "a.fountain"
    script.write_text("Ω 江\n", encoding="utf-8")
    with nothing_changes(tmp_path):
        refused(run("convert", script, tmp_path / "a.pdf", "--font", font), "DejaVuSans.ttf lacks: 江")
    converted(script, tmp_path / "a.pdf", "--font", font, "--substitute", "*")
    (page,) = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert page.get_textpage().get_text_bounded() == "Ω *"


def test_standard_input_and_output(tmp_path: Path) -> None:
    """A filter: bytes in, bytes out, nothing else; the formats have to be named."""
    fountain = CHINESE.read_bytes()
    said = run("convert", "-", "-", "--from", "fountain", "--to", "fdx", given=fountain)
    assert said.exit_code == 0
    assert len(read_fdx(said.stdout_bytes).scenes) == 7
    back = run("convert", "-", "-", "--from", "fdx", "--to", "fountain", given=said.stdout_bytes)
    assert back.stdout_bytes == fountain
    refused(run("convert", "-", tmp_path / "a.pdf", given=fountain), "--from fountain")
    refused(run("convert", CHINESE, "-"), "--to pdf")
    refused(run("convert", "-", "-", "--from", "pdf", "--to", "fdx", given=b"%PDF"), "is no PDF")
    refused(run("convert", "-", "-", "--from", "docx", "--to", "fdx", given=b"PK"), "only written")
    refused(run("convert", "-", "-", "--from", "fountain", "--to", "fdx", given=b"\0\0"), "binary")
    refused(
        run("convert", "-", "-", "--from", "fdx", "--to", "pdf", given=b"<no"), "standard input is not XML"
    )


def test_a_format_can_be_named_where_the_suffix_does_not(tmp_path: Path) -> None:
    """`--from` and `--to` go before suffixes."""
    (tmp_path / "pilot").write_bytes(ENGLISH.read_bytes())
    converted(tmp_path / "pilot", tmp_path / "pilot.out", "--from", "fountain", "--to", "fdx")
    assert read_fdx((tmp_path / "pilot.out").read_bytes()).scenes


def test_what_a_pdf_does_not_print_is_told_on_one_line(tmp_path: Path) -> None:
    """On standard error, and only when there is something to tell."""
    script = tmp_path / "a.fountain"
    script.write_text("# One\n\n= Rain.\n\n= Snow.\n\nRain. [[why?]]\n", encoding="utf-8")
    said = run("convert", script, tmp_path / "a.pdf")
    assert said.stderr == "Not in the pdf: 1 section, 2 synopses, 1 note.\n"
    assert run("convert", script, tmp_path / "a.fdx").stderr == ""


def test_a_file_that_differs_is_overwritten_only_by_force(tmp_path: Path) -> None:
    """A script that is overwritten is kept beside it, numbered when there is a copy."""
    script, out = tmp_path / "a.fountain", tmp_path / "b.fountain"
    script.write_bytes(ENGLISH.read_bytes())
    for number, suffix in enumerate((".bak", ".bak.2")):
        out.write_text(f"Edited by hand, {number}.\n", encoding="utf-8")
        with nothing_changes(tmp_path):
            refused(run("convert", script, out), "is there already", "--force")
        said = run("convert", script, out, "--force")
        assert said.exit_code == 0
        assert str(out) + suffix in said.stderr
        assert Path(str(out) + suffix).read_text(encoding="utf-8") == f"Edited by hand, {number}.\n"
    assert converted(script, out) == f"{out}\n"
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", ["a.fountain", "link.fountain"])
def test_a_script_is_never_converted_onto_itself_in_passing(tmp_path: Path, name: str) -> None:
    """IN as OUT is refused, under another name too; with --force what it was is kept."""
    script = tmp_path / "a.fountain"
    script.write_bytes(ENGLISH.read_bytes())
    (tmp_path / "link.fountain").symlink_to(script)
    with nothing_changes(tmp_path):
        refused(run("convert", script, tmp_path / name, "--to", "fdx"), "written over itself", "--force")
    assert run("convert", script, tmp_path / name, "--to", "fdx", "--force").exit_code == 0
    assert Path(f"{tmp_path / name}.bak").read_bytes() == ENGLISH.read_bytes()
    assert read_fdx(script.read_bytes()).scenes


# What is refused: told in words, with a hint; the source stays as it is, and no half file is left.


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("broken.fdx", b"<FinalDraft><Content>\n<Paragraph></Content>", "broken XML: line 2"),
        ("bomb.fdx", BOMB, "document type"),
        ("newer.fdx", b'<FinalDraft DocumentType="Script" Version="77"/>', "FDX version '77'"),
        ("other.fdx", b"<html></html>", "no Final Draft document"),
        ("text.fdx", b"INT. QUAY - DAY\n", "not XML"),
        ("picture.fountain", b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        ("title.fountain", b"Title: Rain\n" + b"    and rain\n" * 5000, "title page"),
        ("latin.fountain", "Ein Leuchtfeuer verlöscht".encode("latin-1"), "UTF-8"),
        ("script.odt", b"PK", ".odt"),
        ("script", b"Rain.", "without a suffix"),
        ("script.pdf", b"%PDF", "is no PDF"),
        ("script.docx", b"PK", "only written"),
    ],
)
def test_scripts_that_cannot_be_read(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    """Each is named with what is wrong with it, by every command that reads scripts."""
    (tmp_path / name).write_bytes(data)
    with nothing_changes(tmp_path):
        refused(run("convert", tmp_path / name, tmp_path / "out.fountain"), name.partition(".")[0], word)
        refused(run("breakdown", tmp_path / name), word)


@pytest.mark.parametrize("suffix", ["fountain", "fdx"])
def test_a_file_over_the_limit(tmp_path: Path, suffix: str) -> None:
    """A file larger than any script is refused before it is read whole; so is standard input."""
    large = tmp_path / f"large.{suffix}"
    with large.open("wb") as file:
        file.truncate(200 * 1024**2)
    refused(run("convert", large, tmp_path / "out.pdf"), "larger than 64 MB")
    large.unlink()
    assert list(tmp_path.iterdir()) == []


def test_standard_input_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in without an end is not waited for."""
    monkeypatch.setattr(fountain_files, "MAX_BYTES", 1024)
    said = run("convert", "-", "-", "--from", "fountain", "--to", "fdx", given="x" * 1025)
    refused(said, "Standard input is larger")


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder, and a file that is not there."""
    for command in (("convert", tmp_path, tmp_path / "out.pdf"), ("breakdown", tmp_path), ("fmt", tmp_path)):
        refused(run(*command), "directory")
    missing = tmp_path / "nowhere.fountain"
    for command in (("convert", missing, tmp_path / "out.pdf"), ("breakdown", missing), ("fmt", missing)):
        refused(run(*command), "nowhere.fountain", "No such file")
    assert list(tmp_path.iterdir()) == []


def test_places_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder without a format, one that is not there, a device, an unknown suffix, a taken name."""
    (tmp_path / "a.pdf").mkdir()
    with nothing_changes(tmp_path):
        refused(run("convert", ENGLISH, tmp_path), "format", "--to")
        refused(run("convert", ENGLISH, tmp_path / "nowhere" / "a.pdf"), "no folder", "nowhere")
        refused(run("convert", ENGLISH, "/dev/null", "--to", "pdf"), "/dev/null is no file")
        refused(run("convert", ENGLISH, tmp_path / "a.odt"), ".odt", ".docx")
        refused(run("convert", ENGLISH, tmp_path / "a", "--to", "dcox"), "'dcox'", "Did you mean docx?")
    (tmp_path / "a.pdf" / (ENGLISH.stem + ".fdx")).mkdir()
    refused(run("convert", ENGLISH, tmp_path / "a.pdf", "--to", "fdx"), "is a folder")


@pytest.mark.parametrize("script", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_fonts_that_are_none(script: Path, tmp_path: Path) -> None:
    """A font that was named must be there and be one, even if nothing in the script needs it."""
    fake = tmp_path / "fake.ttf"
    fake.write_bytes(b"\0\1\0\0" + b"not a font" * 30)
    with nothing_changes(tmp_path):
        for font, word in (
            (fake, "not a font"),
            (tmp_path / "none.ttf", "No such file"),
            (tmp_path, "directory"),
        ):
            refused(run("convert", script, tmp_path / "a.pdf", "--font", font), str(font), word)


@pytest.mark.parametrize("to", ["pdf", "fountain"])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    """Without space nothing is left behind, and what is written over stays."""
    (tmp_path / "a.pdf").write_bytes(b"older")
    (tmp_path / "a.fountain").write_bytes(b"older")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with nothing_changes(tmp_path):
        refused(run("convert", ENGLISH, tmp_path / f"a.{to}", "--force"), "No space left", "Free some space")
        refused(run("convert", ENGLISH, tmp_path / f"b.{to}"), "No space left", "Free some space")


# breakdown


@pytest.mark.parametrize("size", ["letter", "a4"])
@pytest.mark.parametrize("script", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_breakdown_agrees_with_the_pdf(script: Path, size: str, tmp_path: Path) -> None:
    """As many pages, filled by the eighths of the scenes, of the locations, and of days and nights."""
    facts = json.loads(run("breakdown", script, "--json", "--size", size).stdout)
    converted(script, tmp_path / "a.pdf", "--size", size)
    assert facts["pages"] == len(pypdfium2.PdfDocument(tmp_path / "a.pdf")) - 1
    assert ceil(facts["eighths"] / 8) == facts["pages"]
    for whole in (facts["scenes"], facts["locations"], facts["day_and_night"].values()):
        assert sum(one["eighths"] for one in whole) == facts["eighths"]


def test_a_breakdown_counts_what_the_script_has() -> None:
    """Scenes, places with their scenes, day and night, and who says how much, in English and in Chinese."""
    facts = json.loads(run("breakdown", ENGLISH, "--json").stdout)
    assert [(one["number"], one["setting"], one["time"]) for one in facts["scenes"][:2]] == [
        ("1", "INT", "NIGHT"),
        ("2", "EXT", "MORNING"),
    ]
    assert facts["locations"][0] == {
        "name": "LAMP ROOM",
        "settings": ["INT"],
        "scenes": ["1", "5"],
        "eighths": 22,
    }
    assert {part: one["scenes"] for part, one in facts["day_and_night"].items()} == {
        "day": 2,
        "night": 3,
        "dawn or dusk": 1,
    }
    facts = json.loads(run("breakdown", CHINESE, "--json").stdout)
    ferry = next(one for one in facts["locations"] if one["name"] == "渡口")
    assert (ferry["settings"], ferry["scenes"]) == (["EXT"], ["2", "4", "7"])
    assert [facts["day_and_night"][part]["scenes"] for part in ("day", "night", "dawn or dusk")] == [4, 2, 1]


def test_a_breakdown_on_the_screen() -> None:
    """All tables, and the totals on the last line; or one table."""
    lines = run("breakdown", ENGLISH).stdout.splitlines()
    assert lines[1].split() == ["1", "INT", "LAMP", "ROOM", "NIGHT", "MARA,", "SILAS", "1", "5/8", "1"]
    assert [line.split()[0] for line in lines if line.endswith(("pages", "words"))] == [
        "location",
        "time",
        "speaking",
    ]
    assert lines[-1] == "8 pages (7 7/8), 6 scenes, 5 locations, 6 speaking parts"
    assert max(map(len, lines)) < 80
    cast = run("breakdown", CHINESE, "--by", "cast").stdout.splitlines()
    assert cast[1].split() == ["罗三顺", "4", "2,", "3,", "5,", "7", "14", "207"]
    assert len(cast) == 1 + 6 + 2


def rows_of(said: Result) -> list[list[str]]:
    """Return the cells of a table as a spreadsheet reads them."""
    assert said.exit_code == 0, said.output
    return list(csv.reader(io.StringIO(said.stdout_bytes.decode("utf-8-sig"), newline="")))


def test_a_table_for_spreadsheets() -> None:
    """CSV with a byte order mark, so that Excel reads Chinese, and lengths as numbers of eighths."""
    said = run("breakdown", CHINESE, "--csv")
    assert said.stdout_bytes.startswith(b"\xef\xbb\xbfscene,")
    head, first, *others = rows_of(said)
    assert head == ["scene", "I/E", "place", "time", "cast", "eighths", "page"]
    assert first == ["1", "INT", "水文站", "晨", "周望, 何青", "7", "1"]
    assert len(others) == 6
    by_place = rows_of(run("breakdown", CHINESE, "--csv", "--by", "location"))
    assert by_place[0] == ["location", "I/E", "scenes", "which", "eighths"]
    assert sum(int(row[-1]) for row in by_place[1:]) == sum(int(row[5]) for row in (first, *others))


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """What a spreadsheet would run begins with an apostrophe, in every column of text."""
    script = tmp_path / "a.fountain"
    script.write_text(
        '.=cmd|"/c calc"!A1 - NIGHT #-1#\n\n@+MARA\nRain.\n\n@-PELL\nSnow.\n\n@@SUM\nHail.\n\n@＝BEA\nFog.\n',
        encoding="utf-8",
    )
    (_, scene), (_, *cast) = (
        rows_of(run("breakdown", script, "--csv", "--by", by)) for by in ("scene", "cast")
    )
    assert scene[0] == "'-1"
    assert scene[2].startswith("'=cmd")
    assert scene[4].startswith("'+MARA, -PELL")
    assert {row[0] for row in cast} == {"'+MARA", "'-PELL", "'@SUM", "'＝BEA"}
    assert [row[2] for row in cast] == ["'-1"] * 4


def test_a_script_without_scenes(tmp_path: Path) -> None:
    """There is nothing to break down, and that is no error."""
    script = tmp_path / "a.fountain"
    script.write_text("Only rain.\n", encoding="utf-8")
    said = run("breakdown", script)
    assert said.exit_code == 0
    assert said.stderr == "No scenes.\n"
    assert said.stdout.splitlines()[-1] == "1 page (0), no scenes, no locations, no speaking parts"
    refused(run("breakdown", script, "--csv", "--json"), "CSV and JSON")


# A session of a series


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a series with one finished session."""
    folder = a_series(tmp_path_factory.mktemp("drafted"))
    assert draft(folder).exit_code == 0
    return folder


def test_a_session_is_exported_to_every_format(drafted: Path, tmp_path: Path) -> None:
    """One file each, with the options of pages, and all of them recorded."""
    done = run("-s", drafted, "export", "e01", "--to", ",".join(FORMATS), "--size", "a4", "--out", tmp_path)
    assert done.exit_code == 0, done.stderr
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert [path.suffix for path in paths] == [format.suffixes[0] for format in FORMATS.values()]
    assert round(pypdfium2.PdfDocument(paths[2])[0].get_width()) == 595
    assert read_file(paths[0]).scenes
    refused(run("-s", drafted, "export", "e01", "--to", "fdx,pdf", "--out", "-"), "2 formats")
    refused(run("-s", drafted, "export", "e01", "--out", tmp_path / "nowhere" / "a.fountain"), "no folder")


def test_a_session_is_broken_down(drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the beginning of its name; a file of that name goes before it."""
    facts = json.loads(run("-s", drafted, "breakdown", "e01", "--json").stdout)
    assert len(facts["scenes"]) == 2
    monkeypatch.chdir(tmp_path)
    refused(run("breakdown", "e01"), "series.yaml")
    Path("e01").write_text("Rain.", encoding="utf-8")
    refused(run("-s", drafted, "breakdown", "e01"), "without a suffix")
