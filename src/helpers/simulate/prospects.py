"""People who are not customers yet: who they are, who visits them, how the talks end.

Everybody sells equally well. What decides is the prospect: need, choice of a model, money,
interest, and where the prospect comes from. With the story `best_leads` one seller is handed
the best of them; with `leak` one column of the sheet is filled in when the order is placed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import households as region
from helpers.simulate import people, text
from helpers.simulate import stories as planted
from helpers.simulate.dice import pick, settled

FIRST_DAY = shop.day_number("2024-06-13")
PER_WEEK_AT_6000 = 26
ATTEMPTS = 5
WITHIN_DAYS = 120
"""After the first visit all attempts are over, and their orders placed."""
WAITS_UP_TO = 14
"""Days from the decision to the order, which is the day on which the customer card begins."""
SELLERS = tuple(f"V{number}" for number in range(1, 7))
TIERS = ("soon_to_be", "refusing", "unexplored")
ROUTES = ("outbound", "inbound")
INTEREST = ("low", "ordinary", "high")
FOLLOW_UP = ("very_hopeful", "hopeful", "ordinary", "no_intention")
LEAKS = {"deposit_paid": "deposit_on", "home_measured": "measured_on"}
"""Columns that the story `leak` may fill in late, with the column of the day."""
DOUBTS = ("identity", "topic", "relevance", "credibility", "choice", "timing")
CHANNELS = ("home", "shop", "phone", "online")

INBOUND = 0.52
# By route: outbound, inbound.
_TIER = np.array([[0.20, 0.35, 0.45], [0.42, 0.16, 0.42]])
_NEED = np.array([0.38, 0.62])
_FOCUSED = np.array([0.24, 0.44])  # of those with a need
_BUDGET = np.array([0.52, 0.60])
_INTEREST = np.array([[0.35, 0.47, 0.18], [0.15, 0.49, 0.36]])
_COST_FEN = np.array([9000, 2500])
_REFUSES = np.array([0.08, 0.32, 0.10])  # by tier
# The log odds of an order at the first attempt.
_BASE = -4.1
_WEIGHTS = {"need": 0.9, "focused": 1.1, "budget": 0.9, "early": 0.9}
_INTEREST_WEIGHT = np.array([0.0, 0.5, 1.1])
_TIER_WEIGHT = np.array([0.5, -0.7, 0.0])
_LATER = 0.55
"""From the second attempt on: what was asked has been answered."""
_REFUSED = -2.2
_GOES_ON = np.array([0.92, 0.80, 0.52, 0.12])
"""Chance of one more attempt, by follow-up class."""
_EARLY = 0.30
"""Share with an early deposit, and with a home measured early, where the column does not leak."""
_LEAKS_YES, _LEAKS_WRONG = 0.96, 0.01
_SOME = 0.12
"""Share with a deposit that means nothing, where nothing leaks."""
_BEST_FROM = 0.2
"""Chance at the first attempt from which the story sends a prospect to its seller."""
_TO_STAR, _TO_STAR_ELSE = 0.75, 0.02
_DOUBT_ENDS = np.array([0.05, 0.07, 0.18, 0.26, 0.20, 0.24])
_TALK_WRONG = 0.06
"""Share of the sheets on which the seller writes another follow-up class."""
_COLUMNS = (
    "day", "city", "tenure", "route", "tier", "barrier", "silent", "need", "focused", "budget", "interest", "refuses",
    "early", "leaks", "cost", "consent", "reached", "first", "seller", "star", "class", "class_which", "wait",
    *(f"{what}{attempt}" for attempt in range(ATTEMPTS)
      for what in ("close", "on", "gap", "doubt", "minute", "channel", "gives_up")),
)  # fmt: skip


@dataclass(frozen=True)
class Pipeline:
    """All prospects and all contacts, also those that lie beyond the last day."""

    prospects: pd.DataFrame
    visits: pd.DataFrame


def pipeline(history) -> Pipeline:
    """Everybody who ever became a prospect by the last day, with all that will come of it.

    Returns
    -------
    Pipeline
        Days as day numbers, -1 for never. Rows of a week are the same whenever the company is looked at.
    """
    u = _numbers(history)
    stories = history.stories
    n = len(u["day"])
    route = (u["route"] < INBOUND).astype(int)
    tenure = (u["tenure"] < region.TENANTS).astype(int)
    tier = pick(u["tier"], _TIER[route])
    place = np.array([region.CLASSES.index(name) for name in TIERS])[tier]
    barrier = pick(u["barrier"], region.barrier_shares(stories)[place, tenure])
    need = u["need"] < _NEED[route]
    focused = need & (u["focused"] < _FOCUSED[route])
    budget = u["budget"] < _BUDGET[route]
    interest = pick(u["interest"], _INTEREST[route])
    refused = ~focused & (u["refuses"] < _REFUSES[tier])
    follow = follow_up(refused, focused, need, budget, interest)
    early = u["early"] < _EARLY
    odds = _BASE + _WEIGHTS["need"] * need + _WEIGHTS["focused"] * focused + _WEIGHTS["budget"] * budget
    odds = odds + _WEIGHTS["early"] * early + _INTEREST_WEIGHT[interest] + _TIER_WEIGHT[tier]
    first = np.where(refused, 0.0, _chance(odds))
    later = _chance(odds + _LATER + _REFUSED * refused)
    frame = pd.DataFrame(
        {
            "entered": u["entered"], "city": pick(u["city"], region.IN_REACH.astype(float)), "tenure": tenure, "tier": tier,
            "barrier": np.where(u["silent"] < 0.08, -1, barrier), "route": route, "need": need, "focused": focused,
            "budget": budget, "interest": interest, "refused": refused, "follow": follow, "early": early,
            "first_chance": first, "later_chance": later, "seller": _sellers(u, first, stories),
            "cost_fen": _COST_FEN[route] * (60 + np.floor(80 * u["cost"])).astype(int) // 100, "consent": u["consent"] < 0.84,
        }
    )  # fmt: skip
    frame["visited"] = np.where(u["reached"] < 0.88, u["entered"] + np.floor(1 + 14 * u["first"]).astype(int), -1)
    wrong = (np.floor(u["class_which"] * 3).astype(int) + 1 + follow) % len(FOLLOW_UP)
    frame["written"] = np.where(u["class"] < _TALK_WRONG, wrong, follow)
    frame["leaks_yes"], frame["leaks_wrong"] = u["leaks"] < _LEAKS_YES, u["leaks"] < _LEAKS_WRONG
    frame["some"] = u["leaks"] < _SOME
    visits = _attempts(u, frame)
    frame["converted"], frame["person"] = _cards(history, visits, route, n)
    closing = visits["closes"].to_numpy()
    day = visits["day"].to_numpy().copy()
    # The contact that closes is the one at which the order is placed.
    day[closing] = frame["converted"].to_numpy()[visits["prospect"].to_numpy()[closing]]
    visits["day"] = day
    at_first = visits[closing & (visits["attempt"] == 1)]
    frame.loc[at_first["prospect"].to_numpy(), "visited"] = at_first["day"].to_numpy()
    # An offer is made where there is a need, at the second talk at the latest, and with every order.
    need = frame["need"].to_numpy()[visits["prospect"]]
    offers = visits[closing | (~visits["refuses"] & (need | (visits["attempt"] == 2)))]
    frame["offered"] = offers.groupby("prospect")["day"].min().reindex(frame.index, fill_value=-1)
    frame["lost"] = -1
    gone = visits[visits["refuses"] & visits["last"]]
    frame.loc[gone["prospect"].to_numpy(), "lost"] = gone["day"].to_numpy()
    return Pipeline(frame, visits)


def _numbers(history) -> dict[str, np.ndarray]:
    """The random numbers of all prospects up to the last week, week by week."""
    parts = []
    per_week = PER_WEEK_AT_6000 * history.size
    weeks = (history.last_day - FIRST_DAY) // 7 + 1
    for week in range(weeks):
        number = int((week + 1) * per_week) - int(week * per_week)
        u = history.dice.table("prospects", week, number, _COLUMNS)
        parts.append(u | {"entered": FIRST_DAY + 7 * week + np.floor(7 * u["day"]).astype(int)})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _chance(odds: np.ndarray) -> np.ndarray:
    return settled(1 / (1 + np.exp(-odds)))


def follow_up(refused, focused, need, budget, interest) -> np.ndarray:
    """Places in `FOLLOW_UP`: a refusal goes before everything, a chosen model before the rest; what fits no class is ordinary."""
    return np.select([refused, focused, budget & need & (interest == 2)], [3, 0, 1], 2)


def _sellers(u: dict, first: np.ndarray, stories: planted.Stories) -> np.ndarray:
    """Who is sent: by turns, or the best prospects to one of them."""
    if not stories.has("best_leads"):
        return np.floor(u["seller"] * len(SELLERS)).astype(int)
    star = SELLERS.index(stories.plant["best_leads"])
    other = np.floor(u["seller"] * (len(SELLERS) - 1)).astype(int)
    other = other + (other >= star)
    to_star = u["star"] < np.where(first >= _BEST_FROM, _TO_STAR, _TO_STAR_ELSE)
    return np.where(to_star, star, other)


def _attempts(u: dict, frame: pd.DataFrame) -> pd.DataFrame:
    """One row a contact, until an order, a refusal that is the last word, or nobody goes on."""
    parts = []
    going = frame["visited"].to_numpy() >= 0
    day = frame["visited"].to_numpy().copy()
    goes_on = _GOES_ON[frame["follow"].to_numpy()]
    for attempt in range(ATTEMPTS):
        here = np.flatnonzero(going)
        chance = (frame["first_chance"] if attempt == 0 else frame["later_chance"]).to_numpy()[here]
        closes = u[f"close{attempt}"][here] < chance
        on = ~closes & (u[f"on{attempt}"][here] < goes_on[here]) & (attempt + 1 < ATTEMPTS)
        refused = frame["refused"].to_numpy()[here]
        says_no = ~closes & ((refused & (attempt == 0)) | (~on & (u[f"gives_up{attempt}"][here] < 0.5)))
        parts.append(
            pd.DataFrame(
                {
                    "prospect": here, "attempt": attempt + 1, "day": day[here], "closes": closes, "refuses": says_no, "last": ~on,
                    "minute": 540 + np.floor(660 * u[f"minute{attempt}"][here]).astype(int),
                    "doubt": pick(u[f"doubt{attempt}"][here], _DOUBT_ENDS),
                    "channel": pick(u[f"channel{attempt}"][here], np.array([0.34, 0.36, 0.18, 0.12])),
                }
            )
        )  # fmt: skip
        day[here] += 4 + np.floor(20 * u[f"gap{attempt}"][here]).astype(int)
        going[here] = on
    return pd.concat(parts, ignore_index=True)


def _cards(history, visits: pd.DataFrame, route: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Day of the order and place of the customer of those who decide: the next new customer of the same route.

    Who finds none within `WAITS_UP_TO` days buys without a card on the last of them.
    """
    crowd = history.crowd
    by_advert = crowd.route == people.ROUTES.index("advert")
    converted, person = np.full(n, -1), np.full(n, -1)
    decided = visits[visits["closes"]].sort_values(["day", "prospect"], kind="stable")
    for kind in range(len(ROUTES)):
        free = np.flatnonzero((crowd.join_week >= 0) & history.life.came & (by_advert == (kind == 0)))
        free = free[np.lexsort((free, crowd.join_day[free]))]
        joined = crowd.join_day[free]
        at = 0
        mine = decided[route[decided["prospect"].to_numpy()] == kind]
        for who, day in zip(mine["prospect"].to_numpy(), mine["day"].to_numpy(), strict=True):
            at = max(at, int(np.searchsorted(joined, day)))
            if at < len(free) and joined[at] <= day + WAITS_UP_TO:
                converted[who], person[who] = joined[at], free[at]
                at += 1
            else:
                converted[who] = day + WAITS_UP_TO
    return converted, person


