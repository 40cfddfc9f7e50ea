"""How long `import helpers` and `import helpers.cli` take, in a new Python each time.

    python benchmarks/import_time.py [--runs 15]

Heavy libraries load when they are used: the two imports must stay under 0.3 seconds, which an empty
`python -c pass` beside them puts into proportion.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from record import record, table

TARGET = 0.3
STATEMENTS = {"nothing": "pass", "`import helpers`": "import helpers", "`import helpers.cli`": "import helpers.cli"}


def seconds(statement: str, *, runs: int) -> float:
    """The median time from the start of Python to its end; the first run, which compiles, does not count."""
    times = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    found = {name: seconds(statement, runs=runs) for name, statement in STATEMENTS.items()}
    bare = found["nothing"]
    rows = [
        (name, f"{taken:.3f} s", "" if name == "nothing" else f"{max(0, taken - bare):.3f} s") for name, taken in found.items()
    ]
    held = all(taken - bare < TARGET for taken in found.values())
    record(
        "Import time",
        f"The median of {runs} new Pythons, start to end.\n\n"
        + table(("", "whole", "of which the import"), rows)
        + f"\n\nTarget: each import under {TARGET} s: {'held' if held else 'MISSED'}.",
    )


if __name__ == "__main__":
    main()
