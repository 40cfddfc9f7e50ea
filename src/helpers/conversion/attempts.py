"""Visits: success of each attempt against its share of the orders, and whether the best closer closes best.

Both look like facts and both mislead: first attempts bring most orders because there are most of them, and a seller
who is handed the best prospects closes most of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers.conversion.grades import features
from helpers.stats.intervals import Estimate, holm, wilson
from helpers.withheld import Withheld

MIN_VISITS = 100
MIN_OF_A_SELLER = 40
LATEST = 4
"""Attempts from this one on are put together."""
_GAIN = "A list of sales contacts with their number and outcome would tell success from share."
INSURANCE = pd.DataFrame({"attempt": ["1", "2", "3+"], "visits": [1000, 100, 20], "closed": [70, 23, 7]})
"""A made-up office whose orders come 70, 23 and 7 of 100 from the first, second and later visits."""


def by_attempt(visits: pd.DataFrame | None) -> pd.DataFrame | Withheld:
    """For each attempt: how many there were, how many ended in an order, and what share of all orders that is.

    Parameters
    ----------
    visits : DataFrame or None
        `attempt`, `outcome`.

    Returns
    -------
    DataFrame
        `attempt` (text; the last is "4+"), `visits`, `closed`, `rate`, `low`, `high` (Wilson), `share_of_orders`.
    """
    if visits is None or len(visits) < MIN_VISITS or not (visits["outcome"] == "closed").any():
        there = 0 if visits is None else len(visits)
        return Withheld(
            "Success per attempt",
            f"It needs {MIN_VISITS} sales contacts, some of them with an order; there are {there}.",
            _GAIN,
        )
    number = visits["attempt"].astype(int).clip(upper=LATEST)
    closed = visits["outcome"].eq("closed")
    table = (
        pd.DataFrame({"visits": closed.groupby(number).size(), "closed": closed.groupby(number).sum()})
        .rename_axis("attempt")
        .reset_index()
    )
    table["attempt"] = [f"{n}+" if n == LATEST else str(n) for n in table["attempt"]]
    return with_rates(table)


def with_rates(table: pd.DataFrame) -> pd.DataFrame:
    """Rates with their intervals and shares of the orders, for `visits` and `closed`."""
    found = [wilson(int(row.closed), int(row.visits)) for row in table.itertuples()]
    return table.assign(
        rate=[one.value for one in found], low=[one.low for one in found], high=[one.high for one in found],
        share_of_orders=table["closed"] / table["closed"].sum(),
    )  # fmt: skip


@dataclass(frozen=True)
class Sellers:
    """Who closes most at the first contact, and who would with the same prospects.

    Attributes
    ----------
    table : DataFrame
        By seller: `visits`, `closed`, `rate`, `expected` (rate of like prospects, whoever sold), `more` (rate less expected),
        `low`, `high`, `p` (corrected for looking at all sellers).
    best : str
        With the highest rate.
    raw_lead : Estimate
        The best one's rate less that of the others.
    explained : bool
        The lead is beyond chance, and like for like nothing is left beyond chance.
    """

    table: pd.DataFrame
    best: str
    raw_lead: Estimate
    explained: bool

    @property
    def of_best(self) -> pd.Series:
        """The row of the best seller."""
        return self.table.set_index("seller_id").loc[self.best]


def sellers(
    visits: pd.DataFrame | None, prospects: pd.DataFrame | None, *, leave_out: tuple[str, ...] = ()
) -> Sellers | Withheld:
    """Compare sellers at first contacts, raw and like for like.

    Parameters
    ----------
    visits : DataFrame or None
        `prospect_id`, `seller_id`, `attempt`, `outcome`.
    prospects : DataFrame or None
        With the notes of the first contact.
    leave_out : tuple of str
        Columns filled in later.

    Returns
    -------
    Sellers or Withheld
        Expected are the chances of a logistic regression on the notes that knows no seller. What nobody noted cannot be
        made like: the comparison shows what sorting explains, not what a seller causes.
    """
    what = "The best closer"
    if visits is None or prospects is None or "seller_id" not in visits or not {"refused", "interest"} <= set(prospects):
        return Withheld(what, "There is no list of contacts with sellers and of prospects with notes.", _GAIN)
    first = visits[visits["attempt"].eq(1) & visits["seller_id"].fillna("").ne("")]
    first = first.merge(
        prospects, on="prospect_id", how="inner", validate="one_to_one" if first["prospect_id"].is_unique else "many_to_one"
    )
    y = first["outcome"].eq("closed").to_numpy()
    sizes = first["seller_id"].value_counts()
    kept = sizes[sizes >= MIN_OF_A_SELLER].index
    if len(kept) < 2 or y.sum() < 20 or y.all():
        return Withheld(
            what, f"Two sellers with {MIN_OF_A_SELLER} first contacts each are needed; {len(kept)} have them.", _GAIN
        )
    from sklearn.linear_model import LogisticRegression

    x = features(first, leave_out=leave_out).to_numpy()
    chance = LogisticRegression(C=1.0, max_iter=1000).fit(x, y).predict_proba(x)[:, 1]
    rows = []
    for name in sorted(kept):
        mine = first["seller_id"].eq(name).to_numpy()
        more = y[mine].mean() - chance[mine].mean()
        spread = np.sqrt((chance[mine] * (1 - chance[mine])).sum()) / mine.sum()
        z = special.ndtri(0.975)
        rows.append(
            (
                name,
                int(mine.sum()),
                int(y[mine].sum()),
                y[mine].mean(),
                chance[mine].mean(),
                more,
                more - z * spread,
                more + z * spread,
                2 * special.ndtr(-abs(more) / spread),
            )
        )
    table = pd.DataFrame(rows, columns=["seller_id", "visits", "closed", "rate", "expected", "more", "low", "high", "p"])
    table["p"] = holm(table["p"])
    best = table.sort_values(["rate", "seller_id"], ascending=[False, True], kind="stable")["seller_id"].iloc[0]
    from helpers.stats.intervals import difference_of_shares

    mine = first["seller_id"].eq(best).to_numpy()
    lead = difference_of_shares(
        int(y[mine].sum()), int(mine.sum()), int(y[~mine].sum()), int((~mine).sum()), level=1 - 0.05 / len(table)
    )
    own = table.set_index("seller_id").loc[best]
    return Sellers(table, str(best), lead, bool(lead.low > 0 and own["p"] > 0.05))
