"""A silence as a definition, and the rate: against published conversions and tables worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.churn import windows
from helpers.errors import DataError
from helpers.withheld import Withheld

AS_OF = date(2026, 3, 31)
PRODUCTS = pd.DataFrame({"product_id": ["heater", "filter", "pan"], "line": ["climate", "water", "kitchen"]})


def contracts_of(*rows):
    """Contracts from (id, customer, start, end or None)."""
    frame = pd.DataFrame(rows, columns=["contract_id", "customer_id", "started_on", "ended_on"])
    return frame.assign(
        product_id="P", started_on=pd.to_datetime(frame["started_on"]), ended_on=pd.to_datetime(frame["ended_on"])
    )


# ---------------------------------------------------------------- what one rate means


def test_twenty_of_a_hundred_a_year_is_what_the_course_says():
    assert 100 * windows.monthly_from_yearly(0.20) == pytest.approx(1.8423, abs=5e-5)
    assert windows.half_life(0.20) == pytest.approx(3.1063, abs=5e-5)
    assert windows.left_after(0.20, 5) == pytest.approx(0.32768)
    assert windows.mean_life(0.20) == 5


@given(st.floats(0.001, 0.999))
def test_twelve_months_lose_what_the_year_loses(yearly):
    month = windows.monthly_from_yearly(yearly)
    assert (1 - month) ** 12 == pytest.approx(1 - yearly, abs=1e-12)
    # The naive twelfth is always smaller.
    assert month > yearly / 12


def test_a_quarter_that_loses_a_tenth_makes_a_year_that_loses_a_third():
    # 0.9 ** (365 / 91) = exp(4.010989 x ln 0.9) = exp(-0.422599) = 0.655341
    assert windows.yearly_from(0.1, 91) == pytest.approx(1 - 0.655341, abs=1e-6)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_share_beyond_all_is_refused(rate):
    with pytest.raises(DataError, match="Give a fraction from 0 to 1"):
        windows.monthly_from_yearly(rate)


def test_nobody_leaves_and_everybody_leaves():
    assert windows.half_life(0) == np.inf and windows.mean_life(0) == np.inf
    assert windows.half_life(1) == 0 and windows.monthly_from_yearly(1) == 1


# ---------------------------------------------------------------- contracts that can be used


def test_contracts_that_cannot_be_are_counted_by_their_reason():
    rows = contracts_of(
        ("a", "A", "2025-01-01", None),
        ("b", "B", "2025-05-01", "2025-04-01"),
        ("c", "C", "2025-01-01", "2025-12-31"),
        ("d", "C", "2025-06-01", None),
        ("e", "C", "2025-12-31", None),
        ("f", "D", "2026-05-01", None),
        ("g", "E", None, None),
        ("a", "F", "2025-01-01", None),
    )
    got = windows.clean_contracts(rows, as_of=AS_OF)
    # b ends before it starts; d begins while c runs; e begins on the day on which c ends, which is in order.
    assert got.rows["contract_id"].tolist() == ["a", "c", "e"]
    assert got.set_aside == {
        "without a customer or a start": 1,
        "starting after the report date": 1,
        "ending before they start": 1,
        "with the number of an earlier contract": 1,
        "overlapping an earlier contract of the same customer and product": 1,
    }


def test_an_overlap_with_a_contract_that_ended_before_the_last_one_is_seen():
    rows = contracts_of(("a", "A", "2025-01-01", "2026-01-01"), ("b", "A", "2025-02-01", "2025-03-01"), ("c", "A", "2025-06-01", None))
    assert windows.clean_contracts(rows, as_of=AS_OF).rows["contract_id"].tolist() == ["a"]


def test_contracts_of_two_products_may_run_side_by_side():
    rows = contracts_of(("a", "A", "2025-01-01", None), ("b", "A", "2025-02-01", None))
    rows["product_id"] = ["P", "Q"]
    assert len(windows.clean_contracts(rows, as_of=AS_OF).rows) == 2


def test_an_end_after_the_report_date_is_not_known_yet():
    got = windows.clean_contracts(contracts_of(("a", "A", "2025-01-01", "2026-06-30")), as_of=AS_OF)
    assert got.rows["ended_on"].isna().all()


def test_the_input_stays_as_it_is():
    rows = contracts_of(("a", "A", "2025-01-01", "2026-06-30"))
    before = rows.copy()
    windows.clean_contracts(rows, as_of=AS_OF)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize("rows", [None, contracts_of()])
def test_without_contracts_it_says_what_they_would_bring(rows):
    got = windows.clean_contracts(rows, as_of=AS_OF)
    assert isinstance(got, Withheld) and "would be a date" in got.gain


# ---------------------------------------------------------------- silence


def test_a_return_and_an_order_after_the_report_date_are_no_order_days(orders_of):
    orders = orders_of(A=[("2026-01-05", 100, "pan"), ("2026-01-05", 300, "filter"), ("2026-02-05", -100, "pan"), ("2026-04-01", 100, "pan")])
    days = windows.order_days(orders, PRODUCTS, as_of=AS_OF)
    # The largest sale of the day names the line.
    assert days.to_dict("list") == {"customer_id": ["A"], "day": [pd.Timestamp("2026-01-05")], "line": ["water"]}


def test_who_was_called_and_who_came_back_by_hand(orders_of):
    # The rule: 60 days. Calls up to 31 December (91 days of watching up to 31 March) and after 31 December 2024 count.
    orders = orders_of(
        A=[("2025-10-01", 1), ("2026-01-15", 1)],  # called on 30 November, back on 15 January: 46 days later
        B=[("2025-10-01", 1), ("2026-03-15", 1)],  # called on 30 November, back after 105 days: too late to count
        C=[("2025-10-01", 1)],  # called, never back
        D=[("2025-10-01", 1), ("2025-11-30", 1)],  # back on the very day of the call: not called; called on 29 January: too late
        E=[("2024-06-01", 1)],  # called long before the period
        F=[("2025-02-01", 1), ("2025-05-01", 1), ("2025-09-01", 1)],  # called three times: the last call counts
    )
    days = windows.order_days(orders, as_of=AS_OF)
    got = windows.calls(days, window_days=60, as_of=AS_OF, follow_days=90).set_index("customer_id")
    assert got["came_back"].to_dict() == {"A": True, "B": False, "C": False, "F": False}
    assert got.loc["A", "called_on"] == pd.Timestamp("2025-11-30") and got.loc["F", "called_on"] == pd.Timestamp("2025-10-31")


def test_what_comes_after_the_watching_changes_no_call(orders_of):
    lines = {f"C{k:02d}": [("2024-06-01", 1), (f"2025-0{1 + k % 9}-11", 1)] for k in range(40)}
    days = windows.order_days(orders_of(**lines), as_of=AS_OF)
    later = {name: [*rows, ("2026-03-30", 1)] for name, rows in lines.items()}
    more = windows.order_days(orders_of(**later), as_of=AS_OF)
    one, two = (windows.calls(part, window_days=60, as_of=AS_OF, follow_days=90) for part in (days, more))
    assert one["called_on"].tolist() == two["called_on"].tolist() and len(one) > 20


def planted(orders_of, *, back=30, gone=90):
    """Customers who fall silent; of every 120, so many come back after 200 days, and they alone."""
    lines = {}
    for number in range(back + gone):
        day = pd.Timestamp("2024-06-01") + pd.Timedelta(days=number)
        lines[f"C{number:03d}"] = [(day, 1)] + ([(day + pd.Timedelta(days=200), 1)] if number < back else [])
    return windows.order_days(orders_of(**lines, Z=[("2023-01-01", 1)]), as_of=AS_OF)


def test_planted_returns_are_the_false_churn_rate(orders_of):
    # Called 150 days after the first order; 30 of 120 are back 50 days after that, within the 60 days of watching.
    got = windows.false_churn(planted(orders_of), as_of=date(2025, 5, 1), windows=(150,), follow_days=60)
    row = got.at(150)
    assert (row["called"], row["came_back"], got.follow_days) == (120, 30, 60)
    # Wilson of 30 of 120, by hand: (0.25 + 0.016006) / 1.032012 -+ 0.078985.
    assert (row["low"], row["high"]) == pytest.approx((0.1811, 0.3345), abs=5e-4)
    # Watched for 40 days, nobody is back yet; a later second silence is called again, and the last call counts.
    assert windows.false_churn(planted(orders_of), as_of=date(2025, 4, 11), windows=(150,), follow_days=40).at(150)["rate"] == 0
    assert windows.false_churn(planted(orders_of), as_of=AS_OF, windows=(60,), follow_days=365).at(60)["came_back"] == 0


def test_the_shortest_window_within_the_limit_is_chosen():
    table = pd.DataFrame(
        {"window_days": [60, 90, 120], "called": 100, "came_back": [30, 10, 4], "rate": [0.3, 0.1, 0.04], "low": 0.0, "high": 1.0}
    )
    assert windows.FalseChurn(table, 365, (), 0.1).chosen == 90
    none = windows.FalseChurn(table, 365, (), 0.01)
    assert none.chosen is None and none.used == 120


def test_a_window_longer_than_the_data_is_named(orders_of):
    got = windows.false_churn(planted(orders_of), as_of=AS_OF, windows=(60, 5000))
    assert got.too_long == (5000,)
    alone = windows.false_churn(planted(orders_of), as_of=AS_OF, windows=(5000,))
    assert isinstance(alone, Withheld) and "the data span 1,185 days" in alone.reason


def test_no_orders_at_all_are_refused_in_words(orders_of):
    days = windows.order_days(orders_of(), as_of=AS_OF)
    assert isinstance(windows.false_churn(days, as_of=AS_OF), Withheld)
    assert isinstance(windows.order_churn(days, as_of=AS_OF, window_days=90), Withheld)


@pytest.mark.parametrize("window, follow", [(0, 90), (60, 0)])
def test_a_window_of_no_day_is_refused(orders_of, window, follow):
    with pytest.raises(DataError, match="one day or more"):
        windows.calls(planted(orders_of), window_days=window, as_of=AS_OF, follow_days=follow)


def test_a_habit_needs_two_order_days_and_half_of_all_and_no_future(orders_of):
    orders = orders_of(
        A=[("2025-01-01", 1, "heater"), ("2025-02-01", 1, "pan"), ("2025-03-01", 1, "heater"), ("2025-04-01", 1, "pan"), ("2025-05-01", 1, "pan")],
    )
    got = windows.habits(windows.order_days(orders, PRODUCTS, as_of=AS_OF))
    # After one and two order days none; heater 2 of 3; then pan 2 of 4, then pan 3 of 5.
    assert got.tolist() == ["", "", "climate", "kitchen", "kitchen"]


def test_planted_seasonal_buyers_are_seen_and_even_ones_are_not(orders_of):
    lot = np.random.default_rng(1)
    lines = {}
    for number in range(400):
        seasonal = number < 200
        goods = "heater" if seasonal else "pan"
        months = (11, 12) if seasonal else tuple(range(1, 13))
        days = [
            pd.Timestamp(year, int(lot.choice(months)), int(lot.integers(1, 28)))
            for year in (2023, 2024, 2025)
            if seasonal or year < 2025 or lot.random() < 0.3
        ]
        lines[f"C{number:03d}"] = [(day, 1, goods) for day in days]
    days = windows.order_days(orders_of(**lines), PRODUCTS, as_of=AS_OF)
    got = windows.by_habit(days, as_of=AS_OF, window_days=180, follow_days=300).set_index("line")
    assert got["seasonal"].to_dict() == {"climate": True, "kitchen": False}
    assert set(got.loc["climate", "months"]) == {11, 12}


# ---------------------------------------------------------------- the rate


def many(*, ended=10, running=90, ended_before=20):
    """Contracts: so many ended in the last year, run on, and ended in the year before."""
    rows = [(f"a{k}", f"a{k}", "2022-01-01", "2025-10-01") for k in range(ended)]
    rows += [(f"b{k}", f"b{k}", "2022-01-01", None) for k in range(running)]
    rows += [(f"c{k}", f"c{k}", "2022-01-01", "2024-10-01") for k in range(ended_before)]
    # Begun in the year and ended in it: not there at the start.
    rows += [(f"d{k}", f"d{k}", "2025-06-01", "2025-07-01") for k in range(7)]
    return windows.clean_contracts(contracts_of(*rows), as_of=AS_OF)


def test_the_yearly_rate_counts_those_there_at_the_start():
    got = windows.contract_churn(many(), as_of=AS_OF, watched_from=date(2022, 1, 1))
    assert (got.base, got.lost, got.days) == (100, 10, 365)
    assert got.rate.value == pytest.approx(0.10)
    # Wilson for 10 of 100, as published (0.0552 to 0.1744).
    assert (got.rate.low, got.rate.high) == pytest.approx((0.0552, 0.1744), abs=5e-5)
    assert got.before.value == pytest.approx(20 / 120)
    # Newcombe's difference, by hand: Wilson of 20 of 120 is 0.1106 to 0.2432.
    value = 0.1 - 20 / 120
    low = value - np.hypot(0.1 - 0.05523, 0.24323 - 1 / 6)
    assert got.change.low == pytest.approx(low, abs=5e-4)
    assert got.rises is None


def test_money_is_counted_by_price():
    held = many()
    held.rows["price_minor"] = np.where(held.rows["contract_id"].str.startswith("a"), 30_000, 10_000)
    got = windows.contract_churn(held, as_of=AS_OF, watched_from=date(2022, 1, 1))
    # 10 x 300 of 10 x 300 + 90 x 100: a quarter of the money with a tenth of the contracts.
    assert got.money_rate == pytest.approx(0.25)


@pytest.mark.parametrize("ended, running, rate", [(0, 100, 0.0), (100, 0, 1.0)], ids=["nobody left", "everybody left"])
def test_no_churn_at_all_and_everybody_churned(ended, running, rate):
    got = windows.contract_churn(many(ended=ended, running=running), as_of=AS_OF, watched_from=date(2022, 1, 1))
    assert got.rate.value == rate and 0 <= got.rate.low <= got.rate.high <= 1 and 0 <= got.yearly.value <= 1


def test_with_half_a_year_of_records_the_rate_is_of_half_a_year():
    got = windows.contract_churn(many(), as_of=AS_OF, watched_from=date(2025, 9, 1))
    assert got.days == 182 and got.before is None and got.change is None
    assert got.yearly.value == pytest.approx(1 - (1 - got.rate.value) ** (365 / 182))


def test_with_too_few_days_or_contracts_there_is_no_rate():
    got = windows.contract_churn(many(), as_of=AS_OF, watched_from=date(2026, 3, 1))
    assert isinstance(got, Withheld) and "there are 30" in got.reason
    few = windows.contract_churn(many(ended=2, running=10), as_of=AS_OF, watched_from=date(2022, 1, 1))
    assert isinstance(few, Withheld) and "Only 12 contracts" in few.reason


def test_the_rate_by_silence_by_hand(orders_of):
    # 40 order every month; of 60 who ordered in March 2025, 45 never came again.
    often = {f"A{k}": [("2023-12-10", 1)] + [(f"2024-{m:02d}-10", 1) for m in range(1, 13)] + [(f"2025-{m:02d}-10", 1) for m in range(1, 13)] + [("2026-03-10", 1)] for k in range(40)}
    once = {f"B{k}": [("2025-03-15", 1)] + ([("2026-02-15", 1)] if k < 15 else []) for k in range(60)}
    days = windows.order_days(orders_of(**often, **once), as_of=AS_OF)
    got = windows.order_churn(days, as_of=AS_OF, window_days=90)
    assert (got.base, got.lost, got.unit) == (100, 45, "customer")
    # The year before: 40 active at the end of March 2024, all active a year later.
    assert got.before.value == 0


def test_order_of_rows_is_irrelevant(orders_of):
    days = planted(orders_of)
    again = days.sample(frac=1, random_state=3)
    one, two = (windows.calls(part, window_days=90, as_of=AS_OF, follow_days=90) for part in (days, again))
    pd.testing.assert_frame_equal(one, two)
