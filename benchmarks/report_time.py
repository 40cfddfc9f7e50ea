"""The report on the sample company against the same notebook code as a plain script.

    python benchmarks/report_time.py [--runs 5]

The script: the cells that a report keeps, one after another in this interpreter, after one run that has
imported everything. It reads the sample company, draws the figures and writes lists and results, as the
notebook does. The report reads the company too, runs the notebook in a new kernel, and adds pages, index
and manifest: once started from this warm interpreter, as the script is, and once as the command in a new
process, with all its imports. How long each waits for the kernel is shown apart. They take turns; of each,
the fastest run counts.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from IPython.core.formatters import DisplayFormatter

from helpers.reports.build import build
from helpers.reports.lessons import all_lessons
from helpers.reports.strip import strip, tags
from record import record, table, versions, wait_until_quiet

TARGET = 1.5


def cells(notebook: dict, *, out: str) -> list[tuple]:
    """Each code cell, compiled: what it does, and the expression at its end, which a notebook shows."""
    compiled = []
    for cell in strip(notebook, is_sample=True)["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        shown = compile(ast.Expression(last.value), "<cell>", "eval") if last else None
        compiled.append((compile(tree, "<cell>", "exec"), shown))
        if "parameters" in tags(cell):
            compiled.append((compile(f"out = {out!r}", "<cell>", "exec"), None))
    return compiled


def script(notebooks: list[dict]) -> float:
    """Seconds of the notebooks' code in this interpreter, outputs shown as a notebook would."""
    show = DisplayFormatter().format
    started = time.perf_counter()
    for notebook in notebooks:
        with tempfile.TemporaryDirectory() as out:
            names: dict = {}
            for does, shown in cells(notebook, out=out):
                exec(does, names)  # noqa: S102
                if shown:
                    show(eval(shown, names))  # noqa: S307
    return time.perf_counter() - started


def waited(said: str) -> float:
    """How long a report waited for its kernels, as it told."""
    return sum(map(float, re.findall(r"after ([\d.]+) s for the kernel", said)))


def report() -> tuple[float, float]:
    """Seconds of a report that this interpreter makes, without and of the wait for kernels."""
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        build(out=Path(folder) / "out", say=said.append)
        taken = time.perf_counter() - started
    wait = waited("\n".join(said))
    return taken - wait, wait


def command() -> tuple[float, float]:
    """The same of `workbook report` in a new process, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        words = [sys.executable, "-m", "helpers.cli", "report", "--out", str(Path(folder) / "out")]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        taken = time.perf_counter() - started
    wait = waited(done.stderr)
    return taken - wait, wait


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    notebooks = [lesson.notebook for lesson in all_lessons()]
    script(notebooks), report(), command()  # imports here, compiled files there
    turns = []
    for _ in range(runs):
        wait_until_quiet()
        turns.append((script(notebooks), report(), command()))
    base, warm, new = (min(times) for times in zip(*turns, strict=True))
    ratio = warm[0] / base

    def row(name: str, seconds: float, wait: float | None = None) -> tuple[str, ...]:
        return name, f"{seconds:.2f} s", f"{seconds / base:.2f}", "" if wait is None else f"{wait:.2f} s"

    rows = [
        row("the notebooks as a plain script", base),
        row("a report from the same interpreter", *warm),
        row("`workbook report` in a new process", *new),
    ]
    record(
        "Report time",
        f"The sample company, {len(notebooks)} notebook{'s'[: len(notebooks) != 1]}, the fastest of {runs} runs.\n\n"
        + table(("", "seconds", "ratio", "besides: wait for the kernel"), rows)
        + f"\n\nTarget: a report takes at most {TARGET} times the script: {'held' if ratio <= TARGET else 'MISSED'}.\n\n"
        + f"{versions('pandas', 'papermill', 'nbconvert', 'matplotlib')}.",
    )


if __name__ == "__main__":
    main()
