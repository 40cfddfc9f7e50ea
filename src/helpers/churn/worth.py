"""What keeping costs: customers below zero and where their cost comes from, and what the loyalty grades cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.churn.windows import Contracts
from helpers.withheld import Withheld

YEAR = 365
SOURCES = {
    "returns": ("what came back", "Find what is sent back and why, before anything is refused: a wrong size is our word against theirs."),
    "complaints": ("complaints and the visits after them", "Repair the cause once: each complaint costs more than the call that would have prevented it."),
    "service": ("visits, deliveries and calls", "Self-service where people want it, one visit in place of two, a fee that is named before."),
    "benefits": ("benefits of the loyalty grade", "Give what is valued and drop what is not used; tell it a year ahead."),
    "prices": ("prices below cost", "Look at the offer that was sold below cost; it is ours to end."),
}
"""Where a customer's cost comes from, and the first repair."""
NEAR_THRESHOLD = 0.75
"""From this share of a grade's lowest spend on somebody is near it."""


@dataclass(frozen=True)
class ToServe:
    """What each customer left over in the last year, and what took it away.

    Attributes
    ----------
    customers : DataFrame
        `customer_id`, `margin_minor` (of what was kept), `fees_minor` (margin of contracts' fees), one column a source of cost, and `net_minor`.
    sources : tuple of str
        Those of `SOURCES` that the data have.
    """

    customers: pd.DataFrame
    sources: tuple[str, ...]

    @property
    def below(self) -> pd.DataFrame:
        """Customers below zero, the dearest first, with the largest `source` of each."""
        rows = self.customers[self.customers["net_minor"] < 0].sort_values(["net_minor", "customer_id"], ignore_index=True)
        return rows.assign(source=rows[list(self.sources)].idxmax(axis=1) if len(rows) else pd.Series(dtype="str"))

    def causes(self) -> pd.DataFrame:
        """One row a source: `source`, `says`, `repair`, `customers` below zero for whom it is the largest, `cost_minor` of them."""
        below = self.below
        rows = []
        for name in self.sources:
            own = below[below["source"] == name]
            if len(own):
                rows.append((name, *SOURCES[name], len(own), int(own[name].sum())))
        table = pd.DataFrame(rows, columns=["source", "says", "repair", "customers", "cost_minor"])
        return table.sort_values("cost_minor", ascending=False, ignore_index=True)


def to_serve(company, contracts: Contracts | Withheld, *, as_of: date, fee_margin: float) -> ToServe | Withheld:
    """Margin and fees of each customer in the last 365 days, less what returns, complaints, service and benefits cost.

    Parameters
    ----------
    company : Company
        With `orders` (`margin_minor`) and, where there are any, `contacts` (`cost_minor`) and `customers` (`benefit_cost_minor`).
    contracts : Contracts or Withheld
    as_of : date
    fee_margin : float
        Share of a contract's price that is left after its filters and visits.
    """
    orders = company.orders
    if "margin_minor" not in orders or not orders["margin_minor"].notna().any():
        return Withheld("What keeping costs", "The orders have no margin.", "With the margin of each line a report can say who costs more than they bring.")
    since = pd.Timestamp(as_of) - pd.Timedelta(days=YEAR - 1)
    recent = orders[(orders["ordered_at"] >= since) & orders["customer_id"].notna() & orders["customer_id"].ne("")]
    if recent.empty:
        return Withheld("What keeping costs", "Nobody ordered in the last year.", "With newer orders it would appear.")
    by = recent["customer_id"].astype("str")
    margin, back = recent["margin_minor"].fillna(0), recent["amount_minor"] < 0
    parts = {"margin_minor": margin.where(margin > 0, 0).groupby(by).sum()}
    parts["returns"] = (-margin.where(back, 0)).groupby(by).sum()
    parts["prices"] = (-margin.where(~back & (margin < 0), 0)).groupby(by).sum()
    sources = ["returns", "prices"]
    contacts = company.contacts
    if contacts is not None and "cost_minor" in contacts:
        served = contacts[contacts["at"] >= since]
        over = served["cause"].fillna("").ne("") if "cause" in served else pd.Series(False, index=served.index)
        if "case_id" in served:
            over |= served["case_id"].isin(served.loc[over, "case_id"])
        cost, who = served["cost_minor"].fillna(0), served["customer_id"].astype("str")
        parts["complaints"], parts["service"] = cost.where(over, 0).groupby(who).sum(), cost.where(~over, 0).groupby(who).sum()
        sources += ["complaints", "service"]
    people = company.customers
    if people is not None and "benefit_cost_minor" in people:
        parts["benefits"] = people.set_index(people["customer_id"].astype("str"))["benefit_cost_minor"].fillna(0)
        sources.append("benefits")
    table = pd.DataFrame(parts).reindex(sorted(set(by))).fillna(0)
    fees = pd.Series(0, index=table.index)
    if not isinstance(contracts, Withheld) and "price_minor" in contracts.rows:
        rows = contracts.rows
        runs = rows[rows["ended_on"].isna() | (rows["ended_on"] > since)]
        fees = runs.groupby(runs["customer_id"].astype("str"))["price_minor"].sum().reindex(table.index).fillna(0) * fee_margin
    table["fees_minor"] = fees.round()
    table = table.round().astype("int64")
    table["net_minor"] = table["margin_minor"] + table["fees_minor"] - table[sources].sum(axis=1)
    return ToServe(table.rename_axis("customer_id").reset_index(), tuple(name for name in SOURCES if name in sources))


