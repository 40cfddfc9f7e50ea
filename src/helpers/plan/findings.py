"""The plan in sentences: what the board reads, and nothing that another report has not found."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import words
from helpers.money import currency
from helpers.plan import campaign as campaigns
from helpers.plan import canvas as canvases
from helpers.plan.evidence import Evidence
from helpers.plan.gaps import LOST, SPENT, Gap
from helpers.plan.moves import ASSUMED, MEASURED, REPAIR, STOP, Move
from helpers.withheld import Withheld


def sources(evidence: Evidence) -> str:
    """Which reports the plan has read."""
    read = words.listing(evidence.lessons)
    return f"Read: {words.count(len(evidence.lessons), 'report')} ({read}) on {words.plain(evidence.results['company']['name'])}, report date {words.day(evidence.as_of)}. Nothing is calculated from orders a second time."


def gaps(found: list[Gap] | Withheld, *, code: str) -> list[str]:
    """Which gap is largest, and what the others are."""
    if isinstance(found, Withheld):
        return []
    first = found[0]
    said = [f"**The largest gap: {words.plain(_lower(first.name))}, {words.money(first.amount_minor, code=code)}** ({first.over}; report {first.lesson})."]
    if first.kind != LOST:
        said = [f"**No report names a loss.** The first thing to look at is {words.plain(_lower(first.name))}, {words.money(first.amount_minor, code=code)} ({first.over}; report {first.lesson})."]
    waiting = [one for one in found if one.kind not in (LOST, SPENT)]
    if waiting and max(one.amount_minor for one in waiting) > first.amount_minor:
        most = max(waiting, key=lambda one: one.amount_minor)
        said.append(f"{words.plain(most.name)}, {words.money(most.amount_minor, code=code)}, is more, but it is not lost: it is what would come if everybody did what we hope.")
    if len(found) > 1:
        said.append("The gaps overlap, since one customer can stand in several: they are ranked and never added up.")
    return said


def moves(found: list[Move] | Withheld, picked: list[Move], *, code: str) -> list[str]:
    """Which moves come first, and on what that rests."""
    if isinstance(found, Withheld):
        return []
    said = []
    measured = [one for one in found if one.basis == MEASURED]
    said.append(
        f"{words.count(len(found), 'move')} {'has' if len(found) == 1 else 'have'} a reason in the reports; the effect of {len(measured)} was measured by lot."
        if measured
        else f"{words.count(len(found), 'move')} {'has' if len(found) == 1 else 'have'} a reason in the reports, and the effect of none has been measured: each is an assumption with its test."
    )
    for one in picked:
        if one.kind == REPAIR and len(one.reports) > 1:
            said.append(f"**{words.plain(one.title)} comes first:** {len(one.reports)} reports ({words.listing(one.reports)}) name it independently of each other, and a cause that stays is paid for every year.")
    short = [one for one in found if one.net_minor is not None and one.net_minor <= 0 and one not in picked]
    if short:
        said.append(f"Expected to cost more than they bring: {words.listing(words.plain(_lower(one.title)) for one in short)}.")
    return said


def pays(move: Move, *, later_minor: int, code: str, assumed: float) -> list[str]:
    """From which share on a repair pays, and what nobody knows about it."""
    if move.stake_minor is None:
        return [f"{words.plain(move.title)}: no report says how much money is at stake. Count it for a month before anything is spent."]
    stake = f"{words.money(move.stake_minor, code=code)} of margin a year is at stake"
    if move.cost_minor is None:
        return [f"{words.plain(move.title)}: {stake}. Nobody has said what the repair costs: it may cost {words.money(round(assumed * move.stake_minor), code=code)} a year if {words.in_100(assumed)} of it comes back. Set `repair_once` and `repair_quarter`."]
    first = move.pays_from
    said = [
        f"{words.plain(move.title)}: {stake}, and the first year costs {words.money(move.cost_minor, code=code)}. "
        + (f"It pays in that year if **{words.in_100(first)}** of the loss comes back" if first <= 1 else "It cannot pay in that year by what is counted here")
        + (f", and from {words.in_100(later_minor / move.stake_minor)} on in each later one." if later_minor < move.stake_minor else ".")
    ]
    said.append("Counted is only what stands out in the reports. Customers who said nothing, and simply bought less, are not in it.")
    return said


def sensitivity(*, repaired: float, cost: float, stake: float, later: float, code: str) -> str:
    """The playground in a sentence; money in major units."""
    factor = currency(code).factor
    first, next_ = repaired * stake - cost, repaired * stake - later
    return f"If {words.in_100(repaired)} of the loss comes back, the first year leaves {words.money(round(first * factor), code=code)}, each later one {words.money(round(next_ * factor), code=code)}."


def campaign(judged: campaigns.Judged | Withheld, *, code: str) -> list[str]:
    """What the campaigns caused, and what becomes of each way of asking."""
    if isinstance(judged, Withheld):
        return []
    table = judged.table
    base = table["came_anyway"].iloc[0]
    best = table.sort_values("caused", ascending=False).iloc[0]
    said = [f"Of 100 customers left alone {round(100 * base)} came. Of 100 asked by {words.plain(best['way'])} {round(100 * best['came'])} came: **{round(100 * best['caused'])} because of it** ({round(100 * best['caused_low'])} to {round(100 * best['caused_high'])})."]
    verdicts = {
        campaigns.REPEAT: "**Repeat:** {}, shown to work.",
        campaigns.STOP: "**Stop:** {}, which costs more than it brings, beyond chance.",
        campaigns.FIX: "**Fix, and try again by lot:** {}; nothing has been shown for it or against it.",
    }
    said += [verdicts[one].format(words.plain(words.listing(judged.of(one)))) for one in verdicts if judged.of(one)]
    if best["caused"] > 0:
        more, naive = campaigns.cost_of_one_more_minor(best), campaigns.naive_cost_minor(best)
        said.append(f"A customer who came *because of* the {words.plain(best['way'])} cost {words.money(round(more), code=code)}; counting all who came it would look like {words.money(round(naive), code=code)}.")
    return said


def canvas(cells: pd.DataFrame | Withheld) -> str:
    """How many of the ten cells have evidence."""
    if isinstance(cells, Withheld):
        return ""
    empty = [cell.partition(" (")[0] for cell in cells.loc[cells["says"] == canvases.MISSING, "cell"]]
    said = f"**{canvases.filled(cells)} of {len(cells)} cells have evidence.**"
    return said + (f" Without: {words.listing(empty)}." if empty else "")


def loop(steps: pd.DataFrame | Withheld) -> str:
    """Whether the loop closes."""
    if isinstance(steps, Withheld):
        return ""
    last = steps.iloc[-1]["number"]
    if last.startswith("no "):
        return "**The loop does not close:** nobody was left alone by lot, so nothing that is done today will teach anything for the next round."
    return f"**The loop closes:** {last}, so the next round can know what this one caused."


def swot(table: pd.DataFrame | Withheld) -> str:
    """What the four fields hold, and which have nothing."""
    if isinstance(table, Withheld):
        return ""
    counts = table["kind"].value_counts()
    none = [kind for kind in canvases.QUADRANTS if not counts.get(kind, 0)]
    said = f"{words.count(len(table), 'line')}, each with a number behind it."
    return said + (f" No report speaks of {words.listing(none)}: these fields are for your worksheet." if none else "")


def doable(plan: pd.DataFrame, faults: pd.DataFrame) -> str:
    """Whether the rows of the plan can be carried out."""
    wrong = faults["row"].nunique()
    if not len(plan):
        return "No move is expected to pay by what the reports know, so the plan has no row. That is a result, too."
    if not wrong:
        return f"Each of the {words.count(len(plan), 'row')} has a day, a department, a person, an action and a metric."
    return f"{words.count(wrong, 'row')} of {len(plan)} cannot be carried out as {'it stands' if wrong == 1 else 'they stand'}."


def roles(picked: list[Move], owners: dict[str, str]) -> str:
    """Where a row has a role and not a name."""
    if all(one.person in owners.values() for one in picked):
        return ""
    keys = "; ".join(f"{one.key}=..." for one in picked)
    return f"Where no person is named the row has a role. Name them: `--set owners=\"{keys}\"`."


def answer(*, evidence: Evidence, found: list[Gap] | Withheld, picked: list[Move], judged, code: str) -> list[str]:
    """The board's page: the largest gap, the moves, and what they rest on."""
    said = []
    if isinstance(found, Withheld):
        said.append("**No report names a gap in money.** What follows is what could be tried.")
    else:
        said += gaps(found, code=code)[:1]
    for number, one in enumerate(picked, start=1):
        said.append(f"**{number}. {_move(one, code=code)}**" + _effect(one, code=code))
    if not picked:
        said.append("**No move is expected to pay** by what the reports know. Collect first what the limits below name.")
    total = [one.cost_minor for one in picked]
    if picked and all(cost is not None for cost in total):
        said.append(f"Together they cost {words.money(sum(total), code=code)} in the first year; {words.day(max(one.looked_at for one in picked))} is the day on which the last of them is judged.")
    if not isinstance(judged, Withheld) and judged.of(campaigns.FIX):
        said.append(f"Not decided: {words.plain(words.listing(judged.of(campaigns.FIX)))}. Try again by lot, with more customers or another offer.")
    return said


