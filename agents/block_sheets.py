"""Sheets on which all objections of a round stand, each with a block of its own.

    1:
      answer: accept
      reason: |
        She has a point.
      text: |
        Burn it.
    2:
      answer:
      ...

Reading one gives what was said on each, by its number. A block that is left empty is not among them: that
objection is handed back to the agent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Literal, TypeVar

from pydantic import RootModel

from storyroom.agents import forms
from storyroom.agents.author import Reply
from storyroom.agents.sheet import Sheet
from storyroom.errors import InputError

A = TypeVar("A")
F = TypeVar("F", bound=forms.Form)


class BlockSheet(Sheet[dict[int, A]], Generic[A], frozen=True):
    """What is asked about several objections.

    Attributes:
        lines: id and text of the line that each objection is about, in the order of the blocks.
    """

    lines: tuple[tuple[str, str], ...]

    def _blocks(self, form: type[RootModel[dict[int, F]]], text: str) -> dict[int, F]:
        given = self._filled(form, text).root
        most = len(self.lines)
        for number in given:
            if not 1 <= number <= most:
                raise InputError(f"There is no block {number}.", hint=f"They are numbered 1 to {most}.")
        if not given:
            raise InputError(
                "No block is filled in.", hint="Fill in one at least; an empty file hands all of them back."
            )
        return given

    def _about_one_line(self, given: dict[int, F]) -> list[dict[int, F]]:
        """Return the blocks by the line that they are about."""
        groups: dict[str, dict[int, F]] = {}
        for number, one in given.items():
            groups.setdefault(self.lines[number - 1][0], {})[number] = one
        return list(groups.values())


class RepliesSheet(BlockSheet[Reply], frozen=True):
    """The author's answers to objections.

    Attributes:
        later: whether what is accepted is reworded later, so that no wording is asked for now.
    """

    kind: Literal["replies"] = "replies"
    later: bool = False

    def _read(self, text: str) -> dict[int, Reply]:
        given = self._blocks(forms.Replies, text)
        reworded: set[int] = set()
        for group in self._about_one_line(given):
            if self._has_one_wording(group):
                reworded |= set(group)
        return {number: self._reply(number, one, number in reworded) for number, one in given.items()}

    def _has_one_wording(self, group: dict[int, forms.Reply]) -> bool:
        """Tell whether a line that is accepted in some blocks has a new wording in one of them."""
        accepted = {number: one for number, one in group.items() if one.answer == "accept"}
        told = {number: one.text for number, one in accepted.items()}
        new = {number: text for number, text in told.items() if text not in ("", self._line(number))}
        if len(set(new.values())) > 1:
            raise InputError(
                f"Blocks {_listed(new)} are about one line, and give it different wordings.",
                hint="Write the wording under text in one of them.",
            )
        return bool(new)

    def _reply(self, number: int, given: forms.Reply, reworded: bool) -> Reply:
        new = "" if given.text == self._line(number) else given.text
        if given.answer == "rebut":
            if new:
                raise InputError(
                    f"Block {number}: a line that is defended stays as it is, and this is a new wording.",
                    hint="Answer accept, or take out what stands under text.",
                )
            return Reply(accept=False, reason=given.reason)
        if not reworded and not self.later:
            raise InputError(
                f"Block {number}: the objection is accepted, and the line has no new wording.",
                hint="Write the new line under text, or answer rebut.",
            )
        return Reply(accept=True, reason=given.reason, text=new or None)

    def _line(self, number: int) -> str:
        return self.lines[number - 1][1]


class VerificationsSheet(BlockSheet[tuple[bool, str]], frozen=True):
    """Whether objections were met, and why."""

    kind: Literal["verifications"] = "verifications"

    def _read(self, text: str) -> dict[int, tuple[bool, str]]:
        given = self._blocks(forms.Verifications, text)
        return {number: (one.met == "yes", one.reason) for number, one in given.items()}


class RulingsSheet(BlockSheet[tuple[bool, str]], frozen=True):
    """Whether the old wordings stand, and why."""

    kind: Literal["rulings"] = "rulings"

    def _read(self, text: str) -> dict[int, tuple[bool, str]]:
        given = self._blocks(forms.Rulings, text)
        for group in self._about_one_line(given):
            if len({one.keep for one in group.values()}) > 1:
                raise InputError(
                    f"Blocks {_listed(group)} are about one line, and keep different wordings of it.",
                    hint="Rule alike in all of them.",
                )
        return {number: (one.keep == "old", one.reason) for number, one in given.items()}


def _listed(numbers: Sequence[int] | dict[int, Any]) -> str:
    return " and ".join(map(str, numbers))
