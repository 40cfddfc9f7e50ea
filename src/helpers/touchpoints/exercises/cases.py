"""The exercises of the cases about asking and about words (C03, C04), and what those of all cases are worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from helpers import words
from helpers.data.company import Company
from helpers.stats.offers import always_cheaper_from_minor
from helpers.teaching import Card, Option, exercise, sorting
from helpers.touchpoints import case_findings, case_worlds, cases, running, scenes
from helpers.touchpoints.scenes import BETTER, THRESHOLD


def inputs(company: Company, *, as_of: date, world: str = "first") -> Mapping[str, Any]:
    """What the exercises of all cases are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    world : str
        A key of `case_worlds.WORLDS`.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    one = case_worlds.world(world)
    return {
        "contacts": company.contacts,
        "as_of": as_of,
        "code": company.currency,
        "launch": one.launch,
        "advisers": case_worlds.advisers(alike=one.alike),
        "guests": lambda advisers: cases.table_of_guests(advisers),
        "shoe": one.shoe,
        "charger": one.charger,
        "dock_way": case_worlds.chain_of_the_dock(),
        "stays_away": 0.02,
        "screen": one.screen,
        "calls": case_worlds.callers(known=one.known),
        "bank": one.bank,
        "steps": lambda bank: _steps(bank),
        "thanks": one.thanks,
        "fee": one.fee,
        "brochures": one.brochures,
        "found_cases": lambda contacts, as_of: running.cases_of(contacts, as_of=as_of),
    }


def _steps(bank):
    import pandas as pd

    return pd.DataFrame({"step": list(bank.counter), "minutes": list(bank.counter.values())})


# ---------------------------------------------------------------- C03


@exercise(
    "C03.1",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S39"],
    hints=["Machines a day for both claims: the count, over the days.", "Then the first over the second."],
    means="Two claims about one launch that differ by this factor cannot both count the same thing in the same place.",
)
def claims_apart(launch):
    """How many times as many machines a day does the source claim as the other summary does?"""
    return (launch.claimed / launch.claimed_days) / (launch.other / launch.other_days)


@claims_apart.mistake("You divided the counts. One is of 60 days and the other of 122: divide each by its days first.")
def _(launch):
    return launch.claimed / launch.other


@claims_apart.mistake("That is the source's number of machines a day. How many times the other one is it?")
def _(launch):
    return launch.claimed / launch.claimed_days


@claims_apart.mistake("The other way round: the source's claim is the larger one.")
def _(launch):
    return (launch.other / launch.other_days) / (launch.claimed / launch.claimed_days)


@exercise(
    "C03.2",
    minutes=4,
    spreadsheet=True,
    digits=1,
    covers=["S39"],
    hints=[
        "Let the market be 100 and the firm's sales 10: a share of 10%. What are both a year later?",
        "Divide one growth factor by the other, and take 1 away. Growth of 25% is a factor of 1.25.",
    ],
    means="High growth can hide a falling share. The laboratory of the story did not know how to work it out.",
)
def change_of_share(launch):
    """By how many percent did the firm's market share change? (Below 0 if it fell.)"""
    return 100 * ((1 + launch.sales_grew) / (1 + launch.market_grew) - 1)


@change_of_share.mistake("Growth rates do not subtract: divide the factors, 1.25 by 1.45, and take 1 away.")
def _(launch):
    return 100 * (launch.sales_grew - launch.market_grew)


@change_of_share.mistake("That is how the sales changed. The share is sales over market.")
def _(launch):
    return 100 * launch.sales_grew


@change_of_share.mistake("The other way round: that is the market over the firm.")
def _(launch):
    return 100 * ((1 + launch.market_grew) / (1 + launch.sales_grew) - 1)


@exercise(
    "C03.3",
    minutes=2,
    spreadsheet=True,
    digits=0,
    covers=["S38"],
    hints=[
        "Three cheques a month are 36 a year; one bill a month is 12.",
        "Take the difference for one customer, times the number of customers.",
    ],
    means="Nobody had counted writing cheques as a touchpoint. A bill is one.",
)
def cheques_saved(launch):
    """How many cheques a year does one bill a month save all 4,500 customers together?"""
    return 12 * (launch.cheques_a_month - 1) * launch.customers


@cheques_saved.mistake("That is for one customer. There were 4,500.")
def _(launch):
    return 12 * (launch.cheques_a_month - 1)


@cheques_saved.mistake("Those are all the cheques of before. One bill a month stays.")
def _(launch):
    return 12 * launch.cheques_a_month * launch.customers


@cheques_saved.mistake("That is for a month. A year has twelve.")
def _(launch):
    return (launch.cheques_a_month - 1) * launch.customers


@exercise(
    "C03.4",
    minutes=2,
    kind="predict",
    spreadsheet=True,
    within=5,
    covers=["S39"],
    hints=["With ten suggestions the interval is wide: below 90 by far more than above it.", "Between 55 and 70."],
    means="Ten of anything leave much room, and one person's ten are no sample at all.",
)
def how_low_it_may_be():
    """Nine of ten suggestions were taken up. Where does the 95% interval begin, in percent?"""
    return cases.lower_end(9, 10)


