"""News: a line that tells somebody's death or departure to whoever hears it."""

from __future__ import annotations

import re

from storyroom.story.canon.fact import Fact, FactKind
from storyroom.story.doing import mentions, sentences
from storyroom.story.people import People

TOLD_IN_WORDS: frozenset[FactKind] = frozenset({"death", "departure"})
"""The kinds of facts that spread as news."""

_NEWS: dict[FactKind, re.Pattern[str]] = {
    "death": re.compile(
        r"\b(?:(?:is|was|are|were|has|have|had)|['’]s|['’]re)\b(?: \w+)?"
        r" (?:dead|drowned|killed|shot|murdered|buried|gone|died)\b"
        r"|\b(?:died|drowned|passed away|lost (?:his|her) life)\b|\bkilled\b"
        r"|死了|死在|去世|过世|没了|走了|淹死|遇害|牺牲|不在了|断了?气|丢了命",
        re.IGNORECASE,
    ),
    "departure": re.compile(
        r"\b(?:(?:is|has|have)|['’]s)\b(?: \w+)? (?:gone|left|sailed)\b|\bleft\b|\bsailed\b|\bmoved away\b"
        r"|\btook the (?:\w+ )?(?:train|ferry|boat|bus|ship|plane)\b"
        r"|走了|离开了|坐(?:船|车|火车|飞机)走|上了(?:火车|船|飞机|客轮|汽车)",
        re.IGNORECASE,
    ),
}
_IN_DOUBT = re.compile(
    r"\b(?:not|never|nobody|if|unless|almost|nearly|maybe|perhaps|think|thinks|thought|said|says|heard|hope"
    r"|wish|pretend|when|until|before)\b|n['’]t\b|[?？]"
    r"|没有?(?:死|走|离开)|不会|要是|如果|万一|差点|也许|可能|以为|听说|据说|假装|等[^，。]{0,6}(?:走|死)了?"
    r"|吗|是不是|有没有",
    re.IGNORECASE,
)


def tells(fact: Fact, text: str, people: People) -> int | None:
    """Return where a line says outright that the one of a fact is dead or gone; None where it does not."""
    pattern = _NEWS[fact.kind]
    subject = people.who(fact.subject).name
    for start, sentence in sentences(text):
        named = [place for who, place, _ in mentions(sentence, people) if who == subject]
        if named and pattern.search(sentence) and not _IN_DOUBT.search(sentence):
            return start + named[0]
    return None
