"""The casebook: every case whole, at its weight, attributed, and running on other data than the sample's."""

import csv
import re
import types

import pytest

from helpers.places import CASEBOOK, SAMPLE
from helpers.reports.lessons import all_lessons
from helpers.reports.parameters import read_parameters
from helpers.reports.strip import tags
from helpers.teaching.contents import calls, source
from helpers.teaching.deck import deck_of
from helpers.teaching.minutes import derived_minutes

NOTEBOOKS = all_lessons(CASEBOOK)
each = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)

with open(SAMPLE / "cases.csv", encoding="utf-8-sig", newline="") as file:
    CASES = {row["id"]: row for row in csv.DictReader(file)}

# From the digest of the source; a case has exactly one weight and one home.
FULL = "C01 C03 C04 C05 C06 C08 C11 C12 C15 C18 C25 C26 C29 C45".split()
SHORT = "C02 C07 C10 C13 C14 C16 C17 C19 C20 C24 C27 C31 C33 C34 C35 C37 C42 C44 C46 C47".split()
HOME = {
    "00": "C20 C21 C22 C35 C36 C39 C40 C41 C49",
    "01": "C03 C04 C05 C06 C07 C09 C13 C14 C19",
    "02": "C08 C12",
    "03": "C10 C11 C23 C24 C25",
    "04": "C02",
    "05": "C27 C28 C29 C30 C31 C32 C33 C34 C38 C47 C48",
    "06": "C15 C16 C17 C18 C37",
    "07": "C01 C26 C42 C43 C44 C45 C46",
}
MINUTES = {"full": (30, 40), "short": (8, 13), "card": (1, 4)}
PARTS = {
    "full": ["story", "decision", "calculation", "decision", "discussion", "note"],
    "short": ["story", "decision", "calculation", "decision", "discussion", "note"],
    "card": ["story"],
}


def of_case(notebook, id):
    return [cell for cell in notebook.notebook["cells"] if cell["metadata"].get("case", {}).get("id") == id]


def text(cells):
    return "\n".join(source(cell) for cell in cells)


def every_case(*weights):
    pairs = [(notebook, id) for notebook in NOTEBOOKS for id in notebook.metadata["cases"] if CASES[id]["weight"] in weights]
    return pytest.mark.parametrize("notebook, id", pairs, ids=[id for _, id in pairs])


# ---------------------------------------------------------------- the list of all cases


def test_all_49_cases_have_one_home_and_one_weight():
    assert list(CASES) == [f"C{number:02d}" for number in range(1, 50)]
    assert {id: row["home"] for id, row in CASES.items()} == {id: home for home, ids in HOME.items() for id in ids.split()}
    assert {id for id, row in CASES.items() if row["weight"] == "full"} == set(FULL)
    assert {id for id, row in CASES.items() if row["weight"] == "short"} == set(SHORT)
    assert {row["weight"] for row in CASES.values()} == {"full", "short", "card"}


def test_a_case_goes_with_a_lesson_of_its_home():
    parts = {"00a", "00b", "01a", "01b", "02", "03a", "03b", "04", "05a", "05b", "06", "07a", "07b", "08"}
    assert all(row["part"] in parts and row["part"].startswith(row["home"]) for row in CASES.values())


