"""The exercises of the casebook of segmentation (C10, C11, C24, C25)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.money import in_major_units
from helpers.segmentation import case_findings, case_worlds, cases, drill
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld

HOMES = 1000  # of the panel; the source gives no number
SUPPOSED_RATING = 0.30  # ours too


def inputs(
    company: Company,
    *,
    as_of: date,
    months: int = 3,
    refusers_watch: float = 0.6,
    trouble: str = "who",
    offer: str = "travel",
    homes: int = HOMES,
    seed: int = 1,
) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    months : int
        Complete months that are compared with earlier ones.
    refusers_watch, trouble, offer
        Settings of the invented country, street and telephone company; see `case_worlds`.
    homes, seed : int
        Of the panel.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "orders": company.orders,
        "products": company.products,
        "survey": company.tables.get("survey"),
        "code": company.currency,
        "as_of": as_of,
        "months": months,
        "homes": homes,
        "supposed_rating": SUPPOSED_RATING,
        "refusers_watch": refusers_watch,
        "country": case_worlds.country(refusers_watch=refusers_watch),
        "gala_panel": lambda country: cases.panel(country, homes=homes, seed=seed),
        "spending": lambda country: cases.ways_to_spend(country, homes=homes),
        "street": case_worlds.street(trouble=trouble),
        "customers": cases.joined(case_worlds.telephone_company(offer=offer)),
        "travel_groups": lambda customers: cases.four_groups(customers, pair="travel").drop(columns="rate"),
        "pairs": lambda customers: {pair: cases.four_groups(customers, pair=pair) for pair in cases.PAIRS},
        "opened": _opened,
        "periods": _periods,
        "reports": lambda opened, periods: cases.four_reports(opened, periods=periods),
        "change": lambda opened, periods: drill.drill_down(opened, periods=periods),
        "largest_dimension": _largest_dimension,
        "largest_parts": _largest_parts,
        "regions": lambda opened, periods, code: _parts(opened, periods, "region", code),
        "way_down": _way_down,
        "inside": _inside,
    }


# ---------------------------------------------------------------- C11


@exercise(
    "C11.1",
    minutes=3,
    kind="fill",
    spreadsheet=True,
    digits=2,
    covers=["S67"],
    hints=[
        "The margin is 1.96 times the standard error, and the standard error shrinks with the root of the homes.",
        "What is missing is the number of homes with a meter: the table above calls it `homes`.",
    ],
    means="So much the luck of the draw can do, in 95 of 100 panels. It says nothing about homes that were never in the lot.",
)
def margin_of_the_gala(supposed_rating, homes):
    """The margin of error of the rating, in points: 1.96 standard errors."""
    return 100 * 1.96 * (supposed_rating * (1 - supposed_rating) / homes) ** 0.5


@margin_of_the_gala.mistake("You left out the root (`** 0.5`, or SQRT in a spreadsheet).")
def _(supposed_rating, homes):
    return 100 * 1.96 * supposed_rating * (1 - supposed_rating) / homes


@margin_of_the_gala.mistake("That is one standard error, which holds in 68 of 100 panels. For 95 of 100, take 1.96 of them.")
def _(supposed_rating, homes):
    return 100 * (supposed_rating * (1 - supposed_rating) / homes) ** 0.5


@margin_of_the_gala.mistake("You used the rating alone. Inside the root stands the share who watched times the share who did not.")
def _(supposed_rating, homes):
    return 100 * 1.96 * (supposed_rating / homes) ** 0.5


@exercise(
    "C11.2",
    minutes=2,
    kind="predict",
    spreadsheet=True,
    within=0.2,
    covers=["S67"],
    hints=["Four times the homes halve the margin.", "Five times the homes divide it by the root of five, about 2.2."],
    means="The luck shrinks with the root: five times the cost buys less than half of the margin.",
)
def margin_with_five_times_the_homes(margin_of_the_gala):
    """The margin with five times the homes, in points."""
    return margin_of_the_gala / 5**0.5


@margin_with_five_times_the_homes.mistake("Five times the homes do not give a fifth of the margin: it shrinks with the root.")
def _(margin_of_the_gala):
    return margin_of_the_gala / 5


@margin_with_five_times_the_homes.mistake("It does get smaller: the luck of the draw shrinks with the root of the homes.")
def _(margin_of_the_gala):
    return margin_of_the_gala


@exercise(
    "C11.3",
    minutes=5,
    spreadsheet=True,
    digits=1,
    covers=["S67"],
    hints=[
        "Each home counts with its `weight`: add up the weights of the homes that watched.",
        "Divide by the weights of all homes: SUMPRODUCT over SUM in a spreadsheet.",
    ],
    means="The weights give each group of area and age its share of the country. They cannot know who refused inside a group.",
)
def weighted_rating(gala_panel):
    """The weighted rating of the panel, in percent."""
    return 100 * (gala_panel["weight"] * gala_panel["watches"]).sum() / gala_panel["weight"].sum()


@weighted_rating.mistake("Every home counts the same in this. Groups that accept a meter gladly then count too much.")
def _(gala_panel):
    return 100 * gala_panel["watches"].mean()


@weighted_rating.mistake("You divided by the homes with the set on. That is the share; the rating is out of all homes.")
def _(gala_panel):
    on = gala_panel[gala_panel["set_on"]]
    return 100 * (on["weight"] * on["watches"]).sum() / on["weight"].sum()


@weighted_rating.mistake("The weights stand upside down: a group that is too small in the panel must count more, not less.")
def _(gala_panel):
    turned = 1 / gala_panel["weight"]
    return 100 * (turned * gala_panel["watches"]).sum() / turned.sum()


@exercise(
    "C11.4",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S67"],
    hints=["The share asks only homes whose set was on.", "Above and below the line stand weights, as in C11.3."],
    means="A rating says how many people there were to be reached; a share says who won the evening among those who sat down to watch.",
)
def weighted_share_of_the_evening(gala_panel):
    """The weighted share of the show, in percent: of the homes with the set on."""
    on = gala_panel[gala_panel["set_on"]]
    return 100 * (on["weight"] * on["watches"]).sum() / on["weight"].sum()


@weighted_share_of_the_evening.mistake("That is the rating again: it is out of all homes, also those whose set was off.")
def _(weighted_rating):
    return weighted_rating


@weighted_share_of_the_evening.mistake("The homes must count with their weights here too.")
def _(gala_panel):
    return 100 * gala_panel["watches"].sum() / gala_panel["set_on"].sum()


@weighted_share_of_the_evening.mistake("That is how many homes had the set on, on whatever channel.")
def _(gala_panel):
    return 100 * (gala_panel["weight"] * gala_panel["set_on"]).sum() / gala_panel["weight"].sum()


@exercise(
    "C11.5",
    minutes=4,
    kind="judge",
    covers=["S66"],
    options={
        "homes": Option(
            "Five times the homes, recruited as today",
            "Yes, here. Those who refuse watch nearly as often as the others, so what is left is luck, and luck shrinks with the "
            "homes: a typical error of {more} against {win}.",
            "More homes shrink the luck and leave the rest. Five times the homes would still be {bias} off on average: "
            "a typical error of {more}, against {win} for the other plan.",
        ),
        "refusers": Option(
            "The same number of homes, and evening visits to win over those who refuse",
            "Yes, here. Those who refuse watch less, and five times the homes repeat that {bias} of error five times as surely: "
            "a typical error of {more} against {win}.",
            "Here those who refuse watch nearly as often as the others, so there is little to win: what remains is a luck of "
            "{luck}. Five times the homes come nearer: {more} against {win}.",
        ),
    },
)
def how_to_spend_the_budget(spending):
    """The same money, once: which plan brings the rating nearer to the truth?"""
    error = spending["typical_error"]
    return "homes" if error[cases.MORE_HOMES] < error[cases.WIN_OVER] else "refusers"


@how_to_spend_the_budget.facts
def _(spending):
    return case_findings.plan_facts(spending)


# ---------------------------------------------------------------- C10


@exercise(
    "C10.1",
    minutes=4,
    spreadsheet=True,
    digits=1,
    covers=["S66"],
    hints=[
        "First the sheets: of each group, `people` times the chance to answer.",
        "Then the share of sheets that come from people who did buy, less the share of people on the street who did.",
    ],
    means="This error was made before the first question was read out.",
)
def error_from_who_answers(street):
    """The error from who answers, in points: buyers among the sheets less buyers on the street."""
    sheets = street["people"] * street["answers"]
    of_the_street = (street["people"] * street["truth"]).sum() / street["people"].sum()
    return 100 * ((sheets * street["truth"]).sum() / sheets.sum() - of_the_street)


@error_from_who_answers.mistake("That is the whole error: what the sheets say less the truth. Part of it comes from false answers.")
def _(street):
    sheets = street["people"] * street["answers"]
    said = (sheets * street["says_yes"]).sum() / sheets.sum()
    return 100 * (said - (street["people"] * street["truth"]).sum() / street["people"].sum())


@error_from_who_answers.mistake(
    "That is the error from false answers. Here the answers are taken as true, and only who gives them counts."
)
def _(street):
    sheets = street["people"] * street["answers"]
    return 100 * (sheets * (street["says_yes"] - street["truth"])).sum() / sheets.sum()


@error_from_who_answers.mistake("That is how much more often buyers stop. Work out first what it does to the share of sheets.")
def _(street):
    return 100 * (street["answers"].iloc[0] - street["answers"].iloc[1])


@exercise(
    "C10.2",
    minutes=2,
    kind="judge",
    covers=["S66"],
    options={
        "who": Option(
            "Who answers: choose people by lot, and go back to those who were not in",
            "Yes, here: {who} come from who answers and {what} from what they answer.",
            "Here only {who} come from who answers, and {what} from what they answer.",
        ),
        "what": Option(
            "What they answer: shorter, plainer questions, and a promise that nobody sees the sheet",
            "Yes, here: {what} come from what they answer and {who} from who answers.",
            "Here only {what} come from what they answer, and {who} from who answers.",
        ),
    },
)
def which_error_to_mend(street):
    """One of the two can be mended before the survey goes out. Which?"""
    parts = cases.error_parts(street)
    return "who" if abs(parts.who) > abs(parts.what) else "what"


@which_error_to_mend.facts
def _(street):
    return case_findings.street_facts(cases.error_parts(street))


# ---------------------------------------------------------------- C24


@exercise(
    "C24.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S47"],
    hints=["First each group's rate: `accepted` over `customers`.", "Then the highest rate less the lowest."],
    means="A split is worth having where its groups act differently. This number says how differently.",
)
def gap_between_groups(travel_groups):
    """Between the most and the least willing of the four groups, in points."""
    rate = travel_groups["accepted"] / travel_groups["customers"]
    return 100 * (rate.max() - rate.min())


@gap_between_groups.mistake("You compared heads, not rates. Divide by the customers of each group first.")
def _(travel_groups):
    return 100 * (travel_groups["accepted"].max() - travel_groups["accepted"].min()) / travel_groups["customers"].sum()


@gap_between_groups.mistake("That is how far the best group lies above all customers. The question is about the best and the worst.")
def _(travel_groups):
    rate = travel_groups["accepted"] / travel_groups["customers"]
    return 100 * (rate.max() - travel_groups["accepted"].sum() / travel_groups["customers"].sum())


@exercise(
    "C24.2",
    minutes=2,
    kind="judge",
    covers=["S47"],
    options={
        "travel": Option(
            "International calls and roaming: the travellers",
            "Yes: on this offer the groups lie {travel} apart; SMS and data give {screen}, the size of the bill {size}.",
            "On this offer these groups lie only {travel} apart; SMS and data give {screen}, the size of the bill {size}.",
        ),
        "screen": Option(
            "SMS and data: those who write and read on the telephone",
            "Yes: on this offer the groups lie {screen} apart; international calls and roaming give {travel}, the size of the bill {size}.",
            "On this offer these groups lie only {screen} apart; international calls and roaming give {travel}, the size of the bill {size}.",
        ),
        "size": Option(
            "The size of the bill and the months with us: how large and how faithful",
            "Yes: on this offer the groups lie {size} apart; travel gives {travel}, SMS and data {screen}.",
            "A large or an old customer is not of another kind: these groups lie only {size} apart; travel gives {travel}, "
            "SMS and data {screen}.",
        ),
    },
)
def two_behaviours_that_separate(pairs):
    """Which two behaviours define the segments for this offer?"""
    return max(pairs, key=lambda pair: cases.gap(pairs[pair]))


@two_behaviours_that_separate.facts
def _(pairs):
    return case_findings.pair_facts(pairs)


# ---------------------------------------------------------------- C25


@exercise(
    "C25.1",
    minutes=2,
    kind="predict",
    spreadsheet=True,
    within=6,
    covers=["S69"],
    hints=["If all parts change alike, each loses in proportion to its size.", "So the answer is its share of the money before."],
    means="The largest part shows the largest fall even when nothing is wrong with it.",
)
def loss_of_the_largest_part(largest_parts):
    """Of every 100 yuan of change, how many fall on the largest part if all parts change alike?"""
    return 100 * largest_parts["before"].max() / largest_parts["before"].sum()


@loss_of_the_largest_part.mistake("That would be so if all parts were of the same size.")
def _(largest_parts):
    return 100 / len(largest_parts)


@loss_of_the_largest_part.mistake(
    "That is what it did lose of every 100 yuan. The question is what it would lose if nothing special happened there."
)
def _(largest_parts):
    change = largest_parts["after"] - largest_parts["before"]
    return 100 * change[largest_parts["before"].idxmax()] / change.sum()


@exercise(
    "C25.2",
    minutes=6,
    kind="fill",
    covers=["S69"],
    hints=[
        "What is missing turns the money before into the money after, had the region done as the whole company did.",
        "It is all money after over all money before, of all regions together.",
    ],
    means="What a region lost beyond its share needs a cause of its own. What it lost with all others does not.",
)
def excess_of_each_region(regions):
    """For each region, the money after less what it would have been had the region changed as the whole did."""
    return regions["after"] - regions["before"] * regions["after"].sum() / regions["before"].sum()


@excess_of_each_region.mistake("That is the plain change. A large region has a large one even when it does as all the others.")
def _(regions):
    return regions["after"] - regions["before"]


@excess_of_each_region.mistake("The factor stands upside down: it is all money after over all money before.")
def _(regions):
    return regions["after"] - regions["before"] * regions["before"].sum() / regions["after"].sum()


@excess_of_each_region.mistake("That factor gives a small region as much say as a large one. Add up first, then divide.")
def _(regions):
    return regions["after"] - regions["before"] * (regions["after"] / regions["before"]).mean()


@excess_of_each_region.in_a_spreadsheet("the figure of the region that is furthest below", digits=0)
def _(excess):
    return excess.min()


@exercise(
    "C25.3",
    minutes=4,
    kind="judge",
    covers=["S69"],
    options={
        "region": Option(
            "By region", "Yes, here: {region}.", "By region: {region}. Another report shows the break more clearly, or none does."
        ),
        "line": Option(
            "By product line", "Yes, here: {line}.", "By product line: {line}. Another report shows the break more clearly, or none does."
        ),
        "sales_behaviour": Option(
            "By sales behaviour: how it was sold",
            "Yes, here: {sales_behaviour}.",
            "By sales behaviour: {sales_behaviour}. Another report shows the break more clearly, or none does.",
        ),
        "activity": Option(
            "By campaign", "Yes, here: {activity}.", "By campaign: {activity}. Another report shows the break more clearly, or none does."
        ),
        "none": Option(
            "None of them: the fall is spread over everything, so look at prices, traffic and the market",
            "Yes, here: no part of the company stands out beyond chance, alone or together with others. Drilling would only find a "
            "culprit by luck.",
            "One place in the company does stand out beyond chance. Open the report that shows it.",
        ),
    },
)
def first_report_to_open(change, reports):
    """Now with the figures: which report do you open first?"""
    return cases.where_to_open(change, reports)


@first_report_to_open.facts
def _(reports):
    return case_findings.report_facts(reports)


@exercise(
    "C25.4",
    minutes=5,
    spreadsheet=True,
    digits=0,
    covers=["S69"],
    hints=["The last row of the table is the place found; the first is the whole company.", "Change over change, times 100."],
    means="A place can lose more than the whole company does: then the rest grew, and the fall is one story and not a mood.",
)
def share_of_the_change_in_one_place(way_down):
    """Of every 100 yuan of the company's change, how many fall on the place at the end of the way down?"""
    return 100 * way_down["change"].iloc[-1] / way_down["change"].iloc[0]


