"""How touchpoints are run: matters put together by hand, promises, phases, partners; sentences that are true elsewhere, too."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.stats.intervals import difference_of_shares
from helpers.touchpoints import promises, running, running_figures, running_findings
from helpers.withheld import Withheld

DAY = date(2026, 3, 31)
COLUMNS = ["contact_id", "customer_id", "at", "touchpoint", "owner", "phase", "resolved", "cost_minor"]


def contacts_of(rows, *, filler=40):
    """Contacts from (customer, day, touchpoint, owner, resolved), and as many settled ones of other customers as a share needs."""
    rows = [*rows, *((f"F{number}", "2026-02-10", "shop", "own", True) for number in range(filler))]
    made = [
        (f"T{place:03}", customer, f"2026-{at[-5:]}", touchpoint, owner, "after", resolved, 900)
        for place, (customer, at, touchpoint, owner, resolved) in enumerate(rows)
    ]
    frame = pd.DataFrame(made, columns=COLUMNS)
    return frame.assign(
        at=pd.to_datetime(frame["at"]), resolved=frame["resolved"].astype("boolean"), cost_minor=frame["cost_minor"].astype("Int64")
    )


def case_of(found, customer):
    return found.table[found.table["customer_id"] == customer].iloc[0]


CHAIN = [
    # An installation that settled nothing, a call that did not, and a call that did.
    ("A", "02-02", "installation", "partner", False),
    ("A", "02-04", "hotline", "own", False),
    ("A", "02-09", "hotline", "own", True),
    # Settled at once; a later contact is another matter.
    ("B", "02-02", "installation", "own", True),
    ("B", "02-05", "hotline", "own", True),
    # Not settled, and the next contact comes too late to belong to it.
    ("C", "02-02", "delivery", "partner", False),
    ("C", "02-25", "hotline", "own", True),
    # The same hand came twice.
    ("D", "02-02", "repair", "own", False),
    ("D", "02-06", "repair", "own", True),
    # The same touchpoint, another owner.
    ("E", "02-02", "repair", "own", False),
    ("E", "02-06", "repair", "partner", True),
]


def test_matters_are_put_together_by_hand():
    found = running.cases_of(contacts_of(CHAIN), as_of=DAY)
    assert not found.numbered and found.left_out == 0
    table = found.table[~found.table["customer_id"].str.startswith("F")].set_index("case_id")
    assert table[["customer_id", "contacts", "changes", "settled", "kept", "later_cost_minor"]].values.tolist() == [
        ["A", 3, 1, True, False, 1800],
        ["B", 1, 0, True, True, 0],
        ["C", 1, 0, False, False, 0],
        ["D", 2, 0, True, True, 900],
        ["E", 2, 1, True, False, 900],
        ["B", 1, 0, True, True, 0],
        ["C", 1, 0, True, True, 0],
    ]
    # B, D, both later calls and 40 fillers, of 47.
    assert found.kept_share == pytest.approx(44 / 47)


def test_a_number_of_the_matter_counts_more_than_days():
    numbered = contacts_of(CHAIN).assign(case_id=lambda frame: frame["contact_id"])
    # The late call of C belongs to the delivery; within 30 days it is in time.
    numbered.loc[6, "case_id"] = "T005"
    found = running.cases_of(numbered, as_of=DAY, settle_days=30)
    assert found.numbered
    assert case_of(found, "C")[["contacts", "changes", "settled", "kept"]].tolist() == [2, 1, True, False]
    # The contacts of A have numbers of their own: three matters.
    assert (found.table["customer_id"] == "A").sum() == 3


def test_what_comes_too_late_does_not_settle():
    numbered = contacts_of(CHAIN).assign(case_id=lambda frame: frame["contact_id"])
    numbered.loc[6, "case_id"] = "T005"
    found = running.cases_of(numbered, as_of=DAY, settle_days=14)
    assert case_of(found, "C")[["contacts", "settled"]].tolist() == [1, False]


def test_matters_that_had_no_time_are_left_out():
    late = contacts_of([*CHAIN, ("Z", "03-20", "hotline", "own", False)])
    assert "Z" not in set(running.cases_of(late, as_of=DAY).table["customer_id"])
    assert running.cases_of(late, as_of=DAY).last == pd.Timestamp("2026-03-17")


def test_contacts_without_a_customer_or_an_ending_are_counted():
    frame = contacts_of(CHAIN)
    frame.loc[0, "customer_id"] = None
    frame.loc[3, "resolved"] = pd.NA
    found = running.cases_of(frame, as_of=DAY)
    assert found.left_out == 2
    assert "2 contacts without a customer" in " ".join(running_findings.handling(found))


@pytest.mark.parametrize(
    "frame, reason",
    [
        (None, "no table of contacts"),
        (contacts_of([], filler=0), "no table of contacts"),
        (contacts_of(CHAIN).drop(columns="resolved"), "no column resolved"),
        (contacts_of(CHAIN, filler=5), "12 cases had time to be settled in the window, and 30 are the least"),
    ],
)
def test_too_little_is_withheld_with_the_reason(frame, reason):
    found = running.cases_of(frame, as_of=DAY)
    assert isinstance(found, Withheld) and reason in found.reason and found.gain
    # Everything after it is silent or passes it on.
    assert running.by_opening(found) is found and running.stuck(found) is found and running.own_and_partner(found) is found
    assert "cannot be seen yet" in running_findings.answer(cases=found, found=found, partners=found, promise="", code="CNY")[0]
    assert running_findings.limits(cases=found, partners=found)[-1].startswith(found.reason)
    assert running_findings.key_numbers(cases=found, found=found, shortest=found) == []


@pytest.mark.parametrize("days", [{"window_days": 0}, {"settle_days": 0}])
def test_days_that_cannot_be_are_refused(days):
    with pytest.raises(DataError, match="cannot be. Give 1 day or more"):
        running.cases_of(contacts_of(CHAIN), as_of=DAY, **days)


def test_an_owner_that_nobody_noted_is_unknown_and_nothing_breaks():
    frame = contacts_of(CHAIN).drop(columns=["owner", "phase", "cost_minor"])
    found = running.cases_of(frame, as_of=DAY)
    assert set(found.table["owner"]) == {"unknown"}
    assert found.table["later_cost_minor"].isna().all()
    assert "cost" not in running_findings.stuck(running.Stuck(_stuck_table()), code="CNY")
    assert isinstance(running.own_and_partner(found), Withheld)


def _stuck_table():
    return pd.DataFrame(
        [
            {
                "touchpoint": "shop",
                "owner": "own",
                "cases": 50,
                "kept": 10,
                "others": 0.1,
                "excess": 35.0,
                "is_sure": True,
                "later_cost_minor": pd.NA,
            }
        ]
    )


rows = st.lists(
    st.tuples(
        st.sampled_from("AB"), st.integers(1, 28), st.sampled_from(["hotline", "shop"]), st.sampled_from(["own", "partner"]), st.booleans()
    ),
    max_size=12,
)


@given(rows)
def test_every_contact_belongs_to_one_matter_and_the_order_of_rows_does_not_matter(drawn):
    frame = contacts_of([(who, f"02-{day:02}", where, owner, done) for who, day, where, owner, done in drawn])
    found = running.cases_of(frame, as_of=DAY)
    again = running.cases_of(frame.sample(frac=1, random_state=1), as_of=DAY)
    assert found.table["contacts"].sum() + found.too_late == len(frame)
    assert found.table.drop(columns="case_id").equals(again.table.drop(columns="case_id"))
    assert (found.table["changes"] < found.table["contacts"]).all()
    assert not (found.table["kept"] & ~found.table["settled"]).any()


# ---------------------------------------------------------------- where it gets stuck


def many(touchpoint, owner, kept, lost, start):
    """So many matters of one hand, kept or not."""
    return [(f"{touchpoint[:2]}{owner[:1]}{start + number}", "02-10", touchpoint, owner, number < kept) for number in range(kept + lost)]


def test_the_excess_by_hand():
    frame = contacts_of(
        [*many("installation", "partner", 40, 60, 0), *many("delivery", "partner", 90, 10, 0), *many("shop", "own", 180, 20, 0)], filler=0
    )
    found = running.stuck(running.cases_of(frame, as_of=DAY))
    worst = found.worst
    assert (worst["touchpoint"], worst["owner"]) == ("installation", "partner")
    # At the others 30 of 300 were lost: 10 of 100 would have been usual, and 60 were.
    assert worst["others"] == pytest.approx(0.1) and worst["excess"] == pytest.approx(50)
    says = running_findings.stuck(found, code="CNY")
    assert "60 of 100 were not settled there, where 10 would have been as many as elsewhere" in says


def test_complaints_are_shown_and_not_blamed_on_the_hand_that_hears_them():
    complaints = many("hotline", "own", 10, 60, 0)
    frame = contacts_of([*complaints, *many("installation", "partner", 60, 40, 0), *many("shop", "own", 95, 5, 0)], filler=0)
    frame["cause"] = np.where(frame["touchpoint"] == "hotline", "late", "")
    found = running.cases_of(frame, as_of=DAY)
    assert running.by_opening(found).iloc[0][["touchpoint", "complaint", "cases"]].tolist() == ["hotline", True, 70]
    assert running.stuck(found).worst["touchpoint"] == "installation"
    assert "complaint, hotline began 70" in running_figures.hand_overs(running.by_opening(found)).alt


def test_a_large_hand_is_not_blamed_for_being_large():
    frame = contacts_of([*many("installation", "partner", 900, 100, 0), *many("shop", "own", 30, 20, 0)], filler=0)
    assert running.stuck(running.cases_of(frame, as_of=DAY)).worst["touchpoint"] == "shop"


def test_equal_hands_do_not_stand_out():
    frame = contacts_of([*many("installation", "partner", 90, 10, 0), *many("shop", "own", 91, 9, 0)], filler=0)
    found = running.stuck(running.cases_of(frame, as_of=DAY))
    assert found.worst is None
    assert "No hand stands out" in running_findings.stuck(found, code="CNY")


def test_own_and_partner_by_hand_and_against_the_interval():
    frame = contacts_of([*many("repair", "own", 45, 5, 0), *many("repair", "partner", 30, 20, 0), *many("shop", "own", 50, 0, 0)], filler=0)
    table = running.own_and_partner(running.cases_of(frame, as_of=DAY))
    row = table.iloc[0]
    assert len(table) == 1 and (row["own"], row["partner"]) == (0.9, 0.6)
    expected = difference_of_shares(45, 50, 30, 50)
    assert (row["difference"], row["low"], row["high"]) == pytest.approx((expected.value, expected.low, expected.high))
    assert (
        "own people keep 90 of 100 matters, the partner 60 of 100, a difference of +30 points" in running_findings.own_and_partner(table)[0]
    )


@pytest.mark.slow
@pytest.mark.parametrize("site", ["installation", "delivery", "return_desk"])
def test_a_hand_over_that_breaks_is_named_wherever_it_is_planted(site, company_of):
    company = company_of(seed=11, plant={"hand_over": site})
    worst = running.stuck(running.cases_of(company.contacts, as_of=company.as_of)).worst
    assert (worst["touchpoint"], worst["owner"]) == (site, "partner")


# ---------------------------------------------------------------- phases, promises, calls back


def test_phases_by_hand():
    frame = contacts_of([], filler=80).assign(
        phase=["before"] * 40 + ["after"] * 40, resolved=pd.array([True] * 30 + [False] * 10 + [True] * 40, dtype="boolean"),
        satisfaction=pd.array([1, 2, 3, 4] * 10 + [5] * 20 + [pd.NA] * 20, dtype="Int64"),
    )  # fmt: skip
    table = running.phases(frame, as_of=DAY).set_index("phase")
    assert table.loc["before", ["contacts", "unsettled_share", "answers", "unhappy_share"]].tolist() == [40, 0.25, 40, 0.5]
    assert table.loc["after", "answers"] == 20 and np.isnan(table.loc["after", "unhappy_share"]), "twenty answers are too few for a share"
    assert (
        "Before** the purchase, 25 of 100 contacts settled nothing, the more of the two" in running_findings.phases(table.reset_index())[0]
    )


def test_promises_by_hand():
    calls = pd.DataFrame({"wait_minutes": [1.0] * 10 + [5.0] * 10 + [12.0] * 60 + [29.0] * 16 + [50.0] * 4})
    table = running.promises(calls)
    assert table["share"].tolist() == pytest.approx([0.2, 0.2, 0.8, 0.8, 0.96])
    assert running.shortest_promise(table, share=0.9) == 30
    assert running.shortest_promise(table, share=0.8) == 15
    assert running.shortest_promise(table, share=0.97) is None
    assert "even *within 30 minutes* held for 96 of 100" in running_findings.promises(table, None, share=0.97)


def test_call_backs_by_hand():
    frame = contacts_of([], filler=80).assign(
        touchpoint="hotline", called_back=pd.array([True] * 40 + [False] * 40, dtype="boolean"), satisfaction=pd.array([4] * 40 + [3] * 39 + [2], dtype="Int64"),
    )  # fmt: skip
    found = running.call_backs(frame, as_of=DAY)
    assert (found.called, found.others) == (40, 40)
    assert found.difference.value == pytest.approx(4 - 119 / 40)
    assert "drawn by lot" in running_findings.call_backs(found)


@pytest.mark.parametrize("measure", [running.phases, running.calls, running.call_backs])
def test_without_contacts_each_measure_says_what_they_would_add(measure):
    found = measure(None, as_of=DAY)
    assert isinstance(found, Withheld) and found.reason and found.gain
    assert running.promises(Withheld("a", "b")) == Withheld("a", "b")


# ---------------------------------------------------------------- promises of the playground


def test_the_account_of_a_promise_by_hand():
    market = promises.Market()
    found = promises.account(market, 3)
    # One scale of days: 1 - 1/e are kept. 0.10 + 0.12 * exp(-0.5) of 1,000 buy.
    kept, buyers = 1 - np.exp(-1), 1000 * (0.10 + 0.12 * np.exp(-0.5))
    assert (found.kept, found.buyers) == pytest.approx((kept, buyers))
    assert found.total == pytest.approx(buyers * (150 + 600 * (0.5 * kept + 0.1 * (1 - kept))))


def test_the_best_promise_is_later_for_a_slower_firm():
    best = [promises.best(promises.at_speed(days)) for days in (2.0, 3.0, 5.0)]
    assert best == sorted(best) and best[0] < best[-1]


def test_a_promise_outside_the_playground_is_refused():
    with pytest.raises(DataError, match="promise of 11 days"):
        promises.account(promises.Market(), 11)


# ---------------------------------------------------------------- the sample company and its figures


def test_the_sample_names_the_installation_by_the_partner(sample_company):
    company = sample_company
    found = running.cases_of(company.contacts, as_of=company.as_of)
    worst = running.stuck(found).worst
    assert (worst["touchpoint"], worst["owner"]) == ("installation", "partner")


def test_every_figure_has_words_with_its_numbers(sample_company):
    company = sample_company
    found = running.cases_of(company.contacts, as_of=company.as_of)
    table = running.by_opening(found)
    picture = running_figures.hand_overs(table)
    assert f"{table.iloc[0]['cases']:,}" in picture.alt and picture.figure.get_figheight() <= 4.5
    assert (
        "own 50%"
        in running_figures.own_and_partner(
            pd.DataFrame(
                [("repair", 50, 0.5, 40, 0.25, 0.25, 0.1, 0.4)],
                columns=["touchpoint", "own_cases", "own", "partner_cases", "partner", "difference", "low", "high"],
            )
        ).alt
    )


def test_key_numbers_and_the_change_since_the_last_report(sample_company):
    company = sample_company
    found = running.cases_of(company.contacts, as_of=company.as_of)
    keys = {one["key"] for one in running_findings.key_numbers(cases=found, found=running.stuck(found), shortest=30)}
    assert keys == {"cases", "kept_share", "unsettled_share", "stuck_at", "stuck_excess", "promise_minutes"}
    assert "rose from 10%" in running_findings.since(found, kept=0.1, on=date(2026, 1, 1))
    assert "stayed" in running_findings.since(found, kept=found.kept_share, on=date(2026, 1, 1))
    assert running_findings.since(found, kept=None, on=None) == ""
