"""The direction of imports: a layer knows those below it, and nothing of those above."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {name: ROOT / name for name in ("agents", "graphs", "memory", "prompts")}
CORE = ROOT / "src" / "storyroom"

_WORK = {"story", "formats", "models", "memory", "emotion", "agents", "graphs", "files", "settings"}

# What each layer may import besides itself and the errors. `room` stands for the modules of the core folder
# itself: the public API and what it is made of.
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "settings": set(),
    "files": set(),
    "story": set(),
    "formats": {"story", "files"},
    "prompts": set(),
    "models": {"story", "settings", "files"},
    "memory": {"story", "formats", "files", "settings"},
    # A judge of feelings is a chat model with a prompt of its own.
    "emotion": {"story", "formats", "memory", "models", "prompts"},
    "agents": {"story", "formats", "models", "memory", "prompts", "emotion"},
    "graphs": {"story", "formats", "models", "memory", "emotion", "agents"},
    "room": _WORK,
    # A tool has prompts of its own and sets its own desk, so it stands beside the room.
    "tools": {*_WORK, "prompts", "room"},
    "cli": {*_WORK, "room", "tools"},
}
# LangGraph is the business of the graphs and of who runs them; the memory keeps its checkpoints.
LANGGRAPH = {"graphs", "room", "cli", "memory"}


def layer_of(module: str) -> str:
    """Return the layer of one of our modules, from its dotted name."""
    second = module.split(".")[1] if "." in module else "room"
    second = {"__main__": "cli"}.get(second, second)
    return second if second in BELOW else "room"


def modules() -> Iterator[tuple[str, Path]]:
    """Yield every module of the package by its dotted name."""
    links = {CORE / name for name in FOLDERS}
    roots = {"storyroom": CORE, **{f"storyroom.{name}": folder for name, folder in FOLDERS.items()}}
    for package, folder in roots.items():
        for path in folder.rglob("*.py"):
            if links.isdisjoint(path.parents):
                parts = path.relative_to(folder).with_suffix("").parts
                yield ".".join((package, *parts)).removesuffix(".__init__"), path


def imported(source: str, known: set[str]) -> set[str]:
    """Return the modules that a module imports anywhere, also inside functions and for types alone."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from storyroom import room` imports a module, `from storyroom.room import Room` does too.
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (whole & known) or {node.module}
    return found


MODULES = dict(modules())


def upward(module: str, source: str) -> list[str]:
    """Return what a module imports and its layer may not."""
    layer = layer_of(module)
    allowed = BELOW[layer] | {layer, "errors"}
    names = imported(source, set(MODULES))
    wrong = [name for name in names if name.split(".")[0] == "storyroom" and layer_of(name) not in allowed]
    if layer not in LANGGRAPH:
        wrong += [name for name in names if name.split(".")[0] == "langgraph"]
    return sorted(wrong)


def test_imports_run_one_way() -> None:
    """No module imports from a layer above its own."""
    found = {module: upward(module, path.read_text(encoding="utf-8")) for module, path in MODULES.items()}
    assert {module: wrong for module, wrong in found.items() if wrong} == {}
    assert {layer_of(module) for module in MODULES} == set(BELOW)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("storyroom.story.plan", "from storyroom.settings import settings"),
        ("storyroom.memory.ledger", "def f():\n    from storyroom.agents.desk import Desk"),
        ("storyroom.agents.editor", "from langgraph.types import interrupt"),
        ("storyroom.graphs.build", "import storyroom.prompts"),
        ("storyroom.graphs.build", "from storyroom import prompts"),
        ("storyroom.room", "from storyroom.cli import main"),
    ],
)
def test_an_import_against_the_direction_is_found(module: str, source: str) -> None:
    """The rule sees imports inside functions, of whole packages, and of LangGraph by an agent."""
    assert upward(module, source)
