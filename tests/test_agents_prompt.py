"""Prompts: what changes least comes first, and what does not fit is left out by rank and recorded."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from room_kit import a_series, draft, open_room

from storyroom.agents.layout import common_parts, scene_text
from storyroom.agents.prompt import KEEP, Part, fit, in_blocks
from storyroom.errors import ModelRefused


def words(text: str) -> int:
    """Count words, as tokens."""
    return len(text.split())


def test_a_prompt_that_fits_is_left_whole():
    """Nothing is left out, and all pieces stand in their order."""
    prompt = fit("be brief", [Part("a", "one two "), Part("b", "three")], "Mara", budget=6, count=words)
    assert prompt.user == "one two three"
    assert prompt.left_out == ()
    assert prompt.texts == ("be brief", "one two ", "three", "Mara")


def test_the_highest_rank_goes_first_and_the_oldest_of_a_rank():
    """Memory goes before the script, and of the script the scenes that are longest ago."""
    parts = [
        Part("bible", "b b"),
        Part("scenes 1", "s s", 30),
        Part("scenes 2", "s s", 30),
        Part("memory 1", "m", 50),
        Part("memory 2", "m", 51),
        Part("task", "t"),
    ]
    left = [fit("", parts, "", budget=budget, count=words).left_out for budget in (9, 8, 7, 6, 5, 4, 3)]
    assert left == [
        (),
        ("memory 2",),
        ("memory 1", "memory 2"),
        ("scenes 1", "memory 1", "memory 2"),
        ("scenes 1", "memory 1", "memory 2"),
        ("scenes 1", "scenes 2", "memory 1", "memory 2"),
        ("scenes 1", "scenes 2", "memory 1", "memory 2"),
    ]


def test_what_must_stay_and_does_not_fit_is_an_error():
    """The fixed part alone is too long: nothing is cut in silence, and the hint names a way out."""
    with pytest.raises(ModelRefused, match="needs 3 tokens; the model has room for 2") as caught:
        fit("", [Part("bible", "b b b"), Part("memory", "m", 50)], "", budget=2, count=words)
    assert "--model" in caught.value.hint


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=12),
    st.integers(0, 40),
    st.integers(0, 3),
)
def test_a_fitted_prompt_fits_and_keeps_the_order(sizes: list[tuple[int, int]], budget: int, prefill: int):
    """Whatever the parts are: the prompt is within the budget, or the fixed parts alone are beyond it."""
    parts = [Part(f"p{i}", "x " * size, rank) for i, (rank, size) in enumerate(sizes)]
    fixed = prefill + sum(size for rank, size in sizes if rank == KEEP)
    if fixed > budget:
        with pytest.raises(ModelRefused):
            fit("", parts, "y " * prefill, budget=budget, count=words)
        return
    prompt = fit("", parts, "y " * prefill, budget=budget, count=words)
    kept = [part.name for part in prompt.parts]
    assert sum(map(words, prompt.texts)) <= budget
    assert kept == [part.name for part in parts if part.name in kept]
    assert sorted([*kept, *prompt.left_out]) == sorted(part.name for part in parts)
    gone = [part for part in parts if part.name in prompt.left_out]
    if gone:
        lowest = min(part.rank for part in gone)
        assert lowest != KEEP
        assert not any(part.rank > lowest and words(part.text) for part in prompt.parts)


def test_a_growing_list_keeps_its_beginning():
    """Each text that is added leaves all full blocks as they were, so that a prompt cache can serve them."""
    before: list[Part] = []
    for count in range(1, 30):
        parts = list(in_blocks("scenes", [f"<{n}>" for n in range(count)], rank=30, size=4))
        assert "".join(part.text for part in parts) == "".join(f"<{n}>" for n in range(count))
        full = [part for part in before if "-" in part.name]
        assert parts[: len(full)] == full
        assert len(parts) <= count // 4 + 3
        before = parts


def test_all_roles_share_one_beginning(tmp_path: Path):
    """The prompts of all tasks on a scene begin with the same bible, idea and script so far."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room)
        shared = common_parts("en", session.bible, session.order, session.manuscript, 2)
        beginning = [part.text for part in shared]
        assert scene_text(session.manuscript.scenes[1]) in beginning
        seen = set()
        for call in room.ledger.calls.made(session=session.id):
            if call.label.startswith("scene.2.") and ".p1." in call.label:
                _system, *texts = room.ledger.calls.texts(call)
                assert texts[: len(beginning)] == beginning
                seen.add(call.label.split(".")[2])
        assert {"dialogue_writer", "editor", "emotion_critic"} <= seen


def test_no_prompt_holds_a_time_or_an_id(tmp_path: Path):
    """Two sessions with the same order send the same first prompt: nothing in it spoils a cache."""
    with open_room(a_series(tmp_path)) as room:
        sessions = [draft(room), draft(room)]
        prompts = [
            [
                room.ledger.calls.texts(c)
                for c in room.ledger.calls.made(session=s.id)
                if c.label[:5] == "brief"
            ]
            for s in sessions
        ]
        assert prompts[0] == prompts[1]
        assert prompts[0]
