"""The scenes of the canon or of a session: where and when they are, who is present, who speaks."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from storyroom.memory.drafts import scene_slots
from storyroom.memory.ledger import Ledger
from storyroom.story.bible import Bible
from storyroom.story.draft import SceneDraft
from storyroom.story.people import Appearance, People
from storyroom.story.presence import appearing


class ScenePresence(BaseModel, frozen=True):
    """A scene and who is in it.

    Attributes:
        draft: id of the draft that says so.
        heading: as written.
        place, time: as the heading says; the place by the bible's name where it knows it.
        people: speakers in order of appearance, then those whom only the action names; not all of them need
            be there.
    """

    episode: int
    scene: int
    draft: str
    heading: str
    place: str
    time: str
    people: tuple[Appearance, ...]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, by name."""
        return tuple(one.name for one in self.people if one.speeches)

    @property
    def silent(self) -> tuple[str, ...]:
        """Who is there without speaking, by name."""
        return tuple(one.name for one in self.people if one.there and not one.speeches)

    @property
    def present(self) -> tuple[str, ...]:
        """Who is there, on screen or at the other end of a line, by name."""
        return tuple(one.name for one in self.people if one.there)


def canon_scenes(ledger: Ledger, bible: Bible, *, episode: int | None = None) -> list[ScenePresence]:
    """Return the scenes of the canon, or of one of its episodes, in order."""
    named = [
        (one.number, scene, draft)
        for one in ledger.episodes.canon()
        if episode is None or one.number == episode
        for scene, draft in one.scenes.items()
    ]
    return _scenes(ledger, bible, named)


def session_scenes(ledger: Ledger, bible: Bible, head: str | None, episode: int) -> list[ScenePresence]:
    """Return the scenes that a head names, in order."""
    script = ledger.drafts.script(head)
    named = [(episode, number, script[f"scene:{number}"]) for number in scene_slots(script)]
    return _scenes(ledger, bible, named)


def _scenes(ledger: Ledger, bible: Bible, named: Iterable[tuple[int, int, str]]) -> list[ScenePresence]:
    named = list(named)
    people = ledger.people.of(bible)
    present = _present(ledger, people, [draft for _, _, draft in named])
    found = []
    for episode, number, draft_id in named:
        scene = ledger.drafts.get(draft_id, SceneDraft).scene
        place = bible.location(scene.parts.place)
        found.append(
            ScenePresence(
                episode=episode,
                scene=number,
                draft=draft_id,
                heading=scene.heading.text,
                place=place.name if place else scene.parts.place,
                time=scene.parts.time,
                people=present[draft_id],
            )
        )
    return found


def _present(ledger: Ledger, people: People, drafts: list[str]) -> dict[str, tuple[Appearance, ...]]:
    """Return who is present in each draft; what is not recorded for these people yet is recorded."""
    recorded = ledger.people.recorded(drafts, people)
    missing = {
        draft: tuple(appearing(ledger.drafts.get(draft, SceneDraft).elements, people))
        for draft in drafts
        if draft not in recorded
    }
    ledger.people.record(missing, people)
    return recorded | missing
