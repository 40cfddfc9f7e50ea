"""One customer, one number: which customer numbers belong to one person, how far to trust that, and what it hides.

Linking uses codes, never a telephone number or an address. It makes two kinds of error: people joined who are two
(a household shares an address), and numbers of one person left apart (a telephone changes).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import Estimate, wilson
from helpers.withheld import Withheld

RULES = {
    "phone": "the same telephone",
    "phone+year": "the same telephone and the same year of birth",
    "address": "the same address",
    "address+year": "the same address and the same year of birth",
}
CAREFUL = ("phone+year", "address+year")
"""Rules under which a household is not taken for one person, unless two of it were born in one year."""
MOST_SHARED = 6
"""A code that more numbers share is an office or a stand-in, not a person."""
_KEYS = {
    "phone": ("phone_code",), "phone+year": ("phone_code", "birth_year"),
    "address": ("address_code",), "address+year": ("address_code", "birth_year"),
}  # fmt: skip


@dataclass(frozen=True)
class Links:
    """Customer numbers that belong together.

    Attributes
    ----------
    person : Series of str, by customer_id
        The first of the numbers that belong to one person.
    pairs : DataFrame
        `first`, `second`, `rule`: each pair that a rule joins.
    rules : tuple of str
    too_common : int
        Codes left out because too many numbers share them.
    """

    person: pd.Series
    pairs: pd.DataFrame
    rules: tuple[str, ...]
    too_common: int

    @property
    def joined(self) -> pd.DataFrame:
        """People with several numbers: `person`, `numbers`."""
        sizes = self.person.value_counts()
        sizes = sizes[sizes > 1].rename_axis("person").reset_index(name="numbers")
        return sizes.sort_values(["numbers", "person"], ascending=[False, True], ignore_index=True)


def link(customers: pd.DataFrame | None, *, rules: tuple[str, ...] = CAREFUL) -> Links | Withheld:
    """Join customer numbers by one or more rules; what is joined with one is joined with all its others.

    Parameters
    ----------
    customers : DataFrame or None
        `customer_id`, `phone_code`, `address_code`, `birth_year`; `kind` where known: cards are no persons.
    rules : tuple of str
        Keys of `RULES`.

    Raises
    ------
    DataError
        If a rule is not known.
    """
    unknown = [rule for rule in rules if rule not in RULES]
    if unknown:
        raise DataError(f"There is no rule {unknown[0]!r} for linking. The rules are {words.listing(RULES)}.")
    what = "Which numbers belong to one person"
    gain = "With codes for telephone and address in the customers table, numbers of one person could be found."
    if customers is None:
        return Withheld(what, "The data have no table of customers.", gain)
    missing = sorted({key for rule in rules for key in _KEYS[rule] if key not in customers or customers[key].isna().all()})
    if missing:
        return Withheld(what, f"The customers have no {words.listing(missing)}.", gain)
    persons = customers[customers["kind"].fillna("person").eq("person")] if "kind" in customers else customers
    persons = persons.sort_values("customer_id").reset_index(drop=True)
    parts, too_common = [], 0
    for rule in rules:
        keys = list(_KEYS[rule])
        known = persons.dropna(subset=keys)
        known = known[known[keys[0]].astype(str).ne("")]
        for _, group in known.groupby(keys, sort=True):
            if len(group) > MOST_SHARED:
                too_common += 1
            elif len(group) > 1:
                parts += [(a, b, rule) for a, b in combinations(group.index, 2)]
    places = pd.DataFrame(parts, columns=["first", "second", "rule"])
    n = len(persons)
    graph = coo_matrix((np.ones(len(places)), (places["first"], places["second"])), shape=(n, n))
    _, group = connected_components(graph, directed=False)
    ids = persons["customer_id"].to_numpy()
    # The rows stand by id, so the first row of a group is its first number.
    first = pd.Series(ids).groupby(group).transform("first").to_numpy()
    pairs = places.assign(first=ids[places["first"]], second=ids[places["second"]])
    return Links(pd.Series(first, index=ids, name="person").rename_axis("customer_id"), pairs, tuple(rules), too_common)


@dataclass(frozen=True)
class LinkErrors:
    """How far links can be trusted, held against the truth.

    Attributes
    ----------
    joined, right, true : int
        Pairs joined, those of them that are one person, and all true pairs.
    precision, recall : Estimate
        Of the pairs joined, the share that is right; of the true pairs, the share that was found.
    """

    joined: int
    right: int
    true: int
    precision: Estimate
    recall: Estimate


def errors(person: pd.Series, truth: pd.Series) -> LinkErrors:
    """Pairs joined against pairs that are one person in truth.

    Parameters
    ----------
    person, truth : Series of str, by customer_id
        Who each number was taken for, and who it is. Only numbers in both count.
    """
    both = pd.DataFrame({"person": person, "truth": truth}).dropna()

    def pairs(*keys: str) -> int:
        sizes = both.groupby(list(keys)).size()
        return int((sizes * (sizes - 1) // 2).sum())

    joined, true, right = pairs("person"), pairs("truth"), pairs("person", "truth")
    return LinkErrors(joined, right, true, wilson(right, joined), wilson(right, true))


def hidden(ledger: pd.DataFrame, links: Links | Withheld, *, share: float = 0.95) -> pd.DataFrame | Withheld:
    """People who are among the largest customers only when their numbers are added up.

    One code alone joins many a household in which two were born in one year. So where several rules are used,
    somebody is named here only if two of the rules join the same two numbers, or if there are three numbers or more.

    Parameters
    ----------
    ledger : DataFrame
        One row a customer: `customer_id`, `net_minor` (money in the window).
    links : Links
    share : float, default 0.95
        The largest begin at this share of the customers, counted by number.

    Returns
    -------
    DataFrame, the largest first
        `person`, `numbers` (ids joined by commas), `count`, `net_minor`, `largest_single_minor`, `cut_minor`.
    """
    if isinstance(links, Withheld):
        return links
    buyers = ledger[ledger["net_minor"] > 0]
    if len(buyers) < 20:
        return Withheld("Large customers under several numbers", f"{words.count(len(buyers), 'customer')} are too few for a cut.", "")
    cut = int(np.ceil(buyers["net_minor"].quantile(share)))
    rows = buyers.assign(person=buyers["customer_id"].map(links.person)).dropna(subset="person").sort_values("customer_id")
    table = rows.groupby("person").agg(
        numbers=("customer_id", ", ".join), count=("customer_id", "size"), net_minor=("net_minor", "sum"), largest_single_minor=("net_minor", "max")
    ).reset_index()  # fmt: skip
    table = table[(table["count"] >= 3) | table["person"].isin(_agreed(links))]
    table = table[(table["count"] > 1) & (table["net_minor"] >= cut) & (table["largest_single_minor"] < cut)].assign(cut_minor=cut)
    return table.sort_values(["net_minor", "person"], ascending=[False, True], ignore_index=True)


def _agreed(links: Links) -> set[str]:
    """The people of whom two numbers are joined by two rules; everybody where there is one rule alone."""
    rules = links.pairs.groupby(["first", "second"])["rule"].nunique()
    pairs = rules[rules >= min(2, len(links.rules))].reset_index()
    return set(pairs["first"].map(links.person))


# Column, what it is, and how sensitive: background says who somebody is, behaviour what they did.
KNOWN_OF = (
    ("customers", "birth_year", "background", "personal"),
    ("customers", "city", "background", "personal"),
    ("customers", "background", "background", "sensitive"),
    ("customers", "phone_code", "background", "personal"),
    ("customers", "address_code", "background", "personal"),
    ("customers", "consent", "background", "needed by law"),
    ("customers", "acquisition_route", "behaviour", "ordinary"),
    ("orders", "product_id", "behaviour", "ordinary"),
    ("orders", "channel", "behaviour", "ordinary"),
    ("contacts", "touchpoint", "behaviour", "ordinary"),
    ("contacts", "cause", "behaviour", "personal"),
    ("survey", "motive", "behaviour", "personal"),
)


def completeness(tables: dict[str, pd.DataFrame], ids: pd.Series) -> pd.DataFrame:
    """What is known of the customers: background and behaviour, and of how many.

    Parameters
    ----------
    tables : dict of DataFrame
        The company's tables with a `customer_id`.
    ids : Series of str
        The customers who count.

    Returns
    -------
    DataFrame
        `column`, `kind` (background or behaviour), `sensitivity`, `customers` (of whom it is known), `share`.
    """
    ids = pd.Index(ids.unique())
    rows = []
    for name, column, kind, sensitivity in KNOWN_OF:
        frame = tables.get(name)
        known = pd.Index([])
        if frame is not None and column in frame and "customer_id" in frame:
            filled = frame[column].notna() & frame[column].astype(str).ne("")
            known = pd.Index(frame.loc[filled, "customer_id"].dropna().unique()).intersection(ids)
        rows.append({"column": f"{name}.{column}", "kind": kind, "sensitivity": sensitivity, "customers": len(known), "share": len(known) / max(len(ids), 1)})
    return pd.DataFrame(rows)


def compare_rules(customers: pd.DataFrame | None, truth: pd.DataFrame | None, sets: dict[str, tuple[str, ...]]) -> pd.DataFrame | Withheld:
    """Several ways to link, each held against the truth.

    Parameters
    ----------
    customers : DataFrame
        As for `link`.
    truth : DataFrame or None
        `customer_id` and `person_id`: known in a simulation, or from pairs that somebody has looked at.
    sets : dict of str to rules
        A name for each way.

    Returns
    -------
    DataFrame
        `rule`, `joined`, `right`, `true`, `precision`, `precision_low`, `precision_high`, `recall`, `recall_low`, `recall_high`.
    """
    if truth is None:
        return Withheld("How far links can be trusted", "Nobody has looked at the pairs.", "Fifty joined pairs, drawn by lot and looked at by hand, would tell.")
    known = truth.set_index("customer_id")["person_id"]
    rows = []
    for name, rules in sets.items():
        found = link(customers, rules=rules)
        if isinstance(found, Withheld):
            return found
        one = errors(found.person, known)
        rows.append(
            {
                "rule": name, "joined": one.joined, "right": one.right, "true": one.true,
                "precision": one.precision.value, "precision_low": one.precision.low, "precision_high": one.precision.high,
                "recall": one.recall.value, "recall_low": one.recall.low, "recall_high": one.recall.high,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
