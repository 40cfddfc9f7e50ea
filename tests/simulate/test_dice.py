import numpy as np
from hypothesis import given
from hypothesis import strategies as st
import pytest

from helpers.simulate.dice import Dice, bell, pick


def test_a_row_is_the_same_however_many_are_drawn():
    few = Dice(3).table("life", 7, 10, ["order", "day"])
    many = Dice(3).table("life", 7, 1000, ["order", "day"])
    assert all(np.array_equal(few[name], many[name][:10]) for name in few)


def test_chosen_rows_are_those_of_the_whole_table():
    whole = Dice(3).table("life", 7, 50, ["order", "day"])
    chosen = Dice(3).table("life", 7, 50, ["order", "day"], only=np.array([4, 41]))
    assert chosen["day"].tolist() == whole["day"][[4, 41]].tolist()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((Dice(4), "life", 7), id="seed"),
        pytest.param((Dice(3), "till", 7), id="purpose"),
        pytest.param((Dice(3), "life", 8), id="step"),
    ],
)
def test_another_address_gives_other_numbers(other):
    dice, purpose, step = other
    mine = Dice(3).table("life", 7, 1000, ["u"])["u"]
    theirs = dice.table(purpose, step, 1000, ["u"])["u"]
    assert abs(np.corrcoef(mine, theirs)[0, 1]) < 0.15


def test_numbers_are_uniform_from_zero_up_to_one():
    drawn = Dice(3).table("life", 0, 20_000, ["u"])["u"]
    assert drawn.min() >= 0 and drawn.max() < 1
    # Standard error of a mean of 20,000 uniform numbers: 0.289 / sqrt(20,000) = 0.002.
    assert drawn.mean() == pytest.approx(0.5, abs=0.008)
    assert np.quantile(drawn, 0.1) == pytest.approx(0.1, abs=0.01)


def test_pick_follows_the_weights():
    uniform = np.array([0.0, 0.24, 0.26, 0.74, 0.76, 0.999])
    assert pick(uniform, np.array([1.0, 2.0, 1.0])).tolist() == [0, 0, 1, 1, 2, 2]
    assert pick(np.array([0.5, 0.5]), np.array([[1.0, 0.0], [0.0, 1.0]])).tolist() == [0, 1]


def test_bell_has_mean_zero_and_spread_one():
    u = Dice(3).table("bell", 0, 20_000, ["a", "b", "c"])
    values = bell(u["a"], u["b"], u["c"])
    assert values.mean() == pytest.approx(0, abs=0.03)
    assert values.std() == pytest.approx(1, abs=0.03)


@given(st.integers(0, 60), st.integers(1, 50), st.integers(0, 2**32))
def test_rows_reached_by_jumping_are_those_of_the_whole_table(asked, width, seed):
    """Few rows of many are jumped to, many rows are drawn with all others: in any order, twice or not at all."""
    columns, rows = [f"c{place}" for place in range(width)], 3000
    only = np.random.default_rng(seed).integers(0, rows, asked)
    whole, some = Dice(5).table("x", 1, rows, columns), Dice(5).table("x", 1, rows, columns, only=only)
    assert all((some[name] == whole[name][only]).all() for name in columns)
