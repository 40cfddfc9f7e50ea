"""The pictures of the casebook of orientation."""

from __future__ import annotations

from helpers import words
from helpers.orientation.case_worlds import Shortage, shortage
from helpers.orientation.cases import Split, account, by_months, turning_point
from helpers.pictures import BLUE, INK, ORANGE, PAPER, VERMILION, Picture, money_axis, new_figure, percent_axis
from helpers.withheld import passes_on_withheld


def care_at(*, months: int, lost: float) -> Picture:
    """The account of the shortage at some length and some share who leave."""
    return care(shortage(months, lost_share=lost))


def care(world: Shortage) -> Picture:
    """What less care saves and what it costs, for every length of the shortage; this one marked."""
    table, here = by_months(world), account(world)
    fig, ax = new_figure("Everybody queues. What does less care save, and what does it cost later?", height=3.9)
    ax.plot(table["months"], table["saved"], color=BLUE, label="saved")
    ax.plot(table["months"], table["lost"], color=VERMILION, linestyle="--", label="lost afterwards")
    ax.plot([world.months] * 2, [here.saved, here.lost], "o", color=INK, markersize=8)
    ax.axvline(world.months, color=INK, linewidth=1)
    ax.set(xlabel="Months for which the machine is sold out", ylabel="Money (yuan)", xlim=(0, world.horizon), ylim=(0, None))
    ax.set_xticks(range(0, world.horizon + 1, 6))
    money_axis(ax.yaxis, code="CNY")
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
    turn = turning_point(world)
    says = f"They cross at {turn:.0f} months." if turn else "Less care saves more at any length."
    return Picture(
        fig,
        f"Two lines over the length of a shortage. At {words.count(world.months, 'month')} less care saves "
        f"{words.money(100 * here.saved, code='CNY')} and loses {words.money(100 * here.lost, code='CNY')} afterwards. {says}",
    )


@passes_on_withheld
def splits(income: Split, motive: Split) -> Picture:
    """Two splits of the same customers: how much each group buys at a reduced price."""
    fig, ax = new_figure("Who buys at a reduced price?", height=4.3)
    rows = [(income, "income", ORANGE), (motive, "motive", BLUE)]
    highest = max(income.table["rate"].max(), motive.table["rate"].max(), 0.01)
    place, ticks, names = 0.0, [], []
    for found, name, color in rows[::-1]:
        for row in found.table.iloc[::-1].itertuples():
            ax.barh(place, row.rate, color=color, height=0.7, label=f"by {name}" if row.Index == 0 else None)
            # Inside the bars, for beside them the numbers would stand on the dashed line; a short bar has no room.
            inside = row.rate > 0.2 * highest
            ax.annotate(words.percent(row.rate), (0 if inside else row.rate, place), xytext=(6, 0), textcoords="offset points", va="center",
                        fontsize=12, color=PAPER if inside and color == BLUE else INK)  # fmt: skip
            ticks.append(place)
            names.append(f"{row.group} ({words.number(row.customers)})")
            place += 1
        place += 0.6
    whole = motive.table["reduced"].sum() / motive.table["purchases"].sum()
    ax.axvline(whole, color=INK, linestyle="--", linewidth=1.2, zorder=0.5)
    ax.set_yticks(ticks, names)
    ax.set(xlabel="Purchases at a reduced price\n(dashed: of all; in brackets: customers)", xlim=(0, highest * 1.15))
    ax.grid(axis="y", visible=False)
    percent_axis(ax.xaxis)
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    says = "; ".join(
        f"by {name}: " + ", ".join(f"{row.group} {words.percent(row.rate)}" for row in found.table.itertuples()) for found, name, _ in rows
    )
    return Picture(fig, f"Bars of the share of purchases at a reduced price in the groups of two splits, {says}.")

