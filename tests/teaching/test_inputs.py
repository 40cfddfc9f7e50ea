from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.teaching.inputs import Inputs, Unavailable, own_copy
from helpers.withheld import SILENCE, Withheld


@dataclass(frozen=True)
class Result:
    table: pd.DataFrame


def test_a_learner_cannot_spoil_what_was_offered(orders):
    inputs = Inputs()
    inputs.offer(orders=orders, result=Result(orders.copy()), listed=[[1], 2])
    kept = inputs["result"]
    orders["amount_minor"] = 0
    orders["customer_id"].array[0] = "Z"
    del orders["ordered_at"]
    assert inputs["orders"]["amount_minor"].tolist() == [1000, 2000, 1500, 4000, -500]
    assert inputs["orders"]["customer_id"][0] == "A"
    assert kept.table is not orders


def test_nor_can_one_exercise_spoil_the_next(orders):
    inputs = Inputs()
    inputs.offer(orders=orders)

    def careless(orders):
        orders["amount_minor"] = 0
        del orders["ordered_at"]

    inputs.call(careless)
    assert "ordered_at" in inputs["orders"]
    assert inputs["orders"]["amount_minor"].sum() == 8000


def test_functions_are_called_when_needed_and_once():
    calls = []

    def heavy(base):
        calls.append(1)
        return base * 2

    inputs = Inputs()
    inputs.offer(base=21, heavy=heavy)
    assert calls == []
    assert inputs.call(lambda heavy: heavy) == 42
    assert inputs.call(lambda heavy: heavy + 1) == 43
    assert calls == [1]
    inputs.offer(base=1)
    assert inputs["heavy"] == 2


def test_an_answer_may_build_on_another_answer():
    def first(base):
        return base + 1

    inputs = Inputs({"first": first})
    inputs.offer(base=1)
    assert inputs.call(lambda first: first * 10) == 20


@pytest.mark.parametrize(
    "function, why",
    [
        pytest.param(lambda unknown: 1, "It needs `unknown`, which does not exist yet. Run the cells above", id="name"),
        pytest.param(lambda few: 1, "Twenty are needed.", id="withheld"),
        pytest.param(lambda nothing: 1, "too few", id="silence"),
        pytest.param(lambda frame: frame["margin_minor"], "These data have no `margin_minor`", id="column"),
        pytest.param(lambda: 1 / 0, "It cannot be worked out on these data (ZeroDivisionError", id="error"),
        pytest.param(lambda: Withheld("x", "Too few of them."), "Too few of them.", id="withheld-result"),
        pytest.param(lambda round: 1, "`round` would need itself", id="circle"),
    ],
)
def test_what_cannot_be_worked_out_says_why(function, why):
    inputs = Inputs()
    inputs.offer(few=Withheld("x", "Twenty are needed."), nothing=SILENCE, frame=pd.DataFrame({"a": [1]}))
    inputs.offer(round=lambda square: square, square=lambda round: round)
    with pytest.raises(Unavailable) as caught:
        inputs.call(function)
    assert why in str(caught.value)


def test_an_error_for_readers_is_passed_on():
    def refuses():
        raise DataError("No money. Add some.")

    with pytest.raises(Unavailable, match="No money. Add some."):
        Inputs().call(refuses)


def test_arguments_with_a_default_may_be_missing():
    assert Inputs().call(lambda unknown=7: unknown) == 7


def test_copies_share_nothing():
    original = {"frame": pd.DataFrame({"a": [1]}), "array": np.array([1]), "list": [[1]], "set": {1}, "text": "a"}
    twin = own_copy(original)
    twin["frame"].loc[0, "a"] = 9
    twin["array"][0] = 9
    twin["list"][0].append(9)
    assert original["frame"]["a"].tolist() == [1]
    assert original["array"].tolist() == [1]
    assert original["list"] == [[1]]
    result = Result(pd.DataFrame({"a": [1]}))
    twin = own_copy(result).table
    twin.loc[0, "a"] = 9
    assert result.table["a"].tolist() == [1]
