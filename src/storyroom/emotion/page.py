"""A report as one page of HTML that needs nothing else: pictures, tables, and every line one click away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from pathlib import Path

from storyroom.emotion.chart import as_svg
from storyroom.emotion.labels import feeling_words
from storyroom.emotion.mood import Mood
from storyroom.emotion.report import Felt, Report
from storyroom.emotion.wording import wording

_HERE = Path(__file__).parent
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def as_page(report: Report) -> str:
    """Return a report as a whole page, in the script's language. It works from disk, and by keyboard."""
    words = wording(report.language)
    title = _safe(report.title or words["untitled"])
    told = words["subtitle"].format(lines=len(report.lines), weak=report.weak, source=report.source)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{"zh-Hans" if report.language == "zh" else "en"}">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title} · {words['arc of episode']}</title>",
            f"<style>\n{_file('page.css')}</style></head>",
            f'<body><h1 class="unseen">{title}</h1>\n<p class="unseen">{_safe(told)}</p>',
            f'<p class="faint" id="help" hidden>{words["help"]}</p>',
            *_arc(report, words),
            *_scenes(report, words),
            *_characters(report, words),
            *_planned(report, words),
            *_lines(report, words),
            f"<script>\n{_file('page.js')}</script>\n</body></html>\n",
        ]
    )


def _arc(report: Report, words: Mapping[str, str]) -> Iterator[str]:
    yield (
        f'<div id="arc" tabindex="0" role="slider" aria-label="{words["arc of episode"]}" '
        f'aria-valuemin="1" aria-valuemax="{len(report.lines)}" aria-valuenow="1">'
    )
    yield as_svg(report)
    yield '<div id="cursor" hidden></div></div><p id="said"></p>'


def _scenes(report: Report, words: Mapping[str, str]) -> Iterator[str]:
    yield f"<h2>{words['scenes']}</h2>"
    yield from _table(
        [words["scene"], "", words["feeling"], words["valence"], words["strength"], words["lines"]],
        (
            [
                str(scene.number or "–"),
                f'<a href="#s{scene.number}">{_safe(scene.heading) or words["before"]}</a>',
                *_mood(scene.mood, words),
            ]
            for scene in report.scenes
        ),
        numbers=(0, 3, 4, 5),
    )


def _characters(report: Report, words: Mapping[str, str]) -> Iterator[str]:
    if not report.characters:
        return
    yield f"<h2>{words['characters']}</h2>"
    yield from _table(
        [
            words["character"],
            words["scenes"],
            words["feeling"],
            words["valence"],
            words["strength"],
            words["lines"],
        ],
        (
            [
                _safe(one.name),
                ", ".join(f'<a href="#s{number}">{number}</a>' for number in one.scenes),
                *_mood(one.mood, words),
            ]
            for one in report.characters
        ),
        numbers=(3, 4, 5),
    )


def _planned(report: Report, words: Mapping[str, str]) -> Iterator[str]:
    if not report.planned:
        return
    yield f"<h2>{words['planned']} · {words['measured']}</h2>"
    yield from _table(
        [words["scene"], words["character"], words["planned"], words["measured"], words["verdict"]],
        (
            [
                f'<a href="#s{one.scene}">{one.scene}</a>',
                _safe(one.character),
                words[one.planned],
                feeling_words(one.measured, words) if one.measured else "–",
                f'<span class="{one.verdict}">{words[one.verdict]}</span>',
            ]
            for one in report.planned
        ),
        numbers=(0,),
    )


def _lines(report: Report, words: Mapping[str, str]) -> Iterator[str]:
    speakers = dict.fromkeys(felt.line.character for felt in report.lines)
    yield f"<h2>{words['all lines']}</h2>"
    yield f'<form hidden><label>{words["show"]} <select id="who">'
    yield f'<option value="">{words["everybody"]}</option>'
    yield "".join(
        f'<option value="{_safe(name) or "-"}">{_safe(name) or words["action"]}</option>' for name in speakers
    )
    yield "</select></label></form>"
    scenes = {scene.number: scene for scene in report.scenes}
    acts = {act.line: act.title for act in report.acts}
    for number, group in groupby(report.lines, key=lambda felt: felt.line.scene):
        lines = list(group)
        if title := acts.get(lines[0].line.number):
            yield f"<h2>{_safe(title)}</h2>"
        heading = _safe(scenes[number].heading)
        yield f'<h3 id="s{number}">{number or ""} {heading or words["before"]}</h3>\n<ol class="lines">'
        yield from (_line(felt, words) for felt in lines)
        yield "</ol>"


def _line(felt: Felt, words: Mapping[str, str]) -> str:
    line, feeling = felt.line, felt.feeling
    who = line.character or words["action"]
    named = words[feeling.label] + ("?" if feeling.weak else "")
    said = words["line said"].format(
        number=line.number,
        scene=line.scene or "–",
        who=who,
        feeling=named,
        strength=f"{feeling.intensity:.2f}",
        valence=f"{feeling.valence:+.2f}",
    )
    doubt = f" · {words[feeling.doubt]}" if feeling.doubt else ""
    reason = f"<br>{_safe(feeling.reason)}" if feeling.reason else ""
    measured = f"{named} {feeling.confidence:.2f}{doubt}{reason}"
    return (
        f'<li id="l{line.number}" tabindex="-1" data-said="{_safe(said)}" data-scene="{line.scene}" '
        f'data-who="{_safe(line.character) or "-"}">'
        f'<span class="number">{line.number}</span>'
        f'<span class="{"who" if line.character else "action"}">{_safe(who)}</span>'
        f'<span class="text">{_safe(line.text)}</span>'
        f'<span class="{"weak" if feeling.weak else "sure"}">{measured}</span></li>'
    )


def _mood(mood: Mood | None, words: Mapping[str, str]) -> list[str]:
    if mood is None:
        return [words["no lines"], "", "", "0"]
    return [feeling_words(mood, words), f"{mood.valence:+.2f}", f"{mood.intensity:.2f}", str(mood.lines)]


def _table(head: list[str], rows: Iterable[list[str]], *, numbers: tuple[int, ...]) -> Iterator[str]:
    """Yield a table whose cells are HTML already; those in the columns `numbers` stand to the right."""

    def row(cells: list[str], tag: str) -> str:
        kinds = [' class="number"' if place in numbers else "" for place in range(len(cells))]
        return "".join(f"<{tag}{kind}>{cell}</{tag}>" for cell, kind in zip(cells, kinds, strict=True))

    yield '<div class="wide"><table>'
    yield f"<thead><tr>{row(head, 'th')}</tr></thead><tbody>"
    yield from (f"<tr>{row(cells, 'td')}</tr>" for cells in rows)
    yield "</tbody></table></div>"


def _safe(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
