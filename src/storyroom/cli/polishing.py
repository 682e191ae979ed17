"""`storyroom polish`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.options import AsJson, SeriesFolder
from storyroom.cli.output import clean, say, show, show_json, stderr
from storyroom.cli.places import STANDARD, differs, place_in, put, put_out, refuse_to_lose
from storyroom.cli.tooling import Alone, NoteFrom, NoteTo, ToSession, bench, read_source, send
from storyroom.cli.words import count, shortened
from storyroom.errors import InputError, ModelError

if TYPE_CHECKING:
    from storyroom.tools.bench import Bench
    from storyroom.tools.polish import Polished
    from storyroom.tools.polish.change import Change

_Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="SPEC|none",
        help="Ask this model too. Default: the series' own; the embedded one is too small to be asked.",
    ),
]
# Opening a ledger and a model only to hear that it is too small would leave both behind for nothing.
_NOT_ASKED = ("none", "embedded")
_MOST_IN_A_NOTE = 12
# Characters of the line that a note shows on either side of a change.
_AROUND = 24
_Kinds = "grammar, punctuation, style, repetition, length, cliche, logic. Several times."


def polish(
    file: Annotated[
        str, typer.Argument(metavar="FILE|SESSION|-", help="A script, - for standard input, or a session.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--apply", metavar="OUT", help="Write the script with the changes made, as Fountain."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="KIND", help=f"Only these kinds: {_Kinds}")
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="KIND", help="All but these kinds. Several times.")
    ] = None,
    accept: Annotated[
        list[int] | None,
        typer.Option("--accept", metavar="N", help="Make only these changes, by number. Several times."),
    ] = None,
    refuse: Annotated[
        list[int] | None,
        typer.Option("--refuse", metavar="N", help="Make all but these changes. Several times."),
    ] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Be asked about each change.")
    ] = False,
    surprise: Annotated[
        bool,
        typer.Option("--surprise", help="Find worn phrases by the model too; takes about a minute a script."),
    ] = False,
    model: _Model = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Overwrite a file that differs; what it was is kept beside it."),
    ] = False,
    as_json: AsJson = False,
    note_to: NoteTo = None,
    note_from: NoteFrom = None,
    session: ToSession = None,
    alone: Alone = False,
    series: SeriesFolder = None,
) -> None:
    """Find what an editor would mend in a script, as tracked changes with a reason each.

    Names, numbers and what is denied are watched over by code. Without --apply nothing is written.

    Words that go stand in [-…-], words that come in {+…+}; a remark has no new wording.
    """
    from storyroom.formats.fountain import write
    from storyroom.settings import settings
    from storyroom.tools.polish import apply

    if accept and refuse:
        raise InputError("--accept and --refuse exclude each other.", hint="Give the shorter list.")
    if interactive and file == "-":
        raise InputError(
            "Standard input cannot bring the script and the answers.",
            hint="Name a file, or choose with --accept and --refuse.",
        )
    kinds = _kinds(only, skip)
    script = read_source(file, series)
    with bench(
        "polish",
        script=script,
        model=None if model == "none" else model,
        writes=False,
        # Nothing is written in any language here: a model that knows only English may be asked what it knows.
        anyway=True,
        note_to=note_to,
        note_from=note_from,
        session=session,
        alone=alone,
        series=series,
    ) as ready:
        spec = model or ready.room.bible.room.model or settings().model
        found = _found(ready, kinds, asks=spec not in _NOT_ASKED, surprise=surprise)
        numbers = _chosen(found, accept, refuse)
        if interactive:
            numbers = _asked(found, numbers)
        if as_json:
            show_json(_facts(found))
        elif out != STANDARD and not interactive:
            _show(found)
        for said in found.told:
            say(said)
        if out is not None:
            _write(out, file, write(apply(found, numbers)).encode(), force=force)
        made = sum(not found.changes[number - 1].remark for number in numbers)
        say(_told(found, made if out is not None else None))
        if found.changes:
            send(ready, _as_text(found))
        elif note_to:
            say("Nothing was sent: nothing was found.")


def _kinds(only: list[str] | None, skip: list[str] | None) -> list[str]:
    """Return the kinds that are wanted.

    Raises:
        InputError: one of those named is none.
    """
    from storyroom.tools.polish import KINDS

    for kind in [*(only or ()), *(skip or ())]:
        if kind not in KINDS:
            raise InputError(f"There is no kind {kind!r}.", hint=f"Kinds: {', '.join(KINDS)}.")
    return [kind for kind in KINDS if (not only or kind in only) and kind not in (skip or ())]


def _found(ready: Bench, kinds: list[str], *, asks: bool, surprise: bool) -> Polished:
    import asyncio
    from dataclasses import replace

    from storyroom.tools.polish import ask_editor, with_predictable
    from storyroom.tools.polish import polish as polished
    from storyroom.tools.polish.asked import ASKED
    from storyroom.tools.reading import surprise_by_line

    assert ready.script is not None, "there is something to polish"
    found = polished(ready.script, ready.bible)
    if asks:
        wanted = [kind for kind in ASKED if kind in kinds]
        with stderr().status("Asking the editor's model …"):
            found = asyncio.run(ask_editor(ready, found, wanted)) if wanted else found
    if surprise:
        try:
            with stderr().status("Reading the script word by word …"):
                bits = surprise_by_line(ready.model, ready.script, ready.language)
            found = with_predictable(found, bits)
        except ModelError as error:
            found = replace(found, told=(*found.told, f"{error.message} {error.hint}"))
    return replace(found, changes=tuple(one for one in found.changes if one.kind in kinds))


def _chosen(found: Polished, accept: list[int] | None, refuse: list[int] | None) -> set[int]:
    """Return the numbers of the changes to make.

    Raises:
        InputError: there is no change of a number that was named.
    """
    numbers = set(range(1, len(found.changes) + 1))
    if unknown := sorted({*(accept or ()), *(refuse or ())} - numbers):
        raise InputError(
            f"There is no change {unknown[0]}: {count(len(numbers), 'change')} were found.",
            hint="Run the command without --accept and --refuse, and take the numbers from its list.",
        )
    return set(accept) if accept else numbers - set(refuse or ())


def _asked(found: Polished, numbers: set[int]) -> set[int]:
    """Ask about each change, and return those that are wanted."""
    wanted: set[int] = set()
    for number in sorted(numbers):
        change = found.changes[number - 1]
        _show_one(found, number)
        if change.remark:
            continue
        answer = typer.prompt("   make it? y(es), n(o), a(ll the others), q(uit)", default="y", err=True)
        match answer.strip().lower()[:1]:
            case "a":
                return wanted | {one for one in numbers if one >= number}
            case "q":
                return wanted
            case "y":
                wanted.add(number)
            case _:
                pass
    return wanted


def _show(found: Polished) -> None:
    for number in range(1, len(found.changes) + 1):
        _show_one(found, number)
    for one in found.refused:
        line = _line(found, one.change.place)
        show(f"refused  line {line}  {one.change.kind}: {one.why}.", "dim")
        show(f"   {_marked(found, one.change.place, one.change.wording)}", "dim")


def _show_one(found: Polished, number: int) -> None:
    change = found.changes[number - 1]
    show(
        f"{number}  line {_line(found, change.place)}  {change.kind}: {change.reason}  ({change.by})", "bold"
    )
    text = found.elements[change.place].text
    show(f"   {clean(text)}" if change.remark else f"   {_marked(found, change.place, change.wording)}")


def _line(found: Polished, place: int) -> str:
    source = found.elements[place].source
    return str(source.line) if source else f"{place + 1} (of what was read)"


def _marked(found: Polished, place: int, wording: Any) -> str:
    from storyroom.story.wording import words_changed

    text = found.elements[place].text
    signs = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[state].format(part) for state, part in words_changed(text, wording(text)))


def _facts(found: Polished) -> dict[str, Any]:
    """Return what was found as JSON."""

    def fact(change: Any) -> dict[str, Any]:
        element = found.elements[change.place]
        return {
            "line": element.source.line if element.source else None,
            "element": change.place + 1,
            "kind": change.kind,
            "reason": change.reason,
            "by": change.by,
            "before": element.text,
            "after": None if change.remark else change.wording(element.text),
        }

    return {
        "changes": [{"number": n, **fact(change)} for n, change in enumerate(found.changes, 1)],
        "refused": [{**fact(one.change), "why": one.why} for one in found.refused],
        "told": list(found.told),
    }


def _as_text(found: Polished) -> str:
    """Return what was found as the text of a note."""
    lines = [
        f"Line {_line(found, one.place)}, {one.kind}: {one.reason} {_quoted(found, one)}"
        for one in found.changes[:_MOST_IN_A_NOTE]
    ]
    more = len(found.changes) - len(lines)
    return "\n".join(
        [
            f"Polish found {count(len(found.changes), 'thing')}.",
            *lines,
            *([f"… and {more} more."] if more else []),
        ]
    )


def _quoted(found: Polished, change: Change) -> str:
    """Return the words that a change is about, for a reader who has the script under other line numbers."""
    if change.remark:
        return shortened(clean(found.elements[change.place].text), 2 * _AROUND)
    marked = _marked(found, change.place, change.wording)
    first = min(place for sign in ("[-", "{+") if (place := marked.find(sign)) >= 0)
    last = max(marked.rfind(sign) for sign in ("-]", "+}")) + 2
    start, end = max(0, first - _AROUND), min(len(marked), last + _AROUND)
    return f"{'…' * (start > 0)}{marked[start:end]}{'…' * (end < len(marked))}"


def _told(found: Polished, made: int | None) -> str:
    remarks = sum(one.remark for one in found.changes)
    changes = count(len(found.changes) - remarks, "change")
    said = f"{changes}, {count(remarks, 'remark')}, {len(found.refused)} refused"
    return f"{said}; {count(made, 'change')} made." if made is not None else f"{said}."


def _write(out: Path, file: str, data: bytes, *, force: bool) -> None:
    """Write the script; over a file that differs only by force, and then what it was is kept beside it."""
    from storyroom.formats.registry import FORMATS

    if out == STANDARD:
        put_out(data)
        return
    if not out.is_dir() and out.suffix.lower() not in FORMATS["fountain"].suffixes:
        raise InputError(
            f"{out} does not look like Fountain, which is what is written.",
            hint="Name a .fountain file, then convert it: storyroom convert IN OUT.",
        )
    path = place_in(out, Path(file).stem if file != "-" else "polished", FORMATS["fountain"])
    refuse_to_lose(path, data, force=force)
    put(path, data, keep=differs(path, data))
