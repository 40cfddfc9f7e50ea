from datetime import date

import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.segmentation import case_figures, case_findings, case_worlds, cases, drill
from helpers.stats.sampling import margin_of_error, survey_errors
from helpers.withheld import SILENCE, Withheld

BEFORE = drill.Period(date(2025, 3, 1), date(2025, 6, 1))
AFTER = drill.Period(date(2026, 3, 1), date(2026, 6, 1))
PERIODS = (BEFORE, AFTER)


# ---------------------------------------------------------------- C11


@pytest.fixture(scope="module")
def country():
    return case_worlds.country()


def test_the_same_seed_gives_the_same_country(country):
    assert country.equals(case_worlds.country())
    assert not country.equals(case_worlds.country(seed=12))


def test_nobody_watches_with_the_set_off(country):
    assert not (country["watches"] & ~country["set_on"]).any()


@pytest.mark.parametrize("refusers_watch", [0.3, 0.6, 1.0])
def test_homes_that_refuse_watch_as_much_less_as_was_set(refusers_watch):
    country = case_worlds.country(refusers_watch=refusers_watch, homes=400_000)
    rate = country.groupby(["area", "age", "line", "seldom_in"])["watches"].mean().unstack("seldom_in")
    # 18 groups of some thousand homes each: a ratio of two rates is known to about 3%.
    assert (rate[True] / rate[False]).median() == pytest.approx(refusers_watch, rel=0.05)


def test_a_country_that_cannot_be_is_refused():
    with pytest.raises(DataError, match="refusers_watch is -1"):
        case_worlds.country(refusers_watch=-1)


def test_every_group_of_a_panel_counts_as_much_as_the_base_survey_says(country):
    panel = cases.panel(country, homes=800, seed=4)
    assert len(panel) == 800
    counted = panel.groupby(["area", "age"])["weight"].sum() / 800
    assert counted.to_dict() == pytest.approx(cases.base_survey(country).to_dict())


def test_a_panel_knows_nothing_of_homes_that_refuse(country):
    assert set(cases.panel(country)) == {"area", "age", "line", "set_on", "watches", "weight"}


def test_ringing_in_is_furthest_from_the_truth_and_its_interval_is_narrow(country):
    table = cases.ways_of_asking(country).set_index("way")
    off = (table["rating"] - table["truth"]).abs()
    assert off.idxmax() == "viewers ring in"
    width = table["high"] - table["low"]
    assert width.idxmin() == "viewers ring in"
    assert table.loc["viewers ring in", "low"] > table.loc["viewers ring in", "truth"]


def test_weights_mend_a_part_and_homes_without_a_line_add_to_it(country):
    off = pd.DataFrame(
        [cases.ways_of_asking(country, seed=seed).set_index("way").eval("rating - truth") for seed in range(0, 80, 2)]
    ).mean()
    # Of 40 panels of 1,000 homes the mean is known to 0.24 points.
    assert off["panel by lot, not weighted"] > off["panel by lot, weighted"] + 0.005
    assert off["panel by lot, weighted"] > 0.015
    assert off["the same, telephone homes only"] > off["panel by lot, weighted"] + 0.015


def test_errors_of_panels_agree_with_panels_that_are_drawn_home_by_home(country):
    got = cases.panel_errors(country, [500], runs=4000).set_index("recruiting").loc["as today"]
    truth = country["watches"].mean()
    drawn = [
        np.average(panel["watches"], weights=panel["weight"]) - truth
        for panel in (cases.panel(country, homes=500, seed=seed) for seed in range(200))
    ]
    assert got["error"] == pytest.approx(np.mean(drawn), abs=4 * got["spread"] / np.sqrt(200))
    # 200 panels know a spread to 5%.
    assert got["spread"] == pytest.approx(np.std(drawn), rel=0.2)


def test_where_those_who_refuse_are_like_the_others_only_luck_is_left():
    same = case_worlds.country(refusers_watch=1.0)
    got = cases.panel_errors(same, [1000], runs=4000).iloc[0]
    assert abs(got["error"]) < 0.002
    # A weighted panel is about as sure as one by lot: the weights cost a little, the groups give a little.
    assert 1.96 * got["spread"] == pytest.approx(margin_of_error(same["watches"].mean(), 1000), rel=0.08)


