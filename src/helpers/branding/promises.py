"""Promise and trust: what customers believed, what they met, who had to keep it, and what the contacts say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.intervals import Estimate, difference_of_means, difference_of_shares, holm, paired_difference, wilson
from helpers.withheld import Withheld, passes_on_withheld

LEAST = 20
"""A promise that fewer people met is not judged."""
LARGE_GAP = -0.5
"""A gap smaller than half a grade is no leak, however sure it is."""
BROKEN_TO = 4
"""Whoever gives so much or less of 10 says that the promise was broken."""
GAIN = "Three questions on each promise would show it: how far did you believe it, how far was it kept, and who was there, we or a partner?"


@dataclass(frozen=True)
class Gaps:
    """Each promise as believed and as kept, in one wave.

    Attributes
    ----------
    table : DataFrame, one row a promise, the largest shortfall first
        `promise`, `people`, `believed`, `kept` (means), `gap` (kept less believed, each by the same person), `low`, `high` (95%),
        `p_corrected` (Holm); `own_people`, `partner_people`, `own_kept`, `partner_kept`, `own_less_partner` with `by_low`, `by_high`,
        `by_p_corrected` (missing where one of them has fewer than `LEAST`).
    wave : str
    thin : tuple of str
        Promises that too few people met.
    """

    table: pd.DataFrame
    wave: str
    thin: tuple[str, ...]

    @property
    def leaks(self) -> pd.DataFrame:
        """Promises that are believed and not kept, beyond chance and by half a grade or more."""
        rows = self.table
        return rows[(rows["gap"] <= LARGE_GAP) & (rows["p_corrected"] < 0.05)]

    @property
    def leak(self) -> pd.Series | None:
        """The promise with the largest leak, or None."""
        return self.leaks.iloc[0] if len(self.leaks) else None

    @property
    def by_partner(self) -> bool:
        """Whether the largest leak is at the partners, beyond chance."""
        row = self.leak
        return bool(row is not None and row["own_less_partner"] > 0 and row["by_p_corrected"] < 0.05)


def of_wave(rows: pd.DataFrame | None, sheets: pd.DataFrame | None, *, wave: str = "") -> tuple[pd.DataFrame, str] | Withheld:
    """The answers on promises in one wave; a person and promise counts once."""
    if rows is None or sheets is None or rows.empty:
        return Withheld("Promise and trust", "The data hold no answers on what was promised and what was kept.", GAIN)
    known = rows.merge(sheets[["answer_id", "wave"]], on="answer_id", validate="many_to_one")
    wave = wave or str(known["wave"].max())
    known = known[(known["wave"] == wave)].dropna(subset=["believed", "kept"]).drop_duplicates(["answer_id", "promise"])
    return known, wave


def gaps(rows: pd.DataFrame | None, sheets: pd.DataFrame | None, *, wave: str = "") -> Gaps | Withheld:
    """Kept less believed, for each promise, and own staff beside partners.

    Parameters
    ----------
    rows : DataFrame
        `brand_promises`.
    sheets : DataFrame
        `brand_survey`, for the waves.
    wave : str
        Empty: the last one.
    """
    found = of_wave(rows, sheets, wave=wave)
    if isinstance(found, Withheld):
        return found
    known, wave = found
    made, thin = [], []
    for promise, part in known.groupby("promise", sort=True):
        if len(part) < LEAST:
            thin.append(str(promise))
            continue
        gap, p = paired_difference(part["kept"].astype(float), part["believed"].astype(float))
        made.append(
            {"promise": promise, "people": len(part), "believed": part["believed"].mean(), "kept": part["kept"].mean(), "gap": gap.value,
             "low": gap.low, "high": gap.high, "p": p} | _by_owner(part)
        )  # fmt: skip
    if not made:
        return Withheld("Promise and trust", f"No promise was met by {LEAST} people or more in wave {wave}.", GAIN)
    table = pd.DataFrame(made)
    table["p_corrected"] = holm(table["p"])
    known_p = table["by_p"].notna()
    table["by_p_corrected"] = np.nan
    table.loc[known_p, "by_p_corrected"] = holm(table.loc[known_p, "by_p"])
    return Gaps(table.sort_values(["gap", "promise"], ignore_index=True), wave, tuple(thin))


def _by_owner(part: pd.DataFrame) -> dict[str, float]:
    """How far own staff and partners kept one promise, and the difference."""
    owner = part["owner"] if "owner" in part else pd.Series("", index=part.index)
    own, partner = (part.loc[owner == name, "kept"].astype(float) for name in ("own", "partner"))
    enough = min(len(own), len(partner)) >= LEAST
    gap = difference_of_means(own, partner) if enough else Estimate(np.nan, np.nan, np.nan)
    return {
        "own_people": len(own),
        "partner_people": len(partner),
        "own_kept": own.mean() if len(own) >= LEAST else np.nan,
        "partner_kept": partner.mean() if len(partner) >= LEAST else np.nan,
        "own_less_partner": gap.value,
        "by_low": gap.low,
        "by_high": gap.high,
        "by_p": _welch_p(own, partner) if enough else np.nan,
    }


def _welch_p(a: pd.Series, b: pd.Series) -> float:
    from scipy import stats

    if a.var() + b.var() == 0:
        return float(a.mean() == b.mean())
    return float(stats.ttest_ind(a, b, equal_var=False).pvalue)


@dataclass(frozen=True)
class OnFile:
    """Matters of one touchpoint in the contacts: settled within some hours of the first visit, by who came.

    Attributes
    ----------
    touchpoint : str
    hours : int
    table : DataFrame, one row an owner
        `owner`, `matters`, `settled`, `share`, `low`, `high`.
    difference : Estimate
        Own less partner.
    """

    touchpoint: str
    hours: int
    table: pd.DataFrame
    difference: Estimate


def on_file(contacts: pd.DataFrame | None, *, touchpoint: str, hours: int = 48, days: int = 365, as_of=None) -> OnFile | Withheld:
    """A service promise as the contacts know it: was the matter settled within so many hours of the first visit?

    Parameters
    ----------
    contacts : DataFrame
        As in the contract, with `owner` and `resolved`; with `case_id`, a second visit counts if it came in time.
    touchpoint : str
        In the word of the contacts.
    hours : int
        After the first visit.
    days : int
        First visits of so many days up to `as_of` count, and only where the hours are over.
    as_of : date
    """
    what = f"The promise in the contacts ({words_of(touchpoint)})"
    gain = "A contact log with who came (owner), whether the matter was settled (resolved), and the first contact of each matter (case_id) would show it."
    if contacts is None or not {"owner", "resolved"} <= set(contacts):
        return Withheld(what, "The data hold no contacts with who came and whether the matter was settled.", gain)
    rows = contacts[contacts["owner"].isin(["own", "partner"]) & contacts["resolved"].notna()].sort_values(["at", "contact_id"])
    case = rows["case_id"].where(rows["case_id"].notna() & rows["case_id"].ne(""), rows["contact_id"]) if "case_id" in rows else rows["contact_id"]
    rows = rows.assign(case=case)
    first = rows[(rows["touchpoint"] == touchpoint) & (rows["contact_id"] == rows["case"])]
    end = (pd.Timestamp(as_of) + pd.Timedelta(days=1)) if as_of is not None else rows["at"].max()
    first = first[(first["at"] > end - pd.Timedelta(days=days)) & (first["at"] <= end - pd.Timedelta(hours=hours))]
    done = rows[rows["resolved"].astype(bool)].groupby("case")["at"].min()
    # A matter that was never settled has no time; the comparison with it is False.
    in_time = pd.Series(done.reindex(first["case"]).to_numpy() - first["at"].to_numpy(), index=first.index) <= pd.Timedelta(hours=hours)
    table = []
    for owner in ("own", "partner"):
        part = in_time[first["owner"] == owner]
        share = wilson(int(part.sum()), len(part))
        table.append((owner, len(part), int(part.sum()), share.value, share.low, share.high))
    frame = pd.DataFrame(table, columns=["owner", "matters", "settled", "share", "low", "high"])
    if frame["matters"].min() < LEAST:
        return Withheld(what, f"The contacts know {frame['matters'].iloc[0]} matters of own staff and {frame['matters'].iloc[1]} of partners; {LEAST} of each are needed.", gain)
    own, partner = frame.iloc[0], frame.iloc[1]
    return OnFile(touchpoint, hours, frame, difference_of_shares(own["settled"], own["matters"], partner["settled"], partner["matters"]))


def words_of(name: str) -> str:
    """A name of the data as a reader says it."""
    return str(name).replace("_", " ")


TOUCHPOINT_OF = {"installed": "installation", "delivered": "delivery", "repaired": "repair", "money_back": "return_desk"}
"""The beginning of a promise's name, and the touchpoint of the contacts where it is kept."""


