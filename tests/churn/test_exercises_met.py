"""The exercises of lesson 07b: each untouched, solved and with each mistake, on two companies, and on orders alone."""

import pandas as pd
import pytest

from helpers.churn import levers
from helpers.churn.exercises import met
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import check

EXERCISES = exercises_of(met)
ON_ORDERS = ("7b.7",)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


@pytest.fixture(scope="module")
def sample(workings_of, planted):
    return workings_of(met, planted)


@pytest.fixture(scope="module")
def second(workings_of, company_of):
    """Another seed and size, nothing planted: no offer holds anybody."""
    return workings_of(met, company_of(seed=8, customers=4000, stories=False))


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
def test_on_orders_alone_it_works_or_says_what_is_missing(one, workings_of, france):
    real = workings_of(met, france)
    if one.id in ON_ORDERS:
        assert rehearse(one, real) == []
    else:
        with pytest.raises(Unavailable):
            real.right(one)


@pytest.mark.parametrize("number, here, elsewhere", [("7b.4", "near", "nobody"), ("7b.6", "coming", "nothing")])
def test_a_judgement_depends_on_the_company(sample, second, number, here, elsewhere):
    one = EXERCISES[number]
    assert check(one, here, sample).kind == CORRECT and check(one, here, second).kind == NOT_YET
    assert check(one, elsewhere, second).kind == CORRECT and check(one, elsewhere, sample).kind == NOT_YET


def test_an_offer_by_hand():
    """20 of 100 fewer leave, each worth 280; asking costs 25: 56 less 25."""
    offer = pd.Series({"leaves_alone": 0.3, "leaves_with": 0.1, "value": 280.0, "cost": 25.0})
    assert EXERCISES["7b.5"](offer) == pytest.approx(31.0)


def test_the_nine_lock_ins_by_hand():
    """Fair are the click, the one plan, the two years named in the first line, and the points with their worth beside them."""
    cards = levers.lock_ins()
    assert levers.is_fair(cards).tolist() == [True, False, True, False, True, False, True, False, False]
    assert EXERCISES["7b.7"](cards) == 5


def test_hours_of_care_by_hand():
    # 10 customers cut to 6 contacts and 100 with 1: 160 a year, 40 a quarter, at a quarter of an hour.
    care = pd.DataFrame({"customers": [10, 100], "contacts_a_year": [12, 1]})
    assert EXERCISES["7b.9"](care, 6, 15) == pytest.approx(10.0)
