"""Findings as SARIF, which editors and code hosts read.

OASIS, Static Analysis Results Interchange Format (SARIF) version 2.1.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from storyroom.story.continuity import Finding, Line

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(checked: Sequence[tuple[str, Sequence[Finding]]]) -> dict[str, Any]:
    """Return a SARIF log with one run.

    Args:
        checked: files with what was found in them.
    """
    from importlib.metadata import version

    from storyroom.story.continuity import CERTAIN, KINDS

    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "storyroom",
                        "version": version("storyroom"),
                        "rules": [
                            {
                                "id": kind,
                                "shortDescription": {"text": kind.replace("_", " ")},
                                "defaultConfiguration": {"level": "error" if kind in CERTAIN else "warning"},
                            }
                            for kind in KINDS
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(name, one, KINDS.index(one.kind)) for name, found in checked for one in found
                ],
            }
        ],
    }


def _result(name: str, finding: Finding, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.kind,
        "ruleIndex": rule,
        "level": "error" if finding.certain else "warning",
        "message": {"text": f"{finding.says} {finding.hint}"},
        "locations": [_location(name, finding.here)],
        "properties": {"certain": finding.certain, "source": finding.source},
    }
    for key, value in (("fact", finding.fact), ("listed", finding.listed)):
        if value:
            result["properties"][key] = value
    if finding.against is not None:
        against = finding.against
        result["relatedLocations"] = [
            {"id": 1, **_location(name, against), "message": {"text": against.quote}}
        ]
    return result


def _location(name: str, line: Line) -> dict[str, Any]:
    """Return where a line is: in its file where it is of this script or the bible, or by its scene alone."""
    if line.file:
        region = {"startLine": line.line, "snippet": {"text": line.quote}}
        return {"physicalLocation": {"artifactLocation": {"uri": _uri(line.file)}, "region": region}}
    episode = f"episode {line.episode}, " if line.episode is not None else ""
    location: dict[str, Any] = {
        "logicalLocations": [{"name": f"{episode}scene {line.scene}", "kind": "scene"}]
    }
    if line.episode is None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(name)}}
        if line.line:
            physical["region"] = {"startLine": line.line, "snippet": {"text": line.quote}}
        location["physicalLocation"] = physical
    return location


def _uri(name: str) -> str:
    """Return the name of a file as a URI reference: relative where it is, else with its scheme."""
    path = PurePath(name)
    return path.as_uri() if path.is_absolute() else quote("stdin" if name == "-" else path.as_posix())
