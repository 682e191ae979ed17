"""Scene drafts: ids that survive an edit."""

from storyroom.story.draft import SceneDraft, aligned, dump_element, load_element, named
from storyroom.story.script import Element, Kind

SCENE = named(
    [
        Element(kind=Kind.SCENE_HEADING, text="INT. LAMP ROOM - NIGHT"),
        Element(kind=Kind.ACTION, text="Mara winds the crank."),
        Element(kind=Kind.CUE, text="MARA"),
        Element(kind=Kind.DIALOGUE, text="The lamp does not care who is sorry."),
        Element(kind=Kind.ACTION, text="Bea counts the steps."),
    ],
    "first",
)


def ids(elements: tuple[Element, ...]) -> list[str]:
    """Return the ids in order."""
    return [one.id for one in elements]


def test_what_is_unchanged_keeps_its_id() -> None:
    """Taking a scene in as it was exported changes nothing."""
    assert ids(aligned(SCENE, [one.edited(id="") for one in SCENE], "second")) == ids(SCENE)


def test_a_reworded_line_keeps_its_id() -> None:
    """Credit for a line stays with who wrote it first."""
    edited = [*SCENE[:3], SCENE[3].edited(text="Nothing is forgiven.", id=""), SCENE[4]]
    assert ids(aligned(SCENE, edited, "second")) == ids(SCENE)


def test_a_reworded_line_keeps_its_id_when_another_is_added_behind_it() -> None:
    """A line that came is new; the one before it, though changed, is still the old one."""
    more = Element(kind=Kind.DIALOGUE, text="Hand me the cloth.")
    edited = [*SCENE[:3], SCENE[3].edited(text="The lamp doesn't care who is sorry."), more, SCENE[4]]
    found = aligned(SCENE, [one.edited(id="") for one in edited], "second")
    assert found[3].id == SCENE[3].id
    assert found[4].id not in ids(SCENE)
    assert found[5].id == SCENE[4].id


def test_a_line_of_another_kind_is_new() -> None:
    """An action in the place of a speech is nobody's rewording."""
    edited = [*SCENE[:4], Element(kind=Kind.TRANSITION, text="CUT TO:")]
    assert aligned(SCENE, edited, "second")[4].id not in ids(SCENE)


def test_an_element_comes_back_from_json_as_it_was() -> None:
    """Only where it was read from is forgotten."""
    cue = Element(kind=Kind.CUE, text="MARA", id="a1", extension="V.O.", dual=True)
    assert load_element(dump_element(cue)) == cue
    draft = SceneDraft(number=1, elements=SCENE)
    assert SceneDraft.model_validate_json(draft.model_dump_json()) == draft
