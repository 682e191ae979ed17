"""A long session, committed straight into a ledger, with prompts and drafts of usual size."""

from __future__ import annotations

import random

from room_kit import an_order
from scripted_room import sentence

from storyroom.memory.calls import Call
from storyroom.memory.ledger import Said
from storyroom.memory.turns import Reading
from storyroom.room import Room
from storyroom.story.draft import SceneDraft, named
from storyroom.story.plan import Outline, ScenePlan
from storyroom.story.script import Element, Kind
from storyroom.story.turn import Actor, Stage, Task, Turn, TurnKind, short_hash

AGENT, CODE = Actor(kind="agent", name="embedded"), Actor(kind="code")
CAST = ("Mara", "Ines")
SPEECHES = 11
CRITICS = ("editor", "emotion_critic", "script_coordinator")


class Writing:
    """Commits a session, turn by turn, as a run would."""

    def __init__(self, room: Room, turns: int) -> None:
        self.ledger = room.ledger
        self.dice = random.Random(7)
        self.bible_text = " ".join(sentence(self.dice) for _ in range(100))
        per_scene = 19
        self.scenes = max(1, (turns - 1) // per_scene)
        order = an_order(room, scenes=self.scenes, pages=float(self.scenes))
        self.session = self.ledger.sessions.begin(order, room.bible).id
        self.head: str | None = None
        self._about: str | None = None
        self.place = room.bible.locations[0].name

    def write(self) -> str:
        """Commit an outline and every scene with its debate; return the head."""
        plans = tuple(self._plan(number) for number in range(1, self.scenes + 1))
        outline = Outline(title="The Long Night", scenes=plans).model_dump(mode="json")
        task = Task(session=self.session, head=None, stage=Stage.OUTLINE, role="plot_writer")
        self._commit(
            task, [Said(TurnKind.OUTLINE, AGENT, outline, draft=("outline", outline), slot="outline")]
        )
        for number in range(1, self.scenes + 1):
            self._scene(number)
        assert self.head
        return self.head

    def _plan(self, number: int) -> ScenePlan:
        return ScenePlan(
            number=number,
            act="act 1",
            heading=f"INT. {self.place.upper()} - NIGHT",
            place=self.place,
            time="NIGHT",
            story="A",
            cast=CAST,
            beat=sentence(self.dice),
            change=sentence(self.dice),
            emotions=dict.fromkeys(CAST, "fear"),
        )

    def _scene(self, number: int) -> None:
        hits = [
            {
                "chunk": f"{n}",
                "draft": "d",
                "episode": 1,
                "scene": n,
                "why": "dense #1",
                "text": sentence(self.dice),
            }
            for n in range(3)
        ]
        self._commit(
            self._task(number, "memory"), [Said(TurnKind.RECALL, CODE, {"question": "?", "hits": hits})]
        )
        draft = self._draft(number)
        self._commit(
            self._task(number, "dialogue_writer"), [self._made(TurnKind.DRAFT, {}, draft)], str(draft)
        )
        speeches = [one for one in draft.elements if one.kind is Kind.DIALOGUE]
        raised = []
        for place, role in enumerate(CRITICS):
            lines = speeches[2 * place : 2 * place + 2]
            said = [Said(TurnKind.REVIEW, AGENT, {"objections": 2}, about=self._about)]
            said += [
                Said(TurnKind.OBJECTION, AGENT, self._objection(one), about=self._about) for one in lines
            ]
            turns = self._commit(self._task(number, role), said, "objections")
            raised += list(zip(turns[1:], lines, strict=True))
        for _, line in raised[:4]:
            draft = draft.with_line(line.id, sentence(self.dice))
        body = {
            "changed": [line.id for _, line in raised[:4]],
            "answers": [turn.id for turn, _ in raised[:4]],
        }
        answers = [
            Said(TurnKind.ACCEPTANCE, AGENT, {"objection": turn.id, "reason": sentence(self.dice)})
            for turn, _ in raised[:2]
        ]
        self._commit(
            self._task(number, "dialogue_writer", round=1),
            [self._made(TurnKind.REVISION, body, draft), *answers],
            str(draft),
        )
        for ordinal, (turn, _) in enumerate(raised[:4], 1):
            verdict = {"objection": turn.id, "met": ordinal != 2, "reason": sentence(self.dice)}
            task = self._task(number, turn.role, round=1, ordinal=ordinal)
            self._commit(task, [Said(TurnKind.VERIFICATION, AGENT, verdict)], "met")
        stop = {
            "reason": "round_limit",
            "rounds": 1,
            "unanswered": 2,
            "open": [turn.id for turn, _ in raised[4:]],
        }
        self._commit(self._task(number, "showrunner", round=98), [Said(TurnKind.STOP, CODE, stop)])

    def _objection(self, line: Element) -> dict[str, object]:
        return {
            "line": line.id,
            "quote": line.text,
            "kind": self.dice.choice(["logic", "dialogue", "character"]),
            "gravity": "minor",
            "says": sentence(self.dice),
            "certain": False,
            "note": "",
        }

    def _draft(self, number: int) -> SceneDraft:
        elements = [Element(kind=Kind.SCENE_HEADING, text=f"INT. {self.place.upper()} - NIGHT")]
        elements.append(Element(kind=Kind.ACTION, text=sentence(self.dice)))
        for place in range(SPEECHES):
            elements.append(Element(kind=Kind.CUE, text=CAST[place % 2].upper()))
            elements.append(Element(kind=Kind.DIALOGUE, text=sentence(self.dice, words=12)))
        return SceneDraft(number=number, elements=named(elements, f"{self.session} {number}"))

    def _made(self, kind: TurnKind, body: dict[str, object], draft: SceneDraft) -> Said:
        return Said(
            kind, AGENT, body, draft=("scene", draft.model_dump(mode="json")), slot=f"scene:{draft.number}"
        )

    def _task(self, number: int, role: str, *, round: int = 0, ordinal: int = 1) -> Task:
        return Task(
            session=self.session,
            head=self.head,
            stage=Stage.SCENE,
            scene=number,
            round=round,
            role=role,
            ordinal=ordinal,
        )

    def _commit(self, task: Task, said: list[Said], answer: str = "") -> list[Turn]:
        if answer:
            self.ledger.turns.begin(task, Reading(memory=("0", "1", "2")))
            call = Call(
                id=short_hash(task.id, answer),
                session=self.session,
                task=task.id,
                attempt=1,
                label=task.label,
                model="embedded",
                prompt=(),
                options={"form": "x", "seed": 1},
                answer=answer,
                new_tokens=40,
                seconds=0.5,
            )
            self.ledger.calls.keep(call, [self.bible_text, sentence(self.dice, words=30), ""])
        turns = self.ledger.commit(task, said)
        self.head = next((turn.new_head for turn in turns if turn.new_head), self.head)
        self._about = next((turn.produced for turn in turns if turn.produced), self._about)
        return turns
