"""How hard the room works: what `--depth` stands for."""

from __future__ import annotations

from dataclasses import dataclass

from storyroom.story.plan import Depth


@dataclass(frozen=True)
class Effort:
    """Bounds of the work on one episode.

    Attributes:
        attempts: how often a model is asked for one answer while checks find faults.
        scene_attempts: the same for a whole scene.
        objections: how many a critic may raise against one draft.
        answered: how many objections to a scene the writer answers; the gravest first.
        rereads: how many scenes the table read may send back.
        reads_whole: whether a larger model's critics read the episode as a whole too.
    """

    attempts: int
    scene_attempts: int
    objections: int
    answered: int
    rereads: int
    reads_whole: bool

    @classmethod
    def of(cls, depth: Depth) -> Effort:
        """Return the effort of a depth."""
        return _EFFORTS[depth]


_EFFORTS: dict[Depth, Effort] = {
    "quick": Effort(attempts=3, scene_attempts=2, objections=1, answered=1, rereads=1, reads_whole=False),
    "standard": Effort(attempts=5, scene_attempts=4, objections=1, answered=2, rereads=2, reads_whole=True),
    "deep": Effort(attempts=8, scene_attempts=8, objections=3, answered=6, rereads=4, reads_whole=True),
}
