"""Every notebook of the course, as it is stored."""

import csv
import itertools
import json
import random
import re
import subprocess
import sys
from datetime import date, timedelta

import pytest

from helpers.places import CASEBOOK, HOME, NOTEBOOKS
from helpers.reports.lessons import all_lessons
from helpers.reports.parameters import RESERVED, read_parameters
from helpers.reports.strip import KNOWN_TAGS, strip, tags

LESSONS = all_lessons(NOTEBOOKS)
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)


def source(cell):
    return "".join(cell["source"])


def outputs(lesson):
    return [output for cell in lesson.notebook["cells"] for output in cell.get("outputs", [])]


def test_there_are_lessons_and_their_ids_differ():
    assert LESSONS
    assert len({lesson.id for lesson in LESSONS}) == len(LESSONS)


def test_every_notebook_is_a_lesson():
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == {lesson.name for lesson in LESSONS}


@each_lesson
def test_a_lesson_describes_itself(lesson):
    about = lesson.metadata
    assert about["id"] == lesson.id
    assert {"title", "question", "objectives", "prerequisites", "minutes", "cases", "tables", "decision"} <= set(about)
    assert about["title"]
    assert about["question"].endswith("?")
    assert all(need.needed or need.gain for need in lesson.needs)


@each_lesson
def test_the_tables_a_lesson_names_are_in_the_contract(lesson):
    from helpers.data import contract

    for need in lesson.needs:
        table, _, column = need.name.partition(".")
        assert table in contract.TABLES
        assert not column or contract.TABLES[table][column]


@each_lesson
def test_exercises_are_numbered_as_the_lesson_and_in_their_order(lesson):
    asked = re.findall(r"^### Your turn (\S+?):", "\n".join(source(cell) for cell in lesson.notebook["cells"]), flags=re.M)
    assert asked == [f"{lesson.id.removeprefix('0')}.{number}" for number in range(1, len(asked) + 1)]


@each_lesson
def test_every_tag_is_known(lesson):
    used = set().union(*(tags(cell) for cell in lesson.notebook["cells"]))
    assert used <= set(KNOWN_TAGS)


@each_lesson
def test_the_parameters_are_written_as_they_should_be(lesson):
    parameters = read_parameters(lesson.notebook, where=lesson.path.name)
    assert {"data", "out", "previous"} <= set(parameters)
    # In a lesson nothing is written, nothing is compared, and the company is the sample.
    assert all(parameters[name].default == "" for name in RESERVED if name in parameters)


@each_lesson
def test_a_report_has_one_answer_and_is_closed(lesson):
    cells = strip(lesson.notebook, is_sample=False)["cells"]
    assert sum("answer" in tags(cell) for cell in cells) == 1
    assert "report.close()" in source(cells[-1])


def test_an_honest_note_stands_in_full_once_in_the_course():
    """In the first lesson that has it; a later one calls it to mind and says where that is."""
    first = {}
    for lesson in LESSONS:
        for cell in lesson.notebook["cells"]:
            for note, again in re.findall(r'honest_note\("(\w+)"(?:, again="(\w+)")?\)', source(cell)):
                assert again == first.get(note, ""), f"{lesson.id}: {note}"
                first.setdefault(note, lesson.id)
    assert len(first) > 25


@each_lesson
def test_headings_skip_no_level(lesson):
    text = "\n".join(source(cell) for cell in lesson.notebook["cells"] if cell["cell_type"] == "markdown")
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.M)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@each_lesson
def test_outputs_are_stored_and_clean(lesson):
    counts = [cell["execution_count"] for cell in lesson.notebook["cells"] if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1)), "run the notebook from top to bottom and save it"
    assert not [output for output in outputs(lesson) if output["output_type"] == "error"]
    assert not [output for output in outputs(lesson) if output.get("name") == "stderr"]


@each_lesson
def test_every_stored_figure_has_alt_text(lesson):
    for output in outputs(lesson):
        if "image/png" in output.get("data", {}):
            assert output["metadata"]["image/png"]["alt"]


