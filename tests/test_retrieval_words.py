import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from storyroom.memory.lexical import K1, B, Lexicon, tokenize, words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Lamps, the boxes!", ["lamp", "box"]),
        ("Mara’s stories", ["mara", "stori"]),
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
    """Words as stems in lower case; Chinese as characters and pairs; function words fall away."""
    assert tokenize(text) == terms


def test_words_are_the_terms_without_the_pairs():
    """Each word as it is written and as a term, in order."""
    assert words("Mara’s Lamps 在灯塔") == [("mara", "mara"), ("lamps", "lamp"), ("灯", "灯"), ("塔", "塔")]


def lexicon(*texts: str) -> Lexicon:
    """Return a lexicon of these texts, in slots from 0."""
    words = Lexicon()
    for text in texts:
        words.add(text)
    return words


def scores(words: Lexicon, query: str, admitted: list[int]) -> list[float]:
    """Return the scores of the texts in these slots."""
    found = words.search(query, np.array(admitted, dtype=np.intp))
    return [float(found.scores[slot]) for slot in admitted]


def test_scores_are_those_of_bm25():
    """Worked out by hand: k1 = 1.2, b = 0.4, idf = ln(1 + (N - n + 0.5) / (n + 0.5))."""
    none, some = scores(lexicon("lamp rope", "storm storm boat sea"), "storm", [0, 1])
    assert none == 0
    assert some == pytest.approx(math.log(2) * 2 / (2 + 1.2 * (0.6 + 0.4 * 4 / 3)))


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
    library = bm25s.BM25(method="lucene", k1=K1, b=B)
    library.index([tokenize(text) for text in texts], show_progress=False)
    for query in ("storm lamp", "灯塔 storm", "rope rope lamp"):
        expected = library.get_scores(tokenize(query))
        assert scores(lexicon(*texts), query, [0, 1, 2, 3, 4]) == pytest.approx(list(expected), abs=1e-5)


def test_only_admitted_texts_count():
    """What is not admitted has no score, nor does it make a word common or a text long."""
    words = lexicon("lamp", "lamp lamp lamp", "rope", "lamp sea")
    assert scores(words, "lamp", [0, 2]) == scores(lexicon("lamp", "rope"), "lamp", [0, 1])
    found = words.search("lamp", np.array([0, 2]))
    assert list(np.flatnonzero(found.scores)) == [0]
    assert not words.search("lamp", np.array([], dtype=np.intp)).scores.any()


def test_matched_words_are_told():
    """The weightiest first; single characters only where no matched pair shows them."""
    words = lexicon("灯塔在暴风雨里", "灯塔", "雨 storm lamps", "lamps")
    assert words.search("灯塔", np.arange(4)).words(1) == ("灯塔",)
    assert words.search("lamp storm 雨", np.arange(4)).words(2) == ("storm", "lamp", "雨")
    assert words.search("lamp", np.arange(4)).words(0) == ()


def test_stemming_from_several_threads():
    """Texts that are added at once in several threads have the words that they have alone."""
    texts = [f"running{n} walked{n} happily{n} relational{n}ing" for n in range(300)]
    alone = [tokenize(text.upper()) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tokenize, texts)) == alone
