"""The pictures of lesson 02: each takes what a measure returns and answers one question."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers import words
from helpers.four_cs.discounts import Compared, Discounts, by_band, pays_along
from helpers.four_cs.needs import C_NAMES, C_TO_P, Needs, coverage
from helpers.four_cs.prices import (
    POINT_WORDS,
    BestPrice,
    Demand,
    Doubt,
    Points,
    PriceAnswers,
    curves,
    says_of,
)
from helpers.four_cs.value import PART_NAMES, Delivered, Heaviest, Weights, what_if
from helpers.money import in_major_units
from helpers.pictures import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    QUIET,
    VERMILION,
    Picture,
    money_axis,
    new_figure,
    percent_axis,
)
from helpers.stats import offers
from helpers.withheld import Withheld, passes_on_withheld


@passes_on_withheld
def served(found: Needs) -> Picture:
    """Which P answers the needs of which C, and how many nobody answers."""
    table = coverage(found)
    columns = [name for name in table.columns[1:] if name != "no_p" or table["no_p"].any()]
    values = table[columns].to_numpy()
    names = {"nobody": "nobody", "no_p": "no P named"}
    fig, ax = new_figure("Which P answers the needs of which C?", height=3.5)
    for row, c in enumerate(table["c"]):
        for column, p in enumerate(columns):
            n, own = int(values[row, column]), p == C_TO_P[c]
            face = VERMILION if p in names and n else (BLUE if own and n else (ORANGE if n else PAPER))
            ax.add_patch(
                _box(column, row, face=face, edge=INK if own else QUIET, width=2.4 if own else 0.8)
            )
            ink = PAPER if face in (BLUE, VERMILION) else (INK if n else QUIET)
            ax.text(column, row, str(n), ha="center", va="center", color=ink, fontweight="bold" if n else "normal")
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(table) - 0.5, -0.5))
    ax.set_xticks(range(len(columns)), [names.get(p, p) for p in columns])
    ax.set_yticks(range(len(table)), [C_NAMES[c].replace("customer ", "") for c in table["c"]])
    ax.xaxis.tick_top()
    ax.set_xlabel("Answered with (framed: its own P)")
    ax.grid(visible=False)
    ax.tick_params(length=0)
    said = [
        f"{C_NAMES[row.c]}: {getattr(row, C_TO_P[row.c])} by its own P, {row.nobody} by nobody" for row in table.itertuples(index=False)
    ]
    return Picture(fig, f"A table of needs by C and by the P that answers them. {'; '.join(said)}.")


def _box(x: float, y: float, *, face: str, edge: str, width: float):
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, facecolor=face, edgecolor=edge, linewidth=width)


@passes_on_withheld
def gaps(table: pd.DataFrame) -> Picture:
    """How important the needs of each C are, and how well they are met."""
    rows = table.iloc[::-1].reset_index(drop=True)
    fig, ax = new_figure("How far is what we deliver from what they need?", height=3.0)
    for place, row in enumerate(rows.itertuples()):
        ax.plot([row.delivery, row.importance], [place, place], color=QUIET, linewidth=3, zorder=1)
    ax.plot(rows["importance"], rows.index, marker="o", linestyle="", markersize=10, color=BLUE, label="importance")
    ax.plot(rows["delivery"], rows.index, marker="s", linestyle="", markersize=9, color=ORANGE, label="delivery")
    ax.set_yticks(rows.index, [f"{C_NAMES[c].replace('customer ', '')} ({n})" for c, n in zip(rows["c"], rows["needs"], strict=True)])
    ax.set(xlim=(1, 10), ylim=(-0.6, len(rows) - 0.4), xlabel="Mean, 1 to 10 (how many needs)")
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    said = "; ".join(f"{C_NAMES[row.c]} {row.importance:.1f} against {row.delivery:.1f}" for row in table.itertuples())
    return Picture(fig, f"Importance against delivery by C: {said}.")


@passes_on_withheld
def weights(found: Weights) -> Picture:
    """What each value and each cost weighs, with its interval."""
    rows = found.table.sort_values(["kind", "weight"], ascending=[False, True], kind="stable").iloc[::-1]
    rows = pd.concat([rows[rows["kind"] == "cost"][::-1], rows[rows["kind"] == "value"][::-1]]).reset_index(drop=True)
    fig, ax = new_figure("What do customers weigh when they judge whether it was worth it?", height=3.9)
    for kind, color, marker in (("value", BLUE, "o"), ("cost", VERMILION, "s")):
        own = rows[rows["kind"] == kind]
        ax.errorbar(
            own["weight"], own.index, xerr=[own["weight"] - own["low"], own["high"] - own["weight"]], fmt=marker, color=color,
            markersize=8, capsize=3, linewidth=1.6, label="what they get" if kind == "value" else "what they give up",
        )  # fmt: skip
    ax.axvline(0, color=QUIET, linewidth=1)
    ax.set_yticks(rows.index, [PART_NAMES[part] for part in rows["part"]])
    ax.set(xlabel="Steps of “worth it” for one step")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    said = "; ".join(f"{PART_NAMES[row.part]} {row.weight:.2f} ({row.low:.2f} to {row.high:.2f})" for row in rows[::-1].itertuples())
    return Picture(fig, f"Weights with intervals. {said}.")


@passes_on_withheld
def loud_and_heavy(found: Weights, heaviest: Heaviest) -> Picture:
    """The four costs: how high people mark them, against how much they weigh."""
    costs = found.table[found.table["kind"] == "cost"]
    fig, ax = new_figure("Is the cost that people mark highest the one that weighs most?", height=3.4)
    for row in costs.itertuples():
        heavy = row.part == heaviest.part
        ax.plot(row.mark, row.weight, marker="s" if heavy else "o", markersize=12, color=VERMILION if heavy else BLUE)
        # Above its point: beside it, two costs with near marks would write over each other.
        ax.annotate(PART_NAMES[row.part], (row.mark, row.weight), xytext=(0, 9), textcoords="offset points", ha="center", va="bottom")
    top = max(costs["weight"].max(), 0.1)
    ax.set(
        xlim=(1, 10), ylim=(min(0, costs["weight"].min()) - 0.05, top * 1.35),
        xlabel="Mean mark: how much of it, 1 to 10", ylabel="Weight",
    )  # fmt: skip
    said = "; ".join(f"{PART_NAMES[row.part]}: mark {row.mark:.1f}, weight {row.weight:.2f}" for row in costs.itertuples())
    return Picture(fig, f"The four costs by mean mark and weight. {said}.")


@passes_on_withheld
def delivered(found: Delivered) -> Picture:
    """A waterfall from the values over the costs to what is left."""
    parts = found.parts
    fig, ax = new_figure("What is left when all costs are taken off?", height=3.6)
    level, names = 0.0, []
    for place, row in enumerate(parts.itertuples()):
        step = row.amount if row.kind == "value" else -row.amount
        ax.bar(place, step, bottom=level, color=BLUE if row.kind == "value" else ORANGE, width=0.7)
        ax.annotate(f"{row.amount:.1f}", (place, level + max(step, 0)), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=11)
        level += step
        names.append(PART_NAMES[row.part].split(" ")[-1])
    ax.bar(len(parts), level, color=GREEN, width=0.7)
    ax.annotate(f"{level:.1f}", (len(parts), max(level, 0)), xytext=(0, 3), textcoords="offset points", ha="center", fontweight="bold")
    ax.axhline(0, color=INK, linewidth=1)
    ax.set_xticks(range(len(parts) + 1), [*names, "left"], rotation=40, ha="right")
    ax.set(ylabel=found.unit.capitalize())
    ax.margins(y=0.12)
    ax.grid(axis="x", visible=False)
    return Picture(
        fig, f"Waterfall: values {found.value:.1f}, costs {found.cost:.1f}, delivered value {found.delivered:.1f} {found.unit}."
    )


@passes_on_withheld
def levers(found: Weights, *, steps: Mapping[str, float]) -> Picture:
    """What each lever would move, alone and together, were the weights causes."""
    used = [part for part in steps if part in found.of]
    rows = [(PART_NAMES[part], what_if(found, {part: steps[part]})) for part in used]
    rows.append(("together", what_if(found, {part: steps[part] for part in used})))
    fig, ax = new_figure("How far would the judgement move?", height=1.7 + 0.45 * len(rows))
    for place, (name, move) in enumerate(rows[::-1]):
        ax.barh(place, move.value, color=GREEN if name == "together" else BLUE, height=0.55)
        ax.plot([move.low, move.high], [place, place], color=INK, linewidth=1.6)
    ax.axvline(0, color=QUIET, linewidth=1)
    ax.set_yticks(range(len(rows)), [name for name, _ in rows[::-1]])
    ax.set(xlim=(-0.3, 3.2), xlabel="Steps of “worth it” (1 to 10), with interval")
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{name} {move.value:.2f}" for name, move in rows)
    return Picture(fig, f"Bars of the move of the judgement. {said}.")


# ---------------------------------------------------------------- prices


def _lines(ax, table: pd.DataFrame, code: str, *, pair: str) -> None:
    x = in_major_units(table["price_minor"], code=code)
    low = "not_cheap" if pair == "1976" else "expensive"
    high = "not_expensive" if pair == "1976" else "cheap"
    shown = (
        ("too_cheap", "too cheap", BLUE, "-"),
        (low, low.replace("_", " "), BLUE, "--"),
        (high, high.replace("_", " "), VERMILION, "--"),
        ("too_expensive", "too expensive", VERMILION, "-"),
    )
    for column, name, color, line in shown:
        ax.plot(x, table[column], color=color, linestyle=line, label=name)
    ax.set(ylim=(0, 1), ylabel="Share of people")
    percent_axis(ax.yaxis)
    money_axis(ax.xaxis, code=code)


def price_band(answers: PriceAnswers | Withheld, found: Points | Withheld, *, code: str) -> Picture | Withheld:
    """The four curves and the band between the two points where they cross."""
    for one in (answers, found):
        if isinstance(one, Withheld):
            return one
    table = curves(answers)
    fig, ax = new_figure("Between which prices is it neither suspicious nor out of reach?", height=4.2)
    low, high = (in_major_units(found[name].value, code=code) for name in ("pmc", "pme"))
    ax.axvspan(low, high, color=GREEN, alpha=0.13, linewidth=0)
    _lines(ax, table, code, pair=found.convention)
    for name in ("pmc", "pme"):
        ends = found[name]
        x = in_major_units(ends.value, code=code)
        ax.plot([x, x], [0, 1], color=GREEN, linewidth=1.6)
        ax.annotate(POINT_WORDS[name], (x, 1.0), xytext=(0, -4), textcoords="offset points", ha="center", va="top",
                    bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})  # fmt: skip
    ax.set_xlim(*(in_major_units(answers.table.iloc[:, 1:5].to_numpy(), code=code).min() * 0.9, _far(answers, code)))
    ax.set_xlabel("Price")
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
    return Picture(
        fig,
        f"Curves of {words.count(found.n, 'answer')}. The band goes from {words.money(found['pmc'].value, code=code)} to "
        f"{words.money(found['pme'].value, code=code)}.",
    )


def _far(answers: PriceAnswers, code: str) -> float:
    return float(in_major_units(np.quantile(answers.table["too_expensive_minor"], 0.98), code=code))


def at_price(answers: PriceAnswers | Withheld, *, price: float, code: str) -> Picture | Withheld:
    """What 100 people say of one price (in major units)."""
    if isinstance(answers, Withheld):
        return answers
    said = says_of(answers, price=price, code=code)
    fig, ax = new_figure("What would 100 customers say of this price?", height=2.5)
    left = 0.0
    for (name, share), color in zip(said.items(), (BLUE, GREEN, QUIET, ORANGE, VERMILION), strict=True):
        ax.barh(0, share, left=left, color=color, height=0.6, label=name)
        if share >= 0.06:
            ax.text(left + share / 2, 0, f"{100 * share:.0f}", ha="center", va="center", color=PAPER if color in (BLUE, VERMILION) else INK)
        left += share
    ax.set(xlim=(0, 1), xlabel="Share of people")
    ax.set_yticks([])
    ax.grid(visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return Picture(fig, "; ".join(f"{name} {words.percent(share)}" for name, share in said.items()) + ".")




def demand(found: Demand | Withheld, best: BestPrice | Withheld, *, code: str) -> Picture | Withheld:
    """Who says yes at each price, and what that would bring in."""
    for one in (found, best):
        if isinstance(one, Withheld):
            return one
    table = found.table
    x = in_major_units(table["price_minor"], code=code)
    fig, (top, bottom) = new_figure("At which price do they say yes, and which brings in most?", height=4.4, rows=2, sharex=True)
    top.errorbar(x, table["share"], yerr=[table["share"] - table["low"], table["high"] - table["share"]], color=BLUE, marker="o", capsize=3)
    top.set(ylim=(0, 1), ylabel="Say yes")
    percent_axis(top.yaxis)
    bottom.plot(x, in_major_units(table["revenue_minor"], code=code), color=ORANGE, marker="s")
    low, high = (in_major_units(value, code=code) for value in (best.price.low, best.price.high))
    for ax in (top, bottom):
        ax.axvspan(low, max(high, low + 0.004 * x.max()), color=GREEN, alpha=0.2, linewidth=0)
    bottom.set(ylabel="From 100 asked", xlabel="Price (green: where the revenue is largest)", ylim=(0, None))
    money_axis(bottom.yaxis, code=code)
    money_axis(bottom.xaxis, code=code)
    said = "; ".join(f"{words.money(row.price_minor, code=code)} {words.percent(row.share)}" for row in table.itertuples())
    return Picture(fig, f"Share who say yes by price: {said}. The revenue is largest at {words.money(best.price.value, code=code)}.")


@passes_on_withheld
def around_expected(table: pd.DataFrame, found: Doubt | None = None) -> Picture:
    """Who says yes, by how far the offer lies from the price that the person expects."""
    fig, ax = new_figure("What happens below and above the price that people expect?", height=3.7)
    places = np.arange(len(table))
    colors = [BLUE if "below" in step else ORANGE for step in table["step"]]
    ax.bar(places, table["share"], color=colors, width=0.7)
    ax.vlines(places, table["low"], table["high"], color=INK, linewidth=1.6)
    ax.axvline(2.5, color=INK, linewidth=1.2, linestyle="--")
    ax.annotate("expected", (2.5, 1.0), xytext=(0, 2), textcoords="offset points", ha="center",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})  # fmt: skip
    short = ["30%+\nbelow", "15–30%\nbelow", "to 15%\nbelow", "to 15%\nabove", "15–30%\nabove", "30%+\nabove"]
    ax.set_xticks(places, short)
    ax.set(ylim=(0, 1.08), ylabel="Say yes", xlabel="The offer, against the price that the person expects")
    ax.grid(axis="x", visible=False)
    percent_axis(ax.yaxis)
    said = "; ".join(f"{row.step}: {words.percent(row.share)}" for row in table.itertuples())
    return Picture(fig, f"Share who say yes by distance from the expected price. {said}.")


# ---------------------------------------------------------------- discounts


def two_offers(threshold: offers.ThresholdOffer, percentage: offers.PercentageOffer, *, up_to_minor: int, code: str) -> Picture:
    """What of the list price is paid with either offer."""
    table = pays_along(threshold, percentage, up_to_minor=up_to_minor)
    table = table[table["price_minor"] >= up_to_minor / 50]
    x = in_major_units(table["price_minor"], code=code)
    fig, ax = new_figure("Which offer is cheaper for the customer?", height=3.7)
    for column, name, color, line in (
        ("threshold_minor", "so much off per full amount", BLUE, "-"),
        ("percentage_minor", "a percentage of the list price", ORANGE, "--"),
    ):
        ax.plot(x, table[column] / table["price_minor"], color=color, linestyle=line, label=name)
    ax.set(xlabel="List price of the basket", ylabel="Paid of the list", ylim=(min(0.5, percentage.pays_percent / 100 - 0.1), 1.02))
    percent_axis(ax.yaxis)
    money_axis(ax.xaxis, code=code)
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=1)
    crossed = len(offers.crossovers_minor(threshold, percentage, up_to_minor=up_to_minor))
    return Picture(
        fig, f"Share of the list price that is paid with each of two offers, by list price. They cross {crossed} times up to "
        f"{words.money(up_to_minor, code=code)}."
    )  # fmt: skip


@passes_on_withheld
def off_the_list(found: Discounts, *, code: str) -> Picture:
    """The orders by how much was taken off."""
    table = by_band(found)
    fig, ax = new_figure("How much is taken off our list prices today?", height=2.9)
    places = np.arange(len(table))[::-1]
    ax.barh(places, table["share"], color=[QUIET, BLUE, ORANGE, VERMILION], height=0.6)
    for place, row in zip(places, table.itertuples(), strict=True):
        text = words.percent(row.share) + (f", {words.money(row.given_minor, code=code)} off" if row.given_minor else "")
        ax.annotate(text, (row.share, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(places, table["band"])
    ax.set(xlim=(0, 1.5), xlabel="Share of orders")
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    said = "; ".join(f"{row.band} {words.percent(row.share)}" for row in table.itertuples())
    return Picture(fig, f"Orders by discount: {said}. In all {words.percent(found.rate, digits=1)} of the list was given.")


@passes_on_withheld
def compared(found: Compared, *, names: tuple[str, str], code: str) -> Picture:
    """What each of two offers would take off our own baskets."""
    fig, ax = new_figure("What would each offer take off our own baskets?", height=2.4)
    places = [1, 0]
    ax.barh(places, in_major_units(found.table["given_minor"], code=code), color=[BLUE, ORANGE], height=0.55)
    top = in_major_units(found.table["given_minor"].max(), code=code)
    for place, row in zip(places, found.table.itertuples(), strict=True):
        ax.annotate(words.percent(row.rate, digits=1), (in_major_units(row.given_minor, code=code), place), xytext=(5, 0),
                    textcoords="offset points", va="center")  # fmt: skip
    ax.set_yticks(places, names)
    ax.set(xlim=(0, top * 1.2), xlabel="Money off, all else as it was")
    ax.grid(axis="y", visible=False)
    money_axis(ax.xaxis, code=code)
    said = "; ".join(f"{name} {words.percent(row.rate, digits=1)}" for name, row in zip(names, found.table.itertuples(), strict=True))
    return Picture(fig, f"Money off the list price of the same baskets: {said}.")


