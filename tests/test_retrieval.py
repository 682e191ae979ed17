import math
import zlib
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from hash_embedder import HashEmbedder, chunk
from numpy.typing import NDArray

from storyroom.errors import InputError
from storyroom.memory.chunks import Chunk, tokens
from storyroom.memory.embeddings import MINILM, open_embedder
from storyroom.memory.index import Index
from storyroom.memory.retrieval import _LEARNED, Fusion, Hit, Query, Retriever


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Two episodes, a branch of the second, a bible, a scene in Chinese."""
    index = Index.open(tmp_path / "index", HashEmbedder())
    index.add(
        [
            chunk(
                "s1", "Mara lights the lamp.", episode=1, scene=1, characters=("Mara",), place="Lighthouse"
            ),
            chunk("s2", "Tom hides the radio.", episode=1, scene=2, characters=("Tom",), place="Pier"),
            chunk("s3", "The lamp dies in the storm.", episode=2, scene=1, characters=("Mara", "Tom")),
            chunk("s4", "A sibling branch breaks the lamp.", episode=2, scene=1, characters=("Mara",)),
            chunk("b1", "Mara\n\nKeeper of the lamp.", kind="character", characters=("Mara",)),
            chunk("z1", "马拉点亮了灯塔的灯。", episode=3, characters=("马拉",), place="灯塔", language="zh"),
        ]
    )
    return index


ALL = frozenset({"s1", "s2", "s3", "s4", "b1", "z1"})


def found(index: Index, text: str, **filters: object) -> list[str]:
    """Return the drafts that a search finds, the best first."""
    query = Query(text=text, **{"admitted": ALL, **filters})  # type: ignore[arg-type]
    return [hit.chunk.draft_id for hit in Retriever(index).search(query)]


def test_only_admitted_drafts_come(index: Index):
    """What the head does not name is never returned, however well it fits."""
    assert set(found(index, "lamp", admitted={"s1", "s2"})) == {"s1", "s2"}
    assert found(index, "lamp", admitted=set()) == []


def test_a_sibling_does_not_move_the_ranking(index: Index):
    """Scores and ranks of what is admitted are the same, whatever a sibling branch adds or loses."""
    query = Query(text="the lamp in the storm", admitted=ALL - {"s4"})
    retriever = Retriever(index)
    before = retriever.search(query)
    index.remove({"s4"})
    index.add([chunk("s5", "storm storm storm lamp " * 20)])
    assert retriever.search(query) == before


def test_filters(index: Index):
    """Episode, place, kind and character narrow the search; names match whatever their case and width."""
    assert set(found(index, "lamp", episodes={2})) == {"s3", "s4"}
    assert found(index, "lamp", place="LIGHTHOUSE") == ["s1"]
    assert found(index, "lamp", kinds={"character"}) == ["b1"]
    assert set(found(index, "lamp", characters=["Ｔｏｍ"])) == {"s2", "s3"}
    assert set(found(index, "lamp", characters=["tom", "马拉"])) == {"s2", "s3", "z1"}
    assert found(index, "灯", place="灯塔", episodes={3}) == ["z1"]
    assert found(index, "lamp", place="Nowhere") == []


def test_filters_come_before_ranking(tmp_path: Path):
    """One admitted chunk is found behind hundreds of better ones that are not."""
    index = Index.open(tmp_path / "many", HashEmbedder())
    index.add([chunk(f"x{n}", "storm storm") for n in range(300)])
    index.add([chunk("mine", "a storm at sea, with much else said about it")])
    (hit,) = Retriever(index).search(Query(text="storm", admitted={"mine"}, k=3))
    assert (hit.dense_rank, hit.lexical_rank) == (1, 1)


def test_a_hit_says_why(index: Index):
    """Both ranks and the words that matched, the rarest first."""
    hits = Retriever(index).search(Query(text="the lamp in a storm", admitted=ALL))
    assert hits[0].chunk.draft_id == "s3"
    assert hits[0].why == "dense #1, words #1: storm, lamp"
    tom = next(hit for hit in hits if hit.chunk.draft_id == "s2")
    assert tom.lexical_rank is None
    assert tom.why == f"dense #{tom.dense_rank}"


def test_both_scores_count_by_their_weight(index: Index):
    """Scaled to 0 … 1 among what is admitted: meaning by its weight, words by the rest."""

    def scores(dense: float) -> dict[str, float]:
        hits = Retriever(index, Fusion(dense, 1 - dense)).search(Query(text="lamp storm", admitted=ALL))
        return {hit.chunk.draft_id: hit.score for hit in hits}

    meaning, words, both = scores(1.0), scores(0.0), scores(0.25)
    for alone in (meaning, words):
        assert max(alone.values()) == 1
        assert min(alone.values()) == 0
    for draft, score in both.items():
        assert score == pytest.approx(0.25 * meaning[draft] + 0.75 * words[draft])


class Thesaurus(HashEmbedder):
    """Knows of each word which others mean the same."""

    def word_vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the same axis for words of one meaning, another for any other, nothing for no word."""
        same = {"vessel": "ship", "craft": "ship"}
        axes = [zlib.crc32(same.get(word, word).encode()) % 4096 for word in words]
        vectors = np.zeros((len(words), 4096), dtype=np.float32)
        for row, (word, axis) in enumerate(zip(words, axes, strict=True)):
            vectors[row, axis] = 1 if word else 0
        return vectors


