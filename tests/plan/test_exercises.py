"""The exercises of lesson 08: each untouched, solved and with each mistake, on three firms."""

import json
from datetime import date

import pytest

from helpers.plan import moves
from helpers.plan.evidence import Evidence
from helpers.plan.exercises import run
from helpers.reports.sofar import EXAMPLE
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings
from helpers.withheld import Withheld

EXERCISES = exercises_of(run)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
TODAY = date(2026, 6, 17)


def workings(evidence, *, sample=False, settings=None):
    made = Workings(EXERCISES)
    made.offer(**run.inputs(evidence, settings or moves.Settings(), as_of=TODAY, code="CNY", sample=sample))
    return made


@pytest.fixture
def sample():
    return workings(Evidence(json.loads(EXAMPLE.read_text(encoding="utf-8"))), sample=True)


@pytest.fixture
def other(evidence_of, campaign_numbers):
    """A firm in which the coupon works, the reminder costs too much, and only one report names a place."""
    numbers = {
        "00a": {"revenue_last_minor": 900_000_00, "margin_rate_this": 0.3, "effect_new_buyers_minor": -80_000_00, "effect_new_orders_each_minor": 5_000_00,
                "effect_old_share_back_minor": -20_000_00, "effect_old_orders_each_minor": -3_000_00},
        "01a": {"break_at": "hotline", "break_cost_minor": 150_000_00},
        "04": campaign_numbers({"coupon": (500, 0.2, 0.15, 0.25, 2_000_00, 30_00, 12_00, 48_00), "reminder": (500, 0.01, -0.03, 0.05, 9_000_00, -20_00, -30_00, -10_00)}, "coupon"),
    }  # fmt: skip
    evidence = evidence_of(numbers, {"04": {"wake": (200, 50, 90_000_00)}})
    return workings(evidence, settings=moves.Settings(repair_once_minor=8_000_00, repair_quarter_minor=1_500_00))


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_another_firm(one, other):
    assert rehearse(one, other) == []


@each
def test_without_results_it_says_what_is_missing(one):
    nothing = workings(Withheld("What the other reports found", "No report was made.", "Make one."))
    if one.id in ("8.3", "8.8"):
        assert rehearse(one, nothing) == []
    else:
        with pytest.raises(Unavailable):
            nothing.right(one)


def test_the_answers_on_another_firm_by_hand(other):
    """80,000 − 5,000 of new ones lost, of 900,000: 8.33. 8,000 + 6,000 of 150,000: 9.33. 2,000 / (500 × 0.2): 20."""
    assert other.right(EXERCISES["8.2"]) == pytest.approx(8.333, abs=0.001)
    assert other.right(EXERCISES["8.4"]) == pytest.approx(9.333, abs=0.001)
    assert other.right(EXERCISES["8.6"]) == pytest.approx(20.0)
    assert other.right(EXERCISES["8.7"]) == "stop" and other.right(EXERCISES["8.5"]) == "measured"
    assert other.right(EXERCISES["8.3"]) == 6 and other.right(EXERCISES["8.8"]) == 4
