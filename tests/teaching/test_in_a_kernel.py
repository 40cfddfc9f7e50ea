"""In a real kernel: friendly errors, lines with a blank, widgets and the twins that stay when they are gone."""

import copy
import sys
import warnings
from pathlib import Path

import nbformat
import pytest

from helpers.teaching.storing import without_widgets
from helpers.teaching.widgets import VIEW

TINY = Path(__file__).parent / "tiny_topic" / "exercises.py"

SETUP = f"""
import importlib.util, sys
import datetime as dt
from pathlib import Path
import pandas as pd
spec = importlib.util.spec_from_file_location("tiny_topic_exercises", {str(TINY)!r})
tiny = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = tiny
spec.loader.exec_module(tiny)
from helpers.pictures import Picture, new_figure
from helpers.teaching import Lesson, playground, slider
from helpers.teaching.topics import topic_from
lesson = Lesson("03a", topic=topic_from(tiny), notebooks=Path("notebooks"), work=Path("work"))
"""

CELLS = {
    "setup": SETUP,
    "orders": """orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "ordered_at": pd.to_datetime(["2026-01-05", "2026-03-01", "2026-02-10"]), "amount_minor": [1, 2, 3]})
lesson.offers(orders=orders, as_of=dt.date(2026, 3, 31))""",
    "header": "lesson",
    "skipped": "segments.head()",
    "column": 'orders["custmer_id"]',
    "bracket": "x = (1 + 2",
    "equals": "if orders.shape = 3: pass",
    "deep": 'def look():\n    return orders["nope"]\nlook()',
    "unknown": "raise RuntimeError('something of my own')",
    "not advised": "raise ValueError('something else')",
    "blank inside": 'recency = (as_of - ...).dt.days\nlesson.check("1.1", recency)',
    "right": 'lesson.check("1.1", (pd.Timestamp("2026-03-31") - orders.groupby("customer_id")["ordered_at"].max()).dt.days)',
    "carry on": 'recency = lesson.carry_on("1.1", ...)\nint(recency["A"])',
    "decide": 'lesson.decide("1.7")',
    "quiz": 'lesson.quiz("rank")',
    "worksheet": 'lesson.worksheet("audit")',
    "playground": """def draw(days):
    fig, ax = new_figure("How long?")
    ax.plot([0, days])
    return Picture(fig, alt=f"A line up to {days}.")
playground(draw, slider("days", 10, 30, step=10, start=20))""",
    "plain widget": "import ipywidgets\nipywidgets.IntSlider()",
    "broken advice": "import helpers.teaching.friendly as friendly\nfriendly.advise = None\nunheard_of",
    "switched off": "friendly.switch_off()\nunheard_of",
}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """The cells above, run in one kernel; an error does not stop them."""
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("kernel")
    (folder / "notebooks").mkdir()
    stored = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("segments = measures.segment_summary(rfm)")])
    stored.metadata["lesson"] = {
        "title": "T",
        "question": "Whom?",
        "objectives": [{"can": "count", "by": "exercise 1.1"}],
    }
    nbformat.write(stored, folder / "notebooks" / "03a_tiny_value.ipynb")
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS.values()])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the machinery around the kernel, not of ours
        client = NotebookClient(
            made, timeout=60, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
    return made


@pytest.fixture
def ran(notebook):
    """A cell by its name, as (what it showed, its error)."""

    def of(name):
        outputs = notebook.cells[list(CELLS).index(name)].outputs
        shown = [one.data for one in outputs if one.output_type in ("display_data", "execute_result")]
        errors = [one for one in outputs if one.output_type == "error"]
        return shown, errors

    return of


def test_the_setup_runs_without_a_word(ran):
    assert ran("setup") == ([], [])
    assert ran("orders") == ([], [])
    assert "Whom?" in ran("header")[0][0]["text/html"]


@pytest.mark.parametrize(
    "name, sentence",
    [
        (
            "skipped",
            "`segments` is made in a cell that has not been run yet, the one with `segments = measures.segment_summary(rfm)`",
        ),
        ("column", "There is no column `custmer_id` in `orders`. Did you mean `customer_id`?"),
        ("bracket", "The bracket `(` in line 1 is opened and never closed."),
        ("equals", "to compare, write `==`"),
        ("deep", "There is no column `nope` in `orders`."),
    ],
)
def test_an_error_is_one_sentence_with_the_traceback_folded_below(ran, name, sentence):
    shown, errors = ran(name)
    (box,) = shown
    assert sentence in box["text/plain"]
    assert "<details" in box["text/html"]
    assert "Python&#x27;s full message" in box["text/html"] or "Python's full message" in box["text/html"]
    assert errors[0].ename in box["text/html"], "the full traceback is there"
    assert len(errors[0].traceback) == 1, "the cell has failed, and says so in one line"
    assert errors[0].traceback[0].startswith(errors[0].ename)


def test_the_line_that_failed_is_shown(ran):
    assert 'line 1: orders["custmer_id"]' in ran("column")[0][0]["text/plain"]
    assert 'line 2: return orders["nope"]' in ran("deep")[0][0]["text/plain"]


@pytest.mark.parametrize(
    "name, text",
    [
        ("unknown", "something of my own"),
        ("not advised", "something else"),
        ("broken advice", "unheard_of"),
        ("switched off", "unheard_of"),
    ],
)
def test_what_is_unknown_and_what_fails_looks_as_always(ran, name, text):
    shown, errors = ran(name)
    assert shown == []
    assert text in "\n".join(errors[0].traceback)
    assert len("\n".join(errors[0].traceback)) > 100, "the traceback is whole"


def test_a_line_with_a_blank_waits_and_the_cell_runs(ran):
    shown, errors = ran("blank inside")
    assert errors == []
    assert shown[0]["text/plain"].startswith("Not attempted yet.")


def test_checks_and_carry_on_work_in_a_kernel(ran):
    assert ran("right")[0][0]["text/plain"].startswith("Correct.")
    shown, errors = ran("carry on")
    assert errors == []
    assert "The next cells go on with the worked answer to exercise 1.1." in shown[0]["text/html"]
    assert shown[1]["text/plain"] == "30"


@pytest.mark.parametrize("name", ["decide", "quiz", "worksheet", "playground"])
def test_a_widget_comes_with_its_twin(ran, name):
    (shown,), errors = ran(name)
    assert errors == []
    assert VIEW in shown
    assert "<div" in shown["text/html"]
    assert shown["text/plain"]


TWINS = {
    "decide": "What do you do first?",
    "quiz": "It ranks customers.",
    "worksheet": "What do we promise our customers?",
    "playground": 'alt="A line up to 20."',
}


def page(notebook):
    from nbconvert import HTMLExporter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return HTMLExporter(exclude_input=True).from_notebook_node(notebook)[0]


def test_a_stored_notebook_shows_the_twins_and_nothing_of_the_widgets(notebook):
    stored = nbformat.from_dict(without_widgets(notebook))
    nbformat.validate(stored)
    assert VIEW not in nbformat.writes(stored)
    assert "widgets" not in stored.metadata
    text = page(stored)
    for twin in TWINS.values():
        assert text.count(twin) == 1
    assert "IntSlider" not in text


def test_a_page_shows_the_twins_also_where_only_the_state_is_gone(notebook):
    bare = copy.deepcopy(notebook)
    bare.metadata.pop("widgets", None)
    text = page(bare)
    for twin in TWINS.values():
        assert text.count(twin) == 1


def test_storing_leaves_the_notebook_itself_alone(notebook):
    before = nbformat.writes(notebook)
    without_widgets(notebook)
    assert nbformat.writes(notebook) == before


def test_outside_a_notebook_there_is_only_the_twin(lesson):
    assert set(lesson.quiz()._repr_mimebundle_()) == {"text/html", "text/plain"}
    assert "ipykernel" not in getattr(sys.modules.get("IPython"), "__name__", "")


def test_a_stored_notebook_is_run_anew_and_clean(tmp_path):
    from helpers.teaching.storing import store

    path = tmp_path / "one.ipynb"
    cells = ["import os; os.environ['WORKBOOK_WORK'] != ''", "import ipywidgets\nipywidgets.IntSlider()", "1 + 1"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    store(path)
    stored = nbformat.read(path, as_version=4)
    assert [cell.execution_count for cell in stored.cells] == [1, 2, 3]
    assert stored.cells[1].outputs == [] and "widgets" not in stored.metadata
    assert stored.cells[2].outputs[0].data["text/plain"] == "2"
    assert not [cell for cell in stored.cells if "execution" in cell.metadata]


def test_a_notebook_that_fails_stays_as_it_was(tmp_path):
    from nbclient.exceptions import CellExecutionError

    from helpers.teaching.storing import store

    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(CellExecutionError):
        store(path)
    assert path.read_bytes() == before
