"""The exercises of lesson 08: gaps, moves, a campaign judged, and a plan that can be carried out.

Each is a function that works out the right answer from what the other reports
found, with the ways in which people go wrong below it. `inputs` gives them
the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.money import currency, in_major_units
from helpers.plan import board, campaign, canvas
from helpers.plan import gaps as gaps_
from helpers.plan import moves as moves_
from helpers.plan.evidence import Evidence
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld


def inputs(evidence: Evidence | Withheld, settings: moves_.Settings, *, as_of: date, code: str, sample: bool) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    evidence : Evidence or Withheld
    settings : Settings
    as_of : date
    code : str
        ISO code of the currency.
    sample : bool

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    factor = currency(code).factor
    return {
        "found": lambda: gaps_.gaps(evidence),
        "gaps": lambda found: plain_gaps(found, code=code),
        "last_revenue": lambda: _last_revenue(evidence, factor),
        "candidates": lambda: moves_.moves(evidence, settings, sample=sample),
        "repair": lambda candidates: plain_repair(candidates, settings, sample=sample, factor=factor),
        "cards": canvas.cards,
        "judged": lambda: campaign.judge(evidence),
        "trial": lambda judged: plain_trial(judged, code=code),
        "way": lambda judged: str(judged.table.sort_values("caused", ascending=False)["way"].iloc[0]),
        "draft": lambda: board.draft(as_of),
        "today": as_of,
        "first_facts": lambda candidates: _first_facts(candidates, code=code),
        "doubted": lambda judged: str(judged.table.sort_values("left_minor")["way"].iloc[0]),
        "verdict_facts": lambda judged, doubted: _verdict_facts(judged, doubted, code=code),
    }


# ---------------------------------------------------------------- tables as an exercise shows them


def plain_gaps(found: list[gaps_.Gap], *, code: str) -> pd.DataFrame:
    """`gap`, `kind` (lost, spent, waiting), `amount` (money), `over`, in an order that gives nothing away."""
    rows = sorted(((one.name, one.kind, one.amount_minor, one.over) for one in found), key=lambda row: row[0])
    frame = pd.DataFrame(rows, columns=["gap", "kind", "amount_minor", "over"])
    frame.insert(2, "amount", in_major_units(frame.pop("amount_minor").astype("int64"), code=code))
    return frame


def _last_revenue(evidence: Evidence, factor: int) -> float | Withheld:
    value = evidence.value("00a", "revenue_last_minor")
    if value is None:
        return Withheld("Revenue of the last period", "The report on revenue could not take two periods apart.")
    return value / factor


def plain_repair(candidates: list[moves_.Move], settings: moves_.Settings, *, sample: bool, factor: int) -> pd.Series | Withheld:
    """The first repair with an offer: `at_stake` (revenue of a year), `margin` (share), `once`, `each_quarter` (money)."""
    for one in candidates:
        if one.kind == moves_.REPAIR and one.stake_minor and one.cost_minor:
            once, quarter = settings.repair_once_minor, settings.repair_quarter_minor
            if once is None and quarter is None:
                once, quarter = moves_.QUOTES[one.key]
            return pd.Series({"at_stake": round(one.stake_minor / factor, 2), "once": (once or 0) / factor, "each_quarter": (quarter or 0) / factor}, name=one.title)
    return Withheld("A repair to reckon", "No report names a repair with money at stake, or nobody has said what one costs.", "Set `repair_once` and `repair_quarter`.")


def plain_trial(judged: campaign.Judged, *, code: str) -> pd.DataFrame:
    """One row a way of asking: `way`, `asked`, `came` and `came_anyway` (shares), `cost` (money, all contacts)."""
    table = judged.table[["way", "asked", "came", "came_anyway"]].copy()
    table["cost"] = in_major_units(judged.table["cost_minor"].astype("int64"), code=code)
    return table.round({"came": 4, "came_anyway": 4})


# ---------------------------------------------------------------- gaps


@exercise(
    "8.1",
    minutes=2,
    kind="predict",
    within=2,
    hints=["Think of the first lesson: how much less did old customers bring?", "Between 2 and 30."],
    covers=["S125"],
    means="The largest gap is seldom the one that was talked about most. It is found by putting the reports side by side.",
)
def gap_of_100(gaps, last_revenue):
    """Of 100 of last period's revenue, how much is the largest gap among those that were *lost*?"""
    return share_of_the_gap(gaps, last_revenue)


def share_of_the_gap(gaps: pd.DataFrame, last_revenue: float) -> float | Withheld:
    """The largest loss in percent of the last period's revenue."""
    lost = gaps.loc[gaps["kind"] == gaps_.LOST, "amount"]
    if lost.empty:
        return Withheld("The largest loss", "No report names a loss on these data.")
    return 100 * float(lost.max() / last_revenue)


@gap_of_100.mistake("All gaps added up. They overlap: who sleeps is also an old customer who orders less.")
def _(gaps, last_revenue):
    return 100 * float(gaps["amount"].sum() / last_revenue)


