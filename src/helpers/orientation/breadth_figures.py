"""Pictures of how broad and how lasting a firm's customers are."""

from __future__ import annotations

import numpy as np

from helpers import words
from helpers.orientation.breadth import Lines, Ties
from helpers.pictures import BLUE, INK, ORANGE, PAPER, QUIET, Picture, new_figure, percent_axis, short_labels
from helpers.withheld import Withheld, passes_on_withheld

MOST_LINES = 10


@passes_on_withheld
def lines(found: Lines) -> Picture:
    """The product lines by their share of sales, with the share of customers who bought from each."""
    table = found.table.head(MOST_LINES).iloc[::-1]
    names = short_labels(table["line"].str.replace("_", " "))
    fig, ax = new_figure("How much of the money comes from each product line?", height=min(4.4, 1.6 + 0.36 * len(table)))
    ax.barh(np.arange(len(table)), table["share"], color=BLUE, height=0.65)
    for place, share in enumerate(table["share"]):
        ax.annotate(words.percent(share), (share, place), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(table)), [names[name] for name in table["line"].str.replace("_", " ")])
    more = len(found.table) - len(table)
    ax.set(xlabel="Share of sales" + (f" (and {words.count(more, 'smaller line')})" if more else ""), xlim=(0, table["share"].max() * 1.18))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    says = "; ".join(f"{row.line.replace('_', ' ')} {words.percent(row.share)}" for row in found.table.head(MOST_LINES).itertuples())
    return Picture(fig, f"Bars of the product lines by their share of sales. {says}.")


def ties(now: Ties | Withheld, before: Ties | Withheld, *, clear: float = 0.5) -> Picture | Withheld:
    """Where the orders put the firm: money from customers who came back, and customers of more than one line.

    Parameters
    ----------
    now : Ties or Withheld
        Where product lines are not known, the money alone is shown.
    before : Ties or Withheld
        Of the window before; left out where withheld.
    clear : float
        Where the four fields meet.
    """
    if isinstance(now, Withheld):
        return now
    if now.across_share is None:
        return _money(now, before)
    fig, ax = new_figure("By product or by customer: where do our orders put us?", height=4.3)
    ax.axvline(clear, color=QUIET, linewidth=1.2)
    ax.axhline(clear, color=QUIET, linewidth=1.2)
    for x, y, text in (
        (clear / 2, 0.03, "new buyers,\none line"),
        ((1 + clear) / 2, 0.03, "they come back,\nfor the same line"),
        (clear / 2, 0.97, "new buyers,\nmany lines"),
        ((1 + clear) / 2, 0.97, "they come back,\nacross lines"),
    ):
        ax.annotate(text, (x, y), ha="center", va="bottom" if y < 0.5 else "top", fontsize=11, color=INK)
    here = (now.repeat_share, now.across_share)
    then = ""
    if isinstance(before, Ties) and before.across_share is not None:
        there = (before.repeat_share, before.across_share)
        ax.plot(*there, marker="s", color=ORANGE, markersize=10, linestyle="", label="the time before")
        ax.annotate("", here, xytext=there, arrowprops={"arrowstyle": "->", "color": INK, "linewidth": 1.4, "shrinkA": 6, "shrinkB": 7})
        then = f" The time before: {words.percent(there[0])} and {words.percent(there[1])}."
    ax.plot(*here, marker="o", color=BLUE, markersize=11, linestyle="", label="now")
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="Money from customers who had bought before", ylabel="Customers of more\nthan one line")
    percent_axis(ax.xaxis)
    percent_axis(ax.yaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
    return Picture(
        fig,
        f"A map of four fields. Now: {words.percent(here[0])} of the money from customers who had bought before, "
        f"{words.percent(here[1])} of customers with more than one line.{then}",
    )


def _money(now: Ties, before: Ties | Withheld) -> Picture:
    """The money of returning and of new customers, now and in the time before."""
    shown = [("now", now), *([("the time before", before)] if isinstance(before, Ties) else [])][::-1]
    fig, ax = new_figure("Who gives us the money: those who come back, or new buyers?", height=1.9 + 0.5 * len(shown))
    for place, (_, one) in enumerate(shown):
        ax.barh(place, one.repeat_share, color=BLUE, height=0.6, label="had bought before" if not place else None)
        ax.barh(place, 1 - one.repeat_share, left=one.repeat_share, color=ORANGE, height=0.6, label="new" if not place else None)
        ax.annotate(words.percent(one.repeat_share), (one.repeat_share / 2, place), ha="center", va="center", color=PAPER)
    ax.set_yticks(range(len(shown)), [name for name, _ in shown])
    ax.set(xlim=(0, 1), xlabel="Share of sales")
    ax.grid(visible=False)
    percent_axis(ax.xaxis)
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
    says = "; ".join(f"{name} {words.percent(one.repeat_share)}" for name, one in shown[::-1])
    return Picture(fig, f"Bars of the share of sales from customers who had bought before: {says}.")
