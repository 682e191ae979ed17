"""What Fountain libraries find in a file, in the neutral pieces of `fountain_checks`.

Each reader uses its library as the library's own documents do. Imports are inside the functions: a reader can
be named where its library is not installed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fountain_checks import Piece

_TAG = re.compile(r"\[\[(\d+)\]\]|/\*(\d+)\*/")
"""What screenplay-tools puts in the place of a note or a boneyard: its number."""

Runs = Iterable[tuple[str, str]]
"""Text and its styles: some of ``b``, ``i``, ``u``."""


def styled(runs: Runs) -> str:
    """Return text with its styles marked, runs of one style joined."""
    joined: list[tuple[str, str]] = []
    for text, style in runs:
        style = "".join(sorted(style))
        if joined and joined[-1][1] == style:
            joined[-1] = joined[-1][0] + text, style
        elif text:
            joined.append((text, style))
    return "".join(f"<{style}>{text}</{style}>" if style else text for text, style in joined)


def piece(kind: str, text: str, *marks: str | int) -> Piece:
    """Return a piece with its white space in order: what Fountain has kept is, nothing else."""
    text = re.sub(r"(?<=\S) {2,}", " ", text.replace("\t", "    "))
    text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    if kind == "note":
        text = " ".join(text.split())
    elif kind == "action":
        text = text.strip("\n")
    else:
        text = "\n".join(line.strip() for line in text.strip().split("\n"))
    if kind in ("heading", "transition"):
        text = text.upper()
    if kind == "parenthetical":
        text = text.strip("()（） ")
    return (kind, text, *marks)


def titles(key: str, lines: Iterable[str]) -> Iterator[Piece]:
    """Yield the pieces of one key of a title page."""
    for line in lines:
        if line.strip():
            yield ("title", f"{key.casefold()}: {line.strip()}")


def joined_dialogue(pieces: Iterable[Piece]) -> list[Piece]:
    """Join dialogue that a library gives line by line; a note between two lines comes behind them."""
    found: list[Piece] = []
    notes: list[Piece] = []
    for one in pieces:
        speaking = bool(found) and found[-1][0] == "dialogue"
        if speaking and one[0] == "note":
            notes.append(one)
        elif speaking and one[0] == "dialogue":
            found[-1] = ("dialogue", f"{found[-1][1]}\n{one[1]}")
        else:
            found += [*notes, one]
            notes = []
    return [
        one if one[0] != "dialogue" else ("dialogue", str(one[1]).strip("\n")) for one in (*found, *notes)
    ]


def storyroom(path: Path) -> list[Piece]:
    """This project."""
    from storyroom.formats.fountain import read_file

    return list(ours(read_file(path)))


def ours(script: Any) -> Iterator[Piece]:
    """Yield the pieces of a script of this project."""
    from storyroom.story.script import Kind

    names = {Kind.SCENE_HEADING: "heading", Kind.PAGE_BREAK: "page break"}
    for key, lines in script.title_page.entries:
        yield from titles(key, lines)
    for element in script.elements():
        name = names.get(element.kind, element.kind.value)
        marks: list[str | int] = [f"({element.extension})"] if element.extension else []
        marks += ["^"] if element.dual else []
        marks += [f"#{element.scene_number}"] if element.scene_number else []
        marks += [element.depth] if element.depth else []
        if element.kind in (Kind.NOTE, Kind.BONEYARD):
            yield piece(name, element.text)
            continue
        text = styled(_our_runs(element.text))
        for line in text.split("\n") if element.kind in (Kind.LYRIC, Kind.CENTERED) else [text]:
            yield piece(name, line, *marks)
        yield from _our_asides(element.text)


def _our_runs(text: str) -> Runs:
    from storyroom.formats.fountain import emphasis

    for run in emphasis(text):
        yield run.text, "b" * run.bold + "i" * run.italic + "u" * run.underline


def _our_asides(text: str) -> Iterator[Piece]:
    from storyroom.story.asides import scan

    for aside in scan(text)[0]:
        yield piece(aside.kind, text[aside.start + 2 : aside.end - 2])


def screenplain(path: Path) -> list[Piece]:
    """Read with screenplain, in the encoding that its command uses."""
    return screenplain_text(path.read_bytes().decode("utf-8-sig"))


def screenplain_text(text: str) -> list[Piece]:
    """Read a text with screenplain."""
    from screenplain.parsers import fountain

    screenplay = fountain.parse(io.StringIO(text, newline=""))
    pieces = [one for key, lines in screenplay.title_page.items() for one in titles(key, lines)]
    return pieces + joined_dialogue(one for paragraph in screenplay for one in _screenplain(paragraph))


def _screenplain(paragraph: Any) -> Iterator[Piece]:
    from screenplain import types

    def text(rich: Any) -> str:
        return styled((s.text, "".join(style.name()[0] for style in s.styles)) for s in rich.segments)

    def speech(dialog: Any, *marks: str) -> Iterator[Piece]:
        yield piece("cue", text(dialog.character), *marks)
        for parenthetical, line in dialog.blocks:
            yield piece("parenthetical" if parenthetical else "dialogue", text(line))

    match paragraph:
        case types.Slug():
            number = [f"#{paragraph.scene_number}"] if paragraph.scene_number else []
            yield piece("heading", text(paragraph.line), *number)
        case types.Section():
            yield piece("section", text(paragraph.text), paragraph.level)
        case types.Dialog():
            yield from speech(paragraph)
        case types.DualDialog():
            yield from speech(paragraph.left)
            yield from speech(paragraph.right, "^")
        case types.Transition():
            yield piece("transition", text(paragraph.line))
        case types.PageBreak():
            yield piece("page break", "")
        case types.Action(centered=True):
            yield from (piece("centered", text(line)) for line in paragraph.lines)
        case types.Action():
            yield piece("action", "\n".join(text(line) for line in paragraph.lines))
    if synopsis := getattr(paragraph, "synopsis", None):
        yield piece("synopsis", synopsis)


def fountain_py(path: Path) -> list[Piece]:
    """Read with fountain-py."""
    from fountain import FountainParser

    document = FountainParser().parse_file(path)
    pieces = [one for key, text in document.metadata.items() for one in titles(key, text.split("\n"))]
    return pieces + joined_dialogue(one for element in document.elements for one in _fountain_py(element))


def _fountain_py(element: Any) -> Iterator[Piece]:
    kind = element.type.value
    if kind == "dual_dialogue":
        left, right = element.dual_dialogue_columns()
        for speaker, *speech in (left, right):
            ((name, text, *marks),) = _fountain_py(speaker)
            yield (name, text, *marks, *(["^"] if speaker is right[0] else []))
            for spoken in speech:
                yield from _fountain_py(spoken)
        return
    names = {"scene_heading": "heading", "character": "cue", "lyrics": "lyric", "page_break": "page break"}
    text = styled(_fountain_py_runs(element))
    if kind in ("note", "boneyard"):
        text = text[2:-2]
    marks: list[str | int] = []
    if extension := element.metadata.get("extension"):
        marks.append(f"({extension})")
    if number := element.metadata.get("scene_number"):
        marks.append(f"#{number}")
    if kind == "section":
        marks.append(element.metadata["level"])
    yield piece(names.get(kind, kind), "" if kind == "page_break" else text, *marks)


def _fountain_py_runs(element: Any) -> Runs:
    short = {"bold": "b", "italic": "i", "underline": "u", "bold_italic": "bi"}
    for place, character in enumerate(element.text):
        spans = (span for span in element.formatting if span.start <= place < span.end)
        yield character, "".join(sorted(set("".join(short[span.format_type] for span in spans))))


def screenplay_tools(path: Path) -> list[Piece]:
    """Read with screenplay-tools; notes and boneyards are found by the tags that it leaves in the text."""
    from screenplay_tools.fountain.parser import Parser

    parser = Parser()
    parser.add_text(path.read_text(encoding="utf-8"))
    script = parser.script
    pieces = [one for entry in script.titleEntries for one in titles(entry.key, entry.text.split("\n"))]
    return pieces + joined_dialogue(
        one for element in script.elements for one in _screenplay_tools(script, element)
    )


def _screenplay_tools(script: Any, element: Any) -> Iterator[Piece]:
    names = {"CHARACTER": "cue", "PAGEBREAK": "page break"}
    kind = names.get(element.type.value, element.type.value.lower())
    raw = element.name if kind == "cue" else element.text_raw
    marks: list[str | int] = []
    if kind == "cue":
        marks += [f"({element.extension})"] if element.extension else []
        marks += ["^"] if element.is_dual_dialogue else []
    elif kind == "heading" and element.scene_number:
        marks.append(f"#{element.scene_number}")
    elif kind == "section":
        marks.append(element.level)
    elif kind == "action" and element.centered:
        kind = "centered"
    for paragraph in re.split(r"\n(?: *\n)+", raw) if kind == "action" else [raw]:
        text = styled(_screenplay_tools_runs(re.sub(_TAG, "", paragraph)))
        if text.strip() or kind == "page break":
            yield piece(kind, text, *marks)
        for note, boneyard in re.findall(_TAG, paragraph):
            aside = script.notes[int(note)] if note else script.boneyards[int(boneyard)]
            yield piece("note" if note else "boneyard", aside.text_raw)


def _screenplay_tools_runs(text: str) -> Runs:
    from screenplay_tools.fountain.format_helper import fountain_to_html

    on: set[str] = set()
    for part in re.split(r"(</?[biu]>)", fountain_to_html(text)):
        if tag := re.fullmatch(r"<(/?)([biu])>", part):
            (on.discard if tag[1] else on.add)(tag[2])
        else:
            yield part, "".join(on)


READERS: dict[str, Callable[[Path], list[Piece]]] = {
    "storyroom": storyroom,
    "screenplay-tools": screenplay_tools,
    "fountain-py": fountain_py,
    "screenplain": screenplain,
}
LACKS: dict[str, frozenset[str]] = {
    "screenplay-tools": frozenset({"file"}),
    "screenplain": frozenset({"note", "lyric", "extension"}),
}
"""What a library has no concept of. screenplay-tools takes text and leaves reading the file to its caller;
screenplain leaves notes out of what it prints, and knows no lyrics."""
