"""By product or by customer: what an order file shows of it.

Three facts: how the money is spread over product lines, how many customers buy
from more than one line, and how much money comes from people who came back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.orientation.markets import Concentration, concentration, shares_of
from helpers.withheld import Withheld

MIN_CUSTOMERS = 30
"""Customers in the window, below which a share of them is not shown."""
SHORTEST_DAYS = 60
"""Days in the window, below which hardly anybody could have come back."""

PATTERNS = {
    "relation": "customers come back, and for more than one line",
    "habit": "customers come back, for the same line",
    "spree": "most money comes from new buyers, across lines",
    "single": "most money comes from new buyers, of one line each",
}
"""What returning and buying across lines add up to, in words."""


def with_line(orders: pd.DataFrame, products: pd.DataFrame | None) -> pd.DataFrame | Withheld:
    """The orders with the product line as a column `line`.

    Parameters
    ----------
    orders : DataFrame
        `product_id`.
    products : DataFrame or None
        `product_id`, `line`.
    """
    if products is None or "product_id" not in orders or "line" not in products or products["line"].isna().all():
        return Withheld(
            "Product lines",
            "The orders name no product whose line is known.",
            "With `product_id` in the orders and a table of products with a `line`, this would show who buys across lines.",
        )
    line = products.drop_duplicates("product_id").set_index("product_id")["line"]
    return orders.assign(line=orders["product_id"].map(line).fillna("unknown").astype("str"))


@dataclass(frozen=True)
class Window:
    """The days that are looked at, and the days before them in which somebody may have bought already.

    Attributes
    ----------
    first, last : Timestamp
        First and last day of the window.
    days : int
        Its length, and that of the look back before each order.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    days: int

    def holds(self, days: pd.Series) -> pd.Series:
        """Which of some times lie in it."""
        return (days >= self.first) & (days < self.last + pd.Timedelta(days=1))

    @property
    def label(self) -> str:
        return f"{words.day(self.first)} to {words.day(self.last)}"


