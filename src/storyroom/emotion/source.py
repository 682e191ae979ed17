"""Sources: what says how a line feels. The shipped head is one; a classifier or judge can take its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storyroom.emotion.feeling import Feeling
from storyroom.errors import InputError, ModelRefused

LONGEST = 1000
"""Characters of a line that are looked at: a longer one is no line of a script."""

HEAD = "head"
_CLASSIFIER = "transformers:"
_JUDGE = "judge:"


class Source(Protocol):
    """Anything that says how lines feel.

    Attributes:
        name: what is shown beside everything it says, with its version.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    def score(self, lines: Sequence[str]) -> list[Feeling]:
        """Return what each line feels like, in their order. A `reason` may come with it."""
        ...


def open_source(spec: str = HEAD) -> Source:
    """Open a source.

    Args:
        spec: `head`; `transformers:` and the folder or hub id of a text classifier; or `judge:` and the
            spec of a chat model, which gives reasons.

    Raises:
        InputError: the spec names neither.
        ModelAbsent: what it names is not there.
        ModelRefused: it is there and cannot be used.
    """
    if spec == HEAD:
        from storyroom.emotion.head import shipped_head

        return shipped_head()
    if spec.startswith(_CLASSIFIER) and spec != _CLASSIFIER:
        from storyroom.emotion.classifier import open_classifier

        return open_classifier(spec.removeprefix(_CLASSIFIER))
    if spec.startswith(_JUDGE) and spec != _JUDGE:
        from storyroom.emotion.judge import open_judge

        return open_judge(spec.removeprefix(_JUDGE))
    raise InputError(
        f"{spec!r} names no source of feelings.",
        hint=f"Write {HEAD}, {_CLASSIFIER}ID-OR-PATH, or {_JUDGE}MODEL.",
    )


def score(lines: Sequence[str], source: Source | None = None) -> list[Feeling]:
    """Say what each line feels like.

    Args:
        lines: texts, each read alone; equal ones are scored once.
        source: what says so; None takes the shipped head.

    Returns:
        One feeling a line.

    Raises:
        ModelAbsent: the source's weights are not installed.
        ModelRefused: the source answered for another number of lines.
    """
    asked = source or open_source()
    clipped = [line[:LONGEST] for line in lines]
    once = list(dict.fromkeys(clipped))
    felt = asked.score(once) if once else []
    if len(felt) != len(once):
        raise ModelRefused(
            f"{asked.name} was asked about {len(once)} lines and answered for {len(felt)}.",
            hint="Return one feeling for each line, in their order.",
        )
    found = dict(zip(once, felt, strict=True))
    return [found[line] for line in clipped]