# The public tables


def _known(history) -> Pipeline:
    """The pipeline, worked out once for a history."""
    kept = history.__dict__.get("_pipeline")
    if kept is None:
        kept = pipeline(history)
        object.__setattr__(history, "_pipeline", kept)
    return kept


def prospects(history) -> pd.DataFrame:
    """The public table: the sheet of each prospect, with what was known on the last day."""
    frame, last = _known(history).prospects, history.last_day
    frame = frame[frame["entered"] <= last]
    seen = ((frame["visited"] >= 0) & (frame["visited"] <= last)).to_numpy()
    won = ((frame["converted"] >= 0) & (frame["converted"] <= last)).to_numpy()
    stories = history.stories
    leaky = stories.plant["leak"] if stories.has("leak") else ""
    early = seen & frame["early"].to_numpy()
    late = np.where(won, frame["leaks_yes"], seen & frame["leaks_wrong"])
    marks = {}
    for place, (name, on) in enumerate(LEAKS.items()):
        # The column that does not leak is an early sign; without the story the deposit says nothing.
        sign = early if (name != leaky if leaky else place == 1) else seen & frame["some"].to_numpy()
        if name == leaky:
            marks[name], day = late, np.where(won, frame["converted"], frame["visited"])
        else:
            marks[name], day = sign, frame["visited"].to_numpy()
        marks[on] = _days(np.where(marks[name], day, -1), last)
    person = frame["person"].to_numpy()
    table = {
        "prospect_id": ids(frame.index),
        "entered_on": _days(frame["entered"].to_numpy(), last),
        "city": np.array(shop.CITIES)[frame["city"]],
        "tenure": np.array(region.TENURES)[frame["tenure"]],
        "tier": np.array(TIERS)[frame["tier"]],
        "barrier": np.where(frame["barrier"] < 0, "", np.array(region.BARRIERS)[np.maximum(frame["barrier"], 0)]),
        "route": np.array(ROUTES)[frame["route"]],
        "cost_minor": pd.array(frame["cost_fen"], dtype="Int64"),
        "consent": frame["consent"].to_numpy(),
        "visited_on": _days(frame["visited"].to_numpy(), last),
        "need_defined": _where(seen, frame["need"]),
        "model_focused": _where(seen, frame["focused"]),
        "budget_fits": _where(seen, frame["budget"]),
        "interest": np.where(seen, np.array(INTEREST, dtype=object)[frame["interest"]], None),
        "refused": _where(seen, frame["refused"]),
        "follow_up": np.where(seen, np.array(FOLLOW_UP, dtype=object)[frame["written"]], None),
        "offer_on": _days(np.where(seen, frame["offered"], -1), last),
        **{name: _where(seen, values) if values.dtype == bool else values for name, values in marks.items()},
        "converted_on": _days(frame["converted"].to_numpy(), last),
        "customer_id": np.where(won & (person >= 0), people.ids_of(np.maximum(person, 0)), ""),
        "lost_on": _days(frame["lost"].to_numpy(), last),
    }
    return pd.DataFrame(table)