@each_lesson
def test_a_notebook_carries_nothing_of_the_machine_it_ran_on(lesson):
    text = json.dumps(lesson.notebook)
    assert str(HOME) not in text
    assert not set(lesson.notebook["metadata"]) & {"papermill", "widgets"}
    assert lesson.notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert not [cell for cell in lesson.notebook["cells"] if {"execution", "papermill"} & set(cell["metadata"])]
    ids = [cell["id"] for cell in lesson.notebook["cells"]]
    assert len(set(ids)) == len(ids)


def nbval(*paths):
    """Run notebooks under nbval, which fails where a cell raises."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120"]
    done = subprocess.run(
        [*command, "-q", "-p", "no:cacheprovider", *map(str, paths)],
        cwd=HOME,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.fixture
def own_work(tmp_path, monkeypatch):
    """The learner's files of a run go elsewhere than to this repository."""
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "my_work"))


@pytest.mark.slow
def test_every_notebook_runs_as_a_lesson_from_top_to_bottom(own_work):
    nbval(NOTEBOOKS, CASEBOOK)


@pytest.mark.slow
def test_every_notebook_runs_without_its_teaching_cells(own_work, tmp_path):
    """The one command: all lessons, stripped, by papermill, with what is beyond the core; no page fails."""
    command = [sys.executable, "-m", "helpers.cli", "report", "--all-sections", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    for lesson in LESSONS:
        page = (tmp_path / "out" / f"{lesson.name}.html").read_text(encoding="utf-8")
        # Every cell of a report has run, and none of its teaching cells is left.
        assert "Traceback" not in page and "lesson.check" not in page
        assert len(strip(lesson.notebook, is_sample=True, beyond_core=True)["cells"]) > 5
    the_plan_agrees(json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8")))


def the_plan_agrees(fresh):
    """The plan of a run is the plan of its own reports, to the digit; and the results kept for the lesson are those of today."""
    from helpers.plan import gaps, moves
    from helpers.plan.evidence import Evidence
    from helpers.reports import sofar

    evidence, own = Evidence(fresh), {key: number["value"] for key, number in fresh["lessons"]["08"]["numbers"].items()}
    assert (own["gap"], own["gap_minor"]) == (gaps.gaps(evidence)[0].key, gaps.gaps(evidence)[0].amount_minor)
    picked = moves.chosen(moves.moves(evidence, moves.Settings(), sample=True))
    assert [own[f"move_{number}"] for number in (1, 2, 3)] == [one.key for one in picked]
    assert [own[f"move_{number}_net_minor"] for number in (1, 2, 3)] == [one.net_minor for one in picked]
    # What is planted at Lantern Home: the partner's hand-over breaks, and the coupon pays those who would have come.
    assert picked[0].title == "Repair installation (partner)" and own["campaign_stop"] == "coupon" and own["campaign_repeat"] == "call"
    kept = json.loads(sofar.EXAMPLE.read_text(encoding="utf-8"))
    assert set(kept["lessons"]) == set(fresh["lessons"]) - {"08"}
    for lesson, part in kept["lessons"].items():
        for key, number in part["numbers"].items():
            value = fresh["lessons"][lesson]["numbers"][key]["value"]
            wanted = pytest.approx(number["value"], rel=1e-6) if isinstance(number["value"], float) else number["value"]
            assert value == wanted, f"{lesson} {key}: run `python -m helpers.reports.sofar`"


@pytest.mark.slow
def test_every_lesson_runs_on_a_small_order_file_of_somebody_else(own_work, tmp_path):
    """Forty orders of eighteen customers: nearly everything is withheld, and nothing breaks."""
    dice = random.Random(1)
    rows = [
        [f"R{number}", f"K{dice.randint(1, 18)}", date(2026, 1, 1) + timedelta(days=2 * number), f"{dice.randint(100, 900) / 10:.2f}"]
        for number in range(40)
    ]
    with open(tmp_path / "small.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["order_id", "customer_id", "ordered_at", "amount"], *rows])
    for lesson in LESSONS:
        notebook = json.loads(json.dumps(lesson.notebook))
        for cell in notebook["cells"]:
            if "parameters" in tags(cell):
                cell["source"] = source(cell) + f"\ndata = {str(tmp_path / 'small.csv')!r}\n"
        (tmp_path / lesson.path.name).write_text(json.dumps(notebook), encoding="utf-8")
    nbval(tmp_path)
