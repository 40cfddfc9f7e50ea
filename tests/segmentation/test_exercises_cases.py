"""The exercises of the casebook: each untouched, solved and with each mistake, on two companies and in two worlds."""

from datetime import date

import pandas as pd
import pytest

from helpers.segmentation import case_worlds, cases, drill
from helpers.segmentation.exercises import cases as exercises
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(exercises)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
JUDGEMENTS = [one for one in EXERCISES.values() if one.kind == "judge"]
each_judgement = pytest.mark.parametrize("one", JUDGEMENTS, ids=lambda one: one.id)


@pytest.fixture(scope="module")
def sample(workings_of, sample_company):
    return workings_of(exercises, sample_company)


@pytest.fixture(scope="module")
def second(workings_of, company_of):
    """Another seed, the fall planted elsewhere; a country, a street and an offer of the other kind."""
    company = company_of(seed=2001, plant={"fall": ("Hangzhou", "water", "hotline_advice")})
    return workings_of(exercises, company, refusers_watch=0.95, trouble="what", offer="screen", homes=2000, seed=5)


@pytest.fixture(scope="module")
def quiet(workings_of, company_of):
    """A company in which nothing was planted."""
    return workings_of(exercises, company_of(seed=2003, stories=False))


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company_and_in_a_second_world(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize(
    "answer",
    [object(), lambda: 1, "no such thing", pd.DataFrame({"x": ["a"]}), (letter for letter in "ab")],
    ids=lambda one: type(one).__name__,
)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, sample):
    assert check(one, answer, sample).kind in (CANNOT_CHECK, NOT_YET)


def test_every_case_with_exercises_has_a_judgement():
    by_case = {}
    for one in EXERCISES.values():
        by_case.setdefault(one.id.partition(".")[0], []).append(one.kind)
    assert set(by_case) == {"C10", "C11", "C24", "C25"}
    assert all("judge" in kinds for kinds in by_case.values())
    assert len(by_case["C11"]) >= 3 and len(by_case["C25"]) >= 3
    assert {len(by_case["C10"]), len(by_case["C24"])} <= {1, 2, 3}


# ---------------------------------------------------------------- the right answers, by hand

PANEL = pd.DataFrame(
    {"weight": [2.0, 1.0, 0.5, 0.5], "watches": [True, False, True, False], "set_on": [True, True, True, False]}
)
PARTS = pd.DataFrame({"before": [200.0, 100.0, 100.0], "after": [170.0, 100.0, 110.0]}, index=["A", "B", "C"])


def test_margin_of_the_gala_is_the_published_one():
    assert exercises.margin_of_the_gala(0.30, 1000) == pytest.approx(2.840, abs=5e-4)
    assert exercises.margin_with_five_times_the_homes(2.8403) == pytest.approx(1.270, abs=5e-4)


def test_rating_and_share_by_hand():
    # 2 + 0.5 of 4 watch; of the 3.5 whose set is on.
    assert exercises.weighted_rating(PANEL) == pytest.approx(62.5)
    assert exercises.weighted_share_of_the_evening(PANEL) == pytest.approx(100 * 2.5 / 3.5)


def test_error_from_who_answers_by_hand():
    # 200 sheets of buyers and 120 of others: 62.5 of 100, where 40 of 100 bought.
    assert exercises.error_from_who_answers(case_worlds.street()) == pytest.approx(22.5)


def test_gap_between_groups_by_hand():
    groups = pd.DataFrame({"customers": [100, 50, 200], "accepted": [10, 20, 30]})
    assert exercises.gap_between_groups(groups) == pytest.approx(30.0)


def test_shares_of_a_change_by_hand():
    assert exercises.loss_of_the_largest_part(PARTS) == pytest.approx(50.0)
    # The whole kept 380 of 400, so 190, 95 and 95 were to be expected.
    assert exercises.excess_of_each_region(PARTS).to_dict() == pytest.approx({"A": -20.0, "B": 5.0, "C": 15.0})
    way = pd.DataFrame({"before": [400.0, 200.0], "change": [-20.0, -30.0]})
    assert exercises.share_of_the_change_in_one_place(way) == pytest.approx(150.0)


# ---------------------------------------------------------------- another company, another right option


@pytest.mark.parametrize(
    "id, here, there",
    [
        ("C11.5", "refusers", "homes"),
        ("C10.2", "who", "what"),
        ("C24.2", "travel", "screen"),
        ("C25.3", "line", "sales_behaviour"),
    ],
)
def test_another_option_is_right_elsewhere(id, here, there, sample, second):
    one = EXERCISES[id]
    assert check(one, here, sample).kind == check(one, there, second).kind == CORRECT
    assert check(one, there, sample).kind == check(one, here, second).kind == NOT_YET


def test_where_nothing_stands_out_no_report_is_the_right_one(quiet):
    assert check(EXERCISES["C25.3"], "none", quiet).kind == CORRECT
    assert check(EXERCISES["C25.3"], "region", quiet).kind == NOT_YET
    for id in ("C25.4", "C25.5"):
        with pytest.raises(Unavailable, match="No part of the company stands out"):
            quiet.right(EXERCISES[id])


@pytest.mark.parametrize(
    "pieces, money, right",
    [
        pytest.param(2, 1000, "orders", id="they stopped coming"),
        pytest.param(1, 500, "pieces", id="they buy less at a time"),
        pytest.param(2, 500, "price", id="they pay less for a piece"),
    ],
)
def test_the_next_step_depends_on_what_changed_inside(pieces, money, right):
    later = 15 if right == "orders" else 60
    rows = [
        {"customer_id": f"{year}-{number}", "ordered_at": pd.Timestamp(f"{year}-04-01"), "quantity": one, "amount_minor": paid}
        for year, count, one, paid in ((2025, 60, 2, 1000), (2026, later, pieces, money))
        for number in range(count)
    ]
    periods = (drill.Period(date(2025, 3, 1), date(2025, 6, 1)), drill.Period(date(2026, 3, 1), date(2026, 6, 1)))
    inside = cases.what_changed_inside(pd.DataFrame(rows), periods=periods, cell={})
    made = Workings(EXERCISES)
    made.offer(inside=inside, code="CNY")
    assert check(EXERCISES["C25.5"], right, made).kind == CORRECT
    wrong = next(key for key in ("orders", "pieces", "price") if key != right)
    assert check(EXERCISES["C25.5"], wrong, made).kind == NOT_YET


@each_judgement
def test_every_sentence_of_an_option_is_filled(one, sample, second):
    for workings in (sample, second):
        facts = workings.facts(one)
        assert facts
        for key in one.options:
            text = check(one, key, workings).text
            assert text and "{" not in text


def test_one_region_or_no_column_is_said_and_not_marked(sample_company):
    made = Workings(EXERCISES)
    company = sample_company
    orders = company.orders.assign(region="all")[["customer_id", "ordered_at", "amount_minor", "region"]]
    made.offer(**{**exercises.inputs(company, as_of=company.as_of), "orders": orders, "products": None})
    assert "one part only" in check(EXERCISES["C25.2"], 1, made).text
    assert "no column to open" in check(EXERCISES["C25.3"], "region", made).text
    assert check(EXERCISES["C25.1"], 50, made).kind == CANNOT_CHECK
