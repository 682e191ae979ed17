"""The emotion head on lines it has never seen: F1 beside baselines, confusion, calibration, speed, memory.

    python benchmarks/emotion/run.py            needs: pip install -e ".[dev,bench]"
    python benchmarks/emotion/run.py --speed    speed and memory alone

The lines are synthetic, written for this project and labelled by one annotator: the numbers say how the head
does on lines like these, and rank it among the baselines. What learns has learnt from the same parts as the
head: training and development. Intervals are of 95 %, from resampling whole scripts. The picture goes to
docs/images/emotion-confusion.svg and .png.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_kit import machine, median, table
from confusion import draw_confusion
from lines import Labelled, read_lines, texts

from storyroom.emotion.feeling import EMOTIONS, Feeling
from storyroom.emotion.head import SHIPPED
from storyroom.emotion.source import score

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "emotion-confusion.svg"
_RESAMPLES = 2000
_MARKS = ("!", "?", "…", "...", ",", ".", ";", "-", "—", '"', "，", "。", "！", "？", "、", "：", ":", "“")
_IN_A_PROCESS = """
import psutil, sys, time
began = time.perf_counter()
import storyroom.emotion
imported = time.perf_counter() - began
storyroom.emotion.score(["Who is there?"])
ready = time.perf_counter() - began
held = psutil.Process().memory_info().rss / 2**20
storyroom.emotion.score(sys.stdin.read().splitlines())
print(imported, ready, held, psutil.Process().memory_info().rss / 2**20)
"""


def main() -> None:
    """Measure everything and print it as tables."""
    print(machine())
    if "--speed" not in sys.argv:
        seen, test = read_lines("training", "development"), read_lines("test")
        felt = score(texts(test))
        print(f"{len(seen):,} lines learnt from, {len(test):,} tested on, synthetic; head {_size():,} bytes")
        said = {name: make(seen, test) for name, make in BASELINES.items()}
        said["the shipped head"] = np.array([EMOTIONS.index(one.label) for one in felt])
        show_scores(test, said)
        show_labels(test, said["the shipped head"])
        show_strengths(test, felt)
        show_calibration(test, felt)
        counts = {
            name: confusion(keep(test, language), said["the shipped head"][mask(test, language)])
            for name, language in (("English", "en"), ("中文", "zh"))
        }
        draw_confusion(counts, PICTURE)
        print(f"\n{PICTURE.name} and .png are drawn anew")
    show_speed()


def show_scores(test: Sequence[Labelled], said: dict[str, Any]) -> None:
    """Macro and weighted F1 of each contender, with intervals."""
    for title, language in (("English and Chinese", ""), ("English", "en"), ("Chinese", "zh")):
        lines = keep(test, language)
        rows = []
        for name, labels in said.items():
            found = labels[mask(test, language)]
            rows.append([name, *(_with_interval(lines, found, of) for of in (macro_f1, weighted_f1))])
        scripts = len({line.script for line in lines})
        table(f"{title}: {len(lines)} lines of {scripts} scripts", ["", "macro-F1", "weighted F1"], rows)
        ours, other = (
            said[name][mask(test, language)] for name in ("the shipped head", "tf-idf of characters")
        )
        print(f"the shipped head leads tf-idf by {_lead(lines, ours, other)} macro-F1 on the same resamples")


def show_labels(test: Sequence[Labelled], said: Any) -> None:
    """Precision and recall of each label."""
    rows: list[list[object]] = []
    counts = {
        language: confusion(keep(test, language), said[mask(test, language)]) for language in ("en", "zh")
    }
    for place, label in enumerate(EMOTIONS):
        cells = []
        for of in counts.values():
            precision = of[place, place] / max(1, of[:, place].sum())
            recall = of[place, place] / max(1, of[place].sum())
            cells += [f"{precision:.2f}", f"{recall:.2f}"]
        rows.append([label, *cells])
    table("the shipped head by label", ["", "en precision", "recall", "zh precision", "recall"], rows)


def show_strengths(test: Sequence[Labelled], felt: Sequence[Feeling]) -> None:
    """How near intensity and valence come."""
    rows = []
    for name, of in (("intensity", lambda one: one.intensity), ("valence", lambda one: one.valence)):
        cells: list[object] = [name]
        for language in ("en", "zh"):
            wanted = np.array([of(line) for line in keep(test, language)])
            found = np.array([of(one) for one in felt])[mask(test, language)]
            cells += [f"{np.corrcoef(wanted, found)[0, 1]:.2f}", f"{np.abs(wanted - found).mean():.2f}"]
        rows.append(cells)
    table("strength and valence", ["", "en r", "mean error", "zh r", "mean error"], rows)


def show_calibration(test: Sequence[Labelled], felt: Sequence[Feeling]) -> None:
    """Whether lines of confidence 0.8 are right eight times in ten."""
    right = np.array([one.label == line.emotion for one, line in zip(felt, test, strict=True)])
    sure = np.array([one.confidence for one in felt])
    language = np.array([line.language for line in test])
    rows, gap = [], 0.0
    for low in np.arange(0.2, 1.0, 0.1):
        here = (sure >= low) & (sure < low + 0.1 + 1e-9 * (low > 0.85))
        if here.any():
            gap += here.sum() / len(test) * abs(sure[here].mean() - right[here].mean())
            by = [here & (language == one) for one in ("en", "zh")]
            rows.append(
                [
                    f"{low:.1f}-{low + 0.1:.1f}",
                    int(here.sum()),
                    f"{sure[here].mean():.2f}",
                    f"{right[here].mean():.2f}",
                    *(f"{right[one].mean():.2f} of {one.sum()}" if one.any() else "-" for one in by),
                ]
            )
    table("calibration", ["confidence", "lines", "mean", "right", "right en", "right zh"], rows)
    print(f"expected calibration error {gap:.3f}")
    print(f"right {right.mean():.3f}, mean confidence {sure.mean():.3f}")


def show_speed() -> None:
    """Time and memory; what is imported and held, in a process of its own."""
    lines = texts(read_lines("training", "development", "test"))
    many = [f"{line} {n}" for n in range(3) for line in lines][:10_000]  # no two are equal
    ran = subprocess.run(
        [sys.executable, "-c", _IN_A_PROCESS],
        input="\n".join(many),
        capture_output=True,
        text=True,
        check=True,
    )
    imported, ready, held, grown = map(float, ran.stdout.split())
    score(lines[:1])
    single = []
    for line in lines[1:300]:
        began = time.perf_counter()
        score([line])
        single.append((time.perf_counter() - began) * 1000)
    began, used = time.perf_counter(), time.process_time()
    score(many)
    whole, used = time.perf_counter() - began, time.process_time() - used
    table(
        "speed and memory",
        ["", "measured"],
        [
            ["import of storyroom.emotion", f"{imported:.2f} s"],
            ["… and the first line scored", f"{ready:.2f} s"],
            ["10,000 different lines, half of them Chinese", f"{whole:.1f} s"],
            ["… of processor time, shared by two cores", f"{used:.1f} s"],
            ["one line, median of 299", f"{median(single):.1f} ms"],
            ["memory with the head and the encoder loaded", f"{held:.0f} MB"],
            ["… after 10,000 lines", f"{grown:.0f} MB"],
        ],
    )


def majority(seen: Sequence[Labelled], test: Sequence[Labelled]) -> Any:
    """Say the most frequent label of the lines learnt from."""
    return np.full(len(test), np.bincount(_labels(seen)).argmax())


def punctuation(seen: Sequence[Labelled], test: Sequence[Labelled]) -> Any:
    """Learn from counts of punctuation marks and the length alone."""
    return _learnt(
        *(
            [[*(line.text.count(m) for m in _MARKS), len(line.text) / 20] for line in part]
            for part in (seen, test)
        ),
        seen,
    )


def vader(seen: Sequence[Labelled], test: Sequence[Labelled]) -> Any:
    """Learn from the four scores of VADER (Hutto & Gilbert, ICWSM 2014), which reads English."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    return _learnt(
        *([list(judge.polarity_scores(line.text).values()) for line in part] for part in (seen, test)), seen
    )


