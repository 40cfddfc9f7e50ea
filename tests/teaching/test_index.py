"""The index of the course, kept in step with notebooks, functions and tables."""

import inspect
import json
import re

import pytest

from helpers.places import CASEBOOK, NOTEBOOKS
from helpers.reports.lessons import all_lessons
from helpers.teaching import index
from helpers.teaching.glossary import frameworks, glossary
from helpers.teaching.topics import topic_name

HELPERS = sorted({one.helper for one in (*index.frameworks_index(), *index.words_index()) if one.helper})
HOMES = {lesson.id: lesson for lesson in all_lessons(NOTEBOOKS)}


def test_every_word_and_framework_of_the_source_is_there():
    assert [one.id for one in index.frameworks_index()] == [f"S{number:02d}" for number in range(1, 128)]
    assert len(index.words_index()) == len(glossary()) == 133


def test_every_framework_is_taught_where_the_table_says():
    """In the notebook that the table names, a cell says that it teaches it."""
    missing = [one.id for one in index.frameworks_index() if one.home not in index._taught().get(one.id, ())]
    assert not missing


@pytest.mark.parametrize("helper", HELPERS)
def test_what_computes_it_is_a_public_function_with_a_docstring(helper):
    made = index.function(helper)
    assert inspect.isfunction(made) and not made.__name__.startswith("_")
    assert index.does(helper)


@pytest.mark.parametrize("one", [one for one in index.frameworks_index() if one.helper], ids=lambda one: one.id)
def test_a_framework_s_function_is_of_the_topic_that_teaches_it_and_is_used_there(one):
    topic, name = topic_name(HOMES[one.home]), one.helper.rpartition(".")[2]
    assert one.helper.split(".")[0] in (topic, "stats")
    texts = [HOMES[one.home].path.read_text(encoding="utf-8"), *(path.read_text(encoding="utf-8") for path in (NOTEBOOKS.parent / "src" / "helpers" / topic).rglob("*.py"))]
    # Its own definition, and somebody who calls it.
    assert sum(len(re.findall(rf"\b{name}\b", text)) for text in texts) >= 2


def test_what_is_core_is_practised():
    lazy = [one.id for one in index.frameworks_index() if one.weight == "core" and not one.practised and not one.helper]
    assert lazy == []


def test_every_word_belongs_to_a_framework_that_exists():
    assert {one.framework for one in index.words_index()} <= set(frameworks())


def test_words_are_found_in_english_in_chinese_and_by_id():
    assert "Churn rate" in repr(index.look_up("churn RATE")) and "S112" in repr(index.look_up("流失率")) + repr(index.look_up("S112"))
    assert "segmentation.measures.rfm" in repr(index.look_up("RFM"))
    assert "03a" in repr(index.look_up("03a"))
    assert "Nothing found" in repr(index.look_up("<b>xyzxyz</b>")) and "<b>" not in index.look_up("<b>xyzxyz</b>").html()
    assert "What are you looking for?" in repr(index.look_up("  "))


def test_the_field_finds_what_is_typed():
    field = index.Search("RFM")
    assert "segmentation.measures.rfm" in field.html() and "RFM" in field.plain()
    box = field.widget()
    typing, found = box.children[-2], box.children[-1]
    inner = next(child for child in [typing, *getattr(typing, "children", ())] if hasattr(child, "value") and hasattr(child, "placeholder"))
    inner.value = "leaky bucket"
    assert "churn.bucket.level" in found.value


def test_the_page_has_every_entry_and_every_case():
    page = index.page()
    for one in (*index.words_index(), *index.frameworks_index()):
        assert one.chinese.replace("&", "&amp;") in page
    assert all(id in page for id in index.cases()["id"])
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_the_casebook_s_index_lists_every_case_by_theme_and_by_length():
    cases = index.cases()
    assert set(cases["theme"]) == set(index.THEMES) and set(cases["weight"]) == set(index.LENGTHS)
    assert index.cases_in_markdown() in (CASEBOOK / "README.md").read_text(encoding="utf-8")


def test_the_notebook_is_stored_as_it_runs():
    notebook = json.loads((NOTEBOOKS / "reference" / "index_of_the_course.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [one for cell in code for one in cell["outputs"] if one["output_type"] == "error"]
