"""Bible and manuscript for what has none: a lone script, or a few people named on the command line.

The room's agents and prompts know their people and places from a bible. Here one is made by code, of nothing
but what stands in the script: its cues, the speeches below them, its headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pydantic import ValidationError

from storyroom.formats.language import language
from storyroom.memory.manuscript import Manuscript
from storyroom.story.asides import printed
from storyroom.story.bible import Bible, Character, Language, Location, Voice, same_name
from storyroom.story.draft import SceneDraft, named
from storyroom.story.headings import Setting, cue_name
from storyroom.story.script import Kind, Scene, Script, count_words
from storyroom.story.turn import short_hash

_MOST_PEOPLE = 60
_MOST_PLACES = 80
_SAMPLES = 3
_LONGEST_SAMPLE = 300
# A speech of this many words tells more of a voice than a "Yes." or a whole monologue.
_TELLING = range(4, 26)
_SAYS_NOTHING = "…"

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Untitled",
        "logline": "There is no bible of this series; all that is known stands in the script.",
        "genre": "drama",
        "tone": "as the script has it",
        "nobody": "Somebody",
        "nowhere": "Somewhere",
        "role": "has {} speeches in this script",
        "traits": "known by these lines alone",
        "style": "as in these lines",
        "want": "be heard",
    },
    "zh": {
        "title": "未命名",
        "logline": "这部剧没有设定，知道的都在剧本里。",
        "genre": "剧情",
        "tone": "以剧本为准",
        "nobody": "某人",
        "nowhere": "某处",
        "role": "在这个剧本里有{}段台词",
        "traits": "只从台词里认识",
        "style": "就像这些台词",
        "want": "有人听见",
    },
}


def script_language(script: Script) -> Language:
    """Return the language that a script is written in, as its title page or its letters tell."""
    return "zh" if language(script).startswith("zh") else "en"


def text_language(text: str) -> Language:
    """Return the language of a short text: Chinese from one Han character for three Latin letters on."""
    han = sum("㐀" <= c <= "鿿" for c in text)
    latin = sum(c.isascii() and c.isalpha() for c in text)
    return "zh" if han * 3 >= max(latin, 1) else "en"


def bare_bible(
    spoken: Language,
    *,
    title: str = "",
    genre: Sequence[str] = (),
    cast: Sequence[Character] = (),
    places: Sequence[Location] = (),
) -> Bible:
    """Return the least that a bible can say; whoever and wherever is missing is a somebody, somewhere.

    Raises:
        pydantic.ValidationError: two of the cast share a name, or the like.
    """
    words = _WORDS[spoken]
    return Bible(
        title=title or words["title"],
        logline=words["logline"],
        genre=tuple(genre) or (words["genre"],),
        tone=words["tone"],
        language=spoken,
        format="short",
        cast=tuple(cast) or (person(words["nobody"], spoken),),
        locations=tuple(places) or (place(words["nowhere"], spoken),),
    )


def person(
    name: str,
    spoken: Language,
    *,
    role: str = "",
    traits: Sequence[str] = (),
    style: str = "",
    samples: Sequence[str] = (),
    relations: dict[str, str] | None = None,
    speeches: int = 0,
) -> Character:
    """Return a character of whom only some things are known.

    Raises:
        pydantic.ValidationError: the name cannot stand in a cue, or a text is too long.
    """
    words = _WORDS[spoken]
    return Character(
        name=name,
        role=role or words["role"].format(speeches),
        traits=tuple(traits) or (words["traits"],),
        voice=Voice(style=style or words["style"], samples=tuple(samples) or (_SAYS_NOTHING,)),
        want=words["want"],
        relations=relations or {},
    )


def place(name: str, spoken: Language, setting: Setting | None = None) -> Location:
    """Return a place of which only its name is known."""
    where = {"INT": "int", "EXT": "ext"}.get(setting or "INT", "both")
    return Location(name=name, setting=where, description=name)  # type: ignore[arg-type]


def script_bible(script: Script, spoken: Language) -> Bible:
    """Return a bible made of a script: who speaks, with speeches of theirs as samples, and where.

    What cannot be a name (too long, with brackets …) is left out; so is who speaks least, beyond sixty.
    """
    title = printed((script.title_page.get("Title", "标题", "片名") or "").partition("\n")[0]).strip("*_ ")
    return bare_bible(
        spoken,
        title=title[:_LONGEST_SAMPLE],
        cast=tuple(people_of(script, spoken)),
        places=tuple(_places(script.scenes, spoken)),
    )


def with_strangers(bible: Bible, script: Script) -> Bible:
    """Return a bible that also knows the people and places of a script that it did not."""
    people = [
        who for who in people_of(script, bible.language) if not any(bible.character(n) for n in who.names)
    ]
    known = {same_name(one.name) for one in bible.locations}
    places = [one for one in _places(script.scenes, bible.language) if same_name(one.name) not in known]
    return bible.model_copy(
        update={
            "cast": (*bible.cast, *people)[: max(_MOST_PEOPLE, len(bible.cast))],
            "locations": (*bible.locations, *places)[: max(_MOST_PLACES, len(bible.locations))],
        }
    )


def manuscript_of(script: Script, maker: str = "") -> Manuscript:
    """Return a script as a manuscript: its scenes numbered from 1, every element with an id.

    Args:
        maker: what the ids are made from besides place; the script's own words when not given.
    """
    maker = maker or short_hash(*(one.text for one in script.elements()))
    return Manuscript(
        scenes={
            number: SceneDraft(
                number=number,
                elements=named(
                    (one.edited() for one in (scene.heading, *scene.elements)), f"{maker}:{number}"
                ),
            )
            for number, scene in enumerate(script.scenes, 1)
        }
    )


def people_of(script: Script, spoken: Language) -> list[Character]:
    """Return who speaks in a script, in order of appearance."""
    speeches = speeches_of(script)
    heard = sorted(speeches, key=lambda key: -len(speeches[key][1]))[:_MOST_PEOPLE]
    found = []
    for key in speeches:
        name, said = speeches[key]
        if key in heard:
            try:
                found.append(person(name, spoken, samples=_samples(said), speeches=len(said)))
            except ValidationError:  # what stands on this cue is no name
                continue
    return found


def speeches_of(script: Script) -> dict[str, tuple[str, list[str]]]:
    """Return for each cue, by `cue_name`, the name as people write it and what is said below, in order.

    A speech that an aside parts in two is one.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    speaking: list[str] | None = None
    begun = False
    for one in script.elements():
        if one.kind is Kind.CUE:
            key = cue_name(one.text)
            speaking = found.setdefault(key, (_as_written(one.text), []))[1] if key else None
            begun = False
        elif one.kind is Kind.DIALOGUE and speaking is not None:
            text = " ".join(printed(one.text).split())
            if begun and text:
                speaking[-1] = f"{speaking[-1]} {text}"
            elif text:
                speaking.append(text)
                begun = True
        elif one.kind not in (Kind.PARENTHETICAL, Kind.LYRIC, Kind.NOTE):
            speaking = None
    return found


def _as_written(cue: str) -> str:
    """Return the name on a cue as one would write it in a sentence: ``MARA QUILL`` is Mara Quill."""
    name = " ".join(printed(cue).split())
    return name.title().replace("'S", "'s").replace("’S", "’s") if name.isupper() and len(name) > 2 else name


def _samples(said: Sequence[str]) -> list[str]:
    texts = list(dict.fromkeys(text[:_LONGEST_SAMPLE] for text in said))
    return sorted(texts, key=lambda text: count_words(text) not in _TELLING)[:_SAMPLES]


def _places(scenes: Iterable[Scene], spoken: Language) -> Iterator[Location]:
    seen: set[str] = set()
    for scene in scenes:
        setting, name, _ = scene.parts
        shown = name.title() if name.isupper() else name
        if not name or same_name(shown) in seen or len(seen) == _MOST_PLACES:
            continue
        try:
            found = place(shown, spoken, setting)
            bare_bible(spoken, places=[found])  # a heading made of it must read back as it
        except ValidationError:
            continue
        seen.add(same_name(shown))
        yield found
