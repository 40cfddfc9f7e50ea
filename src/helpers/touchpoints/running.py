"""How well touchpoints are run: by phase, by promise, and by who keeps a matter until it is settled.

A *case* (a matter) is what one contact began and later contacts carried on.
A *hand* is a touchpoint with whoever runs it: installation by a partner and
installation by the company are two hands, as they are for the customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import Estimate, difference_of_means, difference_of_shares, wilson
from helpers.withheld import Withheld

MIN_CASES = 30
"""Cases or contacts, below which a share of them is not shown."""
PHASES = ("before", "during", "after")
PROMISES = (5, 10, 15, 20, 30)
"""Minutes that a hotline may promise."""
UNHAPPY = 2
"""On the scale from 1 to 5, answers up to this one are unhappy."""
LEVEL = 0.95
_GAIN = (
    "With a table of contacts (when, where, whether settled, who ran it), this page would show where matters get stuck and who keeps them."
)


@dataclass(frozen=True)
class Cases:
    """The matters of a window.

    Attributes
    ----------
    table : DataFrame
        One row a case, by opening: `case_id`, `customer_id`, `opened`, `touchpoint` and `owner` (the first hand), `phase`,
        `complaint` (whether its first contact was one: then the trouble began elsewhere), `contacts`, `changes` (how often it went into another hand), `settled`, `kept` (settled without a change of hands),
        `later_cost_minor` (of the contacts after the first; missing where no cost is known).
    first, last : Timestamp
        First and last day on which they were opened.
    settle_days : int
        Days that each had to be settled.
    numbered : bool
        Whether the data say which contacts belong together; else they were put together by customer and days.
    left_out : int
        Contacts without a customer, or of which nobody noted whether they settled the matter.
    too_late : int
        Contacts of these cases after the days they had: they count for nothing here.
    """

    table: pd.DataFrame
    first: pd.Timestamp
    last: pd.Timestamp
    settle_days: int
    numbered: bool
    left_out: int
    too_late: int = 0

    @property
    def kept_share(self) -> float:
        """Of all cases, the share settled without a change of hands."""
        return float(self.table["kept"].mean())


def cases_of(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365, settle_days: int = 14) -> Cases | Withheld:
    """The cases that were opened in a window and had time to be settled.

    Parameters
    ----------
    contacts : DataFrame or None
        `contact_id`, `customer_id`, `at`, `touchpoint`, `resolved`; `owner`, `phase`, `case_id`, `cost_minor` where known.
    as_of : date
    window_days : int, default 365
        Days of the window; it ends `settle_days` before the report date.
    settle_days : int, default 14
        Days that a case may take; later contacts do not count. Where contacts carry no `case_id`, a contact within
        these days of one that settled nothing carries its matter on, and any other contact begins a new one.

    Returns
    -------
    Cases or Withheld

    Raises
    ------
    DataError
        If the days cannot be.
    """
    if window_days < 1 or settle_days < 1:
        raise DataError(f"A window of {window_days} days with {settle_days} to settle cannot be. Give 1 day or more for each.")
    what = "Who keeps a matter until it is settled"
    if contacts is None or not len(contacts):
        return Withheld(what, "The data have no table of contacts.", _GAIN)
    if missing := [name for name in ("touchpoint", "resolved") if name not in contacts or contacts[name].isna().all()]:
        return Withheld(what, f"The contacts have no column {missing[0]}.", _GAIN)
    last = pd.Timestamp(as_of) - pd.Timedelta(days=settle_days)
    first = last - pd.Timedelta(days=window_days - 1)
    seen = contacts[contacts["at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    known = seen["customer_id"].notna() & seen["resolved"].notna() & seen["touchpoint"].notna()
    left_out = int((~known & (seen["at"] >= first)).sum())
    chain = _chained(seen[known], settle_days)
    in_time = chain["at"] <= chain["opened"] + pd.Timedelta(days=settle_days)
    table = _one_row_a_case(chain[in_time])
    table = table[(table["opened"] >= first) & (table["opened"] < last + pd.Timedelta(days=1))].reset_index(drop=True)
    if len(table) < MIN_CASES:
        return Withheld(
            what,
            f"{words.count(len(table), 'case')} had time to be settled in the window, and {MIN_CASES} are the least for a share of them.",
            "A longer window (`window_days`) or more contacts would show it.",
        )
    too_late = int((~in_time & chain["case"].isin(table["case_id"])).sum())
    return Cases(table, first, last, settle_days, _is_numbered(seen), left_out, too_late)


def _is_numbered(contacts: pd.DataFrame) -> bool:
    return "case_id" in contacts and bool(contacts["case_id"].notna().any())


def _chained(contacts: pd.DataFrame, settle_days: int) -> pd.DataFrame:
    """The contacts in the order of each case, with `case`, `hand` and the time of the case's first contact."""
    chain = contacts.sort_values(["customer_id", "at", "contact_id"], kind="stable")
    resolved = chain["resolved"].astype(bool)
    same_customer = chain["customer_id"].eq(chain["customer_id"].shift())
    soon = chain["at"].diff() <= pd.Timedelta(days=settle_days)
    goes_on = same_customer & soon & ~resolved.shift(fill_value=True)
    begun = chain["contact_id"].where(~goes_on).ffill()
    case = begun
    if _is_numbered(chain):
        # A contact without a number of its own stands for itself.
        case = chain["case_id"].where(chain["case_id"].notna(), chain["contact_id"])
    owner = chain["owner"].fillna("unknown") if "owner" in chain else pd.Series("unknown", index=chain.index)
    chain = chain.assign(case=case, resolved=resolved, owner=owner, hand=chain["touchpoint"].astype("str") + "|" + owner.astype("str"))
    chain = chain.sort_values(["case", "at", "contact_id"], kind="stable")
    opened = chain.groupby("case")["at"].transform("first")
    return chain.assign(opened=opened)


