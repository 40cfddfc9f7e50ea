"""Tiers and their barriers: classified by rule, weighted as they should be, close to the truth."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from helpers import simulate
from helpers.conversion import findings, tiers
from helpers.withheld import Withheld


def sheets(*groups, weight=1.0):
    """Sheets from (number, answers): answers name the questions that were said yes to."""
    names = ["aware", "considered", "rejected", "buys", "uses_minimally"]
    rows = [{name: name in yes.split() for name in names} for number, yes in groups for _ in range(number)]
    return pd.DataFrame(rows).astype("boolean").assign(weight=weight)


def test_each_answer_falls_into_its_tier():
    asked = sheets(
        (1, "aware considered buys"),
        (1, "aware considered buys uses_minimally"),
        (1, "aware considered rejected"),
        (1, "aware considered"),
        (1, "aware"),
        (1, ""),
    )
    found = tiers.classify(asked)
    assert found["group"].tolist() == ["customer", "soon_to_be", "refusing", "undecided", "unexplored", "unexplored"]
    assert found["reason"].eq("").all()


def test_sheets_that_say_two_things_at_once_are_set_aside_with_the_reason_and_counted():
    asked = sheets(
        (150, "aware"),
        (2, "aware rejected"),
        (1, "considered"),
        (3, "aware considered uses_minimally"),
        (1, "aware considered rejected buys"),
    )
    asked.loc[0, "buys"] = pd.NA
    found = tiers.tier_sizes(asked)
    assert found.sheets == 149
    assert found.set_aside == {
        "a question left open": 1, "buys the least, but does not buy": 3, "considered, but never heard of": 1,
        "rejected, but buys": 1, "rejected, but never considered": 2,
    }  # fmt: skip
    assert "8 sheets could not be used" in findings.tier_sizes(found)[1]


def test_with_equal_weights_the_interval_is_wilsons():
    found = tiers.tier_sizes(sheets((60, "aware considered rejected"), (340, "aware")))
    one = found.share("refusing")
    assert (one.low, one.high) == pytest.approx(proportion_confint(60, 400, method="wilson"), abs=1e-9)
    assert found.households == 0  # nobody has weighted the sheets, so nothing is said about the region


def test_the_interval_reaches_as_far_as_the_sheets_set_aside_could_move_it():
    """Those who refused slip more often: the interval of the refusing missed the truth in one company of four."""
    found = tiers.tier_sizes(sheets((60, "aware considered rejected"), (332, "aware"), (8, "aware rejected")))
    one, scale = found.share("refusing"), 392 / 400
    assert one.value == 60 / 392
    assert one.low == pytest.approx(proportion_confint(60 * scale, 392, method="wilson")[0], abs=1e-9)
    assert one.high == pytest.approx(proportion_confint(68 * scale, 392, method="wilson")[1], abs=1e-9)
    # Nobody who rejected may be a customer in disguise: their share is only of more sheets.
    buys = found.share("customer")
    assert (buys.value, buys.high) == pytest.approx((0, proportion_confint(0, 392, method="wilson")[1]), abs=1e-9)


def test_weights_count_as_households_and_cost_exactness():
    asked = sheets((50, "aware considered rejected"), (150, "aware"))
    asked["weight"] = [3.0] * 50 + [1.0] * 150
    found = tiers.tier_sizes(asked)
    # By hand: 150 of 300 households refuse; (300 squared) / (50 x 9 + 150) = 150 effective sheets.
    assert found.share("refusing").value == pytest.approx(0.5)
    assert found.effective == pytest.approx(150)
    assert found.households == pytest.approx(300)


def test_too_few_sheets_are_withheld():
    assert isinstance(tiers.tier_sizes(sheets((99, "aware"))), Withheld)
    assert isinstance(tiers.tier_sizes(None), Withheld)
    assert isinstance(tiers.barriers(None), Withheld)


@pytest.mark.parametrize("seed", [3, 4, 5, 6])
def test_the_shares_lie_near_the_truth(seed):
    world = simulate.company(seed=seed, customers=6000)
    found = tiers.tier_sizes(world.frames_of("households"))
    truth = world.truth_of("households").drop_duplicates("class").set_index("class")["share"]
    for group in tiers.GROUPS:
        one = found.share(group)
        spread = (one.high - one.low) / 3.92
        # Sheets that contradict themselves are refusers' own: the share falls by 1.2 of 100 at most.
        assert abs(one.value - truth[group]) < 4 * spread + 0.014


@pytest.mark.parametrize(("barrier", "seed"), [("fixing", 8), ("choice", 9)])
def test_the_planted_barrier_is_found_where_it_is_planted(barrier, seed):
    found = tiers.barriers(simulate.company(seed=seed, plant={"shared_barrier": barrier}).frames_of("households"))
    assert found.shared == barrier and set(found.of_tiers) == {"refusing", "unexplored"}
    assert f"first in 2 tiers: {barrier}" in findings.barriers(found)


def test_where_nothing_is_planted_the_tiers_share_nothing():
    found = tiers.barriers(simulate.company(seed=8, stories=False).frames_of("households"))
    own = {"soon_to_be": "price", "refusing": "trust", "unexplored": "habit"}
    assert found.shared == "" and len(found.first) >= 2 and found.first.items() <= own.items()
    assert "share no barrier" in findings.barriers(found)


def test_a_lead_within_chance_is_no_first_barrier():
    asked = sheets((40, "aware considered rejected"), (40, "aware"), (40, "aware considered buys uses_minimally"))
    asked["barrier"] = np.tile(["a", "b"], 60)
    found = tiers.barriers(asked)
    assert found.first == {} and found.shared == ""