@share_of_the_change_in_one_place.mistake("That is how much of its own money the place lost. Divide by the change of the whole company.")
def _(way_down):
    return 100 * way_down["change"].iloc[-1] / way_down["before"].iloc[-1]


@share_of_the_change_in_one_place.mistake("That is how large the place was before, not how much of the change it carries.")
def _(way_down):
    return 100 * way_down["before"].iloc[-1] / way_down["before"].iloc[0]


@exercise(
    "C25.5",
    minutes=3,
    kind="judge",
    covers=["S69"],
    options={
        "orders": Option(
            "Ask those who stopped ordering, and those who used to send them: do we still offer what they need, and does the way "
            "to us still work?",
            "Yes: {orders} of the change there is orders that did not come ({pieces} pieces in an order, {price} money for a piece).",
            "The number of orders is not what changed most there: orders {orders}, pieces in an order {pieces}, money for a piece {price}.",
        ),
        "pieces": Option(
            "Redesign the bundle: what is bought together",
            "Yes: {pieces} of the change there is smaller orders ({orders} orders, {price} money for a piece).",
            "Orders did not become smaller there, or hardly: orders {orders}, pieces in an order {pieces}, money for a piece {price}.",
        ),
        "price": Option(
            "Look at the price: what is paid for a piece",
            "Yes: {price} of the change there is money for a piece ({orders} orders, {pieces} pieces in an order).",
            "The money for a piece is not what changed most there: orders {orders}, pieces in an order {pieces}, money for a piece {price}.",
        ),
    },
)
def next_step_after_the_drill(inside):
    """The place is found. Which of the source's next steps comes first?"""
    direction = 1 if inside["share_minor"].sum() > 0 else -1
    return inside.loc[(direction * inside["share_minor"]).idxmax(), "key"]


