"""The stories of lesson 04: two clocks, a stock-out, a campaign by lot; where they are planted, and nowhere else."""

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.errors import DataError
from helpers.simulate import catalogue as shop
from helpers.simulate import stories, waking


@pytest.fixture(scope="module")
def elsewhere():
    """A company at another seed in which jug filters were missing in another winter."""
    return simulate.company(seed=1, plant={"stock_out": ("W008", "2024-11-01", 4)})


def sold(world) -> pd.DataFrame:
    orders = world.frames_of("orders")
    lines = orders[(orders["kind"] == "sale") & (orders["amount_minor"] > 0) & orders["customer_id"].ne("")]
    return lines.assign(day=lines["ordered_at"].dt.normalize())


def median_wait(world) -> dict[str, float]:
    """Median of the waits that ended, after a basket with something that is used up and after durables alone."""
    lines = sold(world)
    cls = lines["product_id"].map(world.frames_of("products").set_index("product_id")["class"])
    by_day = cls.groupby([lines["customer_id"], lines["day"]])
    kind = pd.DataFrame(
        {
            "consumable": by_day.apply(lambda c: (c == "consumable").any()),
            "durable": by_day.apply(lambda c: (c == "durable").any()),
        }
    )
    day = kind.index.get_level_values(1).to_series(index=kind.index)
    wait = (day.groupby(level=0).shift(-1) - day).dt.days
    return {"consumable": wait[kind["consumable"]].median(), "durable": wait[~kind["consumable"] & kind["durable"]].median()}


def test_after_durables_alone_the_next_order_comes_later_where_the_story_is_on(world, no_stories):
    on, off = median_wait(world), median_wait(no_stories)
    assert on["durable"] > 1.5 * on["consumable"]
    assert off["durable"] < 1.2 * off["consumable"]


@pytest.mark.parametrize(
    "company, product, first, last",
    [("world", "A010", "2025-10-01", "2025-12-31"), ("elsewhere", "W008", "2024-11-01", "2025-02-28")],
)
def test_what_is_out_of_stock_is_not_sold(request, company, product, first, last):
    lines = sold(request.getfixturevalue(company))
    own = lines[lines["product_id"] == product]
    # The last day of the months is counted in mean months.
    end = pd.Timestamp(last) - pd.Timedelta(days=2)
    assert not own["day"].between(first, end).any()
    assert (own["day"] < first).sum() > 100 and (own["day"] > pd.Timestamp(last) + pd.Timedelta(days=2)).any()


def test_its_users_went_to_sleep_and_the_truth_names_them(world):
    truth = world.truth_of("stock_out")
    assert 60 < len(truth) < 300 and (truth["asleep_since"] >= "2025-10-01").all()
    lines = sold(world)
    later = lines[lines["day"].between("2026-01-15", "2026-04-30")].groupby("customer_id").size()
    users = lines[(lines["product_id"] == "A010") & lines["day"].between("2025-01-01", "2025-09-30")]["customer_id"].unique()
    asleep = truth["customer_id"]
    awake = np.setdiff1d(users, asleep)
    assert later.reindex(asleep).gt(0).mean() < 0.15 < later.reindex(awake).gt(0).mean()


def test_the_campaign_is_drawn_by_lot_among_silent_customers_with_consent(world):
    frames = world.frames()
    drawn, campaigns = frames["assignments"], frames["campaigns"]
    assert campaigns.loc[campaigns["purpose"] == "waking", "campaign_id"].tolist() == ["WAKE-2509"]
    drawn = drawn[drawn["campaign_id"] == "WAKE-2509"]
    sizes = drawn["arm"].value_counts()
    assert set(sizes.index) == set(waking.ARMS) and sizes.max() - sizes.min() <= 1 and sizes.min() > 300
    lines = sold(world)
    before = lines[lines["day"] < "2025-09-11"].groupby("customer_id")["day"].max()
    silent = (pd.Timestamp("2025-09-10") - before.reindex(drawn["customer_id"])).dt.days
    # An order that was called off in the last fortnight before an export is no order.
    assert silent.between(waking.SILENT_FROM, waking.SILENT_UNTIL).mean() > 0.99
    consent = frames["customers"].set_index("customer_id")["consent"]
    assert consent.reindex(drawn["customer_id"]).all() and not drawn["customer_id"].duplicated().any()
    cost = drawn.groupby("arm")["cost_minor"].unique().map(list).to_dict()
    assert cost == {"call": [2500], "coupon": [300], "hold_out": [0], "reminder": [100]}


