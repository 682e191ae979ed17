"""What somebody has witnessed: the scenes up to a point in which they are present, by code alone.

Present is who speaks, unless only as a voice over the picture, and whom action names as there. A scene in
which somebody is only spoken of, thought of, waited for, or shown in a photograph is not theirs. In doubt
they are absent: with a scene too few a monologue knows less, with one too many it knows what nobody told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from storyroom.errors import InputError
from storyroom.formats.fountain import write
from storyroom.memory.episode_file import read_episode
from storyroom.memory.ledger import Ledger
from storyroom.session import Session
from storyroom.story.asides import printed
from storyroom.story.bible import Character
from storyroom.story.draft import SceneDraft
from storyroom.story.people import People
from storyroom.story.presence import hearers
from storyroom.story.script import UNPRINTED, Element, Kind, Script
from storyroom.tools.lone import bare_bible


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


def scenes_of_files(folder: Path) -> list[StoryScene]:
    """Return the scenes of the Fountain files in a folder, in the order of their episodes.

    Raises:
        FormatError: one of them cannot be read, has no scene heading, or does not say which episode it is.
    """
    episodes = [read_episode(path) for path in sorted(folder.glob("*.fountain"))]
    return [
        scene
        for one in sorted(episodes, key=lambda one: one.number)
        for scene in scenes_of_script(one.script, one.number)
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
    alone = People(bare_bible("en", cast=[who.model_copy(update={"relations": {}})]))
    return who.name in hearers(elements, alone)


def _scene(episode: int, number: int, elements: Iterable[Element]) -> StoryScene:
    kept = [one for one in elements if one.kind not in UNPRINTED]
    plain = [one.edited(text=printed(one.text)) for one in kept]
    whole = tuple(one for one in plain if one.text.strip() or one.kind is Kind.SCENE_HEADING)
    return StoryScene(episode, number, whole, whole[0].scene_number or "")


def _episodes(scenes: Sequence[StoryScene]) -> str:
    numbers = sorted({one.episode for one in scenes})
    return f"none of that episode; episodes {', '.join(map(str, numbers))}" if numbers else "none"
