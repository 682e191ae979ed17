"""A member's storyline, as they wrote it, read as a pitch: a form if it is one, or else prose.

    conflict: Mara wants the page.          A robot lands on the Quay. Bea hides it in the
    ending: Bea burns it.                   Boathouse. Mara has to choose.

The words stay as they are. The sentences of prose are shared out over conflict, turn and ending in order; a
single one is the conflict, and what then is left over stays empty.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from storyroom.agents import forms
from storyroom.agents.idea import one_text, sentences
from storyroom.agents.reading import read_form
from storyroom.errors import InputError
from storyroom.story.plan import Pitch
from storyroom.story.text import ENDS

_CHINESE = {"标题": "title", "集名": "title", "冲突": "conflict", "转折": "turn", "结局": "ending"}
_FIELDS = frozenset(Pitch.model_fields)
_LABELS = re.compile(rf"(?m)^({'|'.join(_CHINESE)})[:：][ \t]*")


def read_pitch(text: str) -> Pitch:
    """Return what a member wrote as a pitch.

    Raises:
        InputError: it is a form with a field that a pitch does not have, or it tells nothing.
    """
    labelled = _LABELS.sub(lambda found: f"{_CHINESE[found[1]]}: ", text)
    if _is_form(labelled):
        pitch = Pitch(**read_form(forms.OwnStory, labelled).model_dump())
    else:
        pitch = _shared_out(sentences(text))
    if not pitch.lines:
        raise InputError("The pitch tells nothing.", hint="Say in a sentence or more what happens.")
    return pitch


def is_keyword(text: str) -> bool:
    """Tell whether a text is no sentence: it ends without a mark, as `an alien robot` does."""
    return not text.rstrip("”’\"') ").endswith(tuple(ENDS))


def _is_form(text: str) -> bool:
    """Tell whether a text is YAML with at least one of a pitch's fields; prose may look like YAML, too."""
    try:
        page: Any = YAML(typ="safe").load(text)
    except YAMLError:
        return any(line.startswith(f"{field}:") for field in _FIELDS for line in text.splitlines())
    return isinstance(page, dict) and not _FIELDS.isdisjoint(map(str, page))


def _shared_out(said: list[str]) -> Pitch:
    count = len(said)
    cuts = [round(count * part / 3) for part in range(4)] if count > 2 else [0, min(1, count), count, count]
    conflict, turn, ending = (one_text(said[a:b]) for a, b in itertools.pairwise(cuts))
    return Pitch(title="", conflict=conflict, turn=turn, ending=ending)
