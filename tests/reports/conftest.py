import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

HERE = Path(__file__).parent

SETUP = """
import pandas as pd
from tiny_company import load
from helpers.reports import Report
company = load(data)
report = Report(company, lesson="03a", out=out, previous=previous)
"""

PARAMETERS = """
data: str = ""           # a folder with data
out: str = ""            # folder for the results
previous: str = ""       # an earlier report
hold_out_share: float = 0.2  # 0 to 0.5: share left alone
monetary: str = "mean"   # one of mean, sum: how money is counted
"""


@pytest.fixture
def tiny(monkeypatch):
    """The module `tiny_company`, in place of `helpers.data.load` here and importable in kernels."""
    monkeypatch.syspath_prepend(str(HERE))
    paths = [str(HERE), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    import tiny_company

    import helpers.data

    monkeypatch.setattr(helpers.data, "load", tiny_company.load, raising=False)
    return sys.modules["tiny_company"]


@pytest.fixture
def make():
    """Functions that make notebooks: code, prose, notebook, save; and texts of cells: setup, parameters."""
    return SimpleNamespace(
        code=code,
        prose=prose,
        notebook=notebook,
        save=save,
        setup=code(SETUP),
        parameters=code(PARAMETERS, "parameters"),
    )


def code(source, *tags):
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {"tags": list(tags)},
        "outputs": [],
        "execution_count": None,
    }


def prose(source, *tags):
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)}}


def notebook(*cells, lesson=None):
    cells = [dict(cell, id=f"cell-{number}") for number, cell in enumerate(cells)]
    metadata = {"lesson": lesson or {"title": "Who is worth what?", "question": "Who carries the shop?"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def save(folder, name, content):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    return folder
