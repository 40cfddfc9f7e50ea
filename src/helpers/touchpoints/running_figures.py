"""Pictures of how touchpoints are run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.pictures import (
    BLUE,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    SKY,
    VERMILION,
    Picture,
    count_axis,
    money_axis,
    new_figure,
    percent_axis,
    short_labels,
)
from helpers.touchpoints import promises as promised
from helpers.touchpoints import queues
from helpers.withheld import passes_on_withheld

MOST_HANDS = 8
# A number above a bar, readable where a line crosses it.
_ABOVE = {
    "xytext": (0, 4), "textcoords": "offset points", "ha": "center",
    "bbox": {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}, "zorder": 5,
}  # fmt: skip


def hand_name(touchpoint: object, owner: object, complaint: bool = False) -> str:
    """A hand as people call it: "installation, partner"."""
    name = str(touchpoint).replace("_", " ")
    if complaint:
        return f"complaint, {name}"
    return name if owner == "unknown" else f"{name}, {owner}"


@passes_on_withheld
def phases(table: pd.DataFrame) -> Picture:
    """Before, during and after the purchase: contacts that settled nothing, and unhappy answers.

    Parameters
    ----------
    table : DataFrame
        From `running.phases`.
    """
    fig, ax = new_figure("In which phase do contacts settle nothing, and leave people unhappy?", height=3.6)
    place = np.arange(len(table))[::-1]
    ax.barh(place + 0.19, table["unsettled_share"], height=0.34, color=BLUE, label="settled nothing")
    ax.barh(place - 0.19, table["unhappy_share"], height=0.34, color=ORANGE, label="unhappy answers")
    reach = table[["unhappy_share", "low", "high"]].dropna()
    ax.errorbar(
        reach["unhappy_share"], place[table["unhappy_share"].notna().to_numpy()] - 0.19,
        xerr=[reach["unhappy_share"] - reach["low"], reach["high"] - reach["unhappy_share"]], fmt="none", ecolor=INK, elinewidth=1.4, capsize=3,
    )  # fmt: skip
    ax.set_yticks(place, [f"{row.phase}\n({words.number(row.contacts)})" for row in table.itertuples()])
    top = float(np.nanmax(table[["unsettled_share", "unhappy_share", "high"]].to_numpy(float)))
    ax.set(xlabel="Share of contacts, and of answers", xlim=(0, max(0.05, top * 1.15)))
    percent_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    says = "; ".join(
        f"{row.phase}: {words.percent(row.unsettled_share)} settled nothing"
        + ("" if np.isnan(row.unhappy_share) else f", {words.percent(row.unhappy_share)} of the answers unhappy")
        for row in table.itertuples()
    )
    return Picture(fig, f"Two bars for each phase of service. {says}.")


@passes_on_withheld
def promises(table: pd.DataFrame, *, share: float = 0.9) -> Picture:
    """What a hotline could have promised: the share of calls for which each promise would have been kept.

    Parameters
    ----------
    table : DataFrame
        From `running.promises`.
    share : float
        That a promise has to reach.
    """
    fig, ax = new_figure("How often would each promise have been kept?", height=3.4)
    place = np.arange(len(table))
    kept = table["share"] >= share
    ax.bar(place, table["share"], color=np.where(kept, BLUE, SKY), width=0.62)
    for x, one, good in zip(place, table["share"], kept, strict=True):
        ax.annotate(f"{words.percent(one)}{' ✓' if good else ''}", (x, one), **_ABOVE)
    ax.axhline(share, color=INK, linestyle="--", linewidth=1.2)
    ax.set_xticks(place, [f"{minutes}" for minutes in table["minutes"]])
    ax.set(xlabel="“We answer within ... minutes”", ylabel="Calls", ylim=(0, 1.12))
    percent_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    says = "; ".join(f"{row.minutes} minutes {words.percent(row.share)}" for row in table.itertuples())
    return Picture(fig, f"Bars: the share of calls for which a promise would have been kept, and a line at {words.percent(share)}. {says}.")


@passes_on_withheld
def hand_overs(table: pd.DataFrame) -> Picture:
    """What became of matters, by the hand in which they began.

    Parameters
    ----------
    table : DataFrame
        From `running.by_opening`.
    """
    shown = table.head(MOST_HANDS).iloc[::-1].reset_index(drop=True)
    names = [hand_name(row.touchpoint, row.owner, row.complaint) for row in shown.itertuples()]
    labels = short_labels(names, longest=24)
    fig, ax = new_figure("Who began a matter, and was it settled there?", height=min(4.5, 1.7 + 0.36 * len(shown)))
    left = np.zeros(len(shown))
    for column, label, color, hatch in (
        ("kept", "settled in this hand", BLUE, ""), ("passed", "in another hand", ORANGE, "//"), ("unsettled", "not settled", VERMILION, "xx"),
    ):  # fmt: skip
        ax.barh(shown.index, shown[column], left=left, color=color, hatch=hatch, edgecolor=PAPER, height=0.68, label=label)
        left += shown[column].to_numpy(float)
    for row in shown.itertuples():
        ax.annotate(words.percent(row.kept_share), (row.cases, row.Index), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(shown.index, [labels[name] for name in names])
    ax.set(xlabel="Matters (%: settled where they began)", xlim=(0, shown["cases"].max() * 1.16))
    count_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.3, 1.0), ncols=3, columnspacing=1.0, handlelength=1.3)
    says = "; ".join(
        f"{hand_name(row.touchpoint, row.owner, row.complaint)} began {words.number(row.cases)}, settled {words.percent(row.kept_share)} itself"
        for row in table.head(MOST_HANDS).itertuples()
    )
    return Picture(fig, f"Bars of matters by the hand in which they began. {says}.")


@passes_on_withheld
def own_and_partner(table: pd.DataFrame) -> Picture:
    """Own people and partners at the same touchpoint: the shares that they keep, with the interval of the difference.

    Parameters
    ----------
    table : DataFrame
        From `running.own_and_partner`.
    """
    shown = table.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("The same work: how often does each settle it without passing it on?", height=min(4.4, 1.9 + 0.6 * len(shown)))
    ax.hlines(shown.index, shown["partner"], shown["own"], color=QUIET, linewidth=4)
    ax.plot(shown["own"], shown.index, "o", color=BLUE, markersize=12, label="own people", linestyle="")
    ax.plot(shown["partner"], shown.index, "s", color=ORANGE, markersize=7, label="partner", linestyle="")
    ax.set_yticks(shown.index, [str(name).replace("_", " ") for name in shown["touchpoint"]])
    ax.set(xlabel="Share settled without a change of hands", xlim=(0, 1.03), ylim=(-0.7, len(shown) - 0.3))
    percent_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    says = "; ".join(f"{row.touchpoint}: own {words.percent(row.own)}, partner {words.percent(row.partner)}" for row in table.itertuples())
    return Picture(fig, f"Two points for each touchpoint, own people and partner. {says}.")


def promise(*, days: int, real_days: float) -> Picture:
    """What each promise brings at once and later, with one marked."""
    market = promised.at_speed(real_days)
    table, here = promised.by_days(market), promised.account(market, days)
    fig, ax = new_figure("How much should we promise?", height=3.9)
    ax.plot(table["days"], table["total"], color=INK, marker="o", markersize=5, label="both")
    ax.plot(table["days"], table["at_once"], color=ORANGE, linestyle="--", marker="s", markersize=5, label="first purchase")
    ax.plot(table["days"], table["later"], color=BLUE, linestyle="-.", marker="^", markersize=5, label="those who come back")
    ax.axvline(days, color=QUIET, linewidth=6, alpha=0.45, zorder=0.5)
    ax.set(xlabel="“Installed within ... days”", ylim=(0, table["total"].max() * 1.12), xlim=(0.6, promised.MOST_DAYS + 0.4))
    ax.set_xticks(range(1, promised.MOST_DAYS + 1))
    money_axis(ax.yaxis, code="CNY")
    ax.legend(loc="lower center", bbox_to_anchor=(0.42, 1.0), ncols=3, columnspacing=1.0)
    return Picture(
        fig,
        f"Three lines over the days that are promised. At {words.count(days, 'day')}: {words.money(100 * here.at_once, code='CNY')} at once, "
        f"{words.money(100 * here.later, code='CNY')} later; {words.in_100(here.kept)} promises kept. "
        f"Both together are highest at {words.count(promised.best(market), 'day')}.",
    )


def staffing(*, agents: int, minutes: float, calls: int = 66, seconds: float = 20.0) -> Picture:
    """How long callers wait with each number of agents, one marked."""
    rows = queues.by_agents(calls, minutes, seconds=seconds, more=6)
    here = queues.queue(calls, minutes, agents, seconds=seconds)
    fig, ax = new_figure(f"{calls} calls an hour: how many are answered within {seconds:g} seconds?", height=3.6)
    shares = [one.in_time for one in rows]
    colors = [BLUE if one.agents == agents else SKY for one in rows]
    ax.bar([one.agents for one in rows], shares, color=colors, width=0.62)
    for one in rows:
        ax.annotate(words.percent(one.in_time), (one.agents, one.in_time), **_ABOVE)
    ax.axhline(0.8, color=INK, linestyle="--", linewidth=1.2)
    ax.set_xticks([one.agents for one in rows])
    ax.set(xlabel="Agents at the telephones", ylabel="Calls answered in time", ylim=(0, 1.13))
    percent_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    return Picture(
        fig,
        f"Bars over the number of agents. With {words.count(agents, 'agent')} {words.percent(here.in_time)} of the calls are answered within "
        f"{seconds:g} seconds. Needed for 80%: {queues.agents_for(calls, minutes, seconds=seconds)}.",
    )
