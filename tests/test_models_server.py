import asyncio
import json
import socket
import subprocess
import sys

import pytest
from fake_server import FakeServer, serving
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from storyroom.errors import ModelAbsent, ModelError, ModelRefused
from storyroom.models import ask, open_model
from storyroom.models.ask import Request, complete
from storyroom.settings import settings

LLAMA_CPP = {"default_generation_settings": {"n_ctx": 4096}}
TASK = (SystemMessage("You write."), HumanMessage("Go on."))


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    monkeypatch.delenv("STORYROOM_API_KEY", raising=False)
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(ask, "PAUSES", (0, 0, 0))
    settings.cache_clear()
    yield
    settings.cache_clear()


def asked(**options):
    """A request."""
    return Request(messages=TASK, max_tokens=20, **options)


async def test_an_answer_streams_and_is_counted():
    """Text comes piece by piece; the counts, cached tokens among them, are the server's."""
    pieces = []
    with serving(FakeServer()) as server:
        reply = await complete(open_model(server.spec), asked(), pieces.append)
    assert pieces == ["Hello", ", ", "Mara", "."]
    assert reply.text == "Hello, Mara."
    assert (reply.prompt_tokens, reply.cached_tokens, reply.new_tokens) == (9, 7, 4)
    assert reply.finish_reason == "stop"


async def test_a_plain_server_gets_the_plain_api():
    """What OpenAI's API lacks is not sent to a server that is not known to take it."""
    with serving(FakeServer()) as server:
        model = open_model(server.spec)
        await complete(model, asked(seed=5, temperature=0.5, stop=("\n\n",), json_schema={"type": "object"}))
    (body,) = server.bodies
    assert not model.capabilities.grammar
    assert body["max_tokens"] == 20
    assert (body["seed"], body["temperature"], body["stop"]) == (5, 0.5, ["\n\n"])
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert not body.keys() & {"min_p", "repeat_penalty", "grammar", "label", "dry", "max_completion_tokens"}


async def test_llama_cpp_is_recognised_and_gets_grammars():
    """`/props` tells that a server is llama.cpp: grammar and sampling go into the body."""
    with serving(FakeServer(props=LLAMA_CPP)) as server:
        model = open_model(server.spec)
        await complete(model, asked(grammar='root ::= "a"', min_p=0.1, dry=0.8, prefill="INT. "))
    (body,) = server.bodies
    assert model.capabilities.grammar
    assert model.capabilities.context_length == 4096
    assert body["grammar"] == 'root ::= "a"'
    assert (body["min_p"], body["dry_multiplier"]) == (0.1, 0.8)
    assert body["messages"][-1] == {"role": "assistant", "content": "INT. "}


async def test_vllm_is_recognised_and_gets_its_own_form():
    """vLLM takes grammars as structured outputs, and is told to continue a message."""
    page = {"data": [{"id": "m", "owned_by": "vllm", "max_model_len": 2048}]}
    with serving(FakeServer(models=page)) as server:
        model = open_model(server.spec)
        await complete(model, asked(grammar='root ::= "a"', prefill="INT. ", repeat_penalty=1.1))
    (body,) = server.bodies
    assert model.capabilities.context_length == 2048
    assert body["structured_outputs"] == {"grammar": 'root ::= "a"'}
    assert body["continue_final_message"] is True
    assert body["repetition_penalty"] == 1.1


async def test_the_way_of_passing_a_grammar_can_be_said():
    """A server that is not recognised can still be held to grammars."""
    with serving(FakeServer()) as server:
        model = open_model(server.spec, grammar="body", context=1000)
        await complete(model, asked(grammar='root ::= "a"'))
    assert server.bodies[0]["grammar"] == 'root ::= "a"'
    assert model.capabilities.context_length == 1000


def test_tokens_are_counted_by_a_server_that_can_and_estimated_otherwise():
    """An estimate errs high, in Chinese as well; repeated questions are not asked again."""
    with serving(FakeServer(props=LLAMA_CPP)) as server:
        model = open_model(server.spec)
        assert model.count_tokens("twelve chars") == model.count_tokens("twelve chars") == 12
        assert server.paths.count("/tokenize") == 1
        assert model.count_prompt([HumanMessage("four"), AIMessage("five!")]) == 9
    with serving(FakeServer()) as server:
        model = open_model(server.spec)
        assert model.count_tokens("The lamp goes out at last.") >= 7
        assert model.count_tokens("灯终于灭了") >= 5


async def test_proxies_are_not_used_for_loopback(monkeypatch):
    """With a dead proxy in the environment the call still arrives: prompts do not go by a proxy."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(FakeServer(props=LLAMA_CPP)) as server:
        model = open_model(server.spec)
        assert (await complete(model, asked())).text == "Hello, Mara."
        assert model.invoke("Hi").text == "Hello, Mara."
        assert model.count_tokens("abc") == 3


def test_nothing_is_traced(tmp_path):
    """With LangSmith tracing switched on in the environment, its address hears nothing."""
    script = """