def tfidf(seen: Sequence[Labelled], test: Sequence[Labelled]) -> Any:
    """Learn from tf-idf of runs of one to four characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    weigh = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    return _learnt(weigh.fit_transform(texts(seen)), weigh.transform(texts(test)), seen, c=3.0)


BASELINES: dict[str, Callable[[Sequence[Labelled], Sequence[Labelled]], Any]] = {
    "majority": majority,
    "punctuation and length": punctuation,
    "VADER": vader,
    "tf-idf of characters": tfidf,
}


def _learnt(given: Any, asked: Any, seen: Sequence[Labelled], c: float = 1.0) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=c, max_iter=3000).fit(given, _labels(seen)).predict(asked)


def _labels(lines: Sequence[Labelled]) -> Any:
    return np.array([EMOTIONS.index(line.emotion) for line in lines])


def keep(test: Sequence[Labelled], language: str) -> list[Labelled]:
    """Return the lines of a language, or all."""
    return [line for line in test if language in ("", line.language)]


def mask(test: Sequence[Labelled], language: str) -> Any:
    """Return which lines are of a language, or all."""
    return np.array([language in ("", line.language) for line in test])


def confusion(lines: Sequence[Labelled], said: Any) -> Any:
    """Return how often each label (row) was called each (column)."""
    counts = np.zeros((len(EMOTIONS), len(EMOTIONS)), dtype=int)
    np.add.at(counts, (_labels(lines), said), 1)
    return counts


def _f1(counts: Any) -> Any:
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    return 2 * hits / np.maximum(1, counts.sum(axis=-1) + counts.sum(axis=-2))


def macro_f1(counts: Any) -> Any:
    """Return the mean F1 over labels."""
    return _f1(counts).mean(axis=-1)


def weighted_f1(counts: Any) -> Any:
    """Return the mean F1 over labels, weighted by how many lines each has."""
    sizes = counts.sum(axis=-1)
    return (_f1(counts) * sizes).sum(axis=-1) / sizes.sum(axis=-1)


def _with_interval(lines: Sequence[Labelled], said: Any, of: Callable[[Any], Any]) -> str:
    counts, drawn = _by_script(lines, said), _resampled(lines)
    low, high = np.percentile(of(counts[drawn].sum(axis=1)), (2.5, 97.5))
    return f"{of(counts.sum(axis=0)):.3f} [{low:.3f}, {high:.3f}]"


def _lead(lines: Sequence[Labelled], ours: Any, other: Any) -> str:
    a, b, drawn = _by_script(lines, ours), _by_script(lines, other), _resampled(lines)
    low, high = np.percentile(macro_f1(a[drawn].sum(axis=1)) - macro_f1(b[drawn].sum(axis=1)), (2.5, 97.5))
    return f"{macro_f1(a.sum(axis=0)) - macro_f1(b.sum(axis=0)):+.3f} [{low:+.3f}, {high:+.3f}]"


def _by_script(lines: Sequence[Labelled], said: Any) -> Any:
    """Return a confusion matrix for each script."""
    scripts = np.array([line.script for line in lines])
    each = []
    for script in dict.fromkeys(scripts):
        here = scripts == script
        each.append(confusion([line for line, is_in in zip(lines, here, strict=True) if is_in], said[here]))
    return np.array(each)


def _resampled(lines: Sequence[Labelled]) -> Any:
    """Return which scripts stand in each of the resamples, the same ones every time."""
    scripts = len({line.script for line in lines})
    return np.random.default_rng(1).integers(scripts, size=(_RESAMPLES, scripts))


def _size() -> int:
    return SHIPPED.stat().st_size


if __name__ == "__main__":
    main()
