"""How likely a text was, read by a model on torch."""

from __future__ import annotations

import math
from typing import Any

from storyroom.story.surprise import TokenBits

# The likelihood of every token of the vocabulary is held for so many places at once.
_AT_A_TIME = 256
_MOST_BEFORE = 1024


def read_through(model: Any, tokenizer: Any, text: str, given: str, *, context: int) -> list[TokenBits]:
    """Return how surprising the tokens of a text are, behind what is given.

    Args:
        model: a transformers `PreTrainedModel`.
        tokenizer: the fast tokenizer that belongs to it.
        context: most tokens that the model takes; each token is judged by at least half of that, or by
            `_MOST_BEFORE` tokens, where so many come before it.
    """
    import torch

    read = tokenizer(given + text, return_offsets_mapping=True, add_special_tokens=False)
    ids, places = read["input_ids"], read["offset_mapping"]
    # The very first token has nothing before it that could make it likely.
    first = max(1, next((i for i, (_, end) in enumerate(places) if end > len(given)), len(ids)))
    step = min(_AT_A_TIME, context // 2)
    before = min(_MOST_BEFORE, context - step)
    found: list[TokenBits] = []
    with torch.inference_mode():
        for begin in range(first, len(ids), step):
            end = min(begin + step, len(ids))
            window = torch.tensor([ids[max(0, begin - before) : end]], device=model.device)
            # The logits at a token are of the one behind it, so one more is asked for and the last dropped.
            logits = model(window, logits_to_keep=end - begin + 1).logits[0, :-1].float()
            told = torch.log_softmax(logits, dim=-1).gather(1, window[0, begin - end :, None])[:, 0]
            found += [
                TokenBits(max(0, places[i][0] - len(given)), places[i][1] - len(given), bits)
                for i, bits in zip(range(begin, end), (-told / math.log(2)).tolist(), strict=True)
            ]
    return found
