"""Households, prospects and contacts at the door: what is accepted, what is set aside, and what a draft makes of it."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.data.drafting.table import which_table

ORDERS = "order_id,customer_id,ordered_at,amount\na,c1,2026-03-01,5.00\nb,c2,2026-03-20,7.00\n"
PROSPECTS = "prospect_id,entered_on,tier,visited_on,converted_on\n"
VISITS = "visit_id,prospect_id,at,attempt,outcome\n"
HOUSEHOLDS = "answer_id,answered_on,aware,considered,rejected,buys,uses_minimally\n"
GOOD = {
    "prospects": PROSPECTS + "p9,2026-01-02,refusing,2026-01-05,\n",
    "visits": VISITS + "v9,p9,2026-01-05,1,open\n",
    "households": HOUSEHOLDS + "h9,2026-01-05,yes,yes,no,no,no\n",
}


@pytest.mark.parametrize(
    ("name", "row", "column", "rule"),
    [
        pytest.param(
            "prospects",
            "p1,2026-01-02,refusing,2026-01-05,2025-12-30",
            "entered_on",
            "order of days",
            id="converted-before-entered",
        ),
        pytest.param("prospects", "p1,2026-01-02,lukewarm,,", "tier", "allowed values", id="unknown-tier"),
        pytest.param("prospects", "p1,,refusing,,", "entered_on", "missing", id="never-entered"),
        pytest.param("visits", "v1,p9,2026-01-05,0,open", "attempt", "range", id="attempt-0"),
        pytest.param("visits", "v1,p9,2026-01-05,1,perhaps", "outcome", "allowed values", id="outcome"),
        pytest.param("households", "h1,2026-01-05,yes,maybe,no,no,no", "considered", None, id="maybe"),
    ],
)
def test_a_row_that_breaks_the_contract_is_set_aside_in_words(write, tmp_path, name, row, column, rule):
    write(ORDERS)
    write(GOOD[name] + row + "\n", f"{name}.csv")
    made = load(tmp_path)
    assert len(made.tables[name]) == 1
    assert made.rejects[["table", "column"]].to_numpy().tolist() == [[name, column]]
    assert rule is None or made.rejects.iloc[0]["rule"] == rule


def test_what_lies_after_the_report_date_is_not_known(write, tmp_path):
    write(ORDERS)
    rows = "p1,2026-03-02,refusing,2026-03-05,2026-03-18\np2,2026-03-19,refusing,,\n"
    write(PROSPECTS + rows, "prospects.csv")
    write(VISITS + "v1,p1,2026-03-10 18:00,1,open\nv2,p1,2026-03-18 10:00,2,closed\n", "visits.csv")
    write(HOUSEHOLDS + "h1,2026-03-10,no,no,no,no,no\nh2,2026-03-11,no,no,no,no,no\n", "households.csv")
    made = load(tmp_path, as_of="2026-03-10")
    assert made.prospects["prospect_id"].tolist() == ["p1"]
    assert made.prospects["converted_on"].isna().all() and made.prospects["visited_on"].notna().all()
    assert made.visits["visit_id"].tolist() == ["v1"]
    assert made.households["answer_id"].tolist() == ["h1"]


def test_without_the_tables_there_are_none(write, tmp_path):
    write(ORDERS)
    made = load(tmp_path)
    assert made.prospects is None and made.visits is None and made.households is None


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("Lead ID;Lead created;Tier", "1;2026-01-02;refusing", "prospects"),
        ("潜在客户编号;录入日期;获客途径", "1;2026-01-02;inbound", "prospects"),
        ("Visit ID;Lead ID;Visit time;Attempt;Result", "1;2;2026-01-02;1;open", "visits"),
        ("Household ID;Interview date;Considered;Rejected", "1;2026-01-02;yes;no", "households"),
    ],
)
def test_the_tables_are_told_from_others(header, row, kind):
    assert which_table(pd.DataFrame([row.split(";")], columns=header.split(";"), dtype="str")) == kind