def _move(one: Move, *, code: str) -> str:
    cost = "costs nothing" if one.cost_minor == 0 else f"costs {words.money(one.cost_minor, code=code)}" if one.cost_minor is not None else "cost not known"
    who = f", {words.count(one.customers, 'customer')}" if one.customers else ""
    return f"{words.plain(one.title)}{who}: {words.plain(one.person)}, from {words.day(one.begins)}, {cost}."


def _effect(one: Move, *, code: str) -> str:
    if one.net_minor is None:
        at_stake = f" {words.money(one.stake_minor, code=code)} of margin a year is at stake;" if one.stake_minor else ""
        return f"{at_stake} what it brings nobody knows. {one.test}"
    net = words.money(one.net_minor, code=code)
    if one.basis == MEASURED:
        if one.low_minor is not None and one.low_minor <= 0:
            return f" Expected to leave {net}, as measured by lot ({words.money(one.low_minor, code=code)} to {words.money(one.high_minor, code=code)}: a loss is not ruled out). {one.test}"
        return f" {'Saves' if one.kind == STOP else 'Leaves'} {net}, as measured by lot ({words.money(one.low_minor, code=code)} to {words.money(one.high_minor, code=code)}). {one.test}"
    if one.kind == REPAIR:
        named = f", and {len(one.reports)} reports ({words.listing(one.reports)}) name the place independently of each other" if len(one.reports) > 1 else ""
        return f" **Assumed:** {net} in the first year; {words.money(one.stake_minor, code=code)} of margin a year is at stake, it pays from {words.in_100(one.pays_from)} of that on{named}. {one.test}"
    return f" **Assumed:** {net} after its cost. {one.test}"


