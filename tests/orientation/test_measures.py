"""The formula, the periods, and what moved revenue: against hand-worked tables and another package's numbers."""

import math
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from helpers.errors import DataError
from helpers.orientation import measures
from helpers.withheld import Withheld

SHOP = {"traffic": 10_000, "close_rate": 0.05, "order_value": 200, "repeat_rate": 0.3, "referral_rate": 0.1, "margin_rate": 0.4}
ONLINE = {"page_views": 10_000, "conversion_rate": 0.05, "order_value": 200, "repeat_rate": 0.3, "margin_rate": 0.4}


# ---------------------------------------------------------------- the formula


@pytest.mark.parametrize(
    "reading, result",
    [("first orders", 40_000), ("literal", 1_200), ("multipliers", 57_200)],
)
def test_the_shop_of_the_source_in_each_reading(reading, result):
    assert measures.performance(SHOP, reading=reading) == pytest.approx(result)


def test_online_has_no_referral():
    # 40,000 x 0.3 and 40,000 x 1.3
    assert measures.performance(ONLINE, reading="literal") == pytest.approx(12_000)
    assert measures.performance(ONLINE) == pytest.approx(52_000)


@pytest.mark.parametrize("factors, all_of_them", [(SHOP, 1.771561), (ONLINE, 1.61051)], ids=["offline", "online"])
def test_a_tenth_more_of_all_factors_as_printed(factors, all_of_them):
    table = measures.levers(factors, reading="literal").set_index("factor")["effect"]
    assert table["all"] + 1 == pytest.approx(all_of_them)
    assert table.drop("all").tolist() == pytest.approx([0.1] * len(factors))


def test_a_tenth_more_of_a_rate_on_top_is_worth_less():
    table = measures.levers(SHOP).set_index("factor")["effect"]
    assert table["repeat_rate"] == pytest.approx(1.33 / 1.30 - 1)
    assert table["referral_rate"] == pytest.approx(1.11 / 1.10 - 1)
    assert table["traffic"] == pytest.approx(0.1)
    assert table["all"] + 1 == pytest.approx(1.1**4 * (1.33 / 1.30) * (1.11 / 1.10))


def test_a_share_does_not_grow_past_one():
    table = measures.levers(SHOP | {"close_rate": 0.95}).set_index("factor")["effect"]
    assert table["close_rate"] == pytest.approx(1 / 0.95 - 1)


@pytest.mark.parametrize(
    "factors, message",
    [
        ({"traffic": 1}, "those of no formula: traffic"),
        (SHOP | {"close_rate": 5}, "close_rate is 5. It should be from 0 to 1"),
        (SHOP | {"order_value": -1}, "order_value is -1. It should be 0 or more"),
        (SHOP | {"margin_rate": math.nan}, "margin_rate is nan"),
    ],
)
def test_factors_that_cannot_be_are_refused(factors, message):
    with pytest.raises(DataError, match=message):
        measures.performance(factors)


def test_an_unknown_reading_names_the_known_ones():
    with pytest.raises(DataError, match="Use one of first orders, literal, multipliers"):
        measures.performance(SHOP, reading="backwards")


def test_levers_of_nothing_are_refused():
    with pytest.raises(DataError, match="The result is 0"):
        measures.levers(SHOP | {"traffic": 0})


# ---------------------------------------------------------------- periods


