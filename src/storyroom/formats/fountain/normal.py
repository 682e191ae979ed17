"""A script as Fountain can say it.

Trees that come from elsewhere can say more than Fountain. `normalise` gives the tree that a reader of the
written file will get:

- speech that no cue leads becomes action; dialogue after dialogue is joined by a kept blank line;
- a note or boneyard between a cue and its speech moves into the dialogue;
- action, lyrics and centred text with a blank line in them become two elements; headings, cues,
  parentheticals, transitions, sections and synopses are brought onto one line;
- a dialogue line in parentheses is a parenthetical, one that begins with ``~`` a lyric;
- an extension written in a cue's text, or a number in a heading's, is moved to its field;
- white space at the ends of lines, empty elements and parentheses around parentheticals go;
- ``[[`` and ``/*`` that nothing closes are escaped (``[\\[``, ``/\\*``): text added later could close them.

A tree that was read from Fountain stays as it is, those openers aside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from storyroom.formats.fountain.layout import lay_out, stray_openers
from storyroom.formats.fountain.parse import Reader
from storyroom.formats.fountain.title import normal_title_page
from storyroom.story.script import Element, Kind, Script

_ASIDES = frozenset({Kind.NOTE, Kind.BONEYARD})
SAID = frozenset({Kind.PARENTHETICAL, Kind.DIALOGUE})


def normalise(script: Script) -> Script:
    """Return the script that reading the written one gives; what it leaves as it is keeps its id and source.

    Where one element becomes several, the first of its kind keeps the id.

    Raises:
        FormatError: a title page key reads as a scene heading.
    """
    elements = [normal for element in script.elements() for normal in _normal(element)]
    elements = _joined(_led(_folded(elements)))
    return replace(script, title_page=normal_title_page(script.title_page)).with_elements(elements)


def _normal(element: Element) -> list[Element]:
    """Return an element as reading it alone gives it."""
    if element.source is not None and not stray_openers(element):
        return [element]
    if element.kind is Kind.CUE:
        read = Reader(lay_out(element, speaks=False)).elements
    else:
        read = Reader(lay_out(element), speech=element.kind in SAID).elements
    if len(read) == 1 and read[0].content == element.content:
        return [element.edited()]
    named = next((r for r in read if r.kind is element.kind), read[0] if read else None)
    return [
        r.edited(id=element.id, forced=element.forced) if r is named else r.edited(forced=False) for r in read
    ]


def leads_to_speech(elements: list[Element]) -> list[bool]:
    """Tell for each element whether it must stand in a speech: what is said, lyrics and asides above it."""
    leads = [False] * len(elements)
    following = False
    for index in range(len(elements) - 1, -1, -1):
        kind = elements[index].kind
        following = kind in SAID or (following and (kind is Kind.LYRIC or kind in _ASIDES))
        leads[index] = following
    return leads


def _folded(elements: list[Element]) -> Iterator[Element]:
    """Move asides that stand between cue and speech, or within speech, into the dialogue."""
    speech = False
    held: list[Element] = []
    for element, leads in zip(elements, leads_to_speech(elements), strict=True):
        if speech and leads and element.kind in _ASIDES:
            held.append(element.edited(kind=Kind.DIALOGUE, text=lay_out(element)))
            continue
        if held and element.kind is Kind.DIALOGUE:
            yield element.edited(text="\n".join(aside.text for aside in (*held, element)))
        else:
            yield from held
            yield element
        held = []
        speech = goes_on(element, speech)


def goes_on(element: Element, speech: bool) -> bool:
    """Whether a speech stands open behind this element, given whether one did before it."""
    return element.kind is Kind.CUE or (speech and (element.kind in SAID or element.kind is Kind.LYRIC))


def _led(elements: Iterable[Element]) -> Iterator[Element]:
    """Turn speech that no cue leads into action."""
    speech = False
    for element in elements:
        if element.kind in SAID and not speech:
            text = lay_out(element) if element.kind is Kind.PARENTHETICAL else element.text
            yield from _normal(element.edited(kind=Kind.ACTION, text=text))
        else:
            speech = goes_on(element, speech)
            yield element


def _joined(elements: Iterable[Element]) -> list[Element]:
    """Join dialogue that follows dialogue."""
    joined: list[Element] = []
    run: list[Element] = []
    for element in (*elements, None):
        if element is not None and element.kind is Kind.DIALOGUE:
            run.append(element)
            continue
        if run:
            joined.append(run[0] if len(run) == 1 else _join(run))
            run = []
        if element is not None:
            joined.append(element)
    return joined


def _join(run: list[Element]) -> Element:
    return run[0].edited(
        id=next((element.id for element in run if element.id), ""),
        text="\n\n".join(element.text for element in run),
    )
