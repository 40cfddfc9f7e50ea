"""What the cases of touchpoints found, in sentences whose numbers come from their worlds. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from helpers import words
from helpers.touchpoints import cases, scenes
from helpers.touchpoints.case_worlds import Bank, Brochures, Fee, Launch, Screen, Thanks, advisers
from helpers.touchpoints.scenes import Charger, Shoe


def yuan(amount: float, digits: int = 0) -> str:
    """An amount in yuan."""
    return f"{'−' if amount < 0 else ''}{abs(amount):,.{digits}f} yuan"


# ---------------------------------------------------------------- C03


def launch(one: Launch) -> str:
    """What is claimed about the launch."""
    return (
        f"The source: more than {words.number(one.claimed)} sold in {one.claimed_days} days, in Europe alone. A summary of a book: more than "
        f"{words.number(one.other)} in {one.other_days} days (four months), in the whole world."
    )


def growth(one: Launch) -> str:
    """Growth of the firm and of its market."""
    return f"In a year the firm's sales grew by {words.percent(one.sales_grew)}, and the market by {words.percent(one.market_grew)} (both ours)."


def heard(customers: pd.DataFrame, *, seats: int = cases.SEATS) -> str:
    """Which guests bring how much."""
    shares = {who: words.in_100(cases.heard(customers, who, seats=seats)) for who in cases.INVITED}
    return (
        f"With {seats} seats, unhappy guests speak about {shares['unhappy']} of the needs that customers have, guests drawn by lot about {shares['lot']}, "
        f"and content ones about {shares['content']}."
    )


def guests(*, seats: int, alike: bool) -> str:
    """The sentence under the playground of guests."""
    return heard(advisers(alike=alike), seats=seats)


def guest_facts(customers: pd.DataFrame) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {who: words.percent(cases.heard(customers, who), digits=1) for who in cases.INVITED}


# ---------------------------------------------------------------- C04


def offers(*, price: int) -> str:
    """Both offers at one price."""
    shoe = Shoe(price=price)
    first, better = scenes.pays(shoe, better=False), scenes.pays(shoe, better=True)
    lower = (
        "the same"
        if first == better
        else f"{'80 off per full 200' if first < better else '65 of 100'} is lower, by {yuan(abs(first - better), 2)}"
    )
    return f"At {yuan(price)} on the label: {yuan(first, 2)} with 80 off per full 200, {yuan(better, 2)} at 65 of 100; {lower}."


def suppose(shoe: Shoe) -> str:
    """What is supposed about the counter."""
    return (
        f"Suppose the shoes cost the shop {yuan(shoe.cost)}. Of those who hesitate, {words.in_100(shoe.buys_first)} buy with the shop's own offer, "
        f"{words.in_100(shoe.buys_better)} at 65 of 100, and {words.in_100(shoe.buys_after)} at 65 of 100 after the sentence, which is said in "
        f"{words.in_100(shoe.said_in)} such sales."
    )


def counter(shoe: Shoe) -> str:
    """What the offer adds and the sentence takes."""
    return (
        f"For each customer who hesitates the better offer adds {yuan(scenes.offer_adds(shoe), 1)}. Where the sentence is said it takes "
        f"{yuan(scenes.sentence_costs(shoe) / shoe.said_in, 1)}; over all such sales, {yuan(scenes.sentence_costs(shoe), 1)}."
    )


def training(*, said_in: float, buys_after: float) -> str:
    """The sentence under the playground of words and price."""
    shoe = replace(Shoe(), said_in=said_in, buys_after=buys_after)
    adds, whole = scenes.offer_adds(shoe), scenes.sentence_costs(replace(shoe, said_in=1.0))
    turn = (
        f"Words are worth more from {words.in_100(adds / whole)} sales on."
        if whole > adds
        else "However often it is said, the price is worth more."
    )
    return f"Said in {words.in_100(said_in)} sales, the sentence takes {yuan(scenes.sentence_costs(shoe), 1)} a customer; the better offer adds {yuan(adds, 1)}. {turn}"


# ---------------------------------------------------------------- C05


def dock(charger: Charger) -> str:
    """What is supposed about docks and customers."""
    return (
        f"Suppose a new dock costs {yuan(charger.dock)} and a look at the old one {yuan(charger.look)}. {words.in_100(charger.own_fault)} customers broke "
        f"theirs. A customer who stays leaves {yuan(charger.a_year)} a year for {charger.years} years. Of those refused {words.in_100(charger.leave_refused)} "
        f"leave; of those who wait for the look {words.in_100(charger.leave_waiting)}, and {words.in_100(charger.leave_shown)} of those who "
        "are shown that it was they."
    )


def docks(charger: Charger) -> str:
    """The three ways and what each costs."""
    costs = scenes.dock_costs(charger)
    turn = cases.fault_from_which_to_check(charger)
    where = f"A look pays from {words.in_100(turn)} on." if turn is not None else "At these costs a look never pays."
    return f"For each dock: {yuan(costs['first'])} for a new one at once, {yuan(costs['check'])} with a look first, {yuan(costs['refuse'])} for a refusal. {where}"


def docks_at(*, own_fault: float, dock: int) -> str:
    """The sentence under the playground."""
    return docks(replace(Charger(), own_fault=own_fault, dock=dock))


# ---------------------------------------------------------------- C06


def desk(screen: Screen) -> str:
    """The desk as it is."""
    now = cases.as_is(screen)
    return (
        f"In the busiest hour {screen.desk.calls_an_hour} calls of {screen.desk.minutes_a_call:g} minutes come in, and {words.count(screen.agents, 'agent')} answer: "
        f"{words.in_100(now.in_time)} callers within 20 seconds. A screen with the record would save {60 * screen.saved_minutes:.0f} seconds of each call, at "
        f"{yuan(screen.screen_a_month)} a month; one more agent costs {yuan(screen.agent_a_month)}."
    )


def plans(screen: Screen) -> str:
    """What the screen and the agent do."""
    a, b = cases.with_screen(screen), cases.with_agent(screen)
    return (
        f"With the screen {words.in_100(a.in_time)} are answered within 20 seconds ({a.mean_wait:.0f} seconds on average), with one agent more "
        f"{words.in_100(b.in_time)} ({b.mean_wait:.0f} seconds)."
    )


def plan_facts(screen: Screen) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {
        "screen": words.percent(cases.with_screen(screen).in_time, digits=1),
        "agent": words.percent(cases.with_agent(screen).in_time, digits=1),
        "screen_costs": yuan(screen.screen_a_month),
        "agent_costs": yuan(screen.agent_a_month),
    }


# ---------------------------------------------------------------- short cases


def bank(one: Bank) -> str:
    """The steps at the counter, and by telephone."""
    steps = words.listing(f"{name} {minutes:g}" for name, minutes in one.counter.items())
    return (
        f"At the counter a customer spends, in minutes: {steps}. By telephone it is {one.phone:g}. The bank pays {yuan(one.counter_cost)} at the counter and "
        f"{yuan(one.phone_cost)} by telephone; an hour is worth {yuan(one.hour)} to a customer. {words.in_100(one.cannot)} customers cannot do it by "
        f"telephone: without a counter each such time costs {yuan(one.lost)}. A small counter for them costs {yuan(cases.SMALL_COUNTER)} more for each time."
    )


def bank_at(*, cannot: float) -> str:
    """The sentence under the playground."""
    one = replace(Bank(), cannot=cannot)
    costs = cases.bank_costs(one)
    return f"Telephone for all {yuan(costs['phone'], 1)}, telephone and a small counter {yuan(costs['both'], 1)}, counter for all {yuan(costs['counter'], 1)}."


def bank_facts(one: Bank) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {key: yuan(cost, 1) for key, cost in cases.bank_costs(one).items()}


def thanks(one: Thanks) -> str:
    """What is supposed about thanks."""
    sizes = words.listing(f"{words.number(number)} of {size:g}" for size, number in one.sizes.items())
    return (
        f"A message costs {one.message:.2f} yuan. Suppose that of 100 who get one, {100 * one.comes_back:g} more order again, as much as they did, and {words.percent(one.margin)} "
        f"of an order is left. Orders of a month, by size in yuan: {sizes}."
    )


def thanks_at(*, message: float, comes_back: float) -> str:
    """The sentence under the playground."""
    return f"It pays from an order of {yuan(cases.pays_from(replace(Thanks(), message=message, comes_back=comes_back)), 1)} on."


def thanks_facts(one: Thanks) -> dict[str, str]:
    """What the options of the decision are filled with."""
    found = cases.thanked(one)
    return {"all": yuan(found["all"]), "chosen": yuan(found["from"]), "turn": yuan(cases.pays_from(one), 1)}


def fee(one: Fee) -> str:
    """What is supposed about the fee."""
    return (
        f"The work costs the shop {yuan(one.work)} either way. The next computer leaves {yuan(one.next_margin)}. Suppose {words.in_100(one.again_charged)} of those who pay the fee buy it "
        f"here, and {words.in_100(one.again_waived)} of those who do not have to."
    )


def fee_at(*, next_margin: int, points: float) -> str:
    """The sentence under the playground."""
    one = replace(Fee(), next_margin=next_margin, again_waived=Fee().again_charged + points)
    gain = cases.waive(one)
    return f"It takes {cases.points_to_pay(one):.1f} points; here it is {100 * points:.0f}, so waiving {'brings' if gain >= 0 else 'loses'} {yuan(abs(gain))} a customer."


def fee_facts(one: Fee) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {
        "needs": f"{cases.points_to_pay(one):.0f} points",
        "has": f"{100 * (one.again_waived - one.again_charged):.0f} points",
        "gain": yuan(abs(cases.waive(one))),
    }


def brochures(one: Brochures) -> str:
    """What is supposed about the brochures."""
    return (
        f"Suppose a new copy costs {one.reprint:.2f} yuan, a slip in each envelope {one.slip:.2f}, and another week's delay {yuan(one.delay)}. {words.in_100(one.notice)} readers notice; "
        f"of those, {words.in_100(one.minds)} turn away, each of whom would have brought {yuan(one.loss)}. With a slip {words.in_100(one.with_slip)} of that loss are left."
    )


def brochures_at(*, notice: float, delay: int) -> str:
    """The sentence under the playground."""
    costs = cases.brochure_costs(replace(Brochures(), notice=notice, delay=delay))
    return f"Post {yuan(costs['post'])}, slip {yuan(costs['slip'])}, bin {yuan(costs['bin'])}."


def brochure_facts(one: Brochures) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {key: yuan(cost) for key, cost in cases.brochure_costs(one).items()}
