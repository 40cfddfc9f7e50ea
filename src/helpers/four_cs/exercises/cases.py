"""The exercises of the casebook of 4C (C08, C12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from helpers.four_cs import case_findings, case_worlds, cases
from helpers.teaching import Card, Option, exercise, sorting


def inputs(
    *, town: str = "families", market: str = "parents", people: int = 300, asked: int = 800, seed: int = 8
) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    town, market : str
        Settings of the invented town and shop; see `case_worlds`.
    people, asked, seed : int
        Visitors of the sales office, people who asked for the price, and the seed of both.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    resales = case_worlds.resales(town, seed=10 * seed)
    return {
        "town": town,
        "estate": case_worlds.Estate(),
        "visitors": case_worlds.visitors(town, people=people, seed=seed),
        "resales": resales,
        "blocks": cases.blocks(resales),
        "plot": lambda visitors: cases.gains(visitors),
        "garments": case_worlds.garments(market),
        "build_up": case_worlds.build_up(market),
        "asked": case_worlds.shoppers(market, people=asked, seed=seed + 4),
        "replies": lambda asked, build_up: cases.answers(asked, cost=cases.variable_cost(build_up)),
    }


# ---------------------------------------------------------------- C08


@sorting(
    "C08.1",
    minutes=5,
    covers=["S49"],
    piles={
        "solution": "Customer solution (解决方案)",
        "cost": "Customer cost (成本)",
        "convenience": "Convenience (便利)",
        "communication": "Communication (沟通)",
    },
    cards={
        "nowhere": Card(
            "There is no kindergarten that we can reach. We have nowhere to leave the child in the daytime.",
            "solution",
            "Something is needed that nobody supplies.",
            {
                "convenience": "Convenience is the ease of learning about the flat, buying it and using it. Here the thing itself is missing."
            },
        ),
        "gate": Card(
            "Every afternoon one of us drops everything and waits at the school gate.",
            "cost",
            "Time and trouble are paid, only without a bill.",
            {
                "convenience": "It is a nuisance, and the word is near. What is given up is time: an indirect cost of living there.",
                "solution": "What would solve it comes next. What she speaks of is what it costs her: time, each afternoon.",
            },
        ),
        "late": Card(
            "I am late at the office three mornings a week, and it is taken off my pay.",
            "cost",
            "Money that no price list shows: indirect spending.",
            {
                "solution": "What he needs is a way to bring the child. What he tells you is what it costs him not to have one."
            },
        ),
        "bathroom": Card(
            "My mother will move in with us: one bathroom will not do.",
            "solution",
            "What the flat has to be able to do.",
        ),
        "fees": Card(
            "The price was clear. The fees for heating and for the lift came as a surprise.",
            "cost",
            "Direct spending that comes after the price.",
            {
                "communication": "It should have been said, true. What hurts is the money: what it costs to use the flat."
            },
        ),
        "hours": Card(
            "The sales office is open when I am at work.",
            "convenience",
            "Buying is made hard.",
            {"communication": "They would speak to you, if you could come. The way to buy is closed."},
        ),
        "three": Card(
            "I have to come three times: for the plan, for the key, for the contract.",
            "convenience",
            "Three ways where one would do.",
            {
                "cost": "It takes time as well. Here it is the way of buying that makes it: that is what convenience means."
            },
        ),
        "flyer": Card(
            "Your flyer says university city. Nobody could tell me what that means for a child of three.",
            "communication",
            "A message that does not reach her question.",
        ),
        "noise": Card(
            "In March I asked about the noise of the road, and I am still waiting for an answer.",
            "communication",
            "Contact that left a bad feeling.",
            {"solution": "The windows may be as good as they like: what she complains of is that nobody answered."},
        ),
    },
    hints=[
        "Ask of each card: is something missing, does it take something from them, is the way hard, or was nobody heard?",
        "Waiting and lost pay are costs, although nobody writes a bill for them.",
    ],
    means="One kindergarten would take two cards of the costs and one of the solutions away. No price cut would do that.",
)
def needs_of_visitors():
    """Nine things that visitors said in the sales office. Which C does each speak of?"""


@exercise(
    "C08.2",
    minutes=4,
    spreadsheet=True,
    digits=0,
    covers=["S54"],
    hints=[
        "1,800 households want 600 flats: 1 of 3. So 1 of 3 visitors has to say yes.",
        "Sort `pays_kindergarten` from the largest down and read off the one at a third: LARGE(column, rows / 3).",
    ],
    means="It is the price at the edge: whoever would pay more buys too, and whoever would pay less is not needed.",
)
def surcharge_for_a_kindergarten(visitors, estate):
    """The highest surcharge for a kindergarten at which all flats are sold, in thousands of yuan, as people say."""
    needed = int(np.ceil(len(visitors) * estate.flats / estate.households))
    return visitors["pays_kindergarten"].sort_values(ascending=False).iloc[needed - 1]


@surcharge_for_a_kindergarten.mistake(
    "That is the mean. Nobody pays the mean: those with a child would pay far more, and most others nothing."
)
def _(visitors, estate):
    return visitors["pays_kindergarten"].mean()


@surcharge_for_a_kindergarten.mistake(
    "That is the mean of those who have a small child. At that price too few of them buy to fill the flats."
)
def _(visitors, estate):
    return visitors.loc[visitors["child"], "pays_kindergarten"].mean()


@surcharge_for_a_kindergarten.mistake(
    "You counted the third from the wrong end: at that surcharge two of three would buy."
)
def _(visitors, estate):
    needed = int(np.ceil(len(visitors) * estate.flats / estate.households))
    return visitors["pays_kindergarten"].sort_values().iloc[needed - 1]


@exercise(
    "C08.3",
    minutes=5,
    spreadsheet=True,
    digits=0,
    covers=["S54"],
    hints=[
        "There are two differences: one among flats near the metro, one among the others.",
        "Each counts with the flats of its group: times its flats, then over all flats.",
    ],
    means="That is what near and far differ by when the way to the metro is alike. What else differs, nobody wrote down.",
)
def difference_like_with_like(blocks):
    """Near a kindergarten less far from one, among flats alike in their way to the metro, in yuan a square metre."""
    prices = blocks.pivot(index="near_metro", columns="near_kindergarten", values="price_per_m2")
    flats = blocks.groupby("near_metro")["flats"].sum()
    return ((prices[True] - prices[False]) * flats).sum() / flats.sum()


@difference_like_with_like.mistake(
    "That throws all flats together. Those near a kindergarten and the others do not lie alike to the metro, and that is in your number."
)
def _(blocks):
    money = (blocks["price_per_m2"] * blocks["flats"]).groupby(blocks["near_kindergarten"]).sum()
    mean = money / blocks.groupby("near_kindergarten")["flats"].sum()
    return mean[True] - mean[False]


@difference_like_with_like.mistake(
    "That is what the metro adds. Hold near and far from a kindergarten against each other."
)
def _(blocks):
    prices = blocks.pivot(index="near_kindergarten", columns="near_metro", values="price_per_m2")
    flats = blocks.groupby("near_kindergarten")["flats"].sum()
    return ((prices[True] - prices[False]) * flats).sum() / flats.sum()


@difference_like_with_like.mistake("That is the difference among flats near the metro alone. The others count, too.")
def _(blocks):
    prices = blocks.pivot(index="near_metro", columns="near_kindergarten", values="price_per_m2")
    return prices.loc[True, True] - prices.loc[True, False]


@exercise(
    "C08.4",
    minutes=3,
    kind="judge",
    covers=["S49", "S51"],
    options={
        "kindergarten": Option(
            "A kindergarten: few want it, and those would pay for it",
            "Yes, here: it leaves {kindergarten}; the clubhouse {clubhouse}, the parking places {parking}.",
            "A kindergarten leaves {kindergarten} here. What surely leaves most: {best}.",
        ),
        "clubhouse": Option(
            "A clubhouse: nearly everybody likes it",
            "Yes, here: it leaves {clubhouse}; the kindergarten {kindergarten}, the parking places {parking}.",
            "A clubhouse leaves {clubhouse} here. What surely leaves most: {best}.",
        ),
        "parking": Option(
            "100 parking places: there are more cars every year",
            "Yes, here: they leave {parking}; the kindergarten {kindergarten}, the clubhouse {clubhouse}.",
            "Parking places leave {parking} here. What surely leaves most: {best}.",
        ),
        "none": Option(
            "None of them: a lawn, until we know more",
            "Yes, here: no use surely earns its cost. Kindergarten {kindergarten}, clubhouse {clubhouse}, parking {parking}.",
            "One of the three does surely earn more than it costs here: {best}.",
        ),
    },
)
def use_of_the_plot(plot):
    """Now with the figures: what is built on the plot?"""
    return cases.best_use(plot)


@use_of_the_plot.facts
def _(plot):
    return case_findings.use_facts(plot)


# ---------------------------------------------------------------- C12


@exercise(
    "C12.1",
    minutes=2,
    kind="predict",
    spreadsheet=True,
    within=0.15,
    covers=["S54"],
    hints=[
        "What does a metre of cloth of each garment cost? Divide its price by its metres.",
        "Then this one over the last one.",
    ],
    means="So much dearer does it look to a mother who thinks of clothes as cloth. That is the price she has in mind.",
)
def times_as_dear_a_metre(garments):
    """How many times as much does a metre of this garment cost as a metre of the last one?"""
    a_metre = (garments["price"] / garments["cloth_m"]).set_axis(garments["garment"])
    return a_metre["this"] / a_metre["last"]


@times_as_dear_a_metre.mistake(
    "That compares the prices alone. The last one was much bigger: divide each price by its cloth."
)
def _(garments):
    price = garments.set_index("garment")["price"]
    return price["this"] / price["last"]


@times_as_dear_a_metre.mistake("That compares the cloth alone: how many times as much of it was in the last one.")
def _(garments):
    cloth = garments.set_index("garment")["cloth_m"]
    return cloth["last"] / cloth["this"]


@times_as_dear_a_metre.mistake("You divided the wrong way round: how many times as dear is *this* one?")
def _(garments):
    a_metre = (garments["price"] / garments["cloth_m"]).set_axis(garments["garment"])
    return a_metre["last"] / a_metre["this"]


@exercise(
    "C12.2",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S54"],
    hints=[
        "Work is sewing and the safety test.",
        "This one less the last one: first of the work, then of the whole price.",
    ],
    means="So far the clerk's sentence is true. The rest of the difference has other reasons, and one of them is the shop.",
)
def work_in_the_difference(build_up):
    """Of every 100 yuan that this one is dearer, how many are work (sewing and safety test)?"""
    dearer = (build_up["this"] - build_up["last"]).set_axis(build_up["part"])
    return 100 * dearer[["sewing", "safety test"]].sum() / dearer.sum()


@work_in_the_difference.mistake(
    "That is the share of work in the price of this one. The question is about the difference between the two."
)
def _(build_up):
    this = build_up.set_index("part")["this"]
    return 100 * this[["sewing", "safety test"]].sum() / this.sum()


@work_in_the_difference.mistake("You left out what the shop keeps. The customer pays that, too.")
def _(build_up):
    dearer = (build_up["this"] - build_up["last"]).set_axis(build_up["part"]).drop("what the shop keeps")
    return 100 * dearer[["sewing", "safety test"]].sum() / dearer.sum()


@work_in_the_difference.mistake("That is the sewing alone. Somebody also tests that the garment is safe for a child.")
def _(build_up):
    dearer = (build_up["this"] - build_up["last"]).set_axis(build_up["part"])
    return 100 * dearer["sewing"] / dearer.sum()


@exercise(
    "C12.3",
    minutes=6,
    kind="write",
    spreadsheet=True,
    digits=1,
    covers=["S54", "S55"],
    hints=[
        "First, for each person: `expected_after` less `expected_before`.",
        "Then the mean of those with the answer `benefit`, less the mean of those with `nothing`.",
    ],
    means="Holding the garment moves the expected price, too. Only what comes on top of that belongs to the answer.",
)
def what_the_answer_adds(asked):
    """By how many yuan does telling what the child gets move the expected price beyond saying nothing?"""
    moved = (asked["expected_after"] - asked["expected_before"]).groupby(asked["answer"]).mean()
    return moved["benefit"] - moved["nothing"]


@what_the_answer_adds.mistake(
    "Those who were told nothing moved, too: they held the garment in their hands. Take that away."
)
def _(asked):
    own = asked[asked["answer"] == "benefit"]
    return (own["expected_after"] - own["expected_before"]).mean()


@what_the_answer_adds.mistake(
    "You looked at buyers only. Those who did not buy had heard the answer, too; and who buys after silence is not like who buys after an answer."
)
def _(asked):
    bought = asked[asked["bought"]]
    moved = (bought["expected_after"] - bought["expected_before"]).groupby(bought["answer"]).mean()
    return moved["benefit"] - moved["nothing"]


@what_the_answer_adds.mistake("That is the other answer, the one about our cost.")
def _(asked):
    moved = (asked["expected_after"] - asked["expected_before"]).groupby(asked["answer"]).mean()
    return moved["cost"] - moved["nothing"]


@exercise(
    "C12.4",
    minutes=3,
    kind="judge",
    covers=["S54", "S55"],
    options={
        "benefit": Option(
            "Tell what the child gets",
            "Yes, here: it keeps {benefit} of 100 who ask; the cost {cost}, 50 yuan off {discount}, saying nothing {nothing}.",
            "Here it keeps {benefit} of 100 who ask, and moves the expected price by {moved_benefit}. Another answer keeps more, "
            "or none can be told from saying nothing.",
        ),
        "cost": Option(
            "Tell what it costs us: the finer work",
            "Yes, here: it keeps {cost} of 100 who ask; what the child gets {benefit}, 50 yuan off {discount}, saying nothing {nothing}.",
            "Here it keeps {cost} of 100 who ask, and moves the expected price by {moved_cost}. Another answer keeps more, or none can "
            "be told from saying nothing.",
        ),
        "discount": Option(
            "Take 50 yuan off, quietly",
            "Yes, here: it keeps {discount} of 100 who ask; what the child gets {benefit}, the cost {cost}, saying nothing {nothing}. "
            "Look at what it does to the price that they expect next time: {moved_discount}.",
            "Here it keeps {discount} of 100 who ask: more of them buy, and each leaves less. Another answer keeps more, or none can be "
            "told from saying nothing.",
        ),
        "nothing": Option(
            "None yet: no answer can be told from saying nothing, so go on drawing lots",
            "Yes, here: no interval is above zero. Saying nothing keeps {nothing}, what the child gets {benefit}, the cost {cost}, 50 yuan "
            "off {discount}.",
            "Saying nothing keeps {nothing} of 100 who ask. One of the answers surely keeps more here.",
        ),
    },
)
def answer_for_the_clerks(replies):
    """Now with the figures: which answer do the clerks learn?"""
    return cases.best_answer(replies)


@answer_for_the_clerks.facts
def _(replies):
    return case_findings.answer_facts(replies)
