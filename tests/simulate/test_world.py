"""Living on: same seed, same bytes; same quarter, another list."""

import hashlib
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers import simulate
from helpers.errors import DataError
from helpers.simulate import responses, tables, world
from plain_reading import last_year, person_lines


@pytest.fixture(scope="module", autouse=True)
def each_time(lived_anew):
    """Same seed, same bytes is to be seen, not remembered."""


def fingerprints(company) -> dict[str, str]:
    """A sum over the bytes of each table."""
    return {
        name: hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()
        for name, table in company.tables().items()
    }


def rows_without(company, customers) -> dict[str, pd.DataFrame]:
    """The tables without the rows of some customers."""
    return {
        name: table[~table["customer_id"].isin(customers)].reset_index(drop=True)
        for name, table in company.tables().items()
        if "customer_id" in table.columns
    }


@pytest.fixture(scope="module")
def called(small):
    """Customers of the small company who get a call, and the quarter that follows."""
    people = small.frames_of("customers").query("kind == 'person'")["customer_id"]
    chosen = sorted(people.iloc[::3])
    return chosen, small.advance(dict.fromkeys(chosen, "call"))


def test_same_seed_same_bytes(small):
    assert fingerprints(simulate.company(seed=5, customers=500)) == fingerprints(small)


def test_other_seed_other_bytes(small):
    other = fingerprints(simulate.company(seed=6, customers=500))
    mine = fingerprints(small)
    assert mine.pop("products") == other.pop("products")
    assert mine.pop("campaigns") == other.pop("campaigns")
    assert not set(mine.values()) & set(other.values())


