"""Who does what in action: sentences of prose with their subjects, by simple rules.

A subject is a name of the cast in front of a verb, or a pronoun that can only mean one of those just named.
What the rules cannot tell has no subject. They are made to be right rather than complete: what is read out of
prose is never more than likely.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from storyroom.story.asides import printed
from storyroom.story.han import HAN
from storyroom.story.people import People
from storyroom.story.script import Element, Kind

Gender = Literal["he", "she"]
Genders = Mapping[str, Gender]

_HAN = re.compile(f"[{HAN}]")
_SENTENCE = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|St|Sgt|Capt|Prof)\.|[^.!?。！？…\n]|\.(?=\w)){1,600}[.!?。！？…”’\"]*"
)
# An object is somebody else than the subject: only what belongs to a name speaks for it.
_PRONOUN = re.compile(
    r"(?P<he>\b(?:he|his|himself)\b|他(?=的|自己))"
    r"|(?P<she>\b(?:she|hers|herself|her(?=\s+(?!the\b|a\b|an\b|to\b|in\b|on\b|with\b|up\b|into\b"
    r"|and\b|from\b|by\b|as\b|at\b)\w))\b"
    r"|她(?=的|自己))",
    re.IGNORECASE,
)
_STARTS_WITH = re.compile(
    r"(?:(?:then|and|but|now|slowly|finally|only then),?\s+)*(he|she)\b|(?:然后|接着|于是)?(他|她)(?![们的])",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\b(?:to|at|of|with|for|on|by|from|beside|behind|past|after|towards?|near|into|like|as|than|and"
    r"|beneath|under)\s+$",
    re.IGNORECASE,
)
_VERB = (
    r"(?:\s*\([^)]*\))?(?:\s*,[^,.;]{1,60},)?(?:\s+(?:\w+ly|just|still|only|now|then|never|also"
    r"|both))*\s+(?P<verb>[a-z]+(?:s|es)|do|have|are)\b"
)
_NOT_VERBS = frozenset(
    re.findall(
        r"\w+",
        """
        his hers its this as us has was always perhaps besides across towards afterwards
        """,
    )
)
_MEN = re.compile(
    r"^(?:mr|sir|father|lord|king|uncle|brother|grandfather)\b|(?:叔公|爷|伯|叔|汉|爸|哥|先生)$",
    re.IGNORECASE,
)
_WOMEN = re.compile(
    r"^(?:mrs|ms|miss|lady|sister|mother|aunt|queen|grandmother)\b|(?:婆|婶|嫂|姨|姐|妈|娘|奶奶|女士)$",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"[，,；;]\s*(?:and |but |while |then |而|然后|接着)?$", re.IGNORECASE)
_TITLE = 4
_LONGEST_WORD = 20


@dataclass(frozen=True)
class Doing:
    """A sentence of action, or that part of it which has one subject.

    Attributes:
        who: by the name of the cast; empty where the rules cannot tell.
        text: the words, from the subject on.
        element: the paragraph.
        start: where in the printed text of the paragraph it begins.
        sentence: the whole sentence.
        own: the words up to the clause in which somebody else begins to do something.
    """

    who: str
    text: str
    element: Element
    start: int
    sentence: str
    own: str


def doings(elements: Sequence[Element], people: People, genders: Genders) -> Iterator[Doing]:
    """Yield what is done in a scene, sentence by sentence."""
    last: list[str] = []
    for element in elements:
        if element.kind is Kind.CUE:
            last += [who.name for who in people.everyone(element.text) if who.known]
        if element.kind is not Kind.ACTION:
            continue
        text = printed(element.text)
        for sentence in _SENTENCE.finditer(text):
            parts = _subjects(sentence[0], people, genders, last)
            for place, (who, start) in enumerate(parts):
                if who:
                    last.append(who)
                rest = sentence[0][start:]
                others = (other - start for _, other in parts[place + 1 :])
                own = next((rest[:end] for end in others if _CLAUSE_ENDS.search(rest[:end])), rest)
                yield Doing(
                    who, rest.strip(), element, sentence.start() + start, sentence[0].strip(), own.strip()
                )
            # Who is only mentioned can be meant by the next pronoun too.
            last += [name for name in named_in_order(sentence[0], people) if name not in last[-3:]]


def _subjects(sentence: str, people: People, genders: Genders, last: Sequence[str]) -> list[tuple[str, int]]:
    """Return the subjects of a sentence with the places where their parts begin."""
    if pronoun := starting_pronoun(sentence):
        return [(_meant(pronoun, genders, last), 0)]
    chinese = bool(_HAN.search(sentence))
    found_names = [
        (who, start)
        for who, start, end in mentions(sentence, people)
        if (is_han_subject(sentence, start, end) if chinese else _is_subject(sentence, start, end))
    ]
    if not found_names:
        return [("", 0)]
    return [(found_names[0][0], 0), *found_names[1:]]


def starting_pronoun(sentence: str) -> Gender | None:
    """Return the pronoun that is the subject of a sentence, if it begins with one."""
    found = _STARTS_WITH.match(sentence.strip())
    if found is None:
        return None
    return "he" if (found[1] or "").lower() == "he" or found[2] == "他" else "she"


def _meant(gender: Gender, genders: Genders, last: Sequence[str]) -> str:
    """Return the last one who can be meant by a pronoun; nobody where two can and nothing tells which."""
    recent = list(dict.fromkeys(reversed(last)))[:4]
    sure = [name for name in recent if genders.get(name) == gender]
    open_ = [name for name in recent if genders.get(name) in (None, gender)]
    if sure:
        return sure[0]
    return open_[0] if len(open_) == 1 else ""


def _is_subject(sentence: str, start: int, end: int) -> bool:
    before = sentence[max(0, start - _LONGEST_WORD) : start]
    if _NO_SUBJECT.search(before) and not before.lower().rstrip().endswith(" and"):
        return False
    found = re.match(_VERB, sentence[end:])
    return bool(found) and found["verb"] not in _NOT_VERBS if found else False


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text, each with the place where it begins."""
    return ((found.start(), found[0]) for found in _SENTENCE.finditer(text))


