"""The stories of lesson 05a: the best leads, a column that tells the outcome, a barrier that two groups share."""

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.errors import DataError
from helpers.simulate import households, prospects


@pytest.fixture(scope="module")
def elsewhere():
    """Another seller gets the best prospects, another column leaks, another barrier is shared."""
    plant = {"best_leads": "V5", "leak": "home_measured", "shared_barrier": "appointment"}
    return simulate.company(seed=11, plant=plant)


def first_talks(world) -> pd.DataFrame:
    visits = world.frames_of("visits")
    return visits[visits["attempt"] == 1].assign(closed=lambda v: v["outcome"] == "closed")


def by_class(world) -> pd.DataFrame:
    """Weighted share of each barrier within each class, from the sheets that name one."""
    sheets = world.frames_of("households")
    name = np.select(
        [sheets["rejected"], sheets["uses_minimally"], sheets["buys"], sheets["considered"]],
        ["refusing", "soon_to_be", "customer", "undecided"],
        "unexplored",
    )
    table = sheets.assign(name=name)[sheets["barrier"] != ""].pivot_table("weight", "name", "barrier", "sum", fill_value=0)
    return table.div(table.sum(axis=1), axis=0)


# The sheets of prospects and the contacts


@pytest.mark.parametrize("company", ["world", "elsewhere", "no_stories"])
def test_nothing_happens_before_a_prospect_is_entered_nor_after_the_last_day(request, company):
    table = request.getfixturevalue(company).frames_of("prospects")
    for name in ("visited_on", "offer_on", "deposit_on", "measured_on", "converted_on", "lost_on"):
        days = table[name].dropna()
        assert (days >= table.loc[days.index, "entered_on"]).all() and days.max() <= pd.Timestamp("2026-06-17")
    assert not (table["converted_on"].notna() & table["lost_on"].notna()).any()
    assert (table["offer_on"] <= table["converted_on"])[table["converted_on"].notna()].all()


def test_every_order_of_a_prospect_is_a_contact_that_closed_on_that_day(world):
    frames = world.frames()
    closed = frames["visits"][frames["visits"]["outcome"] == "closed"].set_index("prospect_id")["at"].dt.normalize()
    won = frames["prospects"].dropna(subset=["converted_on"]).set_index("prospect_id")["converted_on"]
    assert (
        closed.sort_index().rename(None).equals(won.sort_index().rename(None).rename_axis("prospect_id").astype(closed.dtype))
    )
    attempts = frames["visits"].groupby("prospect_id")["attempt"]
    assert (attempts.max() == attempts.size()).all() and attempts.max().max() == prospects.ATTEMPTS


def test_who_has_become_a_customer_joined_on_that_day_by_the_same_route_and_is_one_prospect_only(world):
    frames = world.frames()
    won = frames["prospects"][frames["prospects"]["customer_id"] != ""]
    assert won["customer_id"].is_unique and len(won) > 400
    known = frames["customers"].set_index("customer_id").loc[won["customer_id"]]
    assert (known["joined_on"].to_numpy() == won["converted_on"].to_numpy()).all()
    assert ((known["acquisition_route"] == "advert").to_numpy() == (won["route"] == "outbound").to_numpy()).all()


def test_prospects_of_old_weeks_stay_as_they_are_but_for_what_has_come_since(world):
    before, after = world.frames_of("prospects"), world.advance().frames_of("prospects")
    both = after[after["prospect_id"].isin(before["prospect_id"])].reset_index(drop=True)
    fixed = ["prospect_id", "entered_on", "tier", "route", "tenure", "barrier", "cost_minor"]
    pd.testing.assert_frame_equal(before[fixed], both[fixed])
    done = before["converted_on"].notna()
    pd.testing.assert_frame_equal(
        before.loc[done, ["converted_on", "customer_id"]], both.loc[done, ["converted_on", "customer_id"]]
    )
    assert both["converted_on"].notna().sum() > done.sum()


def test_as_many_convert_after_the_first_contact_as_the_truth_says(world):
    sheets = world.frames_of("prospects").merge(world.truth_of("prospects"), on="prospect_id")
    over = sheets[
        sheets["visited_on"] <= pd.Timestamp("2026-06-17") - pd.Timedelta(days=prospects.WITHIN_DAYS + prospects.WAITS_UP_TO)
    ]
    undealt = over[over["converted_on"].isna() | (over["converted_on"] > over["visited_on"])]
    expected = undealt["chance_after_first"].sum()
    spread = np.sqrt((undealt["chance_after_first"] * (1 - undealt["chance_after_first"])).sum())
    assert abs(undealt["converted_on"].notna().sum() - expected) < 4 * spread


