"""What the company as a whole can do: it ends the story it should, costs what it says, and moves nothing else."""

import json

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.errors import DataError
from helpers.simulate import repairs, stories
from helpers.simulate.repairs import REPAIRS


@pytest.fixture(scope="module")
def world():
    return simulate.company(seed=41, customers=2000)


@pytest.fixture(scope="module")
def years(world):
    """A year with each repair begun at once, and one with none."""
    def year(name):
        for quarter in range(4):
            one = world if quarter == 0 else one_
            again = name and (quarter == 0 or not REPAIRS[name].lasts)
            one_ = one.advance(repairs=[name] if again else [])
        return one_

    return {name: year(name) for name in ("", *REPAIRS)}


def since(world, later, table="orders", column="ordered_at"):
    frame = later.frames()[table]
    return frame[frame[column] >= pd.Timestamp(world.as_of) + pd.Timedelta(days=1)]


def test_the_past_stays_as_it_was(world, years):
    before = world.frames_of("orders")
    early = before[before["ordered_at"] < pd.Timestamp(world.as_of) - pd.Timedelta(days=20)]
    for name, later in years.items():
        frame = later.frames_of("orders")
        pd.testing.assert_frame_equal(frame.iloc[: len(early)], early, obj=name)


def test_own_installers_bring_back_the_region_that_fell_and_end_the_bad_hand_over(world, years):
    city, line, way = world.stories.plant["fall"]
    lines = world.frames_of("products").set_index("product_id")["line"]
    sold = {}
    for name in ("", "installers"):
        orders = since(world, years[name])
        cell = (orders["region"] == city) & (orders["sales_behaviour"] == way) & (orders["product_id"].map(lines) == line) & (orders["kind"] == "sale")
        sold[name] = cell.sum()
    assert sold["installers"] > 3 * sold[""] > 0
    fitted = {name: since(world, years[name], "contacts", "at").query("touchpoint == 'installation' and phase == 'during'") for name in sold}
    resolved = {name: frame["resolved"].mean() for name, frame in fitted.items()}
    assert resolved["installers"] > resolved[""] + 0.15


def test_retraining_ends_the_returns_of_the_shop(world, years):
    shop = world.stories.plant["misselling"]
    share = {}
    for name in ("", "retraining"):
        orders = since(world, years[name])
        own = orders[orders["store_id"] == shop]
        share[name] = -own.loc[own["kind"] == "return", "quantity"].sum() / own.loc[own["kind"] == "sale", "quantity"].sum()
    assert share["retraining"] < 0.6 * share[""]


def test_old_customers_come_again_when_somebody_looks_after_them(world, years):
    old = world.truth_of("customers")
    old = old.loc[old["left_on"] == "", "customer_id"]
    orders = {name: since(world, years[name]).query("kind == 'sale'") for name in ("", "old_customers")}
    assert orders["old_customers"]["customer_id"].isin(old).sum() > 1.1 * orders[""]["customer_id"].isin(old).sum()


def test_a_better_hotline_waits_less_and_sells_nothing(world, years):
    with_it, without = since(world, years["hotline"]), since(world, years[""])
    pd.testing.assert_frame_equal(with_it, without)
    waits = since(world, years["hotline"], "contacts", "at").query("touchpoint == 'hotline' and case_id == contact_id")
    late = waits[waits["at"] >= pd.Timestamp(world.as_of) + pd.Timedelta(days=40)]
    assert late["wait_minutes"].max() <= 2


def test_a_price_cut_reaches_those_who_would_have_paid(world, years):
    cut, without = (years[name].results() for name in ("price_cut", ""))
    assert cut["revenue_minor"].sum() < without["revenue_minor"].sum()
    orders = since(world, years["price_cut"]).query("kind == 'sale'")
    paid = orders["amount_minor"] / (orders["list_price_minor"] * orders["quantity"])
    assert (paid <= 0.9 + 1e-6).mean() > 0.98


def test_adverts_bring_people_who_buy_once(world, years):
    joined = {name: years[name].frames_of("customers")["joined_on"].ge(pd.Timestamp(world.as_of) + pd.Timedelta(days=1)).sum() for name in ("", "advertising")}
    assert joined["advertising"] > 1.2 * joined[""]


