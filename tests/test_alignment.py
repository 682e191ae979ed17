"""What became of each element between two versions of a script, and of each word of a line."""

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyroom.formats.fountain import parse, read_file
from storyroom.story.alignment import Change, Fate, SceneChange, align, align_scenes
from storyroom.story.draft import aligned
from storyroom.story.script import Element, Kind, Script
from storyroom.story.sequences import common, heaviest_rise
from storyroom.story.wording import likeness, words_changed

EPISODES = sorted((Path(__file__).parents[1] / "examples").glob("*/episodes/*.fountain"))

some_elements = st.lists(
    st.builds(
        Element,
        kind=st.sampled_from([Kind.ACTION, Kind.CUE, Kind.DIALOGUE, Kind.SCENE_HEADING]),
        text=st.sampled_from(
            ["Yes.", "No.", "MARA", "不。", "The lamp turns and turns.", "The lamp turned.", ""]
        ),
        id=st.sampled_from(["", "", "a", "b", "c"]),
    ),
    max_size=30,
)


def of(text: str) -> list[Element]:
    """Return the elements of a script."""
    return list(parse(text).elements())


def fates(before: Sequence[Element], after: Sequence[Element]) -> list[tuple[str, str]]:
    """Return what is not as it was: its fate and its text, the new one where there is one."""
    changes = [one for one in align(before, after) if one.fate is not Fate.SAME]
    return [(one.fate.value, text_of(one, before, after)) for one in changes]


def text_of(change: Change, before: Sequence[Element], after: Sequence[Element]) -> str:
    """Return what the element of a change says now, or said last."""
    return after[change.new].text if change.new is not None else before[change.old or 0].text


def told(before: Sequence[Element], after: Sequence[Element]) -> list[SceneChange]:
    """Return the scenes that are not as they were."""
    return [scene for scene in align_scenes(before, after) if scene.fate is not Fate.SAME]


def applied(before: Sequence[Element], after: Sequence[Element], changes: Sequence[Change]) -> list[Element]:
    """Make the new version: what is the same or only moved is taken from the old one."""
    taken = (one for one in changes if one.new is not None)
    return [
        before[one.old] if one.old is not None and not one.changed else after[one.new or 0] for one in taken
    ]


@given(some_elements, some_elements)
def test_every_element_has_one_change_and_together_they_make_the_new_version(
    before: list[Element], after: list[Element]
) -> None:
    """Nothing is told twice, nothing is left out, and applying the changes to the old gives the new."""
    for changes in (align(before, after), [c for s in align_scenes(before, after) for c in s.changes]):
        assert sorted(one.old for one in changes if one.old is not None) == list(range(len(before)))
        assert [one.new for one in changes if one.new is not None] == list(range(len(after)))
        made = applied(before, after, changes)
        assert [one.content for one in made] == [one.content for one in after]


@given(some_elements, some_elements)
def test_what_did_not_move_kept_its_order(before: list[Element], after: list[Element]) -> None:
    """The old places of elements that are on both sides and not told as moved only rise."""
    places = [one.old for one in align(before, after) if one.new is not None and not one.moved]
    kept = [place for place in places if place is not None]
    assert kept == sorted(kept)


@given(some_elements)
def test_a_version_is_the_same_as_itself(elements: list[Element]) -> None:
    """Without an edit there is no change."""
    assert {one.fate for one in align(elements, elements)} <= {Fate.SAME}


def test_a_reworded_line_is_changed_in_english_and_chinese() -> None:
    """Also when another is added beside it, so that its place does not tell."""
    before = of("MARA\nThe lamp does not care who is sorry.\n\n玛拉合上日志。\n")
    after = of("MARA\nThe lamp doesn't care who is sorry.\n\nRain.\n\n玛拉轻轻合上了日志。\n")
    assert fates(before, after) == [
        ("changed", "The lamp doesn't care who is sorry."),
        ("new", "Rain."),
        ("changed", "玛拉轻轻合上了日志。"),
    ]


def test_a_line_that_says_nothing_of_the_old_one_is_changed_where_it_stands_alone_between_neighbours() -> (
    None
):
    """One went and one came: a writer rewrote it."""
    before = of("MARA\nNo.\n\nA bell.\n\nBEA\nGo.\n")
    after = of("MARA\nNo.\n\nSilence, then wind.\n\nBEA\nGo.\n")
    assert fates(before, after) == [("changed", "Silence, then wind.")]


def test_another_speakers_speech_is_another_speech() -> None:
    """It is no rewording of the one that stood there."""
    before = of("A bell.\n\nMARA\nWe wait for the tide.\n\nRain.\n")
    after = of("A bell.\n\nINES\nNobody asked you, Silas.\n\nRain.\n")
    assert [fate for fate, _ in fates(before, after)] == ["gone", "gone", "new", "new"]


def test_a_renamed_speaker_keeps_her_speeches() -> None:
    """Only the cues are told, each as changed."""
    text = "MARA\nI counted the steps.\n\nBEA\nHow many?\n\nMARA\nNinety.\n"
    assert fates(of(text), of(text.replace("MARA", "NORA"))) == [("changed", "NORA"), ("changed", "NORA")]


