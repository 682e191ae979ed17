from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyroom.memory.chunks import Chunk, entry_chunk, scene_chunks
from storyroom.story.script import Element, Kind


def heading(text: str) -> Element:
    """Return a scene heading."""
    return Element(kind=Kind.SCENE_HEADING, text=text)


def action(text: str) -> Element:
    """Return a paragraph of action."""
    return Element(kind=Kind.ACTION, text=text)


def speech(name: str, *lines: str, dual: bool = False, extension: str | None = None) -> list[Element]:
    """Return a cue and its lines."""
    cue = Element(kind=Kind.CUE, text=name, dual=dual, extension=extension)
    return [cue, *(Element(kind=Kind.DIALOGUE, text=line) for line in lines)]


def cut(elements: Sequence[Element], **options: object) -> list[Chunk]:
    """Cut a scene, the third of the second episode unless told otherwise."""
    about: dict[str, object] = {
        "draft_id": "d1",
        "episode": 2,
        "scene": 3,
        "place": "LIGHTHOUSE",
        "characters": ["MARA", "TOM"],
        "language": "en",
    }
    return scene_chunks(elements, **{**about, **options})  # type: ignore[arg-type]


def test_short_scene_is_one_chunk():
    """A scene that fits is one chunk, laid out as it is read, and knows where and with whom it happens."""
    (chunk,) = cut(
        [
            heading("INT. LIGHTHOUSE - NIGHT"),
            action("The lamp dies."),
            *speech("MARA", "No.", extension="V.O."),
        ]
    )
    assert chunk.text == "INT. LIGHTHOUSE - NIGHT\n\nThe lamp dies.\n\nMARA (V.O.)\nNo."
    assert (chunk.id, chunk.draft_id, chunk.kind) == ("d1:000", "d1", "scene")
    assert (chunk.episode, chunk.scene, chunk.place) == (2, 3, "LIGHTHOUSE")
    assert chunk.characters == ("MARA", "TOM")


def test_every_chunk_begins_with_the_heading():
    """A scene that does not fit is cut, and each piece says which scene it is from."""
    chunks = cut(
        [heading("INT. BARN - DAY"), *(action(f"Step {n}. " + "x" * 80) for n in range(10))], max_chars=200
    )
    assert len(chunks) > 3
    assert all(chunk.text.startswith("INT. BARN - DAY\n\nStep") for chunk in chunks)
    assert all(len(chunk.text) <= 220 for chunk in chunks)
    assert [chunk.id for chunk in chunks] == [f"d1:{n:03d}" for n in range(len(chunks))]


def test_a_speech_is_never_cut_even_if_it_is_too_long():
    """A monologue longer than a chunk stays whole, in a chunk without its neighbours."""
    monologue = [f"Sentence number {n} of a long confession." for n in range(30)]
    chunks = cut([action("She sits."), *speech("MARA", *monologue), action("Silence.")], max_chars=200)
    assert [chunk.text for chunk in chunks] == ["She sits.", "\n".join(["MARA", *monologue]), "Silence."]


def test_two_speeches_side_by_side_stay_together():
    """A dual speech is heard with the one before it and is not parted from it."""
    chunks = cut([*speech("MARA", "x" * 90), *speech("TOM", "y" * 90, dual=True)], max_chars=100)
    assert len(chunks) == 1


def test_a_long_paragraph_is_cut_between_sentences():
    """Action may be cut, between sentences, in both languages."""
    english = cut([action("The sea rises again. " * 30)], max_chars=120)
    chinese = cut([action("海面再次升起。" * 30)], max_chars=120)
    assert len(english) > 3
    assert len(chinese) > 3
    assert all(chunk.text.endswith("again.") for chunk in english)
    assert all(chunk.text.endswith("。") for chunk in chinese)


def test_chinese_chunks_hold_as_much_as_english_ones():
    """A Chinese character counts as three, so a chunk of 900 holds about 300 of them."""
    elements = [
        heading("内景 灯塔 夜"),
        *(e for n in range(40) for e in speech("马拉", "灯已经熄灭了，我们没有时间了。")),
    ]
    chunks = cut(elements, language="zh")
    assert len(chunks) == 3
    assert all(chunk.text.startswith("内景 灯塔 夜\n\n马拉\n") for chunk in chunks)
    assert sum(chunk.text.count("灯已经熄灭了，我们没有时间了。") for chunk in chunks) == 40


def test_what_the_audience_never_meets_is_left_out():
    """Notes, boneyard, sections and synopses are the writers' and would be found as if they had happened."""
    hidden = [Element(kind=k, text="secret") for k in (Kind.NOTE, Kind.BONEYARD, Kind.SECTION, Kind.SYNOPSIS)]
    (chunk,) = cut([action("Rain."), *hidden])
    assert chunk.text == "Rain."


@pytest.mark.parametrize(("elements", "texts"), [([], []), ([heading("EXT. SEA - DAY")], ["EXT. SEA - DAY"])])
def test_scenes_without_content(elements: list[Element], texts: list[str]):
    """Nothing gives nothing; a bare heading is still a scene at a place."""
    assert [chunk.text for chunk in cut(elements)] == texts


SPEECHES = st.lists(st.lists(st.integers(1, 400), min_size=1, max_size=4), min_size=1, max_size=12)


@given(SPEECHES, st.integers(50, 600))
def test_nothing_is_lost_or_doubled(lengths: list[list[int]], max_chars: int):
    """However a scene is cut, its chunks together hold every speech once, whole and in order."""
    speeches = [speech(f"NAME{n}", *("w" * length for length in lines)) for n, lines in enumerate(lengths)]
    chunks = cut([e for s in speeches for e in s], max_chars=max_chars)
    assert "\n\n".join(chunk.text for chunk in chunks) == "\n\n".join(
        "\n".join(e.text for e in s) for s in speeches
    )


def test_entries_of_the_bible():
    """A character is found by name, among characters; a place by its name, among places."""
    mara = entry_chunk(draft_id="m", kind="character", name="马拉", text="守灯人", language="zh")
    pier = entry_chunk(draft_id="p", kind="place", name="PIER", text="Rotten planks.", language="en")
    assert (mara.characters, mara.place, mara.text) == (("马拉",), None, "马拉\n\n守灯人")
    assert (pier.characters, pier.place) == ((), "PIER")
