"""The exercises of lesson 04: each untouched, solved and with each mistake, on three companies."""

import pytest

from helpers.dormancy.exercises import lesson
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import check

EXERCISES = exercises_of(lesson)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
OF_A_CAMPAIGN = ("4.8", "4.9", "4.10")


@pytest.fixture(scope="module")
def sample(workings_of, planted):
    return workings_of(lesson, planted)


@pytest.fixture(scope="module")
def second(workings_of, plain):
    return workings_of(lesson, plain)


@pytest.fixture(scope="module")
def real(workings_of, france):
    return workings_of(lesson, france)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
def test_it_marks_as_it_should_on_real_orders_or_says_what_is_missing(one, real):
    if one.id in (*OF_A_CAMPAIGN, "4.1", "4.5"):
        with pytest.raises(Unavailable):
            real.right(one)
    else:
        assert rehearse(one, real) == []


def test_the_remedy_depends_on_the_company(sample, second):
    one = EXERCISES["4.6"]
    assert check(one, "place", sample).kind == CORRECT
    assert "Coffee capsules" in check(one, "place", sample).text
    assert check(one, "place", second).kind == NOT_YET
    assert check(one, "ask", second).kind == CORRECT


def test_the_way_to_wake_depends_on_the_company(sample, second):
    one = EXERCISES["4.10"]
    assert check(one, "call", sample).kind == CORRECT
    assert check(one, "none", sample).kind == NOT_YET
    assert check(one, "none", second).kind == CORRECT
