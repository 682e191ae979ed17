"""Emphasis in Fountain: styled runs, and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyroom.formats.fountain import Run, emphasis, mark_up

CASES = {
    "plain": ("Rain.", [("Rain.", "")]),
    "italic": ("a *b* c", [("a ", ""), ("b", "i"), (" c", "")]),
    "bold": ("**b**", [("b", "b")]),
    "bold italic": ("***b***", [("b", "bi")]),
    "underline": ("_b c_", [("b c", "u")]),
    "nested": ("_a **b *c* d** e_", [("a ", "u"), ("b ", "bu"), ("c", "biu"), (" d", "bu"), (" e", "u")]),
    "closed one after the other": ("***b** c* d", [("b", "bi"), (" c", "i"), (" d", "")]),
    "within a word": ("un*believ*able", [("un", ""), ("believ", "i"), ("able", "")]),
    "Chinese": ("他*真的*走了", [("他", ""), ("真的", "i"), ("走了", "")]),
    "escaped": (r"a \*b\* \_c\_ \\", [("a *b* _c_ \\", "")]),
    "escaped within": (r"*a\*b*", [("a*b", "i")]),
    "spaces around": ("2 * 3 * 4", [("2 * 3 * 4", "")]),
    "unclosed": ("*a **b**", [("*a ", ""), ("b", "b")]),
    "not over lines": ("*a\nb*", [("*a\nb*", "")]),
    "a blank to fill in": ("Name: ____ *x*", [("Name: ____ ", ""), ("x", "i")]),
    "stars in a row": ("****", [("****", "")]),
    "notes go": ("a [[*x*]] *b* /* *c* */.", [("a ", ""), ("b", "i"), (" .", "")]),
    "empty": ("", []),
}


@pytest.mark.parametrize("name", CASES)
def test_emphasis(name: str) -> None:
    """Marks become styles; what is not a mark stays as it is."""
    text, runs = CASES[name]
    assert emphasis(text) == tuple(Run(t, "b" in s, "i" in s, "u" in s) for t, s in runs)


RUNS = st.lists(
    st.builds(Run, st.text("ab *_\\[/\n中", max_size=5), st.booleans(), st.booleans(), st.booleans()),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(RUNS)
def test_runs_survive_mark_up(runs: list[Run]) -> None:
    """Text comes back whole, and so does the style of every character but white space."""

    def styled(runs: list[Run]) -> list[object]:
        return [(c, (run[1:] if c.strip() else None)) for run in runs for c in run.text]

    assert styled(list(emphasis(mark_up(runs)))) == styled(runs)


NESTED = {
    "_**a**_": [Run("a", bold=True, underline=True)],
    "_***a***_": [Run("a", bold=True, italic=True, underline=True)],
    "**a *b***": [Run("a ", bold=True), Run("b", bold=True, italic=True)],
    "***a* b**": [Run("a", bold=True, italic=True), Run(" b", bold=True)],
    "_a **b**_ **c**": [Run("a ", underline=True), Run("b", bold=True, underline=True), Run(" c", bold=True)],
    "_a**b**_**c**": [Run("a", underline=True), Run("b", bold=True, underline=True), Run("c", bold=True)],
    "*a **b*** **c**": [Run("a ", italic=True), Run("b", bold=True, italic=True), Run(" c", bold=True)],
    "*a**b*c**": [Run("a", italic=True), Run("b", bold=True, italic=True), Run("c", bold=True)],
}


@pytest.mark.parametrize("text", NESTED)
def test_marks_are_closed_in_reverse_order(text: str) -> None:
    """Other readers take no crossing marks; only where none can be avoided do they cross."""
    assert mark_up(NESTED[text]) == text


@settings(max_examples=300, deadline=None)
@given(st.text("ab *_\\\n", max_size=30))
def test_no_character_is_lost(text: str) -> None:
    """The runs hold every character but marks and escapes, in order."""
    shown = "".join(run.text for run in emphasis(text))
    characters = iter(text)
    assert all(c in characters for c in shown)
    assert [c for c in shown if c not in "*_\\"] == [c for c in text if c not in "*_\\"]
