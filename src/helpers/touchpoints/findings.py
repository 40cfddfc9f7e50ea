"""Touchpoints in sentences, written from the measures: Markdown, one finding each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.stats.intervals import wilson
from helpers.touchpoints.attribution import Journeys
from helpers.touchpoints.breaks import Cost
from helpers.touchpoints.complaints import Lying, Told, iceberg
from helpers.touchpoints.gaps import Drivers, three_way
from helpers.touchpoints.linking import RULES, Links
from helpers.touchpoints.places import BELONGS_TO, Kept, touchpoint_name
from helpers.touchpoints.running import Stuck
from helpers.withheld import Withheld, silent_when_withheld


def _points(value: float) -> str:
    """A gap with its sign, the minus proper."""
    return f"{'−' if value < 0 else '+'}{abs(value):.1f}"


def _named(table: pd.DataFrame) -> str:
    return words.listing(touchpoint_name(name) for name in table["touchpoint"])


def place(touchpoint: str, owner: str = "") -> str:
    """A place of the contact log as a sentence says it."""
    name = words.plain(str(touchpoint).replace("_", " "))
    return {"partner": f"{name} by a partner", "own": f"{name} by own people"}.get(str(owner), name)


def left_out(*kept: Kept | Withheld) -> str:
    """Rows that could not be used, with the reasons; empty when all could."""
    return " ".join(one.sentence for one in kept if isinstance(one, Kept) and one.sentence)


@silent_when_withheld
def observed(contacts: pd.DataFrame) -> str:
    """How many of the eleven the contact log sees."""
    codes = contacts["touchpoint"].dropna().unique()
    seen = {BELONGS_TO[name] for name in codes if name in BELONGS_TO}
    strange = sorted(str(name) for name in codes if name not in BELONGS_TO)
    text = f"**The contact log sees {len(seen)} of the eleven touchpoints**: {words.listing(sorted(touchpoint_name(name) for name in seen))}."
    if strange:
        text += f" {words.count(len(strange), 'word')} of the log {'is' if len(strange) == 1 else 'are'} none of the eleven: {words.plain(words.listing(strange[:5]))}."
    return text + " What customers meet elsewhere is seen only by asking them."


@silent_when_withheld
def gaps(found: pd.DataFrame) -> list[str]:
    """Where the company falls short, and by how much."""
    short = found[found["falls_short"]]
    if short.empty:
        return [
            f"**No touchpoint clearly falls short.** Of the {words.number(len(found))} that were rated often enough, the lowest is "
            f"{touchpoint_name(found['touchpoint'].iloc[0])} ({_points(found['gap'].iloc[0])} points), and that may be chance or is less than half a point."
        ]
    worst = short.iloc[0]
    said = [
        f"**At {touchpoint_name(worst['touchpoint'])} people expect {worst['expectation']:.1f} and meet {worst['perception']:.1f}**: a gap of "
        f"{_points(worst['gap'])} points ({_points(worst['low'])} to {_points(worst['high'])}). {words.in_100(worst['disappointed'])} are disappointed."
    ]
    rest = short.iloc[1:]
    if len(rest):
        said.append("Clearly short as well: " + words.listing(f"{touchpoint_name(row.touchpoint)} ({_points(row.gap)})" for row in rest.itertuples()) + ".")
    said.append(f"At the other {words.number(len(found) - len(short))} people meet about what they expect.")
    return said


@silent_when_withheld
def drivers(weighed: Drivers) -> list[str]:
    """What moves satisfaction on the whole, and what hardly does."""
    top = weighed.table.iloc[0]
    said = [
        f"**{touchpoint_name(top['touchpoint']).capitalize()} counts most**: of the differences in satisfaction on the whole that the touchpoints explain, "
        f"{words.percent(top['weight'])} go with it ({words.percent(top['low'])} to {words.percent(top['high'])}). "
        f"All {words.number(len(weighed.table))} together explain {words.percent(weighed.r2)} of the differences between people."
    ]
    little = weighed.table[weighed.table["counts_little"]]
    if len(little):
        said.append(f"Surely less than an equal share of {words.percent(weighed.equal_share)}: {_named(little)}.")
    if weighed.left_out or weighed.not_compared:
        text = f"Compared on the {words.count(weighed.sheets, 'sheet')} that rate all of them ({words.number(weighed.left_out)} do not)"
        text += f"; too few people know {words.listing(touchpoint_name(name) for name in weighed.not_compared)}." if weighed.not_compared else "."
        said.append(text)
    return said


@silent_when_withheld
def repairs(first: pd.DataFrame, placed: pd.DataFrame) -> list[str]:
    """Which touchpoints to repair first, and which can wait."""
    later = placed[placed["place"] == "later"]
    if first.empty and later.empty:
        return ["**No repair stands out**: no touchpoint clearly falls short of what people expect."]
    said = []
    if len(first):
        said.append(f"**Repair first: {_named(first)}.** It falls short, and it counts." if len(first) == 1 else f"**Repair first, in this order: {_named(first)}.** They fall short, and they count.")
    if len(later):
        said.append(f"{_named(later).capitalize()} {'scores' if len(later) == 1 else 'score'} low too, but surely {'counts' if len(later) == 1 else 'count'} less than the others: later.")
    if len(placed) > len(first) + len(later):
        said.append(f"The other {words.number(len(placed) - len(first) - len(later))} do not clearly fall short, so none of them asks for a repair.")
    return said


@silent_when_withheld
def breaks(found: Stuck, cost: Cost | None, *, code: str) -> list[str]:
    """Where matters are passed on or left, by the contact log, and the bill."""
    if cost is None:
        return ["**No place of the contact log stands out**: matters are settled where they began about as often everywhere."]
    said = [
        f"**The log shows the break at {place(cost.touchpoint, cost.owner)}.** {words.in_100(cost.share.value)} of its {words.count(cost.cases, 'case')} "
        f"were not settled there, against {words.in_100(cost.others)} elsewhere."
    ]
    if cost.later_cost_minor:
        said.append(
            f"The calls and visits that followed cost {words.money(cost.later_cost_minor, code=code)} in the window; about {words.money(cost.extra_minor, code=code)} "
            "of it would not have come if its cases had gone as elsewhere. Customers who said nothing and bought less are not in this sum."
        )
    return said


@silent_when_withheld
def indicators(table: pd.DataFrame) -> str:
    """What can be said of the six, and what is missing."""
    missing = table[table["value"].isna()]
    if missing.empty:
        return "**All six can be shown, and none of them replaces another.** They are not added up: a sum would hide which of them moved."
    shown = len(table) - len(missing)
    return (
        f"**{words.number(shown)} of the six can be shown.** Missing: "
        + "; ".join(f"{row.indicator} ({row.basis})" for row in missing.itertuples())
        + ". They are not added up: a sum would hide which of them moved."
    )


def shown_indicators(table: pd.DataFrame, *, code: str) -> pd.DataFrame:
    """The six as a table to be read."""

    def value(row) -> str:
        if pd.isna(row.value):
            return "not known"
        if row.unit == "money":
            return words.money(int(row.value), code=code)
        text = words.percent(row.value)
        return text if pd.isna(row.low) else f"{text} ({words.percent(row.low)} to {words.percent(row.high)})"

    return pd.DataFrame(
        {
            "indicator": [f"{row.indicator} ({row.chinese})" for row in table.itertuples()],
            "value": [value(row) for row in table.itertuples()],
            "of what": [row.basis for row in table.itertuples()],
            "its trap": [row.trap for row in table.itertuples()],
        }
    )


@silent_when_withheld
def tolerance(table: pd.DataFrame, *, rise: float) -> str:
    """Tolerance with a choice and without."""
    by = table.set_index("has_choice")
    with_choice, without = by.loc[True], by.loc[False]
    text = (
        f"Of those who know another shop, {words.in_100(with_choice['share'])} would bear a rise of {rise:g}%; of those who know none, "
        f"{words.in_100(without['share'])}."
    )
    if without["low"] > with_choice["high"]:
        return f"**A part of the tolerance is having no choice.** {text}"
    return f"{text} The difference may be chance."


@silent_when_withheld
def orders_by_satisfaction(table: pd.DataFrame) -> str:
    """Whether the satisfied ordered more."""
    first, last = table.iloc[0], table.iloc[-1]
    text = (
        f"Within 90 days of the answer {words.in_100(last['share'])} of those who answered {last['satisfaction']} ordered, and {words.in_100(first['share'])} of those "
        f"who answered {first['satisfaction']}."
    )
    if last["low"] > first["high"]:
        return f"**Here the satisfied order more.** {text} It does not say that one makes the other."
    if last["high"] < first["low"]:
        return f"**Here the satisfied order less.** {text} Need may speak louder than mood."
    return f"**Here satisfaction hardly shows in orders.** {text} The difference may be chance."


@silent_when_withheld
def told(found: Told) -> list[str]:
    """How far problems get, and who stays."""
    by = found.table.set_index("told")
    nobody = by.loc["nobody"]
    head = found.head_office
    said = [
        f"**Of 100 problems, head office hears of {round(100 * head.value)}** ({round(100 * head.low)} to {round(100 * head.high)}); "
        f"{words.in_100(nobody['share'])} are told to nobody. {words.number(found.problems)} of {words.count(found.asked, 'person', 'people')} asked had a problem."
    ]
    if not pd.isna(nobody["stays"]):
        said.append(
            f"**Silent is not gone**: of those who told nobody, {words.in_100(nobody['stays'])} mean to go on buying "
            f"({words.in_100(nobody['stays_low'])} to {words.in_100(nobody['stays_high'])})."
        )
    return said


@silent_when_withheld
def iceberg_here(rows: pd.DataFrame, found: Told) -> str:
    """The complaints that reached head office, put through the rate of the panel and through the folk rate."""
    if "reported_to" in rows and rows["reported_to"].notna().any():
        n, what = int((rows["reported_to"] == "head_office").sum()), "complaints that reached head office"
        rate = found.head_office
    else:
        n, what = len(rows), "complaints on file"
        heard = found.table.set_index("told").loc[["head_office", "front_line"], "n"].sum()
        rate = wilson(int(heard), found.problems)
    if not n or rate.low <= 0:
        return f"With {words.count(n, 'complaint')} and so low a rate the number of the unhappy cannot be told."
    return (
        f"{words.number(n)} {what} in a year, and {words.in_100(rate.value)} problems get that far: about **{words.number(iceberg(n, rate.value).unhappy)} customers with a "
        f"problem** ({words.number(iceberg(n, rate.high).unhappy)} to {words.number(iceberg(n, rate.low).unhappy)}). The folk rate of 5% would say {words.number(iceberg(n, 0.05).unhappy)}."
    )


@silent_when_withheld
def swing(*, complaints_counted: int, rate: float) -> str:
    """The sentence under the iceberg's playground."""
    found = iceberg(complaints_counted, rate)
    per = found.unhappy / complaints_counted if complaints_counted else 0
    return f"At {words.percent(rate)} each complaint stands for {per:.1f} unhappy customers: {words.number(found.unhappy)} in all. Whether the silent {words.number(found.silent)} stay or leave, the rate does not say."


