"""The iceberg, whom people tell, causes, and cases that lie."""

from datetime import date

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.stats.intervals import wilson
from helpers.touchpoints import breaks, complaints, lists, places
from helpers.withheld import Withheld

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(("complaints_counted", "rate", "unhappy", "silent"), [(1, 0.05, 20, 19), (30, 0.05, 600, 570), (30, 0.6, 50, 20), (0, 0.05, 0, 0)])
def test_the_iceberg(complaints_counted, rate, unhappy, silent):
    # 1 complaint at 5% is 20 unhappy and 19 silent, as the source's figures give it.
    found = complaints.iceberg(complaints_counted, rate)
    assert (found.unhappy, found.silent) == pytest.approx((unhappy, silent))


@pytest.mark.parametrize(("n", "rate", "message"), [(3, 0, "A complaint rate of 0"), (3, 1.2, "A complaint rate of 1.2"), (-1, 0.5, "-1 complaints")])
def test_an_impossible_iceberg_is_refused(n, rate, message):
    with pytest.raises(DataError, match=message):
        complaints.iceberg(n, rate)


def survey_of(told: dict[str, tuple[int, int]], content: int = 0):
    """Sheets of a panel: for each level (people, of whom stay)."""
    rows = [("panel", True, level, place < stays) for level, (n, stays) in told.items() for place in range(n)]
    rows += [("panel", False, pd.NA, True)] * content + [("street", True, "nobody", False)] * 50
    frame = pd.DataFrame(rows, columns=["mode", "had_problem", "told", "stays"])
    return frame.astype({"had_problem": "boolean", "stays": "boolean"})


def test_how_far_problems_get():
    found = complaints.told(survey_of({"nobody": (60, 40), "front_line": (30, 20), "head_office": (10, 5)}, content=200))
    table = found.table.set_index("told")
    assert (found.asked, found.problems) == (300, 100)
    assert table["n"].to_dict() == {"head_office": 10, "front_line": 30, "partner": 0, "nobody": 60}
    assert found.head_office == wilson(10, 100)
    assert found.silent_stay == pytest.approx(40 / 60) and table.loc["nobody", "stays_low"] == pytest.approx(wilson(40, 60).low)
    # Ten people are too few for a share of them who stay.
    assert pd.isna(table.loc["head_office", "stays"]) and table.loc["front_line", "stays"] == pytest.approx(20 / 30)


def test_too_few_problems_and_no_survey_are_withheld():
    assert "9 people" in complaints.told(survey_of({"nobody": (9, 3)}, content=100)).reason
    assert isinstance(complaints.told(None), Withheld)


def test_causes_are_counted_a_case_at_a_time(contacts_of):
    rows = contacts_of(
        {"at": "2026-06-01 10:00", "cause": "late", "case_id": "T0", "resolved": False, "status": "open"},
        {"at": "2026-06-02 10:00", "cause": "late", "case_id": "T0"},
        {"at": "2026-06-03 10:00", "cause": "late", "case_id": "T2"},
        {"at": "2026-06-04 10:00", "cause": "bill", "case_id": "T3"},
        {"at": "2026-06-05 10:00"},
        {"at": "2024-06-05 10:00", "cause": "bill"},
    )
    found = complaints.by_cause(complaints.complaints_of(rows, as_of=DAY))
    assert found[["cause", "complaints", "unsettled", "open"]].to_numpy().tolist() == [["late", 2, 1, 1], ["bill", 1, 0, 0]]
    assert found["running"].tolist() == pytest.approx([2 / 3, 1])


def test_days_that_complaints_lie(contacts_of):
    rows = contacts_of(
        {"at": "2026-05-01 18:00", "cause": "late", "closed_on": "2026-05-15"},  # 14 days: in time
        {"at": "2026-05-01 18:00", "cause": "late", "closed_on": "2026-05-16"},  # 15: late
        {"at": "2026-05-01 09:00", "cause": "bill", "closed_on": "2026-05-02"},
        {"at": "2026-06-10 09:00", "cause": "bill", "status": "open"},  # 20 days open: late already
        {"at": "2026-06-25 09:00", "cause": "bill", "status": "open"},  # 5 days open: nobody knows yet
    )
    found = complaints.lying(complaints.complaints_of(rows, as_of=DAY), as_of=DAY, limit_days=14)
    assert (found.closed, found.median_days, found.late, found.known, found.open) == (3, 14, 2, 4, 2)


def test_contacts_that_end_before_they_begin_or_follow_what_has_not_been_are_left_out(contacts_of):
    rows = contacts_of(
        {"at": "2026-05-03 10:00", "closed_on": "2026-05-03"},
        {"at": "2026-05-03 10:00", "closed_on": "2026-05-01"},
        {"at": "2026-05-01 10:00", "case_id": "T0"},
        {"at": "2026-05-04 10:00", "case_id": "T0"},
        {"at": "2026-07-04 10:00"},
    )
    kept = places.sound_contacts(rows, as_of=DAY)
    assert kept.table["contact_id"].tolist() == ["T0", "T3"]
    assert kept.rejected == {"closed before it began": 1, "earlier than the contact that it follows": 1}


