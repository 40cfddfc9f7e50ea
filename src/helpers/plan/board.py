"""The rows of the plan, down to date, department, person, action and metric (营销计划的制订), and what is missing in them."""

from __future__ import annotations

import math
from datetime import date, datetime

import pandas as pd

from helpers import words
from helpers.plan.moves import Move

NEEDED = {
    "begins": "on which day it begins",
    "department": "which department does it",
    "person": "who answers for it",
    "action": "what is done first",
    "metric": "what is counted",
}
"""The five things that every row of a plan has (S126)."""
NOBODY = {"", "all", "everybody", "everyone", "the team", "team", "tbd", "n.n.", "?", "-"}
VAGUE = {"better", "more", "satisfaction", "success", "awareness", "improve", "as needed"}


def rows(moves: list[Move]) -> pd.DataFrame:
    """The plan of some moves: `begins`, `department`, `person`, `action`, `customers`, `cost_minor`, `metric`, `looked_at`."""
    made = [
        (one.begins, one.department, one.person, one.what, one.customers, one.cost_minor, one.metric, one.looked_at) for one in moves
    ]
    columns = ["begins", "department", "person", "action", "customers", "cost_minor", "metric", "looked_at"]
    return pd.DataFrame(made, columns=columns).astype({"customers": "Int64", "cost_minor": "Int64"})


def problems(plan: pd.DataFrame, *, today: date) -> pd.DataFrame:
    """What keeps the rows of a plan from being carried out.

    Parameters
    ----------
    plan : DataFrame
        With the columns of `NEEDED`, and perhaps `looked_at`; one row an action.
    today : date
        Nothing can begin before it.

    Returns
    -------
    DataFrame
        One row a fault: `row` (from 1), `column`, `says`.
    """
    found = []
    for number, row in enumerate(plan.to_dict("records"), start=1):
        for column, asks in NEEDED.items():
            if is_empty(row.get(column)):
                found.append((number, column, f"Nobody says {asks}."))
        person, metric = _text(row.get("person")), _text(row.get("metric"))
        if person and person.lower() in NOBODY:
            found.append((number, "person", f"“{person}” is nobody. Name one person; others may help."))
        if metric and metric.lower() in VAGUE:
            found.append((number, "metric", f"“{metric}” cannot be counted. Say of how many, until when."))
        begins, ends = _day(row.get("begins")), _day(row.get("looked_at"))
        if not is_empty(row.get("begins")) and begins is None:
            found.append((number, "begins", f"“{_text(row['begins'])}” is no day. Write it as 2026-06-01."))
        if begins and begins < today:
            found.append((number, "begins", f"{words.day(begins)} is over."))
        if begins and ends and ends <= begins:
            found.append((number, "looked_at", "The effect is looked at before the action can have one."))
    return pd.DataFrame(found, columns=["row", "column", "says"])


def can_be_carried_out(plan: pd.DataFrame, *, today: date) -> pd.Series:
    """Whether each row has all five things, without a fault."""
    wrong = set(problems(plan, today=today)["row"])
    return pd.Series([number not in wrong for number in range(1, len(plan) + 1)], index=plan.index)


def is_empty(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)) or not str(value).strip()


def _text(value: object) -> str:
    return "" if is_empty(value) else str(value).strip()


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return None if value is pd.NaT else value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        return None


def draft(today: date) -> pd.DataFrame:
    """A plan as one finds it in most firms: nine rows, of which some can be carried out and others only read."""
    def day(after: int) -> str:
        return (today + pd.Timedelta(days=after)).isoformat()[:10]

    made = [
        (day(1), "service", "Ms Lin", "call the 40 customers whose hand-over is open longest", "settled within a week, of 40"),
        (day(1), "sales", "the team", "look after old customers better", "satisfaction"),
        (day(8), "marketing", "Mr Zhao", "stop the coupon for customers who sleep", "coupons handed out: none"),
        ("as soon as possible", "service", "everybody", "train the installers", "settled at the first attempt, of 100"),
        (day(15), "sales", "Mr Gao", "call the list “wake”, half of it by lot", "orders within 90 days, called less left alone"),
        (day(8), "marketing", "", "ask 300 customers which promise they believe", "answers, of 300"),
        (day(22), "sales", "Ms Tang", "", "orders in a new line, of 100"),
        (day(-30), "sales", "Mr Gao", "offer the care plan at the till", "contracts, of 100 buyers"),
        (day(29), "service", "Ms Wu", "send the filter reminder two weeks early", "filters ordered within 30 days, of 100"),
    ]
    return pd.DataFrame(made, columns=list(NEEDED))
