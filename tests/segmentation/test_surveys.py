"""Surveys: what is known beside what is said, by hand; weights against the margins; nothing after the survey is used."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.segmentation import groups, surveys
from helpers.segmentation.behaviour import behaviour
from helpers.segmentation.ladder import ladder
from helpers.stats.sampling import margin_of_error
from helpers.withheld import Withheld

DAY = date(2026, 3, 16)
AS_OF = date(2026, 6, 30)


def orders_by(days_of, *, end=DAY):
    """Orders of 10 yuan: {customer: how many days up to `end`, ten days apart}."""
    rows = [
        {"customer_id": name, "ordered_at": pd.Timestamp(end) - pd.Timedelta(days=10 * place), "amount_minor": 1000}
        for name, days in days_of.items()
        for place in range(days)
    ]
    return pd.DataFrame(rows).astype({"ordered_at": "datetime64[us]", "customer_id": "str"}).assign(status="sale")


def sheets(rows, **more):
    """Answers from (customer, mode, claimed)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "mode", "orders_claimed"])
    frame["orders_claimed"] = frame["orders_claimed"].astype("Int64")
    frame["answer_id"] = [f"A{place:04d}" for place in range(len(frame))]
    frame["answered_on"] = pd.Timestamp(DAY)
    return frame.assign(**more)


@pytest.fixture(scope="module")
def hundred():
    """100 customers: 50 ordered on one day, 50 on three. The mean is 2."""
    return orders_by({f"C{n:02d}": 1 if n < 50 else 3 for n in range(100)})


@pytest.fixture(scope="module")
def wave(hundred):
    """40 of the panel as the base is, all true; 40 in the street, all frequent, who all claim one day too many."""
    panel = [(f"C{n:02d}", "panel", 1 if n < 50 else 3) for n in [*range(20), *range(50, 70)]]
    street = [(f"C{n:02d}", "street", 4) for n in range(55, 95)]
    return surveys.latest_wave(sheets(panel + street), hundred, as_of=AS_OF)


# ---------------------------------------------------------------- the wave


def test_order_days_of_a_year_leave_out_what_is_older():
    orders = orders_by({"A": 40})  # every ten days: 0, 10, ... 360 lie within 365 days
    assert surveys.order_days_in_a_year(orders, as_of=DAY).to_dict() == {"A": 37}


def test_a_wave_holds_what_the_order_file_knows(wave):
    answers = wave.answers.set_index("answer_id")
    assert wave.day == DAY and len(wave.base) == 100 and wave.base.mean() == 2
    assert answers.loc["A0000", "own"] == 1 and answers.loc["A0079", "own"] == 3


def test_who_is_known_and_did_not_order_has_ordered_on_no_day_and_a_stranger_is_missing(hundred):
    found = surveys.latest_wave(sheets([("X", "street", 2), (None, "street", 2), ("", "street", 1)]), hundred, as_of=AS_OF)
    assert found.answers["own"].tolist()[0] == 0
    assert found.answers["own"].isna().tolist() == [False, True, True]


def test_the_newest_wave_counts_and_no_answer_after_the_report_date(hundred):
    old = sheets([("C00", "panel", 9)], wave="2025-03").assign(answered_on=pd.Timestamp("2025-03-10"))
    new = sheets([("C01", "panel", 1), ("C02", "panel", 1)], wave="2026-03")
    new.loc[0, "answered_on"] = pd.Timestamp("2026-03-02")
    both = pd.concat([new, old])
    assert surveys.latest_wave(both, hundred, as_of=AS_OF).answers["customer_id"].tolist() == ["C01", "C02"]
    assert surveys.latest_wave(both, hundred, as_of=date(2026, 3, 10)).answers["customer_id"].tolist() == ["C01"]
    assert surveys.latest_wave(both, hundred, as_of=date(2025, 12, 31)).answers["orders_claimed"].tolist() == [9]


