"""Rules for English that leave no doubt. What may be said on purpose, dialect above all, is no slip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storyroom.story.script import Kind
from storyroom.tools.polish.change import Change
from storyroom.tools.polish.finding import Pattern
from storyroom.tools.polish.view import Line

_ABBREVIATED = frozenset(
    ("etc", "approx", "vs", "inc", "ltd", "sgt", "capt", "gen", "col", "prof", "mrs", "messrs", "vol", "est")
)
_SHORT = {
    **dict.fromkeys(("youre", "theyre"), 2),
    **dict.fromkeys(("youve", "theyve"), 2),
    **dict.fromkeys(("youll", "theyll"), 2),
    **dict.fromkeys(("thats", "whats"), 1),
}
# "Plan a is", "an A in": no article stands before such words.
_NO_NOUN = "in|is|and|or|at|on|of|as|if|it|are|an|a|also|any|all|away|about|after|again|into|out|over|off"
_FROM_A_VOWEL = rf"(?!(?:{_NO_NOUN}|eu\w*|ewe\w*|one\w*|once)\b)[aeio][a-z]+|un(?!i)[a-z]+|ugly|umbrella\w*"
_FROM_A_CONSONANT = r"[bcdfgjklmnpqrstvwxyz][a-z]+|uni(?:f|t|v)[a-z]+|one|euro\w*"
_THIRD_PERSON = {
    "go": "goes", "have": "has", "do": "does", "try": "tries", "carry": "carries", "push": "pushes",
    "watch": "watches", "reach": "reaches", "cross": "crosses", "catch": "catches", "pass": "passes",
}  # fmt: skip
_THIRD_PERSON |= {
    word: f"{word}s"
    for word in """
    come take look walk turn open want know see say make get give run sit stand pull hold nod smile stare
    grab pick leave enter step move wait listen read write drop
    """.split()  # noqa: SIM905
}


_EVERYWHERE = (
    Pattern(
        "repetition",
        re.compile(
            r"\b(?P<old>(the|a|an|of|to|and|or|for|from|with|at|my|your|our|their) +\2)\b", re.IGNORECASE
        ),
        lambda one: one[2],
        "“{new}” stands twice.",
    ),
    Pattern(
        "grammar",
        re.compile(r"\b(?:should|could|would)(?:n['’]t)? (?P<old>of)\b(?! course)", re.IGNORECASE),
        lambda _: "have",
        "After should, could and would it is “have”.",
    ),
    Pattern(
        "grammar",
        re.compile(
            r"\b(?:do|did|does|is|was|are|were|could|would|should|has|have|had)(?P<old>nt)\b", re.IGNORECASE
        ),
        lambda one: one["old"][0] + "'" + one["old"][1],
        "A short form has an apostrophe.",
    ),
    Pattern(
        "grammar",
        re.compile(rf"\b(?:{'|'.join(_SHORT)})\b", re.IGNORECASE),
        lambda one: one[0][: -_SHORT[one[0].lower()]] + "'" + one[0][-_SHORT[one[0].lower()] :],
        "A short form has an apostrophe.",
    ),
    Pattern("grammar", re.compile(r"\b[Aa](?P<old>lot)\b"), lambda _: " lot", "“A lot” is two words."),
    Pattern(
        "grammar",
        re.compile(rf"(?<![\w'’.-])(?P<old>[Aa])(?= (?:{_FROM_A_VOWEL})\b)"),
        lambda one: one["old"] + "n",
        "Before a vowel it is “{new}”.",
    ),
    Pattern(
        "grammar",
        re.compile(rf"\b(?P<old>[Aa]n)(?= (?:{_FROM_A_CONSONANT})\b)"),
        lambda one: one["old"][0],
        "Before a consonant it is “{new}”.",
    ),
    Pattern(
        "grammar",
        re.compile(r"(?<![\w.'’(-])(?P<old>i)(?=\s|['’](?:m|ve|ll|d)\b)"),
        lambda _: "I",
        "“I” is written large.",
    ),
    Pattern(
        "punctuation",
        re.compile(r"\b(?:[a-z]+ ){2}(?P<before>[a-z]{3,})\. (?P<old>[a-z])(?=[a-z]+[\s,.!?])"),
        lambda one: one["old"] if one["before"] in _ABBREVIATED else one["old"].upper(),
        "A sentence begins with a capital letter.",
    ),
)
# Only where the script itself speaks: in a speech, "he don't" may be just how somebody talks.
_IN_ACTION = Pattern(
    "grammar",
    re.compile(rf"(?:^|[.!?] )(?:He|She|It) (?P<old>{'|'.join(_THIRD_PERSON)})\b(?! ?')"),
    lambda one: _THIRD_PERSON[one["old"]],
    "After he, she and it the verb has an ending: “{new}”.",
)


def english(line: Line) -> Iterator[Change]:
    """Yield what is certainly wrong in a line of English."""
    for rule in _EVERYWHERE:
        yield from rule.changes(line)
    if line.element.kind is Kind.ACTION:
        yield from _IN_ACTION.changes(line)
