"""The company as a whole: made from a seed, read from a state, living on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.simulate import catalogue as shop
from helpers.simulate import brand, contacts, contracts, experience, households, journeys, life, needs, people, prices, prospects, repairs, survey, tables, text, till, truth, waking
from helpers.simulate import stories as planted
from helpers.simulate.actions import check_actions
from helpers.simulate.dice import Dice
from helpers.simulate.numbers import OrderNumbers
from helpers.simulate.repairs import check_repairs
from helpers.simulate.responses import ACTION_COST_FEN, ACTIONS

NAME = "Lantern Home"
SEED = 20
CUSTOMERS = 6000
FIRST_AS_OF = date(2026, 6, 17)
VERSION = 1
BUILDERS = {
    "orders": tables.orders,
    "customers": tables.customers,
    "products": tables.products,
    "contacts": contacts.contacts,
    "survey": survey.survey,
    "ratings": experience.ratings,
    "journeys": journeys.journeys,
    "price_answers": prices.price_answers,
    "price_offers": prices.price_offers,
    "needs": needs.needs,
    "campaigns": waking.campaigns,
    "assignments": waking.assignments,
    "households": households.households,
    "prospects": prospects.prospects,
    "visits": prospects.visits,
    "brand_survey": brand.brand_survey,
    "brand_funnel": brand.brand_funnel,
    "brand_promises": brand.brand_promises,
    "brand_stretch": brand.brand_stretch,
    "referrals": brand.referrals,
    "contracts": contracts.contracts,
    "exits": contracts.exits,
}
"""The public tables. Each is made from the history alone, with random numbers of its own."""

_MONEY = ("spend", "margin", "fee_margin", "contact_cost")


def company(
    seed: int = SEED,
    customers: int = CUSTOMERS,
    stories: bool | Iterable[str] = True,
    plant: Mapping | None = None,
) -> World:
    """Lantern Home on 17 June 2026, after three years and a bit.

    Parameters
    ----------
    seed : int, default 20
        Same seed, same company, to the byte.
    customers : int, default 6000
        About how many people ever bought; the adverts of the record year bring a tenth more.
    stories : bool or names, default True
        Which planted stories are on; False for a company without any.
    plant : mapping, optional
        Other sites: `{"fall": (city, line, way of selling), "misselling": shop}`.

    Returns
    -------
    World

    Examples
    --------
    >>> world = company(seed=1, customers=300)
    >>> sorted(world.tables())
    ['assignments', 'brand_funnel', 'brand_promises', 'brand_stretch', 'brand_survey', 'campaigns', 'contacts', 'contracts', 'customers', 'exits', 'households', 'journeys', 'needs', 'orders', 'price_answers', 'price_offers', 'products', 'prospects', 'ratings', 'referrals', 'survey', 'visits']
    """
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise DataError(f"The seed is {seed!r}. Give a whole number, 0 or more.")
    if not isinstance(customers, int) or not 100 <= customers <= 200_000:
        raise DataError(f"The number of customers is {customers!r}. Give a number from 100 to 200,000.")
    return World(seed=seed, customers=customers, stories=planted.choose(stories, plant))


def open_world(path: str | Path) -> World:
    """The company whose state was saved in a folder.

    Raises
    ------
    DataError
        If there is no state that this version can read.
    """
    path = Path(path)
    file = path / "state.json" if path.is_dir() else path
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"There is no state.json in {path}. Give a folder that workbook simulate wrote.") from None
    except (ValueError, OSError) as error:
        raise DataError(f"{file} cannot be read ({error}). Make the company again.") from None
    return World.from_state(state)


@dataclass(frozen=True)
class World:
    """A simulated company at the end of one day. It never changes; living on makes a new one.

    Attributes
    ----------
    seed, customers : int
    stories : Stories
    played : tuple of quarters
        For each quarter lived since 17 June 2026: pairs of customer and action.
    repairs : tuple of quarters
        For each of them: the names of what began in it, from `helpers.simulate.repairs`.
    luck : int, default 0
        Another number is another future of the same company: what happens from
        week to week after 17 June 2026 is drawn anew, who the customers are is not.
    """

    seed: int
    customers: int
    stories: planted.Stories
    played: tuple[tuple[tuple[str, str], ...], ...] = ()
    repairs: tuple[tuple[str, ...], ...] = ()
    luck: int = 0
    # The company of 17 June 2026 that this one came from: all that did so have its past in common.
    root: World | None = field(default=None, compare=False, repr=False)

    @property
    def as_of(self) -> date:
        """The last day lived."""
        return _months_later(FIRST_AS_OF, 3 * len(self.played))

    @property
    def is_simulated(self) -> bool:
        """True, always: nobody should take this for a real company."""
        return True

    @cached_property
    def history(self) -> tables.History:
        """Everything that happened, lived again from the seed."""
        dice = Dice(self.seed, luck=self.luck, luck_from=(shop.day_number(FIRST_AS_OF) + 1) // 7)
        last_day = shop.day_number(self.as_of)
        stories = replace(self.stories, decided=repairs.decided((self._first_day(q), names) for q, names in enumerate(self.repairs)))
        crowd = people.arrivals(dice, self.customers, stories, last_day // 7 + 1)
        played = []
        for quarter, rows in enumerate(self.played):
            first_day = self._first_day(quarter)
            action = np.zeros(len(crowd), dtype=int)
            for customer, name in rows:
                action[int(customer[1:]) - people.FIRST_NUMBER] = ACTIONS.index(name)
            played.append((first_day, action))
        lived = life.live(dice, crowd, stories, played=played, last_day=last_day, past=self._root._past)
        size = self.customers / 6000
        return tables.History(
            dice=dice,
            crowd=crowd,
            life=lived,
            receipts=till.sell(dice, stories, size=size, last_day=last_day),
            numbers=OrderNumbers(self.customers),
            answers=survey.ask(dice, crowd, lived.lines, stories, size=size),
            last_day=last_day,
            exports=tuple(first - 1 for first, _ in played),
            actions=tuple(played),
            stories=stories,
            size=size,
        )

    @property
    def _root(self) -> World:
        return self.root or (replace(self, played=(), repairs=(), luck=0) if self.played else self)

    @cached_property
    def _past(self) -> life.Past:
        """Life up to the week in which decisions begin; only the company of 17 June 2026 is asked for it."""
        week = self._first_day(0) // 7
        dice = Dice(self.seed)
        return life.past(dice, people.arrivals(dice, self.customers, self.stories, week), self.stories, week=week)

    @staticmethod
    def _first_day(quarter: int) -> int:
        """Day number of the first day of a quarter played, counted from 0."""
        return shop.day_number(_months_later(FIRST_AS_OF, 3 * quarter)) + 1

    @cached_property
    def _frames(self) -> _Frames:
        return _Frames(self.history)

    def frames(self) -> dict[str, pd.DataFrame]:
        """The public tables with typed columns: money as `<name>_minor` in fen, times as datetimes."""
        return {name: self._frames[name].copy() for name in BUILDERS}

    def frames_of(self, name: str) -> pd.DataFrame:
        """One public table with typed columns: cheaper than all of them where only one is looked at."""
        return self._frames[name].copy()

    def tables(self) -> dict[str, pd.DataFrame]:
        """The public tables as the files hold them: every cell is text, money in yuan."""
        return {name: _as_text(self._frames[name]) for name in BUILDERS}

    def truth(self) -> dict[str, pd.DataFrame]:
        """What nobody at Lantern Home can know: types, responses, who is gone, the causes."""
        return {name: self.truth_of(name) for name in truth.BUILDERS}

    def truth_of(self, name: str) -> pd.DataFrame:
        """One table of the truth: cheaper than all of them where only one is looked at."""
        return truth.BUILDERS[name](self.history, self.stories)

    def advance(self, actions=None, quarters: int = 1, repairs=()) -> World:
        """The company three months later, or more.

        Parameters
        ----------
        actions : None, path, mapping, frame or pairs
            Who gets which action in the first of these quarters. Later ones go
            without. See `helpers.simulate.actions.check_actions`.
        quarters : int, default 1
        repairs : names, or text with commas between them
            What the company as a whole begins in the first of these quarters. See `helpers.simulate.repairs`.

        Returns
        -------
        World
            Everybody whose action is the same does exactly the same.
        """
        if not isinstance(quarters, int) or not 1 <= quarters <= 40:
            raise DataError(f"The number of quarters is {quarters!r}. Give a number from 1 to 40.")
        if actions is None and quarters == 1 and not repairs:
            return self._left_alone
        customers = tables.customers(self.history)
        known = dict(zip(customers["customer_id"], customers["kind"], strict=True))
        chosen = check_actions(actions, known=known)
        begun = check_repairs(repairs, (name for names in self.repairs for name in names))
        return self._after([chosen, *[()] * (quarters - 1)], [begun, *[()] * (quarters - 1)])

    def _after(self, actions: list, repairs: list) -> World:
        return replace(self, played=(*self.played, *actions), repairs=(*self.repairs, *repairs), root=self._root)

    def another_future(self, luck: int) -> World:
        """The same company with the same past and the same decisions, and other luck from 17 June 2026 on."""
        return replace(self, luck=luck, root=self._root)

    @cached_property
    def _left_alone(self) -> World:
        """The next quarter without actions, which every list is compared with."""
        return self._after([()], [()])

    @cached_property
    def _money_left_alone(self) -> dict[str, pd.Series]:
        return self._left_alone.money_since(self.as_of)

    def true_effect(self, actions) -> pd.DataFrame:
        """What a list causes in the next quarter, by living it with the list and without.

        Parameters
        ----------
        actions
            As for `advance`.

        Returns
        -------
        DataFrame, one row per person known today, by customer_id
            `action`; `spend_with_minor`, `spend_without_minor` (sales less
            returns); `margin_...`; `fee_margin_...` (of the contracts' fees paid
            in the quarter); `contact_cost_...` (the actions' own cost is part of
            it); each also as `..._effect_minor`, and `profit_effect_minor`
            (both margins less cost of contacts).
        """
        return self.effect_of(self.advance(actions))

    def effect_of(self, with_list: World) -> pd.DataFrame:
        """As `true_effect`, of the next quarter that was lived with a list already: what `advance` gave."""
        customers = self._frames["customers"]
        ids = customers.loc[customers["kind"] == "person", "customer_id"]
        effect = pd.DataFrame({"action": "none"}, index=pd.Index(ids, name="customer_id"))
        chosen = dict(with_list.played[-1])
        effect["action"] = [chosen.get(customer, "none") for customer in effect.index]
        for name, money in (("with", with_list.money_since(self.as_of)), ("without", self._money_left_alone)):
            for column in _MONEY:
                effect[f"{column}_{name}_minor"] = money[column].reindex(effect.index, fill_value=0)
        for column in _MONEY:
            effect[f"{column}_effect_minor"] = (
                effect[f"{column}_with_minor"] - effect[f"{column}_without_minor"]
            )
        effect["profit_effect_minor"] = (
            effect["margin_effect_minor"] + effect["fee_margin_effect_minor"] - effect["contact_cost_effect_minor"]
        )
        return effect.reset_index()

    def money_since(self, day: date) -> dict[str, pd.Series]:
        """Spend, margin and cost of contacts of each customer after a day."""
        midnight = pd.Timestamp(day) + pd.Timedelta(days=1)
        orders, service = self._frames["orders"], self._frames["contacts"]
        lines = orders[(orders["ordered_at"] >= midnight) & orders["kind"].isin(["sale", "return"])]
        by_customer = lines.groupby("customer_id")
        recent = service[service["at"] >= midnight]
        fees = contracts.fees(self.history, shop.day_number(day))
        fees["customer_id"] = people.ids_of(fees["person"].to_numpy())
        return {
            "spend": by_customer["amount_minor"].sum(),
            "margin": by_customer["margin_minor"].sum(),
            "fee_margin": fees.groupby("customer_id")["margin_fen"].sum(),
            "contact_cost": recent.groupby("customer_id")["cost_minor"].sum(),
        }

    def results(self) -> pd.DataFrame:
        """What the quarters lived since 17 June 2026 brought, in fen.

        Returns
        -------
        DataFrame, one row a quarter
            `quarter` (from 1), `until`, `revenue_minor` (sales less returns),
            `margin_minor`, `fee_margin_minor` (of the contracts' fees),
            `contact_cost_minor` (those of the lists are part of it),
            `list_cost_minor` (of these, the actions), `repair_cost_minor` and
            `profit_minor`: both margins less contacts and repairs.
        """
        frames, rows = self._frames, []
        ends = [shop.day_number(FIRST_AS_OF), *(self._first_day(quarter + 1) - 1 for quarter in range(len(self.played)))]
        orders, service = frames["orders"], frames["contacts"]
        orders = orders[orders["kind"].isin(["sale", "return"])]
        ordered_on, served_on = (text.day_numbers(frame[name]) for frame, name in ((orders, "ordered_at"), (service, "at")))
        fees = contracts.fees(self.history, ends[0])
        for quarter, (since, until) in enumerate(zip(ends, ends[1:], strict=False)):
            lines = orders[(ordered_on > since) & (ordered_on <= until)]
            cost = int(service.loc[(served_on > since) & (served_on <= until), "cost_minor"].sum())
            paid = int(fees.loc[(fees["day"] > since) & (fees["day"] <= until), "margin_fen"].sum())
            mended = repairs.cost_fen(list(self.repairs), quarter)
            margin = int(lines["margin_minor"].sum())
            rows.append(
                {
                    "quarter": quarter + 1,
                    "until": _months_later(FIRST_AS_OF, 3 * (quarter + 1)),
                    "revenue_minor": int(lines["amount_minor"].sum()),
                    "margin_minor": margin,
                    "fee_margin_minor": paid,
                    "contact_cost_minor": cost,
                    "list_cost_minor": sum(int(ACTION_COST_FEN[ACTIONS.index(what)]) for _, what in self.played[quarter]),
                    "repair_cost_minor": mended,
                    "profit_minor": margin + paid - cost - mended,
                }
            )
        return pd.DataFrame(rows)

    def state(self) -> dict:
        """All that is needed to make this company again."""
        return (
            {"version": VERSION, "seed": self.seed, "customers": self.customers}
            | self.stories.as_json()
            | {
                "as_of": self.as_of.isoformat(),
                "played": [[list(pair) for pair in quarter] for quarter in self.played],
            }
            # Files of companies without them stay as they are.
            | ({"repairs": [list(names) for names in self.repairs]} if any(self.repairs) else {})
            | ({"luck": self.luck} if self.luck else {})
        )

    @classmethod
    def from_state(cls, state: dict) -> World:
        """The company with a state such as `state()` gives."""
        if not isinstance(state, dict) or state.get("version") != VERSION:
            raise DataError("The state was not written by this version of the simulator. Make the company again.")
        try:
            world = company(state["seed"], state["customers"], state["stories"], state["plant"])
            luck, begun = state.get("luck", 0), state.get("repairs", [()] * len(state["played"]))
            if not isinstance(luck, int) or isinstance(luck, bool) or len(begun) != len(state["played"]):
                raise ValueError
            world = replace(world, luck=luck)
            for quarter, names in zip(state["played"], begun, strict=True):
                names = check_repairs(names, (name for done in world.repairs for name in done))
                world = world._after([tuple((str(who), str(what)) for who, what in quarter)], [names])
            customers = {who for quarter in world.played for who, _ in quarter}
            strange = {what for quarter in world.played for _, what in quarter} - set(ACTIONS)
            if strange or not all(who[1:].isdigit() for who in customers):
                raise ValueError
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, DataError):
                raise
            raise DataError("The state of the company is damaged. Make the company again.") from None
        return world

    def save(self, folder: str | Path, *, truth: bool = False) -> Path:
        """Write the tables as CSV, the state, and on demand the truth. See `saving.save`."""
        from helpers.simulate import saving

        return saving.save(self, folder, truth=truth)


class _Frames(dict):
    """The public tables of a history, each made when it is first asked for: a game asks for few of them, many times."""

    def __init__(self, history: tables.History) -> None:
        super().__init__()
        self._history = history

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = BUILDERS[name](self._history)
        return self[name]


def _months_later(day: date, months: int) -> date:
    """The same day of a later month."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, day.day)


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """A typed frame with every cell as the CSV file has it."""
    columns = {}
    for name, values in frame.items():
        empty = values.isna().to_numpy()
        if name.endswith("_minor"):
            name = name.removesuffix("_minor")
            cells = text.yuan(values.fillna(0).tolist())
        elif values.dtype.kind == "M":
            stamps = values.to_numpy()
            cells = text.iso_moments(stamps) if name.endswith("at") else text.iso_dates(stamps)
        elif values.dtype in (bool, "boolean"):
            cells = text.yes_no(values.fillna(False).astype(bool))
        else:
            cells = values.astype("str").to_numpy(dtype=object)
        columns[name] = np.where(empty, "", cells)
    return pd.DataFrame(columns, dtype="str")
