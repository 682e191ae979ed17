"""For tests of continuity: small shows, and what a check finds in a few lines of Fountain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storyroom.formats.fountain import parse
from storyroom.story.canon import Canon, Fact, Moment
from storyroom.story.continuity import CastMember, Finding, FindingKind, Show, check
from storyroom.story.continuity.judging import Judge

CAST = {
    "en": (
        CastMember("MARA QUILL", ("MARA",), {"age": "34", "eyes": "brown"}),
        CastMember("TOBY QUILL", ("TOBY",), {"age": "12", "hair": "red"}),
        CastMember("SILAS PRYCE", ("SILAS", "THE KEEPER"), {"age": "60"}),
    ),
    "zh": (
        CastMember("林夏", ("夏夏",), {"age": "34", "eyes": "褐色"}),
        CastMember("林小树", ("小树",), {"age": "12", "hair": "黑色"}),
        CastMember("老秦", ("秦师傅",), {"age": "60"}),
    ),
}
PLACES = {"en": ("LIGHTHOUSE", "HARBOUR", "KITCHEN"), "zh": ("灯塔", "码头", "厨房")}


def a_show(language: str = "en", **more: Any) -> Show:
    """Return the show of the tests."""
    kept: dict[str, Any] = {
        "language": language,
        "episode": 3,
        "cast": CAST[language],
        "places": PLACES[language],
    }
    return Show(**{**kept, **more})


def a_fact(kind: str, subject: str, **more: Any) -> Fact:
    """Return an approved fact, of an earlier episode unless told otherwise."""
    kept: dict[str, Any] = {
        "kind": kind,
        "subject": subject,
        "says": "So it is.",
        "since": Moment(2, 1),
        "status": "approved",
    }
    return Fact(**{**kept, **more}).named()


def found(
    text: str,
    kind: FindingKind,
    *facts: Fact,
    show: Show | None = None,
    judge: Judge | None = None,
    earlier: Mapping[Moment, str] | None = None,
) -> list[Finding]:
    """Return what one check finds in a script."""
    language = "zh" if any("一" <= c <= "鿿" for c in text) else "en"
    before = [(at, tuple(parse(one).elements())) for at, one in (earlier or {}).items()]
    return check(
        parse(text), show or a_show(language), Canon.of(facts), kinds=[kind], judge=judge, earlier=before
    )


def lines(text: str, kind: FindingKind, *facts: Fact, **more: Any) -> list[str]:
    """Return the lines that one check finds wrong."""
    return [one.here.quote for one in found(text, kind, *facts, **more)]
