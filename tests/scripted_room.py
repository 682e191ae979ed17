"""A scripted model that can play any part: it answers whatever form it is held to, the same way each time.

The answers are made from the call's label, so that a process that was killed and started again gives the
answers it would have given.
"""

from __future__ import annotations

import json
import random
import re
from functools import partial
from typing import Any

from storyroom.models.scripted import Call, Rule, ScriptedModel

WORDS = """
    lantern rope harbour letter storm stair window coat ladder anchor ledger signal candle barrel compass
    winter kettle gull tide chain bell mirror whistle hinge bucket saddle thimble orchard river stone
""".split()  # noqa: SIM905
VERBS = """
    carries hides finds drops opens burns counts mends pulls reads watches folds lifts locks paints
""".split()  # noqa: SIM905
HAN = "灯塔渡口大桥铜哨旧信夜雨钟声船舵茶馆江水石阶账簿木桨风帆脚印窗台雾气炉火绳索名字晨光背影沉默回声"


def scripted_room(delay: float = 0.0, *, salt: str = "", wordy: bool = False) -> ScriptedModel:
    """Return a model that answers every call of a room.

    Args:
        delay: seconds before each answer.
        salt: another one gives other answers.
        wordy: whether the speeches of a scene's first pass run so long that the table read sends it back.
    """
    return ScriptedModel(rules=(Rule("*", (partial(play, salt=salt, wordy=wordy),), delay),))


def play(call: Call, *, salt: str = "", wordy: bool = False) -> str:
    """Answer one call in the form that it asks for."""
    # Different each time it is asked, the same whenever the same is asked again.
    dice = random.Random(f"{salt}{call.label}#{call.attempt}")
    schema = call.options.get("json_schema")
    if schema is not None:
        return json.dumps(_value(schema, dice), ensure_ascii=False)
    return _scene(str(call.options["grammar"]), dice, wordy=wordy and ".p1.r0." in call.label)


def sentence(dice: random.Random, *, lead: str | None = None, words: int = 9) -> str:
    """Return a sentence of English that no other call is likely to have."""
    said = [dice.choice(VERBS), "the", *dice.sample(WORDS, 3), "beside the", *dice.sample(WORDS, 2)]
    start = lead or dice.choice(WORDS).capitalize()
    return " ".join((start, *said, *dice.sample(WORDS, max(0, words - 9)))) + "."


def han_sentence(dice: random.Random, lead: str = "", length: int = 16) -> str:
    """Return a sentence of Chinese characters."""
    return lead + "".join(dice.choice(HAN) for _ in range(length)) + "。"


def _value(schema: dict[str, Any], dice: random.Random) -> Any:
    if "enum" in schema:
        return dice.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "object":
        return {name: _value(inner, dice) for name, inner in schema["properties"].items()}
    if schema.get("type") == "array":
        count = schema.get("minItems", 0) or min(1, schema.get("maxItems", 1))
        made: list[Any] = []
        while len(made) < count:
            value = _value(schema["items"], dice)
            if value not in made:
                made.append(value)
        return made
    return _text(schema.get("pattern", ".+"), dice)


def _text(pattern: str, dice: random.Random) -> str:
    lead = re.match(r"\^\(([^\[\]()]+?)\)[(\[]", pattern)
    names = lead[1].split("|") if lead else []
    name = re.sub(r"\\(.)", r"\1", dice.choice(names)) if names else None
    for count in range(1, 40):
        for text in (
            sentence(dice, lead=name, words=count),
            " ".join(word.capitalize() for word in dice.sample(WORDS, min(count, 3))),
            han_sentence(dice, name or "", count),
            "".join(dice.choice(HAN) for _ in range(count)),
        ):
            if re.fullmatch(pattern, text):
                return text
    raise AssertionError(f"nothing fits {pattern}")


def _scene(grammar: str, dice: random.Random, *, wordy: bool) -> str:
    # Each of the cast has a rule of its own that begins with the cue; a guided grammar lists the names, for a
    # single line too.
    names = re.findall(r'^cued(?:-\d+)? ::= \(?"([^"]+)"', grammar, re.MULTILINE)
    listed = re.search(r"^name ::= (.+)$", grammar, re.MULTILINE)
    if listed and "\\n" in grammar.partition("\n")[0]:
        names = re.findall(r'"([^"]+)"', listed[1])
    chinese = "一-鿿" in grammar
    line = (lambda: han_sentence(dice)) if chinese else (lambda: sentence(dice))
    if not names:
        return line()
    blocks = [line()]
    for number in range(7):
        if number % 3 == 1:
            blocks.append(line())
        speech = _long_speech(dice) if wordy else line()
        blocks.append(f"{names[number % len(names)]}\n{speech}")
    return "\n\n".join(blocks) + "\n"


def _long_speech(dice: random.Random) -> str:
    words = WORDS + VERBS
    return " ".join([*dice.sample(words, len(words)), *dice.sample(words, 20)]).capitalize() + "."
