"""The report on the sample company against the same notebook code as a plain script.

    python benchmarks/report_time.py [--runs 5]

The script: the cells that a report keeps, one after another in this interpreter, after one run that has
imported everything. It reads the sample company, draws the figures and writes lists and results, as the
notebook does. The report: `workbook report` in a new process, from its first import to the last file:
reading, running the notebook in a kernel of its own, pages, index, manifest. How long it waits for that
kernel is shown apart. Both take turns; of each, the fastest run counts.
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

from helpers.reports.lessons import all_lessons
from helpers.reports.strip import strip, tags
from record import record, table, versions

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


def report() -> tuple[float, float]:
    """Seconds of the whole command, and of these the seconds of waiting for kernels."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        command = [sys.executable, "-m", "helpers.cli", "report", "--out", str(Path(folder) / "out")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        taken = time.perf_counter() - started
    waits = re.findall(r"after ([\d.]+) s for the kernel", done.stderr)
    return taken, sum(map(float, waits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    notebooks = [lesson.notebook for lesson in all_lessons()]
    script(notebooks), report()  # imports here, compiled files there
    plain, whole, waits = [], [], []
    for _ in range(runs):
        plain.append(script(notebooks))
        taken, wait = report()
        whole.append(taken), waits.append(wait)
    base = min(plain)
    without, wait = min((taken - waited, waited) for taken, waited in zip(whole, waits, strict=True))
    rows = [
        ("the notebooks as a plain script, warm", f"{base:.2f} s", "1"),
        ("`workbook report`, new process, without the wait for kernels", f"{without:.2f} s", f"{without / base:.2f}"),
        ("the wait for kernels", f"{wait:.2f} s", f"{wait / base:.2f}"),
    ]
    ratio = without / base
    record(
        "Report time",
        f"The sample company, {len(notebooks)} notebook{'s'[: len(notebooks) != 1]}, the fastest of {runs} runs.\n\n"
        + table(("", "seconds", "ratio"), rows)
        + f"\n\nTarget: at most {TARGET}: {'held' if ratio <= TARGET else 'MISSED'}.\n\n"
        + f"{versions('pandas', 'papermill', 'nbconvert', 'matplotlib')}.",
    )


if __name__ == "__main__":
    main()
