"""Each story can be measured in the public tables where it is planted, and nowhere else."""

from math import comb

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.errors import DataError
from helpers.simulate import stories
from plain_reading import last_year, person_lines

FALL = ("Hangzhou", "kitchen", "installer_referral")


@pytest.fixture(scope="module")
def elsewhere():
    """A company with other causes, at another seed."""
    return simulate.company(
        seed=1, plant={"fall": ("Suzhou", "small_appliances", "hotline_advice"), "misselling": "S03"}
    )


def change_by_cell(world) -> pd.DataFrame:
    """March to May against a year before: difference and z, with each customer as one unit."""
    lines = person_lines(world)
    spring = lines[lines["day"].dt.month.isin([3, 4, 5]) & lines["day"].dt.year.isin([2025, 2026])]
    signed = spring["amount"].where(spring["day"].dt.year == 2026, -spring["amount"])
    cell = ["region", "line", "sales_behaviour"]
    each = signed.groupby([*[spring[name] for name in cell], spring["customer_id"]]).sum()
    grouped = each.groupby(level=cell)
    spread = np.sqrt((each**2).groupby(level=cell).sum())
    return pd.DataFrame({"difference": grouped.sum(), "z": grouped.sum() / spread})


# Two-sided 5% over 144 cells: z of 3.6.
CRITICAL = 3.6


def test_the_fall_is_one_cell_and_no_other(world):
    cells = change_by_cell(world)
    assert cells["z"].idxmin() == FALL
    assert cells.loc[FALL, "z"] < -CRITICAL
    assert cells["z"].drop(FALL).abs().max() < CRITICAL


def test_most_of_the_cell_went_to_the_rival(world):
    lines = person_lines(world)
    cell = lines[(lines[["region", "line", "sales_behaviour"]] == list(FALL)).all(axis=1)]
    before = cell[cell["day"].between("2025-03-01", "2025-05-31")]["amount"].sum()
    after = cell[cell["day"].between("2026-03-01", "2026-05-31")]["amount"].sum()
    assert 0.65 < 1 - after / before < 0.95
    quarter = lines[lines["day"].between("2025-03-01", "2025-05-31")]["amount"].sum()
    assert 0.04 < before / quarter < 0.1


def test_orders_of_the_cell_that_went_to_the_rival_stand_in_the_truth_alone(world):
    lost = world.truth_of("lost_orders")
    assert len(lost) > 50
    assert (lost["ordered_on"] >= "2026-02-16").all()
    assert (lost[["region", "sales_behaviour"]] == [FALL[0], FALL[2]]).all(axis=None)


def test_the_fall_can_be_planted_elsewhere(elsewhere):
    cells = change_by_cell(elsewhere)
    assert cells["z"].idxmin() == ("Suzhou", "small_appliances", "hotline_advice")
    assert cells["z"].min() < -CRITICAL
    assert cells.loc[FALL, "z"] > -CRITICAL


def test_without_the_story_nothing_falls(no_stories):
    assert change_by_cell(no_stories)["z"].abs().max() < CRITICAL
    assert no_stories.truth_of("lost_orders").empty


def bursts_among_the_best(world) -> tuple[int, int]:
    """How many of the top 5% by spend in 365 days are bursts that ended: 4 or more days in 60, then silence."""
    lines = person_lines(world)
    spend = last_year(lines, world).groupby("customer_id")["amount"].sum()
    best = spend.nlargest(round(0.05 * len(spend))).index
    days = lines[(lines["amount"] > 0) & lines["customer_id"].isin(best)].groupby("customer_id")["day"]
    span = (days.max() - days.min()).dt.days
    silent = (pd.Timestamp(world.as_of) - days.max()).dt.days
    return int(((days.nunique() >= 4) & (span <= 60) & (silent > 183)).sum()), len(best)


