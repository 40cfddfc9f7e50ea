"""The company's life, week by week: who orders what, returns, complains, leaves.

The loop keeps a small state for each person (weeks since the last order and
the last filter, lines held, bad service, gone) and writes order lines. A week
draws its random numbers for everybody who has ever arrived, ordered or not, so
nobody's numbers depend on what others do or on any action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TypeVar

import numpy as np
import pandas as pd

from helpers.simulate import baskets, repairs, responses, waking
from helpers.simulate import catalogue as shop
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice, pick
from helpers.simulate.people import NEW_FLAT, SEASONAL, People

WEEKDAYS = np.array([1.0, 1.1, 1.5, 1.4, 0.9, 0.9, 0.95])  # weeks begin on a Thursday
_EVERYBODY = ("order", "filter", "day")
_BUYERS = (
    "minute", "cancel", "lost", "complain", "cause", "leave",
    *baskets.COLUMNS,
    *(f"{what}{slot}" for slot in range(baskets.SLOTS)
      for what in ("return", "return_day", "return_part", "restate", "repeat")),
)  # fmt: skip
COMPLAINT_CHANCE = 0.030
CAUSES = ("late", "broken", "wrong_size", "promise_not_kept", "bill")
OF_INSTALLING = [CAUSES.index(cause) for cause in ("late", "broken", "promise_not_kept")]
_MISSOLD_CAUSES = np.array([0.08, 0.08, 0.44, 0.36, 0.04])
_USUAL_CAUSES = np.array([0.34, 0.30, 0.12, 0.12, 0.12])
_NEVER = 10**6
HURT_WEEKS = 26
"""How long bad service keeps a customer away, as a lower order rate."""
HURT_RATE = 0.6
LAPSED_WEEKS = 60
"""So long after the last week of somebody who used to come, a word may still bring them back."""
LEAVES_HURT = 0.15
CANCELLED = 0.018
RESTATED = 0.01
REPEATED = 0.0011


@dataclass(frozen=True)
class Life:
    """What has happened up to the end of the last day lived.

    Attributes
    ----------
    lines : DataFrame
        Order lines as numbers; `tables` turns them into the public table.
    lost : DataFrame
        Lines that went to the rival. Truth, not public.
    left_week : array
        Last week of each person.
    came : array of bool
        False for those who never came because the rival got their first order.
    hurt_week : array
        Week of the last bad service, -1 if never.
    next_effects : Effects
        What each action would do in the quarter that follows.
    standing : Standing
        Where everybody stands when the quarter that follows begins.
    arm : array of int
        Place in `waking.ARMS` of everybody in the campaign of autumn 2025, -1 for the others.
    asleep_week, woken_from : array of int
        Week in which somebody fell asleep over the stock-out, day on which something woke them; `NEVER` if never.
    left_before : tuple of (first day, array)
        For each day on which actions began: the last week of each person as it was on its eve.
    """

    lines: pd.DataFrame
    lost: pd.DataFrame
    left_week: np.ndarray
    came: np.ndarray
    hurt_week: np.ndarray
    next_effects: responses.Effects
    standing: responses.Standing
    arm: np.ndarray
    asleep_week: np.ndarray
    woken_from: np.ndarray
    left_before: tuple[tuple[int, np.ndarray], ...]

    def gone(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each person no longer came on that day, whatever has brought them back since."""
        left = self.left_week[person]
        for first_day, before in reversed(self.left_before):
            left = np.where(day < first_day, before[person], left)
        return left * 7 + 7 <= day


@dataclass
class _State:
    """What the loop remembers of each person, and what it has written."""

    since_order: np.ndarray
    since_filter: np.ndarray
    has_purifier: np.ndarray
    held: np.ndarray
    left_week: np.ndarray
    back_from: np.ndarray  # day from which somebody who had left buys again
    came: np.ndarray
    hurt_week: np.ndarray
    healed_from: np.ndarray  # day from which the last bad service is forgiven
    driven_off: np.ndarray
    pace: np.ndarray  # on the chance to order, by what the last basket held
    asleep_week: np.ndarray  # since when asleep over the stock-out
    woken_from: np.ndarray  # day from which that sleep is over
    arm: np.ndarray  # of the campaign of autumn 2025
    written: list[dict] = field(default_factory=list)
    lost: list[dict] = field(default_factory=list)


_Kept = TypeVar("_Kept", _State, responses.Standing)