@pytest.mark.parametrize(
    "first, as_of, last, this, months, lookback, same_season",
    [
        (date(2023, 6, 1), date(2026, 6, 17), "Jun 2024 to May 2025", "Jun 2025 to May 2026", 12, 12, True),
        (date(2024, 1, 1), date(2026, 5, 31), "Jun 2024 to May 2025", "Jun 2025 to May 2026", 12, 5, True),
        # The 4th of a month: that month is not complete, so 24 months become 23.
        (date(2024, 6, 4), date(2026, 6, 17), "Jul 2024 to May 2025", "Jul 2025 to May 2026", 11, 0, True),
        (date(2025, 3, 2), date(2026, 5, 31), "Mar to May 2025", "Mar to May 2026", 3, 0, True),
        (date(2010, 12, 1), date(2011, 12, 9), "Dec 2010 to May 2011", "Jun to Nov 2011", 6, 0, False),
        (date(2026, 1, 1), date(2026, 6, 30), "Jan to Mar 2026", "Apr to Jun 2026", 3, 0, False),
    ],
)
def test_complete_months_and_what_they_are_compared_with(first, as_of, last, this, months, lookback, same_season):
    found = measures.comparison_periods(first, as_of)
    assert (found.last.label, found.this.label, found.months) == (last, this, months)
    assert (found.lookback_months, found.same_season) == (lookback, same_season)


def test_earlier_periods_are_listed_newest_first():
    found = measures.comparison_periods(date(2022, 5, 20), date(2026, 5, 31))
    assert [one.label for one in found.earlier] == ["Jun 2023 to May 2024", "Jun 2022 to May 2023"]


def test_months_can_be_fewer():
    found = measures.comparison_periods(date(2023, 6, 1), date(2026, 6, 17), months=3)
    assert (found.last.label, found.this.label) == ("Mar to May 2025", "Mar to May 2026")
    assert (found.lookback_months, len(found.earlier)) == (12, 1)


@pytest.mark.parametrize("first, complete", [(date(2026, 1, 4), "4 complete months"), (date(2026, 5, 20), "0 complete months")])
def test_too_short_an_export_is_withheld_with_its_months(first, complete):
    found = measures.comparison_periods(first, date(2026, 5, 31))
    assert isinstance(found, Withheld)
    assert complete in found.reason


# ---------------------------------------------------------------- figures of a period


TWO = measures.Periods(
    last=measures.Period(date(2025, 1, 1), date(2026, 1, 1)),
    this=measures.Period(date(2026, 1, 1), date(2027, 1, 1)),
    earlier=(),
    months=12,
    lookback_months=12,
    same_season=True,
)


@pytest.fixture
def small(orders_of):
    """Before: A and B in 2024. 2025: A twice (once with a return), C. 2026: A, C on two days, D and E."""
    return orders_of(
        A=[("2024-03-01", 5_000), ("2025-02-01", 10_000), ("2025-02-01", 2_000), ("2025-06-01", 8_000), ("2025-06-09", -4_000),
           ("2026-05-01", 9_000)],
        B=[("2024-04-01", 7_000)],
        C=[("2025-03-01", 6_000), ("2026-02-01", 3_000), ("2026-02-01", 1_000), ("2026-08-01", 5_000)],
        D=[("2026-03-01", 4_000)],
        E=[("2026-04-01", 12_000)],
    )  # fmt: skip


def test_figures_of_a_period_by_hand(small):
    found = measures.numbers_of(small, period=TWO.last)
    # A on two days and C on one; 100 + 20 + 80 - 40 + 60 yuan.
    assert (found["buyers"], found["orders"], found["net_minor"]) == (2, 3, 22_000)
    assert found["orders_each"] == 1.5
    assert found["order_value_minor"] == pytest.approx(22_000 / 3)


def test_margins_count_only_where_every_line_has_one(small):
    assert not measures.has_margins(small)
    some = small.assign(margin_minor=pd.array([100] * len(small), dtype="Int64"))
    assert measures.has_margins(some)
    some.loc[3, "margin_minor"] = pd.NA
    assert not measures.has_margins(some)
    assert "margin_minor" not in measures.numbers_of(some, period=TWO.last)


def test_old_and_new_money_of_both_periods_by_hand(small):
    table = measures.period_table(small, periods=TWO)
    # 2025: A is old (bought in 2024), C is new. 2026: A and C are old, D and E are new.
    assert table["old_minor"].tolist() == [16_000, 18_000]
    assert table["new_minor"].tolist() == [6_000, 16_000]
    assert table["net_minor"].tolist() == [22_000, 34_000]