def closely(tmp_path: Path, text: str, *chunks: Chunk) -> dict[str, Hit]:
    """Return what a search finds that only looks at words of like meaning and at their order."""
    index = Index.open(tmp_path / "close", Thesaurus())
    index.add(chunks)
    retriever = Retriever(index, Fusion(0.0, 0.0, 0.5, 0.5))
    hits = retriever.search(Query(text=text, admitted={one.draft_id for one in chunks}))
    return {hit.chunk.draft_id: hit for hit in hits}


def test_a_word_of_like_meaning_counts(tmp_path: Path):
    """A scene that says it in another word is found, and the hit tells how near all the words came."""
    found = closely(tmp_path, "vessel", chunk("a", "The ship leaves."), chunk("b", "The bread burns."))
    assert list(found) == ["a", "b"]
    assert found["a"].scores[2:] == (pytest.approx(1), 0)
    assert found["a"].why.endswith("; kindred words 1.00")
    assert found["b"].scores[2] == 0
    assert "kindred" not in found["b"].why


def test_a_rare_word_of_like_meaning_counts_more(tmp_path: Path):
    """Each word of the question weighs as much as it is rare among what is admitted."""
    texts = {"a": "craft", "b": "lamp", "c": "lamp rope", "d": "lamp sea"}
    found = closely(tmp_path, "vessel lamp", *(chunk(key, text) for key, text in texts.items()))
    rare, common = math.log(1 + 4.5 / 0.5), math.log(1 + 1.5 / 3.5)
    assert found["a"].scores[2] == pytest.approx(rare / (rare + common))
    assert found["b"].scores[2] == pytest.approx(common / (rare + common))


def test_words_in_the_order_of_the_question_count(tmp_path: Path):
    """Neighbours of the question count where one follows the other, at most one word between them."""
    texts = {
        "pair": "A brass key hangs there.",
        "apart": "A brass old key.",
        "far": "Brass on the left wall, far off the key.",
        "turned": "The key, brass.",
    }
    found = closely(tmp_path, "brass key", *(chunk(key, text) for key, text in texts.items()))
    assert {key: hit.scores[3] for key, hit in found.items()} == {
        "pair": 1,
        "apart": 1,
        "far": 0,
        "turned": 0,
    }
    assert found["pair"].why.endswith("; kindred words 1.00, word order 1.00")


def test_order_never_reaches_from_one_text_into_the_next(tmp_path: Path):
    """The last word of one text and the first of another do not stand together; nor in Chinese."""
    for text, first, second in [("brass key", "all brass", "key ring"), ("灯塔", "一盏灯", "塔楼")]:
        found = closely(tmp_path / text, text, chunk("a", first), chunk("b", second))
        assert {hit.scores[3] for hit in found.values()} == {0}
    assert closely(tmp_path / "whole", "灯塔", chunk("a", "灯塔灭了"))["a"].scores[3] == 1


@pytest.mark.parametrize("text", ["???", "the of and", "的了吗", "\ud800", "lamp " * 20_000, "nowhere said"])
def test_a_close_look_at_any_text(tmp_path: Path, text: str):
    """No usable word, one word ever again, unknown ones: scores between 0 and 1."""
    found = closely(tmp_path, text, chunk("a", "A lamp."), chunk("b", "……"))
    assert all(0 <= score <= 1 for hit in found.values() for score in hit.scores)


def test_the_score_is_what_was_fused(index: Index, tmp_path: Path):
    """The weights that go with an embedder, times the scores that the hit keeps; k changes neither."""
    for weights in _LEARNED.values():
        assert sum(astuple(weights)) == pytest.approx(1)
    wordwise = Index.open(tmp_path / "wordwise", Thesaurus())
    wordwise.add(index.rows().values())
    for one, fusion in ((index, Fusion(0.5, 0.5)), (wordwise, Fusion(0.3, 0.3, 0.2, 0.2))):
        hits = Retriever(one, fusion).search(Query(text="the lamp in a storm", admitted=ALL))
        for hit in hits:
            assert hit.score == pytest.approx(
                sum(w * s for w, s in zip(astuple(fusion), hit.scores, strict=True))
            )
        few = Retriever(one, fusion).search(Query(text="the lamp in a storm", admitted=ALL, k=2))
        assert few == hits[:2]


def test_weights_go_with_the_embedder():
    """Those that were learned for it; one that knows no words by themselves has the plain ones."""
    assert Fusion.learned(open_embedder(MINILM)).kindred > 0
    assert Fusion.learned(HashEmbedder()) == Fusion()


