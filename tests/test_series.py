"""A series on disk: reading its bible with line numbers, finding it, making a new one."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from storyroom.errors import BibleError, InputError
from storyroom.series import Series, bible_digest, find_series, load_bible, new_series, series_slug
from storyroom.story.bible import Bible

GOOD = """\
title: The Last Light
logline: A lighthouse goes dark.
genre: [drama]
tone: quiet
cast:
  - name: Mara
    role: keeper
    traits: [proud]
    voice:
      style: dry
      samples: [Sit.]
    want: light
    relations:
      Tomas: her brother in law
  - name: Tomas
    role: fisherman
    traits: [sly]
    voice:
      style: jokes
      samples: [Lovely day.]
    want: money
locations:
  - name: Lamp Room
    setting: int
    description: a lens
team:
  - name: Rosa
    roles: [showrunner]
"""


def write(folder: Path, text: str | bytes) -> Path:
    """Write a `series.yaml` and return its path."""
    file = folder / "series.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refusal(folder: Path, text: str | bytes) -> BibleError:
    """Return the error that a bible is refused with."""
    with pytest.raises(BibleError) as caught:
        load_bible(write(folder, text))
    assert caught.value.hint
    return caught.value


# --- reading


def test_a_bible_is_read_from_its_folder_or_its_file(tmp_path: Path) -> None:
    """Folder and file lead to the same bible; a byte order mark and Windows line ends do not matter."""
    file = write(tmp_path, GOOD)
    bible = load_bible(tmp_path)
    assert load_bible(file) == bible
    write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_bible(tmp_path) == bible


BROKEN = [
    ("tone: quiet", "tne: quiet", 4, "tne", "did you mean tone?"),
    ("tone: quiet", "tne: quiet", 1, "tone", "is missing or empty"),
    ("tone: quiet", "tone:", 4, "tone", "is missing or empty"),
    ("tone: quiet", "tone: ''", 4, "tone", "is empty"),
    ("genre: [drama]", "genre: []", 3, "genre", "at least 1"),
    ("  - name: Tomas", "  - name: Tom/as", 15, "cast[1].name", "may not contain /"),
    ("  - name: Tomas", '  - name: "Tom\\nas"', 15, "cast[1].name", "may not contain U+000A"),
    ("  - name: Tomas", "  - name: MARA", 15, "cast[1].name", "already taken by cast[0].name"),
    ("  - name: Tomas", f"  - name: {'T' * 61}", 15, "cast[1].name", "longer than 60 characters (61)"),
    ("      Tomas: her", "      Tomass: her", 14, "cast[0].relations.Tomass", "did you mean Tomas?"),
    ("      style: jokes", "      stile: jokes", 19, "cast[1].voice.stile", "did you mean style?"),
    ("      style: jokes", "      stile: jokes", 18, "cast[1].voice.style", "is missing or empty"),
    ("[Lovely day.]", "\n        - Well: yes", 21, "cast[1].voice.samples[0]", "reads as a mapping"),
    ("[Lovely day.]", "Lovely day.", 20, "cast[1].voice.samples", "should be a list"),
    ("    setting: int", "    setting: in", 24, "locations[0].setting", "'int', 'ext' or 'both'"),
    ("[showrunner]", "[showruner]", 28, "team[0].roles[0]", "did you mean showrunner?"),
    ("[showrunner]", "[Show Runner]", 28, "team[0].roles[0]", "not a role's name"),
    ("team:", "room: {pitches: many}\nteam:", 26, "room.pitches", "valid integer"),
    ("team:", "room: quick\nteam:", 26, "room", "a group of fields"),
    ("team:", "room: {gates: [drafts]}\nteam:", 26, "room.gates[0]", "'table_read'"),
    ("tone: quiet", "tone: quiet\ntitle: Again", 5, "title", "stands twice, first in line 1"),
    (
        "    want: money",
        "    want: money\n    role: fool",
        22,
        "cast[1].role",
        "stands twice, first in line 16",
    ),
    ("tone: quiet", "tone: &a quiet\nrating: *a", 5, "rating", "another place"),
    ("tone: quiet", "tone: !!python/name:os.system x", 4, "tone", "has the tag"),
    ("tone: quiet", "tone: !secret x", 4, "tone", "has the tag !secret"),
    ("tone: quiet", "? [a, b]\n: quiet", 4, "", "a key must be a plain word"),
    ("cast:", "cast: []\nold:", 5, "cast", "at least 1"),
]


@pytest.mark.parametrize(("good", "bad", "line", "field", "text"), BROKEN)
def test_a_wrong_field_is_told_with_its_line(
    tmp_path: Path, good: str, bad: str, line: int, field: str, text: str
) -> None:
    """Each problem names file, line and the way to the field."""
    assert GOOD.count(good) == 1
    error = refusal(tmp_path, GOOD.replace(good, bad))
    start = f"{tmp_path / 'series.yaml'}:{line}: {f'{field}: ' if field else ''}"
    told = [row for row in error.message.splitlines() if row.startswith(start)]
    assert told, error.message
    assert any(text in row for row in told), error.message


SYNTAX = [
    ("tone: quiet", "tone: quiet: and tense", 4, "quotes"),
    ("tone: quiet", "tone: 'quiet", 4, "Close the quote"),
    ("tone: quiet", "tone: [quiet", 5, "brackets"),
    ("tone: quiet", "tone：quiet", 5, "half width"),
    ("    setting: int", "\tsetting: int", 24, "no tabs"),
    ("tone: quiet", "tone: @quiet", 4, "quotes"),
    ("tone: quiet", "tone: *nobody", 4, ""),
    ("tone: quiet", "tone: qu\x07iet", 4, "invisible"),
    ("team:", "---\ntitle: Two\nteam:", 26, ""),
]


@pytest.mark.parametrize(("good", "bad", "line", "hint"), SYNTAX)
def test_broken_yaml_is_told_with_its_line_and_what_to_do(
    tmp_path: Path, good: str, bad: str, line: int, hint: str
) -> None:
    """Syntax errors name the line, and the hint knows the usual causes."""
    error = refusal(tmp_path, GOOD.replace(good, bad))
    assert error.message.startswith(f"{tmp_path / 'series.yaml'}:{line}: "), error.message
    assert hint in error.hint


def test_several_problems_are_told_at_once(tmp_path: Path) -> None:
    """All wrong fields are listed, in the order of the file."""
    text = (
        GOOD.replace("title: The", "titel: The").replace("setting: int", "setting: out")
        + "title: X\ntitle: Y\n"
    )
    lines = [row.split(": ")[0].rpartition(":")[2] for row in refusal(tmp_path, text).message.splitlines()]
    assert lines == ["1", "24", "30"]


def test_a_flood_of_problems_is_cut_and_counted(tmp_path: Path) -> None:
    """At most twenty are shown, and the rest is a number."""
    rows = refusal(tmp_path, GOOD + "".join(f"x{i}: 1\n" for i in range(50))).message.splitlines()
    assert len(rows) == 21
    assert rows[-1] == "and 30 more"


@pytest.mark.parametrize(
    ("value", "read"),
    [("24", "24"), ("No", "No"), ("007", "007"), ("2024-01-01", "2024-01-01"), ("何青", "何青")],
)
def test_plain_text_is_what_stands_there(tmp_path: Path, value: str, read: str) -> None:
    """YAML's guesses at numbers, booleans and dates do not change a title."""
    write(tmp_path, GOOD.replace("The Last Light", value))
    assert load_bible(tmp_path).title == read


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ":1: the file is empty"),
        (b"# only a comment\n", ":1: the file is empty"),
        (b"- a\n- b\n", ":1: this is not a list of fields"),
        ("title：长河渡\n".encode(), ":1: this is not a list of fields"),
        (GOOD.encode("utf-16"), "UTF-16"),
        ("title: Light\ntone: 安静\n".encode("gb18030"), ":2: this is not UTF-8"),
        (b"a: " + b"[" * 5000, "too deep"),
        (b"x" * 1_000_001, "1,000,001 bytes"),
        (b"tone: \x00\n", ":1: holds a control character"),
    ],
)
def test_a_file_that_is_no_bible_is_refused(tmp_path: Path, data: bytes, text: str) -> None:
    """Empty, of another shape, in another encoding, nested without end, too large."""
    assert text in refusal(tmp_path, data).message


