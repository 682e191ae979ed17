"""What a note says in quotes: words that are to stand in the script, words that are not, words it speaks of.

    Let Mara say “Not while the lamp burns.”      wanted, of Mara
    Cut “I love you too.”                         unwanted
    Replace “I'm fine” with “I was fine.”         the first unwanted, the second wanted
    “Sit. You're dripping.” is too on the nose    spoken of

The words around the quotes decide; nothing is guessed from what stands within them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from storyroom.story.script import count_words

Use = Literal["wanted", "unwanted", "spoken_of"]

_QUOTE = re.compile(r"“([^“”]+)”|\"([^\"\n]+)\"|「([^「」]+)」|『([^『』]+)』")
_SENTENCE_END = re.compile(r"[.!?。！？\n]")
_FEWEST_WORDS = 2

_PUT_BY = re.compile(
    r"\b(?:with|to|by|into|but|say|says|said|add|adds|use|put|write|make it|let it be)\W*$"
    r"|(?:改成|换成|改为|换为|加上|加|写|而是|说)\W*$"
)
_TAKEN_OUT = re.compile(
    r"\b(?:cut|drop|delete|remove|lose|strike|kill|replace|change|swap|turn|without|avoid|stop|not|never|no"
    r"|nobody|instead of|rather than|\w+n['’]t)\b"
    r"|(?:不要|别|不能|不该|不应|不会|不用|删|去掉|拿掉|换掉|而不是|不说|把)"
)
_TAKES_OUT = re.compile(
    r"\s*,?\s*(?:(?:must|should|has to|can|could)\s+)?(?:go|goes|be cut|be dropped|is out)\b"
    r"|\s*(?:这句|这一句|那句)?(?:改成|换成|改为|换为|删|去掉|拿掉|不要)"
)
_PUTS_IN = re.compile(r"\s*(?:这句|这一句|那句)?(?:放|加|写|用)")
_SPEAKS_OF = re.compile(
    r"\s*,?\s*(?:is|are|was|were|isn['’]t|sounds?|feels?|reads?|seems?|does|doesn['’]t|needs?|comes?|tells?|gives?"
    r"|says?)\b"
    r"|\s*(?:这句|这一句|那句|这行)?(?:话)?(?:太|不|有点|听起来|像|很|之后|以后|之前|以前|后面|前面|那里|的时候|时)"
)
_PLACED_BY = re.compile(
    r"\b(?:after|before|behind|following|near|until|since|from|where|when)\b[^,;:，；：]*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Quoted:
    """One wording in quotes.

    Attributes:
        speaker: who is to say it, by the name in the bible; None when the note does not tell.
        use: what the note wants of it.
    """

    text: str
    speaker: str | None
    use: Use


def quoted(text: str, names: Mapping[str, str]) -> tuple[Quoted, ...]:
    """Return the wordings of two words or more that a note has in quotes, in order.

    Args:
        text: the note.
        names: names and aliases of the cast, each with the name in the bible.
    """
    found: list[Quoted] = []
    end = 0
    for quote in _QUOTE.finditer(text):
        words = next(group for group in quote.groups() if group is not None).strip()
        between, after = text[end : quote.start()], text[quote.end() :]
        end = quote.end()
        if count_words(words) < _FEWEST_WORDS:
            continue
        lead = _SENTENCE_END.split(between)[-1] or (between if found else "")
        found.append(Quoted(words, _speaker(lead, names), _use(lead, after)))
    return tuple(found)


def _use(lead: str, after: str) -> Use:
    before = lead.casefold()
    if _PLACED_BY.search(before):
        return "spoken_of"
    if _TAKES_OUT.match(after):
        return "unwanted"
    out = [found.end() for found in _TAKEN_OUT.finditer(before)]
    put = _PUT_BY.search(before)
    # "never say “…”" forbids, "not … but “…”" asks: the word of putting in counts where it turns away.
    if out and not (put and _turns(put[0])) and not _PUTS_IN.match(after):
        return "unwanted"
    if put or _PUTS_IN.match(after):
        return "wanted"
    return "spoken_of" if _SPEAKS_OF.match(after) else "wanted"


def _turns(putting: str) -> bool:
    """Tell whether a word of putting in turns away from what was to be taken out."""
    return putting.strip(" ,:，：").startswith(
        ("with", "to", "by", "into", "but", "改成", "换成", "改为", "换为", "而是")
    )


def _speaker(lead: str, names: Mapping[str, str]) -> str | None:
    """Return whom a lead names last, before the words in quotes."""
    low = lead.casefold()
    best = max(names, key=lambda name: (_last(low, name.casefold()), len(name)), default=None)
    return names[best] if best is not None and _last(low, best.casefold()) >= 0 else None


def _last(text: str, name: str) -> int:
    """Return where a name stands last, as a word of its own; -1 if it does not."""
    pattern = rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)
    return max((found.end() for found in re.finditer(pattern, text)), default=-1)
