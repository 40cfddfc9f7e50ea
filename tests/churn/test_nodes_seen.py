"""Where leaving clusters: hand tables, planted spikes and planted complaints, and their absence."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.churn import nodes, survival, windows
from helpers.withheld import Withheld

AS_OF = date(2026, 3, 31)


def lives_of(months, left, entry=0.0):
    table = pd.DataFrame({"months": np.asarray(months, float), "left": np.asarray(left, bool), "entry": np.broadcast_to(entry, len(months)).astype(float)})
    table.insert(0, "customer_id", [f"C{k}" for k in range(len(table))])
    table["began"] = pd.Timestamp("2023-01-01")
    return survival.Lives(table, "contract")


# ---------------------------------------------------------------- by age


def test_rates_by_month_by_hand():
    # 100 begin: 10 leave at 2.9 months (month 3), 12 at 12.0 (a term of a year), the others stay for 20 months.
    # 50 are watched from an age of 5 months on: at risk from month 6 on, since month 5 had begun.
    months = [2.9] * 10 + [12.0] * 12 + [20.0] * 78 + [20.0] * 50
    got = nodes.by_age(lives_of(months, [True] * 22 + [False] * 128, [0.0] * 100 + [5.0] * 50))
    table = got.table.set_index("month")
    assert table["at_risk"].loc[[0, 3, 4, 5, 6, 12, 13, 20]].tolist() == [100, 100, 90, 90, 140, 140, 128, 128]
    assert table["left"].loc[[3, 12]].tolist() == [10, 12] and table["left"].sum() == 22
    assert table["rate"].loc[12] == pytest.approx(12 / 140)
    # Wilson for 12 of 140 is 0.0497 to 0.1440.
    assert table["low"].loc[12] == pytest.approx(0.0497, abs=5e-4)


def steady(seed, *, n=1500, rate=0.01, spike=None, at=0.0):
    """Contracts with a steady monthly risk, watched for up to three years, and a share that ends on a planted month."""
    lot = np.random.default_rng(seed)
    life = lot.exponential(1 / rate, n)
    if spike is not None:
        here = (life > spike) & (lot.random(n) < at)
        life = np.where(here, float(spike), life)
    watched = lot.uniform(0, 36, n)
    return lives_of(np.minimum(life, watched), life <= watched)


@pytest.mark.parametrize("month", [12, 24])
def test_a_planted_month_is_found_and_no_other(month):
    found = [nodes.by_age(steady(seed, spike=month, at=0.2)).peaks for seed in range(10)]
    assert sum(month in peaks for peaks in found) == 10
    assert sum(len(peaks) > 1 for peaks in found) <= 1


def test_where_nothing_is_planted_hardly_ever_a_month_stands_out():
    # At a level of 5 of 100 more than 5 of 40 happen once in a hundred such tests.
    assert sum(bool(nodes.by_age(steady(seed)).peaks) for seed in range(40)) <= 5


def test_two_peaks_are_both_found():
    lot = np.random.default_rng(5)
    life = lot.exponential(100, 3000)
    for month in (12, 24):
        life = np.where((life > month) & (lot.random(3000) < 0.2), month, life)
    got = nodes.by_age(lives_of(np.minimum(life, 30), life <= 30))
    assert set(got.peaks) == {12, 24} and got.usual == pytest.approx(0.01, abs=0.002)


@pytest.mark.parametrize(
    "months, left, says",
    [([5.0] * 60, [False] * 60, "Only 0 contracts left"), ([5.0] * 60, [True] * 60, "All of 60 contracts have left")],
    ids=["nobody left", "everybody left"],
)
def test_no_churn_at_all_and_everybody_churned(months, left, says):
    got = nodes.by_age(lives_of(months, left))
    assert isinstance(got, Withheld) and says in got.reason


# ---------------------------------------------------------------- the same ages


def test_the_rate_ratio_is_the_mantel_haenszel_one_by_hand():
    # Two strata. Last year: 10 of 100 and 30 of 200 months; before: 10 of 200 and 10 of 100.
    got = nodes._rate_ratio(*map(np.array, ([10.0, 30.0], [100.0, 200.0], [10.0, 10.0], [200.0, 100.0])), "what", "60")
    # (10 x 200/300 + 30 x 100/300) / (10 x 100/300 + 10 x 200/300) = 16.667 / 10.
    assert got.value == pytest.approx(5 / 3)
    # Variance of the logarithm: (20 x 100 x 200/300^2 + 40 x 200 x 100/300^2) / (16.667 x 10) = 13.333 / 166.67 = 0.08.
    assert np.log(got.high / got.value) == pytest.approx(1.96 * np.sqrt(0.08), rel=1e-4)


def growing(seed, *, risk_now=1.0):
    """A firm that won three times as many contracts a year and a half ago; a spike at month 12; the risk of the last year times `risk_now`."""
    lot = np.random.default_rng(seed)
    back = np.concatenate([lot.uniform(0, 1096, 1200), lot.uniform(450, 650, 2400)])
    began = pd.Timestamp(AS_OF) - pd.to_timedelta(np.floor(back), unit="D")
    left, months = np.zeros(len(back), bool), back / survival.MONTH
    for month in range(1, 37):
        risk = 0.3 if month == 12 else 0.01
        when = back - month * survival.MONTH
        now = ~left & (when >= 0) & (lot.random(len(back)) < risk * np.where(when <= 365, risk_now, 1.0))
        months = np.where(now, float(month), months)
        left |= now
    table = pd.DataFrame({"customer_id": np.arange(len(back)).astype(str), "began": began, "months": months, "left": left, "entry": 0.0})
    return survival.Lives(table, "contract")


def test_a_mix_of_ages_is_no_change_and_a_change_is_one():
    same = [nodes.same_age(growing(seed), as_of=AS_OF) for seed in range(10)]
    assert sum(one.low > 1 or one.high < 1 for one in same) <= 2
    more = [nodes.same_age(growing(seed, risk_now=1.5), as_of=AS_OF) for seed in range(10)]
    assert sum(one.low > 1 for one in more) >= 9
    assert np.mean([one.value for one in more]) == pytest.approx(1.5, abs=0.15)


# ---------------------------------------------------------------- after a complaint


def marks_of(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "on", "kind"]).assign(on=lambda frame: pd.to_datetime(frame["on"]))


def test_what_follows_by_hand():
    # 60 lives of 20 months, 20 that leave at month 10 without any complaint.
    months, left = [20.0] * 60 + [10.0] * 20, [False] * 60 + [True] * 20
    # 10 more complain on 1 March 2023 (59 days in); four leave within 30 days, one after 40.
    days = [60, 65, 70, 89, 99, 600, 600, 600, 600, 600]
    months += [one / survival.MONTH for one in days]
    left += [True] * 5 + [False] * 5
    lives = lives_of(months, left)
    marks = marks_of(*[(f"C{80 + k}", "2023-03-01", "late") for k in range(10)])
    got = nodes.after(lives, marks, days=30)
    assert got.all["times"] == 10 and got.all["left"] == 4
    assert got.all["rate"] == pytest.approx(0.4)


def test_a_complaint_after_the_end_or_before_the_start_is_none():
    lives = lives_of([20.0] * 60 + [10.0] * 30, [False] * 60 + [True] * 30)
    late = [(f"C{60 + k}", "2024-06-01", "late") for k in range(30)]
    early = [(f"C{k}", "2022-12-01", "late") for k in range(30)]
    got = nodes.after(lives, marks_of(*late, *early), days=30)
    assert isinstance(got, Withheld) and "Only 0 times" in got.reason


def test_windows_that_overlap_count_once():
    lives = lives_of([20.0] * 100 + [10.0] * 30, [False] * 100 + [True] * 30)
    once = marks_of(*[(f"C{k}", "2023-06-01", "late") for k in range(40)])
    twice = pd.concat([once, once.assign(on=once["on"] + pd.Timedelta(days=10))])
    one, two = nodes.after(lives, once, days=30), nodes.after(lives, twice, days=30)
    # 30 days of watching each, then 40.
    assert two.all["expected"] == pytest.approx(one.all["expected"] * 40 / 30, rel=1e-6)


def complaining(seed, *, odds, spike=0.0):
    """Contracts, a third of which complain once, with so many of 100 leaving within 27 days of it, by cause."""
    lot = np.random.default_rng(seed)
    n = 2400
    life = lot.exponential(100, n)
    life = np.where((life > 12) & (lot.random(n) < spike), 12.0, life)
    watched = lot.uniform(6, 36, n)
    who = np.flatnonzero(lot.random(n) < 0.33)
    # Complaints crowd before the first renewal, where the spike is.
    age = lot.uniform(10.8, 12.0, len(who)) if spike else lot.uniform(0, 30, len(who))
    age = np.floor(age * survival.MONTH) / survival.MONTH
    cause = lot.choice(list(odds), len(who))
    goes = lot.random(len(who)) < np.array([odds[one] for one in cause])
    leaves = np.where(goes & (age < life[who]), age + (1 + np.floor(26 * lot.random(len(who)))) / survival.MONTH, np.inf)
    life[who] = np.minimum(life[who], leaves)
    lives = lives_of(np.minimum(life, watched), life <= watched)
    on = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.round(age * survival.MONTH), unit="D")
    return lives, pd.DataFrame({"customer_id": [f"C{k}" for k in who], "on": on, "kind": cause})


def test_planted_leaving_after_a_complaint_is_found_with_its_cause():
    for seed in range(5):
        got = nodes.after(*complaining(seed, odds={"late": 0.05, "bill": 0.4, "broken": 0.05}), days=30)
        assert got.found and got.worst == "bill"


def test_without_an_effect_it_is_hardly_ever_found_even_where_complaints_crowd_before_the_renewal():
    even = [nodes.after(*complaining(seed, odds={"late": 0, "bill": 0}), days=30).found for seed in range(20)]
    crowded = [nodes.after(*complaining(seed, odds={"late": 0, "bill": 0}, spike=0.3), days=30) for seed in range(20)]
    assert sum(even) <= 3 and sum(one.found for one in crowded) <= 3
    # In plain counts it would look like an effect: many leave soon after complaining, since the term was ending anyway.
    assert np.mean([one.all["rate"] for one in crowded]) > 0.15


def test_a_second_contact_about_the_same_case_is_one_complaint():
    contacts = pd.DataFrame(
        {
            "contact_id": ["1", "2", "3", "4"],
            "customer_id": ["A", "A", "A", "B"],
            "at": pd.to_datetime(["2026-01-01", "2026-01-05", "2026-01-05", "2026-04-05"]),
            "cause": ["late", "late", None, "late"],
            "case_id": ["1", "1", "3", "4"],
        }
    )
    got = nodes.complaints(contacts, as_of=AS_OF)
    # The third is no complaint, the fourth lies after the report date.
    assert got.to_dict("list") == {"customer_id": ["A"], "on": [pd.Timestamp("2026-01-01")], "kind": ["late"]}


@pytest.mark.parametrize("contacts", [None, pd.DataFrame({"contact_id": [], "customer_id": [], "at": [], "cause": []})])
def test_without_contacts_it_says_what_they_would_bring(contacts):
    got = nodes.complaints(contacts, as_of=AS_OF)
    assert isinstance(got, Withheld) and "who leaves after a complaint" in got.gain
    passed = nodes.after(lives_of([1.0] * 50, [True] * 50), got)
    assert passed is got


def test_signs_of_reasons_by_hand():
    contacts = pd.DataFrame(
        {
            "contact_id": ["1", "2", "3"],
            "customer_id": ["A", "B", None],
            "at": pd.to_datetime(["2026-01-01"] * 3),
            "cause": ["promise_not_kept", None, "bill"],
            "wait_minutes": [25.0, 5.0, 50.0],
            "satisfaction": pd.array([4, 1, 1], dtype="Int64"),
            "resolved": pd.array([True, False, False], dtype="boolean"),
        }
    )
    got = nodes.signs(contacts, as_of=AS_OF)
    assert set(got.loc[got["customer_id"] == "A", "kind"]) == {"slow", "broken_promise"}
    assert set(got.loc[got["customer_id"] == "B", "kind"]) == {"unfriendly", "unprofessional"}
    assert len(got) == 4


# ---------------------------------------------------------------- without contracts


def test_after_which_order_they_go_by_hand(orders_of):
    lines = {}
    for number in range(100):
        # 40 come once; of the 60 others 15 stop after the second order, 45 go on.
        orders = 1 if number < 40 else 2 if number < 55 else 4
        lines[f"C{number:03d}"] = [(pd.Timestamp("2025-01-01") + pd.Timedelta(days=30 * k + number % 7), 1) for k in range(orders)]
    days = windows.order_days(orders_of(**lines), as_of=AS_OF)
    got = nodes.by_order(days, as_of=AS_OF, window_days=90, most=3)
    # The third and later orders stand together: 45 of 90 are the last ones.
    assert got[["order", "customers", "gone"]].to_numpy().tolist() == [[1, 100, 40], [2, 60, 15], [3, 90, 45]]


def test_orders_too_late_to_be_judged_are_left_out(orders_of):
    lines = {f"C{k}": [("2026-02-01", 1)] for k in range(60)}
    days = windows.order_days(orders_of(**lines), as_of=AS_OF)
    assert isinstance(nodes.by_order(days, as_of=AS_OF, window_days=90), Withheld)
