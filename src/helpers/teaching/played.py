"""A list that was played: what it caused in the quarter after, and what a report can see of it.

The sample company is simulated, so the same quarter can be lived with a list
and without. The difference is the truth. Whoever has only orders sees less:
the customers contacted beside those held out by lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.money import currency, in_major_units
from helpers.pictures import BLUE, INK, ORANGE, QUIET, Picture, money_axis, new_figure
from helpers.reports.achieved import ALL, Achieved, achieved
from helpers.reports.tables import Table, table
from helpers.withheld import Withheld, passes_on_withheld, silent_when_withheld


@dataclass(frozen=True)
class Played:
    """What a list caused in the quarter that was lived with it.

    Attributes
    ----------
    table : DataFrame
        One row a list and one for all: `list`, `contacted`, `revenue_minor`
        (net revenue with the list less without it), `cost_minor` (contacts,
        those of the list and those they saved), `profit_minor` (margin less
        all contacts).
    by_lot_minor, by_lot_profit_minor : float
        Revenue and profit of the same actions given to as many customers drawn by
        lot, on average over `draws`.
    draws : int
    seen : Achieved or Withheld
        What the next report says from contacted and held out alone.
    """

    table: pd.DataFrame
    by_lot_minor: float
    by_lot_profit_minor: float
    draws: int
    seen: Achieved | Withheld

    @property
    def all_lists(self) -> pd.Series:
        return self.table.iloc[-1]


def play(world: Any, rows: pd.DataFrame, *, by: str = "list", draws: int = 3, seed: int = 1) -> Played | Withheld:
    """Let the company live a quarter with a list, without it, and with lists drawn by lot.

    Parameters
    ----------
    world : simulated company, or None
        From `helpers.simulate.open_world`: it can `advance` and knows its
        `true_effect`. None for a company that really exists.
    rows : DataFrame
        An action list's rows: `customer_id`, `list`, `action`, `hold_out`,
        `suppressed`. Those held out or suppressed are left alone.
    by : str
        The column whose groups are told apart.
    draws, seed : int
        How many lists are drawn by lot, and from which seed.

    Returns
    -------
    Played, or Withheld where the company is real or the list is empty
    """
    what = "What the list causes"
    if world is None:
        return Withheld(
            what,
            "Only a simulated company can live the same quarter twice.",
            "Send the list, leave the customers alone whom `hold_out` marks, and the next report measures what it achieved.",
        )
    sent = rows[~rows["hold_out"] & rows["suppressed"].eq("")]
    if sent.empty:
        return Withheld(what, "Nobody is on the list, so the quarter is the same with it and without.")
    actions = dict(zip(sent["customer_id"], sent["action"], strict=True))
    quarter = world.advance(actions)
    effect = world.effect_of(quarter).set_index("customer_id")
    own = effect.reindex(sent["customer_id"])
    group = sent[by].to_numpy()
    measures = {"revenue_minor": "spend", "cost_minor": "contact_cost", "profit_minor": "profit"}
    money = pd.DataFrame({name: own[f"{part}_effect_minor"].to_numpy() for name, part in measures.items()})
    sums = money.groupby(group, sort=False).sum().assign(contacted=pd.Series(group).value_counts())
    sums.loc[ALL] = sums.sum()
    done = sums.rename_axis("list").reset_index()[["list", "contacted", *measures]]
    lots = [world.true_effect(by_lot(actions, effect.index, seed=seed + draw)) for draw in range(draws)]
    orders = quarter.frames_of("orders")
    orders = orders[orders["kind"].isin(["sale", "return"]) & orders["customer_id"].isin(effect.index)]
    seen = achieved(rows.assign(list=rows[by]), orders, since=world.as_of, until=quarter.as_of)
    return Played(
        done.astype(dict.fromkeys(["contacted", *measures], "int64")),
        float(np.mean([lot["spend_effect_minor"].sum() for lot in lots])) if lots else np.nan,
        float(np.mean([lot["profit_effect_minor"].sum() for lot in lots])) if lots else np.nan,
        draws,
        seen,
    )


def by_lot(actions: Mapping[str, str], people: pd.Index, *, seed: int) -> dict[str, str]:
    """The same actions, as often, given to customers drawn by lot.

    >>> sorted(by_lot({"A": "call", "B": "coupon"}, pd.Index(["A", "B", "C", "D"]), seed=1).values())
    ['call', 'coupon']
    """
    chosen = np.random.default_rng(seed).choice(np.sort(people.to_numpy(dtype=object)), size=len(actions), replace=False)
    return dict(zip(chosen.tolist(), actions.values(), strict=True))


@passes_on_withheld
def played_table(result: Played, *, code: str) -> Table:
    """The truth of the quarter, a row a list."""
    return table(
        result.table,
        "What the list truly caused in the quarter (only a simulation can know this)",
        code=code,
        labels={"revenue_minor": "net revenue added", "cost_minor": "cost of contacts", "profit_minor": "profit added"},
        note="Each figure is the quarter with the list less the same quarter without it, lived by the same customers.",
    )


@silent_when_withheld
def played_sentence(result: Played, *, code: str) -> str:
    """What the list caused, beside one drawn by lot, in words."""
    whole = result.all_lists

    def amount(value: float) -> str:
        return words.money(value, code=code)

    text = (
        f"**The list added {amount(whole['revenue_minor'])} in net revenue and {amount(whole['profit_minor'])} in profit.** "
        f"The same actions given to as many customers drawn by lot added {amount(result.by_lot_minor)} and "
        f"{amount(result.by_lot_profit_minor)}, on average over {words.count(result.draws, 'draw')}."
    )
    parts = result.table.iloc[:-1]
    losing = parts[parts["profit_minor"] < 0]
    if len(losing) and len(parts) > 1:
        names = words.listing(f"*{words.plain(name)}*" for name in losing["list"])
        text += f" Within the quarter {names} cost more than {'they' if len(losing) > 1 else 'it'} brought."
    held, of = _holds_the_truth(result)
    if of:
        text += f" The next report's intervals hold the truth for {held} of {words.count(of, 'list')}; a 95% interval misses it one time in twenty."
    return text


@passes_on_withheld
def played_figure(result: Played, *, code: str) -> Picture:
    """The truth, list by list, beside the interval that the next report gives."""
    fig, ax = new_figure("What did each list cause, and what can the next report see of it?", height=min(1.9 + 0.5 * len(result.table), 4.4))
    names = result.table["list"].tolist()
    places = {name: place for place, name in enumerate(reversed(names))}
    truth = in_major_units(result.table["revenue_minor"], code=code)
    totals = result.seen.totals if isinstance(result.seen, Achieved) else {}
    for name, seen in totals.items():
        if name not in places:
            continue
        low, middle, high = in_major_units(pd.Series([seen.low, seen.value, seen.high]).round().astype("int64"), code=code)
        ax.plot([low, high], [places[name]] * 2, color=QUIET, linewidth=5, solid_capstyle="butt", zorder=1)
        ax.plot([middle], [places[name]], "|", color=INK, markersize=14, markeredgewidth=2, zorder=2)
    ax.plot([], [], color=QUIET, linewidth=5, label="seen: 95% interval")
    ax.plot(truth, [places[name] for name in names], "o", color=BLUE, markersize=9, zorder=3, label="truth", linestyle="")
    ax.axvline(0, color=ORANGE, linewidth=1.2, linestyle="--")
    ax.set_yticks(list(places.values()), list(places))
    ax.set(xlabel=f"Net revenue added ({currency(code).unit})", ylim=(-0.6, len(names) - 0.4))
    ax.grid(axis="y", visible=False)
    money_axis(ax.xaxis, code=code)
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)
    held, of = _holds_the_truth(result)
    says = "; ".join(f"{name} {words.money(amount, code=code)}" for name, amount in zip(names, result.table["revenue_minor"], strict=True))
    return Picture(
        fig,
        f"Net revenue that each list truly added: {says}. The interval that the next report gives from the customers held out "
        f"holds the truth for {held} of {of}.",
    )


def _holds_the_truth(result: Played) -> tuple[int, int]:
    """For how many lists the interval that the next report gives holds the truth, and of how many."""
    if not isinstance(result.seen, Achieved):
        return 0, 0
    truth = result.table.set_index("list")["revenue_minor"]
    totals = {name: seen for name, seen in result.seen.totals.items() if name in truth.index and name != ALL}
    return sum(seen.low <= truth[name] <= seen.high for name, seen in totals.items()), len(totals)
