"""The pipeline in pictures: each takes what a measure returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.conversion import attempts as talks
from helpers.conversion.funnel import Flow, Funnel
from helpers.conversion.gates import GATES, chance_of_all, narrowest
from helpers.conversion.grades import CLASSES, GRADES, Score, cross_table
from helpers.conversion.routes import Routes
from helpers.conversion.tiers import TIERS, Barriers, TierSizes
from helpers.pictures import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    QUIET,
    VERMILION,
    Picture,
    new_figure,
    short_labels,
)
from helpers.withheld import passes_on_withheld, silent_when_withheld

_GROUP = {"customer": "customers", "undecided": "undecided", **TIERS}


def _spoken(code: object) -> str:
    return str(code).replace("_", " ")


@passes_on_withheld
def tier_sizes(found: TierSizes) -> Picture:
    """Of 100 households, how many stand where, with intervals."""
    fig, ax = new_figure("Of 100 households in the region, how many stand where?", height=3.4)
    table = found.table.iloc[::-1]
    places = np.arange(len(table))
    colors = [BLUE if group in TIERS else QUIET for group in table["group"]]
    ax.barh(places, 100 * table["share"], color=colors, height=0.66)
    ax.hlines(places, 100 * table["low"], 100 * table["high"], color=INK, linewidth=1.6)
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.annotate(f"{100 * row.share:.0f}", (100 * row.high, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, [_GROUP[group] for group in table["group"]])
    ax.set(xlabel="Of 100 households (line: 95% interval)", xlim=(0, min(105, 100 * table["high"].max() + 10)))
    ax.grid(axis="y", visible=False)
    said = "; ".join(
        f"{_GROUP[row.group]} {100 * row.share:.0f} ({100 * row.low:.0f} to {100 * row.high:.0f})"
        for row in found.table.itertuples()
    )
    return Picture(fig, f"Bars of households of 100 by group, with 95% intervals: {said}.")


@passes_on_withheld
def barriers(found: Barriers) -> Picture:
    """What keeps each tier away: a heat map, the shared barrier marked."""
    fig, ax = new_figure("What keeps each tier away? Of 100 who name a barrier", height=3.6)
    wide = found.table.pivot(index="barrier", columns="group", values="share")
    columns = [name for name in (*TIERS, "tenants") if name in wide]
    wide = wide[columns].loc[wide[columns].mean(axis=1).sort_values(ascending=False, kind="stable").index].head(7)
    ax.imshow(wide.to_numpy(), cmap="Blues", vmin=0, vmax=max(0.6, wide.to_numpy().max()), aspect="auto")
    for y, name in enumerate(wide.index):
        for x, column in enumerate(columns):
            share = wide.loc[name, column]
            ax.text(x, y, f"{100 * share:.0f}", ha="center", va="center", color="white" if share > 0.38 else INK,
                    fontweight="bold" if name == found.shared and column in found.of_tiers else "normal")  # fmt: skip
    labels = short_labels([_spoken(name) for name in wide.index])
    ax.set_yticks(range(len(wide)), [labels[_spoken(name)] for name in wide.index])
    ax.set_xticks(range(len(columns)), [f"{_GROUP.get(c, c)}\n({found.sheets[c]} sheets)" for c in columns], fontsize=11)
    ax.grid(visible=False)
    tops = "; ".join(f"{_GROUP.get(c, c)}: {_spoken(wide[c].idxmax())} {100 * wide[c].max():.0f}" for c in columns)
    return Picture(fig, f"Heat map of barriers by tier, of 100 who name one. The most frequent of each: {tops}.")


@passes_on_withheld
def flow(found: Flow) -> Picture:
    """The stock then, what came in and went out, the stock now."""
    fig, ax = new_figure("How did the stock of open prospects change?", height=3.6)
    steps = [("open then", found.start, 0, QUIET), ("entered", found.entered, found.start, BLUE),
             ("ordered", -found.ordered, found.start + found.entered, GREEN),
             ("lost", -found.lost, found.start + found.entered - found.ordered, VERMILION), ("open now", found.end, 0, QUIET)]  # fmt: skip
    for place, (_, height, base, color) in enumerate(steps):
        ax.bar(place, height, bottom=base, color=color, width=0.7)
        ax.annotate(
            f"{height:+,}".replace("-", "−") if 0 < place < 4 else f"{height:,}",
            (place, max(base, base + height)),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
        )
    if found.idle:
        ax.bar(4, found.idle, color=QUIET, width=0.7, hatch="///", edgecolor="white")
        ax.annotate(
            f"idle: {found.idle:,}",
            (4, found.idle / 2),
            ha="center",
            va="center",
            fontsize=11,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
        )
    ax.set_xticks(range(5), [name for name, *_ in steps])
    ax.set(ylabel="Open prospects", ylim=(0, 1.15 * max(found.start + found.entered, 1)))
    ax.grid(axis="x", visible=False)
    return Picture(
        fig,
        f"Steps from {found.start:,} open prospects: {found.entered:,} entered, {found.ordered:,} ordered, {found.lost:,} were lost, {found.end:,} are "
        f"open now. {found.idle:,} of these had no contact for more than {found.idle_days} days.",
    )


@passes_on_withheld
def cohorts(found: Funnel) -> Picture:
    """Of 100 entered in each quarter, how many have ordered; the unripe ones hatched."""
    fig, ax = new_figure("Of 100 prospects of each quarter, how many have ordered?", height=3.6)
    table = found.table.tail(9).reset_index(drop=True)
    for place, row in enumerate(table.itertuples()):
        ax.bar(
            place,
            100 * row.share_ordered,
            color=BLUE if row.ripe else "white",
            edgecolor=BLUE,
            hatch="" if row.ripe else "///",
            width=0.7,
            linewidth=1,
        )
        ax.annotate(
            f"{100 * row.share_ordered:.0f}",
            (place, 100 * row.share_ordered),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
        )
    ax.set_xticks(range(len(table)), [f"{name[:4]}\n{name[4:]}" for name in table["cohort"]], fontsize=11)
    ax.set(
        xlabel="Quarter of entry (hatched: too young to judge)",
        ylabel="Of 100, ordered",
        ylim=(0, 1.2 * max(1, 100 * table["share_ordered"].max())),
    )
    ax.grid(axis="x", visible=False)
    young = table.loc[~table["ripe"], "cohort"].tolist()
    ripe = table.loc[table["ripe"], "share_ordered"]
    said = (
        f"from {100 * ripe.min():.0f} to {100 * ripe.max():.0f} of 100 in the ripe quarters"
        if len(ripe)
        else "no quarter is ripe"
    )
    return Picture(
        fig,
        f"Bars of orders of 100 prospects by quarter of entry: {said}. Too young to judge: {words.listing(young) if young else 'none'}.",
    )


@passes_on_withheld
def routes(found: Routes) -> Picture:
    """Inbound less outbound: of all, and among like prospects."""
    fig, ax = new_figure("Does the route sell better, or does it bring other people?", height=2.9)
    for place, (one, color) in enumerate(((found.alike, BLUE), (found.raw, ORANGE))):
        ax.hlines(place, 100 * one.low, 100 * one.high, color=color, linewidth=3)
        ax.plot([100 * one.value], [place], "o", color=color, markersize=9)
        ax.annotate(
            f"{100 * one.value:+.0f}".replace("-", "−"),
            (100 * one.value, place),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
        )
    ax.axvline(0, color=INK, linewidth=1, linestyle="--")
    ax.set_yticks([0, 1], ["like with like", "as it stands"])
    ax.set(xlabel="More orders of 100 inbound than of 100 outbound", ylim=(-0.5, 1.6))
    return Picture(
        fig,
        f"Difference of orders of 100, inbound less outbound: {100 * found.raw.value:.0f} as it stands, {100 * found.alike.value:.0f} among like prospects "
        f"({100 * found.alike.low:.0f} to {100 * found.alike.high:.0f}).",
    )


@passes_on_withheld
def calibration(found: Score) -> Picture:
    """Foretold against come true on the hold-out."""
    fig, ax = new_figure("Of 100 with such a chance, how many ordered?", height=3.8)
    table = found.calibration
    ax.plot([0, 100], [0, 100], color=QUIET, linestyle="--", linewidth=1.2)
    ax.vlines(100 * table["chance"], 100 * table["low"], 100 * table["high"], color=BLUE, linewidth=2)
    ax.plot(100 * table["chance"], 100 * table["ordered"], "o", color=BLUE, markersize=8)
    top = 100 * max(table["high"].max(), table["chance"].max()) + 5
    ax.annotate("as foretold", (0.72 * top, 0.72 * top), xytext=(8, -12), textcoords="offset points", fontsize=11)
    ax.set(xlabel="Foretold, of 100 (line: 95% interval of what came)", ylabel="Ordered, of 100", xlim=(0, top), ylim=(0, top))
    said = "; ".join(f"{100 * row.chance:.0f} foretold, {100 * row.ordered:.0f} came" for row in table.itertuples())
    return Picture(fig, f"Five points of orders foretold and come true, of 100, on later prospects: {said}.")


@silent_when_withheld
def grades_by_class(found: Score) -> Picture:
    """Grades by follow-up classes on the hold-out: how many, and how many of them ordered."""
    fig, ax = new_figure("Do the grade and the seller's class say the same?", height=3.9)
    cross = cross_table(found)
    size = cross.pivot(index="grade", columns="follow_up", values="prospects").loc[list(GRADES), list(CLASSES)]
    won = cross.pivot(index="grade", columns="follow_up", values="ordered").loc[list(GRADES), list(CLASSES)]
    share = (won / size.where(size > 0)).to_numpy(dtype=float)
    ax.imshow(np.nan_to_num(share), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for y in range(len(GRADES)):
        for x in range(len(CLASSES)):
            n = int(size.iloc[y, x])
            ax.text(
                x,
                y,
                f"{int(won.iloc[y, x])} of {n}" if n else "–",
                ha="center",
                va="center",
                color="white" if n and share[y, x] > 0.55 else INK,
            )
    ax.set_xticks(range(len(CLASSES)), [_spoken(name).replace(" ", "\n") for name in CLASSES])
    ax.set_yticks(range(len(GRADES)), GRADES)
    ax.set(xlabel="Follow-up class after the first contact", ylabel="Grade")
    ax.grid(visible=False)
    top = cross[cross["grade"] == "A"]
    return Picture(
        fig,
        f"Table of grades by follow-up class with orders among later prospects. Grade A holds {int(top['prospects'].sum())}, of whom {int(top['ordered'].sum())} ordered.",
    )


@passes_on_withheld
def attempts(table: pd.DataFrame, *, question: str = "Success of each attempt, and its share of all orders") -> Picture:
    """Two bars an attempt: orders of 100 attempts, and share of all orders."""
    fig, ax = new_figure(question, height=3.6)
    places = np.arange(len(table))
    ax.bar(places - 0.19, 100 * table["share_of_orders"], width=0.36, color=QUIET, label="of 100 orders, from this attempt")
    ax.bar(places + 0.19, 100 * table["rate"], width=0.36, color=BLUE, label="of 100 such attempts, an order")
    ax.vlines(places + 0.19, 100 * table["low"], 100 * table["high"], color=INK, linewidth=1.5)
    for place, row in zip(places, table.itertuples(), strict=True):
        ax.annotate(
            f"{100 * row.share_of_orders:.0f}",
            (place - 0.19, 100 * row.share_of_orders),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
        )
        ax.annotate(
            f"{100 * row.rate:.0f}", (place + 0.19, 100 * row.high), xytext=(0, 3), textcoords="offset points", ha="center"
        )
    ax.set_xticks(places, table["attempt"])
    ax.set(xlabel="Attempt", ylabel="Of 100", ylim=(0, 135 * max(table["share_of_orders"].max(), table["high"].max())))
    ax.legend(loc="upper right")
    ax.grid(axis="x", visible=False)
    said = "; ".join(
        f"attempt {row.attempt}: {100 * row.share_of_orders:.0f} of 100 orders, success {100 * row.rate:.0f} of 100"
        for row in table.itertuples()
    )
    return Picture(fig, f"Bars for each attempt: {said}.")


@passes_on_withheld
def sellers(found: talks.Sellers) -> Picture:
    """Each seller's success, beside what like prospects give whoever sells."""
    fig, ax = new_figure("Who closes best, and who was sent the best prospects?", height=3.7)
    table = found.table.sort_values(["rate", "seller_id"], ascending=[True, False], kind="stable").tail(10)
    places = np.arange(len(table))
    ax.hlines(
        places,
        100 * (table["expected"] + table["low"] - table["more"]).clip(lower=0),
        100 * (table["expected"] + table["high"] - table["more"]),
        color=QUIET,
        linewidth=7,
        label="what such prospects give (95%)",
    )
    ax.plot(100 * table["rate"], places, "o", color=BLUE, markersize=9, label="ordered at the first contact")
    names = short_labels(table["seller_id"])
    ax.set_yticks(places, [f"{names[row.seller_id]} ({row.visits})" for row in table.itertuples()])
    ax.set(xlabel="Of 100 first contacts, orders", xlim=(0, 110 * table["rate"].max() + 3), ylim=(-0.6, len(table) - 0.4))
    ax.legend(loc="lower right")
    best = found.of_best
    return Picture(
        fig,
        f"Points of orders of 100 first contacts by seller, over bands of what their prospects give. {found.best} closes {100 * best['rate']:.0f} of 100, and such "
        f"prospects give {100 * best['expected']:.0f} whoever sells.",
    )


