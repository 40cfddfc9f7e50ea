"""The three tiers of non-customers: how large they are in the region, and which barrier they share.

After Kim and Mauborgne, *Blue Ocean Strategy*: soon-to-be non-customers buy the least they can; refusing ones looked at the
offer and decided against it; unexplored ones never thought of it. The survey asks households, not customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.stats.intervals import Estimate, wilson
from helpers.withheld import Withheld

TIERS = {"soon_to_be": "soon to be", "refusing": "refusing", "unexplored": "unexplored"}
"""The tiers, the nearest first, as a reader says them."""
CHINESE = {"soon_to_be": "准非顾客", "refusing": "拒绝型非顾客", "unexplored": "从未探知的客户"}
GROUPS = ("customer", "undecided", *TIERS)
MAY_BE = {
    "rejected, but never considered": ("refusing", "unexplored"),
    "considered, but never heard of": ("undecided", "unexplored"),
    "buys the least, but does not buy": ("soon_to_be", "undecided", "unexplored"),
    "rejected, but buys": ("customer", "refusing"),
    "a question left open": GROUPS,
}
"""Where a sheet that is set aside may belong, by its reason, if one of its answers is a slip of the pen."""
MIN_SHEETS = 100
MIN_IN_A_TIER = 30
"""Sheets that name a barrier, below which a tier's barriers are not shown."""
_GAIN = "About 1,000 households, drawn from the region and not from the customers, size each tier to within 3 of 100."


@dataclass(frozen=True)
class TierSizes:
    """How many of the region's households stand where.

    Attributes
    ----------
    table : DataFrame
        One row a group of `GROUPS`: `group`, `sheets`, `share`, `low`, `high` (weighted), `households`, `households_low`, `households_high`.
    sheets : int
        Used. `set_aside` has the others.
    effective : float
        As many sheets of equal weight would be as exact.
    households : float
        In the region, by the weights; 0 where the sheets are not weighted.
    set_aside : dict of str to int
        Sheets that say two things at once, or leave a question open, with the reason.
    """

    table: pd.DataFrame
    sheets: int
    effective: float
    households: float
    set_aside: dict[str, int]

    def share(self, group: str) -> Estimate:
        """One group's share of all households."""
        row = self.table.set_index("group").loc[group]
        return Estimate(row["share"], row["low"], row["high"])


def classify(households: pd.DataFrame) -> pd.DataFrame:
    """The group of each household, or why it has none.

    Parameters
    ----------
    households : DataFrame
        `aware`, `considered`, `rejected`, `buys`, `uses_minimally`: yes or no.

    Returns
    -------
    DataFrame
        `group` (of `GROUPS`, empty for those set aside) and `reason` (empty for those used), by the index given. A buyer who
        buys the least possible is soon to be none; who rejected is refusing; who considered is undecided; the rest is unexplored.
    """
    names = ["aware", "considered", "rejected", "buys", "uses_minimally"]
    answers = households[names]
    open_ = answers.isna().any(axis=1).to_numpy()
    aware, considered, rejected, buys, least = (answers[name].fillna(False).to_numpy(dtype=bool) for name in names)
    reason = np.select(
        [open_, rejected & ~considered, considered & ~aware, least & ~buys, rejected & buys],
        ["a question left open", "rejected, but never considered", "considered, but never heard of",
         "buys the least, but does not buy", "rejected, but buys"],
        "",
    )  # fmt: skip
    group = np.select(
        [buys & least, buys, rejected, considered], ["soon_to_be", "customer", "refusing", "undecided"], "unexplored"
    )
    return pd.DataFrame({"group": np.where(reason == "", group, ""), "reason": reason}, index=households.index)


def tier_sizes(households: pd.DataFrame | None, *, level: float = 0.95) -> TierSizes | Withheld:
    """The share of each group among the region's households, weighted, with Wilson intervals on the effective sample.

    The sheets set aside are not a chance part of all: those who refused slip more often than others. So each interval
    reaches from the share if none of them belonged to the group to the share if all that may belong to it did.

    Parameters
    ----------
    households : DataFrame or None
    level : float, default 0.95

    References
    ----------
    Kish (1965), Survey Sampling: effective size (sum w)^2 / sum w^2. Manski (1989), Journal of Human Resources 24,
    343-360: bounds where it is not known why answers are missing.
    """
    used, out = _parts(households)
    aside = _counted(out["reason"])
    if len(used) < MIN_SHEETS:
        return Withheld(
            "The three tiers", f"It needs {MIN_SHEETS} sheets of a survey of households; there are {len(used)}.", _GAIN
        )
    weight = used["w"].to_numpy()
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    total = float(weight.sum()) if _weighted(used) else 0.0
    everybody = weight.sum() + out["w"].sum()
    rows = []
    for group in GROUPS:
        mine = (used["group"] == group).to_numpy()
        sure = weight[mine].sum()
        may_be = out.loc[[group in MAY_BE.get(reason, ()) for reason in out["reason"]], "w"].sum()
        share = sure / weight.sum()
        low = wilson(sure / everybody * effective, effective, level=level).low
        high = wilson((sure + may_be) / everybody * effective, effective, level=level).high
        rows.append((group, int(mine.sum()), share, low, high, *(total * v for v in (share, low, high))))
    columns = ["group", "sheets", "share", "low", "high", "households", "households_low", "households_high"]
    return TierSizes(pd.DataFrame(rows, columns=columns), len(used), effective, total, aside)


