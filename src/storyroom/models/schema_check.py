"""Whether a value fits one of our JSON schemas, for answers that no runtime has held to theirs."""

from __future__ import annotations

import re
from typing import Any


def misfit(value: Any, schema: dict[str, Any], where: str = "the answer") -> str:
    """Return what is wrong with a value, in a few words; an empty text when it fits.

    Only the keywords that `storyroom.models.schema` writes are looked at.
    """
    if "anyOf" in schema:
        wrongs = [misfit(value, one, where) for one in schema["anyOf"]]
        return "" if "" in wrongs else wrongs[-1]
    if "const" in schema or "enum" in schema:
        allowed = schema.get("enum", [schema.get("const")])
        return "" if value in allowed else f"{where} is none of the {len(allowed)} values it may have"
    match schema.get("type"):
        case "object":
            return _object(value, schema, where)
        case "array":
            return _array(value, schema, where)
        case "string":
            return _string(value, schema, where)
    return ""


def _object(value: Any, schema: dict[str, Any], where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} is no object"
    properties: dict[str, Any] = schema.get("properties", {})
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        return f"{where} has no {missing[0]}"
    if schema.get("additionalProperties") is False and (more := sorted(value.keys() - properties.keys())):
        return f"{where} has a field {more[0]!r} too many"
    inner = (misfit(value[name], one, name) for name, one in properties.items() if name in value)
    return next(filter(None, inner), "")


def _array(value: Any, schema: dict[str, Any], where: str) -> str:
    if not isinstance(value, list):
        return f"{where} is no list"
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return f"{where} has {len(value)} items"
    return next(filter(None, (misfit(one, schema.get("items", {}), where) for one in value)), "")


def _string(value: Any, schema: dict[str, Any], where: str) -> str:
    if not isinstance(value, str):
        return f"{where} is no text"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return f"{where} has {len(value)} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"{where} is not written as it should be"
    return ""
