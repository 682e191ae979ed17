"""Who comes and who goes in action: ``The door opens and Bea comes in``, ``老周转身走了``.

Only what is told outright counts: not what somebody wants to do, is asked to do, or almost does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from storyroom.story.doing import Genders, is_han_subject, mentions, sentences, starting_pronoun
from storyroom.story.han import HAN
from storyroom.story.people import People

_HAN = re.compile(f"[{HAN}]")
_ROOM = "(?:room|house|building|office|shop|kitchen|hall|bar|cabin|church|yard|court|ward|tent)"
_WALK = (
    r"(?:comes?|walks?|steps?|runs?|rush(?:es)?|climbs?|slips?|hurr(?:y|ies)|strides?|staggers?|march(?:es)?"
    r"|storms?|stumbles?|hobbles?|drifts?|sweeps?|ducks?|barges?|bursts?|trudges?|limps?|wanders?)"
)
_IN = (
    r"(?:back )?(?:in(?=\s*(?:[.,;:!]|$)|\s+(?:and|with|without|from|through|behind|carrying|out of|again)\b)"
    r"|inside|through (?:the|a) (?:\w+ )?(?:door|doorway|gate|window|hatch|curtain)"
    rf"|into the {_ROOM}\b"
    r"|(?:up|down) the (?:stairs|steps|ladder|path|stairwell|companionway)"
    r"|(?:along|up|down) the (?:quay|road|street|corridor|pier|lane|aisle|beach))"
)
_COMES = re.compile(
    rf"\b(?:enters?\b(?! (?:the|a|his|her|your|into|data|names?)\b(?! {_ROOM}))|arrives?\b"
    rf"|{_WALK} (?:\w+ly )?{_IN})",
    re.IGNORECASE,
)
_END = r"(?=\s*(?:[.;!]|$|and\b"
_GOES = re.compile(
    rf"\b(?:exits?\b{_END}|,|with\b|through\b|by\b|the {_ROOM}))"
    rf"|leaves?\b{_END}|without\b|with\b|by\b|through\b|together\b|alone\b|quickly\b|quietly\b|again\b"
    rf"|them\b(?=\s*[.;!])|the (?:{_ROOM}|quay|boat|place)\b))"
    r"|(?:goes|go|walks?|runs?|storms?|hurr(?:y|ies)|slips?|strides?|stumbles?|march(?:es)?|rush(?:es)?|sweeps?"
    r"|limps?|stalks?) (?:\w+ly )?(?:back )?"
    rf"(?:(?:out|outside|away|off|upstairs|downstairs|home){_END}))"
    rf"|out (?:of the (?:{_ROOM}|door)|through|by"
    r"|into the (?:rain|night|dark|street|snow|storm|yard|corridor|hall|cold|fog|wind))|through the door))",
    re.IGNORECASE,
)
_HAN_ROOM = "(?:门|屋|房|来|教室|茶馆|店|院|船舱|办公室|厨房|灯塔|病房|钟楼)"
_HAN_COMES = re.compile(
    rf"走了?进来|走进{_HAN_ROOM}|进(?:来|门|屋|店|院)|推门(?:而入|进)|闯(?:了)?进来?|冲(?:了)?进来?|跑(?:了)?进来"
    r"|跨进|钻进来|挤进来|赶到|赶来|赶过来|跑过来|走过来|走下来|走上来"
    r"|从[^，。]{1,6}(?:走|跑|赶)(?:来|过来|进来|下来|上来)|登场|来了(?=[。，！]|$)"
)
_HAN_GOES = re.compile(
    r"走了出去|走出(?:去|门|屋|房|教室|茶馆|店|院|船舱|办公室|厨房|病房|灯塔|钟楼)|出(?:去|门)了?(?=[。，！]|$)"
    r"|跑(?:了)?出(?:去|门)|冲(?:了)?出(?:去|门)|转身(?:就)?走(?:了)?(?=[。，！]|$)|夺门而出|扬长而去|退(?:了)?出去"
    r"|离开(?:了)?(?=[。，！]|$|房间|屋子|茶馆|教室|店|院子|这里|病房|灯塔|钟楼)"
    r"|下场|(?:先|就|便)走了(?=[。，！]|$)|走远了?|走开了"
)
# What may not have happened, or not yet.
_NOT_SO = re.compile(
    r"\b(?:not|never|almost|nearly|about to|if|until|till|before|would|should|could|might|wants?|tries"
    r"|pretends?|to(?=\s*$)|starts?|imagin\w*|dream\w*|remember\w*|waits?|wait(?:s|ing)? for)\b|n['’]t\b"
    r"|没|不(?!久)|差点|几乎|要是|如果|想要?|正要|刚要|准备|等着?|打算|仿佛|好像|假装|梦见|记得|以前|之前",
    re.IGNORECASE,
)
_SOMEBODY_COMES = re.compile(
    r"\b(?:somebody|someone|(?:a|the) (?:\w+ )?(?:man|woman|girl|boy|figure|visitor|stranger|child))\b"
    rf"[^.;!?]{{0,30}}?{_COMES.pattern}"
    rf"|(?:有人|一个(?:人|女人|男人|姑娘|孩子|老人|身影))[^。；！？]{{0,12}}?(?:{_HAN_COMES.pattern})",
    re.IGNORECASE,
)
_NOT_SUBJECT = re.compile(
    r"\b(?:to|at|of|with|for|on|by|from|beside|behind|past|after|towards?|near|into|like|than|beneath|under"
    r"|between|about)\s+$",
    re.IGNORECASE,
)
_VERB_BEHIND = re.compile(
    r"(?:\s*\([^)]*\))?(?:\s*,[^,.;]{1,60},)?(?:\s+(?:\w+ly|just|still|only|now|then|also|both))*\s+[a-z]+\b"
)
_AND = re.compile(r"\s*(?:,|,? and|&|和|与|、|跟)\s*", re.IGNORECASE)
_SEEN_GOING = re.compile(r"(?:看着|望着|目送|眼看|只见|看见|听见)$")


class Move(NamedTuple):
    """Somebody comes or goes.

    Attributes:
        comes: whether they come; else they go.
        start, end: where in the paragraph the sentence that says so begins and ends.
    """

    who: str
    comes: bool
    start: int
    end: int


def moves(text: str, people: People, genders: Genders) -> Iterator[Move]:
    """Yield who of the cast comes and goes in a paragraph of action."""
    for start, sentence in sentences(text):
        comes, goes = (_HAN_COMES, _HAN_GOES) if _HAN.search(sentence) else (_COMES, _GOES)
        for names, after, limit in _subjects(sentence, text[:start], people, genders):
            behind = sentence[after:limit]
            came = comes.search(behind)
            found = came or goes.search(behind)
            if found and not _NOT_SO.search(sentence[: after + found.start()]):
                yield from (Move(name, bool(came), start, start + len(sentence)) for name in names)


def somebody_comes(text: str) -> bool:
    """Whether somebody comes in whom a paragraph of action does not name."""
    return bool(_SOMEBODY_COMES.search(text))


def _subjects(
    sentence: str, before: str, people: People, genders: Genders
) -> Iterator[tuple[Sequence[str], int, int]]:
    """Yield those who do something in a sentence, where their names end, and where that of another begins.

    Args:
        before: the paragraph up to the sentence. A pronoun counts where only one is named there.
    """
    named = mentions(sentence, people)
    pronoun = starting_pronoun(sentence)
    earlier = {who for who, _, _ in mentions(before, people)}
    if pronoun is not None and len(earlier) == 1 and genders.get(*earlier) in (None, pronoun):
        yield [*earlier], 0, named[0][1] if named else len(sentence)
    groups: list[tuple[list[str], int, int]] = []
    for who, start, end in named:
        if groups and _AND.fullmatch(sentence[groups[-1][2] : start]):
            names, first, _ = groups[-1]
            groups[-1] = ([*names, who], first, end)
        else:
            groups.append(([who], start, end))
    for place, (names, start, end) in enumerate(groups):
        if _does(sentence, start, end):
            yield names, end, groups[place + 1][1] if place + 1 < len(groups) else len(sentence)


def _does(sentence: str, start: int, end: int) -> bool:
    """Whether a name is the subject of what stands behind it."""
    if _HAN.search(sentence):
        return is_han_subject(sentence, start, end) or bool(_SEEN_GOING.search(sentence[:start]))
    return not _NOT_SUBJECT.search(sentence[:start]) and bool(_VERB_BEHIND.match(sentence[end:]))