def test_the_results_are_the_sums_of_the_tables(world, years):
    """Worked from the public tables: revenue, contacts, the costs by hand."""
    later = years["installers"]
    results = later.results()
    orders = since(world, later)
    orders = orders[orders["kind"].isin(["sale", "return"])]
    assert results["revenue_minor"].sum() == orders["amount_minor"].sum()
    assert results["margin_minor"].sum() == orders["margin_minor"].sum()
    assert results["contact_cost_minor"].sum() == since(world, later, "contacts", "at")["cost_minor"].sum()
    # 30,000 once and 6,000 a quarter.
    assert results["repair_cost_minor"].tolist() == [1_800_000, 300_000, 300_000, 300_000]
    profit = results["margin_minor"] + results["fee_margin_minor"] - results["contact_cost_minor"] - results["repair_cost_minor"]
    assert (results["profit_minor"] == profit).all()
    assert [str(day) for day in results["until"]] == ["2026-09-17", "2026-12-17", "2027-03-17", "2027-06-17"]


def test_a_list_s_cost_is_told_apart(world):
    people = world.frames_of("customers").query("kind == 'person'")["customer_id"].head(10)
    later = world.advance(dict.fromkeys(people, "call"), repairs="retraining")
    assert later.results()["list_cost_minor"].tolist() == [25_000]
    assert later.results()["repair_cost_minor"].tolist() == [1_000_000]


def test_without_stories_a_repair_only_costs():
    plain = simulate.company(seed=3, customers=600, stories=False)
    for name in ("installers", "retraining", "old_customers"):
        with_it, without = plain.advance(repairs=[name]), plain.advance()
        lines = with_it.frames_of("orders")
        if name != "installers":
            pd.testing.assert_frame_equal(lines, without.frames_of("orders"))
        assert with_it.results()["repair_cost_minor"].sum() > 0 == without.results()["repair_cost_minor"].sum()


def test_another_future_has_the_same_past_and_other_luck(world):
    one = world.advance(repairs=["installers"])
    other = one.another_future(7)
    today = pd.Timestamp(world.as_of) - pd.Timedelta(days=20)
    for table, column in (("orders", "ordered_at"), ("contracts", "started_on")):
        frames = [w.frames()[table] for w in (one, other)]
        past = [frame[frame[column] < today].reset_index(drop=True) for frame in frames]
        if table == "contracts":
            past = [frame[frame["ended_on"] < today].reset_index(drop=True) for frame in past]
        pd.testing.assert_frame_equal(*past)
    assert len(since(world, one)) != len(since(world, other))
    assert other.another_future(0).results().equals(one.results())


def test_common_random_numbers_hold_in_every_future(world):
    """Whoever no decision touches does the same with it and without."""
    with_it, without = world.advance(repairs=["retraining"]).another_future(5), world.advance().another_future(5)
    shop = world.stories.plant["misselling"]
    orders = [since(world, one) for one in (with_it, without)]
    touched = set().union(*(frame.loc[frame["store_id"] == shop, "customer_id"] for frame in orders))
    rest = [frame[~frame["customer_id"].isin(touched) & (frame["customer_id"] != "")].reset_index(drop=True) for frame in orders]
    assert len(rest[0]) > 500
    same = rest[0].drop(columns="order_id").equals(rest[1].drop(columns="order_id"))
    assert same


def test_a_company_is_read_back_with_its_repairs_and_its_luck(tmp_path, world):
    later = world.advance(repairs="installers, hotline").advance().another_future(3)
    path = later.save(tmp_path / "company")
    again = simulate.open_world(path)
    assert again == later and again.repairs == (("installers", "hotline"), ())
    state = json.loads((path / "state.json").read_text(encoding="utf-8"))
    state["repairs"] = [["magic"], []]
    (path / "state.json").write_text(json.dumps(state), encoding="utf-8")
    with pytest.raises(DataError, match="no repair 'magic'"):
        simulate.open_world(path)


@pytest.mark.parametrize("names, message", [("magic", "no repair 'magic'"), (["hotline", "hotline"], "at work already")])
def test_a_repair_that_cannot_be_is_refused(world, names, message):
    with pytest.raises(DataError, match=message):
        world.advance(repairs=names)


def test_a_repair_is_not_begun_twice_but_a_measure_may_be_repeated(world):
    with pytest.raises(DataError, match="at work already"):
        world.advance(repairs=["installers"]).advance(repairs=["installers"])
    assert world.advance(repairs=["price_cut"]).advance(repairs=["price_cut"]).repairs == (("price_cut",), ("price_cut",))


def test_costs_by_hand():
    # Two begun in the first quarter, one measure in the second: 18,000 + 10,000; 3,000 + 2,000 + 2,000; 3,000 + 2,000.
    quarters = [("installers", "retraining"), ("price_cut",), ()]
    assert [repairs.cost_fen(quarters, quarter) for quarter in range(3)] == [2_800_000, 700_000, 500_000]


def test_every_repair_that_ends_something_ends_a_story_that_exists():
    assert {name for names in repairs.ENDS.values() for name in names} <= set(stories.STORIES)
    assert set(repairs.ENDS) <= set(REPAIRS) and np.all([one.title and one.what for one in REPAIRS.values()])
