"""`storyroom ask`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.looking import open_archive
from storyroom.cli.options import AsJson, SeriesFolder
from storyroom.cli.output import say, show, show_json
from storyroom.cli.words import shortened

if TYPE_CHECKING:
    from storyroom.asking import Answer, Quoted, Told


def ask(
    question: Annotated[str, typer.Argument(help="Such as: who knows about the radio?")],
    session: Annotated[
        str | None, typer.Option(metavar="SESSION", help="Also what this session wrote. Default: the series.")
    ] = None,
    scenes: Annotated[int, typer.Option(min=1, max=40, help="How many scenes to quote at most.")] = 5,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Answer a question by what the script says: facts, who was there, lines. No model writes it."""
    from storyroom.asking import ask as asked

    with open_archive(series) as archive:
        answer = asked(archive, question, session=session, scenes=scenes)
    if as_json:
        show_json(_json(answer))
        return
    if answer.empty:
        say("The script says nothing of it.")
        return
    show("\n\n".join(part for part in (_facts(answer), _heard(answer), _lines(answer)) if part))


def _facts(answer: Answer) -> str:
    return (
        "\n".join(["Facts:", *(line for one in answer.facts for line in _fact(one))]) if answer.facts else ""
    )


def _fact(one: Told) -> list[str]:
    fact = one.fact
    lines = [
        f"  {fact.id}  {fact.says} ({fact.status}, since {fact.since if fact.since.episode else 'ever'})"
    ]
    lines += [f"      {evidence.at}: “{shortened(evidence.quote)}”" for evidence in fact.evidence]
    for name, (at, evidence) in sorted(one.known.items(), key=lambda known: (known[1][0], known[0])):
        lines.append(f"      {name} knows, since {at}: “{shortened(evidence.quote, 60)}”")
    return lines


def _heard(answer: Answer) -> str:
    if not answer.heard:
        return ""
    lines = ["Was there when it was said or shown:"]
    for name, line in answer.heard.items():
        lines.append(f"  {name}, {line.at}, line {line.line}: “{shortened(line.text, 60)}”")
    if answer.unaware:
        lines.append(f"Was not there: {', '.join(answer.unaware)}.")
    return "\n".join(lines)


def _lines(answer: Answer) -> str:
    lines: list[str] = []
    heading = None
    for one in answer.lines:
        if (one.at, one.heading) != heading:
            heading = (one.at, one.heading)
            lines += ["", f"{one.at}  {one.heading}"]
        who = f"{one.speaker}: " if one.speaker else ""
        lines.append(f"  line {one.line}  {who}“{shortened(one.text, 200)}”")
    return "\n".join(lines).strip("\n")


def _json(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "facts": [
            {
                **one.fact.model_dump(mode="json"),
                "known": {n: {"at": str(at), "quote": said.quote} for n, (at, said) in one.known.items()},
            }
            for one in answer.facts
        ],
        "heard": {name: _quoted(line) for name, line in answer.heard.items()},
        "unaware": list(answer.unaware),
        "lines": [_quoted(line) for line in answer.lines],
    }


def _quoted(line: Quoted) -> dict[str, Any]:
    return {
        "at": str(line.at),
        "heading": line.heading,
        "line": line.line,
        "speaker": line.speaker or None,
        "text": line.text,
    }
