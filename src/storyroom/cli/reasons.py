"""The reasons for a line, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyroom.cli.options import command
from storyroom.cli.transcript import Lines, marked
from storyroom.cli.words import count, role_name, shortened
from storyroom.story.turn import TurnKind

if TYPE_CHECKING:
    from pathlib import Path

    from storyroom.cli.provenance import Meant
    from storyroom.memory.provenance import Provenance, Step
    from storyroom.memory.threads import Thread
    from storyroom.story.turn import Turn

_LONGEST = 120
_DID = {
    TurnKind.DRAFT: "wrote the scene anew",
    TurnKind.REVISION: "reworded it",
    TurnKind.RULING: "ruled which wording stands",
    TurnKind.GATE: "edited it at a gate",
    TurnKind.EDIT: "edited it in the file",
}


def show_reasons(found: Provenance, meant: Meant, series: Path | None) -> None:
    """Write who wrote a line, and why it was changed."""
    from storyroom.transcripts.transcript import Change

    lines = Lines()
    who = f"{found.speaker}, " if found.speaker else ""
    kind = str(found.element.kind).replace("_", " ")
    lines.put_pair(f"{who}{kind}, scene {found.scene}, line {found.place}", meant.session.id, "dim")
    lines.put(f"“{found.element.text}”", indent=4)
    if meant.now is not None:
        lines.put("The file says something else, which nobody in the room wrote:", style="yellow")
        lines.put(marked(Change(found.element.text, meant.now)), indent=4)
    if meant.moved_on == "":
        lines.put("The session has no such line any more.", style="yellow")
    elif meant.moved_on is not None:
        lines.put("The session has gone on since, and says now:", style="yellow")
        lines.put(marked(Change(found.element.text, meant.moved_on)), indent=4)
    for before, step in zip((None, *found.steps), found.steps, strict=False):
        lines.put()
        _step(lines, step, before, series)
    _rulings(lines, found)
    _without_effect(lines, found)
    _notes(lines, found)
    _whose(lines, found)
    if found.objected:
        name = f"scene.{found.scene}"
        lines.put()
        lines.put(f"The debate: {command(series, 'debates', 'show', meant.session.id, name)}", style="dim")


def _step(lines: Lines, step: Step, before: Step | None, series: Path | None) -> None:
    from storyroom.transcripts.transcript import Change

    turn = step.turn
    did = "wrote it" if step.was is None else _DID.get(turn.kind, "changed it")
    lines.put(f"turn {turn.seq}  {_who(turn)} {did}", style="bold")
    if step.was is not None:
        lines.put(marked(Change(step.was, step.now)), indent=4)
    else:
        lines.put(f"“{step.now}”", indent=4)
    if step.words_of:
        lines.put(f"in the words of {step.words_of}, as they are", indent=2)
    for thread in step.threads:
        _because(lines, thread, turn)
    if step.unasked:
        lines.put("nobody had asked for it", indent=2)
    if step.reason and not step.threads:
        lines.put(f"because: {step.reason}", indent=2)
    _read(lines, step, before)
    _model(lines, step, series)


def _because(lines: Lines, thread: Thread, turn: Turn) -> None:
    """Write the objection that a wording answers, and what was said about it."""
    one = thread.objection
    sure = ", certain" if one.certain else ""
    lines.put(
        f"because of turn {thread.raised.seq}, {_who(thread.raised)}: {one.gravity} {one.kind}{sure}",
        indent=2,
    )
    if one.says:
        lines.put(one.says, indent=4)
    for said in thread.said:
        if said.task.id == turn.task.id:
            did = "accepted" if said.kind is TurnKind.ACCEPTANCE else str(said.kind)
            if said.kind is TurnKind.RULING:
                did = "the old wording stands" if said.body["keep"] == "old" else "the line stands"
            lines.put(_with_reason(did, said), indent=4)
        elif said.kind is TurnKind.VERIFICATION and said.task.round == turn.task.round:
            did = "content" if said.body["met"] else "not content"
            lines.put(_with_reason(f"{role_name(said.role)} was {did} with it", said), indent=4)


def _read(lines: Lines, step: Step, before: Step | None) -> None:
    """Write what whoever wrote it had before them, if it is not what the writer before had."""
    if before and (step.memory or step.notes) and (step.memory, step.notes) == (before.memory, before.notes):
        lines.put(f"had read the same as turn {before.turn.seq}", indent=2)
        return
    for hit in step.memory:
        where = f"memory of episode {hit.episode}, scene {hit.scene}" if hit.episode else "memory"
        gone = ", left out for want of room" if hit.left_out else ""
        lines.put(f"had read {where} ({hit.why}{gone})", indent=2)
        lines.put(f"“{shortened(hit.text, _LONGEST)}”", indent=4, style="dim")
    for note in step.notes:
        lines.put(f"had read a note by {note.member}: “{shortened(note.text, _LONGEST)}”", indent=2)


def _model(lines: Lines, step: Step, series: Path | None) -> None:
    call, turn = step.call, step.turn
    if call is not None:
        seed = f", seed {call.options['seed']}" if "seed" in call.options else ""
        lines.put(f"model {call.model}{seed}, prompt {call.id}", indent=2, style="dim")
        lines.put(
            f"read {call.prompt_tokens:,} tokens, wrote {call.new_tokens:,} in {call.seconds:.1f} s, "
            f"attempt {call.attempt}",
            indent=2,
            style="dim",
        )
    elif step.calls and turn.kind is not TurnKind.RULING:
        lines.put(
            f"its task made {count(step.calls, 'call')}; no answer has these very words",
            indent=2,
            style="dim",
        )
    if step.calls or turn.actor.kind == "member":
        lines.put(f"more: {command(series, 'prompts', 'show', str(turn.seq))}", indent=2, style="dim")


def _rulings(lines: Lines, found: Provenance) -> None:
    """Write the rulings that left the line as it was."""
    from storyroom.transcripts.words import Words

    tasks = {step.turn.task.id for step in found.steps}
    for thread in found.objected:
        for said in thread.said:
            if said.kind is TurnKind.RULING and said.task.id not in tasks:
                lines.put()
                verb = Words("en").verb(said, reworded=thread.reworded)
                lines.put(f"turn {said.seq}  {_who(said)} {verb}")
                if said.body["reason"]:
                    lines.put(f"because: {said.body['reason']}", indent=2)


def _without_effect(lines: Lines, found: Provenance) -> None:
    """Write the objections that changed nothing."""
    named = {thread.id for step in found.steps for thread in step.threads}
    for thread in found.objected:
        if thread.id not in named and thread.fate not in ("upheld", "overruled"):
            one = thread.objection
            lines.put()
            fate = thread.fate.replace("_", " ")
            lines.put(
                f"turn {thread.raised.seq}  {_who(thread.raised)} objected, {fate}: {one.says or one.kind}"
            )
            for said in thread.said:
                lines.put(_with_reason(f"turn {said.seq}  {_who(said)}, {said.kind}", said), indent=2)


def _notes(lines: Lines, found: Provenance) -> None:
    """Write which notes the line answers, and what became of each."""
    notes = {note.id: note for _, note in found.answers}
    for note in notes.values():
        lines.put()
        answers = "answered" if any(other.id == note.id for _, other in found.undone) else "answers"
        lines.put(f"It {answers} a note by {note.member}:", style="bold")
        lines.put(f"“{note.text}”", indent=4)
        for turn, other in found.answers:
            if other.id == note.id:
                by = f" by the {role_name(turn.body['by'])}" if turn.body["by"] else ""
                lines.put(_with_reason(f"turn {turn.seq}  {turn.body['state']}{by}", turn), indent=2)
        for turn, other in found.undone:
            if other.id == note.id:
                lines.put(f"turn {turn.seq}  reopened: {_who(turn)} changed what answered it", indent=2)


def _whose(lines: Lines, found: Provenance) -> None:
    """Write whose its words are, if they are not all of one."""
    worded = found.made.worded
    if len(worded) > 1:
        told = ", ".join(f"{number} by {actor.replace(':', ' ', 1)}" for actor, number in worded.items())
        lines.put()
        lines.put(f"Its {count(sum(worded.values()), 'word')}: {told}.")


def _with_reason(did: str, turn: Turn) -> str:
    reason = str(turn.body.get("reason", ""))
    return f"{did}: {reason}" if reason else did


def _who(turn: Turn) -> str:
    if turn.kind in (TurnKind.EDIT, TurnKind.GATE) and turn.actor.kind == "member":
        return turn.actor.name
    seat = turn.actor.name if turn.actor.kind == "member" else turn.actor.kind
    return f"{role_name(turn.role)} ({seat})"
