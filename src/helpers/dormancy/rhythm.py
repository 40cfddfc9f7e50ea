"""Rhythm: how long customers wait between orders, by what they bought last and by their own habit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.stats import survival
from helpers.stats.intervals import Estimate, difference_of_shares
from helpers.withheld import Withheld

KINDS = ("consumable", "durable", "other")
"""What a basket held: something that is used up, else a durable, else neither (services, or no product table)."""
CONSUMABLE, DURABLE, OTHER = range(3)
LEAST_GAPS = 100
"""Waits of each kind below which two clocks are not compared."""
LEAST_REPEATERS = 30
"""Customers with two waits or more below which habits are not told from luck."""
_USUAL_PRIOR = 3.0
_DAY = np.timedelta64(1, "D")


def visits(orders: pd.DataFrame, products: pd.DataFrame | None = None, *, as_of: date) -> pd.DataFrame:
    """Order days: one row for each customer and day with a sale.

    Parameters
    ----------
    orders : DataFrame
        Lines with `customer_id`, `ordered_at`, `amount_minor`; `status` and `product_id` where there are such.
    products : DataFrame, optional
        `product_id` and `class` (consumable, durable, service).
    as_of : date
        Lines of this day count, later ones do not.

    Returns
    -------
    DataFrame, by customer and day
        `customer_id` (categorical), `day` (days since 1970), `kind` (place in `KINDS`).
    """
    end = np.datetime64(as_of) + _DAY
    sold = (orders["amount_minor"].to_numpy() > 0) & (orders["ordered_at"].to_numpy() < end)
    if "status" in orders:
        sold &= orders["status"].eq("sale").to_numpy()
    sold &= orders["customer_id"].notna().to_numpy()
    codes, ids = pd.factorize(orders["customer_id"][sold], sort=True)
    day = orders["ordered_at"].to_numpy()[sold].astype("datetime64[D]").astype(np.int64)
    # The best of a basket decides: with something that is used up in it, the basket starts the short clock.
    rank = _kind_of_line(orders, products)[sold]
    key = (codes.astype(np.int64) * 100_000 + day) * 4 + rank
    key = np.unique(key)
    visit, rank = np.divmod(key, 4)
    first = np.ones(len(visit), dtype=bool)
    first[1:] = visit[1:] != visit[:-1]
    who, day = np.divmod(visit[first], 100_000)
    names = pd.Index(ids, dtype="str")
    return pd.DataFrame(
        {
            "customer_id": pd.Categorical.from_codes(who.astype(np.int32), categories=names),
            "day": day.astype(np.int32),
            "kind": rank[first].astype(np.int8),
        }
    )


def _kind_of_line(orders: pd.DataFrame, products: pd.DataFrame | None) -> np.ndarray:
    """Place in `KINDS` of each line's product."""
    if products is None or "product_id" not in orders or "class" not in products:
        return np.full(len(orders), OTHER, dtype=np.int64)
    cls = products.drop_duplicates("product_id").set_index("product_id")["class"].astype("str").str.lower()
    place = cls.map({"consumable": CONSUMABLE, "durable": DURABLE}).fillna(OTHER).astype(int)
    codes, ids = pd.factorize(orders["product_id"])
    known = place.reindex(pd.Index(ids, dtype="str")).fillna(OTHER).to_numpy().astype(np.int64)
    return np.append(known, OTHER)[codes]