def is_han_subject(sentence: str, start: int, end: int) -> bool:
    """Whether a name stands at the beginning of a clause, and something is said behind it."""
    clause = re.split(r"[，；。！？：]", sentence[:start])[-1]
    behind = sentence[end : end + 1]
    if not behind or behind in "，。！？；的、":
        return behind == "，" and not clause and len(sentence) > end + 2
    if re.search(r"[给把被对向替跟和与让叫扶推看见递到]$", clause) or re.search(r"[着了过]$", clause):
        return False
    return len(clause) <= 10


def named_in_order(text: str, people: People) -> list[str]:
    """Return who of the cast a text names, in order, each as often as it does."""
    return [who for who, _, _ in mentions(text, people)]


@lru_cache(maxsize=8192)
def mentions(text: str, people: People) -> tuple[tuple[str, int, int], ...]:
    """Return who of the cast a text names, and where each name begins and ends; the longest counts."""
    pattern, who = _names(tuple((one.name, one.names) for one in people.cast))
    return tuple(
        (who[" ".join(one[0].casefold().split())], one.start(), one.end()) for one in pattern.finditer(text)
    )


@lru_cache(maxsize=64)
def _names(cast: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    who = {" ".join(name.casefold().split()): own for own, names in cast for name in names}
    longest = sorted(who, key=len, reverse=True)
    parts = [re.escape(name) if _HAN.search(name) else rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest]
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE), who


def genders_of(scenes: Iterable[Sequence[Element]], people: People) -> dict[str, Gender]:
    """Return who is ``he`` and who is ``she``, as titles and the pronouns next to names in action tell."""
    votes: dict[str, Counter[Gender]] = {one.name: Counter() for one in people.cast}
    for member in people.cast:
        votes[member.name]["he"] += _TITLE * any(_MEN.search(name) is not None for name in member.names)
        votes[member.name]["she"] += _TITLE * any(_WOMEN.search(name) is not None for name in member.names)
    for elements in scenes:
        for place, element in enumerate(elements):
            if element.kind is Kind.ACTION:
                _vote(printed(element.text), people, votes)
                _vote_for_next(elements, place, people, votes)
    return {
        name: ranked[0][0]
        for name, one in votes.items()
        if (ranked := (+one).most_common()) and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1])
    }


def _vote(text: str, people: People, votes: dict[str, Counter[Gender]]) -> None:
    """Let the pronouns behind the only name of a sentence, or of a paragraph, speak for it."""
    for passage, weight in [*((one, 2) for one in _SENTENCE.findall(text)), (text, 1)]:
        here = mentions(passage, people)
        behind = [_gender(one) for one in _PRONOUN.finditer(passage) if here and one.start() > here[0][1]]
        if len({who for who, _, _ in here}) == 1 and len(set(behind)) == 1:
            votes[here[0][0]][behind[0]] += weight


def _vote_for_next(
    elements: Sequence[Element], place: int, people: People, votes: dict[str, Counter[Gender]]
) -> None:
    """Let a paragraph that is all about one pronoun speak for whoever goes on speaking below it."""
    sentences = _SENTENCE.findall(printed(elements[place].text))
    pronoun = starting_pronoun(sentences[-1]) if sentences else None
    below = elements[place + 1] if place + 1 < len(elements) else None
    if pronoun is not None and below is not None and below.kind is Kind.CUE:
        for who in people.everyone(below.text):
            if who.known:
                votes[who.name][pronoun] += 1


def _gender(pronoun: re.Match[str]) -> Gender:
    return "he" if pronoun["he"] else "she"
