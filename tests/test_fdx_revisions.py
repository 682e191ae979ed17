"""Revision marks in Final Draft files: on the words that a revision changed."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyroom.formats import fdx, fountain
from storyroom.formats.compare import Version, compare, revise
from storyroom.formats.fdx.revised import stretches
from storyroom.story.script import Element, Kind, Script

EPISODES = sorted((Path(__file__).parents[1] / "examples").glob("*/episodes/*.fountain"))


def runs(data: bytes) -> list[list[tuple[str, str | None]]]:
    """Return the text runs of each paragraph, with their revisions."""
    content = ET.fromstring(data).find("Content")
    assert content is not None
    return [
        [(run.text or "", run.get("RevisionID")) for run in paragraph.iter("Text")]
        for paragraph in content.iterfind("Paragraph")
    ]


def rewritten(old: str, new: str, kind: Kind = Kind.ACTION) -> list[tuple[str, str | None]]:
    """Return the runs of one element that was reworded in the first revision."""
    was, now = Element(kind=kind, text=old), Element(kind=kind, text=new)
    (found,) = runs(fdx.write(Script.of([now]), revisions={0: 1}, reworded={0: was}))
    return found


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("You stopped on ninety.", "You stopped on eighty.", ["eighty"]),
        ("It rains on the quay.", "It rains, hard, on the quay.", [", hard,"]),
        ("He slowly turns the old key.", "He turns the key.", ["turns", "key."]),
        ("She leaves. He stays.", "She leaves.", ["leaves."]),
        ("师傅，吃面。", "师傅，快吃面。", ["快"]),
        ("罗三顺慢慢放下筷子。", "罗三顺放下筷子。", ["放"]),
        ("He *never* runs.", "He never runs.", ["He never runs."]),
        ("Nothing moves.", "A hat, then a hand.", ["A hat, then a hand."]),
    ],
)
def test_only_the_words_that_changed_are_marked(old: str, new: str, marked: list[str]) -> None:
    """Beside words that were cut the next one is; a change of style alone marks the whole."""
    found = rewritten(old, new)
    assert "".join(text for text, _ in found) == new
    assert [text for text, revision in found if revision == "1"] == marked


def test_styles_and_asides_stay_with_their_words() -> None:
    """A mark parts a styled run in two, and notes stand where they stood."""
    was = Element(kind=Kind.ACTION, text="Mara **winds the crank** again. [[how long?]]")
    now = was.edited(text="Mara **winds the brass crank** again. [[how long?]]")
    data = fdx.write(Script.of([now]), revisions={0: 3}, reworded={0: was})
    (paragraph,) = runs(data)
    assert paragraph == [
        ("Mara ", None),
        ("winds the ", None),
        ("brass ", "3"),
        ("crank", None),
        (" again.", None),
    ]
    assert [one.text for one in fdx.read(data).elements()] == [now.text]


@given(st.text(alphabet="ab 灯塔。.", max_size=30), st.text(alphabet="ab 灯塔。.", max_size=30))
def test_stretches_make_up_the_text(old: str, new: str) -> None:
    """Each begins where the one before ends, and if anything changed something is marked."""
    parted = stretches(old, new)
    assert "".join(new[start:end] for start, end, _ in parted) == new
    if old != new and new.strip():
        assert any(marked for _, _, marked in parted)


@pytest.mark.parametrize("number", [1, 9, 10, 19])
@pytest.mark.parametrize("path", EPISODES, ids=lambda path: path.stem)
def test_marks_are_read_as_they_were_written(path: Path, number: int) -> None:
    """A version with lines reworded, added, cut and moved: the same elements have the same revision."""
    old = fountain.read_file(path)
    elements = list(old.elements())
    speeches = [place for place, one in enumerate(elements) if one.kind is Kind.DIALOGUE]
    first, second, third = speeches[3], speeches[8], speeches[12]
    elements[first] = elements[first].edited(text=elements[first].text + " 不。")
    elements[second : second + 1] = [elements[second], Element(kind=Kind.ACTION, text="A bell rings.")]
    del elements[third + 2 : third + 4]
    new = old.with_elements(elements)
    revision = revise(compare(Version("old", old), Version("new", new)), number)
    data = fdx.write(revision.script, revisions=revision.numbers, reworded=revision.reworded)
    script, marks = fdx.read_revised(data)
    shown = list(script.elements())
    assert {shown[place].text for place in marks} == {elements[place].text for place in revision.marked}
    assert len(marks) == len(revision.marked) >= 2
    assert set(marks.values()) == {number}
    revisions = ET.fromstring(data).find("Revisions")
    assert revisions is not None
    assert revisions.get("ActiveSet") == str(number)
