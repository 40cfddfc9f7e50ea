"""The pictures of the casebook of conversion. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers import words
from helpers.conversion import cases
from helpers.conversion.case_worlds import Agent, Coats, Counter, Showroom
from helpers.pictures import BLUE, INK, ORANGE, PAPER, QUIET, SKY, VERMILION, Picture, new_figure, percent_axis
from helpers.withheld import passes_on_withheld

_ABOVE = {
    "xytext": (0, 4), "textcoords": "offset points", "ha": "center",
    "bbox": {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}, "zorder": 5,
}  # fmt: skip
_LEGEND = {"loc": "lower center", "bbox_to_anchor": (0.42, 1.0), "columnspacing": 1.0}


@passes_on_withheld
def attempts(table: pd.DataFrame) -> Picture:
    """For each visit its share of the orders, and how often it succeeds, with intervals.

    Parameters
    ----------
    table : DataFrame
        From `cases.office_table` or `attempts.by_attempt`.
    """
    fig, ax = new_figure("Where do the orders come from, and which visit succeeds?", height=3.6)
    place = np.arange(len(table))
    ax.bar(place - 0.2, table["share_of_orders"], width=0.38, color=SKY, hatch="//", edgecolor=PAPER, label="share of the orders")
    ax.bar(place + 0.2, table["rate"], width=0.38, color=BLUE, label="succeeds, of its visits")
    ax.errorbar(
        place + 0.2, table["rate"], yerr=[table["rate"] - table["low"], table["high"] - table["rate"]], fmt="none", ecolor=INK, elinewidth=1.4, capsize=3
    )
    for x, row in zip(place, table.itertuples(), strict=True):
        ax.annotate(words.percent(row.share_of_orders), (x - 0.2, row.share_of_orders), **_ABOVE)
        ax.annotate(words.percent(row.rate), (x + 0.2, row.high), **_ABOVE)
    ax.set_xticks(place, [f"visit {row.attempt}\n({words.number(row.visits)})" for row in table.itertuples()])
    ax.set(ylabel="Share", ylim=(0, min(1.12, 1.22 * max(table["share_of_orders"].max(), table["high"].max()))))
    percent_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    ax.legend(ncols=2, **_LEGEND)
    says = "; ".join(
        f"visit {row.attempt}: {words.percent(row.share_of_orders)} of the orders, succeeds in {words.percent(row.rate)}" for row in table.itertuples()
    )
    return Picture(fig, f"Two bars for each visit. {says}.")


def visits(*, second: int, third_share: float) -> Picture:
    """The same orders with other numbers of later visits."""
    return attempts(cases.office_table(cases.with_visits(second, max(7, round(second * third_share)))))


def agent(*, commission: int) -> Picture:
    """What each way of working leaves for a prospect, at one commission."""
    one = Agent(commission=commission)
    found, best = cases.left_a_prospect(one), cases.best_way(one)
    fig, ax = new_figure("What does a prospect leave, after the agent's hours?", height=3.2)
    names = {"core": "viewings,\npapers", "crafts": "and a class\nfor children", "all": "and help in\nfamily matters"}
    for x, way in enumerate(cases.WAYS):
        ax.bar(x, found[way], width=0.6, color=BLUE if way == best else SKY)
        ax.annotate(words.number(found[way]), (x, max(found[way], 0)), **_ABOVE)
    ax.axhline(0, color=INK, linewidth=1)
    ax.set_xticks(range(3), [names[way] for way in cases.WAYS])
    low, high = min(0, *found.values()), max(1, *found.values())
    ax.set(ylabel="Yuan a prospect", ylim=(1.1 * low, 1.18 * high))
    ax.grid(axis="x", visible=False)
    return Picture(fig, "Three bars: " + ", ".join(f"{way} {words.number(found[way])} yuan" for way in cases.WAYS) + f". Most: {best}.")


def showroom(*, back: float) -> Picture:
    """What the offer of advice leaves, over the share who buy, beside the close without it."""
    room = Showroom(back_advice=back)
    buys = np.linspace(0.1, 0.6, 51)
    leaves = [cases.left_advice(replace(room, buys_advice=share)) for share in buys]
    need = cases.buys_needed(room)
    fig, ax = new_figure("How many of those who come back must buy, so that advice pays?", height=3.4)
    ax.plot(buys, leaves, color=BLUE, label="with advice on other makes")
    ax.axhline(cases.left_own(room), color=ORANGE, linestyle="--", label="own make alone")
    ax.plot([room.buys_advice], [cases.left_advice(room)], "o", color=VERMILION, markersize=9)
    ax.set(xlabel="Of those who come back, buy here (point: as supposed)", ylabel="Yuan a visitor", xlim=(0.1, 0.6))
    percent_axis(ax.xaxis)
    ax.legend(ncols=2, fontsize=11, **_LEGEND)
    return Picture(
        fig,
        f"A rising line for the offer of advice and a level one for the own make alone, at {words.number(cases.left_own(room))} yuan. They meet where "
        f"{words.percent(need)} buy; supposed are {words.percent(room.buys_advice)}.",
    )


def topics(*, may_mind: float) -> Picture:
    """How often each topic led to a need, with intervals; those that too many mind are hatched."""
    table = cases.by_topic(Counter(may_mind=may_mind))
    fig, ax = new_figure("Which topic leads to a need, and which do people mind?", height=3.3)
    place = np.arange(len(table))[::-1]
    for y, row in zip(place, table.itertuples(), strict=True):
        ax.barh(y, row.rate, height=0.6, color=BLUE if row.allowed else QUIET, hatch="" if row.allowed else "//", edgecolor=PAPER)
        ax.annotate(f"{words.percent(row.minds)} mind", (row.high, y), xytext=(6, 0), textcoords="offset points", va="center")
    ax.errorbar(table["rate"], place, xerr=[table["rate"] - table["low"], table["high"] - table["rate"]], fmt="none", ecolor=INK, elinewidth=1.4, capsize=3)
    ax.set_yticks(place, [f"{row.topic}\n({row.raised})" for row in table.itertuples()])
    ax.set(xlabel="Talks with the topic in which a need was found", xlim=(0, 0.9))
    percent_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    says = "; ".join(f"{row.topic}: {words.percent(row.rate)} found a need, {words.percent(row.minds)} minded" for row in table.itertuples())
    return Picture(fig, f"A bar for each topic. {says}.")


def coats(*, coat_if_not: float) -> Picture:
    """Of 100 people in a coat, how many are qualified."""
    share = cases.qualified_in_coats(Coats(coat_if_not=coat_if_not))
    fig, ax = new_figure("Of 100 people in a white coat, how many are qualified?", height=2.4)
    ax.barh([0], [share], color=BLUE, height=0.5, label="qualified")
    ax.barh([0], [1 - share], left=[share], color=ORANGE, hatch="//", edgecolor=PAPER, height=0.5, label="not qualified")
    ax.set_yticks([])
    ax.set(xlabel="People in a coat", xlim=(0, 1))
    percent_axis(ax.xaxis)
    ax.legend(ncols=2, **_LEGEND)
    return Picture(
        fig, f"One bar in two parts: of 100 people in a coat {words.number(100 * share)} are qualified and {words.number(100 - 100 * share)} are not."
    )
