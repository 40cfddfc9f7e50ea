"""The plan in pictures: gaps side by side, moves with their intervals, the calendar, the loop, and the company's year."""

from __future__ import annotations

import textwrap
from datetime import date

import matplotlib.dates as mdates
import numpy as np
import pandas as pd

from helpers import words
from helpers.money import currency
from helpers.pictures import (
    BLUE, INK, ORANGE, QUIET, SKY, VERMILION, Picture, money_axis, new_figure,
)  # fmt: skip
from helpers.plan.campaign import FIX, REPEAT, STOP, Judged
from helpers.plan.gaps import KINDS, LOST, SPENT, WAITING, Gap
from helpers.plan.moves import ASSUMED, MEASURED, Move
from helpers.withheld import passes_on_withheld

_OF_KIND = {LOST: (VERMILION, ""), SPENT: (ORANGE, "//"), WAITING: (SKY, "..")}


@passes_on_withheld
def gaps(found: list[Gap], *, code: str) -> Picture:
    """The gaps side by side, by what each is."""
    fig, ax = new_figure("Which gap is largest?", height=1.3 + 0.45 * len(found))
    places = np.arange(len(found))[::-1]
    amounts = [one.amount_minor / currency(code).factor for one in found]
    for place, one, amount in zip(places, found, amounts, strict=True):
        color, hatch = _OF_KIND[one.kind]
        ax.barh(place, amount, color=color, hatch=hatch, edgecolor="white", height=0.62)
        ax.annotate(words.money(one.amount_minor, code=code), (amount, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=11)
    for kind in KINDS:
        if any(one.kind == kind for one in found):
            color, hatch = _OF_KIND[kind]
            ax.bar(0, 0, color=color, hatch=hatch, edgecolor="white", label=kind)
    ax.set_yticks(places, [textwrap.fill(one.name, 30) for one in found], fontsize=11)
    ax.set(xlabel="Money, each over its own time", xlim=(0, 1.22 * max(amounts)))
    money_axis(ax.xaxis, code=code)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper right", bbox_to_anchor=(1.0, 0.86), fontsize=11)
    said = "; ".join(f"{one.name} {words.money(one.amount_minor, code=code)} ({one.kind})" for one in found)
    return Picture(fig, f"Bars of the gaps: {said}. They overlap and are not added up.")


@passes_on_withheld
def moves(found: list[Move], *, code: str, most: int = 6) -> Picture:
    """What each move is expected to leave in its first year, with its interval where one was measured."""
    known = [one for one in found if one.net_minor is not None][:most]
    fig, ax = new_figure("What would each move leave in a year, after its cost?", height=1.4 + 0.45 * max(len(known), 1))
    factor = currency(code).factor
    places = np.arange(len(known))[::-1]
    for place, one in zip(places, known, strict=True):
        measured = one.basis == MEASURED
        ax.barh(place, one.net_minor / factor, color=BLUE if measured else SKY, hatch="" if measured else "//", edgecolor="white", height=0.6)
        if one.low_minor is not None:
            ax.hlines(place, one.low_minor / factor, one.high_minor / factor, color=INK, linewidth=1.6)
    ax.axvline(0, color=INK, linewidth=1)
    for basis, color, hatch in ((MEASURED, BLUE, ""), (ASSUMED, SKY, "//")):
        if any(one.basis == basis for one in known):
            ax.bar(0, 0, color=color, hatch=hatch, edgecolor="white", label="measured, 95% interval" if basis == MEASURED else "assumed")
    ax.set_yticks(places, [textwrap.fill(one.title, 30) for one in known], fontsize=11)
    ax.set(xlabel="Margin after cost, first year")
    money_axis(ax.xaxis, code=code)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", fontsize=11)
    said = "; ".join(f"{one.title}: {words.money(one.net_minor, code=code)}, {one.basis}" for one in known)
    return Picture(fig, f"Bars of what is left of each move. {said}.")


def pays_from(repaired: float, cost: float, stake: float, later: float, *, code: str) -> Picture:
    """What a repair leaves in its first and in a later year, by the share of the loss that comes back; what a playground shows. Money in major units."""
    fig, ax = new_figure("From which share on does the repair pay?")
    shares = np.linspace(0, 1, 101)
    for year_cost, color, style, label in ((cost, BLUE, "-", "first year"), (later, ORANGE, "--", "each later year")):
        ax.plot(100 * shares, shares * stake - year_cost, color=color, linestyle=style, label=label)
        now = repaired * stake - year_cost
        ax.plot([100 * repaired], [now], "o", color=color, markersize=8)
    ax.axhline(0, color=INK, linewidth=1)
    ax.axvline(100 * repaired, color=INK, linewidth=1, linestyle=":")
    ax.set(xlabel="Of 100 of the loss, come back", ylabel="Margin after cost", xlim=(0, 100))
    money_axis(ax.yaxis, code=code)
    ax.legend(loc="upper left")
    zero = f"{100 * cost / stake:.0f} of 100" if 0 < cost <= stake else "no share"
    return Picture(fig, f"Two lines of what a repair leaves. In its first year it pays from {zero} of the loss on.")


@passes_on_withheld
def campaign(judged: Judged) -> Picture:
    """What each way of asking caused, beside what it seemed to have done."""
    table = judged.table
    fig, ax = new_figure("How many came because of the campaign?", height=1.7 + 0.75 * len(table))
    places = np.arange(len(table))[::-1]
    colors = {REPEAT: BLUE, FIX: QUIET, STOP: VERMILION}
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.barh(place, 100 * row.came, color="white", edgecolor=QUIET, height=0.7, linewidth=1.2)
        ax.barh(place, 100 * max(row.caused, 0), color=colors[row.verdict], height=0.42)
        ax.hlines(place, 100 * row.caused_low, 100 * row.caused_high, color=INK, linewidth=1.6)
        ax.annotate(row.verdict, (100 * row.came, place), xytext=(6, 0), textcoords="offset points", va="center")
    ax.axvline(0, color=INK, linewidth=1)
    ax.bar(0, 0, color="white", edgecolor=QUIET, label="all who came after it")
    ax.bar(0, 0, color=BLUE, label="because of it, with 95% interval")
    ax.set_yticks(places, table["way"])
    ax.set(xlabel="Of 100 customers asked", xlim=(min(-5, 100 * table["caused_low"].min() - 2), 100 * table["came"].max() * 1.25))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.24), fontsize=11)
    said = "; ".join(f"{row.way}: {words.in_100(row.came)} came, {round(100 * row.caused)} of 100 because of it, {row.verdict}" for row in table.itertuples())
    return Picture(fig, f"Bars for each way of asking. {said}. {words.in_100(table['came_anyway'].iloc[0])} of those left alone came.")