def test_a_paragraph_that_stands_elsewhere_is_moved_and_may_be_reworded_too() -> None:
    """The others stay where they are."""
    lines = ["The boat drifts past the quay.", "Ines ties the knot her father taught her.", "Gulls, far off."]
    before = of("\n\n".join([*lines, "Bea counts the stairs under her breath."]))
    after = of("\n\n".join(["Bea counts the stairs, slowly, under her breath.", *lines]))
    change = align(before, after)[0]
    assert (change.old, change.new, change.fate, change.changed) == (3, 0, Fate.MOVED, True)
    assert len(fates(before, after)) == 1


def test_a_short_line_elsewhere_is_no_move() -> None:
    """A "No." that goes here and a "No." that comes in another scene have nothing to do with each other."""
    scenes = [
        f"INT. ROOM {n} - DAY\n\nIt is day number {n} in the long story of the house.\n" for n in range(4)
    ]
    before = of(scenes[0] + "\nMARA\nNo.\n\n" + "\n".join(scenes[1:]))
    after = of("\n".join(scenes) + "\nMARA\nNo.\n")
    assert {fate for fate, _ in fates(before, after)} == {"gone", "new"}


@pytest.mark.parametrize("path", EPISODES, ids=lambda path: path.stem)
def test_a_scene_that_moved_as_a_whole_is_told_as_moved(path: Path) -> None:
    """With the line that was reworded and the one that is gone told within it; all else is the same."""
    script = read_file(path)
    first, second, *others = script.scenes
    place = next(n for n, one in enumerate(second.elements) if one.kind is Kind.ACTION and len(one.text) > 15)
    edited = list(second.elements)
    edited[place] = edited[place].edited(text="啊，" + edited[place].text)
    del edited[-1]
    order = [first, *others]
    after = [
        *script.preamble,
        *(one for s in order for one in (s.heading, *s.elements)),
        second.heading,
        *edited,
    ]
    (scene,) = told(list(script.elements()), after)
    assert (scene.old, scene.new, scene.fate) == (2, len(script.scenes), Fate.MOVED)
    assert [one.fate for one in scene.changes if one.fate is not Fate.SAME] == [Fate.CHANGED, Fate.GONE]


def test_repeated_lines_are_told_apart_by_their_neighbours() -> None:
    """One of six equal speeches goes: the one behind the line that it answered."""
    asked = ["Is it late?", "Did you eat?", "Is the boat in?", "Are you cold?", "Was it her?", "Do we wait?"]
    pairs = [f"MARA\n{question}\n\nBEA\nYes.\n\n" for question in asked]
    before = of("".join(pairs))
    after = of("".join(pairs).replace("Was it her?\n\nBEA\nYes.\n", "Was it her?\n"))
    gone = [one.old for one in align(before, after) if one.fate is Fate.GONE]
    assert gone == [18, 19]
    assert len(fates(before, after)) == 2


def test_a_scene_that_was_divided_goes_on_in_its_larger_part() -> None:
    """The other part is a new scene whose lines stayed where they were."""
    lines = [f"This is line number {n} of the scene at the quay." for n in range(10)]
    before = of("\n\n".join(["EXT. QUAY - DAY", *lines]))
    after = of("\n\n".join(["EXT. QUAY - DAY", *lines[:7], "EXT. QUAY - LATER", *lines[7:]]))
    assert [(one.old, one.new, one.fate) for one in align_scenes(before, after)] == [
        (1, 1, Fate.SAME),
        (None, 2, Fate.NEW),
    ]
    assert fates(before, after) == [("new", "EXT. QUAY - LATER")]


def test_a_scene_that_is_gone_and_one_that_is_new_are_two() -> None:
    """Each is told whole, in its place."""
    a, b, c = (
        "INT. ATTIC - DAY\n\nDust on a trunk.\n",
        "EXT. ROAD - DAY\n\nA cart.\n",
        "INT. INN - DAY\n\nAle.\n",
    )
    scenes = told(of(f"{a}\n{b}"), of(f"{c}\n{b}"))
    assert [(one.old, one.new, one.fate) for one in scenes] == [(1, None, Fate.GONE), (None, 1, Fate.NEW)]


def test_ids_say_more_than_texts() -> None:
    """An element with the same id is the same one, whatever it says and wherever it stands."""
    before = [Element(kind=Kind.ACTION, text=f"Wave {n}.", id=f"e{n}") for n in range(5)]
    after = [before[4].edited(text="Nothing at all."), *before[:4]]
    first = align(before, after)[0]
    assert (first.old, first.new, first.fate, first.changed) == (4, 0, Fate.MOVED, True)
    assert [one.id for one in aligned(before, after, "edit")] == ["e4", "e0", "e1", "e2", "e3"]


