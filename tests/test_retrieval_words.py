import math

import pytest

from storyroom.memory.lexical import Lexicon, tokenize


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Lamps, the boxes!", ["lamp", "boxe"]),
        ("Mara’s stories", ["mara", "story"]),
        ("glass bus keys", ["glass", "bus", "key"]),
        ("don't _stop_ *now*", ["don't", "stop", "now"]),
        ("灯塔守", ["灯", "塔", "守", "灯塔", "塔守"]),
        ("雨", ["雨"]),
        ("Mara在灯塔", ["mara", "灯", "塔", "在灯", "灯塔"]),
        ("ＦＢＩ探员 42号", ["fbi", "探", "员", "探员", "42", "号"]),
        ("", []),
        ("……！？", []),
    ],
)
def test_terms(text: str, terms: list[str]):
    """Words in singular and lower case; Chinese as characters and pairs; function words fall away."""
    assert tokenize(text) == terms


def lexicon(*texts: str) -> Lexicon:
    """Return a lexicon of these texts, in slots from 0."""
    words = Lexicon()
    for text in texts:
        words.add(text)
    return words


def test_scores_are_those_of_bm25():
    """Worked out by hand: k1 = 1.5, b = 0.75, idf = ln(1 + (N - n + 0.5) / (n + 0.5))."""
    (match,) = lexicon("lamp rope", "storm storm boat sea").search("storm", [0, 1], 5)
    assert match.slot == 1
    assert match.score == pytest.approx(math.log(2) * 2 / (2 + 1.5 * (0.25 + 0.75 * 4 / 3)))


def test_scores_agree_with_a_library():
    """Over mixed texts, they are those of bm25s, method "lucene"."""
    bm25s = pytest.importorskip("bm25s")
    texts = [
        "the lamp and the storm",
        "storm at sea, storm on land",
        "灯塔的灯灭了",
        "Mara 守着灯塔 lamp",
        "rope",
    ]
    library = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    library.index([tokenize(text) for text in texts], show_progress=False)
    for query in ("storm lamp", "灯塔 storm", "rope rope lamp"):
        expected = library.get_scores(tokenize(query))
        scores = {m.slot: m.score for m in lexicon(*texts).search(query, range(5), 5)}
        assert [scores.get(n, 0.0) for n in range(5)] == pytest.approx(list(expected), abs=1e-5)


def test_only_admitted_texts_count():
    """What is not admitted is neither found nor does it make a word common."""
    words = lexicon("lamp", "lamp lamp lamp", "rope", "lamp sea")
    alone = lexicon("lamp", "rope")
    assert words.search("lamp", [0, 2], 5)[0].score == alone.search("lamp", [0, 1], 5)[0].score
    assert [match.slot for match in words.search("lamp", [0, 2], 5)] == [0]
    assert words.search("lamp", [], 5) == []


def test_matched_words_are_told():
    """The weightiest first; single characters only where no matched pair shows them."""
    words = lexicon("灯塔在暴风雨里", "灯塔", "雨 storm lamps", "lamps")
    assert words.search("灯塔", [0, 1, 2, 3], 5)[0].words == ("灯塔",)
    assert words.search("lamp storm 雨", [0, 1, 2, 3], 1)[0].words == ("storm", "lamp", "雨")


def test_limit_keeps_the_best():
    """The best come first, and no more than asked for."""
    words = lexicon("storm " + "sea " * 9, "storm", "storm storm", "rope")
    assert [match.slot for match in words.search("storm", range(4), 2)] == [2, 1]
