"""Writes what a benchmark found into RESULTS.md: one section a benchmark, no dates, no names of machines."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
import time
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results of the benchmarks

Written by the scripts in this folder, one section each. Times differ between machines; the ratios
within one run are what counts.
"""


def machine() -> str:
    """What the reader must know about the machine: system, cores, memory, Python."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30 if hasattr(os, "sysconf") else 0
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
        + (f", {memory:.0f} GB of memory" if memory else "")
        + f", Python {platform.python_version()}"
    )


def wait_until_quiet(seconds: float = 60) -> None:
    """On Linux, wait until the cores are idle, at most so long: other work would be measured too."""
    until = time.monotonic() + seconds
    while sys.platform == "linux" and time.monotonic() < until:
        before = _ticks()
        time.sleep(1)
        idle, all_of_them = (after - first for after, first in zip(_ticks(), before, strict=True))
        if idle > 0.93 * all_of_them:
            return


def _ticks() -> tuple[int, int]:
    """Ticks of the clock in which the cores were idle, and all ticks, since the machine started."""
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return ticks[3] + ticks[4], sum(ticks)


def versions(*names: str) -> str:
    """Installed versions: "pandas 3.1.1, duckdb 2.0.0"."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; every column but the first is aligned to the right."""
    lines = [heads, ("---",) + ("---:",) * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def record(title: str, body: str) -> None:
    """Put a section into RESULTS.md in place of the one with this title, and print it."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else HEAD
    head, *sections = re.split(r"^## ", text, flags=re.M)
    kept = {section.split("\n", 1)[0]: section.split("\n", 1)[1].strip() for section in sections}
    kept[title] = f"{body.strip()}\n\nMachine: {machine()}."
    written = "".join(f"\n## {name}\n\n{kept[name]}\n" for name in sorted(kept))
    RESULTS.write_text(head.rstrip() + "\n" + written, "utf-8")
    print(f"## {title}\n\n{kept[title]}")
