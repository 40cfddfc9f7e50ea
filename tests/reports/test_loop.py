"""The loop that a team lives: report, list, a quarter, the next report."""

import json

import numpy as np
import pandas as pd
import pytest
from helpers import simulate
from helpers.reports.build import build

SEED, CUSTOMERS = 77, 2500


@pytest.fixture(scope="module")
def loop(tmp_path_factory):
    """A small company, its report, the quarter played with that report's list, and the report after it."""
    folder = tmp_path_factory.mktemp("loop")
    world = simulate.company(seed=SEED, customers=CUSTOMERS)
    world.save(folder / "before")
    build(data=str(folder / "before"), out=folder / "report 1", lessons="03a")
    later = world.advance(folder / "report 1" / "actions" / "monday.csv")
    later.save(folder / "after")
    build(
        data=str(folder / "after"), out=folder / "report 2", lessons="03a", previous=str(folder / "report 1")
    )
    results = json.loads((folder / "report 2" / "results.json").read_text("utf-8"))["lessons"]["03a"]
    return folder, world, later, results


def read(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.mark.slow
def test_the_second_report_looks_back(loop):
    _, _, _, results = loop
    assert results["sections"]["achieved"]["shown"] and results["sections"]["restated"]["shown"]


@pytest.mark.slow
def test_what_the_list_achieved_is_the_plain_difference_of_means(loop):
    folder, world, _, results = loop
    listed = read(folder / "report 1" / "actions" / "monday.csv").rename(columns=lambda c: c.lstrip("\ufeff"))
    listed = listed[listed["suppressed"] == ""]
    orders = read(folder / "after" / "orders.csv")
    since = orders[
        (orders["ordered_at"] > f"{world.as_of} 23:59:59") & orders["kind"].isin(["sale", "return"])
    ]
    spent = since["amount"].astype(float).groupby(since["customer_id"]).sum()
    total = 0.0
    for _, part in listed.groupby("list"):
        net = part["customer_id"].map(spent).fillna(0)
        contacted, held = net[part["hold_out"] == "no"], net[part["hold_out"] == "yes"]
        if min(len(contacted), len(held)) >= 10:
            total += (contacted.mean() - held.mean()) * len(contacted)
    assert results["numbers"]["achieved_minor"]["value"] == pytest.approx(total * 100, abs=1)


@pytest.mark.slow
def test_what_was_restated_is_what_the_company_changed(loop):
    folder, world, _, results = loop
    before, after = read(folder / "before" / "orders.csv"), read(folder / "after" / "orders.csv")
    kept = ["sale", "return"]

    def net(orders):
        people = read(folder / "before" / "customers.csv").query("kind == 'person'")["customer_id"]
        past = orders[(orders["ordered_at"] <= f"{world.as_of} 23:59:59") & orders["kind"].isin(kept)]
        return past[past["customer_id"].isin(people)]["amount"].astype(float).sum()

    assert results["numbers"]["restated_net_minor"]["value"] == pytest.approx((net(after) - net(before)) * 100, abs=1)


@pytest.mark.slow
def test_the_same_quarter_without_the_list_is_the_truth_to_compare_with(loop):
    folder, world, later, _ = loop
    without = world.advance()
    pairs = dict(later.played[-1])
    changed = world.true_effect(later.played[-1]).set_index("customer_id")["spend_effect_minor"]
    # Nobody off the list lives differently.
    assert (changed[~changed.index.isin(pairs)] == 0).all()
    assert np.any(changed[changed.index.isin(pairs)] != 0)
    assert without.as_of == later.as_of
