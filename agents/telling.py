"""What the characters of a scene know, as prompts say it."""

from __future__ import annotations

from collections.abc import Iterator

from storyroom.agents.prompt import Part
from storyroom.memory.telling import Telling
from storyroom.prompts import render

# What humans approved stays longer than retrieved passages, what was only read out of prose goes before them.
_RANK_OF_CERTAIN = 40
_RANK_OF_LIKELY = 90


def knowledge_parts(language: str, telling: Telling | None) -> Iterator[Part]:
    """Yield the parts of a prompt that tell what each character knows, or which set-ups are open."""
    if telling is None:
        return
    for name, people, rank in (
        ("knowledge", telling.certain, _RANK_OF_CERTAIN),
        ("likely knowledge", telling.likely, _RANK_OF_LIKELY),
    ):
        if people:
            text = render(language, "knowledge", people=people, likely=name != "knowledge")
            yield Part(name, text, rank)
    if telling.setups:
        text = render(language, "setups", setups=telling.setups, episode=telling.episode)
        yield Part("setups", text, _RANK_OF_CERTAIN)