@passes_on_withheld
def calendar(found: list[Move], *, as_of: date) -> Picture:
    """When each move begins, and when its effect is looked at."""
    fig, ax = new_figure("When does each move begin, and when do we look?", height=1.4 + 0.7 * len(found))
    places = np.arange(len(found))[::-1]
    for place, one in zip(places, found, strict=True):
        begin, look = mdates.date2num(one.begins), mdates.date2num(one.looked_at)
        ax.barh(place, look - begin, left=begin, color=SKY, height=0.5)
        ax.plot([look], [place], marker="D", color=VERMILION, markersize=8)
    ax.set_yticks(places, [f"{textwrap.fill(one.title, 32)}\n({one.person})" for one in found], fontsize=11)
    ax.xaxis_date()
    ax.xaxis.set_major_locator(mdates.MonthLocator())
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(mdates.MonthLocator()))
    last = max(one.looked_at for one in found)
    ax.set(xlabel="Month (diamond: we look)", xlim=(mdates.date2num(as_of) - 5, mdates.date2num(last) + 12))
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{one.title} from {words.day(one.begins)}, looked at on {words.day(one.looked_at)}, {one.person}" for one in found)
    return Picture(fig, f"A calendar of the moves: {said}.")


@passes_on_withheld
def loop(steps: pd.DataFrame) -> Picture:
    """The four steps as a ring, each with its number."""
    fig, ax = new_figure("Does the loop close?", height=3.4)
    spots = [(-1.05, 0.6), (1.05, 0.6), (1.05, -0.6), (-1.05, -0.6)]
    for (x, y), row in zip(spots, steps.itertuples(), strict=True):
        open_ = not row.report or "no " in row.number
        ax.annotate(f"{row.step}\n{textwrap.fill(row.number, 21)}", (x, y), ha="center", va="center", fontsize=11.5,
                    bbox={"boxstyle": "round,pad=0.6", "facecolor": "white", "edgecolor": VERMILION if open_ else BLUE, "linewidth": 1.8, "linestyle": "--" if open_ else "-"})  # fmt: skip
    for (x1, y1), (x2, y2) in zip(spots, spots[1:] + spots[:1], strict=True):
        (dx, dy) = (x2 - x1, y2 - y1)
        ax.annotate("", (x1 + 0.57 * dx, y1 + 0.57 * dy), (x1 + 0.43 * dx, y1 + 0.43 * dy), arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.8})
    ax.set(xlim=(-1.9, 1.9), ylim=(-1.05, 1.05))
    ax.axis("off")
    said = "; ".join(f"{row.step}: {row.number}" for row in steps.itertuples())
    return Picture(fig, f"A ring of four steps. {said}.")


