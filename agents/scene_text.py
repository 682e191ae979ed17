"""From what a model wrote to the elements of a scene, and what can be found wrong with them at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from storyroom.formats.fountain import parse_elements, write
from storyroom.story.checks import key_terms, mentions, noise, repeated, unfinished
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Element, Kind, Script

_FEWEST_SPEECHES = 3


def elements_of(begun: Sequence[Element], text: str) -> tuple[Element, ...]:
    """Read a model's continuation of an opening that ends with a cue.

    A last paragraph that was cut off is dropped.

    Raises:
        ValueError: nothing whole was written.
    """
    if not text.endswith("\n"):
        text = text[: text.rfind("\n\n") + 1] if unfinished(text) else text + "\n"
    if not text.strip():
        raise ValueError("the scene breaks off before its first speech ends")
    return tuple(one.edited() for one in parse_elements(begun_text(begun) + text))


def begun_text(begun: Sequence[Element]) -> str:
    """Return an opening that ends with a cue as Fountain, up to the line on which its speech will stand."""
    speech = Element(kind=Kind.DIALOGUE, text="…")
    return write(Script.of((*begun, speech))).rstrip().removesuffix("…")


def fragment(text: str) -> str:
    """Read one line: plain text, or an object whose only field is the line.

    Raises:
        ValueError: it is empty.
    """
    line = json.loads(text)["line"] if text.lstrip().startswith("{") else text
    line = str(line).strip()
    if not line:
        raise ValueError("the line is empty")
    return line


def scene_faults(elements: Sequence[Element], plan: ScenePlan, idea: str, said: Collection[str]) -> list[str]:
    """Find what is wrong with a scene as a whole.

    Args:
        said: forms (`line_form`) of all earlier lines of the episode.
    """
    lines = [one for one in elements if one.kind in (Kind.DIALOGUE, Kind.ACTION)]
    fresh = lines[1:]
    speeches = [one for one in fresh if one.kind is Kind.DIALOGUE]
    faults = [f"{one.text[:24]}: {fault}" for one in fresh for fault in noise(one.text)]
    faults += [f"{one.text[:24]}: was said before" for one in repeated(lines, said)]
    faults += [f"{one.text[:24]}: stops" for one in speeches if unfinished(one.text)]
    if len(speeches) < _FEWEST_SPEECHES:
        faults.append(f"only {len(speeches)} speeches")
    speakers = {one.text for one in elements if one.kind is Kind.CUE}
    if len(plan.cast) > 1 and len(speakers) < 2:
        faults.append("only one speaks")
    told = " ".join(one.text for one in fresh)
    terms = key_terms(f"{idea} {plan.beat} {plan.change}") - key_terms(" ".join(plan.cast))
    if len(mentions(told, terms)) < min(3, len(terms)):
        faults.append("off the idea")
    return faults


def struck(elements: Sequence[Element], said: Collection[str]) -> tuple[tuple[Element, ...], tuple[str, ...]]:
    """Take out lines that were said before or are noise, and the cues that this leaves without a speech.

    Returns:
        What stays, and the texts that went.
    """
    lines = [one for one in elements if one.kind in (Kind.DIALOGUE, Kind.ACTION)]
    going = {id(one) for one in repeated(lines, said)}
    going |= {id(one) for one in lines[1:] if any(True for _ in noise(one.text)) or unfinished(one.text)}
    kept = [one for one in elements if id(one) not in going]
    whole = tuple(
        one
        for place, one in enumerate(kept)
        if one.kind not in (Kind.CUE, Kind.PARENTHETICAL) or _leads_to_speech(kept, place)
    )
    return whole, tuple(one.text for one in elements if id(one) in going)


def _leads_to_speech(elements: Sequence[Element], place: int) -> bool:
    after = elements[place + 1 :]
    following = next((one for one in after if one.kind is not Kind.PARENTHETICAL), None)
    return following is not None and following.kind is Kind.DIALOGUE
