"""What a text is about by name: the things in it, as they would stand in another sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from storyroom.story.checks import common

_DETERMINERS = frozenset("the a an her his its their our my this that one another".split())  # noqa: SIM905
_TOKEN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*|[.,;:!?…]")
_LONGEST = 3


def things(text: str, names: Collection[str] = ()) -> tuple[str, ...]:
    """Return the things that an English text names, with the article they would take: ``the red cone``.

    Args:
        names: names of people, which are no things.

    >>> things("Bea finds the missing page in Pell's tin box at the Post Office.", ["Bea", "Pell"])
    ('the missing page', "Pell's tin box", 'the Post Office')
    """
    people = {name.casefold() for name in names}
    found: dict[str, None] = {}
    tokens = _TOKEN.findall(text)
    for place, token in enumerate(tokens):
        owner = token.endswith(("'s", "’s")) and token[0].isupper()
        if owner or token.lower() in _DETERMINERS:
            words = list(_noun(tokens[place + 1 :]))
            if words and not (len(words) == 1 and words[0].casefold() in people):
                start = token if owner else "the"
                found[" ".join((start, *words))] = None
    return tuple(found)


def _noun(tokens: list[str]) -> Iterator[str]:
    """Yield the words after an article that belong to it, as far as their look tells."""
    words: list[str] = []
    for token in tokens[:_LONGEST]:
        if not token[0].isalpha() or token.lower() in common() or token.endswith(("'s", "’s")):
            break
        if words and words[-1][0].isupper() and not token[0].isupper():
            break
        words.append(token)
    # "the lamp fails", "the truth owed": what follows a noun in small letters and looks like a verb is one.
    while len(words) > 1 and words[-1].islower() and words[-1].endswith(("s", "ed")):
        words.pop()
    return iter(words)
