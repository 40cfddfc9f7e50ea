"""Price answers, offers and needs at the door: what is accepted, what is set aside, and what a draft makes of it."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.data.drafting.table import draft_table, which_table

ORDERS = "order_id,customer_id,ordered_at,amount\na,c1,2026-03-01,5.00\nb,c2,2026-03-20,7.00\n"
SHEETS = "answer_id,answered_on,product_id,too_cheap,cheap,expensive,too_expensive,expected_price\n"
OFFERS = "answer_id,price,would_buy\n"
NEEDS = "statement_id,statement,c,importance,p,action,owner\n"
MARKS = "answer_id,answered_on,mode,product_value,energy_cost,worth_it\n"


@pytest.fixture
def company(write, tmp_path):
    """A company of two orders and one more table."""

    def company(name, text, **options):
        write(ORDERS)
        write(text, f"{name}.csv")
        return load(tmp_path, **options)

    return company


def test_price_answers_are_read_in_minor_units_with_their_gaps(company):
    said = company("price_answers", SHEETS + "1,2026-03-02,p,5.00,8.50,12,20,\n2,,p,,9,13,21,10\n").price_answers
    assert said["cheap_minor"].tolist() == [850, 900]
    assert said["too_cheap_minor"].isna().tolist() == [False, True]
    assert said["expected_price_minor"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "text", "column", "rule"),
    [
        pytest.param("price_answers", SHEETS + "1,,p,-5,8,12,20,9\n", "too_cheap", "range", id="negative-price"),
        pytest.param("price_answers", SHEETS + "1,,p,5,8,12,20,9\n1,,p,5,8,12,20,9\n", "answer_id", "unique", id="twice"),
        pytest.param("price_offers", OFFERS + "1,,yes\n", "price", "missing", id="no-price"),
        pytest.param("needs", NEEDS + "1,Carry it up,comfort,7,,,\n", "c", "allowed values", id="no-c"),
        pytest.param("needs", NEEDS + "1,Carry it up,solution,11,,,\n", "importance", "range", id="importance"),
        pytest.param("needs", NEEDS + "1,Carry it up,solution,7,people,x,\n", "p", "allowed values", id="no-p"),
        pytest.param("survey", MARKS + "1,2026-03-02,panel,11,3,4\n", "product_value", "range", id="mark-11"),
        pytest.param("survey", MARKS + "1,2026-03-02,panel,7,0,4\n", "energy_cost", "range", id="mark-0"),
    ],
)
def test_a_row_that_breaks_the_contract_is_set_aside_in_words(company, name, text, column, rule):
    good = {
        "price_answers": "9,,p,5,8,12,20,9\n",
        "price_offers": "9,5,no\n",
        "needs": "9,Carry it down,cost,7,price,cheaper,x\n",
        "survey": "9,2026-03-02,panel,7,3,4\n",
    }
    made = company(name, text + good[name])
    assert made.rejects[["table", "column", "rule"]].to_numpy().tolist() == [[name, column, rule]]
    assert column in made.rejects.iloc[0]["message"]


def test_answers_after_the_report_date_do_not_count_nor_do_their_offers(write, company):
    write(OFFERS + "1,9,yes\n2,9,no\n", "price_offers.csv")
    text = SHEETS + "1,2026-03-02,p,5,8,12,20,9\n2,2026-03-19,p,5,8,12,20,9\n3,,p,5,8,12,20,9\n"
    made = company("price_answers", text, as_of="2026-03-10")
    assert made.price_answers["answer_id"].tolist() == ["1", "3"]
    assert made.price_offers["answer_id"].tolist() == ["1"]


def test_without_the_tables_there_are_none(write, tmp_path):
    write(ORDERS)
    made = load(tmp_path)
    assert made.price_answers is None and made.price_offers is None and made.needs is None
    assert made.lacks("price_answers", "needs", "survey.worth_it") == ["price_answers", "needs", "survey.worth_it"]


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("Respondent ID;Product ID;Too cheap;Bargain;Getting expensive;Too expensive", "1;p;5;8;12;20", "price_answers"),
        ("答卷编号;太便宜;便宜;贵;太贵", "1;5;8;12;20", "price_answers"),
        ("Respondent ID;Price;Would buy", "1;99;yes", "price_offers"),
        ("需求编号;客户原话;重要性;措施", "1;电话打不通;8;增加座席", "needs"),
    ],
)
def test_the_tables_are_told_from_others(header, row, kind):
    frame = pd.DataFrame([row.split(";")], columns=header.split(";"), dtype="str")
    assert which_table(frame) == kind


def test_a_draft_of_price_answers_names_the_four_questions():
    rows = ["1;W1;5;8;12;20", "2;W1;6;9;13;22"]
    frame = pd.DataFrame([row.split(";") for row in rows], columns=["答卷编号", "商品编号", "太便宜", "便宜", "贵", "太贵"], dtype="str")
    table = draft_table(frame, source="价格.csv")
    assert {name: table[name] for name in ("too_cheap", "cheap", "expensive", "too_expensive")} == {
        "too_cheap": "太便宜", "cheap": "便宜", "expensive": "贵", "too_expensive": "太贵",
    }  # fmt: skip
