"""Patterns with slots, which a small model fills from left to right.

A pattern holds `[name]`, where one of a list is chosen, and `<name>`, where a few words are written. The text
up to a slot is given as the beginning of the answer, and the model goes on with it under a grammar of that
slot alone: held to a whole pattern by one grammar, it spells the fixed words in odd pieces and then garbles
its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyroom.agents.checking import sound
from storyroom.agents.desk import Checks, Desk, Form
from storyroom.prompts import render
from storyroom.story.bible import Language
from storyroom.story.checks import key_terms, line_form, mentions

_SLOT = re.compile(r"\[(?P<choice>\w+)\]|<(?P<free>\w+)>")
_CHOOSING = {"temperature": 1.1, "min_p": 0.02}
_WRITING = {"temperature": 0.5, "min_p": 0.06, "repeat_penalty": 1.05, "dry": 1.0}
_ATTEMPTS = 6
# Wide, because a sentence that reaches its bound is cut; commas are out, because they make it run on.
_MOST_WORDS = 20
_WANTED_WORDS = range(4, 13)
_SAME_WORDS = 3
_COPIED_WORDS = 2
# What small models break off behind, besides what no statement ends with.
_DANGLING = frozenset("to with at by into is was are be been".split())  # noqa: SIM905
# What small models make of contractions.
_MISSPELT = frozenset(
    """
    dont doesnt didnt cant couldnt wont wouldnt isnt arent wasnt werent hasnt havent hadnt shouldnt im ive id
    hes shes theyre theyve youre youve weve thats whats theres
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Filling:
    """A pattern with what may stand in its slots.

    Attributes:
        lines: the pattern, one text a line.
        choices: what each `[name]` may become.
        pieces: what each `<name>` may become; a name that is missing here is written freely.
        names: words with a capital that may stand in what is written freely.
    """

    lines: Sequence[str]
    choices: Mapping[str, Sequence[str]]
    pieces: Mapping[str, Sequence[str]]
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Filled:
    """A pattern as it was filled.

    Attributes:
        lines: the pattern's lines with everything in its place.
        written: what the model wrote itself, in order.
    """

    lines: tuple[str, ...]
    written: tuple[str, ...]


async def fill(
    desk: Desk,
    template: str,
    begun: str,
    filling: Filling,
    *,
    said: Sequence[str] = (),
    unwanted: Collection[str] = (),
    **variables: Any,
) -> Filled:
    """Have the model of a desk fill a pattern.

    Args:
        template: of the task's prompt.
        begun: what stands before the pattern's first line.
        said: pieces that were written elsewhere and are not wanted again.
        unwanted: words that no piece should have.
        variables: for the template.
    """
    whole, so_far, place = "\n".join(filling.lines), "", 0
    written: list[str] = []
    shown = _Shown(render(desk.language, template, guided=True, **variables), begun)
    for slot in _SLOT.finditer(whole):
        so_far += whole[place : slot.start()]
        place = slot.end()
        name = slot["choice"] or slot["free"]
        options = filling.choices[name] if slot["choice"] else filling.pieces.get(name)
        if options is None:
            judge = _Judge(so_far, shown, (*said, *written), _MISSPELT.union(unwanted))
            piece = await _write(desk, template, begun + so_far, filling.names, judge, variables)
            written.append(piece.strip())
        else:
            piece = await _choose(desk, template, begun + so_far, options, variables)
        so_far += piece
    return Filled(tuple((so_far + whole[place:]).split("\n")), tuple(written))


async def _choose(
    desk: Desk, template: str, prefill: str, options: Sequence[str], variables: dict[str, Any]
) -> str:
    """Have one of a list chosen."""
    if len(options) == 1:
        return options[0]
    # The answer goes on behind a space: a model that is given the space too begins with half a word.
    space = " " if prefill.endswith(" ") else ""
    grammar = f"root ::= {' | '.join(_literal(space + option) for option in options)}\n"
    return await desk.write(
        template,
        prefill=prefill.removesuffix(" ") if space else prefill,
        form=Form("choice", {"grammar": grammar, **_CHOOSING}, 40),
        read=lambda text: _one_of(text.strip(), options),
        attempts=2,
        **variables,
    )


async def _write(
    desk: Desk,
    template: str,
    prefill: str,
    names: Sequence[str],
    checks: Checks[str],
    variables: dict[str, Any],
) -> str:
    """Have a few words written, up to the full stop."""
    known = "".join(f" | {_literal(name)}" for name in dict.fromkeys(names))
    grammar = (
        f'root ::= (" " word){{2,{_MOST_WORDS}}} "."\n'
        f'word ::= [a-z]{{1,13}} | [a-z]{{1,12}} [a-rt-z] "\'s" | [a-z]{{1,6}} "n\'t"{known}\n'
    )
    return await desk.write(
        template,
        prefill=prefill,
        form=Form("a few words", {"grammar": grammar, **_WRITING}, 60),
        read=_ended,
        checks=checks,
        attempts=_ATTEMPTS,
        **variables,
    )


class _Shown:
    """The words that a small model could copy from its prompt."""

    def __init__(self, prompt: str, matter: str) -> None:
        self._words = key_terms(prompt) - key_terms(matter)

    def copied(self, piece: str) -> bool:
        """Whether a piece has several words of the examples, or none of its own."""
        again = mentions(piece, self._words)
        return len(again) >= _COPIED_WORDS or (bool(again) and len(again) == len(key_terms(piece)))


@dataclass(frozen=True)
class _Judge:
    """Finds what is wrong with a piece.

    Attributes:
        before: the pattern up to the piece.
        said: pieces that are not wanted again.
        unwanted: words that are not wanted.
    """

    before: str
    shown: _Shown
    said: Sequence[str]
    unwanted: Collection[str]

    def __call__(self, piece: str) -> list[str]:
        faults, words = sound(piece), piece.rstrip(".").split()
        if len(words) not in _WANTED_WORDS:
            faults.append(f"has {len(words)} words")
        if any(line_form(piece) == line_form(other) for other in self.said):
            faults.append("was said before")
        if self.shown.copied(piece):
            faults.append("is copied from the examples")
        line = self.before.rpartition("\n")[2]
        faults += [
            f"names {word} again" for word in words if word[0].isupper() and word != "I" and word in line
        ]
        if words and words[-1] in _DANGLING:
            faults.append(f"breaks off: {words[-1]}")
        faults += [f"has the word {word}" for word in words if word in self.unwanted]
        if len(key_terms(piece) & key_terms(line)) >= _SAME_WORDS:
            faults.append("says what the sentence has said")
        return faults


def _ended(text: str) -> str:
    if not text.endswith("."):
        raise ValueError("the sentence was cut off")
    return text


def _one_of(text: str, options: Sequence[str]) -> str:
    if text not in options:
        raise ValueError(f"{text!r} was not to be chosen")
    return text


def pronouns(subject: str, name: str, language: Language) -> dict[str, str]:
    """Return how one is spoken of, as `she`, `her` (object) and `hers`; by name where no pronoun is known.

    Args:
        subject: the pronoun as a subject: `she`, `he`, `她`, `他`; or empty.
    """
    if not subject:
        return {"she": name, "her": name, "hers": f"{name}'s" if language == "en" else f"{name}的"}
    if language == "zh":
        return {"she": subject, "her": subject, "hers": f"{subject}的"}
    other, own = {"she": ("her", "her"), "he": ("him", "his")}[subject]
    return {"she": subject, "her": other, "hers": own}


def _literal(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'