@silent_when_withheld
def causes(table: pd.DataFrame) -> str:
    """The causes that make up most complaints."""
    many = int((table["running"].shift(fill_value=0) < 0.6).sum())
    names = words.listing(words.plain(str(name).replace("_", " ")) for name in table["cause"].head(many))
    text = f"**{names.capitalize()}: {words.percent(table['running'].iloc[many - 1])} of the {words.count(int(table['complaints'].sum()), 'complaint')}.**"
    if "unsettled" in table:
        text += f" {words.in_100(table['unsettled'].sum() / table['complaints'].sum())} were not settled at the first contact."
    return text


@silent_when_withheld
def lying(found: Lying) -> str:
    """How long complaints lie."""
    late = found.late / found.known if found.known else 0
    return (
        f"Half of the closed complaints took more than {found.median_days:.0f} days; {words.in_100(late)} lay longer than the {found.limit_days} days allowed. "
        f"{words.count(found.open, 'complaint')} {'is' if found.open == 1 else 'are'} open now."
    )


@silent_when_withheld
def linked(links: Links, large: pd.DataFrame, *, code: str) -> list[str]:
    """Numbers that belong together, and the large customers that they hide."""
    joined = links.joined
    if joined.empty:
        return ["No two customer numbers share a code, so each counts as one person."]
    said = [
        f"By {words.count(len(links.rules), 'rule')} ({'; '.join(RULES[rule] for rule in links.rules)}), {words.number(int(joined['numbers'].sum()))} customer numbers seem to belong to "
        f"{words.count(len(joined), 'person', 'people')}. Check some by hand before anybody is merged."
    ]
    if len(large):
        top = large.iloc[0]
        said.insert(
            0,
            f"**{words.count(len(large), 'large customer')} {'hides' if len(large) == 1 else 'hide'} behind several numbers.** The largest, {words.plain(top['numbers'])}, brought "
            f"{words.money(top['net_minor'], code=code)} in a year under {words.count(int(top['count']), 'number')}, none of which is large by itself "
            f"(the largest {words.money(top['largest_single_minor'], code=code)}; large begins at {words.money(top['cut_minor'], code=code)}).",
        )
    return said


