"""Weights against an independent regression, delivered value by hand, and what is refused."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.errors import DataError
from helpers.four_cs import findings
from helpers.four_cs.value import (
    COSTS,
    OVERALL,
    PARTS,
    VALUES,
    delivered_value,
    heaviest_cost,
    marks,
    mean_delivered,
    weights,
    what_if,
)
from helpers.withheld import Withheld

TRUE = dict(zip(PARTS, (0.35, 0.25, 0.1, 0.1, -0.15, -0.15, -0.5, -0.15), strict=True))


def survey_of(n=600, seed=1, true=TRUE, noise=1.0, mode="panel"):
    """Sheets whose judgement is built from the marks with known weights."""
    dice = np.random.default_rng(seed)
    sheets = pd.DataFrame(dice.integers(3, 9, size=(n, 8)), columns=PARTS)
    judged = 5.5 + sum(weight * (sheets[part] - 5.5) for part, weight in true.items()) + noise * dice.normal(size=n)
    sheets[OVERALL] = np.clip(np.round(judged), 1, 10).astype(int)
    return sheets.astype("Int64").assign(mode=mode, customer_id=[f"c{at}" for at in range(n)])


def test_weights_are_those_of_statsmodels_with_hc3_errors():
    found = weights(marks(survey_of()))
    sheets = survey_of().astype({part: float for part in (*PARTS, OVERALL)})
    x = sheets[list(PARTS)].copy()
    x[list(COSTS)] *= -1
    model = sm.OLS(sheets[OVERALL], sm.add_constant(x)).fit(cov_type="HC3", use_t=True)
    table = found.table.set_index("part")
    assert table["weight"].to_numpy() == pytest.approx(model.params[list(PARTS)].to_numpy(), abs=1e-9)
    ends = model.conf_int().loc[list(PARTS)]
    assert table["low"].to_numpy() == pytest.approx(ends[0].to_numpy(), abs=1e-8)
    assert table["high"].to_numpy() == pytest.approx(ends[1].to_numpy(), abs=1e-8)
    assert found.r2 == pytest.approx(model.rsquared)


def test_without_noise_the_weights_come_back_nearly_whole():
    # Marks are rounded to whole steps, so not exactly.
    found = weights(marks(survey_of(n=3000, noise=0.0)))
    assert found.of == pytest.approx({part: abs(weight) for part, weight in TRUE.items()}, abs=0.03)


def test_the_difference_of_two_costs_is_the_contrast_of_statsmodels():
    heavy = heaviest_cost(weights(marks(survey_of())))
    sheets = survey_of().astype({part: float for part in (*PARTS, OVERALL)})
    x = sheets[list(PARTS)].copy()
    x[list(COSTS)] *= -1
    model = sm.OLS(sheets[OVERALL], sm.add_constant(x)).fit(cov_type="HC3")
    test = model.t_test("energy_cost - money_cost = 0")
    against = heavy.against("money_cost")
    assert against.value == pytest.approx(float(np.squeeze(test.effect)))
    assert [against.low, against.high] == pytest.approx(np.squeeze(test.conf_int()).tolist())


@pytest.mark.parametrize("part", COSTS)
def test_the_cost_that_weighs_most_is_named_whichever_it_is(part):
    true = {**TRUE, **dict.fromkeys(COSTS, -0.15), part: -0.5}
    heavy = heaviest_cost(weights(marks(survey_of(true=true))))
    assert heavy.part == part and heavy.surely


def test_costs_that_weigh_alike_are_not_told_apart():
    true = {**TRUE, **dict.fromkeys(COSTS, -0.2)}
    said = [heaviest_cost(weights(marks(survey_of(n=300, seed=seed, true=true)))).surely for seed in range(40)]
    assert sum(said) <= 4


# What is set aside and refused


def test_sheets_are_set_aside_with_reasons_and_every_one_is_counted():
    survey = survey_of(100)
    survey.loc[0, "money_cost"] = pd.NA
    survey.loc[1, [*PARTS, OVERALL]] = 7
    survey.loc[2:3, "mode"] = "street"
    survey.loc[4, [*PARTS, OVERALL]] = pd.NA  # was asked other questions alone
    found = marks(survey)
    assert dict(found.set_aside.itertuples(index=False)) == {"a box left open": 1, "not drawn by lot": 2, "the same mark in every box": 1}
    assert len(found.table) == 95


@pytest.mark.parametrize("value", [0, 11, 70])
def test_marks_outside_the_scale_are_refused(value):
    survey = survey_of(90)
    survey.loc[5, "time_cost"] = value
    with pytest.raises(DataError, match=f"time_cost is {value} on 1 of 90 sheets"):
        marks(survey)


@pytest.mark.parametrize("part", ["energy_cost", "product_value"])
def test_a_scale_that_runs_the_other_way_is_named_and_left_out(part):
    survey = survey_of()
    survey[part] = 11 - survey[part]
    found = weights(marks(survey))
    assert found.turned == (part,) and part not in found.of
    assert "looks turned round" in " ".join(findings.weights(found))


def test_scales_that_run_the_right_way_are_not_accused():
    assert [weights(marks(survey_of(n=200, seed=seed))).turned for seed in range(30)] == [()] * 30


@pytest.mark.parametrize(
    ("survey", "reason"),
    [
        (None, "There is no survey"),
        (survey_of(1), "There are 1 complete sheets; 80 are the least"),
        (survey_of(79), "There are 79 complete sheets"),
        (survey_of().drop(columns="energy_cost"), "does not ask for energy_cost"),
        (survey_of().assign(worth_it=pd.array([6] * 600, dtype="Int64")), "Everybody gave the same judgement"),
    ],
)
def test_too_little_is_withheld_with_its_reason(survey, reason):
    found = weights(marks(survey))
    assert isinstance(found, Withheld) and reason in found.reason
    assert isinstance(heaviest_cost(found), Withheld) and isinstance(mean_delivered(found), Withheld)


# Delivered value


def test_delivered_value_by_hand():
    # Values 8 x 0.5 + 6 x 0.25 = 5.5, costs 4 x 0.5 + 2 x 1 = 4: left 1.5, ratio 1.375.
    found = delivered_value(
        {"product_value": 8, "service_value": 6, "money_cost": 4, "time_cost": 2},
        weights={"product_value": 0.5, "service_value": 0.25, "money_cost": 0.5, "time_cost": 1},
    )
    assert (found.value, found.cost, found.delivered, found.ratio) == (5.5, 4, 1.5, 1.375)


def test_money_and_hours_can_be_added_when_an_hour_has_a_price():
    # Worth 900.00 against 500.00 and 90 minutes at 40.00 an hour: 900 - 500 - 60 = 340.
    found = delivered_value(
        {"product_value": 90_000, "money_cost": 50_000, "time_cost": 90},
        units={"product_value": "money", "money_cost": "money", "time_cost": "minutes"},
        hourly_wage_minor=4000,
    )
    assert found.delivered == 34_000 and found.unit == "money"


@pytest.mark.parametrize(
    ("amounts", "options", "says"),
    [
        ({"product_value": 8, "money_cost": 30_000}, {"units": {"money_cost": "money"}}, "product_value is in scores and the rest in money"),
        ({"time_cost": 30}, {"units": "minutes"}, "Say what an hour is worth"),
        ({"product_value": 11}, {}, "Scores go from 1 to 10"),
        ({"money_cost": -1}, {"units": "money"}, "Give 0 or more"),
        ({"comfort": 5}, {}, "no part of value or cost"),
        ({}, {}, "No part was given"),
        ({"product_value": 8}, {"weights": {}}, "no weight for product_value"),
        ({"product_value": 8}, {"units": "stars"}, "unit of product_value is 'stars'"),
    ],
)
def test_sums_without_meaning_are_refused(amounts, options, says):
    with pytest.raises(DataError, match=says):
        delivered_value(amounts, **options)


def test_the_mean_sheet_is_values_less_costs():
    found = weights(marks(survey_of()))
    table = found.table
    sign = table["kind"].map({"value": 1, "cost": -1})
    assert mean_delivered(found).delivered == pytest.approx((table["mark"] * table["weight"] * sign).sum())
    assert set(mean_delivered(found).parts["part"]) == {*VALUES, *COSTS}


def test_moving_one_part_moves_the_judgement_by_its_weight():
    found = weights(marks(survey_of()))
    move = what_if(found, {"energy_cost": -1})
    row = found.table.set_index("part").loc["energy_cost"]
    assert move.value == pytest.approx(row["weight"])
    assert [move.low, move.high] == pytest.approx([row["low"], row["high"]], abs=2e-3)  # normal against Student
    assert what_if(found, {"money_cost": 2, "service_value": 1}).value == pytest.approx(found["service_value"] - 2 * found["money_cost"])
