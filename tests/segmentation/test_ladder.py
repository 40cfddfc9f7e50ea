"""The relationship ladder: each rung by a customer worked by hand, the boundaries, and who climbs."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.segmentation.ladder import CHINESE, ORDER, RUNGS, SILENT, Climbing, Rules, climbing, ladder, rung_counts, stuck_rung
from helpers.withheld import Withheld

AS_OF = date(2026, 6, 30)
RULES = Rules(quality_share=0.34)


@pytest.fixture
def people(orders_of):
    """A customer for each rung; days are counted back from 30 June 2026."""

    def ago(*days, money=10_000):
        return [(AS_OF - timedelta(days=day), money) for day in days]

    orders = orders_of(
        Silent=ago(365, 500),
        New=ago(30),
        Back=ago(40, 10),
        Long=ago(400, 60, 20),
        Good=ago(600, 60, 20, money=50_000),
        Life=ago(800, 60, 20, money=60_000),
        Friend=ago(500, 60, 20),
    )
    customers = pd.DataFrame(
        {
            "customer_id": ["Silent", "New", "Back", "Long", "Good", "Life", "Friend", "Name", "Clerk"],
            # Later than most first orders: of "since when", the order file decides here.
            "joined_on": pd.to_datetime("2026-06-01"),
            "referrer_id": pd.array([None, "Friend", "New", None, None, None, None, None, "Long"], dtype="str"),
            "kind": ["person"] * 8 + ["staff"],
        }
    )
    return orders, customers


def rungs(found):
    return found.table.set_index("customer_id")["rung"].to_dict()


def test_one_customer_for_each_rung(people):
    found = ladder(*people, as_of=AS_OF, rules=RULES)
    assert rungs(found) == {
        "Silent": "silent",
        "Name": "potential",
        "New": "new",
        "Back": "returning",
        "Long": "long-term",
        "Good": "quality",
        "Life": "lifetime",
        "Friend": "advocate",
    }
    assert found.rungs == ORDER


def test_who_recommends_after_one_order_stays_new_and_a_clerk_is_no_customer_brought(people):
    found = ladder(*people, as_of=AS_OF, rules=RULES).table.set_index("customer_id")
    assert found.loc[["New", "Friend", "Long"], "brought"].tolist() == [1, 1, 0]  # Back, New, and the clerk
    assert found.loc["New", "rung"] == "new"
    assert "Clerk" not in found.index


def test_the_money_of_a_quality_customer_by_hand(people):
    # Six bought within 365 days. Money of the year: Life 120,000; Good 100,000; Back, Long, Friend 20,000; New 10,000.
    # Two of six are a third: they fit into 34 of 100, and into 33 only one.
    assert ladder(*people, as_of=AS_OF, rules=Rules(quality_share=0.34)).quality_from_minor == 100_000
    assert ladder(*people, as_of=AS_OF, rules=Rules(quality_share=0.33)).quality_from_minor == 120_000
    # Where not even the first fits, nobody is quality.
    assert ladder(*people, as_of=AS_OF, rules=Rules(quality_share=0.16)).quality_from_minor == 120_001


@pytest.mark.parametrize(
    "days, rung",
    [
        pytest.param([364], "new", id="silent begins on day 365"),
        pytest.param([365], "silent", id="day 365"),
        pytest.param([364, 10, 5], "returning", id="a customer for 364 days"),
        pytest.param([365, 10, 5], "long-term", id="a customer for 365 days"),
        pytest.param([400, 10], "returning", id="two order days are no long term"),
        pytest.param([400, 10, 10], "returning", id="two orders of one day are one order day"),
    ],
)
def test_where_a_rung_begins(orders_of, days, rung):
    orders = orders_of(
        A=[(AS_OF - timedelta(days=day), 100) for day in days], **{f"X{n}": [(AS_OF, 10**6)] for n in range(9)}
    )
    assert rungs(ladder(orders, None, as_of=AS_OF))["A"] == rung


def test_a_sign_up_before_the_first_order_counts_and_one_after_the_report_date_does_not_exist(orders_of):
    orders = orders_of(A=[(AS_OF - timedelta(days=day), 100) for day in (50, 40, 30)])
    customers = pd.DataFrame(
        {"customer_id": ["A", "B"], "joined_on": pd.to_datetime([AS_OF - timedelta(days=365), AS_OF + timedelta(days=1)])}
    )
    found = ladder(orders, customers, as_of=AS_OF).table.set_index("customer_id")
    assert found.loc["A", "known_days"] == 365 and found.loc["A", "rung"] in ("long-term", "quality")
    assert "B" not in found.index


def test_a_recommendation_counts_from_the_day_on_which_somebody_came(people):
    orders, customers = people
    before = ladder(orders, customers, as_of=date(2026, 5, 31), rules=RULES).table.set_index("customer_id")
    assert before["brought"].sum() == 0


def test_without_customers_the_page_says_what_cannot_be_seen(people):
    found = ladder(people[0], None, as_of=AS_OF)
    assert found.rungs == (SILENT, "new", "returning", "long-term", "quality", "lifetime")
    assert "`referrer_id`" in found.missing


def test_in_a_short_export_nobody_is_shown_as_lifetime_and_the_reason_is_said(orders_of):
    found = ladder(orders_of(A=[("2026-01-05", 100)]), None, as_of=AS_OF)
    assert "lifetime" not in found.rungs
    assert "The data begin on 5 January 2026" in found.missing and "730 days" in found.missing


def test_nobody_has_ordered_yet(orders_of):
    found = ladder(orders_of(A=[("2026-01-05", 100)]), None, as_of=date(2025, 1, 1))
    assert isinstance(found, Withheld) and "Nobody has ordered up to 1 January 2025" in found.reason


def test_counts_and_money_of_the_rungs_add_up(people):
    orders, customers = people
    table = rung_counts(ladder(orders, customers, as_of=AS_OF, rules=RULES))
    year = orders[orders["ordered_at"] > pd.Timestamp(AS_OF - timedelta(days=365))]
    assert table["customers"].sum() == 8
    assert table["value_minor"].sum() == year["amount_minor"].sum()
    assert table["share_of_customers"].sum() == pytest.approx(1) and table["share_of_value"].sum() == pytest.approx(1)
    assert table.set_index("rung").loc["new", "rule"] == "one order day so far"


@pytest.mark.parametrize(
    "change", [{"quality_share": 0}, {"quality_share": 1}, {"long_order_days": 2}, {"lifetime_days": 100}, {"silent_days": 0}]
)
def test_rules_that_do_not_rise_are_refused(change):
    with pytest.raises(DataError, match="quality_share is|rungs must rise"):
        Rules(**change)


def test_every_rung_has_its_chinese_name_and_its_rule():
    assert set(CHINESE) == set(RUNGS) and CHINESE["advocate"] == "拥护者"
    assert set(Rules().in_words()) == set(ORDER)


buying = st.dictionaries(
    st.sampled_from(list("ABCD")),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 1000)), min_size=1, max_size=5),
    min_size=1,
)


@given(buying)
def test_everybody_stands_on_exactly_one_rung_whatever_the_order_of_the_rows(shop):
    rows = [
        {"customer_id": name, "ordered_at": pd.Timestamp(AS_OF - timedelta(days=day)), "amount_minor": money, "status": "sale"}
        for name, orders in shop.items()
        for day, money in orders
    ]
    frame = pd.DataFrame(rows).astype({"ordered_at": "datetime64[us]", "customer_id": "str"})
    found, mixed = (ladder(one, None, as_of=AS_OF).table for one in (frame, frame.iloc[::-1]))
    assert set(found["customer_id"]) == set(shop) and found["customer_id"].is_unique
    assert found["rung"].isin(ORDER).all()
    pd.testing.assert_frame_equal(found, mixed)


# ---------------------------------------------------------------- climbing


@pytest.fixture
def one_quarter(orders_of):
    """A stays new and falls silent, B climbs from new to returning, C stays, D climbs from returning to long-term."""
    start = AS_OF - timedelta(days=91)

    def at(*days):
        return [(start - timedelta(days=day), 100) for day in days]

    return orders_of(
        Old=at(1200),  # the export reaches back; silent at both ends
        Much=[(start - timedelta(days=300), 10**7)],  # takes the place among the best spenders
        A=at(300),
        B=at(200, -10),
        C=at(100),
        D=at(350, 100, -20),
    )


def test_one_quarter_by_hand(one_quarter):
    found = climbing(one_quarter, None, as_of=AS_OF, quarters=1)
    table = found.table.set_index("rung")
    # At the start A, B, C and Much are new. Much ordered 391 days before the end, so it falls silent, as does A.
    assert table.loc["new", ["stood", "climbed", "stayed", "fell", "fell_silent"]].tolist() == [4, 1, 1, 0, 2]
    assert table.loc["returning", ["stood", "climbed", "stayed", "fell", "fell_silent"]].tolist() == [1, 1, 0, 0, 0]
    assert table.loc["silent", "stayed"] == 1
    assert found.moves.loc["new", "returning"] == 1 and found.moves.to_numpy().sum() == 6
    assert found.quarters == ((AS_OF - timedelta(days=91), AS_OF),)


def test_quarters_count_only_where_somebody_could_have_fallen_silent(orders_of):
    orders = orders_of(A=[(AS_OF - timedelta(days=365 + 91 * 2), 100), (AS_OF, 100)])
    assert len(climbing(orders, None, as_of=AS_OF).quarters) == 2
    short = orders_of(A=[(AS_OF - timedelta(days=365 + 90), 100)])
    assert "the export is shorter" in climbing(short, None, as_of=AS_OF).reason


def climbed(**shares):
    rows = [{"rung": rung, "stood": stood, "climb_share": share} for rung, (stood, share) in shares.items()]
    return Climbing(pd.DataFrame(), pd.DataFrame(rows), ())


def test_customers_are_stuck_where_the_fewest_climb_among_rungs_with_enough_of_them():
    assert stuck_rung(climbed(new=(100, 0.1), returning=(100, 0.2), quality=(29, 0.01))) == "new"
    assert stuck_rung(climbed(new=(100, 0.2), returning=(100, 0.1), lifetime=(100, 0.0))) == "returning"
    assert stuck_rung(climbed(new=(29, 0.1))) == ""
