"""`storyroom graph`."""

from __future__ import annotations

from storyroom.cli.output import show


def graph() -> None:
    """Draw the workflow, as Mermaid."""
    from storyroom.graphs.build import build_graph

    show(build_graph().compile().get_graph().draw_mermaid().rstrip())
