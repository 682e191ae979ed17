"""What goes back at a table read: the author says of each objection whether its scene is to be mended.

Nothing is reworded here. A scene that goes back is taken up again, and the objections that sent it there lie
on its writer's desk; so does the reason of a human who sent it back at the gate.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.agents.questions import Point
from storyroom.agents.seated import replies
from storyroom.graphs.revise import Open
from storyroom.graphs.subject import Subject
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Ledger, Said
from storyroom.memory.notes import standing
from storyroom.story.turn import Actor, Stage, Turn, TurnKind

_CODE = Actor(kind="code")


async def stood_by(
    author: DialogueWriter, desk: Desk, subject: Subject, wanted: Sequence[Open], insisted: dict[str, str]
) -> list[Said]:
    """Let the author accept or rebut objections; what is certain is accepted without asking anybody.

    Args:
        author: the agent; a member in its seat is asked first, about all objections on one sheet.
        wanted: the objections, in the order in which they are answered.
        insisted: why an objector insists, by the objection's turn.
    """
    certain = [one for one in wanted if one[1].certain]
    asked = _taken_up([one for one in wanted if not one[1].certain], desk.effort.answered)
    points = [Point(one, turn.role, insisted.get(turn.id, "")) for turn, one in asked]
    sitting = desk.actor
    members = await replies(desk, subject.document(desk.manuscript), points)
    said = [_said(desk, subject, one, _CODE, True, "") for one in certain]
    for place, (turn, objection) in enumerate(asked):
        if theirs := members.get(place):
            said.append(_said(desk, subject, (turn, objection), sitting, theirs.accept, theirs.reason))
            continue
        draft = desk.manuscript.scenes[subject.scene_of(objection)]
        accept, why = await author.stand(desk, draft, objection, insisted=insisted.get(turn.id, ""))
        said.append(_said(desk, subject, (turn, objection), desk.actor, accept, why))
    return said


def _taken_up(wanted: Sequence[Open], most: int) -> list[Open]:
    """Return what is answered now: all that members asked for, and as much else as the effort allows."""
    others = [one for one in wanted if not one[1].note][:most]
    return [one for one in wanted if one[1].note or one in others]


def _said(desk: Desk, subject: Subject, one: Open, by: Actor, accept: bool, reason: str) -> Said:
    turn, objection = one
    kind = TurnKind.ACCEPTANCE if accept else TurnKind.REBUTTAL
    about = desk.manuscript.slots[subject.slot_of(objection)]
    return Said(kind, by, body={"objection": turn.id, "reason": reason}, about=about)


def sent_back(ledger: Ledger, session: str, head: str | None) -> list[Turn]:
    """Return the objections with which the last table read before a head sent scenes back.

    What was read after that head does not count: a session that comes by again must find the same.
    """
    kinds = [TurnKind.OBJECTION, TurnKind.STOP, TurnKind.TABLE_READ]
    said = ledger.turns.said(session, stage=Stage.TABLE_READ, kinds=kinds)
    if not said:
        return []
    line = {version.id for version in ledger.drafts.line(head)}
    stops = [turn for turn in said if turn.kind is TurnKind.STOP and turn.task.head in line]
    if not stops:
        return []
    last = stops[-1]
    raised = [one for one in said if one.kind is TurnKind.OBJECTION and one.task.pass_ == last.task.pass_]
    if "back" in last.body:
        return [one for one in raised if one.id in last.body["back"]]
    # Before objections were argued about at a table read, all of them that it did not leave open went back.
    return [one for one in raised if one.id not in last.body["open"]]


def reasons_at_the_gate(ledger: Ledger, session: str, head: str | None, scene: int) -> list[Note]:
    """Return why a human sent a scene back at the last gate after a table read before a head.

    One that was assigned to another scene since, or declined, is left out.
    """
    said = ledger.turns.said(session, stage=Stage.TABLE_READ, kinds=[TurnKind.GATE])
    line = {version.id for version in ledger.drafts.line(head)}
    asked = [turn.task.id for turn in said if turn.task.round == 0 and turn.task.head in line]
    return [
        note
        for note in standing(ledger, session, scene=scene)
        if asked and note.sent_back == asked[-1] and note.scene == scene
    ]


def unchanged_since(ledger: Ledger, note: Note, slot: str, head: str | None) -> bool:
    """Tell whether a draft still is the one that was sent back with a note at a gate."""
    asked = ledger.turns.of_task(note.sent_back) if note.sent_back else []
    if not asked:
        return False
    return ledger.drafts.script(asked[0].task.head).get(slot) == ledger.drafts.script(head).get(slot)
