"""What follows from all of it: the plan, the report's answer, what the data cannot tell, the key numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.four_cs.discounts import Discounts
from helpers.four_cs.findings import (
    band,
    contribution,
    doubt,
    heaviest,
    list_price,
    misdirected,
    unserved,
    with_range,
)
from helpers.four_cs.needs import C_NAMES, C_TO_P, Needs
from helpers.four_cs.prices import BestPrice, Doubt, Points
from helpers.four_cs.value import PART_NAMES, Heaviest, Weights
from helpers.withheld import Withheld

_P_OF_COST = {"money_cost": "price", "time_cost": "place", "energy_cost": "place", "psychic_cost": "promotion"}
"""The P with which each cost is usually lowered. Our choice: the source pairs customer cost with price as a whole."""


def plan(
    *, found: Needs | Withheld, heavy: Heaviest | Withheld, points: Points | Withheld, best: BestPrice | Withheld, low: Doubt | Withheld,
    code: str, leaves: BestPrice | Withheld | None = None, list_minor: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The actions that follow: `heard` (C), `decide` (P), `action`, `because`, `check`. At most five rows.

    `leaves` is the price with the largest contribution, where the cost of a piece is known; it goes before `best`,
    the price with the largest revenue.
    """
    rows = []
    if isinstance(found, Needs) and len(found.unserved):
        first = found.unserved.iloc[0]
        rows.append(
            (C_NAMES[first["c"]], C_TO_P[first["c"]], f"Give an owner and an action to: {first['statement']}", "important, and served by nobody",
             "needs without an action")
        )  # fmt: skip
    if isinstance(found, Needs) and len(found.misdirected):
        first = found.misdirected.iloc[0]
        rows.append(
            (C_NAMES[first["c"]], C_TO_P[first["c"]], f"Answer by {C_TO_P[first['c']]} and not by {first['p']}: {first['statement']}",
             f"{first['action']} does not take the need away", "the same need, asked again")
        )  # fmt: skip
    if isinstance(heavy, Heaviest) and heavy.surely:
        name = PART_NAMES[heavy.part]
        what = "Lower the price, or what comes on top of it" if heavy.part == "money_cost" else f"Lower the {name} before the price"
        rows.append(("customer cost", _P_OF_COST[heavy.part], what, "it weighs more than any other cost", f"mark for {name} in the next survey"))
    if isinstance(points, Points) and isinstance(low, Doubt) and low.found:
        end = words.money(points["pmc"].value, code=code)
        rows.append(("customer cost", "price", f"Do not go below {end}", "below it people doubt the goods", "share of buyers who ask what is wrong"))
    aim, what = (leaves, "what is left after the cost of the goods") if isinstance(leaves, BestPrice) else (best, "the revenue")
    if isinstance(aim, BestPrice):
        ends = [words.money(one, code=code) for one in (aim.price.low, aim.price.high)]
        span = f"at {ends[0]}" if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
        if list_minor and aim.price.low <= list_minor <= aim.price.high:
            rows.append(
                ("customer cost", "price", f"Leave the list price at {words.money(list_minor, code=code)}", f"by what people say, {what} is largest {span}",
                 "money for each visitor")
            )  # fmt: skip
        else:
            rows.append(
                ("customer cost", "price", f"Try a price {span} in some shops, drawn by lot", f"there {what} is largest, by what people say",
                 "money for each visitor")
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["heard", "decide", "action", "because", "check"])


def answer(
    *,
    found: Needs | Withheld,
    weighed: Weights | Withheld,
    heavy: Heaviest | Withheld,
    points: Points | Withheld,
    best: BestPrice | Withheld,
    low: Doubt | Withheld,
    given: Discounts | Withheld,
    code: str,
    leaves: BestPrice | Withheld | None = None,
    list_minor: int | None = None,
    cost_minor: int = 0,
) -> list[str]:
    """The report's answer, the most important sentence first."""
    said = []
    if isinstance(heavy, Heaviest):
        said.append(heaviest(heavy, weighed))
    if isinstance(points, Points):
        said.append(" ".join(filter(None, [band(points, code=code, short=True), list_price(points, list_minor=list_minor, code=code)])))
    if isinstance(best, BestPrice):
        said.append(
            f"By what people say, the revenue is largest at {with_range(best.price, code)}." + (f" {doubt(low, code=code)}" if isinstance(low, Doubt) and low.found else "")
        )
    if isinstance(leaves, BestPrice):
        said.append(contribution(leaves, code=code, cost_minor=cost_minor))
    if isinstance(found, Needs):
        said += [one for one in (unserved(found), misdirected(found)) if one]
    if not said:
        said.append(
            "**What customers weigh and which prices they accept cannot be seen in these data.** Orders show what was paid, not what it cost "
            "the customer, and not who stayed away."
        )
    if isinstance(given, Discounts):
        said.append(
            f"Of the list prices of {words.count(len(given.baskets), 'order')}, {words.percent(given.rate, digits=1)} "
            f"({words.money(given.given_minor, code=code)}) was taken off."
        )
    return said


