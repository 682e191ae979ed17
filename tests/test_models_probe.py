"""Probing: small calls tell what a server really does, and a record keeps it for later sessions."""

import json

import pytest
from cli_kit import run
from fake_server import FakeServer, serving
from langchain_core.messages import HumanMessage

from storyroom.errors import InputError, ModelAbsent, ModelError, ModelRefused
from storyroom.models import open_model
from storyroom.models.ask import Request, complete
from storyroom.models.probe import probe
from storyroom.models.probed import recorded
from storyroom.models.spec import ModelSpec
from storyroom.settings import settings

VLLM = {"data": [{"id": "m", "owned_by": "vllm", "max_model_len": 2048}]}


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    settings.cache_clear()


def able(*abilities, **about):
    """A server that does these things, and ignores whatever else it is asked."""
    return FakeServer(abilities=frozenset(abilities), **about)


def test_a_server_that_ignores_everything_is_found_out():
    """Nothing is refused, and nothing is believed: no answer shows what was asked for."""
    with serving(able()) as server:
        found = probe(server.spec)
    assert (found.schema, found.grammar, found.prefill) == ("prompt", "none", "none")
    assert (found.logprobs, found.context_length, found.tokenizes) == (False, None, False)


def test_llama_cpp_does_it_all():
    """Version and context come from `/props`, the rest from trials."""
    props = {"default_generation_settings": {"n_ctx": 4096}, "build_info": "b7000"}
    with serving(able("json_schema", "grammar", "plain", "logprobs", props=props)) as server:
        found = probe(server.spec)
    assert (found.server, found.version, found.context_length) == ("llama.cpp", "b7000", 4096)
    assert (found.schema, found.grammar, found.prefill) == ("enforced", "body", "plain")
    assert found.logprobs
    assert found.tokenizes


@pytest.mark.parametrize(
    ("way", "dialect", "field"),
    [("structured_outputs", "vllm", "structured_outputs"), ("guided_grammar", "guided", "guided_grammar")],
)
async def test_vllm_is_served_in_the_form_that_its_version_takes(way, dialect, field):
    """Fields that a version rejects are not used again, and messages are continued with its flag."""
    others = frozenset({"grammar", "structured_outputs", "guided_grammar"}) - {way}
    pages = {"/version": {"version": "0.11.0"}}
    with serving(able("json_schema", way, "flag", models=VLLM, pages=pages, rejects=others)) as server:
        found = probe(server.spec)
        server.bodies.clear()
        model = open_model(server.spec)
        await complete(
            model, Request(messages=[HumanMessage("Go on.")], prefill="INT. ", grammar='root ::= "a"')
        )
    assert (found.server, found.version, found.context_length) == ("vllm", "0.11.0", 2048)
    assert (found.grammar, found.prefill) == (dialect, "flag")
    assert field in server.bodies[0]
    assert server.bodies[0]["continue_final_message"] is True


def test_vllm_counts_tokens_in_its_own_way():
    """`/tokenize` takes a prompt or a conversation and tells the count."""
    pages = {"/tokenize": {"count": 5, "tokens": [1, 2, 3, 4, 5]}}
    with serving(FakeServer(models=VLLM, pages=pages)) as server:
        model = open_model(server.spec)
        assert model.count_tokens("five tokens") == 5
        assert model.count_prompt([HumanMessage("x")]) == 5
        assert not model.capabilities.surprise


@pytest.mark.parametrize(
    ("loaded", "parameters", "context"),
    [
        ([{"name": "m:latest", "context_length": 8192}], "", 8192),
        ([], "stop x\nnum_ctx   6000", 6000),
        ([], "", 4096),
    ],
)
def test_ollama_tells_what_it_runs_a_model_with(loaded, parameters, context):
    """Not what the model was trained on: it would forget the beginning of a longer prompt in silence."""
    pages = {
        "/api/version": {"version": "0.12.6"},
        "/api/ps": {"models": loaded},
        "/api/show": {"parameters": parameters, "model_info": {"llama.context_length": 131072}},
    }
    page = {"data": [{"id": "m:latest", "owned_by": "library"}]}
    with serving(able("json_schema", "json_object", models=page, pages=pages)) as server:
        found = probe(server.spec)
        assert open_model(server.spec).capabilities.context_length == context
    assert (found.server, found.version, found.context_length) == ("ollama", "0.12.6", context)
    assert (found.schema, found.grammar) == ("enforced", "none")


