"""What the needs, the weights, the prices and the discounts say, in sentences whose numbers come from the data."""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.four_cs.discounts import Compared, Discounts, Spread, by_band
from helpers.four_cs.needs import C_NAMES, C_TO_P, Agreement, Needs
from helpers.four_cs.prices import (
    POINT_WORDS,
    BestPrice,
    Demand,
    Doubt,
    Points,
    PriceAnswers,
    says_of,
    where,
)
from helpers.four_cs.value import (
    PART_NAMES,
    Delivered,
    Heaviest,
    Marks,
    Weights,
    what_if,
)
from helpers.stats import offers
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, silent_when_withheld


def _steps(one: Estimate, digits: int = 2) -> str:
    return f"{one.value:.{digits}f} (95%: {one.low:.{digits}f} to {one.high:.{digits}f})"


def with_range(one: Estimate, code: str) -> str:
    """An amount with its interval."""
    return f"{words.money(one.value, code=code)} (95%: {words.money(one.low, code=code)} to {words.money(one.high, code=code)})"


def _quoted(statement: str) -> str:
    return f"“{words.plain(statement)}”"


def _set_aside(table: pd.DataFrame, noun: str) -> str:
    """What could not be used, with the reasons; empty when all could."""
    if table.empty:
        return ""
    parts = [f"{words.count(int(n), noun)}: {reason}" for reason, n in table.itertuples(index=False)]
    return f"Set aside: {'; '.join(parts)}."


# ---------------------------------------------------------------- needs


@silent_when_withheld
def needs(found: Needs) -> list[str]:
    """How many needs there are, what nobody serves, and what is answered with another P."""
    cards = found.cards
    said = [
        f"The list has {words.count(len(cards), 'need')}; {len(found.important)} of them are important (from {found.least:g} of 10). "
        f"{int(cards['served'].sum())} have an action; of the {int((~cards['served']).sum())} without, {len(found.unserved)} "
        f"{'is' if len(found.unserved) == 1 else 'are'} important. {_set_aside(found.set_aside, 'card')}".strip()
    ]
    said.append(unserved(found))
    said.append(misdirected(found))
    return [one for one in said if one]


def unserved(found: Needs | Withheld) -> str:
    """The important needs without an action."""
    if isinstance(found, Withheld):
        return ""
    rows = found.unserved
    if rows.empty:
        return "Every important need has an action."
    first = rows.iloc[0]
    others = f" {words.count(len(rows) - 1, 'other important need')} {'has' if len(rows) == 2 else 'have'} none either." if len(rows) > 1 else ""
    return f"**Nobody serves {_quoted(first['statement'])}** ({C_NAMES[first['c']]}, importance {first['importance']:g} of 10).{others}"


def misdirected(found: Needs | Withheld) -> str:
    """The important needs that are answered with another P than their own."""
    if isinstance(found, Withheld) or found.misdirected.empty:
        return ""
    first = found.misdirected.iloc[0]
    others = len(found.misdirected) - 1
    said = (
        f"{_quoted(first['statement'])} is a matter of {C_NAMES[first['c']]} and is answered with {first['p']} "
        f"({_quoted(first['action'])}); its own P is {C_TO_P[first['c']]}."
    )
    return said + (f" {words.count(others, 'other need')} {'is' if others == 1 else 'are'} answered beside the point, too." if others else "")


@silent_when_withheld
def gaps(table: pd.DataFrame) -> str:
    """Where the gap is widest."""
    first = table.iloc[0]
    return (
        f"The gap is widest for {C_NAMES[first['c']]}: importance {first['importance']:.1f}, delivery {first['delivery']:.1f} on "
        f"{words.count(int(first['needs']), 'need')}. Both are the company's own marks."
    )


@silent_when_withheld
def levers(table: pd.DataFrame) -> str:
    """How many actions each P has, and which lack an owner or a metric."""
    parts = [f"{row.p} {row.actions}" for row in table.itertuples()]
    bare = int(table["without_owner"].sum()), int(table["without_metric"].sum())
    lack = f" {bare[0]} have no owner and {bare[1]} no metric." if any(bare) else " All have an owner and a metric."
    return f"Actions by P: {words.listing(parts)}.{lack}"


