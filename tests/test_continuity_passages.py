"""Passages that a model compares: which are paired, what it is asked, and what of its answer counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from continuity_kit import a_show
from room_kit import EXAMPLES, a_series, open_room
from tool_kit import small_room

from storyroom.errors import ModelRefused
from storyroom.formats.fountain import parse
from storyroom.models.base import LocalChatModel
from storyroom.models.scripted import scripted
from storyroom.room import Room
from storyroom.story.canon import Moment
from storyroom.story.continuity import Finding, check
from storyroom.story.continuity.judging import Clash, Pair, Passage, PassagePair, Verdict
from storyroom.story.continuity.passages import quoted
from storyroom.tools.bench import Bench
from storyroom.tools.continuity import BenchJudge, passage_pairs
from storyroom.tools.workbench import workbench

SPEC = "scripted:judge"
EN = (
    "INT. KITCHEN - DAY\n\nMARA\nI never had a brother.\n\n"
    "EXT. HARBOUR - DAY\n\nGulls over the ferry. Silas ties a rope.\n\n"
    "INT. LIGHTHOUSE - NIGHT\n\nMARA\nMy brother taught me to swim.\n"
)
ZH = (
    ".内景 厨房 日\n\n@林夏\n我从来没有哥哥。\n\n.外景 码头 日\n\n海鸥飞过渡船。老秦系缆绳。\n\n"
    ".内景 灯塔 夜\n\n@林夏\n我哥哥教我游泳的。\n"
)
SAID = {
    "en": (
        "I never had a brother.",
        "My brother taught me to swim.",
        "She has no brother, and he taught her.",
    ),
    "zh": ("我从来没有哥哥。", "我哥哥教我游泳的。", "前面说没有哥哥，后面却说哥哥教过她游泳。"),
}


class Says:
    """A judge that gives the same answer to every two passages.

    Attributes:
        shown: the pairs that it was shown.
    """

    name = "says"

    def __init__(self, clash: Clash | None) -> None:
        self.clash = clash
        self.shown: list[PassagePair] = []

    def judge(self, pair: Pair) -> Verdict:
        """Deny what code suspects."""
        return Verdict(contradicts=False, reason="")

    def compare(self, pair: PassagePair) -> Clash | None:
        """Give the answer."""
        self.shown.append(pair)
        return self.clash


def pair(earlier: int = 1, later: int = 3, episode: int = 3) -> PassagePair:
    """Return two passages of episode 3, or one of an earlier episode and one of episode 3."""
    return PassagePair(Passage(Moment(episode, earlier), "…"), Passage(Moment(3, later), "…"))


def found(
    clash: Clash | None, *pairs: PassagePair, text: str = EN, earlier: dict[Moment, str] | None = None
) -> list[Finding]:
    """Return what a judge's answer comes to."""
    before = [(at, tuple(parse(one).elements())) for at, one in (earlier or {}).items()]
    language = "zh" if text == ZH else "en"
    return check(parse(text), a_show(language), kinds=["likely_contradiction"], judge=Says(clash),
                 earlier=before, pairs=pairs)  # fmt: skip


@pytest.mark.parametrize(("text", "language"), [(EN, "en"), (ZH, "zh")])
def test_a_clash_is_a_likely_finding_with_both_lines(text: str, language: str):
    """It quotes both whole lines with their numbers, gives the judge's reason, and names the judge."""
    earlier, later, reason = SAID[language]
    (one,) = found(Clash(earlier[2:-1], later[1:-2], reason), pair(), text=text)
    assert one.against is not None
    assert (one.here.quote, one.against.quote, one.says) == (later, earlier, reason)
    lines = text.splitlines()
    assert (lines[one.here.line - 1], lines[one.against.line - 1]) == (later, earlier)
    assert (one.kind, one.certain, one.source) == ("likely_contradiction", False, "says")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("I never had a sister.", "My brother taught me to swim."),
        ("I never had a brother.", "My brother taught me to dive."),
        ("My brother taught me to swim.", "I never had a brother."),
        ("a", "to"),
        ("…", "…"),
    ],
)
def test_a_quote_that_the_script_does_not_have_drops_the_clash(earlier: str, later: str):
    """Made up, of the other scene, or too short to be one."""
    assert found(Clash(earlier, later, "They differ."), pair()) == []


def test_spaces_and_the_form_of_quotation_marks_do_not_count():
    """A model writes them its own way."""
    elements = tuple(parse("INT. A - DAY\n\nThe sign says “Mara’s   boats”.\n").elements())
    assert quoted("'The sign says \"Mara's boats\".'", elements) is elements[1]
    assert quoted("The sign says Mara's boats", elements) is None


def test_two_lines_are_told_once():
    """However many pairs of passages hold them; and a line does not contradict itself."""
    earlier, later, reason = SAID["en"]
    assert len(found(Clash(earlier, later, reason), pair(), pair())) == 1
    same = "INT. A - DAY\n\nThe lamp is out.\n"
    assert found(Clash("The lamp is out.", "The lamp is out.", "x"), pair(1, 1), text=same) == []


