"""What was found about how touchpoints are run, in sentences whose numbers come from the data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.stats.intervals import wilson
from helpers.touchpoints import promises as promised
from helpers.touchpoints import queues
from helpers.touchpoints.running import CallBacks, Cases, Stuck
from helpers.withheld import Withheld, silent_when_withheld


def hand(touchpoint: object, owner: object) -> str:
    """A hand inside a sentence."""
    name = words.plain(str(touchpoint).replace("_", " "))
    return {"own": f"{name} by own people", "partner": f"{name} by a partner"}.get(str(owner), name)


def signed(value: float, digits: int = 0) -> str:
    """A number with its sign, as a difference is written.

    >>> signed(4.2), signed(-6), signed(0.04, 1)
    ('+4', '−6', '0.0')
    """
    text = f"{abs(value):,.{digits}f}"
    return text if not text.strip("0.") else f"{'+' if value > 0 else '−'}{text}"


# ---------------------------------------------------------------- the team's own contacts


@silent_when_withheld
def phases(table: pd.DataFrame) -> list[str]:
    """The phase in which most contacts settle nothing."""
    first = table.sort_values(["unsettled_share", "phase"], ascending=[False, True]).iloc[0]
    said = [
        f"**{str(first['phase']).capitalize()}** the purchase, {words.in_100(first['unsettled_share'])} contacts settled nothing: most of the three phases."
        if len(table) == 3
        else f"**{str(first['phase']).capitalize()}** the purchase, {words.in_100(first['unsettled_share'])} contacts settled nothing, the more of the two."
    ]
    asked = table.dropna(subset=["unhappy_share"])
    if len(asked):
        parts = [f"{row.phase} it {_interval(row.unhappy_share, row.low, row.high)}" for row in asked.itertuples()]
        said.append(f"Of those who gave a grade, unhappy were: {words.listing(parts)}. Those who gave none may feel otherwise.")
    return said


def _interval(value: float, low: float, high: float) -> str:
    return f"{words.percent(value)} ({words.percent(low)} to {words.percent(high)})"


@silent_when_withheld
def promises(table: pd.DataFrame, shortest: int | None, *, share: float = 0.9) -> str:
    """The shortest promise that would have been kept often enough."""
    calls = words.count(int(table["calls"].iloc[0]), "call")
    if shortest is None:
        longest = table.iloc[-1]
        return (
            f"Of {calls}, none of these promises would have been kept for {words.in_100(share)}: even *within {longest['minutes']:.0f} minutes* held "
            f"for {words.in_100(longest['share'])}. First the waits, then the promise."
        )
    row = table[table["minutes"] == shortest].iloc[0]
    return (
        f"Of {calls}, *within {shortest} minutes* would have been kept for **{words.in_100(row['share'])}**: the shortest promise that "
        f"reaches {words.in_100(share)}."
    )


@silent_when_withheld
def handling(cases: Cases) -> list[str]:
    """How many matters were settled where they began."""
    table = cases.table
    passed = int((table["settled"] & ~table["kept"]).sum())
    unsettled = int((~table["settled"]).sum())
    said = [
        (
            f"**{words.in_100(cases.kept_share)}** of {words.count(len(table), 'matter')} were settled in the hand in which they began; "
            f"{words.number(passed)} in another hand, and {words.number(unsettled)} not within {words.count(cases.settle_days, 'day')}."
        )
    ]
    if not cases.numbered:
        said.append(
            f"The contacts do not say which of them belong together. A contact within {words.count(cases.settle_days, 'day')} of one that settled "
            "nothing was counted to the same matter."
        )
    if cases.left_out:
        said.append(
            f"{words.count(cases.left_out, 'contact')} without a customer, or without a word on whether it settled anything, are left out."
        )
    if cases.too_late:
        said.append(f"{words.count(cases.too_late, 'contact')} came later than that and count for nothing here.")
    return said


@silent_when_withheld
def stuck(found: Stuck, *, code: str) -> str:
    """The hand in which most matters get stuck beyond what is usual, with what followed."""
    worst = found.worst
    if worst is None:
        return "No hand stands out: what differs between them is no more than chance makes."
    lost = int(worst["cases"] - worst["kept"])
    cost = worst["later_cost_minor"]
    after = "" if pd.isna(cost) else f" The contacts that followed cost {words.money(int(cost), code=code)}."
    return (
        f"Most get stuck at **{hand(worst['touchpoint'], worst['owner'])}**: {words.number(lost)} of {words.number(int(worst['cases']))} were not settled "
        f"there, where {words.number(int(worst['cases'] * worst['others'] + 0.5))} would have been as many as elsewhere.{after}"
    )


@silent_when_withheld
def own_and_partner(table: pd.DataFrame) -> list[str]:
    """Own people and partners, touchpoint by touchpoint."""
    said = []
    for row in table.itertuples():
        name = words.plain(str(row.touchpoint).replace("_", " ")).capitalize()
        both = f"{name}: own people keep {words.in_100(row.own)} matters, the partner {words.in_100(row.partner)}"
        low, high = 100 * row.low, 100 * row.high
        if row.low > 0 or row.high < 0:
            said.append(f"{both}, a difference of {signed(100 * row.difference)} points ({signed(low)} to {signed(high)}).")
        else:
            said.append(f"{both}. So small a difference may be chance ({signed(low)} to {signed(high)} points).")
    return said


@silent_when_withheld
def call_backs(found: CallBacks) -> str:
    """The call on the next day, as a difference with its interval."""
    one = found.difference
    sure = "more than chance makes" if one.excludes_zero else "which may be chance"
    return (
        f"{words.count(found.called, 'answer')} came from people who were rung back the next day, {words.number(found.others)} from others: "
        f"{found.mean_called:.1f} against {found.mean_others:.1f} on the scale to 5, a difference of {signed(one.value, 1)} ({signed(one.low, 1)} to {signed(one.high, 1)}), {sure}. "
        "It is an effect of the call only if those who were rung back were drawn by lot."
    )


def answer(
    *, cases: Cases | Withheld, found: Stuck | Withheld, partners: pd.DataFrame | Withheld, promise: str | Any, code: str
) -> list[str]:
    """The report's answer, the most important sentence first."""
    if isinstance(cases, Withheld):
        return [f"**Who keeps a customer's matter until it is settled cannot be seen yet.** {cases.reason} {cases.gain}"]
    said = [handling(cases)[0]]
    if isinstance(found, Stuck):
        said.append(stuck(found, code=code))
    if isinstance(partners, pd.DataFrame):
        said += own_and_partner(partners)[:1]
    if isinstance(promise, str):
        said.append(promise)
    if isinstance(found, Stuck) and found.worst is not None:
        said.append(
            f"Begin there: one name for each matter that begins at {hand(found.worst['touchpoint'], found.worst['owner'])}, kept until it is settled."
        )
    return said