def test_the_list_opens_in_a_spreadsheet():
    raw = (SAMPLE / "cases.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "or a spreadsheet takes the Chinese for something else"
    assert b"\r" not in raw
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert {len(row) for row in rows} == {7}
    assert not [cell for row in rows for cell in row if not cell or cell != cell.strip() or cell[0] in "=+-@"]
    assert all(re.search("[\u4e00-\u9fff]", row["chinese"]) for row in CASES.values())


# ---------------------------------------------------------------- each notebook


def test_there_is_a_casebook():
    assert NOTEBOOKS


@each
def test_a_notebook_describes_itself(notebook):
    about = notebook.metadata
    wanted = {"id", "title", "question", "decision", "objectives", "prerequisites", "minutes", "cases", "tables", "case_minutes"}
    assert wanted <= set(about)
    # So that nothing of the cases is taken for the lesson of that number: a quiz, progress, a deck, a key.
    assert about["id"] == notebook.id == f"{notebook.number}-cases"
    assert about["title"] and about["decision"] and about["question"].endswith("?")
    assert all(need.needed or need.gain for need in notebook.needs)


@each
def test_a_notebook_holds_the_home_cases_of_its_number_and_no_other(notebook):
    home = {id for id, row in CASES.items() if row["home"] == notebook.number}
    assert set(notebook.metadata["cases"]) == home
    marked = [cell["metadata"]["case"]["id"] for cell in notebook.notebook["cells"] if "case" in cell["metadata"]]
    assert set(marked) == home
    # Each case stands in one piece, in the order that the metadata say.
    assert list(dict.fromkeys(marked)) == notebook.metadata["cases"]
    assert sum(a != b for a, b in zip(marked, marked[1:], strict=False)) == len(home) - 1


@each
def test_a_notebook_can_be_run_on_other_data(notebook):
    parameters = read_parameters(notebook.notebook, where=notebook.path.name)
    assert {"data", "mapping", "as_of"} <= set(parameters)
    assert all(parameters[name].default == "" for name in ("data", "mapping", "as_of"))


@each
def test_its_minutes_are_those_of_its_cases(notebook):
    about = notebook.metadata
    assert set(about["case_minutes"]) == set(about["cases"])
    assert sum(about["case_minutes"].values()) == pytest.approx(about["minutes"], rel=0.2)


@each
def test_its_deck_can_be_shown(notebook):
    assert deck_of(notebook).faults() == []


@each
def test_its_headings_skip_no_level_and_every_case_has_one(notebook):
    prose = [cell for cell in notebook.notebook["cells"] if cell["cell_type"] == "markdown" and not tags(cell) & {"slide", "notes"}]
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text(prose), flags=re.M)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert levels.count(2) >= len(notebook.metadata["cases"])


