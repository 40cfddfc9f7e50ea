"""The reconciliation: every line of the file is accounted for, in lines, customers and money."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.data.status import LABELS, STATUSES, USED
from helpers.money import currency as find_currency
from helpers.words import count, money, percent

REASONS = ("sale", "return", "gift", *(status for status in STATUSES if status not in (*USED, "gift")), "rejected")


@dataclass(frozen=True)
class Reconciliation:
    """Rows in = rows used + rows set aside by each reason + rows rejected.

    Parameters
    ----------
    lines : DataFrame
        One row for each reason: `reason`, `label`, `lines`, `customers`,
        `amount_minor` (signed sum; of rejected lines what could be read), `used`.
    totals : dict
        rows_in, rows_used, rows_set_aside, rows_rejected, gross_minor,
        returns_minor, net_minor, customers_used, no_customer_lines,
        no_customer_minor, share_without_customer, amount_in_minor,
        rounding_minor, rounded_lines.
    memo : DataFrame
        What is named whichever way the mapping chose: `item`, `label`, `lines`,
        `amount_minor`, then `sale_lines` and `sale_minor` (those that are sales of a
        known customer, apart from the choice) and `choice` ("in" or "out").
    """

    lines: pd.DataFrame
    totals: dict[str, int | float]
    memo: pd.DataFrame
    currency: str
    cards: tuple[str, ...] = field(default=())

    def check(self) -> None:
        """Raise if a line or an amount is not accounted for: that is a mistake in this program."""
        t = self.totals
        sums = {
            "lines": (int(self.lines["lines"].sum()), t["rows_in"]),
            "parts": (t["rows_used"] + t["rows_set_aside"] + t["rows_rejected"], t["rows_in"]),
            "amount": (int(self.lines["amount_minor"].sum()), t["amount_in_minor"]),
            "net": (t["gross_minor"] + t["returns_minor"], t["net_minor"]),
        }
        for what, (found, wanted) in sums.items():
            if found != wanted:
                raise AssertionError(f"The reconciliation does not add up: {what} {found:,} against {wanted:,}.")

    def sentences(self) -> list[str]:
        """The reconciliation as plain sentences, for the head of a report."""
        t, code = self.totals, self.currency
        say = lambda minor: money(minor, code=code, cents=True)  # noqa: E731
        used = self.lines.set_index("reason")["lines"]
        text = [
            f"{count(t['rows_in'], 'order line')} came in: {t['rows_used']:,} used, "
            f"{t['rows_set_aside']:,} set aside, {t['rows_rejected']:,} rejected.",
            f"Used: {count(int(used['sale']), 'sale line')} ({say(t['gross_minor'])} gross) and "
            f"{count(int(used['return']), 'return line')} ({say(t['returns_minor'])}) of "
            f"{count(t['customers_used'], 'customer')}: {say(t['net_minor'])} net of returns.",
        ]
        # What the memo below says in full is not said twice.
        in_memo = set(zip(self.memo["item"], self.memo["lines"], strict=True))
        for row in self.lines.itertuples():
            if row.used or not row.lines or (row.reason, row.lines) in in_memo:
                continue
            customers = f", {count(row.customers, 'customer')}" if row.customers else ""
            readable = " as far as it could be read" if row.reason == "rejected" else ""
            text.append(f"{row.label}: {count(row.lines, 'line')}{customers}, {say(row.amount_minor)}{readable}.")
        if t["no_customer_lines"]:
            text.append(
                f"{percent(t['share_without_customer'], digits=1)} of the money has no known customer behind it."
            )
        for row in self.memo.itertuples():
            if row.lines:
                sales = (
                    f", of which {count(row.sale_lines, 'sale line')} of known customers ({say(row.sale_minor)})"
                    if row.sale_lines
                    else ""
                )
                kept = "counted" if row.choice == "in" else "left out"
                text.append(f"{row.label}: {count(row.lines, 'line')} ({say(row.amount_minor)}){sales}; {kept}.")
        if t["rounded_lines"]:
            unit = find_currency(code)
            text.append(
                f"{count(t['rounded_lines'], 'line')} had to be rounded; all together this changes the money by "
                f"{unit.sign}{t['rounding_minor'] / unit.factor:+,.4f}."
            )
        return text


def reconcile(
    lines: pd.DataFrame,
    base: pd.Series,
    rejected: pd.DataFrame,
    *,
    rows_in: int,
    rejected_rows: int,
    currency: str,
    set_aside: tuple[str, ...],
    rounding: float = 0.0,
    rounded_lines: int = 0,
) -> Reconciliation:
    """Account for every line.

    Parameters
    ----------
    lines : DataFrame
        Accepted lines with `status`, `amount_minor`, `customer_id` and the marks.
    base : Series
        The status that each line would have if nothing optional were set aside.
    rejected : DataFrame
        `customer_id` and `amount_minor` of rejected lines, where they could be read.
    rows_in, rejected_rows : int
        Data rows of the files, counted at the door; lines in rejects.csv.
    """
    sums = lines.groupby("status").agg(
        lines=("amount_minor", "size"), customers=("customer_id", "nunique"), amount_minor=("amount_minor", "sum")
    )
    table = sums.reindex(list(REASONS), fill_value=0).astype("int64")
    readable = int(rejected["amount_minor"].sum())
    table.loc["rejected"] = [rejected_rows, rejected["customer_id"].nunique(), readable]
    table = table.reset_index(names="reason")
    table.insert(1, "label", table["reason"].map(LABELS).astype("str"))
    table["used"] = table["reason"].isin(USED)
    table["reason"] = table["reason"].astype("str")
    by = table.set_index("reason")
    gross, back = (int(by.at[name, "amount_minor"]) for name in USED)
    used_lines = int(by.loc[list(USED), "lines"].sum())
    without, without_lines = int(by.at["no_customer", "amount_minor"]), int(by.at["no_customer", "lines"])
    known = gross + back
    totals = {
        "rows_in": int(rows_in),
        "rows_used": used_lines,
        "rows_set_aside": int(by["lines"].sum()) - used_lines - int(by.at["rejected", "lines"]),
        "rows_rejected": int(rejected_rows),
        "gross_minor": gross,
        "returns_minor": back,
        "net_minor": known,
        "customers_used": int(lines.loc[lines["status"].isin(USED), "customer_id"].nunique()),
        "customers_with_a_sale": int(by.at["sale", "customers"]),
        "no_customer_lines": without_lines,
        "no_customer_minor": without,
        "share_without_customer": without / (known + without) if known + without else float("nan"),
        # Summed on its own, so that the sum by reasons has something to agree with.
        "amount_in_minor": int(lines["amount_minor"].sum()) + readable,
        "rounding_minor": float(rounding),
        "rounded_lines": int(rounded_lines),
    }
    cards = tuple(sorted(lines.loc[lines["status"] == "shared_card", "customer_id"].unique()))
    found = Reconciliation(table, totals, _memo(lines, base, set_aside), currency, cards)
    found.check()
    return found


def _memo(lines: pd.DataFrame, base: pd.Series, set_aside: tuple[str, ...]) -> pd.DataFrame:
    marks = (
        ("non_product", "is_non_product", LABELS["non_product"]),
        ("repeated", "is_repeat", LABELS["repeated"]),
        ("cancelled", "is_cancelled", LABELS["cancelled"]),
    )
    rows = []
    for item, mark, label in marks:
        of = lines[mark].to_numpy(bool)
        sales = of & base.eq("sale").to_numpy(bool)
        amount = lines["amount_minor"].to_numpy()
        out = item in set_aside or item == "cancelled"
        rows.append(
            (item, label, int(of.sum()), int(amount[of].sum()), int(sales.sum()), int(amount[sales].sum()), "out" if out else "in")
        )
    memo = pd.DataFrame(rows, columns=["item", "label", "lines", "amount_minor", "sale_lines", "sale_minor", "choice"])
    return memo.astype({name: "str" for name in ("item", "label", "choice")} | {name: np.int64 for name in memo.columns[2:6]})
