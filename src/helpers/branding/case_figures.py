"""The pictures of the casebook of branding. Money in yuan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers import words
from helpers.branding import cases
from helpers.branding.case_worlds import Cookers, Kettle, Shoes
from helpers.branding.cases import AfterComplaint
from helpers.pictures import BLUE, INK, ORANGE, PAPER, QUIET, SKY, VERMILION, Picture, count_axis, new_figure, percent_axis
from helpers.withheld import passes_on_withheld

PROMISE_WORDS = {"factory": "ring the factory", "two_years": "two years", "lifetime": "for life"}
NAME_WORDS = {"old": "known name", "sub": "with an addition", "new": "new name"}
_LEGEND = {"loc": "lower center", "bbox_to_anchor": (0.42, 1.0), "columnspacing": 1.0}


def promise(*, claims: int, again: int) -> Picture:
    """What the promise for life leaves of 100 pairs, over the claims, with a point where the sliders stand."""
    shoes = Shoes()
    one = replace(shoes, claims={**shoes.claims, "lifetime": float(claims)}, again={**shoes.again, "lifetime": float(again)})
    found = cases.promise_accounts(one)["lifetime"]
    number = np.arange(0, 41)
    fig, ax = new_figure("What does a promise for life leave, of 100 pairs?", height=3.4)
    ax.plot(number, found.brings - number * one.repair, color=BLUE)
    ax.axhline(0, color=INK, linewidth=1)
    ax.axvline(found.break_even, color=QUIET, linestyle="--", label=f"costs what it brings: {found.break_even:.0f} claims")
    ax.plot([claims], [found.left], "o", color=VERMILION, markersize=10, label="as set")
    ax.set(xlabel="Claims of 100 pairs", ylabel="Left (yuan)", xlim=(0, 40), ylim=(-1500, 2000))
    count_axis(ax.yaxis)
    ax.legend(ncols=2, **_LEGEND)
    return Picture(
        fig,
        f"A falling line: the more claims, the less is left. With {again} buyers of 100 who come back because of the promise it crosses zero at "
        f"{found.break_even:.0f} claims; at {claims} claims {words.number(found.left)} yuan are left.",
    )


@passes_on_withheld
def after_complaints(found: AfterComplaint) -> Picture:
    """Share who ordered again within half a year of a complaint, settled or not."""
    fig, ax = new_figure("Who orders again after a complaint?", height=2.6)
    rows = [("settled", found.settled, found.people[0], BLUE), ("not settled", found.unsettled, found.people[1], ORANGE)]
    for y, (_, share, _, color) in enumerate(rows):
        ax.barh(-y, share.value, height=0.55, color=color, hatch="" if color == BLUE else "//", edgecolor=PAPER)
        ax.errorbar([share.value], [-y], xerr=[[share.value - share.low], [share.high - share.value]], fmt="none", ecolor=INK, capsize=3)
    ax.set_yticks([0, -1], [f"{name}\n({people})" for name, _, people, _ in rows])
    ax.set(xlabel=f"Share with an order in the {cases.LATER_DAYS} days after it", xlim=(0, 1))
    percent_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    return Picture(
        fig,
        "; ".join(f"{name}: {words.percent(share.value)} of {people} ordered again ({words.percent(share.low)} to {words.percent(share.high)})" for name, share, people, _ in rows) + ".",
    )


def names(cookers: Cookers) -> Picture:
    """For each name: whom it reminds of canteens, and who would buy."""
    table = cases.name_table(cookers)
    fig, ax = new_figure("What does each name bring to mind, and who would buy?", height=3.5)
    place = np.arange(len(table))
    for shift, name, color, hatch, label in ((-0.2, "canteen", ORANGE, "//", "think of a canteen"), (0.2, "buy", BLUE, "", "would buy")):
        ax.bar(place + shift, table[name], width=0.38, color=color, hatch=hatch, edgecolor=PAPER, label=label)
        ax.errorbar(place + shift, table[name], yerr=[table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]], fmt="none", ecolor=INK, capsize=3)
    ax.set_xticks(place, [f"{NAME_WORDS[row.name]}\n({row.asked} saw it)" for row in table.itertuples(index=False)])
    ax.set(ylabel="Share of those who saw it", ylim=(0, 1))
    percent_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    ax.legend(ncols=2, **_LEGEND)
    says = "; ".join(
        f"{NAME_WORDS[row.name]}: {words.percent(row.canteen)} think of a canteen, {words.percent(row.buy)} would buy" for row in table.itertuples(index=False)
    )
    return Picture(fig, f"Two bars for each name. {says}.")


def launch(*, known: float, millions: float) -> Picture:
    """What each name leaves in the first year, with another launch of the new name."""
    cookers = cases.with_new_name(Cookers(), known=known, launch=1e6 * millions)
    best = cases.best_name(cookers)
    fig, ax = new_figure("What does each name leave in its first year?", height=3.2)
    left = [cases.name_leaves(cookers, name) / 1e6 for name in cases.NAMES]
    ax.bar(range(3), left, width=0.6, color=[BLUE if name == best else SKY for name in cases.NAMES])
    for x, value in enumerate(left):
        ax.annotate(f"{value:.1f}", (x, max(value, 0)), xytext=(0, 4), textcoords="offset points", ha="center")
    ax.axhline(0, color=INK, linewidth=1)
    ax.set_xticks(range(3), [NAME_WORDS[name] for name in cases.NAMES])
    ax.set(ylabel="Million yuan", ylim=(min(0, 1.15 * min(left)) - 0.2, 1.2 * max(left) + 0.2))
    ax.grid(axis="x", visible=False)
    return Picture(
        fig, "Three bars: " + ", ".join(f"{NAME_WORDS[name]} {value:.1f} million yuan" for name, value in zip(cases.NAMES, left, strict=True)) + "."
    )


def recall(lists: pd.DataFrame) -> Picture:
    """How many brands each person wrote down, and how many all of them know together."""
    sizes = lists.groupby("person").size()
    together = cases.union_of(lists)
    fig, axes = new_figure("How many milk brands come to mind?", columns=2, height=3.2)
    counts = sizes.value_counts().sort_index()
    axes[0].bar(counts.index, counts, width=0.7, color=BLUE)
    axes[0].set(xlabel="Brands on a list", ylabel="People")
    axes[0].set_xticks(range(1, int(counts.index.max()) + 1))
    axes[0].grid(axis="x", visible=False)
    axes[1].step(together.index, together, where="mid", color=ORANGE)
    axes[1].set(xlabel="People asked", ylabel="Brands named so far", ylim=(0, together.max() * 1.1))
    for ax in axes:
        count_axis(ax.yaxis)
    return Picture(
        fig,
        f"Left: {len(sizes)} people wrote {sizes.mean():.1f} brands on average, at most {sizes.max()}. Right: together the first five know {together.iloc[4]}, all of them {together.iloc[-1]}.",
    )


def bicycles(rows: pd.DataFrame) -> Picture:
    """Price over the grade of all parts, for the known make and the others."""
    from helpers.branding.case_worlds import GRADES

    grade = rows[list(GRADES)].mean(axis=1)
    fig, ax = new_figure("Is the known make dearer at equal parts?", height=3.5)
    for known, color, mark, label in ((True, BLUE, "o", "known make"), (False, ORANGE, "s", "other makes")):
        mine = rows["known"] == known
        ax.plot(grade[mine], rows.loc[mine, "price"], mark, color=color, markersize=7, markeredgecolor=INK, markeredgewidth=0.4, label=label)
    ax.set_yscale("log")
    ax.set(xlabel="Mean grade of frame, gears and brakes (1 to 6)", ylabel="Price (yuan, each step doubles)")
    ticks = [value for value in (500, 1000, 2000, 4000, 8000, 16000) if 0.8 * rows["price"].min() <= value <= 1.25 * rows["price"].max()]
    ax.set_yticks(ticks, [f"{value:,}" for value in ticks])
    ax.minorticks_off()
    ax.legend(ncols=2, **_LEGEND)
    found = cases.premium_at_equal_parts(rows)
    return Picture(
        fig, f"A cloud of {len(rows)} bicycles, rising with the grade of the parts. The known make costs {words.percent(found.whole)} more as sold and {words.percent(found.name)} more at equal parts."
    )


def fashion(*, keeps: float) -> Picture:
    """What each way has left, month by month, if every month keeps that share of the one before."""
    kettle = Kettle(keeps=keeps)
    months = np.arange(0, cases.MONTHS + 1)
    sold = np.array([cases.pieces_in(kettle, int(month)) for month in months])
    fig, ax = new_figure("How long must a fashion last to pay for its moulds?", height=3.4)
    series, batch = sold * kettle.margin - kettle.tooling, sold * kettle.small_margin - kettle.tooling / 3
    ax.plot(months, series / 1000, color=BLUE, label="whole series")
    ax.plot(months, batch / 1000, color=ORANGE, linestyle="--", label="small batch")
    ax.axhline(0, color=INK, linewidth=1)
    ax.set(xlabel="Months since the start", ylabel="Left (thousand yuan)", xlim=(0, cases.MONTHS))
    ax.legend(ncols=2, **_LEGEND)
    return Picture(
        fig, f"Two rising curves that flatten. After {cases.MONTHS} months the whole series has {words.number(series[-1])} yuan left and the small batch {words.number(batch[-1])}."
    )