def limits(evidence: Evidence, picked: list[Move], *, repaired: float, response: float) -> list[str]:
    """What the plan takes for granted, and which reports were missing."""
    said = []
    if any(one.basis == ASSUMED for one in picked):
        said.append(
            f"Assumed, and measured by nobody: that a repair takes back {words.in_100(repaired)} of its loss, and that a list without a campaign behind it brings {words.in_100(response)} of what is at stake. "
            "Both are parameters of this page."
        )
    said.append("Amounts of different gaps are counted over different times and overlap; moves on the same customers bring less together than their sum.")
    if not evidence.has("00a"):
        said.append("Without the report on revenue (00a) the margin is an assumption, too.")
    wanted = (("where matters get stuck (01a, with contacts)", "01a", "break_at"), ("what a campaign caused (04, with a hold-out)", "04", "came_anyway"), ("which promise leaks (06, with a survey)", "06", "leaking_promise"))
    gone = [name for name, lesson, key in wanted if evidence.value(lesson, key) is None]
    if gone:
        said.append(f"The reports do not say: {words.listing(gone)}.")
    return said


def key_numbers(*, found: list[Gap] | Withheld, picked: list[Move], cells: pd.DataFrame, judged) -> list[dict[str, Any]]:
    """Key numbers for results.json."""
    rows: list[tuple[str, Any, str, str]] = []
    if not isinstance(found, Withheld):
        rows += [
            ("gap", found[0].key, "text", "The largest gap"),
            ("gap_minor", found[0].amount_minor, "money", found[0].name),
        ]
    rows.append(("moves", len(picked), "count", "Moves that the plan chooses"))
    for number, one in enumerate(picked, start=1):
        rows += [
            (f"move_{number}", one.key, "text", one.title),
            (f"move_{number}_cost_minor", one.cost_minor, "money", f"Cost in the first year: {one.title}"),
            (f"move_{number}_net_minor", one.net_minor, "money", f"Expected margin after cost: {one.title} ({one.basis})"),
            (f"move_{number}_looked_at", one.looked_at, "date", f"Day on which the effect is looked at: {one.title}"),
        ]
    rows.append(("cells_with_evidence", canvases.filled(cells), "count", "Cells of strategy, tactics and operation with evidence"))
    if not isinstance(judged, Withheld):
        rows += [(f"campaign_{name}", ", ".join(judged.of(name)), "text", f"Ways of asking to {name}") for name in (campaigns.REPEAT, campaigns.FIX, campaigns.STOP)]
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