def test_without_a_survey_the_page_says_what_it_would_tell(hundred):
    for nothing in (None, sheets([])):
        found = surveys.latest_wave(nothing, hundred, as_of=AS_OF)
        assert isinstance(found, Withheld) and "no table `survey`" in found.reason and "panel" in found.gain
    early = surveys.latest_wave(sheets([("C00", "panel", 1)]), hundred, as_of=date(2026, 1, 1))
    assert "No answer of the survey was given up to 1 January 2026" in early.reason


@pytest.mark.parametrize(
    "year, band", [(1996, "under 35"), (1991, "35 to 49"), (1977, "35 to 49"), (1976, "50 to 64"), (1961, "65 and over")]
)
def test_age_bands_of_2026(hundred, year, band):
    one = sheets([("C00", "panel", 1)], birth_year=pd.array([year], dtype="Int64"))
    assert surveys.latest_wave(one, hundred, as_of=AS_OF).answers["age_band"].tolist() == [band]


# ---------------------------------------------------------------- who answers, what they answer


def test_the_error_is_split_into_who_answers_and_what_they_answer(wave):
    table = surveys.errors_by_mode(wave).set_index("mode")
    assert table.index.tolist() == ["panel", "street"]  # the nearest to the truth first
    assert table["truth"].tolist() == [2, 2]
    # Street: all have 3 days where the mean is 2, and say 4.
    assert table.loc["street", ["claimed", "own", "selection_error", "answer_error", "error"]].tolist() == [4, 3, 1, 1, 2]
    assert table.loc["panel", ["claimed", "own", "selection_error", "answer_error", "error"]].tolist() == [2, 2, 0, 0, 0]


def test_the_interval_of_a_way_of_asking_is_students(wave):
    # 20 ones and 20 threes: spread 1 with n, so s = sqrt(40 / 39), t(39) = 2.0227 (tables).
    row = surveys.errors_by_mode(wave).set_index("mode").loc["panel"]
    assert row["high"] - 2 == pytest.approx(2.0227 * np.sqrt(40 / 39) / np.sqrt(40), abs=1e-4)


def test_an_error_is_beyond_luck_only_if_it_is_so_for_the_number_of_ways_looked_at(hundred, wave):
    assert surveys.errors_by_mode(wave)["beyond_luck"].tolist() == [False, True]
    # 40 of the panel of whom 27 ordered thrice: claimed 2.35, 0.35 off. s = sqrt(4 * 27 * 13 / 40 / 39) = 0.949, so the
    # half-width is 2.0227 * 0.949 / sqrt(40) = 0.303: outside. With two rows it is 0.303 * 2.2414 / 1.96 = 0.347: still outside;
    # with three 0.303 * 2.394 / 1.96 = 0.370: inside.
    off = [(f"C{n:02d}", "panel", 1 if n < 50 else 3) for n in [*range(13), *range(50, 77)]]
    fair = [(f"C{n:02d}", None, 1 if n < 50 else 3) for n in [*range(20), *range(50, 70)]]

    def beyond(*others):
        rows = off + [(name, mode, said) for mode in others for name, _, said in fair]
        table = surveys.errors_by_mode(surveys.latest_wave(sheets(rows), hundred, as_of=AS_OF)).set_index("mode")
        return bool(table.loc["panel", "beyond_luck"])

    assert beyond() and beyond("street") and not beyond("street", "internal")


def test_weights_make_a_row_of_their_own(hundred):
    # 30 who ordered once and 10 who ordered three times; weights bring both to half.
    rows = [(f"C{n:02d}", "panel", 1 if n < 50 else 3) for n in [*range(30), *range(50, 60)]]
    weight = [40 / 60] * 30 + [2.0] * 10
    table = surveys.errors_by_mode(surveys.latest_wave(sheets(rows, weight=weight), hundred, as_of=AS_OF)).set_index("weighted")
    assert table.loc[False, "claimed"] == pytest.approx(1.5) and table.loc[True, "claimed"] == pytest.approx(2)
    assert table.loc[True, "selection_error"] == pytest.approx(0)


