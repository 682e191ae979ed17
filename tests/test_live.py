"""The live view: what it works out from a run's events, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from room_kit import a_series, begin, open_room

from storyroom.agents.events import Began, BrokeOff, Called, Spoken, Turned
from storyroom.cli.live import LiveView, PlainView, Tail
from storyroom.cli.output import clean
from storyroom.cli.progress import Progress
from storyroom.cli.readable import readable
from storyroom.cli.words import duration, purpose, shortened
from storyroom.memory.calls import Call
from storyroom.session import Session
from storyroom.story.turn import Actor, Stage, Task, Turn, TurnKind


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def a_task(scene: int | None = None, *, role: str = "dialogue_writer", **place: Any) -> Task:
    """Return a task; without a scene it is the outline's."""
    stage = Stage.OUTLINE if scene is None else Stage.SCENE
    return Task(session="e01", head=None, stage=stage, scene=scene, role=role, **place)


def a_call(task: Task, **facts: Any) -> Call:
    """Return a call of a task."""
    about = {"session": "e01", "task": task.id, "attempt": 1, "label": "", "model": "m", "prompt": ()}
    return Call(id="c", options={}, answer="", **{**about, **facts})


def a_turn(task: Task, kind: TurnKind = TurnKind.APPROVAL, **facts: Any) -> Turn:
    """Return a turn of a task."""
    return Turn(id=f"{task.id}.0", task=task, kind=kind, actor=Actor(kind="code"), **facts)


def approve(progress: Progress, scene: int, *, fresh: bool = True) -> None:
    """Let a scene begin and be approved."""
    task = a_task(scene, role="showrunner", round=9)
    progress.take(Turned(turn=a_turn(task), fresh=fresh))


# What is worked out


def test_the_text_is_that_of_the_call_at_work() -> None:
    """Pieces add up; the answer stays until the next one begins, which starts afresh as attempt 2."""
    progress, task = Progress(4), a_task(1)
    progress.take(Began(task))
    progress.take(Spoken(task, "You came "))
    progress.take(Spoken(task, "back."))
    assert progress.text == "You came back."
    progress.take(Called(task, a_call(task, faults=("said before",)), fresh=True))
    assert (progress.text, progress.attempt) == ("You came back.", 2)
    progress.take(Spoken(task, "Go."))
    assert progress.text == "Go."


def test_what_broke_off_is_gone_from_the_view() -> None:
    """The answer is asked for again and comes from its beginning: nothing of it stands there twice."""
    progress, task = Progress(4), a_task(1)
    progress.take(Began(task))
    progress.take(Spoken(task, "You came "))
    progress.take(BrokeOff(task))
    assert (progress.text, progress.broken) == ("", True)
    progress.take(Spoken(task, "You came "))
    progress.take(Spoken(task, "back."))
    assert (progress.text, progress.broken) == ("You came back.", True)
    progress.take(Called(task, a_call(task), fresh=True))
    assert not progress.broken


def test_of_several_at_work_one_is_shown_until_it_ends() -> None:
    """Reviews that run side by side do not flicker: the next one is shown when the first is done."""
    progress = Progress(4)
    editor, critic = a_task(1, role="editor"), a_task(1, role="emotion_critic")
    for task in (editor, critic):
        progress.take(Began(task))
        progress.take(Spoken(task, task.role))
    assert progress.text == "editor"
    progress.take(Turned(a_turn(editor, TurnKind.REVIEW), fresh=True))
    assert progress.task == critic
    assert progress.text == "emotion_critic"


def test_the_rate_is_that_of_the_stream_and_then_of_the_call() -> None:
    """While text comes, pieces are counted; afterwards the model's own numbers hold."""
    clock = Clock()
    progress, task = Progress(4, clock), a_task(1)
    progress.take(Began(task))
    assert progress.rate == 0
    for _ in range(11):
        progress.take(Spoken(task, "word "))
        clock.now += 0.1
    assert progress.rate == pytest.approx(10 / 1.1)
    call = a_call(task, new_tokens=30, seconds=3.0, first_token_seconds=2.0)
    progress.take(Called(task, call, fresh=True))
    assert progress.rate == pytest.approx(30.0)