def _one_row_a_case(chain: pd.DataFrame) -> pd.DataFrame:
    """Cases from their contacts in time."""
    is_first = ~chain["case"].duplicated()
    changed = ~is_first & chain["hand"].ne(chain["hand"].shift())
    has_cost = "cost_minor" in chain and chain["cost_minor"].notna().any()
    later = chain["cost_minor"].fillna(0).astype("int64").where(~is_first, 0) if has_cost else pd.Series(0, index=chain.index)
    phase = chain["phase"] if "phase" in chain else pd.Series(pd.NA, index=chain.index, dtype="str")
    cause = chain["cause"].fillna("") if "cause" in chain else pd.Series("", index=chain.index)
    grouped = chain.assign(changed=changed, later=later, phase=phase, complaint=cause.astype("str").ne("")).groupby("case", sort=False)
    table = grouped.agg(
        customer_id=("customer_id", "first"),
        opened=("opened", "first"),
        touchpoint=("touchpoint", "first"),
        owner=("owner", "first"),
        phase=("phase", "first"),
        complaint=("complaint", "first"),
        contacts=("contact_id", "size"),
        changes=("changed", "sum"),
        settled=("resolved", "last"),
        later_cost_minor=("later", "sum"),
    ).rename_axis("case_id").reset_index()  # fmt: skip
    table["kept"] = table["settled"] & (table["changes"] == 0)
    if not has_cost:
        table["later_cost_minor"] = pd.array([pd.NA] * len(table), dtype="Int64")
    return table.sort_values(["opened", "case_id"], ignore_index=True)


# ---------------------------------------------------------------- hand-overs


def by_opening(cases: Cases | Withheld) -> pd.DataFrame | Withheld:
    """What became of the cases, by the hand in which they began.

    Returns
    -------
    DataFrame
        `touchpoint`, `owner`, `complaint` (whether they began as one), `cases`, `kept`, `passed` (settled in another hand), `unsettled`, `kept_share`,
        `later_cost_minor`; most cases that were not kept first. Hands of fewer than `MIN_CASES` cases are left out.
    """
    if isinstance(cases, Withheld):
        return cases
    one = cases.table.assign(passed=cases.table["settled"] & ~cases.table["kept"], unsettled=~cases.table["settled"])
    table = one.groupby(["touchpoint", "owner", "complaint"], as_index=False).agg(
        cases=("case_id", "size"), kept=("kept", "sum"), passed=("passed", "sum"), unsettled=("unsettled", "sum"),
        later_cost_minor=("later_cost_minor", lambda costs: costs.sum(min_count=1)),
    )  # fmt: skip
    table = table[table["cases"] >= MIN_CASES]
    if not len(table):
        return Withheld("Where matters get stuck", f"No touchpoint began {MIN_CASES} cases.", "A longer window would show it.")
    table["kept_share"] = table["kept"] / table["cases"]
    order = (table["cases"] - table["kept"]).rename("lost")
    return (
        table.assign(lost=order)
        .sort_values(["lost", "touchpoint", "owner", "complaint"], ascending=[False, True, True, True], ignore_index=True)
        .drop(columns="lost")
    )


