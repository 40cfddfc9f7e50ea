"""Waiting: against published values, hand calculation, and a chain solved by another way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.touchpoints import queues


def test_against_the_published_example_of_two_packages():
    """100 calls of 180 seconds in half an hour: documentation of pyworkforce 0.1.0 and of the R package ErlangC 0.1.0."""
    found = queues.queue(200, 3, 14)
    assert found.load == pytest.approx(10)
    assert found.waits == pytest.approx(0.1741319335950498, rel=1e-12)
    assert found.in_time == pytest.approx(0.8883500191794669, rel=1e-12)
    assert found.mean_wait == pytest.approx(7.83593701177724, rel=1e-9)
    assert found.busy == pytest.approx(0.7142857142857143)
    assert queues.queue(200, 3, 11).waits == pytest.approx(0.6821182, abs=5e-8)
    assert queues.agents_for(200, 3, share=0.8, seconds=20) == 14


def test_one_agent_is_the_simple_queue():
    """M/M/1: the share who wait is the load, and the mean wait load / (1 - load) calls."""
    found = queues.queue(6, 5, 1)
    assert found.waits == pytest.approx(0.5)
    assert found.mean_wait == pytest.approx(300)


@pytest.mark.parametrize("erlangs, agents, blocked", [(1.0, 1, 0.5), (1.0, 2, 0.2), (2.0, 2, 0.4), (3.0, 3, 0.346154)])
def test_blocking_by_hand(erlangs, agents, blocked):
    # A^N/N! over the sum of A^k/k!: for 2 and 2, 2 / (1 + 2 + 2); for 3 and 3, 4.5 / 13.
    assert queues.erlang_b(erlangs, agents) == pytest.approx(blocked, abs=1e-6)


@pytest.mark.parametrize("erlangs, agents", [(0.3, 1), (2.5, 4), (5.5, 8), (9.0, 10)])
def test_the_share_who_wait_solves_the_birth_and_death_equations(erlangs, agents):
    """The stationary distribution of a long chain, by a linear solve."""
    states = 600
    up = np.full(states - 1, erlangs)
    down = np.minimum(np.arange(1, states), agents).astype(float)
    rates = np.diag(up, 1) + np.diag(down, -1)
    rates -= np.diag(rates.sum(axis=1))
    system = np.vstack([rates.T[:-1], np.ones(states)])
    shares = np.linalg.solve(system, np.append(np.zeros(states - 1), 1.0))
    assert queues.queue(60 * erlangs, 1.0, agents).waits == pytest.approx(shares[agents:].sum(), abs=1e-9)


def test_a_desk_that_cannot_keep_up_says_so():
    found = queues.queue(60, 6, 6)
    assert (found.waits, found.in_time, found.busy) == (1.0, 0.0, 1.0)
    assert found.mean_wait == float("inf")


@given(st.integers(1, 300), st.floats(0.5, 15), st.integers(1, 60))
def test_more_agents_never_make_anybody_wait_longer(calls, minutes, agents):
    here, more = queues.queue(calls, minutes, agents), queues.queue(calls, minutes, agents + 1)
    assert 0 <= more.waits <= here.waits <= 1
    assert more.mean_wait <= here.mean_wait
    assert here.in_time <= more.in_time <= 1


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: queues.load(-1, 5), "-1 calls of 5 minutes cannot be"),
        (lambda: queues.load(10, 0), "10 calls of 0 minutes cannot be"),
        (lambda: queues.queue(10, 5, 0), "0 agents cannot be. Give 1 to 500"),
        (lambda: queues.agents_for(10, 5, share=1.0), "share of 1 cannot be promised"),
        (lambda: queues.agents_for(60_000, 5), "More than 500 agents are needed"),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_words(call, message):
    with pytest.raises(DataError, match=message):
        call()
