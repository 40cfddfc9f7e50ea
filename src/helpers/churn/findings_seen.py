"""Churn as it is seen, in sentences: every number in them comes from the data."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn import bucket as buckets
from helpers.churn import windows
from helpers.churn.bucket import Bucket, Choice
from helpers.churn.seen_figures import said
from helpers.churn.nodes import After, Ages
from helpers.churn.reasons import ALL, MORE, Reasons
from helpers.churn.survival import Lives, Segments, Stay
from helpers.churn.windows import Churn, Contracts, FalseChurn
from helpers.stats.intervals import Estimate
from helpers.withheld import SILENCE, Silence, Withheld, silent_when_withheld


def span(one: Estimate, *, factor: float = 100) -> str:
    """The interval of an estimate in words."""
    return f"{factor * one.low:.0f} to {factor * one.high:.0f}".replace("-", "−")


def set_aside(counts: Mapping[str, int], noun: str) -> str | Silence:
    """Rows that could not be used, with their reasons."""
    if not counts:
        return SILENCE
    parts = words.listing(f"{words.count(count, noun)} {reason}" for reason, count in counts.items())
    return f"Left out: {parts}. They are in no figure below; mend them at the source."


def contracts_read(result: Contracts | Withheld) -> str | Silence:
    """What the contract table holds that cannot be used."""
    return SILENCE if isinstance(result, Withheld) else set_aside(result.set_aside, "contract")


def exits_read(result: tuple[pd.DataFrame, Mapping[str, int]] | Withheld) -> str | Silence:
    """What the interviews hold that cannot be used."""
    return SILENCE if isinstance(result, Withheld) else set_aside(result[1], "interview")


# ---------------------------------------------------------------- which silence


@silent_when_withheld
def false_churn(result: FalseChurn) -> list[str]:
    """Which window, and what it costs."""
    row = result.at(result.used)
    says = []
    if result.chosen:
        says.append(
            f"**{result.used} days of silence mean gone here**: the shortest window tried that keeps to the limit. Of {words.count(int(row['called']), 'customer')} whom it called gone, "
            f"{int(row['came_back']):,} came back within {result.follow_days} days, {words.in_100(row['rate'])} ({100 * row['low']:.0f} to {100 * row['high']:.0f})."
        )
    else:
        says.append(
            f"**No window that we could try is wrong as seldom as you asked** ({words.in_100(result.limit)}). The page goes on with the longest, {result.used} days, where "
            f"{words.in_100(row['rate'])} came back. Its churn is too high by about that."
        )
    first = result.table.iloc[0]
    if first["window_days"] != result.used:
        says.append(
            f"After {first['window_days']:.0f} days {words.in_100(first['rate'])} would have been called gone and come back. A longer window is right more often and later: "
            f"it says so {result.used - int(first['window_days'])} days after the short one."
        )
    if result.follow_days < windows.YEAR:
        says.append(f"The data allow {result.follow_days} days of watching after the call. With a year of it more would have come back.")
    if result.too_long:
        says.append(f"Not judged, since the data are too short or the customers too few: {words.listing(f'{days:,}' for days in result.too_long)} days.")
    return says


@silent_when_withheld
def habits(table: pd.DataFrame, *, window_days: int) -> str:
    """Whom a window wrongs."""
    wronged = table[(table["p_corrected"] < 0.05) & (table["rate"] > table["others"])]
    if wronged.empty:
        text = f"After {window_days} days of silence the customers of no product line are called gone wrongly more often than the others, beyond chance."
    else:
        parts = words.listing(
            f"{words.plain(said(row.line))} ({100 * row.rate:.0f} of 100 came back, of the others {100 * row.others:.0f})" for row in wronged.itertuples()
        )
        text = f"**After {window_days} days of silence the rule wrongs those who usually buy {parts}.** They come back later than others: one window for all calls them gone too soon."
    seasonal = table[table["months"].map(len) > 0]
    for row in seasonal.itertuples():
        when = words.listing(calendar.month_name[month] for month in row.months)
        text += f" The line {words.plain(said(row.line))} sells more than the rest in {when}: of those who usually buy it, a silence out of season says little."
    return text


# ---------------------------------------------------------------- the rate


@silent_when_withheld
def churn(result: Churn, *, alarm: float, false: FalseChurn | Withheld | None = None) -> list[str]:
    """The rate, what it means a month, and against the alarm."""
    yearly = result.yearly
    there = "ran" if result.unit == "contract" else "were active"
    span_of = {365: "a year ago", 182: "half a year ago", 91: "a quarter ago"}.get(result.days, f"{result.days} days ago")
    says = [
        f"**Of {words.count(result.base, result.unit)} that {there} {span_of}, {result.lost:,} have left: {100 * result.rate.value:.0f} of 100** ({span(result.rate)})."
        if result.unit == "contract"
        else f"**Of {words.count(result.base, result.unit)} who {there} {span_of}, {result.lost:,} have been silent for {result.window_days} days or more: {100 * result.rate.value:.0f} of 100** ({span(result.rate)})."
    ]
    if result.days != windows.YEAR:
        says.append(f"The data carry no whole year. If every such period lost the same share, a year would lose {100 * yearly.value:.0f} of 100 ({span(yearly)}).")
    says.append(steady(yearly.value))
    says.append(_verdict(result, alarm=alarm, false=false))
    if not np.isnan(result.money_rate) and abs(result.money_rate - result.rate.value) >= 0.01:
        says.append(f"Counted by yearly price in place of contracts, {words.percent(result.money_rate)} left.")
    return says


def steady(yearly: float) -> str:
    """What a yearly rate is in a month and in the years to come."""
    if yearly >= 1:
        return "At that rate nobody is left after a year."
    if yearly <= 0:
        return "At that rate nobody ever leaves."
    month, naive = windows.monthly_from_yearly(yearly), yearly / 12
    return (
        f"Spread evenly, {100 * yearly:.0f} of 100 a year is {100 * month:.2f} of 100 a month (a twelfth would be {100 * naive:.2f}, which is not the same: each month takes its share "
        f"of those who are left). Half are gone after {windows.half_life(yearly):.1f} years; after five, {100 * windows.left_after(yearly, 5):.0f} of 100 are left."
    )


def _verdict(result: Churn, *, alarm: float, false: FalseChurn | Withheld | None) -> str:
    """Against the alarm, unless the definition behind the rate is itself wrong too often."""
    if result.unit == "customer" and isinstance(false, FalseChurn) and false.chosen is None:
        row = false.at(false.used)
        return (
            f"**It is not held against the alarm**: {words.in_100(row['rate'])} of those whom this silence calls gone came back, so the rate is an upper end, whatever its interval says."
        )
    return against_alarm(result.yearly, alarm=alarm)


def against_alarm(yearly: Estimate, *, alarm: float, amber: float = 0.9) -> str:
    """Whether the alarm rings."""
    bar = f"the alarm of {100 * alarm:.0f} of 100 a year"
    if yearly.low > alarm:
        return f"**That is above {bar}**, beyond what chance makes of it."
    if yearly.high < alarm * amber:
        return f"That is below {bar}."
    return f"**That is near {bar}**: with the interval it cannot be told which side it is on. Pay attention now."


@silent_when_withheld
def trend(result: Churn, same_age: Estimate | Withheld | None = None) -> str:
    """Whether the rate moves, and whether it still does at the same ages."""
    if result.change is None:
        return "There is no earlier period of the same length to compare with."
    change = result.change
    points = f"{abs(100 * change.value):.0f} of 100 ({span(change)})"
    if result.rises is None:
        text = f"Against the period before, the change is {'up' if change.value > 0 else 'down'} by {points}: chance alone makes such a difference."
    else:
        text = f"**Against the period before, the plain rate has {'risen' if result.rises else 'fallen'} by {points}**, beyond chance."
    if isinstance(same_age, Estimate):
        times = f"{same_age.value:.2f} times as many as the year before ({same_age.low:.2f} to {same_age.high:.2f})"
        if same_age.low > 1 or same_age.high < 1:
            text += f" At the same ages {times}: the change is real, not a matter of older or younger {result.unit}s."
        elif result.rises is not None:
            text += f" **But at the same ages {times}: no change beyond chance.** What moved is how many {result.unit}s stand at the age at which people leave, not how readily they leave."
        else:
            text += f" At the same ages {times}: no change beyond chance either."
    return text


@silent_when_withheld
def other(main: Churn, silent: Churn) -> str | Silence:
    """The rate by silence beside the rate by contract: two definitions, two numbers."""
    if main.unit != "contract":
        return SILENCE
    return (
        f"By another definition it is another number: of {words.count(silent.base, 'customer')} with an order in the {silent.window_days} days before, {words.in_100(silent.yearly.value)} fell silent for as long in a year. "
        "That counts everybody who ever bought, with a contract or not. Name the definition whenever you name the rate."
    )


# ---------------------------------------------------------------- how long


@silent_when_withheld
def lives_read(lives: Lives) -> str:
    """Who was watched from when."""
    began = f"{words.count(lives.early, lives.unit)} began before the records do and {'is' if lives.early == 1 else 'are'} known because they were still there then"
    text = f"{words.count(len(lives.table), 'life', 'lives')} of {lives.unit}s, {int(lives.table['left'].sum()):,} of them over."
    if lives.early:
        text += f" {began}; they count from the age at which we began to watch."
    over = lives.set_aside.get("over before watching began", 0)
    if over:
        text += f" {words.count(over, lives.unit)} was over by then and is left out." if over == 1 else f" {over:,} were over by then and are left out."
    return text


@silent_when_withheld
def stay(result: Stay) -> list[str]:
    """The curve in words."""
    says = []
    marks = [(month, result.stay(month)) for month in (11, 13, 25)]
    known = [f"{100 * one.value:.0f} of 100 are still there after {month} months ({span(one)})" for month, one in marks if not np.isnan(one.value)]
    if known:
        says.append("**" + known[0] + "**" + (", " + ", ".join(known[1:]) if known[1:] else "") + ".")
    half = result.half
    says.append(
        f"Half have left after {half.value:.0f} months." if not np.isnan(half.value) else "Fewer than half have left in the time that we can see, so how long half of them stay is not known."
    )
    at = next((month for month, one in marks[::-1] if not np.isnan(one.value)), None)
    if result.blind is not None and at is not None:
        wrong = result.blind.at(at).value
        says.append(
            f"Counted as if everybody had been watched from the start, it would be {100 * wrong:.0f} of 100 after {at} months: those who left before the records began are missing, so the rest look more faithful than they were. "
            f"Counted from those who left alone, {100 * result.left_only.get(at, np.nan):.0f}: those who stay are missing."
        )
    return says


@silent_when_withheld
def segments(result: Segments) -> str:
    """Which division tells who leaves sooner."""
    tried = words.listing(words.plain(name) for name in result.table["name"])
    if result.chosen is None:
        return (
            f"We tried {tried}. **None of them tells who leaves sooner, beyond chance**, once we allow for having looked in {words.count(len(result.table), 'place')}. "
            "That is a result: who they are does not say it. When they leave, and after what, may."
        )
    row = result.table.iloc[0]
    return (
        f"We tried {tried}. **By {words.plain(row['name'])} they differ beyond chance**: after {result.months:.0f} months {100 * row['low_share']:.0f} of 100 are left of {words.plain(row['low_group'])}, "
        f"{100 * row['high_share']:.0f} of {words.plain(row['high_group'])}. The groups differ; that the one makes people stay is not shown."
    )


# ---------------------------------------------------------------- when


@silent_when_withheld
def ages(result: Ages) -> str:
    """In which months leaving clusters."""
    if not result.peaks:
        return f"**No month of age stands out beyond chance.** In a usual month {100 * result.usual:.1f} of 100 leave."
    parts = []
    for month in result.peaks:
        row = result.at(month)
        parts.append(f"month {month} ({100 * row['rate']:.0f} of 100 who reach it leave then, {int(row['left']):,} in all; {100 * row['low']:.0f} to {100 * row['high']:.0f})")
    first = result.at(result.peaks[0])
    return (
        f"**Leaving clusters in {words.listing(parts)}.** In a usual month {100 * result.usual:.1f} of 100 leave: month {result.peaks[0]} is {first['rate'] / result.usual:.0f} times as many. "
        "That is a date in the calendar: something can be done before it."
    )


@silent_when_withheld
def after(result: After, *, unit: str = "contract") -> str:
    """What follows a complaint."""
    row = result.all
    text = f"{words.count(int(row['times']), 'complaint')} came while a {unit} ran. Within {result.days} days {int(row['left']):,} had left, {words.in_100(row['rate'])}; at other times and the same ages {row['expected']:.0f} would have."
    if not result.found:
        return f"{text} **After a complaint they do not leave more than at other times, beyond chance.**"
    text = f"**Leaving clusters in the {result.days} days after a complaint.** {text}"
    if result.worst:
        worst = result.kinds.set_index("kind").loc[result.worst]
        text += f" Worst is **{words.plain(said(result.worst))}**: after {int(worst['times']):,} such complaints {int(worst['left']):,} left, {words.in_100(worst['rate'])}."
    elif result.drives:
        text += f" No single cause is worse than the rest beyond chance; above the usual {'is' if len(result.drives) == 1 else 'are'} {words.listing(words.plain(said(kind)) for kind in result.drives)}."
    return text


@silent_when_withheld
def signs(result: After) -> str:
    """Which of the seven reasons leave a trace in contacts before somebody goes."""
    rows = result.kinds[result.kinds["kind"].isin(result.drives)]
    if rows.empty:
        return "None of the signs that contacts can show was followed by more leaving than usual, beyond chance."
    parts = words.listing(f"{ALL[row.kind][0].lower()} ({row.ratio:.1f} times the usual)" for row in rows.itertuples())
    return f"In the contacts, more leaving than usual followed on: {parts}. Signs overlap (a broken promise is often slow as well), so they are hints to look into, not shares that add up."


@silent_when_withheld
def by_order(table: pd.DataFrame, *, window_days: int) -> str:
    """After which order they go."""
    first, second, last = table.iloc[0], table.iloc[1], table.iloc[-1]
    text = f"After the first order {words.in_100(first['rate'])} fall silent for {window_days} days, after the second {words.in_100(second['rate'])}, after the {last['order']:.0f}th and later {words.in_100(last['rate'])}."
    if first["low"] > second["high"]:
        return f"**The first order is where most are lost.** {text} Part of it is sorting: who never meant to come again goes at once, and those who are left are the faithful ones."
    return text


# ---------------------------------------------------------------- why


@silent_when_withheld
def reasons(result: Reasons) -> list[str]:
    """What they said."""
    top = [row for row in result.table.itertuples() if row.code not in MORE]
    first = top[0]
    says = [
        (
            f"**Of the seven reasons the one named most is {first.reason.lower()} ({first.chinese})**: {first.asked:,} of {result.asked:,} who were asked, {words.in_100(first.share)} ({100 * first.low:.0f} to {100 * first.high:.0f}). "
            f"Next: {words.listing(f'{row.reason.lower()} ({100 * row.share:.0f})' for row in top[1:3])}. Its remedy: {first.remedy[0].lower()}{first.remedy[1:]}."
        )
    ]
    if first.low <= top[1].high:
        says[0] += " The intervals of the first two overlap: their order may be chance."
    if "value_minor" in result.table and result.dearest != result.first:
        says.append(f"By yearly price lost, {ALL[result.dearest][0].lower()} comes first.")
    kinds = result.kinds.set_index("kind")["share"]
    says.append(
        f"{100 * kinds['unwanted']:.0f} of 100 were **unwanted** (we would have liked to keep them), {100 * kinds['unavoidable']:.0f} **unavoidable**, {100 * kinds['wanted']:.0f} **wanted** by us. The first number is the one to manage."
    )
    if result.left:
        says.append(
            f"{result.asked:,} of {result.left:,} who left were asked, {words.in_100(min(result.asked / result.left, 1))}. Who answers may differ from who does not: those who are angry talk, those who are indifferent do not."
        )
    return says


@silent_when_withheld
def by_time(table: pd.DataFrame, *, month: int) -> str:
    """Whether those who leave at the peak say other things."""
    more = table[table["clear"] & (table["difference"] > 0)]
    if more.empty:
        return f"Those who leave in month {month} do not name other reasons than the rest, beyond chance."
    row = more.iloc[0]
    return f"**Those who leave in month {month} say {ALL[row['code']][0].lower()} more often** ({100 * row['then']:.0f} of 100, the others {100 * row['else_']:.0f}). What is to be repaired before that date is that."


# ---------------------------------------------------------------- what loyalty brings


@silent_when_withheld
def benefits(table: pd.DataFrame) -> str:
    """Which benefits of loyalty the data show."""
    yes = table[table["clear"] & table["good"]]["benefit"].tolist()
    no = table[table["clear"] & ~table["good"]]["benefit"].tolist()
    rest = table[~table["clear"]]["benefit"].tolist()
    low = lambda names: words.listing(f"*{name[0].lower()}{name[1:]}*" for name in names)
    text = f"Here the claim holds beyond chance for: {low(yes)}." if yes else "**No benefit holds beyond chance here.**"
    if no:
        text += f" The opposite holds for: {low(no)}."
    if rest:
        text += f" Not to be told from chance: {low(rest)}."
    return text + " The customers compared have all stayed, so this does not say that making somebody stay would make them so."


# ---------------------------------------------------------------- the bucket


@silent_when_withheld
def flow(result: Bucket) -> str:
    """The year of the bucket in words."""
    more = result.end - result.start
    there = "contracts running" if result.unit == "contract" else "active customers"
    back = f" and {result.back:,} back" if result.back else ""
    text = f"{result.start:,} {there} at the start, {result.won:,} won{back}, {result.lost:,} lost: {result.end:,} at the end, {abs(more):,} {'more' if more >= 0 else 'fewer'}."
    level = buckets.level(result.won + result.back, result.churn)
    if np.isfinite(level):
        text += f" If every year won as many and lost the same share ({100 * result.churn:.0f} of 100), the number would settle at **{level:,.0f}**."
    if result.won + result.back > 0:
        text += f" For every 100 that came in, {100 * result.lost / (result.won + result.back):.0f} ran out."
    return text


def level(gains: float, churn: float) -> str:
    """How full a bucket becomes."""
    return (
        f"With {gains:,.0f} won a year and {100 * churn:.0f} of 100 lost, the bucket settles at **{buckets.level(gains, churn):,.0f}**: there as many run out as come in. "
        f"At half the churn it would be {buckets.level(gains, churn / 2):,.0f}."
    )


def choice(result: Choice) -> str:
    """Picker or basket."""
    text = f"After {result.years} years one more **{result.better}** leaves {result.more:,.0f} customers more than the other."
    if not np.isnan(result.flips_at):
        above = "picker" if result.below == "basket" else "basket"
        text += f" The answer flips at a churn of about {100 * result.flips_at:.0f} of 100 a year: below it the {result.below} is better, above it the {above}."
        if result.below == "basket":
            text += " Where many leave each year, whom the basket keeps is soon lost for another reason."
    return text + " Both sizes are yours to set: what a basket truly keeps, only a test by lot can say."


# ---------------------------------------------------------------- the report


def answer(
    *, main: Churn | Withheld, same_age: Estimate | Withheld | None, alarm: float, ages: Ages | Withheld, after: After | Withheld, orders: pd.DataFrame | Withheld,
    why: Reasons | Withheld, segments: Segments | Withheld, false: FalseChurn | Withheld,
) -> list[str]:  # fmt: skip
    """The report's answer: how many, when, who, why."""
    if isinstance(main, Withheld):
        return [f"**These data cannot say how many leave.** {main.reason} {main.gain}".strip()]
    yearly = main.yearly
    by = "contract" if main.unit == "contract" else f"{main.window_days} days of silence"
    says = [f"**{100 * yearly.value:.0f} of 100 {main.unit}s leave in a year** (by {by}; {span(yearly)}). {_verdict(main, alarm=alarm, false=false)}"]
    if main.rises is not None:
        real = not isinstance(same_age, Estimate) or same_age.low > 1 or same_age.high < 1
        says[0] += f" The rate has {'risen' if main.rises else 'fallen'} since the year before" + ("." if real else ", but at the same ages nothing has changed beyond chance.")
    if isinstance(ages, Ages) and ages.peaks:
        says.append(f"**When:** in month {words.listing(str(month) for month in ages.peaks)}, where {100 * ages.at(ages.peaks[0])['rate']:.0f} of 100 leave.")
    if isinstance(after, After) and after.found:
        cause = f", most of all after *{words.plain(said(after.worst))}*" if after.worst else ""
        says.append(f"**And after a complaint:** {100 * after.all['rate']:.0f} of 100 have left {after.days} days later{cause}.")
    if isinstance(main, Churn) and main.unit == "customer" and isinstance(orders, pd.DataFrame):
        says.append(f"**When:** after the first order {100 * orders['rate'].iloc[0]:.0f} of 100 do not come back in time, after the second {100 * orders['rate'].iloc[1]:.0f}.")
    if isinstance(segments, Segments):
        row = segments.table.iloc[0]
        says.append(
            f"**Who:** by {words.plain(row['name'])} they differ; {words.plain(row['low_group'])} leaves soonest."
            if segments.chosen
            else "**Who:** no segment that we know tells it; the moment does, where there is one."
        )
    if isinstance(why, Reasons):
        first = next(row for row in why.table.itertuples() if row.code not in MORE)
        says.append(f"**Why:** of the seven reasons most name {first.reason.lower()} ({100 * first.share:.0f} of 100 asked); {100 * why.unwanted.value:.0f} of 100 who left we would have liked to keep.")
    if main.unit == "customer" and isinstance(false, FalseChurn) and false.chosen is not None:
        says.append(f"Without contracts leaving is a guess from silence: {words.in_100(false.at(false.used)['rate'])} of those called gone came back.")
    return says


