"""The lines that answer a note: whether they still do, and which turn undid it.

A note that was followed word for word is answered as long as those words stand in the draft, whatever else
their line has come to say. Any other is answered as long as its line keeps half of the words that answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storyroom.memory.history import makers
from storyroom.memory.ledger import Ledger
from storyroom.story.checks import line_form
from storyroom.story.draft import SceneDraft
from storyroom.story.paper import outline_paper
from storyroom.story.plan import Outline
from storyroom.story.turn import Stage, Turn
from storyroom.story.wording import kept

_ENOUGH = 0.5

Said = Mapping[str, Any]
"""The body of a turn about a note: `lines`, their texts as `quotes`; `words` and `without` if it has them."""


def undone(answer: Said, texts: Mapping[str, str]) -> bool:
    """Tell whether a draft does not follow a note any more that an earlier one followed.

    Args:
        texts: what each line of the draft says now.
    """
    if _to_the_word(answer):
        forms = [line_form(text) for text in texts.values()]
        gone = any(not _in_any(words, forms) for words in answer.get("words", ()))
        return gone or any(_in_any(words, forms) for words in answer.get("without", ()))
    return not all(still(answer, line, texts.get(line)) for line in answer.get("lines", ()))


def still(answer: Said, line: str, text: str | None) -> bool:
    """Tell whether a line that answered a note still does, going by what it says now; None if it is gone."""
    if text is None:
        return False
    quote = dict(zip(answer["lines"], answer["quotes"], strict=True))[line]
    now = [line_form(text)]
    if held := [words for words in answer.get("words", ()) if _in_any(words, [line_form(quote)])]:
        return all(_in_any(words, now) for words in held)
    if without := answer.get("without"):
        return not any(_in_any(words, now) for words in without)
    return kept(quote, text) >= _ENOUGH


def holding(answer: Said, texts: Mapping[str, str]) -> list[str]:
    """Return the lines of a draft in which the words stand that a note gave; none where it gave none."""
    forms = {line: line_form(text) for line, text in texts.items()}
    return [
        line for line, form in forms.items() if any(_in_any(one, [form]) for one in answer.get("words", ()))
    ]


def undoing(ledger: Ledger, head: str | None, turn: Turn) -> Turn | None:
    """Return the turn whose version took an answer away that is still gone at a head; None if it stands.

    Args:
        turn: the turn about a note that named the lines.
    """
    slot = f"scene:{turn.scene}" if turn.task.stage is Stage.SCENE else "outline"
    versions = [one for one in ledger.drafts.line(head) if one.slot == slot]
    made = makers(ledger, versions)
    found: Turn | None = None
    for version in versions:
        if made[version.id].seq < turn.seq or not undone(turn.body, _texts(ledger, slot, version.draft)):
            break
        found = made[version.id]
    return found


def _texts(ledger: Ledger, slot: str, draft: str) -> dict[str, str]:
    if slot == "outline":
        lines = outline_paper(ledger.drafts.get(draft, Outline)).lines
        return {line.id: line.text for line in lines}
    return {line.id: line.text for line in ledger.drafts.get(draft, SceneDraft).lines}


def _to_the_word(answer: Said) -> bool:
    return bool(answer.get("words") or answer.get("without"))


def _in_any(words: str, forms: Sequence[str]) -> bool:
    form = line_form(words)
    return any(form in one for one in forms)
