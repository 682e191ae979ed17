"""Numbers in Chinese characters, up to 999: ``三十八`` is 38."""

DIGITS = "零一二三四五六七八九"
_VALUES = {one: value for value, one in enumerate(DIGITS)} | {"两": 2}


def number_of(text: str) -> int:
    """Return the number that digits, or Chinese characters for hundreds, tens and ones, say.

    >>> number_of("三十八"), number_of("十"), number_of("一百零二"), number_of("12")
    (38, 10, 102, 12)
    """
    if text.isdecimal():
        return int(text)
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.lstrip("零").rpartition("十")
    return 100 * _VALUES.get(hundreds, 0) + (10 * _VALUES.get(tens, 1) if ten else 0) + _VALUES.get(ones, 0)