@dataclass(frozen=True)
class Stuck:
    """Where more cases were not kept than elsewhere.

    Attributes
    ----------
    table : DataFrame
        As `by_opening`, with `others` (the share not kept where other hands began), `excess` (cases not kept beyond that share)
        and `is_sure` (more than chance, all hands looked at); the largest excess first.
    """

    table: pd.DataFrame

    @property
    def worst(self) -> pd.Series | None:
        """The hand with the largest sure excess; None where no hand stands out."""
        sure = self.table[self.table["is_sure"]]
        return sure.iloc[0] if len(sure) else None


def stuck(cases: Cases | Withheld) -> Stuck | Withheld:
    """In which hand more matters get stuck than in the others.

    A hand with many cases has many that go wrong. So each is held against the share at all other hands, and what lies beyond
    is its excess. Matters that began as a complaint are left out: their trouble began somewhere else. It is sure where the interval of the difference, widened for having looked at all hands (Bonferroni), lies above 0.

    Parameters
    ----------
    cases : Cases
    """
    table = by_opening(cases)
    if isinstance(table, Withheld):
        return table
    table = table[~table["complaint"]]
    if len(table) < 2:
        return Withheld(
            "Where matters get stuck",
            f"Fewer than two touchpoints began {MIN_CASES} cases or more that were no complaints.",
            "With two, they could be compared.",
        )
    lost, size = table["cases"] - table["kept"], table["cases"]
    others = (lost.sum() - lost) / (size.sum() - size)
    level = 1 - (1 - LEVEL) / len(table)
    sure = [
        difference_of_shares(int(a), int(n), int(lost.sum() - a), int(size.sum() - n), level=level).low > 0
        for a, n in zip(lost, size, strict=True)
    ]
    table = table.assign(others=others, excess=lost - others * size, is_sure=sure)
    return Stuck(table.sort_values(["excess", "touchpoint", "owner"], ascending=[False, True, True], ignore_index=True))


