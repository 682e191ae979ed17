"""Who may speak: somebody of the cast, planned for the scene, and not dead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storyroom.story.bible import nearest
from storyroom.story.canon.fact import Fact
from storyroom.story.continuity.case import Case, CheckedScene
from storyroom.story.continuity.finding import Finding, Line
from storyroom.story.headings import cue_name
from storyroom.story.presence import Speech

_ALL_OF_THEM = re.compile(
    r"(?:all|both|everyone|everybody|together|crowd|chorus|ensemble|all three|the (?:two|three"
    r"|four) of them|others?)"
    r"|众人?|大家|全体|齐声|两人|二人|三人|所有人|合",
    re.IGNORECASE,
)


def unknown_speaker(case: Case) -> Iterator[Finding]:
    """Yield the cues that name nobody of the cast."""
    if not case.show.whole:
        return
    names = [name for one in case.show.cast for name in one.names]
    for scene in case.scenes:
        for who, speech in scene.first_cues():
            if who.known or _ALL_OF_THEM.fullmatch(cue_name(who.name)):
                continue
            meant = nearest(who.name, names)
            yield case.finding(
                "unknown_speaker",
                scene.line(speech.cue),
                (
                    f"{who.name} speaks, and nobody of the cast is called so{meant}.",
                    "Correct the cue, or add the name or the alias to the cast.",
                    f"{who.name}开口说话，演员表里却没有这个人。",
                    "改正角色名，或者把这个人、这个别名加进演员表。",
                ),
                listed="cast",
            )


def not_in_cast(case: Case) -> Iterator[Finding]:
    """Yield who of the cast speaks in a scene that was planned without them."""
    for scene in case.scenes:
        if scene.number not in case.show.casts:
            continue
        planned = {scene.people.who(name).name for name in case.show.casts[scene.number]}
        for who, speech in scene.first_cues():
            if who.known and who.name not in planned:
                yield case.finding(
                    "not_in_cast",
                    scene.line(speech.cue),
                    (
                        f"{who.name} speaks, and is not planned for scene {scene.number}.",
                        "Take the speech out, or add them to the scene's cast.",
                        f"{who.name}在第{scene.number}场说话，这一场却没有安排这个人。",
                        "删掉这段台词，或者把这个人加进这一场的人物。",
                    ),
                    listed="casts",
                )


def dead_speaks(case: Case) -> Iterator[Finding]:
    """Yield the dead who speak as if they were there; voices over the picture and recordings may."""
    for scene in case.scenes:
        if not scene.real:
            continue
        dead = {
            scene.people.who(fact.subject).name: fact for fact in case.canon.at(scene.at).select(kind="death")
        }
        seen: set[str] = set()
        for speech in scene.speeches:
            for who in speech.who:
                fact = dead.get(who.name)
                if fact is None or who.name in seen or _from_beyond(speech):
                    continue
                seen.add(who.name)
                yield _dead(case, scene, speech, who.name, fact)


def _from_beyond(speech: Speech) -> bool:
    """Whether a speech needs nobody alive: narration, a letter read out, a recording."""
    return speech.recorded or speech.voice in ("over", "line")


def _dead(case: Case, scene: CheckedScene, speech: Speech, name: str, fact: Fact) -> Finding:
    return case.finding(
        "dead_speaks",
        scene.line(speech.cue),
        (
            f"{name} speaks, and is dead since {fact.since}: {fact.says}",
            "Make it a voice-over or a flashback, take the speech out, or waive the death.",
            f"{name}在说话，但从{fact.since}起已经死了：{fact.says}",
            "改成画外音或闪回，删掉这段台词，或者把这条死亡标为不作数。",
        ),
        against=line_of(case, fact),
        fact=fact.id,
    )


def line_of(case: Case, fact: Fact) -> Line | None:
    """Return the line that shows a fact, if a script does."""
    if not fact.evidence:
        return None
    one = fact.evidence[0]
    episode = None if one.at.episode == case.show.episode else one.at.episode
    return Line(scene=one.at.scene, quote=one.quote, line=one.line, element=one.element, episode=episode)
