"""A script as it flows through a document: paragraphs, speeches, speeches side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storyroom.formats.pages import PageOptions, Sheet
from storyroom.formats.pages.acts import Part, acts_of
from storyroom.formats.pages.columns import has_han, wrap
from storyroom.formats.pages.compose import scene_numbers
from storyroom.formats.printed import plain_of
from storyroom.story.asides import printed
from storyroom.story.script import SPOKEN, UNPRINTED, Element, Kind, Script

ASIDES = frozenset({Kind.NOTE, Kind.BONEYARD})

_LONG_SPEECH = 12  # lines of dialogue


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An element that stands alone.

    Attributes:
        element: printed or not; never a page break. A section that stands for an act's title is in capitals.
        new_page: whether it begins a page.
        act: whether it is an act's title or the line that ends one.
        number: of a heading, the number of its scene, if scenes are numbered.
    """

    element: Element
    new_page: bool = False
    act: Part | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """A cue and what follows it; notes and boneyards within it are kept in their places.

    Attributes:
        parts: the cue is the first of them, unless the speech has none.
        new_page: whether it begins a page.
    """

    parts: tuple[Element, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Dual:
    """Two speeches side by side."""

    left: Speech
    right: Speech
    new_page: bool = False


Block = Paragraph | Speech | Dual


def flow(script: Script, options: PageOptions) -> Iterator[Block]:
    """Yield a script's blocks in order; nothing but page breaks is left out, they are said by `new_page`.

    Acts are always found. Only a teleplay has them begin pages, and shows sections as titles (`act` tells
    which); half-hour shows begin each scene on a new page too.
    """
    return _Flow(script, options).blocks()


class _Flow:
    def __init__(self, script: Script, options: PageOptions) -> None:
        self._script, self._teleplay = script, options.teleplay
        self._acts = acts_of(script)
        self._numbers = iter(scene_numbers(script)) if options.scene_numbers else iter(())
        self._speeches: list[list[Element]] = []
        self._break = False
        self._printed = False  # a page break before all else breaks nothing
        self._begun = False  # an act or a scene was seen: before that, FADE IN: opens the first page
        self._after_act = False

    def blocks(self) -> Iterator[Block]:
        for index, element in enumerate(self._script.elements()):
            kind = element.kind
            if kind is Kind.CUE:
                if not (element.dual and self._may_stand_beside()):
                    yield from self._flush()
                self._speeches.append([element])
            elif kind in SPOKEN or (kind is Kind.LYRIC and self._speeches):
                self._speeches = self._speeches or [[]]
                self._speeches[-1].append(element)
            elif kind in ASIDES and self._speeches:
                self._speeches[-1].append(element)
            else:
                yield from self._flush()
                if kind is Kind.PAGE_BREAK:
                    self._break = True
                else:
                    yield self._paragraph(index, element)
        yield from self._flush()

    def _may_stand_beside(self) -> bool:
        return len(self._speeches) == 1 and self._speeches[0][0].kind is Kind.CUE

    def _flush(self) -> Iterator[Block]:
        if not self._speeches:
            return
        behind: list[Element] = []
        while self._speeches[-1][-1].kind in ASIDES:
            behind.insert(0, self._speeches[-1].pop())
        new_page = any(is_printed(part) for parts in self._speeches for part in parts) and self._turns_page()
        speeches = [Speech(tuple(parts), new_page) for parts in self._speeches]
        self._speeches = []
        yield speeches[0] if len(speeches) == 1 else Dual(speeches[0], speeches[1], new_page)
        yield from map(Paragraph, behind)

    def _paragraph(self, index: int, element: Element) -> Paragraph:
        act = self._acts.get(index)
        if element.kind is Kind.SECTION and not self._teleplay:
            act = None
        if element.kind is Kind.SECTION and act:
            element = element.edited(text=element.text.upper())
        heading = element.kind is Kind.SCENE_HEADING
        number = next(self._numbers, "") if heading else ""
        if not (is_printed(element) or act):
            return Paragraph(element)
        asked = act == "title" and self._teleplay is not None
        asked = asked or (heading and self._teleplay == "half_hour" and not self._after_act)
        paragraph = Paragraph(
            element,
            new_page=self._turns_page(asked=asked and self._begun),
            act=act,
            number=number,
        )
        self._begun = self._begun or heading or bool(act)
        self._after_act = act == "title"
        return paragraph

    def _turns_page(self, *, asked: bool = False) -> bool:
        turns = self._printed and (self._break or asked)
        self._break, self._printed, self._after_act = False, True, False
        return turns


def is_printed(element: Element) -> bool:
    """Whether an element is of a kind that is printed, and says anything."""
    return element.kind not in UNPRINTED and bool(printed(element.text).strip())


def is_long(speech: Speech, sheet: Sheet) -> bool:
    """Whether a speech is too long to be kept on one page at any price.

    Only pages laid out here can say (MORE) where a speech is divided; elsewhere it is better kept whole.
    """
    texts = [plain_of(part) for part in speech.parts if part.kind in (Kind.DIALOGUE, Kind.LYRIC)]
    width = sheet.speech.dialogue.width
    return sum(len(wrap(text, width, chinese=has_han(text))) for text in texts) > _LONG_SPEECH
