"""A scene of dialogue for some people in some situation.

    bible, names = casting(["Ada: hero, proud", "Bo: villain, polite"], "en")
    with workbench(tool="dialogue", matter="a duel", bible=bible) as bench:
        scene = await dialogue(bench, names, "a duel", feelings=[feeling_of("anger:0.8")])
        print(scene.fountain)

The room's dialogue writer writes it, at a desk with a plan that is made of what was asked for: nobody but
these people can speak, as in any scene of an episode.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from storyroom.agents.company import heading, living
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.errors import InputError
from storyroom.formats.fountain import write
from storyroom.memory.manuscript import Manuscript
from storyroom.story.bible import Language, Location, nearest
from storyroom.story.draft import SceneDraft
from storyroom.story.plan import EMOTIONS, Outline, ScenePlan
from storyroom.story.script import Script
from storyroom.story.things import things
from storyroom.tools.bench import Bench
from storyroom.tools.keywords import listed
from storyroom.tools.stock import stock

FEWEST_LINES, MOST_LINES = 4, 60
_FEWEST_PEOPLE, _MOST_PEOPLE = 2, 8
_LONGEST_SITUATION = 2_000
_LINES_PER_PAGE = 8
# From so many words or characters on, a situation is told and not only named.
_TOLD = {"en": 6, "zh": 10}
_FEW_THINGS = 3
_NEUTRAL = "neutral"


@dataclass(frozen=True)
class Wanted:
    """A feeling that a scene should have.

    Attributes:
        emotion: one of the seven of `EMOTIONS`.
        strength: from 0 to 1.
        who: whose it is; everybody's when empty.
    """

    emotion: str
    strength: float = 1.0
    who: str = ""


@dataclass(frozen=True)
class Dialogue:
    """A scene as it was written.

    Attributes:
        plan: what the writer was given.
        draft: the scene, its heading first.
        struck: lines that code took out, because they repeated an earlier line or were noise.
    """

    plan: ScenePlan
    draft: SceneDraft
    struck: tuple[str, ...]

    @property
    def fountain(self) -> str:
        """The scene as Fountain."""
        return write(Script.of(self.draft.elements)).rstrip() + "\n"


def feeling_of(text: str) -> Wanted:
    """Read a wanted feeling: ``anger``, ``anger:0.8``, ``Ada=fear:0.3``, ``愤怒:0.8``.

    Raises:
        InputError: there is no such emotion, or its strength is not between 0 and 1.
    """
    who, _, rest = text.rpartition("=")
    name, _, strength = rest.replace("：", ":").partition(":")
    named = {
        shown: emotion for language in ("en", "zh") for emotion, shown in stock(language).emotions.items()
    }
    emotion = named.get(name.strip().casefold())
    if emotion is None:
        raise InputError(
            f"{name.strip()[:40]!r} is no emotion here{nearest(name, named)}.",
            hint=f"Name one of: {', '.join(EMOTIONS)}.",
        )
    try:
        weight = float(strength) if strength.strip() else 1.0
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise InputError(
            f"{strength.strip()[:20]!r} is no strength of a feeling.",
            hint="Give a number from 0 to 1: anger:0.8.",
        )
    return Wanted(emotion, weight, " ".join(who.split()))


async def dialogue(
    bench: Bench,
    names: Sequence[str],
    situation: str,
    *,
    feelings: Sequence[Wanted] = (),
    place: Location | None = None,
    time: str = "",
) -> Dialogue:
    """Write a scene.

    Args:
        bench: its bible knows the people; its order asks for as many pages as `pages_for(lines)`.
        names: who speaks, by canonical name.
        situation: what it is about: a sentence or two, or only its name.
        feelings: what it should feel like.
        place: where it is set; where such situations usually are when not given.
        time: of day, as headings have it.

    Raises:
        InputError: fewer than two people or more than eight, an empty situation, a feeling of somebody
            else, two feelings of one person, a person who is dead or away.
    """
    _check(bench, names, situation, feelings)
    plan = scene_plan(bench, names, situation, feelings, place, time)
    notes = [_asked(feeling, bench.language) for feeling in feelings if feeling.emotion != _NEUTRAL]
    memory = bench.recall(situation, characters=names)
    desk = bench.desk(
        DialogueWriter.role,
        scene=1,
        manuscript=Manuscript(outline=Outline(title=situation[:80], scenes=(plan,))),
        notes=notes,
        memory=memory,
    )
    written = await DialogueWriter().draft(desk)
    return Dialogue(plan, written.draft, written.struck)


def matter_of(situation: str, language: Language) -> str:
    """Return a situation with things to talk about, where it names too few itself.

    Raises:
        InputError: it is empty or too long.
    """
    _check_situation(situation)
    said = _sentence(" ".join(situation.split()), language)
    if language == "en" and len(things(said)) >= _FEW_THINGS:
        return said
    known = stock(language)
    there = known.there.format(things=listed(known.occasion_of(situation).things, language))
    return f"{said} {there}" if language == "en" else f"{said}{there}"


def pages_for(lines: int) -> float:
    """Return how many pages a scene with that many speeches takes.

    Raises:
        InputError: they are too few or too many for one scene.
    """
    if not FEWEST_LINES <= lines <= MOST_LINES:
        raise InputError(
            f"{lines} lines were asked for.", hint=f"A scene has {FEWEST_LINES} to {MOST_LINES} lines."
        )
    return lines / _LINES_PER_PAGE


def scene_plan(
    bench: Bench,
    names: Sequence[str],
    situation: str,
    feelings: Sequence[Wanted],
    place: Location | None,
    time: str,
) -> ScenePlan:
    """Return the plan of the scene, as an outline would have it."""
    spoken, known = bench.language, stock(bench.language)
    where = place or next(
        (one for one in bench.bible.locations if one.name.casefold() in situation.casefold()),
        bench.bible.locations[0],
    )
    when = time or known.time
    nearest_first = sorted(feelings, key=lambda feeling: (not feeling.who, -feeling.strength))
    return ScenePlan(
        number=1,
        act=known.act,
        heading=heading(bench.bible, spoken, where.name, when),
        place=where.name,
        time=when,
        story="A",
        cast=tuple(names),
        beat=_beat(names, situation, spoken),
        change="",
        emotions={
            name: next((one.emotion for one in nearest_first if one.who in ("", name)), _NEUTRAL)
            for name in names
        },
    )


def _check(bench: Bench, names: Sequence[str], situation: str, feelings: Sequence[Wanted]) -> None:
    _check_situation(situation)
    if not _FEWEST_PEOPLE <= len(names) <= _MOST_PEOPLE:
        alone = (
            "Nobody speaks alone in a dialogue." if len(names) == 1 else f"{len(names)} people were named."
        )
        raise InputError(
            alone,
            hint=f"Name {_FEWEST_PEOPLE} to {_MOST_PEOPLE} with --character; for one there is "
            "`storyroom monologue`.",
        )
    for feeling in feelings:
        if feeling.who and feeling.who not in names:
            raise InputError(
                f"{feeling.who} is not in the scene{nearest(feeling.who, names)}.",
                hint=f"A feeling belongs to one of {', '.join(names)}, or to the scene.",
            )
    for one, other in combinations(feelings, 2):
        if one.who == other.who and one.emotion != other.emotion:
            raise InputError(
                f"{one.who or 'The scene'} is asked for {one.emotion} and for {other.emotion}.",
                hint="Ask for one feeling of each, and let the situation say how it turns.",
            )
    here = living(bench.bible, bench.order)
    for name in names:
        if name not in here:
            raise InputError(
                f"{name} is not there to speak.",
                hint="Name somebody else, or change the status in series.yaml.",
            )


def _check_situation(situation: str) -> None:
    if not situation.strip():
        raise InputError("The situation is empty.", hint='Say what the scene is about: --situation "a duel".')
    if len(situation) > _LONGEST_SITUATION:
        raise InputError(
            f"The situation has {len(situation):,} characters; at most {_LONGEST_SITUATION:,} are read.",
            hint="Say it in a few sentences; a whole episode is drafted by `storyroom draft`.",
        )


def _beat(names: Sequence[str], situation: str, language: Language) -> str:
    """Return the scene's first action: the situation, with who is in it."""
    text = " ".join(situation.split())
    length = len(text.split()) if language == "en" else len(text)
    if text[-1] in ".!?。！？…" or length >= _TOLD[language]:
        return _sentence(text, language)
    what = f"一场{text}" if language == "zh" and text[0] != "一" else text
    return stock(language).beat.format(names=listed(names, language), what=what)


def _sentence(text: str, language: Language) -> str:
    end = "" if text[-1] in ".!?。！？…" else "。" if language == "zh" else "."
    return text[0].upper() + text[1:] + end


def _asked(feeling: Wanted, language: Language) -> str:
    known = stock(language)
    who = known.person.format(feeling.who) if feeling.who else known.everybody
    return known.feeling.format(
        who=who,
        feeling=known.emotions[feeling.emotion],
        strength=re.sub(r"\.?0+$", "", f"{feeling.strength:.2f}"),
    )
