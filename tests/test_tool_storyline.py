"""Story lines from keywords: every keyword is there, no two are alike, what is written is bounded."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hash_embedder import HashEmbedder
from room_kit import MODEL, a_series, open_room
from scripted_room import scripted_room
from tool_kit import prompts_of, run, small_room

from storyroom.errors import InputError
from storyroom.memory.inbox import Note
from storyroom.models.base import LocalChatModel
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.story.checks import noise, unfinished
from storyroom.tools import storyline as storyline_module
from storyroom.tools.filling import pronouns
from storyroom.tools.keywords import foreign, genre_of, keywords_of, missing, noun
from storyroom.tools.story_patterns import stock
from storyroom.tools.storyline import Storylines, storylines
from storyroom.tools.workbench import workbench

SPACE = "Science fiction, aliens, Earth defense war"
ZH_SPACE = "科幻, 外星人、地球保卫战"


def make(keywords: str, model: LocalChatModel | None = None, **options: Any) -> Storylines:
    """Make story lines without a series."""
    seed = options.pop("seed", 1)
    with workbench(
        tool="storyline", matter=keywords, model=MODEL, models={MODEL: model or small_room()}, seed=seed
    ) as bench:
        return asyncio.run(storylines(bench, keywords, **options))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure distances with an embedder that needs no weights."""
    monkeypatch.setattr("storyroom.graphs.context.open_embedder", HashEmbedder)


def test_keywords_are_parted_by_marks_of_either_language() -> None:
    """Commas, semicolons, slashes and lines part them; spaces do not, and none counts twice."""
    assert keywords_of(" sea，  old love;Sea\n/storm。 ") == ("Sea", "old love", "storm")
    assert keywords_of(ZH_SPACE) == ("科幻", "外星人", "地球保卫战")


def test_keywords_of_a_third_language_are_told() -> None:
    """They are taken as they are, and it is said; figures and marks beside a word are no language."""
    assert foreign(("кот", "灯塔", "Mädchen", "1984", "C-3PO")) == ("кот",)
    shown = run("storyline", "кот, the sea", "-n", "1", "--alone")
    assert "Neither English nor Chinese, and taken as a name: кот." in shown.output
    assert "Neither" not in run("storyline", "the sea, 1984", "-n", "1", "--alone").output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no keywords"),
        (" , ;", "no keywords"),
        ("a,b,c,d,e,f,g,h,i", "9 keywords"),
        ("x" * 80, "no keyword"),
        ("the sea, 😀", "no word"),
    ],
)
def test_what_is_no_list_of_keywords_is_refused(given: str, said: str) -> None:
    """The error says what is wrong, and the hint what to give."""
    with pytest.raises(InputError) as refused:
        keywords_of(given)
    assert said in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("aliens", "the aliens"),
        ("Earth", "Earth"),
        ("Earth defense war", "the Earth defense war"),
        ("wedding", "the wedding"),
        ("betrayal", "betrayal"),
        ("A lost letter", "a lost letter"),
        ("my brother", "my brother"),
        ("New York", "New York"),
        ("NASA", "the NASA"),
    ],
)
def test_a_keyword_becomes_a_noun_of_a_sentence(word: str, shown: str) -> None:
    """It gets an article unless it has one, or is a name or a thing without one."""
    assert noun(word, "en") == shown


def test_a_genre_among_the_keywords_is_found() -> None:
    """In any of its words; without one the story is a drama."""
    assert genre_of(["aliens", "Sci-Fi"], "en") == ("science fiction", ("Sci-Fi",))
    assert genre_of(["武侠"], "zh") == ("奇幻", ("武侠",))
    assert genre_of(["aliens"], "en") == ("drama", ())


@pytest.mark.parametrize("keywords", [SPACE, ZH_SPACE, "love", "storm, ring, Mars, betrayal, my brother"])
def test_a_small_model_fills_patterns_that_hold_every_keyword(keywords: str) -> None:
    """Nothing is lost, no line repeats another's people or pattern, and every sentence ends."""
    found = make(keywords, count=4)
    assert found.missing == {}
    assert len({line.way for line in found.lines}) == 4
    assert len({line.premise for line in found.lines}) == 4
    for line in found.lines:
        assert missing(found.keywords, line.whole) == ()
        for sentence in (line.premise, line.conflict, line.turn, line.ending):
            assert not unfinished(sentence)
            assert not set("[]<>{}") & set(sentence)


def test_what_a_small_model_wrote_is_told() -> None:
    """The pieces that are its own are listed; in Chinese it only chooses, and wrote nothing."""
    (line,) = make(SPACE, count=1).lines
    assert len(line.written) == 3
    assert all(piece in line.told and not list(noise(piece)) for piece in line.written)
    (chosen,) = make(ZH_SPACE, count=1).lines
    assert (chosen.filled, chosen.written) == (True, ())


def test_noise_is_asked_for_again() -> None:
    """A piece that stammers, is cut off or copies the example is not taken while there is another."""
    tried = [
        " the the the.",
        " she",
        " is afraid of his own brother.",
        " keeps the old radio under a blanket.",
    ]

    def babble(call: Call) -> str:
        grammar = str(call.options["grammar"])
        if "word" not in grammar.partition("\n")[0]:
            return small_room().rules[0].answers[0](call)  # type: ignore[operator]
        return tried[min(call.attempt, len(tried)) - 1]

    model = small_room().model_copy(update={"rules": (Rule("*", (babble,)),)})
    (line,) = make("radio, sea", model, count=1).lines
    assert line.written[0] == "keeps the old radio under a blanket."


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_pattern_can_be_filled(language: str) -> None:
    """No slot is left over, and neighbours among the names have different pronouns."""
    known = stock(language)  # type: ignore[arg-type]
    free = {"why", "truth", "end"}
    assert set(known.pieces) in (set(), free)
    for pattern in known.patterns:
        text = "\n".join(pattern[1:])
        assert all(f"<{name}>" in text for name in free)
        assert "[role]" in text
        assert "[other_role]" in text
        assert "{first}" in pattern.premise
        assert "{second}" in pattern.conflict
    for (_, one), (_, other) in zip(known.names[::2], known.names[1::2], strict=True):
        assert one != other
        assert pronouns(one, "Ada", language)["she"] == one  # type: ignore[arg-type]


