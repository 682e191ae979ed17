"""The things that a text names."""

import pytest

from storyroom.story.things import han_things, names_thing, things


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The red cone is hoisted.", ("the red cone",)),
        ("A storm comes.", ("the storm",)),
        ("Then the lamp fails with the Dunlin at sea.", ("the lamp", "the Dunlin")),
        (
            "Bea finds the missing page in Pell's tin box at the Post Office.",
            ("the missing page", "Pell's tin box", "the Post Office"),
        ),
        ("Ines keeps her promise to Silas.", ("the promise",)),
        ("Mara waits. Nobody comes.", ()),
        ("The storm, the storm.", ("the storm",)),
        ("", ()),
        ("江水涨到红线。", ()),
    ],
)
def test_what_stands_behind_an_article_is_a_thing(text: str, found: tuple[str, ...]) -> None:
    """Things are named as they would stand in another sentence, each once, in order."""
    assert things(text, ["Bea", "Pell", "Ines", "Silas", "Mara"]) == found


def test_a_person_is_no_thing() -> None:
    """The Mara of the house is still Mara."""
    assert things("The Mara of old would laugh.", ["Mara"]) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("小满手里拿着那把旧伞，桌上有一串生锈的钥匙。", ("旧伞", "钥匙")),
        ("小满把刀递给秀英。", ("刀",)),
        ("结尾要有一盏灯。", ("灯",)),
        ("把信藏在那个旧箱里。", ("信", "旧箱")),
        ("那盏灯塔", ("灯塔",)),
        ("别相信他，她有信心。", ()),
        ("把船票还给他。", ()),
        ("他把老船叫住。", ()),
    ],
)
def test_chinese_things_of_one_character_count(text: str, found: tuple[str, ...]) -> None:
    """They are told from the same character within a longer word or a name."""
    assert han_things(text, ["小满", "秀英", "老船"]) == found


@pytest.mark.parametrize(
    ("text", "thing", "named"),
    [
        ("他把旧伞撑开。", "伞", True),
        ("点灯。", "灯", True),
        ("灯塔亮了。", "灯", False),
        ("我不相信他。", "信", False),
        ("她攥着一串钥匙。", "钥匙", True),
        ("The lamps burn.", "the lamp", True),
    ],
)
def test_a_thing_is_looked_for_as_it_is_named(text: str, thing: str, named: bool) -> None:
    """A single Chinese character is looked for as a word of its own, everything else by its terms."""
    assert names_thing(text, thing) is named