@silent_when_withheld
def link_errors(rules: pd.DataFrame) -> str:
    """What each kind of error costs, for the rule that is right most often."""
    best = rules.iloc[rules["precision"].argmax()]
    most = rules.iloc[rules["recall"].argmax()]
    text = (
        f"**By *{best['rule']}*, {words.in_100(best['precision'])} pairs joined are one person** ({words.number(best['right'])} of {words.number(best['joined'])}), and "
        f"{words.in_100(best['recall'])} of the {words.number(best['true'])} true pairs are found."
    )
    if most["precision"] < best["precision"] - 0.05:
        text += f" By *{most['rule']}*, {words.in_100(most['recall'])} are found, but only {words.in_100(most['precision'])} pairs joined are right."
    return text


@silent_when_withheld
def completeness(table: pd.DataFrame) -> str:
    """What is known of the customers, and what of it is sensitive."""
    shown = table[table["share"] > 0]
    background, behaviour = (shown[shown["kind"] == kind] for kind in ("background", "behaviour"))
    text = f"We know {words.count(len(background), 'thing')} about who customers are, and {words.count(len(behaviour), 'thing')} about what they do."
    thin = shown[shown["share"] < 0.5]
    if len(thin):
        text += " Of fewer than half of the customers: " + words.listing(words.plain(name) for name in thin["column"]) + "."
    sensitive = shown[shown["sensitivity"] == "sensitive"]
    if len(sensitive):
        text += " Sensitive, so to be kept only for a stated reason: " + words.listing(words.plain(name) for name in sensitive["column"]) + "."
    return text


