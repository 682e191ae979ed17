"""`storyroom compare`: files and versions of sessions, in the terminal, as JSON, HTML, PDF and FDX."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from cli_kit import run
from room_kit import a_series, draft, open_room

from storyroom.errors import InputError
from storyroom.files import sha256
from storyroom.formats import fdx, fountain
from storyroom.formats.compare import Comparison, Version, as_html, compare, revise, revision_number
from storyroom.formats.pages import REVISION_COLOURS
from storyroom.story.measure import columns

OLD = """Title: THE KEEPER
Draft date: White

INT. LAMP ROOM - NIGHT

The great lens turns. Its light goes out over the water and comes back.

MARA
You stopped on ninety.

SILAS
I was admiring the wall.

MARA
Yes.

EXT. QUAY - DAY

The Dunlin rolls at her mooring, and nobody is aboard.

BEA
(to the water)
Nobody asked me.
"""
NEW = """Title: THE KEEPER
Draft date: Blue

EXT. QUAY - DAY

The Dunlin rolls at her mooring, and nobody is aboard.

BEA
(to the water)
Nobody asked me twice.

INT. LAMP ROOM - NIGHT

The great lens turns. Its light goes out over the water and comes back.

MARA
You stopped on eighty.

INES
Who stopped?

MARA
Yes.
"""
ZH_OLD = "外景 渡口 晨\n\n雾。水声先到。\n\n@小满\n何爷爷，今天我是第一个！\n\n@何守渡\n第二个。\n"
ZH_NEW = "外景 渡口 晨\n\n雾。水声先到。\n\n@小满\n何爷爷，今天我又是第一个！\n\n@何守渡\n（笑）\n第二个。\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a file with the old version."""
    path = tmp_path / "old.fountain"
    path.write_text(OLD, encoding="utf-8")
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Return a file with the new version."""
    path = tmp_path / "new.fountain"
    path.write_text(NEW, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a series with one finished session."""
    folder = a_series(tmp_path_factory.mktemp("compare"))
    with open_room(folder) as room:
        draft(room)
    return folder


def compared(old: str, new: str) -> Comparison:
    """Compare two scripts."""
    return compare(Version("old", fountain.parse(old)), Version("new", fountain.parse(new)))


def session_of(series: Path) -> str:
    """Return the name of the session of a series."""
    (one,) = json.loads(run("-s", series, "sessions", "--json").stdout)
    return str(one["session"])


def test_the_terminal_shows_each_change_by_a_sign(old: Path, new: Path) -> None:
    """Without colour: scenes, numbers of lines on both sides, signs, and the words that changed."""
    result = run("compare", old, new)
    assert result.exit_code == 0
    shown = result.stdout
    assert "~ Draft date: [-White-]{+Blue+}" in shown
    assert re.search(r"^Scene 1  EXT\. QUAY - DAY  \(moved, was scene 2\)$", shown, re.MULTILINE)
    assert re.search(r"^ +23 +10 ~ +Nobody asked me\{\+ twice\+\}\.$", shown, re.MULTILINE)
    assert re.search(r"^ +9 +17 ~ +You stopped on \[-ninety-\]\{\+eighty\+\}\.$", shown, re.MULTILINE)
    assert re.search(r"^ +19 \+ +INES$", shown, re.MULTILINE)
    assert re.search(r"^ +11 +- +SILAS$", shown, re.MULTILINE)
    assert "\x1b" not in shown
    assert "1 scene moved, 2 lines changed, 2 lines new, 2 lines gone, title page changed" in result.stderr


def test_long_lines_fit_eighty_columns_in_english_and_chinese(tmp_path: Path) -> None:
    """Folded lines are indented under their text, and a Chinese character counts as two columns."""
    for text in ("The lamp turns and turns. " * 12, "灯塔的光一遍一遍地转过来。" * 12):
        for name, said in (("a.fountain", text), ("b.fountain", text.replace("turns", "spins", 1) + "啊。")):
            (tmp_path / name).write_text(f"INT. A - DAY\n\n{said}\n", encoding="utf-8")
        shown = run("compare", tmp_path / "a.fountain", tmp_path / "b.fountain").stdout
        body = [line for line in shown.splitlines()[2:] if line]
        assert len(body) > 4
        assert max(map(columns, body)) <= 80


def test_a_moved_line_shows_where_it_was() -> None:
    """Its old number beside the new one, and a sign of its own."""
    from storyroom.formats.compare import as_rows

    lines = [
        "Ines ties the knot her father taught her.",
        "Gulls over the harbour.",
        "Rain on the harbour wall, all day.",
    ]
    rows = as_rows(compared("\n\n".join(lines), "\n\n".join([*lines[1:], lines[0]])))[0].rows
    (moved,) = [row for row in rows if row.fate.value == "moved"]
    assert (moved.old, moved.new, moved.changed) == (1, 5, False)