@silent_when_withheld
def agreement(found: Agreement) -> str:
    """How far two people sorted alike."""
    said = f"Two people sorted {found.both} needs; {found.alike} stand under the same C (kappa {found.kappa:.2f}: 1 is full agreement, 0 is chance)."
    if len(found.apart):
        first = found.apart.iloc[0]
        said += f" They differ on {_quoted(first['statement'])}: {C_NAMES[first['c']]} or {C_NAMES[first['c_second']]}?"
    return said


# ---------------------------------------------------------------- value


@silent_when_withheld
def asked(found: Marks) -> str:
    """Who answered, and what was set aside."""
    return f"{words.count(len(found.table), 'customer')} drawn by lot marked everything. {_set_aside(found.set_aside, 'sheet')}".strip()


@silent_when_withheld
def weights(found: Weights) -> list[str]:
    """What weighs most among the values, and how much is accounted for."""
    values = found.table[found.table["kind"] == "value"].sort_values("weight", ascending=False)
    said = []
    if len(values):
        top = values.iloc[0]
        said.append(
            f"Of what they get, {PART_NAMES[top['part']]} weighs most: one step more goes with "
            f"{_steps(Estimate(top['weight'], top['low'], top['high']))} steps of the judgement."
        )
    said.append(
        f"The eight marks together account for {words.percent(found.r2)} of the differences between {words.count(found.n, 'sheet')}."
    )
    if found.turned:
        said.append(
            f"Left out, because the scale looks turned round: {words.listing([PART_NAMES[name] for name in found.turned])}. "
            "Check whether 10 was printed as much or as little, and turn it."
        )
    return said


@silent_when_withheld
def heaviest(found: Heaviest, weighed: Weights) -> str:
    """Which cost weighs most, whether that is sure, and whether it is the one that people mark highest."""
    own = weighed.table.set_index("part").loc[found.part]
    estimate = Estimate(own["weight"], own["low"], own["high"])
    name = PART_NAMES[found.part]
    if not found.surely:
        return (
            f"Of the four costs, {name} comes out heaviest, {_steps(estimate)}, but no more than chance could make of costs that weigh "
            "alike. Do not choose by this."
        )
    said = f"**Of the four costs, {name} weighs most**: one step less of it goes with {_steps(estimate)} steps of the judgement"
    against = found.against("money_cost")
    if against is not None:
        money = weighed.table.set_index("part").loc["money_cost"]
        said += f", one step less of money with {_steps(Estimate(money['weight'], money['low'], money['high']))}"
    said += "."
    if found.loudest != found.part:
        said += f" Yet {PART_NAMES[found.loudest]} is what they mark highest: loud is not heavy."
    return said


@silent_when_withheld
def delivered(found: Delivered) -> str:
    """Value, cost and what is left."""
    return (
        f"In {found.unit}: values {found.value:.2f}, costs {found.cost:.2f}, delivered value **{found.delivered:.2f}** "
        f"({found.ratio:.2f} of value for each unit of cost)."
    )


@silent_when_withheld
def what_moves(found: Weights, *, steps: dict[str, float]) -> str:
    """What some steps would move, were the weights causes."""
    if not any(steps.values()):
        return "Nothing has been moved yet."
    move = what_if(found, steps)
    parts = [f"{PART_NAMES[part]} {value:+g}".replace("-", "−") for part, value in steps.items() if value]
    return (
        f"With {words.listing(parts)} the judgement would move by {_steps(move)} of 10. That is an assumption: sheets show what goes "
        "together. A trial with some customers, drawn by lot, would settle it."
    )


# ---------------------------------------------------------------- prices


@silent_when_withheld
def price_answers(found: PriceAnswers, name: str = "") -> str:
    """Who answered on which product, and what was set aside."""
    what = words.plain(name or found.product_id)
    return (
        f"{words.count(found.read, 'customer')} answered the four price questions on {what}; {words.number(len(found.table))} "
        f"gave prices that make sense. {_set_aside(found.set_aside, 'sheet')}"
    ).strip()


