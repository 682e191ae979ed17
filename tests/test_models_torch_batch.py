import asyncio

import pytest
import torch
from langchain_core.messages import HumanMessage, SystemMessage
from tiny_model import make_tiny_model

from storyroom.errors import ModelError
from storyroom.models import open_model
from storyroom.models.ask import Request, complete
from storyroom.models.torch_batch import out_of_memory
from storyroom.models.torch_cache import Part, PrefixStore, cache_bytes, empty_cache, gathered

LONG = "The keeper climbs the stairs with a lamp in her hand. " * 3
FORMS = (
    {},
    {"grammar": "root ::= [a-z]{30}"},
    {"json_schema": {"type": "string", "pattern": "[a-e]{12}"}},
    {"temperature": 0.0},
    {"top_p": 0.7, "repeat_penalty": 1.2, "dry": 0.8, "stop": ("q",)},
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the tiny model."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def model(folder):
    """The tiny model, opened in float32, with nothing read before."""
    model = open_model(f"transformers:{folder}", device="cpu", dtype="float32")
    model._engine.prefixes.clear()
    return model


def asked(number=0, task="Go on.", **options):
    """A request; its number gives it a seed, a length and a form of its own."""
    form = {**FORMS[number % len(FORMS)], **options}
    messages = (SystemMessage(LONG), HumanMessage(f"{task} {'.' * number}"))
    return Request(messages=messages, seed=number, **{"max_tokens": 16 + 3 * number, **form})


async def at_once(model, calls):
    """Answers to calls that all wait before the first is begun, however slow the machine is."""
    with model._engine.lock:
        tasks = [asyncio.ensure_future(call) for call in calls]
        while len(model._engine.batch._waiting) < len(tasks):  # noqa: ASYNC110 - the thread tells nobody
            await asyncio.sleep(0.001)
    return await asyncio.gather(*tasks)


async def together(model, count):
    """Answers to calls of different forms and lengths, asked for at once."""
    return await at_once(model, [complete(model, asked(number)) for number in range(count)])


async def test_calls_at_once_do_not_disturb_each_other(model):
    """Rows of different forms, lengths and ends get what each would have got alone."""
    alone = [(await complete(model, asked(number))).text for number in range(10)]
    assert [reply.text for reply in await together(model, 10)] == alone


async def test_calls_at_once_share_steps(model, monkeypatch):
    """Four calls take far fewer steps of the model than four times one."""
    steps = []
    forward = model._engine.model.forward
    monkeypatch.setattr(
        model._engine.model, "forward", lambda **given: steps.append(given["input_ids"]) or forward(**given)
    )
    grammar = "root ::= [a-z]{60}"
    requests = [
        asked(number, grammar=grammar, max_tokens=60, **{"json_schema": None}) for number in (0, 5, 10, 15)
    ]
    replies = await at_once(model, [complete(model, request) for request in requests])
    assert sum(reply.new_tokens for reply in replies) == 240
    assert len(steps) < 120


async def test_a_row_joins_others_that_are_being_written(model):
    """A call that comes later does not wait for the end of an earlier one."""
    begun = asyncio.Event()
    first = asyncio.create_task(
        complete(model, asked(grammar="root ::= [a-z]{250}", max_tokens=250), lambda text: begun.set())
    )
    await begun.wait()
    second = await complete(model, asked(grammar='root ::= "late"'))
    assert second.text == "late"
    assert not first.done()
    assert len((await first).text) == 250


async def test_the_rows_of_a_call_are_told(model):
    """Each answer tells how many were written together with it, and when its first token came."""
    calls = [
        model.ainvoke("Go.", grammar="root ::= [a-z]{40}", max_tokens=40, seed=seed) for seed in range(3)
    ]
    told = [answer.response_metadata for answer in await at_once(model, calls)]
    assert [each["rows"] for each in told] == [3, 3, 3]
    assert all(0 < each["first_token_seconds"] < each["seconds"] for each in told)


async def test_no_more_rows_than_were_asked_for(folder):
    """`rows` in the spec bounds the batch; the rest waits its turn."""
    narrow = open_model(f"transformers:{folder}?rows=2&dtype=float32&device=cpu")
    calls = [
        narrow.ainvoke("Go.", grammar="root ::= [a-z]{20}", max_tokens=20, seed=seed) for seed in range(5)
    ]
    answers = await at_once(narrow, calls)
    assert max(answer.response_metadata["rows"] for answer in answers) == 2
    assert all(len(answer.text) == 20 for answer in answers)


async def test_a_common_beginning_is_read_once(model):
    """The second prompt is told as cached as far as it is the same as the first, and answers the same."""
    fresh = await complete(model, asked(2))
    assert fresh.cached_tokens == 0
    model._engine.prefixes.clear()
    await complete(model, asked(0, task="Something else."))
    again = await complete(model, asked(2))
    assert len(LONG.encode()) < again.cached_tokens < again.prompt_tokens
    assert again.text == fresh.text


async def test_the_same_prompt_again_reads_one_token(model):
    """All but the last token is known, and that one is needed to tell what follows."""
    await complete(model, asked(0))
    again = await complete(model, asked(0))
    assert again.cached_tokens == again.prompt_tokens - 1


async def test_a_failed_row_leaves_the_others(model):
    """A call that is refused on its own does not disturb its neighbours."""
    results = await asyncio.gather(
        complete(model, asked(0, grammar="root ::= nowhere")),
        complete(model, asked(1)),
        return_exceptions=True,
    )
    assert isinstance(results[0], ModelError)
    assert results[1].text == (await complete(model, asked(1))).text


class Fails:
    """A model's forward that runs out of memory at certain calls."""

    def __init__(self, model, at, error=torch.OutOfMemoryError):
        self.forward, self.at, self.error, self.calls = model.forward, at, error, 0
        self.rows = []

    def __call__(self, **given):
        """Run the model, or out of memory."""
        self.calls += 1
        if self.at(self.calls):
            raise self.error("out of memory")
        self.rows.append(given["input_ids"].shape[0])
        return self.forward(**given)


async def test_when_memory_runs_out_fewer_rows_are_written_at_once(model, monkeypatch):
    """Nothing that was written is lost, and every answer is what it would have been."""
    alone = [(await complete(model, asked(number))).text for number in range(4)]
    fails = Fails(model._engine.model, lambda call: call == 12)
    monkeypatch.setattr(model._engine.model, "forward", fails)
    replies = await together(model, 4)
    assert [reply.text for reply in replies] == alone
    assert max(fails.rows[:11]) > 2 >= max(fails.rows[11:])


async def test_memory_that_runs_out_once_for_a_single_row_is_made_free(model, monkeypatch):
    """The prompts that were kept are given up, and the call goes on."""
    alone = await complete(model, asked(1))
    monkeypatch.setattr(model._engine.model, "forward", Fails(model._engine.model, lambda call: call == 5))
    assert (await complete(model, asked(1))).text == alone.text


async def test_memory_that_stays_too_little_is_an_error_that_can_be_resumed(model, monkeypatch):
    """With one row and nothing kept there is nothing left to give up: the call fails, the next is tried."""
    with monkeypatch.context() as patched:
        patched.setattr(model._engine.model, "forward", Fails(model._engine.model, lambda call: call > 3))
        with pytest.raises(ModelError, match="Memory ran out") as caught:
            await complete(model, asked(0))
    assert "resume" in caught.value.hint
    assert (await complete(model, asked(grammar='root ::= "next"'))).text == "next"


def test_memory_errors_of_cpus_are_known_too():
    """torch raises a plain RuntimeError when a CPU has no more."""
    assert out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"))
    assert out_of_memory(MemoryError())
    assert not out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


async def test_cancelling_one_row_leaves_the_others(model):
    """The cancelled row goes at the next step; its neighbour is written to its end."""
    begun = asyncio.Event()
    endless = asked(grammar="root ::= [a-z]+", max_tokens=300)
    gone = asyncio.create_task(complete(model, endless, lambda text: begun.set()))
    kept = asyncio.create_task(complete(model, asked(grammar="root ::= [a-z]{120}", max_tokens=120)))
    await begun.wait()
    gone.cancel()
    assert len((await kept).text) == 120
    assert (await complete(model, asked(grammar='root ::= "next"'))).text == "next"
    assert gone.cancelled()
    assert all(row.over for row in model._engine.batch._rows)


def a_cache(tokens, seed=0):
    """A cache of two layers that holds so many tokens."""
    torch.manual_seed(seed)
    cache = empty_cache()
    for layer in range(2):
        cache.update(torch.randn(1, 2, tokens, 4), torch.randn(1, 2, tokens, 4), layer)
    return cache


def test_rows_are_gathered_against_the_right_edge():
    """Shorter rows get zeros before them, and every row keeps its tokens."""
    long, short = a_cache(7), a_cache(3, seed=1)
    both = gathered([Part(long, 0, 1, 7), Part(short, 0, 0, 3)], room=5)
    keys = both.layers[1].keys
    assert keys.shape == (2, 2, 6, 4)
    assert torch.equal(keys[0], long.layers[1].keys[0, :, 1:])
    assert torch.equal(keys[1, :, 3:], short.layers[1].keys[0])
    assert not keys[1, :, :3].any()


def test_a_cache_grows_without_losing_what_it_holds():
    """Beyond the room set aside the tokens move to a larger one."""
    cache = a_cache(2)
    first = cache.layers[0].keys.clone()
    for _ in range(200):
        cache.update(torch.ones(1, 2, 1, 4), torch.ones(1, 2, 1, 4), 0)
    assert cache.layers[0].get_seq_length() == 202
    assert torch.equal(cache.layers[0].keys[:, :, :2], first)


def test_prompts_are_kept_within_their_bytes():
    """The longest unused goes first, and the bound holds whatever comes."""
    one = cache_bytes(a_cache(8))
    store = PrefixStore(2 * one)
    for begin in range(5):
        store.keep([begin, *range(10, 17)], a_cache(8))
        assert store.nbytes <= 2 * one
    assert store.begin([0, 10, 11], room=0)[1] == 0
    assert store.begin([4, 10, 11, 99], room=0)[1] == 3


def test_of_a_prompt_too_big_to_keep_its_beginning_is_kept():
    """What calls have in common stands at the beginning."""
    cache = a_cache(100)
    store = PrefixStore(cache_bytes(cache) // 4)
    store.keep(list(range(100)), cache)
    assert 0 < store.nbytes <= cache_bytes(cache) // 4
    assert 10 < store.begin(list(range(100)), room=0)[1] <= 25
    nothing = PrefixStore(0)
    nothing.keep(list(range(100)), cache)
    assert nothing.begin(list(range(100)), room=0)[1] == 0


def test_a_longer_prompt_takes_the_place_of_its_beginning():
    """What serves the longer one serves the shorter, and is not kept twice."""
    store = PrefixStore(10**9)
    store.keep([1, 2, 3], a_cache(3))
    store.keep([1, 2, 3, 4, 5], a_cache(5))
    whole = store.nbytes
    store.keep([1, 2], a_cache(2))
    assert store.nbytes == whole == cache_bytes(a_cache(5))
