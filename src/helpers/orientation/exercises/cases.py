"""The exercises of the casebook of orientation (C20, C35)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from helpers.data.company import Company
from helpers.orientation import case_findings, case_worlds, cases
from helpers.teaching import Option, exercise


def inputs(company: Company, *, as_of: date, months: int = 4, lost_share: float = 0.12) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    months : int
        For which the machine of case C20 is sold out.
    lost_share : float
        Of its customers treated badly, who leave.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    world = case_worlds.shortage(months, lost_share=lost_share)
    return {
        "shortage": world,
        "machines_a_month": world.a_month,
        "months": world.months,
        "lost_share": world.lost_share,
        "margin_a_month": world.margin_a_month,
        "months_after": world.months_after,
        "survey": company.survey,
        "orders": company.orders,
        "as_of": as_of,
        "bought": lambda survey, orders, as_of: cases.panel_purchases(survey, orders, as_of=as_of),
        "income": lambda bought: cases.split(bought, by="income_band"),
        "motive": lambda bought: cases.split(bought, by="motive"),
        "motive_groups": lambda motive: motive.table[["group", "customers", "purchases", "reduced"]],
    }


# ---------------------------------------------------------------- C20


@exercise(
    "C20.1",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S14"],
    hints=[
        "First the customers who leave: machines a month, times the months of the shortage, times the share who leave.",
        "Each of them is missed in every month *after* the shortage, with the margin of a month.",
    ],
    means="During the shortage nothing of it can be seen: nobody can leave. That is why care goes first, and why the bill comes later.",
)
def lost_after_the_shortage(machines_a_month, months, lost_share, margin_a_month, months_after):
    """What less care loses after the shortage, in yuan."""
    return machines_a_month * months * lost_share * margin_a_month * months_after


@lost_after_the_shortage.mistake("You took everybody who bought in the shortage. Only the share who leave is missed.")
def _(machines_a_month, months, margin_a_month, months_after):
    return machines_a_month * months * margin_a_month * months_after


@lost_after_the_shortage.mistake("That is what they are missed by in one month. They are missed in every month after the shortage.")
def _(machines_a_month, months, lost_share, margin_a_month):
    return machines_a_month * months * lost_share * margin_a_month


@lost_after_the_shortage.mistake("You counted the customers of one month only. People are treated badly in every month of the shortage.")
def _(machines_a_month, lost_share, margin_a_month, months_after):
    return machines_a_month * lost_share * margin_a_month * months_after


@exercise(
    "C20.2",
    minutes=1,
    kind="judge",
    covers=["S14"],
    options={
        "keep": Option(
            "Keep the team, although everybody queues",
            "Yes, here. Less care saves {saved} in {months}, and loses {lost} in the {after} in which customers can choose again.",
            "By the account it does not pay here: the shortage lasts {months}, so only {after} are left in which anybody could leave. "
            "Less care saves {saved} and loses {lost}. There may be other reasons to keep it; name them.",
        ),
        "cut": Option(
            "Cut it: service that nobody can walk away from earns nothing",
            "By the account, yes: the shortage lasts {months}, and in the {after} after it {lost} are lost, against {saved} saved. "
            "The account knows nothing of what people tell each other.",
            "Not here. The shortage ends after {months}. Less care saves {saved}, and loses {lost} in the {after} after.",
        ),
    },
)
def care_in_a_shortage(shortage):
    """Keep the service team through the shortage, or cut it?"""
    return "keep" if cases.account(shortage).keep else "cut"


@care_in_a_shortage.facts
def _(shortage):
    return case_findings.care_facts(shortage)


# ---------------------------------------------------------------- C35


@exercise(
    "C35.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S12"],
    hints=["First each group's rate: `reduced` over `purchases`.", "Then the highest rate less the lowest, times 100."],
    means="A split is worth having where its groups act differently. This number says how differently.",
)
def gap_between_motives(motive_groups):
    """Between the group that buys most at reduced prices and the one that buys least, in points."""
    rate = motive_groups["reduced"] / motive_groups["purchases"]
    return 100 * (rate.max() - rate.min())


@gap_between_motives.mistake(
    "You compared numbers of purchases, not rates. A large group buys more of everything: divide by its purchases first."
)
def _(motive_groups):
    return 100 * (motive_groups["reduced"].max() - motive_groups["reduced"].min()) / motive_groups["purchases"].sum()


@gap_between_motives.mistake(
    "You divided by customers. The question is of 100 *purchases*; some customers buy three times as often as others."
)
def _(motive_groups):
    rate = motive_groups["reduced"] / motive_groups["customers"]
    return 100 * (rate.max() - rate.min())


@gap_between_motives.mistake("That is how far the first group lies above all customers. Take the highest group and the lowest.")
def _(motive_groups):
    rate = motive_groups["reduced"] / motive_groups["purchases"]
    return 100 * (rate.max() - motive_groups["reduced"].sum() / motive_groups["purchases"].sum())


@exercise(
    "C35.2",
    minutes=1,
    kind="judge",
    covers=["S12"],
    options={
        "income": Option(
            "By income: the rich, the middle, the base",
            "Yes, here: the groups by income lie {income} apart, {income_sure}; those by motive {motive}.",
            "Here the groups by income lie {income} apart, {income_sure}; those by motive {motive}, {motive_sure}.",
        ),
        "motive": Option(
            "By motive: what they say matters most to them",
            "Yes, here: the groups by motive lie {motive} apart, {motive_sure}; those by income {income}, {income_sure}.",
            "Here the groups by motive lie {motive} apart, {motive_sure}; those by income {income}, {income_sure}.",
        ),
        "neither": Option(
            "By neither: one catalogue for everybody",
            "Yes, here: both gaps ({income} by income, {motive} by motive) are no more than chance makes.",
            "One of the two does separate: {income} apart by income ({income_sure}), {motive} by motive ({motive_sure}).",
        ),
    },
)
def split_for_the_catalogue(income, motive):
    """Two catalogues. By what are the customers split?"""
    return cases.better_split(income, motive)


@split_for_the_catalogue.facts
def _(income, motive):
    return case_findings.split_facts(income, motive)