def test_a_line_of_an_earlier_episode_is_named_with_its_episode():
    """Its scene is looked through for the quote too."""
    at = Moment(1, 4)
    before = {at: "INT. BARN - DAY\n\nMARA\nI never had a brother.\n"}
    clash = Clash("I never had a brother.", "My brother taught me to swim.", "Both cannot be.")
    (one,) = found(clash, pair(4, 3, episode=1), earlier=before)
    assert one.against is not None
    assert (one.against.episode, one.against.scene) == (1, 4)
    assert found(clash, pair(4, 3, episode=1)) == []


def test_without_a_judge_nothing_is_compared():
    """Patterns know nothing of contradictions at large."""
    assert check(parse(EN), a_show(), kinds=["likely_contradiction"], pairs=[pair()]) == []


@contextmanager
def a_bench(
    text: str, *rules: Any, model: LocalChatModel | None = None, series: Room | None = None
) -> Iterator[Bench]:
    """Set up a workbench with a script and a scripted model."""
    models = {SPEC: model or scripted(*rules)}
    script = parse(text)
    with workbench(
        tool="check", matter="check", script=script, series=series, model=SPEC, models=models, anyway=True
    ) as ready:
        yield ready


def places(pairs: Sequence[PassagePair]) -> list[tuple[str, str]]:
    """Return where the passages of pairs are."""
    return [(str(one.earlier.at), str(one.later.at)) for one in pairs]


@pytest.mark.parametrize(("text", "language"), [(EN, "en"), (ZH, "zh")])
def test_a_scene_is_paired_with_the_earlier_ones_that_share_its_words(text: str, language: str):
    """The closest first, as many as wanted; passages of later scenes and of flashbacks never."""
    with a_bench(text) as bench:
        pairs = passage_pairs(bench, parse(text), 3, language, most=1)  # type: ignore[arg-type]
        assert ("3:1", "3:3") in places(pairs)
        assert all(one.earlier.at < one.later.at for one in pairs)
        assert len({one.later.at for one in pairs}) == len(pairs)
        dreamt = text.replace("DAY\n\nMARA", "DAY - FLASHBACK\n\nMARA").replace("厨房 日", "厨房 日 闪回")
        assert "3:1" not in dict(places(passage_pairs(bench, parse(dreamt), 3, language)))  # type: ignore[arg-type]


def test_in_a_series_earlier_episodes_are_searched_too(tmp_path: Path):
    """Only those that come before: an episode is not held against its own older version."""
    script = "INT. LAMP ROOM - NIGHT\n\nMara reads the missing page of the log aloud to Bea.\n"
    with open_room(a_series(tmp_path)) as room:
        room.remember(sorted((EXAMPLES / "the-last-light" / "episodes").glob("*.fountain")))
        with a_bench(script, series=room) as bench:
            third = places(passage_pairs(bench, parse(script), 3, "en"))
            assert len(third) == 3
            assert {one[0].partition(":")[0] for one in third} <= {"1", "2"}
            second = places(passage_pairs(bench, parse(script), 2, "en"))
            assert {one[0].partition(":")[0] for one in second} == {"1"}
            assert passage_pairs(bench, parse(script), 1, "en") == []


def answer(language: str) -> dict[str, Any]:
    """Return what a model would answer to the two passages that clash."""
    earlier, later, reason = SAID[language]
    return {"reason": reason, "contradicts": "yes", "earlier": earlier, "later": later}


@pytest.mark.parametrize(("text", "language"), [(EN, "en"), (ZH, "zh")])
def test_a_model_compares_under_a_schema_and_its_calls_are_recorded(text: str, language: str, tmp_path: Path):
    """In the script's language, shown nothing but the two passages; under a session of the tool's own."""
    name = "the-last-light" if language == "en" else "the-long-river"
    with (
        open_room(a_series(tmp_path, name)) as room,
        a_bench(text, ("scene.3.*", answer(language)), series=room) as bench,
        BenchJudge(bench) as judge,
    ):
        pairs = [
            one
            for one in passage_pairs(bench, parse(text), 3, language)
            if one.later.at.scene == 3  # type: ignore[arg-type]
        ]
        clash = judge.compare(pairs[0])
        assert clash == Clash(*SAID[language])
        (call,) = room.ledger.calls.made(session=bench.session.id)
        prompt = "\n".join(room.ledger.calls.texts(call))
        assert SAID[language][0] in prompt
        assert SAID[language][1] in prompt
        assert room.bible.title not in prompt
        assert [one.id for one in room.sessions()] == []
        assert [one.order.tool for one in room.sessions(tools=True)] == ["check"]


def test_what_a_model_denies_is_no_clash():
    """Also where it quotes, or says yes and quotes nothing."""
    for said in ({"contradicts": "no"}, {"earlier": ""}, {"later": ""}):
        with a_bench(EN, ("*", {**answer("en"), **said})) as bench, BenchJudge(bench) as judge:
            assert judge.compare(pair()) is None


def test_a_model_that_answers_nonsense_or_is_small_is_refused():
    """After a second try, with a hint; a small one before it is asked."""
    with (
        a_bench(EN, ("*", "No idea.")) as bench,
        BenchJudge(bench) as judge,
        pytest.raises(ModelRefused, match="no usable answer"),
    ):
        judge.compare(pair())
    with a_bench(EN, model=small_room()) as bench, pytest.raises(ModelRefused, match="too small"):
        BenchJudge(bench)
