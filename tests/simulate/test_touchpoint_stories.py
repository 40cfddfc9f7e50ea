"""The stories of the touchpoints: seen where they are planted, elsewhere when planted elsewhere, gone when off."""

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.errors import DataError
from helpers.simulate import journeys, stories

MINE = {"hand_over", "low_score", "iceberg", "three_ids", "call_back"}


@pytest.fixture(scope="module")
def plain():
    """The sample company with these stories alone switched off."""
    return simulate.company(stories=set(stories.STORIES) - MINE)


@pytest.fixture(scope="module")
def elsewhere():
    return simulate.company(seed=31, plant={"hand_over": "delivery", "low_score": "sms"})


def lately(world) -> pd.DataFrame:
    contacts = world.frames_of("contacts")
    return contacts[contacts["at"] >= "2025-06-18"]


def follow_ups(contacts: pd.DataFrame) -> pd.Series:
    """How many later contacts each first contact has, by touchpoint and owner of the first."""
    first = contacts[contacts["contact_id"] == contacts["case_id"]].set_index("contact_id")
    after = contacts[contacts["contact_id"] != contacts["case_id"]].groupby("case_id").size()
    return after.reindex(first.index, fill_value=0).groupby([first["touchpoint"], first["owner"]]).mean()


def test_orders_and_products_do_not_know_of_these_stories(world, plain):
    for name in ("orders", "products", "journeys"):
        pd.testing.assert_frame_equal(world.tables()[name], plain.tables()[name])


def test_they_move_their_own_tables_alone(world, plain):
    moved = {name for name, table in world.tables().items() if not table.equals(plain.tables()[name])}
    assert moved == {"contacts", "customers", "survey", "ratings"}
    codes = ["phone_code", "address_code"]
    a, b = (company.tables()["customers"].drop(columns=codes) for company in (world, plain))
    pd.testing.assert_frame_equal(a, b)


@pytest.mark.parametrize(("name", "site", "rated"), [("world", "installation", "technical_support"), ("elsewhere", "delivery", "sales_channel")])
def test_the_partner_at_the_site_leaves_work_undone(request, name, site, rated):
    world = request.getfixturevalue(name)
    contacts = lately(world)
    undone = 1 - contacts.groupby(["touchpoint", "owner"])["resolved"].mean()
    bad = undone[site, "partner"]
    # Half of them go wrong; a second visit settles most.
    assert 0.3 < bad < 0.6
    rest = undone.drop((site, "partner"))
    assert bad > 1.5 * rest.drop("hotline", level=0).max()
    # A complaint at the hotline is followed by a visit, and that is no hand-over.
    more = follow_ups(contacts).drop("hotline", level=0)
    assert more[site, "partner"] > 4 * more.drop((site, "partner")).max()
    ratings = world.frames_of("ratings")
    gap = (ratings["perception"] - ratings["expectation"]).astype(float).groupby(ratings["touchpoint"]).mean()
    low = world.history.stories.plant["low_score"]
    # The low score looks worse still; what it counts for is another question.
    assert gap.nsmallest(2).index.tolist() == [low, rated] and gap[rated] < -1.5


def test_without_the_stories_no_site_and_no_touchpoint_stands_out(plain):
    contacts = lately(plain)
    undone = 1 - contacts.groupby(["touchpoint", "owner"])["resolved"].mean()
    assert undone.drop("hotline", level=0).max() < 0.2
    ratings = plain.frames_of("ratings")
    big = ratings["touchpoint"].value_counts().loc[lambda n: n > 100].index
    gap = (ratings["perception"] - ratings["expectation"]).astype(float).groupby(ratings["touchpoint"]).mean()[big]
    assert gap.abs().max() < 0.4


def test_the_low_score_hardly_counts(world):
    truth = world.truth_of("touchpoints").set_index("touchpoint")
    ratings = world.frames_of("ratings").pivot(index="answer_id", columns="touchpoint", values="perception").astype(float)
    overall = world.frames_of("survey").set_index("answer_id")["overall"].astype(float).reindex(ratings.index)
    low = ratings["hotline"].mean()
    others = [name for name in ("product", "salespeople", "sales_channel", "after_sales")]
    assert low < ratings[others].mean().min() - 1
    partial = np.linalg.lstsq(
        np.column_stack([np.ones(len(ratings.dropna(subset=[*others, "hotline", "technical_support"]))),
                         ratings.dropna(subset=[*others, "hotline", "technical_support"])[["hotline", "technical_support"]]]),
        overall[ratings.dropna(subset=[*others, "hotline", "technical_support"]).index], rcond=None)[0]  # fmt: skip
    assert partial[2] > 3 * abs(partial[1])
    assert truth.loc["hotline", "counts"] < 0.02 and truth["counts"].idxmax() == "technical_support"


def test_most_problems_never_reach_head_office(world, plain):
    def reached(company):
        sheets = company.frames_of("survey").query("mode == 'panel'")
        problems = sheets[sheets["had_problem"].astype(bool)]
        return (problems["told"] == "head_office").mean(), (problems["told"] == "nobody").mean()

    head, nobody = reached(world)
    assert head < 0.12 and nobody > 0.4
    assert reached(plain)[0] > 0.6
    complaints = world.frames_of("contacts").query("cause != ''")
    assert 0.1 < (complaints["reported_to"] == "head_office").mean() < 0.3
    silent = world.frames_of("survey").query("told == 'nobody'")
    # Silent is not gone: most of those who told nobody mean to stay.
    assert 0.5 < silent["stays"].astype(float).mean() < 0.85


