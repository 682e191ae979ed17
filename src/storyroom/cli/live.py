"""Watching a run: a live view on a terminal, plain log lines everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Protocol

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from storyroom.agents.events import Event, Turned
from storyroom.cli.output import clean, stderr
from storyroom.cli.progress import Progress
from storyroom.cli.readable import readable
from storyroom.cli.words import duration, place, purpose, role_name, shortened, summary, who
from storyroom.memory.ledger import Ledger
from storyroom.session import Session
from storyroom.story.draft import SceneDraft
from storyroom.story.turn import Turn

_MOST_LINES = 12
# The rule, the three lines about the run, and some of what was said before.
_LINES_AROUND = 8
_BAR = 24
_REFRESHES = 4


class View(Protocol):
    """Shows a run while it goes on; used in a `with` block."""

    def __enter__(self) -> View: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def take(self, event: Event) -> None:
        """Show what happened."""
        ...

    def say(self, text: str) -> None:
        """Say something to the human without disturbing the view."""
        ...


def view_of(session: Session, *, plain: bool = False) -> View:
    """Return a view of a session's run: live where there is a terminal that can show it."""
    console = stderr()
    able = console.is_terminal and not console.is_dumb_terminal and not console.no_color
    return LiveView(session, console) if able and not plain else PlainView(session, console)


class PlainView:
    """One log line for each turn: `12:01:07 scene 2/4 dialogue_writer draft 214 words`."""

    def __init__(self, session: Session, console: Console) -> None:
        self._console = console
        self._scenes = session.order.scenes
        self._words_of = partial(words_of, session.ledger)

    def __enter__(self) -> PlainView:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def take(self, event: Event) -> None:
        """Write a line if a turn was recorded."""
        if isinstance(event, Turned) and event.fresh:
            self.say(log_line(event.turn, self._scenes, self._words_of))

    def say(self, text: str) -> None:
        """Write a line."""
        self._console.print(Text(clean(text)), soft_wrap=True)


class LiveView:
    """Turns scroll by; below them stands who works to what end, and the text as it comes."""

    def __init__(self, session: Session, console: Console) -> None:
        self._console = console
        self._session = session
        self._progress = Progress(session.order.scenes, done=set(session.approved))
        self._words_of = partial(words_of, session.ledger)
        self._live = Live(
            console=console,
            get_renderable=self._shown,
            refresh_per_second=_REFRESHES,
            transient=True,
            vertical_overflow="crop",
        )

    def __enter__(self) -> LiveView:
        self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def take(self, event: Event) -> None:
        """Take in what happened; a recorded turn stays on the screen."""
        self._progress.take(event)
        if isinstance(event, Turned) and event.fresh:
            line = log_line(event.turn, self._session.order.scenes, self._words_of)
            self._console.print(Text(line, style="dim"), no_wrap=True, overflow="ellipsis")

    def say(self, text: str) -> None:
        """Say something above the view."""
        self._console.print(Text(clean(text), style="yellow"))

    def _shown(self) -> RenderableType:
        progress, session = self._progress, self._session
        name = f"{session.bible.title} · episode {session.order.episode} · {session.id}"
        parts: list[RenderableType] = [Rule(Text(clean(name)), align="left", style="dim")]
        if progress.task is not None:
            told = Text(place(progress.task, progress.scenes), style="bold")
            told.append(f"  {role_name(progress.task.role)} {purpose(progress.task)}", style="not bold cyan")
            if progress.attempt > 1:
                told.append(f", attempt {progress.attempt}", style="yellow")
            if progress.broken:
                told.append(", asked again: the answer broke off", style="yellow")
            parts.append(told)
        parts.append(Padding(Tail(clean(readable(progress.text))), (0, 0, 0, 2)))
        parts.append(_numbers(progress))
        return Group(*parts)


class Tail:
    """The last lines of a text, folded to the width there is; always of the same height."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = max(3, min(_MOST_LINES, console.height - _LINES_AROUND))
        lines = list(Text(self._text.rstrip("\n")).wrap(console, options.max_width))[-height:]
        lines += [Text("")] * (height - len(lines))
        yield from lines


def log_line(turn: Turn, scenes: int, words_of: Callable[[str], int]) -> str:
    """Return a turn as a line of a log."""
    time = datetime.now().strftime("%H:%M:%S")
    said = shortened(summary(turn, words_of))
    return clean(f"{time} {place(turn.task, scenes)} {who(turn)} {turn.kind} {said}").rstrip()


def words_of(ledger: Ledger, draft_id: str) -> int:
    """Return how many words the draft of a scene has."""
    return ledger.drafts.get(draft_id, SceneDraft).scene.words


def _numbers(progress: Progress) -> RenderableType:
    """Two lines: how far the run is and how long it takes, and what the model does."""
    done, scenes = len(progress.done), progress.scenes
    full = round(_BAR * done / scenes)
    far = Text()
    far.append("━" * full, style="green").append("━" * (_BAR - full), style="dim")
    far.append(f" {done}/{scenes} scenes · {duration(progress.elapsed)}")
    if progress.remaining is not None:
        far.append(f" · about {duration(progress.remaining)} left")
    model = Text(style="dim")
    model.append(f"{progress.rate:.0f} tokens/s" if progress.rate else "reading the prompt")
    if progress.prompt_tokens:
        share = progress.cached_tokens / progress.prompt_tokens
        model.append(f" · read {progress.prompt_tokens:,} tokens, {share:.0%} from cache")
        model.append(f" · wrote {progress.new_tokens:,}")
    return Group(far, model)
