import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.stats.offers import (
    Band,
    PercentageOffer,
    ThresholdOffer,
    always_cheaper_from_minor,
    bands,
    cheaper,
    crossovers_minor,
    effective_rate,
    saving_minor,
)
from hypothesis import given
from hypothesis import strategies as st

# The shoe case: "80 off per full 200" against 65折, at 768 yuan. Expected values are worked by hand:
# 768 = 3 x 200 + 168; 768 - 3 x 80 = 528; 528 / 768 = 11/16; 768 x 0.65 = 499.20; 768 x 0.60 = 460.80.
THRESHOLD = ThresholdOffer(8000, 20_000)
PERCENT = PercentageOffer(65)
SHOES = 76_800


def test_shoes_of_768_yuan():
    assert THRESHOLD.full_amounts(SHOES) == 3
    assert THRESHOLD.remainder_minor(SHOES) == 16_800
    assert THRESHOLD.pays_minor(SHOES) == 52_800
    assert effective_rate(THRESHOLD, SHOES) == 0.6875
    assert THRESHOLD.pro_rata_minor(SHOES) == 46_080
    assert PERCENT.pays_minor(SHOES) == 49_920
    assert saving_minor(THRESHOLD, PERCENT, SHOES) == 2880
    assert 2880 / 52_800 == pytest.approx(0.054545, abs=1e-6)
    assert cheaper(THRESHOLD, PERCENT, SHOES) == "second"


def test_crossovers_of_the_shoe_case():
    # n x 80 = 0.35 x price, so price = n x 80 / 0.35, for n = 1 to 6; at n = 7 the next full amount, 1,600, comes no later.
    by_hand = [22_857.14, 45_714.29, 68_571.43, 91_428.57, 114_285.71, 137_142.86]
    assert crossovers_minor(THRESHOLD, PERCENT, up_to_minor=500_000) == pytest.approx(by_hand, abs=0.01)
    assert always_cheaper_from_minor(THRESHOLD, PERCENT) == 140_000


def test_bands_of_the_shoe_case():
    found = bands(THRESHOLD, PERCENT, up_to_minor=200_000)
    starts = [0, 200, 228.57, 400, 457.14, 600, 685.71, 800, 914.29, 1000, 1142.86, 1200, 1371.43, 1400]
    assert [band.from_minor / 100 for band in found] == pytest.approx(starts, abs=0.005)
    assert [band.cheaper for band in found] == ["second", "first"] * 7
    assert [band.below_minor for band in found[:-1]] == [band.from_minor for band in found[1:]]
    assert found[-1].below_minor == 200_000


def test_shallow_threshold_never_wins():
    # 60 off per full 200 is 30% at the most; 65折 is 35% off at every price.
    shallow = ThresholdOffer(6000, 20_000)
    assert bands(shallow, PERCENT, up_to_minor=300_000) == [Band(0.0, 300_000.0, "second")]
    assert always_cheaper_from_minor(shallow, PERCENT) is None
    # 70 off per full 200 draws level at each full amount, and falls behind at once.
    assert always_cheaper_from_minor(ThresholdOffer(7000, 20_000), PERCENT) is None


def test_nothing_off_loses_from_the_first_full_amount_on():
    assert always_cheaper_from_minor(THRESHOLD, PercentageOffer(100)) == 20_000
    assert [band.cheaper for band in bands(THRESHOLD, PercentageOffer(100), up_to_minor=50_000)] == ["same", "first"]


def test_two_threshold_offers_are_compared_piece_by_piece():
    # 30 off per 100 against 80 off per 300, up to 600: 0; 30; 60; then 90 against 80; 120; 150.
    found = bands(ThresholdOffer(3000, 10_000), ThresholdOffer(8000, 30_000), up_to_minor=60_000)
    assert [(band.from_minor, band.cheaper) for band in found] == [(0, "same"), (10_000, "first")]


@given(
    off=st.integers(1, 9000),
    more=st.integers(1000, 9000),
    percent=st.integers(1, 100),
    price=st.integers(1, 400_000),
)
def test_bands_agree_with_the_till(off, more, percent, price):
    threshold, percentage = ThresholdOffer(off, off + more), PercentageOffer(percent)
    here = [b for b in bands(threshold, percentage, up_to_minor=400_001) if b.from_minor <= price < b.below_minor]
    assert len(here) == 1
    till = cheaper(threshold, percentage, price)
    # The till rounds to a fen, so it may see no difference where there is less than half of one.
    exact = price - off * (price // (off + more)) - price * percent / 100
    assert till == here[0].cheaper or abs(exact) <= 0.5


@given(off=st.integers(1, 9000), more=st.integers(0, 9000), percent=st.integers(1, 100))
def test_from_there_on_the_threshold_offer_is_never_dearer(off, more, percent):
    threshold, percentage = ThresholdOffer(off, off + more), PercentageOffer(percent)
    start = always_cheaper_from_minor(threshold, percentage)
    taken = (100 - percent) * (off + more)  # hundredths
    if start is None:
        assert 100 * off <= taken
        return
    prices = np.arange(start, start + 3 * (off + more), max(1, (off + more) // 50))
    assert (saving_minor(threshold, percentage, prices) <= 0).all()
    # One full amount earlier it does not yet hold: just below the next full amount the percentage takes more off.
    n = start // (off + more)
    assert n == 1 or (n - 1) * 100 * off < n * taken


def test_many_prices_at_once_stay_whole_minor_units():
    prices = pd.Series([19_999, 20_000, 76_800], index=["a", "b", "c"])
    paid = THRESHOLD.pays_minor(prices)
    assert paid.dtype == "int64"
    assert paid.to_dict() == {"a": 19_999, "b": 12_000, "c": 52_800}
    # 199.99 x 0.65 = 129.9935, which a till rounds to 129.99; 0.01 x 0.50 rounds up.
    assert PERCENT.pays_minor(prices).tolist() == [12_999, 13_000, 49_920]
    assert PercentageOffer(50).pays_minor(1) == 1


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: ThresholdOffer(20_000, 8000), "more than is spent"),
        (lambda: ThresholdOffer(80.0, 200), "whole number of minor units"),
        (lambda: ThresholdOffer(0, 200), "above 0"),
        (lambda: PercentageOffer(0), "pays of 100"),
        (lambda: PercentageOffer(130), "pays of 100"),
        (lambda: PercentageOffer(66.6667), "two decimals"),
        (lambda: THRESHOLD.pays_minor(-1), "below 0"),
        (lambda: THRESHOLD.pays_minor(pd.Series([1, -1])), "1 of 2 prices are below 0"),
        (lambda: THRESHOLD.pays_minor(pd.Series([7.68])), "whole minor units"),
        (lambda: effective_rate(PERCENT, 0), "no rate"),
    ],
)
def test_what_is_no_offer_is_refused_in_words(make, message):
    with pytest.raises(DataError, match=message):
        make()
