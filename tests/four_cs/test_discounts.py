"""What is taken off the list: counted by hand, and the offers of the shoe case."""

from datetime import date

import pandas as pd
import pytest

from helpers.four_cs import findings
from helpers.four_cs.discounts import (
    by_band,
    compare,
    discounts,
    pays_along,
    price_spread,
)
from helpers.stats.offers import PercentageOffer, ThresholdOffer, crossovers_minor
from helpers.withheld import Withheld

SHOE, PERCENT = ThresholdOffer(8000, 20000), PercentageOffer(65)
TODAY = date(2026, 6, 17)


def lines(rows):
    """(order, amount, pieces, list price) in minor units, all on 1 June 2026."""
    table = pd.DataFrame(rows, columns=["order_id", "amount_minor", "quantity", "list_price_minor"])
    table["list_price_minor"] = table["list_price_minor"].astype("Int64")
    return table.assign(ordered_at=pd.Timestamp(2026, 6, 1))


def test_money_off_by_hand():
    # o0 pays 900 of 2 x 500; the other 30 orders pay 100 of 100. A return, a gift and a line without a list price stay out.
    rows = [("o0", 900, 2, 500), *[(f"o{at}", 100, 1, 100) for at in range(1, 31)]]
    rows += [("o1", -100, -1, 100), ("o2", 0, 1, 30), ("o3", 70, 1, None), ("o4", 200, 1, 100)]
    found = discounts(lines(rows), as_of=TODAY)
    assert (found.list_minor, found.paid_minor, found.given_minor) == (4000, 3900, 100)
    assert found.rate == 0.025
    assert dict(found.left_out.itertuples(index=False)) == {"given away": 1, "no list price or no pieces": 1, "paid more than the list says": 1}
    assert by_band(found)["orders"].tolist() == [30, 1, 0, 0]
    assert "**2.5%**" in findings.discounts(found, code="CNY")


def test_older_orders_are_outside_the_window():
    rows = [(f"o{at}", 90, 1, 100) for at in range(40)]
    old = lines(rows).assign(ordered_at=pd.Timestamp(2025, 1, 1))
    assert isinstance(discounts(old, as_of=TODAY), Withheld)
    assert discounts(old, as_of=TODAY, window_days=1000).rate == pytest.approx(0.1)


@pytest.mark.parametrize("column", ["list_price_minor", "quantity"])
def test_without_list_prices_or_pieces_nothing_is_said(column):
    rows = lines([(f"o{at}", 90, 1, 100) for at in range(40)])
    assert isinstance(discounts(rows.drop(columns=column), as_of=TODAY), Withheld)


def test_the_shoe_of_768_and_where_the_offers_cross():
    # The source's case: 768 less 3 x 80 is 528, 0.6875 of it; 65% is 499.20, 28.80 less; 168 stay outside.
    said = findings.one_basket(SHOE, PERCENT, price_minor=76_800, code="CNY")
    assert all(text in said for text in ("¥528.00", "68.75%", "¥168.00", "¥499.20", "¥28.80 less"))
    assert SHOE.pro_rata_minor(76_800) == 46_080
    crossed = crossovers_minor(SHOE, PERCENT, up_to_minor=160_000)
    assert [one / 100 for one in crossed] == pytest.approx([228.57, 457.14, 685.71, 914.29, 1142.86, 1371.43], abs=0.005)
    assert "From ¥1,400 on" in findings.crossings(SHOE, PERCENT, code="CNY")


def test_two_offers_on_the_same_baskets_by_hand():
    # 30 baskets of 768 and one of 200: threshold 30 x 240 + 80 = 7,280 off, percentage 30 x 268.80 + 70 = 8,134 off of 23,240.
    rows = [(f"o{at}", 76_800, 1, 76_800) for at in range(30)] + [("o30", 20_000, 1, 20_000)]
    found = compare(discounts(lines(rows), as_of=TODAY), SHOE, PERCENT)
    assert found.table["given_minor"].tolist() == [728_000, 813_400]
    assert found.table["cheaper_on"].tolist() == [1, 30] and (found.baskets, found.same) == (31, 0)
    assert found.table["rate"].tolist() == pytest.approx([0.313253, 0.35], abs=1e-6)


def test_the_figure_sees_the_jump_at_a_full_amount():
    table = pays_along(SHOE, PERCENT, up_to_minor=50_000).set_index("price_minor")
    assert table.loc[19_999, "threshold_minor"] == 19_999 and table.loc[20_000, "threshold_minor"] == 12_000


def test_prices_of_one_product_by_hand():
    # Product p: 30 lines at 100 a piece, 6 at 80 (two pieces each), 4 at 120; 6 x 2 x 20 = 240 below. Product q has too few lines.
    rows = [("p", 100, 1)] * 30 + [("p", 160, 2)] * 6 + [("p", 120, 1)] * 4 + [("q", 5, 1)] * 3
    table = pd.DataFrame(rows, columns=["product_id", "amount_minor", "quantity"]).assign(ordered_at=pd.Timestamp(2026, 6, 1))
    found = price_spread(table, as_of=TODAY)
    assert (found.products, found.lines, found.below, found.above, found.below_minor) == (1, 40, 6, 4, 240)
    assert "15% were sold below it and 10% above" in findings.spread(found, code="CNY")
    assert isinstance(price_spread(table.drop(columns="quantity"), as_of=TODAY), Withheld)
    assert isinstance(price_spread(table.head(5), as_of=TODAY), Withheld)


def test_of_two_equally_frequent_prices_the_higher_is_the_usual_one():
    table = pd.DataFrame({"product_id": "p", "amount_minor": [100, 90] * 20, "quantity": 1, "ordered_at": pd.Timestamp(2026, 6, 1)})
    assert price_spread(table, as_of=TODAY).below == 20 and price_spread(table, as_of=TODAY).above == 0
