"""Servers that break off, trickle, answer pages or refuse: asked again, given up, or said, and never half."""

import json
import logging

import pytest
from fake_server import FakeServer, serving
from langchain_core.messages import HumanMessage, SystemMessage

from storyroom.errors import GrammarRefused, InputError, ModelError, ModelInterrupted, ModelRefused
from storyroom.models import ask, open_model
from storyroom.models.ask import Request, complete, schema_tokens
from storyroom.settings import settings

TASK = (SystemMessage("You write."), HumanMessage("Go on."))
SCHEMA = {"type": "object", "properties": {"word": {"enum": ["rope", "lamp"]}}, "required": ["word"]}
BREAKS = [{"drop_after": 2}, {"cut_after": 2}, {"error_after": 2}, {"no_end": True}, {"drop_after": 0}]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(ask, "PAUSES", (0, 0, 0))


def asked(**options):
    """A request."""
    return Request(messages=TASK, max_tokens=20, **options)


@pytest.mark.parametrize("fault", BREAKS)
async def test_an_answer_that_breaks_off_is_asked_for_again(fault):
    """The whole answer comes in the end, once, and says how often it broke off."""
    with serving(FakeServer(**fault, faults=2)) as server:
        reply = await complete(open_model(server.spec), asked())
    assert (reply.text, reply.interruptions) == ("Hello, Mara.", 2)
    assert len(server.bodies) == 3


@pytest.mark.parametrize("fault", BREAKS)
async def test_an_answer_that_always_breaks_off_is_an_error(fault):
    """After so many repeats it is said what happened, and that the session can be resumed."""
    with serving(FakeServer(**fault)) as server, pytest.raises(ModelInterrupted) as caught:
        await complete(open_model(server.spec), asked())
    assert len(server.bodies) == 1 + len(ask.PAUSES)
    assert "resume" in caught.value.hint


