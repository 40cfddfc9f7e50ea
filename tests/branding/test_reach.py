"""Word of mouth: the closed form against the table of the source's numbers and against drawing circles."""

import numpy as np
import pandas as pd
import pytest

from helpers.branding import reach
from helpers.errors import DataError
from helpers.withheld import Withheld


@pytest.mark.parametrize("tellers, people", [(10, 2_472.06), (100, 22_144.30), (1_000, 91_817.15)])
def test_distinct_reach_is_that_of_the_published_table(tellers, people):
    assert reach.distinct_reach(tellers) == pytest.approx(people, abs=0.005)
    assert reach.naive_reach(tellers) == tellers * 250


def test_girards_sum_adds_circles_up():
    assert reach.naive_reach(2 * 52) == 26_000
    assert reach.distinct_reach(2 * 52) < 23_000


def test_distinct_reach_is_what_drawing_circles_gives():
    rng = np.random.default_rng(3)
    heard = [len(set(np.concatenate([rng.choice(1_000, 50, replace=False) for _ in range(20)]))) for _ in range(400)]
    assert np.mean(heard) == pytest.approx(reach.distinct_reach(20, circle=50, population=1_000), rel=0.01)


def test_it_never_exceeds_the_town_nor_the_sum():
    for tellers in (0, 1, 5, 10_000):
        found = reach.distinct_reach(tellers, circle=80, population=500)
        assert found <= min(500, tellers * 80) + 1e-9


@pytest.mark.parametrize("numbers", [(10, 600, 500), (-1, 5, 500), (3, -2, 500), (3, 0, 0)])
def test_a_circle_larger_than_the_town_is_refused(numbers):
    with pytest.raises(DataError, match="cannot be"):
        reach.distinct_reach(numbers[0], circle=numbers[1], population=numbers[2])


def test_what_is_told_is_counted_with_those_who_told_nobody():
    sheets = pd.DataFrame({"wave": "w", "told_good": [0] * 20 + [2] * 20, "told_bad": [0] * 39 + [40]})
    found = reach.told(sheets)
    assert (found.mean_good.value, found.mean_bad.value, found.largest) == (1, 1, 40)
    assert (found.share_good.value, found.share_bad.value) == (0.5, 0.025)
    # Mean 1, spread sqrt(40/39) = 1.01274; half = t(39) 2.02269 x 1.01274 / sqrt(40)
    assert found.mean_good.high - 1 == pytest.approx(0.32389, abs=1e-4)


def test_three_answers_say_nothing_of_what_is_told():
    assert isinstance(reach.told(pd.DataFrame({"wave": "w", "told_good": [1, 2, 3], "told_bad": [0, 0, 0]})), Withheld)
    assert isinstance(reach.told(None), Withheld) and isinstance(reach.brought(None, customers=5), Withheld)


def test_who_brought_whom():
    rows = pd.DataFrame({"referrer_id": ["a", "a", "a", "b", "c"], "customer_id": ["x", "y", None, "z", ""]})
    found = reach.brought(rows, customers=10)
    assert (found.named, found.came, found.givers, found.allies) == (5, 3, 3, 1) and found.rate.value == 0.6
