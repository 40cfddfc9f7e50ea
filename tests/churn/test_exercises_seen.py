"""The exercises of lesson 07a: each untouched, solved and with each mistake, on two companies, and on orders alone."""

import pytest

from helpers.churn.exercises import seen
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import check

EXERCISES = exercises_of(seen)
ON_ORDERS = ("7a.1", "7a.2", "7a.4", "7a.5")
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


@pytest.fixture(scope="module")
def sample(workings_of, planted):
    return workings_of(seen, planted)


@pytest.fixture(scope="module")
def second(workings_of, plain):
    return workings_of(seen, plain)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
def test_on_orders_alone_it_works_or_says_what_is_missing(one, workings_of, france):
    real = workings_of(seen, france)
    if one.id in ON_ORDERS:
        assert [fault for fault in rehearse(one, real) if "cannot tell" not in fault and "mistake" not in fault] == []
    else:
        with pytest.raises(Unavailable):
            real.right(one)


@pytest.mark.parametrize(
    "number, here, elsewhere",
    [("7a.5", "above", "near"), ("7a.10", "both", "nowhere"), ("7a.12", "spend", "none"), ("7a.13", "picker", "basket")],
)
def test_a_judgement_depends_on_the_company(sample, second, number, here, elsewhere):
    one = EXERCISES[number]
    assert check(one, here, sample).kind == CORRECT and check(one, here, second).kind == NOT_YET
    assert check(one, elsewhere, second).kind == CORRECT and check(one, elsewhere, sample).kind == NOT_YET


def test_the_month_of_twenty_a_year_is_that_of_the_course():
    assert EXERCISES["7a.4"](0.20) == pytest.approx(1.8423, abs=5e-5)
