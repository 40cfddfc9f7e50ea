"""Which cells of a lesson belong into a report."""

from __future__ import annotations

import copy
from typing import Any

# Every tag that a cell of a lesson may carry, and what it says.
KNOWN_TAGS = {
    "parameters": "the one cell with what can be set; literals only",
    "lesson": "prose about the sample company and the course; not in a report",
    "sample": "true of the sample company only; hidden on other data",
    "exercise": "the learner writes something; not in a report",
    "quiz": "a question with choices; not in a report",
    "playground": "a widget; not in a report",
    "worksheet": "a form about the learner's own firm; not in a report",
    "slide": "made for the deck; not in a report",
    "notes": "for the instructor; not in a report",
    "report": "for a report only; not in a lesson",
    "answer": "the answer in a few sentences; a report page shows it first",
    "extension": "beyond the core; in a report only when asked for",
    "reference": "to look things up; in a report only when asked for",
    "hide-input": "the code is folded away, its result is shown",
}

# What a learner should not read is folded away in JupyterLab. That folds code and raw cells and shows rendered
# Markdown always; so such text is stored as a raw cell, under a first line that JupyterLab shows in its place.
FOLDED = {
    "slide": "<!-- a slide of the deck -->",
    "notes": "<!-- notes for the instructor -->",
    "report": "<!-- text of the report -->",
}
_MARKDOWN = "text/markdown"

TEACHING = frozenset({"lesson", "exercise", "quiz", "playground", "worksheet", "slide", "notes"})
BEYOND_CORE = frozenset({"extension", "reference"})


def tags(cell: dict[str, Any]) -> set[str]:
    """The tags of a cell."""
    return set(cell.get("metadata", {}).get("tags", []))


def folded(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell as it is stored: text for the deck, the instructor or the report is a folded raw cell."""
    kind = next((name for name in FOLDED if name in tags(cell)), "")
    if not kind or cell["cell_type"] != "markdown":
        return cell
    text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    metadata = cell["metadata"] | {"jupyter": {"source_hidden": True}, "raw_mimetype": _MARKDOWN}
    return cell | {"cell_type": "raw", "source": f"{FOLDED[kind]}\n{text}", "metadata": metadata}


def unfolded(cell: dict[str, Any]) -> dict[str, Any]:
    """A stored cell as every form of a lesson but the notebook itself takes it: folded text is Markdown again."""
    if cell["cell_type"] != "raw" or cell["metadata"].get("raw_mimetype") != _MARKDOWN:
        return cell
    text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    head, _, rest = text.partition("\n")
    metadata = {key: value for key, value in cell["metadata"].items() if key not in ("jupyter", "raw_mimetype")}
    source = rest if head.strip() in FOLDED.values() else text
    return cell | {"cell_type": "markdown", "source": source, "metadata": metadata}


def stays(cell: dict[str, Any], *, is_sample: bool, beyond_core: bool = False) -> bool:
    """Whether a cell belongs into a report.

    Parameters
    ----------
    cell : dict
        A cell of a notebook.
    is_sample : bool
        Whether the report is on the sample company.
    beyond_core : bool
        Whether cells tagged `extension` or `reference` stay.
    """
    own = tags(cell)
    if own & TEACHING:
        return False
    if "sample" in own and not is_sample:
        return False
    return beyond_core or not own & BEYOND_CORE


def strip(notebook: dict[str, Any], *, is_sample: bool, beyond_core: bool = False) -> dict[str, Any]:
    """A copy of a lesson's notebook with the cells of a report, and without stored outputs."""
    cells = []
    for cell in notebook["cells"]:
        if not stays(cell, is_sample=is_sample, beyond_core=beyond_core):
            continue
        cell = copy.deepcopy(cell)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        cells.append(cell)
    metadata = {
        key: value for key, value in notebook.get("metadata", {}).items() if key not in ("widgets", "papermill")
    }
    return {
        "cells": cells,
        "metadata": copy.deepcopy(metadata),
        "nbformat": notebook.get("nbformat", 4),
        "nbformat_minor": notebook.get("nbformat_minor", 5),
    }
