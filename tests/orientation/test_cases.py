"""What the cases of orientation calculate, against tables worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.orientation import case_figures, case_findings, cases
from helpers.orientation.case_worlds import Shortage, shortage
from helpers.orientation.cases import account, by_months, panel_purchases, split, turning_point
from helpers.withheld import SILENCE, Withheld

AS_OF = date(2026, 6, 17)

# ---------------------------------------------------------------- C20


def test_the_account_of_a_shortage_by_hand():
    # 4 months x 54,000; 4,000 customers, 480 of whom leave, each missed for 32 months at 25.
    found = account(shortage(4))
    assert (found.saved, found.lost) == pytest.approx((216_000, 384_000))
    assert found.keep
    # 24 months: 2,880 leave and are missed for 12 months.
    later = account(shortage(24))
    assert (later.saved, later.lost) == pytest.approx((1_296_000, 864_000))
    assert not later.keep


def test_at_the_turning_point_both_are_equal():
    # 54,000 = 1,000 x 0.12 x 25 x (36 - months), so 18 months.
    assert turning_point(shortage()) == pytest.approx(18)
    found = account(shortage(18))
    assert found.saved == pytest.approx(found.lost)


def test_where_nobody_leaves_less_care_always_pays():
    assert turning_point(shortage(lost_share=0.0)) == 0
    # A twentieth: 1,250 a month after it; even 36 months are no match for 54,000.
    assert turning_point(shortage(lost_share=0.05)) == 0
    assert not account(shortage(1, lost_share=0.05)).keep


def test_every_length_of_the_shortage_has_its_account():
    table = by_months(shortage())
    assert table["months"].tolist() == list(range(37))
    assert table.iloc[0].tolist() == [0, 0, 0] and table.iloc[36]["lost"] == 0
    assert table.loc[table["months"] == 4, ["saved", "lost"]].iloc[0].tolist() == pytest.approx([216_000, 384_000])
    # It follows the world that is given, also one of other numbers.
    other = by_months(Shortage(2, 6, 10, 5, 0.5, 3))
    assert other.loc[2].tolist() == pytest.approx([2, 10, 2 * 10 * 0.5 * 3 * 4])


@pytest.mark.parametrize("months, lost", [(-1, 0.1), (37, 0.1), (4, 1.5)])
def test_a_shortage_that_cannot_be_is_refused(months, lost):
    with pytest.raises(DataError, match="cannot be"):
        shortage(months, lost_share=lost)


@pytest.mark.parametrize("months", range(0, 37, 2))
@pytest.mark.parametrize("lost", [0.06, 0.12, 0.24])
def test_every_setting_of_the_playground_gives_a_figure_and_a_sentence(months, lost):
    alt = case_figures.care_at(months=months, lost=lost).alt
    assert f"At {months} months" in alt or f"At {months} month " in alt
    said = case_findings.care_at(months=months, lost=lost)
    keep = months * 54_000 < months * 1000 * lost * 25 * (36 - months) - 1e-6
    assert ("worth its money" in said) == keep


# ---------------------------------------------------------------- C35


def world(*, by_income=0.0, by_motive=0.0, people=240, each=5, seed=1):
    """A panel in which the first group of a split buys at a reduced price more often than the others, by so much."""
    dice = np.random.default_rng(seed)
    income = np.array(["low", "middle", "high"])[np.arange(people) % 3]
    motive = np.array(["price", "quality", "service", "time"])[dice.integers(0, 4, people)]
    chance = 0.15 + by_income * (income == "low") + by_motive * (motive == "price")
    survey = pd.DataFrame({"customer_id": [f"K{n}" for n in range(people)], "mode": "panel", "income_band": income, "motive": motive})
    who = np.repeat(np.arange(people), each)
    reduced = dice.random(len(who)) < chance[who]
    orders = pd.DataFrame(
        {
            "customer_id": [f"K{n}" for n in who],
            "ordered_at": pd.Timestamp("2026-03-01"),
            "amount_minor": np.where(reduced, 80, 100),
            "list_price_minor": pd.array([100] * len(who), dtype="Int64"),
            "quantity": 1.0,
        }
    )
    return survey, orders


def splits_of(survey, orders):
    bought = panel_purchases(survey, orders, as_of=AS_OF)
    return split(bought, by="income_band"), split(bought, by="motive")


def test_purchases_at_a_reduced_price_by_hand():
    survey, orders = world(people=60, each=1)
    orders = pd.concat(
        [
            orders.assign(amount_minor=100),
            pd.DataFrame(
                {
                    "customer_id": ["K0", "K0", "K1", "K2", "K3", "nobody"],
                    # 97 of 100 is not below 0.97; a return, an old line and a stranger do not count.
                    "ordered_at": pd.to_datetime(["2026-06-17 20:00", "2026-01-05", "2026-01-05", "2025-06-17", "2026-01-05", "2026-01-05"], format="ISO8601"),
                    "amount_minor": [150, 97, 96, 10, -50, 10],
                    "list_price_minor": pd.array([100, 100, 100, 100, 100, 100], dtype="Int64"),
                    "quantity": [2.0, 1.0, 1.0, 1.0, 1.0, 1.0],
                }
            ),
        ]
    )
    found = panel_purchases(survey, orders, as_of=AS_OF).set_index("customer_id")
    assert len(found) == 60
    assert found.loc[["K0", "K1", "K2", "K3"], ["purchases", "reduced"]].to_numpy().tolist() == [[3, 1], [2, 1], [1, 0], [1, 0]]


def test_a_split_by_hand():
    bought = pd.DataFrame(
        {
            "customer_id": [f"K{n}" for n in range(60)],
            "income_band": ["low"] * 30 + ["high"] * 30,
            "motive": "time",
            "purchases": [2] * 30 + [4] * 30,
            "reduced": [1] * 30 + [1] * 30,
        }
    )
    found = split(bought, by="income_band")
    assert found.table.to_dict("list") == {
        "group": ["low", "high"],
        "customers": [30, 30],
        "purchases": [60, 120],
        "reduced": [30, 30],
        "rate": [0.5, 0.25],
    }
    assert found.gap == pytest.approx(0.25)
    assert isinstance(split(bought, by="motive"), Withheld)


@pytest.mark.parametrize(
    "planted, right",
    [({"by_income": 0.3}, "income"), ({"by_motive": 0.3}, "motive"), ({}, "neither"), ({"by_income": 0.2, "by_motive": 0.5}, "motive")],
)
def test_the_split_that_was_planted_is_found(planted, right):
    income, motive = splits_of(*world(**planted))
    assert cases.better_split(income, motive) == right
    said = case_findings.splits(income, motive)
    assert said.count("no more than chance") == {"neither": 2, "income": 1}.get(right, 1 if "by_income" not in planted else 0)


@pytest.mark.slow
def test_a_split_of_nothing_is_rarely_called_a_finding():
    sure = sum(split(panel_purchases(*world(seed=seed), as_of=AS_OF), by="income_band", shuffles=400).is_sure for seed in range(200))
    # One in a hundred by the rule; more than eight of 200 would happen less than once in 1,000 times (binomial).
    assert sure <= 8


def test_one_customer_with_a_hundred_purchases_is_one_customer():
    """Shuffled are customers: the purchases of one person are alike, and prove little."""
    survey, orders = world(people=120, each=1)
    orders["amount_minor"] = 100
    loud = orders.iloc[[0]].assign(amount_minor=50)
    orders = pd.concat([orders, *[loud] * 100])
    income, _ = splits_of(survey, orders)
    assert income.gap > 0.5 and not income.is_sure


@pytest.mark.parametrize(
    "survey, orders, reason",
    [
        pytest.param(lambda s: None, lambda o: o, "no survey", id="no survey"),
        pytest.param(lambda s: s.drop(columns="motive"), lambda o: o, "no survey", id="no motive"),
        pytest.param(lambda s: s, lambda o: o.drop(columns="list_price_minor"), "no list price", id="no list price"),
        pytest.param(lambda s: s.assign(mode="street"), lambda o: o, "0 customers", id="nobody by lot"),
        pytest.param(lambda s: s.head(40), lambda o: o, "40 customers", id="a small panel"),
    ],
)
def test_too_little_is_withheld(survey, orders, reason):
    people, sales = world()
    found = panel_purchases(survey(people), orders(sales), as_of=AS_OF)
    assert isinstance(found, Withheld) and reason in found.reason
    income = split(found, by="income_band")
    assert income is found
    assert case_figures.splits(income, income) is found
    assert case_findings.splits(income, income) is SILENCE


def test_the_picture_names_every_group_with_its_rate():
    income, motive = splits_of(*world(by_motive=0.3))
    alt = case_figures.splits(income, motive).alt
    for found in (income, motive):
        for row in found.table.itertuples():
            assert f"{row.group} {row.rate:.0%}" in alt