def test_bias_stays_and_luck_shrinks_with_the_root_of_the_homes(country):
    table = cases.panel_errors(country, [1000, 4000], runs=4000)
    today = table[table["recruiting"] == "as today"]
    assert today["error"].iloc[0] == pytest.approx(today["error"].iloc[1], abs=0.0015)
    assert today["spread"].iloc[0] == pytest.approx(2 * today["spread"].iloc[1], rel=0.06)


@pytest.mark.parametrize("refusers_watch, better", [(0.6, cases.WIN_OVER), (0.95, cases.MORE_HOMES)])
def test_what_the_money_should_buy_depends_on_those_who_refuse(refusers_watch, better):
    plans = cases.plans_where(refusers_watch)["typical_error"]
    assert plans.drop("as today").idxmin() == better
    says = case_findings.plans_at(cases.plans_where(refusers_watch), refusers_watch=refusers_watch)
    assert ("More homes win here" in says) == (better == cases.MORE_HOMES)


def test_every_setting_of_the_playground_gives_a_figure():
    for step in range(15):
        refusers_watch = round(0.3 + 0.05 * step, 2)
        picture = case_figures.panel_errors(cases.errors_where(refusers_watch))
        assert "points with 5,000 homes and" in picture.alt


def test_findings_name_the_ways_whose_interval_misses():
    table = pd.DataFrame(
        {"way": ["ask", "listen"], "answers": [9, 9], "rating": [0.5, 0.3], "low": [0.45, 0.2], "high": [0.55, 0.4], "truth": 0.3}
    )
    says = " ".join(case_findings.ways_of_asking(table))
    assert "The interval of *ask* does not hold it" in says
    assert "20.0 points too high, with an interval of 5.0 points up or down" in says
    held = table.assign(low=0.1, high=0.9)
    assert "every interval holds it" in " ".join(case_findings.ways_of_asking(held))


# ---------------------------------------------------------------- C10


@pytest.mark.parametrize(
    "trouble, who, what",
    [
        # 400 x 0.50 = 200 sheets of buyers, 600 x 0.20 = 120 of others: 200 / 320 less 0.4; then (190 + 18) / 320 less that.
        pytest.param("who", 0.225, 0.025, id="who"),
        # 128 and 168 sheets: 128 / 296 less 0.4; then (121.6 + 75.6) / 296 less that.
        pytest.param("what", 128 / 296 - 0.4, (121.6 + 75.6 - 128) / 296, id="what"),
    ],
)
def test_the_error_of_a_street_is_taken_apart_by_hand(trouble, who, what):
    parts = cases.error_parts(case_worlds.street(trouble=trouble))
    assert (parts.who, parts.what) == pytest.approx((who, what))
    assert parts.truth == 0.4


def test_simulated_surveys_of_the_street_are_as_far_off_as_their_parts_say():
    street = case_worlds.street()
    got = survey_errors(cases.people_of(street), [1000], runs=3000, seed=2).iloc[0]
    parts = cases.error_parts(street)
    assert got["error"] == pytest.approx(parts.who + parts.what, abs=0.002)


def test_an_unknown_trouble_is_refused():
    with pytest.raises(DataError, match="no trouble 'both'. Use one of who, what"):
        case_worlds.street(trouble="both")


def survey_of(mode, claims, weight=1.0):
    frame = pd.DataFrame(
        {"customer_id": list(claims), "orders_claimed": list(claims.values()), "mode": mode, "weight": weight, "answered_on": "2026-03-02"}
    )
    return frame.assign(answered_on=pd.to_datetime(frame["answered_on"])).astype({"customer_id": "str"})


