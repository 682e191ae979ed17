"""Whether a model fits into memory."""

from __future__ import annotations

import pytest

from storyroom.errors import ModelRefused
from storyroom.models import llamacpp
from storyroom.models.embedded import embedded_path
from storyroom.models.gguf_header import read_header
from storyroom.models.open import open_model
from storyroom.models.room_for import Needs, fitting_context, free_memory

_GIB = 1 << 30
_NEEDS = Needs(weights=4 * _GIB, per_token=128 << 10, cache=_GIB // 4)


def test_a_model_that_fits_gets_the_context_that_was_asked_for() -> None:
    """Nothing is made smaller without need."""
    assert fitting_context("m.gguf", _NEEDS, 16_384, 10 * _GIB) == 16_384


def test_where_memory_is_short_the_context_shrinks_and_the_sum_stays_within_it() -> None:
    """The context is the largest step that fits."""
    free = 5 * _GIB
    context = fitting_context("m.gguf", _NEEDS, 16_384, free)
    assert 2048 <= context < 16_384
    assert _NEEDS.at(context) <= free < _NEEDS.at(context + 256)


def test_a_model_that_does_not_fit_is_refused_with_the_sum() -> None:
    """The refusal names weights, context and what is free, and says what to do."""
    with pytest.raises(ModelRefused) as refused:
        fitting_context("m.gguf", _NEEDS, 16_384, 3 * _GIB)
    assert "4.0 GiB of weights" in str(refused.value)
    assert "3.0 GiB are free" in str(refused.value)
    assert "quantisation" in refused.value.hint


def test_free_memory_is_what_the_machine_has_at_most() -> None:
    """A container's limit and the machine's memory are both read without an error."""
    import psutil

    assert 0 < free_memory() <= psutil.virtual_memory().total


def test_llamacpp_refuses_before_it_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server is started for a model that is too big."""
    monkeypatch.setattr(llamacpp, "free_memory", lambda: 100 << 20)
    monkeypatch.setattr(llamacpp, "_running", {})
    with pytest.raises(ModelRefused, match="too big for this machine"):
        open_model("embedded")
    assert llamacpp._running == {}


def test_the_header_tells_what_a_token_of_context_takes() -> None:
    """30 layers, 3 shared heads of 64, keys and values, two bytes each."""
    assert read_header(embedded_path()).token_bytes == 30 * 3 * (64 + 64) * 2
