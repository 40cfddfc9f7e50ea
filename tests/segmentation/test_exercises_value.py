"""The exercises of lesson 03a: each untouched, solved and with each mistake, on three companies."""

from datetime import date

import pandas as pd
import pytest

from helpers.segmentation.exercises import value
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(value)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


@pytest.fixture(scope="module")
def sample(workings_of, sample_company):
    return workings_of(value, sample_company)


@pytest.fixture(scope="module")
def second(workings_of, company_of):
    """Half the size, another seed, nothing planted."""
    return workings_of(value, company_of(seed=7, customers=3000, stories=False))


@pytest.fixture(scope="module")
def real(workings_of, france):
    return workings_of(value, france)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
def test_it_marks_as_it_should_on_real_orders(one, real):
    if one.id in ("3a.7", "3a.8"):
        with pytest.raises(Unavailable, match="Missing in the data: a `margin` column"):
            real.right(one)
    else:
        assert rehearse(one, real) == []


def test_what_to_repair_first_depends_on_the_company(sample, second):
    one = EXERCISES["3a.8"]
    assert check(one, "shop", sample).kind == CORRECT
    assert check(one, "shop", second).kind == NOT_YET
    assert check(one, "returns", second).kind == CORRECT
    assert "At S07" in check(one, "shop", sample).text


def test_service_comes_first_where_it_used_up_the_margins():
    profit = pd.DataFrame({"customer_id": list("ABC"), "margin_minor": [100, 200, -5], "value_minor": [-1, -2, -9]})
    classes = pd.DataFrame({"value_class": ["BZC", "BZC", "BZC"]})

    class NoShop:
        outliers: list = []

    found = value.causes(NoShop, profit, classes)
    assert (found["key"], found["by_contacts"], found["by_returns"]) == ("contacts", 2, 1)


def orders_of(rows):
    """Order lines from (customer, day, amount in yuan)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    return pd.DataFrame(
        {
            "customer_id": frame["customer_id"].astype("str"),
            "order_id": [f"O{place}" for place in range(len(frame))],
            "ordered_at": pd.to_datetime(frame["day"]).astype("datetime64[us]"),
            "amount_minor": (frame["amount"] * 100).astype("int64"),
            "status": "sale",
        }
    )


def company_where_money_tells():
    """Sixty customers by April, their recency and frequency mixed; in May the twenty with the largest orders come again."""
    first = [
        (f"C{place:02d}", pd.Timestamp("2026-03-31") - pd.Timedelta(days=11 * place % 7 + 30 * visit), 10 + 5 * place)
        for place in range(60)
        for visit in range(1 + 7 * place % 5)
    ]
    again = [(f"C{place:02d}", pd.Timestamp("2026-05-01"), 20) for place in range(40, 60)]
    return orders_of(first + again)


def test_another_company_makes_another_score_right(sample, second):
    one = EXERCISES["3a.5"]
    assert check(one, "recency", sample).kind == CORRECT
    made = Workings(EXERCISES)
    made.offer(orders=company_where_money_tells(), as_of=date(2026, 6, 28), who_orders=value._who_orders)
    assert check(one, "money", made).kind == CORRECT
    assert check(one, "recency", made).kind == NOT_YET


def test_real_orders_make_frequency_right(real):
    assert check(EXERCISES["3a.5"], "frequency", real).kind == CORRECT
    assert check(EXERCISES["3a.5"], "recency", real).kind == NOT_YET


@pytest.fixture
def tiny():
    """Three customers, worked by hand: A bought on two days (two lines on one), B once and brought it back, C once."""
    lines = pd.DataFrame(
        {
            "customer_id": ["A", "A", "A", "B", "B", "C"],
            "order_id": ["1", "1", "2", "3", "4", "5"],
            "day": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-02-01", "2026-01-11", "2026-01-21", "2026-02-10"]),
            "amount": [10.0, 20.0, 30.0, 40.0, -40.0, 5.0],
        }
    )
    return {"lines": lines, "report_day": pd.Timestamp("2026-02-11")}


def test_recency_and_frequency_of_three_customers(tiny):
    assert value.days_since_last_order(**tiny).to_dict() == {"A": 10, "B": 31, "C": 1}
    assert value.order_days(tiny["lines"]).to_dict() == {"A": 2, "B": 1, "C": 1}


def test_numbers_of_the_other_exercises_by_hand():
    scored = pd.DataFrame({"r": [1, 2, 2, 5, 1], "f": [4, 1, 1, 5, 1], "m": [1, 5, 1, 5, 2]})
    assert value.at_risk(scored) == 2
    bought = pd.DataFrame({"amount": [100.0, 95.0, 90.0, 89.0, 5.0], "size": ["VIP", "large", "large", "large", "small"]})
    assert value.share_of_vips(bought) == pytest.approx(100 / 379)
    assert value.close_to_vip(bought, 100.0)["amount"].tolist() == [95.0, 90.0]
    served = pd.DataFrame({"bought": [True, True, False], "margin": [10.0, 30.0, 0.0], "cost_to_serve": [11.0, 30.0, 9.0]})
    assert value.below_zero(served) == 1
    two = pd.DataFrame({"period": ["before", "after", "after"], "region": ["N", "N", "S"], "amount": [10.0, 4.0, 7.0]})
    assert value.change_by_region(two).to_dict() == {"N": -6.0, "S": 7.0}
