"""`storyroom models bench`: what is measured, what is left out, and how it is shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_kit import draft, run
from fake_server import FakeServer, serving
from room_kit import a_series
from tiny_model import make_tiny_model

from storyroom.errors import GrammarRefused, ModelRefused
from storyroom.models.ask import Reply
from storyroom.models.base import Capabilities, SchemaMode
from storyroom.models.bench import Bench, FormCost, bench
from storyroom.models.bench_calls import pace
from storyroom.models.bench_episode import STANDARD_EPISODE, EpisodeLoad, estimated_seconds
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.settings import settings

WORDS = "Mara climbs the stairs and looks for the log. " * 12


def scripted(
    *, grammar: bool = True, schema: bool = True, mode: SchemaMode = "enforced", context: int = 10_000
) -> ScriptedModel:
    """Return a model that says the same to everything, and can be held to some things."""
    can = Capabilities(
        grammar=grammar, json_schema=schema, schema_mode=mode, prefill=True, context_length=context
    )
    return ScriptedModel(rules=(Rule("bench.*", (WORDS,)),), capabilities=can)


async def test_all_figures_are_there_and_steps_are_told() -> None:
    """Each round has two steps; the last one told says that all are done."""
    steps: list[tuple[int, int, str]] = []
    found = await bench(scripted(), rounds=2, on_step=lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == [0, 1, 2, 3, 4, 5]
    assert {total for _, total, _ in steps} == {5}
    assert min(found.single, found.together, found.prefill, found.cold_seconds, found.warm_seconds) > 0
    assert (found.rounds, found.answer_tokens, found.at_once, found.slots) == (2, 96, 4, None)
    assert found.cached_share is None
    assert found.schema_form.held == found.grammar_form.held == "enforced"
    assert found.grammar_form.tokens_per_second


@pytest.mark.parametrize(
    ("model", "schema", "grammar"),
    [
        (scripted(grammar=False), "enforced", "not taken"),
        (scripted(grammar=False, mode="prompt"), "not enforced", "not taken"),
        (scripted(schema=False), "not taken", "enforced"),
    ],
)
async def test_what_a_model_cannot_do_is_said_and_not_measured(
    model: ScriptedModel, schema: str, grammar: str
) -> None:
    """A form that is not enforced costs nothing, so no figure is given for it."""
    found = await bench(model, rounds=1)
    assert (found.schema_form.held, found.grammar_form.held) == (schema, grammar)
    for cost in (found.schema_form, found.grammar_form):
        assert (cost.tokens_per_second is None) == (cost.held != "enforced")


async def test_a_grammar_that_is_refused_when_asked_for_is_left_out() -> None:
    """A runtime may say only in a call that it cannot read the grammar; the rest is still measured."""

    def answer(call: Call) -> str:
        if call.options.get("grammar"):
            raise GrammarRefused("No.", hint="Ask by schema.")
        return WORDS

    found = await bench(ScriptedModel(rules=(Rule("*", (answer,)),)), rounds=1)
    assert found.grammar_form == FormCost(held="refused")
    assert found.schema_form.tokens_per_second


async def test_prompts_are_cut_to_a_short_context() -> None:
    """Prompt and answer fit; a context of a few words is refused with a hint."""
    found = await bench(scripted(context=400), rounds=1)
    assert found.prompt_tokens + found.answer_tokens <= 400
    with pytest.raises(ModelRefused, match="too few") as caught:
        await bench(scripted(context=40), rounds=1)
    assert "STORYROOM_CONTEXT" in caught.value.hint


def test_the_pace_of_a_reply_leaves_out_its_prompt() -> None:
    """A reply that came in one piece has none."""
    told = {"text": "a", "prompt_tokens": 9, "cached_tokens": 0, "finish_reason": "stop"}
    assert pace(Reply(new_tokens=11, seconds=3.0, first_token_seconds=1.0, **told)) == 0.2  # type: ignore[arg-type]
    assert pace(Reply(new_tokens=11, seconds=3.0, first_token_seconds=3.0, **told)) is None  # type: ignore[arg-type]
    assert pace(Reply(new_tokens=1, seconds=3.0, first_token_seconds=1.0, **told)) is None  # type: ignore[arg-type]


def test_an_episode_is_reading_writing_and_what_each_call_takes() -> None:
    """100 calls of 0.1 s, 2,000 new tokens of a prompt at 100 a second, 1,000 tokens at 0.05 s and 10 %."""
    found = Bench(
        model="m",
        runs_on="",
        rounds=1,
        prompt_tokens=1000,
        answer_tokens=96,
        single=18.0,
        token_seconds=0.05,
        at_once=4,
        slots=None,
        together=40.0,
        prefill=100.0,
        cold_seconds=10.0,
        warm_seconds=1.15,
        cached_share=0.9,
        schema_form=FormCost(held="enforced", tokens_per_second=18.0, overhead=0.0),
        grammar_form=FormCost(held="enforced", tokens_per_second=15.0, overhead=0.2),
    )
    load = EpisodeLoad(source="", calls=100, prompt_tokens=10_000, cached_tokens=8_000, new_tokens=1_000)
    assert estimated_seconds(found, load) == pytest.approx(100 * 0.1 + 20 + 1_000 * 0.05 * 1.1)


@pytest.fixture
def spec(tmp_path: Path) -> str:
    """A scripted model as a file."""
    file = tmp_path / "answers.yaml"
    file.write_text(f'answers: [{{when: "bench.*", answer: "{WORDS}"}}]', "utf-8")
    return f"scripted:{file}"


def test_the_table_fits_eighty_columns(spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of a series the episode is the demo's, and the steps go to standard error."""
    monkeypatch.chdir(tmp_path)
    done = run("models", "bench", spec, "--quick")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert max(map(len, lines[1:])) <= 80
    assert any(line.startswith("grammar") and "tokens/s" in line for line in lines)
    assert any(STANDARD_EPISODE.source in line for line in lines)
    assert any(f"{STANDARD_EPISODE.calls} calls; in tokens:" in line for line in lines)
    assert 0 < STANDARD_EPISODE.cached_tokens < STANDARD_EPISODE.prompt_tokens
    assert "round 1 of 1" in done.stderr