@gap_of_100.mistake("That is the largest of all gaps. Some of it was never lost: it only waits.")
def _(gaps, last_revenue):
    return 100 * float(gaps["amount"].max() / last_revenue)


@exercise(
    "8.2",
    minutes=3,
    kind="fill",
    spreadsheet=True,
    digits=1,
    hints=[
        "Only what was lost: rows with `kind` \"lost\". What waits was never ours.",
        "The largest of these amounts, 100 times, divided by `last_revenue`. In a spreadsheet: MAXIFS.",
        '`gaps.loc[gaps["kind"] == "lost", "amount"].max()`',
    ],
    covers=["S125"],
    means="Three kinds of money stand in such a list: lost, spent for nothing, and waiting. Only the first two have left us.",
)
def largest_loss_of_100(gaps, last_revenue):
    """The largest of the losses, for 100 of last period's revenue."""
    return share_of_the_gap(gaps, last_revenue)


@largest_loss_of_100.mistake("You added the losses up. They overlap, since one customer can stand in several.")
def _(gaps, last_revenue):
    return 100 * float(gaps.loc[gaps["kind"] == gaps_.LOST, "amount"].sum() / last_revenue)


@largest_loss_of_100.mistake("The largest row is not a loss. Look at `kind`.")
def _(gaps, last_revenue):
    return 100 * float(gaps["amount"].max() / last_revenue)


# ---------------------------------------------------------------- SWOT


@exercise(
    "8.3",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=0,
    hints=[
        "Ask of each statement: could a decision of our own change it? Yes is inside, no is outside.",
        "“We could start …” is about us, so it stands inside, however much it sounds like an opportunity.",
        "Strengths and weaknesses are inside. Count what is left.",
    ],
    covers=["S125"],
    means="The commonest mistake in a SWOT is a plan written into the field of opportunities. An opportunity is there without us.",
)
def outside(cards):
    """How many of the ten statements are about the world outside: opportunities and threats?"""
    return int((cards["where"] == canvas.OUTSIDE).sum())


@outside.mistake("One statement begins with “We could”. It is about us: inside.")
def _(cards):
    return int(((cards["where"] == canvas.OUTSIDE) | cards["statement"].str.startswith("We could")).sum())


@outside.mistake("Those are the statements about the inside.")
def _(cards):
    return int((cards["where"] == canvas.INSIDE).sum())


@outside.mistake("You counted the threats alone. Opportunities are outside, too.")
def _(cards):
    return int((cards["kind"] == canvas.THREAT).sum())


# ---------------------------------------------------------------- moves


@exercise(
    "8.4",
    minutes=4,
    spreadsheet=True,
    digits=0,
    hints=[
        "The first year has four quarters: once, and four times each quarter.",
        "The share that must come back is the cost of the year divided by what is at stake; times 100.",
        '`100 * (repair["once"] + 4 * repair["each_quarter"]) / repair["at_stake"]`',
    ],
    covers=["S126"],
    means="Nobody knows how much a repair takes back. From which share on it pays can be known today; then one asks whether that much is likely.",
)
def pays_from(repair):
    """Of 100 of what is at stake, how much must the repair bring back to pay for its first year?"""
    return 100 * float((repair["once"] + moves_.QUARTERS * repair["each_quarter"]) / repair["at_stake"])


@pays_from.mistake("You forgot what it costs in each quarter. It has to be paid for as long as it is at work.")
def _(repair):
    return 100 * float(repair["once"] / repair["at_stake"])


@pays_from.mistake("A year has four quarters.")
def _(repair):
    return 100 * float((repair["once"] + repair["each_quarter"]) / repair["at_stake"])


@pays_from.mistake("That is what is at stake for 100 of cost. Turn it over.")
def _(repair):
    return 100 * float(repair["at_stake"] / (repair["once"] + moves_.QUARTERS * repair["each_quarter"]))


@exercise(
    "8.5",
    minutes=2,
    kind="judge",
    covers=["S126", "S121"],
    options={
        "repair": Option("Repair the place that several reports name", "Yes. {repair} {largest}", "{repair}"),
        "list": Option("Send the list with the most money at stake", "Yes. {largest} {repair}", "What is at stake is not what a list brings. {largest} {repair}"),
        "measured": Option("What a lot has measured, since it alone is sure", "Yes. {measured} {repair}", "Good, and second. {measured} {repair}"),
        "all": Option("A little of everything, so that no department is left out", "Yes. {measured}", "Three moves can be carried out and judged; nine are a wish list. {repair}"),
    },
    means="First what makes the gap grow again each year, then what has been measured, then what is assumed, with its test.",
)
def which_first(candidates):
    """Which move comes first?"""
    first = candidates[0]
    if first.kind == moves_.REPAIR and len(first.reports) > 1:
        return "repair"
    return "measured" if first.basis == moves_.MEASURED else "list" if first.kind == moves_.LIST else "repair"


@which_first.facts
def _(first_facts):
    return first_facts


# ---------------------------------------------------------------- a campaign judged


