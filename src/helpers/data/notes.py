"""What a reader should know about the data before trusting a report: plain sentences."""

from __future__ import annotations

import calendar
from datetime import date

import pandas as pd

from helpers.data.reconcile import Reconciliation
from helpers.data.status import USED
from helpers.words import count, day, listing, money, percent

# Above one part in twenty, a report on customers is a report on some of the business.
_MUCH_WITHOUT_CUSTOMER = 0.05


def notes_on(
    tables: dict[str, pd.DataFrame], reconciliation: Reconciliation, *, as_of: date, as_of_is_stated: bool
) -> list[str]:
    """Sentences about the edges and the gaps of the data.

    Parameters
    ----------
    tables : dict of DataFrame
        The company's tables, orders with `status`.
    reconciliation : Reconciliation
    as_of : date
    as_of_is_stated : bool
        Whether somebody chose the date, or it was taken from the newest order.
    """
    lines = tables["orders"]
    used = lines[lines["status"].isin(USED)]
    notes = [] if as_of_is_stated else [f"The report date is {day(as_of)}, the day of the newest order in the file."]
    notes += _edges(used, as_of)
    notes += late_start(used)
    notes += _money_without_a_person(reconciliation)
    notes += _cards(reconciliation)
    notes += _references(tables)
    notes += _late_answers(tables, as_of)
    return notes


def _edges(used: pd.DataFrame, as_of: date) -> list[str]:
    first, last = used["ordered_at"].min().date(), used["ordered_at"].max().date()
    notes = []
    end = as_of.replace(day=calendar.monthrange(as_of.year, as_of.month)[1])
    if last < as_of and (as_of - last).days > 7:
        notes.append(f"The newest order is of {day(last)}, {(as_of - last).days} days before the report date {day(as_of)}.")
    if as_of < end and (last.year, last.month) == (as_of.year, as_of.month):
        notes.append(f"{as_of:%B %Y} is incomplete: it ends with {day(as_of)}. Do not compare it with a whole month.")
    if first.day > 3 and (first.year, first.month) != (last.year, last.month):
        notes.append(f"{first:%B %Y} is incomplete: the first order is of {day(first)}.")
    return notes


def late_start(used: pd.DataFrame) -> list[str]:
    """A sentence when many customers look new only because the export starts late.

    Parameters
    ----------
    used : DataFrame
        Order lines that count.
    """
    sales = used[used["amount_minor"] > 0]
    first = sales.groupby("customer_id")["ordered_at"].min().dt.to_period("M")
    if first.empty:
        return []
    newest = sales["ordered_at"].max().to_period("M")
    by_month = first.value_counts().reindex(pd.period_range(first.min(), newest, freq="M"), fill_value=0)
    if len(by_month) < 4:
        return []
    start, later = int(by_month.iloc[0]), by_month.iloc[1:].mean()
    if start < 10 or start < 2 * later:
        return []
    return [
        f"Of {count(len(first), 'customer')}, {start:,} ({percent(start / len(first))}) have their first order in the first month of the file, "
        f"{by_month.index[0].start_time:%B %Y}, against {later:,.1f} in a later month on average. About {start - later:,.0f} of them are not new: "
        "they bought before the export starts. Count new customers only from later months."
    ]


def _money_without_a_person(reconciliation: Reconciliation) -> list[str]:
    t = reconciliation.totals
    share = t["share_without_customer"]
    if not t["no_customer_lines"]:
        return []
    amount = money(t["no_customer_minor"], code=reconciliation.currency, cents=True)
    text = f"{count(t['no_customer_lines'], 'line')} ({amount}, {percent(share, digits=1)} of the money) "
    text += "has no customer." if t["no_customer_lines"] == 1 else "have no customer."
    if share > _MUCH_WITHOUT_CUSTOMER:
        text += " What is said about customers is silent about this part of the business."
    return [text]


def _cards(reconciliation: Reconciliation) -> list[str]:
    by = reconciliation.lines.set_index("reason").loc["shared_card"]
    if not by["lines"]:
        return []
    amount = money(int(by["amount_minor"]), code=reconciliation.currency, cents=True)
    ids = list(reconciliation.cards)
    shown = ids[:5] + ([f"{len(ids) - 5} more"] if len(ids) > 5 else [])
    one = len(ids) == 1
    return [
        f"{count(len(ids), 'customer id')} ({listing(shown)}) {'behaves' if one else 'behave'} like a card that many people share: "
        f"at least three orders a day on most of at least twenty days. "
        f"{'Its' if one else 'Their'} {count(int(by['lines']), 'line')} ({amount}) are set aside. "
        'If it is a person after all, write shared_card = "keep" in [orders.not_persons].'
    ]


def _references(tables: dict[str, pd.DataFrame]) -> list[str]:
    notes = []
    for table, column, other in (
        ("orders", "customer_id", "customers"),
        ("contacts", "customer_id", "customers"),
        ("survey", "customer_id", "customers"),
        ("ratings", "customer_id", "customers"),
        ("price_answers", "customer_id", "customers"),
        ("prospects", "customer_id", "customers"),
        ("visits", "prospect_id", "prospects"),
        ("brand_funnel", "answer_id", "brand_survey"),
        ("brand_promises", "answer_id", "brand_survey"),
        ("brand_stretch", "answer_id", "brand_survey"),
        ("referrals", "customer_id", "customers"),
        ("contracts", "customer_id", "customers"),
        ("exits", "customer_id", "customers"),
        ("price_answers", "product_id", "products"),
        ("orders", "product_id", "products"),
    ):
        if table not in tables or other not in tables or column not in tables[table]:
            continue
        rows = tables[table]
        if table == "orders":
            rows = rows[rows["status"].isin(USED)]
        known = rows[column].dropna()
        unknown = known[~known.isin(tables[other][column])]
        if len(unknown):
            what = {"customer_id": "customer", "product_id": "product", "prospect_id": "prospect"}.get(column, "answer sheet")
            notes.append(
                f"{count(unknown.nunique(), what)} in {table} ({count(len(unknown), 'line')}) "
                f"{'is' if unknown.nunique() == 1 else 'are'} not in {other}."
            )
    return notes


def _late_answers(tables: dict[str, pd.DataFrame], as_of: date) -> list[str]:
    late = int((tables["survey"]["answered_on"] > pd.Timestamp(as_of)).sum()) if "survey" in tables else 0
    if not late:
        return []
    verbs = ("is", "does") if late == 1 else ("are", "do")
    return [
        f"{count(late, 'answer')} of the survey {verbs[0]} dated after the report date {day(as_of)} and {verbs[1]} not count."
    ]
