"""The invented numbers of the casebook of conversion. Money in yuan.

What the source gives (70, 23 and the rest; four refusals within a minute) is marked so; all else is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.errors import DataError


@dataclass(frozen=True)
class Office:
    """An office that sells insurance (case C29). The shares of its orders are the source's; visits and money are ours.

    Attributes
    ----------
    closed : tuple of int
        Orders at the first, second and third visit.
    visits : tuple of int
        First, second and third visits that were made.
    cost, margin : int
        Of a visit, and what an order leaves before the cost of visits.
    """

    closed: tuple[int, int, int] = (70, 23, 7)
    visits: tuple[int, int, int] = (1000, 100, 20)
    cost: int = 150
    margin: int = 4_000


@dataclass(frozen=True)
class Agent:
    """An estate agent, and three ways to work (case C27).

    Attributes
    ----------
    commission, hour : int
        What a sale brings the office, and what an hour of the agent costs it.
    hours : dict
        Hours for each prospect: `core` (viewings and papers), `crafts` (and a class for children), `all` (and help in family matters).
    closes : dict
        Share of prospects who buy, for each.
    """

    commission: int = 6_000
    hour: int = 80
    hours: Mapping[str, float] = field(default_factory=lambda: {"core": 3.0, "crafts": 4.0, "all": 8.0})
    closes: Mapping[str, float] = field(default_factory=lambda: {"core": 0.10, "crafts": 0.14, "all": 0.16})


@dataclass(frozen=True)
class Showroom:
    """A car dealer who does or does not offer advice on other makes, too (case C31).

    Attributes
    ----------
    back_own, back_advice : float
        Of those who leave undecided, the share who come back after each kind of close.
    buys_own, buys_advice : float
        Of those who come back, the share who buy here.
    margin, talk : int
        What a car leaves, and what the second talk costs.
    """

    back_own: float = 0.30
    back_advice: float = 0.42
    buys_own: float = 0.40
    buys_advice: float = 0.33
    margin: int = 9_000
    talk: int = 200


@dataclass(frozen=True)
class Topic:
    """A topic of first talks at a bank (case C33): how often it was raised, led to a need, and was minded."""

    raised: int
    found: int
    minded: int


@dataclass(frozen=True)
class Counter:
    """The log of first talks at a bank, by topic (case C33).

    Attributes
    ----------
    topics : dict of str to Topic
        `family`, `occupation`, `recreation`, `message`.
    may_mind : float
        Share of customers who mind, above which a topic is not raised first.
    """

    topics: Mapping[str, Topic] = field(
        default_factory=lambda: {"family": Topic(40, 20, 10), "occupation": Topic(30, 9, 2), "recreation": Topic(25, 6, 0), "message": Topic(20, 9, 1)}
    )
    may_mind: float = 0.10


@dataclass(frozen=True)
class ColdCalls:
    """Calls to strangers, with four gates (case C34), and three ways to mend one of them. The gates are the source's, the shares ours.

    Attributes
    ----------
    shares : tuple of float
        Of the calls that come to a gate, those that pass it.
    mended : dict of str to (gate, share)
        What each mending would make of its gate.
    closes : float
        Share of talks that end in an order.
    margin, dial : float
        What an order leaves, and what a number that is dialled costs.
    """

    shares: tuple[float, float, float, float] = (0.55, 0.60, 0.50, 0.40)
    mended: Mapping[str, tuple[int, float]] = field(default_factory=lambda: {"label": (1, 0.80), "first": (2, 0.65), "interest": (3, 0.50)})
    closes: float = 0.03
    margin: float = 900
    dial: float = 3.0


@dataclass(frozen=True)
class Coats:
    """People who give advice, in a white coat or not (case C47).

    Attributes
    ----------
    qualified : float
        Share who are qualified.
    coat_if, coat_if_not : float
        Share who wear a coat, of those who are and of those who are not.
    sure : float
        Of those in a coat, the share who must be qualified for a coat to be enough.
    """

    qualified: float = 0.30
    coat_if: float = 0.90
    coat_if_not: float = 0.40
    sure: float = 0.80


@dataclass(frozen=True)
class World:
    """All cases together."""

    office: Office = field(default_factory=Office)
    agent: Agent = field(default_factory=Agent)
    showroom: Showroom = field(default_factory=Showroom)
    counter: Counter = field(default_factory=Counter)
    cold: ColdCalls = field(default_factory=ColdCalls)
    coats: Coats = field(default_factory=Coats)


WORLDS = {
    "first": World(),
    # Many later visits; dear flats; advice that brings hardly anybody back; news that people mind; dear goods; coats that are earned.
    "second": World(
        office=Office(visits=(1000, 600, 200)),
        agent=Agent(commission=40_000),
        showroom=Showroom(back_advice=0.31),
        counter=Counter({"family": Topic(40, 20, 10), "occupation": Topic(30, 9, 2), "recreation": Topic(25, 6, 0), "message": Topic(20, 9, 6)}),
        cold=ColdCalls(margin=3_000),
        coats=Coats(coat_if_not=0.05),
    ),
}


def world(name: str) -> World:
    """One of the worlds.

    Raises
    ------
    DataError
        If there is none of that name.
    """
    if name not in WORLDS:
        raise DataError(f"There is no world {name!r}. Worlds: {', '.join(WORLDS)}.")
    return WORLDS[name]
