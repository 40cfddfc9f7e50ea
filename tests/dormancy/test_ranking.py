"""Ranking: the published marks of CDNOW, and what the report uses there."""

import warnings
from datetime import date

import pandas as pd
import pytest

from helpers.dormancy import ranking, rhythm
from helpers.withheld import Withheld


@pytest.fixture(scope="module")
def cdnow():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.datasets import load_dataset

        rows = load_dataset("CDNOW_sample.txt", header=None, sep=r"\s+")
    orders = pd.DataFrame(
        {
            "customer_id": rows[1].astype("str"),
            "ordered_at": pd.to_datetime(rows[2].astype("str")).astype("datetime64[us]"),
            "amount_minor": (rows[4] * 100).round().astype("int64"),
        }
    )
    return ranking.compare(rhythm.visits(orders, as_of=date(1998, 6, 30)), as_of=date(1998, 6, 30), window_days=273)


@pytest.mark.parametrize(
    "score, published", [(ranking.ALIVE_BG, 0.316), (ranking.ALIVE, 0.687), (ranking.PLAIN, 0.771), (ranking.EXPECTED, 0.773)]
)
def test_the_marks_of_cdnow_are_the_published_ones(cdnow, score, published):
    # Eight of the 2,357 customers have orders of nothing alone and are no buyers here.
    assert cdnow.table.set_index("score").loc[score, "auc"] == pytest.approx(published, abs=0.0025)


def test_the_reports_own_ranking_is_at_least_as_good_as_the_plain_one_on_cdnow(cdnow):
    assert cdnow.against_plain.value >= 0
    assert cdnow.on == date(1997, 9, 30)
    # And it does not claim more than that: within chance.
    assert not cdnow.against_plain.excludes_zero


def test_every_one_time_buyer_is_called_alive(cdnow):
    assert cdnow.alive_once == 1.0
    assert cdnow.came_once < 0.2


def test_too_few_outcomes_are_withheld(france):
    days = rhythm.visits(france.orders, france.products, as_of=france.as_of)
    found = ranking.compare(days, as_of=france.as_of)
    assert isinstance(found, Withheld) and "50 must have come" in found.reason
