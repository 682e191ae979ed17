import asyncio
from typing import Literal

import pytest
import torch
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from pydantic import BaseModel
from tiny_model import make_tiny_model

from storyroom.errors import ModelError, ModelRefused
from storyroom.formats.fountain import parse_elements
from storyroom.models import open_model
from storyroom.models.ask import Request, complete
from storyroom.models.grammar import scene_grammar
from storyroom.models.schema import bounded_schema
from storyroom.models.torch_prompt import prompt_ids
from storyroom.models.torch_text import TextStream
from storyroom.story.script import Kind

TASK = (SystemMessage("You write."), HumanMessage("Go on, 林夏."))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the tiny model."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def model(folder):
    """The tiny model, opened; in float32, in which a batch changes next to nothing."""
    return open_model(f"transformers:{folder}", device="cpu", dtype="float32")


def asked(**options):
    """A request of a few tokens."""
    return Request(messages=TASK, **{"max_tokens": 24, **options})


async def test_an_answer_streams_and_is_counted(model):
    """Text comes while the model writes, and its tokens are counted."""
    pieces = []
    reply = await complete(model, asked(), pieces.append)
    assert "".join(pieces) == reply.text
    assert len(pieces) > 1
    assert 1 <= reply.new_tokens <= 24
    assert reply.prompt_tokens == model.count_prompt(TASK)
    assert reply.finish_reason == ("length" if reply.new_tokens == 24 else "stop")


async def test_the_same_seed_writes_the_same(model):
    """Seeds make a call repeatable, whatever was drawn before; another seed writes something else."""
    first = await complete(model, asked(seed=3))
    torch.rand(5)
    assert (await complete(model, asked(seed=3))).text == first.text
    assert (await complete(model, asked(seed=4))).text != first.text


async def test_temperature_zero_takes_the_likeliest(model):
    """Without temperature the seed does not matter."""
    texts = {(await complete(model, asked(temperature=0, seed=seed))).text for seed in (1, 2)}
    assert len(texts) == 1


class Verdict(BaseModel):
    met: Literal["yes", "no"]
    line: Literal["12", "34"]


async def test_even_noise_keeps_to_a_schema(model):
    """Random weights under a JSON schema answer as the pydantic type wants it, on one line."""
    for seed in range(4):
        reply = await complete(model, asked(json_schema=bounded_schema(Verdict), seed=seed, max_tokens=80))
        assert Verdict.model_validate_json(reply.text)
        assert "\n" not in reply.text
        assert reply.finish_reason == "stop"


async def test_even_noise_keeps_to_the_cast(model):
    """Random weights under a scene's grammar write no speaker but the cast."""
    grammar = scene_grammar(["Mara", "林夏"], min_blocks=1, max_blocks=1)
    reply = await complete(model, asked(grammar=grammar, max_tokens=200, seed=2))
    cues = {element.text for element in parse_elements(reply.text) if element.kind is Kind.CUE}
    assert cues <= {"MARA", "林夏"}
    assert reply.text[0].isupper() or reply.text[0] == "@"


async def test_a_grammar_that_makes_no_sense_is_refused(model):
    """The words of xgrammar are in the hint, and the model can be asked again."""
    with pytest.raises(ModelRefused, match="grammar"):
        await complete(model, asked(grammar="root ::= nowhere"))
    assert (await complete(model, asked(grammar='root ::= "yes"'))).text == "yes"


async def test_what_has_begun_is_continued(model):
    """The prompt ends with the prefill, and the reply holds only what follows it."""
    ids = prompt_ids(model._engine.tokenizer, [*TASK, AIMessage("INT. ")])
    assert model._engine.tokenizer.decode(ids).endswith("<|start|>assistant\nINT. ")
    reply = await complete(model, asked(prefill="INT. ", grammar='root ::= "HARBOUR"'))
    assert reply.text == "HARBOUR"


async def test_a_stop_string_ends_the_answer_and_is_not_part_of_it(model):
    """The text up to the stop string is the answer."""
    reply = await complete(
        model, asked(grammar='root ::= "one; two; three; four; five"', stop=("; th",), max_tokens=99)
    )
    assert reply.text == "one; two"
    assert reply.finish_reason == "stop"
    assert reply.new_tokens < 25


def test_characters_of_several_tokens_come_whole(model):
    """Half a Chinese character is never handed on, nor the beginning of a stop string."""
    tokenizer = model._engine.tokenizer
    pieces = []
    stream = TextStream(tokenizer, ["。。"], pieces.append)
    for token in tokenizer.encode("灯灭。了", add_special_tokens=False):
        stream.put(token)
    stream.end()
    assert pieces == ["灯", "灭", "。了"]


async def test_cancelling_stops_the_generation(model):
    """The thread that writes ends soon after its task was cancelled, and the next call gets its turn."""
    begun = asyncio.Event()
    task = asyncio.create_task(
        complete(model, asked(grammar="root ::= [a-z]+", max_tokens=400), lambda text: begun.set())
    )
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await complete(model, asked(grammar='root ::= "next"'))).text == "next"


def test_the_plain_langchain_calls_work_too(model):
    """It is a chat model like any other."""
    options = {"grammar": 'root ::= "yes"', "max_tokens": 9}
    assert model.invoke("Now?", **options).content == "yes"
    assert "".join(chunk.text for chunk in model.stream("Now?", **options)) == "yes"


async def test_a_failure_inside_the_model_is_an_error_of_ours(model, monkeypatch):
    """What torch raises in its thread comes out where the answer was awaited, and the next call is served."""

    def fail(*args, **kwargs):
        raise RuntimeError("the sizes do not match")

    with monkeypatch.context() as patched:
        patched.setattr(model._engine.model, "forward", fail)
        with pytest.raises(ModelError, match="sizes do not match"):
            await complete(model, asked())
    assert (await complete(model, asked(grammar='root ::= "next"'))).text == "next"


def test_likelihoods_are_told_when_asked_for(model):
    """Each token comes with its log-probability and its rivals', by the model alone."""
    answer = model.invoke("Now?", grammar='root ::= "yes"', logprobs=True, top_logprobs=3, max_tokens=9)
    told = answer.response_metadata["logprobs"]["content"]
    assert "".join(token["token"] for token in told).startswith("yes")
    assert all(token["logprob"] < 0 for token in told)
    assert all(len(token["top_logprobs"]) == 3 for token in told)
    # The model that wrote knows no grammar: what the grammar forced was not the likeliest.
    assert any(token["logprob"] < token["top_logprobs"][0]["logprob"] for token in told)
    assert "logprobs" not in model.invoke("Now?", max_tokens=2).response_metadata


def test_the_likelihood_told_is_that_which_the_text_has(model):
    """The same numbers come out when the whole text is read through at once."""
    answer = model.invoke("Now?", logprobs=True, grammar="root ::= [a-z]{12}", max_tokens=12, seed=5)
    told = [token["logprob"] for token in answer.response_metadata["logprobs"]["content"]]
    ids = prompt_ids(model._engine.tokenizer, [HumanMessage("Now?")])
    row = model._engine.tokenizer(answer.text, add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        scores = model._engine.model(torch.tensor([ids + row])).logits[0].log_softmax(-1)
    read = [float(scores[len(ids) - 1 + place, token]) for place, token in enumerate(row)]
    assert told == pytest.approx(read, abs=1e-3)


async def test_a_prompt_without_room_for_an_answer_is_refused(model):
    """A plain call that does not fit the context is told so, with both numbers."""
    with pytest.raises(ModelRefused, match="takes 512"):
        await model.ainvoke("long " * 200)
