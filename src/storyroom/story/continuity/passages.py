"""Passages that a judge compares, and the quotes that it has to give from both.

Nothing here is certain. A clash is reported only where both quotes stand in the script word for word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from storyroom.story.asides import printed
from storyroom.story.canon.moment import Moment
from storyroom.story.continuity.case import Case
from storyroom.story.continuity.finding import Finding, Line
from storyroom.story.script import UNPRINTED, Element

_LEAST = 4
"""Fewest characters of a quote: a shorter one stands in any scene."""

_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\uff0c\uff1b\uff1a\uff01\uff1f", "''\"\",;:!?")


def quoted(quote: str, elements: Sequence[Element]) -> Element | None:
    """Return the line that holds a quote word for word; None where none does.

    Spaces, the form of quotation marks, and marks around the whole quote do not count.
    """
    wanted = _plain(quote).strip("\"' ….")
    if len(wanted) < _LEAST:
        return None
    seen = (one for one in elements if one.kind not in UNPRINTED)
    return next((one for one in seen if wanted in _plain(printed(one.text))), None)


def likely_contradiction(case: Case) -> Iterator[Finding]:
    """Yield what a judge finds in passages that cannot both be true, each two lines once."""
    told: set[tuple[Line, Line]] = set()
    scenes = {scene.at: scene for scene in case.scenes}
    before = dict(case.earlier)
    for pair in case.pairs if case.judge is not None else ():
        assert case.judge is not None, "pairs are for a judge"
        clash = case.judge.compare(pair)
        if clash is None:
            continue
        scene = scenes[pair.later.at]
        element = quoted(clash.later, scene.elements)
        against = _earlier(case, pair.earlier.at, clash.earlier, before.get(pair.earlier.at, ()))
        if element is None or against is None:
            continue
        here = scene.line(element)
        if (here, against) in told or here == against:
            continue
        told.add((here, against))
        yield case.finding(
            "likely_contradiction",
            here,
            (
                clash.reason,
                "Change one of the two lines, or let the script tell why both are true.",
                clash.reason,
                "改掉其中一处，或者交代为什么两处都成立。",
            ),
            against=against,
            source=case.judge.name,
        )


def _earlier(case: Case, at: Moment, quote: str, elements: Sequence[Element]) -> Line | None:
    """Return the earlier line that holds a quote: of the script itself, or of an earlier episode."""
    own = next((scene for scene in case.scenes if scene.at == at), None)
    element = quoted(quote, elements if own is None else own.elements)
    if element is None:
        return None
    if own is not None:
        return own.line(element)
    return Line(scene=at.scene, quote=printed(element.text), element=element.id, episode=at.episode)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split())