@dataclass(frozen=True)
class _Quarter:
    """One quarter: its first day, everybody's action, where they stood, and what the actions do."""

    first_day: int
    action: np.ndarray
    standing: responses.Standing
    effects: responses.Effects

    def of(self, name: str) -> np.ndarray:
        """A multiplier of everybody, by their actions."""
        return getattr(self.effects, name)[self.action, np.arange(len(self.action))]


@dataclass(frozen=True)
class Past:
    """Everything as it stood when a week began, so that several futures need not live it again.

    Attributes
    ----------
    week : int
        The first week that is not part of it; who arrives then or later has no past.
    """

    week: int
    state: _State
    quarters: tuple[_Quarter, ...]
    left_before: tuple[tuple[int, np.ndarray], ...]


def live(
    dice: Dice,
    people: People,
    stories: planted.Stories,
    *,
    played: Sequence[tuple[int, np.ndarray]],
    last_day: int,
    arm: np.ndarray | None = None,
    past: Past | None = None,
) -> Life:
    """Live from the start of the export to the end of `last_day`.

    Parameters
    ----------
    dice : Dice
    people : People
        Everybody who arrives until then.
    stories : Stories
    played : sequence of (first day, actions)
        For each quarter played: the action (place in `ACTIONS`) of every person.
    last_day : int
        Day number.
    arm : array of int, optional
        The arms of the campaign of autumn 2025, in place of those drawn by lot.
    past : Past, optional
        What `past` gave for the same company: nothing before its week is lived again.
    """
    return _live(dice, people, stories, played=played, last_day=last_day, arm=arm, past=past)


def past(dice: Dice, people: People, stories: planted.Stories, *, week: int) -> Past:
    """Live up to the beginning of a week, for any number of futures that begin in it."""
    return _live(dice, people, stories, played=(), last_day=7 * week - 1, stop=True)


def _first_state(dice: Dice, people: People, stories: planted.Stories, arm: np.ndarray | None) -> _State:
    """Everybody as they come."""
    n = len(people)
    return _State(
        since_order=people.weeks_since_order.copy(),
        since_filter=people.weeks_since_filter.copy(),
        has_purifier=people.holds_purifier.copy(),
        held=np.zeros((n, len(shop.LINES)), dtype=bool),
        left_week=people.left_week.copy(),
        back_from=np.full(n, -1),
        came=np.ones(n, dtype=bool),
        hurt_week=np.full(n, -1),
        healed_from=np.full(n, _NEVER),
        driven_off=np.zeros(n, dtype=bool),
        pace=_first_pace(dice, stories, n),
        asleep_week=np.full(n, _NEVER),
        woken_from=np.full(n, _NEVER),
        arm=np.full(n, -1) if arm is None else arm,
    )


