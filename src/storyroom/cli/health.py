"""`storyroom doctor`."""

from __future__ import annotations

from dataclasses import asdict

import typer

from storyroom.cli.options import AsJson, SeriesFolder
from storyroom.cli.output import show, show_json


def doctor(as_json: AsJson = False, series: SeriesFolder = None) -> None:
    """Say what is installed, which model there is, where data lies, what is wrong, and the fix."""
    from storyroom.cli.checks import run_checks

    checks = []
    for check in run_checks(series):
        checks.append(check)
        if not as_json:
            mark, style = ("ok   ", "") if check.ok else ("WRONG", "red")
            show(f"{mark} {check.name:15} {check.says}", style)
            if check.fix:
                show(f"{'':21} fix: {check.fix}")
    if as_json:
        show_json([asdict(check) for check in checks])
    if not all(check.ok for check in checks):
        raise typer.Exit(2)
