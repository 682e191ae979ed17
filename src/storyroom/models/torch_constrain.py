"""Grammars and JSON schemas on the logits of a torch model, through XGrammar (arXiv:2411.15100)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import torch
import xgrammar

from storyroom.errors import GrammarRefused, ModelRefused

_COMPILED = 64


class Compiler:
    """Compiles grammars for one tokenizer; the same grammar is compiled once.

    Args:
        tokenizer: of the model.
        vocabulary: width of the model's logits, which may be more than the tokenizer has.
        ends: tokens that end an answer.
    """

    def __init__(self, tokenizer: Any, vocabulary: int, ends: Sequence[int]) -> None:
        information = xgrammar.TokenizerInfo.from_huggingface(
            tokenizer, vocab_size=vocabulary, stop_token_ids=list(ends) or None
        )
        self._compiler = xgrammar.GrammarCompiler(information, max_threads=2)
        self.grammar = lru_cache(_COMPILED)(self._grammar)
        self._schema = lru_cache(_COMPILED)(self._json_schema)

    def schema(self, schema: dict[str, Any]) -> xgrammar.CompiledGrammar:
        """Return a grammar for JSON, on one line, under a schema."""
        return self._schema(json.dumps(schema, ensure_ascii=False))

    def _grammar(self, text: str) -> xgrammar.CompiledGrammar:
        try:
            return self._compiler.compile_grammar(text)
        except (RuntimeError, ValueError) as error:
            raise GrammarRefused(
                f"xgrammar cannot compile the grammar: {_first_words(error)}",
                hint="Ask for the same answer by JSON schema.",
            ) from error

    def _json_schema(self, text: str) -> xgrammar.CompiledGrammar:
        try:
            return self._compiler.compile_json_schema(text, any_whitespace=False)
        except (RuntimeError, ValueError) as error:
            raise ModelRefused(
                f"xgrammar cannot compile the JSON schema: {_first_words(error)}",
                hint="Write the schema without the keyword that it names.",
            ) from error


def mask(scores: torch.Tensor, matchers: Sequence[xgrammar.GrammarMatcher | None]) -> None:
    """Leave to each row, in place, only the tokens that its grammar allows next.

    Args:
        scores: (rows, vocabulary).
        matchers: one for each row; None where anything may come.
    """
    held = [place for place, matcher in enumerate(matchers) if matcher is not None]
    if not held:
        return
    allowed = xgrammar.allocate_token_bitmask(len(matchers), scores.shape[-1])
    for place in held:
        if (matcher := matchers[place]) is not None:
            matcher.fill_next_token_bitmask(allowed, place)
    xgrammar.apply_token_bitmask_inplace(
        scores,
        allowed.to(scores.device, non_blocking=True),
        indices=None if len(held) == len(matchers) else held,
    )


def _first_words(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
