"""The company answers back: a budget, four quarters, and what any decision brings beyond doing nothing.

Decisions are compared in the same futures: the same customers, the same
weather, the same luck, so that only the decision differs (common random
numbers). One future is a story; several show how much of it was luck.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.simulate.repairs import cost_fen
from helpers.simulate.responses import ACTION_COST_FEN, ACTIONS
from helpers.simulate.world import World

BUDGET_FEN = 30_000_000
QUARTERS = 4
CALLS = 200
"""Customers whom the team can call in a quarter."""
NOTHING = "nothing"

Lists = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Decision:
    """What is done in each of four quarters.

    Attributes
    ----------
    title, what : str
    lists : tuple of quarters
        For each quarter: pairs of customer and action.
    repairs : tuple of quarters
        For each quarter: names of what begins in it.
    """

    title: str
    what: str
    lists: Lists = ((),) * QUARTERS
    repairs: tuple[tuple[str, ...], ...] = ((),) * QUARTERS

    @property
    def spent_fen(self) -> int:
        """What lists and repairs cost in the four quarters; what coupons take off the price is not known before."""
        lists = sum(int(ACTION_COST_FEN[ACTIONS.index(what)]) for quarter in self.lists for _, what in quarter)
        return lists + sum(cost_fen(list(self.repairs), quarter) for quarter in range(len(self.repairs)))

    @property
    def over_budget_fen(self) -> int:
        """By how much it is dearer than the budget; 0 where it is not."""
        return max(self.spent_fen - BUDGET_FEN, 0)


def presets(world: World, *, seed: int = 0) -> dict[str, Decision]:
    """Decisions that somebody in the room would make, for a company of today.

    Parameters
    ----------
    world : World
        Before the first quarter of the game.
    seed : int
        Of the list that is drawn by lot.

    Returns
    -------
    dict of name to Decision
        `nothing` first. Lists are made from what anybody can see today; `best_possible` is another function.
    """
    people = _reachable(world)
    everybody = tuple((one, "coupon") for one in people)
    rng = np.random.default_rng(seed)
    by_lot = [tuple((one, "call") for one in sorted(rng.permutation(people)[:CALLS])) for _ in range(QUARTERS)]
    asleep = _asleep(world)
    waking = [tuple((one, "call") for one in sorted(asleep[quarter * CALLS : (quarter + 1) * CALLS])) for quarter in range(QUARTERS)]
    first = ("installers",), (), (), ()
    made = [
        Decision("Nothing", "Nobody is contacted, nothing is repaired."),
        Decision("Coupon for all", "Every customer gets a coupon, each quarter.", lists=(everybody,) * QUARTERS),
        Decision("Ten per cent off", "Everything is cheaper, all year.", repairs=(("price_cut",),) * QUARTERS),
        Decision("More adverts", "As many adverts again, for three quarters: more is not in the budget.", repairs=(("advertising",),) * 3 + ((),)),
        Decision("A better hotline", "Nobody waits longer than two minutes.", repairs=(("hotline",), (), (), ())),
        Decision("Calls by lot", f"{CALLS} customers a quarter, drawn by lot, are called.", lists=tuple(by_lot)),
        Decision("Calls to sleepers", f"{CALLS} customers a quarter who fell silent are called.", lists=tuple(waking)),
        Decision("Repair one cause", "Own installers take over the hand-over.", repairs=first),
        Decision("The plan", "Own installers, no coupon, and calls to those who fell silent.", lists=tuple(waking), repairs=first),
        Decision("Repair the causes", "Own installers, the shop retrained, old customers looked after.", repairs=(("installers", "retraining", "old_customers"), (), (), ())),
    ]
    names = [NOTHING, "coupon", "price", "adverts", "hotline", "lot", "sleepers", "repair", "plan", "repairs"]
    return dict(zip(names, made, strict=True))


def live(world: World, decision: Decision, *, luck: int = 0) -> World:
    """The company after the four quarters of a decision, in one future."""
    return replace(world, played=(*world.played, *decision.lists), repairs=(*world.repairs, *decision.repairs), luck=luck)


def best_possible(world: World, *, luck: int = 0, repairs: Iterable[str] = ("installers", "retraining", "old_customers")) -> Decision:
    """What somebody would do who saw the future: the repairs, and a call to exactly those to whom it brings more than it costs.

    Nobody can play it. It shows how much there was to be had. Each quarter is
    lived with a call to everybody and without any; who left more with it is called.
    """
    begun = (tuple(repairs), (), (), ())
    left = BUDGET_FEN - Decision("", "", repairs=begun).spent_fen
    calls = left // int(ACTION_COST_FEN[ACTIONS.index("call")])
    now, lists = replace(world, luck=luck), []
    for quarter in range(QUARTERS):
        ids = _reachable(now)
        effect = _effect_of_calls(now, ids, begun[quarter])
        good = effect[effect > 0].sort_values(ascending=False).index[:calls]
        calls -= len(good)
        lists.append(tuple((one, "call") for one in sorted(good)))
        now = replace(now, played=(*now.played, lists[-1]), repairs=(*now.repairs, begun[quarter]))
    return Decision("Best possible", "The three repairs, and a call to exactly those whom it makes buy: nobody can know them.", tuple(lists), begun)


def _effect_of_calls(world: World, ids: list[str], repairs: tuple[str, ...]) -> pd.Series:
    """What a call leaves of each customer in the next quarter, in fen."""
    both = [replace(world, played=(*world.played, tuple((one, "call") for one in who)), repairs=(*world.repairs, repairs)) for who in (ids, [])]
    money = [one.money_since(world.as_of) for one in both]
    left = [m["margin"].add(m["fee_margin"], fill_value=0).sub(m["contact_cost"], fill_value=0).reindex(ids, fill_value=0) for m in money]
    return left[0] - left[1]


def compare(
    world: World, decisions: Mapping[str, Decision], *, futures: int = 5, best: bool = False, say: Callable[[str], None] = lambda text: None
) -> pd.DataFrame:
    """What each decision left in each future, and how much that is beyond doing nothing in the same future.

    Parameters
    ----------
    world : World
        Before the first quarter of the game.
    decisions : mapping of name to Decision
    futures : int
        The first is the one in which the company is played; the others have other luck.
    best : bool
        Whether to work out the best possible decision of each future, too.
    say : function of str
        Told what is going on.

    Returns
    -------
    DataFrame
        `name`, `decision` (title), `future` (from 1), `spent_minor`, `profit_minor`, `beyond_minor`.
    """
    if futures < 1:
        raise DataError(f"The number of futures is {futures}. Give 1 or more.")
    rows = []
    for future in range(futures):
        luck = world.luck + future
        say(f"Future {future + 1} of {futures}")
        base = _profit(live(world, Decision("", ""), luck=luck))
        compared = dict(decisions) | ({"best": best_possible(world, luck=luck)} if best else {})
        for name, decision in compared.items():
            profit = base if decision.spent_fen == 0 else _profit(live(world, decision, luck=luck))
            rows.append((name, decision.title, future + 1, decision.spent_fen, profit, profit - base))
    return pd.DataFrame(rows, columns=["name", "decision", "future", "spent_minor", "profit_minor", "beyond_minor"])


def table(lived: pd.DataFrame) -> pd.DataFrame:
    """The comparison by decision, the best first.

    Returns
    -------
    DataFrame
        `decision`, `spent_minor`, `beyond_minor` (mean), `low_minor` and
        `high_minor` (the worst and the best future), `ahead` (futures in which it left more than nothing), `futures`.
    """
    made = lived.groupby("decision", sort=False).agg(
        spent_minor=("spent_minor", "first"), beyond_minor=("beyond_minor", "mean"), low_minor=("beyond_minor", "min"),
        high_minor=("beyond_minor", "max"), ahead=("beyond_minor", lambda values: int((values > 0).sum())), futures=("future", "count"),
    )  # fmt: skip
    made["beyond_minor"] = made["beyond_minor"].round().astype("int64")
    return made.sort_values("beyond_minor", ascending=False, kind="stable").reset_index()


def as_csv(lived: pd.DataFrame) -> str:
    """The comparison as a table that a spreadsheet opens, money in yuan."""
    table_ = lived[["decision", "future"]].copy()
    for name in ("spent", "profit", "beyond"):
        table_[name] = (lived[f"{name}_minor"] / 100).map("{:.2f}".format)
    return table_.to_csv(index=False, lineterminator="\n")


def decision_of(world: World, *, title: str, since: int = 0) -> Decision:
    """What somebody has decided who let the company live, from the quarters it has lived.

    Parameters
    ----------
    world : World
        After some quarters. What is missing of four is left alone.
    title : str
    since : int
        Quarters that had been lived before the game began.
    """
    lists, repairs = world.played[since:], world.repairs[since:]
    if not lists:
        raise DataError(f"{title}: the company has lived no quarter yet. Play one with: workbook simulate --from ... --advance 1q")
    if len(lists) > QUARTERS:
        raise DataError(f"{title}: the company has lived {len(lists)} quarters; the game has {QUARTERS}.")
    rest = ((),) * (QUARTERS - len(lists))
    return Decision(title, f"{len(lists)} of {QUARTERS} quarters played.", (*lists, *rest), (*repairs, *rest))


def same_beginning(one: World, other: World) -> bool:
    """Whether two companies are the same one, before the first quarter."""
    return (one.seed, one.customers, one.stories) == (other.seed, other.customers, other.stories)


def beginning(world: World) -> World:
    """The company before its first quarter, in the future in which it was played."""
    return replace(world, played=(), repairs=())


def results(world: World) -> pd.DataFrame:
    """`World.results`, lived once for each company however often it is asked for."""
    key = json.dumps(world.state(), sort_keys=True)
    if key not in _RESULTS:
        _RESULTS[key] = world.results()
    return _RESULTS[key].copy()


_RESULTS: dict[str, pd.DataFrame] = {}


def _profit(world: World) -> int:
    return int(results(world)["profit_minor"].iloc[-QUARTERS:].sum())


def _reachable(world: World) -> list[str]:
    """Persons who agreed to be contacted."""
    customers = world.frames_of("customers")
    may = (customers["kind"] == "person") & customers["consent"].astype(str).str.lower().isin(["true", "yes", "1"])
    return customers.loc[may, "customer_id"].tolist()


def _asleep(world: World) -> list[str]:
    """Those of them who ordered at least twice and then fell silent for three months to a year, the best customers first."""
    orders = world.frames_of("orders")
    sales = orders[(orders["kind"] == "sale") & orders["customer_id"].notna()]
    by = sales.groupby("customer_id").agg(last=("ordered_at", "max"), days=("ordered_at", lambda at: at.dt.normalize().nunique()), money=("amount_minor", "sum"))
    silent = (pd.Timestamp(world.as_of) - by["last"].dt.normalize()).dt.days
    chosen = by[(by["days"] >= 2) & silent.between(90, 365) & by.index.isin(_reachable(world))]
    return chosen.sort_values("money", ascending=False, kind="stable").index.tolist()
