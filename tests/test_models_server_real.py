"""Real servers on loopback: llama.cpp with the embedded model, and `transformers serve` with a tiny one."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from tiny_model import make_tiny_model

from storyroom.errors import GrammarRefused
from storyroom.formats.fountain import parse_elements
from storyroom.models import ask, open_model
from storyroom.models.ask import Request, complete
from storyroom.models.fetch import pull
from storyroom.models.grammar import scene_grammar
from storyroom.models.probe import probe
from storyroom.models.schema import scene_elements, scene_schema
from storyroom.settings import child_environment, settings, suggest_to_libraries
from storyroom.story.script import Kind

TASK = (
    SystemMessage("You write scenes for television."),
    HumanMessage("Mara keeps the lighthouse. Her brother Tomas comes back after ten years. Write the scene."),
)
CAST = ["Mara", "Tomas"]
BEGUN = "INT. LIGHTHOUSE - NIGHT\n\nRain beats on the glass.\n\nMARA\nYou came back, Tomas.\n\n"
SCHEMA = {"type": "object", "properties": {"word": {"enum": ["rope", "lamp"]}}, "required": ["word"]}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "PAUSES", (0, 0, 0))


@pytest.fixture
def llama_cpp() -> Iterator[str]:
    """A llama.cpp server, which knows nothing of the room, and the spec of its model."""
    file = pull()
    suggest_to_libraries(GOMP_SPINCOUNT="1000")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx, params.n_parallel, params.port, params.verbosity = 2048, 1, 0, -1
    params.warmup = params.ui = False
    server = xllamacpp.Server(params)
    yield f"openai:smollm2@{server.listening_address}"
    del server


@pytest.mark.real_model
async def test_llama_cpp_is_probed_and_writes_a_scene(
    llama_cpp: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Everything that it can do is found by trying, and a scene keeps to its cast in both forms."""
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    settings.cache_clear()
    found = probe(llama_cpp)
    assert (found.server, found.context_length, found.tokenizes) == ("llama.cpp", 2048, True)
    assert (found.schema, found.grammar, found.prefill) == ("enforced", "body", "plain")
    assert found.logprobs
    model = open_model(llama_cpp)
    assert model.probed == found  # type: ignore[attr-defined]
    grammar = scene_grammar(CAST, min_blocks=2, max_blocks=2)
    scene = await complete(
        model, Request(messages=TASK, prefill=BEGUN, grammar=grammar, max_tokens=120, seed=3)
    )
    speakers = {one.text.upper() for one in parse_elements(scene.text) if one.kind is Kind.CUE}
    assert speakers <= {"MARA", "TOMAS"}
    assert not scene.text.startswith("INT.")
    schema = scene_schema(CAST, min_blocks=1, max_blocks=1, parentheticals=False)
    listed = await complete(model, Request(messages=TASK, json_schema=schema, max_tokens=250, seed=3))
    assert {one.text for one in scene_elements(listed.text) if one.kind is Kind.CUE} <= set(CAST)
    with pytest.raises(GrammarRefused):
        await complete(model, Request(messages=TASK, grammar="root ::= nowhere", max_tokens=5))


@pytest.fixture(scope="module")
def transformers_serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`transformers serve` as a process of its own, and the spec of its model: noise, but real."""
    pytest.importorskip("fastapi")
    folder = tmp_path_factory.mktemp("served")
    model = make_tiny_model(folder / "tiny", context=4096)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(model)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            stdout=log,
            stderr=log,
            env=child_environment(HF_HUB_OFFLINE="1", HF_HOME=str(folder / "hub")),
        )
    try:
        asyncio.run(_answers(f"http://127.0.0.1:{port}/health", process))
        yield f"openai:{model}@http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


async def _answers(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers; one that ends instead has failed."""
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(120):
        while process.poll() is None:
            try:
                await client.get(url)
            except httpx.HTTPError:
                await asyncio.sleep(0.2)
            else:
                return
    raise AssertionError(f"the server ended with {process.returncode}")


async def test_transformers_serve_is_probed_and_told_the_schema(
    transformers_serve: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It reads `response_format` and lets it be, refuses grammars, and begins a message of its own.

    A model of random weights answers noise, and noise is not taken for JSON.
    """
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    settings.cache_clear()
    before = open_model(transformers_serve).capabilities
    found = probe(transformers_serve)
    after = open_model(transformers_serve).capabilities
    assert (found.server, found.schema, found.grammar) == ("transformers", "prompt", "none")
    assert (found.prefill, found.logprobs, found.tokenizes) == ("none", False, False)
    assert before == after
    reply = await complete(
        open_model(transformers_serve), Request(messages=TASK, json_schema=SCHEMA, max_tokens=16, seed=1)
    )
    # Tokens of the tiny model are bytes: the schema has been part of what it read.
    assert reply.prompt_tokens > sum(len(one.text) for one in TASK) + len(json.dumps(SCHEMA))
    assert 0 < reply.new_tokens <= 16
    with pytest.raises(ValueError):
        json.loads(reply.text)


async def test_transformers_serve_refuses_a_grammar(transformers_serve: str) -> None:
    """Who says that it takes grammars is told by the server that it does not."""
    model = open_model(transformers_serve, grammar="body")
    with pytest.raises(GrammarRefused):
        await complete(model, Request(messages=TASK, grammar='root ::= "a"', max_tokens=5))
