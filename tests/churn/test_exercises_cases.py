"""The exercises of the casebook of churn: each untouched, solved and with each mistake, in two worlds."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from helpers.churn import bucket, case_worlds, cases
from helpers.churn.exercises import cases as exercises
from helpers.errors import DataError
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(exercises)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


def workings_of(world):
    made = Workings(EXERCISES)
    made.offer(**exercises.inputs(world=world))
    return made


@pytest.fixture(scope="module")
def first():
    return workings_of("first")


@pytest.fixture(scope="module")
def second():
    return workings_of("second")


@each
def test_it_marks_as_it_should(one, first):
    assert rehearse(one, first) == []


@each
def test_it_marks_as_it_should_in_a_second_world(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]})], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, first):
    assert check(one, answer, first).kind in (CANNOT_CHECK, NOT_YET)


@pytest.mark.parametrize(
    "id, here, there",
    [
        ("C01.6", "picker", "basket"),
        ("C26.6", "cheapest", "liked"),
        ("C42.2", "heart", "purse"),
        ("C44.2", "age", "bills"),
        ("C45.6", "stay", "broaden"),
        ("C46.2", "trap", "fair"),
    ],
)
def test_another_world_makes_another_option_right(id, here, there, first, second):
    one = EXERCISES[id]
    for right, made in ((here, first), (there, second)):
        for option in one.options:
            outcome = check(one, option, made)
            assert outcome.kind == (CORRECT if option == right else NOT_YET), option
            assert outcome.text and "{" not in outcome.text


def test_the_bucket_of_the_source():
    """Appendix of the digest: with 1,000 won a year, 20 of 100 lost settles at 5,000, 10 of 100 at 10,000."""
    assert (cases.settles_at(1000, 0.2), cases.settles_at(1000, 0.1)) == (5000, 10_000)


def test_the_milk_round_by_hand_and_by_the_lesson_s_function():
    milk = case_worlds.Milk(served=1000, won=100, churn=0.5, years=2)
    # 1000 -> 500 + 100 = 600 -> 300 + 100 = 400
    assert cases.households(milk).tolist() == [1000, 600, 400]
    one = case_worlds.Milk()
    assert cases.households(one) == pytest.approx(bucket.path(one.served, one.won, one.churn, years=5).to_numpy())
    # (1000 + 260) / 0.4 = 3150 = 1000 / (0.4 - k): k = 0.0825
    assert cases.basket_like_a_picker(one) == pytest.approx(100 * (0.4 - 1000 / 3150))


def test_the_money_of_a_picker_by_hand():
    milk = case_worlds.Milk(served=100, won=10, churn=0.1, more_won=5, fewer_lost=0.0, margin=10, cost=20, years=2)
    # 5 more after a year, 5 + 4.5 more after two: 14.5 household-years at 10, less 40.
    assert cases.money_of(milk, "picker") == pytest.approx(105.0) and cases.money_of(milk, "basket") == -40.0


def test_neither_where_both_cost_more_than_they_bring():
    assert cases.better_way(case_worlds.Milk(cost=10**6)) == "neither"


def test_the_plan_of_the_writers_by_hand():
    writers = case_worlds.world("first").writers
    # Front page 10 for 6 of 100, a say 40 for 4, the group 60 for 4: 167, 1,000 and 1,500 yuan for each one kept.
    assert cases.per_writer_kept(writers).nsmallest(3).round().tolist() == [167, 1000, 1500]
    kept, cost = cases.kept_by(writers, cases.plan_of(writers, "cheapest"))
    assert (kept, cost) == pytest.approx((400 * 14 / 100, 400 * 110))
    assert cases.readers_moved(writers) == pytest.approx(200_000 * 0.35 / 9600)


def test_like_with_like_by_hand():
    app = case_worlds.world("first").app
    # 4 of 100 in both kinds of visitors; by lot 846 and 818 of 2,000.
    assert cases.like_with_like(app) == pytest.approx(4.0)
    low, high = confint_proportions_2indep(846, 2000, 818, 2000, method="newcomb")
    found = cases.by_lot(app)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)
    # 200,000 * (0.014 * 60 - 6) - 900,000
    assert cases.broadening_leaves(app) == pytest.approx(200_000 * (0.014 * 60 - 6) - 900_000)


def test_what_leads_is_what_was_put_in():
    first, second = (cases.which_leads(case_worlds.world(name).trust) for name in ("first", "second"))
    assert first.heart_to_purse > 0.5 > abs(first.purse_to_heart) and second.purse_to_heart > 0.4 > abs(second.heart_to_purse)


def test_the_cards_of_one_age_by_hand():
    cards = case_worlds.world("first").cards
    # New: 120 and 104 of 1,000; old: 30 and 27.7.
    assert cases.closures(cards).loc["new", [0, 3]].tolist() == pytest.approx([120, 104])
    assert cases.times_harder(cards) == pytest.approx((780 / 8000) / (232 / 7000))
    assert cases.times_harder_alike(cards) == pytest.approx((8000 * 120 / 104 + 12_000 * 30 / (180_000 / 6500)) / 20_000)


def test_the_telephone_by_hand():
    plan = case_worlds.Plan()
    # 24 months at 50 more; a fourth of 1,440 is owed after 18 months; ten fees of 129.
    assert (cases.phone_through_plan(plan), cases.still_owed(plan), cases.penalty(plan)) == (1200, 360, 1290)
    assert cases.fair_or_trap(cases.with_penalty(plan, 2)) == "fair"


def test_a_world_that_does_not_exist_is_refused():
    with pytest.raises(DataError, match="no world"):
        case_worlds.world("third")


def test_the_orders_of_the_writers_are_orders():
    ranks = case_worlds.world("first").writers.ranks
    assert (np.sort(ranks.to_numpy(), axis=1) == np.arange(1, 8)).all()
