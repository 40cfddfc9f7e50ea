"""The agendas of the course as it is: they fit, they leave nothing unsaid, and what comes first comes first."""

import dataclasses

import pytest

from helpers.teaching import yamlfiles
from helpers.teaching.guide_agenda import SESSION
from helpers.teaching.guide_paths import DAY, PATHS, about, agendas, course
from helpers.teaching.guide_tests import questions_by_lesson, read_pairs

COURSE = course()
ALL = agendas(COURSE, questions_by_lesson(read_pairs()))
each = pytest.mark.parametrize("agenda", ALL, ids=lambda one: one.title)


def taught_in(agenda):
    return {one for part in agenda.parts for one in part.teaches}


def test_there_are_three():
    assert [(one.title, len(one.sessions)) for one in ALL] == [("One day", 1), ("Two days", 2), ("Eight weeks", 8)]
    assert set(about()) == {one.title for one in ALL}


@each
def test_slots_add_up_and_none_is_beyond_the_day(agenda):
    frame = SESSION if agenda.title == "Eight weeks" else DAY
    for session in agenda.sessions:
        slots = session.slots
        assert slots[0].start == frame.start and slots[-1].end <= frame.end
        assert all(before.end == after.start for before, after in zip(slots, slots[1:], strict=False))
        assert all(slot.minutes == sum(part.minutes for part in slot.parts) for slot in slots if slot.kind == "work")
        assert sum(slot.kind == "lunch" for slot in slots) == (frame.lunch > 0)


@each
def test_nobody_sits_for_longer_than_the_stretch(agenda):
    frame = SESSION if agenda.title == "Eight weeks" else DAY
    for session in agenda.sessions:
        sat = 0
        for slot in session.slots:
            sat = sat + slot.minutes if slot.kind == "work" else 0
            assert sat <= frame.stretch + frame.grace


@each
def test_prerequisites_come_before(agenda):
    first = {}
    for place, part in enumerate(agenda.parts):
        first.setdefault(part.lesson, place)
    for lesson, needed in COURSE.prerequisites.items():
        if lesson in first:
            assert all(first.get(one, 10**6) < first[lesson] for one in needed if one in COURSE.prerequisites), lesson


@each
def test_within_a_lesson_its_order_is_kept_and_nothing_is_done_twice(agenda):
    for lesson, parts in COURSE.parts.items():
        order = [part.title for part in parts]
        done = [part.title for part in agenda.parts if part.lesson == lesson]
        assert done == [title for title in order if title in done]


@each
def test_every_core_idea_is_taught_or_named_as_left_out(agenda):
    assert set(agenda.left_out) == set(COURSE.core()) - taught_in(agenda)
    lessons = {part.lesson for part in agenda.parts}
    assert {*agenda.lessons_left_out} == set(COURSE.parts) - lessons


@each
def test_every_slot_names_its_notebook_or_is_an_activity_with_a_product(agenda):
    assert all((part.notebook and part.title) or part.produces for part in agenda.parts)


def test_eight_weeks_teach_all_of_it():
    assert ALL[2].left_out == ALL[2].lessons_left_out == ALL[2].lessons_in_part == ()
    whole = {(part.lesson, part.title) for parts in COURSE.parts.values() for part in parts}
    assert whole <= {(part.lesson, part.title) for part in ALL[2].parts}
    assert not ALL[2].sessions[-1].homework  # nothing is left for after the end


def test_homework_of_a_week_is_bearable():
    most = int(yamlfiles.read(PATHS)["eight_weeks"]["at_home"])
    weeks = ALL[2].sessions
    assert max(week.minutes_at_home for week in weeks) <= most
    assert sum(part.minutes for part in (*weeks[-2].homework, *weeks[-1].before)) <= most


def test_two_days_teach_whole_lessons_only():
    assert ALL[1].lessons_in_part == ()


def test_a_case_follows_its_lesson():
    for agenda in ALL:
        places = {part.lesson: place for place, part in enumerate(agenda.parts) if not part.case}
        for place, part in enumerate(agenda.parts):
            if part.case:
                assert places[COURSE.cases[part.case]["part"]] < place


def test_a_test_takes_as_long_as_the_questions_of_the_lessons_that_are_taught():
    # Three quarters of a minute each: eight questions are six minutes, twenty are fifteen.
    one_day = {part.lesson for part in ALL[0].parts}
    asked = sum(number for lesson, number in questions_by_lesson(read_pairs()).items() if lesson in one_day)
    found = next(part for part in ALL[0].parts if part.title.startswith("Test before"))
    assert asked == 8 and found.minutes == 6


def test_a_lesson_that_joins_finds_its_place():
    """A notebook that is not there yet: the same parts once more under the next number."""
    parts = {**COURSE.parts, "08": [dataclasses.replace(one, lesson="08") for one in COURSE.parts["02"]]}
    larger = dataclasses.replace(COURSE)
    vars(larger).update(parts=parts, prerequisites={**COURSE.prerequisites, "08": ["07b"]})
    one_day, two_days, eight_weeks = agendas(larger, {})
    assert "08" in one_day.lessons_left_out
    assert "08" in two_days.lessons_left_out or "08" in {part.lesson for part in two_days.parts}
    assert "08" in {part.lesson for part in eight_weeks.parts}


def test_a_heading_that_is_gone_is_named(tmp_path):
    path = tmp_path / "paths.yml"
    path.write_text(PATHS.read_text(encoding="utf-8").replace('"What is an offer worth?"', '"What was it worth?"'), encoding="utf-8")
    with pytest.raises(ValueError, match="07b: What was it worth"):
        agendas(COURSE, {}, path=path)
