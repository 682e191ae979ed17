"""The dialogue writer: writes a scene from its plan, answers objections, rewrites lines.

A scene is never asked for in one piece of free prose. The writer goes on with a script that has begun (the
heading, the beat as the first action, the first cue), under a grammar in which only the scene's cast can
speak; a model that knows no grammars answers with a list of elements whose speaker is an enum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storyroom.agents.answers import reply_answer
from storyroom.agents.author import Document, Reply
from storyroom.agents.checking import sound
from storyroom.agents.desk import Desk
from storyroom.agents.layout import scene_text
from storyroom.agents.member_words import missing, words_of, worked_in
from storyroom.agents.mending import mended
from storyroom.agents.phrases import SAYS_NO
from storyroom.agents.scene_text import scene_faults, struck
from storyroom.agents.scene_writing import written_line, written_scene
from storyroom.formats.fountain import write
from storyroom.memory.inbox import Note
from storyroom.story.bible import Role
from storyroom.story.checks import line_form
from storyroom.story.draft import SceneDraft, named
from storyroom.story.objection import Objection
from storyroom.story.plan import ScenePlan
from storyroom.story.script import Element, Kind, Script


@dataclass(frozen=True)
class Written:
    """A scene as the writer hands it in.

    Attributes:
        struck: lines that code took out, because they repeated an earlier line or were noise.
    """

    draft: SceneDraft
    struck: tuple[str, ...]


class DialogueWriter:
    """Fills the dialogue writer's seat."""

    role: str = Role.DIALOGUE_WRITER

    async def draft(self, desk: Desk) -> Written:
        """Write the scene that the desk's task is about; one that the table read sent back is mended."""
        number = desk.task.scene
        assert number is not None, "a scene is drafted for a scene"
        if desk.objections:
            return Written(await mended(self, desk, desk.manuscript.scenes[number], desk.objections), ())
        plan = desk.manuscript.plan(number)
        begun = opening(plan)
        earlier = [line for scene in desk.manuscript.before(number) for line in scene.lines]
        said = {line_form(line.text) for line in earlier}

        def faults(elements: tuple[Element, ...]) -> list[str]:
            return scene_faults(elements, plan, desk.order.idea, said)

        elements = await written_scene(desk, plan, begun, checks=faults, attempts=desk.effort.scene_attempts)
        kept, gone = struck(elements, said)
        return Written(SceneDraft(number=number, elements=named(kept, desk.task.id)), gone)

    async def answer(
        self, desk: Desk, document: Document, objection: Objection, *, insisted: str = ""
    ) -> Reply:
        """Accept an objection and reword its line, or rebut it. What is certain is not argued about."""
        assert isinstance(document, SceneDraft), "the dialogue writer answers for scenes"
        if objection.certain and objection.note:
            theirs = self._in_their_words(desk, document, objection)
            if theirs is not None:
                return Reply(accept=True, reason="", revised=theirs, verbatim=True)
            if document.line(objection.line) is None:
                return Reply(accept=True, reason="")
        accept, reason = await self.stand(desk, document, objection, insisted=insisted)
        if not accept:
            return Reply(accept=False, reason=reason)
        return Reply(accept=True, reason=reason, text=await self.rewrite(desk, document, objection))

    async def stand(
        self, desk: Desk, draft: SceneDraft, objection: Objection, *, insisted: str = ""
    ) -> tuple[bool, str]:
        """Say whether an objection is accepted, and why, without mending anything yet."""
        # A small model's refusal would be chance, and a member's note is no matter of chance.
        if objection.certain or (desk.guided and objection.note):
            return True, ""
        return await self._reply(desk, draft, objection, insisted)

    def _in_their_words(self, desk: Desk, draft: SceneDraft, objection: Objection) -> SceneDraft | None:
        """Return the scene with the words that a member's note gives, as they are; None if it has them."""
        note = desk.ledger.inbox.get(Note, objection.note)
        if note is None:
            return None
        words = words_of(note, desk.bible).within(desk.manuscript.plan(draft.number).cast)
        if not missing(words, draft):
            return None
        reading = desk.ledger.turns.reading(desk.task)
        read = desk.ledger.inbox.notes_by_id(reading.notes if reading else ())
        others = [words_of(one, desk.bible) for one in read if one.id != note.id]
        return worked_in(words, draft, objection.line, f"{desk.task.id} {note.id}", others)

    async def _reply(
        self, desk: Desk, draft: SceneDraft, objection: Objection, insisted: str
    ) -> tuple[bool, str]:
        answer: Any = await desk.ask(
            "reply",
            reply_answer(desk.language, guided=desk.guided),
            checks=lambda given: sound(given.reason),
            max_tokens=70,
            attempts=2,
            warm=True,
            plan=desk.manuscript.plan(draft.number),
            objection=objection,
            speaker=draft.speaker_of(objection.line),
            insisted=insisted,
        )
        accept = answer.reason not in SAYS_NO if desk.guided else answer.answer == "accept"
        return accept, answer.reason

    async def rewrite(self, desk: Desk, draft: SceneDraft, objection: Objection) -> str:
        """Return a new wording for the line that an objection is about; the old one if none is found."""
        place = next(i for i, one in enumerate(draft.elements) if one.id == objection.line)
        line = draft.elements[place]
        said = {line_form(one.text) for one in draft.lines}
        said |= {line_form(one.text) for scene in desk.manuscript.before(draft.number) for one in scene.lines}
        before = write(Script.of(draft.elements[:place])).rstrip() + "\n"
        if line.kind is Kind.ACTION:
            before += "\n"

        def faults(text: str) -> list[str]:
            return [*sound(text), *(["was said before"] if line_form(text) in said else [])]

        text = await written_line(
            desk,
            desk.manuscript.plan(draft.number),
            line.kind,
            before=before,
            checks=faults,
            attempts=3,
            objection=objection,
            speaker=draft.speaker_of(line.id),
            text=scene_text(draft),
        )
        return line.text if faults(text) else text


def opening(plan: ScenePlan) -> tuple[Element, ...]:
    """Return how a scene begins: heading, the beat as action, the cue of whom it names first."""
    first = min(plan.cast, key=lambda name: plan.beat.find(name) if name in plan.beat else len(plan.beat))
    return (
        Element(kind=Kind.SCENE_HEADING, text=plan.heading),
        Element(kind=Kind.ACTION, text=plan.beat),
        Element(kind=Kind.CUE, text=first.upper()),
    )
