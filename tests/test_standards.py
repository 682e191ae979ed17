"""Standards & practices: off unless asked for; stereotypes, real persons, and language beyond the rating."""

from __future__ import annotations

from pathlib import Path

import pytest
from room_kit import EXAMPLES, a_series, draft, open_room

from storyroom.agents.standards import audience, findings
from storyroom.bible_file import load_bible
from storyroom.story.turn import TurnKind

BIBLES = {"en": EXAMPLES / "the-last-light", "zh": EXAMPLES / "the-long-river"}


def kinds(text: str, language: str, rating: str | None) -> set[str]:
    """Return what is found in a line of a series of that rating."""
    bible = load_bible(BIBLES[language]).model_copy(update={"rating": rating})
    return {kind for kind, _gravity, _says in findings(text, bible, language)}


@pytest.mark.parametrize(
    ("rating", "who"),
    [
        ("TV-G", "all"),
        ("PG", "all"),
        ("全年龄", "all"),
        ("7+", "all"),
        ("TV-14", "teen"),
        ("PG-13", "teen"),
        ("16+", "teen"),
        ("TV-MA", "mature"),
        ("18+", "mature"),
        ("R", "mature"),
        (None, "teen"),
        ("for the whole village", "teen"),
    ],
)
def test_a_rating_says_for_whom_a_series_is(rating: str | None, who: str):
    """In the words of several markets; what is not understood is taken for teenagers."""
    assert audience(rating) == who


@pytest.mark.parametrize(
    ("text", "language", "rating", "found"),
    [
        ("Get out of my fucking lamp room.", "en", "TV-14", {"rating"}),
        ("Get out of my fucking lamp room.", "en", "TV-MA", set()),
        ("Damn the ferry.", "en", "TV-G", {"rating"}),
        ("Damn the ferry.", "en", "TV-14", set()),
        ("The dam held.", "en", "TV-G", set()),
        ("All foreigners steal.", "en", None, {"stereotype"}),
        ("You women always cry.", "en", None, {"stereotype"}),
        ("Those women are waiting on the quay.", "en", None, set()),
        ("The women are waiting on the quay.", "en", None, set()),
        ("Ask the men to pull.", "en", None, set()),
        ("I saw it with Harold Winterbourne on the pier.", "en", None, {"person"}),
        ("I saw it with Mara on the Quay.", "en", None, set()),
        ("他妈的，船呢？", "zh", "16+", {"rating"}),
        ("他妈的，船呢？", "zh", "18+", set()),
        ("外地人都是骗子。", "zh", None, {"stereotype"}),
        ("来了几个外地人。", "zh", None, set()),
        ("昨天郑国栋主席来过渡口。", "zh", None, {"person"}),
        ("你先把脚挪开。", "zh", "全年龄", set()),
    ],
)
def test_what_words_alone_give_away(text: str, language: str, rating: str | None, found: set[str]):
    """Each kind is found where it is, in both languages, and not where it is not."""
    assert kinds(text, language, rating) == found


def test_it_takes_part_only_where_series_yaml_says_so(tmp_path: Path):
    """One line seats it; then it reviews every scene in the form of every other critic."""
    plain, strict = a_series(tmp_path / "a"), a_series(tmp_path / "b")
    bible = strict / "series.yaml"
    text = bible.read_text(encoding="utf-8")
    bible.write_text(text.replace("\nroom:\n", "\nroom:\n  standards: true\n"), encoding="utf-8")
    with open_room(plain) as room:
        assert "standards" not in {turn.role for turn in draft(room).turns}
    with open_room(strict) as room:
        session = draft(room)
        reviews = [t for t in session.turns if (t.role, t.kind) == ("standards", TurnKind.REVIEW)]
        assert {turn.scene for turn in reviews} == {1, 2}
        objections = [t for t in session.turns if (t.role, t.kind) == ("standards", TurnKind.OBJECTION)]
        assert objections
        assert {turn.body["kind"] for turn in objections} <= {"stereotype", "person", "rating"}
