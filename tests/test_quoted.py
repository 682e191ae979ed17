"""Words in quotes: the words around them tell whether they are wanted, unwanted, or only spoken of."""

import pytest

from storyroom.story.quoted import quoted

NAMES = {"Mara": "Mara", "Mara Quill": "Mara", "Bea": "Bea", "小满": "小满", "罗三顺": "罗三顺"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Let Mara say “Not while the lamp burns.”", [("Not while the lamp burns.", "Mara", "wanted")]),
        ('Mara Quill: "Not today."', [("Not today.", "Mara", "wanted")]),
        ("“Not today.”", [("Not today.", None, "wanted")]),
        ("Have “Three four” in the scene", [("Three four", None, "wanted")]),
        ("Cut “I love you.”", [("I love you.", None, "unwanted")]),
        ("Mara would never say “I am fine”.", [("I am fine", "Mara", "unwanted")]),
        ("The line “I am fine” should go.", [("I am fine", None, "unwanted")]),
        ("Replace “I'm fine” with “I was.”", [("I'm fine", None, "unwanted"), ("I was.", None, "wanted")]),
        ("Not “so what” but “so be it”.", [("so what", None, "unwanted"), ("so be it", None, "wanted")]),
        ("“Sit. You're dripping.” is too blunt.", [("Sit. You're dripping.", None, "spoken_of")]),
        ("After Mara says “Sit down”, Bea leaves.", [("Sit down", "Mara", "spoken_of")]),
        ("After the storm, Mara says “Sit down”.", [("Sit down", "Mara", "wanted")]),
        ("I don't mind. Bea: “One more.”", [("One more.", "Bea", "wanted")]),
        (
            "Bea: “One more.” Mara: “No more.”",
            [("One more.", "Bea", "wanted"), ("No more.", "Mara", "wanted")],
        ),
        ("The beast says “Sit down”.", [("Sit down", None, "wanted")]),
        ("He says “yes”.", []),
        ("It is Mara's.", []),
        ("让小满说“天黑以后不开渡”", [("天黑以后不开渡", "小满", "wanted")]),
        ("小满：「天黑了」", [("天黑了", "小满", "wanted")]),
        ("罗三顺不要说“我走了”", [("我走了", "罗三顺", "unwanted")]),
        ("把“旧信呢”改成“灯灭了”", [("旧信呢", None, "unwanted"), ("灯灭了", None, "wanted")]),
        ("“我走了”这句太直白", [("我走了", None, "spoken_of")]),
        ("“我走了”之后加一句『你走吧』", [("我走了", None, "spoken_of"), ("你走吧", None, "wanted")]),
    ],
)
def test_the_words_around_quotes_decide(text: str, found: list[tuple[str, str | None, str]]):
    """Wanted of whom, unwanted, or spoken of; a single word in quotes is no wording."""
    assert [(one.text, one.speaker, one.use) for one in quoted(text, NAMES)] == found
