"""The exercises of the casebook of branding: each untouched, solved and with each mistake, in two worlds."""

import numpy as np
import pandas as pd
import pytest

from helpers.branding import case_worlds, cases
from helpers.branding.exercises import cases as exercises
from helpers.errors import DataError
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.marking import Workings, check
from helpers.withheld import Withheld

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
        ("C15.6", "two_years", "lifetime"),
        ("C18.6", "new", "old"),
        ("C16.2", "seen", "better"),
        ("C17.2", "parts", "name"),
        ("C37.2", "batch", "series"),
    ],
)
def test_another_world_makes_another_option_right(id, here, there, first, second):
    one = EXERCISES[id]
    for right, made in ((here, first), (there, second)):
        for option in one.options:
            outcome = check(one, option, made)
            assert outcome.kind == (CORRECT if option == right else NOT_YET), option
            assert outcome.text and "{" not in outcome.text


def test_the_numbers_of_the_source():
    """Appendix B: 5 to 40 times an ordinary price are a premium of 400% to 3,900%."""
    assert [100 * (times - 1) for times in case_worlds.TIMES_ORDINARY] == [400, 3900]
    assert exercises.premium_of_the_dearest() == 3900


def test_the_numbers_by_hand():
    shoes, cookers = case_worlds.Shoes(), case_worlds.Cookers()
    assert exercises.lifetime_costs(shoes) == 24 * 35
    # 9 buyers more at 90 yuan pay for 810 / 35 repairs.
    assert exercises.claims_to_break_even(shoes) == pytest.approx(23.142857)
    # Two years: 7 * 90 - 9 * 35 = 315.
    assert cases.promise_accounts(shoes)["two_years"].left == pytest.approx(315)
    # Each of 60 tells 20 of 40,000: 40,000 * (1 - 0.9995 ** 60).
    assert exercises.who_hears_of_it(shoes) == pytest.approx(40_000 * (1 - 0.9995**60))
    assert exercises.same_story_by_luck(shoes) == pytest.approx(10.56)
    # Known: 0.80 * 18/150 * 200,000 * 160; new: 0.42 * 57/150 * 200,000 * 160 - 1,600,000.
    assert cases.name_leaves(cookers, "old") == pytest.approx(3_072_000)
    assert cases.name_leaves(cookers, "new") == pytest.approx(3_507_200)
    # 57/150 * 32,000,000 = 12,160,000 if all knew it.
    assert exercises.of_100_must_know(cookers) == pytest.approx(100 * (3_072_000 + 1_600_000) / 12_160_000)
    # 600 * (1 - 0.78 ** 36) / 0.22
    assert exercises.pieces_in_three_years(case_worlds.Kettle()) == pytest.approx(600 * (1 - 0.78**36) / 0.22)


def test_at_the_break_even_awareness_both_names_leave_the_same():
    cookers = case_worlds.Cookers()
    level = cases.with_new_name(cookers, known=cases.known_needed(cookers), launch=cookers.names["new"].launch)
    assert cases.name_leaves(level, "new") == pytest.approx(cases.name_leaves(level, "old"))


def test_the_planted_premium_of_the_name_is_found_at_equal_parts():
    """A list without any scatter gives back what was planted; the interval holds it in about 95 of 100 lists with it."""
    rows = case_worlds.bicycles(name_adds=0.25)
    exact = rows.assign(price=600 * np.exp(0.25 * rows["known"] + sum(adds * (rows[part] - 1) for part, adds in case_worlds.GRADES.items())))
    assert cases.premium_at_equal_parts(exact).name == pytest.approx(np.expm1(0.25))
    held = [
        found.low <= np.expm1(0.25) <= found.high
        for found in (cases.premium_at_equal_parts(case_worlds.bicycles(seed=seed)) for seed in range(100))
    ]
    assert sum(held) >= 88


def test_brands_named_together_by_hand():
    lists = pd.DataFrame({"person": ["P1", "P1", "P2", "P3"], "place": [1, 2, 1, 1], "brand": ["A", "B", "A", "C"]})
    assert cases.union_of(lists).tolist() == [2, 2, 3]
    assert exercises.names_a_head(lists) == pytest.approx(4 / 3)


def contacts_of(*rows):
    table = pd.DataFrame(rows, columns=["customer_id", "at", "cause", "resolved"])
    return table.assign(at=pd.to_datetime(table["at"]), resolved=table["resolved"].astype("boolean"))


def test_orders_after_a_complaint_by_hand():
    """30 settled, of whom 20 order within 180 days; 40 unsettled, of whom 10 do; one too young, one second complaint, one order too late."""
    rows = [(f"S{n}", "2025-01-10", "late", True) for n in range(30)] + [(f"U{n}", "2025-01-10", "broken", False) for n in range(40)]
    rows += [("Y", "2025-12-01", "late", True), ("U0", "2025-03-01", "late", True), ("N", "2025-01-10", "", True)]
    sold = [(f"S{n}", "2025-03-01") for n in range(20)] + [(f"U{n}", "2025-02-01") for n in range(10)] + [("U20", "2025-09-30")]
    orders = pd.DataFrame(sold, columns=["customer_id", "ordered_at"])
    orders = orders.assign(ordered_at=pd.to_datetime(orders["ordered_at"]), amount_minor=100)
    found = cases.after_complaints(contacts_of(*rows), orders, as_of=pd.Timestamp("2025-12-31").date())
    assert found.people == (30, 40)
    assert (found.settled.value, found.unsettled.value) == pytest.approx((20 / 30, 10 / 40))
    assert found.difference.value == pytest.approx(20 / 30 - 10 / 40)


def test_without_complaints_it_is_withheld():
    assert isinstance(cases.after_complaints(None, pd.DataFrame(), as_of=None), Withheld)


def test_an_unknown_world_is_refused():
    with pytest.raises(DataError, match="There is no world 'third'"):
        case_worlds.world("third")
