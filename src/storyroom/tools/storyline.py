"""Story lines from keywords.

    with workbench(tool="storyline", matter="lighthouse, storm, a lost letter") as bench:
        for line in await storylines(bench, count=3):
            print(line.title, line.premise, sep="\n")

A larger model writes each line freely, under a schema. A small one is given a pattern with slots, chooses
who it is about and writes the short ends of its sentences; `Storyline.written` says which words those are.
No line is told of the others before it is written, because talk makes stories alike; one that comes too near
to an earlier one all the same is asked for again, once, with the earlier ones before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from storyroom.errors import InputError
from storyroom.story.bible import PAGES, Format, nearest
from storyroom.story.plan import Plan
from storyroom.tools.bench import Bench
from storyroom.tools.keywords import keywords_of, missing
from storyroom.tools.line_maker import LineMaker, Storyline

MOST_LINES = 9

# Cosine distance below which two lines tell the same story. Two wordings of one story come to 0.15; two
# stories on one pattern, about the same things, to 0.3 and more.
TOO_NEAR = 0.25


class Storylines(Plan):
    """Several story lines, and how far apart they are.

    Attributes:
        distances: cosine distance of each pair, as `distances[i][j]`: 0 is the same, 1 has nothing in common.
        again: places of the lines that were asked for again, because they came too near to an earlier one.
        missing: keywords that a line does not hold, by the line's place.
    """

    keywords: tuple[str, ...]
    lines: tuple[Storyline, ...]
    distances: tuple[tuple[float, ...], ...]
    again: tuple[int, ...] = ()
    missing: dict[int, tuple[str, ...]] = Field(default_factory=dict)


async def storylines(
    bench: Bench, keywords: str, *, count: int = 3, genre: str | None = None, length: Format | None = None
) -> Storylines:
    """Make distinct story lines from keywords.

    Args:
        bench: where it is done; with a series, the stories are about its cast.
        keywords: parted by commas.
        count: how many lines, 1 to 9.
        genre: of the stories; the one that the keywords name when not given, or the first of the series.
        length: how long an episode is; the bible's when not given.

    Raises:
        InputError: there are no keywords, or a count, genre or length is none.
    """
    words = keywords_of(keywords)
    if not 1 <= count <= MOST_LINES:
        raise InputError(f"{count} story lines were asked for.", hint=f"Ask for 1 to {MOST_LINES}.")
    maker = LineMaker(bench, words, genre, _length(length or bench.bible.format))
    lines = [await maker.make(number, []) for number in range(count)]
    again = []
    for number in range(1, count):
        if min(_distances(bench, lines[: number + 1])[number][:number]) < TOO_NEAR:
            lines[number] = await maker.make(number + MOST_LINES, lines[:number])
            again.append(number)
    return Storylines(
        keywords=words,
        lines=tuple(lines),
        distances=_distances(bench, lines),
        again=tuple(again),
        missing={
            place: lost
            for place, line in enumerate(lines)
            if (lost := missing(words, f"{line.title} {line.told} {line.genre}"))
        },
    )


def as_text(found: Storylines) -> str:
    """Return story lines as plain text, as a note or a page has them."""
    return "\n\n".join(
        f"{place}. {line.title}\n{line.premise} {line.conflict} {line.turn} {line.ending}"
        for place, line in enumerate(found.lines, 1)
    )


def _distances(bench: Bench, lines: Sequence[Storyline]) -> tuple[tuple[float, ...], ...]:
    vectors = bench.embed([line.told for line in lines])
    return tuple(tuple(round(max(0.0, 1 - float(one @ other)), 3) for other in vectors) for one in vectors)


def _length(length: str) -> Format:
    if length not in PAGES:
        raise InputError(
            f"{length!r} is no length{nearest(length, PAGES)}.", hint=f"Use one of: {', '.join(PAGES)}."
        )
    return length  # type: ignore[return-value]
