"""Prompt templates: files under `en/` and `zh/`, rendered strictly.

A template is Jinja2. A variable that is missing is an error, never an empty text, and so is a template that
one of the languages lacks.
"""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

LANGUAGES = ("en", "zh")


@cache
def _environment(language: str) -> Environment:
    return Environment(
        loader=PackageLoader("storyroom.prompts", language),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def render(language: str, name: str, /, **variables: Any) -> str:
    """Render the template `name` of a language, or a template that is given as `Text`.

    Raises:
        jinja2.UndefinedError: the template uses a variable that was not given.
        jinja2.TemplateNotFound: there is no such template.
    """
    environment = _environment(language)
    own = isinstance(name, Text)
    template = environment.from_string(name) if own else environment.get_template(f"{name}.j2")
    return template.render(**variables)


class Text(str):
    """A template given as text, for roles that are not Storyroom's own."""

    __slots__ = ()


def names(language: str) -> list[str]:
    """Return the names of a language's templates."""
    return sorted(name.removesuffix(".j2") for name in _environment(language).list_templates(["j2"]))
