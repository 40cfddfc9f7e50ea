"""What a name is worth, what a guarantee costs, and what a name can carry."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.branding import price, stretch
from helpers.errors import DataError
from helpers.simulate import brand
from helpers.withheld import Withheld


def test_the_premium_is_the_planted_one_and_its_interval_holds_it(tracker):
    tables = tracker(size=10)
    found = price.premium(tables.brand_survey, own=brand.OWN)
    truth = brand.truth_of_premium(tables.history, tables.history.stories).set_index("label")["premium"]
    for label in (brand.OWN, brand.RIVAL):
        row = found.of(label)
        # Prices are rounded to ten yuan; 0.01 is left for that.
        assert row["low"] - 0.01 <= truth[label] <= row["high"] + 0.01 and row["high"] - row["low"] < 0.04


def test_the_premium_is_welchs_interval_on_logarithms(tracker):
    sheets = tracker().brand_survey
    row = price.premium(sheets, own=brand.OWN).of(brand.OWN)
    a, b = (np.log(sheets.loc[sheets["label"] == label, "would_pay_minor"].astype(float)) for label in (brand.OWN, price.NO_NAME))
    ends = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((np.exp(ends.low) - 1, np.exp(ends.high) - 1))


def test_who_would_pay_nothing_is_counted_and_left_out():
    n = 40
    sheets = pd.DataFrame({"wave": "w", "label": ["we"] * n + ["unbranded"] * n, "would_pay_minor": [200, 800] * (n // 2) + [200] * (n - 4) + [0] * 4})
    found = price.premium(sheets, own="we")
    assert found.not_for_money == 4
    assert found.of("we")["typical_minor"] == 400 and found.of("we")["premium"] == pytest.approx(1.0)  # sqrt(200 x 800) = 400


def test_without_a_lot_or_with_few_answers_the_premium_is_withheld():
    assert isinstance(price.premium(None, own="we"), Withheld)
    assert isinstance(price.premium(pd.DataFrame({"wave": ["w"]}), own="we"), Withheld)
    few = pd.DataFrame({"wave": "w", "label": ["we", "unbranded"], "would_pay_minor": [1, 2]})
    assert "1 people saw the own name" in price.premium(few, own="we").reason


def test_a_guarantee_breaks_even_where_claims_cost_what_comes_back():
    found = price.guarantee(claims=6, cost=120, stay_longer=4, margin=300)
    assert (found.costs, found.brings, found.left, found.break_even) == (720, 1200, 480, 10)
    assert price.guarantee(claims=10, cost=120, stay_longer=4, margin=300).left == 0
    with pytest.raises(DataError, match="must cost something"):
        price.guarantee(claims=6, cost=0, stay_longer=4, margin=300)


@pytest.mark.parametrize("plant, line", [(None, "baby"), ({"stretch": "garden"}, "garden")])
def test_the_line_that_stretches_is_found_where_it_is_planted(tracker, plant, line):
    tables = tracker(plant=plant)
    found = stretch.stretch(tables.brand_stretch, tables.brand_survey)
    assert found.too_far == [line] and set(found.table["verdict"]) == {"fits", "stretches"}


def test_where_nothing_is_planted_no_line_stretches(tracker):
    tables = tracker(on=False)
    assert stretch.stretch(tables.brand_stretch, tables.brand_survey).too_far == []


def test_a_line_on_the_middle_is_left_open_and_few_answers_are_withheld():
    rows = pd.DataFrame({"answer_id": [f"a{i}" for i in range(60)], "line": "x", "fit": [5, 6] * 30, "would_buy": True})
    sheets = pd.DataFrame({"answer_id": rows["answer_id"], "wave": "w"})
    assert stretch.stretch(rows, sheets).table["verdict"].tolist() == ["open"]
    assert isinstance(stretch.stretch(rows.head(3), sheets), Withheld) and isinstance(stretch.stretch(None, None), Withheld)