@how_low_it_may_be.mistake("That is the share itself. With ten suggestions the truth may lie far below it.")
def _():
    return 90.0


@how_low_it_may_be.mistake("So narrow an interval takes a hundred suggestions, not ten.")
def _():
    return cases.lower_end(90, 100)


@exercise(
    "C03.5",
    minutes=3,
    spreadsheet=True,
    digits=0,
    covers=["S39"],
    hints=["A need counts if at least one guest has a 1 in its column.", "Add up each column, and count the columns that are not 0."],
    means="What counts is how many different needs are on the table, not how often the loudest one is said.",
)
def needs_on_the_table(guests):
    """Of how many different needs did at least one of these guests speak?"""
    return int((guests.drop(columns="guest").sum() > 0).sum())


@needs_on_the_table.mistake("You counted how often needs were named. The same need said by ten guests is one need.")
def _(guests):
    return int(guests.drop(columns="guest").sum().sum())


@needs_on_the_table.mistake("You counted guests who said something. The question is of needs: look down the columns, not along the rows.")
def _(guests):
    return int((guests.drop(columns="guest").sum(axis=1) > 0).sum())


@needs_on_the_table.mistake("You counted needs that two guests or more spoke of. One is enough to hear it.")
def _(guests):
    return int((guests.drop(columns="guest").sum() > 1).sum())


@exercise(
    "C03.6",
    minutes=2,
    kind="judge",
    covers=["S39"],
    options={
        "unhappy": Option(
            "Twenty who are unhappy",
            "Yes: they bring {unhappy} of the needs to the table; guests by lot {lot}, content ones {content}. They know what is missing, and say so.",
            "Not here: they bring {unhappy} of the needs, guests by lot {lot}, content ones {content}. Here one trouble fills their heads.",
        ),
        "content": Option(
            "Twenty who are content: they know what works",
            "Yes, here: they bring {content} of the needs, guests by lot {lot}, unhappy ones {unhappy}. One trouble fills the heads of the unhappy.",
            "They are pleasant guests, and bring {content} of the needs; unhappy ones bring {unhappy}, guests by lot {lot}.",
        ),
        "lot": Option(
            "Twenty drawn by lot",
            "Yes: they bring {lot} of the needs; unhappy ones {unhappy}, content ones {content}.",
            "For a survey, yes. To hear of needs, not here: by lot {lot}, unhappy {unhappy}, content {content}.",
        ),
    },
    means="To count, draw by lot. To hear what you did not know, ask those who have reason to tell you, and check that they do not all tell the same.",
)
def guests_to_invite(advisers):
    """Twenty seats. Whom do you invite to hear most of what customers need?"""
    return cases.best_guests(advisers)


@guests_to_invite.facts
def _(advisers):
    return case_findings.guest_facts(advisers)


# ---------------------------------------------------------------- C04


@exercise(
    "C04.1",
    minutes=3,
    spreadsheet=True,
    digits=2,
    covers=["S42"],
    hints=["How many *full* 200s are in the price?", "Take 80 off for each of them; what is left over is paid in full."],
    means="What does not fill a 200 is paid in full: that is what the customer asks about.",
)
def pays_with_threshold(shoe):
    """What does he pay with “80 off per full 200”, in yuan?"""
    return THRESHOLD.pays_minor(100 * shoe.price) / 100


@pays_with_threshold.mistake("80 is taken off for *each* full 200, not once.")
def _(shoe):
    return float(shoe.price - 80)


