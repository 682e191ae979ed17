"""Elements of HTML, with all text in them escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape

from storyroom.formats.fountain import Run
from storyroom.formats.printed import clean


def element(name: str, content: str, **values: str | None) -> str:
    """Return an element; its content is HTML already."""
    return f"<{name}{attributes(**values)}>{content}</{name}>"


def attributes(**values: str | None) -> str:
    """Return attributes with a space before each; those that are None are left out.

    >>> attributes(class_="cue", aria_label="a & b", lang=None)
    ' class="cue" aria-label="a &amp; b"'
    """
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{plain_text(value)}"'
        for name, value in values.items()
        if value is not None
    )


def style_policy(style: str) -> str:
    """Return the meta element of a content security policy that admits this style sheet and nothing else."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return f"<meta{attributes(http_equiv='Content-Security-Policy', content=policy)}>"


def plain_text(text: str) -> str:
    """Return a text as HTML that shows it, on one line."""
    return escape(" ".join(clean(text).split("\n")))


def styled_text(runs: Iterable[Run]) -> str:
    """Return runs as HTML that shows them."""
    return "".join(map(_styled, runs))


def _styled(run: Run) -> str:
    text = escape(run.text, quote=False).replace("\n", "<br>")
    for name, on in (("u", run.underline), ("em", run.italic), ("strong", run.bold)):
        if on:
            text = element(name, text)
    return text