def _live(dice: Dice, people: People, stories: planted.Stories, *, played, last_day: int, arm=None, past=None, stop=False) -> Life | Past:
    """`live`, or with `stop` what has come about when the week after `last_day` begins."""
    state = _first_state(dice, people, stories, arm)
    nothing = np.zeros(len(people), dtype=int)
    tried = _Campaign(dice, people, stories, drawn=arm is None)
    after = (waking.LAST_DAY + 1, nothing)
    begins = [(waking.FIRST_DAY, tried), *([after] if last_day >= after[0] else []), *played, (last_day + 1, nothing)]
    wakes = stories.has("waking")

    def quarter(first_day: int, action: np.ndarray, standing: responses.Standing) -> _Quarter:
        return _Quarter(first_day, action, standing, responses.effects(standing, people.response, people.forgives, waking=wakes))

    standing = _standing(state, people, 0, 0)
    quarters: list[_Quarter] = [quarter(-1, nothing, standing)]
    left_before: list[tuple[int, np.ndarray]] = []
    weeks, begin = last_day // 7 + 1, 0
    if past is not None:
        # Whoever arrives later has no past: of them everything is still as they came.
        begin, known = past.week, int(np.searchsorted(people.join_week, past.week, side="left"))
        quarters = []
        for one in past.quarters:
            came = _standing(state, people, max(one.first_day, 0) // 7, max(one.first_day, 0))
            quarters.append(quarter(one.first_day, _joined(one.action, nothing, known), _all_joined(one.standing, came, known)))
        left_before = [(first_day, _joined(left, state.left_week, known)) for first_day, left in past.left_before]
        state = _all_joined(past.state, state, known)
    for week in range(begin, weeks + 1):
        if stop and week == weeks:
            return Past(week, state, tuple(quarters), tuple(left_before))
        for first_day, action in begins:
            # A quarter may begin inside a week: what actions do is settled when the week begins.
            if first_day // 7 == week:
                standing = _standing(state, people, week, first_day)
                quarters.append(quarter(first_day, action(state) if callable(action) else action, standing))
                left_before.append((first_day, state.left_week.copy()))
                _put_right(state, quarters[-1], standing, week)
        if week < weeks:
            _run_out(dice, stories, state, week)
            _live_a_week(dice, people, stories, state, quarters, week)
    lines, lost = _table(state.written), _table(state.lost)
    return Life(
        lines=lines[lines["day"] <= last_day],
        lost=lost[lost["day"] <= last_day],
        left_week=state.left_week,
        came=state.came,
        hurt_week=state.hurt_week,
        next_effects=quarters[-1].effects,
        standing=standing,
        arm=state.arm,
        asleep_week=state.asleep_week,
        woken_from=state.woken_from,
        left_before=tuple(left_before),
    )


def _joined(before, fresh, known: int):
    """The first `known` places as they were before, and the others fresh; a list of weeks is taken over whole."""
    return list(before) if isinstance(before, list) else np.concatenate([before[:known], fresh[known:]])


def _all_joined(before: _Kept, fresh: _Kept, known: int) -> _Kept:
    """The same of every attribute."""
    return type(fresh)(**{one.name: _joined(getattr(before, one.name), getattr(fresh, one.name), known) for one in fields(fresh)})


def _first_pace(dice: Dice, stories: planted.Stories, n: int) -> np.ndarray:
    """The pace that everybody brings along: what the last basket before the export held, half and half."""
    if not stories.has("two_clocks"):
        return np.ones(n)
    durable = dice.table("pace", 0, n, ["durable"])["durable"] < 0.5
    return np.where(durable, planted.AFTER_DURABLE, planted.AFTER_CONSUMABLE)


@dataclass(frozen=True)
class _Campaign:
    """The campaign of autumn 2025: draws the arms when its day has come, and says what each person got."""

    dice: Dice
    people: People
    stories: planted.Stories
    drawn: bool

    def __call__(self, state: _State) -> np.ndarray:
        if self.drawn:
            last = np.full(len(state.arm), -_NEVER)
            for rows in state.written:
                kept = ~rows["cancelled"] & (rows["day"] < waking.FIRST_DAY) & (rows["amount_fen"] > 0)
                np.maximum.at(last, rows["person"][kept], rows["day"][kept])
            state.arm = waking.arms_by_lot(self.dice, last, self.people.consent)
        # Without the story nothing was ever sent: a campaign in which every arm is a hold-out.
        sent = (state.arm >= 0) & self.stories.has("waking")
        return np.where(sent, waking.ACTION_OF_ARM[state.arm], responses.NONE)


def _run_out(dice: Dice, stories: planted.Stories, state: _State, week: int) -> None:
    """When the stock-out begins: which of its users will need the product in vain, and in which week."""
    if not stories.has("stock_out"):
        return
    product, first, last = stories.stock_out
    if week != first // 7:
        return
    uses = np.zeros(len(state.held), dtype=bool)
    for rows in state.written:
        recent = (rows["product"] == product) & ~rows["cancelled"]
        uses[rows["person"][recent & (rows["day"] >= first - planted.STOCK_OUT_USED_DAYS)]] = True
    u = dice.table("stock-out", 0, len(uses), ["needs", "when"])
    weeks = week + 1 + np.floor(u["when"] * (last - first) / 7).astype(int)
    state.asleep_week = np.where(uses & (u["needs"] < planted.STOCK_OUT_RUNS_OUT), weeks, _NEVER)


def _standing(state: _State, people: People, week: int, first_day: int) -> responses.Standing:
    """Where everybody stands when a quarter begins, from the lines written so far."""
    n = len(state.held)
    orders, spend = np.zeros(n, dtype=int), np.zeros(n, dtype=np.int64)
    for rows in state.written:
        recent = (rows["day"] >= first_day - 365) & (rows["day"] < first_day) & ~rows["cancelled"]
        np.add.at(spend, rows["person"][recent], rows["amount_fen"][recent])
        np.add.at(orders, rows["person"][recent & rows["first"]], 1)
    return responses.Standing(
        orders_in_a_year=orders,
        spend_in_a_year_fen=spend,
        lines_held=state.held.sum(axis=1),
        victim=(state.hurt_week >= 0)
        & (week - state.hurt_week <= 1.5 * HURT_WEEKS)
        & (state.healed_from == _NEVER),
        gone=state.left_week < week,
        driven_off=state.driven_off & (state.left_week < week),
        lapsed=(state.left_week < week)
        & (week - state.left_week <= LAPSED_WEEKS)
        & ~people.once
        & (people.kind != NEW_FLAT),
        out_of_stock=(state.asleep_week < week) & (state.woken_from == _NEVER),
        silent=state.since_order > people.cadence_weeks,
    )


def _put_right(
    state: _State, quarter: _Quarter, standing: responses.Standing, week: int
) -> None:
    """Service repair ends the harm that bad service did; some who left come back."""
    healed = (quarter.action == responses.SERVICE_REPAIR) & standing.victim
    state.healed_from = np.where(healed, quarter.first_day, state.healed_from)
    back = quarter.of("comes_back")
    returns = back & standing.gone
    state.left_week = np.where(returns, week + 52, state.left_week)
    state.back_from = np.where(returns, quarter.first_day, state.back_from)
    state.driven_off &= ~back
    state.woken_from = np.where(back & standing.out_of_stock, quarter.first_day, state.woken_from)


def _live_a_week(
    dice: Dice,
    people: People,
    stories: planted.Stories,
    state: _State,
    quarters: list[_Quarter],
    week: int,
) -> None:
    """One week: who orders, what, and what comes of it."""
    n = int(np.searchsorted(people.join_week, week, side="right"))
    u = dice.table("life", week, n, _EVERYBODY)
    arrives = people.join_week[:n] == week
    day = np.where(arrives, people.join_day[:n], 7 * week + pick(u["day"], WEEKDAYS))
    rate = _by_day(quarters, day, "order_rate") * _neglect(stories, people, n, week)
    cheaper = stories.does("price_cut", day)
    rate = rate * np.where(cheaper, repairs.PRICE_CUT_RATE, 1.0)
    asleep = (state.asleep_week[:n] <= week) & (day < state.woken_from[:n])
    rate = rate * np.where(asleep, planted.STOCK_OUT_RATE, 1.0)
    there = state.came[:n] & (state.left_week[:n] >= week) & (day >= state.back_from[:n])
    furnishes = there & _furnishes(people, n, week)
    changes_filter = there & ~arrives & (u["filter"] < rate * _filter_chance(people, state, n))
    changes_filter &= ~baskets.is_out(stories, shop.catalogue().filter_product, day)
    shops = there & (u["order"] < np.minimum(rate * _chance(people, state, day, week), 0.9))

    who = np.flatnonzero(arrives & there | furnishes | changes_filter | shops)
    drawn = dice.table("baskets", week, n, _BUYERS, only=who)
    action, basket_size, bundle, returns, contact_cost = (
        _by_day(quarters, day, name)[who]
        for name in ("action", "basket", "bundle", "returns", "contact_cost")
    )
    buyers = baskets.Buyers(
        day=day[who],
        city=people.city[who],
        shop=people.shop[who],
        taste=people.taste[who],
        extra_lines=people.extra_lines[who],
        pieces=people.pieces[who],
        lines=people.lines[who],
        behaviour=people.behaviour[who],
        needs_filter=changes_filter[who],
        basket=basket_size,
        bundle=bundle,
        held=state.held[who],
        least_discount=np.maximum(
            np.where(action == responses.COUPON, responses.COUPON_DISCOUNT, 0),
            np.where(cheaper[who], repairs.PRICE_CUT_PERCENT, 0),
        ),
    )
    basket = baskets.compose(buyers, drawn, stories)
    to_rival = _to_rival(stories, buyers, basket, drawn["lost"])
    cancelled = drawn["cancel"] < CANCELLED
    missold = _missold(stories, buyers, basket)
    usual = np.where(missold, planted.MISSOLD_COMPLAINT_CHANCE, COMPLAINT_CHANCE)
    cause = pick(drawn["cause"], np.where(missold[:, None], _MISSOLD_CAUSES, _USUAL_CAUSES))
    of_installing = np.isin(cause, OF_INSTALLING) & stories.does("installers", buyers.day)
    usual = np.where(of_installing, repairs.INSTALLED_IN_TIME, 1.0) * usual
    complains = (drawn["complain"] < usual * returns) & ~cancelled & ~to_rival
    order = {
        "person": who,
        "week": np.full(len(who), week),
        "day": buyers.day,
        "minute": _minute(drawn["minute"], basket.store),
        "store": basket.store,
        "city": buyers.city,
        "behaviour": basket.behaviour,
        "action": action,
        "cancelled": cancelled,
        "complaint": np.where(complains, cause, -1),
        "missold": missold,
        "contact_cost": contact_cost,
    }
    usual = np.where(missold, planted.MISSOLD_RETURN_CHANCE, people.returns[who])
    rows = order_lines(order, basket, drawn, return_chance=usual * returns)
    lost = to_rival[rows["place"]]
    state.written.append({name: values[~lost] for name, values in rows.items()})
    state.lost.append({name: values[lost] for name, values in rows.items()})
    leaves = complains & (drawn["leave"] < LEAVES_HURT)
    _remember_orders(state, n, who, basket, ~(to_rival | cancelled), stories)
    _remember_harm(state, week, who[complains], who[leaves])
    state.came[who[to_rival & arrives[who]]] = False


def _chance(people: People, state: _State, day: np.ndarray, week: int) -> np.ndarray:
    """Chance of a shopping trip in this week, by everybody's own rhythm, season and memory."""
    n = len(day)
    month = shop.month_of(7 * week)
    # Hardly ever at once, more and more likely when the usual time has gone by.
    waited = state.since_order[:n] / people.cadence_weeks[:n]
    chance = np.clip(1.5 * waited, 0.06, 1.7) / people.cadence_weeks[:n] * state.pace[:n]
    in_season = 0.45 + 0.45 * shop.CLIMATE_SEASON[month - 1]
    chance = chance * np.where(people.kind[:n] == SEASONAL, in_season, 1.0)
    hurt = (state.hurt_week[:n] >= 0) & (week - state.hurt_week[:n] <= HURT_WEEKS)
    hurt &= day < state.healed_from[:n]
    chance = chance * np.where(hurt, HURT_RATE, 1.0) * shop.TRADE_SEASON[month - 1]
    return np.where(people.kind[:n] == NEW_FLAT, 0.0, chance)


def _filter_chance(people: People, state: _State, n: int) -> np.ndarray:
    """Chance in one week that a purifier gets its new filter: about every half year."""
    weeks = state.since_filter[:n]
    due = np.select([weeks < 20, weeks < 23, weeks < 30], [0.0, 0.08, 0.28], 0.10)
    return due * (state.has_purifier[:n] & (people.kind[:n] != NEW_FLAT))


def _furnishes(people: People, n: int, week: int) -> np.ndarray:
    """Who furnishes a new flat and orders this week."""
    place = np.clip(week - people.join_week[:n], 0, people.burst_weeks.shape[1] - 1)
    return (people.kind[:n] == NEW_FLAT) & people.burst_weeks[np.arange(n), place]


def _by_day(quarters: list[_Quarter], day: np.ndarray, name: str) -> np.ndarray:
    """Everybody's action, or a multiplier of it, in the quarter that their day belongs to."""
    n = len(day)
    values = None
    for quarter in quarters:
        own = quarter.action if name == "action" else quarter.of(name)
        values = own[:n] if values is None else np.where(day >= quarter.first_day, own[:n], values)
    return values


def _neglect(stories: planted.Stories, people: People, n: int, week: int) -> np.ndarray:
    """What the record year leaves of the order rate of those who were there before."""
    if not stories.goes_on("record_year", 7 * week) or 7 * week < planted.RECORD_FROM:
        return np.ones(n)
    before = people.join_day[:n] < planted.RECORD_FROM
    seldom = people.cadence_weeks[:n] >= planted.SELDOM_WEEKS
    left = np.where(seldom, planted.RECORD_REPEAT_SELDOM, planted.RECORD_REPEAT_OFTEN)
    return np.where(before, left, 1.0)


def _to_rival(
    stories: planted.Stories, buyers: baskets.Buyers, basket: baskets.Baskets, u: np.ndarray
) -> np.ndarray:
    """Orders that the installer partner takes along to the rival."""
    city, line, way = stories.cell
    return (
        stories.goes_on("fall", buyers.day)
        & (buyers.city == city)
        & (basket.main_line == line)
        & (basket.behaviour == way)
        & (buyers.day >= planted.FALL_FROM)
        & (u < planted.FALL_SHARE_LOST)
    )


def _missold(
    stories: planted.Stories, buyers: baskets.Buyers, basket: baskets.Baskets
) -> np.ndarray:
    """Orders taken by the shop that mis-sells, while it does."""
    return (
        stories.goes_on("misselling", buyers.day)
        & (basket.store == stories.bad_shop)
        & (buyers.day >= planted.MISSELLING_FROM)
    )


def _minute(u: np.ndarray, store: np.ndarray) -> np.ndarray:
    """Minute of the day: shops from ten to nine, online and hotline from eight to eleven."""
    in_shop = store < len(shop.SHOPS)
    return np.where(in_shop, 600 + np.floor(660 * u), 480 + np.floor(900 * u)).astype(int)


def order_lines(order: dict, basket: baskets.Baskets, u: dict, *, return_chance) -> dict:
    """The lines of some orders, one row for each filled slot, with what becomes of them.

    Parameters
    ----------
    order : dict of arrays
        What all lines of an order share; each array has one place for each order.
    basket : Baskets
    u : dict of arrays
        The numbers drawn, including return0, restate0, repeat0 ... for each slot.
    return_chance : array of float
        For a line of each order.

    Returns
    -------
    dict of arrays
        `place` is the order's place, `first` marks the first line of an order;
        `returned` pieces come back on `return_day`.
    """

    def by_slot(name: str) -> np.ndarray:
        return np.stack([u[f"{name}{slot}"] for slot in range(baskets.SLOTS)], axis=1)

    place, slot = np.nonzero(basket.quantity > 0)
    pieces = basket.quantity[place, slot]
    amount = basket.amount_fen[place, slot]
    is_sold = ~order["cancelled"][place] & (amount > 0)
    comes_back = is_sold & (by_slot("return")[place, slot] < return_chance[place])
    part = (pieces > 1) & (by_slot("return_part")[place, slot] < 0.5)
    later = 3 + np.floor(20 * by_slot("return_day")[place, slot]).astype(int)
    first = np.ones(len(place), dtype=bool)
    first[1:] = place[1:] != place[:-1]
    return {name: values[place] for name, values in order.items()} | {
        "place": place,
        "first": first,
        "slot": slot,
        "main_line": basket.main_line[place],
        "product": basket.product[place, slot],
        "quantity": pieces,
        "discount": basket.discount[place, slot],
        "amount_fen": amount,
        "margin_fen": basket.margin_fen[place, slot],
        "returned": np.where(comes_back, np.where(part, (pieces + 1) // 2, pieces), 0),
        "return_day": order["day"][place] + later,
        "restated": (by_slot("restate")[place, slot] < RESTATED) & is_sold & ~comes_back,
        "repeated": (by_slot("repeat")[place, slot] < REPEATED) & is_sold,
    }


def _remember_orders(
    state: _State, n: int, who: np.ndarray, basket, kept: np.ndarray, stories: planted.Stories
) -> None:
    """Weeks since the last order and the last filter, and what is held, at the end of the week."""
    goods = shop.catalogue()
    state.since_order[:n] += 1
    state.since_filter[:n] += 1
    state.since_order[who] = 0
    bought = (basket.quantity > 0) & kept[:, None]
    owner = np.broadcast_to(who[:, None], bought.shape)
    state.held[owner[bought], goods.line[basket.product][bought]] = True
    if stories.has("two_clocks"):
        holds = {name: (bought & (goods.cls[basket.product] == name)).any(axis=1) for name in ("consumable", "durable")}
        pace = np.select([holds["consumable"], holds["durable"]], [planted.AFTER_CONSUMABLE, planted.AFTER_DURABLE], 1.0)
        state.pace[who] = np.where(bought.any(axis=1), pace, state.pace[who])
    new_purifier = who[(bought & goods.is_purifier[basket.product]).any(axis=1)]
    new_filter = who[(bought & goods.is_filter[basket.product]).any(axis=1)]
    state.has_purifier[new_purifier] = True
    state.since_filter[new_purifier] = 0
    state.since_filter[new_filter] = 0


def _remember_harm(state: _State, week: int, hurt: np.ndarray, leaves: np.ndarray) -> None:
    """Who had bad service, and who left over it."""
    state.hurt_week[hurt] = week
    state.healed_from[hurt] = _NEVER
    state.driven_off[leaves] |= state.left_week[leaves] > week
    state.left_week[leaves] = np.minimum(state.left_week[leaves], week)


def _table(parts: list[dict]) -> pd.DataFrame:
    """The weeks' lines below each other."""
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
