"""What the cases of conversion found, in sentences whose numbers come from their worlds. Money in yuan."""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.conversion import cases
from helpers.conversion.case_worlds import Agent, Coats, ColdCalls, Counter, Office, Showroom
from helpers.stats.intervals import difference_of_shares
from helpers.withheld import silent_when_withheld


def yuan(amount: float, digits: int = 0) -> str:
    """An amount in yuan."""
    return f"{'−' if round(amount, digits) < 0 else ''}{abs(amount):,.{digits}f} yuan"


# ---------------------------------------------------------------- C29


def office(one: Office) -> str:
    """What is known and supposed about the office."""
    made = words.listing(words.number(number) for number in one.visits)
    return (
        f"Of 100 orders, {one.closed[0]} came at the first visit, {one.closed[1]} at the second and the other {one.closed[2]} later; we count them as third visits. "
        f"Suppose that {made} first, second and third visits were made, that a visit costs {yuan(one.cost)} and an order leaves {yuan(one.margin)}."
    )


def visits(*, second: int, third_share: float) -> str:
    """The sentence under the playground of visits."""
    one = cases.with_visits(second, max(7, round(second * third_share)))
    table = cases.office_table(one)
    rates = words.listing(words.percent(rate) for rate in table["rate"])
    return f"The orders stay 70, 23 and 7. With {words.number(one.visits[1])} second and {words.number(one.visits[2])} third visits, the three succeed in {rates} of their visits."


@silent_when_withheld
def own_attempts(table: pd.DataFrame) -> str:
    """The visits of the company that is loaded."""
    first, best = table.iloc[0], table.sort_values(["rate", "attempt"], ascending=[False, True], kind="stable").iloc[0]
    return (
        f"In these data the first visit brings {words.percent(first['share_of_orders'])} of the orders and succeeds in {words.percent(first['rate'])} of its "
        f"{words.count(int(first['visits']), 'visit')}. Visit {best['attempt']} succeeds most often: {words.percent(best['rate'])} ({words.percent(best['low'])} to {words.percent(best['high'])}). "
        "Nobody was given a second visit by lot, so this does not say what one more visit would do."
    )


def lot(each: int, *, with_it: float = 0.35, without: float = 0.15) -> str:
    """What a lot with so many people in each half could tell, if it came out as supposed."""
    found = difference_of_shares(round(with_it * each), each, round(without * each), each)
    sure = "it would say that the visit helps" if found.low > 0 else "it could not say whether the visit helps"
    return (
        f"With {words.number(each)} in each half, the difference of {words.number(100 * found.value)} points would have an interval from {_points(found.low)} to "
        f"{_points(found.high)}: {sure}."
    )


def _points(share: float) -> str:
    return f"{'−' if round(100 * share) < 0 else ''}{abs(round(100 * share))}"


def office_facts(one: Office) -> dict[str, str]:
    """What the options of the decision are filled with."""
    first, second, third = cases.left_by_visit(one)
    return {"first": yuan(first), "second": yuan(second), "third": yuan(third)}


# ---------------------------------------------------------------- the short cases


def agent(*, commission: int) -> str:
    """The sentence under the playground of the agent."""
    one = Agent(commission=commission)
    found, best = cases.left_a_prospect(one), cases.best_way(one)
    names = {"core": "viewings and papers alone", "crafts": "the class for children as well", "all": "help in family matters as well"}
    return f"At a commission of {yuan(commission)}, most is left by {names[best]}: {yuan(found[best])} a prospect, {words.number(cases.hours_a_sale(one, best))} hours a sale."


def agent_says(one: Agent) -> str:
    """What is supposed about the agent."""
    names = {"core": "viewings and papers", "crafts": "a class for children besides", "all": "and help in family matters"}
    parts = [f"{names[way]}: {one.hours[way]:g} hours a prospect, {words.in_100(one.closes[way])} buy" for way in cases.WAYS]
    return f"Suppose a commission of {yuan(one.commission)} and {yuan(one.hour)} for an hour. {'; '.join(parts).capitalize()}."


