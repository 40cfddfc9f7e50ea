"""The case of dormancy in pictures."""

from __future__ import annotations

import pandas as pd

from helpers.dormancy.case_worlds import NEW_CAN, PURCHASES
from helpers.dormancy.cases import Repertoire, Tried, grid
from helpers.pictures import BLUE, INK, ORANGE, QUIET, Picture, count_axis, new_figure
from helpers.withheld import passes_on_withheld


def sequences(purchases: pd.DataFrame, tried: Tried, *, shown: int = 14) -> Picture:
    """Purchase by purchase: the first buyers who went over at the new can."""
    own = grid(purchases)
    over = own[own[NEW_CAN - 1] & ~own[NEW_CAN]].iloc[:shown]
    fig, ax = new_figure("Those who went over at the new can: what did they take before and after?", height=4.0)
    for row, (_, takes) in enumerate(over.iterrows()):
        for purchase, ours in takes.items():
            ax.plot(
                [purchase],
                [-row],
                "s" if ours else "o",
                color=BLUE if ours else ORANGE,
                markersize=8,
                markeredgecolor=INK,
                markeredgewidth=0.4,
            )
    ax.axvline(NEW_CAN, color=QUIET, linewidth=14, alpha=0.25, zorder=0)
    ax.plot([], [], "s", color=BLUE, label="ours", markeredgecolor=INK)
    ax.plot([], [], "o", color=ORANGE, label="the rival's", markeredgecolor=INK)
    ax.set(
        xlabel=f"Purchase (new can at the {NEW_CAN}th)",
        ylabel=f"{len(over)} of {tried.buyers} buyers",
        xlim=(0.4, PURCHASES + 0.6),
    )
    ax.set_xticks(range(1, PURCHASES + 1))
    ax.set_yticks([])
    ax.grid(visible=False)
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Picture(
        fig,
        f"A row for each of {len(over)} buyers who took the rival's new can after ours. Of all {tried.buyers} of them, {tried.back} took ours again within the next three purchases.",
    )


@passes_on_withheld
def repertoire(result: Repertoire) -> Picture:
    """How many brands regular customers buy."""
    fig, ax = new_figure("How many brands do our own regular customers buy?", height=3.0)
    table = result.table
    ax.bar(table["brands"], table["customers"], color=BLUE, width=0.6)
    for brands, customers in zip(table["brands"], table["customers"], strict=True):
        ax.annotate(f"{customers:,}", (brands, customers), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.set(xlabel="Brands that a customer has bought", ylabel="Customers", ylim=(0, table["customers"].max() * 1.15))
    ax.set_xticks(list(table["brands"]))
    ax.grid(axis="x", visible=False)
    count_axis(ax.yaxis)
    one = int(table.loc[table["brands"] == 1, "customers"].sum())
    return Picture(
        fig, f"Of {table['customers'].sum():,} customers with four order days or more, {one:,} have bought one brand only."
    )