def limits(company: Company, *, weighed: Weights | Withheld, points: Points | Withheld, best: BestPrice | Withheld) -> list[str]:
    """What these data cannot tell."""
    said = []
    if isinstance(weighed, Weights):
        said.append(
            "Weights show what goes together on the sheets, not what a change would cause; whoever is content marks everything better. A "
            "trial in which some customers, drawn by lot, get the change would settle it."
        )
    if isinstance(points, Points) or isinstance(best, BestPrice):
        said.append("Price answers are words. The intervals allow for luck in who was asked, not for the distance between saying and paying.")
    missing = [
        ("survey.worth_it", "what customers weigh: four values, four costs and one judgement"),
        ("price_answers", "the band of prices that customers accept"),
        ("price_offers", "the price with the largest revenue"),
        ("needs", "the needs that nobody serves"),
        ("orders.list_price", "what is taken off the list price"),
    ]
    gone = [what for name, what in missing if company.lacks(name)]
    if gone:
        said.append(f"Not in these data, and worth collecting: {'; '.join(gone)}.")
    said.append("Answers to a survey were given as answers to a survey: no customer is put on a list because of them.")
    return said


def since(points: Points | Withheld, heavy: Heaviest | Withheld, *, pmc: float | None, pme: float | None, heaviest_cost: str | None, code: str) -> str:
    """Against what the last report said; empty where there was none or it said nothing."""
    said = []
    if isinstance(points, Points) and pmc is not None and pme is not None:
        was = f"{words.money(pmc, code=code)} to {words.money(pme, code=code)}"
        now = f"{words.money(points['pmc'].value, code=code)} to {words.money(points['pme'].value, code=code)}"
        said.append(f"The band was {was} in the last report and is {now} now.")
    if isinstance(heavy, Heaviest) and heavy.surely and heaviest_cost:
        name = PART_NAMES[heavy.part]
        was_other = f"The cost that weighs most was {words.plain(heaviest_cost)} and is {name} now."
        said.append(f"The cost that weighs most is still {name}." if heaviest_cost == name else was_other)
    return " ".join(said)


def key_numbers(
    *, found: Needs | Withheld, weighed: Weights | Withheld, heavy: Heaviest | Withheld, points: Points | Withheld, best: BestPrice | Withheld,
    low: Doubt | Withheld, given: Discounts | Withheld,
) -> list[dict[str, Any]]:  # fmt: skip
    """The key numbers of this lesson for results.json: `key`, `value`, `unit`, `label`; what is withheld is missing."""
    rows: list[tuple[str, Any, str, str]] = []
    if isinstance(found, Needs):
        rows += [
            ("needs", len(found.cards), "count", "Needs on the list"),
            ("needs_unserved", len(found.unserved), "count", "Important needs that nobody serves"),
            ("needs_misdirected", len(found.misdirected), "count", "Important needs answered with another P"),
        ]
    if isinstance(weighed, Weights):
        rows.append(("value_sheets", weighed.n, "count", "Sheets with all marks"))
    if isinstance(heavy, Heaviest):
        rows += [
            ("heaviest_cost", PART_NAMES[heavy.part] if heavy.surely else "not sure", "text", "Cost that weighs most"),
            ("heaviest_cost_weight", round(weighed[heavy.part], 4), "number", "Its weight"),
        ]
    if isinstance(points, Points):
        for name, label in (("pmc", "Lower end of the acceptable prices"), ("pme", "Upper end of the acceptable prices")):
            rows.append((f"price_{name}_minor", round(points[name].value), "money", label))
    if isinstance(best, BestPrice):
        rows.append(("price_best_minor", round(best.price.value), "money", "Price with the largest revenue"))
    if isinstance(low, Doubt):
        rows.append(("low_price_doubted", "yes" if low.found else "no", "text", "Whether a low price breeds doubt"))
    if isinstance(given, Discounts):
        rows.append(("discount_share", round(given.rate, 6), "share", "Taken off the list price"))
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]
