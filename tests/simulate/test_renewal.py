"""The renewal programme: drawn by lot, its truth is lived, and what is played on contracts shows in their fees."""

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.simulate import contracts, loyalty, renewal, responses

QUARTER = pd.Timedelta(days=renewal.MEASURED_DAYS)


@pytest.fixture(scope="module")
def world():
    return simulate.company(seed=31)


@pytest.fixture(scope="module")
def drawn(world):
    """The assignments with the contract of each customer."""
    frames = world.frames()
    drawn = frames["assignments"][frames["assignments"]["campaign_id"] == renewal.CAMPAIGN]
    return drawn.merge(frames["contracts"], on="customer_id", validate="one_to_one")


def test_the_lot_is_drawn_a_month_before_the_renewal_among_those_with_consent(world, drawn):
    months = ((drawn["assigned_on"] - drawn["started_on"]).dt.days + renewal.BEFORE_DUE) / contracts.MONTH
    assert np.allclose(months, world.stories.plant["month_twelve"], atol=0.05)
    assert (drawn["ended_on"].isna() | (drawn["ended_on"] > drawn["assigned_on"])).all()
    consent = world.frames_of("customers").set_index("customer_id")["consent"]
    assert consent.reindex(drawn["customer_id"]).all()
    # Three equal chances: a share this far from a third comes once in 10,000 companies.
    share = drawn["arm"].value_counts(normalize=True)
    assert set(share.index) == set(renewal.ARMS)
    assert (share - 1 / 3).abs().max() < 4 * np.sqrt(2 / 9 / len(drawn))


def test_the_windows_are_over(world, drawn):
    assert (drawn["assigned_on"] + QUARTER <= pd.Timestamp(world.as_of)).all()


def test_what_everybody_did_is_what_the_truth_says_of_their_arm(world, drawn):
    truth = world.truth_of("retention").set_index("customer_id").loc[drawn["customer_id"]]
    own = pd.Series([row[f"leaves_{row['arm']}"] for _, row in truth.iterrows()], index=truth.index)
    left = (drawn["ended_on"] <= drawn["assigned_on"] + QUARTER).to_numpy()
    assert (own.eq("yes").to_numpy() == left).all()


def test_those_who_stay_away_leave_most_and_cannot_be_held(world):
    truth = world.truth_of("retention")
    share = truth.groupby("quiet")[[f"leaves_{arm}" for arm in renewal.ARMS]].agg(lambda said: said.eq("yes").mean())
    near, quiet = share.loc["no"], share.loc["yes"]
    assert quiet["leaves_hold_out"] > near["leaves_hold_out"]
    assert near["leaves_hold_out"] - near["leaves_call"] > 0.15
    assert near["leaves_call"] < near["leaves_discount"] < near["leaves_hold_out"]
    assert quiet["leaves_hold_out"] - quiet["leaves_call"] < 0.02


@pytest.mark.parametrize("stories", [False, [name for name in simulate.stories.STORIES if name != "beyond_saving"]])
def test_without_the_story_no_arm_does_anything(stories):
    truth = simulate.company(seed=31, customers=1500, stories=stories).truth_of("retention")
    assert len(truth) > 100
    assert (truth["leaves_hold_out"] == truth["leaves_call"]).all() and (truth["leaves_hold_out"] == truth["leaves_discount"]).all()


def due_next_quarter(world):
    """Contracts that run, are paid until a day of the next quarter, and whose customer may be contacted; whether quiet."""
    table = world.frames_of("contracts").merge(world.frames_of("customers")[["customer_id", "consent"]], on="customer_id")
    day = pd.Timestamp(world.as_of)
    table = table[table["ended_on"].isna() & table["consent"] & table["paid_until"].between(day + pd.Timedelta(days=8), day + pd.Timedelta(days=85))]
    places = table["customer_id"].str[1:].astype(int).to_numpy() - simulate.people.FIRST_NUMBER
    quiet = renewal.Visits(world.history).quiet(places, np.full(len(places), world.history.last_day + 1))
    return table["customer_id"][~quiet], table["customer_id"][quiet]


def test_calling_those_who_come_pays_and_calling_those_who_do_not_costs(world):
    near, quiet = due_next_quarter(world)
    effect = {name: world.true_effect(dict.fromkeys(who, "call"))["fee_margin_effect_minor"].sum() for name, who in (("near", near), ("quiet", quiet))}
    assert effect["near"] > len(near) * responses.ACTION_COST_FEN[responses.CALL] > 0
    assert effect["quiet"] < len(quiet) * responses.ACTION_COST_FEN[responses.CALL]


def test_money_off_is_paid_to_those_who_stay_anyway(world):
    near, _ = due_next_quarter(world)
    with_list, without = world.advance(dict.fromkeys(near, "discount")), world.advance()
    fees = [contracts.fees(one.history, world.history.last_day) for one in (with_list, without)]
    places = near.str[1:].astype(int) - simulate.people.FIRST_NUMBER
    with_list, without = (frame[frame["person"].isin(places)].set_index("person") for frame in fees)
    both = with_list.index.intersection(without.index)
    assert len(with_list) > len(without)
    assert (without.loc[both, "fee_fen"] - with_list.loc[both, "fee_fen"] == renewal.DISCOUNT_FEN).all()


def test_a_list_moves_no_contract_that_is_not_on_it_and_nothing_of_the_past(world):
    near, _ = due_next_quarter(world)
    one, other = (w.frames_of("contracts").set_index("contract_id") for w in (world.advance(dict.fromkeys(near, "call")), world.advance()))
    before = world.frames_of("contracts").set_index("contract_id")
    past = before[before["ended_on"].notna()].index
    pd.testing.assert_frame_equal(one.loc[past], before.loc[past])
    rest = other[~other["customer_id"].isin(near)].index
    pd.testing.assert_frame_equal(one.loc[rest], other.loc[rest])


def test_service_repair_that_brings_people_back_leaves_the_past_of_their_contracts(world):
    """Whoever is brought back was gone before, and the contract's months of then stay as they were."""
    truth = world.truth_of("customers")
    victims = truth.loc[truth["victim"] == "yes", "customer_id"]
    later = world.advance(dict.fromkeys(victims, "service_repair")).frames_of("contracts").set_index("contract_id")
    before = world.frames_of("contracts").set_index("contract_id")
    past = before[before["ended_on"].notna()].index
    pd.testing.assert_frame_equal(later.loc[past], before.loc[past])


def test_the_grade_follows_the_year_s_spend(world):
    frames = world.frames()
    customers, orders = frames["customers"].set_index("customer_id"), frames["orders"]
    people = customers[customers["kind"] == "person"]
    year = orders[orders["kind"].isin(["sale"]) & (orders["ordered_at"] > pd.Timestamp(world.as_of) - pd.Timedelta(days=364))]
    spend = year.groupby("customer_id")["amount_minor"].sum().reindex(people.index, fill_value=0)
    should = np.array(loyalty.TIERS)[np.searchsorted(responses.GRADES_FEN, spend, side="right")]
    # Exact repeats of a till line, and orders of a merged day at the edge, count once in the grade.
    assert (should == people["tier"]).mean() > 0.99
    assert (people["points"] >= 0).all() and (people["benefit_cost_minor"] >= 0).all()
    assert people.groupby("tier")["benefit_cost_minor"].mean().loc[list(loyalty.TIERS)].is_monotonic_increasing