def test_claims_are_held_against_orders_by_hand(orders_of, monkeypatch):
    monkeypatch.setattr(cases, "MIN_SHEETS", 2)
    # In the year before 2 March 2026: A ordered on 3 days, B on 1, C on 2; D long before; a return is no order.
    orders = orders_of(
        A=[("2025-05-01", 100), ("2025-06-01", 100), ("2025-07-01", 100), ("2025-08-01", -100)],
        B=[("2025-09-01", 100)],
        C=[("2025-10-01", 100), ("2025-11-01", 100), ("2025-11-01", 100)],
        D=[("2024-01-01", 100)],
    )
    survey = pd.concat([survey_of("street", {"A": 6, "C": 4}), survey_of("panel", {"B": 1, "D": 1}), survey_of("internal", {"A": 9})])
    got = cases.claims_against_orders(survey, orders, as_of=date(2026, 3, 31)).set_index("mode")
    assert list(got.index) == ["street", "panel"]  # one sheet of staff is too few
    assert got.loc["street", ["truth", "own", "claimed", "who", "what"]].tolist() == pytest.approx([2, 2.5, 5, 0.5, 2.5])
    assert got.loc["panel", ["own", "claimed"]].tolist() == pytest.approx([0.5, 1])


def test_sheets_count_with_their_weights(orders_of, monkeypatch):
    monkeypatch.setattr(cases, "MIN_SHEETS", 2)
    orders = orders_of(A=[("2025-05-01", 100), ("2025-06-01", 100)], B=[("2025-09-01", 100)])
    survey = survey_of("panel", {"A": 2, "B": 1}).assign(weight=[1.0, 3.0])
    got = cases.claims_against_orders(survey, orders, as_of=date(2026, 3, 31)).iloc[0]
    assert (got["own"], got["claimed"]) == pytest.approx((1.25, 1.25))


@pytest.mark.parametrize(
    "survey, reason",
    [
        pytest.param(None, "no survey that asks how often", id="none"),
        pytest.param(survey_of("street", {"A": 1, "B": 2}), "has 30 sheets with a known customer; the most is 2", id="few"),
    ],
)
def test_a_survey_that_cannot_be_held_against_orders_is_withheld(survey, reason, orders_of):
    got = cases.claims_against_orders(survey, orders_of(A=[("2026-01-01", 100)]), as_of=date(2026, 3, 31))
    assert reason in got.reason
    assert case_figures.claims_against_orders(got) is got
    assert case_findings.claims_against_orders(got) is SILENCE


def test_a_finding_says_which_error_is_larger():
    rows = [("street", 40, 2.0, 4.0, 0.5, 1.5), ("panel", 50, 2.0, 2.0, 0.0, 0.0)]
    table = pd.DataFrame(rows, columns=["mode", "sheets", "truth", "claimed", "who", "what"])
    says = case_findings.claims_against_orders(table)
    assert "**Street** (40 sheets with a known customer): 4.0 order days claimed, 2.0 true" in says
    assert "comes from what they answer. **Panel**" in says
    assert says.endswith("close on both counts.")


# ---------------------------------------------------------------- C24


def test_one_code_joins_everybody_and_loses_nothing():
    systems = case_worlds.telephone_company(customers=500)
    table = cases.joined(systems)
    assert len(table) == table["customer_code"].nunique() == 500
    assert table["bill"].sum() == pytest.approx(systems["bills"][list(case_worlds.BEHAVIOURS)].sum().sum())
    assert table["accepted"].sum() == systems["trial"]["accepted"].sum()
    # Row by row: the bill behind a code is the one of its account.
    one = systems["codes"].iloc[7]
    money = systems["bills"].set_index("account_no").loc[one["account_no"], list(case_worlds.BEHAVIOURS)].sum()
    assert table.set_index("customer_code").loc[one["customer_code"], "bill"] == pytest.approx(money)


def test_without_the_code_the_systems_share_no_number():
    systems = case_worlds.telephone_company(customers=500)
    numbers = [set(systems[name].iloc[:, 0]) for name in ("profile", "bills", "trial")]
    assert not numbers[0] & numbers[1] and not numbers[1] & numbers[2]