def test_new_flat_bursts_look_like_the_best_customers(world):
    bursts, best = bursts_among_the_best(world)
    assert bursts > 0.15 * best
    truth = world.truth_of("customers").query("burst == 'yes'")
    assert len(truth) >= 100
    over = pd.to_datetime(truth["burst_over_on"])
    months_ago = (pd.Timestamp(world.as_of) - over).dt.days / 30.4
    assert months_ago.between(5.5, 14).mean() > 0.6


def test_a_burst_is_four_to_seven_orders_within_seven_weeks_and_no_more(world):
    truth = world.truth_of("customers").query("burst == 'yes'")
    orders = world.frames_of("orders")
    own = orders[orders["customer_id"].isin(truth["customer_id"]) & orders["kind"].isin(["sale", "cancellation"])]
    days = own["ordered_at"].dt.normalize().groupby(own["customer_id"])
    began = truth.set_index("customer_id")["burst_began_on"]
    over = began[pd.to_datetime(began) < pd.Timestamp("2026-04-01")].index
    # A few lose an order to the rival, or leave after bad service.
    assert days.nunique()[over].between(4, 7).mean() > 0.85 and days.nunique()[over].max() == 7
    assert ((days.max() - days.min()).dt.days[over] <= 49).all()


def test_without_the_story_the_best_are_no_bursts(no_stories):
    bursts, best = bursts_among_the_best(no_stories)
    assert bursts <= 0.02 * best
    assert (no_stories.truth_of("customers")["burst"] == "no").all()


def test_the_largest_customer_is_the_walk_in_card(world):
    orders = world.frames_of("orders")
    sold = orders[(orders["kind"] == "sale") & (orders["customer_id"] != "")]
    spend = sold.groupby("customer_id")["amount_minor"].sum()
    assert spend.idxmax() == "C00001" and spend.max() > 3 * spend.drop("C00001").max()
    card = sold[sold["customer_id"] == "C00001"]
    per_day = card.groupby(card["ordered_at"].dt.normalize())["order_id"].nunique()
    assert len(per_day) > 900 and per_day.median() >= 3
    assert card["store_id"].nunique() == 12
    kinds = world.frames_of("customers").set_index("customer_id")["kind"]
    assert kinds["C00001"] == "walk_in" and (kinds == "walk_in").sum() == 1


def test_without_the_story_walk_ins_have_no_customer(no_stories):
    assert set(no_stories.frames_of("customers")["kind"]) == {"person", "staff"}
    orders = no_stories.frames_of("orders")
    assert (orders.loc[orders["channel"] == "shop", "customer_id"] == "").mean() > 0.15
    per_day = orders[orders["customer_id"] != ""].groupby(["customer_id", orders["ordered_at"].dt.normalize()])
    assert per_day["order_id"].nunique().groupby("customer_id").median().max() < 3


def below_zero_by_shop(world) -> pd.DataFrame:
    """Customers whose margin less cost to serve in 365 days is below zero, by the shop they use most."""
    lines = last_year(person_lines(world), world)
    contacts = last_year(world.frames_of("contacts"), world, at="at")
    cost = contacts.groupby("customer_id")["cost_minor"].sum() / 100
    value = lines.groupby("customer_id")["margin"].sum()
    value = value - cost.reindex(value.index).fillna(0)
    sold = lines[(lines["amount"] > 0) & (lines["channel"] == "shop")]
    visits = sold.groupby(["customer_id", "store_id"])["order_id"].nunique().reset_index()
    shop = visits.sort_values("order_id").drop_duplicates("customer_id", keep="last").set_index("customer_id")
    below = (value < 0).reindex(shop.index)
    return below.groupby(shop["store_id"]).agg(["sum", "size"])


def one_sided_fisher(hits: int, size: int, other_hits: int, other_size: int) -> float:
    """Chance of as many hits or more in the group if both groups were alike (hypergeometric)."""
    total, drawn = hits + other_hits, comb(size + other_size, size)
    return sum(
        comb(total, k) * comb(size + other_size - total, size - k) / drawn
        for k in range(hits, min(total, size) + 1)
    )


