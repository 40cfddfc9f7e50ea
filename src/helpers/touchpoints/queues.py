"""How long people wait for a hotline: calls, minutes and agents in one formula (Erlang C)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.errors import DataError

MOST_AGENTS = 500


@dataclass(frozen=True)
class Queue:
    """A hotline in a steady hour.

    Attributes
    ----------
    load : float
        Calls in progress on average, in erlangs.
    agents : int
    waits : float
        Share of callers who wait at all; 1 where the agents cannot keep up.
    mean_wait : float
        Of all callers, in seconds; infinite where the agents cannot keep up.
    in_time : float
        Share answered within `seconds`.
    seconds : float
    busy : float
        Share of an agent's time on the telephone, at most 1.
    """

    load: float
    agents: int
    waits: float
    mean_wait: float
    in_time: float
    seconds: float
    busy: float


def load(calls_an_hour: float, minutes_a_call: float) -> float:
    """Calls in progress on average, in erlangs: calls an hour times the hours each of them takes."""
    if not (calls_an_hour >= 0 and minutes_a_call > 0):
        raise DataError(f"{calls_an_hour:g} calls of {minutes_a_call:g} minutes cannot be. Give no fewer than 0 calls, and some minutes.")
    return calls_an_hour * minutes_a_call / 60


def erlang_b(erlangs: float, agents: int) -> float:
    """Share of callers who would be sent away if nobody could wait.

    References
    ----------
    Recursion of Erlang's loss formula; Cooper (1981), Introduction to Queueing Theory, ch. 3.
    """
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = erlangs * blocked / (n + erlangs * blocked)
    return blocked


def queue(calls_an_hour: float, minutes_a_call: float, agents: int, *, seconds: float = 20.0) -> Queue:
    """How long callers wait when so many agents answer.

    Callers arrive at random, are patient, and are answered in their order; calls
    vary in length as random events do. Where callers hang up, fewer wait than this says.

    Parameters
    ----------
    calls_an_hour, minutes_a_call : float
    agents : int
    seconds : float, default 20
        Within which a call counts as answered in time.

    Returns
    -------
    Queue

    Raises
    ------
    DataError
        If a number cannot be.

    References
    ----------
    Erlang (1917). Test values: the documentation of pyworkforce 0.1.0 and of the R package ErlangC 0.1.0
    (100 calls of 180 seconds in half an hour, 14 agents: 0.17413 wait, 0.88835 within 20 seconds, 7.836 seconds).
    """
    if not 1 <= agents <= MOST_AGENTS:
        raise DataError(f"{agents} agents cannot be. Give 1 to {MOST_AGENTS}.")
    busy = load(calls_an_hour, minutes_a_call)
    if busy >= agents:
        return Queue(busy, agents, 1.0, float("inf"), 0.0, seconds, 1.0)
    blocked = erlang_b(busy, agents)
    waits = agents * blocked / (agents - busy * (1 - blocked))
    call = 60 * minutes_a_call
    late = waits * float(np.exp(-(agents - busy) * seconds / call))
    return Queue(busy, agents, waits, waits * call / (agents - busy), 1 - late, seconds, busy / agents)


def agents_for(calls_an_hour: float, minutes_a_call: float, *, share: float = 0.8, seconds: float = 20.0) -> int:
    """The fewest agents with whom this share of callers is answered in time.

    Raises
    ------
    DataError
        If the share is no fraction below 1, or more agents are needed than `MOST_AGENTS`.
    """
    if not 0 < share < 1:
        raise DataError(f"A share of {share:g} cannot be promised. Give a fraction between 0 and 1, such as 0.8.")
    for agents in range(1, MOST_AGENTS + 1):
        if queue(calls_an_hour, minutes_a_call, agents, seconds=seconds).in_time >= share:
            return agents
    raise DataError(f"More than {MOST_AGENTS} agents are needed. Look at one team and one hour.")


def by_agents(calls_an_hour: float, minutes_a_call: float, *, seconds: float = 20.0, more: int = 7) -> list[Queue]:
    """The queue for each number of agents, from the fewest who can keep up."""
    fewest = int(np.floor(load(calls_an_hour, minutes_a_call))) + 1
    return [queue(calls_an_hour, minutes_a_call, agents, seconds=seconds) for agents in range(fewest, fewest + more)]
