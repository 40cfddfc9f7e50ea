import pytest

from helpers.reports.strip import KNOWN_TAGS, folded, stays, strip, unfolded

IN_EVERY_REPORT = {"parameters", "report", "answer", "hide-input"}


@pytest.mark.parametrize("tag", sorted(KNOWN_TAGS))
def test_each_tag_is_kept_or_dropped_as_the_design_says(make, tag):
    cell = make.prose("words", tag)
    assert stays(cell, is_sample=False) is (tag in IN_EVERY_REPORT)
    assert stays(cell, is_sample=True) is (tag in IN_EVERY_REPORT | {"sample"})
    assert stays(cell, is_sample=False, beyond_core=True) is (tag in IN_EVERY_REPORT | {"extension", "reference"})


def test_a_cell_without_tags_stays(make):
    assert stays({"cell_type": "code", "source": "", "metadata": {}}, is_sample=False)


def test_one_teaching_tag_is_enough_to_go(make):
    assert not stays(make.prose("words", "report", "exercise"), is_sample=True)


def test_stripping_drops_outputs_and_leaves_the_lesson_alone(make):
    cell = make.code("1") | {
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],
        "execution_count": 3,
    }
    lesson = make.notebook(cell, make.prose("Try it.", "exercise"))
    lesson["metadata"]["widgets"] = {"state": {}}
    report = strip(lesson, is_sample=True)
    assert [(one["outputs"], one["execution_count"]) for one in report["cells"]] == [([], None)]
    assert "widgets" not in report["metadata"]
    assert len(lesson["cells"]) == 2
    assert lesson["cells"][0]["outputs"]


@pytest.mark.parametrize("tag", ["slide", "notes", "report"])
def test_text_that_is_folded_for_learners_is_markdown_everywhere_else(tag):
    cell = {"cell_type": "markdown", "source": ["## One\n", "two"], "metadata": {"tags": [tag], "deck": {"minutes": 2}}, "id": "a"}
    stored = folded(cell)
    assert stored["cell_type"] == "raw" and stored["metadata"]["jupyter"] == {"source_hidden": True}
    assert stored["source"].splitlines()[0].startswith("<!-- ") and "One" not in stored["source"].splitlines()[0]
    assert unfolded(stored) == cell | {"source": "## One\ntwo"}
    assert folded(stored) == stored


def test_other_cells_are_not_folded():
    prose = {"cell_type": "markdown", "source": "# One", "metadata": {}}
    code = {"cell_type": "code", "source": "1", "metadata": {"tags": ["report"]}, "outputs": []}
    raw = {"cell_type": "raw", "source": "<x>", "metadata": {}}
    for cell in (prose, code, raw):
        assert folded(cell) == cell == unfolded(cell)