def test_a_mode_with_few_known_answers_is_left_out_and_none_is_said(hundred):
    few = surveys.latest_wave(sheets([(f"C{n:02d}", "panel", 1) for n in range(29)]), hundred, as_of=AS_OF)
    assert "No way of asking has 30 answers of known customers" in surveys.errors_by_mode(few).reason
    silent = surveys.latest_wave(sheets([(f"C{n:02d}", "panel", None) for n in range(50)]), hundred, as_of=AS_OF)
    assert "`orders_claimed`" in surveys.errors_by_mode(silent).reason


# ---------------------------------------------------------------- weights of the panel


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_bands_of_order_days_have_no_gap(days):
    for value, band in zip(days, surveys.order_bands(pd.Series(days)), strict=True):
        inside = {"1": value == 1, "2": value == 2, "3 or 4": 3 <= value <= 4, "5 to 7": 5 <= value <= 7, "8 or more": value >= 8}
        assert inside[band]


def test_weights_by_hand_and_the_weighted_panel_has_the_margins_of_the_base(hundred):
    rows = [(f"C{n:02d}", "panel", 1) for n in [*range(30), *range(50, 60)]]
    found = surveys.latest_wave(sheets(rows), hundred, as_of=AS_OF)
    table = surveys.weighting_table(found).set_index("band")
    assert table["base"].tolist() == [50, 50] and table["panel"].tolist() == [30, 10]
    assert table["weight"].tolist() == pytest.approx([0.5 / 0.75, 0.5 / 0.25])
    members = surveys.panel_members(found)
    weighted = members.groupby("band")["band_weight"].sum() / members["band_weight"].sum()
    assert weighted.tolist() == pytest.approx([0.5, 0.5])


def test_a_band_without_anybody_in_the_panel_cannot_be_weighed(hundred):
    found = surveys.latest_wave(sheets([(f"C{n:02d}", "panel", 1) for n in range(35)]), hundred, as_of=AS_OF)
    assert "Nobody in the panel stands for customers with 3 or 4 order days" in surveys.weighting_table(found).reason


def test_too_small_a_panel_is_withheld(wave):
    assert "0 answers of known customers in the mode internal" in surveys.weighting_table(wave, mode="internal").reason


# ---------------------------------------------------------------- more answers, or better ones


def test_who_is_met_in_front_of_the_shop_by_hand():
    # Two who come on one day, one who comes on nine: met in 9 of 11 meetings, a regular in truth 1 of 3.
    table = surveys.errors_by_size(pd.Series([1, 1, 9]), reach="in front of the shop", runs=2000)
    assert table["error"].to_numpy() == pytest.approx(9 / 11 - 1 / 3, abs=0.01)


def test_drawn_by_lot_has_no_bias_and_the_published_margin():
    base = pd.Series([5] * 30 + [1] * 70)
    row = surveys.errors_by_size(base, reach="drawn by lot", runs=20_000).set_index("size").loc[400]
    assert row["error"] == pytest.approx(0, abs=0.001)
    assert 1.96 * row["spread"] == pytest.approx(margin_of_error(0.3, 400), rel=0.03)


def test_more_answers_shrink_luck_with_the_root_and_leave_the_bias():
    table = surveys.errors_by_size(pd.Series([1] * 60 + [6] * 40), reach="in front of the shop", runs=4000).set_index("size")
    assert table.loc[100, "spread"] / table.loc[1600, "spread"] == pytest.approx(4, rel=0.1)
    assert table.loc[100, "error"] == pytest.approx(table.loc[12800, "error"], abs=0.01) and table.loc[12800, "error"] > 0.3


def test_false_answers_by_hand():
    # Drawn by lot, 40 of 100 are regulars, and of the 60 others 3 in 10 say that they are.
    table = surveys.errors_by_size(pd.Series([1] * 60 + [6] * 40), reach="drawn by lot", answer="rounded up", runs=4000)
    assert table["error"].iloc[-1] == pytest.approx(0.18, abs=0.005)


def test_an_unknown_way_of_reaching_people_is_refused_with_the_known_ones():
    with pytest.raises(DataError, match="no way to ask 'by mail'.*in front of the shop"):
        surveys.reached(pd.Series([1]), reach="by mail")


