"""The invented numbers of the casebook of churn. Money in yuan.

What the source gives (a plan of 24 months with a free telephone) is marked so; all else is ours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.errors import DataError


@dataclass(frozen=True)
class Milk:
    """A milk round (case C01).

    Attributes
    ----------
    served : int
        Households today.
    won : int
        Won in a year.
    churn : float
        Share that leaves in a year.
    more_won : int
        What one more seller wins in a year: the picker.
    fewer_lost : float
        Share of all that one more driver keeps: the basket.
    margin, cost : int
        What a household leaves in a year; what either of them costs in a year.
    years : int
        As far as the owner looks ahead.
    """

    served: int = 2_400
    won: int = 1_000
    churn: float = 0.40
    more_won: int = 260
    fewer_lost: float = 0.06
    margin: int = 110
    cost: int = 24_000
    years: int = 5


@dataclass(frozen=True)
class Writers:
    """A site of recipes and its best writers (case C26).

    Attributes
    ----------
    benefits : DataFrame
        The seven of the source, in our words: `benefit`, `kind` (status, part, thing), `cost` (of a writer and year), `stay` (of 100, how many
        more were there after a year than of those left out by lot).
    ranks : DataFrame
        One row a writer who was asked, one column a benefit: the place in the order that the writer gave them, 1 the best.
    best, others : int
        Writers in the plan, and all others.
    budget : int
        Of a year, for the plan.
    readers : int
        Readers a day on the front page; `front_share` of them go to the best writers with the seventh benefit, `fair_share` without it.
    leave : float
        Share of the best who leave in a year without the plan.
    """

    benefits: pd.DataFrame
    ranks: pd.DataFrame
    best: int = 400
    others: int = 9_600
    budget: int = 120_000
    readers: int = 200_000
    front_share: float = 0.60
    fair_share: float = 0.25
    leave: float = 0.30


@dataclass(frozen=True)
class App:
    """A shopping app, counted and tried by lot (case C45).

    Attributes
    ----------
    users : DataFrame
        `categories` (1: one, 2: two or three, 3: four and more), `visits` ("often", "seldom"), `users`, `active` (share still active after a year).
    asked, active_with, active_without : int
        A lot gave so many a voucher for a category that was new to them, and as many none; how many of each were active after a year.
    margin : int
        What an active user leaves in a year.
    voucher : int
        What a voucher costs.
    range_cost : int
        What the wider range costs in a year, for all `all_users`.
    all_users : int
    """

    users: pd.DataFrame
    asked: int = 2_000
    active_with: int = 846
    active_without: int = 818
    margin: int = 60
    voucher: int = 6
    range_cost: int = 900_000
    all_users: int = 200_000


@dataclass(frozen=True)
class Trust:
    """Customers of a pharmacy asked twice (case C42): `trust` and `trust_later` (1 to 10), `spend` and `spend_later` (yuan a year)."""

    people: pd.DataFrame


@dataclass(frozen=True)
class Cards:
    """Bank cards (case C44): `bills` (how many are paid by it: 0, 1, 3), `years` ("new", "old"), `cards`, `closed` in the year."""

    table: pd.DataFrame


@dataclass(frozen=True)
class Plan:
    """A telephone with a plan of two years (case C46).

    Attributes
    ----------
    months : int
        24: the source's.
    with_phone, without : int
        The plan's price a month with the free telephone, and the same plan without one.
    phone : int
        What the telephone costs in a shop.
    penalty_months : int
        Full monthly fees that are due on leaving early.
    leaves_after : int
        Months after which somebody wants to leave.
    """

    months: int = 24
    with_phone: int = 129
    without: int = 79
    phone: int = 1_440
    penalty_months: int = 10
    leaves_after: int = 18


@dataclass(frozen=True)
class World:
    """All cases with one set of numbers."""

    milk: Milk
    writers: Writers
    app: App
    trust: Trust
    cards: Cards
    plan: Plan


_BENEFITS = (
    # benefit, kind, cost a writer and year, of 100 more stay
    ("a group with well-known writers", "status", 60, 4.0),
    ("gifts, small and large", "thing", 240, 3.0),
    ("invitations to meetings", "part", 180, 5.0),
    ("new products to try first", "thing", 90, 2.0),
    ("help with paid articles and columns", "part", 300, 8.0),
    ("a say in how the site is run", "part", 40, 4.0),
    ("a place on the front page", "status", 10, 6.0),
)


def _writers(*, seed: int, tastes: tuple) -> Writers:
    table = pd.DataFrame(_BENEFITS, columns=["benefit", "kind", "cost", "stay"])
    rng = np.random.default_rng(seed)
    # Two kinds of writers order the seven: each by a taste of its own and some noise.
    likes = np.array(tastes, dtype=float)[(rng.random(120) < 0.35).astype(int)] + rng.normal(0, 1.0, (120, 7))
    ranks = pd.DataFrame((-likes).argsort(axis=1).argsort(axis=1) + 1, columns=table["benefit"])
    return Writers(table, ranks)


def _users(active: tuple) -> pd.DataFrame:
    sizes = ((1, "often", 800), (2, "often", 2_400), (3, "often", 4_800), (1, "seldom", 6_400), (2, "seldom", 3_600), (3, "seldom", 2_000))
    table = pd.DataFrame(sizes, columns=["categories", "visits", "users"])
    return table.assign(active=active)


def _trust(seed: int, *, leads: bool) -> Trust:
    """Spending follows trust a year later, or trust follows spending."""
    rng = np.random.default_rng(seed)
    trust = rng.normal(6, 1.6, 240)
    spend = 600 + 70 * (trust - 6) / 1.6 + rng.normal(0, 130, 240)
    other = rng.normal(0, 1, (240, 2))
    trust_later = trust + (0 if leads else 0.8) * (spend - 600) / 150 + 0.9 * other[:, 0]
    spend_later = spend + (90 if leads else 0) * (trust - 6) / 1.6 + 90 * other[:, 1]
    frame = pd.DataFrame({"trust": trust, "spend": spend, "trust_later": trust_later, "spend_later": spend_later})
    frame[["trust", "trust_later"]] = frame[["trust", "trust_later"]].clip(1, 10).round(1)
    return Trust(frame.round({"spend": 0, "spend_later": 0}))


def _cards(closed: tuple) -> Cards:
    sizes = ((0, "new", 6_000), (1, "new", 1_500), (3, "new", 500), (0, "old", 2_000), (1, "old", 3_500), (3, "old", 6_500))
    return Cards(pd.DataFrame(sizes, columns=["bills", "years", "cards"]).assign(closed=closed))


WORLDS = {
    "first": lambda: World(
        Milk(), _writers(seed=26, tastes=((1, 2, 3, 0, 5, 2, 4), (3, 5, 1, 3, 0, 0, 2))), App(_users((0.72, 0.74, 0.76, 0.30, 0.32, 0.34))),
        _trust(42, leads=True), _cards((720, 165, 52, 60, 100, 180)), Plan(),
    ),
    "second": lambda: World(
        Milk(served=9_000, won=1_100, churn=0.12, more_won=90, fewer_lost=0.03, margin=110, cost=24_000),
        replace(_writers(seed=26, tastes=((1, 2, 3, 0, 5, 2, 4), (3, 5, 1, 3, 0, 0, 2))), budget=400_000),
        App(_users((0.52, 0.64, 0.76, 0.20, 0.32, 0.44)), active_with=980, active_without=760, margin=160), _trust(43, leads=False), _cards((720, 90, 10, 240, 210, 130)),
        Plan(with_phone=149, penalty_months=3, leaves_after=12),
    ),
}  # fmt: skip


def world(name: str) -> World:
    """One set of numbers.

    Raises
    ------
    DataError
        If there is no such set.
    """
    if name not in WORLDS:
        raise DataError(f"There is no world {name!r}. Use one of {', '.join(WORLDS)}.")
    return WORLDS[name]()
