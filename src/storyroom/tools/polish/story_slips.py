"""Rules that look beyond a line: repeated words, long speeches, worn phrases, slips of logic and style."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from storyroom.formats.fountain.tidy import tidy_heading
from storyroom.story.asides import printed
from storyroom.story.checks import common
from storyroom.story.cliches import worn_phrases
from storyroom.story.headings import cue_name
from storyroom.story.measure import columns
from storyroom.story.script import Element, Kind
from storyroom.tools.polish.change import Change, Edit
from storyroom.tools.polish.finding import CODE, remark
from storyroom.tools.polish.view import Line

_SPEECH_WIDTH = 35
_LONG = 12
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HAN_RUN = re.compile(r"[㐀-䶿一-鿿]{2,}")
_LEAST_LETTERS = 4
_SMALL_HAN = frozenset(
    "的了是在我你他她它这那不也就都和有没一个什么怎说来去上下里们着过吗呢吧啊要会能到把被给让"
)
_LEAVES = re.compile(
    r"(?:^|[.!?。！？] ?)(?P<who>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?|[㐀-鿿·]{2,4}?) ?"
    r"(?:(?:exits|leaves|walks out|storms out|goes out|is gone)\.|"
    r"(?:离开|走了|下场|走了出去|走出门去|夺门而出)[。！])"
)
_COMES = re.compile(
    r"\b(?:returns?|comes? back|re-?enters?|enters?|back|again)\b|"
    r"回来|回到|又进|进来|进门|返回|折返|回头|站住",
    re.IGNORECASE,
)
_CONTINUED = re.compile(r"CONT['’]?D|继续|续", re.IGNORECASE)
_VOICE = re.compile(r"V\.?\s?O|O\.?\s?[SC]|画外|旁白|内心|电话|OS|VO|声音", re.IGNORECASE)


def long_speeches(lines: Sequence[Line]) -> Iterator[Change]:
    """Yield remarks on speeches of more than a dozen lines on the page."""
    rows, first = 0, None
    for line in lines:
        if line.element.kind is not Kind.DIALOGUE:
            continue
        first = first or line
        rows += -(-columns(printed(line.element.text)) // _SPEECH_WIDTH)
        if line.ends_speech:
            if rows > _LONG:
                yield remark(first.place, "length", f"The speech runs for {rows} lines on the page.")
            rows, first = 0, None


def worn(lines: Sequence[Line]) -> Iterator[Change]:
    """Yield remarks on phrases that were said in too many scripts."""
    for line in lines:
        for one in worn_phrases(line.text):
            yield remark(line.place, "cliche", f"“{one.phrase}” is worn.")


def thrice(lines: Sequence[Line], names: frozenset[str]) -> Iterator[Change]:
    """Yield remarks on a word that tells something and stands three times in two lines of one voice.

    A line that says little else ("No. No. No.") means it, and so does one that begins each sentence alike.
    """
    for one, other in pairwise([line for line in lines if line.element.kind is not Kind.PARENTHETICAL]):
        if one.scene != other.scene or one.speaker != other.speaker:
            continue
        ours, theirs = _content(one.text), _content(other.text)
        both = ours + theirs
        for word, times in both.items():
            if (
                times >= 3
                and word in ours
                and word in theirs
                and word not in names
                and times < 0.6 * both.total()
            ):
                yield remark(other.place, "repetition", f"“{word}” stands {times} times in two lines.")


def _content(text: str) -> Counter[str]:
    words = Counter(
        word.lower() for word in _WORD.findall(text) if len(word) >= _LEAST_LETTERS and word.isascii()
    )
    for word in common() & set(words):
        del words[word]
    for run in _HAN_RUN.findall(text):
        for piece in map("".join, pairwise(run)):
            if not _SMALL_HAN.intersection(piece):
                words[piece] += 1
    return words


def headings(elements: Sequence[Element]) -> Iterator[Change]:
    """Yield headings that are not in capitals, and remarks on scene numbers that come twice."""
    seen: dict[str, int] = {}
    for place, one in enumerate(elements):
        if one.kind is not Kind.SCENE_HEADING:
            continue
        tidy = tidy_heading(one.text)
        if tidy != one.text:
            edit = Edit(0, len(one.text), tidy)
            yield Change(place, (edit,), "style", "A heading is in capitals, with INT. or EXT. first.", CODE)
        if one.scene_number and seen.setdefault(one.scene_number, place) != place:
            yield remark(place, "logic", f"There is a scene {one.scene_number} before this one.")


def cues(elements: Sequence[Element]) -> Iterator[Change]:
    """Yield remarks on cues: (CONT'D) behind somebody else, a name that looks misspelt."""
    spoken = Counter(cue_name(one.text) for one in elements if one.kind is Kind.CUE)
    before = ""
    for place, one in enumerate(elements):
        if one.kind is Kind.SCENE_HEADING:
            before = ""
        if one.kind is not Kind.CUE:
            continue
        name, extension = cue_name(one.text), one.extension or ""
        if _CONTINUED.search(extension) and before and before != name:
            yield remark(place, "style", "It says (CONT'D), and somebody else spoke last.")
        if spoken[name] == 1 and (other := _nearly(name, spoken)):
            yield remark(place, "logic", f"{one.text} speaks once and {other} often: is it the same name?")
        before = name


def _nearly(name: str, spoken: Counter[str]) -> str:
    """Return a name that speaks often and differs in one letter; Chinese names differ so by right."""
    for other, times in spoken.items():
        like = name.isascii() and min(len(name), len(other)) >= 4 and _one_apart(name, other)
        if times >= 5 and other != name and like:
            return other.upper()
    return ""


def _one_apart(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[at + (len(one) == len(other)) :] == other[at + 1 :]


def gone(elements: Sequence[Element]) -> Iterator[Change]:
    """Yield remarks on characters who leave, are not heard of again, and speak all the same."""
    away: dict[str, str] = {}
    for place, one in enumerate(elements):
        if one.kind is Kind.SCENE_HEADING:
            away.clear()
        elif one.kind is Kind.ACTION:
            if _COMES.search(one.text):
                away.clear()
            for key in [key for key in away if key in one.text.casefold()]:
                del away[key]
            for found in _LEAVES.finditer(one.text):
                away[found["who"].casefold()] = found["who"]
        elif one.kind is Kind.CUE:
            who = away.pop(cue_name(one.text), "")
            if who and not _VOICE.search(one.extension or ""):
                reason = f"{who} has left this scene, and nothing says that {who} is back."
                yield remark(place, "logic", reason)