def test_bytes_do_not_depend_on_the_hash_seed_of_the_process(small):
    code = (
        "from helpers import simulate; import hashlib\n"
        "for table in simulate.company(seed=5, customers=500).tables().values():\n"
        "    print(hashlib.sha256(table.to_csv(index=False).encode()).hexdigest())"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env={"PYTHONHASHSEED": "99"}, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == list(fingerprints(small).values())


def test_a_quarter_is_three_calendar_months_from_the_day_after(small, next_quarter):
    assert small.as_of == date(2026, 6, 17)
    assert next_quarter.as_of == date(2026, 9, 17)
    new = next_quarter.frames_of("orders").query("ordered_at >= '2026-06-18'")
    days = new["ordered_at"].dt.normalize()
    # In a company of this size one day in a hundred may pass without an order.
    assert (days.min(), days.max()) == (pd.Timestamp("2026-06-18"), pd.Timestamp("2026-09-17")) and days.nunique() >= 90
    assert new["ordered_at"].max() < pd.Timestamp("2026-09-18")


def test_nobody_else_is_touched_by_an_action(small, next_quarter, called):
    chosen, played = called
    for name, table in rows_without(played, chosen).items():
        pd.testing.assert_frame_equal(table, rows_without(next_quarter, chosen)[name])


def test_who_gets_no_action_lives_as_without_a_list(small, next_quarter):
    person = small.frames_of("customers")["customer_id"].iloc[-1]
    idle = small.advance({person: "none"})
    assert fingerprints(idle) == fingerprints(next_quarter)


@pytest.mark.parametrize("first", ["service_repair", "coupon"])
def test_nobody_else_is_touched_in_later_quarters_either(small, first):
    people = small.frames_of("customers").query("kind == 'person'")["customer_id"]
    early, late = list(people[::4]), list(people[1::4])
    both = small.advance(dict.fromkeys(early, first)).advance(dict.fromkeys(late, "service_repair"))
    only_early = small.advance(dict.fromkeys(early, first)).advance()
    for name, table in rows_without(both, late).items():
        pd.testing.assert_frame_equal(table, rows_without(only_early, late)[name])
    # A quarter begins inside a week of the simulator: the days before stay as they were.
    before = [
        company.frames_of("orders").query("ordered_at < '2026-09-18'").reset_index(drop=True)
        for company in (both, only_early)
    ]
    pd.testing.assert_frame_equal(*before)


def test_an_action_changes_what_its_customers_do_and_is_logged_with_its_cost(small, next_quarter, called):
    chosen, played = called
    contacts = played.frames_of("contacts").query("touchpoint == 'care_call'")
    assert sorted(contacts["customer_id"]) == chosen
    assert (contacts["cost_minor"] == responses.ACTION_COST_FEN[responses.CALL]).all()
    assert contacts["at"].between("2026-06-18", "2026-07-01").all()
    assert len(played.frames_of("orders")) != len(next_quarter.frames_of("orders"))


def test_old_rows_stay_but_for_lines_called_off_in_the_last_fortnight(world):
    before, after = world.frames_of("orders"), world.advance().frames_of("orders")
    after = after[after["ordered_at"] < "2026-06-18"].reset_index(drop=True)
    changed = before["kind"] != after["kind"]
    pd.testing.assert_frame_equal(before.drop(columns="kind"), after.drop(columns="kind"))
    assert set(before.loc[changed, "kind"]) == {"sale"} and set(after.loc[changed, "kind"]) == {"cancellation"}
    assert before.loc[changed, "ordered_at"].min() >= pd.Timestamp("2026-06-04")
    fortnight = before["ordered_at"] >= "2026-06-04"
    # 1% of some 600 lines is 6; a Poisson number of mean 6 lies within 1 to 14 in 99.7 of 100.
    assert 1 <= changed.sum() <= 14
    assert 0.001 < changed.sum() / fortnight.sum() < 0.03


def test_what_is_called_off_does_not_depend_on_actions(next_quarter, called):
    def off(company):
        orders = company.frames_of("orders").query("kind == 'cancellation' and ordered_at < '2026-06-18'")
        return orders[["order_id", "product_id"]].to_numpy().tolist()

    assert off(called[1]) == off(next_quarter)


def test_open_complaints_are_closed_in_time(world):
    later = world.advance().frames_of("contacts").set_index("contact_id")["status"]
    was_open = world.frames_of("contacts").query("status == 'open'")["contact_id"]
    assert (later[was_open] == "closed").mean() > 0.8


def test_new_customers_come_in_the_next_quarter(small, next_quarter):
    old, new = (set(company.frames_of("customers")["customer_id"]) for company in (small, next_quarter))
    assert old < new
    joined = next_quarter.frames_of("customers").set_index("customer_id")["joined_on"]
    assert (joined[sorted(new - old)] >= pd.Timestamp("2026-06-18")).all()


def test_two_quarters_at_once_are_two_one_after_the_other(small, called):
    chosen, played = called
    at_once = small.advance(dict.fromkeys(chosen, "call"), quarters=2)
    assert at_once.as_of == date(2026, 12, 17)
    assert fingerprints(at_once) == fingerprints(played.advance())


def test_a_company_comes_back_from_its_state(called):
    played = called[1]
    assert fingerprints(world.World.from_state(played.state())) == fingerprints(played)
    assert played.state()["as_of"] == "2026-09-17"


@pytest.mark.parametrize(
    "change", [{"version": 0}, {"played": [["C1"]]}, {"played": [[["C00101", "fly"]]]}, {"seed": "x"}, {"stories": ["no"]}]
)
def test_a_damaged_state_is_refused(small, change):
    with pytest.raises(DataError):
        world.World.from_state(small.state() | change)


def test_a_table_can_be_added_without_moving_the_others(small, monkeypatch):
    def reviews(history):
        stars = history.dice.table("reviews", 0, len(history.crowd), ["stars"])["stars"]
        return pd.DataFrame({"stars": np.floor(stars * 6).astype(int)})

    without = fingerprints(small)
    monkeypatch.setitem(world.BUILDERS, "reviews", reviews)
    with_reviews = fingerprints(simulate.company(seed=5, customers=500))
    assert with_reviews.pop("reviews")
    assert with_reviews == without


def test_the_number_of_customers_can_be_chosen():
    # With the adverts of the record year there are about a tenth more.
    for n, more in ((300, 0.2), (900, 0.1)):
        without, with_adverts = (
            len(simulate.company(seed=1, customers=n, stories=stories).frames_of("customers")) for stories in ((), ("record_year",))
        )
        assert with_adverts == pytest.approx(1.1 * n, rel=more)
        assert without < with_adverts


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"seed": -1}, "The seed is -1"),
        ({"seed": "a"}, "The seed is 'a'"),
        ({"customers": 10}, "The number of customers is 10"),
    ],
)
def test_a_company_that_cannot_be_made_is_refused(given, message):
    with pytest.raises(DataError, match=message):
        simulate.company(**given)


