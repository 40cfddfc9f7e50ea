"""The sample company has everything that a real export has."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.contract import TABLES
from helpers.places import SAMPLE
from plain_reading import last_year, person_lines


@pytest.fixture(scope="module")
def frames(world):
    return world.frames()


@pytest.fixture(scope="module")
def orders(frames):
    return frames["orders"]


def test_tables_have_the_columns_of_the_contract(world):
    tables = world.tables()
    assert {name: tuple(table.columns) for name, table in tables.items()} == {
        name: TABLES[name].names for name in tables
    }
    assert set(tables) == set(TABLES)


def test_values_stay_within_the_contract(frames):
    for name, frame in frames.items():
        for column in TABLES[name]:
            values = frame[column.stored]
            if column.unique:
                assert values.is_unique, column.name
            if not column.may_be_empty:
                assert values.notna().all() and (values.astype(str) != "").all(), column.name
            if column.allowed:
                assert set(values.dropna()) <= set(column.allowed), column.name
            if column.low is not None:
                assert values.dropna().ge(column.low).all(), column.name
            if column.high is not None:
                assert values.dropna().le(column.high).all(), column.name


def test_files_in_data_are_what_the_command_writes(world, tmp_path):
    made = world.save(tmp_path / "company")
    for path in sorted(made.iterdir()):
        assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), f"{path.name}: run workbook simulate --out data"


def test_files_are_small_enough_for_the_repository(world):
    assert sum((SAMPLE / f"{name}.csv").stat().st_size for name in world.tables()) < 12e6


def test_about_six_thousand_customers_over_36_full_months_and_a_part(orders, frames):
    assert 5500 < (frames["customers"]["kind"] == "person").sum() < 6500
    months = orders["ordered_at"].dt.to_period("M")
    assert months.nunique() == 37
    assert orders["ordered_at"].min().date().isoformat() == "2023-06-01"
    assert orders["ordered_at"].max().date().isoformat() == "2026-06-17"


def test_lines_stand_by_time_and_order(orders):
    assert orders[["ordered_at", "order_id"]].equals(orders[["ordered_at", "order_id"]].sort_values(["ordered_at", "order_id"]))


def test_an_order_belongs_to_one_customer(orders):
    assert orders.groupby("order_id")["customer_id"].nunique().max() == 1


def test_ids_look_as_promised(orders, frames):
    assert orders["order_id"].str.fullmatch(r"O\d{6}-\d{5}").all()
    assert frames["customers"]["customer_id"].str.fullmatch(r"C\d{5}").all()
    assert frames["products"]["product_id"].str.fullmatch(r"[A-Z]\d{3}").all()


def test_every_id_is_known_to_its_table(orders, frames):
    known = set(frames["customers"]["customer_id"]) | {""}
    assert set(orders["customer_id"]) <= known
    assert set(frames["contacts"]["customer_id"]) <= known
    assert set(frames["survey"]["customer_id"]) <= known
    assert set(frames["price_answers"]["customer_id"]) <= known
    assert set(frames["customers"]["referrer_id"]) <= known
    assert set(orders["product_id"]) <= set(frames["products"]["product_id"])


def test_amounts_are_pieces_times_price_less_a_whole_percentage(orders):
    sold = orders[orders["kind"] == "sale"]
    full = sold["quantity"] * sold["list_price_minor"]
    percent_off = 100 - 100 * sold["amount_minor"] / full
    assert (percent_off == percent_off.round()).all()
    assert set(percent_off.astype(int)) == {0, 5, 10, 15, 20, 25, 100}


def test_returns_are_rows_of_their_own_days_after_the_sale(orders):
    back = orders[orders["kind"] == "return"]
    assert 0.02 < len(back) / len(orders) < 0.08
    assert (back[["quantity", "amount_minor"]] < 0).all(axis=None)
    sold = orders[orders["kind"] == "sale"].drop_duplicates(["order_id", "product_id"])
    pairs = back.merge(sold, on=["order_id", "product_id"], suffixes=("", "_sold"), how="left")
    days = (pairs["ordered_at"].dt.normalize() - pairs["ordered_at_sold"].dt.normalize()).dt.days
    assert days.between(3, 23).all()
    assert (-pairs["quantity"] <= pairs["quantity_sold"]).all()
    unit_paid = pairs["amount_minor_sold"] / pairs["quantity_sold"]
    assert (pairs["amount_minor"] == unit_paid * pairs["quantity"]).all()


def test_cancelled_gift_and_postage_lines_exist(orders):
    kinds = orders["kind"].value_counts(normalize=True)
    assert 0.005 < kinds["cancellation"] < 0.03
    assert 0.02 < kinds["non_product"] < 0.1
    assert (orders.loc[orders["kind"] == "cancellation", "amount_minor"] > 0).any()
    gifts = orders[orders["amount_minor"] == 0]
    assert len(gifts) > 100 and (gifts["margin_minor"] < 0).all()


def test_some_tens_of_lines_repeat_another_exactly(orders):
    assert 10 <= orders.duplicated().sum() <= 80


def test_most_customers_come_rarely_and_many_once(world):
    days = person_lines(world).query("amount > 0").groupby("customer_id")["day"].nunique()
    assert 0.3 < (days == 1).mean() < 0.6
    assert days.max() > 20


def test_a_fifth_of_the_customers_brings_most_of_the_money(world):
    spend = last_year(person_lines(world), world).groupby("customer_id")["amount"].sum().sort_values(ascending=False)
    assert 0.5 < spend.iloc[: len(spend) // 5].sum() / spend.sum() < 0.8


def test_bulk_buyers_take_many_pieces(world):
    lines = person_lines(world)
    assert lines[lines["quantity"] >= 5].groupby("customer_id").size().ge(3).sum() > 20


def test_orders_have_several_lines(orders):
    sold = orders[orders["kind"] == "sale"]
    lines = sold.groupby("order_id").size()
    assert 1.3 < lines.mean() < 2 and lines.max() >= 4


def test_some_shop_sales_have_no_customer(orders):
    in_shop = orders[orders["channel"] == "shop"]
    assert 0.02 < (in_shop["customer_id"] == "").mean() < 0.12
    assert (orders.loc[orders["customer_id"] == "", "channel"] == "shop").all()


def test_staff_cards_buy_at_a_discount(orders, frames):
    staff = frames["customers"].loc[frames["customers"]["kind"] == "staff", "customer_id"]
    bought = orders[orders["customer_id"].isin(staff) & (orders["kind"] == "sale")]
    assert len(staff) == 24 and len(bought) > 200
    paid = bought["amount_minor"] / (bought["quantity"] * bought["list_price_minor"])
    assert (paid <= 0.8).all()


def test_four_in_five_people_consent_to_be_contacted(frames):
    people = frames["customers"].query("kind == 'person'")
    assert 0.77 < people["consent"].mean() < 0.83


def test_heaters_and_fans_have_seasons(world):
    sold = person_lines(world).query("line == 'climate' and amount > 0")
    by_month = sold.groupby(sold["day"].dt.month)["amount"].sum()
    assert by_month[[12, 1]].min() > 2 * by_month[[3, 4, 9]].max()


def test_filters_are_bought_about_every_half_year(world, frames):
    filters = frames["products"].query("name == 'Purifier filter set'")["product_id"]
    lines = person_lines(world).query("amount > 0")
    days = lines[lines["product_id"].isin(filters)].drop_duplicates(["customer_id", "day"])
    gaps = days.sort_values("day").groupby("customer_id")["day"].diff().dt.days.dropna()
    assert 140 < gaps.median() < 220
    assert gaps.between(130, 260).mean() > 0.5


def test_shops_cities_and_channels_fit_together(orders):
    shop = orders[orders["channel"] == "shop"]
    assert shop["store_id"].nunique() == 12
    assert shop.groupby("store_id")["region"].nunique().max() == 1
    assert set(orders.loc[orders["channel"] == "online", "store_id"]) == {"ONLINE"}
    assert set(orders.loc[orders["channel"] == "hotline", "store_id"]) == {"HOTLINE"}
    assert orders["region"].nunique() == 4


def test_every_way_of_selling_and_every_line_exists_in_every_city(world):
    cells = person_lines(world).groupby(["region", "line", "sales_behaviour"]).size()
    assert len(cells) == 4 * 6 * 6


def test_new_customers_come_all_the_time_and_others_leave(world, frames):
    joined = frames["customers"].query("kind == 'person'")["joined_on"].dt.to_period("Q").value_counts().sort_index()
    assert joined["2023Q3":"2026Q1"].min() > 150
    left = pd.to_datetime(world.truth_of("customers")["left_on"].replace("", None)).dropna()
    assert left.dt.year.value_counts()[[2023, 2024, 2025, 2026]].min() > 100


def test_contacts_carry_cost_and_some_complaints_are_open(frames):
    contacts = frames["contacts"]
    assert set(contacts["touchpoint"]) == {"installation", "delivery", "hotline", "repair", "return_desk", "shop"}
    assert (contacts["cost_minor"] > 0).all()
    still_open = contacts[contacts["status"] == "open"]
    assert 5 <= len(still_open) <= 60
    assert (still_open["cause"] != "").all() and not still_open["resolved"].any()
    assert contacts["at"].max() < pd.Timestamp("2026-06-18")


def test_people_who_left_for_good_order_no_more(world):
    truth = world.truth_of("customers").set_index("customer_id")
    left = pd.to_datetime(truth["left_on"].replace("", None)).dropna()
    last = person_lines(world).query("amount > 0").groupby("customer_id")["day"].max()
    both = pd.concat([left, last], axis=1, join="inner")
    assert (both["day"] <= both["left_on"]).all()


def test_no_single_feature_tells_the_types_apart(world):
    lines = last_year(person_lines(world), world).query("amount > 0")
    by = lines.groupby("customer_id")
    features = pd.DataFrame(
        {
            "recency": (pd.Timestamp(world.as_of) - by["day"].max()).dt.days,
            "frequency": by["day"].nunique(),
            "money": by["amount"].sum(),
            "basket": by["amount"].sum() / by["day"].nunique(),
            "lines": by["line"].nunique(),
        }
    )
    kind = world.truth_of("customers").set_index("customer_id")["type"].reindex(features.index)
    # Any two ordinary types overlap in every feature: the better of two customers, one
    # of each type, is named right less than 85 times in 100 (50 is a coin).
    kinds = sorted(set(kind) - {"new_flat"})
    for name in features:
        for one in kinds:
            for two in kinds:
                if one < two:
                    a, b = features.loc[kind == one, name], features.loc[kind == two, name]
                    rank = pd.concat([a, b]).rank().to_numpy()[: len(a)]
                    right = (rank.sum() - len(a) * (len(a) + 1) / 2) / (len(a) * len(b))
                    assert max(right, 1 - right) < 0.85, (name, one, two)
    # And no feature names the type: always guessing one of seven gives 1 in 7.
    for name in features:
        band = pd.qcut(features[name], 10, duplicates="drop")
        share = pd.crosstab(band, kind, normalize="columns")
        right = np.mean([share[k].where(share.idxmax(axis=1) == k, 0).sum() for k in share])
        assert right < 0.4, name
