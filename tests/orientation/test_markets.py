"""Concentration and structure of markets, against hand calculation and what regulators print."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.orientation import market_figures, market_findings, markets
from helpers.orientation.markets import MARKETS, Market, concentration, level, minutes_of_talk, shares_of, structure_of, with_first_at

shares_lists = st.lists(st.floats(0.1, 1000), min_size=1, max_size=30).map(lambda raw: [100 * one / sum(raw) for one in raw])


@pytest.mark.parametrize(
    "shares, hhi",
    [
        pytest.param([30, 30, 20, 20], 2600, id="the U.S. Department of Justice's own example"),
        pytest.param([25, 20, 15, 10, 9, 8, 7, 6], 1580, id="a text-book market after a merger"),
        pytest.param([45, 15, 10, 8, 7, 6, 5, 4], 2540, id="the same after its two largest merged"),
        pytest.param([100], 10_000, id="one seller"),
        pytest.param([1] * 100, 100, id="a hundred equal sellers"),
    ],
)
def test_the_index_is_the_printed_one(shares, hhi):
    assert concentration(shares).hhi == pytest.approx(hhi)


def test_bottled_water_by_hand():
    # 576 + 400 + 196 + 100 + 64 + 36 + 16 + 9, and eleven times 1; 24 + 20 + 14 + 10.
    found = concentration(MARKETS["water"].shares)
    assert (found.hhi, found.cr4, found.largest, found.sellers) == (1408, 68, 24, 19)
    assert found.as_if == pytest.approx(10_000 / 1408)


def test_the_lesson_s_slide_says_what_the_market_has():
    water = MARKETS["water"]
    assert (len(water.shares), water.licence, water.price_spread) == (19, False, 3.0)


@given(shares_lists)
def test_the_index_lies_between_equal_sellers_and_one_seller_and_order_is_irrelevant(shares):
    found = concentration(shares)
    assert 10_000 / len(shares) - 1e-6 <= found.hhi <= 10_000 + 1e-6
    assert found.largest <= found.cr4 + 1e-9 <= 100 + 1e-6
    assert concentration(shares[::-1]).hhi == pytest.approx(found.hhi)


@pytest.mark.parametrize(
    "shares, message",
    [
        pytest.param([0.5, 0.5], "1% together, not 100%", id="fractions"),
        pytest.param([60, 30], "90% together", id="a seller is missing"),
        pytest.param([110, -10], "missing or below 0", id="below zero"),
        pytest.param([50, np.nan, 50], "missing or below 0", id="a share is missing"),
        pytest.param([], "missing or below 0", id="nobody"),
    ],
)
def test_shares_that_cannot_be_are_refused(shares, message):
    with pytest.raises(DataError, match=message):
        concentration(shares)


@pytest.mark.parametrize(
    "hhi, here, there",
    [
        (999, "low", "low"),
        (1000, "moderate", "moderate"),
        (1800, "moderate", "moderate"),
        (1801, "high", "moderate"),
        (2001, "high", "high"),
    ],
)
def test_levels_are_those_that_the_regulators_published(hhi, here, there):
    assert level(hhi) == here
    assert level(hhi, regulator="European Union, 2004") == there


def test_when_the_first_grows_the_others_keep_their_proportions():
    assert with_first_at([40, 30, 20, 10], 70).tolist() == pytest.approx([70, 15, 10, 5])
    for first in (0, 100):
        with pytest.raises(DataError, match="leaves nothing to share"):
            with_first_at([40, 60], first)


@pytest.mark.parametrize(
    "shares, licence, spread, right",
    [
        pytest.param([55, 45], True, 9, "administrative", id="a licence decides, whatever the prices"),
        pytest.param([60, 40], False, 9, "oligopoly", id="two sellers, prices of their own"),
        pytest.param([20] * 5, False, 1.0, "oligopoly", id="five sellers of 20%: 2,000"),
        pytest.param([10] * 10, False, 1.0, "oligopoly", id="ten equal sellers at one price: 1,000 is moderate"),
        pytest.param([10] * 10, False, 2.0, "monopolistic", id="the same with prices of their own"),
        pytest.param([2] * 50, False, 1.4, "perfect", id="fifty stalls at one price"),
        pytest.param([2] * 50, False, 1.5, "monopolistic", id="fifty stalls, the dearest half as dear again"),
    ],
)
def test_structure_follows_licence_hands_and_prices(shares, licence, spread, right):
    assert structure_of(Market("x", tuple(shares), licence, spread)) == right


def test_the_invented_markets_show_all_four_structures():
    assert {key: structure_of(market) for key, market in MARKETS.items()} == {
        "water": "monopolistic",
        "delivery": "oligopoly",
        "spirit": "monopolistic",
        "cabbage": "perfect",
        "cigarettes": "administrative",
    }
    assert all(sum(market.shares) == 100 for market in MARKETS.values())


def test_shares_of_amounts_add_up_and_equal_ones_go_by_name():
    found = shares_of(pd.Series({"b": 100, "a": 100, "c": 200}))
    assert found.to_dict() == {"c": 50.0, "a": 25.0, "b": 25.0}
    assert list(found.index) == ["c", "a", "b"]
    with pytest.raises(DataError, match="not all 0"):
        shares_of(pd.Series({"a": 0}))


def test_sellers_are_named_past_the_alphabet():
    names = markets.sellers(Market("x", (1,) * 100, False, 1))["firm"]
    assert names.is_unique and list(names.iloc[[0, 25, 26, 52]]) == ["A", "Z", "AA", "BA"]


# ---------------------------------------------------------------- what a sale pays for

GOODS = pd.DataFrame({"product": ["thing"], "class": ["durable"], "price": [400.0], "margin_rate": [0.3], "a_year": [2.0]})


def test_minutes_of_talk_by_hand():
    # 400 x 0.3 = 120 yuan; half of it is 60; an hour costs 60.
    assert minutes_of_talk(GOODS, share=0.5)["minutes"].item() == pytest.approx(60)
    # Two a year for three years: six sales.
    assert minutes_of_talk(GOODS, share=0.5, years=3)["minutes"].item() == pytest.approx(360)


def test_who_buys_once_in_ten_years_still_counts_as_one_sale():
    rare = GOODS.assign(a_year=0.1)
    assert minutes_of_talk(rare, share=0.5, years=5)["minutes"].item() == pytest.approx(60)


def test_counting_customers_makes_talk_affordable_where_a_sale_does_not():
    one, five = minutes_of_talk(share=0.3), minutes_of_talk(share=0.3, years=5)
    assert one.set_index("product").loc[["bottle of water", "shampoo"], "way"].eq("one to many").all()
    assert five.set_index("product").loc[["bottle of water", "shampoo"], "way"].eq("one to one").all()
    assert five["way"].iloc[-1] == one["way"].iloc[-1] == "many to many"


@pytest.mark.parametrize("share, years", [(0, 0), (1.2, 0), (0.3, -1)])
def test_a_share_or_a_time_that_cannot_be_is_refused(share, years):
    with pytest.raises(DataError, match="cannot be"):
        minutes_of_talk(share=share, years=years)


# ---------------------------------------------------------------- pictures and sentences


@pytest.mark.parametrize("key", MARKETS)
def test_a_market_s_picture_says_its_index(key):
    shares = with_first_at(MARKETS[key].shares, 50)
    alt = market_figures.market(key, first=0.5).alt
    assert f"{(shares**2).sum():,.0f}" in alt and "50%" in alt


def test_the_sentence_of_the_playground_changes_its_name_with_the_first_firm():
    assert "monopolistic competition" in market_findings.market_at("water", first=0.25)
    assert "oligopoly" in market_findings.market_at("water", first=0.5)


@pytest.mark.parametrize("minutes, text", [(0.15, "9 s"), (59.9, "60 min"), (60, "1 h"), (300, "5 h"), (120_000, "2,000 h")])
def test_times_in_short(minutes, text):
    assert market_figures.in_words(minutes) == text


@pytest.mark.parametrize("key", MARKETS)
@pytest.mark.parametrize("first", [0.05, 0.35, 0.9])
def test_the_playground_of_markets_has_a_figure_and_a_sentence_everywhere(key, first):
    assert market_figures.market(key, first=first).png
    assert f"{first:.0%}" in market_findings.market_at(key, first=first)


@pytest.mark.parametrize("years", [0, 2, 5])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_the_playground_of_talk_has_a_figure_and_a_sentence_everywhere(share, years):
    assert market_figures.talk(share=share, years=years).png
    assert f"{share:.0%} of the margin" in market_findings.talk(share=share, years=years)
