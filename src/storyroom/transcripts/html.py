"""Debates as one page that needs nothing else: it opens from disk, and prints.

No scripts, nothing from the network; a content security policy says so to the browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyroom.formats.html.markup import attributes, element, style_policy
from storyroom.formats.html.markup import plain_text as text
from storyroom.story.plan import Language
from storyroom.story.wording import words_changed
from storyroom.transcripts.style import STYLE
from storyroom.transcripts.transcript import Change, Exchange, Move, NoteSaid, Transcript
from storyroom.transcripts.words import Words

_TAGS = {"removed": "del", "added": "ins"}


def as_html(transcripts: Sequence[Transcript], language: Language, *, title: str, about: str) -> str:
    """Return a page of debates with an index of them.

    Args:
        language: of the words around what was said.
        title: of the series.
        about: the session that they were held in, in words.
    """
    words = Words(language)
    tag = "zh-Hans" if language == "zh" else "en"
    body = "\n".join(_body(transcripts, words, title, about))
    return (
        f"<!DOCTYPE html>\n<html{attributes(lang=tag)}>\n<head>\n"
        '<meta charset="utf-8">\n'
        f"{style_policy(STYLE)}\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{element('title', text(title + words['colon'] + words['debates']))}\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(transcripts: Sequence[Transcript], words: Words, title: str, about: str) -> Iterator[str]:
    yield element("a", words["skip"], class_="skip", href="#debates")
    heading = element("h1", text(title + words["colon"] + words["debates"]))
    yield element("header", heading + element("p", text(about), class_="faint"))
    if len(transcripts) > 1:
        yield _index(transcripts, words)
    yield '<main id="debates">'
    if not transcripts:
        yield element("p", words["empty"])
    for one in transcripts:
        yield from _debate(one)
    yield "</main>"


def _index(transcripts: Sequence[Transcript], words: Words) -> str:
    rows = []
    for one in transcripts:
        link = element("a", text(one.title), href=f"#{_anchor(one)}")
        shared = (
            element("span", text(words["shared"].format(one.shared)), class_="faint") if one.shared else ""
        )
        cells = [text(one.facts), text(one.outcome)]
        rows.append(
            "<tr>"
            + element("th", link + (f"<br>{shared}" if shared else ""), scope="row")
            + "".join(element("td", cell) for cell in cells)
            + "</tr>"
        )
    names = (words["about"], words["came of it"], words["stopped"])
    head = "".join(element("th", text(name), scope="col") for name in names)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>\n{chr(10).join(rows)}\n</tbody></table>"
    return element("nav", element("div", table, class_="wide"), aria_label=words["contents"])


def _debate(one: Transcript) -> Iterator[str]:
    words = one.words
    anchor = _anchor(one)
    yield f"<section{attributes(id=anchor, aria_labelledby=f'{anchor}-title')}>"
    heading = element("small", text(one.heading)) if one.heading else ""
    yield element("h2", text(one.title) + heading, id=f"{anchor}-title")
    facts = [
        (words["stopped"], f"{one.outcome}{words['semicolon']}{one.facts}"),
        (words["took part"], words["comma"].join(one.speakers) or words["nobody"]),
        (words["spent"], one.costs),
    ]
    if one.shared:
        facts.insert(0, (words["session"].format("").strip(), words["shared"].format(one.shared)))
    yield element(
        "dl", "".join(element("dt", text(name)) + element("dd", text(said)) for name, said in facts)
    )
    for exchange in one.exchanges:
        yield _exchange(exchange, one, anchor)
    yield from _rest(one)
    yield "</section>"


def _exchange(one: Exchange, whole: Transcript, anchor: str) -> str:
    words = whole.words
    name = f"{anchor}-{one.number}"
    title = element("h3", text(words["objection"].format(one.number, whole.of)), id=name)
    tags = [one.gravity, one.kind, *([words["certain"]] if one.certain else [])]
    parts = [
        element("header", title + element("span", text(one.fate_said), class_="fate")),
        element(
            "p",
            f"{element('strong', text(one.who))} {text(one.where)} "
            + " ".join(element("span", text(tag), class_="tag") for tag in tags)
            + f" {_turn(one.turn, words)}",
        ),
        element("blockquote", text(one.quote)),
    ]
    if one.says:
        parts.append(element("p", text(one.says)))
    if one.note:
        parts.append(element("p", text(one.note), class_="faint"))
    if one.moves:
        moves = "\n".join(element("li", _move(move, words)) for move in one.moves)
        parts.append(element("ol", moves, class_="said"))
    if one.change:
        label = element("span", text(words["at the end"] + words["colon"]), class_="faint")
        parts.append(element("p", label + _marked(one.change), class_="change"))
    return element("article", "\n".join(parts), class_=one.fate, aria_labelledby=name)


def _move(move: Move, words: Words) -> str:
    round_ = f"{words['round'].format(move.round)}{words['comma']}" if move.round else ""
    says = f"{words['colon']}{move.says}" if move.says else ""
    said = (
        f"{element('strong', text(move.who))} {element('span', text(move.verb), class_='verb')}{text(says)} "
        f"{_turn(move.turn, words, round_)}"
    )
    return said + (element("p", _marked(move.change), class_="change") if move.change else "")


def _told(said: NoteSaid, words: Words) -> str:
    return words["colon"].join(filter(None, (said.who, said.reason)))


def _rest(one: Transcript) -> Iterator[str]:
    """Yield what stands below the objections: notes, changes that nobody asked for, dissent."""
    words = one.words
    if one.notes:
        yield element("h4", words["notes"])
        yield _list(
            f"{element('strong', text(words['note by'].format(said.by)))} {text(said.text)} "
            f"{element('span', text(said.state), class_='tag')} {text(_told(said, words))} "
            f"{_turn(said.turn, words)}" + "".join(element("blockquote", text(line)) for line in said.lines)
            for said in one.notes
        )
    if one.unasked:
        yield element("h4", words["unasked"])
        yield _list(
            f"{element('strong', text(said.who))} {text(said.where)} "
            f"{element('span', words['stands' if said.stands else 'undone'], class_='tag')} "
            f"{_turn(said.turn, words)}" + element("p", _marked(said.change), class_="change")
            for said in one.unasked
        )
    if one.dissent:
        yield element("h4", words["dissent"])
        yield _list(
            element(
                "a",
                text(words["objection"].format(left.number, one.of)),
                href=f"#{_anchor(one)}-{left.number}",
            )
            + f" {text(left.who)}"
            + (f"{words['colon']}{text(left.says)}" if left.says else "")
            for left in one.dissent
        )


def _list(items: Iterator[str]) -> str:
    return element("ul", "\n".join(element("li", item) for item in items))


def _turn(number: int, words: Words, before: str = "") -> str:
    return element("span", text(before + words["turn"].format(number)), class_="turn")


def _marked(change: Change) -> str:
    parts = []
    for part in words_changed(change.was, change.now):
        tag = _TAGS.get(part.state)
        parts.append(element(tag, text(part.text)) if tag else text(part.text))
    return "".join(parts)


def _anchor(one: Transcript) -> str:
    # Ids of debates have dots, which would read as classes in a style sheet; a fork has a name twice.
    return one.id.replace(".", "-") + (f"-{one.shared}" if one.shared else "")
