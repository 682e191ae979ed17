"""The structured answers as pydantic models, for the frameworks that take one with a task."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Brief(BaseModel):
    """What the episode is about."""

    premise: str
    theme: str
    arc: str


class Pitch(BaseModel):
    """One storyline."""

    title: str
    conflict: str
    turn: str
    ending: str


class Choice(BaseModel):
    """Which storyline it is."""

    pitch: int = Field(description="the number of the pitch")
    reason: str


class Plan(BaseModel):
    """One scene of an outline."""

    place: str
    time: str
    cast: list[str]
    beat: str


class Outline(BaseModel):
    """The scenes."""

    scenes: list[Plan]


class Objection(BaseModel):
    """What is wrong with a scene."""

    quote: str = Field(description="a line of the scene, word for word")
    kind: str
    says: str
