"""The embedded model itself, in both runtimes. It is fetched when it is not there."""

import asyncio
import subprocess
import sys
from typing import Annotated, Literal

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from pydantic import BaseModel

from storyroom.errors import ModelRefused
from storyroom.formats.fountain import parse_elements
from storyroom.models import open_model
from storyroom.models.ask import Request, complete
from storyroom.models.catalog import show
from storyroom.models.fetch import pull
from storyroom.models.grammar import line_grammar, scene_grammar
from storyroom.models.schema import bounded_schema, scene_elements, scene_schema
from storyroom.story.script import Kind
from storyroom.story.text import Phrase, Sentence

pytestmark = pytest.mark.real_model

TASK = (
    SystemMessage("You write scenes for television."),
    HumanMessage("Mara keeps the lighthouse. Her brother Tomas comes back after ten years. Write the scene."),
)
BEGUN = "INT. LIGHTHOUSE - NIGHT\n\nRain beats on the glass.\n\nMARA\nYou came back, Tomas.\n\n"
CAST = ["Mara", "Tomas"]


@pytest.fixture(scope="module")
def file():
    """The embedded model's file."""
    return pull()


@pytest.fixture(scope="module", params=["embedded", "transformers"])
def model(request, file):
    """The same weights, in llama.cpp and in torch."""
    return open_model("embedded" if request.param == "embedded" else f"transformers:{file}")


def asked(**options):
    """A request of few tokens."""
    return Request(messages=TASK, **{"max_tokens": 40, **options})


def only_cast(elements):
    """Whether every speaker is of the cast, and there is nothing but action and speeches."""
    kinds = {Kind.ACTION, Kind.CUE, Kind.PARENTHETICAL, Kind.DIALOGUE}
    speakers = {element.text.upper() for element in elements if element.kind is Kind.CUE}
    return {element.kind for element in elements} <= kinds and speakers <= {"MARA", "TOMAS"}


async def test_it_answers_and_counts(model):
    """Text streams; the tokens of the prompt are those that were counted beforehand."""
    pieces = []
    reply = await complete(model, asked(), pieces.append)
    assert "".join(pieces) == reply.text
    assert "lighthouse" in (reply.text + TASK[1].text).lower()
    assert reply.prompt_tokens == model.count_prompt(TASK)
    assert 1 < reply.new_tokens <= 40


async def test_a_scene_keeps_to_its_cast(model):
    """Under the grammar the model goes on with a scene in which only the cast speaks."""
    grammar = scene_grammar(CAST, min_blocks=2, max_blocks=2)
    reply = await complete(model, asked(prefill=BEGUN, grammar=grammar, max_tokens=160))
    assert not reply.text.startswith("INT.")
    assert only_cast(parse_elements(reply.text))


@pytest.mark.parametrize("cast", [["林夏", "周岚"], []])
async def test_every_grammar_compiles(model, cast):
    """Chinese scenes, scenes without speech and single lines are understood by the runtime."""
    grammar = scene_grammar(cast, language="zh" if cast else "en", min_blocks=1, cue_written=bool(cast))
    assert (await complete(model, asked(grammar=grammar, max_tokens=3))).new_tokens
    assert (await complete(model, asked(grammar=line_grammar(Kind.DIALOGUE), max_tokens=3))).new_tokens


class Brief(BaseModel):
    title: Annotated[str, Phrase(4, 30)]
    premise: Annotated[str, Sentence(20, 90)]
    mood: Literal["dark", "light"]


async def test_a_schema_is_kept(model):
    """The answer is what the pydantic type takes, on one line: its patterns bind the runtime."""
    reply = await complete(model, asked(json_schema=bounded_schema(Brief), max_tokens=150))
    assert Brief.model_validate_json(reply.text)
    assert "\n" not in reply.text


async def test_a_scene_under_the_schema_keeps_to_its_cast(model):
    """The form for servers without grammars works here, too; two may speak at once, at some length."""
    schema = scene_schema(CAST, min_blocks=1, max_blocks=1, parentheticals=False)
    reply = await complete(model, asked(json_schema=schema, max_tokens=500, dry=0.8))
    assert only_cast(scene_elements(reply.text))


async def test_what_has_begun_is_continued(model):
    """Only the continuation comes back, from `ainvoke` as well."""
    messages = [*TASK, AIMessage("The brothers meet at the light")]
    reply = await model.ainvoke(messages, max_tokens=5, temperature=0)
    assert "The brothers meet" not in reply.text


async def test_a_broken_grammar_is_refused(model):
    """The runtime's complaint is an error of ours, and the next call works."""
    with pytest.raises(ModelRefused):
        await complete(model, asked(grammar="root ::= nowhere"))
    assert (await complete(model, asked(grammar='root ::= "yes"'))).text == "yes"


async def test_cancelling_frees_the_model(model):
    """A long generation that is cancelled does not hold up the next one."""
    begun = asyncio.Event()
    endless = asked(grammar='root ::= [a-z ]+ "!"', max_tokens=6000)
    task = asyncio.create_task(complete(model, endless, lambda text: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(30):
        await complete(model, asked(max_tokens=2))


async def test_the_prefix_is_read_once(file):
    """A second prompt with the same beginning finds it in the cache."""
    model = open_model("embedded")
    bible = SystemMessage("The keeper of the light knows every ship by its horn. " * 20)
    await complete(model, Request(messages=(bible, HumanMessage("Name one.")), max_tokens=2))
    reply = await complete(model, Request(messages=(bible, HumanMessage("Name another.")), max_tokens=2))
    assert reply.cached_tokens > 0.9 * reply.prompt_tokens


async def test_calls_at_once_are_queued(file):
    """Several roles ask one slot at the same time, and each gets its answer."""
    model = open_model("embedded")
    words = ["one", "two", "three", "four"]
    requests = [asked(grammar=f'root ::= "{word}"') for word in words]
    replies = await asyncio.gather(*(complete(model, request) for request in requests))
    assert [reply.text for reply in replies] == words


def test_it_is_quiet_and_light(file):
    """Nothing is written to the terminal, torch is not loaded, and the process ends by itself."""
    script = (
        "import sys; from storyroom.models import open_model; "
        "a, b = open_model('embedded'), open_model('embedded'); "
        "a.invoke('Hi', max_tokens=3); b.invoke('Hi', max_tokens=3, json_schema={'type': 'boolean'}); "
        "assert a._meta.base_url == b._meta.base_url, 'loaded twice'; "
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_card_says_what_it_is(file):
    """File, hash, context and language are known without loading it."""
    card = show("embedded")
    assert (card.file, card.context_length, card.languages) == (file, 8192, ("en",))
    assert card.sha256 is not None
