"""A lesson's notebook as it is stored: with its outputs, without anything of the widgets.

`python -m helpers.teaching.storing notebooks/03a_segmentation_value.ipynb`
runs a notebook from top to bottom in a new kernel and stores it, its slides
and notes folded.

JupyterLab shows "model not found" for a widget whose kernel is gone, although
the twin stands in the same output. So the widget's part is taken out before a
notebook is stored; the twin stays.
"""

from __future__ import annotations

import copy
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.reports.strip import folded
from helpers.teaching.files import write_whole
from helpers.teaching.widgets import VIEW

CELL_SECONDS = 300


def without_widgets(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a notebook in which every widget is replaced by its twin.

    An output that is a widget and nothing else is dropped.
    """
    notebook = copy.deepcopy(dict(notebook))
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        kept = []
        for output in cell["outputs"]:
            data = output.get("data", {})
            if VIEW in data:
                del data[VIEW]
                if set(data) <= {"text/plain"}:
                    continue
            kept.append(output)
        cell["outputs"] = kept
    return notebook


def store(path: Path) -> None:
    """Run a notebook from top to bottom and store it with its outputs.

    The learner's files of the run lie in a temporary folder: the stored
    notebook is that of somebody who has not begun.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails; the file stays as it was.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
        environment |= {
            "WORKBOOK_WORK": str(Path(folder) / "my_work"),
            "IPYTHONDIR": str(Path(folder) / "ipython"),
            # Sums in another order differ in the last digits; one thread has one order.
            "OMP_NUM_THREADS": "1",
        }
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
        )
        client.execute(env=environment)
    notebook.metadata.kernelspec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook.metadata.pop("jupytext", None)
    clean = without_widgets(notebook)
    stored = nbformat.from_dict(clean | {"cells": [folded(cell) for cell in clean["cells"]]})
    mode = path.stat().st_mode
    write_whole(path, nbformat.writes(stored) + "\n")
    path.chmod(mode)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        store(Path(name).resolve())
        print(f"Stored {name}")