def test_a_sibling_does_not_move_a_close_look(tmp_path: Path):
    """Kindred words and order are weighed by what is admitted alone, whatever else lies in the index."""
    index = Index.open(tmp_path / "close", Thesaurus())
    index.add([chunk("a", "The brass key of the ship."), chunk("b", "A key. Some brass.")])
    retriever = Retriever(index, Fusion(0.25, 0.25, 0.25, 0.25))
    query = Query(text="brass key vessel", admitted={"a", "b"})
    before = retriever.search(query)
    index.add([chunk("sibling", "brass key brass vessel " * 9)])
    assert retriever.search(query) == before
    assert Retriever(index, Fusion(0.25, 0.25, 0.25, 0.25)).search(query) == before


def test_one_admitted_chunk_and_equal_ones_have_scores(tmp_path: Path):
    """Where scores do not differ there is nothing to scale by: no error, and no weight."""
    index = Index.open(tmp_path / "same", HashEmbedder())
    index.add([chunk("a", "lamp"), chunk("b", "lamp")])
    hits = Retriever(index).search(Query(text="lamp", admitted={"a", "b"}))
    assert [(hit.chunk.draft_id, hit.dense_rank, hit.lexical_rank) for hit in hits] == [
        ("a", 1, 1),
        ("b", 1, 1),
    ]
    (hit,) = Retriever(index).search(Query(text="nothing like it", admitted={"a"}))
    assert (hit.score, hit.lexical_rank) == (0, None)


def test_a_budget_of_tokens_is_kept(tmp_path: Path):
    """Chunks that no longer fit are passed over for shorter ones; a Chinese character is a token."""
    index = Index.open(tmp_path / "budget", HashEmbedder())
    index.add([chunk("long", "storm " * 40), chunk("short", "a storm"), chunk("zh", "暴风雨 storm", 1)])
    assert tokens("暴风雨") == 3
    assert tokens("storm " * 40) == 80

    def drafts(budget: int | None) -> set[str]:
        query = Query(text="storm", admitted={"long", "short", "zh"}, budget=budget)
        return {hit.chunk.draft_id for hit in Retriever(index).search(query)}

    assert drafts(None) == drafts(1000) == {"long", "short", "zh"}
    assert drafts(20) == {"short", "zh"}
    assert drafts(1) == set()
    with pytest.raises(InputError):
        drafts(0)


def test_k_bounds_what_comes(index: Index):
    """At most k hits; k outside 1 … 200 and a blank text are refused."""
    assert len(found(index, "lamp", k=2)) == 2
    for bad in (0, -1, 201):
        with pytest.raises(InputError):
            found(index, "lamp", k=bad)
    for blank in ("", "  \n", "\u3000"):
        with pytest.raises(InputError):
            found(index, blank)


@pytest.mark.parametrize(
    "text", ["???", "the of and", "的了吗", "\ud800", "x" * 100_000, "'; drop table --\x00"]
)
def test_any_text_is_a_query(index: Index, text: str):
    """Without one usable word there is still a ranking by meaning."""
    assert len(found(index, text)) == 6


def test_an_empty_index_finds_nothing(tmp_path: Path):
    """No rows, no hits, no error."""
    assert found(Index.open(tmp_path / "empty", HashEmbedder()), "lamp") == []


def test_the_retriever_follows_the_index(index: Index):
    """What is added, removed, put back or cleared between searches is taken in."""
    retriever = Retriever(index)
    query = Query(text="compass", admitted={"new"})
    new = chunk("new", "a brass compass")
    assert retriever.search(query) == []
    for _ in range(2):
        index.add([new])
        assert [hit.why for hit in retriever.search(query)] == ["dense #1, words #1: compass"]
        index.remove({"new"})
        assert retriever.search(query) == []
    index.add([chunk("new", "a broken compass")])
    assert [hit.chunk.text for hit in retriever.search(query)] == ["a broken compass"]
    index.clear()
    assert retriever.search(query) == []


def test_english_and_chinese_with_the_default_embedder(tmp_path: Path):
    """Asked in other words than the scene's, the scene comes first, in both languages."""
    index = Index.open(tmp_path / "real", open_embedder())
    index.add(
        [
            chunk("e1", "MARA\nThe beacon went dark an hour before the ship struck the rocks."),
            chunk("e2", "TOM\nI sold the boat. We needed the money for the hospital."),
            chunk("e3", "They share a cake in the kitchen and laugh about the wedding."),
            chunk("z1", "老师把考试卷发下来，全班都安静了。", language="zh"),
            chunk("z2", "林小雨在天台上承认，是她拿走了那把钥匙。", language="zh"),
            chunk("z3", "外面下着大雨，公交车迟迟没有来。", language="zh"),
        ]
    )
    retriever = Retriever(index)
    for text, expected in {
        "Why was the lighthouse not shining when the vessel crashed?": "e1",
        "paying the doctors by selling his fishing vessel": "e2",
        "谁偷了钥匙？": "z2",
        "学生们考试": "z1",
    }.items():
        same = {"e1", "e2", "e3"} if expected.startswith("e") else {"z1", "z2", "z3"}
        assert retriever.search(Query(text=text, admitted=same))[0].chunk.draft_id == expected, text
