"""Pictures of markets and of what a sale can pay for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from helpers import words
from helpers.orientation.markets import (
    MANY_TO_MANY,
    MARKETS,
    ONE_TO_ONE,
    REGULATORS,
    concentration,
    level,
    minutes_of_talk,
    with_first_at,
)
from helpers.pictures import BLUE, GREEN, INK, ORANGE, PAPER, QUIET, SKY, Picture, new_figure, shades

MOST_BARS = 12
_ON_PAPER = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}  # so that no line runs through a number
CLASSES = {"fast-moving": (ORANGE, ""), "durable": (BLUE, ""), "service": (SKY, "//"), "industrial": (INK, "")}


def market(key: str, *, first: float) -> Picture:
    """A market of `MARKETS` after its first seller's share has changed.

    Parameters
    ----------
    key : str
        Of `MARKETS`.
    first : float
        The first seller's share, as a fraction of 1.
    """
    shares = with_first_at(MARKETS[key].shares, 100 * first)
    return shares_and_scale(shares, name=MARKETS[key].name)


def shares_and_scale(shares: Sequence[float], *, name: str, regulator: str = "United States, 2023") -> Picture:
    """The sellers' shares as bars, and below them where the index stands on a regulator's scale.

    Parameters
    ----------
    shares : sequence of float
        In percent; the first seller first.
    name : str
        Of the market, as in the middle of a sentence.
    """
    found = concentration(shares)
    values = np.asarray(shares, dtype="float64")
    largest = set(np.argsort(-values, kind="stable")[:4])
    few = min(len(values), MOST_BARS)
    fig, (top, below) = new_figure(
        f"In how few hands is this market? {name.capitalize().replace(' (白酒)', '')}", height=4.3, rows=2, height_ratios=[3.4, 1]
    )
    top.bar(range(few), values[:few], color=[BLUE if place in largest else QUIET for place in range(few)])
    ends = [f"{chr(ord('A') + place)}" for place in range(few)]
    top.set_xticks(range(few), ends)
    more = f" (and {len(values) - few} more)" if len(values) > few else ""
    top.set(xlabel=f"Sellers{more}; dark: the four largest", ylabel="Share of sales", ylim=(0, max(values.max() * 1.18, 10)))
    top.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.10g}%"))
    top.grid(axis="x", visible=False)
    top.annotate(f"four largest: {found.cr4:.0f}%", (0.99, 0.97), xycoords="axes fraction", ha="right", va="top")
    _scale(below, found.hhi, regulator)
    says = f"The four largest sell {found.cr4:.0f}%; the index (HHI) is {words.number(found.hhi)}, which is {level(found.hhi)}."
    return Picture(fig, f"Bars of the sellers' shares in {name}, with the largest at {found.largest:.0f}%. {says}")


def _scale(ax, hhi: float, regulator: str) -> None:
    """The three levels side by side, each as wide as the others, with the index on them."""
    edges = (0, *REGULATORS[regulator], 10_000)
    words_on_it = (("low", INK), ("moderate", INK), ("high", PAPER))
    for place, (tone, (word, color)) in enumerate(zip(shades(3, GREEN), words_on_it, strict=True)):
        ax.barh(0, 1, left=place, height=0.8, color=tone, align="center")
        ax.annotate(word, (place + 0.5, 0), ha="center", va="center", fontsize=11, color=color)
    ax.plot([np.interp(hhi, edges, range(4))], [0.62], marker="v", color=INK, markersize=11, clip_on=False)
    ax.set_xticks(range(4), [words.number(edge) for edge in edges])
    ax.set(yticks=[], ylim=(-0.5, 0.9), xlim=(0, 3), xlabel=f"HHI {words.number(hhi)} (levels: {regulator})")
    ax.grid(visible=False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def talk(*, share: float, years: int) -> Picture:
    """How much of a seller's time each product can pay for, and the way of selling that fits.

    Parameters
    ----------
    share, years
        As in `minutes_of_talk`.
    """
    table = minutes_of_talk(share=share, years=years).iloc[::-1].reset_index(drop=True)
    counted = f"{words.count(years, 'year')} of one customer" if years else "one sale"
    fig, ax = new_figure(f"How long can we talk with the buyer, if {counted} must pay for it?", height=4.1)
    start = 0.05
    for place, row in table.iterrows():
        color, hatch = CLASSES[row["class"]]
        ax.barh(place, max(row["minutes"] - start, 0), left=start, height=0.7, color=color, hatch=hatch, edgecolor=PAPER)
        ax.annotate(in_words(row["minutes"]), (max(row["minutes"], start), place), xytext=(5, 0), textcoords="offset points",
                    va="center", fontsize=11, bbox=_ON_PAPER)  # fmt: skip
    ax.set_xscale("log")
    for minutes in (ONE_TO_ONE, MANY_TO_MANY):
        ax.axvline(minutes, color=INK, linestyle="--", linewidth=1.2)
    middles = [(start * ONE_TO_ONE) ** 0.5, (ONE_TO_ONE * MANY_TO_MANY) ** 0.5, MANY_TO_MANY * 60]
    for x, word in zip(middles, ("one to many", "one to one", "many to many"), strict=True):
        ax.annotate(word, (x, len(table) - 0.35), ha="center", va="bottom", fontsize=11, annotation_clip=False)
    ax.set_yticks(range(len(table)), table["product"])
    ax.set(xlim=(start, 3e7), ylim=(-0.6, len(table) - 0.3), xlabel="Time that the margin pays for (log scale)")
    ax.xaxis.set_major_locator(FixedLocator([1 / 6, 5, 60, 600, 6000, 600_000]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: in_words(value)))
    ax.tick_params(axis="x", labelsize=11)
    ax.grid(axis="y", visible=False)
    handles = [Patch(facecolor=color, hatch=hatch, edgecolor=PAPER, label=name) for name, (color, hatch) in CLASSES.items()]
    fig.legend(handles=handles, loc="outside lower center", ncols=4, columnspacing=1.0, handlelength=1.2)
    says = "; ".join(f"{row['product']} {in_words(row['minutes'])} ({row['way']})" for _, row in table.iloc[::-1].iterrows())
    return Picture(fig, f"A seller's time that the margin of {counted} pays for, with {words.percent(share)} of it for selling. {says}.")


def in_words(minutes: float) -> str:
    """A length of time in short: 9 s, 36 min, 45 h, 2,000 h.

    >>> [in_words(value) for value in (0.15, 3.6, 36, 300, 120000)]
    ['9 s', '3.6 min', '36 min', '5 h', '2,000 h']
    """
    if minutes < 1:
        return f"{minutes * 60:.0f} s"
    if minutes < 60:
        return f"{minutes:.2g} min"
    return f"{words.number(minutes / 60)} h"
