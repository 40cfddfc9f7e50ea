"""What the cases of 4C found, in sentences whose numbers come from the data."""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.four_cs.case_worlds import ANSWERS, NOTHING, USES, Estate
from helpers.four_cs.cases import DEAR, NONE, best_answer, best_use
from helpers.stats.intervals import Estimate
from helpers.stats.offers import (
    PercentageOffer,
    ThresholdOffer,
    always_cheaper_from_minor,
    bands,
    effective_rate,
    saving_minor,
)
from helpers.withheld import silent_when_withheld

CODE = "CNY"  # of the invented cases

# ---------------------------------------------------------------- C08


def the_plot(estate: Estate) -> str:
    """What the decision is about: the flats, the households, what each use costs."""
    costs = words.listing(f"a {name} {estate.cost[use] / 1000:g}" for use, name in list(USES.items())[:2])
    parking = f"{USES['parking']} {estate.cost['parking'] / 1000:g}"
    return (
        f"{words.number(estate.flats)} flats are for sale, and {words.number(estate.households)} households are interested. "
        f"In millions of yuan, {costs.replace(' and ', ', ')} and {parking} would cost. Of each yuan that visitors say they "
        f"would pay, the head of finance counts on {100 * estate.counted:.0f} fen."
    )


def liked_and_paid(gains: pd.DataFrame) -> str:
    """What is liked most, what is paid for most, and why the two may differ."""
    liked, paid = gains["likes"].idxmax(), gains["surcharge"].idxmax()
    first = f"Liked most: *{USES[liked]}* ({gains.loc[liked, 'likes']:.1f} of 10)."
    second = f"The highest surcharge at which all flats would still be sold: *{USES[paid]}*, {_thousand(gains.loc[paid, 'surcharge'])}."
    if liked == paid:
        return f"{first} {second} Here both say the same."
    return (
        f"{first} {second} Liking adds up everybody's mild yes. The flats need only some of the households, and those are the ones "
        "for whom it solves something."
    )


def resale_prices(plain: Estimate, alike: Estimate) -> str:
    """The plain difference beside the one among like flats."""
    moved = abs(plain.value - alike.value)
    direction = "overstates" if plain.value > alike.value else "understates"
    return (
        f"Near a kindergarten a square metre costs {_more(plain.value)} than elsewhere, if all flats are thrown together. Among "
        f"flats alike in their way to the metro it is {_more(alike.value)} ({_range(alike.low, alike.high)}). The plain "
        f"number {direction} by {_yuan(moved)}, because flats near a kindergarten and others do not lie alike to the metro."
    )


def the_truth(adds_per_m2: float, alike: Estimate) -> str:
    """What was planted, beside what was found: only an invented town can say it."""
    holds = alike.low <= adds_per_m2 <= alike.high
    return (
        f"We made this town, so we know: a kindergarten near by adds {_yuan(adds_per_m2)} to a square metre. The interval among "
        f"like flats {'holds it' if holds else 'does not hold it, as happens 5 times in 100'}."
    )


def said_and_paid(table: pd.DataFrame) -> str:
    """The survey beside the resales."""
    by_way = table.set_index("way")
    counted, alike = by_way.loc["said, and counted on"], by_way.loc["resales, like with like"]
    fits = alike["low"] <= counted["value"] <= alike["high"]
    return (
        f"Visitors' words, as far as they are counted on, come to {_thousand(counted['value'])} a flat; what was paid elsewhere, like "
        f"with like, to {_thousand(alike['value'])} ({alike['low']:.0f} to {alike['high']:.0f}). "
        + (
            "The two do not contradict each other, and they were found in ways that err differently."
            if fits
            else "The two do not agree: before building, find out which of them is about our buyers."
        )
    )


def gains(table: pd.DataFrame) -> str:
    """Which use leaves most, and whether that is sure."""
    best = best_use(table)
    if best == NONE:
        return "No use of the plot surely earns what it costs: each interval reaches below zero."
    row = table.loc[best]
    return (
        f"*{USES[best].capitalize()}* leaves {_million(row['gain'])} ({_range(row['low'] / 1000, row['high'] / 1000, digits=1)}). "
        + "The others: "
        + words.listing(f"{USES[use]} {_million(other['gain'])}" for use, other in table.drop(best).iterrows())
        + "."
    )


def gains_at(table: pd.DataFrame, *, counted: float) -> str:
    """The sentence under the playground."""
    best = best_use(table)
    first = f"If {100 * counted:.0f} fen of each yuan that people say are paid"
    return f"{first}, no use surely earns its cost." if best == NONE else f"{first}: {USES[best]}."


def use_facts(table: pd.DataFrame) -> dict[str, str]:
    """What the options of the decision are filled with."""
    facts = {
        use: f"{_million(row['gain'])} ({_range(row['low'] / 1000, row['high'] / 1000, digits=1)})"
        for use, row in table.iterrows()
    }
    best = best_use(table)
    facts["best"] = "none of them" if best == NONE else f"{USES[best]}, {facts[best]}"
    return facts


# ---------------------------------------------------------------- C12


