"""Monday, group by group: an action that fits the group, and the customers nearest to the next rung."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.segmentation.behaviour import Feature
from helpers.segmentation.groups import FEW_ORDERS, Groups
from helpers.segmentation.ladder import ADVOCATE, LIFETIME, NEW, QUALITY, RETURNING, SILENT, Ladder
from helpers.segmentation.lists import COLUMNS
from helpers.withheld import Silence, Withheld, passes_on_withheld

LIST = "climb"
ACTIONS = {
    "reminder": "a reminder: what is new, no discount",
    "call": "a call by somebody who knows the goods",
    "offer": "a bundle: what they buy, with something from another line",
    "coupon": "a coupon: a discount on the next order",
    "service_repair": "a repair: somebody puts right what went wrong",
}
MUCH_RETURNED = 0.15  # of a group's money, from which what came back is the matter
NOT_YET_DAYS = 14  # after a first order, before which a reminder would be a nuisance
MIN_RHYTHM = 0.15
MIN_Z = 0.4  # spreads from the average customer, from which a trait counts


EVERYBODY = "all who order often enough"  # where no groups are found


def fitting_actions(groups: Groups | Withheld | Silence) -> pd.DataFrame:
    """An action for each group by what sets it apart, with the reason.

    The first rule that fits: much returned, repair; bought at a discount or by
    promotion, a reminder (they come for the price anyway, and a coupon pays
    them for it); few product lines, a bundle; large orders, or orders that are
    frequent or rare, a call; the rest, a reminder. The rules are our choice; what they cause is measured.

    Returns
    -------
    DataFrame
        `group`, `action`, `reason`; one row a group, and one for customers with
        too few orders. Without groups, one row for all who order often enough.
    """
    rows = []
    if isinstance(groups, Groups):
        table = groups.behaviour.table
        overall = table["breadth"].mean()
        for name in groups.names:
            members = table[groups.values.reindex(table.index).eq(name)]
            rows.append({"group": name, **_fitting(groups, name, members, overall)})
    else:
        rows.append({"group": EVERYBODY, "action": "call", "reason": "no kinds of customers are claimed: ask what is missing"})
    rows.append({"group": FEW_ORDERS, "action": "reminder", "reason": "the new among them: the second order is the step that matters"})
    return pd.DataFrame(rows)


def _fitting(groups: Groups, name: str, members: pd.DataFrame, overall: float) -> dict[str, str]:
    z = groups.centres.loc[name]
    if "returned" in members and members["returned"].mean() >= MUCH_RETURNED:
        return {
            "action": "service_repair",
            "reason": f"{words.in_100(members['returned'].mean())} units of money come back: find out what goes wrong",
        }
    cheap = [one for one in groups.scale.features if one.name == "discount" or "promo" in one.name.lower()]
    if any(z[one.name] >= 1 for one in cheap):
        return {"action": "reminder", "reason": "they buy at a discount anyway: a coupon would pay them for it"}
    if overall == overall and members["breadth"].mean() < overall - 0.25:
        return {
            "action": "offer",
            "reason": f"{members['breadth'].mean():.1f} product lines a customer, {overall:.1f} overall: something from another line",
        }
    if z.get("mean_order_minor", 0) >= MIN_Z:
        return {"action": "call", "reason": "their orders are large: worth a talk"}
    if abs(z.get("order_days", 0)) >= MIN_RHYTHM:
        often = z["order_days"] > 0
        return {
            "action": "call",
            "reason": "they come often, and for more than one thing: worth a talk"
            if often
            else "they come seldom, and not for the price: ask what is missing",
        }
    return {"action": "reminder", "reason": "nothing in their habits asks for more than to hear from us"}


def climb_list(
    groups: Groups | Withheld | Silence, ladder: Ladder | Withheld, actions: pd.DataFrame, *, code: str, group_size: int = 80
) -> pd.DataFrame | Withheld:
    """Customers below the rung *quality*, those nearest to it first, each with the action of their group.

    Parameters
    ----------
    groups : Groups
        Without them everybody with three order days or more counts as one group.
    ladder : Ladder
        At the same date.
    actions : DataFrame
        From `fitting_actions`.
    code : str
        ISO code of the currency.
    group_size : int, default 80
        Most customers of one group.

    Returns
    -------
    DataFrame with the columns of a list and `group`
    """
    if not isinstance(ladder, Ladder):
        return ladder
    action = dict(zip(actions["group"], actions["action"], strict=True))
    table = ladder.table[~ladder.table["rung"].isin([SILENT, QUALITY, LIFETIME, ADVOCATE])]
    table = table[table["order_days"] > 0]
    if isinstance(groups, Groups):
        group = table["customer_id"].map(groups.values).fillna(FEW_ORDERS)
    else:
        group = table["order_days"].ge(ladder.rules.long_order_days).map({True: EVERYBODY, False: FEW_ORDERS})
    table = table.assign(group=group)
    # Of those with few orders only the new: the second order is the step to help with.
    table = table[table["group"].ne(FEW_ORDERS) | table["rung"].eq(NEW)]
    table = table[table["group"].map(action).notna() & (table["value_minor"] > 0)]
    # Nearest to the next rung first; of the new, those who have come lately.
    table = table[table["rung"].ne(NEW) | table["recency_days"].ge(NOT_YET_DAYS)]
    near = table["value_minor"].where(table["group"].ne(FEW_ORDERS), -table["recency_days"])
    table = table.assign(near=near).sort_values(["near", "customer_id"], ascending=[False, True])
    table = table.groupby("group", sort=False).head(group_size)
    if table.empty:
        return pd.DataFrame(columns=[*COLUMNS, "group"])
    worth = _worth(ladder)
    shares = _own_shares(groups) if isinstance(groups, Groups) else {}
    rows = [
        {
            "customer_id": row.customer_id,
            "list": LIST,
            "action": action[row.group],
            "reason": _reason(row),
            "evidence": _evidence(row, ladder, shares, code),
            "value_at_stake_minor": _at_stake(row, worth, ladder),
            "group": row.group,
        }
        for row in table.itertuples()
    ]
    return pd.DataFrame(rows)


@passes_on_withheld
def group_of(candidates: pd.DataFrame) -> pd.Series:
    """The group of each customer on a list, by customer_id."""
    return candidates.set_index("customer_id")["group"]


@passes_on_withheld
def with_actions(rows: pd.DataFrame, groups: pd.Series, actions: Mapping[str, str]) -> pd.DataFrame:
    """The rows of a list with other actions for whole groups.

    Parameters
    ----------
    rows : DataFrame
        As `ActionList.rows`.
    groups : Series of str, indexed by customer_id
        As the list was made from; see `climb_list`.
    actions : mapping of group to action
        "none" takes a group off the list; groups that are not named stay as they are.

    Returns
    -------
    DataFrame, with a column `group`

    Raises
    ------
    DataError
        If there is no such group or no such action.
    """
    rows = rows.assign(group=rows["customer_id"].map(groups))
    for name, action in actions.items():
        if name not in set(groups):
            raise DataError(f"There is no group {name!r}. The groups are: {words.listing(sorted(set(groups)))}.")
        if action != "none" and action not in ACTIONS:
            raise DataError(f"There is no action {action!r}. Choose none, {words.listing(ACTIONS)}.")
    chosen = rows["group"].map(dict(actions)).fillna(rows["action"])
    return rows.assign(action=chosen)[chosen.ne("none")]


def _worth(ladder: Ladder) -> dict[str, int]:
    """What customers of a rung bring in a year: the median."""
    money = ladder.table.groupby("rung")["value_minor"].median()
    return {rung: int(value) for rung, value in money.items()}


def _at_stake(row, worth: Mapping[str, int], ladder: Ladder) -> int:
    """What the next rung would add in a year; for those who spend enough for it already, what losing them would cost."""
    own = int(row.value_minor)
    if row.rung == NEW:
        return max(worth.get(RETURNING, own) - own, 0)
    if own >= ladder.quality_from_minor:
        return own
    return max(worth.get(QUALITY, ladder.quality_from_minor) - own, 0)


def _reason(row) -> str:
    if row.group == FEW_ORDERS:
        return "New: one order day so far, and the second is the step that most do not take"
    return f"{row.group}: on the rung {row.rung}, near the rung {QUALITY}"


def _evidence(row, ladder: Ladder, shares: Mapping[str, str], code: str) -> str:
    text = f"{words.money(row.value_minor, code=code)} in the last year on {words.count(int(row.order_days), 'order day')} in all"
    missing = ladder.quality_from_minor - int(row.value_minor)
    if row.group == FEW_ORDERS:
        text = f"One order day, {words.count(int(row.recency_days), 'day')} ago, for {words.money(row.value_minor, code=code)}"
    elif missing > 0:
        text += f"; {words.money(missing, code=code)} less than where {QUALITY} begins"
    else:
        text += f"; spends as {QUALITY} customers do, for {words.count(int(row.known_days), 'day')} so far"
    if row.customer_id in shares:
        text += f"; {shares[row.customer_id]}"
    return text + "."


def _own_shares(groups: Groups) -> dict[str, str]:
    """For each customer the number behind the first trait of the group, in words."""
    table = groups.behaviour.table
    said: dict[str, str] = {}
    for name in groups.names:
        feature = next((one for one, z in groups.traits[name] if z > 0 and one.unit == "share"), None)
        if feature is None:
            continue
        for customer, value in table.loc[groups.values.reindex(table.index).eq(name), feature.name].items():
            said[customer] = _share_in_words(feature, value)
    return said


def _share_in_words(feature: Feature, value: float) -> str:
    what = {"returned": "came back", "discount": "off the list price"}.get(feature.name, feature.label.partition(": ")[2])
    return f"{words.in_100(value)} units of money: {what}"