def test_one_large_customer_has_three_numbers(world):
    truth = world.truth_of("identities").set_index("customer_id")
    three = truth.index[truth["three_ids"] == "yes"]
    assert len(three) == 3 and truth.loc[three, "person_id"].nunique() == 1
    orders = world.frames_of("orders").query("kind in ('sale', 'return') and ordered_at >= '2025-06-18'")
    spend = orders.groupby("customer_id")["amount_minor"].sum()
    persons = world.frames_of("customers").query("kind == 'person'")["customer_id"]
    spend = spend.reindex(persons).dropna()
    cut = spend.quantile(0.95)
    assert (spend.reindex(three) < cut).all() and spend[three].sum() > spend.quantile(0.99)
    codes = world.frames_of("customers").set_index("customer_id").loc[three]
    assert codes["address_code"].nunique() == 1 and codes["phone_code"].nunique() == 2


def test_second_numbers_are_few_and_links_are_not_perfect(world):
    truth = world.truth_of("identities").set_index("customer_id")
    second = truth.index[truth["person_id"] != truth.index]
    assert 0.02 < len(second) / len(truth) < 0.06
    customers = world.frames_of("customers").set_index("customer_id")
    mine, first = customers.loc[second], customers.loc[truth.loc[second, "person_id"]]
    same_phone = (mine["phone_code"].to_numpy() == first["phone_code"].to_numpy()) & (mine["phone_code"] != "")
    assert 0.5 < same_phone.mean() < 0.8


def test_without_the_story_everybody_has_one_number(plain):
    truth = plain.truth_of("identities")
    assert (truth["person_id"] == truth["customer_id"]).all()
    shared = plain.frames_of("customers").query("address_code != ''")["address_code"].duplicated().sum()
    assert shared > 100


def test_those_called_back_are_drawn_by_lot_and_better_content(world, plain):
    def means(company):
        hotline = company.frames_of("contacts").query("touchpoint == 'hotline' and phase == 'after'")
        assert 0.35 < hotline["called_back"].astype(float).mean() < 0.45
        return hotline.groupby("called_back")["satisfaction"].mean()

    assert means(world)[True] > means(world)[False] + 0.4
    assert abs(means(plain)[True] - means(plain)[False]) < 0.2
    contacts = world.frames_of("contacts")
    assert contacts.loc[~((contacts["touchpoint"] == "hotline") & (contacts["phase"] == "after")), "called_back"].isna().all()


def test_a_case_begins_with_its_first_contact(world):
    contacts = world.frames_of("contacts")
    first = contacts.set_index("contact_id")["at"]
    assert set(contacts["case_id"]) <= set(first.index)
    assert (contacts["at"].to_numpy() >= first[contacts["case_id"]].to_numpy()).all()
    closed = contacts.dropna(subset="closed_on")
    assert (closed["closed_on"] >= closed["at"].dt.normalize()).all()
    assert closed["cause"].ne("").all() and contacts.loc[contacts["status"] == "open", "closed_on"].isna().all()


def test_journeys_follow_the_chances_of_the_truth(world):
    steps = world.frames_of("journeys")
    after = steps["touchpoint"].shift(-1).where(steps["journey_id"] == steps["journey_id"].shift(-1))
    end = np.where(after.notna(), after, np.where(steps["ordered"], "order", "nothing"))
    seen = pd.crosstab(steps["touchpoint"], end, normalize="index")
    size = steps["touchpoint"].value_counts()
    for row, name in enumerate(journeys.TOUCHPOINTS):
        for column, to in enumerate((*journeys.TOUCHPOINTS, "order", "nothing")):
            chance = journeys.NEXT[row, column]
            # Four standard errors, and the few journeys that are cut after twelve steps.
            assert abs(seen.loc[name].get(to, 0) - chance) < 4 * np.sqrt(chance * (1 - chance) / size[name]) + 0.005
    assert np.allclose(journeys.NEXT.sum(axis=1), 1) and journeys.START.sum() == pytest.approx(1)


def test_what_was_written_stays_when_the_company_lives_on(small, next_quarter):
    for name in ("ratings", "journeys"):
        pd.testing.assert_frame_equal(small.tables()[name], next_quarter.tables()[name])
    # The grade and the points are those of the day.
    today = ["tier", "points", "benefit_cost"]
    old = small.tables()["customers"].drop(columns=today)
    later = next_quarter.tables()["customers"].set_index("customer_id").loc[old["customer_id"]].reset_index().drop(columns=today)
    pd.testing.assert_frame_equal(old, later)


@pytest.mark.parametrize(("name", "site"), [("hand_over", "the moon"), ("low_score", "product")])
def test_unknown_sites_are_refused(name, site):
    with pytest.raises(DataError, match=f"{name} cannot be planted at '{site}'"):
        stories.choose(plant={name: site})
