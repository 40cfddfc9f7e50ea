"""Lives, curves and segments: against published curves, tables by hand, and planted early contracts."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.churn import survival, windows
from helpers.stats.snapshots import Leak
from helpers.withheld import Withheld

AS_OF = date(2026, 3, 31)

# Freireich and others (1963), Blood 21, 699-716: weeks of remission of 42 children with leukaemia.
DRUG = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
SEEN = [True] * 9 + [False] * 12 + [True] * 21


def lives_of(months, left, entry=0.0, **more):
    table = pd.DataFrame({"months": np.asarray(months, float), "left": left, "entry": entry} | more)
    table.insert(0, "customer_id", [f"C{k}" for k in range(len(table))])
    table["began"] = pd.Timestamp("2024-01-01")
    return survival.Lives(table, "contract")


def contracts(rows):
    frame = pd.DataFrame(rows, columns=["contract_id", "customer_id", "started_on", "ended_on"])
    frame["started_on"], frame["ended_on"] = pd.to_datetime(frame["started_on"]), pd.to_datetime(frame["ended_on"])
    return windows.Contracts(frame)


def test_the_curve_is_the_published_one():
    got = survival.stay(lives_of(DRUG, SEEN[:21]))
    # Published Kaplan-Meier shares of the treated children at weeks 6, 10, 16 and 23.
    for week, share in ((6, 0.857), (10, 0.753), (16, 0.627), (23, 0.448)):
        assert got.stay(week).value == pytest.approx(share, abs=6e-4)
    assert got.half.value == 23


def test_the_two_groups_differ_as_published():
    lives = lives_of(DRUG * 2 + PLACEBO * 2, SEEN[:21] * 2 + SEEN[21:] * 2)
    group = pd.Series(["6-MP"] * 42 + ["placebo"] * 42)
    got = survival.by_segment(lives, {"arm": (group, lives.table["began"])}, months=10)
    row = got.table.iloc[0]
    # Each child twice, so that groups are large enough: the shares stay the published ones (placebo at 10 weeks: 8 of 21).
    assert (row["high_group"], row["low_group"]) == ("6-MP", "placebo")
    assert (row["high_share"], row["low_share"]) == pytest.approx((0.753, 8 / 21), abs=6e-4)
    assert got.chosen == "arm"


def test_lives_by_hand():
    got = survival.contract_lives(
        contracts(
            [
                ("a", "A", "2025-01-01", "2026-01-01"),
                ("b", "B", "2025-01-01", None),
                ("c", "C", "2022-01-01", None),
                ("d", "D", "2022-01-01", "2022-06-01"),
            ]
        ),
        as_of=AS_OF,
        watched_from=date(2023, 1, 1),
    )
    # d ended before anybody watched, and is counted; c is at risk from the age of a year on.
    assert got.set_aside == {"over before watching began": 1} and got.early == 1
    table = got.table.set_index("contract_id")
    assert table["months"].to_list() == pytest.approx([365 / survival.MONTH, 454 / survival.MONTH, 1550 / survival.MONTH])
    assert table["left"].to_list() == [True, False, False]
    assert table["entry"].to_list() == pytest.approx([0, 0, 365 / survival.MONTH])


def drawn(seed, *, n=4000, life=24.0):
    """Contracts with a steady risk that begin over six years; records of the last three."""
    lot = np.random.default_rng(seed)
    start = pd.Timestamp("2020-03-31") + pd.to_timedelta(lot.integers(0, 2191, n), unit="D")
    end = start + pd.to_timedelta(np.ceil(lot.exponential(life * survival.MONTH, n)), unit="D")
    frame = pd.DataFrame({"contract_id": np.arange(n).astype(str), "customer_id": np.arange(n).astype(str), "started_on": start, "ended_on": end})
    first = pd.Timestamp("2023-03-31")
    frame = frame[frame["ended_on"] > first]
    return windows.Contracts(frame.assign(ended_on=frame["ended_on"].where(frame["ended_on"] <= pd.Timestamp(AS_OF))))


@pytest.mark.parametrize("seed", range(3))
def test_early_contracts_do_not_flatter_the_curve(seed):
    lives = survival.contract_lives(drawn(seed), as_of=AS_OF, watched_from=date(2023, 3, 31))
    got = survival.stay(lives)
    truth = np.exp(-24 / 24)
    found = got.stay(24)
    # Twice the interval: it holds the truth in more than 999 of 1,000 runs.
    assert abs(found.value - truth) < found.high - found.low
    assert got.blind.at(24).low > truth, "watched as if from the start, it is too kind"
    assert got.left_only.loc[24] < truth


def test_customers_without_contract_are_judged_on_one_day(orders_of):
    orders = orders_of(
        A=[("2025-01-10", 1), ("2025-07-10", 1)],  # silent since: left in July
        B=[("2025-01-10", 1), ("2026-03-01", 1)],  # ordered after the cut: there at the cut
        C=[("2026-03-10", 1)],  # came after the cut: not in it
        D=[("2025-02-10", 1)],  # one order: left on the first day
    )
    days = windows.order_days(orders, as_of=AS_OF)
    got = survival.order_lives(days, as_of=AS_OF, window_days=90)
    cut = pd.Timestamp("2025-12-31")
    table = got.table.set_index("customer_id")
    assert table["left"].to_dict() == {"A": True, "B": False, "D": True}
    assert table["months"].to_dict() == pytest.approx(
        {"A": 181 / survival.MONTH, "B": (cut - pd.Timestamp("2025-01-10")).days / survival.MONTH, "D": 0}
    )


def test_who_joined_before_the_orders_begin_counts_from_then(orders_of):
    days = windows.order_days(orders_of(A=[("2025-01-10", 1), ("2025-07-10", 1)], B=[("2025-03-01", 1)]), as_of=AS_OF)
    people = pd.DataFrame({"customer_id": ["A", "B"], "joined_on": pd.to_datetime(["2024-01-10", "2025-03-01"])})
    table = survival.order_lives(days, people, as_of=AS_OF, window_days=90).table.set_index("customer_id")
    assert table.loc["A", "entry"] == pytest.approx(366 / survival.MONTH) and table.loc["B", "entry"] == 0
    assert table.loc["A", "months"] == pytest.approx((366 + 181) / survival.MONTH)


def test_a_window_longer_than_the_data_is_refused_in_words(orders_of):
    days = windows.order_days(orders_of(A=[("2026-01-10", 1)]), as_of=AS_OF)
    got = survival.order_lives(days, as_of=AS_OF, window_days=365)
    assert isinstance(got, Withheld) and "365 days is longer than the data" in got.reason


@pytest.mark.parametrize("left", [False, True], ids=["nobody left", "everybody left"])
def test_no_churn_at_all_and_everybody_churned(left):
    got = survival.stay(lives_of(np.arange(1, 41), [left] * 40))
    if left:
        assert got.stay(40).value == 0 and got.half.value == 20
    else:
        assert isinstance(got, Withheld) and "has 40 customers with 0 events" in got.reason


def test_a_segment_known_only_later_makes_the_run_fail():
    lives = lives_of(np.arange(1, 101) / 4, [True, False] * 50)
    gold = pd.Series(["gold", "none"] * 50)
    late = lives.table["began"].copy()
    late[3] += pd.Timedelta(days=200)
    with pytest.raises(Leak, match="The segment 'card' was known only after the beginning for 1 life"):
        survival.by_segment(lives, {"card": (gold, late)})


def test_groups_that_are_alike_are_not_told_apart_and_small_ones_stand_together():
    lot = np.random.default_rng(4)
    lives = lives_of(lot.exponential(12, 300).clip(0.1, 30), lot.random(300) < 0.8)
    group = pd.Series(["a"] * 120 + ["b"] * 120 + ["c"] * 20 + ["d"] * 20 + [None] * 20)
    got = survival.by_segment(lives, {"city": (group, lives.table["began"])})
    assert set(got.curves["city"]) == {"a", "b", survival.OTHERS}
    assert got.table["lives"].iloc[0] == 280 and got.chosen is None


def test_without_any_way_of_dividing_it_says_so():
    lives = lives_of(np.arange(1, 41), [True] * 40)
    got = survival.by_segment(lives, {})
    assert isinstance(got, Withheld) and "contracts" in got.reason


def test_segments_of_orders_use_the_first_order_alone(orders_of):
    orders = orders_of(A=[("2025-01-10", 1), ("2025-02-10", 1)], B=[("2025-01-20", 1)]).assign(
        channel=["shop", "online", "online"], order_id=["1", "2", "3"]
    )
    days = windows.order_days(orders, as_of=AS_OF)
    lives = survival.order_lives(days, as_of=AS_OF, window_days=90)
    found = survival.segments_of(lives, SimpleNamespace(customers=None, products=None, orders=orders))
    assert found["channel of the first order"][0].tolist() == ["shop", "online"]