def test_lm_studio_tells_its_context():
    """The context that the model is loaded with, by LM Studio's own list."""
    studio = {"data": [{"id": "m", "max_context_length": 131072, "loaded_context_length": 8192}]}
    with serving(able("json_schema", pages={"/api/v0/models": studio})) as server:
        found = probe(server.spec)
    assert (found.server, found.context_length, found.schema) == ("lmstudio", 8192, "enforced")


async def test_the_way_down_goes_by_json_objects():
    """A server that only knows some JSON object is told the schema and held to an object."""
    with serving(able("json_object", rejects=frozenset({"grammar"}))) as server:
        assert probe(server.spec).schema == "json_object"
        server.bodies.clear()
        model = open_model(server.spec)
        schema = {"type": "object", "properties": {"a": {"enum": ["b"]}}, "required": ["a"]}
        await complete(model, Request(messages=[HumanMessage("Go on.")], json_schema=schema))
    (body,) = server.bodies
    assert body["response_format"] == {"type": "json_object"}
    assert json.dumps(schema) in body["messages"][-1]["content"]


def test_a_message_of_its_own_is_no_continuation():
    """A clever model counts on in a new message; only a word that was begun tells the two apart."""
    with serving(able("plain", "strips")) as server:
        assert probe(server.spec).prefill == "plain"
    with serving(able("strips")) as server:
        assert probe(server.spec).prefill == "none"


def test_it_is_done_once_and_again_when_asked_or_when_the_server_changes():
    """The record holds for the version that it was made with."""
    pages = {"/version": {"version": "1"}}
    with serving(able("json_schema", models=VLLM, pages=pages)) as server:
        first = probe(server.spec)
        calls = len(server.bodies)
        assert probe(server.spec) == first == recorded(ModelSpec.parse(server.spec))
        assert len(server.bodies) == calls
        probe(server.spec, again=True)
        assert len(server.bodies) == 2 * calls
        pages["/version"] = {"version": "2"}
        assert open_model(server.spec).probed is None
        assert probe(server.spec).version == "2"


def test_a_record_that_cannot_be_read_is_no_record(tmp_path):
    """An older form, or half a file, is tried out anew."""
    with serving(able()) as server:
        probe(server.spec)
        (file,) = (tmp_path / "servers").iterdir()
        file.write_text('{"spec": ')
        assert open_model(server.spec).probed is None
        assert probe(server.spec).schema == "prompt"


def test_what_cannot_be_probed_is_said():
    """Models of this process, servers that refuse, that are broken, or that answer pages."""
    with pytest.raises(InputError, match="not at a server"):
        probe("embedded")
    with serving(FakeServer(status=401)) as server, pytest.raises(ModelRefused, match="key"):
        probe(server.spec)
    with serving(FakeServer(status=500)) as server, pytest.raises(ModelRefused, match="own words"):
        probe(server.spec)
    with serving(FakeServer(html_on_post=True)) as server, pytest.raises(ModelError, match="text/html"):
        probe(server.spec)
    with serving(FakeServer(models={"data": [{"id": "x"}]})) as server, pytest.raises(ModelAbsent):
        probe(server.spec)


def test_the_command_prints_it_and_show_uses_it():
    """`models probe` tells what was found, and `models show` what a session would do with it."""
    with serving(able("json_object")) as server:
        before = json.loads(run("models", "show", server.spec, "--json").stdout)
        found = json.loads(run("models", "probe", server.spec, "--json").stdout)
        after = json.loads(run("models", "show", server.spec, "--json").stdout)
        printed = run("models", "probe", server.spec).stdout
    assert (before["probed"], before["schema_mode"]) == (None, "enforced")
    assert found["schema"] == after["schema_mode"] == "json_object"
    assert after["probed"] == found["date"]
    assert "json_object" in printed
