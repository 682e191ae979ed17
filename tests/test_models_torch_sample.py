import random

import pytest
import torch

from storyroom.models.torch_sample import Sampling, choose, dry_penalties, penalise

LIKELY = torch.tensor([0.5, 0.3, 0.15, 0.05])


def drawn(row, scores, times=400):
    """How often each token is drawn."""
    tokens = [choose(scores[None].clone(), [row])[0] for _ in range(times)]
    return [tokens.count(token) / times for token in range(len(scores))]


def test_tokens_are_drawn_as_often_as_they_are_likely():
    """The shares follow the model's, and the temperature sharpens or flattens them."""
    scores = LIKELY.log()
    assert drawn(Sampling(dice=random.Random(1)), scores) == pytest.approx(LIKELY.tolist(), abs=0.08)
    cold = drawn(Sampling(temperature=0.3, dice=random.Random(1)), scores)
    assert cold[0] > 0.8


def test_unlikely_tokens_can_be_cut_off():
    """`min_p` drops what is far less likely than the likeliest, `top_p` what is beyond a share of all."""
    scores = LIKELY.log()
    assert drawn(Sampling(min_p=0.4, dice=random.Random(1)), scores)[2:] == [0, 0]
    shares = drawn(Sampling(top_p=0.7, dice=random.Random(1)), scores)
    assert shares[2:] == [0, 0]
    assert shares[1] > 0.2
    assert drawn(Sampling(top_p=0.01, dice=random.Random(1)), scores)[0] == 1


def test_a_row_draws_the_same_whoever_is_beside_it():
    """Its own dice decide, and one draw is made a token."""
    scores = torch.randn(3, 50, generator=torch.Generator().manual_seed(1))
    alone = [
        choose(scores[1:2].clone(), [Sampling(dice=dice)])[0] for dice in [random.Random(7)] for _ in range(5)
    ]
    dice = random.Random(7)
    others = [Sampling(dice=random.Random(1)), Sampling(temperature=0)]
    together = [choose(scores.clone(), [others[0], Sampling(dice=dice), others[1]])[1] for _ in range(5)]
    assert together == alone


def test_what_is_impossible_is_never_drawn():
    """Tokens at minus infinity stay out, even where rounding could reach them."""
    scores = torch.full((1, 1000), -torch.inf)
    scores[0, [3, 700]] = torch.tensor([1.0, 0.9])

    class Highest(random.Random):
        def random(self):
            return 1 - 2**-53

    assert choose(scores.clone(), [Sampling(dice=Highest())])[0] in (3, 700)
    assert choose(scores.clone(), [Sampling(temperature=0)]) == [3]


def test_what_was_written_a_moment_ago_gets_less_likely():
    """Either sign of a score is lowered, once for each token, and only for the last 64."""
    scores = torch.tensor([2.0, -2.0, 2.0, 2.0])
    penalise(scores, [3, *[0] * 40, *[1] * 24], Sampling(repeat_penalty=2))
    assert scores.tolist() == [1, -4, 2, 2]


def test_sequences_are_held_back_and_names_are_not():
    """Three tokens may come again; whatever made it a longer repetition costs more and more."""
    name = [5, 6]
    assert dry_penalties([*name, 1, 2, *name], 1.0, frozenset()) == {}
    assert dry_penalties([1, 2, 3, 4, 9, 1, 2, 3], 1.0, frozenset()) == {4: 1.0}
    assert dry_penalties([7, 1, 2, 3, 4, 9, 7, 1, 2, 3], 2.0, frozenset()) == {4: 3.5}
    assert dry_penalties([1, 2, 3, 4, 9, 1, 2, 3], 0.0, frozenset()) == {}


def test_no_repetition_is_seen_across_a_break():
    """A cue that comes again and again on its own line is no repetition."""
    newline = frozenset({0})
    assert dry_penalties([8, 0, 1, 2, 4, 8, 0, 1, 2], 1.0, newline) == {}
    assert dry_penalties([8, 0, 1, 2, 4, 8, 0, 1, 2], 1.0, frozenset()) == {4: 1.75}


def test_endless_repetition_has_a_number():
    """A token that is written over and over does not make the penalty overflow."""
    (penalty,) = dry_penalties([1] * 1024, 1.0, frozenset()).values()
    assert penalty < 10**15
    scores = torch.zeros(3)
    penalise(scores, [1] * 1024, Sampling(dry=1.0))
    assert scores[1] < -1e9
    assert scores[0] == scores[2] == 0
