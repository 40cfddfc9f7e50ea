"""The exercises of the casebook of dormancy (C02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from helpers.data.company import Company
from helpers.dormancy import case_worlds, cases
from helpers.dormancy.case_worlds import NEW_CAN
from helpers.teaching import Option, exercise


def inputs(company: Company, *, as_of: date, world: str = "repertoire", seed: int = 2) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    world, seed
        Settings of the invented buyers; see `case_worlds.cola_buyers`.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "orders": company.orders,
        "products": company.products,
        "as_of": as_of,
        "purchases": case_worlds.cola_buyers(kind=world, seed=seed),
        "went_over": went_over,
        "tried": lambda purchases: cases.tried_the_can(purchases),
        "tried_facts": _facts,
    }


def went_over(purchases):
    """Those who took ours at the 6th purchase and the rival's at the 7th: `buyer`, and what they took at the 8th, 9th and 10th (True: ours)."""
    own = cases.grid(purchases)
    rows = own[own[NEW_CAN - 1] & ~own[NEW_CAN]]
    table = rows[[NEW_CAN + step for step in range(1, cases.LOOK + 1)]]
    table.columns = ["at_8", "at_9", "at_10"]
    return table.reset_index()


@exercise(
    "C02.1",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S72"],
    hints=[
        "A buyer is back if *any* of the three columns is True. Count such rows, divide by all rows, times 100.",
        '`over[["at_8", "at_9", "at_10"]].any(axis=1).mean() * 100`',
    ],
    means="One purchase says little. Three say whether a brand is still in the house.",
)
def of_100_back(went_over):
    """Of 100 who went over at the new can, how many took ours again at one of the next three purchases?"""
    return 100 * went_over[["at_8", "at_9", "at_10"]].any(axis=1).mean()


@of_100_back.mistake(
    "That is the very next purchase alone. Somebody who takes two brands in turn is often back only at the one after."
)
def _(went_over):
    return 100 * went_over["at_8"].mean()


@of_100_back.mistake("You asked for ours at all three purchases. Once is enough: a two-brand buyer takes the other one, too.")
def _(went_over):
    return 100 * went_over[["at_8", "at_9", "at_10"]].all(axis=1).mean()


@exercise(
    "C02.2",
    minutes=1,
    kind="judge",
    covers=["S72", "S74"],
    options={
        "lost": Option(
            "Lost: they have gone over for good",
            "Yes. Of 100 who went over only {back} took ours again within three purchases; before the can {usual} did. Something has changed.",
            "Of 100 who went over {back} took ours again within three purchases. That is no farewell.",
        ),
        "half_asleep": Option(
            "Half-asleep: on the way out, and still within reach",
            "Yes. {back} of 100 came back within three purchases, where {usual} did before the can: fewer than usual, and still most.",
            "{back} of 100 came back within three purchases; before the can it was {usual}. That does not look like a way out that is half gone.",
        ),
        "repertoire": Option(
            "Two-brand buyers, as before",
            "Yes. {back} of 100 took ours again within three purchases, and {usual} did before there was a new can. They have always bought both.",
            "Before the can {usual} of 100 came back after a purchase of the rival's; now it is {back}. They are not what they were.",
        ),
    },
    means="The state is read from the rhythm of the person, and not from one purchase.",
)
def what_are_they(tried_facts):
    """What are the buyers who took the rival's new can?"""
    return tried_facts["key"]


@what_are_they.facts
def _(tried_facts):
    return tried_facts


def _facts(tried):
    return {"key": tried.verdict, "back": f"{100 * tried.share.value:.0f}", "usual": f"{100 * tried.usual.value:.0f}"}