@passes_on_withheld
def gates(table: pd.DataFrame) -> Picture:
    """Of 100 talks that reach a gate, how many pass it."""
    fig, ax = new_figure("At which doubt do talks end?", height=3.7)
    rows = table.iloc[::-1]
    places = np.arange(len(rows))
    worst = narrowest(table)["gate"]
    ax.barh(places, 100 * rows["rate"], color=[VERMILION if g == worst else BLUE for g in rows["gate"]], height=0.66)
    ax.hlines(places, 100 * rows["low"], 100 * rows["high"], color=INK, linewidth=1.6)
    for place, row in zip(places, rows.itertuples(), strict=True):
        ax.annotate(f"{100 * row.rate:.0f}", (100 * row.high, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, rows["gate"])
    ax.set(xlabel="Of 100 talks that reach the doubt, pass it", xlim=(0, 112))
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{row.gate} {100 * row.rate:.0f}" for row in table.itertuples())
    return Picture(fig, f"Bars of talks that pass each doubt, of 100 that reach it: {said}. The narrowest is {worst}.")


def gate_line(rate: float) -> Picture:
    """How 100 talks thin out over six gates with one pass rate."""
    fig, ax = new_figure("How many of 100 talks are left after each gate?", height=3.4)
    left = [100 * chance_of_all(rate, gates=number) for number in range(len(GATES) + 1)]
    ax.bar(range(len(left)), left, color=[QUIET] + [BLUE] * len(GATES), width=0.72)
    for place, value in enumerate(left):
        ax.annotate(f"{value:.0f}", (place, value), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(range(len(left)), ["start", *(name if len(name) < 9 else name[:7] + "." for name in GATES)], fontsize=10)
    ax.set(xlabel="After the gate", ylabel="Talks left", ylim=(0, 115))
    ax.grid(axis="x", visible=False)
    return Picture(
        fig,
        f"Bars of talks left after each of six gates with a pass rate of {100 * rate:.0f} of 100: {left[-1]:.0f} of 100 at the end.",
    )


def what_if_attempts(second: int, third: int) -> Picture:
    """Orders 70, 23, 7 from 1,000 first attempts and so many second and third ones."""
    return attempts(insurance(second, third), question="The same 100 orders: what does each attempt achieve?")


def insurance(second: int, third: int) -> pd.DataFrame:
    """The insurance office with other numbers of later visits: `attempt`, `visits`, `closed`, rates and shares."""
    return talks.with_rates(talks.INSURANCE.assign(visits=[1000, max(second, 23), max(third, 7)]))