@pays_with_threshold.mistake("You counted the rest as another full 200. It is not full, so nothing is taken off for it.")
def _(shoe):
    return float(shoe.price - 80 * (shoe.price // 200 + 1))


@pays_with_threshold.mistake("You took 80 of 200 off the whole price. The rest that does not fill a 200 is paid in full.")
def _(shoe):
    return shoe.price * 0.6


@exercise(
    "C04.2",
    minutes=2,
    spreadsheet=True,
    digits=2,
    covers=["S42"],
    hints=["In Chinese, the number before 折 says what is *paid*.", "Take 65 of 100 of the price on the label."],
    means="The source prints ten times as much: a decimal point was lost. Work prices out before you print them.",
)
def pays_with_percentage(shoe):
    """What does he pay at 65折, in yuan?"""
    return BETTER.pays_minor(100 * shoe.price) / 100


@pays_with_percentage.mistake("65折 means that 65 of 100 are *paid*, not taken off.")
def _(shoe):
    return shoe.price * 0.35


@pays_with_percentage.mistake("The seller took 65 of 100 of the price on the label, not of what was left after the first offer.")
def _(shoe):
    return 0.65 * THRESHOLD.pays_minor(100 * shoe.price) / 100


@exercise(
    "C04.3",
    minutes=2,
    kind="predict",
    spreadsheet=True,
    within=50,
    covers=["S42"],
    hints=[
        "80 of 200 is 40 of 100, more than the 35 that the percentage takes off; only the unfilled rest spoils it.",
        "Among many 200s the rest weighs less and less. Try 1,200, 1,400 and 1,600, each just below the next full 200.",
    ],
    means="For dear purchases the threshold is the better deal, for cheap ones it depends on the last few yuan. Shops choose their offer by that.",
)
def threshold_wins_from():
    """From which price on is “80 off per full 200” always the lower one? A guess within 50 yuan counts."""
    return always_cheaper_from_minor(THRESHOLD, BETTER) / 100


@threshold_wins_from.mistake("At 200 it is lower, and soon not: at 230 the percentage wins again.")
def _():
    return 200.0


@threshold_wins_from.mistake("Just there it is lower, and just below the next full 200 the percentage wins once more.")
def _():
    return 1200.0


@exercise(
    "C04.4",
    minutes=4,
    spreadsheet=True,
    digits=2,
    covers=["S42"],
    hints=[
        "What does a sale at 65 of 100 leave, after the cost of the shoes?",
        "Times the share who buy before the sentence, less the share who buy after it.",
    ],
    means="Set it beside the concession: the few yuan of the better offer are written down, the sentence is not.",
)
def sentence_takes(shoe):
    """Where the sentence is said: what does it take for each customer who hesitates, in yuan?"""
    return (shoe.buys_better - shoe.buys_after) * (BETTER.pays_minor(100 * shoe.price) / 100 - shoe.cost)


@sentence_takes.mistake("You took the price. What is lost is what the sale would have left: take the cost of the shoes off first.")
def _(shoe):
    return (shoe.buys_better - shoe.buys_after) * BETTER.pays_minor(100 * shoe.price) / 100


@sentence_takes.mistake(
    "That is what is left of a sale after the sentence. The question is what the sentence takes: the *difference* of the shares."
)
def _(shoe):
    return shoe.buys_after * (BETTER.pays_minor(100 * shoe.price) / 100 - shoe.cost)


@sentence_takes.mistake("You took the sale at the shop's own offer. The customer had been given 65 of 100.")
def _(shoe):
    return (shoe.buys_better - shoe.buys_after) * (THRESHOLD.pays_minor(100 * shoe.price) / 100 - shoe.cost)


@sorting(
    "C04.5",
    minutes=3,
    covers=["S42"],
    piles={"say": "Say it", "drop": "Leave it away"},
    cards={
        "lucky": Card(
            "“You are in luck today: this price is for the holiday. I hope the shoes and the price please you.”",
            "say",
            "The source's own line; true, if the price is for the holiday.",
        ),
        "kind": Card(
            "“You got a good price; our manager is generous.”",
            "drop",
            "The gain becomes a gift from somebody who need not have given it.",
            {
                "say": "Friendly, and nearly the sentence of the story: the price is a favour, so the customer owes thanks. Praise the choice, not the manager."
            },
        ),
        "care": Card("“Here is how the leather stays soft; the tin is on the house.”", "say", "A small favour, and something of use."),
        "never": Card("“I would never have given you that.”", "drop", "The sentence itself."),
        "choice": Card("“You chose the pair that can be resoled.”", "say", "Praise for what the customer did."),
        "others": Card(
            "“Others pay the full price for these.”",
            "drop",
            "It makes others look foolish, and this customer a haggler.",
            {
                "say": "It is meant as *you did well*. It says that the price is a matter of how hard one asks, and the next customer hears it."
            },
        ),
    },
    hints=["After the sentence, who feels clever: the customer, or the shop?"],
    means="Between decision and till nothing has to be sold any more. The customer only has to stay glad.",
)
def at_the_till():
    """The customer is on the way to the till. What may the second seller say?"""


@exercise(
    "C04.6",
    minutes=2,
    kind="judge",
    covers=["S42"],
    options={
        "offer": Option(
            "The price: let sellers give the better offer",
            "Yes, with these numbers: it adds {offer} for each customer who hesitates; the sentence takes {sentence}, because it is said in {often} sales only.",
            "With these numbers it adds {offer} for each customer who hesitates; the sentence, said in {often} sales, takes {sentence}.",
        ),
        "words": Option(
            "The words: an hour on what is said between decision and till",
            "Yes: the sentence takes {sentence} for each customer who hesitates, said in {often} sales; the better offer adds {offer}.",
            "Here the sentence takes only {sentence}, because it is said in {often} sales; the better offer adds {offer}.",
        ),
    },
    means="How often it is said is the number that nobody in the story had. Somebody would have to stand beside the till and count.",
)
def price_or_words(shoe):
    """Decide again: what is the next training hour for?"""
    return "words" if scenes.sentence_costs(shoe) > scenes.offer_adds(shoe) else "offer"


@price_or_words.facts
def _(shoe):
    return {
        "offer": case_findings.yuan(scenes.offer_adds(shoe), 1),
        "sentence": case_findings.yuan(scenes.sentence_costs(shoe), 1),
        "often": words.in_100(shoe.said_in),
    }
