"""The exercises of lesson 02: from what customers say to product, price, place and promotion.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.four_cs import discounts, goods, needs, prices, value
from helpers.four_cs.value import PART_NAMES
from helpers.money import in_major_units
from helpers.stats.offers import ThresholdOffer
from helpers.teaching import Card, Option, exercise, sorting
from helpers.withheld import Withheld

FOUR_CS = {
    "solution": "Customer solution (解决方案)",
    "cost": "Customer cost (成本)",
    "convenience": "Convenience (便利)",
    "communication": "Communication (沟通)",
}


def inputs(
    company: Company, *, least: float = 7.0, window_days: int = 365, cut: float = 0.35, off: int = 80, per: int = 200
) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    least : float
        Importance from which a need counts as important.
    window_days : int
        Days of orders in which discounts are looked at.
    cut : float
        Share of the list price that somebody wants to take off.
    off, per : int
        The threshold offer, in major units.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "needs_table": company.needs if company.needs is not None else Withheld("Needs", "There is no list of needs."),
        "survey": company.survey if company.survey is not None else Withheld("Marks", "There is no survey."),
        "answers": company.price_answers if company.price_answers is not None else Withheld("Prices", "Nobody was asked about prices."),
        "price_offers": company.price_offers if company.price_offers is not None else Withheld("Prices", "Nobody was offered a price."),
        "orders": company.orders,
        "products": company.products,
        "code": company.currency,
        "as_of": company.as_of,
        "least": least,
        "window_days": window_days,
        "cut": cut,
        "off": off,
        "per": per,
        "found_needs": lambda needs_table, least: needs.needs(needs_table, least=least),
        "cards": cards,
        "weighed": lambda survey: _then(value.marks(survey), value.weights),
        "marks_and_weights": marks_and_weights,
        "heavy": lambda weighed: value.heaviest_cost(weighed),
        "sheets_found": lambda answers: prices.price_answers(answers),
        "price_sheets": price_sheets,
        "points_found": lambda sheets_found: prices.points(sheets_found),
        "proposed_minor": _proposed,
        "proposed": lambda proposed_minor, code: float(in_major_units(proposed_minor, code=code)),
        "offers_table": offers_table,
        "baskets": baskets,
    }


def _then(found, measure):
    return found if isinstance(found, Withheld) else measure(found)


# ---------------------------------------------------------------- what the exercises show


def cards(found_needs: needs.Needs) -> pd.DataFrame:
    """The company's needs: `statement_id`, `statement`, `c`, `importance`, `p`, `action` (empty where nobody does anything)."""
    return found_needs.cards[["statement_id", "statement", "c", "importance", "p", "action"]]


def marks_and_weights(weighed: value.Weights) -> pd.DataFrame:
    """The four values and four costs: `part`, `kind` (value or cost), `mark` (mean) and `weight`, rounded as a reader sees them."""
    return weighed.table[["part", "kind", "mark", "weight"]].round({"mark": 2, "weight": 3})


def price_sheets(sheets_found: prices.PriceAnswers, code: str) -> pd.DataFrame:
    """The usable sheets in major units: `answer_id`, `too_cheap`, `cheap`, `expensive`, `too_expensive`."""
    table = sheets_found.table
    return pd.DataFrame(
        {"answer_id": table["answer_id"]}
        | {name.removesuffix("_minor"): in_major_units(table[name], code=code) for name in prices.QUESTIONS}
    )


def offers_table(price_offers: pd.DataFrame, answers: pd.DataFrame, sheets_found: prices.PriceAnswers, code: str) -> pd.DataFrame | Withheld:
    """Each price that was offered, in major units: `price`, `asked`, `yes`."""
    found = prices.demand(price_offers, answers, product_id=sheets_found.product_id)
    if isinstance(found, Withheld):
        return found
    table = found.table
    return pd.DataFrame({"price": in_major_units(table["price_minor"], code=code), "asked": table["asked"], "yes": table["yes"]})


def baskets(orders: pd.DataFrame, as_of, window_days: int, code: str) -> pd.DataFrame | Withheld:
    """Orders of the window in major units: `order_id`, `list_price` (of the whole basket), `paid`."""
    found = discounts.discounts(orders, as_of=as_of, window_days=window_days)
    if isinstance(found, Withheld):
        return found
    table = found.baskets
    return pd.DataFrame(
        {
            "order_id": table["order_id"],
            "list_price": in_major_units(table["list_minor"], code=code),
            "paid": in_major_units(table["paid_minor"], code=code),
        }
    )


def _proposed(sheets_found: prices.PriceAnswers, products, orders, cut: float) -> int | Withheld:
    full = goods.list_price(sheets_found.product_id, products, orders)
    if full is None:
        return Withheld("The proposed price", "The list price of the product is not known.", "Give the table of products.")
    return round(full * (1 - cut))