def test_open_cases_by_hand(contacts_of):
    rows = contacts_of(
        {"customer_id": "A", "at": "2026-05-01 10:00", "cause": "late", "status": "open", "case_id": "T0"},
        {"customer_id": "B", "at": "2026-06-20 10:00", "touchpoint": "installation", "owner": "partner", "resolved": False, "case_id": "T1"},
        {"customer_id": "B", "at": "2026-06-22 10:00", "touchpoint": "hotline", "resolved": False, "case_id": "T1"},
        {"customer_id": "C", "at": "2026-06-20 10:00", "resolved": False, "case_id": "T3"},
        {"customer_id": "C", "at": "2026-06-21 10:00", "resolved": True, "case_id": "T3"},
        {"customer_id": "D", "at": "2026-01-01 10:00", "resolved": False, "case_id": "T5"},  # silent for half a year
        {"customer_id": "E", "at": "2026-06-20 10:00", "cause": "bill", "resolved": False, "case_id": "T6"},  # a closed complaint
    )
    book = pd.DataFrame({"customer_id": ["A", "B"], "net_minor": [50_000, -100]})
    found = lists.open_cases(rows, book, as_of=DAY, code="CNY").set_index("customer_id")
    assert list(found.index) == ["A", "B"] and found["value_at_stake_minor"].tolist() == [50_000, 0]
    assert found.loc["A", "evidence"] == "Open for 60 days, 1 contact, last at shop (own) on 1 May 2026."
    assert found.loc["B", "reason"] == "Not settled: began at installation"
    assert "2 contacts, last at hotline (own) on 22 June 2026" in found.loc["B", "evidence"]


def test_without_contacts_the_list_says_what_it_needs():
    assert isinstance(lists.open_cases(None, pd.DataFrame(), as_of=DAY, code="CNY"), Withheld)


def test_the_break_and_its_bill_by_hand(contacts_of):
    def case(number, touchpoint, owner, kept):
        first = {"customer_id": f"C{number}", "at": "2026-03-01 10:00", "touchpoint": touchpoint, "owner": owner, "resolved": kept, "contact_id": f"X{number}", "case_id": f"X{number}"}
        after = {"customer_id": f"C{number}", "at": "2026-03-03 10:00", "touchpoint": "hotline", "resolved": True, "cost_minor": 900, "contact_id": f"Y{number}", "case_id": f"X{number}"}
        return [first] if kept else [first, after]

    # 40 fittings by a partner, 20 of them passed on; 100 at the shop, 5 passed on; and complaints, which are no place of a break.
    rows = [row for n in range(40) for row in case(n, "installation", "partner", n >= 20)]
    rows += [row for n in range(100, 200) for row in case(n, "shop", "own", n >= 105)]
    rows += [{"customer_id": f"K{n}", "at": "2026-03-01 10:00", "touchpoint": "hotline", "resolved": False, "cause": "late", "contact_id": f"K{n}", "case_id": f"K{n}"} for n in range(60)]
    cost = breaks.cost_of(breaks.breaks(contacts_of(*rows), as_of=DAY))
    assert (cost.touchpoint, cost.owner, cost.cases, cost.not_kept) == ("installation", "partner", 40, 20)
    # Their calls cost 20 * 9.00; as many cases at the shop would have cost 40 * (5 * 9.00 / 100).
    assert (cost.later_cost_minor, cost.extra_minor, cost.others) == (18_000, 18_000 - 1_800, 0.05)


@pytest.mark.parametrize(("name", "where"), [("sample_company", ("installation", "partner")), ("elsewhere", ("delivery", "partner")), ("no_stories", None)])
def test_the_break_is_named_where_it_is(request, name, where):
    company = request.getfixturevalue(name)
    contacts = places.sound_contacts(company.contacts, as_of=company.as_of).table
    cost = breaks.cost_of(breaks.breaks(contacts, as_of=company.as_of))
    assert (cost and (cost.touchpoint, cost.owner)) == where


def test_orders_after_the_answer_by_hand():
    survey = pd.DataFrame(
        {"answer_id": [f"S{n}" for n in range(80)], "customer_id": [f"C{n}" for n in range(80)], "answered_on": pd.Timestamp("2026-01-01"), "overall": [9] * 40 + [5] * 40}
    )
    orders = pd.DataFrame(
        {"customer_id": ["C0", "C1", "C2", "C40", "C41"], "ordered_at": pd.to_datetime(["2026-01-02", "2026-04-01", "2026-04-02", "2026-01-01", "2026-02-01"]), "amount_minor": [1, 1, 1, 1, -1]}
    )
    # The day of the answer itself and day 91 do not count, nor does a return.
    found = breaks.orders_by_satisfaction(survey, orders, as_of=DAY).set_index("satisfaction")
    assert found.loc["9 to 10", "share"] == pytest.approx(2 / 40) and found.loc["5 to 6", "share"] == 0
    assert isinstance(breaks.orders_by_satisfaction(survey, orders, as_of=date(2026, 2, 1)), Withheld)