@silent_when_withheld
def band(found: Points, *, code: str, short: bool = False) -> str:
    """The acceptable band, and unless short the points in it and how it was read."""
    said = f"**Acceptable prices go from {with_range(found['pmc'], code)} to {with_range(found['pme'], code)}.** "
    if short:
        return said.strip()
    inner = [f"{POINT_WORDS[name]} {words.money(found[name].value, code=code)}" for name in ("opp", "idp")]
    rule = "as published in 1976" if found.convention == "1976" else "with the pair of curves that much of the web uses"
    return said + f"Between them: {words.listing(inner)}. The ends are read {rule}, from {words.count(found.n, 'answer')}."


def two_conventions(one: Points | Withheld, other: Points | Withheld, *, code: str) -> str:
    """How far the two readings of the band lie apart."""
    if isinstance(one, Withheld) or isinstance(other, Withheld):
        return ""
    ends = [[words.money(points[name].value, code=code) for name in ("pmc", "pme")] for points in (one, other)]
    return (
        f"The same answers, read with the other pair of curves, give {ends[1][0]} to {ends[1][1]} in place of {ends[0][0]} to {ends[0][1]}. "
        "Whoever names a band should say which pair was used."
    )


@silent_when_withheld
def at_price(answers: PriceAnswers, *, price: float, code: str) -> str:
    """What 100 customers say of one price (in major units)."""
    said = says_of(answers, price=price, code=code)
    parts = [f"{100 * share:.0f} call it {name}" for name, share in said.items() if share >= 0.005]
    return f"Of 100 customers, {words.listing(parts)}."


@silent_when_withheld
def demand(found: Demand, best: BestPrice, *, code: str) -> str:
    """Where the revenue is largest."""
    said = (
        f"**The revenue is largest at {with_range(best.price, code)}**: there {words.in_100(best.share)} say yes. Of the prices that were offered, "
        f"{words.money(best.offered_minor, code=code)} brings in most. {_set_aside(found.set_aside, 'answer')}"
    ).strip()
    if best.at_end:
        said += " That is the end of what was offered, so a better price may lie beyond it."
    return said + " What people say they would pay is usually more than they do pay: try it in a few shops, drawn by lot."


def contribution(best: BestPrice | Withheld, *, code: str, cost_minor: int) -> str:
    """Where the contribution is largest, when the cost of a piece is known."""
    if isinstance(best, Withheld) or not cost_minor:
        return ""
    return (
        f"Revenue is not profit. A piece costs {words.money(cost_minor, code=code)}; what is left after that is largest at "
        f"{with_range(best.price, code)}, where {words.in_100(best.share)} say yes."
    )


@silent_when_withheld
def doubt(found: Doubt, *, code: str) -> str:
    """Whether a low price is refused where a higher one is taken."""
    low, best = words.money(found.lowest_minor, code=code), words.money(found.best_minor, code=code)
    if found.found:
        return (
            f"**Too cheap breeds doubt**: at {low} {words.in_100(found.lowest)} say yes, at {best} {words.in_100(found.best)}. So low a "
            "price would lose buyers."
        )
    return f"A low price frightens nobody here: at {low} {words.in_100(found.lowest)} say yes, at {best} {words.in_100(found.best)}."


@silent_when_withheld
def around_expected(table: pd.DataFrame) -> str:
    """Acceptance far below, near and far above the expected price."""
    by = table.set_index("step")["share"]
    return (
        f"Close to the price that a person expects (up to 15% below) {words.in_100(by['up to 15% below'])} say yes; 30% or more below it "
        f"{words.in_100(by['30% or more below'])}, 30% or more above it {words.in_100(by['30% or more above'])}."
    )


def list_price(found: Points | Withheld, *, list_minor: int | None, code: str) -> str:
    """Where today's list price stands; empty where it is not known."""
    if isinstance(found, Withheld) or not list_minor:
        return ""
    place = {"below": "below the band", "inside": "inside the band", "above": "above the band"}[where(found, list_minor)]
    return f"Today's list price, {words.money(list_minor, code=code)}, lies {place}."


