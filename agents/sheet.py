"""A sheet: what is put before a member who sits in a seat, and how what they hand in is read.

It is a file to fill in: comments that say what the agent would have had before it, then a form. It is kept as
JSON until it is answered, and holds all that reading the answer takes.

    sheet.text          what the member is given
    sheet.read(text)    the answer, of the type that the agent would have given; None hands the task back
"""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel

from storyroom.agents.reading import read_form, refuse_cut_off
from storyroom.errors import InputError

LONGEST = 200_000
"""Most characters of an answer."""

A = TypeVar("A")
F = TypeVar("F", bound=BaseModel)


class Sheet(BaseModel, Generic[A], frozen=True):
    """What a member is asked.

    Attributes:
        role: whose seat they sit in.
        text: the file that they fill in.
    """

    suffix: ClassVar[str] = ".yaml"

    role: str
    text: str

    def read(self, text: str) -> A | None:
        """Return the answer; None if nothing was filled in, which hands the task back to the agent.

        Raises:
            InputError: it cannot be read, or says what cannot be.
        """
        if len(text) > LONGEST:
            raise InputError(
                f"The answer has {len(text):,} characters; at most {LONGEST:,} are read.",
                hint="Say it shorter.",
            )
        if self._is_blank(text):
            return None
        return self._read(text)

    def _is_blank(self, text: str) -> bool:
        return all(line.lstrip().startswith("#") for line in text.splitlines() if line.strip())

    def _read(self, text: str) -> A:
        raise NotImplementedError

    def _filled(self, form: type[F], text: str) -> F:
        refuse_cut_off(text, self.text)
        return read_form(form, text)