@exercise(
    "8.6",
    minutes=4,
    spreadsheet=True,
    digits=0,
    hints=[
        "Not all who came did so because of it: so many of those left alone came, too.",
        "Came because of it: asked × (came − came_anyway). All contacts have to be paid from these.",
        '`row = trial.set_index("way").loc[way]`, then `row["cost"] / (row["asked"] * (row["came"] - row["came_anyway"]))`',
    ],
    covers=["S127"],
    means="Divided by all who came, any campaign to people who come anyway looks cheap. That is how coupons survive.",
)
def cost_of_one_more(trial, way):
    """What did one customer cost who came *because of* the way of asking `way`?"""
    row = trial.set_index("way").loc[way]
    return float(row["cost"] / (row["asked"] * (row["came"] - row["came_anyway"])))


@cost_of_one_more.mistake("You divided by all who came. So many of those left alone came, too.")
def _(trial, way):
    row = trial.set_index("way").loc[way]
    return float(row["cost"] / (row["asked"] * row["came"]))


@cost_of_one_more.mistake("That is the cost of asking one customer.")
def _(trial, way):
    row = trial.set_index("way").loc[way]
    return float(row["cost"] / row["asked"])


@exercise(
    "8.7",
    minutes=2,
    kind="judge",
    covers=["S127"],
    options={
        "repeat": Option("Repeat it: many came", "Yes. {seen} {left}", "They came, and so did those left alone. {seen} {left}"),
        "fix": Option("Change it and try again by lot: nothing has been shown yet", "Yes. {seen} {left}", "{seen} {left}"),
        "stop": Option("Stop it: it costs more than it brings, beyond chance", "Yes. {seen} {left}", "That has not been shown. {seen} {left}"),
    },
    means="Repeat, fix or stop is decided by what is left after the cost, with its interval, and not by how many came.",
)
def repeat_fix_or_stop(judged, doubted):
    """Look at the way of asking that leaves least, `doubted`. What becomes of it?"""
    return str(judged.table.set_index("way").loc[doubted, "verdict"])


@repeat_fix_or_stop.facts
def _(verdict_facts):
    return verdict_facts


# ---------------------------------------------------------------- the plan


@exercise(
    "8.8",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=0,
    hints=[
        "A row needs all five: a day to come, a department, one person, an action, something that can be counted.",
        "“The team” and “everybody” are nobody, “as soon as possible” is no day, “satisfaction” cannot be counted, and one day is over.",
        "Go through the nine rows and strike out each that misses one of the five.",
    ],
    covers=["S126"],
    means="Most plans fail here and not in their ideas: a row without a person is a hope.",
)
def rows_that_can_be_done(draft, today):
    """How many of the nine rows can be carried out as they stand?"""
    return int(board.can_be_carried_out(draft, today=today).sum())


@rows_that_can_be_done.mistake("Those are the rows without an empty cell. Read them, too: some have nobody, one no day, one a day that is over.")
def _(draft):
    return int(draft.map(lambda value: not board.is_empty(value)).all(axis=1).sum())


@rows_that_can_be_done.mistake("Those are the rows that cannot be carried out.")
def _(draft, today):
    return int((~board.can_be_carried_out(draft, today=today)).sum())


@rows_that_can_be_done.mistake("You looked at who answers for it alone.")
def _(draft):
    return int(draft["person"].map(lambda who: not board.is_empty(who) and str(who).lower() not in board.NOBODY).sum())


# ---------------------------------------------------------------- what the exercises build on


def _first_facts(candidates: list[moves_.Move], *, code: str) -> dict[str, str]:
    several = next((one for one in candidates if one.kind == moves_.REPAIR and len(one.reports) > 1), None)
    measured = next((one for one in candidates if one.basis == moves_.MEASURED and (one.net_minor or 0) > 0), None)
    lists = [one for one in candidates if one.kind == moves_.LIST]
    largest = max(lists, key=lambda one: one.stake_minor or 0, default=None)
    return {
        "repair": f"{words.listing(several.reports)} name {_place(several)} independently of each other, and what is lost there is lost every year." if several else "No place is named by two reports.",
        "measured": f"Measured: {measured.title}, {words.money(measured.net_minor, code=code)} after its cost." if measured else "No move has been measured and found to pay.",
        "largest": f"On the list “{largest.key}” {words.money(largest.stake_minor, code=code)} are at stake; what it is expected to leave is {words.money(largest.net_minor or 0, code=code)}, {largest.basis}." if largest else "There is no list.",
    }


def _place(move: moves_.Move) -> str:
    return move.title.removeprefix("Repair ")


def _verdict_facts(judged: campaign.Judged, doubted: str, *, code: str) -> dict[str, str]:
    row = judged.table.set_index("way").loc[doubted]
    left = "" if pd.isna(row["left_minor"]) else (
        f"For each one asked it leaves {words.money(row['left_minor'], code=code, cents=True)} "
        f"({words.money(row['left_low_minor'], code=code, cents=True)} to {words.money(row['left_high_minor'], code=code, cents=True)})."
    )
    return {
        "seen": f"Of 100 asked by {doubted} {round(100 * row['came'])} came, of 100 left alone {round(100 * row['came_anyway'])}.",
        "left": left,
    }
