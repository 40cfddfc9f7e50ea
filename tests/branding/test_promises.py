"""Promise and trust: paired gaps, own staff beside partners, the contacts, and what must not be judged."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.branding import findings, promises
from helpers.withheld import Withheld

ELSEWHERE = {"hand_over": "repair", "real_change": ("unaided", "2025-11"), "stretch": "garden"}


def of(tables, **more):
    return promises.gaps(tables.brand_promises, tables.brand_survey, **more)


@pytest.mark.parametrize("plant, name", [(None, "installed_48h"), (ELSEWHERE, "repaired_in_one_visit")])
def test_the_broken_promise_is_found_where_it_is_planted_and_laid_at_the_partners_door(tracker, plant, name):
    found = of(tracker(plant=plant))
    assert found.leaks["promise"].tolist() == [name] and found.by_partner
    assert "It breaks" in findings.by_owner(found) or "it breaks in other hands" in findings.by_owner(found)


def test_where_nothing_is_planted_no_promise_leaks(tracker):
    found = of(tracker(on=False))
    assert found.leak is None and not found.by_partner
    assert findings.gaps(found)[0].startswith("**No promise leaks.**")


def test_the_gap_is_the_paired_test_of_another_library(tracker):
    tables = tracker()
    row = of(tables).table.iloc[0]
    ids = tables.brand_survey.loc[tables.brand_survey["wave"] == "2026-05", "answer_id"]
    part = tables.brand_promises[tables.brand_promises["answer_id"].isin(ids) & (tables.brand_promises["promise"] == row["promise"])]
    test = stats.ttest_rel(part["kept"].astype(float), part["believed"].astype(float))
    ends = test.confidence_interval()
    assert (row["p"], row["low"], row["high"]) == pytest.approx((test.pvalue, ends.low, ends.high))
    assert row["people"] == len(part)


def small(kept, owner="own"):
    n = len(kept)
    rows = pd.DataFrame({"answer_id": [f"a{i}" for i in range(n)], "promise": "p", "believed": 8, "kept": kept, "owner": owner})
    return rows, pd.DataFrame({"answer_id": rows["answer_id"], "wave": "w"})


def test_a_gap_smaller_than_half_a_grade_is_no_leak_however_sure():
    rows, sheets = small([8, 7, 8, 8, 7] * 200)  # -0.4 on average
    found = promises.gaps(rows, sheets)
    assert found.table["gap"].iloc[0] == pytest.approx(-0.4) and found.table["p_corrected"].iloc[0] < 1e-6 and found.leak is None


def test_a_leak_in_the_own_house_is_not_laid_at_the_partners_door():
    rows, sheets = small([5, 6] * 50, owner=["own", "own", "partner", "partner"] * 25)
    found = promises.gaps(rows, sheets)
    assert found.leak is not None and not found.by_partner
    assert "own hands too" in findings.by_owner(found)


def test_a_promise_that_three_people_met_is_named_and_not_judged(tracker):
    tables = tracker()
    few = tables.brand_promises[tables.brand_promises["promise"] == "filter_reminder"].tail(3)
    others = tables.brand_promises[tables.brand_promises["promise"] != "filter_reminder"]
    found = promises.gaps(pd.concat([others, few]), tables.brand_survey)
    assert found.thin == ("filter_reminder",) and "filter_reminder" not in set(found.table["promise"])
    assert "filter reminder" in findings.gaps(found)[-1]
    assert isinstance(promises.gaps(few, tables.brand_survey), Withheld)
    assert isinstance(promises.gaps(None, None), Withheld)


def contacts(*rows):
    """Contacts from (id, case, owner, day, resolved)."""
    names = ["contact_id", "case_id", "owner", "at", "resolved"]
    frame = pd.DataFrame(rows, columns=names).assign(touchpoint="installation")
    return frame.assign(at=pd.to_datetime(frame["at"]), resolved=frame["resolved"].astype("boolean"))


def test_the_contacts_count_a_second_visit_only_if_it_came_in_time():
    rows = []
    for i in range(20):
        rows.append((f"o{i}", f"o{i}", "own", "2026-03-01", True))
        rows.append((f"p{i}", f"p{i}", "partner", "2026-03-01", False))
        # Half of the partner's matters are settled a day later, half a week later.
        rows.append((f"q{i}", f"p{i}", "partner", "2026-03-02" if i < 10 else "2026-03-08", True))
    found = promises.on_file(contacts(*rows), touchpoint="installation", as_of="2026-06-01")
    assert found.table[["matters", "settled"]].to_numpy().tolist() == [[20, 20], [20, 10]]
    assert found.difference.value == 0.5 and found.difference.excludes_zero
    week = promises.on_file(contacts(*rows), touchpoint="installation", hours=24 * 7, as_of="2026-06-01")
    assert week.table["settled"].tolist() == [20, 20]


def test_a_visit_whose_hours_are_not_over_does_not_count():
    rows = [(f"{owner}{i}", f"{owner}{i}", owner, day, False) for owner in ("own", "partner") for i, day in enumerate(["2026-03-01"] * 20 + ["2026-06-01"] * 5)]
    found = promises.on_file(contacts(*rows), touchpoint="installation", as_of="2026-06-01")
    assert found.table["matters"].tolist() == [20, 20]


def test_few_matters_and_contacts_without_an_owner_are_withheld():
    assert "of each are needed" in promises.on_file(contacts(("a", "a", "own", "2026-03-01", True)), touchpoint="installation").reason
    assert isinstance(promises.on_file(None, touchpoint="installation"), Withheld)


def test_the_survey_and_the_contacts_point_at_the_same_hands(planted):
    found = promises.gaps(planted.brand_promises, planted.brand_survey)
    filed = promises.on_file(planted.contacts, touchpoint=findings.where_on_file(found), as_of=planted.as_of)
    assert filed.touchpoint == "installation" and filed.difference.low > 0.2


def test_whoever_is_let_down_trusts_less_and_tells_more(tracker):
    tables = tracker(size=10)
    cost = promises.cost_of_a_break(of(tables), tables.brand_promises, tables.brand_survey)
    # Planted: 2.2 grades of trust, less what the end of the scale cuts off and what those add who grade low by chance.
    assert -2.4 < cost.trust.value < -1.5 and cost.told_bad.low > 0
    plain = tracker(on=False, size=10)
    cost = promises.cost_of_a_break(of(plain), plain.brand_promises, plain.brand_survey)
    assert isinstance(cost, Withheld) or np.abs(cost.trust.value) < 1.5
