"""What the cases of conversion calculate. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.conversion.attempts import with_rates
from helpers.conversion.case_worlds import Agent, Coats, ColdCalls, Counter, Office, Showroom
from helpers.errors import DataError

# ---------------------------------------------------------------- C29

LASTS = ("one", "two", "three")
"""After how many visits an office may stop."""


def office_table(office: Office) -> pd.DataFrame:
    """Visits of an office as lesson 05a shows them: `attempt`, `visits`, `closed`, `rate`, `low`, `high`, `share_of_orders`."""
    return with_rates(pd.DataFrame({"attempt": ["1", "2", "3"], "visits": list(office.visits), "closed": list(office.closed)}))


def with_visits(second: int, third: int, *, office: Office | None = None) -> Office:
    """The same orders, with other numbers of second and third visits.

    Raises
    ------
    DataError
        If there are fewer visits than orders, or a later visit is more frequent than an earlier one.
    """
    one = office or Office()
    visits = (one.visits[0], second, third)
    if not visits[0] >= visits[1] >= visits[2] or any(made < closed for made, closed in zip(visits, one.closed, strict=True)):
        raise DataError(
            f"Visits of {', '.join(map(str, visits))} cannot have brought {', '.join(map(str, one.closed))} orders. Give as many visits as orders, and no more later ones than earlier ones."
        )
    return replace(one, visits=visits)


def left_by_visit(office: Office) -> list[float]:
    """What one visit leaves, on average: first, second, third."""
    return [closed / made * office.margin - office.cost for closed, made in zip(office.closed, office.visits, strict=True)]


def last_visit(office: Office) -> str:
    """After which visit to stop: the last one that pays, of those that pay without a gap from the second on."""
    _, second, third = left_by_visit(office)
    return "one" if second < 0 else "two" if third < 0 else "three"


# ---------------------------------------------------------------- C27

WAYS = ("core", "crafts", "all")


def left_a_prospect(agent: Agent) -> dict[str, float]:
    """What each way of working leaves for each prospect."""
    return {way: agent.closes[way] * agent.commission - agent.hours[way] * agent.hour for way in WAYS}


def best_way(agent: Agent) -> str:
    """The way that leaves most; of equals the one with fewer hours."""
    found = left_a_prospect(agent)
    return max(WAYS, key=lambda way: (found[way], -agent.hours[way]))


def hours_a_sale(agent: Agent, way: str) -> float:
    """Hours for each sale: those spent on people who do not buy belong to it."""
    return agent.hours[way] / agent.closes[way]


# ---------------------------------------------------------------- C31


def left_own(room: Showroom) -> float:
    """What a visitor who leaves undecided leaves, with a close that speaks of the own make alone."""
    return room.back_own * (room.buys_own * room.margin - room.talk)


def left_advice(room: Showroom) -> float:
    """The same, with an offer to advise on other makes."""
    return room.back_advice * (room.buys_advice * room.margin - room.talk)


def buys_needed(room: Showroom) -> float:
    """Share of those who come back who have to buy, so that the offer of advice leaves as much."""
    return (left_own(room) / room.back_advice + room.talk) / room.margin


# ---------------------------------------------------------------- C33


def by_topic(counter: Counter) -> pd.DataFrame:
    """`topic`, `raised`, `found`, `minded`, `rate` (of talks in which it was raised), `low`, `high`, `minds`, `allowed`."""
    from helpers.stats.intervals import wilson

    rows = []
    for name, one in counter.topics.items():
        found = wilson(one.found, one.raised)
        minds = one.minded / one.raised
        rows.append((name, one.raised, one.found, one.minded, found.value, found.low, found.high, minds, minds <= counter.may_mind))
    return pd.DataFrame(rows, columns=["topic", "raised", "found", "minded", "rate", "low", "high", "minds", "allowed"])


def best_topic(counter: Counter) -> str | None:
    """The topic that leads to a need most often, of those that few enough mind; of equals the first by name; None where all are minded."""
    table = by_topic(counter)
    fit = table[table["allowed"]].sort_values(["rate", "topic"], ascending=[False, True], kind="stable")
    return None if not len(fit) else str(fit["topic"].iloc[0])


# ---------------------------------------------------------------- C34


def talks_of(calls: ColdCalls, *, mended: str = "") -> float:
    """Of 100 numbers that are dialled, those that become a talk."""
    shares = list(calls.shares)
    if mended:
        gate, share = calls.mended[mended]
        shares[gate] = share
    return 100 * float(np.prod(shares))


def left_of_100(calls: ColdCalls, *, mended: str = "") -> float:
    """What 100 numbers leave, after the cost of dialling."""
    return talks_of(calls, mended=mended) * calls.closes * calls.margin - 100 * calls.dial


def best_mending(calls: ColdCalls) -> str:
    """The gate to mend first; "stop" where even that leaves less than nothing."""
    best = max(calls.mended, key=lambda name: (left_of_100(calls, mended=name), name))
    return best if left_of_100(calls, mended=best) > 0 else "stop"


# ---------------------------------------------------------------- C47


def qualified_in_coats(coats: Coats) -> float:
    """Of those in a coat, the share who are qualified."""
    right = coats.qualified * coats.coat_if
    wrong = (1 - coats.qualified) * coats.coat_if_not
    return right / (right + wrong)
