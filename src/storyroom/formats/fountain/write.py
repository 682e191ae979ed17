"""Write Fountain: what was read stands as it was read, everything else is laid out.

Lines as read are used for an element whose source is still there. Between two elements that were neighbours
in one file the blank lines stay too. Elsewhere one blank line is put between paragraphs, none within a
speech. The file reads back as `normalise(script)`.
"""

from storyroom.formats.fountain.layout import lay_out
from storyroom.formats.fountain.lines import count_line_ends, ends_separated, leading_blank, without_blank_end
from storyroom.formats.fountain.normal import SAID, leads_to_speech, normalise
from storyroom.formats.fountain.title import lay_out_title_page, read_title_page
from storyroom.story.script import Element, Kind, Script, Source

_CONTINUES = SAID | {Kind.LYRIC}


def write(script: Script) -> str:
    """Write a script. `write(parse(text))` is `text`; `parse(write(script))` is `normalise(script)`.

    Raises:
        FormatError: a title page key reads as a scene heading.
    """
    if (untouched := _untouched(script)) is not None:
        return untouched
    script = normalise(script)
    elements = list(script.elements())
    front = _front(script)
    text = _body(script, front, elements)
    if elements and not script.title_page and _misread(text, front):
        elements[0] = elements[0].edited(forced=True)
        text = _body(script, front, elements)
    return text


def _untouched(script: Script) -> str | None:
    """Return the text that the script was read from if nothing was changed since; else None."""
    page = script.title_page.source
    elements = list(script.elements())
    if (script.title_page and page is None) or (elements and not _ends_line(script.head)):
        return None
    sources = [element.source for element in elements]
    first_line = 1 + count_line_ends(script.head)
    before = None
    for source in [page, *sources] if page else sources:
        if source is None or not (_neighbours(before, source) if before else source.line == first_line):
            return None
        before = source
    if elements and elements[-1].kind is Kind.CUE and not elements[-1].forced:
        return None
    return script.head + "".join(source.raw for source in [page, *sources] if source)


def _misread(text: str, front: str) -> bool:
    """Whether the first element reads as a title page, or begins with what reads as a byte order mark."""
    blank = leading_blank(text)
    return len(blank) > len(front) or bool(read_title_page(text[len(blank) :])[0])


def _ends_line(head: str) -> bool:
    return not head.strip("\ufeff") or head[-1] in "\r\n"


def _front(script: Script) -> str:
    """Return what stands before the first element."""
    page, head = script.title_page, script.head
    if not _ends_line(head):
        head += script.newline
    return head + (page.source.raw if page.source else lay_out_title_page(page).replace("\n", script.newline))


def _body(script: Script, front: str, elements: list[Element]) -> str:
    pieces = [front]
    speaking = False
    before: Element | None = None
    leads = leads_to_speech(elements)
    for index, element in enumerate(elements):
        if before is None:
            pieces[-1] = _opened(script, front, element)
        else:
            pieces[-1], speaking = _joined(
                pieces[-1], before, element, speaking=speaking, leads=leads[index], newline=script.newline
            )
        speaking = speaking or element.kind is Kind.CUE
        followed = any(following.kind in _CONTINUES for following in elements[index + 1 : index + 2])
        pieces.append(_piece(element, script.newline, followed))
        before = element
    return "".join(pieces)


def _joined(
    text: str, before: Element, element: Element, *, speaking: bool, leads: bool, newline: str
) -> tuple[str, bool]:
    """Make the text of an element ready for the next one.

    Args:
        text: the lines of `before`.
        speaking: whether a speech stands open behind it.
        leads: whether `element` must go on with that speech.

    Returns:
        The text with as many blank lines as it needs, and whether `element` goes on with the speech.
    """
    neighbours = _neighbours(before.source, element.source)
    if speaking and element.kind in _CONTINUES:
        if neighbours and not (leads and ends_separated(text)):
            return text, not ends_separated(text)
        kept = "  " + newline if before.kind is element.kind is Kind.LYRIC else ""
        return without_blank_end(text, newline) + kept, True
    return (text if neighbours and not speaking else _separated(text, newline)), False


def _piece(element: Element, newline: str, followed: bool) -> str:
    """Return the lines of an element, as read where they still say the same."""
    as_read = element.source is not None and (element.kind is not Kind.CUE or element.forced or followed)
    if element.source is not None and as_read:
        return element.source.raw
    return (lay_out(element, speaks=followed) + "\n").replace("\n", newline)


def _neighbours(before: Source | None, after: Source | None) -> bool:
    if before is None or after is None or not before.origin or before.origin != after.origin:
        return False
    return before.raw[-1:] in ("\r", "\n") and before.line + count_line_ends(before.raw) == after.line


def _opened(script: Script, front: str, first: Element) -> str:
    """Return the front, with a blank line behind the title page if the first element is new there."""
    page = script.title_page
    if not page or _neighbours(page.source, first.source):
        return front
    return _separated(front, script.newline)


def _separated(text: str, newline: str) -> str:
    """Return a text that ends with a blank line."""
    if text.endswith("\r") and newline == "\n":
        newline = "\r\n"
    if text and text[-1] not in "\r\n":
        text += newline
    return text if ends_separated(text) else text + newline
