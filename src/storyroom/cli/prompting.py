"""`storyroom prompts`: exactly what a model was sent for a turn, and what it answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.looking import open_archive
from storyroom.cli.options import AsJson, SeriesFolder, SessionName, command
from storyroom.cli.output import say, show, show_json, show_table
from storyroom.cli.words import count, place, role_name
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.memory.sent import Asked, Behind, Sent

app = typer.Typer(no_args_is_help=True, help="Read what models were sent.")
_RULE = 80


@app.command("show")
def show_prompts(
    turn: Annotated[
        str, typer.Argument(metavar="TURN", help="Number of a turn, as in `show SESSION turns`, or its id.")
    ],
    session: Annotated[
        str | None, typer.Option("--session", metavar="SESSION", help="Take only a turn of this session.")
    ] = None,
    call: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only this call of its task.")] = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Print what the model was sent for a turn, word for word, with its answer to each attempt."""
    from storyroom.memory.sent import behind, turn_named

    with open_archive(series) as archive:
        name = archive.session(session).id if session else None
        found = behind(archive.ledger, turn_named(archive.ledger, turn, name))
        if call is not None and call > len(found.calls):
            has = count(len(found.calls), "call")
            raise InputError(
                f"Turn {turn} has no call {call}.",
                hint=f"Its task made {has}." if found.calls else _no_model(found),
            )
        if as_json:
            show_json(_facts(found, call))
            return
        _show(found, call)


@app.command("list")
def list_prompts(
    session: SessionName,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """List the model calls of a session, with the turn that each belongs to."""
    with open_archive(series) as archive:
        one = archive.session(session)
        calls = one.ledger.calls.made(session=one.id)
        # Of the turns of a task, the first stands for it: the calls belong to the task.
        turns = {turn.task.id: turn for turn in reversed(one.turns)}
        numbers: dict[str, int] = {}
        rows = []
        for call in calls:
            numbers[call.task] = numbers.get(call.task, 0) + 1
            rows.append((turns.get(call.task), numbers[call.task], call))
        if as_json:
            show_json(
                [
                    {"turn": turn.seq if turn else None, "number": number, **call.model_dump(mode="json")}
                    for turn, number, call in rows
                ]
            )
            return
        show_table(
            ("turn", "call", "at", "role", "form", "prompt", "cached", "wrote", "took", "faults"),
            [
                (
                    str(turn.seq) if turn else "unfinished",
                    str(number),
                    place(turn.task, one.order.scenes) if turn else "",
                    turn.role if turn else call.label,
                    str(call.options.get("form", "")),
                    f"{call.prompt_tokens:,}",
                    f"{call.cached_tokens:,}",
                    f"{call.new_tokens:,}",
                    f"{call.seconds:.1f}s",
                    "; ".join(call.faults),
                )
                for turn, number, call in rows
            ],
            empty="No model was asked yet.",
        )
        if rows:
            say(f"Read one: {command(series, 'prompts', 'show', str(_last(rows)))}", "dim")


def _last(rows: list[Any]) -> int | str:
    return next((turn.seq for turn, _, _ in reversed(rows) if turn), "TURN")


def _show(found: Behind, only: int | None) -> None:
    turn = found.turn
    show(
        f"Turn {turn.seq}: {turn.kind} by {role_name(turn.role)} ({turn.actor}), session {turn.task.session}",
        "bold",
    )
    show(f"id {turn.id}, task {turn.task.label}", "dim")
    for number, asked in enumerate(found.asked, 1):
        _show_sheet(number, asked, len(found.asked))
    if not found.calls:
        show(_no_model(found))
    elif turn.actor.kind == "code":
        show("Code recorded this turn. Its task asked a model all the same:")
    for number, sent in enumerate(found.calls, 1):
        if only in (None, number):
            _show_call(number, sent, len(found.calls))


def _show_call(number: int, sent: Sent, calls: int) -> None:
    call = sent.call
    show("")
    show(f"Call {number} of {calls}: attempt {call.attempt}, {call.model}", "bold")
    show(f"prompt {call.id}, {call.label}", "dim")
    _part("system", sent.system)
    _part("user", sent.user)
    if sent.prefill:
        _part("beginning of the answer, which the model goes on from", sent.prefill)
    _part("options", "\n".join(f"{name}: {_said(value)}" for name, value in sorted(call.options.items())))
    _part("answer", call.answer)
    if call.faults:
        _part("faults that were found in it", "\n".join(call.faults))
    cached = f", {call.cached_tokens:,} of them from cache" if call.cached_tokens else ""
    ended = f", ended by {call.finish_reason}" if call.finish_reason else ""
    show("")
    show(
        f"read {call.prompt_tokens:,} tokens{cached}, wrote {call.new_tokens:,}"
        f" in {call.seconds:.1f} s{ended}",
        "dim",
    )


def _show_sheet(number: int, asked: Asked, sheets: int) -> None:
    show("")
    show(f"Sheet {number} of {sheets}, put before {asked.ask.member}", "bold")
    _part("sheet", asked.sheet)
    if asked.answer is None:
        show("Not answered yet.")
    elif asked.answer.verdict == "hand_back":
        show(f"{asked.ask.member} handed it back to the agent.")
    else:
        _part(f"what {asked.answer.member or asked.ask.member} handed in", asked.answer.text)


def _part(name: str, text: str) -> None:
    show(f"── {name} ".ljust(_RULE, "─"), "cyan")
    show(text.removesuffix("\n"))


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _no_model(found: Behind) -> str:
    match found.turn.actor.kind:
        case "code":
            return "Code decided this turn: no model was asked."
        case "member":
            said = found.turn.actor.name
            return f"{said} said this: no model was asked." + (
                "" if found.asked else " It came through the inbox, not from a sheet."
            )
    return "No model was asked: the agent answered without one."


def _facts(found: Behind, only: int | None) -> dict[str, Any]:
    return {
        "turn": found.turn.model_dump(mode="json"),
        "calls": [
            {
                "number": number,
                **sent.call.model_dump(mode="json"),
                "system": sent.system,
                "user": sent.user,
                "parts": list(sent.parts),
                "prefill": sent.prefill,
            }
            for number, sent in enumerate(found.calls, 1)
            if only in (None, number)
        ],
        "sheets": [
            {
                "ask": asked.ask.id,
                "member": asked.ask.member,
                "sheet": asked.ask.sheet,
                "answer": asked.answer.model_dump(mode="json") if asked.answer else None,
            }
            for asked in found.asked
        ],
    }