def gaps(days: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Waits from each order day to the next, the last one of everybody still open.

    Parameters
    ----------
    days : DataFrame
        From `visits`.
    as_of : date

    Returns
    -------
    DataFrame, in the order of `days`
        `customer_id`, `day`, `kind` of the basket that the wait began with, `gap_days`, and `closed`: whether the next
        order came. An open wait has lasted `gap_days` so far: nobody knows how long it will be.
    """
    who = days["customer_id"].cat.codes.to_numpy()
    day = days["day"].to_numpy()
    closed = np.zeros(len(days), dtype=bool)
    closed[:-1] = who[1:] == who[:-1]
    end = np.full(len(days), _number(as_of), dtype=np.int32)
    end[:-1][closed[:-1]] = day[1:][closed[:-1]]
    return days.assign(gap_days=end - day, closed=closed)


@dataclass(frozen=True)
class Waits:
    """The waiting-time curve, right and wrong.

    Attributes
    ----------
    curve : DataFrame
        `days`, `returned` (share back by then), `low`, `high`; open waits counted as open.
    closed_only : DataFrame
        `days`, `returned`: the same from the waits that have ended alone, which is wrong.
    waits, open : int
    median_days, median_closed_days : float
        Missing where fewer than half come back.
    """

    curve: pd.DataFrame
    closed_only: pd.DataFrame
    waits: int
    open: int
    median_days: float
    median_closed_days: float

    def returned_by(self, days: int, *, closed_only: bool = False) -> float:
        """Share of waits that end within so many days."""
        table = self.closed_only if closed_only else self.curve
        place = int(np.searchsorted(table["days"].to_numpy(), days, side="right")) - 1
        return float(table["returned"].iloc[place]) if place >= 0 else 0.0


def waiting_curve(table: pd.DataFrame) -> Waits | Withheld:
    """How long customers wait for their next order (Kaplan-Meier on waits, the open ones censored).

    Parameters
    ----------
    table : DataFrame
        From `gaps`.
    """
    what = "How long customers wait"
    closed = int(table["closed"].sum())
    if closed < LEAST_GAPS:
        return Withheld(
            what,
            f"Only {closed:,} waits between two orders have ended; {LEAST_GAPS} are the least.",
            "More months of orders would show it.",
        )
    gap, ended = table["gap_days"].to_numpy(), table["closed"].to_numpy()
    found = survival.kaplan_meier(gap, ended)
    if isinstance(found, Withheld):
        return Withheld(what, found.reason, found.gain)
    km = found.table
    curve = pd.DataFrame({"days": km["time"], "returned": 1 - km["survival"], "low": 1 - km["high"], "high": 1 - km["low"]})
    days, counts = np.unique(gap[ended], return_counts=True)
    naive = pd.DataFrame({"days": days, "returned": np.cumsum(counts) / counts.sum()})
    return Waits(curve, naive, len(table), len(table) - closed, _half(curve), _half(naive))


def _half(curve: pd.DataFrame) -> float:
    """First day by which half are back."""
    there = curve.loc[curve["returned"] >= 0.5, "days"]
    return float(there.iloc[0]) if len(there) else np.nan


@dataclass(frozen=True)
class Clocks:
    """Whether customers wait by two clocks: a short one after things that are used up, a long one after durables.

    Attributes
    ----------
    curves : dict of kind to Waits
    back_within : int
        Days at which the two are compared.
    difference : Estimate
        Share back by then after a consumable, less after a durable.
    silent : DataFrame
        One row a kind: of those silent for `silent_days`, how many came in the next `back_within`: `kind`, `waits`, `came`, `rate`.
    silent_days : int
    ratio : float
        Median wait after a durable over that after a consumable.
    """

    curves: dict[str, Waits]
    back_within: int
    difference: Estimate
    silent: pd.DataFrame
    silent_days: int
    ratio: float

    @property
    def two(self) -> bool:
        """Whether one number of days is wrong: beyond chance, and by at least half of the shorter wait."""
        return bool(self.difference.excludes_zero and self.ratio >= 1.5)


def clocks(table: pd.DataFrame, *, back_within: int = 90, silent_days: int = 120) -> Clocks | Withheld:
    """The waiting-time curve by what the basket before held.

    Parameters
    ----------
    table : DataFrame
        From `gaps`.
    back_within, silent_days : int
    """
    what = "Two clocks"
    parts = {name: table[table["kind"] == place] for place, name in enumerate(KINDS[:2])}
    few = [name for name, part in parts.items() if part["closed"].sum() < LEAST_GAPS]
    if few:
        return Withheld(
            what,
            f"Fewer than {LEAST_GAPS} waits after a {few[0]} have ended in these data.",
            "A product table that says which products are used up would show whether they follow another clock than durables.",
        )
    curves = {name: waiting_curve(part) for name, part in parts.items()}
    # Waits that began early enough to be known to their end: a plain share of each, nothing estimated.
    horizon = int((table["day"] + table["gap_days"]).max())
    rows, counts = [], []
    for name, part in parts.items():
        known = part[part["day"] + back_within <= horizon]
        came = known["closed"] & (known["gap_days"] <= back_within)
        counts += [int(came.sum()), len(known)]
        late = part[(part["day"] + silent_days + back_within <= horizon) & (part["gap_days"] > silent_days)]
        woke = late["closed"] & (late["gap_days"] <= silent_days + back_within)
        rows.append((name, len(late), int(woke.sum()), float(woke.mean()) if len(late) else np.nan))
    short, long = curves["consumable"].median_days, curves["durable"].median_days
    return Clocks(
        curves,
        back_within,
        difference_of_shares(*counts),
        pd.DataFrame(rows, columns=["kind", "waits", "came", "rate"]),
        silent_days,
        float(long / short) if short and not np.isnan(short) else np.nan,
    )


@dataclass(frozen=True)
class Rhythm:
    """Everybody's expected wait.

    Attributes
    ----------
    customers : DataFrame, by customer_id
        `customer_id`, `order_days`, `first_on`, `last_on` (days since 1970), `kind` of the last basket, `silent_days`,
        `own_gap_days` (mean of the waits that ended, missing with one order day), `expected_gap_days` (own habit and
        the others', by the clock of the last basket), `relative_gap` (silent over expected).
    typical_days : dict of kind to float
        Mean wait that ended after a basket of that kind.
    prior : float
        How many waits of the typical customer are added to everybody's own.
    measured : bool
        Whether `prior` comes from the data, and not from too few customers for that.
    """

    customers: pd.DataFrame
    typical_days: dict[str, float]
    prior: float
    measured: bool


def rhythm(table: pd.DataFrame, *, two_clocks: bool = True) -> Rhythm | Withheld:
    """Everybody's own cadence, drawn towards that of all as far as few waits say little.

    Parameters
    ----------
    table : DataFrame
        From `gaps`.
    two_clocks : bool
        Whether the typical wait goes by what the last basket held.

    Returns
    -------
    Rhythm or Withheld
        Waits are measured against the typical wait after such a basket. A customer with n waits of mean m gets
        (n m + k M) / (n + k), with M the mean of all and k the variance within customers over that between them.

    References
    ----------
    Bühlmann (1967), ASTIN Bulletin 4, 199-207 (credibility).
    """
    closed = table["closed"].to_numpy()
    if closed.sum() < LEAST_GAPS:
        return Withheld(
            "Everybody's own rhythm",
            f"Only {int(closed.sum()):,} waits between two orders have ended; {LEAST_GAPS} are the least.",
            "More months of orders would tell a long silence from a usual one.",
        )
    gap, kind = table["gap_days"].to_numpy(), table["kind"].to_numpy()
    overall = float(gap[closed].mean())
    typical = {}
    for place, name in enumerate(KINDS):
        own = gap[closed & (kind == place)]
        typical[name] = float(own.mean()) if two_clocks and len(own) >= LEAST_GAPS else overall
    scale = np.array([typical[name] for name in KINDS])[kind]
    who = table["customer_id"].cat.codes.to_numpy()
    people = len(table["customer_id"].cat.categories)
    relative = gap / scale
    n = np.bincount(who[closed], minlength=people)
    total = np.bincount(who[closed], weights=relative[closed], minlength=people)
    squares = np.bincount(who[closed], weights=relative[closed] ** 2, minlength=people)
    middle = float(total.sum() / n.sum())
    prior, measured = _credibility(n, total, squares, middle)
    last = np.append(who[1:] != who[:-1], True)
    expected = (total + prior * middle) / (n + prior) * scale[last]
    day, silent = table["day"].to_numpy(), gap[last]
    days = np.bincount(who, minlength=people)
    own_days = np.bincount(who[closed], weights=gap[closed].astype(float), minlength=people)
    customers = pd.DataFrame(
        {
            "customer_id": table["customer_id"].cat.categories.astype("str"),
            "order_days": days,
            "first_on": day[np.append(True, who[1:] != who[:-1])],
            "last_on": day[last],
            "kind": kind[last],
            "silent_days": silent,
            "own_gap_days": np.where(n > 0, own_days / np.maximum(n, 1), np.nan),
            "expected_gap_days": expected,
            "relative_gap": silent / expected,
        }
    )
    return Rhythm(customers, typical, prior, measured)


def _credibility(n: np.ndarray, total: np.ndarray, squares: np.ndarray, middle: float) -> tuple[float, bool]:
    """How many typical waits everybody is given, from how much customers differ."""
    many = n >= 2
    if many.sum() < LEAST_REPEATERS:
        return _USUAL_PRIOR, False
    k, sizes = int(many.sum()), n[many].astype(float)
    mean = total[many] / sizes
    within = float((squares[many] - sizes * mean**2).sum() / (sizes.sum() - k))
    grand = float((sizes * mean).sum() / sizes.sum())
    spread = float((sizes * (mean - grand) ** 2).sum()) - (k - 1) * within
    between = spread / (sizes.sum() - (sizes**2).sum() / sizes.sum())
    # All alike: own waits say hardly anything; the least lets two own waits weigh as much as the others' one.
    return (20.0 if between <= 0 else float(np.clip(within / between, 0.5, 20.0))), True


def _number(day: date) -> int:
    """Days since 1970."""
    return int((np.datetime64(day) - np.datetime64("1970-01-01")) / _DAY)
