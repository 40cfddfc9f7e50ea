"""Sentences of lesson 03b: true on whatever data they are written from."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.segmentation import group_findings, groups, surveys
from helpers.segmentation.behaviour import Behaviour, Feature
from helpers.segmentation.ladder import Climbing, Ladder, Rules
from helpers.segmentation.targets import Statement
from helpers.stats.intervals import Estimate
from helpers.withheld import SILENCE, Withheld

THIN = Withheld("Groups of behaviour", "too few", "More would help.")
AS_OF = date(2026, 6, 30)


def tried(*rows):
    columns = ["k", "silhouette", "without_kinds", "stability", "same", "smallest", "holds"]
    return pd.DataFrame(rows, columns=columns)


GOOD = tried((2, 0.3, 0.3, 0.9, 0.95, 50, False), (3, 0.3, 0.2, 0.8, 0.9, 40, True), (4, 0.2, 0.1, 0.75, 0.85, 30, True))


def modes(*rows):
    columns = ["mode", "weighted", "known", "claimed", "selection_error", "answer_error", "beyond_luck"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(truth=2.0, error=table["selection_error"] + table["answer_error"])


FAIR = ("panel", True, 600, 2.05, 0.03, 0.02, False)
STREET = ("street", False, 400, 3.0, 0.8, 0.2, True)


def scored(*rows):
    return pd.DataFrame(rows, columns=["group", "score_minor", "at_stake_minor", "year_minor", "reachable", "answering"])


# ---------------------------------------------------------------- groups


def test_who_is_grouped_counts_both_sides():
    feature = Feature("order_days", "order days", "rhythm", "count", "log", "often", "seldom")
    table = pd.DataFrame({"order_days": [3, 4]}, index=["A", "B"])
    text = group_findings.who_is_grouped(Behaviour(table, (feature,), pd.Index(["C"]), AS_OF, 730, 3))
    assert text.startswith("**2 customers ordered on 3 days or more in the last 730 days;** 1 ordered less often")
    assert text.endswith("1 column describes each of them: how often and how lately they come.")


@pytest.mark.parametrize(
    "chosen, says",
    [
        pytest.param(4, "Both tests are passed with 3 and 4 groups. The borders are soft", id="holds, soft"),
        pytest.param(3, "**We use 3 groups.** When customers are drawn again 90 of 100 stay", id="holds"),
        pytest.param(2, "2 groups were asked for, and they do not pass both tests", id="asked for"),
        pytest.param(THIN, "**No groups are claimed here.** too few", id="none"),
    ],
)
def test_groups_are_claimed_only_where_both_tests_are_passed(chosen, says):
    text = group_findings.trials(GOOD, chosen=chosen)
    assert says in text
    assert ("soft" in text) == (chosen == 4)  # a silhouette below 0.25


def test_groups_that_show_no_more_than_one_column_are_said_to():
    better = {"groups": 0.3, "single": 0.1, "column": "money"}
    assert "all of them together show them partly" in group_findings.recovered(better, groups=4)
    worse = {"groups": 0.1, "single": 0.3, "column": "money"}
    assert "no more than that column does" in group_findings.recovered(worse, groups=4)


def test_names_from_the_data_cannot_bring_markup():
    evil = {"groups": 0.3, "single": 0.1, "column": "<script>*x*"}
    assert "<script>" not in group_findings.recovered(evil, groups=4)
    assert "<b>" not in group_findings.targets(scored(("<b>", 9, 9, 9, 1, 1)), code="CNY")


def test_movement_counts_who_changed_came_and_left():
    few = groups.FEW_ORDERS
    table = pd.DataFrame([[5, 2, 1], [3, 7, 0], [4, 4, 9]], index=["a", "b", few], columns=["a", "b", few])
    text = group_findings.movement(table, since="on 1 May 2025")
    assert "Of 17 customers who were in a group both on 1 May 2025 and now, 5 are in another one" in text
    assert "8 have come" in text and "1 have ordered too seldom" in text


# ---------------------------------------------------------------- ladder


def test_the_ladder_says_who_stands_high_and_what_is_missing():
    table = pd.DataFrame(
        {"customer_id": list("ABCD"), "rung": ["long-term", "new", "silent", "quality"], "value_minor": [100, 100, 0, 200]}
    )
    made = Ladder(table, 150, ("silent", "new", "long-term", "quality"), Rules(), AS_OF, "Nobody is known as an advocate.")
    text = group_findings.ladder(made, code="CNY")
    assert "2 of 4 customers stand on the rung long-term or higher, and bring 75% of the money" in text
    assert "1 have fallen silent" in text and text.endswith("Nobody is known as an advocate.")


def test_where_customers_get_stuck_and_where_they_fall_silent():
    rows = [("new", 100, 13, 70, 0, 17), ("long-term", 100, 7, 80, 0, 13), ("quality", 20, 0, 0, 0, 20)]
    table = pd.DataFrame(rows, columns=["rung", "stood", "climbed", "stayed", "fell", "fell_silent"])
    table["climb_share"] = table["climbed"] / table["stood"]
    text = group_findings.climbing(Climbing(pd.DataFrame(), table, ((AS_OF, AS_OF),)))
    assert "stuck on the rung *long-term*:** of 100 who stand there 7 climb" in text
    assert "Most fall silent from the rung *new*: 17 in 1 quarter, 17 of 100" in text


# ---------------------------------------------------------------- survey


def test_the_furthest_way_of_asking_is_split_and_named_as_beyond_luck():
    text = group_findings.errors_by_mode(modes(FAIR, STREET))
    assert "The true mean is 2.00 order days.** The weighted panel survey says 2.05." in text
    assert "The street survey says 3.00, with 400 answers: +0.80 come from who answers and +0.20 from what they answer" in text
    assert "by more than luck for the street survey:" in text


def test_where_nothing_is_beyond_luck_no_way_of_asking_is_blamed():
    text = group_findings.errors_by_mode(modes(FAIR, ("drop-in", False, 90, 1.9, -0.2, 0.1, False)))
    assert "None is off by more than the luck of the draw." in text
    assert r"drop\-in" in text and "−0.20 come" in text  # a minus sign, and the name as it is


def compared(found_less_asked, found_less_plain, agreement=0.1):
    table = pd.DataFrame({"scheme": [surveys.FOUND, "motive", surveys.LAST_YEAR], "captured": [0.5, 0.4, 0.47]})
    return surveys.Comparison(table, found_less_asked, found_less_plain, found_less_plain, agreement, "motive", 500)


@pytest.mark.parametrize(
    "lead, says",
    [
        (Estimate(0.1, 0.02, 0.2), "Classes found predict better than classes asked."),
        (Estimate(-0.1, -0.2, -0.02), "Classes asked predict better than classes found."),
        (Estimate(0.1, -0.02, 0.2), "ahead of classes asked, but by no more than luck could do."),
        (Estimate(-0.1, -0.2, 0.02), "no better here than classes asked."),
    ],
)
def test_a_lead_is_claimed_only_where_its_interval_excludes_nothing(lead, says):
    assert says in group_findings.schemes(compared(lead, Estimate(0, -0.1, 0.1)))


def test_the_plain_rule_is_beaten_or_it_is_said_that_it_is_not():
    lead = Estimate(0.1, 0.02, 0.2)
    assert "They beat the plain rule" in group_findings.schemes(compared(lead, Estimate(0.1, 0.01, 0.2)))
    level = group_findings.schemes(compared(lead, Estimate(0.1, -0.01, 0.2)))
    assert "do not clearly beat a plain rule: last year's money gives 47" in level


def test_more_answers_are_said_to_mend_luck_and_not_bias():
    table = pd.DataFrame({"size": [100], "error": [0.3], "spread": [0.05]})
    text = group_findings.errors_by_size(table, truth=0.3, size=100, says="in the street")
    assert "by 10.0 points up or down" in text and "30 points too high (the truth is 30%)" in text
    right = group_findings.errors_by_size(table.assign(error=0.001), truth=0.3, size=100, says="by lot")
    assert "on average it is right (30%)" in right and "too" not in right


# ---------------------------------------------------------------- target and the page


def test_a_group_is_named_only_where_one_stands_out():
    clear = scored(("A", 20_000, 50_000, 10_000, 0.8, 0.5), ("B", 10_000, 90_000, 40_000, 0.5, 0.2))
    text = group_findings.targets(clear, code="CNY")
    assert "begin with *A*:** ¥500 a year are at stake there, 80 of 100" in text and "brings most today is *B*" in text
    level = scored(("A", 10_100, 50_000, 10_000, 0.8, 0.5), ("B", 10_000, 50_000, 10_000, 0.8, 0.5))
    assert "No group stands out" in group_findings.targets(level, code="CNY")


def test_the_swot_table_goes_from_strengths_to_threats_or_says_why_it_is_empty():
    lines = [Statement("*T*", False, False, "orders"), Statement("S", True, True, "orders")]
    table = group_findings.swot(lines)
    assert table["kind"].tolist() == ["strength", "threat"] and table["statement"].tolist() == ["S", "T"]
    assert "too short" in group_findings.swot([]).reason


def answer(**known):
    nothing = {
        name: THIN for name in ("chosen", "trials", "table", "climb", "errors", "comparison", "scores")
    } | {"to_do": 0, "hold_out": 0, "code": "CNY"}
    return group_findings.answer(**nothing | known)


def test_the_answer_of_a_company_of_which_nothing_is_known():
    assert answer() == [
        "**No kinds of customers are claimed.** too few",
        "On Monday: nobody to contact; the list is empty, and the sections below say why.",
    ]


def test_the_answer_claims_kinds_only_where_they_hold():
    table = pd.DataFrame({"group": ["A", "B", "C"]})
    assert "There are 3 kinds" in answer(chosen=3, trials=GOOD, table=table)[0]
    assert "2 groups were asked for, and they are no kinds" in answer(chosen=2, trials=GOOD, table=table.head(2))[0]
    assert "slices of a ruler" in answer(chosen=THIN, trials=GOOD)[0]


def test_the_answer_on_surveys_groups_and_the_list():
    said = answer(errors=modes(FAIR, STREET), to_do=1, hold_out=0)
    assert "trust the weighted panel survey most and the street survey least: it is 1.0 order days off a truth of 2.0" in said[1]
    assert said[-1] == "**On Monday: 1 customer to help up the ladder**, with the action that fits their group."
    fair = answer(errors=modes(FAIR), to_do=9, hold_out=3)
    assert "no more than the luck of the draw" in fair[1] and fair[-1].endswith("group; 3 more left alone by lot.")
    level = scored(("A", 10_100, 1, 1, 1, 1), ("B", 10_000, 1, 1, 1, 1))
    assert "No group stands out" in answer(scores=level)[1]
    assert "more than in any other group" not in answer(scores=level.head(1))[1]


def test_limits_name_what_is_not_in_the_data():
    company = SimpleNamespace(contacts=None, customers=None)
    text = " ".join(group_findings.limits(company, hold_out=0, groups=THIN, errors=THIN))
    assert "Nobody is left alone by lot" in text and "Open complaints" in text and "Consent" in text
    full = SimpleNamespace(contacts=pd.DataFrame(), customers=pd.DataFrame({"consent": [True]}))
    assert group_findings.limits(full, hold_out=5, groups=THIN, errors=modes(FAIR)) == []


def test_key_numbers_leave_out_what_is_withheld():
    nothing = dict.fromkeys(("behaviour", "chosen", "table", "trials", "ladder", "climb", "errors", "comparison", "scores"), THIN)
    assert group_findings.key_numbers(**nothing) == []
    some = group_findings.key_numbers(**nothing | {"chosen": 3, "trials": GOOD, "errors": modes(FAIR, STREET)})
    assert {row["key"]: row["value"] for row in some} == {
        "groups": 3,
        "groups_stability": 0.8,
        "groups_same": 0.9,
        "survey_error_panel_weighted": pytest.approx(0.05),
        "survey_error_street": 1.0,
    }


def test_what_is_withheld_stays_silent():
    for finding in (group_findings.who_is_grouped, group_findings.climbing, group_findings.schemes, group_findings.explained):
        assert finding(THIN) is SILENCE
    assert group_findings.questions(THIN, code="CNY") is THIN
