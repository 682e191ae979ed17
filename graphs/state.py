"""The state of the graph: ids and counters, never text.

LangGraph writes the whole state at every step, so it stays the same small size however long the script grows.
What the ids name lies in the ledger.
"""

from __future__ import annotations

from typing import TypedDict


class Entry(TypedDict, total=False):
    """What a run begins with: a session, or the idea for a new one."""

    session: str
    idea: str


class State(TypedDict, total=False):
    """Where a session stands.

    Keys:
        session: its id.
        head: the script version that it stands on.
        start: where it begins: at the brief, or where a fork writes anew.
        pitches: how many plot writers pitch.
        scenes: how many scenes there are.
        scene: number of the scene at work, from 1.
        pass_: how often what is at work was written, this time included.
        again: scenes that the table read sent back and that are still to be done.
        reads: how many table reads were held.
        gates: stages after which a human is asked.
        sent_back: whether the last gate sent its stage back.
        finished: whether the episode is written out.
    """

    session: str
    head: str | None
    start: str
    pitches: int
    scenes: int
    scene: int
    pass_: int
    again: list[int]
    reads: int
    gates: list[str]
    sent_back: bool
    finished: bool


class Pitching(State):
    """The state that one of several plot writers is given; `ordinal` tells which."""

    ordinal: int


class Reviewing(State):
    """The state that one of several critics is given; `role` tells which, `stage` what it reads."""

    role: str
    stage: str