def test_a_series_lends_its_model_and_its_last_session(
    spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest finished session is what the estimate is made for; JSON tells both."""
    series = a_series(tmp_path)
    monkeypatch.setenv("STORYROOM_MODEL", spec)
    settings.cache_clear()
    assert draft(series).exit_code == 0
    shown = json.loads(run("-s", series, "models", "bench", "--quick", "--json").stdout)
    assert shown["model"] == spec
    assert shown["episode"]["source"].startswith("session e")
    assert "2 scenes" in shown["episode"]["source"]
    assert shown["episode"]["calls"] > 10
    assert shown["episode"]["estimated_seconds"] > 0


def test_a_server_without_grammars_is_measured_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked of it that it does not take, and the table says so."""
    monkeypatch.chdir(tmp_path)
    with serving(FakeServer(pages={"/api/version": {"version": "0.9"}})) as server:
        done = run("models", "bench", server.spec, "--quick")
    assert done.exit_code == 0
    assert not any("grammar" in body for body in server.bodies)
    assert any(line.startswith("grammar") and "takes none" in line for line in done.stdout.splitlines())


def test_a_server_that_fails_is_an_error_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half of a table is shown."""
    monkeypatch.chdir(tmp_path)
    with serving(FakeServer(status=400)) as server:
        done = run("models", "bench", server.spec, "--quick")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "hint:" in done.stderr


def test_a_folder_that_is_no_series_is_an_error(tmp_path: Path, spec: str) -> None:
    """Who names a series means it."""
    done = run("-s", tmp_path, "models", "bench", spec)
    assert done.exit_code == 2
    assert "hint:" in done.stderr


def test_ctrl_c_ends_it_without_a_trace(spec: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The exit code says that it was interrupted."""

    async def interrupted(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("storyroom.models.bench.bench", interrupted)
    done = run("models", "bench", spec)
    assert (done.exit_code, done.stdout) == (130, "")
    assert "Stopped." in done.stderr


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Let torch use one thread, which is faster for so few numbers."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
async def test_torch_tells_its_rows_and_what_it_had_cached(tmp_path: Path) -> None:
    """As many calls go at once as it takes, and all but the end of the second prompt is known."""
    from storyroom.models import open_model

    folder = make_tiny_model(tmp_path, context=512)
    model = open_model(f"transformers:{folder}", device="cpu", dtype="float32", rows=5)
    found = await bench(model, rounds=1)
    assert (found.at_once, found.slots) == (5, 5)
    assert found.runs_on.startswith("torch on cpu")
    assert found.cached_share is not None
    assert found.cached_share > 0.7


@pytest.mark.real_model
def test_the_embedded_model_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has one slot, serves what prompts have in common from its cache, and is held to both forms."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("storyroom.models.bench.NEW", 16)
    shown = json.loads(run("models", "bench", "embedded", "--quick", "--json").stdout)
    assert (shown["slots"], shown["at_once"]) == (1, 4)
    assert shown["cached_share"] > 0.8
    assert shown["prompt_tokens"] > 500
    assert all(shown[f"{form}_form"]["tokens_per_second"] > 0 for form in ("schema", "grammar"))
