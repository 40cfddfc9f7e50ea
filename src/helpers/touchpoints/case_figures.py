"""The pictures of the casebook of touchpoints. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers import words
from helpers.pictures import BLUE, GREEN, INK, ORANGE, PAPER, QUIET, SKY, VERMILION, Picture, money_axis, new_figure, percent_axis
from helpers.touchpoints import cases, scenes
from helpers.touchpoints.case_worlds import Bank, Brochures, Fee, Screen, Thanks, advisers
from helpers.touchpoints.scenes import Charger, Shoe

_ABOVE = {
    "xytext": (0, 4), "textcoords": "offset points", "ha": "center",
    "bbox": {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}, "zorder": 5,
}  # fmt: skip
_LEGEND = {"loc": "lower center", "bbox_to_anchor": (0.42, 1.0), "columnspacing": 1.0}


def heard(table: pd.DataFrame, *, seats: int = cases.SEATS) -> Picture:
    """Which guests bring how many needs to the table, by the number of seats.

    Parameters
    ----------
    table : DataFrame
        From `cases.heard_by_seats`.
    """
    fig, ax = new_figure("Whom to invite: how much of what customers need is heard?", height=3.9)
    for who, label, color, line, mark in (
        ("unhappy", "unhappy", VERMILION, "-", "o"), ("lot", "drawn by lot", BLUE, "--", "s"), ("content", "content", GREEN, "-.", "^"),
    ):  # fmt: skip
        ax.plot(table["seats"], table[who], color=color, linestyle=line, marker=mark, markersize=5, label=label)
    ax.axvline(seats, color=QUIET, linewidth=6, alpha=0.45, zorder=0.5)
    ax.set(xlabel="Seats at the table", ylabel="Needs that are heard", ylim=(0, 1.03), xlim=(0, table["seats"].max() + 1))
    percent_axis(ax.yaxis)
    ax.legend(ncols=3, **_LEGEND)
    row = table[table["seats"] == seats].iloc[0]
    return Picture(
        fig,
        f"Three lines over the number of seats. With {seats}: unhappy guests bring {words.percent(row['unhappy'])} of the needs, guests by lot "
        f"{words.percent(row['lot'])}, content ones {words.percent(row['content'])}.",
    )


def offers(*, price: int) -> Picture:
    """How much less is paid at 65 of 100 than with 80 off per full 200, over the price on the label; one price marked."""
    table = cases.offers_by_price()
    saves = table["threshold"] - table["better"]
    shoe = Shoe(price=price)
    first, better = scenes.pays(shoe, better=False), scenes.pays(shoe, better=True)
    fig, ax = new_figure("“80 off per full 200”, or 65 of 100: which leaves less to pay?", height=3.8)
    ax.fill_between(table["price"], saves, where=saves > 0, color=ORANGE, alpha=0.55, linewidth=0)
    ax.fill_between(table["price"], saves, where=saves < 0, color=BLUE, alpha=0.55, linewidth=0)
    ax.plot(table["price"], saves, color=INK, linewidth=1.2)
    ax.axhline(0, color=INK, linewidth=1)
    ax.plot([price], [first - better], "o", color=VERMILION, markersize=9)
    ax.annotate("65 of 100 is lower", (1580, 68), ha="right", va="top", fontsize=12)
    ax.annotate("80 off per full 200 is lower", (120, -68), ha="left", va="bottom", fontsize=12)
    ax.set(xlabel="Price on the label", ylabel="Difference", xlim=(100, 1600), ylim=(-72, 72))
    money_axis(ax.xaxis, code="CNY")
    money_axis(ax.yaxis, code="CNY")
    return Picture(
        fig,
        f"A saw-toothed line over the price: how much less 65 of 100 leaves to pay. At {price} yuan it is {first - better:.2f} "
        f"({first:.2f} against {better:.2f}). Above 0 the percentage is lower, below 0 the threshold offer.",
    )


def counter(shoe: Shoe) -> Picture:
    """What a customer who hesitates leaves, with the first offer, the better one, and the better one after the sentence."""
    first, better = scenes.pays(shoe, better=False) - shoe.cost, scenes.pays(shoe, better=True) - shoe.cost
    values = [shoe.buys_first * first, shoe.buys_better * better, shoe.buys_after * better]
    fig, ax = new_figure("What does a customer who hesitates leave, on average?", height=3.4)
    ax.bar(range(3), values, color=[SKY, BLUE, VERMILION], width=0.6)
    for place, value in enumerate(values):
        ax.annotate(f"{value:.1f}", (place, value), **_ABOVE)
    ax.set_xticks(range(3), ["first offer", "better offer", "better offer,\nand the sentence"])
    ax.set(ylabel="Yuan a customer", ylim=(0, max(values) * 1.15))
    ax.grid(axis="x", visible=False)
    return Picture(
        fig,
        f"Three bars: {values[0]:.1f} yuan with the first offer, {values[1]:.1f} with the better one, {values[2]:.1f} after the sentence.",
    )


def training(*, said_in: float, buys_after: float) -> Picture:
    """What the sentence takes over how often it is said, beside what the better offer adds; one share marked."""
    shoe = replace(Shoe(), said_in=said_in, buys_after=buys_after)
    shares = np.linspace(0, 1, 21)
    takes = [scenes.sentence_costs(replace(shoe, said_in=float(share))) for share in shares]
    here, adds = scenes.sentence_costs(shoe), scenes.offer_adds(shoe)
    fig, ax = new_figure("The words or the price: how often must the sentence be said?", height=3.8)
    ax.plot(shares, takes, color=VERMILION, label="the sentence takes")
    ax.axhline(adds, color=BLUE, linestyle="--", label="the better offer adds")
    ax.plot([said_in], [here], "o", color=INK, markersize=8)
    ax.set(xlabel="Sales in which it is said", ylabel="Yuan a customer", xlim=(0, 1), ylim=(0, None))
    percent_axis(ax.xaxis)
    ax.legend(ncols=2, **_LEGEND)
    return Picture(
        fig,
        f"A line that rises with how often the sentence is said, and a level one. Said in {words.percent(said_in)} of the sales it takes {here:.1f} yuan a "
        f"customer; the better offer adds {adds:.1f}.",
    )


def guests(*, seats: int, alike: bool) -> Picture:
    """Whom to invite, in a market of many troubles or of one."""
    return heard(cases.heard_by_seats(advisers(alike=alike)), seats=seats)


def docks(charger: Charger) -> Picture:
    """What three ways of meeting a broken dock cost, over the share that customers broke themselves."""
    table = cases.docks_by_fault(charger)
    fig, ax = new_figure("A broken dock: what does each way cost us?", height=3.9)
    for key, label, color, line in (
        ("first", "new dock at once", BLUE, "-"),
        ("check", "look first", ORANGE, "--"),
        ("refuse", "refuse", VERMILION, "-."),
    ):
        ax.plot(table["own_fault"], table[key], color=color, linestyle=line, label=label)
    costs = scenes.dock_costs(charger)
    ax.plot([charger.own_fault] * 3, [costs["first"], costs["check"], costs["refuse"]], "o", color=INK, markersize=6)
    ax.axvline(charger.own_fault, color=INK, linewidth=1)
    ax.set(xlabel="Docks that customers broke themselves", ylabel="For each dock", xlim=(0, 1), ylim=(0, None))
    percent_axis(ax.xaxis)
    money_axis(ax.yaxis, code="CNY")
    ax.legend(ncols=3, **_LEGEND)
    return Picture(
        fig,
        f"Three lines over the share broken by customers. At {words.percent(charger.own_fault)}: {costs['first']:.0f} yuan for a new dock at once, "
        f"{costs['check']:.0f} with a look first, {costs['refuse']:.0f} for a refusal.",
    )


def docks_at(*, own_fault: float, dock: int) -> Picture:
    """The same for the playground."""
    return docks(replace(Charger(), own_fault=own_fault, dock=dock))


def plans(screen: Screen) -> Picture:
    """The hotline as it is, with a screen, and with one agent more."""
    found = [cases.as_is(screen), cases.with_screen(screen), cases.with_agent(screen)]
    fig, ax = new_figure("How many callers are answered within 20 seconds?", height=3.4)
    ax.bar(range(3), [one.in_time for one in found], color=[SKY, BLUE, ORANGE], width=0.6)
    for place, one in enumerate(found):
        ax.annotate(f"{words.percent(one.in_time)}, {one.mean_wait:.0f} s", (place, one.in_time), **_ABOVE)
    ax.axhline(0.8, color=INK, linestyle="--", linewidth=1.2)
    ax.set_xticks(range(3), ["as now", "record on\nthe screen", "one agent\nmore"])
    ax.set(ylabel="Answered in time", ylim=(0, 1.12))
    percent_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    names = ("as now", "with the screen", "with one agent more")
    says = "; ".join(
        f"{name} {words.percent(one.in_time)}, {one.mean_wait:.0f} seconds on average" for name, one in zip(names, found, strict=True)
    )
    return Picture(fig, f"Three bars: {says}.")


def bank(one: Bank) -> Picture:
    """Bank and customers together: the counter, the telephone, or both."""
    costs = cases.bank_costs(one)
    fig, ax = new_figure("What does the step cost bank and customers together?", height=3.2)
    names = {"counter": "counter for all", "phone": "telephone for all", "both": "telephone, and\na small counter"}
    ax.bar(range(3), [costs[key] for key in names], color=[SKY, ORANGE, BLUE], width=0.6)
    for place, key in enumerate(names):
        ax.annotate(f"{costs[key]:.1f}", (place, costs[key]), **_ABOVE)
    ax.set_xticks(range(3), list(names.values()))
    ax.set(ylabel="Yuan each time", ylim=(0, max(costs.values()) * 1.15))
    ax.grid(axis="x", visible=False)
    return Picture(fig, "Three bars: " + "; ".join(f"{names[key].replace(chr(10), ' ')} {costs[key]:.1f} yuan" for key in names) + ".")


def bank_at(*, cannot: float) -> Picture:
    """The same for the playground."""
    return bank(replace(Bank(), cannot=cannot))


def thanks(one: Thanks) -> Picture:
    """What a message of thanks brings, over the size of the order."""
    turn = cases.pays_from(one)
    sizes = np.linspace(0, max(4 * turn, 40), 60)
    fig, ax = new_figure("From which order on does a message of thanks pay?", height=3.4)
    ax.plot(sizes, one.comes_back * one.margin * sizes, color=BLUE, label="what it brings")
    ax.axhline(one.message, color=VERMILION, linestyle="--", label="what it costs")
    ax.axvline(turn, color=INK, linewidth=1)
    ax.set(xlabel="Size of the order", ylabel="Yuan a message", xlim=(0, sizes[-1]), ylim=(0, None))
    money_axis(ax.xaxis, code="CNY")
    ax.legend(ncols=2, **_LEGEND)
    return Picture(fig, f"A rising line and a level one. They cross at an order of {turn:.0f} yuan.")


def thanks_at(*, message: float, comes_back: float) -> Picture:
    """The same for the playground."""
    return thanks(replace(Thanks(), message=message, comes_back=comes_back))


def fee(one: Fee) -> Picture:
    """What waiving the fee brings, over the points by which it raises the share who buy again."""
    points = np.arange(0, 31)
    gain = one.next_margin * points / 100 - one.fee
    here = 100 * (one.again_waived - one.again_charged)
    fig, ax = new_figure("30 yuan: from how many points on does waiving pay?", height=3.4)
    ax.plot(points, gain, color=BLUE)
    ax.axhline(0, color=INK, linewidth=1)
    ax.plot([here], [cases.waive(one)], "o", color=VERMILION, markersize=9)
    ax.set(xlabel="Points by which more buy the next one here", ylabel="Yuan a customer", xlim=(0, 30))
    return Picture(
        fig,
        f"A rising line that crosses zero at {cases.points_to_pay(one):.0f} points. Here it is {here:.0f} points: {cases.waive(one):.0f} yuan.",
    )


def fee_at(*, next_margin: int, points: float) -> Picture:
    """The same for the playground."""
    one = Fee()
    return fee(replace(one, next_margin=next_margin, again_waived=one.again_charged + points))


def brochures(one: Brochures) -> Picture:
    """Post, slip or bin: what each is expected to cost."""
    costs = cases.brochure_costs(one)
    names = {"post": "post as they are", "slip": "a slip in each", "bin": "bin, print again"}
    fig, ax = new_figure("5,000 brochures, one wrong character: what does each way cost?", height=3.2)
    ax.barh(range(3), [costs[key] for key in names][::-1], color=[ORANGE, BLUE, SKY], height=0.6)
    for place, key in enumerate(list(names)[::-1]):
        ax.annotate(f"{costs[key]:,.0f}", (costs[key], place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(3), list(names.values())[::-1])
    ax.set(xlabel="Expected cost", xlim=(0, max(costs.values()) * 1.18))
    money_axis(ax.xaxis, code="CNY")
    ax.grid(axis="y", visible=False)
    return Picture(fig, "Three bars: " + "; ".join(f"{name} {costs[key]:,.0f} yuan" for key, name in names.items()) + ".")


def brochures_at(*, notice: float, delay: int) -> Picture:
    """The same for the playground."""
    return brochures(replace(Brochures(), notice=notice, delay=delay))