def visits(history) -> pd.DataFrame:
    """The public table: one row a sales contact up to the last day."""
    known = _known(history)
    rows = known.visits[known.visits["day"] <= history.last_day].sort_values(["prospect", "attempt"], kind="stable")
    who = rows["prospect"].to_numpy()
    barrier = known.prospects["barrier"].to_numpy()[who]
    outcome = np.select([rows["closes"], rows["refuses"]], ["closed", "refused"], "open")
    attempt = rows["attempt"].to_numpy()
    named = (outcome == "refused") & (barrier >= 0)
    return pd.DataFrame(
        {
            "visit_id": [f"{one}-{number}" for one, number in zip(ids(who), attempt, strict=True)],
            "prospect_id": ids(who),
            "at": text.moments(rows["day"], rows["minute"]),
            "channel": np.array(CHANNELS)[rows["channel"]],
            "seller_id": np.array(SELLERS)[known.prospects["seller"].to_numpy()[who]],
            "attempt": pd.array(attempt, dtype="Int64"),
            "outcome": outcome,
            "doubt": np.where(outcome == "closed", None, np.array(DOUBTS, dtype=object)[rows["doubt"]]),
            "reason": np.where(named, np.array(region.BARRIERS)[np.maximum(barrier, 0)], ""),
        }
    )


