"""The prompts: both languages alike, strict about variables, and word for word what is sent.

The final prompts of a few tasks are kept in `snapshots/`. After a change of a template, look at what came of
it and renew them:

    python tests/test_prompts.py
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import pytest
from jinja2 import Environment, UndefinedError, meta
from jinja2.nodes import Const, Include
from pydantic import BaseModel

from storyroom.agents import answers
from storyroom.agents.checking import sound
from storyroom.agents.continuity_judge import Comparison, Contradiction
from storyroom.agents.desk import Desk
from storyroom.agents.dialogue_writer import DialogueWriter
from storyroom.agents.editor import Editor
from storyroom.agents.effort import Effort
from storyroom.agents.emotion_critic import EmotionCritic
from storyroom.agents.phrases import PAPER_OBJECTIONS
from storyroom.agents.plot_writer import PlotWriter
from storyroom.agents.showrunner import Showrunner
from storyroom.agents.standards import Standards
from storyroom.bible_file import load_bible
from storyroom.emotion.judge import Judged
from storyroom.formats.fountain import parse_elements
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.turns import Reading
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.prompts import LANGUAGES, names, render
from storyroom.story.draft import SceneDraft, named
from storyroom.story.objection import Objection
from storyroom.story.plan import Brief, Choice, Language, Order, Outline, Pitch, ScenePlan, Story
from storyroom.story.text import Phrase, Sentence
from storyroom.story.turn import Stage, Task
from storyroom.tools.line_maker import storyline_answer
from storyroom.tools.monologue import monologue_answer

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "snapshots"
EXAMPLES = {"en": "the-last-light", "zh": "the-long-river"}


def test_both_languages_have_the_same_templates() -> None:
    """What one language can be asked, the other can."""
    assert names("en") == names("zh")
    assert len(names("en")) > 15


@pytest.mark.parametrize("name", names("en"))
def test_both_languages_use_the_same_variables(name: str) -> None:
    """A template of one language needs nothing that the other is not given."""
    assert _variables("en", name) - _ALWAYS_GIVEN == _variables("zh", name) - _ALWAYS_GIVEN


# What the desk gives to every task, or a task on a scene; a template takes of it what it likes.
_ALWAYS_GIVEN = {"bible", "order", "brief", "choice", "outline", "guided", "plan"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_variable_is_an_error(language: str) -> None:
    """No prompt is ever sent with a hole in it."""
    with_variables = [name for name in names(language) if _variables(language, name)]
    assert len(with_variables) > 12
    for name in with_variables:
        with pytest.raises(UndefinedError):
            render(language, name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", names("en"))
def test_an_example_answer_keeps_to_the_form_that_is_asked_for(language: Language, name: str) -> None:
    """A model that writes just like the example is understood, and no check finds fault with it."""
    shown = [line for line in _source(language, name).splitlines() if line.startswith('{"')]
    form = _form(language, name, [json.loads(line) for line in shown])
    assert (form is not None) == bool(shown)
    for line in shown:
        assert form is not None
        form.model_validate_json(line)
        assert [fault for text in _sentences(json.loads(line)) for fault in sound(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", ["brief", "pitch", "outline", "scene", "review", "feeling", "rewrite"])
def test_final_prompts_are_as_they_were_last_looked_at(language: str, task: str, tmp_path: Path) -> None:
    """Every word that a model reads is in the snapshot; `python tests/test_prompts.py` renews it."""
    assert _sent(language, task, tmp_path) == _snapshot(language, task).read_text("utf-8")


def _variables(language: str, name: str) -> set[str]:
    """Return the variables that a template and those that it includes take."""
    tree = Environment().parse(_source(language, name))
    included = [node.template for node in tree.find_all(Include)]
    inner = (
        _variables(language, one.value.removesuffix(".j2")) for one in included if isinstance(one, Const)
    )
    return set(meta.find_undeclared_variables(tree)).union(*inner)


def _source(language: str, name: str) -> str:
    return (files("storyroom.prompts") / language / f"{name}.j2").read_text("utf-8")


def _form(language: Language, name: str, shown: list[dict[str, Any]]) -> type[BaseModel] | None:
    """Return what a template asks for, made for the people and places of its example."""
    people = tuple(dict.fromkeys(_named(shown)))
    line = Annotated[str, answers.Led(names=people, language=language)]
    theme, title = Annotated[str, Sentence(20, 90)], Annotated[str, Phrase(4, 36)]
    forms: dict[str, Callable[[], type[BaseModel]]] = {
        "brief": lambda: answers.brief_answer(people, line, theme, [line] * 3),
        "pitch": lambda: answers.pitch_answer(title, [line] * 3),
        "pitch_again": lambda: answers.pitch_answer(title, [line] * 3),
        "merge": lambda: answers.merge_answer(2, language, title, line),
        "choice": lambda: answers.choice_answer(3, language, guided=False),
        "outline": lambda: answers.scene_plan_answer(
            people, [one["place"] for one in shown], [one["time"] for one in shown], 3, line
        ),
        "review_editor": lambda: answers.review_answer(9, Editor.kinds, 1, (), guided=False),
        "review_episode": lambda: answers.review_answer(9, Editor.kinds, 1, (), guided=False),
        "review_emotion": lambda: answers.review_answer(9, EmotionCritic.kinds, 1, (), guided=False),
        "review_standards": lambda: answers.review_answer(9, Standards.kinds, 1, (), guided=False),
        "review_paper": lambda: answers.review_answer(
            9, tuple(PAPER_OBJECTIONS[language].values()), 1, (), guided=False
        ),
        "reply_paper": lambda: answers.reply_answer(language, guided=False),
        "rewrite_paper": lambda: answers.line_answer(line),
        "reply": lambda: answers.reply_answer(language, guided=False),
        "verify": lambda: answers.verify_answer(language, guided=False),
        "note_check": lambda: answers.note_answer(9, language, guided=False),
        "ruling_read": lambda: answers.ruling_answer(language, guided=False),
        "ruling": lambda: answers.ruling_answer(language, guided=False),
        "feeling": lambda: answers.feeling_answer(language, guided=False),
        "judge_feelings": lambda: Judged,
        "judge_contradiction": lambda: Contradiction,
        "compare_passages": lambda: Comparison,
        "storyline": storyline_answer,
        "monologue": monologue_answer,
    }
    return forms[name]() if name in forms else None


def _named(shown: list[dict[str, Any]]) -> list[str]:
    """Return the people of an example: leads, casts, and the first words of what must begin with a name."""
    people = [story["lead"] for one in shown for story in (one.get(letter) for letter in "abc") if story]
    people += [name for one in shown for name in one.get("cast", ())]
    led = [one[key] for one in shown for key in ("conflict", "turn", "ending", "text") if key in one]
    texts = [one["text"] if isinstance(one, dict) else one for one in led]
    return people + [text.split()[0] if text.isascii() else text[:2] for text in texts]


def _sentences(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _sentences(one)]
    if isinstance(value, list):
        return [text for one in value for text in _sentences(one)]
    return [value] if isinstance(value, str) and value.endswith(tuple(".!?。！？")) else []


class _Seen(Exception):
    """Ends a task at its first question."""


def _sent(language: str, name: str, folder: Path) -> str:
    """Return what a task sends: every message, under its kind."""
    seen: list[str] = []

    def look(call: Call) -> str:
        seen.extend(f"=== {message.type}\n{message.text}\n" for message in call.messages)
        raise _Seen

    work, scene = _TASKS[name]
    ledger = Ledger(folder / "ledger.sqlite")
    try:
        desk = _desk(language, scene, ScriptedModel(rules=(Rule("*", (look,)),)), ledger)
        with pytest.raises(_Seen):
            asyncio.run(_do(work, desk))
    finally:
        ledger.close()
    return "".join(seen)


async def _do(work: Callable[[Desk], Awaitable[object]], desk: Desk) -> None:
    await work(desk)


def _objection(desk: Desk) -> Objection:
    line = desk.manuscript.scenes[1].lines[2]
    says = {"en": "She says what we have just seen.", "zh": "她把刚才看见的又说了一遍。"}[desk.language]
    return Objection(line=line.id, quote=line.text, kind="dialogue", gravity="minor", says=says)


# What is done, and the scene that it is about.
_TASKS: Mapping[str, tuple[Callable[[Desk], Awaitable[object]], int | None]] = {
    "brief": (lambda desk: Showrunner().brief(desk), None),
    "pitch": (lambda desk: PlotWriter().pitch(desk), None),
    "outline": (lambda desk: PlotWriter().outline(desk), None),
    "scene": (lambda desk: DialogueWriter().draft(desk), 2),
    "review": (lambda desk: Editor().review(desk, desk.manuscript.scenes[1]), 1),
    "feeling": (lambda desk: EmotionCritic().feeling(desk, desk.manuscript.scenes[1]), 1),
    "rewrite": (
        lambda desk: DialogueWriter().rewrite(desk, desk.manuscript.scenes[1], _objection(desk)),
        1,
    ),
}

_SCENE = {
    "en": """INT. LAMP ROOM - NIGHT

