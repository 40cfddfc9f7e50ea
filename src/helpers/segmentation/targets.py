"""From strengths, weaknesses, opportunities and threats to a target group, each with its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from helpers import words
from helpers.data.ledger import ledger
from helpers.segmentation.groups import Groups
from helpers.segmentation.ladder import LONG_TERM, NEW, ORDER, Climbing, Ladder
from helpers.segmentation.surveys import Wave
from helpers.withheld import Silence, Withheld, passes_on_withheld

YEAR_DAYS, QUARTER_DAYS = 365, 91
KINDS = {
    "strength": "强项",
    "weakness": "弱项",
    "opportunity": "机会",
    "threat": "威胁",
}
MAX_LINES = 30  # more are articles, not lines
MIN_ASKED = 100  # answers, for a statement about the panel


@dataclass(frozen=True)
class Statement:
    """One line of a SWOT table.

    Attributes
    ----------
    text : str
        A sentence with its number and what it is compared with; Markdown.
    inside : bool
        Whether it is about what we do (else: about customers and their market).
    good : bool
    source : str
        Where the number comes from.
    """

    text: str
    inside: bool
    good: bool
    source: str

    @property
    def kind(self) -> str:
        """A key of `KINDS`."""
        return {(True, True): "strength", (True, False): "weakness", (False, True): "opportunity"}.get(
            (self.inside, self.good), "threat"
        )


def statements(
    orders: pd.DataFrame,
    *,
    as_of: date,
    ladder: Ladder | Withheld,
    climbing: Climbing | Withheld,
    wave: Wave | Withheld,
) -> list[Statement]:
    """Strengths, weaknesses, opportunities and threats that the company's own numbers show.

    Each compares two numbers, so that it says on which side it falls: with the
    year before, or with each other. What the data do not have is left out.

    Parameters
    ----------
    orders : DataFrame
        Order lines; `line` is used where it is (see `drill.with_product_line`).
    as_of : date
    ladder, climbing, wave
        What else is known; each may be withheld.

    References
    ----------
    S68 of the source. Inside is what we do; outside is what customers want and do.
    """
    found: list[Statement | None] = []
    # In a shorter export hardly anybody can have been a customer for long.
    if isinstance(ladder, Ladder) and orders["ordered_at"].min() <= pd.Timestamp(as_of - timedelta(days=2 * ladder.rules.long_days)):
        found.append(_long_term_money(ladder))
    if isinstance(climbing, Climbing):
        found.append(_new_customers(climbing))
    found += [_returns(orders, as_of), _first_orders(orders, as_of), *_demand(orders, as_of)]
    if isinstance(wave, Wave):
        found += [_plans(wave, orders), _price(wave)]
    return [one for one in found if one is not None]


def target_scores(
    groups: Groups | Withheld | Silence, orders: pd.DataFrame, customers: pd.DataFrame | None, *, as_of: date
) -> pd.DataFrame | Withheld:
    """How much there is to win in each group, best first.

    Parameters
    ----------
    groups : Groups
    orders : DataFrame
    customers : DataFrame or None
        `consent` is used where it is.

    Returns
    -------
    DataFrame
        `group`, `customers`; `year_minor`, money of the last year;
        `at_stake_minor`, what the group would bring more if each of its
        customers spent as the upper quarter of the group does; `reachable`,
        share who ordered in the last year and may be contacted (consent not
        known counts as yes); `answering`, share who ordered in the last
        quarter; `score_minor`, the three multiplied. Withheld without groups.

    References
    ----------
    S68 asks for a target group and gives no rule; this one is our choice.
    """
    if not isinstance(groups, Groups):
        return Withheld(
            "Which group first",
            "No groups are claimed, so none can come first.",
            "The rungs of the ladder say where help is needed.",
        )
    year = ledger(orders, as_of=as_of, since=as_of - timedelta(days=YEAR_DAYS - 1)).set_index("customer_id")
    last = year["last_order_on"].reindex(groups.values.index)
    table = pd.DataFrame({"group": groups.values, "year_minor": year["net_minor"].reindex(groups.values.index).fillna(0)})
    upper = table.groupby("group")["year_minor"].transform(lambda money: money.quantile(0.75))
    table["at_stake_minor"] = (upper - table["year_minor"]).clip(lower=0)
    table["reachable"] = last.notna() & table.index.to_series().map(_may_contact(customers)).ne(False)
    table["answering"] = last > pd.Timestamp(as_of - timedelta(days=QUARTER_DAYS))
    by_group = table.groupby("group")
    made = by_group.agg(
        customers=("year_minor", "size"), year_minor=("year_minor", "sum"), at_stake_minor=("at_stake_minor", "sum"),
        reachable=("reachable", "mean"), answering=("answering", "mean"),
    ).reindex(list(groups.names))  # fmt: skip
    made["score_minor"] = made["at_stake_minor"] * made["reachable"] * made["answering"]
    money = ["year_minor", "at_stake_minor", "score_minor"]
    made[money] = made[money].round().astype("int64")
    made = made.rename_axis("group").reset_index()
    return made.sort_values(["score_minor", "group"], ascending=[False, True], ignore_index=True)


@passes_on_withheld
def target_group(scores: pd.DataFrame) -> str:
    """The group with the highest score."""
    return str(scores["group"].iloc[0])


ALIKE = 1.1  # the best group, in scores of the next one: below this none stands out


@passes_on_withheld
def where_to_begin(scores: pd.DataFrame) -> str:
    """Whether most is to be won where most is at stake ("stake"), elsewhere ("reach"), or everywhere alike ("alike")."""
    if len(scores) > 1 and scores["score_minor"].iloc[0] < ALIKE * scores["score_minor"].iloc[1]:
        return "alike"
    return "stake" if scores["at_stake_minor"].idxmax() == 0 else "reach"


# ---------------------------------------------------------------- one statement each


def _long_term_money(ladder: Ladder) -> Statement | None:
    money = ladder.table.groupby("rung")["value_minor"].sum()
    total = money.sum()
    if total <= 0:
        return None
    lasting = [rung for rung in ORDER if ORDER.index(rung) >= ORDER.index(LONG_TERM)]
    share = float(money.reindex(lasting).fillna(0).sum() / total)
    return Statement(
        f"Customers on the rung *{LONG_TERM}* and higher bring {words.percent(share)} of the money of the last year, "
        f"all others {words.percent(1 - share)}.",
        inside=True, good=share >= 0.5, source="orders, ladder",
    )  # fmt: skip


def _new_customers(climbing: Climbing) -> Statement | None:
    row = climbing.table[climbing.table["rung"] == NEW]
    if row.empty or not row["stood"].iloc[0]:
        return None
    climbed, silent = (float(row[name].iloc[0] / row["stood"].iloc[0]) for name in ("climbed", "fell_silent"))
    return Statement(
        f"Of 100 new customers {100 * climbed:.0f} come back within a quarter, and {100 * silent:.0f} fall silent.",
        inside=True, good=climbed > silent, source="orders, ladder",
    )  # fmt: skip


def _returns(orders: pd.DataFrame, as_of: date) -> Statement | None:
    shares = []
    for back in (0, YEAR_DAYS):
        end = as_of - timedelta(days=back)
        if orders["ordered_at"].min() > pd.Timestamp(end - timedelta(days=YEAR_DAYS - 1)):
            return None
        book = ledger(orders, as_of=end, since=end - timedelta(days=YEAR_DAYS - 1))
        if not book["gross_minor"].sum():
            return None
        shares.append(float(-book["returns_minor"].sum() / book["gross_minor"].sum()))
    now, before = shares
    if now == before:
        return None
    return Statement(
        f"Of 100 units of money sold in the last year {100 * now:.1f} came back as returns; the year before it was {100 * before:.1f}.",
        inside=True, good=now < before, source="orders",
    )  # fmt: skip


def _first_orders(orders: pd.DataFrame, as_of: date) -> Statement | None:
    """Customers who ordered for the first time, in the last year and the year before."""
    first = orders.loc[orders["amount_minor"] > 0].groupby("customer_id")["ordered_at"].min()
    year = timedelta(days=YEAR_DAYS)
    # Early in an export everybody looks new, so a year before the two years is needed, too.
    if orders["ordered_at"].min() > pd.Timestamp(as_of - 3 * year + timedelta(days=1)):
        return None
    now, before = (
        int(((first > pd.Timestamp(as_of - (n + 1) * year)) & (first < pd.Timestamp(as_of - n * year + timedelta(days=1)))).sum())
        for n in (0, 1)
    )
    if now == before:
        return None
    return Statement(
        f"{words.count(now, 'person')} ordered for the first time in the last year; the year before it was {words.number(before)}."
        .replace("persons", "people"),
        inside=False, good=now > before, source="orders",
    )  # fmt: skip


def _demand(orders: pd.DataFrame, as_of: date) -> list[Statement]:
    """The product lines on which customers spent most more, and most less, than the year before."""
    if "line" not in orders or orders["line"].nunique() > MAX_LINES:
        return []
    spent = []
    for back in (YEAR_DAYS, 0):
        end = pd.Timestamp(as_of - timedelta(days=back))
        since = end - pd.Timedelta(days=YEAR_DAYS - 1)
        if orders["ordered_at"].min() > since:
            return []
        inside = (orders["ordered_at"] >= since) & (orders["ordered_at"] < end + pd.Timedelta(days=1))
        sold = orders[inside & (orders["amount_minor"] > 0)]
        spent.append(sold.groupby("line", observed=True)["amount_minor"].sum())
    both = pd.concat(spent, axis=1, keys=["before", "after"]).fillna(0)
    both = both[(both["before"] > 0.03 * both["before"].sum()) & (both.index.astype("str") != "unknown")]
    if len(both) < 2:
        return []
    growth = (both["after"] / both["before"] - 1).sort_values(kind="stable")
    best, worst = (growth.index[-1], growth.iloc[-1]), (growth.index[0], growth.iloc[0])
    found = []
    if best[1] > 0:
        found.append((best, "more", True))
    if worst[1] < 0:
        found.append((worst, "less", False))
    return [
        Statement(
            f"Customers spent {words.percent(abs(value))} {more} on the product line *{words.plain(str(name).replace('_', ' '))}* "
            f"than the year before: {'the best' if good else 'the worst'} of {words.count(len(both), 'line')}.",
            inside=False, good=good, source="orders, products",
        )
        for (name, value), more, good in found
    ]  # fmt: skip


def _plans(wave: Wave, orders: pd.DataFrame) -> Statement | None:
    panel = wave.answers[wave.answers["mode"] == "panel"]
    if "plans_to_buy" not in panel or panel["plans_to_buy"].notna().sum() < MIN_ASKED or wave.base.empty:
        return None
    known = panel[panel["plans_to_buy"].notna()]
    weight = known["weight"]
    plan = float((known["plans_to_buy"].astype("float64") * weight).sum() / weight.sum())
    lately = ledger(orders, as_of=wave.day, since=wave.day - timedelta(days=QUARTER_DAYS - 1))["customer_id"]
    did = float(wave.base.index.isin(lately).mean())
    return Statement(
        f"Of 100 customers of the panel {100 * plan:.0f} plan to buy within three months; in the three months before, "
        f"{100 * did:.0f} of 100 did.",
        inside=False, good=plan > did, source="survey, panel",
    )  # fmt: skip


def _price(wave: Wave) -> Statement | None:
    panel = wave.answers[wave.answers["mode"] == "panel"]
    if "motive" not in panel or panel["motive"].notna().sum() < MIN_ASKED:
        return None
    share = panel.groupby("motive")["weight"].sum() / panel.loc[panel["motive"].notna(), "weight"].sum()
    if "price" not in share or len(share) < 2:
        return None
    others = share.drop("price")
    return Statement(
        f"Of 100 customers of the panel {100 * share['price']:.0f} choose a shop by price first; next comes "
        f"*{words.plain(others.idxmax())}* with {100 * others.max():.0f}.",
        inside=False, good=bool(share["price"] < others.max()), source="survey, panel",
    )  # fmt: skip


def _may_contact(customers: pd.DataFrame | None) -> Mapping[str, bool]:
    """Who has said whether they may be contacted."""
    if customers is None or "consent" not in customers:
        return {}
    known = customers[customers["consent"].notna()].drop_duplicates("customer_id")
    return dict(zip(known["customer_id"], known["consent"].astype(bool), strict=True))
