"""The relationship ladder: from potential customer to advocate, and who climbs.

The source names seven rungs and gives no rule for any of them. The rules here
are our choice: every customer stands on exactly one rung, or has fallen silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers import words
from helpers.data.ledger import ledger
from helpers.errors import DataError
from helpers.withheld import Withheld, passes_on_withheld

SILENT = "silent"
POTENTIAL, NEW, RETURNING, LONG_TERM = "potential", "new", "returning", "long-term"
QUALITY, LIFETIME, ADVOCATE = "quality", "lifetime", "advocate"
RUNGS = (POTENTIAL, NEW, RETURNING, LONG_TERM, QUALITY, LIFETIME, ADVOCATE)
CHINESE = dict(zip(RUNGS, ("潜在客户", "新客户", "回头客", "长期客户", "优质客户", "终身客户", "拥护者"), strict=True))
ORDER = (SILENT, *RUNGS)  # from lowest to highest

BUYING = (NEW, RETURNING, LONG_TERM, QUALITY)  # the next rung asks for orders; above it time or a word to a friend

MIN_ON_A_RUNG = 30  # customers at the start of the quarters, below which a share is luck
QUARTER_DAYS = 91


@dataclass(frozen=True)
class Rules:
    """Where each rung begins; all of it is our choice.

    Parameters
    ----------
    silent_days : int, default 365
        Days since the last order from which a customer has fallen silent.
    long_order_days : int, default 3
        Order days of a long-term customer, at least.
    long_days : int, default 365
        Days since a long-term customer became one, at least.
    quality_share : float, default 0.2
        Share of the buyers of the last year whose spending makes a quality customer.
    lifetime_days : int, default 730
        Days since a lifetime customer became a customer, at least.
    """

    silent_days: int = 365
    long_order_days: int = 3
    long_days: int = 365
    quality_share: float = 0.2
    lifetime_days: int = 730

    def __post_init__(self) -> None:
        if not 0 < self.quality_share < 1:
            raise DataError(f"quality_share is {self.quality_share}. Give a share of customers between 0 and 1.")
        if self.long_order_days < 3 or self.lifetime_days < self.long_days or self.silent_days < 1:
            raise DataError(
                "The rungs must rise: long_order_days 3 or more, lifetime_days at least long_days, silent_days 1 or more."
            )

    def in_words(self) -> dict[str, str]:
        """The rule of each rung, and of falling silent."""
        return {
            POTENTIAL: "known by name, no order yet",
            NEW: "one order day so far",
            RETURNING: "two order days or more",
            LONG_TERM: f"{self.long_order_days} order days or more, and a customer for {self.long_days} days",
            QUALITY: f"long-term, and among the {words.in_100(self.quality_share)} buyers who spent most in the last year",
            LIFETIME: f"quality, and a customer for {self.lifetime_days} days",
            ADVOCATE: "long-term or higher, and has brought another customer",
            SILENT: f"has ordered, but not in the last {self.silent_days} days",
        }


@dataclass(frozen=True)
class Ladder:
    """Every customer on one rung.

    Attributes
    ----------
    table : DataFrame
        One row a customer: `customer_id`, `rung`, `order_days`, `value_minor`
        (money of the last year), `recency_days`, `known_days` (since the first
        order, or the sign-up where that is known and earlier), `brought`
        (customers recommended).
    quality_from_minor : int
        Money of the last year from which a long-term customer is a quality customer.
    rungs : tuple of str
        Those that the data can show, from lowest to highest; silent comes first.
    rules : Rules
    as_of : date
    missing : str
        What these data cannot show, in a sentence; empty if nothing.
    """

    table: pd.DataFrame
    quality_from_minor: int
    rungs: tuple[str, ...]
    rules: Rules
    as_of: date
    missing: str = ""


def ladder(
    orders: pd.DataFrame, customers: pd.DataFrame | None, *, as_of: date, rules: Rules | None = None
) -> Ladder | Withheld:
    """The rung of each customer at a date.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`, `amount_minor`, `status`.
    customers : DataFrame or None
        With `customer_id`; `joined_on`, `referrer_id` and `kind` are used where they are.
    as_of : date
    rules : Rules, optional

    Returns
    -------
    Ladder, or Withheld when nobody has ordered

    References
    ----------
    S63 of the source names the rungs; the rules are ours.
    """
    rules = rules or Rules()
    book = ledger(orders, as_of=as_of)
    if book.empty:
        return Withheld("The relationship ladder", f"Nobody has ordered up to {words.day(as_of)}.")
    day = pd.Timestamp(as_of)
    year = ledger(orders, as_of=as_of, since=as_of - timedelta(days=364)).set_index("customer_id")
    people = _people(customers, day)
    table = book[["customer_id", "order_days", "first_order_on", "last_order_on"]]
    table = table.merge(people, on="customer_id", how="outer").sort_values("customer_id", ignore_index=True)
    table["order_days"] = table["order_days"].fillna(0).astype("int64")
    table["value_minor"] = table["customer_id"].map(year["net_minor"]).fillna(0).astype("int64")
    table["recency_days"] = (day - table["last_order_on"]).dt.days
    since = table[["first_order_on", "joined_on"]].min(axis=1)
    table["known_days"] = (day - since).dt.days.fillna(0).astype("int64")
    table["brought"] = _brought(customers, day, table["customer_id"])

    buyers = table.loc[table["customer_id"].isin(year.index), "value_minor"]
    quality_from = _lowest_of_top(buyers, rules.quality_share)
    table["rung"] = _rungs(table, quality_from, rules)
    shown = [SILENT, *RUNGS]
    missing = []
    if customers is None or table["rung"].ne(POTENTIAL).all():
        shown.remove(POTENTIAL)
    if customers is None or "referrer_id" not in customers or not customers["referrer_id"].notna().any():
        shown.remove(ADVOCATE)
        missing.append(
            "Who recommends us is not in the data (`referrer_id` of the customers table), so nobody can be seen as an advocate."
        )
    if table["known_days"].max() < rules.lifetime_days:
        shown.remove(LIFETIME)
        missing.append(
            f"The data begin on {words.day(book['first_order_on'].min().date())}, so nobody can be seen to have been a customer for "
            f"{rules.lifetime_days} days, and few for {rules.long_days}: the upper rungs are emptier here than in truth."
        )
    columns = ["customer_id", "rung", "order_days", "value_minor", "recency_days", "known_days", "brought"]
    return Ladder(table[columns], quality_from, tuple(shown), rules, as_of, " ".join(missing))


@passes_on_withheld
def rung_counts(ladder: Ladder) -> pd.DataFrame:
    """Customers and money of the last year on each rung, the lowest first.

    Returns
    -------
    DataFrame
        `rung`, `rule`, `customers`, `share_of_customers`, `value_minor`, `share_of_value`.
    """
    by_rung = ladder.table.groupby("rung")["value_minor"].agg(customers="size", value_minor="sum")
    table = by_rung.reindex(ladder.rungs, fill_value=0)
    total = table["value_minor"].sum()
    table["share_of_customers"] = table["customers"] / table["customers"].sum()
    table["share_of_value"] = table["value_minor"] / total if total else np.nan
    said = ladder.rules.in_words()
    table.insert(0, "rule", [said[rung] for rung in table.index])
    return table.rename_axis("rung").reset_index()[
        ["rung", "rule", "customers", "share_of_customers", "value_minor", "share_of_value"]
    ]


# ---------------------------------------------------------------- climbing


@dataclass(frozen=True)
class Climbing:
    """What became of the customers of each rung, a quarter later.

    Attributes
    ----------
    moves : DataFrame of counts
        Rows: rung at the start of a quarter. Columns: rung at its end. All quarters together.
    table : DataFrame
        One row a rung: `rung`, `stood` (customers at the start, each quarter
        counted), `climbed`, `stayed`, `fell`, `fell_silent`, `climb_share`.
    quarters : tuple of (date, date)
        Start and end of each.
    """

    moves: pd.DataFrame
    table: pd.DataFrame
    quarters: tuple[tuple[date, date], ...]


def climbing(
    orders: pd.DataFrame,
    customers: pd.DataFrame | None,
    *,
    as_of: date,
    quarters: int = 4,
    rules: Rules | None = None,
) -> Climbing | Withheld:
    """Who climbed, stayed and fell in the last quarters (of 91 days).

    Parameters
    ----------
    orders, customers : as for `ladder`
    as_of : date
        The end of the last quarter.
    quarters : int, default 4
        How many quarters, where the export reaches back so far.

    Returns
    -------
    Climbing, or Withheld when the export is too short for one quarter

    Notes
    -----
    A quarter counts only where its start lies `silent_days` after the start of
    the export: before, nobody could have been seen to fall silent.
    """
    rules = rules or Rules()
    first = orders["ordered_at"].min()
    ends = [as_of - timedelta(days=QUARTER_DAYS * back) for back in range(quarters + 1)]
    reach = [end for end in ends if pd.notna(first) and pd.Timestamp(end) >= first + pd.Timedelta(days=rules.silent_days)]
    if len(reach) < 2:
        return Withheld(
            "Who climbs the ladder",
            f"One quarter and the {rules.silent_days} days before it are needed; the export is shorter.",
            "A longer export would show on which rung customers get stuck.",
        )
    stands = {}
    for end in reach:
        found = ladder(orders, customers, as_of=end, rules=rules)
        if isinstance(found, Withheld):
            return Withheld("Who climbs the ladder", found.reason)
        stands[end] = found.table.set_index("customer_id")["rung"]
    spans = [(start, end) for end, start in zip(reach, reach[1:], strict=False)]
    moves = pd.DataFrame(0, index=list(ORDER), columns=list(ORDER))
    for start, end in spans:
        counts = pd.crosstab(stands[start], stands[end].reindex(stands[start].index))
        moves += counts.reindex(index=ORDER, columns=ORDER, fill_value=0)
    kept = [rung for rung in ORDER if moves.loc[rung].sum() or moves[rung].sum()]
    moves = moves.loc[kept, kept].astype("int64").rename_axis(index="at the start", columns="at the end")
    place = {rung: number for number, rung in enumerate(ORDER)}
    rows = []
    for rung, row in moves.iterrows():
        above = sum(int(n) for end, n in row.items() if place[end] > place[rung])
        silent = int(row.get(SILENT, 0)) if rung != SILENT else 0
        stayed = int(row[rung])
        stood = int(row.sum())
        rows.append(
            {
                "rung": rung, "stood": stood, "climbed": above, "stayed": stayed,
                "fell": stood - above - stayed - silent, "fell_silent": silent,
                "climb_share": above / stood if stood else np.nan,
            }
        )  # fmt: skip
    return Climbing(moves, pd.DataFrame(rows), tuple(spans[::-1]))


@passes_on_withheld
def stuck_rung(climbing: Climbing) -> str:
    """The rung of buyers from which the smallest share climbs in a quarter; the lower one when equal.

    Rungs with fewer than 30 customers are left out; empty when none remains.
    """
    table = climbing.table
    rows = table[(table["stood"] >= MIN_ON_A_RUNG) & table["rung"].isin(BUYING)]
    return "" if rows.empty else str(rows.loc[rows["climb_share"].idxmin(), "rung"])


# ---------------------------------------------------------------- below


def _people(customers: pd.DataFrame | None, day: pd.Timestamp) -> pd.DataFrame:
    """Persons known by the day, with the day from which they are known."""
    empty = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "joined_on": pd.Series(dtype="datetime64[us]")})
    if customers is None:
        return empty
    people = _persons(customers)
    if "joined_on" not in people:
        return people[["customer_id"]].assign(joined_on=pd.Series(pd.NaT, index=people.index, dtype="datetime64[us]"))
    # Who joins later is not known yet; without a day nobody can say, so today counts.
    return people.loc[~(people["joined_on"] > day), ["customer_id", "joined_on"]]


def _persons(customers: pd.DataFrame) -> pd.DataFrame:
    """Customers without staff and walk-in cards, each once."""
    people = customers.drop_duplicates("customer_id")
    return people[~people["kind"].isin(["staff", "walk_in"])] if "kind" in people else people


def _brought(customers: pd.DataFrame | None, day: pd.Timestamp, ids: pd.Series) -> pd.Series:
    """How many customers each has recommended by the day."""
    if customers is None or "referrer_id" not in customers:
        return pd.Series(0, index=ids.index)
    come = _persons(customers)
    come = come[come["referrer_id"].ne(come["customer_id"]) & come["referrer_id"].notna()]
    if "joined_on" in come:
        come = come[~(come["joined_on"] > day)]
    return ids.map(come.groupby("referrer_id").size()).fillna(0).astype("int64")


def _lowest_of_top(values: pd.Series, share: float) -> int:
    """The value from which at most `share` of the buyers lie; equal values are never parted."""
    if values.empty:
        return 1
    distinct, counts = np.unique(values.to_numpy(), return_counts=True)
    fits = counts[::-1].cumsum()[::-1] / counts.sum() <= share + 1e-9
    return int(distinct[fits][0]) if fits.any() else int(distinct[-1]) + 1


def _rungs(table: pd.DataFrame, quality_from: int, rules: Rules) -> pd.Series:
    """The highest rung whose rule fits."""
    bought = table["order_days"] > 0
    silent = bought & (table["recency_days"] >= rules.silent_days)
    long_term = (table["order_days"] >= rules.long_order_days) & (table["known_days"] >= rules.long_days)
    quality = long_term & (table["value_minor"] >= quality_from) & (table["value_minor"] > 0)
    fitting = [
        (SILENT, silent),
        (ADVOCATE, long_term & (table["brought"] > 0)),
        (LIFETIME, quality & (table["known_days"] >= rules.lifetime_days)),
        (QUALITY, quality),
        (LONG_TERM, long_term),
        (RETURNING, table["order_days"] >= 2),
        (NEW, bought),
    ]
    names = np.select([rule for _, rule in fitting], [name for name, _ in fitting], POTENTIAL)
    return pd.Series(names, index=table.index, dtype="str")
