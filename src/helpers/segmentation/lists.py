"""Who to call on Monday: candidates for the lists keep, grow, repair and lift.

Each row carries its reason and the evidence in the customer's own numbers.
Consent, open complaints and the random hold-out are added by
`helpers.reports.actions`, the same way for every topic.
"""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.withheld import Withheld

# A customer stands on one list at most; the first that fits, in this order.
PRIORITY = ("repair", "keep", "lift", "grow")

COLUMNS = ["customer_id", "list", "action", "reason", "evidence", "value_at_stake_minor"]


def candidates(*lists: pd.DataFrame | Withheld, list_size: int = 250) -> pd.DataFrame:
    """The lists in one frame: one row a customer, the dearest `list_size` of each list.

    Parameters
    ----------
    lists : DataFrame or Withheld
        From the functions below.
    list_size : int, default 250
        How many customers a list may have: what the team can do in a month.
    """
    frames = [part for part in lists if isinstance(part, pd.DataFrame) and len(part)]
    if not frames:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(frames, ignore_index=True)
    table["order"] = table["list"].map({name: i for i, name in enumerate(PRIORITY)})
    table = table.sort_values(
        ["order", "value_at_stake_minor", "customer_id"], ascending=[True, False, True]
    )
    table = table.drop_duplicates("customer_id").groupby("list", sort=False).head(list_size)
    return table[COLUMNS].reset_index(drop=True)


def keep_list(
    customers: pd.DataFrame,
    classes: pd.DataFrame | Withheld,
    burst: pd.DataFrame | Withheld,
    *,
    code: str,
    window_days: int,
) -> pd.DataFrame | Withheld:
    """Most valuable customers, to be called and kept; those whose need is over are left out."""
    if isinstance(classes, Withheld):
        return Withheld("List: keep", classes.reason)
    rows = _of_class("MVC", customers, classes, burst)
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)

    def evidence(row) -> str:
        text = (
            f"{words.count(int(row.frequency), 'order day')} and {words.money(row.value_minor, code=code)} "
            f"in {window_days} days; last order {words.count(int(row.recency_days), 'day')} ago"
        )
        if pd.notna(row.mean_gap_days):
            text += f", usually every {words.count(round(row.mean_gap_days), 'day')}"
        return text + "."

    late = rows["recency_days"] > rows["mean_gap_days"].fillna(float("inf"))
    return _frame(
        rows,
        list_name="keep",
        action="call",
        reason=late.map({True: "Most valuable, and later than usual", False: "Most valuable"}),
        evidence=[evidence(row) for row in rows.itertuples()],
        at_stake=rows["worth_minor"],
    )


def grow_list(
    customers: pd.DataFrame,
    classes: pd.DataFrame | Withheld,
    burst: pd.DataFrame | Withheld,
    *,
    code: str,
    window_days: int,
) -> pd.DataFrame | Withheld:
    """Most growable customers: their orders are as large as their peers', but fewer."""
    if isinstance(classes, Withheld):
        return Withheld("List: grow", classes.reason)
    rows = _of_class("MGC", customers, classes, burst)
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    return _frame(
        rows,
        list_name="grow",
        action="offer",
        reason="Buys as much an order as its peers, but less often",
        evidence=[
            f"{words.count(int(row.frequency), 'order day')} of {words.money(row.mean_order_minor, code=code)} "
            f"in {window_days} days; the upper quarter of customers with orders of this size "
            f"order on {words.count(int(row.peer_frequency), 'day')} or more."
            for row in rows.itertuples()
        ],
        at_stake=rows["potential_minor"],
    )


def repair_list(
    profit: pd.DataFrame | Withheld, classes: pd.DataFrame | Withheld, home: pd.Series | None, *, code: str
) -> pd.DataFrame | Withheld:
    """Below-zero customers, with what they cost and why: repair the cost, drop nobody."""
    if isinstance(profit, Withheld):
        return Withheld("List: repair", profit.reason, profit.gain)
    if isinstance(classes, Withheld):
        return Withheld("List: repair", classes.reason)
    rows = profit[classes["value_class"].eq("BZC").to_numpy()]
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)

    def evidence(row) -> str:
        text = (
            f"Margin after returns {words.money(row.margin_minor, code=code)}, cost to serve "
            f"{words.money(row.cost_to_serve_minor, code=code)} in {words.count(int(row.contacts), 'contact')}"
        )
        if home is not None and row.customer_id in home.index:
            text += f"; mostly shop {home[row.customer_id]}"
        return text + "."

    returns_weigh = rows["margin_minor"] <= 0
    return _frame(
        rows,
        list_name="repair",
        action="service_repair",
        reason=returns_weigh.map(
            {
                True: "Costs more than it brings: returns ate the margin",
                False: "Costs more than it brings: too many contacts",
            }
        ),
        evidence=[evidence(row) for row in rows.itertuples()],
        at_stake=-rows["value_minor"],
    )


def lift_list(near: pd.DataFrame | Withheld, *, code: str) -> pd.DataFrame | Withheld:
    """Customers just below the next size: tell them what is still missing, and what it brings."""
    if isinstance(near, Withheld):
        return Withheld("List: lift", near.reason)
    if near.empty:
        return pd.DataFrame(columns=COLUMNS)
    return _frame(
        near,
        list_name="lift",
        action="reminder",
        reason=[f"Nearly {size}" if size == "VIP" else f"Nearly a {size} customer" for size in near["next_size"]],
        evidence=[
            f"{words.money(row.value_minor, code=code)} of {words.money(row.threshold_minor, code=code)}; "
            f"{words.money(row.needed_minor, code=code)} still needed."
            for row in near.itertuples()
        ],
        at_stake=near["needed_minor"],
    )


def _of_class(name: str, customers: pd.DataFrame, classes: pd.DataFrame, burst: pd.DataFrame | Withheld) -> pd.DataFrame:
    """The customers of a value class, less those whose burst of buying is over."""
    over = set(burst["customer_id"]) if isinstance(burst, pd.DataFrame) else set()
    chosen = classes["value_class"].eq(name).to_numpy() & ~customers["customer_id"].isin(over).to_numpy()
    found = classes.loc[chosen, ["value_minor", "potential_minor", "peer_frequency"]]
    return customers[chosen].join(found.rename(columns={"value_minor": "worth_minor"}))


def _frame(rows: pd.DataFrame, *, list_name: str, action: str, reason, evidence, at_stake) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            "list": list_name,
            "action": action,
            "reason": reason if isinstance(reason, str) else list(reason),
            "evidence": list(evidence),
            "value_at_stake_minor": pd.Series(at_stake).astype("float64").round().astype("int64").to_numpy(),
        }
    )
