"""What the documents say about the code is so."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from storyroom.cli.main import app
from storyroom.graphs.build import build_graph

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/continuity.md",
    "docs/emotions.md",
    "docs/formats.md",
    "docs/models.md",
    "docs/retrieval.md",
    "docs/the-room-argues.md",
    "docs/tools-polish-voice.md",
    "docs/tools.md",
    "examples/README.md",
]


def text_of(name: str) -> str:
    """Return a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_drawn_graph_is_the_graph() -> None:
    """The architecture's diagram has the graph's nodes and edges, and its table explains every node."""
    page = text_of("docs/architecture.md")
    drawn = set()
    for source, targets in re.findall(r"^ {4}(\w+) -->(?:\|.*\|)? (\w+(?: & \w+)*)", page, re.MULTILINE):
        drawn |= {(source, target) for target in targets.split(" & ")}
    graph = build_graph().compile().get_graph()
    built = {(edge.source, edge.target) for edge in graph.edges if edge.source != "__start__"}
    assert drawn == {(source, {"__end__": "done"}.get(target, target)) for source, target in built}
    explained = set(re.findall(r"^\| `(\w+)` \| `\w+\.py`", page, re.MULTILINE))
    nodes = {name for name in build_graph().nodes if not name.startswith("gate_")}
    assert explained == nodes


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link and image of a document is a file of the project."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text_of(name))
    paths = [one or other for one, other in links if not (one or other).startswith("http")]
    assert [path for path in paths if not (ROOT / name).parent.joinpath(path).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_exist(name: str) -> None:
    """Every `storyroom …` command of a document is one, with options that it has."""
    lines = re.findall(r"^(?:    |\$ )(?:\$ )?(?:\.venv/bin/)?(storyroom .*)$", text_of(name), re.MULTILINE)
    lines += re.findall(r"`(storyroom [a-z][^`]*)`", text_of(name))
    root = get_command(app)
    for line in lines:
        words = shlex.split(line.replace("…", ""), comments=True)[1:]
        command, path = root, ["storyroom"]
        while words and hasattr(command, "commands"):
            word = words.pop(0)
            assert word in command.commands, f"{line}: {' '.join(path)} has no {word}"
            command, path = command.commands[word], [*path, word]
        options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        unknown = [word for word in words if word.startswith("-") and word != "-" and word not in options]
        assert not unknown, f"{line}: {' '.join(path)} has no {unknown}"