def test_four_groups_by_hand():
    customers = pd.DataFrame(
        {"international": [0.1, 0.1, 0.5, 0.5, 0.6, 0.0], "roaming": [0.0, 0.4, 0.0, 0.4, 0.4, 0.0], "accepted": [0, 1, 0, 1, 1, 0]}
    ).astype({"accepted": bool})
    # Medians 0.3 and 0.2: much of both are rows 3 and 4, little of both rows 0 and 5.
    got = cases.four_groups(customers, pair="travel").set_index("group")
    assert got["customers"].to_dict() == {
        "little international, little roaming": 2, "little international, much roaming": 1,
        "much international, little roaming": 1, "much international, much roaming": 2,
    }  # fmt: skip
    assert got.loc["much international, much roaming", "accepted"] == 2
    assert cases.gap(got) == 1.0


@pytest.mark.parametrize("offer", ["travel", "screen"])
def test_the_behaviours_that_the_offer_is_about_separate_best(offer):
    for seed in (24, 25, 26):
        customers = cases.joined(case_worlds.telephone_company(offer=offer, seed=seed))
        gaps = {pair: cases.gap(cases.four_groups(customers, pair=pair)) for pair in cases.PAIRS}
        assert max(gaps, key=gaps.get) == offer


def test_being_alone_with_ones_values_by_hand():
    profile = pd.DataFrame({"sex": ["f", "f", "m", "m"], "district": ["D1", "D1", "D1", "D2"]})
    assert cases.alone_with(profile, ["sex", "district"]) == 0.5
    assert cases.alone_with(profile, ["sex"]) == 0.0


# ---------------------------------------------------------------- C25


def lines_of(fall=None, share_lost=0.8, seed=1, n=6000):
    """Lines of two springs by 1,500 customers; `fall` names a part that loses some of its later lines."""
    lot = np.random.default_rng(seed)
    later = lot.random(n) < 0.5
    start = np.where(later, np.datetime64("2026-03-01"), np.datetime64("2025-03-01"))
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in lot.integers(0, 1500, n)],
            "ordered_at": start + lot.integers(0, 92, n).astype("timedelta64[D]"),
            "amount_minor": lot.lognormal(9, 0.6, n).astype("int64"),
            "quantity": lot.integers(1, 4, n).astype(float),
            "region": lot.choice(["East", "West", "South", "North"], n),
            "line": lot.choice(["pots", "lamps", "rugs", "beds"], n),
            "sales_behaviour": lot.choice(["advice", "self", "partner"], n),
            "campaign_id": np.where(lot.random(n) < 0.1, "P1", None),
        }
    )
    if fall:
        part = np.logical_and.reduce([frame[name] == member for name, member in fall.items()])
        frame = frame[~(part & later & (lot.random(n) < share_lost))]
    return cases.with_activity(frame.astype({"ordered_at": "datetime64[us]", "customer_id": "str"}))


def test_orders_are_inside_or_outside_a_campaign():
    lines = lines_of()
    assert (lines["activity"] == "in a campaign").equals(lines["campaign_id"].notna())
    bare = lines.drop(columns=["campaign_id", "activity"])
    assert "activity" not in cases.with_activity(bare)
    assert "activity" not in cases.with_activity(bare.assign(campaign_id=None))


@pytest.mark.parametrize("fall", [{"region": "West"}, {"line": "rugs"}, {"sales_behaviour": "partner"}])
def test_the_report_that_shows_the_planted_fall_is_the_clearest(fall):
    lines = lines_of(fall, share_lost=0.5)
    reports = cases.four_reports(lines, periods=PERIODS)
    change = drill.drill_down(lines, periods=PERIODS)
    [(dimension, member)] = fall.items()
    assert (reports["dimension"].iloc[0], reports["clearest"].iloc[0]) == (dimension, member)
    assert reports["z"].iloc[0] < -4
    assert cases.where_to_open(change, reports) == dimension


def test_where_nothing_was_planted_no_report_is_opened():
    opened = [
        cases.where_to_open(drill.drill_down(lines, periods=PERIODS), cases.four_reports(lines, periods=PERIODS))
        for lines in (lines_of(seed=seed) for seed in range(10))
    ]
    assert opened == ["none"] * 10


def test_a_part_that_is_most_of_the_business_has_the_largest_fall_and_cannot_stand_out():
    reports = cases.four_reports(lines_of({"region": "West"}), periods=PERIODS).set_index("dimension")
    assert reports.loc["activity", "largest_fall"] == "outside campaigns"
    assert reports.loc["activity", "clearest"] == "in a campaign"


