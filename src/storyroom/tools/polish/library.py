"""Harper, a grammar checker for English that runs in this process.

Of its several hundred rules only those are taken that kept silent, or were right, on five scripts of good
dialogue (678 lines): people in scripts speak in fragments, and most rules of style are wrong about that. In
speeches verbs are left alone, because "he don't" may be how somebody talks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from storyroom.story.script import Kind
from storyroom.tools.polish.change import Change, ChangeKind, Edit
from storyroom.tools.polish.view import HIDDEN, Line

_RULES: dict[str, ChangeKind] = {
    "ModalOf": "grammar",
    "TheirToTheyre": "grammar",
    "ItsContraction": "grammar",
    "AnA": "grammar",
    "AdjectiveDoubleDegree": "grammar",
    "SimplePastToPastParticiple": "grammar",
    "DidPast": "grammar",
    "ToTwoToo": "grammar",
    "UseToUsedTo": "grammar",
    "SupposedTo": "grammar",
    "AllIntentsAndPurposes": "grammar",
    "PronounVerbAgreement": "grammar",
    "PronounInflectionBe": "grammar",
}
_VERBS = frozenset({"PronounVerbAgreement", "PronounInflectionBe", "SimplePastToPastParticiple"})
_ABSENT = "Harper is not installed (pip install harper-py); Storyroom's own rules alone checked the grammar."
_MARKS = re.compile(rf"[*_{HIDDEN}]")


def by_library(lines: Sequence[Line]) -> tuple[list[Change], list[str]]:
    """Return what the library finds in English lines, and what to tell the reader."""
    linter = _linter()
    if linter is None:
        return [], [_ABSENT]
    return [change for line in lines if not line.chinese for change in _found(linter, line)], []


def _found(linter: Any, line: Line) -> list[Change]:
    # Marks of emphasis and what is hidden become spaces, so that every place stays as it is.
    text = _MARKS.sub(" ", line.text)
    found = []
    for rule, lints in linter.organized_lints(text, language="plaintext").items():
        spared = rule not in _RULES or (rule in _VERBS and line.element.kind is not Kind.ACTION)
        for lint in () if spared else lints:
            suggestions = [one for one in lint.suggestions if one.replacement_text]
            if len(suggestions) != 1:
                continue
            edit = Edit(lint.span.start, lint.span.end, suggestions[0].replacement_text)
            reason = lint.message if lint.message.endswith((".", "!", "?")) else f"{lint.message}."
            found.append(Change(line.place, (edit,), _RULES[rule], reason, f"harper: {rule}"))
    return found


@cache
def _linter() -> Any:
    """Return the library's checker, or None where it is not installed."""
    try:
        from harper import Linter
    except ImportError:
        return None
    linter = Linter()
    # With all of its rules it takes six times as long.
    linter.set_lint_config({rule: rule in _RULES for rule in linter.get_lint_config()})
    return linter