def test_rows_in_another_order_change_nothing(small):
    shuffled = small.sample(frac=1, random_state=1)
    assert measures.period_table(shuffled, periods=TWO).equals(measures.period_table(small, periods=TWO))
    one, other = (measures.decompose(orders, periods=TWO, way="old and new", fewest=1) for orders in (small, shuffled))
    assert one.steps.equals(other.steps)


# ---------------------------------------------------------------- shares of a change


@pytest.mark.parametrize(
    "before, after, effects",
    [
        # The values that LMDIR (Heun, 2019) tests itself with: two parts of three factors, over three years.
        ([[1, 10, 2], [4, 5, 3]], [[4, 5, 3], [5, 6, 4]], [69.79006598, -9.455125793, 39.66505981]),
        ([[4, 5, 3], [5, 6, 4]], [[8, 2, 4], [5, 7, 5]], [42.96021467, -34.31902656, 50.3588119]),
        ([[8, 2, 4], [5, 7, 5]], [[10, 1, 5], [6, 8, 6]], [54.01064234, -9.021284671, 54.01064234]),
    ],
)
def test_shares_match_those_of_another_package(before, after, effects):
    found = sum(measures.shares_of_change(one, other) for one, other in zip(before, after, strict=True))
    assert found.tolist() == pytest.approx(effects, rel=1e-8)


def test_two_factors_by_hand():
    # 100 x 10 = 1,000 becomes 200 x 5 = 1,000: the mean of equal totals is 1,000, and ln 2 of it goes each way.
    assert measures.shares_of_change([100, 10], [200, 5]).tolist() == pytest.approx([693.147181, -693.147181])
    # 100 x 10 becomes 400 x 10: all of 3,000 belongs to the first.
    assert measures.shares_of_change([100, 10], [400, 10]).tolist() == pytest.approx([3_000, 0])
    # 1 x 1 becomes 2 x 2: alike, so half of 3 each.
    assert measures.shares_of_change([1, 1], [2, 2]).tolist() == pytest.approx([1.5, 1.5])


factor = st.floats(min_value=1e-3, max_value=1e6)
pairs = st.lists(st.tuples(factor, factor), min_size=1, max_size=6)


@given(pairs)
def test_shares_add_up_to_the_change(pairs):
    before, after = zip(*pairs, strict=True)
    change = math.prod(after) - math.prod(before)
    scale = max(math.prod(after), math.prod(before))
    assert measures.shares_of_change(before, after).sum() == pytest.approx(change, abs=1e-9 * scale)


@given(pairs)
def test_shares_turn_their_sign_when_time_is_reversed(pairs):
    before, after = zip(*pairs, strict=True)
    there, back = measures.shares_of_change(before, after), measures.shares_of_change(after, before)
    scale = max(math.prod(after), math.prod(before))
    assert there.tolist() == pytest.approx((-back).tolist(), abs=1e-9 * scale)


@given(pairs, st.randoms())
def test_the_order_of_the_factors_is_irrelevant(pairs, dice):
    mixed = dice.sample(pairs, len(pairs))
    shares = dict(zip(pairs, measures.shares_of_change(*zip(*pairs, strict=True)), strict=True))
    scale = max(math.prod(one) for one in zip(*pairs, strict=True))
    found = measures.shares_of_change(*zip(*mixed, strict=True))
    assert found.tolist() == pytest.approx([shares[pair] for pair in mixed], abs=1e-9 * scale)


@given(pairs)
def test_a_factor_that_stays_has_no_share(pairs):
    before, after = zip(*pairs, (7.0, 7.0), strict=True)
    assert measures.shares_of_change(before, after)[-1] == 0