def since(previous: Any, picked: list[Move]) -> str:
    """What has become of the plan of the last report."""
    if previous is None:
        return "No earlier report was given, so this page starts the series."
    before = [str(value) for number in range(1, 10) if (value := previous.number(f"move_{number}")) is not None]
    if not before:
        return "The last report had no plan."
    now = [one.key for one in picked]
    kept, new = [key for key in before if key in now], [key for key in now if key not in before]
    gone = [key for key in before if key not in now]
    parts = [f"{name}: {words.plain(words.listing(keys))}" for name, keys in (("still in the plan", kept), ("new", new), ("no longer", gone)) if keys]
    return f"Against the plan of {words.day(previous.as_of)}: {'; '.join(parts)}."


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def year(lived: pd.DataFrame, *, code: str) -> list[str]:
    """What decisions have left beyond doing nothing, over several futures: `name`, `decision`, `future`, `beyond_minor`."""
    mean = lived.groupby("decision", sort=False)["beyond_minor"].mean().sort_values(ascending=False)
    futures = lived["future"].nunique()
    best, worst = mean.index[0], mean.index[-1]
    said = [f"**{best}** left most: {words.money(round(mean.iloc[0]), code=code)} beyond doing nothing, on average over {words.count(futures, 'future')}. **{worst}** left least: {words.money(round(mean.iloc[-1]), code=code)}."]
    worse = [name for name, value in mean.items() if value < 0]
    if worse:
        each = "It pays" if len(worse) == 1 else "Each of them is popular, and pays"
        said.append(f"Worse than doing nothing: {words.listing(map(_lower, worse))}. {each} people for what they do anyway, or mends what did not keep them away.")
    sure = lived.groupby("decision")["beyond_minor"].agg(["min", "max"])
    luck = (sure["max"] - sure["min"]).max()
    said.append(f"The same decision differs by up to {words.money(luck, code=code)} from future to future. That is luck; the rest is the decision.")
    return said


def one_year(with_it: pd.DataFrame, without: pd.DataFrame, *, title: str, what: str, spent_minor: int, code: str) -> str:
    """One decision in a sentence."""
    beyond = int(with_it["profit_minor"].sum() - without["profit_minor"].sum())
    first = int(with_it["profit_minor"].iloc[0] - without["profit_minor"].iloc[0])
    return f"{title}: {what} Spent on lists and repairs: {words.money(spent_minor, code=code)}. First quarter {words.money(first, code=code)}, whole year {words.money(beyond, code=code)} beyond doing nothing."