def limits(company, *, false: FalseChurn | Withheld, contracts: Contracts | Withheld, why: Reasons | Withheld) -> list[str]:
    """What these data cannot tell."""
    says = []
    if isinstance(contracts, Withheld):
        says.append(f"Contracts are not in the data, so nobody is seen to leave; the page calls silence leaving. {contracts.gain}".strip())
    else:
        says.append("A contract that has ended is not a customer who has left: many go on buying. And a contract that runs may be paid by somebody who has long forgotten it.")
    if isinstance(false, FalseChurn) and false.chosen is None:
        says.append("The window of silence is wrong more often than you asked. Read the churn by silence as an upper end.")
    if company.contacts is None:
        says.append("Contacts are not in the data: whether people leave after a complaint, and after which, cannot be seen.")
    if isinstance(why, Withheld):
        says.append(f"Why they leave is not in the data. {why.gain}".strip())
    else:
        says.append("Reasons are what people say when they are asked afterwards. A polite reason (the price) often stands for an impolite one.")
    says.append("What follows something is not always caused by it. Who complains may have been on the way out already; only a test by lot shows what a repair would save.")
    return says


def since(main: Churn | Withheld, last: Any, *, as_of: date) -> str:
    """Against what the last report said, where it counted leaving in the same way; empty where there is nothing to compare.

    Parameters
    ----------
    main : Churn or Withheld
    last : PreviousReport or None
    as_of : date
        The report date of now.
    """
    if isinstance(main, Withheld) or last is None:
        return ""
    then = last.results["lessons"].get(last.lesson, {}).get("numbers", {}).get("churn_yearly", {})
    if then.get("label") != _yearly_label(main):
        return ""
    what = "contracts that leave in a year" if main.unit == "contract" else f"{main.unit}s who fall silent in a year"
    says = words.since(what, then=then.get("value"), now=main.yearly.value, on=last.as_of, shown=_tenth)
    shared = main.days - (as_of - last.as_of).days
    return f"{says} Both look back over {main.days} days, and {shared} of them are the same days." if says and shared > 0 else says