Mara lifts the brass plate and finds a folded page.

MARA
This is my father's hand.

BEA
Then read it before the lamp goes.
""",
    "zh": """外景 渡口 夜

罗三顺解开渡船的缆绳，小满一脚踩住了绳头。

@罗三顺
船上还有半碗面。

@小满
天黑以后不开渡。
""",
}
_WORDS = {
    "en": {
        "idea": "Mara finds the missing page in the Lamp Room. Ines tells her on the Quay who tore it.",
        "premise": "Mara wants the missing page, and Ines knows what it would cost her.",
        "theme": "The truth keeps its own hours.",
        "title": "Missing Page",
        "conflict": "Mara finds the page, and Bea asks her to burn it.",
        "turn": "Ines tells Mara who tore it out.",
        "ending": "Mara puts the page back into the log.",
        "act": "act 1",
        "beats": "Mara lifts the brass plate and finds a folded page.|Ines tells Mara who tore it out.",
        "changes": "Mara knows the page is real.|Ines has nothing left to hide.",
        "cast": "Mara,Bea|Ines,Mara",
        "places": "Lamp Room|Quay",
        "times": "NIGHT|DAWN",
        "headings": "INT. LAMP ROOM - NIGHT|EXT. QUAY - DAWN",
        "memory": "MARA\nThe log has eleven minutes in which nobody wrote.\n",
        "note": "Ada: Keep Bea out of the second scene.",
    },
    "zh": {
        "idea": "罗三顺要一个人把渡船开走。何青到茶馆向秦月娥要那本旧过江簿。",
        "premise": "何青要弄清那一夜是谁掌的舵，罗三顺却想把渡船开走。",
        "theme": "替人背的账，也要由本人写完。",
        "title": "那一夜的字",
        "conflict": "何青向秦月娥讨那本旧簿子，秦婶不肯开抽屉。",
        "turn": "何青认出那一夜的字不是父亲写的。",
        "ending": "何青把笔放到罗三顺手里。",
        "act": "第一幕",
        "beats": "罗三顺解开渡船的缆绳，小满一脚踩住了绳头。|何青敲开茶馆的门板，向秦月娥要那本过江簿。",
        "changes": "罗三顺没有把船开走。|何青认出了那笔字。",
        "cast": "罗三顺,小满|何青,秦月娥",
        "places": "渡口|茶馆",
        "times": "夜|夜",
        "headings": "外景 渡口 夜|内景 茶馆 夜",
        "memory": "@秦月娥\n茶凉了还能热，话凉了呢？\n",
        "note": "林晚：第二场不要出现小满。",
    },
}


def _desk(language: str, scene: int | None, model: ScriptedModel, ledger: Ledger) -> Desk:
    """Set a desk in the middle of an episode of the example series."""
    bible = load_bible(HERE.parent / "examples" / EXAMPLES[language])
    words = _WORDS[language]
    order = Order(
        idea=words["idea"], episode=3, scenes=2, pages=2, depth="quick", model="scripted", language=language
    )
    stage = Stage.BRIEF if scene is None else Stage.SCENE
    return Desk(
        task=Task(session="e03", head=None, stage=stage, scene=scene, role="any"),
        bible=bible,
        order=order,
        manuscript=_manuscript(language, order),
        reading=Reading(),
        model=model,
        ledger=ledger,
        effort=Effort.of("quick"),
        emit=lambda _event: None,
        memory=((1, 4, words["memory"]),),
        notes=(words["note"],),
    )


def _manuscript(language: str, order: Order) -> Manuscript:
    words = _WORDS[language]
    each = {key: words[key].split("|") for key in ("beats", "changes", "cast", "places", "times", "headings")}
    lead = each["cast"][0].split(",")[0]
    plans = tuple(
        ScenePlan(
            number=place + 1,
            act=words["act"],
            heading=each["headings"][place],
            place=each["places"][place],
            time=each["times"][place],
            story="A",
            cast=tuple(each["cast"][place].split(",")),
            beat=each["beats"][place],
            change=each["changes"][place],
            emotions=dict.fromkeys(each["cast"][place].split(","), "fear"),
        )
        for place in range(2)
    )
    pitch = Pitch(**{key: words[key] for key in ("title", "conflict", "turn", "ending")})
    written = SceneDraft(number=1, elements=named(parse_elements(_SCENE[language]), "test"))
    return Manuscript(
        brief=Brief(
            premise=words["premise"],
            theme=words["theme"],
            stories=(Story(letter="A", lead=lead, line=words["premise"]),),
            arc=("fear", "joy"),
            pages=order.pages,
            scenes=order.scenes,
        ),
        choice=Choice(pitches=(1,), reason="", story=pitch),
        outline=Outline(title=words["title"], scenes=plans),
        scenes={1: written},
    )


def _snapshot(language: str, task: str) -> Path:
    return SNAPSHOTS / f"{task}.{language}.txt"


def _renew() -> None:
    SNAPSHOTS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        for task in _TASKS:
            with tempfile.TemporaryDirectory() as folder:
                _snapshot(language, task).write_text(_sent(language, task, Path(folder)), "utf-8")


if __name__ == "__main__":
    _renew()