@passes_on_withheld
def year(lived: pd.DataFrame, *, code: str) -> Picture:
    """What decisions have left beyond doing nothing, over several futures: `decision`, `future`, `beyond_minor`."""
    order = lived.groupby("decision", sort=False)["beyond_minor"].mean().sort_values(ascending=False).index.tolist()
    fig, ax = new_figure("What did each decision leave, beyond doing nothing?", height=1.5 + 0.55 * len(order))
    factor = currency(code).factor
    places = {name: place for place, name in enumerate(order[::-1])}
    for name, part in lived.groupby("decision", sort=False):
        place, values = places[name], part["beyond_minor"] / factor
        mean = values.mean()
        ax.barh(place, mean, color=BLUE if mean > 0 else VERMILION, alpha=0.85, height=0.5)
        ax.plot(values, np.full(len(values), place), "o", color="white", markeredgecolor=INK, markersize=6)
    ax.axvline(0, color=INK, linewidth=1)
    ax.plot([], [], "o", color="white", markeredgecolor=INK, label="one future each")
    ax.set_yticks(list(places.values()), [textwrap.fill(name, 30) for name in places], fontsize=11)
    ax.set(xlabel="Profit of the year beyond doing nothing")
    money_axis(ax.xaxis, code=code)
    ax.grid(axis="y", visible=False)
    ax.legend(loc="best", fontsize=11)
    means = lived.groupby("decision")["beyond_minor"].mean()
    said = "; ".join(f"{name} {words.money(round(means[name]), code=code)}" for name in order)
    return Picture(fig, f"Bars of what each decision left beyond doing nothing, on average: {said}.")




def quarters(with_it: pd.DataFrame, without: pd.DataFrame, *, decision: str, code: str) -> Picture:
    """What a decision has left beyond doing nothing, quarter by quarter and added up; what a playground shows. Frames as `World.results` gives them."""
    fig, ax = new_figure(f"{decision}: what is left beyond doing nothing?")
    beyond = (with_it["profit_minor"].to_numpy() - without["profit_minor"].to_numpy()) / currency(code).factor
    added = np.cumsum(beyond)
    places = np.arange(1, len(beyond) + 1)
    ax.bar(places, beyond, color=np.where(beyond > 0, BLUE, VERMILION), width=0.55, label="in the quarter")
    ax.plot(places, added, color=INK, marker="o", label="added up")
    ax.axhline(0, color=INK, linewidth=1)
    ax.set_xticks(places)
    ax.set(xlabel="Quarter", ylabel="Profit")
    money_axis(ax.yaxis, code=code)
    ax.legend(loc="best", fontsize=11)
    said = ", ".join(words.money(round(one * currency(code).factor), code=code) for one in beyond)
    return Picture(fig, f"Bars by quarter: {said}; added up {words.money(round(added[-1] * currency(code).factor), code=code)}.")
