"""Fonts of the system: where they lie and which are worth trying, best first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDERS = (
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("~/Library/Fonts"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
)
CHINESE = (
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJKsc-Regular.otf",
    "NotoSerifSC-Regular.otf",
    "SourceHanSerifSC-Regular.otf",
    "SourceHanSerifCN-Regular.otf",
    "Songti.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "PingFang.ttc",
    "STHeiti Light.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "uming.ttc",
    "gbsn00lp.ttf",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "Arial Unicode.ttf",
)
"""Files of Chinese fonts: Song faces, in which Chinese scripts are set, before others."""
MONOSPACED = (
    "Courier Prime.otf",
    "Courier Prime.ttf",
    "CourierPrime-Regular.ttf",
    "LiberationMono-Regular.ttf",
    "FreeMono.ttf",
    "DejaVuSansMono.ttf",
    "NotoSansMono-Regular.ttf",
    "Courier New.ttf",
    "Menlo.ttc",
)
"""Files of fonts as wide as Courier that hold more than Western European letters."""
COURIER_PRIME = {
    "": ("Courier Prime.otf", "Courier Prime.ttf", "CourierPrime-Regular.ttf"),
    "B": ("Courier Prime Bold.otf", "Courier Prime Bold.ttf", "CourierPrime-Bold.ttf"),
    "I": ("Courier Prime Italic.otf", "Courier Prime Italic.ttf", "CourierPrime-Italic.ttf"),
    "BI": ("Courier Prime Bold Italic.otf", "Courier Prime Bold Italic.ttf", "CourierPrime-BoldItalic.ttf"),
}
"""The files of Courier Prime for each style."""


def installed(names: tuple[str, ...]) -> Iterator[Path]:
    """Yield the installed files of these names, in the order of the names."""
    found = _files(FOLDERS)
    yield from (found[name] for name in names if name in found)


@cache
def _files(folders: tuple[Path, ...]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for folder in folders:
        for root, _, names in os.walk(folder.expanduser()):
            for name in names:
                files.setdefault(name, Path(root) / name)
    return files
