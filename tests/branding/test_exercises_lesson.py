"""The exercises of lesson 06: each untouched, solved and with each mistake, on two companies, and on orders alone."""

import pytest

from helpers.branding.exercises import lesson
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import check

EXERCISES = exercises_of(lesson)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


@pytest.fixture(scope="module")
def sample(workings_of, planted):
    return workings_of(lesson, planted)


@pytest.fixture(scope="module")
def second(workings_of, plain):
    return workings_of(lesson, plain)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
def test_on_orders_alone_it_says_what_is_missing(one, workings_of, france):
    real = workings_of(lesson, france)
    if one.id == "6.10":
        assert rehearse(one, real) == []
    else:
        with pytest.raises(Unavailable):
            real.right(one)


@pytest.mark.parametrize(
    "number, here, elsewhere",
    [("6.4", "recommending", "nothing"), ("6.7", "partners", "keep"), ("6.8", "most", "all")],
)
def test_a_judgement_depends_on_the_company(sample, second, number, here, elsewhere):
    one = EXERCISES[number]
    assert check(one, here, sample).kind == CORRECT and check(one, here, second).kind == NOT_YET
    assert check(one, elsewhere, second).kind == CORRECT and check(one, elsewhere, sample).kind == NOT_YET


def test_different_people_are_those_of_the_closed_form(sample):
    # 100,000 x (1 - 0.9975 ** 400): 0.9975 ** 400 = exp(400 x ln 0.9975) = exp(-1.001252) = 0.367419
    assert sample.right(EXERCISES["6.10"]) == pytest.approx(100_000 * (1 - 0.367419), rel=1e-5)
