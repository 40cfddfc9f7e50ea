"""The brand funnel: Wilson intervals, step rates, sheets that contradict themselves, and the rival."""

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from helpers.branding import funnel
from helpers.withheld import Withheld


def made(people, brand="we", own=True):
    """Rows from how many stop at each stage: [asked, aided, considered, bought, preferred]."""
    asked, *reached = people
    return pd.DataFrame(
        {"answer_id": [f"a{i}" for i in range(asked)], "brand": brand, "own": own, "unaided": False}
        | {stage: [i < number for i in range(asked)] for stage, number in zip(funnel.STAGES, reached, strict=True)}
    )


SHEETS = pd.DataFrame({"answer_id": [f"a{i}" for i in range(100)], "wave": "w"})
OWN = [100, 80, 40, 30, 12]
RIVAL = [100, 90, 60, 20, 18]


@pytest.fixture
def both():
    return pd.concat([made(OWN), made(RIVAL, "they", False)], ignore_index=True)


def test_shares_and_steps_are_counts_over_counts(both):
    found = funnel.funnel(both, SHEETS)
    rows = [found.at(stage) for stage in funnel.STAGES]
    assert [row["people"] for row in rows] == OWN[1:] and [row["share"] for row in rows] == pytest.approx([0.8, 0.4, 0.3, 0.12])
    assert [row["step"] for row in rows] == pytest.approx([0.8, 0.5, 0.75, 0.4])
    assert found.own == "we" and found.rivals == ["they"] and found.contradicting == 0


def test_intervals_are_those_of_wilson_by_another_library(both):
    for row in funnel.funnel(both, SHEETS).table.itertuples():
        for people, of, ends in ((row.people, row.asked, (row.low, row.high)), (row.people, row.of_before, (row.step_low, row.step_high))):
            assert ends == pytest.approx(proportion_confint(people, of, method="wilson"), abs=1e-9)


def test_a_stage_larger_than_the_one_before_is_named_and_counted(both):
    both.loc[[95, 96], "bought"] = True  # they never heard of the brand
    both.loc[97, "unaided"] = True
    found = funnel.funnel(both, SHEETS)
    assert found.contradicting == 3 and found.at("aided")["asked"] == 97
    table = found.table[found.table["stage"] != "unaided"]
    assert (table["people"] <= table["of_before"]).all()
    from helpers.branding import findings

    assert "3 rows because a later stage was ticked and an earlier one was not" in " ".join(findings.funnel(found))


def test_the_same_person_twice_counts_once_and_strangers_do_not_count(both):
    more = pd.concat([both, both.head(5), made([1, 1, 1, 1, 1]).assign(answer_id="x")], ignore_index=True)
    found = funnel.funnel(more, SHEETS)
    assert (found.twice, found.stray) == (5, 1) and found.at("aided")["people"] == 80


def test_a_rival_who_loses_fewer_at_one_step_is_found_and_the_others_are_not(both):
    table = funnel.against_rival(funnel.funnel(both, SHEETS)).set_index("stage")
    # 40 of 80 against 60 of 90 go on to consider it; 30 of 40 against 20 of 60 buy.
    assert table.loc["considered", "difference"] == pytest.approx(0.5 - 2 / 3)
    assert table.loc["bought", "p_corrected"] < 0.001 < 0.05 < table.loc["aided", "p_corrected"]
    assert "preferred" not in table.index  # 20 people bought the rival: too few for a rate


def test_no_rival_no_tracker_and_three_answers_are_withheld(both):
    assert isinstance(funnel.against_rival(funnel.funnel(made(OWN), SHEETS)), Withheld)
    assert isinstance(funnel.funnel(None, SHEETS), Withheld)
    found = funnel.funnel(both[both["answer_id"].isin(["a0", "a1", "a2"])], SHEETS)
    assert "Only 3 people" in found.reason and isinstance(funnel.against_rival(found), Withheld)