def _yearly_label(main: Churn) -> str:
    return f"Share of {main.unit}s that leaves in a year"


def _tenth(share: float) -> str:
    return words.percent(share, digits=1)


def key_numbers(
    *, main: Churn | Withheld, silent: Churn | Withheld, false: FalseChurn | Withheld, stayed: Stay | Withheld, ages: Ages | Withheld, after: After | Withheld,
    why: Reasons | Withheld, flow: Bucket | Withheld,
) -> list[dict]:  # fmt: skip
    """The key numbers for results.json: `key`, `value`, `unit`, `label`; what is withheld is missing."""
    rows = []
    if isinstance(main, Churn):
        rows.append(("churn_yearly", main.yearly.value, "share", _yearly_label(main)))
    if isinstance(silent, Churn) and silent is not main:
        rows.append(("churn_by_silence", silent.yearly.value, "share", "Share of customers who fall silent in a year"))
    if isinstance(false, FalseChurn):
        rows.append(("window_days", false.used, "number", "Days of silence that mean gone"))
        rows.append(("false_churn", float(false.at(false.used)["rate"]), "share", "Share of those called gone who came back"))
    if isinstance(stayed, Stay) and not np.isnan(stayed.stay(13).value):
        rows.append(("stay_13_months", stayed.stay(13).value, "share", f"Share of {stayed.unit}s still there after 13 months"))
    if isinstance(ages, Ages):
        rows.append(("peak_months", ", ".join(map(str, ages.peaks)), "text", "Months of age in which leaving clusters"))
    if isinstance(after, After):
        rows.append(("left_after_complaint", float(after.all["rate"]), "share", f"Share that left within {after.days} days of a complaint"))
        rows.append(("worst_complaint", after.worst or "", "text", "Cause of complaint after which most leave"))
    if isinstance(why, Reasons):
        rows.append(("first_reason", why.first, "text", "Reason named most by those who left"))
        rows.append(("unwanted", why.unwanted.value, "share", "Share of those asked whom we would have liked to keep"))
    if isinstance(flow, Bucket):
        rows += [("won", flow.won, "count", "Customers won in the last year"), ("lost", flow.lost, "count", "Customers lost in the last year")]
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]
