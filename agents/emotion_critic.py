"""The emotion critic: whether a scene makes one feel what was planned.

First the scene's lines are measured. What that finds a small model need not look for: the findings are the
review. A larger model is shown them and writes its own objections.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from storyroom.agents.answers import feeling_answer
from storyroom.agents.checking import sound
from storyroom.agents.critic import ModelCritic, reviewed
from storyroom.agents.desk import Desk
from storyroom.agents.layout import scene_text
from storyroom.story.bible import Role
from storyroom.story.draft import SceneDraft
from storyroom.story.headings import cue_name
from storyroom.story.objection import Objection
from storyroom.story.turn import Stage, TurnKind

# numpy comes with measuring, and not before something is measured.
if TYPE_CHECKING:
    from storyroom.agents.emotion_findings import Finding, Heard
    from storyroom.emotion.mood import Mood

_GRAVE = 0.6


class EmotionCritic(ModelCritic):
    """Fills the emotion critic's seat."""

    role = Role.EMOTION_CRITIC
    template = "review_emotion"
    kinds = ("emotion",)

    async def review(self, desk: Desk, draft: SceneDraft) -> list[Objection]:
        """Object to what was measured; a larger model objects itself, and is told what was measured."""
        found = await asyncio.to_thread(_found, desk, draft)
        if found and desk.guided:
            return [_objection(desk, one) for one in found[: desk.effort.objections]]
        from storyroom.agents.emotion_advice import fact

        numbers = {line.id: number for number, line in enumerate(reviewed(draft), 1)}
        facts = [(numbers[one.line.id], fact(one, desk.language)) for one in found if one.line.id in numbers]
        return await self._asked(desk, draft, planned=_planned(desk, draft), measured=facts)

    async def review_episode(self, desk: Desk) -> list[Objection]:
        """Object to what is measured over all scenes and no scene's own debate has argued about."""
        return await asyncio.to_thread(_over_the_episode, desk)

    async def verify(self, desk: Desk, objection: Objection, before: str, after: str) -> tuple[bool, str]:
        """What measurement found is measured again on the new wording; else the model is asked."""
        if objection.finding and desk.task.stage is Stage.TABLE_READ:
            return await asyncio.to_thread(_met_in_the_whole, desk, objection)
        number = desk.task.scene
        if not objection.finding or desk.measure is None or number is None:
            return await super().verify(desk, objection, before, after)
        draft = desk.manuscript.scenes[number].with_line(objection.line, after)
        return await asyncio.to_thread(_met, desk, objection, draft)

    async def feeling(self, desk: Desk, draft: SceneDraft) -> tuple[str, str]:
        """Say what the scene as written makes one feel, and why, without being told what was planned."""
        answer: Any = await desk.ask(
            "feeling",
            feeling_answer(desk.language, guided=desk.guided),
            checks=lambda given: sound(given.reason),
            max_tokens=70,
            attempts=2,
            text=scene_text(draft),
        )
        return answer.feeling, answer.reason

    async def measured(self, desk: Desk, draft: SceneDraft) -> Mood | None:
        """Return what the lines of a scene measure together; None when nothing can be measured."""
        from storyroom.emotion.mood import mood_of

        heard = await asyncio.to_thread(_heard, desk, draft)
        return mood_of([one.feeling for one in heard])


def _known(desk: Desk, name: str) -> str:
    """Return the name that a character of the bible is known by, whichever of her names is given."""
    known = desk.bible.character(cue_name(name))
    return known.name if known else cue_name(name)


def _heard(desk: Desk, draft: SceneDraft | None) -> list[Heard]:
    from storyroom.agents.emotion_findings import hear

    if draft is None or desk.measure is None:
        return []
    return hear(draft, lambda name: _known(desk, name), desk.measure)


def _found(desk: Desk, draft: SceneDraft) -> list[Finding]:
    from storyroom.agents.emotion_findings import findings

    return list(findings(*_measured(desk, draft)))


def _over_the_episode(desk: Desk) -> list[Objection]:
    """Return what is held against scenes of the episode, one thing each, as many as the effort allows."""
    said = desk.ledger.turns.said(desk.task.session, stage=Stage.SCENE, kinds=[TurnKind.OBJECTION])
    argued = {(turn.scene, turn.body.get("finding")) for turn in said}
    found: dict[int, Objection] = {}
    for number, one in _found_in_the_whole(desk):
        if (number, one.kind) not in argued and number not in found:
            found[number] = _objection(desk, one).model_copy(update={"scene": number})
    return list(found.values())[: desk.effort.objections]


def _found_in_the_whole(desk: Desk) -> Iterator[tuple[int, Finding]]:
    from storyroom.agents.emotion_episode import Played, episode_findings
    from storyroom.agents.emotion_findings import plan_of

    played = []
    for number, draft in sorted(desk.manuscript.scenes.items()):
        plan = plan_of(desk.manuscript.plan(number).emotions, lambda name: _known(desk, name))
        played.append(Played(number, _heard(desk, draft), plan))
    return episode_findings(played, desk.manuscript.brief.arc if desk.manuscript.brief else ())


def _met_in_the_whole(desk: Desk, objection: Objection) -> tuple[bool, str]:
    """Measure all scenes again, and tell whether a scene still has what was found in it."""
    from storyroom.agents.emotion_advice import again

    found = (one for number, one in _found_in_the_whole(desk) if number == objection.scene)
    still = next((one for one in found if one.kind == objection.finding), None)
    if still is None:
        return True, ""
    return False, again(still.felt[-1], still.source, still.confidence, desk.language, met=False)


def _measured(desk: Desk, draft: SceneDraft) -> tuple[list[Heard], dict[str, tuple[str, ...]], list[Heard]]:
    """Measure a scene and the one before it, and read the plan."""
    from storyroom.agents.emotion_findings import plan_of

    emotions = desk.manuscript.plan(draft.number).emotions
    plan = plan_of(emotions, lambda name: _known(desk, name))
    return _heard(desk, draft), dict(plan), _heard(desk, desk.manuscript.scenes.get(draft.number - 1))


def _objection(desk: Desk, found: Finding) -> Objection:
    from storyroom.agents.emotion_advice import says

    grave = found.kind in ("missed", "arc") and found.confidence >= _GRAVE
    return Objection(
        line=found.line.id,
        quote=found.line.text,
        kind="emotion",
        gravity="serious" if grave else "minor",
        says=says(found, desk.language),
        finding=found.kind,
        source=found.source,
    )


def _met(desk: Desk, objection: Objection, draft: SceneDraft) -> tuple[bool, str]:
    from storyroom.agents.emotion_advice import again
    from storyroom.agents.emotion_findings import stands

    scene, plan, before = _measured(desk, draft)
    met = not stands(objection.finding, objection.line, scene, plan, before)
    line = next((one.feeling for one in scene if one.line.id == objection.line), None)
    if line is None:
        return met, ""
    return met, again(line.label, line.source, line.confidence, desk.language, met=met)


def _planned(desk: Desk, draft: SceneDraft) -> str:
    """Return the plan in words: one feeling, or each with whom it is planned for."""
    from storyroom.agents.emotion_findings import plan_of
    from storyroom.emotion.wording import wording

    words = wording(desk.language)
    chinese = desk.language == "zh"
    emotions = desk.manuscript.plan(draft.number).emotions
    plan = plan_of(emotions, lambda name: _known(desk, name))
    said = {who: ("和" if chinese else " and ").join(words[one] for one in it) for who, it in plan.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return ("、" if chinese else ", ").join(
        f"{it}（{who}）" if chinese else f"{it} ({who})" for who, it in said.items()
    )