def touchpoint_of(promise: str) -> str:
    """The touchpoint where a promise is kept, or an empty text."""
    return next((place for start, place in TOUCHPOINT_OF.items() if str(promise).startswith(start)), "")


@dataclass(frozen=True)
class Cost:
    """What a broken promise goes with: trust and what is told, of those let down and of the others.

    Attributes
    ----------
    let_down, others : int
    trust : Estimate
        Mean trust of those let down less that of the others.
    told_bad : Estimate
        People told something bad, of those let down less the others.
    """

    let_down: int
    others: int
    trust: Estimate
    told_bad: Estimate


@passes_on_withheld
def cost_of_a_break(result: Gaps, rows: pd.DataFrame, sheets: pd.DataFrame) -> Cost | Withheld:
    """Trust of customers who say that a promise was broken (4 of 10 or less), beside that of the others in the same wave."""
    what = "What a broken promise goes with"
    if not {"trust", "told_bad"} <= set(sheets):
        return Withheld(what, "The sheets hold no trust and no word of mouth.", GAIN)
    people = sheets[(sheets["wave"] == result.wave)].dropna(subset=["trust", "told_bad"])
    broken = rows.loc[rows["kept"] <= BROKEN_TO, "answer_id"]
    down = people["answer_id"].isin(broken)
    if min(down.sum(), (~down).sum()) < LEAST:
        return Withheld(what, f"{int(down.sum())} people were let down and {int((~down).sum())} were not; {LEAST} of each are needed.", GAIN)
    trust, bad = (difference_of_means(people.loc[down, name].astype(float), people.loc[~down, name].astype(float)) for name in ("trust", "told_bad"))
    return Cost(int(down.sum()), int((~down).sum()), trust, bad)
