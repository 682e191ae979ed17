"""What a check found, as people, programs and editors read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyroom.cli.output import clean, say, show
from storyroom.cli.places import STANDARD
from storyroom.cli.sarif import sarif
from storyroom.cli.words import count

if TYPE_CHECKING:
    from storyroom.story.continuity import Finding, Line

_WIDTH = 80


@dataclass(frozen=True)
class Checked:
    """A script and what was found in it.

    Attributes:
        name: of the file, as the user wrote it, or of the session.
        episode: the number that it was checked as; None without a series.
        session: whether it is a session's script, whose lines are numbered as it is exported.
    """

    name: str
    episode: int | None
    findings: tuple[Finding, ...]
    session: bool = False

    @property
    def file(self) -> str:
        """The name of the file: of a session's script, the one that it is exported to."""
        return f"s01e{self.episode:02d}-{self.name}.fountain" if self.session else self.name


def called(name: str) -> str:
    """Return what a file is called in what is said about it."""
    return "standard input" if name == str(STANDARD) else name


def show_findings(checked: Sequence[Checked]) -> None:
    """Show what was found: first what is certain, then what is likely, each with the lines it is about."""
    for one in checked:
        as_episode = f" (episode {one.episode})" if one.episode else ""
        for certain, title in ((True, "certain"), (False, "likely")):
            found = [finding for finding in one.findings if finding.certain is certain]
            if found:
                show(f"{called(one.name)}{as_episode}: {title}", "bold")
                for finding in found:
                    _show_one(finding)
                show("")
    every = [finding for one in checked for finding in one.findings]
    sure = sum(finding.certain for finding in every)
    if every:
        say(f"{sure} certain, {len(every) - sure} likely, in {count(len(checked), 'script')}.")
    else:
        say(f"Nothing found in {count(len(checked), 'script')}.")


def _show_one(finding: Finding) -> None:
    where = _where(finding.here)
    _fold(f"{where}  {finding.kind}", "  ", "yellow" if finding.certain else "cyan")
    _fold(finding.says, "    ")
    _fold(finding.here.quote, "    > ")
    if finding.against is not None:
        _fold(f"against {_where(finding.against)}", "    ", "dim")
        _fold(finding.against.quote, "    > ")
    elif finding.fact:
        _fold(f"against fact {finding.fact}", "    ", "dim")
    elif finding.listed:
        _fold(f"against the list: {finding.listed}", "    ", "dim")
    if not finding.certain:
        _fold(f"read by {finding.source}", "    ", "dim")
    _fold(finding.hint, "    ", "dim")


def _where(line: Line) -> str:
    if line.file:
        return f"{line.file}, line {line.line}"
    episode = f"episode {line.episode}, " if line.episode is not None else ""
    number = f", line {line.line}" if line.line else ""
    return f"{episode}scene {line.scene}{number}"


def _fold(text: str, indent: str, style: str = "") -> None:
    """Show a text in lines of at most 80 columns; a Chinese character takes two.

    Args:
        indent: what stands before the first line; the others begin below the text.
    """
    from rich.console import Console
    from rich.text import Text

    plain = Text(" ".join(clean(text).split()))
    for place, line in enumerate(plain.wrap(Console(width=_WIDTH), _WIDTH - len(indent))):
        show((" " * len(indent) if place else indent) + line.plain.rstrip(), style)


def _as_text(checked: Sequence[Checked]) -> str:
    """Return what was found as plain text, a line for each finding."""
    lines = []
    for one in checked:
        for finding in one.findings:
            sure = "certain" if finding.certain else "likely"
            place = f"{called(one.name)}:{finding.here.line or f'scene {finding.here.scene}'}"
            lines.append(f"{place}: {sure} {finding.kind}: {finding.says}")
    return "\n".join(lines)


def _as_json(checked: Sequence[Checked]) -> str:
    facts: list[dict[str, Any]] = [
        {
            "file": one.file,
            "session": one.name if one.session else None,
            "episode": one.episode,
            "findings": [finding.model_dump(mode="json") for finding in one.findings],
        }
        for one in checked
    ]
    return json.dumps(facts, ensure_ascii=False, indent=2)


def _as_sarif(checked: Sequence[Checked]) -> str:
    return json.dumps(sarif([(one.file, one.findings) for one in checked]), ensure_ascii=False, indent=2)


REPORTS: Mapping[str, Callable[[Sequence[Checked]], str]] = {
    "text": _as_text,
    "json": _as_json,
    "sarif": _as_sarif,
}
