"""What somebody thinks and does not say, from what they know at a point of the story and nothing else.

    story = up_to(scenes_of_script(script), "3")
    who, known = witness(story, "Mara", bible)
    with workbench(tool="monologue", script=script_of(known), series=series) as bench:
        print((await monologue(bench, who, known)).text)

The prompt holds the scenes up to then in which they are present, what the bible says of themselves, and what
is between them and others as they see it. It holds no other scene, no summary, no secret of somebody else.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, create_model

from storyroom.agents.checking import sound
from storyroom.agents.desk import Desk
from storyroom.agents.prompt import Part
from storyroom.errors import InputError
from storyroom.prompts import render
from storyroom.story.bible import Bible, Character, Language, Role, nearest, same_name
from storyroom.story.checks import line_form
from storyroom.story.script import Kind, Script
from storyroom.story.text import Sentence
from storyroom.story.things import things
from storyroom.tools.bench import Bench
from storyroom.tools.filling import Filling, fill
from storyroom.tools.lone import people_of, person, script_language
from storyroom.tools.thoughts import thoughts
from storyroom.tools.witness import StoryScene, is_present, witnessed

_RANK_OF_SCENES = 30
_MOST_TOKENS = 260
_DRAWN = 3
_MOST_THINGS = 8
# What looks like a thing after an article, and is none to think of.
_NO_THINGS = frozenset(
    """
    one ones thing things way time times moment second seconds minute rest end same other others first last
    next hand hands face eyes head voice back side top bottom edge middle place kind sort question answer
    laugh smile behind beyond above below again
    it's that's what's who's he's she's there's let's
    """.split()  # noqa: SIM905
)
# Nobody is spoken to in a thought; and what begins with "when", a small model does not end.
_UNWANTED = frozenset({"you", "your", "yours", "yourself", "when"})
_SENTENCE = re.compile(r"[^.!?。！？…]+[.!?。！？…]+")
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I'll|I've|I'd|my|me|mine)\b|我|俺|咱")


@dataclass(frozen=True)
class Monologue:
    """An inner monologue.

    Attributes:
        who: whose.
        text: in the first person.
        at: the last scene that they know of.
        known: the scenes that the prompt held, as `--at` names them.
        left_out: how many more they know of, for which the model had no room.
        written: the pieces that a small model wrote itself; empty when all of it is the model's own.
    """

    who: str
    text: str
    at: str
    known: tuple[str, ...]
    left_out: int = 0
    written: tuple[str, ...] = ()


def witness(
    story: Sequence[StoryScene], name: str, bible: Bible | None = None, *, later: Sequence[StoryScene] = ()
) -> tuple[Character, list[StoryScene]]:
    """Return somebody of a story, and the scenes of it in which they are present.

    Args:
        story: the scenes up to the point in question.
        name: whose; a name or alias of the bible, or as cues and action of a lone script have it.
        bible: of the series; without it, all that is known of them is what they say in these scenes.
        later: the scenes after that point, for the error's hint alone.

    Raises:
        InputError: nobody is called so, or they are in none of the scenes.
    """
    wanted = " ".join(name.split())
    who = bible.character(wanted) if bible else None
    if who is None:
        who = _somebody(story, wanted)
    known = witnessed(who, story)
    if known:
        return _as_known(who, known) if bible is None or bible.character(wanted) is None else who, known
    first = next((scene.name for scene in later if is_present(who, scene.elements)), None)
    known_names = [one.name for one in bible.cast] if bible else _speakers([*story, *later])
    if first is not None:
        raise InputError(
            f"{who.name} is in no scene up to {story[-1].name}.",
            hint=f"The first scene with {who.name} is {first}: --at {first}.",
        )
    raise InputError(
        f"{wanted[:60]!r} is in no scene{nearest(wanted, known_names)}.",
        hint=f"People here: {', '.join(known_names) or 'nobody'}.",
    )


def script_of(scenes: Sequence[StoryScene]) -> Script:
    """Return some scenes as a script."""
    return Script.of(one for scene in scenes for one in scene.elements)


async def monologue(bench: Bench, who: Character, known: Sequence[StoryScene]) -> Monologue:
    """Write what somebody thinks and does not say as the last scene that they know of ends.

    Args:
        bench: where it is done; its script should hold the known scenes and no others.
        who, known: as `witness` returns them.
    """
    spoken = bench.language
    ground = [Part("who", render(spoken, "monologue_who", who=who))]
    for place, scene in enumerate(known, 1):
        shown = render(spoken, "monologue_scene", scene=scene)
        ground.append(Part(f"scene {scene.name}", shown, 0 if place == len(known) else _RANK_OF_SCENES))
    desk = bench.desk(Role.DIALOGUE_WRITER, scene=known[-1].number, ground=ground)
    said = {line_form(text) for scene in known for text in _sentences(scene)}
    if desk.guided:
        text, written = await _filled(desk, who, known[-1])
    else:
        text, written = await _written(desk, who, said), ()
    left_out = _left_out(bench, desk)
    return Monologue(
        who=who.name,
        text=text,
        at=known[-1].name,
        known=tuple(scene.name for scene in known if f"scene {scene.name}" not in left_out),
        left_out=len(left_out),
        written=written,
    )


def monologue_answer() -> type[BaseModel]:
    """The thoughts, in the first person."""
    return create_model("Monologue", thoughts=(Annotated[str, Sentence(80, 600)], ...))


async def _written(desk: Desk, who: Character, said: set[str]) -> str:
    """Have a monologue written freely."""

    def faults(answer: Any) -> list[str]:
        found = sound(answer.thoughts)
        if not _FIRST_PERSON.search(answer.thoughts):
            found.append("is not in the first person")
        again = [one for one in _SENTENCE.findall(answer.thoughts) if line_form(one) in said]
        return [*found, *(f"was said aloud: {one.strip()[:40]}" for one in again)]

    answer: Any = await desk.ask(
        "monologue", monologue_answer(), checks=faults, max_tokens=_MOST_TOKENS, name=who.name
    )
    return str(answer.thoughts)


async def _filled(desk: Desk, who: Character, last: StoryScene) -> tuple[str, tuple[str, ...]]:
    """Have a monologue filled into sentences that begin with I, and name things of the scene."""
    spoken, stock = desk.language, thoughts(desk.language)
    others = [name for name in _speakers([last]) if same_name(name) not in map(same_name, who.names)]
    named = _things(last, spoken, [*who.names, *others]) or list(stock.things)
    pattern = stock.sentences if others else stock.alone
    between = " " if spoken == "en" else ""
    # Of all beginnings a small model takes the likeliest each time; of a few that are drawn it has to vary.
    dice = random.Random(desk.order.seed)
    drawn = {name: dice.sample(texts, _DRAWN) for name, texts in stock.choices.items()}
    half = -(-len(named) // 2)
    filling = Filling(
        lines=[between.join(one.format(other=others[-1] if others else "") for one in pattern)],
        choices={**drawn, "one": named[:half], "two": named[half:] or named},
        pieces=stock.pieces,
        names=[*others, "I"],
    )
    filled = await fill(desk, "monologue", "", filling, unwanted=_UNWANTED, name=who.name)
    return filled.lines[0], filled.written


def _things(scene: StoryScene, language: Language, names: Sequence[str]) -> list[str]:
    """Return what a scene has in it, what comes last first."""
    if language == "zh":
        return []
    told = [one.text for one in scene.elements if one.kind in (Kind.ACTION, Kind.DIALOGUE)]
    found = [thing for text in reversed(told) for thing in things(text, names)]
    calm = [" ".join(w.lower() if w.isupper() else w for w in thing.split()) for thing in found]
    known = [one for one in dict.fromkeys(calm) if not _NO_THINGS & set(one.casefold().split())]
    # What is named again is a thing of the scene; what comes once may be a verb that only looks like one.
    words = Counter(re.findall(r"[a-z'’]+", " ".join(told).casefold()))
    again = [one for one in known if all(words[word] > 1 for word in one.casefold().split())]
    return (again if len(again) > 1 else known)[:_MOST_THINGS]


def _sentences(scene: StoryScene) -> list[str]:
    spoken = [one.text for one in scene.elements if one.kind is Kind.DIALOGUE]
    return [sentence for text in spoken for sentence in _SENTENCE.findall(text)]


def _speakers(scenes: Sequence[StoryScene]) -> list[str]:
    """Return who speaks in some scenes, as one would write their names."""
    return [who.name for who in people_of(script_of(scenes), script_language(script_of(scenes)))]


def _somebody(story: Sequence[StoryScene], name: str) -> Character:
    """Return somebody of whom no bible tells.

    Raises:
        InputError: the text cannot be a name.
    """
    from pydantic import ValidationError

    script = script_of(story)
    heard = next((one for one in people_of(script, "en") if same_name(one.name) == same_name(name)), None)
    try:
        return person(heard.name if heard else name, script_language(script))
    except ValidationError as error:
        raise InputError(
            f"{name[:60]!r} cannot be a character's name.", hint="Give the name as its cues have it."
        ) from error


def _as_known(who: Character, known: Sequence[StoryScene]) -> Character:
    """Return somebody with a voice made of what they say in these scenes, and of no other."""
    script = script_of(known)
    heard = people_of(script, script_language(script))
    return next((one for one in heard if same_name(one.name) == same_name(who.name)), who)


def _left_out(bench: Bench, desk: Desk) -> set[str]:
    calls = bench.room.ledger.calls.made(task=desk.task.id)
    return {name for call in calls for name in call.options.get("left_out", ())}