def build_up(table: pd.DataFrame) -> str:
    """What the clerk's sentence leaves out."""
    change = (table["this"] - table["last"]).set_axis(table["part"])
    total = change.sum()
    largest = change.idxmax()
    return (
        f"This one is {total} yuan dearer than the last one. Sewing takes {_more(change['sewing'])}, the cloth {_more(change['cloth'])}, and "
        f"what the shop keeps {_more(change['what the shop keeps'])}. The largest part of the difference is {largest}."
    )


def answers(table: pd.DataFrame) -> str:
    """What each answer did beyond saying nothing, and which keeps most."""
    best = best_answer(table)
    others = [
        f"who {ANSWERS[answer]}: {_signed(100 * row['more'])} ({_signed(100 * row['low'])} to {_signed(100 * row['high'])})"
        for answer, row in table.drop(NOTHING).iterrows()
    ]
    first = (
        "No answer surely keeps more than saying nothing."
        if best == NOTHING
        else f"Most is kept by the clerk who {ANSWERS[best]}: {words.number(100 * table.loc[best, 'kept'])} yuan of 100 who ask, "
        f"where saying nothing keeps {words.number(100 * table.loc[NOTHING, 'kept'])}."
    )
    return f"{first} Beyond saying nothing, in yuan of 100 who ask: the clerk {'; '.join(others)}."


def answer_facts(table: pd.DataFrame) -> dict[str, str]:
    """What the options of the decision are filled with."""
    facts = {answer: f"{words.number(100 * row['kept'])} yuan" for answer, row in table.iterrows()}
    facts["moved_cost"] = _yuan(table.loc["cost", "moved"])
    facts["moved_benefit"] = _yuan(table.loc["benefit", "moved"])
    facts["moved_discount"] = _yuan(table.loc["discount", "moved"])
    return facts


def acceptance_at(table: pd.DataFrame, *, price: int) -> str:
    """The sentence under the playground: who buys, who doubts, what is kept, after each answer."""
    here = table[table["price"] == price]
    says = [
        f"the clerk {ANSWERS[row.answer]}: {words.in_100(row.buys)} buy, {100 * row.doubts:.0f} doubt it, "
        f"{100 * row.leaves:.0f} find it too dear, {_yuan(row.kept)} kept"
        for row in here.itertuples()
    ]
    return f"At {price} yuan, if " + "; if ".join(says) + "."


@silent_when_withheld
def price_steps(table: pd.DataFrame) -> str:
    """Where the question of the case is asked of the company that is loaded."""
    first = table.iloc[0]
    return (
        f"Most often with *{words.plain(first['kind'])}*: {words.count(int(first['dear']), 'purchase')} of {words.number(first['pairs'])} "
        f"cost at least {DEAR:g} times what the same customer had paid for a piece of that kind before. There somebody stands who has a price in mind, "
        "and here is where an answer is worth writing down."
    )


# ---------------------------------------------------------------- two offers


def two_offers(threshold: ThresholdOffer, percentage: PercentageOffer, *, price_minor: int) -> str:
    """What both cost at one price, and where each is the cheaper one."""
    pays = words.money(threshold.pays_minor(price_minor), code=CODE, cents=True)
    other = words.money(percentage.pays_minor(price_minor), code=CODE, cents=True)
    saving = saving_minor(threshold, percentage, price_minor)
    off, per = threshold.off_minor / 100, threshold.per_minor / 100
    first = always_cheaper_from_minor(threshold, percentage)
    inside = [
        f"{words.number(band.from_minor / 100)} to {words.number(band.below_minor / 100, digits=2)}"
        for band in bands(threshold, percentage, up_to_minor=first or 10 * threshold.per_minor)
        if band.cheaper == "first"
    ]
    where = f"{off:g} off per full {per:g} is the cheaper one at {words.listing(inside)}" if inside else ""
    always = f"from {words.number(first / 100)} on always" if first else ""
    return (
        f"At {words.money(price_minor, code=CODE)} the first offer costs {pays} "
        f"({100 * effective_rate(threshold, price_minor):.4g}% of list: {words.money(threshold.remainder_minor(price_minor), code=CODE)} "
        f"earn nothing off), the second {other}: {words.money(abs(saving), code=CODE, cents=True)} {'less' if saving > 0 else 'more'}. "
        + (
            f"{', and '.join(filter(None, [where, always]))}."
            if where or always
            else "The percentage is the cheaper one at every price."
        )
    )


def _yuan(value: float) -> str:
    return f"{'−' if round(value) < 0 else ''}{words.number(abs(value))} yuan"


def _thousand(value: float) -> str:
    """Thousands of yuan in words."""
    return f"{value:.0f} thousand yuan"


def _million(thousands: float) -> str:
    """Thousands of yuan as millions, with a sign where it is a loss.

    >>> _million(5760), _million(-600)
    ('5.8 million yuan', '−0.6 million yuan')
    """
    return f"{'−' if thousands < 0 else ''}{abs(thousands) / 1000:.1f} million yuan"


def _more(yuan: float) -> str:
    return f"{words.number(abs(yuan))} yuan {'more' if yuan >= 0 else 'less'}"


def _range(low: float, high: float, *, digits: int = 0) -> str:
    """Two ends of an interval: 23 to 41."""
    return " to ".join(
        f"{'−' if round(end, digits) < 0 else ''}{words.number(abs(end), digits=digits)}" for end in (low, high)
    )


def _signed(value: float) -> str:
    text = words.number(abs(value))
    return text if text == "0" else ("+" if value > 0 else "−") + text
