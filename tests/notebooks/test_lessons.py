"""Every lesson with its teaching cells, in notebooks/ and in casebook/: whole, honest about its time, and giving nothing away."""

import ast
import csv
import json

import pytest

from helpers.places import CASEBOOK, NOTEBOOKS, SAMPLE
from helpers.reports.lessons import all_lessons
from helpers.reports.strip import KNOWN_TAGS, tags
from helpers.teaching.audit import gives_away, lesson_faults, reads_of_learners_names
from helpers.teaching.contents import BEYOND_CORE, contents_of, objectives, source
from helpers.teaching.minutes import derived_minutes
from helpers.teaching.quiz import telltales
from helpers.teaching.topics import topic_of

COURSE = all_lessons(NOTEBOOKS)
CASES = all_lessons(CASEBOOK)
LESSONS = COURSE + CASES
each = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name + "-cases" * lesson.is_casebook)
each_of_the_course = pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.name)

with open(SAMPLE / "frameworks.csv", encoding="utf-8-sig", newline="") as file:
    FRAMEWORKS = {row["id"]: row for row in csv.DictReader(file)}


def cells(lesson, *wanted):
    return [cell for cell in lesson.notebook["cells"] if tags(cell) & set(wanted)]


@each
def test_its_parts_fit_together(lesson):
    assert lesson_faults(lesson) == []


@each
def test_it_gives_no_answer_away(lesson):
    assert gives_away(lesson) == []
    assert "def " not in "".join(source(cell) for cell in cells(lesson, "exercise") if cell["cell_type"] == "code")


@each
def test_no_later_cell_reads_what_a_learner_wrote(lesson):
    assert reads_of_learners_names(lesson) == []


@each
def test_the_declared_minutes_are_the_derived_ones(lesson):
    found = derived_minutes(lesson)
    assert found.fits(lesson.metadata["minutes"]), f"declared {lesson.metadata['minutes']}, derived {found}"


@each_of_the_course
def test_a_lesson_of_the_course_takes_90_minutes_at_most(lesson):
    assert lesson.metadata["minutes"] <= 90
    assert derived_minutes(lesson).total <= 90


def is_practice(lesson):
    """Whether a lesson is about people and words: cards and decisions, hardly any code."""
    return lesson.metadata.get("practice", False)


@each
def test_it_has_enough_to_do(lesson):
    contents = contents_of(lesson)
    kinds = [one.kind for one in contents.exercises]
    assert contents.questions
    assert telltales(contents.questions) == []
    if is_practice(lesson):
        assert len(kinds) + len(contents.worksheets) >= 6
        assert kinds.count("sort") >= 3 and kinds.count("judge") >= 1
        return
    assert contents.playgrounds >= 2 or lesson in CASES
    if lesson in COURSE:
        assert len(kinds) >= 7 and kinds.count("judge") >= 2
        assert {"predict", "write"} <= set(kinds)
    assert "judge" in kinds


@each
def test_worked_exercises_know_mistakes_and_half_of_them_take_a_spreadsheet(lesson):
    worked = [one for one in contents_of(lesson).exercises if one.kind not in ("judge", "sort")]
    assert all(len(one.mistakes) >= 2 for one in worked)
    assert sum(one.spreadsheet for one in worked) >= len(worked) / 2


@each_of_the_course
def test_two_questions_come_from_earlier_lessons(lesson):
    earlier = [one.earlier for one in contents_of(lesson).questions if one.earlier]
    # The first lesson has none before it.
    assert len(earlier) >= (2 if any(one.id < lesson.id for one in COURSE) else 0)
    assert all(one < lesson.id for one in earlier)


@each
def test_every_exercise_is_asked_before_it_is_checked(lesson):
    asked, checked = [], []
    for cell in cells(lesson, "exercise"):
        text = source(cell)
        if cell["cell_type"] == "markdown":
            asked += [one.id for one in contents_of(lesson).exercises if f" {one.id}:" in text]
        else:
            checked += [one.id for one in contents_of(lesson).exercises if f'"{one.id}"' in text]
            assert set(checked) <= set(asked), checked
    assert set(checked) == {one.id for one in contents_of(lesson).exercises}


@each
def test_a_line_whose_blank_was_filled_is_run(lesson):
    """A line with `...` in it waits. Where it also asks `if filled is not ...`, it waits for ever: seven exercises could not be solved."""
    for cell in cells(lesson, "exercise"):
        if cell["cell_type"] == "code":
            asking = [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.Compare)]
            kept = [node for node in asking for one in (node.left, *node.comparators) if isinstance(one, ast.Constant) and one.value is ... and isinstance(node.ops[0], ast.Is | ast.IsNot)]
            assert not kept, source(cell)


@each_of_the_course
def test_every_core_framework_is_taught_and_assessed(lesson):
    core = {id for id, row in FRAMEWORKS.items() if row["home"] == lesson.id and row["weight"] == "core"}
    everything = {id for id, row in FRAMEWORKS.items() if row["home"] == lesson.id}
    taught = {id: cell for cell in lesson.notebook["cells"] for id in cell["metadata"].get("covers", [])}
    assert everything <= set(taught)
    in_core = {
        id for cell in lesson.notebook["cells"] if not tags(cell) & BEYOND_CORE for id in cell["metadata"].get("covers", [])
    }
    assert core <= in_core
    assert core <= contents_of(lesson, beyond_core=False).covers


@each
def test_what_it_says_to_cover_is_known(lesson):
    named = {id for cell in lesson.notebook["cells"] for id in cell["metadata"].get("covers", [])}
    assert named | contents_of(lesson).covers <= set(FRAMEWORKS)


@each
def test_what_is_not_for_the_learner_is_folded_away(lesson):
    for cell in json.loads(lesson.path.read_text("utf-8"))["cells"]:
        if tags(cell) & {"slide", "notes", "report", "parameters"}:
            # JupyterLab folds code and raw cells; Markdown it shows whatever the metadata say.
            assert cell["cell_type"] != "markdown", source(cell)[:60]
            assert cell["metadata"].get("jupyter", {}).get("source_hidden") is True, source(cell)[:60]


@each
def test_tags_are_known_and_objectives_are_assessed(lesson):
    assert set().union(*(tags(cell) for cell in lesson.notebook["cells"])) <= set(KNOWN_TAGS)
    assert len(objectives(lesson.metadata)) >= 3
    assert all(one.items for one in objectives(lesson.metadata))


@each
def test_a_notebook_is_below_a_megabyte(lesson):
    assert lesson.path.stat().st_size < 1_050_000


@each
def test_cells_are_thin(lesson):
    for cell in lesson.notebook["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in tags(cell):
            assert sum(bool(line.strip()) for line in source(cell).splitlines()) <= 14, source(cell)[:60]
