"""manifest.json: what a report was made of, and what it consists of.

There is no clock and no path in it: the same data, parameters and versions
give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

MADE_BY = "customer-workbook"
NAME = "manifest.json"
LOG = "log.txt"

# The packages whose version can change a number, a figure or a page.
PACKAGES = (
    "duckdb",
    "jinja2",
    "matplotlib",
    "narwhals",
    "nbconvert",
    "numpy",
    "pandas",
    "pandera",
    "papermill",
    "pillow",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "seaborn",
    "statsmodels",
    "xlsxwriter",
)

# What an operating system or an office program leaves in a folder.
_LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")


def manifest(
    folder: Path,
    *,
    company: Any,
    parameters: dict[str, dict[str, Any]],
    lessons: dict[str, str],
    previous: Any = None,
) -> dict[str, Any]:
    """What manifest.json says of the files in `folder`.

    Parameters
    ----------
    folder : Path
        A finished report, but for its manifest.
    company : Company
    parameters : dict of lesson id to dict of name to value
        The values that were used, defaults among them.
    lessons : dict of lesson id to "complete", "failed" or "not run"
    previous : PreviousReport, optional
    """
    from helpers import __version__

    return {
        "made_by": MADE_BY,
        "schema": 1,
        "workbook": __version__,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "company": {
            "name": company.name,
            "currency": company.currency,
            "as_of": company.as_of.isoformat(),
            "sample": bool(company.is_sample),
        },
        "data": {
            "fingerprint": company.fingerprint,
            "rows": {name: _plain(value) for name, value in company.reconciliation.totals.items()},
        },
        "lessons": lessons,
        "parameters": parameters,
        "previous": None
        if previous is None
        else {
            "as_of": previous.as_of.isoformat(),
            "fingerprint": previous.manifest.get("data", {}).get("fingerprint", ""),
        },
        "files": {name: fingerprint(folder / name) for name in files(folder)},
    }


def files(folder: Path) -> list[str]:
    """The files of a report, by their path from its folder; manifest and log are not among them."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in (NAME, LOG))


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def of_report(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder that a report wrote; None for any other folder."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("made_by") == MADE_BY else None


def changed_by_hand(folder: Path, content: dict[str, Any]) -> list[str]:
    """Files in a report's folder that the report did not write as they are now."""
    wanted = content.get("files", {})
    return [name for name in files(folder) if not _is_litter(name) and wanted.get(name) != fingerprint(folder / name)]


def _is_litter(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last in _LITTER or last.startswith(("~$", ".~lock."))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    return value