def grades(customers: pd.DataFrame | None, served: ToServe | Withheld) -> pd.DataFrame | Withheld:
    """What each loyalty grade brings and costs.

    Parameters
    ----------
    customers : DataFrame or None
        `customer_id`, `tier`, `benefit_cost_minor`.
    served : ToServe or Withheld

    Returns
    -------
    DataFrame, one row a grade, the one with the dearest benefits first
        `tier`, `customers`, `margin_minor` and `benefit_cost_minor` a customer, and `of_100` (benefits for 100 of margin); or Withheld.
    """
    what = "What the loyalty grades cost"
    gain = "With the grade and the cost of its benefits in customers, it would appear."
    if customers is None or "tier" not in customers or "benefit_cost_minor" not in customers or isinstance(served, Withheld):
        return Withheld(what, "The data have no loyalty grades, or no margin to hold them against.", gain)
    own = customers[customers["tier"].fillna("").ne("")].astype({"customer_id": "str"})
    if own.empty:
        return Withheld(what, "No customer has a grade.", gain)
    left = served.customers.set_index("customer_id")
    kept = own["customer_id"].map(left["margin_minor"] + left["fees_minor"] - left["returns"]).fillna(0)
    by = pd.DataFrame({"tier": own["tier"], "margin": kept, "benefit": own["benefit_cost_minor"].fillna(0).astype(float)}).groupby("tier")
    table = by.agg(customers=("margin", "size"), margin_minor=("margin", "mean"), benefit_cost_minor=("benefit", "mean")).reset_index()
    sums = by[["margin", "benefit"]].sum()
    table["of_100"] = (100 * sums["benefit"] / sums["margin"].where(sums["margin"] > 0)).reindex(table["tier"]).to_numpy()
    table[["margin_minor", "benefit_cost_minor"]] = table[["margin_minor", "benefit_cost_minor"]].round().astype("int64")
    return table.sort_values("benefit_cost_minor", ascending=False, ignore_index=True)


def calendar(counts: Sequence[int], contacts_a_year: Sequence[float], *, minutes: float, cap_a_year: float = 6) -> pd.DataFrame:
    """A care calendar: how many contacts each grade gets in a quarter, and the hours that takes.

    Parameters
    ----------
    counts, contacts_a_year : sequences, one entry a grade
        Customers who agreed to be contacted; contacts planned for each in a year.
    minutes : float
        For one contact.
    cap_a_year : float
        More nobody gets: care that comes too often is a burden.

    Returns
    -------
    DataFrame
        `customers`, `planned`, `capped` (contacts a year after the cap), `a_quarter` (contacts), `hours` (a quarter).

    >>> calendar([10, 100], [12, 1], minutes=15, cap_a_year=6)["hours"].tolist()
    [3.75, 6.25]
    """
    table = pd.DataFrame({"customers": np.asarray(counts, dtype=int), "planned": np.asarray(contacts_a_year, dtype=float)})
    table["capped"] = table["planned"].clip(upper=cap_a_year)
    table["a_quarter"] = table["customers"] * table["capped"] / 4
    table["hours"] = table["a_quarter"] * minutes / 60
    return table


def causes_of_leaving(ages, after) -> pd.DataFrame:
    """What to stop so that fewer leave, the one that costs most contracts first.

    Parameters
    ----------
    ages, after : Ages, After or Withheld
        From `nodes.by_age` and `nodes.after`.

    Returns
    -------
    DataFrame
        `cause`, `leavers` (those beyond what would have left at other ages or times), `repair`.
    """
    rows = []
    if not isinstance(ages, Withheld) and ages.peaks:
        table = ages.table.set_index("month")
        for month in ages.peaks:
            row = table.loc[month]
            more = float(row["left"] - row["at_risk"] * ages.usual)
            rows.append((f"the end of month {month}", more, "Show before it what the plan did this year, and ask; not after it with money off."))
    if not isinstance(after, Withheld) and after.found:
        row = after.table.set_index("kind").loc["all"]
        more = float(row["left"] - row["expected"])
        worst = f", above all over “{str(after.worst).replace('_', ' ')}”" if after.worst else ""
        rows.append((f"a complaint{worst}", more, "Prevent the cause; answer the rest within a day, and ring a week later."))
    table = pd.DataFrame(rows, columns=["cause", "leavers", "repair"])
    table["leavers"] = table["leavers"].round().astype("int64")
    return table[table["leavers"] > 0].sort_values("leavers", ascending=False, ignore_index=True)
