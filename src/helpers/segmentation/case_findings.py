"""What the cases of segmentation found, in sentences whose numbers come from the data."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import words
from helpers.segmentation.cases import FACTORS, IN_CAMPAIGN, MORE_HOMES, OUTSIDE, PAIRS, WIN_OVER, ErrorParts, gap, name_of
from helpers.segmentation.drill import DrillDown
from helpers.withheld import passes_on_withheld, silent_when_withheld

# ---------------------------------------------------------------- C11


def ways_of_asking(table: pd.DataFrame) -> list[str]:
    """What each way found, and whether its interval holds the truth."""
    truth = table["truth"].iloc[0]
    misses = table[(table["low"] > truth) | (table["high"] < truth)]
    first = f"The truth is {words.percent(truth, digits=1)}: we made this country, so we know it."
    if misses.empty:
        return [first, "On this night every interval holds it."]
    worst = misses.loc[(misses["rating"] - truth).abs().idxmax()]
    hold = "The interval of {} does not hold it." if len(misses) == 1 else "The intervals of {} do not hold it."
    return [
        first,
        f"{hold.format(_quoted(misses['way']))} *{worst['way'].capitalize()}* is furthest away, "
        f"{_points(worst['rating'] - truth)} too {_side(worst['rating'] - truth)}, with an interval of "
        f"{_points((worst['high'] - worst['low']) / 2)} up or down. An interval says how much the luck of the draw can "
        "move a number; it does not know who was never asked.",
    ]


def ways_to_spend(table: pd.DataFrame) -> str:
    """The two plans beside each other: error, spread, both together."""
    says = [
        f"*{plan.capitalize()}*: always {_points(abs(row['error']))} too {_side(row['error'])}, luck of "
        f"{_points(row['spread'])}, together a typical error of **{_points(row['typical_error'])}**."
        for plan, row in table.iterrows()
    ]
    return " ".join(says)


def plan_facts(table: pd.DataFrame) -> dict[str, str]:
    """What the options of the decision are filled with."""
    more, win = table.loc[MORE_HOMES], table.loc[WIN_OVER]
    return {
        "more": _points(more["typical_error"]),
        "win": _points(win["typical_error"]),
        "bias": _points(abs(more["error"])),
        "luck": _points(win["spread"]),
    }


def the_visits(refusers_watch: float) -> str:
    """What the field team found at the doors of those who refuse."""
    return f"Homes that refuse watched the show {words.percent(refusers_watch)} as often as others of their area and age."


def plans_at(table: pd.DataFrame, *, refusers_watch: float) -> str:
    """The sentence under the playground."""
    facts = plan_facts(table)
    better = "More homes win here" if _more_is_better(table) else "Winning over those who refuse is better here"
    return (
        f"Homes that refuse watch {words.percent(refusers_watch)} as often as others like them. {better}: "
        f"five times the homes leave a typical error of {facts['more']}, the homes that refuse {facts['win']}."
    )


def _more_is_better(table: pd.DataFrame) -> bool:
    return bool(table.loc[MORE_HOMES, "typical_error"] < table.loc[WIN_OVER, "typical_error"])


# ---------------------------------------------------------------- C10


def street_errors(table: pd.DataFrame, parts: ErrorParts) -> str:
    """What a larger survey of the street mends, and what it does not."""
    first, last = table.iloc[0], table.iloc[-1]
    return (
        f"With {words.number(int(first['size']))} sheets the luck of the draw is {_points(first['spread'])}, with "
        f"{words.number(int(last['size']))} only {_points(last['spread'])}. The rest stays: the survey is "
        f"{_points(abs(parts.said - parts.truth))} too {_side(parts.said - parts.truth)} however many sheets are filled in."
    )


def street_facts(parts: ErrorParts) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {"who": _points(abs(parts.who)), "what": _points(abs(parts.what))}


@silent_when_withheld
def claims_against_orders(table: pd.DataFrame) -> str:
    """On the company's own survey: which error is larger, way by way."""
    says = []
    for row in table.itertuples():
        larger = "who answers" if abs(row.who) > abs(row.what) else "what they answer"
        close = max(abs(row.who), abs(row.what)) < 0.05 * row.truth
        says.append(
            f"**{words.plain(row.mode).capitalize()}** ({words.count(row.sheets, 'sheet')} with a known customer): "
            f"{row.claimed:.1f} order days claimed, {row.truth:.1f} true of all customers; "
            + ("close on both counts." if close else f"the larger part of the error comes from {larger}.")
        )
    return " ".join(says)


# ---------------------------------------------------------------- C24


