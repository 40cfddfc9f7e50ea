"""Pictures of the conversation: calls that end early, and accounts of trust."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.conversion import talk
from helpers.conversion.talk_account import Accounts
from helpers.conversion.talk_refusals import Refusals
from helpers.pictures import BLUE, INK, LINES, MARKERS, ORANGE, PALETTE, PAPER, QUIET, VERMILION, Picture, count_axis, new_figure, short_labels
from helpers.withheld import passes_on_withheld

MOST_REASONS = 8


def gates(*, after_5: float, kind: str) -> Picture:
    """Of 100 numbers that are dialled, how many calls are still on after each gate."""
    table = talk.gates(kind, after_5=after_5)
    fig, ax = new_figure("Of 100 numbers that are dialled, how many calls get how far?", height=3.3)
    names, place = ["dialled", *talk.GATES], np.arange(5)[::-1]
    left = np.concatenate([[100.0], table["left"]])
    ax.barh(place, left, color=[QUIET, BLUE, BLUE, ORANGE, BLUE], height=0.66)
    for y, value in zip(place, left, strict=True):
        ax.annotate(words.number(value), (value, y), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_yticks(place, names)
    ax.set(xlabel="Calls, of 100 dialled", xlim=(0, 112))
    ax.grid(axis="y", visible=False)
    says = ", ".join(f"{name} {words.number(value)}" for name, value in zip(names, left, strict=True))
    return Picture(fig, f"Bars, from 100 numbers dialled to the calls that last: {says}.")


def running(ledger: pd.DataFrame, *, broken: float = 1.0) -> Picture:
    """The balance of each customer after each event, with a line at zero.

    Parameters
    ----------
    ledger : DataFrame
        `customer`, `weight`, in the order of events.
    broken : float
        What withdrawals are multiplied by.
    """
    lines = talk.running(ledger, broken=broken)
    fig, ax = new_figure("Who is below zero, and since when?", height=3.4)
    ax.axhline(0, color=INK, linewidth=1.2)
    ends = []
    for number, (customer, rows) in enumerate(lines.groupby("customer", sort=True)):
        name = str(customer).partition(",")[0]
        ax.step(rows["step"], rows["balance"], where="post", color=PALETTE[number], linestyle=LINES[number], marker=MARKERS[number], markersize=5, label=name)
        ends.append(f"{name} ends at {words.number(rows['balance'].iloc[-1], digits=int(broken % 1 > 0))}")
    ax.set(xlabel="Events with this customer, in their order", ylabel="Balance")
    ax.xaxis.set_major_locator(_whole())
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3)
    return Picture(fig, f"A stepped line for each customer's account, with a line at zero. {'; '.join(ends)}.")


def _whole():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


@passes_on_withheld
def accounts(found: Accounts) -> Picture:
    """How many customers have which balance; those below zero stand out.

    Parameters
    ----------
    found : Accounts
    """
    edges = [-np.inf, -4, -2, 0, 1, 2, 4, 8, np.inf]
    names = ["−4 or\nless", "up to\n−2", "below\n0", "0", "1", "2, 3", "4 to 7", "8 or\nmore"]
    balance = found.table["balance"]
    # Right-closed below zero, left-closed from zero on: "0" is nobody's debt.
    counts = [
        int((balance <= -4).sum()), int(((balance > -4) & (balance <= -2)).sum()), int(((balance > -2) & (balance < 0)).sum()),
        *(int(((balance >= low) & (balance < high)).sum()) for low, high in zip(edges[3:-1], edges[4:], strict=True)),
    ]  # fmt: skip
    fig, ax = new_figure("With how many customers is the account below zero?", height=3.4)
    place = np.arange(len(names))
    ax.bar(place, counts, color=[VERMILION] * 3 + [BLUE] * 5, hatch=["//"] * 3 + [""] * 5, edgecolor=PAPER, width=0.72)
    for x, value in zip(place, counts, strict=True):
        ax.annotate(words.number(value), (x, value), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(place, names)
    ax.set(xlabel="Balance: settled +1, settled nothing " + f"−{found.withdrawal:g}", ylabel="Customers", ylim=(0, max(counts) * 1.13 + 1))
    count_axis(ax.yaxis)
    ax.grid(axis="x", visible=False)
    says = "; ".join(f"{name.replace(chr(10), ' ')}: {words.number(value)}" for name, value in zip(names, counts, strict=True))
    return Picture(fig, f"Bars: customers by the balance of their account. {says}.")


@passes_on_withheld
def refusals(found: Refusals) -> Picture:
    """How often each reason was noted for a no.

    Parameters
    ----------
    found : Refusals
    """
    shown = found.table.head(MOST_REASONS).iloc[::-1].reset_index(drop=True)
    names = [str(reason).replace("_", " ") for reason in shown["reason"]]
    labels = short_labels(names, longest=24)
    fig, ax = new_figure("Which reason stands behind a no?", height=min(4.5, 1.4 + 0.36 * len(shown)))
    ax.barh(shown.index, shown["refusals"], color=BLUE, height=0.66)
    for row in shown.itertuples():
        ax.annotate(
            f"{words.number(row.refusals)} ({words.percent(row.share)})", (row.refusals, row.Index), xytext=(5, 0), textcoords="offset points", va="center"
        )
    ax.set_yticks(shown.index, [labels[name] for name in names])
    ax.set(xlabel="Refusals for which it was noted", xlim=(0, shown["refusals"].max() * 1.28))
    count_axis(ax.xaxis)
    ax.grid(axis="y", visible=False)
    says = "; ".join(f"{row.reason} {words.number(row.refusals)}" for row in found.table.head(MOST_REASONS).itertuples())
    return Picture(fig, f"A bar for each reason, the commonest first. {says}.")