@each
def test_outputs_are_stored_and_clean(notebook):
    code = [cell for cell in notebook.notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert not [one for one in outputs if one["output_type"] == "error" or one.get("name") == "stderr"]
    assert all(one["metadata"]["image/png"]["alt"] for one in outputs if "image/png" in one.get("data", {}))
    assert not set(notebook.notebook["metadata"]) & {"papermill", "widgets"}


@each
def test_the_index_lists_its_cases_as_they_are(notebook):
    index = (CASEBOOK / "README.md").read_text(encoding="utf-8")
    assert f"({notebook.path.name})" in index
    rows = {line.split("|")[1].strip(): line for line in index.splitlines() if re.match(r"\| C\d\d ", line)}
    for id in notebook.metadata["cases"]:
        case = CASES[id]
        assert case["title"] in rows[id] and case["chinese"] in rows[id]
        assert f"| {case['part']} | {case['weight']}, {notebook.metadata['case_minutes'][id]} minutes |" in rows[id]


def test_the_index_lists_no_case_that_is_not_there():
    listed = re.findall(r"^\| (C\d\d) ", (CASEBOOK / "README.md").read_text(encoding="utf-8"), flags=re.M)
    assert sorted(listed) == sorted(id for notebook in NOTEBOOKS for id in notebook.metadata["cases"])


# ---------------------------------------------------------------- each case


@every_case("full", "short", "card")
def test_a_case_has_the_parts_of_its_weight_in_their_order(notebook, id):
    parts = [cell["metadata"]["case"]["part"] for cell in of_case(notebook, id)]
    wanted = PARTS[CASES[id]["weight"]]
    assert set(parts) == set(wanted)
    # Decision before the figures, figures, decision again: the order in which each is first reached.
    reached = iter(parts)
    assert all(one in reached for one in wanted), parts


@every_case("full", "short", "card")
def test_a_case_takes_the_minutes_of_its_weight(notebook, id):
    alone = types.SimpleNamespace(id=notebook.id, name=notebook.name, notebook={"cells": of_case(notebook, id)})
    low, high = MINUTES[CASES[id]["weight"]]
    assert low <= derived_minutes(alone).total <= high
    assert low <= notebook.metadata["case_minutes"][id] <= high


@every_case("full", "short", "card")
def test_a_case_says_whose_story_it_is_and_what_is_invented(notebook, id):
    story = text(cell for cell in of_case(notebook, id) if cell["metadata"]["case"]["part"] == "story")
    assert re.search(r"the author (tells|says|describes)", story)
    assert f"Case {id} ({CASES[id]['chinese']}" in story.replace("; ", "、")
    if CASES[id]["weight"] != "card":
        assert re.search(r"\b(ours|invented|simulated)\b", story)


@every_case("full", "short")
def test_the_first_decision_is_taken_before_any_figure(notebook, id):
    cells = of_case(notebook, id)
    asked = [[name for name, _ in calls(source(cell))] for cell in cells]
    first = next(place for place, names in enumerate(asked) if "decided" in names)
    again = next(place for place, names in enumerate(asked) if "decide" in names)
    shows = [place for place, cell in enumerate(cells) if "image/png" in str(cell.get("outputs", "")) or "check" in asked[place]]
    assert first < min(shows) < again
    assert f'"{id}-before"' in source(cells[first])


@every_case("full", "short")
def test_a_teaching_note_has_a_board_plan_arguments_and_traps(notebook, id):
    note = text(cell for cell in of_case(notebook, id) if cell["metadata"]["case"]["part"] == "note")
    assert all(tags(cell) == {"notes"} for cell in of_case(notebook, id) if cell["metadata"]["case"]["part"] == "note")
    assert f"Teaching note {id} ({notebook.metadata['case_minutes'][id]} minutes)" in note
    assert all(word in note for word in ("Board plan", "Arguments that come up", "Trap"))
    plan = re.findall(r"\b(\d+)-(\d+) ", note)
    assert plan[0][0] == "0" and int(plan[-1][1]) == notebook.metadata["case_minutes"][id]
    assert all(a[1] == b[0] for a, b in zip(plan, plan[1:], strict=False)), "the minutes follow on each other"


@every_case("full", "short", "card")
def test_a_case_ends_in_something_to_talk_about(notebook, id):
    last = text(cell for cell in of_case(notebook, id) if not tags(cell) & {"slide", "notes"})
    assert last.rstrip().endswith("?") or "**To talk about" in last or "A question to take home" in last


# ---------------------------------------------------------------- other data


@pytest.mark.slow
@each
def test_a_notebook_runs_on_an_order_file_alone(notebook, tmp_path, monkeypatch):
    """What the data lack is withheld with a reason; nothing fails."""
    import nbformat
    import pandas as pd
    from nbclient import NotebookClient

    days = pd.date_range("2025-01-03", "2026-03-30", freq="9h")
    frame = pd.DataFrame(
        {
            "order_id": [f"O{number}" for number in range(len(days))],
            "customer_id": [f"K{number % 97}" for number in range(len(days))],
            "ordered_at": days.strftime("%Y-%m-%d"),
            "amount": [f"{20 + number % 13}.00" for number in range(len(days))],
        }
    )
    frame.to_csv(tmp_path / "orders.csv", index=False)
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "my_work"))
    there = nbformat.read(notebook.path, as_version=4)
    place = next(cell for cell in there.cells if "parameters" in tags(cell))
    place.source += f"\ndata = {str(tmp_path / 'orders.csv')!r}\n"
    NotebookClient(there, timeout=120, kernel_name="python3").execute(cwd=str(CASEBOOK))
    shown = str([cell.get("outputs") for cell in there.cells])
    assert "not shown" in shown or "cannot be seen" in shown
