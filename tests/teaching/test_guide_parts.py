"""Parts of a notebook: their minutes add up, their headings and products are found."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.places import CASEBOOK, NOTEBOOKS
from helpers.reports.lessons import Lesson, all_lessons
from helpers.teaching.guide_parts import Part, cases_of, parts_of, whole_minutes, without_the_small
from helpers.teaching.topics import Topic

EMPTY = Topic("none", quiz=Path("no.yml"), worksheets=Path("no.yml"))


def markdown(text, *tags, **metadata):
    return {"cell_type": "markdown", "metadata": {"tags": list(tags), **metadata}, "source": text}


def lesson(tmp_path, cells, **metadata):
    path = tmp_path / "03a_tiny_value.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {"lesson": metadata}}), encoding="utf-8")
    return Lesson(path)


def test_each_heading_is_a_part_with_its_share_of_the_declared_minutes(tmp_path):
    # 130 words a minute: sections of 130, 260 and 130 words have 1, 2 and 1 of 4 parts of the declared 20 minutes.
    cells = [
        markdown("# Tiny " + "word " * 129),
        markdown("## Who *buys*?\n" + "word " * 258, covers=["S02", "S01"]),
        markdown("### Your turn 3a.1: count them"),
        markdown("## And then?\n" + "word " * 122),
    ]
    found = parts_of(lesson(tmp_path, cells, minutes=20), topic=EMPTY)
    assert [(one.title, one.minutes) for one in found] == [("Opening", 5), ("Who buys?", 10), ("And then?", 5)]
    assert found[1].teaches == ("S01", "S02")
    assert found[1].produces == ("3a.1: count them",)
    assert found[0].notebook == "03a_tiny_value.ipynb"


def test_what_is_beyond_the_core_or_not_for_learners_is_no_part(tmp_path):
    cells = [
        markdown("# Tiny\nword"),
        markdown("## A slide", "slide"),
        markdown("## Notes", "notes"),
        markdown("## More\nword", "extension"),
        markdown("## To look up\nword", "reference"),
    ]
    assert [one.title for one in parts_of(lesson(tmp_path, cells, minutes=3), topic=EMPTY)] == ["Opening"]


@given(st.lists(st.floats(0.01, 50), min_size=1, max_size=20), st.integers(1, 200))
def test_whole_minutes_add_up_and_are_off_by_a_minute_at_most(weights, total):
    found = whole_minutes(weights, total)
    assert sum(found) == total
    assert all(abs(each - weight / sum(weights) * total) <= 1.001 for each, weight in zip(found, weights, strict=True))


def test_what_takes_less_than_a_minute_joins_its_neighbour():
    parts = [Part("a", 0, "01"), Part("b", 5, "01", teaches=("S02",)), Part("c", 0, "01", teaches=("S01",)), Part("d", 0, "02"), Part("e", 3, "02")]
    shown = without_the_small(parts)
    assert [(one.title, one.minutes) for one in shown] == [("a · b · c", 5), ("d · e", 3)]
    assert shown[0].teaches == ("S01", "S02")


@pytest.mark.parametrize("one", all_lessons(NOTEBOOKS), ids=lambda one: one.id)
def test_parts_of_every_lesson_add_up_to_the_minutes_in_its_header(one):
    parts = parts_of(one)
    assert sum(part.minutes for part in parts) == one.metadata["minutes"]
    assert len({part.title for part in parts}) == len(parts)
    assert any(part.produces for part in parts)


@pytest.mark.parametrize("one", all_lessons(CASEBOOK), ids=lambda one: one.id)
def test_every_case_has_its_declared_minutes_and_something_to_make_or_to_read(one):
    found = cases_of(one, titles={})
    assert {part.case: part.minutes for part in found} == one.metadata["case_minutes"]
    assert all(part.produces for part in found if part.minutes >= 10)
