"""Which characters count as Chinese."""

from __future__ import annotations

import re

import pytest

from storyroom.story.han import HAN
from storyroom.story.script import count_words


@pytest.mark.parametrize("text", ["灯塔", "㐀", "豈", "\uf900", "\ufaff"])
def test_han_characters_are_chinese(text: str):
    """Rare and compatibility characters too; each is a word."""
    assert re.fullmatch(f"[{HAN}]+", text)
    assert count_words(text) == len(text)


@pytest.mark.parametrize("text", ["안녕하세요", "かな", "lamp", "。"])
def test_other_characters_are_not(text: str):
    """Hangul lies between the Han characters and their compatibility forms, and is no Chinese."""
    assert not re.search(f"[{HAN}]", text)
    assert count_words(text) <= 1
