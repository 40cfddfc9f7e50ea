"""What those who left said, what loyalty brings, and the bucket: tables by hand and published sums."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.churn import bucket, reasons, windows
from helpers.errors import DataError
from helpers.withheld import Withheld

AS_OF = date(2026, 3, 31)


def exits_of(*counts, kind="unwanted"):
    """Interviews from (reason, how many)."""
    rows = [(f"E{code}{k}", f"C{code}{k}", f"K{code}{k}", "2026-01-01", kind, code) for code, many in counts for k in range(many)]
    frame = pd.DataFrame(rows, columns=["exit_id", "customer_id", "contract_id", "left_on", "kind", "reason"])
    return frame.assign(left_on=pd.to_datetime(frame["left_on"]))


NO_DAYS = pd.DataFrame({"customer_id": pd.Series([], dtype="str"), "day": pd.Series([], dtype="datetime64[us]"), "line": pd.Series([], dtype="str")})


# ---------------------------------------------------------------- reasons


def test_there_are_seven_reasons_and_one_more():
    assert len(reasons.REASONS) == 7 and len(reasons.ALL) == 8
    assert reasons.listed()["chinese"].tolist()[:7] == ["不方便", "不及时", "不友好", "不专业", "不划算", "不喜欢", "不守信"]


def test_a_pareto_table_by_hand():
    rows = exits_of(("slow", 20), ("poor_value", 30), ("need_changed", 10))
    contracts = pd.DataFrame({"contract_id": rows["contract_id"], "price_minor": np.where(rows["reason"] == "slow", 40_000, 20_000)})
    got = reasons.said(reasons.clean_exits(rows, NO_DAYS, as_of=AS_OF), contracts, left=200)
    assert got.table["code"].tolist()[:3] == ["poor_value", "slow", "need_changed"]
    assert got.table["share"].tolist()[:3] == pytest.approx([0.5, 1 / 3, 1 / 6])
    assert got.table["running"].iloc[2] == pytest.approx(1)
    # 20 x 400 = 8,000 of 8,000 + 30 x 200 + 10 x 200 = 16,000 yuan.
    assert (got.first, got.dearest) == ("poor_value", "slow")
    assert got.table.set_index("code").loc["slow", "value_share"] == pytest.approx(0.5)
    assert (got.asked, got.left, got.unwanted.value) == (60, 200, 1.0)


def test_interviews_that_cannot_be_are_counted_by_their_reason():
    rows = exits_of(("slow", 40))
    rows.loc[0, "left_on"] = pd.NaT
    rows.loc[1, "left_on"] = pd.Timestamp("2026-05-01")
    rows.loc[2, "reason"] = "weather"
    rows.loc[3, ["customer_id", "contract_id"]] = ["Cslow4", "Kslow4"]
    days = NO_DAYS.copy()
    days.loc[0] = ["Cslow9", pd.Timestamp("2026-02-01"), ""]
    kept, aside = reasons.clean_exits(rows, days, as_of=AS_OF)
    assert aside == {
        "without a customer or a day": 1,
        "after the report date": 1,
        "before the first order": 1,
        "with a reason that is none of the codes": 1,
        "asked twice about the same leaving": 1,
    }
    assert len(kept) == 35


def test_a_contract_that_began_earlier_makes_an_early_exit_possible():
    rows, days = exits_of(("slow", 40)), NO_DAYS.copy()
    days.loc[0] = ["Cslow9", pd.Timestamp("2026-02-01"), ""]
    contracts = pd.DataFrame({"contract_id": ["Kslow9"], "started_on": [pd.Timestamp("2024-01-01")]})
    assert reasons.clean_exits(rows, days, contracts, as_of=AS_OF)[1] == {}


@pytest.mark.parametrize("rows", [None, exits_of(), exits_of(("slow", 29))], ids=["none", "empty", "29"])
def test_with_too_few_interviews_it_says_what_they_would_bring(rows):
    got = reasons.clean_exits(rows, NO_DAYS, as_of=AS_OF)
    assert isinstance(got, Withheld) and "would say why" in got.gain
    assert reasons.said(got) is got


def test_who_leaves_at_a_peak_says_other_things_only_if_so():
    rows = exits_of(("slow", 60), ("poor_value", 60))
    at_peak = pd.DataFrame({"contract_id": rows["contract_id"], "months": np.where(rows["reason"] == "poor_value", 12.0, 5.0)})
    lives = SimpleNamespace(table=at_peak)
    got = reasons.by_time((rows, {}), lives, 12).set_index("code")
    assert got.loc["poor_value", ["then", "else_"]].tolist() == [1, 0] and got.loc["poor_value", "clear"]
    mixed = SimpleNamespace(table=at_peak.assign(months=[12.0, 5.0] * 60))
    assert not reasons.by_time((rows, {}), mixed, 12)["clear"].any()


def company_with(orders, **tables):
    return SimpleNamespace(orders=orders, **({"customers": None, "contacts": None, "referrals": None} | tables))


def test_what_loyalty_brings_by_hand(orders_of):
    lines = {}
    for number in range(80):
        first = "2023-06-01" if number < 40 else "2024-12-01"
        # Those who have been there long spend 300 to 302 in the year, the others 100 to 102.
        spend = (300 if number < 40 else 100) + number % 3
        lines[f"C{number:02d}"] = [(first, 1000), ("2026-01-10", spend)]
    orders = orders_of(**lines)
    orders["order_id"] = np.arange(len(orders)).astype(str)
    friends = pd.DataFrame({"referrer_id": ["C00", "C41"], "referred_on": pd.to_datetime(["2026-01-01"] * 2)})
    days = windows.order_days(orders, as_of=AS_OF)
    got = reasons.benefits(company_with(orders, referrals=friends), days, as_of=AS_OF, window_days=180).set_index("benefit")
    row = got.loc["They spend more"]
    # Numbers 0 to 39 leave 0, 1, 2 in turn, 39 in all; 40 to 79 leave 1, 2, 0 in turn, 40 in all.
    assert (row["old"], row["new"]) == pytest.approx((300.975, 101)) and row["clear"] and row["good"]
    assert got.loc["They bring friends", "old"] == pytest.approx(2.5) and not got.loc["They bring friends", "clear"]
    shown = reasons.in_words(got.reset_index(), "CNY")
    assert shown["beyond chance"].tolist()[0] == "yes" and len(shown) == len(got)


# ---------------------------------------------------------------- the bucket


def test_the_bucket_settles_where_the_course_says():
    assert bucket.level(1000, 0.20) == 5000 and bucket.level(1000, 0.10) == 10_000
    assert bucket.level(1000, 0) == np.inf


@given(st.floats(0, 10_000), st.floats(0, 10_000), st.floats(0.05, 1))
def test_a_bucket_goes_to_its_level(start, gains, churn):
    assert bucket.path(start, gains, churn, years=400).iloc[-1] == pytest.approx(bucket.level(gains, churn), rel=1e-6, abs=1e-3)


def test_three_years_of_a_bucket_by_hand():
    assert bucket.path(1000, 100, 0.2, years=3).tolist() == [1000, 900, 820, 756]


@pytest.mark.parametrize("gains, churn", [(-1, 0.2), (1, -0.1), (1, 1.1)])
def test_a_bucket_that_cannot_be_is_refused(gains, churn):
    with pytest.raises(DataError, match="Give 0 or more"):
        bucket.path(1, gains, churn)


def test_picker_or_basket_flips_at_the_churn_of_the_closed_form():
    # In the long run A/(c - d) against (A + a)/c: equal at c = d (A + a) / a = 0.03 x 1.1 / 0.1 = 0.33.
    got = bucket.choose(0, 1000, 0.2, more_won=100, fewer_lost=0.03, years=300)
    assert got.flips_at == pytest.approx(0.33, abs=0.002)
    assert got.below == "basket" and got.better == "basket"
    assert bucket.choose(0, 1000, 0.5, more_won=100, fewer_lost=0.03, years=300).better == "picker"


def test_the_monkey_holds_four_at_most():
    got = bucket.monkey(10)
    assert got["picked"].iloc[-1] == 10 and got["held"].iloc[-1] == 4 and got["held"].iloc[2] == 3


def test_the_year_of_a_bucket_by_hand_and_in_balance(orders_of):
    lines = {f"A{k}": [("2024-01-10", 1), ("2025-02-10", 1), ("2026-02-10", 1)] for k in range(40)}  # there, and still there
    lines |= {f"B{k}": [("2025-02-10", 1)] for k in range(30)}  # there, and lost
    lines |= {f"C{k}": [("2026-02-10", 1)] for k in range(20)}  # won
    lines |= {f"D{k}": [("2025-06-10", 1)] for k in range(7)}  # won and lost again
    lines |= {f"E{k}": [("2024-01-10", 1), ("2026-02-10", 1)] for k in range(5)}  # came back
    days = windows.order_days(orders_of(**lines), as_of=AS_OF)
    got = bucket.bucket_of(days, as_of=AS_OF, window_days=120)
    assert (got.start, got.won, got.back, got.lost, got.lost_new, got.end) == (70, 27, 5, 37, 7, 65)
    assert got.start + got.won + got.back - got.lost == got.end
    assert got.churn == pytest.approx(30 / 70)


def test_the_bucket_of_contracts_by_hand_and_in_balance():
    rows = [(f"a{k}", "2024-01-01", None) for k in range(40)]
    rows += [(f"b{k}", "2024-01-01", "2025-09-01") for k in range(10)]
    rows += [(f"c{k}", "2025-06-01", None) for k in range(8)] + [(f"d{k}", "2025-06-01", "2025-12-01") for k in range(3)]
    rows += [(f"e{k}", "2024-01-01", "2024-09-01") for k in range(5)]
    frame = pd.DataFrame(rows, columns=["contract_id", "started_on", "ended_on"])
    frame = frame.assign(customer_id=frame["contract_id"], started_on=pd.to_datetime(frame["started_on"]), ended_on=pd.to_datetime(frame["ended_on"]))
    got = bucket.bucket_of_contracts(windows.clean_contracts(frame, as_of=AS_OF), as_of=AS_OF, watched_from=date(2024, 1, 1))
    assert (got.start, got.won, got.lost, got.lost_new, got.end) == (50, 11, 13, 3, 48)
    assert got.churn == pytest.approx(0.2)


def test_a_bucket_longer_than_the_data_is_refused_in_words(orders_of):
    days = windows.order_days(orders_of(A=[("2026-01-10", 1)]), as_of=AS_OF)
    got = bucket.bucket_of(days, as_of=AS_OF, window_days=120)
    assert isinstance(got, Withheld) and "485 days" in got.reason


def test_what_winning_costs_needs_the_costs():
    assert isinstance(bucket.cost_to_win(None, as_of=AS_OF), Withheld)
    people = pd.DataFrame({"joined_on": pd.to_datetime(["2025-06-01"] * 40 + ["2024-06-01"] * 5), "acquisition_cost_minor": pd.array([2000] * 40 + [9000] * 5, dtype="Int64")})
    assert bucket.cost_to_win(people, as_of=AS_OF) == 2000