def test_the_even_way_is_what_it_says():
    """Each factor grows evenly; what it brings on the way, added up by numerical integration."""
    before, after = np.array([2684, 2.42, 615.0]), np.array([3249, 2.12, 648.0])
    rate = np.log(after / before)
    brought = [quad(lambda t, r=r: (before * np.exp(rate * t)).prod() * r, 0, 1)[0] for r in rate]
    assert measures.shares_of_change(before, after).tolist() == pytest.approx(brought, rel=1e-9)


@pytest.mark.parametrize("bad", [0, -3, math.nan])
def test_a_factor_that_is_not_above_zero_is_refused(bad):
    with pytest.raises(DataError, match="zero or negative"):
        measures.shares_of_change([1, bad], [2, 3])


def test_the_log_mean_lies_between_the_other_means():
    assert math.sqrt(2 * 8) < measures.log_mean(2, 8) < 5
    assert measures.log_mean(2, 8) == pytest.approx(6 / math.log(4))
    # Nearly equal numbers lose no digits: the mean of a and a + d is a + d/2.
    assert measures.log_mean(1e9, 1e9 + 1) == pytest.approx(1e9 + 0.5, abs=1e-3)


def test_one_at_a_time_leaves_something_over():
    # 100 x 10 becomes 200 x 8: buyers alone +1,000, price alone -200, together +600.
    effects, left_over = measures.one_at_a_time([100, 10], [200, 8])
    assert (effects.tolist(), left_over) == ([1_000, -200], -200)


# ---------------------------------------------------------------- decompositions


@pytest.mark.parametrize("way", ["orders", "old and new"])
def test_effects_add_up_to_the_last_fen(small, way):
    change = measures.decompose(small, periods=TWO, way=way, fewest=1)
    assert (change.before_minor, change.after_minor) == (22_000, 34_000)
    assert change.steps["effect_minor"].sum() == 12_000
    assert change.steps["effect_minor"].dtype == "int64"


def test_old_and_new_by_hand(small):
    steps = measures.decompose(small, periods=TWO, way="old and new", fewest=1).steps.set_index(["part", "factor"])
    # Old in 2025: A and B were known, A came back, on two days, 160 yuan net. In 2026 A and C were known and came back.
    assert steps.loc[("old", "known"), ["before", "after"]].tolist() == [2, 2]
    assert steps.loc[("old", "share_back"), ["before", "after"]].tolist() == [0.5, 1.0]
    assert steps.loc[("old", "orders_each"), ["before", "after"]].tolist() == [2, 1.5]
    assert steps.loc[("old", "order_value_minor"), ["before", "after"]].tolist() == [8_000, 6_000]
    assert steps.loc[("new", "buyers"), ["before", "after"]].tolist() == [1, 2]
    # The mean of 16,000 and 18,000, times ln 2 for a share that doubles.
    mean = 2_000 / math.log(18 / 16)
    assert steps.loc[("old", "share_back"), "effect_minor"] == pytest.approx(mean * math.log(2), abs=1)


order = st.tuples(st.sampled_from("ABCDEF"), st.integers(0, 3 * 365 - 1), st.integers(-5_000, 20_000).filter(bool))