def window(orders: pd.DataFrame, *, as_of: date, window_days: int = 365, back: int = 0) -> Window | Withheld:
    """The latest days of an export, half of it at most, so that every order can be looked back from as far as the window is long.

    Parameters
    ----------
    orders : DataFrame
        `ordered_at`.
    as_of : date
    window_days : int, default 365
        Most days in the window.
    back : int, default 0
        So many windows before the latest one.
    """
    last = pd.Timestamp(as_of)
    first_day = orders["ordered_at"].min().normalize() if len(orders) else last
    seen = (last - first_day).days + 1
    days = min(window_days, seen // 2)
    what = "Who came back"
    if days < SHORTEST_DAYS:
        return Withheld(
            what,
            f"The orders span {words.count(seen, 'day')}. Half of them show who had bought before, and "
            f"{words.count(SHORTEST_DAYS, 'day')} are the least for the other half.",
            "A year and more of orders would tell returning customers from new ones.",
        )
    last -= pd.Timedelta(days=back * days)
    if (last - first_day).days + 1 < 2 * days:
        return Withheld(what, "The export begins too late for the time before.", "")
    return Window(last - pd.Timedelta(days=days - 1), last, days)


@dataclass(frozen=True)
class Lines:
    """How sales are spread over product lines.

    Attributes
    ----------
    table : DataFrame
        `line`, `sales_minor` (before returns), `share`, `customers`; the largest line first.
    concentration : Concentration
        Of the lines, as if each were a firm.
    """

    table: pd.DataFrame
    concentration: Concentration


def lines(orders: pd.DataFrame, products: pd.DataFrame | None, *, over: Window | Withheld) -> Lines | Withheld:
    """How sales of a window are spread over the product lines.

    Parameters
    ----------
    orders, products : DataFrame
        As for `with_line`; money in minor units.
    over : Window
    """
    opened = with_line(orders, products)
    if isinstance(opened, Withheld):
        return opened
    if isinstance(over, Withheld):
        return over
    sales = opened[over.holds(opened["ordered_at"]) & (opened["amount_minor"] > 0)]
    if sales["line"].nunique() < 2:
        return Withheld(
            "How the money is spread over product lines",
            "All sales of the window are of one line.",
            "With the lines of the products it would show how much of the firm hangs on one of them.",
        )
    by_line = sales.groupby("line").agg(sales_minor=("amount_minor", "sum"), customers=("customer_id", "nunique"))
    shares = shares_of(by_line["sales_minor"])
    table = by_line.loc[shares.index].assign(share=shares / 100)
    return Lines(table[["sales_minor", "share", "customers"]].reset_index(), concentration(shares))


@dataclass(frozen=True)
class Ties:
    """What ties customers to the firm in a window: that they come back, and for more than one line.

    Attributes
    ----------
    over : Window
    customers : int
        Those with a sale in the window.
    sales_minor, repeat_minor : int
        All sales, and those on a day before which the customer had bought
        within the look back.
    repeat_error : float
        Standard error of their quotient: how much it would differ among other
        customers like these.
    returning : int
        Customers with such a day.
    across : int or None
        Customers of more than one line; None where lines are not known.
    why_not : str
        Why lines are not known.
    by_lines : DataFrame
        `lines` (1, 2, 3, 4 or more), `customers`, `share`, `sales_minor`, `a_customer_minor`; empty where lines are not known.
    """

    over: Window
    customers: int
    sales_minor: int
    repeat_minor: int
    repeat_error: float
    returning: int
    across: int | None
    why_not: str
    by_lines: pd.DataFrame

    @property
    def repeat_share(self) -> float:
        """Of the sales, the share from customers who had bought before."""
        return self.repeat_minor / self.sales_minor

    @property
    def across_share(self) -> float | None:
        """Of the customers, the share who bought from more than one line."""
        return None if self.across is None else self.across / self.customers

    @property
    def across_error(self) -> float | None:
        """Its standard error, as of a share."""
        share = self.across_share
        return None if share is None else float(np.sqrt(share * (1 - share) / self.customers))


def ties(orders: pd.DataFrame, products: pd.DataFrame | None, *, over: Window | Withheld) -> Ties | Withheld:
    """How much money comes from customers who came back, and how many customers buy across lines.

    Two receipts of one day are one visit. Returns are left out. The shares are
    facts; their standard errors are for `breadth_findings.direction`.

    Parameters
    ----------
    orders, products : DataFrame
        As for `with_line`; money in minor units.
    over : Window
        Every order of it is looked back from as many days as it is long, so that
        an early one is not taken for the order of a new customer.

    References
    ----------
    Standard error of a quotient of two sums over customers: Cochran (1977),
    Sampling Techniques, 6.4.
    """
    if isinstance(over, Withheld):
        return over
    sales = orders[orders["amount_minor"] > 0]
    days = sales.assign(day=sales["ordered_at"].dt.normalize()).groupby(["customer_id", "day"])["amount_minor"].sum().reset_index()
    gap = (days["day"] - days.groupby("customer_id")["day"].shift()).dt.days
    seen = over.holds(days["day"])
    customers = days.loc[seen, "customer_id"].nunique()
    if customers < MIN_CUSTOMERS:
        return Withheld(
            "Who came back",
            f"{words.count(customers, 'customer')} bought in the window, and {MIN_CUSTOMERS} are the least for a share of them.",
            "A longer window (`window_days`) or more orders would show it.",
        )
    again = seen & (gap <= over.days)
    opened = with_line(sales, products)
    by_lines, why_not = _no_lines(), ""
    across = None
    if isinstance(opened, Withheld):
        why_not = f"{opened.reason} {opened.gain}"
    else:
        by_lines = _by_lines(opened[over.holds(opened["ordered_at"])])
        across = int(by_lines.loc[by_lines["lines"] != "1", "customers"].sum())
    return Ties(
        over,
        customers,
        int(days.loc[seen, "amount_minor"].sum()),
        int(days.loc[again, "amount_minor"].sum()),
        _error_of_quotient(days[seen], again[seen]),
        days.loc[again, "customer_id"].nunique(),
        across,
        why_not,
        by_lines,
    )


def _error_of_quotient(days: pd.DataFrame, again: pd.Series) -> float:
    """Standard error of the share of money that came again, where whole customers are drawn and not orders."""
    money = days["amount_minor"].astype(float)
    each = pd.DataFrame({"all": money, "again": money.where(again, 0.0)}).groupby(days["customer_id"]).sum()
    total, n = each["all"].sum(), len(each)
    rest = each["again"] - each["again"].sum() / total * each["all"]
    return float(np.sqrt(n / (n - 1) * (rest**2).sum()) / total)


def pattern(found: Ties, *, clear: float = 0.5) -> str | Withheld:
    """Which of four firms the orders show.

    Parameters
    ----------
    found : Ties
    clear : float, default 0.5
        Share from which money comes back, and customers buy across lines. Our choice: the half.

    Returns
    -------
    str
        A key of `PATTERNS`; Withheld where lines are not known.
    """
    if isinstance(found, Withheld):
        return found
    if found.across_share is None:
        return Withheld("Which of four firms the orders show", found.why_not)
    names = {(True, True): "relation", (True, False): "habit", (False, True): "spree", (False, False): "single"}
    return names[found.repeat_share >= clear, found.across_share >= clear]


def _by_lines(sales: pd.DataFrame) -> pd.DataFrame:
    """Customers by the number of lines from which they bought."""
    each = sales.groupby("customer_id").agg(lines=("line", "nunique"), sales_minor=("amount_minor", "sum"))
    label = np.where(each["lines"] >= 4, "4 or more", each["lines"].astype("str"))
    table = each.groupby(label).agg(customers=("lines", "size"), sales_minor=("sales_minor", "sum"))
    table = table.rename_axis("lines").reset_index()
    table["share"] = table["customers"] / table["customers"].sum()
    table["a_customer_minor"] = (table["sales_minor"] / table["customers"]).round().astype("int64")
    return table[["lines", "customers", "share", "sales_minor", "a_customer_minor"]]


def _no_lines() -> pd.DataFrame:
    return pd.DataFrame(columns=["lines", "customers", "share", "sales_minor", "a_customer_minor"])