def test_nothing_differs(old: Path) -> None:
    """It is said, and the exit code is 0 even when it is to tell."""
    result = run("compare", old, old, "--exit-code")
    assert result.exit_code == 0
    assert "Nothing differs." in result.stderr


def test_the_exit_code_tells_only_when_asked(old: Path, new: Path) -> None:
    """As other tools that compare: 1 for a difference."""
    assert run("compare", old, new).exit_code == 0
    assert run("compare", old, new, "--exit-code").exit_code == 1


def test_a_fountain_file_and_the_same_script_as_fdx_are_the_same(old: Path, tmp_path: Path) -> None:
    """The format makes no difference."""
    path = tmp_path / "old.fdx"
    path.write_bytes(fdx.write(fountain.read_file(old)))
    assert json.loads(run("compare", old, path, "--json").stdout)["same"]


def test_json_tells_every_change(old: Path, new: Path) -> None:
    """With lines, texts and words, and how many elements met which fate."""
    told = json.loads(run("compare", old, new, "--json").stdout)
    assert not told["same"]
    assert told["elements"] == {"same": 9, "changed": 2, "moved": 0, "new": 2, "gone": 2}
    assert told["title_page"] == [{"key": "Draft date", "old": "White", "new": "Blue"}]
    first, second = told["scenes"]
    assert (first["old"], first["new"], first["fate"]) == (2, 1, "moved")
    (change,) = first["changes"]
    assert change["old"]["line"] == 23
    assert change["words"] == [["kept", "Nobody asked me"], ["added", " twice"], ["kept", "."]]
    assert [one["fate"] for one in second["changes"]] == ["changed", "gone", "gone", "new", "new"]


