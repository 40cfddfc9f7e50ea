"""The learner's own files: where they lie, written whole or not at all, never lost."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from helpers.places import HOME

VARIABLE = "WORKBOOK_WORK"


def work_folder() -> Path:
    """Where a learner's files are kept: my_work in the workbook's folder, or the folder that WORKBOOK_WORK names."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser() if named else HOME / "my_work"


def write_whole(path: Path, text: str) -> None:
    """Write a text file at one stroke: whoever reads it sees the old text or the new one, never half of it.

    Raises
    ------
    OSError
        If it cannot be written; the old file is still there then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def append_line(path: Path, line: str) -> None:
    """Add one line to a file in a single write, so that two notebooks can add to the same file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", buffering=0) as file:
        file.write(line.encode("utf-8") + b"\n")


def set_aside(path: Path) -> Path:
    """Give a damaged file another name, so that nothing in it is lost, and say which.

    >>> import tempfile; folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "progress.jsonl").write_text("?")
    >>> set_aside(folder / "progress.jsonl").name
    'progress.damaged-1.jsonl'
    """
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    os.replace(path, aside)
    return aside