@silent_when_withheld
def attribution(table: pd.DataFrame, found: Journeys) -> list[str]:
    """Who gets the credit, and why that is no cause."""
    top = {way: touchpoint_name(table.loc[table[way].idxmax(), "touchpoint"]) for way in ("first", "last", "removal")}
    said = [
        f"Of {words.count(len(found.paths), 'journey')}, {words.number(int(found.ordered.sum()))} ended in an order. By the first touch most credit goes to {top['first']}, "
        f"by the last to {top['last']}, by the removal effect to **{top['removal']}**."
    ]
    if found.rejected:
        said.append("Left out: " + words.listing(f"{words.count(n, 'journey')} ({why})" for why, n in found.rejected.items()) + ".")
    return [*said, "None of these rules says what would happen without a touchpoint: those who met it may have wanted to buy anyway. That takes an experiment."]


@silent_when_withheld
def lever(kept: Kept, *, touchpoint: str, better: float, promise_less: float) -> str:
    """The sentence under the playground of both levers."""
    part = kept.table[kept.table["touchpoint"] == touchpoint]
    hoped, met = part["expectation"].astype(float), part["perception"].astype(float)
    now = three_way(hoped, met).eq("disappointed").mean()
    then = three_way((hoped - promise_less).clip(lower=1), (met + better).clip(upper=10)).eq("disappointed").mean()
    return (
        f"At {touchpoint_name(touchpoint)} {words.in_100(now)} are disappointed now; then it would be {words.in_100(then)}. Both levers move the gap. "
        "Only one of them gives the customer more, and who promises less may not be chosen at all."
    )