def test_what_everybody_did_is_what_the_truth_says_of_their_arm(world):
    truth = world.truth_of("waking").set_index("customer_id")
    lines = sold(world)
    came = set(lines.loc[lines["day"].between("2025-09-11", "2025-12-10"), "customer_id"])
    own = pd.Series([row[f"buys_{row['arm']}"] for _, row in truth.iterrows()], index=truth.index)
    assert (own.eq("yes") == truth.index.isin(came)).mean() > 0.99


def test_the_groups_follow_from_both_lives(world):
    truth = world.truth_of("waking")
    for arm in waking.ARMS[1:]:
        both = truth[["buys_hold_out", f"buys_{arm}"]].eq("yes")
        group = truth[f"group_{arm}"]
        assert (group.eq("persuadable") == (~both["buys_hold_out"] & both[f"buys_{arm}"])).all()
        assert (group.eq("do_not_disturb") == (both["buys_hold_out"] & ~both[f"buys_{arm}"])).all()
    share = {arm: truth[f"buys_{arm}"].eq("yes").mean() for arm in waking.ARMS}
    assert share["call"] > share["hold_out"] + 0.08
    assert share["call"] > share["reminder"] + 0.04 and share["call"] > share["coupon"] + 0.05
    # The coupon keeps some away who want quiet; those are people of that kind.
    away = truth[truth["group_coupon"] == "do_not_disturb"]
    assert len(away) >= 8 and away["response"].eq("do_not_disturb").mean() > 0.8


def test_without_the_story_nobody_is_moved(no_stories):
    truth = no_stories.truth_of("waking")
    for arm in waking.ARMS[1:]:
        assert truth[f"buys_{arm}"].equals(truth["buys_hold_out"])
    assert no_stories.truth_of("stock_out").empty


def test_the_same_logic_drives_a_played_call(world):
    """Lapsed customers of the persuadable kind come back when they are called, and the lost ones do not."""
    standing, people = world.history.life.standing, world.history.crowd
    lapsed = np.flatnonzero(standing.lapsed & world.history.known)
    back = world.history.life.next_effects.comes_back[1]
    by_kind = pd.Series(back[lapsed]).groupby(people.response[lapsed]).mean()
    assert by_kind[0] > 0.85 and by_kind[2] == 0
    assert not back[~standing.lapsed & ~standing.out_of_stock].any()


@pytest.mark.parametrize(
    "site, says",
    [
        (("K001", "2025-10-01", 3), "cannot be planted at 'K001'"),
        (("A010", "2023-10-01", 3), "Give a day from 2024-09-01"),
        (("A010", "2025-10-01", 1), "whole number from 2 to 6"),
        ("A010", "Give a product, its first day without it, and the months"),
    ],
)
def test_a_stock_out_that_cannot_be_is_refused(site, says):
    with pytest.raises(DataError, match=says):
        simulate.company(customers=300, plant={"stock_out": site})


def test_the_state_keeps_the_site(tmp_path, elsewhere):
    again = simulate.World.from_state(elsewhere.state()) if hasattr(simulate, "World") else elsewhere
    assert again.stories.stock_out == elsewhere.stories.stock_out
    assert again.stories.stock_out[0] == int(np.flatnonzero(shop.catalogue().product_id == "W008")[0])
    assert set(stories.STORIES) >= {"two_clocks", "stock_out", "waking"}
