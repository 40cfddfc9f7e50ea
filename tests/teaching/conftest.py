"""A topic of five orders, with a notebook, an own folder for the learner's files, and a kernel where one is needed."""

import importlib.util
import json
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from helpers.teaching import Lesson
from helpers.teaching.topics import topic_from

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def own_work(tmp_path, monkeypatch):
    """No test writes into the learner's folder of this repository."""
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "my_work"))
    return tmp_path / "my_work"


@pytest.fixture(scope="session")
def tiny():
    spec = importlib.util.spec_from_file_location("tiny_topic_exercises", HERE / "tiny_topic" / "exercises.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def topic(tiny):
    return topic_from(tiny, name="tiny")


@pytest.fixture
def orders():
    """A is silent for 30 days at the end of March 2026, B for 49, C for 11; C bought twice on one day and gave one back."""
    days = ["2026-01-05", "2026-03-01", "2026-02-10", "2026-03-20", "2026-03-20"]
    return pd.DataFrame(
        {
            "customer_id": ["A", "A", "B", "C", "C"],
            "ordered_at": pd.to_datetime(days),
            "amount_minor": [1000, 2000, 1500, 4000, -500],
        }
    )


def _cell(source, *tags, outputs=()):
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "outputs": list(outputs),
        "execution_count": None,
    }


def _prose(source, *tags):
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)} if tags else {}, "source": source}


ABOUT = {
    "id": "03a",
    "title": "Three customers",
    "question": "Whom do we call?",
    "minutes": 20,
    "prerequisites": ["02"],
    "cases": ["C10", "C25"],
    "objectives": [
        {"can": "count days since the last order", "by": "exercise 1.1"},
        {"can": "say what **RFM** does", "by": ["quiz rank", "decision 1.7"]},
    ],
}

CELLS = [
    _prose("# Three customers\n\nA **customer** (客户) and **RFM** (最近购买), which are bold once."),
    _cell('days = ...\nlesson.check("1.1", days)', "exercise"),
    _cell('days = lesson.carry_on("1.1", days)'),
    _cell("days.max()"),
    _cell('lesson.decide("1.7")', "exercise"),
    _cell("lesson.quiz()", "quiz"),
]


@pytest.fixture
def cell():
    return _cell


@pytest.fixture
def prose():
    return _prose


@pytest.fixture
def write_notebook(tmp_path):
    """Write 03a_tiny_value.ipynb with some cells, and give its folder."""

    def write(cells=CELLS, **about):
        folder = tmp_path / "notebooks"
        folder.mkdir(exist_ok=True)
        notebook = {"cells": cells, "metadata": {"lesson": ABOUT | about}, "nbformat": 4, "nbformat_minor": 5}
        (folder / "03a_tiny_value.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def lesson(topic, orders, write_notebook):
    made = Lesson("03a", topic=topic, notebooks=write_notebook())
    made.offers(orders=orders, as_of=date(2026, 3, 31))
    return made