# ---------------------------------------------------------------- which classes predict


def test_captured_share_by_hand():
    spend = pd.Series([50, 20, 20, 10])
    assert surveys.captured(pd.Series([4, 3, 2, 1]), spend) == 0.5
    assert surveys.captured(pd.Series([1, 2, 3, 4]), spend) == 0.1
    # Two share the first place, and there is room for one: half of each.
    assert surveys.captured(pd.Series([9, 9, 1, 1]), spend) == pytest.approx(0.35)
    assert surveys.captured(pd.Series([4, 3, 2, 1]), spend, top_share=0.5) == pytest.approx(0.7)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 100)), min_size=4, max_size=20), st.randoms())
def test_captured_ignores_the_order_of_customers_and_lies_between_0_and_1(pairs, dice):
    mixed = pairs[:]
    dice.shuffle(mixed)
    values = [surveys.captured(*map(pd.Series, zip(*one, strict=True))) for one in (pairs, mixed)]
    assert 0 <= values[0] <= 1 and values[0] == pytest.approx(values[1])


def followed(customers=200, seed=1):
    """Customers of two groups, of whom one spends; what was asked is noise."""
    lot = np.random.default_rng(seed)
    spends = np.arange(customers) % 2 == 0
    return pd.DataFrame(
        {
            "customer_id": [f"C{n:03d}" for n in range(customers)],
            "motive": lot.choice(["price", "time", "trust"], customers),
            "income_band": lot.choice(["low", "high"], customers),
            "group": np.where(spends, "spenders", "others"),
            "rung": "returning",
            # Last year is a coin, too: only the group knows who will spend.
            "year_minor": np.where(spends, 300, 100) + lot.integers(0, 5, customers) * 100,
            "recency_days": lot.integers(1, 300, customers),
            "next_minor": np.where(spends, 1000, 10),
        }
    )


def test_a_class_is_worth_what_its_other_members_spent():
    table = pd.DataFrame(
        {"customer_id": list("ABCD"), "group": ["x", "x", "y", "y"], "year_minor": [10, 30, 200, 400], "motive": "m"}
    )
    # With as many folds as customers each is scored by all others.
    assert surveys.class_scores(table, ["group"], folds=4).tolist() == [30, 10, 400, 200]
    assert surveys.class_scores(table, ["motive"], folds=4).tolist() == pytest.approx([630 / 3, 610 / 3, 440 / 3, 240 / 3])


def test_nobodys_own_spending_makes_their_score():
    table = followed()
    changed = table.assign(year_minor=table["year_minor"].where(table["customer_id"] != "C000", 10**9))
    before, after = (surveys.class_scores(one, ["group", "rung"]) for one in (table, changed))
    assert before.iloc[0] == after.iloc[0]


def test_planted_groups_that_spend_are_found_and_noise_is_not():
    result = surveys.compare_schemes(followed())
    value = result.table.set_index("scheme")["captured"]
    # The best quarter lies wholly among the half that spends: 50 of 100 spenders' money, 50,000 of 101,000.
    assert value["group and rung"] == pytest.approx(50_000 / 101_000, abs=1e-6)
    assert value["motive"] == pytest.approx(0.25, abs=0.08)
    assert result.found_less_asked.low > 0
    assert result.asked == "motive and income band" and result.customers == 200
    assert abs(result.agreement) < 0.05


def comparison(found, asked, plain, *, found_low, asked_low):
    from helpers.stats.intervals import Estimate

    table = pd.DataFrame({"scheme": [surveys.FOUND, "motive", surveys.LAST_YEAR], "captured": [found, asked, plain]})
    less = [Estimate(one - plain, low, 1.0) for one, low in ((found, found_low), (asked, asked_low))]
    return surveys.Comparison(table, Estimate(found - asked, -1, 1), *less, 0.0, "motive", 200)