def test_reports_without_a_column_to_open_are_withheld():
    bare = lines_of()[["customer_id", "ordered_at", "amount_minor"]]
    got = cases.four_reports(bare, periods=PERIODS)
    assert isinstance(got, Withheld) and "no column to open" in got.reason
    assert case_figures.four_reports(got, code="CNY") is got
    assert case_findings.four_reports(got, code="CNY") is SILENCE
    nothing = Withheld("x", "y")
    assert cases.four_reports(bare, periods=nothing) is nothing


def two_springs(before, after):
    """Orders of (pieces, money of the order in minor units) in two springs, each by a customer of its own."""
    rows = [
        {"customer_id": f"{year}-{number}", "ordered_at": pd.Timestamp(f"{year}-04-01"), "quantity": pieces, "amount_minor": money}
        for year, orders in ((2025, before), (2026, after))
        for number, (pieces, money) in enumerate(orders)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    "before, after, key",
    [
        pytest.param([(2, 1000)] * 40, [(2, 1000)] * 10, "orders", id="fewer orders"),
        pytest.param([(4, 2000)] * 20, [(1, 500)] * 20, "pieces", id="smaller orders"),
        pytest.param([(2, 1000)] * 20, [(2, 600)] * 20, "price", id="lower prices"),
    ],
)
def test_a_change_of_one_factor_goes_to_that_factor_alone(before, after, key):
    got = cases.what_changed_inside(two_springs(before, after), periods=PERIODS, cell={}).set_index("key")["share_minor"]
    change = sum(money for _, money in after) - sum(money for _, money in before)
    assert got[key] == pytest.approx(change)
    assert got.drop(key).abs().max() < 1e-6


def test_shares_of_the_factors_add_up_to_the_change_of_the_part():
    lines = lines_of({"region": "West"})
    got = cases.what_changed_inside(lines, periods=PERIODS, cell={"region": "West"})
    west = lines[lines["region"] == "West"]
    is_after = west["ordered_at"] >= pd.Timestamp(AFTER.start)
    change = west.loc[is_after, "amount_minor"].sum() - west.loc[~is_after, "amount_minor"].sum()
    assert got["share_minor"].sum() == pytest.approx(change)


def test_no_change_at_all_is_no_division_by_zero():
    got = cases.what_changed_inside(two_springs([(2, 1000)] * 20, [(2, 1000)] * 20), periods=PERIODS, cell={})
    assert got["share_minor"].abs().max() < 1e-6


def test_too_few_orders_or_no_pieces_are_withheld():
    few = cases.what_changed_inside(two_springs([(2, 1000)] * 20, [(2, 1000)] * 3), periods=PERIODS, cell={})
    assert "3 orders in Mar to May 2026" in few.reason
    bare = two_springs([(2, 1000)] * 20, [(2, 1000)] * 20).drop(columns="quantity")
    assert "how many pieces" in cases.what_changed_inside(bare, periods=PERIODS, cell={}).reason


def test_the_month_is_told_with_its_two_totals():
    change = drill.drill_down(two_springs([(1, 100_000)] * 10, [(1, 94_000)] * 10), periods=PERIODS)
    says = case_findings.weak_month(change, code="CNY")
    assert says == "Net revenue of Mar to May 2026: ¥9,400. Of Mar to May 2025: ¥10,000. That is ¥600 (6.0%) less."


def test_names_from_the_data_are_no_markup():
    lines = lines_of({"region": "West"}).replace({"region": {"West": "<b>W*st</b>"}})
    reports = cases.four_reports(lines, periods=PERIODS)
    assert "<b>" not in case_findings.four_reports(reports, code="CNY")
    parts = pd.DataFrame({"member": ["<i>x</i>", "y"], "before": [2.0, 1.0], "after": [1.0, 1.0]})
    assert "<i>" not in case_findings.largest_part(parts, dimension="region")
    assert case_figures.four_reports(reports, code="CNY").png.startswith(b"\x89PNG")
