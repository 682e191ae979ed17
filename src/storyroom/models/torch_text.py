"""From tokens to text while they come: whole characters only, and nothing from a stop string on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class TextStream:
    """Takes tokens of one answer and hands on text.

    Text that could be the beginning of a stop string is held back until it is clear that it is not.

    Args:
        tokenizer: that the tokens belong to.
        stop: strings that end the answer.
        on_text: called with each piece.

    Attributes:
        stopped: whether a stop string has come.
    """

    def __init__(self, tokenizer: Any, stop: Sequence[str], on_text: Callable[[str], None]) -> None:
        self._tokenizer = tokenizer
        self._stop = [text for text in stop if text]
        self._on_text = on_text
        self._waiting: list[int] = []
        self._known = 0
        self._held = ""
        self.stopped = False

    def put(self, token: int) -> None:
        """Take the next token."""
        self._waiting.append(token)
        self._hand_on(final=False)

    def end(self) -> None:
        """Hand on what was held back."""
        self._hand_on(final=True)

    def _hand_on(self, *, final: bool) -> None:
        if self.stopped:
            return
        self._held += self._new_text(final=final)
        places = [at for stop in self._stop if (at := self._held.find(stop)) >= 0]
        if places:
            self._held, self.stopped = self._held[: min(places)], True
        keep = 0 if final or self.stopped else self._ambiguous()
        ready, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        if ready:
            self._on_text(ready)

    def _new_text(self, *, final: bool) -> str:
        """Text of the waiting tokens after those that are known, which only give context."""
        whole = self._decode(self._waiting)
        known = self._decode(self._waiting[: self._known])
        # A character whose bytes have not all come is decoded as U+FFFD.
        if not final and whole.endswith("\ufffd"):
            return ""
        self._waiting, self._known = self._waiting[self._known :], len(self._waiting) - self._known
        return whole[len(known) :]

    def _decode(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _ambiguous(self) -> int:
        """How many characters at the end could begin a stop string."""
        longest = max((len(stop) for stop in self._stop), default=0)
        for length in range(min(longest - 1, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stop):
                return length
        return 0
