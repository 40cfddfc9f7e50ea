"""Churn as it is met, in pictures: whom a warning finds, whom an offer holds, and what both cost."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from helpers import words
from helpers.churn.levers import Held
from helpers.churn.met_lists import Both
from helpers.churn.saving import GROUPS, Chosen, Responses, Saved
from helpers.churn.warning import MODEL, PLAIN, Warned
from helpers.money import in_major_units
from helpers.pictures import (
    BLUE, GREEN, INK, ORANGE, QUIET, SKY, VERMILION, Picture, money_axis, new_figure,
)  # fmt: skip
from helpers.withheld import passes_on_withheld

_WAYS = {MODEL: "the model", PLAIN: "the plain rule", "by lot": "drawn by lot"}


@passes_on_withheld
def caught(result: Warned) -> Picture:
    """Of those looked after, how many would have left: the model, the plain rule and a lot."""
    table = result.table
    fig, ax = new_figure(f"Of {result.capacity:,} whom we look after, how many were about to leave?", height=2.6)
    places = np.arange(len(table))[::-1]
    colors = [BLUE if way == result.chosen else QUIET if way == "by lot" else SKY for way in table["way"]]
    ax.barh(places, table["caught"], color=colors, height=0.62)
    for place, row in zip(places, table.itertuples(), strict=True):
        if not np.isnan(row.low):
            ax.hlines(place, row.low * result.capacity, row.high * result.capacity, color=INK, linewidth=1.5)
        end = row.caught if np.isnan(row.high) else row.high * result.capacity
        ax.annotate(f"{row.caught:.0f}", (end, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, [_WAYS[way] for way in table["way"]])
    ax.set(xlabel=f"Left in the {result.panel.horizon_days} days after {words.day(result.on)}", xlim=(0, 1.18 * max((table["high"] * result.capacity).max(), 1)))
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{_WAYS[row.way]} {row.caught:.0f}" for row in table.itertuples())
    return Picture(fig, f"Of {result.capacity:,} {result.panel.unit}s chosen, those who left: {said}. The page uses {_WAYS[result.chosen]}.")


@passes_on_withheld
def by_capacity(result: Warned, capacity: int) -> Picture:
    """How many leavers are found as more are looked after, by the model and by the plain rule; what a playground shows."""
    scores, left = _ranked(result)
    fig, ax = new_figure(f"Looking after {capacity:,}: how many leavers do we meet?")
    found = {}
    for (way, order), color, style in zip(scores.items(), (BLUE, ORANGE), ("-", "--"), strict=True):
        curve = np.concatenate([[0], np.cumsum(left[order])])
        ax.plot(np.arange(len(curve)), curve, color=color, linestyle=style, label=_WAYS[way])
        found[way] = int(curve[min(capacity, len(curve) - 1)])
        ax.plot([min(capacity, len(curve) - 1)], [found[way]], "o", color=color, markersize=8)
    ax.plot([0, len(left)], [0, left.sum()], color=QUIET, linewidth=1.5, label="drawn by lot")
    ax.axvline(capacity, color=INK, linewidth=1, linestyle=":")
    ax.set(xlabel=f"{result.panel.unit.capitalize()}s looked after", ylabel="Leavers among them", xlim=(0, len(left)), ylim=(0, left.sum() * 1.03))
    ax.legend(loc="lower right")
    said = " and ".join(f"{_WAYS[way]} {number}" for way, number in found.items())
    return Picture(fig, f"Curves of leavers found as more are looked after. Among {capacity:,}: {said}, of {int(left.sum()):,} in all.")


def _ranked(result: Warned) -> tuple[dict[str, np.ndarray], np.ndarray]:
    last = result.marked
    keys = last["key"].to_numpy(dtype=str)
    return (
        {MODEL: np.lexsort((keys, -last["chance"].to_numpy())), PLAIN: np.lexsort((keys, -last["plain"].to_numpy()))},
        last["left"].to_numpy(dtype=int),
    )


def found_among(result: Warned, capacity: int) -> dict[str, int]:
    """How many leavers are among the first `capacity` of each way."""
    scores, left = _ranked(result)
    return {way: int(left[order[:capacity]].sum()) for way, order in scores.items()}


@passes_on_withheld
def calibration(result: Warned) -> Picture:
    """What the model said beside what came."""
    table = result.calibration
    fig, ax = new_figure("When the model says 20 of 100, do 20 of 100 leave?")
    said, left, low, high = (100 * table[name].to_numpy() for name in ("said", "left", "low", "high"))
    top = max(said.max(), high.max()) * 1.08
    ax.plot([0, top], [0, top], color=QUIET, linewidth=1.5)
    ax.vlines(said, low, high, color=BLUE, linewidth=1.5)
    ax.plot(said, left, "o", color=BLUE, markersize=7)
    ax.annotate("as said", (top * 0.93, top * 0.93), xytext=(-8, 4), textcoords="offset points", ha="right", color=INK)
    ax.set(xlabel="Of 100, leave: what the model said", ylabel="Of 100, left", xlim=(0, top), ylim=(0, top))
    return Picture(
        fig,
        f"Points with intervals, {len(table)} groups: the model said from {said.min():.0f} to {said.max():.0f} of 100, and from {left.min():.0f} to {left.max():.0f} left. "
        "On the grey line both agree.",
    )


@passes_on_withheld
def saved(result: Saved) -> Picture:
    """Of 100 who left when left alone, how many when offered something; by whether they still come."""
    table = result.groups.dropna(subset="saved")
    groups = [group for group in GROUPS if group in set(table["group"])]
    fig, axes = new_figure("Whom does the offer hold?", columns=len(groups), height=3.4, sharey=True)
    axes = np.atleast_1d(axes)
    arms = list(dict.fromkeys(table["arm"]))
    colors = dict(zip(arms, (BLUE, ORANGE, GREEN, SKY), strict=False))
    parts = []
    for ax, group in zip(axes, groups, strict=True):
        own = table[table["group"] == group].set_index("arm")
        alone = 100 * own["left_alone"].iloc[0]
        heights = [alone, *(100 * own.loc[arm, "left"] for arm in arms)]
        ax.bar(range(len(heights)), heights, color=[QUIET, *(colors[arm] for arm in arms)], width=0.68)
        for place, value in enumerate(heights):
            ax.annotate(f"{value:.0f}", (place, value), xytext=(0, 3), textcoords="offset points", ha="center")
        ax.set_xticks(range(len(heights)), ["left\nalone", *arms])
        ax.set_title(GROUPS[group], fontsize=12)
        ax.grid(axis="x", visible=False)
        parts.append(f"who {GROUPS[group]}: left alone {alone:.0f}, " + ", ".join(f"{arm} {100 * own.loc[arm, 'left']:.0f}" for arm in arms))
    axes[0].set(ylabel="Of 100, left within the window", ylim=(0, 118 * max(table["left_alone"].max(), table["left"].max())))
    return Picture(fig, "Of 100 customers, left: " + "; ".join(parts) + ".")


@passes_on_withheld
def choosing(result: Chosen) -> Picture:
    """Contracts kept by as many calls, chosen by risk, by response and by lot."""
    table = result.table
    fig, ax = new_figure(f"{result.calls:,} calls: how many contracts do they keep?", height=2.6)
    places = np.arange(len(table))[::-1]
    colors = {"by risk": VERMILION, "by response": BLUE, "by lot": QUIET}
    ax.barh(places, table["saved"], color=[colors[way] for way in table["way"]], height=0.6)
    ax.hlines(places, table["low"], table["high"], color=INK, linewidth=1.5)
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.annotate(f"{row.saved:.0f}".replace("-", "−"), (max(row.high, 0), place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_yticks(places, table["way"])
    ax.set(xlabel="Contracts kept because of the calls")
    ax.margins(x=0.12)
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{row.way} {row.saved:.0f} ({row.low:.0f} to {row.high:.0f})" for row in table.itertuples()).replace("-", "−")
    return Picture(fig, f"Contracts kept by {result.calls:,} calls: {said}.")


@passes_on_withheld
def profits(result: Responses, *, code: str) -> Picture:
    """What each offer brings on average, by group."""
    table = result.table
    fig, ax = new_figure("Which offer pays, and with whom?", height=1.4 + 0.62 * len(table))
    places = np.arange(len(table))[::-1]
    value = in_major_units(table["profit_minor"].round().astype("int64"), code=code).to_numpy()
    ax.barh(places, value, color=np.where(value > 0, BLUE, VERMILION), height=0.62)
    ax.axvline(0, color=INK, linewidth=1)
    for place, one in zip(places, value, strict=True):
        ax.annotate(f"{one:.0f}".replace("-", "−"), (one, place), xytext=(6 if one >= 0 else -6, 0), textcoords="offset points", va="center", ha="left" if one >= 0 else "right")
    ax.set_yticks(places, [f"{row.arm}, to those who\n{GROUPS[row.group]}" for row in table.itertuples()], fontsize=11)
    ax.set(xlabel="Expected profit for each one asked")
    money_axis(ax.xaxis, code=code)
    ax.margins(x=0.24)
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{row.arm}, {row.group}: {words.money(round(row.profit_minor), code=code)}" for row in table.itertuples())
    return Picture(fig, f"Expected profit for each customer: {said}.")


def pays_from(value: float, cost: float, given: float, *, leaves_alone: float, measured: float | None = None) -> Picture:
    """From how many saved of 100 on an offer pays; what a playground shows. Money in major units, shares as fractions."""
    fig, ax = new_figure("How many must an offer hold before it pays?")
    most = max(100 * leaves_alone, 5)
    saved_ = np.linspace(0, most / 100, 101)
    profit = saved_ * value - cost - given * (1 - leaves_alone + saved_)
    ax.plot(100 * saved_, profit, color=BLUE)
    ax.fill_between(100 * saved_, profit, 0, where=profit >= 0, color=BLUE, alpha=0.15, linewidth=0)
    ax.axhline(0, color=INK, linewidth=1)
    zero = (cost + given * (1 - leaves_alone)) / (value - given) if value > given else np.inf
    if zero <= most / 100:
        ax.plot([100 * zero], [0], "o", color=VERMILION, markersize=8)
        ax.annotate(f"pays from {100 * zero:.0f}", (100 * zero, 0), xytext=(6, -16), textcoords="offset points")
    if measured is not None:
        ax.axvline(100 * measured, color=GREEN, linestyle="--", linewidth=1.5)
        ax.annotate("measured", (100 * measured, ax.get_ylim()[1]), xytext=(5, -12), textcoords="offset points", color=INK)
    ax.set(xlabel="Of 100 offered it, stay because of it", ylabel="Profit for each of them", xlim=(0, most))
    said = f"pays from {100 * zero:.0f} of 100 on" if zero <= most / 100 else f"does not pay even if it held all {most:.0f} who would leave"
    return Picture(fig, f"A line of profit by the number saved of 100: the offer {said}.")


@passes_on_withheld
def held(result: Held, *, question: str) -> Picture:
    """Who left within a year, by something known at its beginning."""
    table = result.table
    fig, ax = new_figure(question)
    places = np.arange(len(table))
    left, low, high = (100 * table[name].to_numpy() for name in ("left", "low", "high"))
    ax.bar(places, left, color=BLUE, width=0.66)
    ax.vlines(places, low, high, color=INK, linewidth=1.5)
    for place, value, top in zip(places, left, high, strict=True):
        ax.annotate(f"{value:.0f}", (place, top), xytext=(0, 3), textcoords="offset points", ha="center")
    last = table["value"].iloc[-1]
    names = [f"{value:g}" + (" or more" if result.unit == "product line" and value == last and last >= 4 else "") for value in table["value"]]
    ax.set_xticks(places, [f"{name}\n({customers:,})" for name, customers in zip(names, table["customers"], strict=True)])
    ax.set(xlabel=f"{result.unit.capitalize()}s a year ago (customers)", ylabel="Of 100, ended since", ylim=(0, 1.15 * high.max()))
    ax.grid(axis="x", visible=False)
    said = "; ".join(f"{name}: {value:.0f}" for name, value in zip(names, left, strict=True))
    return Picture(fig, f"Bars with intervals, of 100 contracts ended within a year, by {result.unit}: {said}.")


@passes_on_withheld
def grades(table: pd.DataFrame, *, code: str) -> Picture:
    """What each loyalty grade brings and what its benefits cost."""
    fig, ax = new_figure("What does a loyalty grade cost, beside what it brings?", height=1.6 + 0.5 * len(table))
    places = np.arange(len(table))[::-1]
    brings, costs = (in_major_units(table[name], code=code).to_numpy() for name in ("margin_minor", "benefit_cost_minor"))
    ax.barh(places + 0.18, brings, color=BLUE, height=0.34, label="margin left in a year")
    ax.barh(places - 0.18, costs, color=ORANGE, height=0.34, label="benefits in a year")
    for place, value in zip(places, table["of_100"], strict=True):
        if not np.isnan(value):
            ax.annotate(f"{value:.1f} of 100", (costs[len(table) - 1 - place], place - 0.18), xytext=(6, 0), textcoords="offset points", va="center", fontsize=11)
    ax.set_yticks(places, [words.plain(name) for name in table["tier"]])
    ax.set(xlabel="A customer and year, on average")
    money_axis(ax.xaxis, code=code)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right")
    said = "; ".join(f"{words.plain(row.tier)} {words.money(row.margin_minor, code=code)} and {words.money(row.benefit_cost_minor, code=code)}" for row in table.itertuples())
    return Picture(fig, f"By grade, margin and benefits of a customer in a year: {said}.")


@passes_on_withheld
def costs(table: pd.DataFrame, *, code: str) -> Picture:
    """Where the cost of those below zero comes from."""
    fig, ax = new_figure("What takes away more than these customers bring?", height=1.6 + 0.62 * len(table))
    places = np.arange(len(table))[::-1]
    value = in_major_units(table["cost_minor"], code=code).to_numpy()
    ax.barh(places, value, color=VERMILION, height=0.6)
    for place, one, customers in zip(places, value, table["customers"], strict=True):
        ax.annotate(words.count(int(customers), "customer"), (one, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, ["\n".join(textwrap.wrap(says, 22)) for says in table["says"]], fontsize=11)
    ax.set(xlabel="Their cost in the last year")
    ax.xaxis.set_major_locator(MaxNLocator(4))
    money_axis(ax.xaxis, code=code)
    ax.margins(x=0.42)
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{row.says}: {words.money(row.cost_minor, code=code)}, {words.count(int(row.customers), 'customer')}" for row in table.itertuples())
    return Picture(fig, f"Cost of customers below zero by its largest source: {said}.")



@passes_on_withheld
def played_both(result: Both, *, code: str) -> Picture:
    """What as many calls caused in the quarter, chosen by response and by risk."""
    table = result.table
    fig, ax = new_figure(f"{int(table['calls'].max()):,} calls: what did the quarter bring?", height=2.4)
    value = in_major_units(table["profit_minor"], code=code).to_numpy()
    places = np.arange(len(table))[::-1]
    ax.barh(places, value, color=[BLUE if way == "by response" else VERMILION for way in table["way"]], height=0.6)
    ax.axvline(0, color=INK, linewidth=1)
    for place, one in zip(places, value, strict=True):
        ax.annotate(f"{one:,.0f}".replace("-", "−"), (one, place), xytext=(6 if one >= 0 else -6, 0), textcoords="offset points", va="center", ha="left" if one >= 0 else "right")
    ax.set_yticks(places, table["way"])
    ax.set(xlabel="Profit that the calls truly caused in the quarter")
    money_axis(ax.xaxis, code=code)
    ax.margins(x=0.3)
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{row.way} {words.money(row.profit_minor, code=code)}" for row in table.itertuples())
    return Picture(fig, f"Profit caused by the calls of one quarter: {said}.")