@given(st.lists(order, min_size=1, max_size=30))
def test_whatever_the_orders_the_parts_are_the_change(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "amount_minor"])
    frame["ordered_at"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame.pop("day"), unit="D")
    frame = frame.astype({"customer_id": "str", "amount_minor": "int64"})
    frame["margin_minor"] = (frame["amount_minor"] // 3).astype("Int64")
    for way in measures.WAYS:
        change = measures.decompose(frame, periods=TWO, way=way, fewest=1)
        if isinstance(change, Withheld):
            assert change.reason.endswith(".")
            continue
        assert change.steps["effect_minor"].sum() == change.change_minor
        value = "margin_minor" if way == "margin" else "amount_minor"
        net = [frame.loc[period.holds(frame["ordered_at"]), value].sum() for period in (TWO.last, TWO.this)]
        assert [change.before_minor, change.after_minor] == net


def test_margin_is_a_fourth_factor(small):
    with_margin = small.assign(margin_minor=(small["amount_minor"] // 4).astype("Int64"))
    change = measures.decompose(with_margin, periods=TWO, way="margin", fewest=1)
    assert (change.what, change.before_minor, change.after_minor) == ("Gross margin", 5_500, 8_500)
    assert change.effect("all", "margin_rate") == 0
    assert change.effect("all") == 3_000


def test_no_sale_in_a_period_is_said_in_words(orders_of):
    orders = orders_of(A=[("2024-05-01", 100), ("2025-05-01", 100)])
    found = measures.decompose(orders, periods=TWO, fewest=1)
    assert isinstance(found, Withheld)
    assert found.reason == "There is no sale in Jan to Dec 2026."


def test_no_new_customer_is_said_in_words(orders_of):
    orders = orders_of(A=[("2024-05-01", 100), ("2025-05-01", 100), ("2026-05-01", 100)])
    assert measures.decompose(orders, periods=TWO, way="old and new", fewest=1).reason == "There is no sale of new customers in Jan to Dec 2025."


def test_returns_that_outweigh_sales_are_said_in_words(orders_of):
    orders = orders_of(A=[("2025-05-01", 100), ("2026-05-01", 100), ("2026-05-02", -300)])
    assert measures.decompose(orders, periods=TWO, fewest=1).reason == "In Jan to Dec 2026 returns are worth as much as sales, or more."


def test_without_margins_the_margin_is_withheld(small):
    assert "no margin on every line" in measures.decompose(small, periods=TWO, way="margin", fewest=1).reason


def test_an_unknown_way_is_refused(small):
    with pytest.raises(DataError, match="Use one of orders, margin, old and new"):
        measures.decompose(small, periods=TWO, way="colour", fewest=1)


def test_what_is_withheld_is_passed_on(small):
    short = measures.comparison_periods(date(2026, 5, 1), date(2026, 5, 31))
    for result in (
        measures.period_table(small, periods=short),
        measures.decompose(small, periods=short),
        measures.ground(small, periods=short),
    ):
        assert result is short


@pytest.mark.parametrize("way", ["orders", "old and new"])
def test_a_handful_of_customers_is_not_taken_apart(small, way):
    found = measures.decompose(small, periods=TWO, way=way)
    assert isinstance(found, Withheld)
    assert re.fullmatch(r"In Jan to Dec 2025 [23] customers bought; 30 are needed\.", found.reason)


def test_few_old_customers_are_not_taken_apart(orders_of):
    # 40 customers in each year, ten of them had bought before.
    rows = {f"N{number}": [(f"{2024 + year}-05-01", 100) for year in range(3)][number < 30 :] for number in range(40)}
    rows |= {f"M{number}": [("2026-06-01", 100)] for number in range(5)}
    found = measures.decompose(orders_of(**rows), periods=TWO, way="old and new")
    assert found.reason == "Before Jan to Dec 2025 there were 10 old customers; 30 are needed."
    assert not isinstance(measures.decompose(orders_of(**rows), periods=TWO), Withheld)


# ---------------------------------------------------------------- ground


def crowd(orders_of, *, back, often, new):
    """200 customers in 2024; 120 of them come back in 2025, twice each; `back` of those of 2025 in 2026; `new` new ones a year."""
    rows = {}
    for number in range(200):
        rows[f"O{number}"] = [("2024-03-01", 10_000)] + [("2025-03-01", 10_000), ("2025-09-01", 10_000)] * (number < 120)
    for number in range(80):
        rows[f"N{number}"] = [("2025-05-01", 10_000)]
    names = [f"O{number}" for number in range(120)] + [f"N{number}" for number in range(80)]
    for number, name in enumerate(names[:back]):
        rows[name] = rows[name] + [(f"2026-0{1 + visit}-01", 10_000) for visit in range(often)]
    for number in range(new):
        rows[f"M{number}"] = [("2026-05-01", 10_000)]
    return orders_of(**rows)


def test_a_record_that_lost_ground(orders_of):
    found = measures.ground(crowd(orders_of, back=80, often=2, new=300), periods=TWO)
    assert (found.known_before, found.back_before, found.known_after, found.back_after) == (200, 120, 200, 80)
    assert (found.new_before, found.new_after) == (80, 300)
    assert (found.each_before, found.each_after) == (1.2, 0.8)
    assert (found.from_old_minor, found.from_new_minor) == (-800_000, 2_200_000)
    assert found.is_record
    assert found.lost


def test_the_same_growth_with_faithful_customers_lost_nothing(orders_of):
    found = measures.ground(crowd(orders_of, back=120, often=2, new=300), periods=TWO)
    assert found.is_record
    assert not found.lost
    assert found.each.value == 0


def test_a_fall_is_no_record(orders_of):
    found = measures.ground(crowd(orders_of, back=60, often=2, new=80), periods=TWO)
    assert found.each.high < 0
    assert not found.is_record
    assert not found.lost


def test_a_little_less_is_no_lost_ground(orders_of):
    found = measures.ground(crowd(orders_of, back=115, often=2, new=300), periods=TWO)
    assert found.from_old_minor < 0
    assert found.each.low < 0 < found.each.high
    assert not found.lost


def test_a_small_loss_is_no_lost_ground_however_sure_it_is(orders_of):
    # Old customers bring 800,000 less, as in the lost year; but new ones spend so much that this is 4 of 100.
    orders = crowd(orders_of, back=80, often=2, new=300)
    newcomers = orders["ordered_at"].isin(pd.to_datetime(["2025-05-01", "2026-05-01"]))
    orders.loc[newcomers, "amount_minor"] = 200_000
    found = measures.ground(orders, periods=TWO)
    assert (found.from_old_minor, found.before_minor) == (-800_000, 120 * 20_000 + 80 * 200_000)
    assert found.is_record
    assert found.each.high < 0
    assert not found.lost


def test_too_few_old_customers_are_withheld(small):
    assert "2 old customers before Jan to Dec 2025" in measures.ground(small, periods=TWO).reason


def test_movers_and_losses_of_a_lost_year(orders_of):
    change = measures.decompose(crowd(orders_of, back=80, often=2, new=300), periods=TWO, way="old and new")
    found = measures.movers(change)
    # Nothing but numbers of people changed: orders each and order value stayed.
    assert (found["often"], found["size"]) == (0, 0)
    assert found["new"] == 2_200_000
    assert found["back"] == -800_000
    assert measures.losses(change) == {"new": 2_200_000, "old": -800_000, "size": 0}
    assert measures.largest_loss(change) == "old"


def test_a_loss_below_five_percent_is_none(orders_of):
    # 3.2 million before; five who do not come back took 100,000: 3 of 100.
    change = measures.decompose(crowd(orders_of, back=115, often=2, new=300), periods=TWO, way="old and new")
    assert change.before_minor == 3_200_000
    assert measures.losses(change)["old"] == -100_000
    assert measures.largest_loss(change) == "none"


# ---------------------------------------------------------------- one percent


def test_one_percent_by_hand():
    table = measures.one_percent(revenue=100, variable_cost=60, fixed_cost=30).set_index("lever")
    assert table["gain"].to_dict() == pytest.approx({"price up": 1.0, "volume up": 0.4, "variable cost down": 0.6, "fixed cost down": 0.3})
    assert table.loc["price up", "share"] == pytest.approx(0.1)


def test_one_percent_without_profit_has_no_share():
    assert measures.one_percent(revenue=100, variable_cost=80, fixed_cost=30)["share"].isna().all()


def test_a_negative_cost_is_refused():
    with pytest.raises(DataError, match="The fixed cost is -1"):
        measures.one_percent(revenue=1, variable_cost=1, fixed_cost=-1)