def ids(places) -> np.ndarray:
    """Prospect ids by place: P00001 and on."""
    return np.array([f"P{place + 1:05d}" for place in places], dtype=object)


def _days(day: np.ndarray, last: int) -> np.ndarray:
    """Day numbers as datetimes, empty for those that are never or beyond the last day."""
    out = text.moments(np.maximum(day, 0), np.zeros(len(day)))
    out[(day < 0) | (day > last)] = np.datetime64("NaT")
    return out


def _where(seen: np.ndarray, values) -> pd.array:
    marks = pd.array(np.asarray(values, dtype=bool), dtype="boolean")
    marks[~seen] = pd.NA
    return marks


def truth_of_prospects(history, stories: planted.Stories) -> pd.DataFrame:
    """The true chance at the first attempt, and of an order within `WITHIN_DAYS` for those who did not order at it."""
    frame = _known(history).prospects
    frame = frame[frame["entered"] <= history.last_day]
    on, later = _GOES_ON[frame["follow"]], frame["later_chance"].to_numpy()
    left, chance = np.ones(len(frame)), np.zeros(len(frame))
    for _ in range(ATTEMPTS - 1):
        chance += left * on * later
        left = left * on * (1 - later)
    return pd.DataFrame(
        {
            "prospect_id": ids(frame.index),
            "first_chance": frame["first_chance"],
            "chance_after_first": settled(chance),
            "follow_up": np.array(FOLLOW_UP)[frame["follow"]],
            "seller_id": np.array(SELLERS)[frame["seller"]],
        }
    )