import asyncio, sys
from langchain_core.messages import HumanMessage
from langchain_core.tracers.langchain import wait_for_all_tracers
from storyroom.models import ask, open_model
from storyroom.models.ask import Request, complete
model = open_model(sys.argv[1])
messages = [HumanMessage("an unreleased script")]
asyncio.run(complete(model, Request(messages=messages)))
model.invoke(messages), list(model.stream(messages)), asyncio.run(model.ainvoke(messages))
wait_for_all_tracers()
"""
    with serving(FakeServer()) as server, serving(FakeServer()) as langsmith:
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_ENDPOINT": langsmith.url,
            "LANGSMITH_API_KEY": "x",
        }
        command = [sys.executable, "-c", script, server.spec]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(server.bodies) == 4
    assert langsmith.paths == []


async def test_cancelling_closes_the_connection():
    """The server sees that nobody listens any more, and can stop."""
    with serving(FakeServer(hold=True)) as server:
        model = open_model(server.spec)
        begun = asyncio.Event()
        task = asyncio.create_task(complete(model, asked(), lambda text: begun.set()))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.aborted.wait, 5)


def test_one_model_serves_several_event_loops():
    """Programs that call `asyncio.run` again and again keep their model."""
    with serving(FakeServer()) as server:
        model = open_model(server.spec)
        answers = [asyncio.run(complete(model, asked())).text for _ in range(3)]
    assert answers == ["Hello, Mara."] * 3


async def test_many_calls_at_once():
    """Several roles ask one model at the same time."""
    with serving(FakeServer()) as server:
        model = open_model(server.spec)
        replies = await asyncio.gather(*(complete(model, asked(seed=n)) for n in range(8)))
    assert {reply.text for reply in replies} == {"Hello, Mara."}
    assert sorted(body["seed"] for body in server.bodies) == list(range(8))


async def test_the_key_is_sent_and_shown_nowhere(monkeypatch):
    """The key of the settings goes into the header; repr and errors do not hold it."""
    monkeypatch.setenv("STORYROOM_API_KEY", "sk-very-secret")
    with serving(FakeServer(status=401)) as server:
        model = open_model(server.spec)
        with pytest.raises(ModelRefused) as caught:
            await complete(model, asked())
    assert server.keys[-1] == "Bearer sk-very-secret"
    assert "STORYROOM_API_KEY" in caught.value.hint
    assert "very-secret" not in repr(model) + str(model) + str(caught.value) + json.dumps(
        model.asdict(), default=str
    )


def test_a_server_that_is_not_there_is_absent():
    """A refused connection is said at once, with the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ModelAbsent) as caught:
        open_model(f"openai:m@{url}")
    assert url in caught.value.message
    assert "Start the server" in caught.value.hint


def test_a_web_page_is_no_model():
    """An address that answers in HTML is told apart from one that does not answer."""
    with serving(FakeServer(html=True)) as server, pytest.raises(ModelError) as caught:
        open_model(server.spec)
    assert "text/html" in caught.value.message
    assert "/v1" in caught.value.hint


def test_a_model_that_the_server_has_not_is_absent():
    """The hint lists what it has."""
    page = {"data": [{"id": "qwen3:4b"}, {"id": "gemma3:4b"}]}
    with serving(FakeServer(models=page)) as server, pytest.raises(ModelAbsent) as caught:
        open_model(server.spec)
    assert "qwen3:4b, gemma3:4b" in caught.value.hint


@pytest.mark.parametrize(("status", "kind"), [(400, ModelRefused), (404, ModelAbsent), (422, ModelRefused)])
async def test_what_the_server_refuses_is_passed_on(status, kind):
    """The server's own words are in the error."""
    with serving(FakeServer(status=status)) as server:
        model = open_model(server.spec)
        with pytest.raises(kind, match="the server's own words"):
            await complete(model, asked())


async def test_a_server_that_fails_is_asked_again_and_then_an_error():
    """A 500 may pass; when it does not, the error says so."""
    with serving(FakeServer(status=500)) as server:
        model = open_model(server.spec)
        model.root_async_client._calculate_retry_timeout = lambda *a, **k: 0
        with pytest.raises(ModelError, match="500"):
            await complete(model, asked())
    assert len(server.bodies) == 7


@pytest.mark.parametrize("pieces", [0, 2])
async def test_a_connection_that_breaks_is_an_error_and_no_answer(pieces):
    """Half an answer does not pass as a whole one."""
    with serving(FakeServer(drop_after=pieces)) as server:
        model = open_model(server.spec)
        with pytest.raises(ModelError, match="broke off"):
            await complete(model, asked())


async def test_a_server_that_stays_silent_is_given_up(monkeypatch):
    """After the time of the settings the call is over."""
    monkeypatch.setenv("STORYROOM_TIMEOUT", "0.3")
    with serving(FakeServer(hold=True)) as server:
        model = open_model(server.spec)
        with pytest.raises(ModelError, match="silent"):
            await complete(model, asked())


def test_neither_torch_nor_transformers_is_loaded_for_servers_and_scripts(tmp_path):
    """Who uses a server does not wait for torch, nor pay its memory."""
    (tmp_path / "a.yaml").write_text("answers: [{when: '*', answer: x}]")
    script = (
        "import sys; from storyroom.models import open_model; "
        "open_model(sys.argv[1]).invoke('x'); open_model(sys.argv[2]).invoke('x'); "
        "print(sorted({'torch', 'transformers', 'xllamacpp', 'xgrammar'} & set(sys.modules)))"
    )
    with serving(FakeServer()) as server:
        command = [sys.executable, "-c", script, server.spec, f"scripted:{tmp_path / 'a.yaml'}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
