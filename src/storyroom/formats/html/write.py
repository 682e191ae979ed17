"""Write a script as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator

from storyroom.formats.flow import Block, Paragraph, flow
from storyroom.formats.html.blocks import Blocks
from storyroom.formats.html.markup import attributes, element, plain_text, style_policy
from storyroom.formats.html.style import style_sheet
from storyroom.formats.html.title import title_page
from storyroom.formats.html.words import words_in
from storyroom.formats.language import language
from storyroom.formats.pages import PageOptions, sheet_for
from storyroom.formats.printed import plain_of
from storyroom.formats.titles import authors, document_title
from storyroom.story.script import Kind, Script


def write(script: Script, options: PageOptions | None = None) -> str:
    """Write a script as a page that stands alone.

    Notes, boneyards and synopses are left out; sections appear in the list of scenes only, unless they are
    the titles of a teleplay's acts. The same script and options give the same text.

    Args:
        script: the script; whatever stands in it is shown as text, never taken for HTML.
        options: paper to print on, scene numbers, teleplay, revised elements.
    """
    options = options or PageOptions()
    tag = language(script)
    style = style_sheet(sheet_for(script, options), options)
    blocks = list(flow(script, options))
    head = "\n".join(_head(script, tag, style))
    body = "\n".join(part for part in _body(script, blocks, options, tag) if part)
    return (
        f"<!DOCTYPE html>\n<html{attributes(lang=tag)}>\n<head>\n{head}\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _head(script: Script, tag: str, style: str) -> Iterator[str]:
    yield '<meta charset="utf-8">'
    yield style_policy(style)
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    if names := authors(script):
        yield f"<meta{attributes(name='author', content=names)}>"
    yield element("title", plain_text(document_title(script)) or words_in(tag).untitled)
    yield f"<style>{style}</style>"


def _body(script: Script, blocks: list[Block], options: PageOptions, tag: str) -> Iterator[str]:
    words = words_in(tag)
    yield element("a", words.skip, class_="skip", href="#script")
    yield title_page(script)
    yield _contents(blocks, tag)
    double = "double" if options.teleplay == "half_hour" else None
    yield f"<main{attributes(id='script', class_=double)}>"
    yield from Blocks(tag, sheet_for(script, options), options).written(blocks)
    yield "</main>"


def _contents(blocks: list[Block], tag: str) -> str:
    """Return the list of scenes, with the acts and sections between them; empty without scenes."""
    items: list[str] = []
    scene = 0
    for block in blocks:
        if not isinstance(block, Paragraph):
            continue
        kind = block.element.kind
        scene += kind is Kind.SCENE_HEADING
        text = plain_text(plain_of(block.element))
        if text and kind is Kind.SCENE_HEADING:
            number = f"{block.number} " if block.number else ""
            items.append(element("li", element("a", plain_text(number) + text, href=f"#scene-{scene}")))
        elif text and (kind is Kind.SECTION or block.act == "title"):
            items.append(element("li", text, class_="part"))
    if not scene:
        return ""
    summary = element("summary", words_in(tag).scenes)
    return (
        f"<nav{attributes(class_='scenes', aria_label=words_in(tag).scenes)}>"
        f"<details>{summary}\n<ol>\n{chr(10).join(items)}\n</ol></details></nav>"
    )