def test_a_larger_model_writes_freely_under_a_schema() -> None:
    """It is shown keywords, genre and an example; what it leaves out is told."""
    with workbench(
        tool="storyline", matter="lantern", model=MODEL, models={MODEL: scripted_room()}, seed=1
    ) as bench:
        found = asyncio.run(storylines(bench, "lantern, a quarrel of ghosts", count=2))
        prompts = prompts_of(bench)
    assert all("a quarrel of ghosts" in prompt for prompt in prompts)
    assert found.missing.keys() == {0, 1}
    assert not any(line.filled for line in found.lines)


def test_a_line_that_comes_too_near_is_asked_for_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is then shown what it came too near to, and the distance that remains is told."""
    same = {
        "title": "Same",
        "premise": "Anna lifts a board in the floor of the bakery and finds a gun.",
        "conflict": "Paul wants to throw the gun into the river behind the house.",
        "turn": "Lena opens the door to the police and lies to all of them.",
        "ending": "Anna nails the boards down over the gun and leaves the town.",
    }
    shown: list[str] = []

    def answer(call: Call) -> str:
        shown.append(call.messages[-1].text)
        return json.dumps(same)

    found = make("gun, bakery", ScriptedModel(rules=(Rule("*", (answer,)),)), count=2)
    assert found.again == (1,)
    assert found.distances[0][1] == 0
    assert len(shown) == 3
    assert [same["premise"] in prompt for prompt in shown] == [False, False, True]
    monkeypatch.setattr(storyline_module, "TOO_NEAR", -1.0)
    assert make("gun, bakery", ScriptedModel(rules=(Rule("*", (answer,)),)), count=2).again == ()


def test_in_a_series_the_stories_are_about_its_cast(tmp_path: Path) -> None:
    """A keyword that is a name makes its bearer the lead; the dead and the absent stay away."""
    with open_room(a_series(tmp_path), model=small_room()) as room:
        with workbench(tool="storyline", matter="x", series=room, model=MODEL, seed=2) as bench:
            found = asyncio.run(storylines(bench, "Ines, the missing page", count=3))
        away = [who.name for who in room.bible.cast if who.status != "alive"]
    assert found.missing == {}
    for line in found.lines:
        assert "Ines" in line.premise
        assert not [name for name in away if name in line.told]
        assert "the the" not in line.told


def test_the_command_shows_lines_and_distances(tmp_path: Path) -> None:
    """Text for people, JSON for programs; the same seed gives the same lines."""
    shown = run("storyline", SPACE, "-n", "2", "--seed", "4", "--alone", model=small_room())
    assert shown.exit_code == 0, shown.output
    assert "aliens" in shown.stdout
    assert "distance" in shown.stdout
    again = run("storyline", SPACE, "-n", "2", "--seed", "4", "--alone", model=small_room())
    assert again.stdout == shown.stdout
    told = run("storyline", SPACE, "-n", "2", "--seed", "4", "--alone", "--json", model=small_room())
    facts = json.loads(told.stdout)
    assert [line["title"] in shown.stdout for line in facts["lines"]] == [True, True]
    file = tmp_path / "words.txt"
    file.write_text(SPACE, encoding="utf-8")
    read = run("storyline", file, "-n", "2", "--seed", "4", "--alone", model=small_room())
    given = run("storyline", "-", "-n", "2", "--seed", "4", "--alone", given=SPACE, model=small_room())
    assert read.stdout == given.stdout == shown.stdout


def test_the_result_goes_into_the_room_as_a_note(tmp_path: Path) -> None:
    """As a note from a member to a role; half an address is refused."""
    folder = a_series(tmp_path)
    with open_room(folder) as room:
        member = room.bible.team[0].name
    sent = run("-s", folder, "storyline", "a storm", "--note-to", "plot_writer", "--from", member)
    assert sent.exit_code == 0, sent.output
    with open_room(folder) as room:
        (note,) = room.ledger.inbox.items(Note)
    assert note.text.startswith("1. ")
    assert run("-s", folder, "storyline", "a storm", "--note-to", "plot_writer").exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("storyline", ""),
        ("storyline", ",,"),
        ("storyline", "sea", "--genre", "mysterie"),
        ("storyline", "sea", "--length", "endless"),
        ("storyline", "sea", "-n", "0"),
    ],
)
def test_bad_input_ends_with_a_word_on_what_to_do(arguments: tuple[str, ...]) -> None:
    """No traceback, exit code 2."""
    refused = run(*arguments, "--alone")
    assert refused.exit_code == 2, refused.output
    assert "Traceback" not in refused.output


@pytest.mark.real_model
def test_the_embedded_model_makes_readable_story_lines() -> None:
    """Every keyword is there, and nothing that it wrote is noise or breaks off."""
    with workbench(tool="storyline", matter=SPACE, model="embedded", seed=1) as bench:
        found = asyncio.run(storylines(bench, SPACE, count=2))
    assert found.missing == {}
    for line in found.lines:
        assert [fault for piece in line.written for fault in noise(piece)] == []
        assert not any(unfinished(piece) for piece in line.written)