def limits(*, cases: Cases | Withheld, partners: pd.DataFrame | Withheld) -> list[str]:
    """What these data cannot tell."""
    said = ["Contacts show what was written down. A customer who gave up, or told a neighbour and not the firm, is in none of them."]
    if isinstance(cases, Withheld):
        return [*said, f"{cases.reason} {cases.gain}"]
    said.append("A matter counts as settled when somebody noted so. Whether the customer would say the same is another question.")
    if isinstance(partners, Withheld):
        said.append(f"{partners.reason} {partners.gain}")
    else:
        said.append("Own people and partners were not given their work by lot: the partner may have the harder part of it.")
    return said


def key_numbers(*, cases: Cases | Withheld, found: Stuck | Withheld, shortest: int | None | Withheld) -> list[dict[str, Any]]:
    """The key numbers for results.json: `key`, `value`, `unit`, `label`; what is withheld is missing."""
    rows: list[tuple[str, Any, str, str]] = []
    if isinstance(cases, Cases):
        rows += [
            ("cases", len(cases.table), "count", "Matters with time to be settled"),
            ("kept_share", cases.kept_share, "share", "Share settled in the hand in which they began"),
            ("unsettled_share", float((~cases.table["settled"]).mean()), "share", "Share not settled in time"),
        ]
    if isinstance(found, Stuck):
        worst = found.worst
        name = "none" if worst is None else f"{worst['touchpoint']}, {worst['owner']}"
        rows.append(("stuck_at", name, "text", "Hand in which most matters get stuck"))
        if worst is not None:
            rows.append(("stuck_excess", float(worst["excess"]), "number", "Matters stuck there beyond the share elsewhere"))
    if isinstance(shortest, int):
        rows.append(
            ("promise_minutes", shortest, "number", "Shortest promise of the hotline, in minutes, that nine of ten calls would keep")
        )
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


def since(cases: Cases | Withheld, *, kept: float | None, on: date | None) -> str:
    """Against what the last report said; empty where there was none or it said nothing."""
    now = None if isinstance(cases, Withheld) else cases.kept_share
    return words.since("matters settled where they began", then=kept, now=now, on=on)


# ---------------------------------------------------------------- suggestions


def adopted(taken: int, of: int) -> str:
    """How sure a share of suggestions taken up is."""
    found = wilson(taken, of)
    return (
        f"{taken} of {of} suggestions taken up is {words.percent(found.value)}. Had they been drawn by lot from many, the share of all would lie between "
        f"**{words.percent(found.low)} and {words.percent(found.high)}**, with 95 of 100 such intervals right."
    )


# ---------------------------------------------------------------- playgrounds


def promise(*, days: int, real_days: float) -> str:
    """The sentence under the playground of promises."""
    market = promised.at_speed(real_days)
    here, top = promised.account(market, days), promised.best(market)
    right = "No promise brings more." if top == days else f"The most comes from a promise of {words.count(top, 'day')}."
    return (
        f"At *{words.count(days, 'day')}* {words.number(here.buyers)} of {words.number(market.askers)} buy, {words.in_100(here.kept)} promises are kept, and both "
        f"periods bring {words.number(here.total)} yuan. {right}"
    )


def staffing(*, agents: int, minutes: float, calls: int = 66, seconds: float = 20.0) -> str:
    """The sentence under the playground of the hotline."""
    here = queues.queue(calls, minutes, agents, seconds=seconds)
    need = queues.agents_for(calls, minutes, seconds=seconds)
    if here.load >= agents:
        return f"{here.load:g} calls are in progress on average: {words.count(agents, 'agent')} cannot keep up, and the queue grows until people give up."
    return (
        f"With {words.count(agents, 'agent')}, {words.in_100(here.waits)} callers wait at all, {here.mean_wait:.0f} seconds on average over all calls; "
        f"{words.in_100(here.in_time)} are answered within {seconds:g} seconds. Each agent talks {words.percent(here.busy)} of the time. "
        f"For 80 of 100 it takes {words.count(need, 'agent')}."
    )
