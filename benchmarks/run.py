"""All benchmarks, one after the other: `make bench`.

    python benchmarks/run.py [sizes] [overhead] [episode] [seeds]

Without a name the first three are run; `seeds` drafts ten episodes and takes as many times as long.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench_kit import machine

ALL = ("sizes", "overhead", "episode", "seeds")


def main(names: list[str]) -> int:
    """Run benchmarks by name, each in a process of its own, so that none warms up or crowds another."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(ALL)}.", file=sys.stderr)
        return 2
    print(machine())
    for name in names or ALL[:3]:
        done = subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py"))], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