def test_no_input_takes_quadratic_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are compared with a bounded number of others, however alike they all are."""
    from storyroom.story import pairing

    asked = 0

    def counted(one: str, other: str) -> float:
        nonlocal asked
        asked += 1
        return likeness(one, other)

    monkeypatch.setattr(pairing, "likeness", counted)
    dice = random.Random(1)

    def line() -> Element:
        return Element(kind=Kind.ACTION, text=dice.choice(["Yes.", "No.", "Yes, no.", "No, yes."]))

    before, after = [line() for _ in range(3000)], [line() for _ in range(2990)]
    align(before, after)
    assert asked <= 20 * len(before)
    equal = [before[0]] * 10_000
    assert [one.fate for one in align(equal, equal[10:])].count(Fate.GONE) == 10


@given(st.lists(st.integers(0, 4), max_size=90), st.lists(st.integers(0, 4), max_size=90))
def test_common_is_a_common_subsequence(old: list[int], new: list[int]) -> None:
    """Places rise on both sides and hold equal members; with small sequences it is a longest one."""
    pairs = common(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    if len(old) * len(new) <= 64 * 64:
        lengths = [0] * (len(new) + 1)
        for one in old:
            before = lengths[:]
            for j, other in enumerate(new):
                lengths[j + 1] = before[j] + 1 if one == other else max(lengths[j], before[j + 1])
        assert len(pairs) == lengths[-1]


@given(st.permutations(range(9)), st.lists(st.integers(1, 9), min_size=9, max_size=9))
def test_the_heaviest_rise_is_the_heaviest(places: list[int], weights: list[int]) -> None:
    """No other selection that rises weighs more."""
    found = heaviest_rise(places, weights)
    assert found == sorted(found)
    assert [places[i] for i in found] == sorted(places[i] for i in found)
    best = [0] * 9
    for i in range(9):
        best[i] = weights[i] + max((best[k] for k in range(i) if places[k] < places[i]), default=0)
    assert sum(weights[i] for i in found) == max(best)


@given(st.text(alphabet="ab 。灯塔,.\n", max_size=40), st.text(alphabet="ab 。灯塔,.\n", max_size=40))
def test_words_make_up_both_texts(old: str, new: str) -> None:
    """Kept and removed words are the old text, kept and added ones the new."""
    words = words_changed(old, new)
    assert "".join(one.text for one in words if one.state != "added") == old
    assert "".join(one.text for one in words if one.state != "removed") == new


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "You stopped on ninety.",
            "You stopped on eighty.",
            [("kept", "You stopped on "), ("removed", "ninety"), ("added", "eighty"), ("kept", ".")],
        ),
        (
            "师傅，吃面。",
            "师傅，快吃面。",
            [("kept", "师傅，"), ("added", "快"), ("kept", "吃面。")],
        ),
        (
            "He takes the old iron key.",
            "He takes a small brass key.",
            [
                ("kept", "He takes "),
                ("removed", "the old iron"),
                ("added", "a small brass"),
                ("kept", " key."),
            ],
        ),
        (
            "Nothing moves.",
            "She was never here.",
            [("removed", "Nothing moves."), ("added", "She was never here.")],
        ),
        ("Same.", "Same.", [("kept", "Same.")]),
        ("", "Rain.", [("added", "Rain.")]),
    ],
)
def test_words_that_changed(old: str, new: str, words: list[tuple[str, str]]) -> None:
    """Neighbouring changes are one; texts without a word in common are told whole; Chinese by character."""
    assert words_changed(old, new) == words


def test_a_script_of_many_pages_is_aligned_element_by_element() -> None:
    """Every tenth action reworded, one speech cut, scenes shuffled: each is told, and nothing else."""
    dice = random.Random(7)
    words = [f"word{n}" for n in range(400)]
    scenes = [
        [
            Element(kind=Kind.SCENE_HEADING, text=f"INT. ROOM {n % 7} - DAY"),
            *(
                one
                for _ in range(6)
                for one in (
                    Element(kind=Kind.ACTION, text=" ".join(dice.choices(words, k=12))),
                    Element(kind=Kind.CUE, text=dice.choice(["MARA", "BEA"])),
                    Element(
                        kind=Kind.DIALOGUE,
                        text=dice.choice(["Yes.", "No.", " ".join(dice.choices(words, k=5))]),
                    ),
                )
            ),
        ]
        for n in range(40)
    ]
    before = [one for scene in scenes for one in scene]
    edited = [list(scene) for scene in scenes]
    for scene in edited[::10]:
        scene[4] = scene[4].edited(text=scene[4].text + " now")
    del edited[5][-2:]
    edited[20], edited[30] = edited[30], edited[20]
    after = [one for scene in edited for one in scene]
    scenes_told = told(before, after)
    assert {(one.old, one.new) for one in scenes_told if one.fate is Fate.MOVED} == {(21, 31), (31, 21)}
    changes = [one.fate for scene in scenes_told for one in scene.changes if one.fate is not Fate.SAME]
    assert sorted(changes) == [Fate.CHANGED] * 4 + [Fate.GONE] * 2
    assert Script.of(after).scenes[20].heading == scenes[30][0]
