"""Debates as Markdown (CommonMark): what was said is quoted, and taken for no mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storyroom.formats.commonmark import escaped
from storyroom.formats.printed import clean
from storyroom.story.wording import words_changed
from storyroom.transcripts.transcript import Change, Exchange, Transcript

_LINE_START = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=]))")


def as_markdown(transcripts: Sequence[Transcript], title: str = "") -> str:
    """Return debates as one text.

    Args:
        title: of the whole; no heading above the debates when not given.
    """
    parts = [f"# {_plain(title)}"] if title else []
    for one in transcripts:
        parts += _debate(one)
    return "\n\n".join(parts) + "\n"


def _debate(one: Transcript) -> Iterator[str]:
    words = one.words
    title = one.title + (f"{words['colon']}{one.heading}" if one.heading else "")
    yield f"## {_plain(title)}"
    if one.shared:
        yield f"*{_plain(words['shared'].format(one.shared))}*"
    facts = [
        (words["took part"], words["comma"].join(one.speakers) or words["nobody"]),
        (words["stopped"], f"{one.outcome}{words['semicolon']}{one.facts}"),
        (words["spent"], one.costs),
    ]
    yield "\n".join(f"- {name}{words['colon']}{_plain(said)}" for name, said in facts)
    for exchange in one.exchanges:
        yield from _exchange(exchange, one)
    if one.notes:
        yield f"### {words['notes']}"
        yield "\n".join(
            f"- {words['turn'].format(said.turn)} {_plain(said.who)} **{said.state}** "
            f"{_plain(words['note by'].format(said.by))}{words['colon']}{_plain(said.text)}"
            + (f" ({_plain(said.reason)})" if said.reason else "")
            + "".join(f"\n  - “{_plain(line)}”" for line in said.lines)
            for said in one.notes
        )
    if one.unasked:
        yield f"### {words['unasked']}"
        yield "\n".join(
            f"- {words['turn'].format(said.turn)} "
            f"{_plain(words['comma'].join(filter(None, (said.who, said.where))))}{words['colon']}"
            f"{_marked(said.change)} ({words['stands' if said.stands else 'undone']})"
            for said in one.unasked
        )
    if one.dissent:
        yield f"### {words['dissent']}"
        yield "\n".join(
            f"- {words['objection'].format(left.number, one.of)} {_plain(left.who)}"
            + (f"{words['colon']}{_plain(left.says)}" if left.says else "")
            for left in one.dissent
        )


def _exchange(one: Exchange, whole: Transcript) -> Iterator[str]:
    words = whole.words
    number = words["objection"].format(one.number, whole.of)
    yield f"### {number}{words['colon']}{one.fate_said}"
    tags = [one.gravity, one.kind, *([words["certain"]] if one.certain else [])]
    yield (
        f"{words['turn'].format(one.turn)} **{_plain(one.who)}** "
        + (f"{_plain(one.where)} " if one.where else "")
        + f"({_plain(words['comma'].join(tags))})"
    )
    yield _quoted(one.quote)
    if one.says:
        yield _plain(one.says)
    if one.note:
        yield _plain(one.note)
    said = []
    for move in one.moves:
        round_ = f"{words['round'].format(move.round)}{words['comma']}" if move.round else ""
        where = f"{round_}{words['turn'].format(move.turn)}"
        because = f"{words['colon']}{_plain(move.says)}" if move.says else ""
        said.append(f"- {where} **{_plain(move.who)}** {_plain(move.verb)}{because}")
        if move.change:
            said.append(f"  - {_marked(move.change)}")
    if said:
        yield "\n".join(said)
    if one.change:
        yield f"{words['at the end']}{words['colon']}{_marked(one.change)}"


def _marked(change: Change) -> str:
    """Return a change with what went struck out and what came in bold."""
    text = ""
    for part in words_changed(change.was, change.now):
        # Marks that touch a space are no marks: the spaces stand outside.
        body = part.text.strip()
        before = part.text[: len(part.text) - len(part.text.lstrip())]
        after = part.text[len(part.text.rstrip()) :] if body else ""
        inner = _plain(body)
        if body and part.state == "removed":
            inner = f"<del>{inner}</del>"
        elif body and part.state == "added":
            inner = f"<ins>{inner}</ins>"
        text += f"{before}{inner}{after}".replace("\n", " ")
    return text


def _quoted(text: str) -> str:
    return "\n".join(f"> {_plain(line)}" for line in text.split("\n"))


def _plain(text: str) -> str:
    """Return a text on one line, in which nothing is a mark, at the start of a line or within it."""
    return _LINE_START.sub(r"\1\\", escaped(" ".join(clean(text).split())))
