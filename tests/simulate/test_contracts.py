"""The Care Plan: what is planted shows, what is not planted does not, and nothing else moves."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers import simulate
from helpers.data import contract
from helpers.errors import DataError
from helpers.simulate import contacts, contracts
from helpers.simulate.catalogue import day_number

SITES = {"month_twelve": 24, "after_complaint": "late"}


@pytest.fixture(scope="module")
def worlds():
    """As the sample, with the stories at other sites, and without any."""
    return {"sample": simulate.company(seed=31), "elsewhere": simulate.company(seed=31, plant=SITES),
            "none": simulate.company(seed=31, stories=False)}  # fmt: skip


@pytest.fixture(scope="module")
def tables(worlds):
    return {name: contracts.contracts(world.history) for name, world in worlds.items()}


def by_month(table, as_of):
    """Of the contracts seen alive at each age of 6 to 30 whole months: how many, and how many ended just then."""
    start, first = table["started_on"], pd.Timestamp("2023-06-01")
    entered = ((first - start).dt.days / contracts.MONTH).clip(lower=0)
    lasted = (table["ended_on"].fillna(pd.Timestamp(as_of)) - start).dt.days / contracts.MONTH
    age = lasted.round().where(table["ended_on"].notna(), -1)
    months = np.arange(6, 31)
    return months, np.array([[((entered < m - 0.5) & (lasted >= m - 0.5)).sum(), (age == m).sum()] for m in months])


def test_the_tables_keep_the_contract(worlds, tables):
    for name, table in (("contracts", tables["sample"]), ("exits", contracts.exits(worlds["sample"].history))):
        frame = pd.DataFrame({column.stored: table[column.stored] for column in contract.TABLES[name]})
        assert contract.failures(name, frame.astype({c: "str" for c in frame if frame[c].dtype == object})) == []


@pytest.mark.parametrize("name, month", [("sample", 12), ("elsewhere", 24), ("none", None)])
def test_leaving_clusters_at_the_planted_month_and_nowhere_else(worlds, tables, name, month):
    truth = contracts.truth_of_departures(worlds[name].history, worlds[name].stories)
    # Complaints come some weeks after an order, and are a story of their own.
    over_complaints = truth.loc[truth["cause"] == "complaint", "contract_id"]
    table = tables[name][~tables[name]["contract_id"].isin(over_complaints)]
    months, counts = by_month(table, worlds[name].as_of)
    usual = np.median(counts[:, 1] / counts[:, 0])
    high = [int(m) for m, (alive, ends) in zip(months, counts, strict=True) if stats.binom.sf(ends - 1, alive, usual) < 1e-4]
    assert high == ([] if month is None else [month])


@pytest.mark.parametrize("name", ["sample", "elsewhere", "none"])
def test_contracts_are_cancelled_after_complaints_where_it_is_planted(worlds, name):
    """Cancelled within 30 days, of the contracts that ran on the day of the complaint; without the story 1 in 100."""
    history = worlds[name].history
    made = contacts.complaints(history)
    book = history.held.set_index("person")
    made = made[made["person"].isin(book.index)]
    start, ended = (book.loc[made["person"], column].to_numpy() for column in ("start", "ended"))
    runs = (start < made["day"]) & (ended > made["day"]) & (made["day"] + 30 <= history.last_day)
    gone = pd.Series((ended <= made["day"] + 30)[runs].astype(float))
    by_cause = gone.groupby(made["cause"][runs].to_numpy()).mean()
    if name == "none":
        assert gone.mean() < 0.05
    else:
        planted = worlds[name].stories.plant["after_complaint"]
        assert by_cause.idxmax() == list(simulate.life.CAUSES).index(planted)
        assert gone.mean() > 0.10


def test_the_complaints_are_those_of_the_public_table(worlds):
    world = worlds["sample"]
    made = contacts.complaints(world.history)
    public = world.frames_of("contacts")
    public = public[(public["cause"] != "") & public["contact_id"].str.endswith("C")]
    upto = made[made["day"] <= world.history.last_day]
    assert len(upto) == len(public)
    days = pd.Series(simulate.text.moments(upto["day"], np.zeros(len(upto)))).sort_values()
    assert (days.to_numpy() == public["at"].dt.normalize().sort_values().to_numpy()).all()


def test_contracts_of_the_years_before_are_seen_only_if_they_were_still_alive(tables):
    table, first = tables["sample"], pd.Timestamp("2023-06-01")
    before = table[table["started_on"] < first]
    assert len(before) > 200
    assert (before["ended_on"].isna() | (before["ended_on"] >= first)).all()


def test_paid_terms_renewals_and_ends_agree(tables):
    table = tables["sample"]
    months = (table["paid_until"] - table["started_on"]).dt.days / contracts.MONTH
    assert np.allclose(months, 12 * (table["renewals"].astype(int) + 1), atol=0.05)
    assert (table["ended_on"].isna() | (table["ended_on"] <= table["paid_until"])).all()
    assert (table["ended_by"].isna() == table["ended_on"].isna()).all()


def test_what_is_said_at_the_exit_follows_what_happened(worlds):
    history = worlds["sample"].history
    said, truth = contracts.exits(history), contracts.truth_of_departures(history, worlds["sample"].stories)
    joined = said.merge(truth, on="contract_id", suffixes=("", "_true"))
    assert len(joined) == len(said) and (joined["reason"] == joined["reason_true"]).all()
    assert joined[joined["cause"] == "renewal"]["reason"].mode()[0] == "poor_value"
    assert (said["asked_on"] > said["left_on"]).all()


def test_living_on_changes_nothing_of_what_has_been(worlds):
    world = worlds["sample"]
    before = contracts.contracts(world.history)
    after = contracts.contracts(world.advance().history)
    old = after[after["started_on"] <= pd.Timestamp(world.as_of)].set_index("contract_id")
    over = before[before["ended_on"].notna()].set_index("contract_id")
    assert set(before["contract_id"]) == set(old.index)
    assert (old.loc[over.index, "ended_on"] == over["ended_on"]).all()
    assert (old["ended_on"] > pd.Timestamp(world.as_of)).sum() > 50


def test_the_orders_do_not_depend_on_the_contracts(worlds):
    """Another site of these stories moves no order, no contact and no answer."""
    one, other = worlds["sample"].frames(), worlds["elsewhere"].frames()
    for name in set(one) - {"contracts", "exits", "assignments"}:
        pd.testing.assert_frame_equal(one[name], other[name])


@pytest.mark.parametrize("site", [{"month_twelve": 13}, {"month_twelve": True}, {"after_complaint": "weather"}])
def test_a_site_that_cannot_be_is_refused(site):
    with pytest.raises(DataError, match="cannot be planted at"):
        simulate.company(seed=1, customers=100, plant=site)


def test_the_export_begins_on_its_first_day():
    assert day_number("2023-06-01") == 0
