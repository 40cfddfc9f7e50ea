"""The survey table at the door: what is accepted, what is set aside, and what a draft makes of it."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.data.check import check
from helpers.data.draft import draft_file
from helpers.data.drafting.table import draft_table, which_table
from helpers.errors import DataError

ORDERS = "order_id,customer_id,ordered_at,amount\na,c1,2026-03-01,5.00\nb,c2,2026-03-20,7.00\n"
HEADER = "answer_id,customer_id,answered_on,mode,weight,motive,orders_claimed,plans_to_buy,recommendation\n"
SHEETS = [
    "1,c1,2026-03-02,panel,1.2,price,3,yes,9",
    "2,,2026-03-03,street,1,service,0,no,",
    "3,c2,2026-03-04,internal,1,time,12,yes,10",
]


@pytest.fixture
def with_survey(write, tmp_path):
    """A company of two orders and the given sheets, all good ones when none are given."""

    def with_survey(*sheets, **options):
        write(ORDERS)
        write(HEADER + "\n".join(sheets or SHEETS) + "\n", "survey.csv")
        return load(tmp_path, **options)

    return with_survey


def test_a_survey_is_read_with_its_types_and_its_gaps(with_survey):
    survey = with_survey().survey
    assert survey["answer_id"].to_list() == ["1", "2", "3"]
    assert survey["customer_id"].isna().to_list() == [False, True, False]
    assert survey["weight"].to_list() == [1.2, 1.0, 1.0]
    assert survey["orders_claimed"].to_list() == [3, 0, 12]
    assert survey["plans_to_buy"].to_list() == [True, False, True]
    assert survey["recommendation"].to_list() == [9, pd.NA, 10]
    assert survey["answered_on"].to_list() == [pd.Timestamp(2026, 3, day) for day in (2, 3, 4)]


def test_a_company_without_a_survey_has_none(door):
    company = door()
    assert company.survey is None and company.lacks("survey", "survey.motive") == ["survey", "survey.motive"]


@pytest.mark.parametrize(
    "sheet, column, rule, says",
    [
        pytest.param("3,,2026-03-05,panel,1,price,1,no,5", "answer_id", "unique", "answer_id appears on an earlier line too", id="id-twice"),
        pytest.param("4,,2026-03-05,phone,1,price,1,no,5", "mode", "allowed values", "mode is none of panel, street, internal", id="mode"),
        pytest.param("4,,2026-03-05,,1,price,1,no,5", "mode", "missing", "mode is empty", id="no-mode"),
        pytest.param("4,,,panel,1,price,1,no,5", "answered_on", "missing", "answered_on is empty", id="no-date"),
        pytest.param("4,,2026-03-05,panel,-1,price,1,no,5", "weight", "range", "weight must be 0 or more", id="weight"),
        pytest.param("4,,2026-03-05,panel,1,love,1,no,5", "motive", "allowed values", "motive is none of price, quality, service, time", id="motive"),
        pytest.param("4,,2026-03-05,panel,1,price,-1,no,5", "orders_claimed", "range", "orders_claimed must be 0 or more", id="orders"),
        pytest.param("4,,2026-03-05,panel,1,price,1,no,11", "recommendation", "range", "recommendation must be from 0 to 10", id="grade"),
    ],
)  # fmt: skip
def test_a_sheet_that_breaks_the_contract_is_set_aside_in_words(with_survey, sheet, column, rule, says):
    company = with_survey(*SHEETS, sheet)
    assert company.rejects[["table", "column", "rule", "line"]].to_numpy().tolist() == [["survey", column, rule, 5]]
    assert says in company.rejects.iloc[0]["message"]
    assert company.survey["answer_id"].to_list() == ["1", "2", "3"]


def test_an_answer_after_the_report_date_does_not_count_and_is_said(with_survey):
    company = with_survey(as_of="2026-03-03")
    assert company.survey["answer_id"].to_list() == ["1", "2"]
    assert "1 answer of the survey is dated after the report date 3 March 2026 and does not count." in company.notes
    assert "2 answers of the survey are dated after" in " ".join(with_survey(as_of="2026-03-02").notes)
    assert not any("answer" in note for note in with_survey(as_of="2026-03-04").notes)


def test_a_customer_who_answered_and_is_in_no_list_is_counted(with_survey, write):
    write("customer_id\nc1\n", "customers.csv")
    assert "1 customer in survey (1 line) is not in customers." in with_survey().notes


def test_a_survey_alone_is_refused_with_what_to_do(write, tmp_path):
    path = write(HEADER + "\n".join(SHEETS) + "\n", "survey.csv")
    with pytest.raises(DataError, match=r"survey\.csv is a survey table .* needs orders\. Put both into one folder"):
        load(path)
    with pytest.raises(DataError, match="has no orders"):
        load(tmp_path)


def test_contacts_alone_are_refused_in_the_same_way(write):
    path = write("contact_id,customer_id,at\n1,c1,2026-03-02\n", "contacts.csv")
    with pytest.raises(DataError, match=r"contacts\.csv is a contacts table .* as orders\.csv and contacts\.csv"):
        load(path)


def test_the_check_counts_the_answers_and_says_what_a_survey_would_add(with_survey, write, tmp_path, capsys):
    with_survey(*SHEETS, "4,,2026-03-05,phone,1,price,1,no,5")
    check(str(tmp_path))
    assert "survey: 4 rows read, 3 accepted." in capsys.readouterr().out
    check(str(write(ORDERS)))
    assert "survey: With it, what customers say can be held against what they do" in " ".join(capsys.readouterr().out.split())


# Drafts


def frame(header, rows):
    return pd.DataFrame([row.split(";") for row in rows], columns=header.split(";"), dtype="str")


@pytest.mark.parametrize(
    "header, row, kind",
    [
        ("答卷编号;会员号;答题日期;调查方式;最看重的因素", "1;K1;2026-03-02;拦截;价格", "survey"),
        ("Response ID;Customer ID;Submitted at;NPS", "1;K1;2026-03-02;9", "survey"),
        # An order with a delivery mode, a weight and a review is an order.
        ("Order No;Customer ID;Date;Amount;Mode;Weight;NPS", "1;K1;2026-03-02;5;air;2.5;9", "orders"),
        ("Ticket ID;Customer ID;Date;Channel;Satisfaction", "1;K1;2026-03-02;phone;4", "contacts"),
        ("Customer ID;City;Birth year;Household;Consent", "1;Ulm;1980;family;yes", "customers"),
    ],
)
def test_a_survey_is_told_from_other_tables(header, row, kind):
    assert which_table(frame(header, [row])) == kind


def test_the_words_of_a_chinese_survey_are_translated_and_strange_ones_asked():
    rows = ["1;K1;2026-03-02;拦截;价格;3", "2;K2;2026-03-13;员工代填;质量;5", "3;K3;2026-03-14;邮寄;方便;1"]
    table = draft_table(frame("答卷编号;会员号;答题日期;调查方式;最看重的因素;一年购买次数", rows), source="问卷.csv")
    assert {name: table[name] for name in table.columns} == {
        "answer_id": "答卷编号", "customer_id": "会员号", "answered_on": "答题日期", "mode": "调查方式",
        "motive": "最看重的因素", "orders_claimed": "一年购买次数",
    }  # fmt: skip
    assert table.values == {
        "mode": {"拦截": "street", "员工代填": "internal"},
        "motive": {"价格": "price", "质量": "quality", "方便": "time"},
    }
    assert any("邮寄" in question and "panel, street or internal" in question for question in table.questions)


def test_a_folder_of_orders_and_a_survey_is_drafted_and_can_be_used(write, tmp_path):
    rows = [f"R{at};K{at % 6};2026-01-{at + 1:02};10.50" for at in range(30)]
    write("订单号,会员号,下单时间,金额\n" + "\n".join(rows).replace(";", ",") + "\n", "in/订单.csv")
    sheets = [f"{at};K{at};2026-01-{at + 14};{mode};{at}" for at, mode in enumerate(["抽样", "拦截", "员工代填"] * 2)]
    write("答卷编号,会员号,答题日期,调查方式,一年购买次数\n" + "\n".join(sheets).replace(";", ",") + "\n", "in/问卷.csv")
    draft = draft_file(tmp_path / "in")
    assert [table.table for table in draft.tables] == ["orders", "survey"]
    assert "6 of the 6 in the orders are here" in draft.tables[1].columns["customer_id"].why
    mapping = write(draft.toml(), "shop.toml")
    company = load(tmp_path / "in", mapping=mapping)
    assert len(company.orders) == 30
    assert company.survey["mode"].value_counts().to_dict() == {"panel": 2, "street": 2, "internal": 2}
    assert company.survey["orders_claimed"].to_list() == list(range(6))
