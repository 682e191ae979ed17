"""What the index holds: chunks of scenes, characters and places.

A chunk is the unit of retrieval. A scene is cut between its paragraphs so that each piece can be embedded
and quoted on its own; a speech is never cut, and every piece begins with the heading of its scene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from storyroom.story.script import SPOKEN, Element, Kind

ChunkKind = Literal["character", "place", "scene"]

#: The version of how scenes are cut. An index that was cut in another way has to be built again.
LAYOUT = 1

MAX_CHARS = 900
_WEIGHT_OF_HAN = 3
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？…])(?=[^。！？…”’」』）])|\n+")

_UNSEEN = frozenset({Kind.NOTE, Kind.BONEYARD, Kind.PAGE_BREAK, Kind.SECTION, Kind.SYNOPSIS})
_SPEECH = SPOKEN | {Kind.LYRIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One retrievable piece of the series.

    Attributes:
        id: unique in the index, the same whenever the same draft is cut: ``DRAFT:003``.
        draft_id: the draft that says it. Entries of the bible are drafts too.
        kind: what it is about.
        episode: number of its episode; None for the bible.
        scene: number of its scene within the episode; None for the bible.
        characters: who is present, by their canonical names.
        place: where it happens, by its canonical name.
        text: what it says.
        language: of the text, ``en`` or ``zh``.
    """

    id: str
    draft_id: str
    kind: ChunkKind
    episode: int | None = None
    scene: int | None = None
    characters: tuple[str, ...] = ()
    place: str | None = None
    text: str
    language: str


def entry_chunk(
    *, draft_id: str, kind: Literal["character", "place"], name: str, text: str, language: str
) -> Chunk:
    """Return the one chunk of a character or a place of the bible; its text begins with the name."""
    return Chunk(
        id=f"{draft_id}:000",
        draft_id=draft_id,
        kind=kind,
        characters=(name,) if kind == "character" else (),
        place=name if kind == "place" else None,
        text=f"{name}\n\n{text}",
        language=language,
    )


def scene_chunks(
    elements: Sequence[Element],
    *,
    draft_id: str,
    episode: int,
    scene: int,
    place: str | None,
    characters: Sequence[str],
    language: str,
    max_chars: int = MAX_CHARS,
) -> list[Chunk]:
    """Cut a scene into chunks, in the order of the script.

    What an audience never meets (notes, boneyard, sections, synopses) is left out.

    Args:
        elements: the scene, with or without its heading.
        draft_id: the draft the scene belongs to.
        episode: number of the episode.
        scene: number of the scene within the episode.
        place: canonical name of the place.
        characters: everyone present, speaking or not, by canonical name.
        language: of the scene, ``en`` or ``zh``.
        max_chars: length of a chunk, its heading included, in Latin characters; a Chinese character
            counts as three, since it says about as much. Only a single speech may be longer.
    """
    heading = next((e.text for e in elements if e.kind is Kind.SCENE_HEADING), "")
    room = max(1, max_chars - _length(heading))
    texts = [_join(heading, *part) for part in _packed(_passages(elements, room), room)]
    if not texts and heading:
        texts = [heading]
    return [
        Chunk(
            id=f"{draft_id}:{ordinal:03d}",
            draft_id=draft_id,
            kind="scene",
            episode=episode,
            scene=scene,
            characters=tuple(characters),
            place=place,
            text=text,
            language=language,
        )
        for ordinal, text in enumerate(texts)
    ]


def tokens(text: str) -> int:
    """Estimate how many tokens a text has for a language model: rather too many than too few."""
    return -(-_length(text) // _WEIGHT_OF_HAN)


def _passages(elements: Sequence[Element], room: int) -> Iterator[str]:
    """Yield what stays whole: a speech (dual ones together), a paragraph, the sentences of a long one."""
    speech: list[str] = []
    for element in elements:
        if element.kind in _UNSEEN or element.kind is Kind.SCENE_HEADING:
            continue
        new_speech = element.kind is Kind.CUE and not element.dual
        if speech and (new_speech or element.kind not in _SPEECH):
            yield "\n".join(speech)
            speech = []
        if element.kind in _SPEECH:
            speech.append(_line(element))
        elif _length(element.text) <= room:
            yield element.text
        else:
            sentences = [s for s in _SENTENCE_END.split(element.text) if s.strip()]
            for part in _packed(sentences, room):
                yield " ".join(part)
    if speech:
        yield "\n".join(speech)


def _line(element: Element) -> str:
    if element.kind is Kind.CUE and element.extension:
        return f"{element.text} ({element.extension})"
    return element.text


def _packed(passages: Sequence[str] | Iterator[str], room: int) -> Iterator[list[str]]:
    """Group passages greedily, so that no group of two or more is longer than `room`."""
    group: list[str] = []
    used = 0
    for passage in passages:
        length = _length(passage)
        if group and used + length > room:
            yield group
            group, used = [], 0
        group.append(passage)
        used += length
    if group:
        yield group


def _join(*paragraphs: str) -> str:
    return "\n\n".join(p for p in paragraphs if p)


def _length(text: str) -> int:
    return len(text) + (_WEIGHT_OF_HAN - 1) * len(_HAN.findall(text))
