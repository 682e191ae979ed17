"""Blind work runs side by side: all of it is asked for before any of it is answered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field
from room_kit import a_series, begin, drive, open_room
from scripted_room import play

from storyroom.agents.crew import Crew
from storyroom.agents.editor import Editor
from storyroom.models.scripted import Rule, ScriptedModel

_PATIENCE = 20.0


class Meeting(ScriptedModel):
    """A model that answers certain calls only when three of them are under way; otherwise it never does.

    Attributes:
        wanted: a regular expression of their labels.
        under_way: the labels of those that were asked so far.
        all_here: set when the third was asked.
    """

    wanted: str
    under_way: list[str] = Field(default_factory=list)
    all_here: asyncio.Event = Field(default_factory=asyncio.Event)

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        label = str(kwargs["label"])
        if re.fullmatch(self.wanted, label):
            self.under_way.append(label)
            if len(self.under_way) == 3:
                self.all_here.set()
            async with asyncio.timeout(_PATIENCE):
                await self.all_here.wait()
        async for chunk in super()._astream(*args, **kwargs):
            yield chunk


class SecondEditor(Editor):
    """One more critic who asks the model."""

    role = "second_editor"  # type: ignore[assignment]


@pytest.mark.parametrize(
    "wanted",
    [
        r"pitch\.plot_writer\.p1\.r0\.[123]\.1#1",
        r"scene\.1\.(editor|second_editor|emotion_critic)\.p1\.r0\.1\.1#1",
    ],
)
def test_three_blind_calls_are_under_way_together(tmp_path: Path, wanted: str) -> None:
    """A model that waits for the third before it answers the first is not waited for in vain."""
    model = Meeting(rules=(Rule("*", (play,)),), wanted=wanted)
    crew = Crew.default().with_critic(SecondEditor())
    with open_room(a_series(tmp_path), crew=crew, model=model) as room:
        run = begin(room, gates=["scene"])
        drive(run)
        assert run.outcome == "paused"
    assert len(set(model.under_way)) == 3