def test_only_fresh_calls_are_counted() -> None:
    """What was found in the ledger cost nothing now."""
    progress, task = Progress(4), a_task(1)
    call = a_call(task, prompt_tokens=100, cached_tokens=90, new_tokens=7)
    progress.take(Called(task, call, fresh=False))
    progress.take(Called(task, call, fresh=True))
    assert (progress.prompt_tokens, progress.cached_tokens, progress.new_tokens) == (100, 90, 7)


def test_the_time_left_comes_from_the_scenes_of_this_run() -> None:
    """Unknown before the first scene is done; then its time for each scene left, counted down."""
    clock = Clock()
    progress = Progress(4, clock, done={1})
    progress.take(Began(a_task()))
    clock.now += 50  # the outline's time is no scene's time
    progress.take(Began(a_task(2)))
    assert progress.remaining is None
    clock.now += 30
    approve(progress, 2)
    assert progress.remaining == pytest.approx(60)
    clock.now += 10
    assert progress.remaining == pytest.approx(50)
    clock.now += 500
    assert progress.remaining == 0
    approve(progress, 3)
    approve(progress, 4)
    assert progress.remaining is None
    assert progress.done == {1, 2, 3, 4}


def test_a_scene_that_was_done_before_says_nothing_about_the_time() -> None:
    """A resumed run passes over finished scenes in no time; they are done, and not measured."""
    progress = Progress(4, Clock())
    progress.take(Began(a_task(1)))
    approve(progress, 1, fresh=False)
    assert progress.done == {1}
    assert progress.remaining is None


# How it is said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("MARA\nYou came back.", "MARA\nYou came back."),
        ("", ""),
        ('{"title": "Salt", "cast": ["Mara", "Be', "title: Salt\ncast: Mara, Be"),
        (
            '{"a": {"lead": "Mara", "line": "She \\"waits\\"."}, "n": 3',
            'a: \nlead: Mara\nline: She "waits".\nn: 3',
        ),
        ('{"the_end": "灯塔\\u4eae了', "the end: 灯塔亮了"),
        ('{"open": "half \\', "open: half "),
        ('{"pieces": [1, 2, true]}', "pieces: 1, 2, true"),
        ('{"empty": "", "next": "x"}', "empty: \nnext: x"),
    ],
)
def test_json_is_shown_as_its_fields(text: str, shown: str) -> None:
    """However much of it has come, the braces and quotes are gone."""
    assert readable(text) == shown


def test_every_prefix_of_an_answer_can_be_shown() -> None:
    """A view never fails on half an answer."""
    text = '{"a": {"b": ["x \\"y\\" \\u4eae", "z"]}, "n": -1.5, "t": "end\\n"}'
    assert [readable(text[:end]) for end in range(len(text))][-1].endswith("t: end\n")


def test_purposes_tell_writing_reading_and_the_debate_apart() -> None:
    """Who works on a scene does so to an end that depends on role and round."""
    assert purpose(a_task(1)) == "writes the scene"
    assert purpose(a_task(1, role="editor")) == "reads the scene"
    assert len({purpose(a_task(1, round=number)) for number in (0, 1, 2, 3)}) == 4
    assert purpose(a_task(1, role="punch_up")) == "works on the scene"
    others = [Task(session="e", head=None, stage=one, role="x") for one in Stage if one is not Stage.SCENE]
    assert len({purpose(task) for task in others}) == len(others)


def test_short_forms() -> None:
    """Texts are cut at a word, Chinese ones anywhere; durations read as clocks do."""
    assert shortened("one two  three\nfour", 12) == "one two…"
    assert shortened("灯" * 30, 10) == "灯" * 9 + "…"
    assert [duration(seconds) for seconds in (7, 750, 3723)] == ["0:07", "12:30", "1:02:03"]


def test_nothing_that_steers_a_terminal_gets_through() -> None:
    """Escape sequences, carriage returns and marks that turn text around are taken out."""
    assert clean("a\x1b[31mb\rc\u202ed\n\te\x9b") == "a[31mbcd\n\te"


# How it looks


@contextmanager
def a_session(tmp_path: Path, name: str = "the-last-light", **order: Any) -> Iterator[Session]:
    """Give a session that has begun."""
    with open_room(a_series(tmp_path, name)) as room:
        yield room.session(begin(room, **order).session.id)


def a_screen(width: int, height: int = 30) -> Console:
    """Return a terminal that writes into memory."""
    return Console(
        file=StringIO(), width=width, height=height, force_terminal=True, color_system=None, highlight=False
    )


