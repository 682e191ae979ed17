"""What somebody has witnessed: the scenes up to a point in which they are present, by code alone.

Present is who speaks, unless only as a voice over the picture, and whom action names as there. A scene in
which somebody is only spoken of, thought of, waited for, or shown in a photograph is not theirs. In doubt
they are absent: with a scene too few a monologue knows less, with one too many it knows what nobody told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storyroom.errors import InputError
from storyroom.formats.fountain import write
from storyroom.memory.ledger import Ledger
from storyroom.session import Session
from storyroom.story.asides import printed
from storyroom.story.bible import Character
from storyroom.story.draft import SceneDraft
from storyroom.story.headings import split_cue
from storyroom.story.people import People
from storyroom.story.script import UNPRINTED, Element, Kind, Script
from storyroom.tools.lone import bare_bible

_HAN = re.compile(r"[㐀-鿿]")
_VOICE_OVER = re.compile(r"v\.?\s*o\.?|voice.?over|narrat\w*|旁白|画外音|畫外音|独白|獨白", re.IGNORECASE)
# Whose hand moves is there; whose coat hangs on the door need not be.
_BODY = (
    "hands?|eyes?|face|voice|fingers?|mouth|lips?|head|hair|arms?|shoulders?|back|feet|foot|breath|gaze|smile|"
    "look|steps?|footsteps|fist|knees?|knuckles|cheeks?|chin|throat"
)
_HAN_BODY = "手|眼|脸|声音|嘴|头|背|肩|脚|目光|呼吸|影子|手指|拳头"
_ABSENT_BEFORE = (
    r"\b(?:of|about|for|without|like|as|than|named|called|misses|remembers|mentions|reads|imagines)\s+$"
)
_HAN_ABSENT_BEFORE = "(?:关于|没有|等着?|等待|像|想起|想念|提起|提到|梦见|写给|寄给|打给|叫做|名叫|照片上的)$"


@dataclass(frozen=True)
class StoryScene:
    """A scene as its place in the story has it.

    Attributes:
        episode: number of its episode; 0 where there is none.
        number: place in the episode, from 1.
        elements: heading first; without the writers' notes.
        printed_number: the number on its heading, as ``12A``.
    """

    episode: int
    number: int
    elements: tuple[Element, ...]
    printed_number: str = ""

    @property
    def heading(self) -> str:
        """The scene heading."""
        return self.elements[0].text

    @property
    def text(self) -> str:
        """The scene as Fountain."""
        return write(Script.of(self.elements)).rstrip() + "\n"

    @property
    def name(self) -> str:
        """The scene as `--at` names it."""
        number = self.printed_number or str(self.number)
        return f"{self.episode}:{number}" if self.episode else number


def scenes_of_script(script: Script, episode: int = 0) -> list[StoryScene]:
    """Return the scenes of a script."""
    return [
        _scene(episode, number, (scene.heading, *scene.elements))
        for number, scene in enumerate(script.scenes, 1)
    ]


def scenes_of_session(session: Session) -> list[StoryScene]:
    """Return the scenes that a session has written so far."""
    episode = session.order.episode
    return [_scene(episode, n, draft.elements) for n, draft in sorted(session.manuscript.scenes.items())]


def scenes_of_canon(ledger: Ledger, *, until: int | None = None) -> list[StoryScene]:
    """Return the scenes of the episodes that are canon.

    Args:
        until: number of the last episode; all when not given.
    """
    return [
        _scene(episode.number, number, ledger.drafts.get(draft, SceneDraft).elements)
        for episode in ledger.episodes.canon()
        if until is None or episode.number <= until
        for number, draft in sorted(episode.scenes.items())
    ]


def up_to(scenes: Sequence[StoryScene], at: str) -> list[StoryScene]:
    """Return the story up to a scene, that scene included.

    Args:
        scenes: in the order of the story.
        at: ``EPISODE:SCENE``, or ``SCENE`` of the last episode; a scene's printed number where it has one.

    Raises:
        InputError: there is no such scene.
    """
    episode, colon, scene = at.replace("：", ":").strip().rpartition(":")
    last = scenes[-1].episode if scenes else 0
    wanted = episode.strip() if colon else str(last)
    here = [place for place, one in enumerate(scenes) if str(one.episode) == wanted or not one.episode]
    scene = scene.strip().lstrip("#").rstrip("#")
    found = [p for p in here if scenes[p].printed_number.casefold() == scene.casefold() != ""]
    found = found or [p for p in here if str(scenes[p].number) == scene]
    if not found:
        known = f"{scenes[here[0]].name} to {scenes[here[-1]].name}" if here else _episodes(scenes)
        raise InputError(f"There is no scene {at.strip()[:40]!r}.", hint=f"Scenes here: {known}.")
    return list(scenes[: found[0] + 1])


def witnessed(who: Character, story: Iterable[StoryScene]) -> list[StoryScene]:
    """Return the scenes of a story in which somebody is present."""
    return [scene for scene in story if is_present(who, scene.elements)]


def is_present(who: Character, elements: Sequence[Element]) -> bool:
    """Whether somebody is present in a scene: speaks there, or is named by action as being there."""
    return _speaks(who, elements) or any(
        _is_there(name, text) for text in _told(elements) for name in who.names
    )


def _speaks(who: Character, elements: Sequence[Element]) -> bool:
    alone = People(bare_bible("en", cast=[who.model_copy(update={"relations": {}})]))
    return any(
        one.kind is Kind.CUE
        and not _VOICE_OVER.search(one.extension or split_cue(one.text)[1] or "")
        and any(other.known for other in alone.everyone(one.text))
        for one in elements
    )


def _told(elements: Sequence[Element]) -> Iterator[str]:
    for one in elements:
        if one.kind in (Kind.ACTION, Kind.CENTERED):
            yield printed(one.text)


def _is_there(name: str, text: str) -> bool:
    """Whether one sentence of action has somebody of that name in it, in body."""
    if _HAN.search(name):
        pattern = rf"{re.escape(name)}(?:(?!的)|(?=的(?:{_HAN_BODY})))"
        before = _HAN_ABSENT_BEFORE
    else:
        pattern = rf"(?<!\w){re.escape(name)}(?:(?!['’]s\b)(?!\w)|(?=['’]s (?:\w+ )?(?:{_BODY})\b))"
        before = _ABSENT_BEFORE
    return any(
        not re.search(before, text[: found.start()], re.IGNORECASE)
        for found in re.finditer(pattern, text, re.IGNORECASE)
    )


def _scene(episode: int, number: int, elements: Iterable[Element]) -> StoryScene:
    kept = [one for one in elements if one.kind not in UNPRINTED]
    plain = [one.edited(text=printed(one.text)) for one in kept]
    whole = tuple(one for one in plain if one.text.strip() or one.kind is Kind.SCENE_HEADING)
    return StoryScene(episode, number, whole, whole[0].scene_number or "")


def _episodes(scenes: Sequence[StoryScene]) -> str:
    numbers = sorted({one.episode for one in scenes})
    return f"none of that episode; episodes {', '.join(map(str, numbers))}" if numbers else "none"
