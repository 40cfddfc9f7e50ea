"""Which touchpoints stand on the way to an order: first, last, linear, and two exact ways. None of them says what caused it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from math import factorial

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.withheld import Withheld

MIN_ORDERS = 50
"""Journeys that end in an order, below which no share is given."""
MOST = 12
"""Touchpoints up to which all sets can be gone through."""


@dataclass(frozen=True)
class Journeys:
    """Journeys as paths.

    Attributes
    ----------
    paths : list of tuple of str
        The touchpoints of each journey, in time order.
    ordered : ndarray of bool
    rejected : dict of str to int
        Journeys that cannot be used, by reason.
    """

    paths: list[tuple[str, ...]]
    ordered: np.ndarray
    rejected: dict[str, int]

    @property
    def touchpoints(self) -> list[str]:
        return sorted({step for path in self.paths for step in path})


def journeys_of(steps: pd.DataFrame | None) -> Journeys | Withheld:
    """Paths from steps. Steps at the same moment go by the name of the touchpoint.

    Parameters
    ----------
    steps : DataFrame or None
        `journey_id`, `at`, `touchpoint`, `ordered`.
    """
    what = "Journeys"
    gain = "With a table of journeys (who met what, in which order, and whether they ordered), this page would show what stands on the way to an order."
    if steps is None or not len(steps):
        return Withheld(what, "The data have no table of journeys.", gain)
    rejected = {}
    ends = steps.groupby("journey_id")["ordered"].nunique(dropna=False)
    torn = set(ends.index[ends > 1])
    if torn:
        rejected["its steps do not agree on whether it ended in an order"] = len(torn)
    rows = steps[~steps["journey_id"].isin(torn)].sort_values(["journey_id", "at", "touchpoint"], kind="stable")
    if rows["ordered"].eq(True).sum() == 0:
        return Withheld(what, "No journey ends in an order.", gain)
    grouped = rows.groupby("journey_id", sort=True)
    paths = [tuple(path) for path in grouped["touchpoint"].agg(list)]
    ordered = grouped["ordered"].first().to_numpy(dtype=bool)
    if ordered.sum() < MIN_ORDERS:
        return Withheld(what, f"{words.count(int(ordered.sum()), 'journey')} end in an order; {MIN_ORDERS} are the least.", gain)
    return Journeys(paths, ordered, rejected)


@dataclass(frozen=True)
class Chain:
    """A chain of touchpoints that ends in an order or in nothing.

    Attributes
    ----------
    states : tuple of str
    start : ndarray, shape (k,)
        Chance that a journey begins at each.
    move : ndarray, shape (k, k)
        Chance to go from each (row) to each, itself included.
    order : ndarray, shape (k,)
        Chance to go from each to an order; what is left goes to nothing.
    """

    states: tuple[str, ...]
    start: np.ndarray
    move: np.ndarray
    order: np.ndarray

    def chance(self, without: str | None = None) -> float:
        """Chance that a journey ends in an order; with a touchpoint taken out, whoever would go there is lost."""
        keep = [at for at, name in enumerate(self.states) if name != without]
        move, order, start = self.move[np.ix_(keep, keep)], self.order[keep], self.start[keep]
        return float(start @ np.linalg.solve(np.eye(len(keep)) - move, order)) if keep else 0.0


def chain_of(found: Journeys) -> Chain:
    """The chain whose chances are the shares seen in the journeys. Steps to the same touchpoint, and journeys that end in nothing, stay in."""
    states = found.touchpoints
    place = {name: at for at, name in enumerate(states)}
    k = len(states)
    start, move, order, seen = np.zeros(k), np.zeros((k, k)), np.zeros(k), np.zeros(k)
    for path, won in zip(found.paths, found.ordered, strict=True):
        at = [place[step] for step in path]
        start[at[0]] += 1
        for a, b in pairwise(at):
            move[a, b] += 1
        order[at[-1]] += won
        for a in at:
            seen[a] += 1
    return Chain(tuple(states), start / len(found.paths), move / seen[:, None], order / seen)


def removal(chain: Chain, orders: float = 1.0) -> pd.Series:
    """Orders shared out by the removal effect: what the chance of an order loses when a touchpoint is taken out.

    Solved exactly, one linear system for each touchpoint; nothing is drawn by lot.

    Parameters
    ----------
    chain : Chain
    orders : float
        The shares add up to it.

    Raises
    ------
    DataError
        If no journey can end in an order.

    References
    ----------
    Anderl, Becker, von Wangenheim, Schumann (2016), International Journal of Research in Marketing 33, 457-474.
    """
    whole = chain.chance()
    if whole <= 0:
        raise DataError("No journey of the chain ends in an order. There is nothing to share out.")
    lost = np.array([1 - chain.chance(without=name) / whole for name in chain.states])
    return pd.Series(orders * lost / lost.sum(), index=chain.states)


def shapley(found: Journeys) -> pd.Series:
    """Orders shared out by the Shapley value, where a set of touchpoints is worth the orders whose journeys met no other.

    References
    ----------
    Shapley (1953). With this worth each order is shared equally among the touchpoints of its journey, so
    repeats do not count; that gives the same numbers without going through the sets, and a test compares the two.
    """
    shares = dict.fromkeys(found.touchpoints, 0.0)
    for path, won in zip(found.paths, found.ordered, strict=True):
        if won:
            for name in set(path):
                shares[name] += 1 / len(set(path))
    return pd.Series(shares)


def shapley_by_sets(found: Journeys) -> pd.Series:
    """The same, by the definition: over all sets of touchpoints. For twelve at most."""
    names = found.touchpoints
    if len(names) > MOST:
        raise DataError(f"{len(names)} touchpoints have {2 ** len(names):,} sets. Choose {MOST} or fewer.")
    won = [frozenset(path) for path, good in zip(found.paths, found.ordered, strict=True) if good]
    worth = {
        frozenset(some): sum(path <= frozenset(some) for path in won)
        for size in range(len(names) + 1)
        for some in combinations(names, size)
    }
    k = len(names)
    shares = dict.fromkeys(names, 0.0)
    for some, value in worth.items():
        for one in set(names) - some:
            weight = factorial(len(some)) * factorial(k - len(some) - 1) / factorial(k)
            shares[one] += weight * (worth[some | {one}] - value)
    return pd.Series(shares)


def shares(found: Journeys | Withheld) -> pd.DataFrame | Withheld:
    """Orders shared out in five ways, beside each other; every column adds up to the orders.

    Returns
    -------
    DataFrame
        `touchpoint`, `first`, `last`, `linear`, `removal`, `shapley`; by removal.
    """
    if isinstance(found, Withheld):
        return found
    names = found.touchpoints
    table = pd.DataFrame(0.0, index=names, columns=["first", "last", "linear"])
    for path, won in zip(found.paths, found.ordered, strict=True):
        if won:
            table.loc[path[0], "first"] += 1
            table.loc[path[-1], "last"] += 1
            for step in path:
                table.loc[step, "linear"] += 1 / len(path)
    table["removal"] = removal(chain_of(found), float(found.ordered.sum()))
    table["shapley"] = shapley(found)
    return table.rename_axis("touchpoint").reset_index().sort_values(["removal", "touchpoint"], ascending=[False, True], ignore_index=True)