def agent_facts(one: Agent) -> dict[str, str]:
    return {way: yuan(left) for way, left in cases.left_a_prospect(one).items()}


def showroom_says(one: Showroom) -> str:
    """What is supposed about the showroom."""
    return (
        f"Suppose that of 100 who leave undecided {words.number(100 * one.back_own)} come back after a close about the own make, and {words.in_100(one.buys_own)} of them buy. With advice on "
        f"other makes {words.number(100 * one.back_advice)} come back, and {words.in_100(one.buys_advice)} of them buy. A car leaves {yuan(one.margin)}, and a second talk costs {yuan(one.talk)}."
    )


def showroom(*, back: float) -> str:
    """The sentence under the playground of the showroom."""
    one = Showroom(back_advice=back)
    gain = cases.left_advice(one) - cases.left_own(one)
    return (
        f"If {words.in_100(back)} come back, {words.percent(cases.buys_needed(one), digits=1)} of them have to buy. With the {words.percent(one.buys_advice)} supposed, advice "
        f"leaves {yuan(abs(gain))} {'more' if gain >= 0 else 'less'} a visitor."
    )


def showroom_facts(one: Showroom) -> dict[str, str]:
    return {
        "own": yuan(cases.left_own(one)),
        "advice": yuan(cases.left_advice(one)),
        "needs": words.percent(cases.buys_needed(one), digits=1),
        "has": words.percent(one.buys_advice),
    }


def topics(*, may_mind: float) -> str:
    """The sentence under the playground of topics."""
    one = Counter(may_mind=may_mind)
    best = cases.best_topic(one)
    if best is None:
        return f"If no more than {words.percent(may_mind)} may mind, no topic is left to begin with."
    row = cases.by_topic(one).set_index("topic").loc[best]
    return (
        f"If no more than {words.percent(may_mind)} may mind, begin with *{best}*: a need in {words.percent(row['rate'])} of {row['raised']} talks, with an interval from "
        f"{words.percent(row['low'])} to {words.percent(row['high'])}. It is a small log."
    )


def topic_facts(one: Counter) -> dict[str, str]:
    table = cases.by_topic(one)
    facts = {row.topic: f"{words.percent(row.rate)} found a need, {words.percent(row.minds)} minded" for row in table.itertuples()}
    return facts | {"most": words.percent(one.may_mind)}


def cold_says(one: ColdCalls) -> str:
    """What is supposed about the calls."""
    passes = words.listing(words.percent(share) for share in one.shares)
    return (
        f"Suppose that the four gates are passed by {passes} of the calls that reach them; {words.in_100(one.closes)} talks end in an order that leaves {yuan(one.margin)}; a number that is dialled costs "
        f"{yuan(one.dial)}. A registered name on the display would lift the second gate to {words.percent(one.mended['label'][1])}, a better first sentence the third to "
        f"{words.percent(one.mended['first'][1])}, a better question the fourth to {words.percent(one.mended['interest'][1])}."
    )


def cold_facts(one: ColdCalls) -> dict[str, str]:
    return {name: yuan(cases.left_of_100(one, mended=name)) for name in one.mended} | {"now": yuan(cases.left_of_100(one))}


def coats_says(one: Coats) -> str:
    """What is supposed about coats."""
    return (
        f"Suppose that of 100 people who give advice {words.number(100 * one.qualified)} are qualified. Of those {words.percent(one.coat_if)} wear a coat, and of the others "
        f"{words.percent(one.coat_if_not)} do."
    )


def coats(*, coat_if_not: float) -> str:
    """The sentence under the playground of coats."""
    share = cases.qualified_in_coats(Coats(coat_if_not=coat_if_not))
    return f"If {words.in_100(coat_if_not)} of the unqualified wear a coat, {words.number(100 * share)} of 100 coats hold somebody qualified."


def coat_facts(one: Coats) -> dict[str, str]:
    return {"share": words.percent(cases.qualified_in_coats(one)), "sure": words.percent(one.sure)}