def three_systems(systems: Mapping[str, pd.DataFrame]) -> str:
    """What each system knows, and under which number."""
    said = []
    for name in ("profile", "bills", "trial"):
        own, *known = systems[name].columns
        said.append(f"*{name}* knows {words.listing(one.replace('_', ' ') for one in known)}, under `{own}`")
    return f"Three systems with three numbers: {'; '.join(said)}."


def alone_with(share: float) -> str:
    """How far sex, birth date and district go as a name."""
    return (
        f"{words.in_100(share)} customers are the only ones with their sex, birth date and district. Three harmless columns "
        "are as good as a name, which is why they could join the systems, and why they are personal data."
    )


def four_groups(groups: Mapping[str, pd.DataFrame]) -> str:
    """Which pair of behaviours separates best."""
    best = max(groups, key=lambda key: gap(groups[key]))
    low, high = groups[best].iloc[0], groups[best].iloc[-1]
    return (
        f"{_pair(best).capitalize()} separate best: of those with {high['group']}, {words.in_100(high['rate'])} accepted; of those "
        f"with {low['group']}, {words.in_100(low['rate'])}."
    )


def pair_facts(groups: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {key: _points(gap(table)) for key, table in groups.items()}


def _pair(key: str) -> str:
    names = {"sms": "SMS", "bill": "size of the bill", "months": "months with us"}
    return words.listing(names.get(name, name) for name in PAIRS[key])


# ---------------------------------------------------------------- C25

@passes_on_withheld
def weak_month(change: DrillDown, *, code: str) -> str:
    """How much came in, and how much before: the number that starts the case."""
    before, after = change.total_before_minor, change.total_after_minor
    share = f" ({words.percent(abs(after / before - 1), digits=1)})" if before > 0 else ""
    return (
        f"Net revenue of {change.after.label}: {words.money(after, code=code)}. Of {change.before.label}: "
        f"{words.money(before, code=code)}. That is {words.money(abs(after - before), code=code)}{share} "
        f"{'less' if after < before else 'more'}."
    )


@silent_when_withheld
def largest_part(parts: pd.DataFrame, *, dimension: str) -> str:
    """The largest part of the business, and nothing about how large it is."""
    part = parts.loc[parts["before"].idxmax(), "member"]
    if dimension == "activity" and part in (OUTSIDE, IN_CAMPAIGN):
        return f"Most of the money comes from orders {words.plain(part)}."
    return f"The largest part by {name_of(dimension)} is *{words.plain(part)}*."


@silent_when_withheld
def four_reports(table: pd.DataFrame, *, code: str) -> str:
    """Where the largest number stands, and where the clearest break."""
    largest = table.loc[table["change_minor"].idxmin()]
    clearest = table.iloc[0]
    return (
        f"The largest fall in money stands in the report by {name_of(largest['dimension'])}: "
        f"*{words.plain(largest['largest_fall'])}*, {words.money(int(largest['change_minor']), code=code)}. The clearest break "
        f"stands in the report by {name_of(clearest['dimension'])}: *{words.plain(clearest['clearest'])}* is "
        f"{abs(clearest['z']):.1f} standard errors {'below' if clearest['z'] < 0 else 'above'} what the rest of the company did."
    )


@silent_when_withheld
def report_facts(table: pd.DataFrame) -> dict[str, str]:
    """What the options of the decision are filled with."""
    facts = {name: "it cannot be opened on these data" for name in ("region", "line", "sales_behaviour", "activity")}
    facts |= {
        row.dimension: f"{row.clearest} stands out by {abs(row.z):.1f} standard errors" for row in table.itertuples()
    }
    return facts


@silent_when_withheld
def what_changed_inside(table: pd.DataFrame, *, code: str) -> str:
    """Which factor did most."""
    total = table["share_minor"].sum()
    main = table.loc[(table["share_minor"] * (1 if total > 0 else -1)).idxmax()]
    others = [
        f"{row.factor} {'+' if row.share_minor > 0 else ''}{words.money(round(row.share_minor), code=code)}"
        for row in table[table["key"] != main["key"]].itertuples()
    ]
    return (
        f"Sales there changed by {words.money(round(total), code=code)}. Most of it goes to {FACTORS[main['key']]}: "
        f"{words.money(round(main['share_minor']), code=code)} ({words.listing(others)})."
    )


# ---------------------------------------------------------------- words


def _points(fraction: float) -> str:
    """A difference of shares in points.

    >>> _points(0.0274), _points(0.01)
    ('2.7 points', '1.0 points')
    """
    return f"{100 * fraction:.1f} points"


def _side(difference: float) -> str:
    return "high" if difference > 0 else "low"


def _quoted(names) -> str:
    return words.listing(f"*{name}*" for name in names)