# ---------------------------------------------------------------- four Cs, four Ps


@sorting(
    "2.1",
    minutes=3,
    covers=["S49"],
    piles=FOUR_CS,
    cards={
        "draught": Card("“The room stays cold, however high I set the heater.”", "solution", "The problem is not solved."),
        "sum": Card("“With fitting, hoses and the old one's disposal it was 400 more than on the label.”", "cost", "Direct spending, not on the label."),
        "morning": Card(
            "“I lost a morning's pay to let the fitter in.”",
            "cost",
            "Indirect spending: no price list shows it.",
            {"convenience": "Inconvenient, too. She names what it cost her: pay. The source counts indirect spending as cost."},
        ),
        "floor": Card("“The shop is on the fifth floor and the lift is for staff.”", "convenience", "Hard to buy."),
        "filter": Card(
            "“To change it I must empty the whole cupboard.”",
            "convenience",
            "Hard to use: ease of use is part of it.",
            {"solution": "The water is clean, so the problem is solved. Using it is the bother."},
        ),
        "silence": Card("“They moved the date and I heard it from the doorman.”", "communication", "Nobody spoke with the customer."),
        "survey": Card("“I answered twenty questions, and nobody ever told me what became of it.”", "communication", "An exchange in one direction is none."),
        "allergy": Card("“I need something against pollen, not a humidifier.”", "solution", "Another problem than the one we solve."),
    },
    hints=["What is missing: a solution, money or time, an easy way, or a word?"],
    means="Sort by what is missing, not by the words: a customer may say “dear” and mean that nobody explained it.",
)
def sort_into_cs():
    """Which of the four Cs does each of these customers speak of?"""


@sorting(
    "2.2",
    minutes=3,
    covers=["S50", "S51"],
    piles={
        "product": "Product (产品)",
        "price": "Price (价格)",
        "place": "Place (渠道)",
        "promotion": "Promotion (推广)",
    },
    cards={
        "quiet": Card("A quieter motor in the small hood", "product", "What is made."),
        "parts": Card("Pay in six parts without interest", "price", "When and how it is paid belongs to price."),
        "home": Card("Filters brought and changed at home, twice a year", "place", "How it reaches the customer."),
        "leaflet": Card("A leaflet that says what the filter cannot do", "promotion", "What is said. Honest words are promotion, too."),
        "call": Card(
            "A call a week after fitting: does all work?",
            "promotion",
            "Promotion answers communication, and that includes listening.",
            {"product": "It belongs to the service, but what is done is talk."},
        ),
        "away": Card(
            "The old appliance is taken along",
            "product",
            "Part of the solution: a kitchen with one cooker in it.",
            {"place": "The van is there anyway. What the customer gets is a fuller solution."},
        ),
        "sunday": Card("Open on Sunday, delivery until nine", "place", "When and where one can buy."),
        "coupon": Card(
            "80 yuan off per full 200",
            "price",
            "What is paid. That it is advertised does not make it promotion.",
            {"promotion": "In many firms that is what promotion means. In 4P it changes what is paid: price."},
        ),
    },
    hints=["What changes for the customer: what it is, what is paid, how it is got, or what is said?"],
    means="Product answers solution, price answers cost, place answers convenience, promotion answers communication. Start from the C.",
)
def sort_into_ps():
    """Which of the four Ps does each of these use?"""


@exercise(
    "2.3",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S51"],
    hints=[
        "Two conditions: the importance is `least` or more, and `action` is the empty text.",
        'Nobody serves it: `cards["action"] == ""`. Join two conditions with `&`, and put brackets around each.',
    ],
    means="This number belongs on the first page of a marketing plan. Most plans list actions, so a need without one is not seen.",
)
def important_and_unserved(cards, least):
    """How many needs of importance `least` or more does nobody serve?"""
    return int(((cards["importance"] >= least) & (cards["action"] == "")).sum())


@important_and_unserved.mistake("These are all needs without an action, whatever their importance.")
def _(cards):
    return int((cards["action"] == "").sum())


@important_and_unserved.mistake("These are the important needs that somebody serves. The question is about the others.")
def _(cards, least):
    return int(((cards["importance"] >= least) & (cards["action"] != "")).sum())


# ---------------------------------------------------------------- value and cost


@exercise(
    "2.4",
    minutes=2,
    kind="predict",
    within=4,
    covers=["S55"],
    hints=["If all four costs weighed the same, money would have 25 of 100.", "Think of the last time you gave up on a purchase. Was it the price?"],
    means="What people call high and what weighs with them are two questions. Only the second one tells what to lower.",
)
def weight_of_money(weighed):
    """Of the weight of all four costs together, how many of 100 does money have?"""
    costs = weighed.table[weighed.table["kind"] == "cost"].set_index("part")["weight"].clip(lower=0)
    return 100 * costs["money_cost"] / costs.sum()