def test_aliases_cannot_grow_a_bible(tmp_path: Path) -> None:
    """Aliases of aliases, which would unfold to billions of texts, are refused at once."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20)
    )
    assert "another place" in refusal(tmp_path, bomb).message


def test_missing_things_say_what_to_do(tmp_path: Path) -> None:
    """No file, no folder, a folder in the file's place, another ending."""
    with pytest.raises(BibleError, match="no such file") as caught:
        load_bible(tmp_path / "nowhere")
    assert "storyroom new" in caught.value.hint
    (tmp_path / "series.yml").write_text(GOOD)
    with pytest.raises(BibleError) as caught:
        load_bible(tmp_path)
    assert "Rename" in caught.value.hint
    (tmp_path / "series.yaml").mkdir()
    with pytest.raises(BibleError, match="not a file"):
        load_bible(tmp_path)


def test_an_unreadable_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says about the file reaches the reader."""
    write(tmp_path, GOOD)

    def denied(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(BibleError, match="Permission denied"):
        load_bible(tmp_path)


# --- finding


def test_a_series_is_found_from_within(tmp_path: Path) -> None:
    """Looking upwards from any folder or file of the series leads to its folder."""
    write(tmp_path, GOOD)
    deep = tmp_path / "episodes" / "old"
    deep.mkdir(parents=True)
    assert find_series(deep) == tmp_path
    assert find_series(tmp_path / "series.yaml") == tmp_path
    series = Series.open(deep)
    assert series.bible.title == "The Last Light"
    assert series.ledger == tmp_path / ".storyroom" / "ledger.sqlite"


def test_outside_a_series_none_is_found(tmp_path: Path) -> None:
    """Without a `series.yaml` on the way up there is an error that says how to make one."""
    with pytest.raises(BibleError, match="in a folder above") as caught:
        find_series(tmp_path)
    assert "storyroom new" in caught.value.hint


def test_the_digest_follows_the_content_alone(tmp_path: Path) -> None:
    """Comments, order and layout leave it as it is; a changed word does not."""
    write(tmp_path, GOOD)
    digest = bible_digest(load_bible(tmp_path))
    assert len(digest) == 64
    moved = "# a comment\n" + GOOD.replace("tone: quiet\n", "").replace("genre: [drama]", "genre: drama")
    write(tmp_path, moved + "tone: quiet\n")
    assert bible_digest(load_bible(tmp_path)) == digest
    write(tmp_path, GOOD.replace("quiet", "loud"))
    assert bible_digest(load_bible(tmp_path)) != digest


# --- making


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The Last Light", "the-last-light"),
        ("长河渡", "长河渡"),
        ("It's Over — Again?", "its-over-again"),
        ("  Élan 24  ", "élan-24"),
        ("..Dots..", "dots"),
        ("🎬 Take", "take"),
    ],
)
def test_folders_are_named_after_titles(title: str, slug: str) -> None:
    """Words stay, Chinese stays, punctuation becomes a dash."""
    assert series_slug(title) == slug


@pytest.mark.parametrize(
    "title",
    [
        "",
        "  ",
        "..",
        ".",
        "!?",
        "a/b",
        "..\\b",
        "/etc",
        "a\nb",
        "a\x00b",
        "a\u202eb",
        "CON",
        "lpt1",
        "x" * 81,
        "🎬",
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_titles_that_name_no_folder_are_refused(tmp_path: Path, title: str, force: bool) -> None:
    """Nothing is made, in the folder or beside it."""
    with pytest.raises(InputError) as caught:
        new_series(title, tmp_path, force=force)
    assert caught.value.hint
    assert "\x00" not in caught.value.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("title", "language"), [("The Last Light", "en"), ("长河渡", "zh"), ('Don\'t "Stop": #1 {x}', "en")]
)
def test_a_new_series_is_ready(tmp_path: Path, title: str, language: str) -> None:
    """Its bible is read as it is, carries title and language, explains itself, and has people and places."""
    folder = new_series(title, tmp_path, language)  # type: ignore[arg-type]
    bible = load_bible(folder)
    assert (bible.title, bible.language) == (title, language)
    assert len(bible.cast) >= 2
    assert len(bible.locations) >= 2
    assert bible.rules
    text = (folder / "series.yaml").read_text(encoding="utf-8")
    assert text.count("# ") >= 20
    assert {"episodes", "series.yaml", ".gitignore"} == {entry.name for entry in folder.iterdir()}
    assert [entry.name for entry in tmp_path.iterdir()] == [folder.name]


def test_the_scaffold_explains_every_field() -> None:
    """Each field of the bible is named in the scaffold of each language."""
    schema = Bible.model_json_schema()
    fields = {f for part in [schema, *schema["$defs"].values()] for f in part.get("properties", {})}
    scaffold = files("storyroom") / "scaffold"
    for language in ("en", "zh"):
        text = (scaffold / f"series.{language}.yaml").read_text(encoding="utf-8")
        named = set(re.findall(r"^[\s#-]*(\w+):", text, re.MULTILINE))
        assert fields - named == set(), language


def test_an_empty_folder_is_taken_over(tmp_path: Path) -> None:
    """A folder that was made beforehand and is empty is no obstacle."""
    (tmp_path / "light").mkdir()
    assert load_bible(new_series("Light", tmp_path)).title == "Light"


def test_what_is_there_is_never_lost(tmp_path: Path) -> None:
    """A folder with content is refused; with `force` its files stay; a series is refused all the same."""
    folder = tmp_path / "light"
    (folder / "episodes").mkdir(parents=True)
    (folder / "episodes" / "README.md").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        new_series("Light", tmp_path)
    assert [p.name for p in folder.iterdir()] == ["episodes"]
    new_series("Light", tmp_path, force=True)
    assert (folder / "episodes" / "README.md").read_text() == "mine"
    before = (folder / "series.yaml").read_bytes()
    with pytest.raises(InputError, match="series already"):
        new_series("Light", tmp_path, force=True)
    assert (folder / "series.yaml").read_bytes() == before


def test_a_file_or_link_of_that_name_is_refused(tmp_path: Path) -> None:
    """A series is never written through a link, nor over a file."""
    (tmp_path / "light").write_text("mine")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "dark").symlink_to(elsewhere)
    for title in ("Light", "Dark"):
        with pytest.raises(InputError, match="something else"):
            new_series(title, tmp_path, force=True)
    assert (tmp_path / "light").read_text() == "mine"
    assert list(elsewhere.iterdir()) == []


def test_a_missing_parent_is_told(tmp_path: Path) -> None:
    """The folder to make it in has to be there."""
    with pytest.raises(InputError, match="no such folder"):
        new_series("Light", tmp_path / "nowhere")


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a write fails, neither the folder nor a scratch folder remains."""
    written: list[Path] = []
    write_text = Path.write_text

    def full(path: Path, text: str, encoding: str | None = None) -> int:
        written.append(path)
        if len(written) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_text(path, text, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match="No space left") as caught:
        new_series("Light", tmp_path)
    assert "free space" in caught.value.hint
    assert len(written) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_parent_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be written to is a clear error, with what the system said."""

    def denied(**_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("storyroom.series.TemporaryDirectory", denied)
    with pytest.raises(InputError, match="Permission denied") as caught:
        new_series("Light", tmp_path)
    assert "rights" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_importing_it_loads_no_yaml() -> None:
    """The YAML reader comes in when a bible is read, so that help stays instant."""
    code = "import sys, storyroom.series; sys.exit('ruamel.yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
