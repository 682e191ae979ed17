"""What the comparison with other frameworks counts: tokens by llama.cpp's own timings, scenes by form."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SCENE = "INT. LAMP ROOM - NIGHT\n\nMARA\nYou came back.\n\nTOMAS\nI did.\n"
CAST = ["Mara", "Tomas"]


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.syspath_prepend(str(BENCHMARKS / "peers"))
    yield
    for name in ("peers", "meter", "task"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("text", [SCENE, f"```\n{SCENE}```", f"Here is the scene:\n\n{SCENE}"])
def test_a_scene_is_one_with_a_fence_or_words_around_it(text):
    """Any program that reads answers would pass over them."""
    from peers import faults

    assert faults([text], CAST) == (0, 0, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", (1, 0, 0)),
        ("The scene should be in screenplay format.", (1, 0, 0)),
        (SCENE + "\n" + SCENE, (1, 0, 4)),
        (SCENE.partition("TOMAS")[0], (1, 0, 1)),
        (SCENE.replace("TOMAS", "JANE"), (0, 1, 2)),
        (SCENE.replace("TOMAS", "TOMAS (V.O.)"), (0, 0, 2)),
    ],
)
def test_faults_of_form_and_of_cast_are_counted(text, found):
    """No heading or two, no dialogue, a cue of somebody else: each is counted once."""
    from peers import faults

    assert faults([text], CAST) == found


def test_the_meter_adds_up_what_the_runtime_says_and_counts_refusals_apart():
    """Tokens that were found in the cache are part of the prompt."""
    from meter import Meter

    meter = Meter()
    meter.count(200, b'{"x": {}, "timings":{"cache_n":30,"prompt_n":5,"predicted_n":7,"a":1.5}}')
    meter.count(200, b'data: {"timings":{"prompt_n":2,"predicted_n":1}}\n\n')
    meter.count(400, b'{"error": {}}')
    assert (meter.calls, meter.refused) == (2, 1)
    assert (meter.prompt, meter.cached, meter.new) == (37, 30, 8)


def test_what_a_framework_could_not_read_is_counted():
    """No object, or one without the keys that were asked for, is unparsable."""
    from task import Made

    made = Made("x", "1")
    assert made.take({"premise": "p"}, "premise") == {"premise": "p"}
    assert made.take(None) == made.take([1], "a") == made.take({"a": 1}, "b") == {}
    assert (made.structured, made.unparsable) == (4, 3)