async def test_pauses_grow(monkeypatch):
    """A server that is starting again is given longer each time, and not all calls come back at once."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(ask, "PAUSES", (1.0, 2.0, 4.0))
    monkeypatch.setattr(ask.asyncio, "sleep", sleep)
    with serving(FakeServer(drop_after=1)) as server, pytest.raises(ModelInterrupted):
        await complete(open_model(server.spec), asked())
    paused = [one for one in slept if one > 0.1]
    assert all(0.75 * most <= one <= most for one, most in zip(paused, (1, 2, 4), strict=True))
    assert paused != [1.0, 2.0, 4.0]


async def test_whoever_listens_is_told_that_an_answer_broke_off():
    """Its pieces are void: the word of it comes before the pieces of the next."""
    heard = []
    with serving(FakeServer(drop_after=2, faults=1)) as server:
        await complete(open_model(server.spec), asked(), heard.append, lambda: heard.append("BROKE OFF"))
    assert heard == ["Hello", ", ", "BROKE OFF", "Hello", ", ", "Mara", "."]


@pytest.fixture
def slept(monkeypatch):
    """The pauses that the client makes before it asks again; none of them is waited for."""
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    monkeypatch.setattr("openai._base_client.anyio.sleep", sleep)
    return pauses


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429}, {"status": 503}, {"hang_up": True}])
async def test_a_call_that_could_not_begin_is_made_again_after_longer_and_longer_pauses(fault, slept):
    """A server that is busy or being started again is waited for, half a minute, and nothing is seen."""
    with serving(FakeServer(**fault, faults=6)) as server:
        reply = await complete(open_model(server.spec), asked())
    assert (reply.text, reply.interruptions) == ("Hello, Mara.", 0)
    assert len(server.bodies) == 7
    most = (0.5, 1, 2, 4, 8, 8)
    assert all(0.75 * longest <= one <= longest for one, longest in zip(slept, most, strict=True))
    assert slept != list(most)


async def test_a_server_that_says_how_long_to_wait_is_believed(slept):
    """`Retry-After` is honoured instead of the pause of our own."""
    with serving(FakeServer(status=503, retry_after=17, faults=1)) as server:
        assert (await complete(open_model(server.spec), asked())).text == "Hello, Mara."
    assert slept == [17]


async def test_waiting_for_a_server_has_an_end(monkeypatch):
    """The pauses count as part of the call, which may not take longer than the settings say."""
    monkeypatch.setenv("STORYROOM_CALL_TIMEOUT", "0.3")
    settings.cache_clear()
    late = pytest.raises(ModelError, match=r"more than 0\.3 seconds")
    with serving(FakeServer(status=503, retry_after=100)) as server, late:
        await complete(open_model(server.spec), asked())
    assert len(server.bodies) == 1


async def test_a_silent_server_is_not_asked_again(monkeypatch):
    """It may still be at work on the first call; a second one would only wait behind it."""
    monkeypatch.setenv("STORYROOM_TIMEOUT", "0.2")
    settings.cache_clear()
    with serving(FakeServer(silence=0.6)) as server:
        model = open_model(server.spec)
        with pytest.raises(ModelError, match="silent") as caught:
            await complete(model, asked())
        with pytest.raises(ModelError, match="silent"):
            model.invoke("Hi")
    assert "STORYROOM_TIMEOUT" in caught.value.hint
    assert len(server.bodies) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 500])
async def test_what_will_not_pass_is_not_asked_for_again(status):
    """Only a stream that broke is repeated; a refusal is said at once."""
    with serving(FakeServer(status=status)) as server:
        model = open_model(server.spec)
        model.root_async_client.max_retries = 0
        with pytest.raises(ModelError) as caught:
            await complete(model, asked())
    assert not isinstance(caught.value, ModelInterrupted)
    assert len(server.bodies) == 1


def test_a_stream_that_breaks_behind_its_end_is_whole():
    """What the server has finished is not asked for a second time, even when its counts are lost."""
    from storyroom.models.server_errors import Progress, errors_as_ours

    done = Progress()
    done.finished = True
    with errors_as_ours("openai:m@http://x", done):
        raise ValueError("the counts are cut off")


async def test_slow_bytes_have_an_end(monkeypatch):
    """A server that is never silent for long is still given up when one call has taken too long."""
    monkeypatch.setenv("STORYROOM_CALL_TIMEOUT", "0.4")
    settings.cache_clear()
    with serving(FakeServer(pieces=["a"] * 100, piece_delay=0.05)) as server:
        with pytest.raises(ModelError, match=r"more than 0\.4 seconds") as caught:
            await complete(open_model(server.spec), asked())
        assert server.aborted.wait(5)
    assert "STORYROOM_CALL_TIMEOUT" in caught.value.hint
    assert len(server.bodies) == 1


async def test_a_page_instead_of_an_answer_is_said_at_once():
    """A log-in page on the way to the model is no answer, and asking again would not help."""
    with serving(FakeServer(html_on_post=True)) as server:
        model = open_model(server.spec)
        with pytest.raises(ModelError, match="web page") as caught:
            await complete(model, asked())
        with pytest.raises(ModelError, match="web page"):
            model.invoke("Hi")
    assert "/v1" in caught.value.hint
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("grammar", "field"), [("body", "grammar"), ("vllm", "structured_outputs"), ("guided", "guided_grammar")]
)
async def test_a_refused_grammar_is_told_apart(grammar, field):
    """Who asked can take another form, because the error says that it was the grammar."""
    with serving(FakeServer(rejects=frozenset({field}))) as server:
        model = open_model(server.spec, grammar=grammar)
        with pytest.raises(GrammarRefused, match=field):
            await complete(model, asked(grammar='root ::= "a"'))
        assert (await complete(model, asked())).text == "Hello, Mara."


@pytest.mark.parametrize(
    ("task", "words"),
    [(TASK, "Answer with one JSON object"), ((HumanMessage("写下去，不要停。"),), "只回答一个 JSON 对象")],
)
async def test_a_schema_that_nothing_enforces_is_put_into_the_prompt(task, words):
    """In the language of the conversation, at the end of the task, and without the option that is ignored."""
    pages = {"/openapi.json": {"paths": {"/load_model": {}}}}
    with serving(FakeServer(pages=pages)) as server:
        model = open_model(server.spec)
        await complete(model, Request(messages=task, json_schema=SCHEMA, max_tokens=20))
    (body,) = server.bodies
    assert model.capabilities.schema_mode == "prompt"
    assert "response_format" not in body
    told = body["messages"][-1]["content"]
    assert told.startswith(task[-1].text)
    assert words in told
    assert json.loads(told[told.index("{") :]) == SCHEMA


async def test_the_schema_in_the_prompt_counts():
    """A prompt that fits only without it is refused before it is sent."""
    pages = {"/openapi.json": {"paths": {"/load_model": {}}}}
    schema = {"enum": ["x" * 2000]}
    with serving(FakeServer(pages=pages)) as server:
        model = open_model(server.spec, context=600)
        await complete(model, asked())
        with pytest.raises(ModelRefused, match="tokens"):
            await complete(model, asked(json_schema=schema))
        assert schema_tokens(model, schema) > 800
        assert schema_tokens(model, None) == 0
    assert len(server.bodies) == 1
    with serving(FakeServer()) as server:
        assert schema_tokens(open_model(server.spec), schema) == 0


async def test_the_key_is_nowhere_but_in_the_header(monkeypatch, caplog, tmp_path):
    """Not in logs, errors, the model's repr, its dump, or the record of probing."""
    from storyroom.models.probe import probe

    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("STORYROOM_API_KEY", "sk-very-secret")
    settings.cache_clear()
    with serving(FakeServer(abilities=frozenset())) as server:
        probe(server.spec)
        model = open_model(server.spec)
        await complete(model, asked(json_schema=SCHEMA))
    with serving(FakeServer(status=401)) as refusing, pytest.raises(ModelRefused) as caught:
        await complete(open_model(refusing.spec), asked())
    assert set(server.keys + refusing.keys) == {"Bearer sk-very-secret"}
    written = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    shown = json.dumps(model.model_dump(), default=str) + json.dumps(model.asdict(), default=str)
    assert server.url in written
    assert "very-secret" not in caplog.text + repr(model) + shown + written + repr(caught.value)
    assert "very-secret" not in repr(settings())


async def test_a_server_can_have_a_key_of_its_own(monkeypatch):
    """The key of one server is not told to another, which gets the common one or none."""
    with serving(FakeServer()) as one, serving(FakeServer()) as other:
        own = {one.url.removeprefix("http://"): "sk-one"}
        monkeypatch.setenv("STORYROOM_API_KEYS", json.dumps(own))
        settings.cache_clear()
        for server in (one, other):
            await complete(open_model(server.spec), asked())
    assert set(one.keys) == {"Bearer sk-one"}
    assert set(other.keys) == {"Bearer none"}
    monkeypatch.setenv("STORYROOM_API_KEYS", '{"host": "sk-very-secret"')
    settings.cache_clear()
    with pytest.raises(InputError) as caught:
        settings()
    assert "STORYROOM_API_KEYS" in str(caught.value)
    assert "very-secret" not in str(caught.value)
