"""Groups asked: what a survey says of customers, how far it can be trusted, and what it predicts.

A survey can be wrong in who answers and in what they answer. One question
whose true answer the order file knows, order days in the last year, takes the
two apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.data.ledger import ledger
from helpers.errors import DataError
from helpers.segmentation.behaviour import MIN_ORDER_DAYS, behaviour
from helpers.segmentation.groups import FEW_ORDERS, Groups, agreement, groups_of, number_of_groups, trials
from helpers.segmentation.ladder import Ladder, Rules, ladder
from helpers.stats.intervals import Estimate
from helpers.stats.sampling import survey_errors, weighted_mean, weights_to
from helpers.withheld import Withheld, passes_on_withheld

MIN_ANSWERS = 30  # of a mode, with a known customer
MIN_CLASSED = 100  # customers whose next quarter is looked at
YEAR_DAYS = 365
QUARTER_DAYS = 91
TOP_SHARE = 0.25

# The first order day of each band of order days in a year, and its name.
BANDS = {1: "1", 2: "2", 3: "3 or 4", 5: "5 to 7", 8: "8 or more"}
ASKED = ("motive", "income_band", "household", "age_band")
AGES = {0: "under 35", 35: "35 to 49", 50: "50 to 64", 65: "65 and over"}


# ---------------------------------------------------------------- the wave


@dataclass(frozen=True)
class Wave:
    """The answers of one survey wave, beside what the order file knows.

    Attributes
    ----------
    answers : DataFrame
        One row an answer: the survey's columns, `own` (order days of the
        customer in the 365 days up to `day`, missing where nobody knows who
        answered), `age_band`.
    base : Series of int, indexed by customer_id
        Order days of every customer who ordered in these 365 days: the
        population that the survey is about.
    day : date
        The last day of the wave.
    """

    answers: pd.DataFrame
    base: pd.Series
    day: date


def latest_wave(survey: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date) -> Wave | Withheld:
    """The newest wave of the survey, with the order days of those who are known.

    Parameters
    ----------
    survey : DataFrame or None
        The table `survey` of the contract.
    orders : DataFrame
        Order lines that count.
    as_of : date
        Answers after it do not count.

    Returns
    -------
    Wave, or Withheld without a survey
    """
    what = "What a survey says"
    gain = (
        "A survey would tell what customers want and plan. Ask a panel drawn by lot, note who answered, and ask one "
        "question whose answer the order file knows."
    )
    if survey is None or survey.empty:
        return Withheld(what, "There is no table `survey` in the data.", gain)
    answers = survey[survey["answered_on"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    if answers.empty:
        return Withheld(what, f"No answer of the survey was given up to {words.day(as_of)}.", gain)
    newest = answers["answered_on"].max()
    if "wave" in answers and answers.loc[answers["answered_on"] == newest, "wave"].notna().all():
        named = answers.loc[answers["answered_on"] == newest, "wave"].max()  # of two that end on one day, one
        answers = answers[answers["wave"] == named]
    day = newest.date()
    base = order_days_in_a_year(orders, as_of=day)
    answers = answers.sort_values("answer_id", ignore_index=True)
    ids = answers["customer_id"] if "customer_id" in answers else pd.Series(pd.NA, index=answers.index)
    known = ids.notna() & ids.astype("str").ne("")
    # Somebody known who did not order in the year has ordered on 0 days.
    own = ids.map(base).fillna(0).where(known).astype("float64")
    answers = answers.assign(own=own)
    if "birth_year" in answers:
        answers["age_band"] = _banded(day.year - answers["birth_year"].astype("float64"), AGES)
    if "weight" not in answers:
        answers["weight"] = 1.0
    answers["weight"] = answers["weight"].astype("float64").fillna(1.0)
    return Wave(answers, base, day)


def order_days_in_a_year(orders: pd.DataFrame, *, as_of: date) -> pd.Series:
    """Order days of every customer who ordered in the 365 days up to a day, by customer_id."""
    return ledger(orders, as_of=as_of, since=as_of - timedelta(days=YEAR_DAYS - 1)).set_index("customer_id")["order_days"]


# ---------------------------------------------------------------- who answers, and what they answer


@passes_on_withheld
def errors_by_mode(wave: Wave) -> pd.DataFrame | Withheld:
    """How far each way of asking is from the truth, and why.

    Returns
    -------
    DataFrame
        One row a mode, and one more where its weights differ: `mode`,
        `weighted`, `answers`, `known` (answers of known customers, which all
        means are about), `claimed` (mean order days as they say), `low`, `high`
        (its 95% interval), `own` (mean of what the same people ordered),
        `truth` (mean of all customers of the base), `selection_error` (own less
        truth: who answers), `answer_error` (claimed less own: what they
        answer), `error` (both together), `beyond_luck` (whether the error is
        more than the luck of the draw would make of any of the rows in 19 of
        20 surveys: Bonferroni). Or Withheld.
    """
    what = "Who answers, and what they answer"
    answers = wave.answers
    if "orders_claimed" not in answers or answers["orders_claimed"].notna().sum() == 0:
        return Withheld(
            what,
            "The survey has no answers to a question whose true answer the order file knows (`orders_claimed`).",
            "Ask how often somebody bought in the last year: it shows how far all other answers can be trusted.",
        )
    if len(wave.base) < MIN_ANSWERS:
        return Withheld(what, f"Only {words.count(len(wave.base), 'customer')} ordered in the year before the survey.")
    truth = float(wave.base.mean())
    usable = answers[answers["own"].notna() & answers["orders_claimed"].notna()]
    rows = []
    for mode, part in usable.groupby("mode", sort=False):
        if len(part) < MIN_ANSWERS:
            continue
        answered = int((answers["mode"] == mode).sum())
        for weighted in (False, True) if part["weight"].nunique() > 1 else (False,):
            weights = part["weight"] if weighted else pd.Series(1.0, index=part.index)
            claimed = weighted_mean(part["orders_claimed"].astype("float64"), weights)
            own = weighted_mean(part["own"], weights).mean
            rows.append(
                {
                    "mode": str(mode), "weighted": weighted, "answers": answered, "known": len(part),
                    "claimed": claimed.mean, "low": claimed.low, "high": claimed.high, "own": own, "truth": truth,
                    "selection_error": own - truth, "answer_error": claimed.mean - own, "error": claimed.mean - truth,
                }
            )  # fmt: skip
    if not rows:
        return Withheld(
            what,
            f"No way of asking has {MIN_ANSWERS} answers of known customers.",
            "Note the customer's number beside the answer, with consent, and the check is possible.",
        )
    table = pd.DataFrame(rows)
    # The more ways are looked at, the further one of them is off by luck alone.
    wider = special.ndtri(1 - 0.025 / len(table)) / special.ndtri(0.975)
    table["beyond_luck"] = table["error"].abs() > wider * (table["high"] - table["low"]) / 2
    order = table.groupby("mode")["error"].transform(lambda errors: errors.abs().min())
    return table.assign(order=order).sort_values(["order", "mode", "weighted"], ignore_index=True).drop(columns="order")


def order_bands(order_days: pd.Series) -> pd.Series:
    """Order days in a year as bands: 1, 2, 3 or 4, 5 to 7, 8 or more.

    >>> order_bands(pd.Series([1, 4, 12])).tolist()
    ['1', '3 or 4', '8 or more']
    """
    return _banded(order_days, BANDS)


@passes_on_withheld
def weighting_table(wave: Wave, *, mode: str = "panel") -> pd.DataFrame | Withheld:
    """Each band of order days: its share of the base, its share of the panel, and the weight between them.

    Parameters
    ----------
    mode : str, default "panel"

    Returns
    -------
    DataFrame
        `band`, `base` (customers), `panel` (answers), `base_share`,
        `panel_share`, `weight`; or Withheld when a band of customers has
        nobody in the panel who could stand for it.
    """
    members = panel_members(wave, mode=mode)
    if isinstance(members, Withheld):
        return members
    base = order_bands(wave.base).value_counts()
    panel = members["band"].value_counts()
    names = [name for name in BANDS.values() if name in base.index]
    if lacking := [name for name in names if name not in panel.index]:
        return Withheld(
            "Weights of the panel",
            f"Nobody in the {words.plain(mode)} stands for customers with {words.listing(lacking)} order days.",
            "Join such a band with the next one, or ask people from it.",
        )
    table = pd.DataFrame({"base": base.reindex(names), "panel": panel.reindex(names)})
    table["base_share"] = table["base"] / table["base"].sum()
    table["panel_share"] = table["panel"] / table["panel"].sum()
    table["weight"] = table["base_share"] / table["panel_share"]
    return table.rename_axis("band").reset_index()


@passes_on_withheld
def panel_members(wave: Wave, *, mode: str = "panel") -> pd.DataFrame | Withheld:
    """Answers of known customers of the base in one mode, with their `band` of order days and own `band_weight`."""
    answers = wave.answers
    members = answers[(answers["mode"] == mode) & (answers["own"] > 0)]
    if len(members) < MIN_ANSWERS:
        return Withheld(
            "Weights of the panel",
            f"The survey has {words.count(len(members), 'answer')} of known customers in the mode {words.plain(mode)}; "
            f"{MIN_ANSWERS} are needed.",
            "A panel drawn by lot from all customers can be weighed, because everybody's chance to be in it is known.",
        )
    members = members.assign(band=order_bands(members["own"]))
    shares = order_bands(wave.base).value_counts()
    if set(shares.index) != set(members["band"]):
        return members
    return members.assign(band_weight=weights_to(members["band"], shares))


# ---------------------------------------------------------------- more answers, or better ones


REACHES = {
    "drawn by lot": "everybody has the same chance to be asked, and everybody answers",
    "drawn by lot, some refuse": "everybody has the same chance to be asked, but those who buy often answer more readily",
    "in front of the shop": "whoever comes by: somebody who buys ten times is met ten times as easily",
    "asked by the staff": "the customers whom the staff know: those who buy often, twice over",
}
TRUTHS = {
    "as it was": 0.0,
    "rounded up": 0.3,  # chance that somebody who is no regular says yes
}
REGULAR_DAYS = 3


def reached(base: pd.Series, *, reach: str = "drawn by lot", answer: str = "as it was") -> pd.DataFrame:
    """Who can be reached and what they would say, for the question "Did you buy on three days or more last year?"

    Parameters
    ----------
    base : Series of int
        Order days of each customer in the last year.
    reach : str
        One of `REACHES`.
    answer : str
        One of `TRUTHS`.

    Returns
    -------
    DataFrame, as `stats.sampling.survey_errors` takes it

    Raises
    ------
    DataError
        If there is no such way to reach people or to answer.
    """
    if reach not in REACHES or answer not in TRUTHS:
        raise DataError(
            f"There is no way to ask {reach!r}, {answer!r}. Reach: {words.listing(REACHES)}; answers: {words.listing(TRUTHS)}."
        )
    days = base.to_numpy(dtype=float)
    chance = {
        "drawn by lot": np.ones(len(days)),
        "drawn by lot, some refuse": 0.35 + 0.07 * np.minimum(days, 8),
        "in front of the shop": np.minimum(days, 20) / 20,
        "asked by the staff": np.minimum(days, 20) ** 2 / 400,
    }[reach]
    truth = (days >= REGULAR_DAYS).astype(float)
    return pd.DataFrame({"truth": truth, "answers": chance, "says_yes": np.maximum(truth, TRUTHS[answer])})


SIZES = (25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800)


def errors_by_size(base: pd.Series, *, reach: str, answer: str = "as it was", runs: int = 400, seed: int = 1) -> pd.DataFrame:
    """Bias and spread of a survey for growing numbers of answers; see `stats.sampling.survey_errors`."""
    return survey_errors(reached(base, reach=reach, answer=answer), SIZES, runs=runs, seed=seed)


# ---------------------------------------------------------------- which classes predict


def classes_then(
    wave: Wave | Withheld, orders: pd.DataFrame, customers: pd.DataFrame | None, *, as_of: date, window_days: int = 730,
    min_order_days: int = MIN_ORDER_DAYS, most: int = 6, rules: Rules | None = None,
) -> pd.DataFrame | Withheld:  # fmt: skip
    """Groups and rungs as they could be found on the day of the survey, beside its answers; see `classed_both_ways`.

    Where no groups are found on that day, the rungs stand alone.
    """
    if not isinstance(wave, Wave):
        return Withheld(
            "Which classes predict the next quarter",
            "It takes the answers of a survey, and there are none.",
            "Without one, last year's money is the rule to beat.",
        )
    habits = behaviour(orders, as_of=wave.day, window_days=window_days, min_order_days=min_order_days)
    # Fewer draws than for the groups themselves: here they are only one of two ways to sort.
    number = number_of_groups(trials(habits, orders, most=most, draws=8, copies=2))
    stands = ladder(orders, customers, as_of=wave.day, rules=rules)
    return classed_both_ways(wave, groups_of(habits, number) or None, stands, orders, as_of=as_of)


@passes_on_withheld
def classed_both_ways(
    wave: Wave, groups: Groups | None, ladder: Ladder, orders: pd.DataFrame, *, as_of: date, mode: str = "panel",
    days: int = QUARTER_DAYS,
) -> pd.DataFrame | Withheld:  # fmt: skip
    """The same customers by what they say, by what they do, and what they spent in the quarter after.

    Parameters
    ----------
    wave : Wave
    groups : Groups or None
    ladder : Ladder
        Both from what was known on `wave.day`, and not a day later.
    orders : DataFrame
    as_of : date
        The end of the data.
    mode : str, default "panel"
        Whose answers; those of all modes where this one is not asked.
    days : int, default 91

    Returns
    -------
    DataFrame, one row a customer
        `customer_id`, what was asked (`motive`, `income_band`, `household`,
        `age_band`, as far as known; "unknown" where empty), `group`, `rung`,
        `year_minor` and `recency_days` at the survey, `next_minor` (net money in
        the `days` after); or Withheld.

    Raises
    ------
    DataError
        If groups or ladder know a day after the survey.
    """
    what = "Which classes predict the next quarter"
    for name, known in (("groups know", groups.behaviour.as_of if groups else wave.day), ("ladder knows", ladder.as_of)):
        if known > wave.day:
            raise DataError(
                f"The {name} {words.day(known)}, after the survey of {words.day(wave.day)}: they would know the "
                "answer. Work them out with as_of set to the day of the survey."
            )
    end = wave.day + timedelta(days=days)
    if end > as_of:
        return Withheld(
            what,
            f"The survey ended on {words.day(wave.day)}; the {days} days after it end on {words.day(end)}, after the data.",
            "Look again when the quarter is complete.",
        )
    asked = [name for name in ASKED if name in wave.answers and wave.answers[name].notna().any()]
    if not asked:
        return Withheld(what, f"The survey asks for none of {words.listing(ASKED)}.")
    answers = wave.answers[wave.answers["own"] > 0]
    if (answers["mode"] == mode).any():
        answers = answers[answers["mode"] == mode]
    answers = answers.drop_duplicates("customer_id")
    if len(answers) < MIN_CLASSED:
        return Withheld(
            what,
            f"{words.count(len(answers), 'customer')} of the survey can be followed in the order file; "
            f"{MIN_CLASSED} are needed.",
        )
    table = answers[["customer_id"]].reset_index(drop=True)
    for name in asked:
        table[name] = answers[name].astype("str").fillna("unknown").replace("", "unknown").to_numpy()
    group = table["customer_id"].map(groups.values) if groups else pd.Series(index=table.index, dtype="str")
    table["group"] = group.fillna(FEW_ORDERS).astype("str")
    table["rung"] = table["customer_id"].map(ladder.table.set_index("customer_id")["rung"]).astype("str")
    year = ledger(orders, as_of=wave.day, since=wave.day - timedelta(days=YEAR_DAYS - 1)).set_index("customer_id")
    table["year_minor"] = table["customer_id"].map(year["net_minor"]).fillna(0).astype("int64")
    last = table["customer_id"].map(year["last_order_on"])
    table["recency_days"] = (pd.Timestamp(wave.day) - last).dt.days
    after = orders[
        (orders["ordered_at"] >= pd.Timestamp(wave.day) + pd.Timedelta(days=1))
        & (orders["ordered_at"] < pd.Timestamp(end) + pd.Timedelta(days=1))
    ]
    spent = after.groupby("customer_id")["amount_minor"].sum()
    # Returns of earlier orders can leave less than nothing; nobody spends less than nothing.
    table["next_minor"] = table["customer_id"].map(spent).fillna(0).clip(lower=0).astype("int64")
    if not table["next_minor"].sum():
        return Withheld(what, "Nobody of the survey ordered in the quarter after it.")
    return table


def captured(score: pd.Series, spend: pd.Series, *, top_share: float = TOP_SHARE) -> float:
    """Of all money spent, the share that comes from those whom a score puts first.

    Parameters
    ----------
    score, spend : Series, with the same index
    top_share : float, default 0.25
        Who counts as first: this share of the customers. Where equal scores
        straddle the line, each of them counts in part.

    Returns
    -------
    float
        Drawing lots would give `top_share`.

    Examples
    --------
    >>> captured(pd.Series([4, 3, 2, 1]), pd.Series([50, 20, 20, 10]))
    0.5
    >>> captured(pd.Series([1, 1, 1, 1]), pd.Series([50, 20, 20, 10]))
    0.25
    """
    return float(_captured(score.to_numpy(dtype=float), spend.to_numpy(dtype=float), np.ones((1, len(score))), top_share)[0])


def class_scores(table: pd.DataFrame, by: Sequence[str], *, folds: int = 5, seed: int = 1) -> pd.Series:
    """What the other members of a customer's class spent in the year before, on average.

    A fifth of the customers at a time is scored by the other four fifths, so
    that nobody's own spending makes their score. Nothing after the survey is
    used. A class that nobody else is in gets the mean of all.
    """
    fold = np.random.default_rng(seed).permutation(len(table)) % folds
    order = table["customer_id"].argsort().to_numpy()
    fold_of = np.empty(len(table), dtype=int)
    fold_of[order] = fold
    keys = pd.Series(list(zip(*[table[name] for name in by], strict=True)), index=table.index)
    scores = pd.Series(np.nan, index=table.index)
    for number in range(folds):
        inside = fold_of == number
        others = table[~inside]
        means = others["year_minor"].groupby(keys[~inside]).mean()
        scores[inside] = keys[inside].map(means).fillna(others["year_minor"].mean())
    return scores


@passes_on_withheld
def best_scheme(comparison: Comparison) -> str:
    """By what to choose those who will spend: "asked" or "found", or "plain" unless one of them clearly beats it."""
    value = comparison.table.set_index("scheme")["captured"]
    beats = {
        "found": (comparison.found_less_plain, value[FOUND]),
        "asked": (comparison.asked_less_plain, value[comparison.asked]),
    }
    clear = {name: captured for name, (lead, captured) in beats.items() if lead.low > 0}
    return max(clear, key=clear.get, default="plain")


@dataclass(frozen=True)
class Comparison:
    """Which classes, or which plain rule, finds those who spend next.

    Attributes
    ----------
    table : DataFrame
        `scheme`, `kind` ("asked", "found" or "plain rule"), `classes`,
        `captured`, `low`, `high`: of the money spent in the quarter after, the
        share from the quarter of customers that the scheme puts first.
    found_less_asked : Estimate
        Classes found (group and rung) less the classes asked for (those chosen beforehand).
    found_less_plain, asked_less_plain : Estimate
        Classes found, or asked for, less last year's spending.
    agreement : float
        Adjusted Rand index of the classes asked and the groups found, of those in a group.
    asked : str
        The scheme that stands for the survey.
    customers : int
    """

    table: pd.DataFrame
    found_less_asked: Estimate
    found_less_plain: Estimate
    asked_less_plain: Estimate
    agreement: float
    asked: str
    customers: int


FOUND = "group and rung"
LAST_YEAR = "money of the last year"
LAST_ORDER = "days since the last order"


@passes_on_withheld
def compare_schemes(
    table: pd.DataFrame, *, asked: Sequence[str] = ("motive", "income_band"), draws: int = 400, seed: int = 1
) -> Comparison | Withheld:
    """Of 100 yuan spent next quarter, how many come from the quarter of customers that each scheme puts first?

    Parameters
    ----------
    table : DataFrame
        From `classed_both_ways`.
    asked : sequence of str
        The questions that together make the classes of the survey; those that
        were not asked are left out.
    draws : int, default 400
        For the intervals: customers are drawn again, scores stay.

    Returns
    -------
    Comparison, or Withheld when none of the questions was asked
    """
    chosen = tuple(name for name in asked if name in table)
    if not chosen:
        return Withheld("Which classes predict the next quarter", f"The survey asks for none of {words.listing(asked)}.")
    schemes: dict[str, tuple[str, pd.Series, int]] = {}
    for by in dict.fromkeys([chosen, *[(name,) for name in ASKED if name in table]]):
        schemes[_said(by)] = ("asked", class_scores(table, by, seed=seed), len(table[list(by)].drop_duplicates()))
    for by in (("group", "rung"), ("group",), ("rung",)):
        schemes[_said(by)] = ("found", class_scores(table, by, seed=seed), len(table[list(by)].drop_duplicates()))
    schemes[LAST_YEAR] = ("plain rule", table["year_minor"].astype(float), 0)
    schemes[LAST_ORDER] = ("plain rule", -table["recency_days"].astype(float), 0)

    spend = table["next_minor"].to_numpy(dtype=float)
    lot = np.random.default_rng(seed)
    n = len(table)
    counts = np.stack([np.bincount(lot.integers(0, n, n), minlength=n) for _ in range(draws)]).astype(float)
    drawn = {}
    rows = []
    for name, (kind, score, classes) in schemes.items():
        drawn[name] = _captured(score.to_numpy(), spend, counts, TOP_SHARE)
        low, high = np.nanquantile(drawn[name], [0.025, 0.975])
        rows.append(
            {
                "scheme": name, "kind": kind, "classes": classes, "captured": captured(score, table["next_minor"]),
                "low": float(low), "high": float(high),
            }
        )  # fmt: skip
    result = pd.DataFrame(rows)
    value = result.set_index("scheme")["captured"]

    def less(first: str, second: str) -> Estimate:
        low, high = np.nanquantile(drawn[first] - drawn[second], [0.025, 0.975])
        return Estimate(float(value[first] - value[second]), float(low), float(high))

    grouped = table[table["group"] != FEW_ORDERS]
    return Comparison(
        result,
        less(FOUND, _said(chosen)),
        less(FOUND, LAST_YEAR),
        less(_said(chosen), LAST_YEAR),
        agreement(_joined(grouped, chosen), grouped["group"]) if len(grouped) > 1 else float("nan"),
        _said(chosen),
        n,
    )


# ---------------------------------------------------------------- what answers cost


@passes_on_withheld
def source_costs(errors: pd.DataFrame, *, cost_minor: Mapping[str, int], log_cost_minor: int) -> pd.DataFrame:
    """Three sources on one question: what each costs, and how near it comes.

    Parameters
    ----------
    errors : DataFrame
        From `errors_by_mode`.
    cost_minor : mapping of mode to int
        Cost of one answer; a mode without one is left out.
    log_cost_minor : int
        Cost of reading the answer off the order file.

    Returns
    -------
    DataFrame
        `source`, `answers`, `cost_minor`, `bias`, `typical_error` (bias and
        luck of the draw together, in order days), `cost_per_precision_minor`
        (cost times squared typical error: less is better). The order file has
        no error on this question.
    """
    rows = [
        {
            "source": "order file", "answers": 0, "cost_minor": int(log_cost_minor), "bias": 0.0, "typical_error": 0.0,
            "cost_per_precision_minor": 0.0,
        }
    ]  # fmt: skip
    for row in errors.itertuples():
        if row.mode not in cost_minor:
            continue
        luck = (row.high - row.low) / 2 / 1.96
        squared = row.error**2 + luck**2
        cost = int(cost_minor[row.mode]) * row.answers
        rows.append(
            {
                "source": f"{row.mode}, weighted" if row.weighted else row.mode, "answers": row.answers,
                "cost_minor": cost, "bias": row.error, "typical_error": float(np.sqrt(squared)),
                "cost_per_precision_minor": cost * squared,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


# ---------------------------------------------------------------- below


def _banded(values: pd.Series, bands: Mapping[int, str]) -> pd.Series:
    """The name of the highest band that begins at or below each value; missing stays missing."""
    starts, names = np.array(list(bands)), np.array(list(bands.values()), dtype=object)
    numbers = values.astype("float64").to_numpy()
    place = np.searchsorted(starts, np.nan_to_num(numbers, nan=starts[0]), side="right") - 1
    named = np.where(np.isnan(numbers) | (place < 0), None, names[place.clip(min=0)])
    return pd.Series(named, index=values.index, dtype="str")


def _said(by: Sequence[str]) -> str:
    """A scheme in words: "motive and income band"."""
    return words.listing(name.replace("_", " ").replace("age band", "age") for name in by)


def _joined(table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    return pd.Series([" / ".join(row) for row in table[list(by)].itertuples(index=False)], index=table.index)


def _captured(score: np.ndarray, spend: np.ndarray, counts: np.ndarray, top_share: float) -> np.ndarray:
    """The captured share for each row of `counts`: how often each customer counts."""
    distinct, place = np.unique(-score, return_inverse=True)
    size = np.zeros((len(counts), len(distinct)))
    money = np.zeros_like(size)
    np.add.at(size.T, place, counts.T)
    np.add.at(money.T, place, (counts * spend).T)
    room = top_share * counts.sum(axis=1, keepdims=True)
    before = np.cumsum(size, axis=1) - size
    taken = np.clip(room - before, 0, size)
    share = np.divide(taken, size, out=np.zeros_like(size), where=size > 0)
    total = money.sum(axis=1)
    return np.divide((share * money).sum(axis=1), total, out=np.full(len(counts), np.nan), where=total > 0)
