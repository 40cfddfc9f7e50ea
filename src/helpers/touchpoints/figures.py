"""Touchpoints in pictures: each takes what a measure returns and answers one question."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.money import in_major_units
from helpers.pictures import (
    BLUE,
    GREEN,
    INK,
    MARKERS,
    ORANGE,
    PALETTE,
    QUIET,
    VERMILION,
    Picture,
    money_axis,
    new_figure,
    percent_axis,
    short_labels,
)
from helpers.touchpoints import complaints, gaps
from helpers.touchpoints.complaints import LEVEL_NAMES, Told
from helpers.touchpoints.gaps import Drivers
from helpers.touchpoints.places import TOUCHPOINTS, Kept, touchpoint_name
from helpers.touchpoints.running import Stuck
from helpers.withheld import passes_on_withheld

_PLACES = {"repair first": (VERMILION, "s"), "later": (ORANGE, "D"), "keep": (BLUE, "o")}


def _short(code: str) -> str:
    """A touchpoint without its article, for an axis."""
    known = TOUCHPOINTS.get(code)
    return known.name.removeprefix("the ").removesuffix(" service") if known else str(code).replace("_", " ")


@passes_on_withheld
def expectation_and_perception(found: pd.DataFrame) -> Picture:
    """Each touchpoint: what was expected, what was met."""
    table = found.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("Where do we fall short of what people expect?", height=1.4 + 0.28 * len(table))
    for row in table.itertuples():
        color = VERMILION if row.falls_short else QUIET
        ax.plot([row.expectation, row.perception], [row.Index] * 2, color=color, linewidth=4 if row.falls_short else 2, zorder=1)
    ax.scatter(table["expectation"], table.index, marker="|", s=160, linewidths=2.4, color=INK, label="expected", zorder=3)
    ax.scatter(table["perception"], table.index, marker="o", s=46, color=BLUE, label="met", zorder=2)
    ax.set_yticks(table.index, [_short(name) for name in table["touchpoint"]])
    ax.set(xlabel="Mean answer (1 poor, 10 excellent)")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, handletextpad=0.2, borderpad=0.1)
    worst = found.iloc[0]
    short = found[found["falls_short"]]
    named = words.listing(touchpoint_name(name) for name in short["touchpoint"]) if len(short) else "none"
    return Picture(
        fig,
        f"Expected and met, touchpoint by touchpoint. The largest gap is at {touchpoint_name(worst['touchpoint'])}: expected "
        f"{worst['expectation']:.1f}, met {worst['perception']:.1f}. Clearly short by half a point or more: {named}.",
    )


@passes_on_withheld
def importance(placed: pd.DataFrame, weighed: Drivers) -> Picture:
    """What counts, against how it does."""
    fig, ax = new_figure("Which repair comes first: what scores low, or what counts?", height=4.2)
    ends = weighed.table.set_index("touchpoint")
    ax.axvline(weighed.equal_share, color=QUIET, linestyle="--", linewidth=1.2)
    ax.axhline(0, color=QUIET, linewidth=1.0)
    for place, part in placed.groupby("place", sort=False):
        color, marker = _PLACES[place]
        ax.hlines(part["gap"], ends.loc[part["touchpoint"], "low"], ends.loc[part["touchpoint"], "high"], color=color, linewidth=1.4, alpha=0.6)
        ax.scatter(part["weight"], part["gap"], color=color, marker=marker, s=60, zorder=3, label=place)
    # Only what falls short is named, and the heaviest of the others: near the line the names would cover each other.
    named = placed[placed["falls_short"] | placed.index.isin(placed.index[:1])]
    for row in named.itertuples():
        # Near the left edge a name in the middle would run out of the picture.
        side = "left" if row.weight < 0.1 else "center"
        ax.annotate(_short(row.touchpoint), (row.weight, row.gap), xytext=(0, 8), textcoords="offset points", ha=side, fontsize=11)
    low, high = min(float(placed["gap"].min()), -0.5), max(float(placed["gap"].max()), 0.3)
    ax.set(xlabel="Share in satisfaction (dashed: all alike)", ylabel="Met less expected (points)")
    ax.set_ylim(low - 0.35, high + 0.45)
    ax.set_xlim(left=0)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, handletextpad=0.1, columnspacing=1.0, borderpad=0.1)
    first = placed[placed["place"] == "repair first"]
    said = words.listing(touchpoint_name(name) for name in first["touchpoint"]) if len(first) else "nothing"
    return Picture(
        fig,
        f"Map of how much each touchpoint counts against how far it falls short. To repair first: {said}. "
        f"The heaviest is {touchpoint_name(placed['touchpoint'].iloc[0])} with {words.percent(placed['weight'].iloc[0])}.",
    )


@passes_on_withheld
def breaks(found: Stuck) -> Picture:
    """Share of cases not settled where they began, hand by hand."""
    table = found.table.sort_values("excess").reset_index(drop=True)
    share = 1 - table["kept_share"]
    fig, ax = new_figure("Where does a matter not end where it began?", height=1.5 + 0.3 * len(table))
    names = [f"{str(row.touchpoint).replace('_', ' ')} ({row.owner})" for row in table.itertuples()]
    labels = short_labels(names, longest=26)
    ax.barh([labels[name] for name in names], share, color=[VERMILION if sure else QUIET for sure in table["is_sure"]])
    for place, row in enumerate(table.itertuples()):
        ax.annotate(words.number(row.cases), (share[place], place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=11)
    ax.set(xlabel="Share of the cases (beside it: cases)", xlim=(0, max(0.2, float(share.max()) * 1.18)))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    worst = table.iloc[-1]
    return Picture(
        fig,
        "Bars of the share of cases that were not settled where they began. Most beyond the others: "
        f"{names[-1]} with {words.percent(1 - worst['kept_share'])} of {words.count(int(worst['cases']), 'case')}.",
    )


@passes_on_withheld
def told(found: Told) -> Picture:
    """How far problems get, and who of each means to stay."""
    table = found.table.set_index("told").loc[list(complaints.LEVELS)[::-1]]
    fig, ax = new_figure("Who hears of a problem?", height=3.0)
    leaves = table["share"] * (1 - table["stays"].fillna(1))
    stay = table["share"] - leaves
    names = [LEVEL_NAMES[name] for name in table.index]
    known = table["stays"].notna()
    ax.barh(names, stay, color=[BLUE if ok else QUIET for ok in known])
    ax.barh(names, leaves, left=stay, color=ORANGE)
    for place, row in enumerate(table.itertuples()):
        ax.annotate(f"{row.n}", (row.share, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=11)
    handles = [ax.barh([names[0]], [0], color=color, label=label) for color, label in ((BLUE, "mean to stay"), (ORANGE, "mean to leave"), (QUIET, "too few to say"))]
    ax.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, handletextpad=0.3, columnspacing=1.0, borderpad=0.1)
    ax.set(xlabel=f"Share of {words.number(found.problems)} with a problem (beside it: people)", xlim=(0, float(table["share"].max()) * 1.15))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    return Picture(
        fig,
        f"Bars of whom people told of their problem. Head office heard of {words.in_100(found.head_office.value)} problems; "
        f"{words.in_100(table.loc['nobody', 'share'])} told nobody.",
    )


def iceberg(*, complaints_counted: int, rate: float) -> Picture:
    """How the number of unhappy customers swings with the rate that is assumed."""
    fig, ax = new_figure("One number of complaints: how many are unhappy?", height=3.4)
    rates = np.linspace(*complaints.RATES, 200)
    ax.plot(rates, complaints_counted / rates, color=BLUE)
    found = complaints.iceberg(complaints_counted, rate)
    ax.plot([rate], [found.unhappy], "o", color=ORANGE, markersize=9)
    ax.annotate(f"{words.number(found.unhappy)} unhappy,\n{words.number(found.silent)} of them silent", (rate, found.unhappy), xytext=(14, 6), textcoords="offset points")
    ax.set(xlabel="Assumed: share of the unhappy who complain", ylabel="Unhappy customers", ylim=(0, complaints_counted / complaints.RATES[0] * 1.05), xlim=(0, 0.62))
    percent_axis(ax.xaxis)
    return Picture(
        fig,
        f"Curve of unhappy customers against the share who complain, for {words.count(complaints_counted, 'complaint')}. "
        f"At {words.percent(rate)} they stand for {words.number(found.unhappy)} unhappy customers; at 60% for {words.number(complaints_counted / 0.6)}.",
    )


@passes_on_withheld
def causes(table: pd.DataFrame) -> Picture:
    """Complaints by cause, most frequent first, with the running share."""
    shown = table.head(8)
    fig, ax = new_figure("What do people complain of most?", height=3.4)
    labels = short_labels([str(cause).replace("_", " ") for cause in shown["cause"]])
    names = [labels[str(cause).replace("_", " ")] for cause in shown["cause"]]
    ax.bar(names, shown["share"], color=BLUE)
    ax.plot(names, shown["running"], color=ORANGE, marker="o", linewidth=1.6, label="this cause and those before it")
    for place, row in enumerate(shown.itertuples()):
        inside = row.share > 0.1
        ax.annotate(words.number(row.complaints), (place, row.share / 2 if inside else row.share + 0.04), ha="center", va="center",
                    color="white" if inside else INK, fontsize=11)  # fmt: skip
    ax.set(ylabel="Share of complaints", ylim=(0, 1.08), xlabel="Cause (in or above the bar: complaints)")
    ax.set_xticks(range(len(names)), names, rotation=18, ha="right")
    ax.grid(axis="x", visible=False)
    percent_axis(ax.yaxis)
    ax.legend(loc="upper left")
    top = shown.iloc[0]
    return Picture(
        fig, f"Bars of complaints by cause. Most are about {names[0]}: {words.count(int(top['complaints']), 'complaint')}, {words.percent(top['share'])}."
    )


@passes_on_withheld
def orders_by_satisfaction(table: pd.DataFrame) -> Picture:
    """The share who ordered in the 90 days after, by satisfaction on the whole."""
    fig, ax = new_figure("Do the satisfied order more?", height=3.0)
    spread = np.abs(np.stack([table["share"] - table["low"], table["high"] - table["share"]]))
    ax.errorbar(table["satisfaction"], table["share"], yerr=spread, fmt="o", color=BLUE, capsize=5, markersize=8)
    for place, row in enumerate(table.itertuples()):
        ax.annotate(f"n {row.n}", (place, row.low), xytext=(0, -14), textcoords="offset points", ha="center", fontsize=11)
    ax.set(xlabel="Satisfaction on the whole (1 to 10)", ylabel="Ordered within 90 days", ylim=(0, 1), xlim=(-0.5, len(table) - 0.5))
    percent_axis(ax.yaxis)
    first, last = table.iloc[0], table.iloc[-1]
    return Picture(
        fig,
        f"Share who ordered in the 90 days after the answer: {words.percent(first['share'])} of those who answered {first['satisfaction']}, "
        f"{words.percent(last['share'])} of those who answered {last['satisfaction']}.",
    )


@passes_on_withheld
def both_levers(kept: Kept, *, touchpoint: str, better: float, promise_less: float) -> Picture:
    """How many are disappointed, satisfied and delighted, when more is delivered or less is promised."""
    part = kept.table[kept.table["touchpoint"] == touchpoint]
    hoped, met = part["expectation"].astype(float), part["perception"].astype(float)
    moved = (met + better).clip(upper=10), (hoped - promise_less).clip(lower=1)
    fig, ax = new_figure(f"{_short(touchpoint).capitalize()}: what if we do better, or promise less?", height=2.6)
    names, colors = ["disappointed", "satisfied", "delighted"], [VERMILION, QUIET, GREEN]
    for row, pair in zip(("then", "now"), ((moved[1], moved[0]), (hoped, met)), strict=True):
        shares = gaps.three_way(*pair).value_counts(normalize=True).reindex(names, fill_value=0)
        left = 0.0
        for name, color in zip(names, colors, strict=True):
            ax.barh([row], [shares[name]], left=left, color=color, label=name if row == "then" else None)
            if shares[name] > 0.08:
                ax.annotate(words.percent(shares[name]), (left + shares[name] / 2, row), ha="center", va="center", fontsize=11)
            left += shares[name]
    ax.set(xlabel="Share of those who rated it", xlim=(0, 1))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, handletextpad=0.3, columnspacing=1.0, borderpad=0.1)
    after = gaps.three_way(moved[1], moved[0]).eq("disappointed").mean()
    return Picture(fig, f"With {better:g} points more met and {promise_less:g} points less expected, {words.in_100(after)} would be disappointed at {touchpoint_name(touchpoint)}.")


@passes_on_withheld
def link_rules(table: pd.DataFrame) -> Picture:
    """Right and found, rule by rule."""
    rows = table.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("How far can each rule for linking be trusted?", height=1.5 + 0.42 * len(rows))
    for shift, name, color, marker, label in ((0.12, "precision", BLUE, "o", "of the pairs joined, right"), (-0.12, "recall", ORANGE, "s", "of the true pairs, found")):
        ax.hlines(rows.index + shift, rows[f"{name}_low"], rows[f"{name}_high"], color=color, linewidth=2)
        ax.scatter(rows[name], rows.index + shift, color=color, marker=marker, s=46, label=label, zorder=3)
    ax.set_yticks(rows.index, list(rows["rule"]))
    ax.set(xlabel="Share of pairs", xlim=(0, 1.02))
    percent_axis(ax.xaxis)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, handletextpad=0.2, columnspacing=1.0, borderpad=0.1)
    best = table.iloc[table["precision"].argmax()]
    return Picture(fig, f"Points of the share of right links and of found links by rule. Most often right: {best['rule']}, {words.percent(best['precision'])} right and {words.percent(best['recall'])} found.")


@passes_on_withheld
def attribution(table: pd.DataFrame) -> Picture:
    """Orders by touchpoint, shared out in five ways."""
    rows = table.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("Who gets the credit, by five rules?", height=4.2)
    ways = {"first": "first touch", "last": "last touch", "linear": "all steps alike", "removal": "removal (exact)", "shapley": "Shapley"}
    for place, (way, label) in enumerate(ways.items()):
        ax.scatter(rows[way], rows.index + 0.24 - 0.12 * place, color=PALETTE[place], marker=MARKERS[place], s=44, label=label)
    ax.set_yticks(rows.index, [_short(name) for name in rows["touchpoint"]])
    ax.set(xlabel="Orders credited", xlim=(0, None))
    ax.legend(loc="lower right", handletextpad=0.1)
    top = {way: touchpoint_name(table.loc[table[way].idxmax(), "touchpoint"]) for way in ways}
    return Picture(fig, f"Orders credited to each touchpoint by five rules. Most credit by the first touch: {top['first']}; by the last: {top['last']}; by removal: {top['removal']}.")


@passes_on_withheld
def cost_by_touchpoint(costs: pd.DataFrame, *, code: str) -> Picture:
    """What one contact costs us, and the minutes it costs the customer."""
    table = costs.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("What does a contact cost us, and what the customer?", height=1.5 + 0.4 * len(table))
    money = in_major_units(table["cost_minor"], code=code)
    labels = short_labels([str(name).replace("_", " ") for name in table["touchpoint"]])
    ax.barh([labels[str(name).replace("_", " ")] for name in table["touchpoint"]], money, color=BLUE)
    for place, row in enumerate(table.itertuples()):
        ax.annotate(f"waits {row.wait_minutes:.0f} min", (money[place], place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=11)
    ax.set(xlabel="Mean cost of a contact to the company", xlim=(0, float(money.max()) * 1.3))
    ax.grid(axis="y", visible=False)
    money_axis(ax.xaxis, code=code)
    top = costs.iloc[0]
    return Picture(fig, f"Bars of the mean cost of a contact. Dearest: {str(top['touchpoint'])}, where customers wait {top['wait_minutes']:.0f} minutes on average.")


