"""Grammars and repetition control on the logits of a torch model."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import torch
import xgrammar
from transformers import LogitsProcessor

from storyroom.errors import ModelRefused

_PENALTY_WINDOW = 64
_COMPILED = 64


class Compiler:
    """Compiles grammars for one tokenizer; the same grammar is compiled once.

    Args:
        tokenizer: of the model.
        vocabulary: width of the model's logits, which may be more than the tokenizer has.
    """

    def __init__(self, tokenizer: Any, vocabulary: int) -> None:
        information = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=vocabulary)
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
            raise _refused("grammar", error) from error

    def _json_schema(self, text: str) -> xgrammar.CompiledGrammar:
        try:
            return self._compiler.compile_json_schema(text, any_whitespace=False)
        except (RuntimeError, ValueError) as error:
            raise _refused("JSON schema", error) from error


class GrammarMask(LogitsProcessor):
    """Lets one generation (a batch of one) choose only tokens that the grammar allows."""

    def __init__(self, grammar: xgrammar.CompiledGrammar) -> None:
        self._matcher = xgrammar.GrammarMatcher(grammar)
        self._mask = xgrammar.allocate_token_bitmask(1, grammar.tokenizer_info.vocab_size)
        self._begun = False

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Mask the scores, (1, vocabulary), of the token after `input_ids`, (1, length)."""
        if self._begun and not self._matcher.is_terminated():
            self._matcher.accept_token(int(input_ids[0, -1]))
        self._begun = True
        if not self._matcher.is_terminated():
            self._matcher.fill_next_token_bitmask(self._mask)
            xgrammar.apply_token_bitmask_inplace(scores, self._mask.to(scores.device))
        return scores


class RepeatPenalty(LogitsProcessor):
    """Makes the last 64 tokens less likely, as llama.cpp's `repeat_penalty` does.

    The whole prompt would be too much: a script names its characters on every page.
    """

    def __init__(self, penalty: float) -> None:
        self._penalty = penalty

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Lower the scores, (1, vocabulary), of tokens late in `input_ids`, (1, length)."""
        recent = input_ids[:, -_PENALTY_WINDOW:]
        found = scores.gather(1, recent)
        lowered = torch.where(found < 0, found * self._penalty, found / self._penalty)
        return scores.scatter(1, recent, lowered)


def _refused(what: str, error: Exception) -> ModelRefused:
    return ModelRefused(
        f"xgrammar cannot compile the {what}.", hint=f"It says: {' '.join(str(error).split())[:300]}"
    )
