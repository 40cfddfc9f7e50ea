"""The exercises of lesson 01a: each untouched, solved and with each mistake, on two companies."""

import pytest

from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check
from helpers.touchpoints.exercises import measured

EXERCISES = exercises_of(measured)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


def workings(company):
    made = Workings(EXERCISES)
    made.offer(**measured.inputs(company, as_of=company.as_of))
    return made


@pytest.fixture(scope="module")
def sample(sample_company):
    return workings(sample_company)


@pytest.fixture(scope="module")
def second(elsewhere):
    return workings(elsewhere)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


def test_which_repair_comes_first_depends_on_the_company(sample, no_stories):
    one = EXERCISES["1a.4"]
    assert check(one, "other", sample).kind == CORRECT and check(one, "none", sample).kind == NOT_YET
    without = workings(no_stories)
    assert check(one, "none", without).kind == CORRECT and check(one, "other", without).kind == NOT_YET


def test_the_largest_gap_comes_first_where_it_counts(sample_company):
    made = Workings(EXERCISES)
    # Without the hotline's ratings the hand-over has the largest gap.
    rows = sample_company.ratings
    made.offer(**measured.inputs(sample_company, as_of=sample_company.as_of) | {"ratings": rows[rows["touchpoint"] != "hotline"]})
    assert check(EXERCISES["1a.4"], "largest", made).kind == CORRECT


def test_what_the_silent_do_depends_on_the_company(sample, no_stories, sample_company):
    one = EXERCISES["1a.7"]
    assert check(one, "stay", sample).kind == CORRECT
    assert check(one, "unknown", workings(no_stories)).kind == CORRECT
    made = Workings(EXERCISES)
    sheets = sample_company.survey
    made.offer(**measured.inputs(sample_company, as_of=sample_company.as_of) | {"sheets": sheets.assign(stays=~sheets["stays"])})
    assert check(one, "leave", made).kind == CORRECT and check(one, "stay", made).kind == NOT_YET


def test_orders_alone_say_what_is_missing(france):
    made = workings(france)
    with pytest.raises(Unavailable):
        made.right(EXERCISES["1a.3"])
    assert rehearse(EXERCISES["1a.9"], made) == []
