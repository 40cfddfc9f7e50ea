"""Results of other reports, made by hand."""

import pytest

from helpers.plan.evidence import Evidence


def record(value, unit, label=""):
    return {"label": label or "A number", "value": value, "unit": unit}


@pytest.fixture
def results_of():
    """Results from {lesson: {key: value or (value, label)}}, with action lists {lesson: {list: (to_do, hold_out, stake_minor)}}."""

    def make(numbers, lists=None, *, as_of="2026-06-17", currency="CNY"):
        lessons = {}
        for lesson in sorted({*numbers, *(lists or {})}):
            part = {"title": f"Title of {lesson}", "numbers": {}, "sections": {}, "answer": [], "limits": []}
            for key, value in numbers.get(lesson, {}).items():
                value, label = value if isinstance(value, tuple) else (value, "")
                unit = "money" if key.endswith("_minor") else "text" if isinstance(value, str) else "number"
                part["numbers"][key] = record(value, unit, label)
            for name, (to_do, hold_out, stake) in (lists or {}).get(lesson, {}).items():
                part.setdefault("actions", {}).setdefault("lists", {})[name] = {
                    "to_do": to_do, "hold_out": hold_out, "suppressed": 0, "value_at_stake_minor": stake,
                }  # fmt: skip
            lessons[lesson] = part
        return {"schema": 1, "company": {"name": "A firm", "currency": currency, "as_of": as_of, "sample": False}, "lessons": lessons}

    return make


@pytest.fixture
def evidence_of(results_of):
    return lambda *arguments, **named: Evidence(results_of(*arguments, **named))


@pytest.fixture
def campaign_numbers():
    """Key numbers of lesson 04 for ways of asking {way: (asked, caused, low, high, cost, left, left_low, left_high)}, 10 of 100 came anyway."""

    def make(ways, proven=""):
        numbers = {"came_anyway": 0.1, "trial_hold_out": 400, "proven_arms": proven}
        for way, (asked, caused, low, high, cost, left, left_low, left_high) in ways.items():
            numbers |= {
                f"woken_{way}": caused, f"woken_{way}_low": low, f"woken_{way}_high": high, f"asked_{way}": asked, f"cost_{way}_minor": cost,
                f"left_{way}_minor": left, f"left_{way}_low_minor": left_low, f"left_{way}_high_minor": left_high,
            }  # fmt: skip
        return numbers

    return make