def proposal(found: Points | Withheld, *, price_minor: int | None, cut: float, code: str) -> str:
    """What the band says of a price that somebody proposes."""
    if isinstance(found, Withheld) or not price_minor:
        return ""
    place = where(found, price_minor)
    price = words.money(price_minor, code=code)
    said = {
        "below": f"{words.percent(cut)} off the list, {price}, lies **below the band**: more call it too cheap than not cheap.",
        "inside": f"{words.percent(cut)} off the list, {price}, lies inside the band: few would doubt it. Whether it earns more is another question.",
        "above": f"Even with {words.percent(cut)} off, {price} lies **above the band**.",
    }[place]
    end = found["pmc" if place == "below" else "pme"]
    return said + (" The interval of the band's end holds it, so this is close." if end.low <= price_minor <= end.high else "")


# ---------------------------------------------------------------- discounts


@silent_when_withheld
def discounts(found: Discounts, *, code: str) -> str:
    """How much is taken off the list today."""
    table = by_band(found).set_index("band")
    left = "; ".join(f"{words.count(int(n), 'line')} {reason}" for reason, n in found.left_out.itertuples(index=False))
    return (
        f"From {words.day(found.first)} to {words.day(found.last)}, {words.count(len(found.baskets), 'order')} were worth "
        f"{words.money(found.list_minor, code=code)} at list prices, and {words.money(found.given_minor, code=code)} "
        f"(**{words.percent(found.rate, digits=1)}**) was taken off; {words.in_100(table.loc['full price', 'share'])} orders were paid in full."
        + (f" Not counted: {left}." if left else "")
    )


@silent_when_withheld
def spread(found: Spread, *, code: str) -> str:
    """How far prices paid for the same product lie apart, where no list price is known."""
    return (
        f"Without a list price, the price that most lines of a product had can stand for it. Of {words.count(found.lines, 'line')} on "
        f"{words.count(found.products, 'product')}, {words.percent(found.below / found.lines)} were sold below it and "
        f"{words.percent(found.above / found.lines)} above; what lies below comes to {words.money(found.below_minor, code=code)}. Why, the "
        "orders do not say: a discount, a large lot, or a new price."
    )


@silent_when_withheld
def compared(found: Compared, *, names: tuple[str, str]) -> str:
    """What two offers would take off the same baskets."""
    first, second = found.table.itertuples()
    return (
        f"On our own {words.count(found.baskets, 'basket')}, {names[0]} would take off {words.percent(first.rate, digits=1)} of the list and "
        f"{names[1]} {words.percent(second.rate, digits=1)}, if nobody bought anything else. The customer pays less with the first on "
        f"{words.number(first.cheaper_on)} of them, with the second on {words.number(second.cheaper_on)}."
    )


def one_basket(threshold: offers.ThresholdOffer, percentage: offers.PercentageOffer, *, price_minor: int, code: str) -> str:
    """One price with both offers."""
    paid, other = threshold.pays_minor(price_minor), percentage.pays_minor(price_minor)
    rest = threshold.remainder_minor(price_minor)
    show = lambda minor: words.money(minor, code=code, cents=True)
    return (
        f"A basket of {show(price_minor)} costs {show(paid)} with {offer_name(threshold, code=code)}: that is "
        f"{words.percent(offers.effective_rate(threshold, price_minor), digits=2)} of it, because {show(rest)} stays outside. With "
        f"{offer_name(percentage, code=code)} it costs {show(other)}, {show(abs(paid - other))} {'less' if other < paid else 'more'}."
    )


def crossings(threshold: offers.ThresholdOffer, percentage: offers.PercentageOffer, *, code: str) -> str:
    """From where on the threshold offer is the cheaper one for good."""
    always = offers.always_cheaper_from_minor(threshold, percentage)
    if always is None:
        return "The percentage takes off as much as the threshold at its best, or more: it is never the dearer one for long."
    return f"From {words.money(always, code=code)} on, {offer_name(threshold, code=code)} is always the cheaper one for the customer."


def offer_name(offer: offers.Offer, *, code: str) -> str:
    """An offer in words."""
    if isinstance(offer, offers.PercentageOffer):
        return f"{offer.pays_percent:g}% of the list price"
    return f"{words.money(offer.off_minor, code=code)} off per full {words.money(offer.per_minor, code=code)}"
