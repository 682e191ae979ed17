import asyncio
import json

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from storyroom.errors import InputError, ModelRefused, ScriptError
from storyroom.models import open_model
from storyroom.models.ask import Request, complete
from storyroom.models.scripted import Rule, ScriptedModel, scripted

TASK = (HumanMessage("Write the scene."),)


def request(label, **options):
    """A request with a label."""
    return Request(messages=TASK, label=label, **options)


async def test_the_first_rule_that_matches_answers():
    """Rules are globs over labels, tried in order; dicts and lists are answered as JSON."""
    model = scripted(("scene.3.*", "MARA\nYes.\n"), ("scene.*", {"title": "风暴"}), ("*", [1, 2]))
    assert (await complete(model, request("scene.3.draft"))).text == "MARA\nYes.\n"
    assert json.loads((await complete(model, request("scene.4.draft"))).text) == {"title": "风暴"}
    assert (await complete(model, request("brief"))).text == "[1, 2]"


async def test_a_list_is_gone_through_by_attempt_and_not_by_call():
    """A process that starts again gets the same answer to the same attempt; the last answer repeats."""
    model = ScriptedModel(rules=(Rule("outline*", ("one", "two")),))
    for attempt, answer in [("#1", "one"), ("#2", "two"), ("#2", "two"), ("", "one"), ("#9", "two")]:
        assert (await complete(model, request(f"outline{attempt}"))).text == answer


async def test_a_function_sees_the_call():
    """An answer can be computed from label, attempt, messages and options."""
    model = scripted(
        ("*", lambda call: f"{call.label} {call.attempt} {call.options['seed']} {call.messages[0].text}")
    )
    assert (await complete(model, request("pitch#3", seed=7))).text == "pitch 3 7 Write the scene."


async def test_what_no_rule_matches_is_an_error_that_names_the_rules():
    """A gap in a script is not filled with something."""
    with pytest.raises(ScriptError) as caught:
        await complete(scripted(("brief", "x")), request("lock"))
    assert "'lock'" in caught.value.message
    assert "brief" in caught.value.hint


async def test_text_streams_in_pieces_and_is_counted():
    """The pieces make up the answer, and the reply says how many they were."""
    pieces = []
    reply = await complete(scripted(("*", "The lamp goes\nout at last.")), request("x"), pieces.append)
    assert len(pieces) == reply.new_tokens == 6
    assert "".join(pieces) == reply.text == "The lamp goes\nout at last."
    assert reply.prompt_tokens > 0
    assert reply.cached_tokens == 0
    assert reply.finish_reason == "stop"
    assert 0 < reply.first_token_seconds <= reply.seconds


async def test_an_answer_is_cut_off_at_max_tokens_and_says_so():
    """A scripted model keeps to the budget that a real one would have."""
    reply = await complete(scripted(("*", "one two three four")), request("x", max_tokens=2))
    assert (reply.text, reply.finish_reason) == ("one two", "length")


async def test_cancelling_ends_the_wait():
    """An answer that takes an hour is given up when its task is cancelled."""
    model = ScriptedModel(rules=(Rule("*", ("late",), delay=3600),))
    task = asyncio.create_task(complete(model, request("x")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_the_plain_langchain_calls_work_too():
    """A scripted model is a chat model like any other."""
    model = scripted(("a", "Yes, Mara."))
    assert model.invoke("Now?", label="a").content == "Yes, Mara."
    assert "".join(chunk.text for chunk in model.stream("Now?", label="a")) == "Yes, Mara."


def test_a_script_is_read_from_yaml(tmp_path):
    """Rules with one answer, with several, and with a delay; the spec says that it is scripted."""
    file = tmp_path / "answers.yaml"
    file.write_text(
        "answers:\n- when: 'brief*'\n  answer: {premise: 灯灭了。}\n"
        "- when: '*'\n  answers: [one, two]\n  delay: 0\n",
        encoding="utf-8",
    )
    model = open_model(f"scripted:{file}")
    assert json.loads(model.invoke("x", label="brief").text) == {"premise": "灯灭了。"}
    assert model.invoke("x", label="scene#2").text == "two"
    assert model.spec.startswith("scripted:")
    assert repr(model) == f"ScriptedModel('scripted:{file}')"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "answers: 3",
        "answers: [{answer: x}]",
        "answers: [{when: x}]",
        "answers: [{when: x, answer: 3}]",
        "answers: [{when: x, answer: y, reply: z}]",
    ],
)
def test_a_malformed_script_is_an_input_error(tmp_path, text):
    """The error says what is wrong and how a script is written."""
    file = tmp_path / "answers.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        open_model(f"scripted:{file}")
    assert "when:" in caught.value.hint


def test_a_missing_script_is_an_input_error(tmp_path):
    """A script that is not there is named."""
    with pytest.raises(InputError, match="nowhere"):
        open_model(f"scripted:{tmp_path / 'nowhere.yaml'}")


class Seen:
    """Keeps the messages of the last call."""

    def __call__(self, call):
        """Keep them and answer."""
        self.messages = call.messages
        return "ok"


async def test_a_prefill_is_the_last_message_where_a_model_continues_it():
    """A model that can is handed the beginning as its own."""
    seen = Seen()
    await complete(scripted(("*", seen)), request("x", prefill="INT. LIGHTHOUSE - NIGHT\n"))
    assert isinstance(seen.messages[-1], AIMessage)
    assert seen.messages[-1].text == "INT. LIGHTHOUSE - NIGHT\n"


async def test_a_prefill_goes_into_the_task_where_a_model_does_not_continue_it():
    """Without the capability the beginning is told, in the language that it is in."""
    for begun, asked in [("INT. HOUSE", "Write only what follows"), ("内景 灯塔 夜", "只写后面的部分")]:
        seen = Seen()
        model = scripted(("*", seen))
        model.capabilities = type(model.capabilities)(
            grammar=True, json_schema=True, prefill=False, context_length=1000
        )
        await complete(model, request("x", prefill=begun))
        assert len(seen.messages) == 1
        assert asked in seen.messages[-1].text
        assert seen.messages[-1].text.endswith(begun)


async def test_a_prompt_that_cannot_fit_is_refused_with_the_sum():
    """Nothing is truncated: the error says how long the prompt is, and what there is."""
    model = scripted(("*", "x"))
    model.capabilities = type(model.capabilities)(
        grammar=False, json_schema=True, prefill=True, context_length=50
    )
    with pytest.raises(ModelRefused) as caught:
        await complete(model, Request(messages=(HumanMessage("word" + " word" * 59),), max_tokens=10))
    assert "68 tokens" in caught.value.message
    assert "78" in caught.value.message
    assert "50" in caught.value.message


async def test_a_grammar_that_a_model_cannot_keep_is_refused():
    """A capability that is missing is an error before the call, not a surprise after it."""
    model = scripted(("*", "x"))
    model.capabilities = type(model.capabilities)(
        grammar=False, json_schema=True, prefill=True, context_length=5000
    )
    with pytest.raises(ModelRefused, match="grammar"):
        await complete(model, request("x", grammar='root ::= "a"'))
