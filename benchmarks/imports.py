"""How long a season takes to remember: ten scripts of 120 pages, from file to searchable.

The scripts are made of the six of `tests/corpus/scripts`, scene after scene, each in a place of its own and
with its speeches in another order, until they fill 120 pages; no two scenes are alike, so no vector is made
once for two. The real embedder is used, and each episode comes in the format that is named.

    python benchmarks/imports.py [EPISODES] [en|zh] [fountain|fdx|text|pdf]
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_kit import a_series, machine, table

from storyroom.formats.fountain import read_file
from storyroom.formats.pages import pages
from storyroom.formats.pdf import PdfOptions
from storyroom.formats.plain import with_plain_headings
from storyroom.formats.registry import FORMATS, read_with_doubts
from storyroom.memory.embeddings import AllMiniLM, UniversalSentenceEncoder
from storyroom.memory.index import Index
from storyroom.room import Room
from storyroom.story.script import Element, Kind, Scene, Script, TitlePage

CORPUS = Path(__file__).parents[1] / "tests/corpus/scripts"
SOURCES = {
    "en": ("high_water_mark", "please_hold", "the_fifth_letter"),
    "zh": ("ji_da_zhong_biao", "mo_du", "wan_dian_ming"),
}
SERIES = {"en": "the-last-light", "zh": "the-long-river"}
EPISODES, PAGES, TARGET = 10, 120, 600


def sources(language: str) -> list[Scene]:
    """Return all scenes of the corpus in a language, without what is not printed."""
    scripts = [with_plain_headings(read_file(CORPUS / f"{name}.fountain")) for name in SOURCES[language]]
    return [scene for script in scripts for scene in script.scenes]


def speeches(scene: Scene) -> list[list[Element]]:
    """Divide a scene into speeches and paragraphs."""
    parts: list[list[Element]] = []
    for element in scene.elements:
        if parts and element.kind in (Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRIC):
            parts[-1].append(element)
        elif not element.dual:
            parts.append([element])
    return parts


def scene_like(scene: Scene, number: int, random_: random.Random) -> list[Element]:
    """Return a scene with the same speeches in another order, in a place of its own."""
    parts = speeches(scene)
    random_.shuffle(parts)
    place = scene.parts.place or "X"
    text = scene.heading.text.replace(place, f"{place} {number}", 1)
    return [scene.heading.edited(text=text, forced=False), *(one.edited() for part in parts for one in part)]


def episode(number: int, language: str) -> Script:
    """Return an episode of 120 pages."""
    random_ = random.Random(number)
    found = sources(language)
    title = TitlePage((("Title", ("A SEASON",)), ("Episode", (f"{number} - Made for measuring",))))
    elements: list[Element] = []
    script, scenes = Script.of([], title), 0
    while len(pages(script)) < PAGES:
        for scene in random_.sample(found, len(found)):
            scenes += 1
            elements += scene_like(scene, 1000 * number + scenes, random_)
        script = Script.of(elements, title)
    return script


class Clock:
    """Adds up the seconds of stages."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Add the time of what is done within."""
        began = time.perf_counter()
        yield
        self.seconds[stage] += time.perf_counter() - began

    def watch(self, owner: object, name: str, stage: str) -> None:
        """Add the time of every call of a method."""
        usual = getattr(owner, name)

        def timed(*arguments: object, **named: object) -> object:
            with self.of(stage):
                return usual(*arguments, **named)

        setattr(owner, name, timed)


def peak() -> float:
    """Return the most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(episodes: int, language: str, form: str) -> None:
    """Make a season, remember it, remember it again, and once more with one scene changed."""
    format = FORMATS[form]
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = []
        for number in range(1, episodes + 1):
            script = episode(number, language)
            files.append(folder / f"s01e{number:02}{format.suffixes[0]}")
            files[-1].write_bytes(format.write(script, PdfOptions(scene_numbers=True, substitute="?")))
        size = sum(path.stat().st_size for path in files) / 1024
        before, clock = peak(), Clock()
        for embedder in (AllMiniLM, UniversalSentenceEncoder):
            clock.watch(embedder, "embed", "vectors")
        clock.watch(Index, "_upsert", "Chroma")
        with Room.open(a_series(folder, SERIES[language])) as room:
            for path in files:
                with clock.of("reading (by itself)"):
                    read_with_doubts(path)
            began = time.perf_counter()
            kept = room.remember(files)
            whole = time.perf_counter() - began
            with clock.of("again, unchanged"):
                room.remember(files)
            changed = episode(1, language).with_elements(
                [*episode(1, language).elements(), Element(kind=Kind.ACTION, text="It snows.")]
            )
            files[0].write_bytes(format.write(changed, PdfOptions(scene_numbers=True, substitute="?")))
            with clock.of("again, one scene changed"):
                room.remember(files)
            with clock.of("who is where, all scenes"):
                scenes = room.presence()
            chunks = room.index.stats().chunks
    print(f"{machine()}; {episodes} episodes of {PAGES} pages as {form}, {language}, {size:,.0f} KB")
    table("Remembering a season", ("stage", "seconds"), [(name, s) for name, s in clock.seconds.items()])
    table(
        "In all",
        ("what", "figure"),
        [
            ("whole import, seconds", whole),
            ("allowed, seconds", float(TARGET)),
            ("scenes", len(scenes)),
            ("chunks", chunks),
            ("elements", sum(one.elements for one in kept)),
            ("uncertain", sum(len(one.doubts) for one in kept)),
            ("peak memory, MiB", peak()),
            ("of that before the import, MiB", before),
        ],
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        next((int(one) for one in given if one.isdigit()), EPISODES),
        next((one for one in given if one in SOURCES), "en"),
        next((one for one in given if one in FORMATS), "pdf"),
    )
