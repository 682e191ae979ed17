"""JSON schemas that every runtime can turn into a grammar: of pydantic types, of scenes, of lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from storyroom.models.cues import Language, allowed_extensions, cue_text
from storyroom.story.script import Element, Kind
from storyroom.story.text import sentence_pattern

if TYPE_CHECKING:
    from pydantic import BaseModel

LONGEST_STRING = 240
LONGEST_ARRAY = 12

# Words for people and for validators; to a grammar they are noise, and some servers refuse them.
_DROPPED = frozenset({"title", "description", "default", "examples", "discriminator", "$defs", "format"})


def bounded_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a pydantic type with references put in place and every length bounded.

    All properties are required, in the order of their fields, and no others are allowed: a model then spends
    no token on deciding what to leave out. A string or list without bounds gets `LONGEST_STRING` characters
    or `LONGEST_ARRAY` items.

    Raises:
        ValueError: the type contains itself, so that no bounded schema of it exists.
    """
    schema = answer.model_json_schema()
    bounded: dict[str, Any] = _bounded(schema, schema.get("$defs", {}), ())
    return bounded


def scene_schema(
    speakers: Sequence[str],
    *,
    language: Language = "en",
    min_blocks: int = 4,
    max_blocks: int = 14,
    extensions: Sequence[str] | None = None,
    parentheticals: bool = True,
    dual: bool = True,
) -> dict[str, Any]:
    """Return the JSON schema of a scene, for servers that know no grammars.

    It admits what `scene_grammar` does, but bounds text in characters where that counts words, and leaves the
    order of action and speech open. The answer is `{"elements": [{"kind": "action", "text": …}, {"kind":
    "speech", "speaker": …, "extension": …, "parenthetical": …, "text": …}, …]}`; what is not wanted of
    extension and parenthetical is "". Two who speak at once are `{"kind": "dual", …, "beside": {…}}`, the
    second one's speech inside the first's. `scene_elements` turns it into elements. The arguments are those
    of `scene_grammar`.
    """
    kinds = [_closed_object(kind={"const": "action"}, text=_paragraph(Kind.ACTION, language))]
    if speakers:
        names = list(dict.fromkeys(name.strip() for name in speakers if cue_text(name)))
        said = _speech(language, allowed_extensions(language, extensions), parentheticals)
        if dual:
            kinds += _duals(names, said)
        kinds.append(_closed_object(kind={"const": "speech"}, speaker={"enum": names}, **said))
    elements = {
        "type": "array",
        "items": {"anyOf": kinds},
        "minItems": min_blocks,
        "maxItems": 2 * max_blocks,
    }
    return _closed_object(elements=elements)


def scene_elements(answer: str) -> list[Element]:
    """Return the elements of a scene that was answered under `scene_schema`.

    Raises:
        ValueError: the answer was cut off, or does not keep to the schema.
    """
    try:
        return [element for item in json.loads(answer)["elements"] for element in _elements(item)]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the answer is no scene: {error}") from error


def line_schema(kind: Kind, *, language: Language = "en") -> dict[str, Any]:
    """Return the JSON schema of one paragraph, `{"line": …}`: action, or what is said in a speech."""
    return _closed_object(line=_paragraph(kind, language))


def _speech(language: Language, extensions: Sequence[str], parentheticals: bool) -> dict[str, Any]:
    """Return the properties of a speech behind its speaker."""
    properties: dict[str, Any] = {}
    if extensions:
        properties["extension"] = {"enum": ["", *extensions]}
    if parentheticals:
        aside = "[a-z][a-z ,'-]{1,40}" if language == "en" else "[一-鿿]{1,10}"
        properties["parenthetical"] = {"type": "string", "pattern": f"^({aside})?$"}
    return {**properties, "text": _paragraph(Kind.DIALOGUE, language)}


def _duals(names: Sequence[str], said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield, for each who can speak first, the schema of their speech and of another's beside it."""
    for name in names:
        if others := [other for other in names if cue_text(other) != cue_text(name)]:
            beside = _closed_object(speaker={"enum": others}, **said)
            yield _closed_object(kind={"const": "dual"}, speaker={"const": name}, **said, beside=beside)


def _elements(item: dict[str, Any]) -> list[Element]:
    match item["kind"]:
        case "speech":
            return _spoken(item)
        case "dual":
            return [*_spoken(item), *_spoken(item["beside"], dual=True)]
    return [Element(kind=Kind.ACTION, text=item["text"])]


def _spoken(item: dict[str, Any], *, dual: bool = False) -> list[Element]:
    cue = Element(kind=Kind.CUE, text=item["speaker"], extension=item.get("extension") or None, dual=dual)
    aside = [Element(kind=Kind.PARENTHETICAL, text=text)] if (text := item.get("parenthetical")) else []
    return [cue, *aside, Element(kind=Kind.DIALOGUE, text=item["text"])]


def _paragraph(kind: Kind, language: Language) -> dict[str, Any]:
    low, high = (20, 320) if kind is Kind.ACTION else (2, 240)
    return {"type": "string", "pattern": sentence_pattern(low, high, language)}


def _bounded(node: Any, definitions: dict[str, Any], within: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_bounded(item, definitions, within) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        if name in within:
            raise ValueError(f"{name} contains itself; an answer of a model must have an end")
        return _bounded(deepcopy(definitions[name]), definitions, (*within, name))
    if "properties" in node:
        properties = {
            name: _bounded(inner, definitions, within) for name, inner in node["properties"].items()
        }
        return _closed_object(**properties)
    kept = {
        key: value if key in {"enum", "const"} else _bounded(value, definitions, within)
        for key, value in node.items()
        if key not in _DROPPED
    }
    kind = kept.get("type")
    if kind == "string" and not kept.keys() & {"pattern", "enum", "const"}:
        kept.setdefault("maxLength", LONGEST_STRING)
    if kind == "array":
        kept.setdefault("maxItems", LONGEST_ARRAY)
    return kept


def _closed_object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