# The planted stories


@pytest.mark.parametrize(("company", "star"), [("world", "V3"), ("elsewhere", "V5")])
def test_the_best_closer_got_the_best_leads_and_sells_no_better(request, company, star):
    company = request.getfixturevalue(company)
    talks = first_talks(company).merge(company.truth_of("prospects").drop(columns="seller_id"), on="prospect_id")
    rate = talks.groupby("seller_id")["closed"].mean()
    assert rate.idxmax() == star and rate[star] > 2 * rate.drop(star).max()
    mine = talks[talks["seller_id"] == star]
    spread = np.sqrt((mine["first_chance"] * (1 - mine["first_chance"])).sum())
    assert abs(mine["closed"].sum() - mine["first_chance"].sum()) < 4 * spread


def test_without_the_story_all_sellers_get_the_same_prospects(no_stories):
    talks = first_talks(no_stories)
    expected = len(talks) / len(prospects.SELLERS)
    assert (talks["seller_id"].value_counts() - expected).abs().max() < 4.5 * np.sqrt(expected)
    assert talks.groupby("seller_id")["closed"].mean().max() < 0.25


@pytest.mark.parametrize(("company", "leak"), [("world", "deposit_paid"), ("elsewhere", "home_measured")])
def test_the_planted_column_tells_the_outcome_and_its_day_gives_it_away(request, company, leak):
    table = request.getfixturevalue(company).frames_of("prospects").dropna(subset=["visited_on"])
    won = table["converted_on"].notna()
    assert table.loc[won, leak].mean() > 0.9 and table.loc[~won, leak].mean() < 0.03
    day = table[prospects.LEAKS[leak]]
    late = won & day.notna() & (table["converted_on"] > table["visited_on"])
    assert (day[late] > table.loc[late, "visited_on"]).all() and late.sum() > 100


def test_without_the_story_no_column_is_dated_after_the_first_contact(no_stories):
    table = no_stories.frames_of("prospects")
    for day in prospects.LEAKS.values():
        assert not (table[day] > table["visited_on"]).any()


@pytest.mark.parametrize(("company", "barrier"), [("world", "fixing"), ("elsewhere", "appointment")])
def test_refusers_and_tenants_name_the_planted_barrier_first(request, company, barrier):
    company = request.getfixturevalue(company)
    shares = by_class(company)
    assert shares.loc["refusing"].idxmax() == shares.loc["unexplored"].idxmax() == barrier
    sheets = company.frames_of("households")
    tenants = sheets[(sheets["tenure"] == "tenant") & (sheets["barrier"] != "")]
    assert tenants["barrier"].value_counts().idxmax() == barrier


def test_without_the_story_each_tier_has_a_barrier_of_its_own(no_stories):
    first = by_class(no_stories).idxmax(axis=1)
    assert first[["soon_to_be", "refusing", "unexplored"]].tolist() == ["price", "trust", "habit"]


def test_weighted_shares_of_the_tiers_lie_near_the_truth_and_the_weights_make_the_region(world):
    sheets = world.frames_of("households")
    assert sheets["weight"].sum() == pytest.approx(households.IN_REACH.sum(), rel=1e-4)
    truth = world.truth_of("households").drop_duplicates("class").set_index("class")["share"]
    # By hand: 0.62 x 0.17 + 0.38 x 0.10 of all households refuse.
    assert truth["refusing"] == pytest.approx(0.1434)
    refused = sheets["weight"][sheets["rejected"]].sum() / sheets["weight"].sum()
    assert abs(refused - truth["refusing"]) < 4 * np.sqrt(0.1434 * 0.8566 / 1000)
    odd = sheets["rejected"] & ~sheets["considered"]
    assert 0 < odd.mean() < 0.04


def test_the_pipeline_moves_no_other_table(world):
    names = [name for name in simulate.stories.STORIES if name not in ("best_leads", "leak", "shared_barrier")]
    other = simulate.company(stories=names).tables()
    for name, table in world.tables().items():
        assert table.equals(other[name]) == (name not in ("households", "prospects", "visits"))


@pytest.mark.parametrize("site", [{"best_leads": "V9"}, {"leak": "customer_id"}, {"shared_barrier": "price"}])
def test_a_site_that_cannot_be_is_refused_in_words(site):
    with pytest.raises(DataError, match="cannot be planted"):
        simulate.company(seed=1, customers=100, plant=site)
