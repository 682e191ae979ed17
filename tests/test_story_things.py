"""The things that a text names."""

import pytest

from storyroom.story.things import things


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