@weight_of_money.mistake("That is money's share of the marks: how much of it people feel. What it weighs is another thing.")
def _(weighed):
    marks = weighed.table[weighed.table["kind"] == "cost"].set_index("part")["mark"]
    return 100 * marks["money_cost"] / marks.sum()


@weight_of_money.mistake("That is the share of the three other costs together.")
def _(weighed):
    costs = weighed.table[weighed.table["kind"] == "cost"].set_index("part")["weight"].clip(lower=0)
    return 100 * (1 - costs["money_cost"] / costs.sum())


@exercise(
    "2.5",
    minutes=4,
    spreadsheet=True,
    digits=2,
    covers=["S55"],
    hints=[
        "Multiply every mark by its weight first. Then add up the values, and take the costs off.",
        'A sign for each row: `sign = marks_and_weights["kind"].map({"value": 1, "cost": -1})`. Then one product of three columns, and `.sum()`.',
    ],
    means="Both ways to raise delivered value are in the one sum: more of what they get, less of what they give up.",
)
def delivered_value_of_the_mean_sheet(marks_and_weights):
    """The delivered value of the mean sheet: marks times weights, values less costs."""
    sign = marks_and_weights["kind"].map({"value": 1, "cost": -1})
    return float((marks_and_weights["mark"] * marks_and_weights["weight"] * sign).sum())


@delivered_value_of_the_mean_sheet.mistake("You left the weights out: a step of the company's name then counts as much as a step of the product.")
def _(marks_and_weights):
    sign = marks_and_weights["kind"].map({"value": 1, "cost": -1})
    return float((marks_and_weights["mark"] * sign).sum())


@delivered_value_of_the_mean_sheet.mistake("You added the costs. What people give up is taken off.")
def _(marks_and_weights):
    return float((marks_and_weights["mark"] * marks_and_weights["weight"]).sum())


@exercise(
    "2.6",
    minutes=2,
    kind="judge",
    covers=["S55"],
    options={
        part: Option(
            text,
            "Yes: {why}",
            "Not by these sheets: {why}",
        )
        for part, text in (
            ("money_cost", "Money: the price, or what comes on top of it"),
            ("time_cost", "Time: waiting, travelling, being at home"),
            ("energy_cost", "Effort: carrying, changing, finding out how"),
            ("psychic_cost", "Worry: about choosing wrong, or being left alone with it"),
        )
    }
    | {
        "unclear": Option(
            "The data cannot say",
            "Right: {why}",
            "They can: {why}",
        )
    },
    means="The heaviest cost is where a step counts most. Whether a step is cheap to make is the next question.",
)
def cost_to_lower_first(heavy):
    """Which cost would you lower first, if a step of each were equally hard to make?"""
    return heavy.part if heavy.surely else "unclear"


@cost_to_lower_first.facts
def _(heavy, weighed):
    top = f"{PART_NAMES[heavy.part]} comes out heaviest, {weighed[heavy.part]:.2f} steps of the judgement for one step"
    clear = "and keeps clear of the other three." if heavy.surely else "but by no more than chance could make of costs that weigh alike."
    return {"why": f"{top}, {clear}"}


# ---------------------------------------------------------------- four pulls


@sorting(
    "2.7",
    minutes=3,
    covers=["S53"],
    piles={
        "product": "Product and service pull (产品或服务)",
        "price": "Price pulls (价格)",
        "promotion": "Promotion pulls (促销)",
        "convenience": "Easy buying pulls (购买方便)",
    },
    cards={
        "guarantee": Card(
            "A guarantee of ten years, with spare parts",
            "product",
            "Service and guarantee belong to the product.",
            {"promotion": "It sounds good in an advert. What draws is the guarantee itself."},
        ),
        "look": Card("It looks as if it had always been in that kitchen", "product", "Appearance is one of nine features that the source lists."),
        "fair": Card("Exactly what people thought it would cost", "price", "Close to the expected price: neither too dear nor too cheap."),
        "trial": Card(
            "A tasting of filtered water at the door of the shop, on Saturdays",
            "promotion",
            "It draws attention, wakes interest and leads to a purchase.",
            {"convenience": "It stands at the door, yet it makes nothing easier. It wakes the wish."},
        ),
        "corner": Card("It can be ordered in the chat, and stands at the door by evening", "convenience", "A suitable channel."),
        "stars": Card("A second set at half price, this week only", "promotion", "A reason to act now. As a habit it becomes the price.",
                      {"price": "It lowers what is paid, for a week. The source counts what pushes to a purchase *now* as promotion, a means and not an aim."}),
        "near": Card("The filter can be picked up where they buy their vegetables", "convenience", "Where they are anyway."),
        "three": Card("Three classes side by side, the middle one near what most expect", "price", "An attractive price is set by features, market and rivals."),
    },
    hints=["Would it still draw if nobody advertised it? Then it is not promotion."],
    means="Customers who come by themselves come for one of four reasons. A firm that pulls with one alone pays for it with that one.",
)  # fmt: skip
def sort_into_pulls():
    """Which of the four pulls is at work?"""