# ---------------------------------------------------------------- the report


def answer(*, found, weighed, first, stuck_at, cost, problems, to_do: int, code: str) -> list[str]:
    """The report's answer: where the experience breaks, what it costs, which repairs come first."""
    said = []
    if isinstance(first, pd.DataFrame) and isinstance(found, pd.DataFrame):
        if len(first):
            many = "Repair" if len(first) == 1 else "Repair in this order:"
            said.append(f"**{many} {_named(first)} first.** It is where people meet clearly less than they expect, and it counts for satisfaction on the whole." if len(first) == 1 else f"**{many} {_named(first)}.** There people meet clearly less than they expect, and it counts for satisfaction on the whole.")
        else:
            said.append("**No touchpoint both falls short and counts.** Nothing asks for a repair before the others.")
    elif isinstance(found, pd.DataFrame):
        said += gaps(found)[:1]
    if isinstance(stuck_at, Stuck):
        said += breaks(stuck_at, cost, code=code)
    if isinstance(problems, Told):
        said.append(told(problems)[0])
    if not said:
        said.append(
            "**Where the experience breaks cannot be said from these data.** An order file knows who came back, not what they met on the way. "
            "A log of contacts with enough cases would show where matters get stuck and what that costs; a survey of enough customers, drawn by lot, "
            "would show where we fall short."
        )
    if to_do:
        said.append(f"On Monday {words.count(to_do, 'customer')} with an open case {'waits' if to_do == 1 else 'wait'} for an answer (list `open_cases`).")
    return said


def limits(company: Company, *, weighed) -> list[str]:
    """What these data cannot tell."""
    said = ["Orders show what customers did, not what they felt. Who said nothing and bought less looks like somebody who needed less."]
    if company.contacts is not None:
        said.append("A contact log holds what was noted. Problems told to a partner, or to nobody, are not in it.")
    if isinstance(weighed, Drivers):
        said.append("Which touchpoints go with satisfaction is a description. Whether a repair raises it shows only when some get the repair first, drawn by lot.")
    return said


def key_numbers(*, found, weighed, cost, problems, links, table) -> list[dict[str, Any]]:
    """The key numbers for results.json; what is withheld is missing."""
    rows: list[tuple] = []
    if isinstance(found, pd.DataFrame):
        rows += [
            ("worst_gap", float(found["gap"].iloc[0]), "number", f"Largest gap: {found['touchpoint'].iloc[0]}"),
            ("worst_touchpoint", str(found["touchpoint"].iloc[0]), "text", "Touchpoint with the largest gap"),
        ]
    if isinstance(weighed, Drivers):
        rows.append(("heaviest_touchpoint", str(weighed.table["touchpoint"].iloc[0]), "text", "Touchpoint that counts most"))
    if isinstance(cost, Cost):
        rows += [
            ("break_at", f"{cost.touchpoint} ({cost.owner})", "text", "Where most matters are not settled"),
            ("break_cost_minor", cost.later_cost_minor, "money", "Cost of the calls and visits that followed"),
        ]
    if isinstance(problems, Told):
        rows.append(("reaches_head_office", problems.head_office.value, "share", "Share of problems that head office hears of"))
    if isinstance(links, Links):
        rows.append(("people_with_several_numbers", len(links.joined), "count", "People with several customer numbers"))
    rows += [
        (f"indicator_{row.indicator.replace(' ', '_')}" + ("_minor" if row.unit == "money" else ""), int(row.value) if row.unit == "money" else float(row.value), row.unit, row.indicator.capitalize())
        for row in table.itertuples()
        if not pd.isna(row.value)
    ]
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


def since(problems, previous_share: float | None) -> str:
    """What has changed in how far problems get, beside the last report."""
    if previous_share is None or not isinstance(problems, Told):
        return ""
    now = problems.head_office
    moved = "more" if now.low > previous_share else "fewer" if now.high < previous_share else "about as many"
    return f"Head office hears of {moved} of the problems than in the last report: {words.in_100(now.value)} now, {words.in_100(previous_share)} then." if moved != "about as many" else f"Head office hears of about as many of the problems as in the last report ({words.in_100(now.value)})."