@pytest.mark.parametrize("quarters", [0, -1, 41, "2"])
def test_a_time_that_cannot_be_lived_is_refused(small, quarters):
    with pytest.raises(DataError, match="The number of quarters is"):
        small.advance(quarters=quarters)


def promising(company) -> dict[str, list[str]]:
    """For each action, the customers whom a sensible report would put on its list."""
    lines = last_year(person_lines(company), company)
    by = lines.groupby("customer_id")
    table = pd.DataFrame({"spend": by["amount"].sum(), "last": by["day"].max()})
    sold = lines[lines["amount"] > 0]
    table["orders"] = sold.groupby("customer_id")["order_id"].nunique()
    table["held"] = sold.groupby("customer_id")["line"].nunique()
    table = table[table["orders"] > 0]
    fresh = table["last"] > pd.Timestamp(company.as_of) - pd.Timedelta(days=180)
    contacts = last_year(company.frames_of("contacts"), company, at="at")
    complained = contacts.loc[contacts["cause"] != "", "customer_id"]
    best = table[fresh].sort_values("spend", ascending=False)
    return {
        "call": list(best[best["orders"] >= 3].index[:250]),
        "offer": list(best[(best["held"] <= 3) & (best["orders"] >= 2)].index[:250]),
        "service_repair": sorted(complained.unique()),
        "coupon": list(best[best["orders"] >= 3].index[:250]),
    }


@pytest.fixture(scope="module")
def effects(world):
    """What each sensible list truly causes at the sample company, for its members."""
    caused = {}
    for action, customers in promising(world).items():
        effect = world.true_effect(dict.fromkeys(customers, action)).set_index("customer_id")
        others = effect.drop(customers)
        assert (others.filter(like="effect") == 0).all(axis=None)
        caused[action] = effect.loc[customers]
    return caused


@pytest.mark.parametrize(("action", "low", "high"), [("call", 0.1, 0.6), ("offer", 0.1, 0.6), ("service_repair", 0.1, 2)])
def test_a_sensible_list_pays(effects, action, low, high):
    effect = effects[action]
    gain = effect["spend_effect_minor"].sum() / effect["spend_without_minor"].sum()
    assert low < gain < high


def test_a_good_call_is_worth_its_cost(effects):
    assert effects["call"]["profit_effect_minor"].sum() > 0


def test_coupons_pay_those_who_would_have_come_anyway(effects):
    assert effects["coupon"]["profit_effect_minor"].sum() < 0
    assert effects["coupon"]["margin_effect_minor"].sum() < 0


def test_true_effect_is_the_difference_of_the_two_lives(effects):
    effect = effects["call"]
    assert (effect["spend_effect_minor"] == effect["spend_with_minor"] - effect["spend_without_minor"]).all()
    profit = effect["margin_effect_minor"] + effect["fee_margin_effect_minor"] - effect["contact_cost_effect_minor"]
    assert (effect["profit_effect_minor"] == profit).all()


def test_every_customer_has_a_response_to_every_action(small):
    truth = small.truth()
    table = truth["responses"]
    customers = small.frames_of("customers").query("kind == 'person'")["customer_id"]
    assert table.groupby("customer_id").size().eq(len(responses.ACTIONS)).all()
    assert set(table["customer_id"]) == set(customers)
    nothing = table[table["action"] == "none"]
    assert (nothing[["order_rate", "basket", "returns", "contact_cost"]] == 1).all(axis=None)
    quiet = truth["customers"].query("response == 'do_not_disturb'")["customer_id"]
    coupons = table[(table["action"] == "coupon") & table["customer_id"].isin(quiet)]
    assert (coupons["order_rate"] < 1).all()


def test_truth_is_in_no_public_table(small):
    # Whoever is asked at the exit says on which day the contract ended; when somebody was lost for good nobody knows.
    public = {column for name, table in small.tables().items() if name != "exits" for column in table.columns}
    assert not public & {"type", "response", "left_on", "burst", "missold", "order_rate", "home_store"}


def test_products_of_a_later_generation_appear_when_they_are_launched(small):
    orders, products = small.frames_of("orders"), small.frames_of("products")
    first = orders.groupby("product_id")["ordered_at"].min()
    newer = products.query("generation > 1")["product_id"]
    assert len(newer) > 10
    assert (first.reindex(newer).dropna() > pd.Timestamp("2024-01-01")).all()
    assert tables.RESTATED_DAYS == 14
