"""Contracts and exits at the door: what is accepted, what is set aside, and what a draft makes of it."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.data.drafting.table import which_table

ORDERS = "order_id,customer_id,ordered_at,amount\na,c1,2025-03-01,5.00\nb,c2,2026-03-20,7.00\n"
CONTRACTS = "contract_id,customer_id,product_id,started_on,paid_until,ended_on,ended_by\n"
EXITS = "exit_id,customer_id,left_on,asked_on,kind,reason\n"
GOOD = {
    "contracts": CONTRACTS + "k9,c1,p1,2025-03-01,2026-02-28,,\n",
    "exits": EXITS + "e9,c1,2026-01-05,2026-01-20,unwanted,slow\n",
}


@pytest.mark.parametrize(
    ("name", "row", "column", "rule"),
    [
        pytest.param("contracts", "k1,c2,p1,2025-03-01,2026-02-28,2025-02-01,customer", "started_on", "contract days", id="ends-before-it-starts"),
        pytest.param("contracts", "k1,c2,p1,2025-03-01,2025-02-28,,", "started_on", "contract days", id="paid-before-it-starts"),
        pytest.param("contracts", "k1,c1,p1,2025-09-01,2026-08-31,,", "started_on", "contracts overlap", id="overlap"),
        pytest.param("contracts", "k1,c2,p1,2025-03-01,2026-02-28,2025-09-01,the cat", "ended_by", "allowed values", id="ended-by"),
        pytest.param("contracts", "k9,c2,p1,2025-03-01,2026-02-28,,", "contract_id", "unique", id="twice"),
        pytest.param("exits", "e1,c2,2026-01-05,2026-01-01,unwanted,slow", "asked_on", "exit days", id="asked-before-leaving"),
        pytest.param("exits", "e1,c2,2026-01-05,2026-01-07,unwanted,bored", "reason", "allowed values", id="unknown-reason"),
    ],
)
def test_a_row_that_breaks_the_contract_is_set_aside_in_words(write, tmp_path, name, row, column, rule):
    write(ORDERS)
    write(GOOD[name] + row + "\n", f"{name}.csv")
    made = load(tmp_path)
    assert len(made.tables[name]) == 1
    assert made.rejects[["table", "column", "rule"]].to_numpy().tolist() == [[name, column, rule]]
    assert made.rejects.iloc[0]["message"]


def test_one_after_the_other_and_for_two_products_is_no_overlap(write, tmp_path):
    write(ORDERS)
    write(
        CONTRACTS
        + "k1,c1,p1,2023-03-01,2024-02-29,2024-02-29,customer\nk2,c1,p1,2024-03-01,2025-02-28,,\nk3,c1,p2,2023-05-01,2024-04-30,,\n",
        "contracts.csv",
    )
    made = load(tmp_path)
    assert len(made.rejects) == 0 and len(made.contracts) == 3


def test_what_lies_after_the_report_date_is_not_known(write, tmp_path):
    write(ORDERS)
    write(
        CONTRACTS + "k1,c1,p1,2025-03-01,2026-02-28,2026-02-28,customer\nk2,c2,p1,2026-03-11,2027-03-10,,\nk3,c2,p2,2025-03-01,2026-03-01,2025-06-01,company\n",
        "contracts.csv",
    )
    write(EXITS + "e1,c1,2026-02-28,2026-03-12,unwanted,slow\ne2,c2,2025-06-01,2025-06-20,wanted,poor_value\n", "exits.csv")
    made = load(tmp_path, as_of="2026-02-10")
    assert made.contracts["contract_id"].tolist() == ["k1", "k3"]
    assert made.contracts["ended_on"].isna().tolist() == [True, False]
    assert made.contracts["ended_by"].isna().tolist() == [True, False]
    assert made.exits["exit_id"].tolist() == ["e2"]


def test_without_the_tables_there_are_none(write, tmp_path):
    write(ORDERS)
    made = load(tmp_path)
    assert made.contracts is None and made.exits is None


@pytest.mark.parametrize(
    ("headers", "row", "table"),
    [
        ("Contract No;Customer ID;Start date;Expiry date;End date", "1;K1;2026-01-02;2027-01-01;", "contracts"),
        ("合同编号;会员号;开始日期;到期日期;终止日期", "1;K1;2026-01-02;2027-01-01;", "contracts"),
        ("Interview ID;Customer ID;Date left;Main reason", "1;K1;2026-01-02;slow", "exits"),
        ("流失编号;会员号;流失日期;流失原因", "1;K1;2026-01-02;slow", "exits"),
        ("Order No;Customer ID;Date;Amount;Contract No", "1;K1;2026-03-02;5;7", "orders"),
    ],
)
def test_the_tables_are_told_from_others(headers, row, table):
    assert which_table(pd.DataFrame([row.split(";")], columns=headers.split(";"))) == table
