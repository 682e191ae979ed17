"""Who and where an episode may use."""

from __future__ import annotations

from storyroom.story.bible import Bible
from storyroom.story.plan import Order

_MOST_LEADS = 5
TIMES = {"en": ("DAY", "NIGHT", "DAWN", "EVENING"), "zh": ("日", "夜", "清晨", "傍晚")}


def living(bible: Bible, order: Order) -> tuple[str, ...]:
    """Return who can speak in the episode: alive, here, and within the order's cast."""
    allowed = {who.name for name in order.cast if (who := bible.character(name))}
    present = tuple(
        who.name for who in bible.cast if who.status == "alive" and (not allowed or who.name in allowed)
    )
    return present or tuple(who.name for who in bible.cast if who.name in allowed) or (bible.cast[0].name,)


def company_of(bible: Bible, order: Order) -> tuple[str, ...]:
    """Return the names that the episode is about: those in the idea, or else the first of the cast."""
    names = living(bible, order)
    named = [name for name in names if any(n in order.idea for n in bible_names(bible, name))]
    named.sort(key=lambda name: min(order.idea.find(n) for n in bible_names(bible, name) if n in order.idea))
    return tuple(named) if len(named) >= 2 else names[:_MOST_LEADS]


def places_of(bible: Bible, text: str) -> tuple[str, ...]:
    """Return the names of the places that a text names; all places if it names none."""
    every = tuple(place.name for place in bible.locations)
    low = text.casefold()
    named = tuple(name for name in every if name.casefold() in low)
    return named or every


def bible_names(bible: Bible, name: str) -> tuple[str, ...]:
    """Return the name and aliases of one of the cast."""
    who = bible.character(name)
    return who.names if who else (name,)


def heading(bible: Bible, language: str, place: str, time: str) -> str:
    """Return the scene heading for a place of the bible, in the script's language."""
    where = bible.location(place)
    setting = where.setting if where else "int"
    if language == "zh":
        return f"{'外景' if setting == 'ext' else '内景'} {place} {time}"
    return f"{'EXT.' if setting == 'ext' else 'INT.'} {place.upper()} - {time}"


def acts(scenes: int, language: str) -> list[str]:
    """Return the act of each scene: a cold open from four scenes on, a tag from six on."""
    opening, closing, act = ("序幕", "尾声", "第{}幕") if language == "zh" else ("cold open", "tag", "act {}")
    head, tail = int(scenes >= 4), int(scenes >= 6)
    middle = scenes - head - tail
    count = 1 if middle < 2 else 2 if middle < 6 else 3 if middle < 12 else 4
    numerals = "一二三四" if language == "zh" else "1234"
    names = [act.format(numerals[min(i * count // max(middle, 1), count - 1)]) for i in range(middle)]
    return [opening] * head + names + [closing] * tail
