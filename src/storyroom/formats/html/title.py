"""The title page as the header of the page."""

from __future__ import annotations

from collections.abc import Iterator

from storyroom.formats.html.markup import element, styled_text
from storyroom.formats.printed import runs_of
from storyroom.formats.titles import Place, place_of
from storyroom.story.script import Script


def title_page(script: Script) -> str:
    """Return the title page; empty if there is none, or nothing on it."""
    entries = [(place_of(key), html) for key, values in script.title_page.entries if (html := _lines(values))]
    title = "<br>".join(html for place, html in entries if place == "title")
    parts = [element("h1", title)] if title else []
    parts += [element("p", html) for place, html in entries if place == "middle"]
    foot = "".join(_corner(entries, "left")) + "".join(_corner(entries, "right"))
    if foot:
        parts.append(element("div", foot, class_="foot"))
    return element("header", "\n".join(parts), class_="title-page") if parts else ""


def _corner(entries: list[tuple[Place, str]], side: Place) -> Iterator[str]:
    lines = [html for place, html in entries if place == side]
    if lines:
        yield element("p", "<br>".join(lines), class_=side)


def _lines(values: tuple[str, ...]) -> str:
    lines = (styled_text(runs_of(value)) for value in values)
    return "<br>".join(line for line in lines if line)