class Page(HTMLParser):
    """Reads what a page marks as gone and new, and whether its tags are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.marked: dict[str, list[str]] = {"del": [], "ins": []}
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is opened, and what is fetched from elsewhere."""
        if tag != "meta":
            self.open.append(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        """Check that what was opened last is closed first."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the marked texts."""
        if self.open and self.open[-1] in self.marked:
            self.marked[self.open[-1]].append(data)


def test_html_is_whole_and_marks_words_by_elements() -> None:
    """Well-formed, nothing fetched, `del` and `ins` for words, the fate of each line as text."""
    html = as_html(compared(OLD, NEW.replace("Who stopped?", "Who <b> & who?")))
    page = Page()
    page.feed(html)
    assert page.open == []
    assert page.outside == []
    assert "ninety" in page.marked["del"]
    assert {"eighty", "INES", "Who <b> & who?"} <= set(page.marked["ins"])
    assert '<html lang="en">' in html
    assert '<span class="unseen">changed</span>' in html
    assert "1 scene moved, 2 lines changed, 2 lines new, 2 lines gone" in html


def test_html_speaks_chinese_of_a_chinese_script() -> None:
    """Words of the page, language tag and full-width parentheses."""
    html = as_html(compared(ZH_OLD, ZH_NEW))
    assert '<html lang="zh-Hans">' in html
    assert "第1场 外景 渡口 晨" in html
    assert "改 1 行，增 1 行" in html
    assert "<ins>又</ins>" in html
    assert "（笑）" in html


def test_pdf_and_fdx_carry_the_marks(old: Path, new: Path, tmp_path: Path) -> None:
    """Asterisks beside what changed, the colour at the head of the page; the revision on the runs."""
    pdf, final = tmp_path / "blue.pdf", tmp_path / "blue.fdx"
    run("compare", old, new, "--pdf", pdf, "--fdx", final, "--revision", "pink", "--date", "1 May")
    text = pypdfium2.PdfDocument(pdf)[1].get_textpage().get_text_range()
    assert text.startswith("PINK REVISION 1 May")
    rows = [row.strip() for row in text.splitlines()]
    assert "You stopped on eighty. *" in " ".join(rows)
    marks = fdx.read_revised(final.read_bytes()).revisions
    assert set(marks.values()) == {2}
    assert len(marks) == text.count("*")


def test_what_is_gone_marks_the_line_beside_it() -> None:
    """The next one in its scene, at its end the last; behind a scene that is gone, the heading."""
    scenes = [
        f"INT. ROOM {n} - DAY\n\nHere stands line one of room {n}.\n\nThe second of {n} is here.\n"
        for n in "abc"
    ]
    whole = "\n".join(scenes)

    def marked(new: str) -> list[str]:
        revision = revise(compared(whole, new), 1)
        elements = list(revision.script.elements())
        return [elements[place].text for place in sorted(revision.marked)]

    assert marked(whole.replace("Here stands line one of room b.\n\n", "")) == ["The second of b is here."]
    assert marked(whole.replace("\nThe second of b is here.\n", "")) == ["Here stands line one of room b."]
    assert marked("\n".join([scenes[0], scenes[2]])) == ["INT. ROOM c - DAY"]


def test_colours_are_in_the_order_of_the_trade() -> None:
    """White is the first issue, so a white revision is the second white; numbers go on after it."""
    assert [revision_number(colour) for colour in REVISION_COLOURS] == [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    comparison = compared(OLD, NEW)
    assert [revise(comparison, number).colour for number in (1, 9, 10, 11)] == [
        "blue",
        "tan",
        "white",
        "blue",
    ]
    for wrong in ("mauve", "0", "20", "-1", ""):
        with pytest.raises(InputError):
            revision_number(wrong)


def test_versions_of_a_session_are_listed_and_compared(series: Path) -> None:
    """By number and by head; what the writers changed between two versions of a scene keeps its ids."""
    session = session_of(series)
    listed = run("-s", series, "compare", session, "--list").stdout.splitlines()
    rows = [line.split() for line in listed[1:]]
    written = [row for row in rows if row[2] == "scene"]
    assert [row[0] for row in rows] == [f"@{n}" for n in range(1, len(rows) + 1)]
    first, last = written[0], written[-1]
    told = json.loads(
        run("-s", series, "compare", f"{session}{first[0]}", f"{session}@{last[1][:8]}", "--json").stdout
    )
    assert (told["old"], told["new"]) == (f"{session}{first[0]}", f"{session}{last[0]}")
    assert "new" in {scene["fate"] for scene in told["scenes"]}
    same = run("-s", series, "compare", session, f"{session}{last[0]}", "--exit-code")
    assert same.exit_code == 0


def test_an_exported_file_is_the_same_as_its_session(series: Path, tmp_path: Path) -> None:
    """Until it is edited."""
    session = session_of(series)
    (file,) = (series / "drafts").glob("*.fountain")
    assert json.loads(run("-s", series, "compare", session, file, "--json").stdout)["same"]
    copy = tmp_path / "copy.fountain"
    copy.write_text(file.read_text(encoding="utf-8") + "\nRain.\n", encoding="utf-8")
    told = json.loads(run("-s", series, "compare", session, copy, "--json").stdout)
    (change,) = [change for scene in told["scenes"] for change in scene["changes"]]
    assert (change["fate"], change["new"]["text"]) == ("new", "Rain.")


def test_revised_pages_of_a_session_are_recorded_as_exports(series: Path, tmp_path: Path) -> None:
    """So that they are known again when they come back."""
    session = session_of(series)
    (file,) = (series / "drafts").glob("*.fountain")
    out = tmp_path / "blue.fdx"
    assert run("-s", series, "compare", file, session, "--fdx", out).exit_code == 0
    with open_room(series) as room:
        (export,) = room.ledger.exports.find(sha256=sha256(out.read_bytes()))
    assert (export.session, export.format) == (session, "fdx")


def test_what_cannot_be_compared_is_told(series: Path, old: Path, tmp_path: Path) -> None:
    """Files, sessions and versions that are not there, a version without a scene, one name alone."""
    session = session_of(series)
    for wrong, message in [
        ((old, tmp_path / "gone.fountain"), "cannot be read"),
        ((old, "e77-none"), "no session"),
        ((f"{session}@99", old), "no version @99"),
        ((f"{session}@abcdef", old), "no version"),
        ((f"{session}@1", session), "No scene is written"),
        ((old,), "compared with"),
        ((old, old, "--revision", "mauve"), "no revision"),
        ((old, old, "--json", "--html", tmp_path / "page.html"), "--json goes with no file"),
    ]:
        result = run("-s", series, "compare", *wrong)
        assert result.exit_code == 2, wrong
        assert message in result.stderr, wrong


def test_a_file_that_says_something_else_is_not_overwritten(old: Path, new: Path, tmp_path: Path) -> None:
    """Not without --force."""
    page = tmp_path / "page.html"
    page.write_text("mine", encoding="utf-8")
    assert run("compare", old, new, "--html", page).exit_code == 2
    assert page.read_text(encoding="utf-8") == "mine"
    assert run("compare", old, new, "--html", page, "--force").exit_code == 0
    assert "<del>" in page.read_text(encoding="utf-8")


def test_context_is_as_wide_as_asked(old: Path, new: Path) -> None:
    """None, with the cue of a speech that changed; or all."""
    narrow = run("compare", old, new, "--context", "0").stdout
    assert "The great lens" not in narrow
    assert re.search(r"^ +8 +16 +MARA$", narrow, re.MULTILINE)
    assert "The great lens" in run("compare", old, new, "--all").stdout
