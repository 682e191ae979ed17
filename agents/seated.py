"""Who does a task: the agent, or the member in the role's seat."""

from __future__ import annotations

from typing import TypeVar

from storyroom.agents.desk import Desk

A = TypeVar("A")


def seated(agent: A, desk: Desk) -> A:
    """Return who does the task at a desk."""
    return agent
