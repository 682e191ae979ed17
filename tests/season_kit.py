"""A season that a room drafts word for word as written: its scripts come out of a scripted model.

A folder of `tests/golden` holds a bible, the scripts of some episodes, what the model says that it reads out
of them, and what the canon must then be.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from room_kit import MODEL, draft, open_room
from ruamel.yaml import YAML
from scripted_room import play

from storyroom.formats.fountain import parse, write
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.room import Room
from storyroom.story.canon import Fact, Moment
from storyroom.story.script import Kind, Scene, Script

GOLDEN = Path(__file__).parent / "golden"
_PLANTS = re.compile(r"\[*\s*plants:\s*(.+?)\s*\]*")
_SCENE = re.compile(r"scene\.(\d+)\.dialogue_writer\..*\.1")
_FACTS = re.compile(r"scene\.(\d+)\.script_coordinator\.")
_TOGETHER = {"reason": "The two lines go together.", "contradicts": "no", "earlier": "", "later": ""}
_PLAN = re.compile(r"outline\.plot_writer\..*\.(\d+)")


def load(path: Path) -> Any:
    """Read a YAML file."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@dataclass
class Season:
    """A season that was drafted and locked.

    Attributes:
        episodes: its scripts by number.
        expected: what was written down about its canon.
    """

    room: Room
    episodes: Mapping[int, Script]
    expected: Mapping[str, Any]
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def moments(self) -> list[Moment]:
        """All scenes in order, and the moment after the last."""
        scenes = [
            Moment(number, n)
            for number, script in self.episodes.items()
            for n in range(1, len(script.scenes) + 1)
        ]
        return [*scenes, Moment(max(self.episodes) + 1)]

    def scene(self, at: Moment) -> Scene:
        """Return a scene as its script has it."""
        return self.episodes[at.episode].scenes[at.scene - 1]


@contextmanager
def drafted_season(name: str, tmp_path: Path) -> Iterator[Season]:
    """Draft a season, episode after episode, each locked before the next begins."""
    folder = tmp_path / name
    shutil.copytree(GOLDEN / name, folder)
    readings = load(folder / "readings.yaml")
    files = sorted(folder.glob("e*.fountain"))
    episodes = {int(one.stem[1:]): parse(one.read_text(encoding="utf-8")) for one in files}
    with open_room(folder) as room:
        for number, script in episodes.items():
            room.models[MODEL] = _model(script, number, readings["reads"], room)
            session = draft(
                room,
                _idea(script, room),
                episode=number,
                depth="standard",
                scenes=len(script.scenes),
                pages=float(len(script.scenes)),
            )
            room.lock(session.id)
            _decide(room, number, readings.get("decides", ()))
        people = {one.name: one.names for one in room.bible.cast}
        yield Season(room, episodes, load(folder / "expected.yaml"), people)


def _cast(scene: Scene, room: Room) -> list[str]:
    """Return whom a scene is planned with: who speaks, and whom its first action names."""
    beat = _beat(scene)
    named = [who.name for who in room.bible.cast if who.name in beat]
    spoken = [who.name for one in scene.speakers if (who := room.bible.character(one))]
    cast = list(dict.fromkeys([*named, *spoken]))
    return sorted(cast, key=lambda one: beat.find(one) if one in beat else len(beat))


def _beat(scene: Scene) -> str:
    return next(one.text for one in scene.elements if one.kind is Kind.ACTION)


def _idea(script: Script, room: Room) -> str:
    """Return an idea of which each scene gets a sentence that names its people."""
    said = "{}，在场的是{}。" if room.bible.language == "zh" else "{}, with {}."
    joint = "、" if room.bible.language == "zh" else " and "
    told = [said.format(_beat(one)[:-1], joint.join(_cast(one, room))) for one in script.scenes]
    return " ".join(told)


def _model(script: Script, episode: int, reads: Mapping[str, Any], room: Room) -> ScriptedModel:
    """Return a model that writes these scenes, reads those facts, and objects to nothing."""

    def answer(call: Call) -> str:
        schema = call.options.get("json_schema")
        if (found := _SCENE.fullmatch(call.label)) and schema is None:
            return _rest(script.scenes[int(found[1]) - 1])
        if schema is None:
            return play(call)
        wanted = schema["properties"]
        if "objections" in wanted:
            return json.dumps({"objections": []})
        if "facts" in wanted:
            (number,) = _FACTS.match(call.label).groups()  # type: ignore[union-attr]
            return _told(reads.get(f"{episode}:{number}", ()))
        if (found := _PLAN.fullmatch(call.label)) and "beat" in wanted:
            return _plan(script.scenes[int(found[1]) - 1], room, json.loads(play(call)))
        if "contradicts" in wanted:
            return json.dumps(_TOGETHER)
        return play(call)

    return ScriptedModel(rules=(Rule("*", (answer,)),))


def _rest(scene: Scene) -> str:
    """Return a scene as Fountain behind its opening: heading, first action, first cue."""
    kept = [one for one in (scene.heading, *scene.elements) if one.kind is not Kind.NOTE]
    assert [one.kind for one in kept[:3]] == [Kind.SCENE_HEADING, Kind.ACTION, Kind.CUE], scene.heading.text
    text = write(Script.of(kept))
    head = write(Script.of(kept[:4])).rstrip()
    assert text.startswith(head)
    return text[len(head) - len(kept[3].text) :]


def _plan(scene: Scene, room: Room, random: Mapping[str, Any]) -> str:
    place = room.bible.location(scene.parts.place)
    assert place is not None, scene.heading.text
    beat, cast = _beat(scene), _cast(scene, room)
    zh = room.bible.language == "zh"
    change = (
        f"{cast[0]}以后和{'、'.join(cast[1:])}再也不一样了。"
        if zh
        else (f"{cast[0]} will not look in the same way at {' and '.join(cast[1:])} after this hour.")
    )
    notes = [one.text for one in scene.elements if one.kind is Kind.NOTE]
    planted = [found[1] for text in notes if (found := _PLANTS.fullmatch(text))]
    return json.dumps(
        {
            **random,
            "place": place.name,
            "time": scene.parts.time,
            "cast": cast[:3],
            "beat": beat,
            "change": change,
            "plants": planted,
        },
        ensure_ascii=False,
    )


def _told(reads: Sequence[Mapping[str, Any]]) -> str:
    facts = [{"thing": "", "knows": [], "terms": [], **one} for one in reads]
    return json.dumps({"facts": facts}, ensure_ascii=False)


def _decide(room: Room, episode: int, decides: Sequence[Mapping[str, Any]]) -> None:
    """Do what a member does once an episode is canon."""
    for one in decides:
        if one["after"] != episode:
            continue
        if "approve" in one:
            kind, _, subject = one["approve"].partition(" of ")
            (fact,) = room.canon().facts(kind=kind, about=subject, status="likely")
            room.canon().approve([fact.id])
        else:
            said = dict(one["add"])
            quote, since = said.pop("quote"), Moment.parse(said.pop("since"))
            room.canon().add(Fact.model_validate({**said, "since": since}), quote=quote)