@next_step_after_the_drill.facts
def _(inside, code):
    return {row.key: words.money(round(row.share_minor), code=code) for row in inside.itertuples()}


# ---------------------------------------------------------------- what the exercises build on


def _opened(orders, products):
    return cases.with_activity(drill.with_product_line(orders, products))


def _periods(opened, as_of, months):
    return drill.comparison_periods(opened["ordered_at"].min().date(), as_of, months=months)


def _parts(opened, periods, dimension, code):
    if isinstance(periods, Withheld):
        return periods
    if dimension not in opened:
        return Withheld(
            f"The report by {cases.name_of(dimension)}", f"The orders have no column {dimension!r}.", "Map one to open it."
        )
    table = drill.change_by_member(opened, dimension=dimension, periods=periods)
    if len(table) < 2:
        return Withheld(f"The report by {cases.name_of(dimension)}", "It has one part only, so nothing can be held against it.")
    return pd.DataFrame(
        {
            "before": in_major_units(table["before_minor"], code=code).to_numpy(),
            "after": in_major_units(table["after_minor"], code=code).to_numpy(),
        },
        index=pd.Index(table["member"], name=dimension),
    )


def _largest_dimension(opened, periods):
    if isinstance(periods, Withheld):
        return periods
    sizes = {}
    for name in cases.OPENED:
        if name in opened and opened[name].nunique() > 1:
            table = drill.change_by_member(opened, dimension=name, periods=periods)
            sizes[name] = table["before_minor"].max() / max(table["before_minor"].sum(), 1)
    if not sizes:
        return Withheld("The largest part", "The orders have no column to open.", "Region, product line or campaign would do.")
    return max(sizes, key=lambda name: sizes[name])


def _largest_parts(opened, periods, largest_dimension, code):
    table = _parts(opened, periods, largest_dimension, code)
    return table if isinstance(table, Withheld) else table.rename_axis("member").reset_index()


def _way_down(change, code):
    if not change.cause:
        return Withheld(
            "The way down", "No part of the company stands out beyond chance, so there is no way down.", change.not_opened
        )
    table = drill.path_table(change)
    money = {name: in_major_units(table[f"{name}_minor"], code=code) for name in ("before", "after", "change")}
    return pd.DataFrame({"step": table["step"], **money})


def _inside(opened, change, periods):
    if not change.cause:
        return Withheld("What changed inside", "No part of the company stands out beyond chance, so there is nothing to take apart.")
    return cases.what_changed_inside(opened, periods=periods, cell=change.cause)
