"""The exercises of lesson 07a: how many leave, how long they stay, when and why they go, and what the bucket says.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn import bucket, nodes, reasons, survival, windows
from helpers.churn.seen_figures import said
from helpers.data.company import Company
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld

TRIED = (180, 90, 60)
"""Days of silence that the first exercises ask about: the first that these data can judge."""
MONTH, RENEWAL = 6, 12
ALARM = 0.20
MORE_WON, FEWER_LOST, YEARS = 0.10, 0.03, 5


def inputs(company: Company, *, as_of: date, follow_days: int = 365, limit: float = 0.1, after_days: int = 30) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    follow_days : int
        How long customers are watched after they were called gone.
    limit : float
        Share of wrong calls that is accepted.
    after_days : int
        Days after a complaint.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "company": company,
        "as_of": as_of,
        "year_ago": pd.Timestamp(as_of) - pd.Timedelta(days=365),
        "tried": lambda days, follow: _tried(days, as_of=as_of, follow=follow),
        "month": MONTH,
        "renewal": RENEWAL,
        "after_days": after_days,
        "days": lambda: windows.order_days(company.orders, company.products, as_of=as_of),
        "follow": lambda days: windows.follow_for(days, as_of=as_of, follow_days=follow_days),
        "watched_from": lambda days: days["day"].min().date() if len(days) else as_of,
        "called": lambda days, follow, tried: plain_calls(days, as_of=as_of, follow=follow, tried=tried),
        "false": lambda days: windows.false_churn(days, as_of=as_of, follow_days=follow_days, limit=limit),
        "cleaned": lambda: windows.clean_contracts(company.contracts, as_of=as_of),
        "main": _main,
        "yearly": lambda main: main.yearly.value,
        "alarm_facts": _alarm_facts,
        "contracts": plain_contracts,
        "life_rows": lambda cleaned, watched_from: survival.contract_lives(cleaned, as_of=as_of, watched_from=watched_from),
        "stayed": lambda life_rows: survival.stay(life_rows),
        "lives": plain_lives,
        "by_age": lambda life_rows: nodes.by_age(life_rows),
        "ages": lambda by_age: by_age.table[["month", "at_risk", "left"]],
        "after": lambda life_rows, after_days: nodes.after(life_rows, nodes.complaints(company.contacts, as_of=as_of), days=after_days),
        "complaints": lambda after: after.kinds[["kind", "times", "left", "expected"]].round({"expected": 2}).reset_index(drop=True),
        "cluster_facts": _cluster_facts,
        "interviews": lambda days: reasons.clean_exits(company.exits, days, company.contracts, as_of=as_of),
        "exits": plain_exits,
        "named": _named,
        "benefit_facts": _benefit_facts,
        "bucket_facts": _bucket_facts,
    }


# ---------------------------------------------------------------- tables as an exercise shows them


def plain_calls(days: pd.DataFrame, *, as_of: date, follow: int, tried: int) -> pd.DataFrame:
    """Customers called gone after so many days: `customer_id`, `called_on`, `back_on` (missing: never seen again up to now)."""
    found = windows.calls(days, window_days=tried, as_of=as_of, follow_days=follow)
    following = days.assign(back=days.groupby("customer_id")["day"].shift(-1))
    back = found.merge(following, left_on=["customer_id", "last_on"], right_on=["customer_id", "day"])["back"]
    return pd.DataFrame({"customer_id": found["customer_id"], "called_on": found["called_on"], "back_on": back.to_numpy()})


def plain_contracts(cleaned: windows.Contracts) -> pd.DataFrame:
    """Contracts: `contract_id`, `started_on`, `ended_on` (missing: still running)."""
    return cleaned.rows[["contract_id", "started_on", "ended_on"]].reset_index(drop=True)


def plain_lives(life_rows: survival.Lives) -> pd.DataFrame:
    """Lives: `months` so far, `left` (True: it has ended), `watched_from` (age in months at which watching began)."""
    table = life_rows.table
    return pd.DataFrame({"months": table["months"].round(2), "left": table["left"], "watched_from": table["entry"].round(2)})


def plain_exits(interviews: tuple[pd.DataFrame, dict[str, int]]) -> pd.DataFrame:
    """Interviews: `exit_id`, `kind` (unwanted, unavoidable, wanted), `reason` (a code)."""
    return interviews[0][["exit_id", "kind", "reason"]].reset_index(drop=True)


# ---------------------------------------------------------------- how many


@exercise(
    "7a.1",
    minutes=2,
    kind="predict",
    within=5,
    hints=[
        "Think of yourself: is there a shop where you have bought nothing for that long, and where you will buy again?",
        "More than a tenth and fewer than half, in most shops of household goods.",
    ],
    covers=["S111"],
    means="Each of them would have been counted as lost, and perhaps been sent a coupon to come back, which they were going to do anyway.",
)
def called_and_back(called, follow):
    """Of 100 customers whom a silence of `tried` days would have called gone, how many came back in the time that we watched them?"""
    return 100 * float(((called["back_on"] - called["called_on"]).dt.days <= follow).mean())


@called_and_back.mistake("Nobody would mean that such a silence is always the end. Look at the bars below.")
def _():
    return 0


@called_and_back.mistake("That many did not come back. The question is how often the rule was wrong.")
def _(called, follow):
    return 100 - 100 * float(((called["back_on"] - called["called_on"]).dt.days <= follow).mean())


@exercise(
    "7a.2",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "The days from the call to the return: one column less another, then `.dt.days`.",
        "Who never came back has no day there; a comparison with a missing value is False, which is right.",
        '`(called["back_on"] - called["called_on"]).dt.days`',
    ],
    covers=["S112"],
    means="This is the false-churn rate. A definition of churn without it is an opinion.",
)
def false_churn_rate(called, follow):
    """Of those called gone after `tried` days, what share came back within the days that everybody was watched?"""
    days_away = (called["back_on"] - called["called_on"]).dt.days
    return float((days_away <= follow).mean())


@false_churn_rate.mistake(
    "You counted everybody who ever came back. Those called early had more time for it: count the same days for all."
)
def _(called):
    return float(called["back_on"].notna().mean())


@false_churn_rate.mistake("That is a share of those who came back. The question is about all who were called gone.")
def _(called, follow):
    back = called["back_on"].dropna()
    return float(((back - called.loc[back.index, "called_on"]).dt.days <= follow).mean())


@exercise(
    "7a.3",
    minutes=4,
    spreadsheet=True,
    digits=2,
    hints=[
        "Not all of a year's leavers were there a year ago today: begin with those who were running on `year_ago`.",
        "Running on `year_ago`: started on that day or before, and not ended by then. Of these, which share has an end today?",
        '`base = contracts[(contracts["started_on"] <= year_ago) & ~(contracts["ended_on"] <= year_ago)]`',
    ],
    covers=["S112"],
    means="A rate has a number below the line. Here it is those who could have left in the year, counted on its first day.",
)
def yearly_churn(contracts, year_ago):
    """Of the contracts that ran a year ago, what share has ended since?"""
    running = (contracts["started_on"] <= year_ago) & ~(contracts["ended_on"] <= year_ago)
    return float(contracts.loc[running, "ended_on"].notna().mean())


@yearly_churn.mistake("You divided by all contracts that ever began. Many of them had ended before the year, or began in it.")
def _(contracts, year_ago):
    return float((contracts["ended_on"] > year_ago).mean())


@yearly_churn.mistake("You counted all that ended in the year, those begun in it as well, over those running a year ago: that can exceed 1.")
def _(contracts, year_ago):
    running = (contracts["started_on"] <= year_ago) & ~(contracts["ended_on"] <= year_ago)
    return float((contracts["ended_on"] > year_ago).sum() / running.sum())


@yearly_churn.mistake("You divided by those who run today. Those who left in the year are not among them.")
def _(contracts, year_ago):
    running = (contracts["started_on"] <= year_ago) & ~(contracts["ended_on"] <= year_ago)
    return float(contracts.loc[running, "ended_on"].notna().sum() / contracts["ended_on"].isna().sum())


@exercise(
    "7a.4",
    minutes=3,
    spreadsheet=True,
    digits=2,
    hints=[
        "What is left after a year is what is left of each month, twelve times over.",
        "If a share m leaves each month, (1 - m) to the power of 12 are left. That must be 1 less the yearly share.",
        "In a spreadsheet: `=100*(1-(1-a)^(1/12))`, with the yearly share in the place of a.",
    ],
    covers=["S112"],
    means="A twelfth of the yearly rate is a little too small: the later months have fewer customers to lose.",
)
def a_month(yearly):
    """Of 100 customers, how many leave in a month, if each month loses the same share and the year loses `yearly`?"""
    return 100 * (1 - (1 - yearly) ** (1 / 12))


@a_month.mistake("That is a twelfth of the year. Then the last month would lose as many as the first, out of fewer.")
def _(yearly):
    return 100 * yearly / 12


@a_month.mistake("That is the share that is *left* after a month. Take it from 100.")
def _(yearly):
    return 100 * (1 - yearly) ** (1 / 12)


@exercise(
    "7a.5",
    minutes=2,
    kind="judge",
    covers=["S112"],
    options={
        "above": Option(
            "Yes: it is above the line",
            "Yes. {rate} of 100, with an interval of {low} to {high}: all of it lies above {alarm}.",
            "The interval goes from {low} to {high}, and the line is {alarm}. Not all of it is above.",
        ),
        "near": Option(
            "It is close: treat it as ringing, and look again next quarter",
            "Yes. {rate} of 100, {low} to {high}: with these numbers nobody can say on which side of {alarm} it is.",
            "The interval, {low} to {high}, leaves no doubt about which side of {alarm} it is on.",
        ),
        "below": Option(
            "No: it is well below the line",
            "Yes. {rate} of 100, {low} to {high}, clearly below {alarm}.",
            "{rate} of 100, {low} to {high}, is not clearly below {alarm}.",
        ),
    },
    means="The line is a convention. The better yardstick is your own year before, by the same definition.",
)
def alarm_rings(alarm_facts):
    """The source says: near 20 of 100 a year, pay attention. Does the alarm ring here?"""
    return alarm_facts["key"]


@alarm_rings.facts
def _(alarm_facts):
    return alarm_facts


# ---------------------------------------------------------------- how long


@exercise(
    "7a.6",
    minutes=2,
    kind="predict",
    within=4,
    hints=[
        "Contracts run for twelve months and renew by themselves. What happens in the month after the first term?",
        "Multiply: of 100, those who last the first eleven months, then those who go on at the first renewal.",
    ],
    covers=["S115"],
    means="A curve that falls in a step asks one question: what happens on that day?",
)
def there_after_13(stayed):
    """Of 100 contracts, how many are still there after 13 months?"""
    return 100 * stayed.stay(13).value


@there_after_13.mistake("So many have left by then. The question is how many are still there.")
def _(stayed):
    return 100 - 100 * stayed.stay(13).value


@there_after_13.mistake("So it is among those who have left. The ones who stay are missing.")
def _(stayed):
    return 100 * float(stayed.left_only.loc[13])


@exercise(
    "7a.7",
    minutes=3,
    kind="fill",
    spreadsheet=True,
    digits=0,
    hints=[
        "At risk at an age of 6 months: it has lasted so long, *and* we were watching by then.",
        "`watched_from` is the age at which watching began: 0 for most, more for those who began before the records.",
        '`ages_of["watched_from"] < month`',
    ],
    covers=["S115"],
    means="A contract of 2020 that is in the file says nothing about those of 2020 that are not. It counts from the age at which we saw it.",
)
def at_risk(lives, month):
    """How many contracts were at risk under our eyes at an age of 6 months?"""
    return int(((lives["months"] >= month) & (lives["watched_from"] < month)).sum())


@at_risk.mistake("You counted those who were older than that when we began to watch. Their early months nobody saw.")
def _(lives, month):
    return int((lives["months"] >= month).sum())


@at_risk.mistake("You left out everybody who began before the records. Those whom we saw from an age below 6 months do count.")
def _(lives, month):
    return int(((lives["months"] >= month) & (lives["watched_from"] == 0)).sum())


# ---------------------------------------------------------------- when


@exercise(
    "7a.8",
    minutes=3,
    spreadsheet=True,
    digits=1,
    hints=[
        "Take the row of month 12. Leavers above the line; below it, those who reached that month under our eyes.",
        'One row of the table: `row = ages[ages["month"] == 12].iloc[0]`.',
    ],
    covers=["S115"],
    means="It is a rate among those who are still there. That is why it can be high although most leavers left earlier, or low although many did.",
)
def leave_at_renewal(ages, renewal):
    """Of 100 contracts that reach month 12, how many end in it?"""
    row = ages[ages["month"] == renewal].iloc[0]
    return float(100 * row["left"] / row["at_risk"])


@leave_at_renewal.mistake("You divided by all who left. That is how the leavers are spread, and not how likely leaving is.")
def _(ages, renewal):
    return float(100 * ages.loc[ages["month"] == renewal, "left"].iloc[0] / ages["left"].sum())


@leave_at_renewal.mistake("You divided by all contracts that began. Most of them never came to month 12, or have not yet.")
def _(ages, renewal):
    return float(100 * ages.loc[ages["month"] == renewal, "left"].iloc[0] / ages["at_risk"].iloc[0])


@exercise(
    "7a.9",
    minutes=3,
    spreadsheet=True,
    digits=1,
    hints=[
        "`left` have gone within the days after a complaint; `expected` would have gone anyway, at the same ages.",
        "Add both columns up over all causes first, then take the difference, then of 100 complaints.",
        '`complaints[["times", "left", "expected"]].sum()`',
    ],
    covers=["S115"],
    means="So many of 100 complaints ended in a leaving that would not have come in those days. It is what follows; that the complaint caused it is likely, and not shown.",
)
def more_after_complaints(complaints):
    """Of 100 complaints, after how many did a contract end that would not have ended in those days anyway?"""
    total = complaints[["times", "left", "expected"]].sum()
    return float(100 * (total["left"] - total["expected"]) / total["times"])


@more_after_complaints.mistake("Some would have left in those days without a complaint: take off `expected`.")
def _(complaints):
    return float(100 * complaints["left"].sum() / complaints["times"].sum())


@more_after_complaints.mistake("That is the mean over the causes. A rare cause then weighs as much as a frequent one.")
def _(complaints):
    return float((100 * (complaints["left"] - complaints["expected"]) / complaints["times"]).mean())


@exercise(
    "7a.10",
    minutes=2,
    kind="judge",
    covers=["S115"],
    options={
        "both": Option("At a month of age, and after a complaint", "Yes. {age} {complaint}", "Not both. {age} {complaint}"),
        "age": Option("At a month of age alone", "Yes. {age} {complaint}", "{age} {complaint}"),
        "complaint": Option("After a complaint alone", "Yes. {complaint} {age}", "{complaint} {age}"),
        "nowhere": Option("Nowhere: it is spread evenly", "Yes. {age} {complaint} Then look at reasons, not at dates.", "{age} {complaint}"),
    },
    means="A moment in the calendar can be prepared for. A moment that we make ourselves can be avoided.",
)
def where_it_clusters(cluster_facts):
    """Where does leaving cluster?"""
    return cluster_facts["key"]


@where_it_clusters.facts
def _(cluster_facts):
    return cluster_facts


# ---------------------------------------------------------------- why


@exercise(
    "7a.11",
    minutes=3,
    spreadsheet=True,
    digits=1,
    hints=[
        "First take the unwanted leavings alone: `exits[exits[\"kind\"] == \"unwanted\"]`.",
        "Of these, which share gives the reason in `named`? The mean of True and False is a share.",
    ],
    covers=["S111", "S113"],
    means="Those who moved away are nobody's failure. The remedy is for the unwanted part, so its reasons are what we count.",
)
def of_the_unwanted(exits, named):
    """Of 100 unwanted leavings, how many give the reason in `named`?"""
    unwanted = exits[exits["kind"] == "unwanted"]
    return float(100 * (unwanted["reason"] == named).mean())


@of_the_unwanted.mistake("You divided by all interviews. Take the unwanted leavings alone, below the line as well.")
def _(exits, named):
    return float(100 * ((exits["kind"] == "unwanted") & (exits["reason"] == named)).mean())


@of_the_unwanted.mistake("It is the wrong way round: of those who give this reason, so many were unwanted.")
def _(exits, named):
    return float(100 * (exits.loc[exits["reason"] == named, "kind"] == "unwanted").mean())


# ---------------------------------------------------------------- what keeping is worth


@exercise(
    "7a.12",
    minutes=2,
    kind="judge",
    covers=["S109"],
    options={
        "spend": Option(
            "Those who have been here longest spend more in a year", "Yes. {spend} The other claims cannot be told from chance.", "{spend}"
        ),
        "serve": Option("They cost less to serve", "Yes. {serve}", "{serve}"),
        "friends": Option("They bring more friends", "Yes. {friends}", "{friends}"),
        "several": Option("Two or more of these", "Yes. {spend} {serve} {friends}", "{spend} {serve} {friends}"),
        "none": Option("None of these, beyond chance", "Yes. {spend} {serve} {friends}", "At least one does: {spend} {serve} {friends}"),
    },
    means="Each benefit of loyalty (忠诚的好处) is a claim that your own data can test. Some hold, some do not, and none is a law.",
)
def which_benefit(benefit_facts):
    """Which benefit of loyalty do these data show, when those here for two years or more are held against those here for one to two?"""
    return benefit_facts["key"]


@which_benefit.facts
def _(benefit_facts):
    return benefit_facts


@exercise(
    "7a.13",
    minutes=2,
    kind="judge",
    covers=["S109", "S112"],
    options={
        "basket": Option(
            "One more basket: three of 100 fewer leave each year",
            "Yes. At a churn of {churn} of 100, after five years the basket holds {more} {unit}s more. {flips}",
            "At a churn of {churn} of 100 the picker leaves {more} {unit}s more after five years. {flips}",
        ),
        "picker": Option(
            "One more picker: a tenth more customers are won each year",
            "Yes. At a churn of {churn} of 100, after five years the picker leaves {more} {unit}s more. {flips}",
            "At a churn of {churn} of 100 the basket holds {more} {unit}s more after five years. {flips}",
        ),
    },
    means="Neither engine is always the better one. It depends on how full the bucket is and how fast it leaks; and on whether the basket keeps what it promises.",
)
def picker_or_basket(bucket_facts):
    """The same money buys one more picker or one more basket. Which one leaves you with more after five years?"""
    return bucket_facts["key"]


@picker_or_basket.facts
def _(bucket_facts):
    return bucket_facts


# ---------------------------------------------------------------- what the exercises build on


def _tried(days, *, as_of, follow):
    for tried in TRIED:
        found = windows.calls(days, window_days=tried, as_of=as_of, follow_days=follow) if follow else days[:0]
        if len(found) >= windows.LEAST_CALLED:
            return tried
    return Withheld("Who was called gone", f"Fewer than {windows.LEAST_CALLED} customers were called gone early enough to be judged.")


def _main(company, days, false, watched_from, as_of):
    """The churn rate of the page: by contract where there are contracts, else by silence."""
    made = windows.contract_churn(windows.clean_contracts(company.contracts, as_of=as_of), as_of=as_of, watched_from=watched_from)
    if isinstance(made, windows.Churn):
        return made
    return windows.order_churn(days, as_of=as_of, window_days=false.used)


def _named(interviews):
    """Of the seven reasons the one named most."""
    table = reasons.said(interviews).table
    return str(table.loc[table["code"].isin(list(reasons.REASONS)), "code"].iloc[0])


def _alarm_facts(main):
    yearly = main.yearly
    key = "above" if yearly.low > ALARM else "below" if yearly.high < 0.9 * ALARM else "near"
    return {
        "key": key,
        "rate": f"{100 * yearly.value:.0f}",
        "low": f"{100 * yearly.low:.0f}",
        "high": f"{100 * yearly.high:.0f}",
        "alarm": f"{100 * ALARM:.0f}",
    }


def _cluster_facts(by_age, after):
    age, complaint = bool(by_age.peaks), after.found
    key = {(True, True): "both", (True, False): "age", (False, True): "complaint", (False, False): "nowhere"}[age, complaint]
    if age:
        row = by_age.at(by_age.peaks[0])
        of_age = f"In month {by_age.peaks[0]} {100 * row['rate']:.0f} of 100 leave, in a usual one {100 * by_age.usual:.1f}."
    else:
        of_age = f"No month stands out from the usual {100 * by_age.usual:.1f} of 100."
    usual = 100 * after.all["usual"]
    of_complaint = f"After a complaint {100 * after.all['rate']:.0f} of 100 leave within {after.days} days, at other times {usual:.0f}"
    of_complaint += f"; most after *{words.plain(said(after.worst))}*." if after.worst else "."
    return {"key": key, "age": of_age, "complaint": of_complaint}


def _benefit_facts(company, days, false, as_of):
    found = reasons.benefits(company, days, as_of=as_of, window_days=false.used)
    if isinstance(found, Withheld):
        return found
    names = {"They spend more": "spend", "They cost less to serve": "serve", "They bring friends": "friends"}
    table = found[found["benefit"].isin(names)]
    holds = [names[row.benefit] for row in table.itertuples() if row.clear and row.good]
    facts = {name: "The data cannot say." for name in names.values()}
    for row in table.itertuples():
        show = (lambda value: words.money(value, code=company.currency)) if row.unit == "money" else (lambda value: f"{value:.0f} of 100")
        verdict = "beyond chance" if row.clear else "which chance alone would give"
        claim = row.benefit[0] + row.benefit[1:]
        facts[names[row.benefit]] = f"*{claim}*: {show(row.old)} against {show(row.new)}, {verdict}."
    return facts | {"key": holds[0] if len(holds) == 1 else "several" if holds else "none"}


def _bucket_facts(company, days, false, watched_from, as_of):
    found = bucket.bucket_of_contracts(windows.clean_contracts(company.contracts, as_of=as_of), as_of=as_of, watched_from=watched_from)
    if isinstance(found, Withheld):
        found = bucket.bucket_of(days, as_of=as_of, window_days=false.used)
    if isinstance(found, Withheld):
        return found
    won = found.won + found.back
    choice = bucket.choose(found.end, won, found.churn, more_won=MORE_WON * won, fewer_lost=FEWER_LOST, years=YEARS)
    flips = "The answer is the same at every churn." if np.isnan(choice.flips_at) else f"The answer flips at about {100 * choice.flips_at:.0f} of 100."
    return {"key": choice.better, "churn": f"{100 * found.churn:.0f}", "more": f"{choice.more:,.0f}", "unit": found.unit, "flips": flips}
