"""A lesson's notebook as it is stored: with its outputs, without anything of the widgets.

JupyterLab shows "model not found" for a widget whose kernel is gone, although
the twin stands in the same output. So the widget's part is taken out before a
notebook is stored; the twin stays.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from helpers.teaching.widgets import VIEW


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