def own_and_partner(cases: Cases | Withheld) -> pd.DataFrame | Withheld:
    """Where the company and a partner do the same work: the share of cases that each keeps.

    Returns
    -------
    DataFrame
        `touchpoint`, `own_cases`, `own`, `partner_cases`, `partner` (shares kept), `difference` (own less partner), `low`, `high`.
        It compares; it does not say why: partners may be given other work.
    """
    if isinstance(cases, Withheld):
        return cases
    what = "Own people and partners at the same touchpoint"
    rows = []
    for touchpoint, part in cases.table.groupby("touchpoint"):
        own, partner = (part.loc[part["owner"] == owner, "kept"] for owner in ("own", "partner"))
        if min(len(own), len(partner)) >= MIN_CASES:
            found = difference_of_shares(int(own.sum()), len(own), int(partner.sum()), len(partner))
            rows.append((touchpoint, len(own), own.mean(), len(partner), partner.mean(), found.value, found.low, found.high))
    if not rows:
        return Withheld(
            what,
            f"At no touchpoint have both the company and a partner begun {MIN_CASES} cases.",
            "With `owner` in the contacts (own or partner), outsourced work could be held against own work.",
        )
    columns = ["touchpoint", "own_cases", "own", "partner_cases", "partner", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(["difference", "touchpoint"], ascending=[False, True], ignore_index=True)


# ---------------------------------------------------------------- phases, promises, calls back


def _in_window(contacts: pd.DataFrame, as_of: date, window_days: int) -> pd.DataFrame:
    last = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    return contacts[(contacts["at"] < last) & (contacts["at"] >= last - pd.Timedelta(days=window_days))]


def phases(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365) -> pd.DataFrame | Withheld:
    """Contacts before, during and after the purchase: how many settled nothing, and how many left people unhappy.

    Parameters
    ----------
    contacts : DataFrame or None
        `at`, `phase`, `resolved`, `satisfaction`.
    as_of : date
    window_days : int, default 365

    Returns
    -------
    DataFrame
        One row a phase with `MIN_CASES` contacts: `phase`, `contacts`, `unsettled_share`, `answers`, `unhappy_share`, `low`, `high` (of
        the unhappy share, because only some answer; missing below `MIN_CASES` answers). Or Withheld.
    """
    what = "Service before, during and after the purchase"
    if contacts is None or "phase" not in contacts or "resolved" not in contacts or contacts["phase"].isna().all():
        return Withheld(what, "The data have no contacts with a phase and whether they settled the matter.", _GAIN)
    seen = _in_window(contacts, as_of, window_days)
    rows = []
    for phase in PHASES:
        part = seen[(seen["phase"] == phase) & seen["resolved"].notna()]
        if len(part) < MIN_CASES:
            continue
        answers = part["satisfaction"].dropna() if "satisfaction" in part else pd.Series(dtype="Int64")
        unhappy = wilson(int((answers <= UNHAPPY).sum()), len(answers)) if len(answers) >= MIN_CASES else Estimate(np.nan, np.nan, np.nan)
        rows.append((phase, len(part), 1 - part["resolved"].astype(bool).mean(), len(answers), unhappy.value, unhappy.low, unhappy.high))
    if len(rows) < 2:
        return Withheld(what, f"Fewer than two phases have {MIN_CASES} contacts in the window.", "A longer window would show it.")
    return pd.DataFrame(rows, columns=["phase", "contacts", "unsettled_share", "answers", "unhappy_share", "low", "high"])


def calls(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365, touchpoint: str = "hotline") -> pd.DataFrame | Withheld:
    """The calls of a hotline with their waits.

    Returns
    -------
    DataFrame
        `contact_id`, `at`, `wait_minutes`, by time; without those whose wait nobody noted. Or Withheld.
    """
    what = "What the hotline could promise"
    if contacts is None or "wait_minutes" not in contacts:
        return Withheld(
            what, "The data have no contacts with a waiting time.", "With `wait_minutes`, a promise could be tried before it is made."
        )
    seen = _in_window(contacts, as_of, window_days)
    seen = seen[(seen["touchpoint"] == touchpoint) & seen["wait_minutes"].notna()]
    if len(seen) < MIN_CASES:
        return Withheld(
            what,
            f"{words.count(len(seen), 'call')} at the touchpoint *{words.plain(touchpoint)}* with a waiting time, and {MIN_CASES} are the least.",
            "More calls would show it.",
        )
    return seen[["contact_id", "at", "wait_minutes"]].sort_values(["at", "contact_id"], ignore_index=True)


def promises(calls: pd.DataFrame | Withheld, *, minutes: tuple[int, ...] = PROMISES) -> pd.DataFrame | Withheld:
    """Of all calls, the share in which each promise would have been kept.

    Returns
    -------
    DataFrame
        `minutes`, `kept`, `calls`, `share`.
    """
    if isinstance(calls, Withheld):
        return calls
    kept = [int((calls["wait_minutes"] <= promise).sum()) for promise in minutes]
    table = pd.DataFrame({"minutes": list(minutes), "kept": kept, "calls": len(calls)})
    return table.assign(share=table["kept"] / table["calls"])


def shortest_promise(table: pd.DataFrame | Withheld, *, share: float = 0.9) -> int | None | Withheld:
    """The fewest minutes that would have been kept for this share of the calls; None where no promise would."""
    if isinstance(table, Withheld):
        return table
    enough = table[table["share"] >= share]
    return int(enough["minutes"].min()) if len(enough) else None


@dataclass(frozen=True)
class CallBacks:
    """Matters that somebody rang back about on the next day, beside the others.

    Attributes
    ----------
    called, others : int
        Answers in each group.
    mean_called, mean_others : float
        Satisfaction from 1 to 5.
    difference : Estimate
    """

    called: int
    others: int
    mean_called: float
    mean_others: float
    difference: Estimate


def call_backs(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365, touchpoint: str = "hotline") -> CallBacks | Withheld:
    """Whether people who were rung back the next day are better content than those who were not.

    It is an effect only where those who were rung back were drawn by lot.

    Parameters
    ----------
    contacts : DataFrame or None
        `at`, `touchpoint`, `called_back`, `satisfaction`.
    as_of, window_days, touchpoint
    """
    what = "The call on the next day"
    gain = "With `called_back` in the contacts, and whom to ring back drawn by lot, its effect could be measured."
    if contacts is None or any(name not in contacts or contacts[name].isna().all() for name in ("called_back", "satisfaction")):
        return Withheld(what, "The data do not say who was rung back on the next day.", gain)
    seen = _in_window(contacts, as_of, window_days)
    seen = seen[(seen["touchpoint"] == touchpoint) & seen["called_back"].notna() & seen["satisfaction"].notna()]
    grades, rung = seen["satisfaction"].astype(float), seen["called_back"].astype(bool)
    a, b = grades[rung], grades[~rung]
    if min(len(a), len(b)) < MIN_CASES:
        return Withheld(what, f"{len(a)} and {len(b)} answers, and {MIN_CASES} in each group are the least.", gain)
    return CallBacks(len(a), len(b), a.mean(), b.mean(), difference_of_means(a, b))