@pytest.mark.parametrize(("company", "bad"), [("world", "S07"), ("elsewhere", "S03")])
def test_customers_below_zero_are_those_of_the_shop_that_mis_sells(request, company, bad):
    by_shop = below_zero_by_shop(request.getfixturevalue(company))
    rate = by_shop["sum"] / by_shop["size"]
    others = by_shop.drop(bad).sum()
    assert by_shop.loc[bad, "sum"] >= 40
    assert rate[bad] > 3 * others["sum"] / others["size"]
    assert rate[bad] > 3 * rate.drop(bad).max()
    assert one_sided_fisher(*by_shop.loc[bad], *others) < 1e-6


def test_without_the_story_all_shops_are_alike(no_stories):
    by_shop = below_zero_by_shop(no_stories)
    for shop in by_shop.index:
        # Twelve shops, 1% in all.
        assert one_sided_fisher(*by_shop.loc[shop], *by_shop.drop(shop).sum()) > 0.01 / 12, shop


def years(world) -> list[pd.DataFrame]:
    lines = person_lines(world)
    return [lines[lines["day"].between(f"{year}-06-01", f"{year + 1}-05-31")] for year in (2023, 2024, 2025)]


def repeat_rates(world) -> list[float]:
    """Share of a year's buyers who buy in the next year too."""
    buyers = [set(year.loc[year["amount"] > 0, "customer_id"]) for year in years(world)]
    return [len(first & second) / len(first) for first, second in zip(buyers, buyers[1:], strict=False)]


def test_the_record_year_is_bought(world):
    first, second, record = (year["amount"].sum() for year in years(world))
    assert record > 1.03 * max(first, second)
    before, after = repeat_rates(world)
    assert after < before - 0.02
    customers = world.frames_of("customers").query("kind == 'person'")
    in_year = customers["joined_on"].between("2025-06-01", "2026-05-31")
    earlier = customers["joined_on"].between("2024-06-01", "2025-05-31")
    by_advert = customers["acquisition_route"] == "advert"
    assert (in_year & by_advert).sum() > 2 * (earlier & by_advert).sum()
    cost = customers["acquisition_cost_minor"].astype(float)
    assert cost[in_year & by_advert].mean() > 1.4 * cost[earlier & by_advert].mean()
    sold = person_lines(world).query("amount > 0")
    days = sold.groupby("customer_id")["day"].nunique()
    came_autumn = customers["joined_on"].between("2025-06-01", "2025-11-30")
    again = days.reindex(customers["customer_id"]).gt(1).to_numpy()
    assert again[came_autumn & by_advert].mean() < 0.6 * again[came_autumn & ~by_advert].mean()


def test_without_the_story_one_year_is_like_the_other(no_stories):
    revenue = [year["amount"].sum() for year in years(no_stories)]
    assert max(revenue) < 1.12 * min(revenue)
    before, after = repeat_rates(no_stories)
    assert abs(after - before) < 0.035


def test_stories_are_switched_on_by_name():
    chosen = simulate.company(seed=2, customers=300, stories={"shared_card"})
    assert "walk_in" in set(chosen.frames_of("customers")["kind"])
    truth = chosen.truth()
    assert truth["lost_orders"].empty and (truth["customers"]["missold"] == "no").all()
    on = truth["stories"].set_index("story")["on"]
    assert on.to_dict() == {name: "yes" if name in ("shared_card", "no_single_feature") else "no" for name in on.index}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stories": ["fal"]}, "There is no story 'fal'"),
        ({"plant": {"fire": "S01"}}, "Nothing can be planted for 'fire'"),
        ({"plant": {"misselling": "S13"}}, "There is no shop 'S13'"),
        ({"plant": {"fall": "Hangzhou"}}, "Give a city, a product line and a way of selling"),
        ({"plant": {"fall": ("Hangzhou", "climate", "online")}}, "cannot be planted at 'climate'"),
        ({"plant": {"fall": ("Peking", "kitchen", "online")}}, "cannot be planted at 'Peking'"),
    ],
)
def test_unknown_stories_and_sites_are_refused(given, message):
    with pytest.raises(DataError, match=message):
        stories.choose(**given)
