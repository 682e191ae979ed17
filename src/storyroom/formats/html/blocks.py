"""The blocks of a script as HTML: a section for each scene, and what stands in it.

A speech is a plain group of paragraphs, which a screen reader reads in order: name, direction, words. Scenes
are found by their headings; as labelled regions they would all be announced. Only two speeches side by side
are, because that they are spoken at once is otherwise seen and not heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyroom.formats.flow import Block, Dual, Paragraph, Speech, is_long
from storyroom.formats.html.markup import attributes, element, plain_text, styled_text
from storyroom.formats.html.words import words_in
from storyroom.formats.pages import PageOptions, Sheet
from storyroom.formats.pages.columns import count_han, has_han
from storyroom.formats.printed import plain_of, printed_runs
from storyroom.story.script import UNPRINTED, Element, Kind

_ACT = {"title": "act", "end": "act act-end"}


class Blocks:
    """Writes blocks; knows in which scene it is."""

    def __init__(self, tag: str, sheet: Sheet, options: PageOptions) -> None:
        self._tag, self._sheet, self._options = tag, sheet, options
        self._scene = 0
        self._open = ""  # the element that holds the scene

    def written(self, blocks: Sequence[Block]) -> Iterator[str]:
        """Yield the blocks in their sections."""
        for block in blocks:
            heading = isinstance(block, Paragraph) and block.element.kind is Kind.SCENE_HEADING
            written = self._block(block)
            if written or heading:
                yield from self._sectioned(block, heading=heading)
                yield written
        if self._open:
            yield f"</{self._open}>"

    def _sectioned(self, block: Block, *, heading: bool) -> Iterator[str]:
        """Yield what ends a section, or begins one."""
        title = isinstance(block, Paragraph) and block.act == "title"
        if self._open and (heading or title):
            yield f"</{self._open}>"
            self._open = ""
        if heading:
            self._scene += 1
            self._open = "section"
            turned = "new-page" if block.new_page else None
            yield f"<section{attributes(id=f'scene-{self._scene}', class_=turned)}>"
        elif not (self._open or title):
            self._open = "div"
            yield '<div class="opening">'

    def _block(self, block: Block) -> str:
        """Return a block; empty if nothing of it is printed."""
        match block:
            case Speech():
                return self._speech(block, new_page=block.new_page)
            case Dual():
                return self._dual(block)
            case Paragraph(element=one) if one.kind is Kind.SCENE_HEADING:
                return self._heading(block)
            case Paragraph(element=one, act=part) if part or one.kind not in UNPRINTED:
                name = _ACT[part] if part else one.kind.value
                return self._paragraph(one, name, new_page=block.new_page)
        return ""

    def _heading(self, block: Paragraph) -> str:
        one = block.element
        text = styled_text(printed_runs(one))
        if block.number and text:
            number = plain_text(block.number)
            again = element("span", number, class_="number right", aria_hidden="true")
            text = f"{element('span', number, class_='number')} {text}{again}"
        return element("h2", text, class_=self._revised(one), lang=self._lang(one)) if text else ""

    def _paragraph(self, one: Element, name: str, *, new_page: bool = False) -> str:
        text = styled_text(printed_runs(one))
        turned = "new-page" if new_page else None
        classes = " ".join(each for each in (name, turned, self._revised(one)) if each)
        return element("p", text, class_=classes, lang=self._lang(one)) if text else ""

    def _speech(self, speech: Speech, *, new_page: bool = False) -> str:
        parts = (
            self._paragraph(part, part.kind.value) for part in speech.parts if part.kind not in UNPRINTED
        )
        text = "\n".join(part for part in parts if part)
        if not text:
            return ""
        short = None if is_long(speech, self._sheet) else "short"
        classes = " ".join(name for name in ("speech", short, "new-page" if new_page else None) if name)
        return element("div", text, class_=classes)

    def _dual(self, dual: Dual) -> str:
        speeches = [self._speech(dual.left), self._speech(dual.right)]
        names = (plain_of(speech.parts[0]) for speech in (dual.left, dual.right))
        label = words_in(self._tag).together.format(*names)
        classes = "dual new-page" if dual.new_page else "dual"
        return element("div", "\n".join(speeches), class_=classes, role="group", aria_label=label)

    def _revised(self, one: Element) -> str | None:
        return "revised" if one.id and one.id in self._options.revised else None

    def _lang(self, one: Element) -> str | None:
        """Return the language of an element that is not in that of the script, as far as its letters tell."""
        text = one.text
        if self._tag.startswith("zh"):
            return "en" if not has_han(text) and any(map(str.isalpha, text)) else None
        return "zh-Hans" if has_han(text) and 2 * count_han(text) > sum(map(str.isalpha, text)) else None