# ---------------------------------------------------------------- prices


@exercise(
    "2.8",
    minutes=3,
    spreadsheet=True,
    digits=2,
    covers=["S54"],
    hints=[
        "Somebody finds a price too cheap when the price they named in `too_cheap` is as high or higher.",
        'A comparison gives True and False, and their mean is a share: `(price_sheets["too_cheap"] >= proposed).mean()`.',
    ],
    means="One point of van Westendorp's first curve. Do it for every price, and for four columns, and you have drawn the figure.",
)
def share_too_cheap(price_sheets, proposed):
    """What share of people find the proposed price too cheap?"""
    return float((price_sheets["too_cheap"] >= proposed).mean())


@share_too_cheap.mistake("You turned the comparison round: these are the people for whom the proposed price is not too cheap.")
def _(price_sheets, proposed):
    return float((price_sheets["too_cheap"] < proposed).mean())


@share_too_cheap.mistake("You took the column `cheap`: those find it a bargain or too cheap. Doubt begins with `too_cheap`.")
def _(price_sheets, proposed):
    return float((price_sheets["cheap"] >= proposed).mean())


@exercise(
    "2.9",
    minutes=2,
    kind="judge",
    covers=["S54"],
    options={
        "below": Option(
            "Below the band: it would breed doubt",
            "Yes: {price} lies below {low}. More people call it too cheap than not cheap.",
            "{price} does not lie below the band, which begins at {low}.",
        ),
        "inside": Option(
            "Inside the band: few would doubt it",
            "Yes: {price} lies between {low} and {high}. Whether it earns more is another question.",
            "{price} does not lie between {low} and {high}.",
        ),
        "above": Option(
            "Above the band: still out of reach for too many",
            "Yes: the band ends at {high}, and {price} lies above it.",
            "The band ends at {high}, so {price} is not above it.",
        ),
    },
    means="A price cut is meant as a present. Below the band it is read as a warning.",
)
def where_the_proposal_lies(points_found, proposed_minor):
    """Where does the proposed price lie?"""
    return prices.where(points_found, proposed_minor)


@where_the_proposal_lies.facts
def _(points_found, proposed_minor, code):
    show = lambda minor: words.money(minor, code=code)
    return {"price": show(proposed_minor), "low": show(points_found["pmc"].value), "high": show(points_found["pme"].value)}


@exercise(
    "2.10",
    minutes=3,
    kind="fill",
    spreadsheet=True,
    digits=0,
    covers=["S54"],
    hints=[
        "Of 100 people who are asked at a price, `100 * yes / asked` say yes. Each of them brings in the price.",
        "The blank is the share who say yes: one column divided by another.",
    ],
    means="A curve of yes goes one way, the price the other. Their product has a top, and it is seldom at the lowest price.",
)
def most_from_100_people(offers_table):
    """How much would 100 people bring in at the price where it is most?"""
    return float((100 * offers_table["price"] * offers_table["yes"] / offers_table["asked"]).max())


@most_from_100_people.mistake("You let everybody buy. At that price only some of the 100 say yes.")
def _(offers_table):
    return float((100 * offers_table["price"]).max())


@most_from_100_people.mistake("You multiplied the price by all who said yes. For 100 people, divide by how many were asked.")
def _(offers_table):
    return float((offers_table["price"] * offers_table["yes"]).max())


@exercise(
    "2.11",
    minutes=4,
    kind="write",
    spreadsheet=True,
    digits=3,
    covers=["S54", "S53"],
    hints=[
        "How often is the full amount in a basket? In a spreadsheet `INT(price / per)`, in a cell `price // per`.",
        "Money off is `off` for each of them. Add it up over all baskets, then divide by the sum of the list prices.",
    ],
    means="What such an offer promises and what it takes off differ, because what is left over after the full amounts stays outside.",
)
def taken_off_by_the_threshold_offer(baskets, off, per):
    """What share of the list prices of these baskets would the threshold offer take off?"""
    full = ThresholdOffer(off_minor=off, per_minor=per).full_amounts(baskets["list_price"].astype("int64"))
    return float((full * off).sum() / baskets["list_price"].sum())


@taken_off_by_the_threshold_offer.mistake("You took the promise, the amount off by the full amount. What is left over in each basket earns nothing off.")
def _(off, per):
    return off / per


@taken_off_by_the_threshold_offer.mistake("You took the mean of the baskets' shares. A small basket then counts as much as a large one.")
def _(baskets, off, per):
    return float(((baskets["list_price"] // per) * off / baskets["list_price"]).mean())
