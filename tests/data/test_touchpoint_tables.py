"""Ratings, journeys and the columns of contacts at the door: what is accepted, what is set aside, and how they are told."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.data.drafting.table import which_table

ORDERS = "order_id,customer_id,ordered_at,amount\na,c1,2026-03-01,5.00\nb,c2,2026-03-20,7.00\n"
RATINGS = "answer_id,customer_id,answered_on,touchpoint,expectation,perception\n"
JOURNEYS = "journey_id,at,touchpoint,ordered\n"
CONTACTS = "contact_id,customer_id,at,touchpoint,resolved,case_id,reported_to,closed_on,called_back\n"


@pytest.fixture
def company(write, tmp_path):
    """A company of two orders and one more table."""

    def company(name, text, **options):
        write(ORDERS)
        write(text, f"{name}.csv")
        return load(tmp_path, **options)

    return company


@pytest.mark.parametrize(
    ("name", "text", "good", "column", "rule"),
    [
        pytest.param("ratings", RATINGS + "1,c1,2026-03-02,hotline,11,5\n", "2,c1,2026-03-02,hotline,9,5\n", "expectation", "range", id="above-the-scale"),
        pytest.param("ratings", RATINGS + "1,c1,2026-03-02,hotline,9,0\n", "2,c1,2026-03-02,hotline,9,5\n", "perception", "range", id="below-the-scale"),
        pytest.param("ratings", RATINGS + "1,c1,2026-03-02,hotline,9,\n", "2,c1,2026-03-02,hotline,9,5\n", "perception", "missing", id="no-answer"),
        pytest.param("journeys", JOURNEYS + "1,,sms,yes\n", "2,2026-03-02 10:00,sms,no\n", "at", "missing", id="no-time"),
        pytest.param(
            "contacts", CONTACTS + "1,c1,2026-03-02 10:00,hotline,yes,1,the boss,,\n", "2,c1,2026-03-02 10:00,hotline,yes,2,head_office,,\n", "reported_to", "allowed values",
            id="told-whom",
        ),
    ],
)  # fmt: skip
def test_a_row_that_breaks_the_contract_is_set_aside_in_words(company, name, text, good, column, rule):
    made = company(name, text + good)
    assert made.rejects[["table", "column", "rule"]].to_numpy().tolist() == [[name, column, rule]]
    assert column in made.rejects.iloc[0]["message"] and len(made.tables[name]) == 1


def test_ratings_after_the_report_date_do_not_count(company):
    text = RATINGS + "1,c1,2026-03-02,hotline,8,7\n2,c1,2026-03-19,hotline,8,7\n3,c1,,hotline,8,7\n"
    assert company("ratings", text, as_of="2026-03-10").ratings["answer_id"].tolist() == ["1", "3"]


def test_what_is_not_there_is_none(write, tmp_path):
    write(ORDERS)
    made = load(tmp_path)
    assert made.ratings is None and made.journeys is None
    assert made.lacks("ratings", "journeys", "contacts.case_id", "survey.told") == ["ratings", "journeys", "contacts.case_id", "survey.told"]


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("Respondent ID;Touchpoint;Expected;Perceived", "1;hotline;8;7", "ratings"),
        ("问卷编号;接触点;期望值;感知值", "1;热线;8;7", "ratings"),
        ("Path ID;Timestamp;Channel;Converted", "1;2026-03-01;sms;yes", "journeys"),
    ],
)
def test_the_tables_are_told_from_others(header, row, kind):
    frame = pd.DataFrame([row.split(";")], columns=header.split(";"), dtype="str")
    assert which_table(frame) == kind
