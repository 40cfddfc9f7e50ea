"""The brand tracker and referrals at the door: what is accepted, what is set aside, and what a draft makes of it."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.data.drafting.table import which_table

ORDERS = "order_id,customer_id,ordered_at,amount\na,c1,2026-03-01,5.00\nb,c2,2026-03-20,7.00\n"
SHEETS = "answer_id,answered_on,wave,sample,recommendation,label,would_pay\n"
FUNNEL = "answer_id,brand,own,unaided,aided,considered,bought,preferred\n"
PROMISES = "answer_id,promise,believed,kept,owner\n"
STRETCH = "answer_id,line,fit,would_buy\n"
REFERRALS = "referral_id,referrer_id,referred_on,customer_id\n"
GOOD = {
    "brand_survey": "9,2026-03-02,w,customers,8,,\n",
    "brand_funnel": "9,we,yes,no,yes,no,no,no\n",
    "brand_promises": "9,p,8,7,own\n",
    "brand_stretch": "9,baby,4,no\n",
    "referrals": "9,c1,2026-03-02,\n",
}


@pytest.fixture
def company(write, tmp_path):
    def company(name, text, **options):
        write(ORDERS)
        write(text, f"{name}.csv")
        return load(tmp_path, **options)

    return company


@pytest.mark.parametrize(
    ("name", "text", "column", "rule"),
    [
        pytest.param("brand_survey", SHEETS + "1,2026-03-02,w,customers,11,,\n", "recommendation", "range", id="score-11"),
        pytest.param("brand_survey", SHEETS + "1,2026-03-02,w,customers,-1,,\n", "recommendation", "range", id="score-below-0"),
        pytest.param("brand_survey", SHEETS + "1,2026-03-02,w,friends,8,,\n", "sample", "allowed values", id="sample"),
        pytest.param("brand_funnel", FUNNEL + "1,we,yes,no,,no,no,no\n", "aided", "missing", id="stage-open"),
        pytest.param("brand_promises", PROMISES + "1,p,0,7,own\n", "believed", "range", id="belief-0"),
        pytest.param("brand_promises", PROMISES + "1,p,8,7,friend\n", "owner", "allowed values", id="owner"),
        pytest.param("brand_stretch", STRETCH + "1,baby,12,no\n", "fit", "range", id="fit-12"),
        pytest.param("referrals", REFERRALS + "9,c1,2026-03-01,\n", "referral_id", "unique", id="twice"),
    ],
)
def test_a_row_that_breaks_the_contract_is_set_aside_in_words(company, name, text, column, rule):
    made = company(name, text + GOOD[name])
    assert made.rejects[["table", "column", "rule"]].to_numpy().tolist() == [[name, column, rule]]
    assert column in made.rejects.iloc[0]["message"]


def test_sheets_after_the_report_date_do_not_count_nor_what_belongs_to_them(write, company):
    for name, head in (("brand_funnel", FUNNEL), ("brand_promises", PROMISES), ("brand_stretch", STRETCH)):
        write(head + GOOD[name] + GOOD[name].replace("9", "8", 1), f"{name}.csv")
    made = company("brand_survey", SHEETS + GOOD["brand_survey"] + "8,2026-03-19,w,market,,we,12\n", as_of="2026-03-10")
    assert made.brand_survey["answer_id"].tolist() == ["9"]
    assert [list(rows["answer_id"]) for rows in (made.brand_funnel, made.brand_promises, made.brand_stretch)] == [["9"]] * 3


def test_a_friend_who_never_came_is_a_referral_too(company):
    made = company("referrals", REFERRALS + "1,c1,2026-03-02,c2\n2,c1,2026-03-02,\n3,c1,2026-03-19,\n", as_of="2026-03-10")
    assert made.referrals["customer_id"].isna().tolist() == [False, True]


def test_without_the_tables_there_are_none(write, tmp_path):
    write(ORDERS)
    made = load(tmp_path)
    assert [made.brand_survey, made.brand_funnel, made.brand_promises, made.brand_stretch, made.referrals] == [None] * 5


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("Respondent ID;Wave;Sample;NPS", "1;w;market;9", "brand_survey"),
        ("答卷编号;品牌;提示知名;考虑购买", "1;x;是;否", "brand_funnel"),
        ("Respondent ID;Promise;Believed;Kept", "1;p;8;7", "brand_promises"),
        ("Respondent ID;Line;Fit", "1;baby;4", "brand_stretch"),
        ("推荐编号;推荐人;推荐日期", "1;c1;2026-03-02", "referrals"),
    ],
)
def test_the_tables_are_told_from_others(header, row, kind):
    assert which_table(pd.DataFrame([row.split(";")], columns=header.split(";"), dtype="str")) == kind
