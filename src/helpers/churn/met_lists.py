"""The lists of lesson 07b: whom to make an offer to stay, and whom to look after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn.saving import GROUPS, Responses, Trial, expected_profit, group_of, term_of
from helpers.churn.warning import Warned
from helpers.churn.windows import Contracts
from helpers.withheld import Withheld

COLUMNS = ["customer_id", "list", "action", "reason", "evidence", "value_at_stake_minor"]
_EMPTY = pd.DataFrame(columns=COLUMNS).astype({"value_at_stake_minor": "int64"})
_OFFERS = {"call": "A call before the year is over", "discount": "Money off the next year"}


def due(contracts: Contracts | Withheld, days: pd.DataFrame, *, as_of: date, horizon_days: int, trial: Trial | Withheld | None = None) -> pd.DataFrame:
    """Contracts that run and whose paid time ends within the horizon: `contract_id`, `customer_id`, `paid_until`, `silent_days`, `group`.

    With a trial, those alone who are in a term at whose end it was held: what an offer does after three years, one after the first cannot say.
    """
    columns = ["contract_id", "customer_id", "paid_until", "silent_days", "group"]
    if isinstance(contracts, Withheld) or "paid_until" not in contracts.rows:
        return pd.DataFrame(columns=columns)
    now, rows = pd.Timestamp(as_of), contracts.rows
    own = rows[rows["ended_on"].isna() & (rows["paid_until"] > now) & (rows["paid_until"] <= now + pd.Timedelta(days=horizon_days))].copy()
    if isinstance(trial, Trial):
        own = own[np.isin(term_of(own["started_on"], pd.Series(now, index=own.index)), trial.terms)]
    last = days.groupby(days["customer_id"].astype("str"))["day"].max()
    own["customer_id"] = own["customer_id"].astype("str")
    own["silent_days"] = (now - own["customer_id"].map(last)).dt.days
    own["group"] = group_of(own["silent_days"])
    return own[columns].sort_values(["paid_until", "contract_id"], ignore_index=True)


def save_list(ending: pd.DataFrame, expected: Responses, *, code: str) -> pd.DataFrame:
    """Whom to make an offer: those whose contract ends soon, in groups for which an offer is expected to pay.

    Parameters
    ----------
    ending : DataFrame
        From `due`.
    expected : Responses
    code : str
    """
    pays = expected.paying.set_index("group")
    rows = []
    for one in ending[ending["group"].isin(pays.index)].itertuples():
        best = pays.loc[one.group]
        saved = best["leaves_alone"] - best["leaves_with"]
        seen = "never seen ordering" if pd.isna(one.silent_days) else f"last order {words.count(int(one.silent_days), 'day')} ago"
        basis = "as measured by lot" if expected.measured else "as assumed"
        rows.append(
            {
                "customer_id": one.customer_id,
                "list": "save",
                "action": best["arm"],
                "reason": f"{_OFFERS.get(best['arm'], best['arm'])}: {GROUPS[one.group]}",
                "evidence": f"Paid until {words.day(one.paid_until.date())}; {seen}. Of 100 such customers {100 * best['leaves_alone']:.0f} leave if left alone, "
                f"{100 * best['leaves_with']:.0f} with it ({basis}); expected profit {words.money(round(best['profit_minor']), code=code)}.",
                "value_at_stake_minor": round(saved * best["value_minor"]),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value_at_stake_minor": "int64"}) if rows else _EMPTY.copy()


def save_without_contracts(warned: Warned | Withheld, value_minor: pd.Series, *, assumed: float, cost_minor: int, most: int, code: str) -> pd.DataFrame:
    """Without contracts: of those warned of, the ones for whom a call is expected to pay, if it holds the assumed share of leavers.

    Parameters
    ----------
    warned : Warned or Withheld
    value_minor : Series by customer_id
        What a customer brings in a year.
    assumed : float
    cost_minor, most : int
    code : str
    """
    if isinstance(warned, Withheld):
        return _EMPTY.copy()
    now = warned.today
    value = now["customer_id"].map(value_minor).fillna(0).to_numpy(dtype=float)
    chance = now["chance"].to_numpy()
    profit = expected_profit(chance, chance * (1 - assumed), value=np.maximum(value, 0), cost=cost_minor)
    order = np.lexsort((now["customer_id"].to_numpy(dtype=str), -profit))
    rows = []
    for place in [place for place in order[:most] if profit[place] > 0]:
        one = now.iloc[place]
        rows.append(
            {
                "customer_id": one["customer_id"],
                "list": "save",
                "action": "call",
                "reason": f"A call: {one['sign']}",
                "evidence": f"Chance of leaving {words.percent(chance[place])}; brings {words.money(round(value[place]), code=code)} a year; expected profit "
                f"{words.money(round(profit[place]), code=code)} if a call holds {100 * assumed:.0f} of 100 leavers (assumed).",
                "value_at_stake_minor": round(chance[place] * assumed * value[place]),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value_at_stake_minor": "int64"}) if rows else _EMPTY.copy()


def warn_list(warned: Warned | Withheld, *, without: pd.DataFrame, value_minor: pd.Series, capacity: int, code: str) -> pd.DataFrame:
    """Whom to look after: the first by the chosen way, apart from those who get an offer anyway.

    Whoever has trouble that is not solved gets it solved; the others get a friendly word that costs little. Nobody knows of them
    that an offer would hold them.
    """
    if isinstance(warned, Withheld):
        return _EMPTY.copy()
    now = warned.today.sort_values(["score", "customer_id"], ascending=[False, True], kind="stable").drop_duplicates("customer_id")
    now = now[~now["customer_id"].isin(without["customer_id"])].head(capacity)
    if now.empty:
        return _EMPTY.copy()
    trouble = (now.get("complaints", 0) + now.get("unsolved", 0)).to_numpy() > 0 if "complaints" in now else np.zeros(len(now), dtype=bool)
    seen = [f"last order {words.count(int(silent), 'day')} ago" for silent in now["silent"]]
    value = now["customer_id"].map(value_minor).fillna(0).clip(lower=0).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "customer_id": now["customer_id"].to_numpy(),
            "list": "warn",
            "action": np.where(trouble, "service_repair", "reminder"),
            "reason": [sign[:1].upper() + sign[1:] for sign in now["sign"]],
            "evidence": [
                f"Chance of leaving within {warned.panel.horizon_days} days {words.percent(chance)}; {last}."
                for chance, last in zip(now["chance"], seen, strict=True)
            ],
            "value_at_stake_minor": (now["chance"].to_numpy() * value).round().astype("int64"),
        }
    )


def yearly_value(orders: pd.DataFrame, *, as_of: date) -> pd.Series:
    """What each customer brought in the last 365 days, by customer_id: margin where the lines have one, else revenue; minor units."""
    name = "margin_minor" if "margin_minor" in orders and orders["margin_minor"].notna().any() else "amount_minor"
    recent = orders[orders["ordered_at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=364)]
    return recent.groupby(recent["customer_id"].astype("str"))[name].sum()


def together(*lists: pd.DataFrame) -> pd.DataFrame:
    """Several lists as one, each customer once."""
    rows = pd.concat([one for one in lists if len(one)], ignore_index=True) if any(map(len, lists)) else _EMPTY.copy()
    return rows.drop_duplicates("customer_id", ignore_index=True)


def counts(monday) -> dict[str, int]:
    """Of an action list: rows to do of `save` and of `warn`, and `hold_out` of save."""
    to_do, rows = monday.to_do, monday.rows
    held = rows[(rows["list"] == "save") & rows["hold_out"]]
    return {"save": int((to_do["list"] == "save").sum()), "warn": int((to_do["list"] == "warn").sum()), "hold_out": len(held)}


def expected_of(
    monday, ending: pd.DataFrame, expected: Responses, value_minor: pd.Series, warned: Warned | Withheld, *, assumed: float, cost_minor: int
) -> int:
    """Expected profit of the rows of `save` that are carried out, in minor units."""
    to_do = monday.to_do
    who = to_do.loc[to_do["list"] == "save", "customer_id"].astype("str")
    if who.empty:
        return 0
    if len(ending):
        group = who.map(ending.drop_duplicates("customer_id").set_index("customer_id")["group"])
        return round(float(group.map(expected.paying.set_index("group")["profit_minor"]).sum()))
    if isinstance(warned, Withheld):
        return 0
    chance = who.map(warned.today.drop_duplicates("customer_id").set_index("customer_id")["chance"]).to_numpy()
    value = who.map(value_minor).fillna(0).clip(lower=0).to_numpy(dtype=float)
    return round(float(np.sum(expected_profit(chance, chance * (1 - assumed), value=value, cost=cost_minor))))


@dataclass(frozen=True)
class Both:
    """The next quarter with two lists of one length, of the same calls.

    Attributes
    ----------
    table : DataFrame
        `way` ("by response", "by risk"), `calls`, `fees_minor` (margin of contracts kept), `cost_minor`, `profit_minor`.
    """

    table: pd.DataFrame

    def profit(self, way: str) -> int:
        return int(self.table.set_index("way").loc[way, "profit_minor"])


def play_both(world, monday, ending: pd.DataFrame, *, action: str = "call") -> Both | Withheld:
    """Let a simulated company live the quarter with the calls of the list `save`, and with as many to the riskiest.

    Parameters
    ----------
    world : simulated company, or None
        It can `advance` and knows its `true_effect`. None for a company that really exists.
    monday : ActionList
    ending : DataFrame
        From `due`. The riskiest are those who have not ordered for longest, whoever may be contacted.
    action : str
        What both lists do.
    """
    what = "What the two lists cause"
    if world is None:
        return Withheld(what, "Only a simulated company can live the same quarter twice.", "Send the list, and leave alone whom the lot has chosen.")
    to_do = monday.to_do
    own = to_do.loc[to_do["list"] == "save", "customer_id"].astype("str").tolist()
    if not own:
        return Withheld(what, "Nobody is on the list save, so there is nothing to compare.")
    rows = monday.rows
    barred = set(rows.loc[rows["hold_out"] | rows["suppressed"].ne(""), "customer_id"].astype("str"))
    silent = ending["silent_days"].fillna(10_000)
    riskiest = ending.assign(silent=silent).sort_values(["silent", "customer_id"], ascending=[False, True])["customer_id"]
    other = [who for who in riskiest if who not in barred][: len(own)]
    table = []
    for way, who in (("by response", own), ("by risk", other)):
        effect = world.true_effect(dict.fromkeys(who, action))
        table.append(
            {
                "way": way,
                "calls": len(who),
                "fees_minor": int(effect["fee_margin_effect_minor"].sum()),
                "cost_minor": int(effect["contact_cost_effect_minor"].sum()),
                "profit_minor": int(effect["profit_effect_minor"].sum()),
            }
        )
    return Both(pd.DataFrame(table))
