"""The grammar of a scene for a small model: the same screenplay, with less left to choose.

A model of a hundred million parameters keeps no thread: it lets one person speak on and on, invents names,
and leaves the matter. So here nobody speaks twice running, a capital in mid-sentence is a known name, and
some of the speeches must name a thing that the scene is about. What is said stays the model's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from storyroom.models.cues import cue_text
from storyroom.story.script import Kind


class Phrases(NamedTuple):
    """Beginnings of sentences, which leave a small model still less to get wrong.

    Attributes:
        openings: what can stand before a thing: ``Tell me about``. No two speeches share one.
        deeds: what somebody can do to something: ``picks up``.
    """

    openings: tuple[str, ...]
    deeds: tuple[str, ...]


_WORDS = r"""
said ::= sentence (" " sentence)?
told ::= naming (" " sentence)?
sentence ::= first (joint word){2,15} end
naming ::= first (joint word){0,5} " " thing (joint word){0,10} end
action ::= person " " lower (joint word){3,16} "."
"""


_PHRASED = r"""
said ::= sentence (" " sentence)?
sentence ::= first (joint word)? (" " word){1,13} end
naming-end ::= " " thing (" " word){0,10} end
action ::= person " " deed (" " word){1,12} "."
interjection ::= "No. " | "Yes. " | "Wait. " | "Listen. " | "So. "
"""
_SHARED = r"""
first ::= [A-Z] [a-z]{0,12} ("'" [a-z]{1,2})?
word ::= lower | name | "I" | "I'm" | "I'll" | "I've" | "I'd"
lower ::= [a-z]{1,14} ("'" [a-z]{1,2})?
joint ::= " " | ", "
end ::= [.!?]
"""


def guided_scene_grammar(
    speakers: Sequence[str],
    *,
    names: Sequence[str],
    things: Sequence[str],
    speeches: int,
    phrases: Phrases | None = None,
) -> str:
    """Return the GBNF grammar of an English scene that goes on below a first cue.

    Every second speech names one of the things, and one paragraph of action stands in the middle.

    Args:
        speakers: who may speak; the first one's cue is written already.
        names: names that may be used in speech; only the speakers act.
        things: what the scene is about, as it would stand in a sentence: ``the red cone``.
        speeches: how many speeches there are, 2 or more.
        phrases: how the sentences that name a thing, and the action, begin; freely when not given.
    """
    cues = [cue_text(name) for name in speakers]
    said = [_said(number, things, phrases) for number in range(speeches)]
    rules = [f'root ::= {said[0]} "\\n\\n" {_after(1, 0)}']
    for number in range(1, speeches):
        action = '(action "\\n\\n") ' if number == speeches // 2 else ""
        for last in range(len(cues)):
            others = [i for i in range(len(cues)) if i != last] or [last]
            ways = [
                f'"{cues[i]}" "\\n" {said[number]} '
                + (f'"\\n\\n" {_after(number + 1, i)}' if number + 1 < speeches else '"\\n"')
                for i in others
            ]
            rules.append(f"{_after(number, last)} ::= {action}({' | '.join(ways)})")
    if phrases is not None and things:
        rules += _naming(phrases, told=(speeches + 1) // 2)
        rules.append(f"deed ::= {_either(phrases.deeds)}")
        return "\n".join(rules) + _PHRASED + _vocabulary(speakers, names, things)
    return "\n".join(rules) + _WORDS + _vocabulary(speakers, names, things)


def guided_line_grammar(
    kind: Kind, speakers: Sequence[str], *, names: Sequence[str], things: Sequence[str]
) -> str:
    """Return the GBNF grammar of one line of such a scene."""
    line = "action" if kind is Kind.ACTION else _said(0, things)
    return f"root ::= {line}{_WORDS}{_vocabulary(speakers, names, things)}"


def _said(number: int, things: Sequence[str], phrases: Phrases | None = None) -> str:
    if not things or number % 2:
        return "said"
    return "told" if phrases is None else f"told-{number // 2}"


def _naming(phrases: Phrases, *, told: int) -> list[str]:
    """Return the rules of the speeches that name a thing, the openings dealt out among them."""
    return [
        f"told-{place} ::= interjection? ({_either(phrases.openings[place::told])}) "
        'naming-end (" " sentence)?'
        for place in range(told)
    ]


def _after(number: int, last: int) -> str:
    return f"after-{number}-{last}"


def _vocabulary(speakers: Sequence[str], names: Sequence[str], things: Sequence[str]) -> str:
    lists = {"person": speakers, "name": names, "thing": things or names}
    return _SHARED + "".join(f"{rule} ::= {_either(texts)}\n" for rule, texts in lists.items())


def _either(texts: Sequence[str]) -> str:
    return " | ".join('"' + text.replace('"', "") + '"' for text in dict.fromkeys(texts))