def looks(view: LiveView, console: Console) -> list[str]:
    """Return the lines that a view shows now."""
    with console.capture() as captured:
        console.print(view._shown())
    return captured.get().splitlines()


@pytest.mark.parametrize("width", [80, 100])
def test_the_view_fits_the_terminal(tmp_path: Path, width: int) -> None:
    """Stage, scene, role, purpose, the last lines of the text, rate and cache share: all within the width."""
    with a_session(tmp_path) as session:
        console = a_screen(width)
        view = LiveView(session, console)
        task = a_task(2)
        view.take(Began(task))
        view.take(
            Called(task, a_call(task, prompt_tokens=2000, cached_tokens=1500, new_tokens=90), fresh=True)
        )
        for number in range(400):
            view.take(Spoken(task, f"word{number} "))
        lines = looks(view, console)
    text = "\n".join(lines)
    assert "The Last Light · episode 1 · e01-" in lines[0]
    assert "scene 2/2  dialogue writer writes the scene" in text
    assert "word399" in text
    assert "word10 " not in text
    assert "0/2 scenes" in text
    assert "read 2,000 tokens, 75% from cache · wrote 90" in text
    assert max(map(cell_len, lines)) <= width
    assert len(lines) <= 16


def test_the_view_says_that_an_answer_is_asked_for_again(tmp_path: Path) -> None:
    """Who watches sees why the text began anew, within the width."""
    with a_session(tmp_path) as session:
        console = a_screen(80)
        view = LiveView(session, console)
        task = a_task(2)
        for event in (Began(task), Spoken(task, "half a wo"), BrokeOff(task), Spoken(task, "half a word")):
            view.take(event)
        lines = looks(view, console)
    assert "dialogue writer writes the scene, asked again: the answer broke off" in lines[1]
    assert "\n".join(lines).count("half a wo") == 1
    assert max(map(cell_len, lines)) <= 80


def test_chinese_is_folded_by_its_width(tmp_path: Path) -> None:
    """A character takes two columns: no line is wider than the terminal, none is cut."""
    with a_session(tmp_path, "the-long-river", idea="渡口的灯灭了。", anyway=True) as session:
        console = a_screen(80)
        view = LiveView(session, console)
        task = a_task(1)
        view.take(Began(task))
        view.take(Spoken(task, '{"line": "' + "渡口的灯灭了江水涨到了第七级石阶" * 12))
        lines = looks(view, console)
    assert max(map(cell_len, lines)) <= 80
    assert "".join(line.strip() for line in lines).count("渡口的灯灭了江水涨到了第七级石阶") == 12


def test_a_low_terminal_gets_a_low_view() -> None:
    """The text gives way, so that the rest stays on the screen."""
    console = a_screen(80, height=12)
    with console.capture() as captured:
        console.print(Tail("\n".join(map(str, range(50)))))
    assert captured.get().split() == ["46", "47", "48", "49"]


def test_turns_stay_on_the_screen_and_the_view_goes(tmp_path: Path) -> None:
    """When the run is over, the log lines are left, one for each fresh turn."""
    with a_session(tmp_path) as session:
        console = a_screen(80)
        with LiveView(session, console) as view:
            for fresh in (False, True):
                turn = a_turn(a_task(1, role="editor"), TurnKind.REVIEW, body={"objections": 1})
                view.take(Turned(turn, fresh=fresh))
        assert isinstance(console.file, StringIO)
        written = console.file.getvalue()
    assert written.count("scene 1/2 editor review 1 objection") == 1
    assert written.rstrip().endswith(("\x1b[?25h", "\x1b[2K"))  # the cursor is back, the view is wiped


def test_a_model_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Escape sequences in what a model writes are shown as text, in both views."""
    body = {"objections": 0, "reason": "\x1b[2Jgone"}
    turn = a_turn(a_task(1, role="editor"), TurnKind.ACCEPTANCE, body=body)
    with a_session(tmp_path) as session:
        console = Console(file=StringIO(), width=80)
        with PlainView(session, console) as plain:
            plain.take(Turned(turn, fresh=True))
        assert isinstance(console.file, StringIO)
        assert "[2Jgone" in console.file.getvalue()
        assert "\x1b" not in console.file.getvalue()
        screen = a_screen(80)
        view = LiveView(session, screen)
        view.take(Began(turn.task))
        view.take(Spoken(turn.task, "\x1b[2Jgone"))
        assert "\x1b[2J" not in "".join(looks(view, screen))
