"""Where money is lost, spent for nothing or lies waiting, as the other reports found it: side by side, never added up."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from helpers.plan.evidence import Evidence
from helpers.withheld import Withheld, passes_on_withheld

LOST, SPENT, WAITING = "lost", "spent", "waiting"
KINDS = {
    LOST: "came in before and did not come now",
    SPENT: "was paid, and bought nothing",
    WAITING: "would come if it were fetched; nobody has lost it",
}
PARTS = {
    "old": ("Old customers coming back, and ordering, less", ("effect_old_share_back_minor", "effect_old_orders_each_minor")),
    "new": ("Fewer new customers, or fewer orders of each", ("effect_new_buyers_minor", "effect_new_orders_each_minor")),
    "size": ("Smaller orders", ("effect_old_order_value_minor", "effect_new_order_value_minor")),
}
"""The three groups of factors that lesson 00a calls losses, with its key numbers."""


@dataclass(frozen=True)
class Gap:
    """One gap.

    Attributes
    ----------
    key, name : str
    amount_minor : int
        Above zero.
    kind : str
        A key of `KINDS`.
    over : str
        The time or the people that it is counted over.
    lesson : str
    """

    key: str
    name: str
    amount_minor: int
    kind: str
    over: str
    lesson: str


@passes_on_withheld
def gaps(evidence: Evidence) -> list[Gap] | Withheld:
    """The gaps in money that the reports name, what was lost first, then the largest.

    They overlap: who sleeps is also an old customer who orders less. So they are
    ranked and not added up.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    list of Gap, or Withheld where no report gives one
    """
    found = list(filter(None, [*_revenue(evidence), _place(evidence), _break(evidence), _below_zero(evidence), *_waiting(evidence)]))
    if not found:
        return Withheld(
            "The largest gap",
            f"None of the {len(evidence.lessons)} reports that were made names a loss in money.",
            "With two comparable periods of orders (lesson 00a), or with contacts, it would appear.",
        )
    order = list(KINDS)
    return sorted(found, key=lambda one: (order.index(one.kind), -one.amount_minor, one.key))


def table(found: list[Gap]) -> pd.DataFrame:
    """The gaps as a table: `gap`, `amount_minor`, `what_it_is`, `over`, `report`."""
    rows = [(one.name, one.amount_minor, one.kind, one.over, one.lesson) for one in found]
    return pd.DataFrame(rows, columns=["gap", "amount_minor", "what_it_is", "over", "report"])


def period(evidence: Evidence, key: str = "revenue_this_minor") -> str:
    """The months a number of lesson 00a is about, from its own label: "Jun 2025 to May 2026"."""
    label = evidence.label("00a", key)
    return label.partition(" in ")[2] or label


def _revenue(evidence: Evidence) -> list[Gap | None]:
    found = []
    for key, (name, parts) in PARTS.items():
        values = evidence.values("00a", *parts)
        if values is not None and sum(values) < 0:
            found.append(Gap(key, name, -sum(values), LOST, f"{period(evidence)}, against the period before", "00a"))
    return found


def _place(evidence: Evidence) -> Gap | None:
    cause, amount = evidence.value("03a", "change_cause"), evidence.value("03a", "change_cause_minor")
    if cause is None or amount is None or amount >= 0:
        return None
    months = evidence.label("03a", "change_after_minor").partition(" in ")[2]
    return Gap("place", f"The fall at {place_in_words(cause)}", -amount, LOST, f"{months}, against the year before", "03a")


def place_in_words(cause: str) -> str:
    """A place of the drill-down as a reader says it.

    >>> place_in_words("region=Hangzhou x line=kitchen x sales_behaviour=installer_referral")
    'Hangzhou, kitchen, installer referral'
    """
    return ", ".join(re.sub(r"^\w+=", "", part.strip()).replace("_", " ") for part in cause.split(" x "))


def _break(evidence: Evidence) -> Gap | None:
    where, cost = evidence.value("01a", "break_at"), evidence.value("01a", "break_cost_minor")
    if where is None or not cost:
        return None
    return Gap("break", f"Calls and visits that followed at {where.replace('_', ' ')}", cost, SPENT, "the window of the contact log", "01a")


def _below_zero(evidence: Evidence) -> Gap | None:
    values = evidence.values("03a", "bzc_customers", "bzc_value_minor")
    if values is None or values[1] >= 0:
        return None
    return Gap("below_zero", "Customers who cost more than they bring", -values[1], SPENT, f"{values[0]:,} customers in a year", "03a")


def _waiting(evidence: Evidence) -> list[Gap | None]:
    asleep = evidence.value("04", "sleepers_worth_minor")
    within = evidence.value("03b", "target_score_minor")
    group = evidence.value("03b", "target_group", "")
    return [
        Gap("sleepers", "One order of every sleeper", asleep, WAITING, "one order each", "04") if asleep else None,
        Gap("target", f"Within reach in the group {group}", within, WAITING, "a year", "03b") if within and within > 0 else None,
    ]
