"""The benchmarks by name, one after the other: `make bench`.

    python benchmarks/run.py [NAME …]

Without names: sizes, overhead, runtimes, episode and side_by_side, about half an hour on two cores. The
others are asked for: peers installs what it compares with (1.3 GB), seeds drafts ten episodes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench_kit import machine

USUAL = ("sizes", "overhead", "runtimes", "episode", "side_by_side")
BY_NAME = {
    **{name: f"{name}.py" for name in (*USUAL, "seeds", "peers", "inspection", "queries", "formats")},
    **{name: f"{name}/run.py" for name in ("retrieval", "continuity", "emotion")},
    "plans": "emotion/plans.py",
}


def main(names: list[str]) -> int:
    """Run benchmarks by name, each in a process of its own, so that none warms up or crowds another."""
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(BY_NAME)}.", file=sys.stderr)
        return 2
    print(machine(), flush=True)
    for name in names or USUAL:
        done = subprocess.run([sys.executable, str(Path(__file__).parent / BY_NAME[name])], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