@pytest.mark.parametrize(
    "made, best",
    [
        pytest.param(comparison(0.6, 0.3, 0.5, found_low=0.01, asked_low=-0.3), "found", id="found beats the rule"),
        pytest.param(comparison(0.6, 0.3, 0.5, found_low=-0.01, asked_low=-0.3), "plain", id="ahead by luck is not ahead"),
        pytest.param(comparison(0.4, 0.7, 0.5, found_low=-0.2, asked_low=0.1), "asked", id="asked beats the rule"),
        pytest.param(comparison(0.6, 0.7, 0.5, found_low=0.02, asked_low=0.1), "asked", id="of two that do, the better"),
    ],
)
def test_a_scheme_is_chosen_only_where_it_clearly_beats_the_plain_rule(made, best):
    assert surveys.best_scheme(made) == best


@pytest.fixture(scope="module")
def asked():
    """120 customers with four orders each and a panel sheet; after the survey every third one orders again, one brings back."""
    orders = orders_by({f"C{n:03d}": 4 for n in range(120)})
    later = [
        {"customer_id": f"C{n:03d}", "ordered_at": pd.Timestamp(DAY + timedelta(days=day)), "amount_minor": amount, "status": "sale"}
        for n, day, amount in [*((n, 30, 500) for n in range(0, 120, 3)), (0, 92, 9999), (1, 10, -700)]
    ]
    orders = pd.concat([orders, pd.DataFrame(later)]).astype({"ordered_at": "datetime64[us]"})
    panel = sheets([(f"C{n:03d}", "panel", 4) for n in range(120)], motive="price")
    return orders, surveys.latest_wave(panel, orders, as_of=AS_OF)


def test_the_quarter_after_the_survey_counts_and_not_a_day_more(asked):
    orders, wave = asked
    table = surveys.classed_both_ways(wave, None, ladder(orders, None, as_of=DAY), orders, as_of=AS_OF).set_index("customer_id")
    assert table["next_minor"].sum() == 40 * 500  # not the order of day 92
    assert table.loc["C001", "next_minor"] == 0  # a return leaves nothing, and not less
    assert table.loc["C000", ["year_minor", "recency_days", "rung"]].tolist() == [4000, 0, "returning"]
    assert set(table["group"]) == {groups.FEW_ORDERS}


def test_classes_that_know_the_answer_are_refused(asked):
    orders, wave = asked
    with pytest.raises(DataError, match="The ladder knows 17 March 2026, after the survey of 16 March 2026"):
        surveys.classed_both_ways(wave, None, ladder(orders, None, as_of=DAY + timedelta(days=1)), orders, as_of=AS_OF)
    late = groups.groups_of(behaviour(orders, as_of=AS_OF), 2)
    with pytest.raises(DataError, match="they would know the answer"):
        surveys.classed_both_ways(wave, late, ladder(orders, None, as_of=DAY), orders, as_of=AS_OF)


def test_an_incomplete_quarter_or_too_few_customers_are_withheld(asked):
    orders, wave = asked
    stands = ladder(orders, None, as_of=DAY)
    early = surveys.classed_both_ways(wave, None, stands, orders, as_of=date(2026, 6, 14))
    assert "end on 15 June 2026, after the data" in early.reason
    few = surveys.Wave(wave.answers.head(99), wave.base, wave.day)
    assert "99 customers of the survey can be followed" in surveys.classed_both_ways(few, None, stands, orders, as_of=AS_OF).reason


# ---------------------------------------------------------------- what answers cost


def test_costs_and_errors_of_three_sources_by_hand():
    errors = pd.DataFrame(
        [{"mode": "street", "weighted": False, "answers": 100, "error": 0.4, "low": 2.0 - 0.588, "high": 2.0 + 0.588}]
    )
    table = surveys.source_costs(errors, cost_minor={"street": 1500}, log_cost_minor=50_000).set_index("source")
    # A half-width of 0.588 is a standard error of 0.3; with a bias of 0.4 the typical error is 0.5.
    assert table.loc["street", "cost_minor"] == 150_000
    assert table.loc["street", "typical_error"] == pytest.approx(0.5)
    assert table.loc["street", "cost_per_precision_minor"] == pytest.approx(150_000 * 0.25)
    assert table.loc["order file", ["cost_minor", "typical_error"]].tolist() == [50_000, 0]
