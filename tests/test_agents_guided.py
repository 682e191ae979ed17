"""A small model chooses where a larger one writes: plans then stand in the idea's own words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from room_kit import a_series, an_order, open_room
from scripted_room import play

from storyroom.agents.desk import Desk
from storyroom.agents.effort import Effort
from storyroom.agents.idea import sentences
from storyroom.agents.phrases import REASONS, SAYS_NO, THEMES
from storyroom.agents.plot_writer import PlotWriter
from storyroom.agents.showrunner import Showrunner
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.base import Capabilities
from storyroom.models.scripted import Rule, ScriptedModel
from storyroom.room import Room
from storyroom.story.plan import Choice, Pitch
from storyroom.story.turn import Stage, Task


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room with a session in it."""
    with open_room(a_series(tmp_path)) as room:
        room.ledger.sessions.begin(an_order(room), room.bible, session_id="e01-small")
        yield room


def desk(room: Room, manuscript: Manuscript | None = None, ordinal: int = 1) -> Desk:
    """Return a desk at which a small model sits that answers any form."""
    model = ScriptedModel(
        rules=(Rule("*", (play,)),),
        capabilities=Capabilities(
            grammar=True, json_schema=True, prefill=True, small=True, context_length=100_000
        ),
    )
    return Desk(
        task=Task(session="e01-small", head=None, stage=Stage.PITCH, role="plot_writer", ordinal=ordinal),
        bible=room.bible,
        order=room.ledger.sessions.get("e01-small").order,
        manuscript=manuscript or Manuscript(),
        reading=Reading(),
        model=model,
        ledger=room.ledger,
        effort=Effort.of("quick"),
        emit=lambda _event: None,
    )


async def test_a_brief_is_made_of_the_ideas_sentences(room: Room) -> None:
    """Premise and stories are sentences of the idea, and said to be; the theme is one of the trade's."""
    at = desk(room)
    brief = await Showrunner().brief(at)
    said = sentences(at.order.idea)
    assert brief.premise in said
    assert {story.line for story in brief.stories} <= set(said)
    assert set(brief.own_words) == {brief.premise, *(story.line for story in brief.stories)}
    assert brief.theme in THEMES["en"]


async def test_a_pitch_goes_from_the_beginning_to_the_end(room: Room) -> None:
    """Conflict and ending come from the two ends of the idea, and the title is a thing of it."""
    at = desk(room)
    pitch = await PlotWriter().pitch(at)
    said = sentences(at.order.idea)
    half = -(-len(said) // 2)
    assert pitch.conflict in said[:half]
    assert pitch.ending in said[-half:]
    assert pitch.title.lower() in at.order.idea.lower() or pitch.title.startswith("The ")


async def test_an_outline_forgets_no_part_of_the_idea(room: Room) -> None:
    """The beats of the scenes are the idea's sentences, all of them, in order."""
    story = Pitch(title="T", conflict="Mara waits.", turn="Bea comes.", ending="Mara goes.")
    at = desk(room, Manuscript(choice=Choice(pitches=(1,), reason="", story=story)))
    outline = await PlotWriter().outline(at)
    told = " ".join(scene.beat for scene in outline.scenes)
    assert all(one in told for one in sentences(at.order.idea)[: len(outline.scenes)])
    assert all(scene.own_words for scene in outline.scenes if scene.beat in at.order.idea)
    assert all(len(scene.cast) >= 2 for scene in outline.scenes)


def test_every_reason_says_yes_or_no() -> None:
    """Answers to objections and revisions can be told apart by their reason, in both languages."""
    for language in ("en", "zh"):
        for occasion in ("reply", "reply_paper", "verify"):
            reasons = set(REASONS[language][occasion])  # type: ignore[index]
            assert reasons & SAYS_NO
            assert reasons - SAYS_NO
    assert {reason for by in REASONS.values() for all_ in by.values() for reason in all_} >= SAYS_NO
