"""Groups found in behaviour: k-means, whether it found kinds or cut slices, and what the groups are.

k-means always gives as many groups as it is asked for. Two tests say whether
they are more than slices of a ruler: the same groups must come back when the
customers are drawn again (stability), and customers must be closer to their
groups than in copies of the data in which there are no kinds (clumps).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy import special
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits  # scikit-learn brings it

from helpers import words
from helpers.segmentation.behaviour import (
    Behaviour,
    Feature,
    Scale,
    behaviour,
    dealt_again,
    scale_of,
    standardised,
    with_features,
)
from helpers.withheld import Withheld, passes_on_withheld

MIN_STABILITY = 0.70
MIN_CLUMPS = 1.1  # silhouette, in silhouettes of the best copy without kinds
AS_GOOD = 0.9  # of the best silhouette among those that pass: about as good
MIN_GROUP = 5  # customers; fewer are names, not a group
MIN_GROUP_SHARE = 0.02

TRIAL_CUSTOMERS = 2000  # enough to try numbers of groups on; all are grouped in the end
SILHOUETTE_CUSTOMERS = 800

TRIED = ["k", "silhouette", "without_kinds", "stability", "same", "smallest", "holds"]
FEW_ORDERS = "too few orders"
UNTYPICAL = "average in everything"
BETWEEN = "between the others"  # in nothing the furthest, and not average either


def in_one_thread(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run in one thread: sums in another order differ in the last digits, and threads that wait for each other are slow."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with threadpool_limits(1):
            return function(*args, **kwargs)

    return wrapper


# ---------------------------------------------------------------- how many groups


@in_one_thread
def kmeans(scaled: pd.DataFrame, k: int, *, seed: int = 1) -> pd.Series:
    """Each customer's group by k-means; group 1 is the largest.

    Parameters
    ----------
    scaled : DataFrame
        One row a customer, columns that weigh alike; see `behaviour.standardised`.
    k : int
        How many groups.

    Returns
    -------
    Series of int, from 1 to k, as `scaled`

    References
    ----------
    Lloyd (1982), IEEE Trans. Inf. Theory 28, 129-137; started ten times as
    Arthur and Vassilvitskii (2007) propose.
    """
    labels = _fitted(scaled.to_numpy(), k, seed=seed, starts=10).labels_
    return pd.Series(_largest_first(labels), index=scaled.index)


@passes_on_withheld
def unscaled_groups(behaviour: Behaviour, k: int) -> pd.Series:
    """The groups that k-means cuts from the columns as they are: the mistake to meet first."""
    return kmeans(behaviour.table[[one.name for one in behaviour.features]].astype(float).sort_index(), k)


def distances(table: pd.DataFrame) -> pd.DataFrame:
    """How far apart customers are: the root of the summed squares of their differences, column by column.

    Parameters
    ----------
    table : DataFrame
        One row a customer, numbers only.

    Returns
    -------
    DataFrame, customers by customers

    Examples
    --------
    >>> distances(pd.DataFrame({"x": [0, 3], "y": [0, 4]}, index=["A", "B"])).loc["A", "B"]
    5.0
    """
    values = table.to_numpy(dtype=float)
    apart = np.sqrt(((values[:, None, :] - values[None, :, :]) ** 2).sum(axis=2))
    return pd.DataFrame(apart, index=table.index, columns=table.index)


@in_one_thread
def silhouette(scaled: pd.DataFrame, labels: pd.Series, *, seed: int = 1) -> float:
    """How much closer customers are to their own group than to the next one: -1 to 1, 0 is no difference.

    References
    ----------
    Rousseeuw (1987), J. Comput. Appl. Math. 20, 53-65. Over 800 customers, 800 of them are used.
    """
    return _silhouette(scaled.to_numpy(), labels.to_numpy(), seed)


def agreement(first: pd.Series, second: pd.Series) -> float:
    """How far two ways to sort the same customers agree: 1 the same groups, 0 no more than chance.

    The adjusted Rand index. Names of the groups play no part.

    References
    ----------
    Hubert and Arabie (1985), Journal of Classification 2, 193-218.

    Examples
    --------
    >>> agreement(pd.Series(list("AABB")), pd.Series([2, 2, 1, 1]))
    1.0
    """
    return float(adjusted_rand_score(first.to_numpy(), second.to_numpy()))


@passes_on_withheld
@in_one_thread
def trials(
    behaviour: Behaviour,
    orders: pd.DataFrame,
    *,
    least: int = 2,
    most: int = 6,
    draws: int = 16,
    copies: int = 3,
    min_stability: float = MIN_STABILITY,
    min_clumps: float = MIN_CLUMPS,
    seed: int = 1,
) -> pd.DataFrame:
    """Every number of groups from `least` to `most`, tried: do the groups come back, and are there clumps?

    Parameters
    ----------
    behaviour : Behaviour
        Over 2,000 customers, 2,000 of them are used.
    orders : DataFrame
        What it was made from.
    least, most : int, default 2 and 6
        More groups than this nobody can treat differently.
    draws : int, default 16
        How often customers are drawn again, with replacement.
    copies : int, default 3
        Copies without kinds of each sort: the same receipts dealt out to the
        customers at random, and the same columns with their clumps smoothed away.
    min_stability, min_clumps : float
        What `holds` asks for.

    Returns
    -------
    DataFrame
        `k`; `silhouette`; `without_kinds` (silhouette of the best copy);
        `stability` (mean adjusted Rand index with the groups found on drawn
        customers); `same` (share of customers who stay in their group, on
        average); `smallest` (customers in the smallest group); `holds`.

    References
    ----------
    Bootstrap stability: Fang and Wang (2012), Comput. Stat. Data Anal. 56,
    468-477. A cut through data without clumps can be stable: Ben-David, von
    Luxburg and Pal (2006), COLT. Hence reference data without clumps, as in
    Liu, Hayes, Nobel and Marron (2008), JASA 103, 1281-1293; here with the
    data's own margins and ranks, and dealt from the data's own receipts.
    """
    lot = np.random.default_rng(seed)
    # By customer and not by row, so that the order of the rows plays no part.
    values = standardised(behaviour).sort_index().to_numpy()
    if not values.shape[1]:  # everybody does the same
        return pd.DataFrame(columns=TRIED).astype({"holds": bool})
    dealt = [dealt_again(behaviour, orders, seed=int(lot.integers(2**31))) for _ in range(copies)]
    without = [standardised(one).sort_index().to_numpy() for one in dealt]
    if len(values) > TRIAL_CUSTOMERS:
        chosen = np.sort(lot.choice(len(values), TRIAL_CUSTOMERS, replace=False))
        values, without = values[chosen], [one[chosen] for one in without]
    drawn = [lot.integers(0, len(values), len(values)) for _ in range(draws)]
    without += [smooth_copy(values, seed=int(lot.integers(2**31))) for _ in range(copies)]
    rows = []
    for k in range(least, min(most, len(np.unique(values, axis=0)) - 1) + 1):
        labels = _fitted(values, k, seed=seed, starts=10).labels_
        stability, same = _stability(values, labels, drawn, k, seed)
        rows.append(
            {
                "k": k,
                "silhouette": _silhouette(values, labels, seed),
                "without_kinds": max(
                    (_silhouette(copy, _fitted(copy, k, seed=seed).labels_, seed) for copy in without), default=0.0
                ),
                "stability": stability,
                "same": same,
                "smallest": int(np.bincount(labels).min()),
            }
        )
    table = pd.DataFrame(rows, columns=TRIED[:-1])
    table["holds"] = (
        (table["stability"] >= min_stability)
        & (table["silhouette"] >= min_clumps * table["without_kinds"])
        & (table["silhouette"] > 0)
        & (table["smallest"] >= max(MIN_GROUP, MIN_GROUP_SHARE * len(values)))
    )
    return table


@passes_on_withheld
def number_of_groups(trials: pd.DataFrame, *, wanted: int = 0) -> int | Withheld:
    """How many groups to use: of those that hold and are about as good as the best, the most.

    Parameters
    ----------
    trials : DataFrame
        From `trials`.
    wanted : int, default 0
        So many groups are asked for, whether they hold or not; 0: as many as hold.

    Returns
    -------
    int, or Withheld when no number of groups holds, or those wanted cannot be made

    Notes
    -----
    "About as good" is a silhouette of nine tenths of the best that holds. More
    groups say more, so among equals the larger number wins. Both are our choice.
    """
    if wanted and wanted in set(trials["k"]):
        return int(wanted)
    if wanted:
        return Withheld("Groups of behaviour", f"{wanted} groups need more customers who differ from each other.")
    held = trials[trials["holds"]]
    if held.empty:
        best = trials.loc[trials["stability"].idxmax()] if len(trials) else None
        reason = "Too few different customers to try." if best is None else (
            f"No number of groups from 2 to {trials['k'].max()} passes both tests. The steadiest, "
            f"{int(best['k'])} groups, keeps {words.in_100(best['same'])} customers in their group when they are drawn "
            f"again (adjusted Rand index {best['stability']:.2f}; {MIN_STABILITY:.2f} is asked for), and has "
            f"{best['silhouette'] / max(best['without_kinds'], 1e-9):.2f} times the silhouette of data without kinds "
            f"({MIN_CLUMPS:g} times is asked for)."
        )
        return Withheld(
            "Groups of behaviour",
            reason,
            "Groups cut here would be slices of a ruler, not kinds: sizes and recency say as much, and more plainly.",
        )
    good = held[held["silhouette"] >= AS_GOOD * held["silhouette"].max()]
    return int(good["k"].max())


def smooth_copy(values: np.ndarray, *, seed: int) -> np.ndarray:
    """Data as spread out as these and as closely tied together, with the clumps stirred away.

    Every column keeps its numbers; ranks go together as they do in the data (a Gaussian copula).
    """
    lot = np.random.default_rng(seed)
    n = len(values)
    ranks = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable")
    normal = special.ndtri((ranks + 0.5) / n)
    ties = np.atleast_2d(np.corrcoef(normal.T))
    size, axes = np.linalg.eigh(ties)
    drawn = lot.normal(size=normal.shape) @ (axes * np.sqrt(size.clip(min=0))).T
    places = np.argsort(np.argsort(drawn, axis=0, kind="stable"), axis=0, kind="stable")
    return np.take_along_axis(np.sort(values, axis=0), places, axis=0)


# ---------------------------------------------------------------- the groups


@dataclass(frozen=True)
class Groups:
    """Customers in groups, with the way to put others into them.

    Attributes
    ----------
    values : Series of str, indexed by customer_id
        The name of each customer's group.
    names : tuple of str
        From the largest group to the smallest.
    centres : DataFrame
        One row a group, one column a feature: how far the group is from the
        average customer, in spreads.
    traits : dict of str to list of (Feature, float)
        What sets each group apart, the clearest first.
    scale : Scale
    behaviour : Behaviour
    """

    values: pd.Series
    names: tuple[str, ...]
    centres: pd.DataFrame
    traits: dict[str, list[tuple[Feature, float]]]
    scale: Scale
    behaviour: Behaviour

    def place(self, others: Behaviour) -> pd.Series:
        """The nearest group of other customers, or of the same ones at another date."""
        scaled = self.scale.apply(others.table).to_numpy()
        away = ((scaled[:, None, :] - self.centres.to_numpy()[None, :, :]) ** 2).sum(axis=2)
        return pd.Series(np.array(self.names, dtype=object)[away.argmin(axis=1)], index=others.table.index, dtype="str")


@passes_on_withheld
def groups_of(behaviour: Behaviour, k: int, *, seed: int = 1) -> Groups:
    """The customers in `k` groups, each named by what sets it apart.

    Parameters
    ----------
    behaviour : Behaviour
    k : int
        From `number_of_groups`; a `Withheld` comes back as it is.

    Returns
    -------
    Groups
    """
    scale = scale_of(behaviour)
    scaled = scale.apply(behaviour.table).sort_index()
    numbers = kmeans(scaled, k, seed=seed)
    centres = scaled.groupby(numbers).mean()
    traits = {number: _traits(centres, number, scale.features) for number in centres.index}
    names = _names(centres, scale.features, traits)
    return Groups(
        values=numbers.map(names).astype("str"),
        names=tuple(names[number] for number in centres.index),
        centres=centres.rename(index=names),
        traits={names[number]: found for number, found in traits.items()},
        scale=scale,
        behaviour=behaviour,
    )


@passes_on_withheld
def profiles(groups: Groups) -> pd.DataFrame:
    """What the groups are like, in the units of the data, the largest group first.

    Returns
    -------
    DataFrame
        `group`, `customers`, `share_of_customers`, `share_of_value`,
        `value_minor` (money in the window); `gap_days`, `breadth`; then every
        feature: means over the customers of a group, medians for money and days.
    """
    table = groups.behaviour.table
    name = groups.values.reindex(table.index)
    by_group = table.groupby(name)
    made = pd.DataFrame({"customers": by_group.size(), "value_minor": by_group["value_minor"].sum()})
    made["share_of_customers"] = made["customers"] / made["customers"].sum()
    total = made["value_minor"].sum()
    made["share_of_value"] = made["value_minor"] / total if total else np.nan
    made["gap_days"] = by_group["gap_days"].median()
    made["breadth"] = by_group["breadth"].mean()
    for feature in groups.scale.features:
        column = by_group[feature.name]
        made[feature.name] = column.median() if feature.unit in ("money", "days") else column.mean()
    return made.reindex(list(groups.names)).rename_axis("group").reset_index()


@passes_on_withheld
@in_one_thread
def drawn_again(groups: Groups, *, seed: int = 7) -> pd.DataFrame:
    """The group of each customer, and the one they come into when the groups are found again on customers drawn by lot.

    As many are drawn as there are, with replacement: some twice, some not at
    all. New groups take the names of the old ones that they have most in common with.

    Returns
    -------
    DataFrame with `customer_id`, `group`, `again`
    """
    scaled = groups.scale.apply(groups.behaviour.table).sort_index()
    values = scaled.to_numpy()
    first = groups.values.reindex(scaled.index).map({name: place for place, name in enumerate(groups.names)}).to_numpy()
    places = np.random.default_rng(seed).integers(0, len(values), len(values))
    again = _fitted(values[places], len(groups.names), seed=seed, starts=10).predict(values)
    both = np.zeros((len(groups.names), len(groups.names)))
    np.add.at(both, (first, again), 1)
    rows, columns = linear_sum_assignment(-both)
    named = dict(zip(columns, np.array(groups.names, dtype=object)[rows], strict=True))
    return pd.DataFrame(
        {
            "customer_id": scaled.index,
            "group": groups.values.reindex(scaled.index).to_numpy(),
            "again": pd.Series(again).map(named).astype("str"),
        }
    )


@passes_on_withheld
@in_one_thread
def recovery(groups: Groups, kinds: pd.Series, *, most: int = 5) -> dict[str, float | str]:
    """How far groups agree with the true kinds, beside the best single column.

    Parameters
    ----------
    groups : Groups
    kinds : Series of str, indexed by customer_id
        Known in a simulation alone.
    most : int, default 5
        A single column is cut into 2 to so many parts; the best counts.

    Returns
    -------
    dict
        `groups`, `single`: adjusted Rand indices; `column`: the label of the single column.
    """
    scaled = groups.scale.apply(groups.behaviour.table).sort_index()
    kinds = kinds.reindex(scaled.index).astype("str")
    best, column = -1.0, ""
    for feature in groups.scale.features:
        alone = scaled[[feature.name]]
        for k in range(2, min(most, alone[feature.name].nunique() - 1) + 1):
            found = agreement(pd.Series(_fitted(alone.to_numpy(), k, seed=1, starts=2).labels_), kinds)
            if found > best:
                best, column = found, feature.label
    return {"groups": agreement(groups.values.sort_index(), kinds), "single": best, "column": column}


@passes_on_withheld
def usage_profile(behaviour: Behaviour) -> Behaviour | Withheld:
    """Customers by their shares of money alone: the usage profile of a telephone bill, for any trade.

    References
    ----------
    S47 of the source.
    """
    names = [one.name for one in behaviour.features if one.family == "what"]
    if len(names) < 2:
        return Withheld(
            "Usage profiles",
            "The product line of each order is not in the data.",
            "With `product_id` in the orders and `line` in the products, each customer has a profile such as a telephone bill gives.",
        )
    return with_features(behaviour, names)


# ---------------------------------------------------------------- the groups in words


@dataclass(frozen=True)
class Explanation:
    """Groups as a few questions that anybody can ask.

    Attributes
    ----------
    rules : DataFrame
        One row an end of the tree: `conditions` (tuple of (Feature, bool, float):
        whether the value is above the threshold), `group`, `customers`, `right` (of them in that group).
    agrees : float
        Share of customers whom the questions put into their group; each was
        asked by a tree grown without them.
    largest : float
        What naming the largest group for everybody would give.
    """

    rules: pd.DataFrame
    agrees: float
    largest: float


@passes_on_withheld
def explain(groups: Groups, *, depth: int = 4, seed: int = 1) -> Explanation:
    """The groups as a small tree of questions, with how often it is right.

    Parameters
    ----------
    depth : int, default 4
        Questions a customer is asked at most; never as many as there are groups.

    Notes
    -----
    The tree is grown as if all groups were of one size, so that it learns to
    tell the small ones, too.

    References
    ----------
    Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees.
    """
    features = groups.scale.features
    table = groups.behaviour.table[[one.name for one in features]].astype(float).sort_index().to_numpy()
    name = groups.values.sort_index().to_numpy(dtype=object)
    tree = DecisionTreeClassifier(
        max_depth=max(2, min(depth, len(groups.names) - 1)),
        min_samples_leaf=max(MIN_GROUP, len(table) // 50),
        class_weight="balanced",
        random_state=seed,
    )
    counts = pd.Series(name).value_counts()
    # A group of one customer cannot be spread over folds.
    kind, parts = (KFold, 5) if counts.min() < 2 else (StratifiedKFold, int(min(5, counts.min())))
    folds = kind(parts, shuffle=True, random_state=seed)
    said = cross_val_predict(tree, table, name, cv=folds)
    tree.fit(table, name)
    return Explanation(
        pd.DataFrame(_ends(tree, features, table, name)), float((said == name).mean()), float(counts.max() / len(name))
    )


def _ends(
    tree: DecisionTreeClassifier, features: tuple[Feature, ...], table: np.ndarray, name: np.ndarray
) -> Iterator[dict]:
    """The ends of a tree with the way to each; ends side by side that name the same group are one."""
    grown = tree.tree_
    passes = tree.decision_path(table).toarray().astype(bool)  # one row a customer, one column a node

    def groups_below(node: int) -> set[str]:
        if grown.children_left[node] < 0:
            return {str(tree.classes_[grown.value[node][0].argmax()])}
        return groups_below(grown.children_left[node]) | groups_below(grown.children_right[node])

    def walk(node: int, conditions: tuple) -> Iterator[dict]:
        below = groups_below(node)
        if len(below) == 1:
            group = below.pop()
            here = passes[:, node]
            yield {
                "conditions": conditions,
                "group": group,
                "customers": int(here.sum()),
                "right": int((name[here] == group).sum()),
            }
            return
        feature, limit = features[grown.feature[node]], float(grown.threshold[node])
        for above, child in ((True, grown.children_right[node]), (False, grown.children_left[node])):
            yield from walk(child, _tightened(conditions, feature, above, limit))

    return walk(0, ())


def _tightened(conditions: tuple, feature: Feature, above: bool, limit: float) -> tuple:
    """Conditions with one more; of two on the same side of one column the tighter counts."""
    others = tuple(one for one in conditions if not (one[0] == feature and one[1] == above))
    return (*others, (feature, above, limit))


# ---------------------------------------------------------------- movement


@passes_on_withheld
def movement(groups: Groups, orders: pd.DataFrame, *, earlier: date) -> pd.DataFrame | Withheld:
    """How many customers were in which group at an earlier date, and are now.

    The groups are those of today: an earlier customer belongs to the nearest.

    Parameters
    ----------
    groups : Groups
    orders : DataFrame
        As `behaviour` takes them.
    earlier : date

    Returns
    -------
    DataFrame of counts, rows then, columns now, both with "too few orders" at
        the end; customers without an order in either window are left out
    """
    now = groups.behaviour
    first = orders["ordered_at"].min()
    if now.window_days and first > pd.Timestamp(earlier) - pd.Timedelta(days=now.window_days):
        return Withheld(
            "Movement between groups",
            f"A window of {now.window_days} days up to {words.day(earlier)} begins before the export does "
            f"({words.day(first.date())}).",
            "A longer export, or a shorter window, would show who changed their habits.",
        )
    then = behaviour(
        orders, as_of=earlier, window_days=now.window_days, min_order_days=now.min_order_days,
        like=groups.scale.features,
    )  # fmt: skip
    if isinstance(then, Withheld):
        return Withheld("Movement between groups", f"At the earlier date: {then.reason}", then.gain)
    before = pd.concat([groups.place(then), pd.Series(FEW_ORDERS, index=then.few)])
    after = pd.concat([groups.values, pd.Series(FEW_ORDERS, index=now.few)])
    ids = before.index.union(after.index)
    places = [*groups.names, FEW_ORDERS]
    table = pd.crosstab(before.reindex(ids).fillna(FEW_ORDERS), after.reindex(ids).fillna(FEW_ORDERS))
    return table.reindex(index=places, columns=places, fill_value=0).rename_axis(index="then", columns="now")


@passes_on_withheld
def changed(table: pd.DataFrame) -> dict[str, int]:
    """Of those grouped at both dates: how many, and how many changed their group."""
    both = table.drop(index=FEW_ORDERS, columns=FEW_ORDERS)
    return {"grouped": int(both.to_numpy().sum()), "changed": int(both.to_numpy().sum() - np.trace(both.to_numpy()))}


# ---------------------------------------------------------------- below


def _fitted(values: np.ndarray, k: int, *, seed: int, starts: int = 5) -> KMeans:
    return KMeans(n_clusters=k, n_init=starts, random_state=seed).fit(values)


def _largest_first(labels: np.ndarray) -> np.ndarray:
    """Numbers from 1, the largest group first."""
    order = np.argsort(-np.bincount(labels), kind="stable")
    return (np.argsort(order) + 1)[labels]


def _silhouette(values: np.ndarray, labels: np.ndarray, seed: int) -> float:
    size = SILHOUETTE_CUSTOMERS if len(values) > SILHOUETTE_CUSTOMERS else None
    return float(silhouette_score(values, labels, sample_size=size, random_state=seed))


def _stability(
    values: np.ndarray, labels: np.ndarray, drawn: list[np.ndarray], k: int, seed: int
) -> tuple[float, float]:
    """Mean adjusted Rand index, and mean share of customers in the same group, over the draws."""
    index, same = [], []
    different = np.unique(values, axis=0, return_inverse=True)[1].ravel()
    for number, places in enumerate(drawn):
        # Fewer different customers than groups can be drawn when the data are few.
        if len(np.unique(different[places])) <= k:
            continue
        again = _fitted(values[places], k, seed=seed + number).predict(values)
        index.append(adjusted_rand_score(labels, again))
        both = np.zeros((k, k))
        np.add.at(both, (labels, again), 1)
        same.append(both[linear_sum_assignment(-both)].sum() / len(values))
    return (float(np.mean(index)), float(np.mean(same))) if index else (0.0, 0.0)


def _traits(centres: pd.DataFrame, number: int, features: tuple[Feature, ...]) -> list[tuple[Feature, float]]:
    """What sets a group apart from the average customer: one feature a family at most twice, the clearest first."""
    by_name = {one.name: one for one in features}
    row = centres.loc[number]
    ordered = row.abs().sort_values(ascending=False, kind="stable").index
    return [(by_name[name], float(row[name])) for name in ordered]


def _names(
    centres: pd.DataFrame, features: tuple[Feature, ...], traits: dict[int, list[tuple[Feature, float]]]
) -> dict[int, str]:
    """A name for each group; no two begin alike.

    The first word of a name is a trait in which the group is the highest, or
    the lowest, of all groups, so no other group can have it. Which trait goes
    to which group is chosen so that the traits are clearest in all.
    """
    ends = [(one, high) for one in features for high in (True, False)]
    weight = np.zeros((len(centres), len(ends)))
    for place, (one, high) in enumerate(ends):
        column = centres[one.name] if high else -centres[one.name]
        at = int(column.to_numpy().argmax())
        weight[at, place] = max(float(column.iloc[at]), 0.0)
    rows, columns = linear_sum_assignment(-weight)
    best = dict(zip(rows, columns, strict=True))
    names: dict[int, str] = {}
    for row, number in enumerate(centres.index):
        # With few columns there are more groups than ends to be the furthest at.
        column = best.get(row)
        if column is None or weight[row, column] < 0.25:
            said = BETWEEN if abs(traits[number][0][1]) >= 0.4 else UNTYPICAL
            names[number] = said if said not in names.values() else f"{said}, group {number}"
            continue
        feature, high = ends[column]
        first = feature.high if high else feature.low
        second = next(
            (
                one.high if z > 0 else one.low
                for one, z in traits[number]
                if one.family != feature.family and abs(z) >= 0.4
            ),
            "",
        )
        names[number] = ", ".join(filter(None, [first, second]))
    return {number: name[0].upper() + name[1:] for number, name in names.items()}