@dataclass(frozen=True)
class Barriers:
    """What keeps each tier away.

    Attributes
    ----------
    table : DataFrame
        `group` (a tier, or `tenants`), `barrier`, `share`, `low`, `high` of those who name one.
    sheets : dict of group to int
    first : dict of tier to barrier
        The most frequent of a tier, where it leads beyond chance.
    shared : str
        The barrier that is first in two tiers or more; empty where there is none.
    of_tiers : tuple of str
        Those in which it is first.
    """

    table: pd.DataFrame
    sheets: dict[str, int]
    first: dict[str, str]
    shared: str
    of_tiers: tuple[str, ...]


def barriers(households: pd.DataFrame | None, *, level: float = 0.95) -> Barriers | Withheld:
    """The barriers of each tier, of tenants, and the one that tiers share.

    A barrier is *first* in a tier if its lead over the second lies beyond chance; it is *shared* if it is first in two tiers.
    """
    what = "The shared barrier"
    used, _ = _used(households)
    if households is None or "barrier" not in households or not len(used):
        return Withheld(what, "There is no survey of households that asks for the barrier.", _GAIN)
    used = used[used["barrier"].fillna("").ne("") & used["group"].ne("customer")]
    groups = {tier: used[used["group"] == tier] for tier in TIERS}
    if "tenure" in used:
        groups["tenants"] = used[used["tenure"] == "tenant"]
    groups = {name: rows for name, rows in groups.items() if len(rows) >= MIN_IN_A_TIER}
    if len(set(groups) & set(TIERS)) < 2:
        return Withheld(what, f"Two tiers with {MIN_IN_A_TIER} answers each are needed to see what they share.", _GAIN)
    names = sorted(used["barrier"].unique())
    rows, first = [], {}
    z = special.ndtri(0.5 + level / 2)
    for group, part in groups.items():
        weight = part["w"].to_numpy()
        n = weight.sum() ** 2 / (weight**2).sum()
        share = part.groupby("barrier")["w"].sum().reindex(names, fill_value=0.0) / weight.sum()
        for name in names:
            found = wilson(share[name] * n, n, level=level)
            rows.append((group, name, found.value, found.low, found.high))
        top = share.sort_values(ascending=False, kind="stable")
        a, b = top.iloc[0], top.iloc[1] if len(top) > 1 else 0.0
        # Both shares are of the same people: the variance of a difference of two cells of a multinomial.
        if group in TIERS and a - b > z * np.sqrt((a + b - (a - b) ** 2) / n):
            first[group] = str(top.index[0])
    counted = pd.Series(list(first.values()), dtype="str").value_counts()
    shared = str(counted.index[0]) if len(counted) and counted.iloc[0] >= 2 else ""
    table = pd.DataFrame(rows, columns=["group", "barrier", "share", "low", "high"])
    return Barriers(
        table,
        {g: len(p) for g, p in groups.items()},
        first,
        shared,
        tuple(t for t in TIERS if first.get(t) == shared) if shared else (),
    )


def _used(households: pd.DataFrame | None) -> tuple[pd.DataFrame, dict[str, int]]:
    """Sheets with a group and a weight `w`, and those set aside by reason."""
    used, out = _parts(households)
    return used, _counted(out["reason"])


def _parts(households: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sheets with a group and a weight `w`; and those set aside, with `reason` and `w`."""
    if households is None or not len(households):
        return pd.DataFrame(columns=["group", "w", "barrier"]), pd.DataFrame({"reason": [], "w": []})
    found = classify(households)
    weight = households["weight"].astype(float) if "weight" in households else pd.Series(1.0, index=households.index)
    reason = found["reason"].where(found["reason"].ne("") | (weight > 0), "without a weight")
    sheets = households.assign(group=found["group"], reason=reason, w=weight)
    used = reason.eq("")
    return sheets[used].drop(columns="reason"), sheets[~used].assign(w=weight[~used].fillna(0.0).clip(lower=0.0))


def _counted(reason: pd.Series) -> dict[str, int]:
    return {str(name): int(number) for name, number in sorted(reason.value_counts().items())}


def _weighted(used: pd.DataFrame) -> bool:
    return "weight" in used and used["w"].max() > 1


def in_words(code: str) -> str:
    """A code of the data as a reader sees it: `soon_to_be` is "soon to be"."""
    return words.plain(str(code).replace("_", " "))
