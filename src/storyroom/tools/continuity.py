"""A model that judges what a check only suspects, and the earlier passages that it compares a script with.

    with workbench(tool="check", script=script, series=room, model=spec) as bench, BenchJudge(bench) as judge:
        check(script, show, judge=judge, pairs=passage_pairs(bench, script, 4, 'en'))

In a series its calls are recorded under a session of the tool's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import chain, zip_longest
from types import TracebackType
from typing import Self

from storyroom.agents.continuity_judge import compared, judged
from storyroom.agents.desk import Desk
from storyroom.errors import ModelRefused
from storyroom.memory.chunks import Chunk, scene_chunks
from storyroom.memory.lexical import Lexicon
from storyroom.story.bible import Language, Role
from storyroom.story.canon import Moment
from storyroom.story.continuity.judging import Clash, Pair, Passage, PassagePair, Verdict
from storyroom.story.script import Script
from storyroom.story.when import when
from storyroom.tools.bench import Bench

PAIRS = 3
"""Earlier passages that each scene is compared with, unless asked otherwise."""


class BenchJudge:
    """A judge of continuity whose desk stands on a workbench.

    Raises:
        ModelError: the model is not there, or cannot be used.
        ModelRefused: it is too small to be asked, or cannot be held to a JSON schema.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        can = bench.model.capabilities
        if can.small:
            raise ModelRefused(
                f"The model {self.name} is too small to judge whether two lines contradict each other.",
                hint="Name a larger one, or leave --model out: patterns then tell what is likely.",
            )
        if not can.json_schema:
            raise ModelRefused(
                f"{self.name} cannot be held to a JSON schema.",
                hint="Name a model that can: `storyroom models show`.",
            )
        # One loop for all questions: a client keeps its connections to a server in the loop that opened them.
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()

    @property
    def name(self) -> str:
        """The spec of the model."""
        return self._bench.model.spec

    def judge(self, pair: Pair) -> Verdict:
        """Ask whether two lines contradict each other.

        Raises:
            ModelError: the model fails, or gives no answer that can be read.
        """
        return self._runner.run(judged(self._desk(pair.later.scene), pair))

    def compare(self, pair: PassagePair) -> Clash | None:
        """Ask what in a passage contradicts an earlier one.

        Raises:
            ModelError: the model fails, or gives no answer that can be read.
        """
        return self._runner.run(compared(self._desk(pair.later.at.scene), pair))

    def _desk(self, scene: int) -> Desk:
        # The pair is all that it may go by: neither bible nor script stand in its prompt.
        return self._bench.desk(Role.SCRIPT_COORDINATOR, scene=scene, ground=())


def passage_pairs(
    bench: Bench, script: Script, episode: int, language: Language, *, most: int = PAIRS
) -> list[PassagePair]:
    """Pair the passages of each scene with the earlier ones that are closest to them.

    Earlier passages of the script itself are found by their words, those of earlier episodes by words and
    meaning; they take turns. Flashbacks and dreams of the script are left out.

    Args:
        episode: number of the script's episode; of the canon only earlier ones are read.
        most: pairs for each scene.
    """
    own = _Own(script, episode, language)
    known = () if bench.alone else tuple(one.number for one in bench.room.ledger.episodes.canon())
    before = [number for number in known if number < episode]
    if before:
        bench.room.ready_index()
    pairs: list[PassagePair] = []
    for number in own.scenes:
        ranked: list[list[PassagePair]] = []
        for slot in own.slots[number]:
            chunk = own.chunks[slot]
            ranked.append([_pair(one, chunk) for one in own.closest(slot, number, most)])
            if before:
                hits = bench.room.search(chunk.text, k=most, kinds=("scene",), episodes=before)
                ranked.append([_pair(hit.chunk, chunk) for hit in hits])
        in_turn = chain.from_iterable(zip_longest(*ranked))
        pairs += list(dict.fromkeys(pair for pair in in_turn if pair is not None))[:most]
    return pairs


class _Own:
    """The passages of a script, and how close the words of one are to those of another.

    Attributes:
        chunks: all passages, in order.
        slots: where those of a scene are among them, by its number; none of what is not the story's present.
    """

    def __init__(self, script: Script, episode: int, language: Language) -> None:
        self._lexicon = Lexicon()
        self.chunks: list[Chunk] = []
        self.slots: dict[int, range] = {}
        for number, scene in enumerate(script.scenes, 1):
            if when(scene.heading.text).unreal is not None:
                continue
            chunks = scene_chunks(
                (scene.heading, *scene.elements),
                draft_id=str(number),
                episode=episode,
                scene=number,
                place=None,
                characters=(),
                language=language,
            )
            self.slots[number] = range(len(self.chunks), len(self.chunks) + len(chunks))
            self.chunks += chunks
            for chunk in chunks:
                self._lexicon.add(chunk.text)

    @property
    def scenes(self) -> Sequence[int]:
        """The numbers of the scenes that play in the present of the story."""
        return list(self.slots)

    def closest(self, slot: int, number: int, most: int) -> list[Chunk]:
        """Return what earlier scenes say in the words of a passage of scene `number`, the closest first."""
        import numpy as np

        before = np.arange(self.slots[number].start)
        scores = self._lexicon.search(self.chunks[slot].text, before).scores[before]
        return [self.chunks[at] for at in np.argsort(-scores, kind="stable")[:most] if scores[at] > 0]


def _pair(earlier: Chunk, later: Chunk) -> PassagePair:
    return PassagePair(_passage(earlier), _passage(later))


def _passage(chunk: Chunk) -> Passage:
    return Passage(Moment(chunk.episode or 0, chunk.scene or 0), chunk.text)
