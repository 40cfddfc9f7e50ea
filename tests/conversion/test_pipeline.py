"""Funnel, flows, grades, attempts, gates, routes and the list: by hand, against planted truth, against other libraries."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from helpers import simulate
from helpers.conversion import attempts, findings, funnel, gates, grades, lists, routes
from helpers.errors import DataError
from helpers.withheld import Withheld

AS_OF = date(2026, 6, 17)
DAYS = ["visited_on", "offer_on", "converted_on", "lost_on"]


@pytest.fixture(scope="module")
def world():
    return simulate.company()


@pytest.fixture(scope="module")
def plain():
    return simulate.company(seed=7, stories=False)


@pytest.fixture(scope="module")
def frames(world):
    return world.frames()


@pytest.fixture(scope="module")
def leak(frames):
    return grades.leak_check(frames["prospects"], as_of=AS_OF, window_days=120)


@pytest.fixture(scope="module")
def score(frames, leak):
    return grades.score(frames["prospects"], as_of=AS_OF, leave_out=leak.leaking)


def people(rows):
    """Prospects from tuples (entered, visited, offer, converted, lost), empty for never."""
    table = pd.DataFrame(rows, columns=["entered_on", *DAYS])
    for name in table.columns:
        table[name] = pd.to_datetime(table[name].replace("", None)).astype("datetime64[us]")
    return table.assign(prospect_id=[f"P{n}" for n in range(len(table))])


# ---------------------------------------------------------------- stock, flow, funnel


def test_stock_and_flow_by_hand():
    table = people([
        ("2026-01-01", "", "", "", ""),  # open then and now
        ("2026-01-01", "", "", "2026-06-01", ""),  # open then, ordered since
        ("2026-01-01", "", "", "2026-02-01", ""),  # gone before
        ("2026-05-01", "", "", "", "2026-06-10"),  # entered and lost since
        ("2026-05-01", "", "", "", ""),  # entered, open
        ("2026-01-01", "", "", "2026-06-05", "2026-04-01"),  # a no that became an order: an order
    ])  # fmt: skip
    found = funnel.stock_and_flow(table, None, as_of=AS_OF, days=90, idle_days=120)
    assert (found.start, found.entered, found.ordered, found.lost, found.end, found.idle) == (3, 2, 2, 1, 2, 1)


@pytest.mark.parametrize("which", ["world", "plain"])
def test_the_stock_is_what_was_there_and_came_less_what_went(request, which):
    frames = request.getfixturevalue(which).frames()
    found = funnel.stock_and_flow(frames["prospects"], frames["visits"], as_of=AS_OF)
    assert found.start + found.entered - found.ordered - found.lost == found.end >= found.idle


def test_a_cohort_too_young_is_marked_and_not_counted():
    old = [("2025-01-10", "2025-01-11", "2025-01-12", "2025-01-20", "")] * 40 + [("2025-01-10", "2025-01-11", "", "", "")] * 60
    young = [("2026-06-10", "2026-06-11", "", "", "")] * 50
    found = funnel.funnel(people(old + young), as_of=AS_OF)
    assert found.ripe_days == 10
    assert found.table.set_index("cohort")["ripe"].to_dict() == {"2025Q1": True, "2026Q2": False}
    assert found.total == {"entered": 100, "contacted": 100, "offered": 40, "ordered": 40}
    assert "2026Q2 cannot be judged yet" in " ".join(findings.funnel(found))


def test_a_later_stage_without_an_earlier_one_is_named_and_counted():
    rows = [("2025-01-10", "2025-01-11", "2025-01-12", "2025-01-20", "")] * 60 + [("2025-01-10", "", "", "2025-01-20", "")] * 3
    found = funnel.funnel(people(rows), as_of=AS_OF)
    assert found.odd == {"ordered, but not offered": 3, "offered, but not contacted": 3}
    assert "3 prospects ordered, but not offered" in " ".join(findings.funnel(found))


def test_a_later_stage_larger_than_an_earlier_one_is_refused_in_words():
    with pytest.raises(DataError, match="12 reached the stage 'ordered', but only 10 the stage 'offered'"):
        funnel.check_counts({"entered": 100, "offered": 10, "ordered": 12})
    funnel.check_counts({"entered": 100, "offered": 10, "ordered": 10})


def test_orders_before_the_entry_are_counted():
    table = people([("2026-01-05", "2026-01-06", "", "2026-01-01", ""), ("2026-01-05", "2026-01-06", "", "2026-01-09", "")])
    assert funnel.in_time_order(table) == {"ordered before entered": 1}
    assert "1 prospect ordered before entered" in funnel.faults_in_words(funnel.in_time_order(table))


# ---------------------------------------------------------------- classes, leak, score


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        ((True, True, True, True, "high"), "no_intention"),
        ((False, True, False, False, "low"), "very_hopeful"),
        ((False, False, True, True, "high"), "hopeful"),
        ((False, False, True, True, "ordinary"), "ordinary"),
        ((False, False, False, False, "high"), "ordinary"),
    ],
)
def test_the_refusal_goes_before_everything_and_the_model_before_the_rest(noted, expected):
    row = pd.DataFrame([noted], columns=["refused", "model_focused", "need_defined", "budget_fits", "interest"])
    assert grades.follow_up_class(row.astype({n: "boolean" for n in row.columns[:4]})).tolist() == [expected]


def test_the_leaking_column_is_caught_and_explained(leak):
    assert leak.leaking == ("deposit_paid",)
    assert "The feature 'deposit_paid' has" in leak.message and "dated after the snapshot" in leak.message
    assert "Deposit paid must not be used" in findings.leak(leak)


def test_the_leak_is_caught_where_it_is_planted_and_nowhere_else(plain):
    other = simulate.company(seed=4, plant={"leak": "home_measured"}).frames_of("prospects")
    assert grades.leak_check(other, as_of=AS_OF, window_days=120).leaking == ("home_measured",)
    assert grades.leak_check(plain.frames_of("prospects"), as_of=AS_OF, window_days=120).leaking == ()


def test_brier_and_auc_are_those_of_scikit_learn(score):
    y = score.judged["ordered"].astype(int)
    assert score.brier == pytest.approx(brier_score_loss(y, score.judged["chance"]))
    assert score.brier_plain == pytest.approx(brier_score_loss(y, score.judged["plain"]))
    assert score.auc == pytest.approx(roc_auc_score(y, score.judged["chance"]))


def test_the_chances_are_near_the_planted_ones(world, score):
    truth = world.truth_of("prospects").set_index("prospect_id")["chance_after_first"]
    planted = truth.loc[score.judged["prospect_id"]].to_numpy()
    # By fifths of the score: the planted chance of a group is what the score says, within 6 of 100.
    fifth = pd.qcut(score.judged["chance"].rank(method="first"), 5, labels=False).to_numpy()
    for place in range(5):
        assert abs(planted[fifth == place].mean() - score.judged["chance"].to_numpy()[fifth == place].mean()) < 0.06
    assert np.corrcoef(planted, score.judged["chance"])[0, 1] > 0.9


def test_nothing_that_was_learned_from_overlaps_what_is_judged(frames, score):
    seen = frames["prospects"].set_index("prospect_id")["visited_on"]
    assert (seen[score.judged["prospect_id"]] >= pd.Timestamp(score.split_on)).all()


def test_calibration_on_planted_chances():
    lot = np.random.default_rng(3)
    chance = lot.uniform(0, 1, 20_000)
    table = grades.calibration(chance, lot.random(20_000) < chance)
    assert (table["ordered"] - table["chance"]).abs().max() < 0.03
    low, high = proportion_confint(
        round(table["ordered"][0] * table["prospects"][0]), int(table["prospects"][0]), method="wilson"
    )
    assert (table["low"][0], table["high"][0]) == pytest.approx((low, high))


def test_grades_by_hand_and_a_cut_belongs_to_the_better_grade():
    assert grades.grade([0.99, 0.6, 0.59, 0.3, 0.1, 0.0999]).tolist() == ["A", "A", "B", "B", "C", "D"]


def test_every_prospect_of_the_hold_out_stands_once_in_the_cross_table(score):
    cross = grades.cross_table(score)
    assert cross["prospects"].sum() == len(score.judged) and cross["ordered"].sum() == score.judged["ordered"].sum()
    assert len(cross) == 16


def test_the_expected_orders_hold_what_comes(world, score):
    later = world.advance().advance().frames_of("prospects").set_index("prospect_id")["converted_on"]
    came = int(later[score.open["prospect_id"]].notna().sum())
    # A 95% interval may miss; one a third wider on either side hardly ever does.
    reach = (score.expected.high - score.expected.low) / 3
    assert score.expected.low - reach <= came <= score.expected.high + reach


def test_who_is_still_open_when_the_others_are_given_up_is_likelier_to_order():
    """Half of those who order do so on day 10, half on day 50; all others are given up on day 20.

    So on day 30 whoever is still open will order. Without the day of giving up: two of ten order, half of them later
    than day 30, so it is 0.1 of the 0.9 who have not ordered.
    """
    number = 1000
    start = pd.date_range("2025-01-01", periods=number, freq="6h").normalize()
    place = np.arange(number) % 10
    table = pd.DataFrame(
        {
            "prospect_id": [f"P{value:04d}" for value in range(number)],
            "visited_on": start,
            "converted_on": start + pd.to_timedelta(np.where(place == 0, 10, 50), "D"),
            "lost_on": start + pd.Timedelta(days=20),
            "refused": False,
            "interest": "ordinary",
        }
    )
    orders = np.isin(place, (0, 5))
    table["converted_on"] = table["converted_on"].where(orders)
    table["lost_on"] = table["lost_on"].where(~orders)
    as_of = table["visited_on"].iloc[-1] + pd.Timedelta(days=30)
    # At the report day the last ones are 30 days old; nothing is known yet of what comes later.
    for day in ("converted_on", "lost_on"):
        table[day] = table[day].where(table[day] <= as_of)
    for given, expected in ((table, 1.0), (table.drop(columns="lost_on"), 0.1 / 0.9)):
        found = grades.score(given, as_of=as_of.date(), window_days=60, draws=5).open
        assert found.loc[found["age_days"].between(30, 49), "chance_now"].to_numpy() == pytest.approx(expected, abs=0.03)


def test_a_score_that_knows_nothing_more_is_not_used(frames, leak):
    table = frames["prospects"].copy()
    # Notes drawn at random: the class cannot be beaten because there is nothing to know.
    lot = np.random.default_rng(5)
    for name in ("need_defined", "model_focused", "budget_fits", "refused"):
        table[name] = pd.array(lot.random(len(table)) < 0.5, dtype="boolean").copy()
    for name in ("interest", "tier", "route", "tenure"):
        table[name] = lot.permutation(table[name].to_numpy())
    found = grades.score(table.drop(columns="home_measured"), as_of=AS_OF, leave_out=leak.leaking, draws=5)
    assert not found.beats and "does not beat" in findings.score(found)[0]
    assert found.open["chance"].nunique() <= 4  # the class alone


def test_too_few_prospects_are_withheld(frames):
    assert isinstance(grades.score(frames["prospects"].head(200), as_of=AS_OF), Withheld)
    assert isinstance(grades.score(None, as_of=AS_OF), Withheld)


# ---------------------------------------------------------------- attempts, sellers, gates


def test_the_insurance_office_by_hand():
    table = attempts.with_rates(attempts.INSURANCE)
    assert table["rate"].tolist() == pytest.approx([0.07, 0.23, 0.35])
    assert table["share_of_orders"].tolist() == pytest.approx([0.70, 0.23, 0.07])
    assert tuple(table.loc[2, ["low", "high"]]) == pytest.approx(proportion_confint(7, 20, method="wilson"), abs=1e-9)


def test_shares_add_up_and_late_attempts_are_put_together(frames):
    table = attempts.by_attempt(frames["visits"])
    assert table["attempt"].tolist() == ["1", "2", "3", "4+"] and table["share_of_orders"].sum() == pytest.approx(1)
    assert table["closed"].sum() == (frames["visits"]["outcome"] == "closed").sum()


@pytest.mark.parametrize("star", ["V3", "V6"])
def test_the_best_closer_got_the_best_leads(star):
    made = simulate.company(seed=12, plant={"best_leads": star}).frames()
    found = attempts.sellers(made["visits"], made["prospects"], leave_out=("deposit_paid",))
    assert found.best == star and found.explained
    assert "got the best leads" in findings.sellers(found)


def test_a_seller_who_truly_closes_better_is_not_explained_away(plain):
    made = plain.frames()
    visits, lot = made["visits"].copy(), np.random.default_rng(1)
    better = visits["seller_id"].eq("V2") & visits["attempt"].eq(1) & (lot.random(len(visits)) < 0.3)
    visits.loc[better, "outcome"] = "closed"
    found = attempts.sellers(visits, made["prospects"])
    assert found.best == "V2" and not found.explained and found.raw_lead.low > 0
    assert "something to learn" in findings.sellers(found)


def test_without_the_story_nobody_leads(plain):
    made = plain.frames()
    found = attempts.sellers(made["visits"], made["prospects"])
    assert not found.explained and "no lead beyond chance" in findings.sellers(found)


def test_six_gates_by_hand():
    assert gates.chance_of_all(0.9) == pytest.approx(0.531441) and gates.chance_of_all(0.8) == pytest.approx(0.262144)
    with pytest.raises(DataError, match="no share"):
        gates.chance_of_all(1.2)


def test_gates_multiply_to_the_share_of_orders_and_the_narrowest_is_named():
    rows = [("closed", None)] * 30 + [("open", "topic")] * 20 + [("refused", "choice")] * 50 + [("open", None)] * 7
    found = gates.gates(pd.DataFrame(rows, columns=["outcome", "doubt"]))
    assert found["rate"].prod() == pytest.approx(0.30)
    assert found["reached"].tolist() == [100, 100, 80, 80, 80, 30] and found["passed"].tolist() == [100, 80, 80, 80, 30, 30]
    assert gates.narrowest(found)["gate"] == "choice" and found.attrs["left_out"] == 7
    assert isinstance(gates.gates(pd.DataFrame(rows[:50], columns=["outcome", "doubt"])), Withheld)


# ---------------------------------------------------------------- routes and the list


def test_the_route_makes_no_difference_among_like_prospects(frames):
    found = routes.routes(frames["prospects"], frames["orders"], as_of=AS_OF, ripe_days=60)
    # Planted: the route changes who comes and nothing else.
    assert found.raw.low > 0.1 and found.alike.low <= 0 <= found.alike.high and found.explained > 0.7
    assert "is people, not the route" in " ".join(findings.routes(found, code="CNY"))


def test_a_customer_costs_what_all_prospects_cost_by_hand():
    table = people([("2025-01-10", "2025-01-11", "", "2025-01-20", "")] * 60 + [("2025-01-10", "2025-01-11", "", "", "")] * 60)
    table = table.assign(
        route=["outbound", "inbound"] * 60,
        cost_minor=1000,
        refused=False,
        model_focused=False,
        need_defined=True,
        budget_fits=True,
        interest="low",
    )
    orders = pd.DataFrame(
        {
            "customer_id": pd.Series(dtype="str"),
            "ordered_at": pd.Series(dtype="datetime64[us]"),
            "amount_minor": pd.Series(dtype="int64"),
        }
    )
    found = routes.routes(table.astype({"refused": "boolean"}), orders, as_of=AS_OF, ripe_days=60)
    # 60 prospects at 10.00, 30 of whom ordered.
    assert found.table["cost_per_customer_minor"].tolist() == [2000, 2000]
    assert found.raw.value == 0 and "do not differ" in " ".join(findings.routes(found, code="CNY"))


def test_the_list_takes_the_highest_chances_of_those_who_may_be_called(frames, score):
    worth = routes.worth_of_a_customer(frames["prospects"], frames["orders"], as_of=AS_OF)
    listed = lists.call_list(score, frames["prospects"], frames["visits"], worth, capacity=20)
    assert (listed["consent"] == "yes").sum() == 20 and listed["customer_id"].is_unique
    chance = score.open.set_index("prospect_id")["chance_now"]
    left = chance.drop(listed["customer_id"])
    may = frames["prospects"].set_index("prospect_id")["consent"]
    assert chance[listed["customer_id"]].min() >= left[may[left.index]].max()
    assert (listed["value_at_stake_minor"] >= 0).all() and worth.low < worth.value < worth.high


def test_whoever_was_called_yesterday_takes_no_place_on_the_list(frames, score):
    worth = Withheld("x", "y")
    since = pd.Timestamp("2026-06-14")
    listed = lists.call_list(score, frames["prospects"], frames["visits"], worth, capacity=20, quiet_since=since.date())
    free = (listed["consent"] == "yes") & ~(listed["last_contact_on"] > since)
    assert free.sum() == 20 and (listed["last_contact_on"] > since).any()
    assert (listed["value_at_stake_minor"] == 0).all()


def test_without_the_tables_everything_is_withheld_and_the_answer_says_what_they_would_add(frames):
    nothing = [
        funnel.funnel(None, as_of=AS_OF), funnel.stock_and_flow(None, None, as_of=AS_OF), grades.leak_check(None, as_of=AS_OF, window_days=120),
        attempts.by_attempt(None), attempts.sellers(None, None), gates.gates(None), routes.routes(None, frames["orders"], as_of=AS_OF, ripe_days=60),
        routes.worth_of_a_customer(None, frames["orders"], as_of=AS_OF),
    ]  # fmt: skip
    assert all(isinstance(one, Withheld) and one.reason and one.gain for one in nothing)
    empty = Withheld("x", "y")
    said = findings.answer(tiers=empty, barriers=empty, flow=empty, score=empty, worth=empty, gates=empty, to_do=0, code="CNY")
    assert "cannot be seen" in said[0] and "list of prospects" in said[1]
