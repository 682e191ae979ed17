"""How surprising a script's lines are to a model that has read the scene so far."""

from __future__ import annotations

from collections.abc import Collection

from storyroom.errors import ModelRefused
from storyroom.models.base import LocalChatModel
from storyroom.story.script import Kind, Script
from storyroom.story.surprise import TokenBits, tokens_in

_SPEECH = frozenset({Kind.DIALOGUE, Kind.PARENTHETICAL})


def surprise_by_line(
    model: LocalChatModel, script: Script, language: str, scenes: Collection[int] | None = None
) -> dict[int, list[TokenBits]]:
    """Return the surprise of each line, token by token, given its scene up to there.

    Args:
        model: one that tells (`capabilities.surprise`).
        language: of the script: `en` or `zh`.
        scenes: numbers of the scenes to read, from 1; None reads all.

    Returns:
        By the place of the line among the script's elements; places within tokens count from its beginning.

    Raises:
        ModelRefused: the model does not tell, or does not know the language.
    """
    known = model.capabilities.languages
    if known is not None and language not in known:
        raise ModelRefused(
            f"{model.spec} does not read this language; what surprises it would mean nothing.",
            hint="Name a model that knows it: --model llama.cpp:PATH.gguf or transformers:ID-OR-PATH.",
        )
    found: dict[int, list[TokenBits]] = {}
    place = sum(1 for _ in script.preamble)
    for number, scene in enumerate(script.scenes, 1):
        elements = (scene.heading, *scene.elements)
        if scenes is None or number in scenes:
            text = ""
            spans: list[tuple[int, int]] = []
            for one in elements:
                text += "" if not text else "\n" if one.kind in _SPEECH else "\n\n"
                spans.append((len(text), len(text) + len(one.text)))
                text += one.text
            tokens = model.surprise(text)
            for at, (start, end) in enumerate(spans):
                found[place + at] = [
                    TokenBits(max(0, one.start - start), one.end - start, one.bits)
                    for one in tokens_in(tokens, start, end)
                ]
        place += len(elements)
    return found
