"""Sentences and pictures follow the numbers, on a company with stories and on one without; and the purchasing life by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.dormancy import (
    cycle,
    figures,
    findings,
    lists,
    ranking,
    reasons,
    rhythm,
    states,
    waking,
)
from helpers.pictures import Picture
from helpers.withheld import SILENCE, Withheld


def parts_of(company):
    """Everything that the report works out."""
    days = rhythm.visits(company.orders, company.products, as_of=company.as_of)
    waits = rhythm.gaps(days, as_of=company.as_of)
    clocks = rhythm.clocks(waits)
    now = states.with_states(rhythm.rhythm(waits, two_clocks=clocks.two).customers)
    past = states.snapshot(days, as_of=company.as_of, two_clocks=clocks.two)
    trial = waking.last_trial(company.campaigns, company.assignments, company.orders, as_of=company.as_of)
    return {
        "days": days,
        "waits": rhythm.waiting_curve(waits),
        "clocks": clocks,
        "now": now,
        "past": past,
        "ranking": ranking.compare(days, as_of=company.as_of, two_clocks=clocks.two),
        "stock_outs": reasons.stock_outs(company.orders, company.products, as_of=company.as_of),
        "signs": reasons.signs(now, company.contacts, company.orders, as_of=company.as_of),
        "trial": trial,
        "verdict": waking.judge(trial),
    }


@pytest.fixture(scope="module")
def on(planted):
    return parts_of(planted)


@pytest.fixture(scope="module")
def off(plain):
    return parts_of(plain)


def test_clocks_are_called_two_or_one(on, off):
    assert findings.clocks(on["clocks"]).startswith("**Two clocks are running.**")
    assert findings.clocks(off["clocks"]).startswith("**One clock will do.**")


def test_a_cause_is_named_where_there_is_one_and_nowhere_else(on, off):
    assert "Coffee capsules" in findings.stock_out(on["stock_outs"])
    assert findings.stock_out(off["stock_outs"]).startswith("No product")
    assert "ask ten of them" in findings.signs(off["signs"])


def test_the_verdict_says_woke_for_what_is_proven_alone(on, off):
    says = " ".join(findings.verdict(on["verdict"], code="CNY"))
    assert "**Call woke" in says and "Coupon showed no waking beyond chance" in says
    assert "woke" not in " ".join(findings.verdict(off["verdict"], code="CNY"))


def answered(parts, *, chosen=None, to_do=0):
    lift = lists.lifts(parts["trial"], parts["verdict"], parts["past"].customers, assumed=0.05, cost_minor=1)
    return " ".join(
        findings.answer(
            now=parts["now"], clocks=parts["clocks"], stock_outs=parts["stock_outs"], verdict=parts["verdict"], lifts=lift,
            chosen=pd.DataFrame() if chosen is None else chosen, worth_minor=100, to_do=to_do, hold_out=0, code="CNY",
        )
    )  # fmt: skip


def test_the_answer_holds_on_either_company(on, off):
    assert "stock-out of Coffee capsules" in answered(on) and "Two clocks" in answered(on)
    assert "no way of waking showed an effect" in answered(off) and "Two clocks" not in answered(off)
    assert "Nobody is on the list" in answered(off)


def test_what_is_withheld_is_passed_on_or_silent():
    nothing = Withheld("x", "too few")
    assert figures.states(nothing, nothing, window_days=90) is nothing
    assert figures.arms(nothing) is SILENCE and findings.verdict(nothing, code="CNY") is SILENCE
    assert "cannot say who sleeps" in answered_nothing(nothing)


def answered_nothing(nothing):
    lift = lists.lifts(nothing, nothing, nothing, assumed=0.05, cost_minor=1)
    return findings.answer(
        now=nothing,
        clocks=nothing,
        stock_outs=nothing,
        verdict=nothing,
        lifts=lift,
        chosen=pd.DataFrame(),
        worth_minor=0,
        to_do=0,
        hold_out=0,
        code="CNY",
    )[0]


def test_every_picture_has_alt_text_and_is_readable_on_a_slide(on):
    shown = [
        figures.share_returning(on["waits"]),
        figures.clocks(on["clocks"]),
        figures.life_table(states.life_table(on["past"]), window_days=90),
        figures.states(on["now"], states.wake_rates(on["past"]), window_days=90),
        figures.one_number(states.one_number(on["past"], days=120), window_days=90),
        figures.ranking(on["ranking"]),
        figures.one_time_buyers(on["ranking"]),
        figures.stock_out(on["stock_outs"]),
        figures.signs(on["signs"]),
        figures.hundred(on["verdict"]),
        figures.arms(on["verdict"]),
        figures.sizes_needed(0.13, lift=0.05),
        figures.lives(cycle.lives(on["days"], as_of=date(2026, 6, 17))),
    ]
    for picture in shown:
        assert isinstance(picture, Picture) and len(picture.alt) > 40
        assert picture.figure.get_figheight() <= 4.5


def test_key_numbers_are_plain_values_with_labels(on):
    numbers = findings.key_numbers(
        now=on["now"],
        rates=states.wake_rates(on["past"]),
        waits=on["waits"],
        ranking=on["ranking"],
        stock_outs=on["stock_outs"],
        verdict=on["verdict"],
        worth_minor=5,
    )
    keys = {one["key"] for one in numbers}
    assert {"half_asleep", "asleep_came", "median_wait_days", "stock_out", "woken_call", "came_anyway"} <= keys
    assert sum(one["value"] for one in numbers if one["key"] in ("active", "half_asleep", "asleep", "gone")) == len(on["now"])


def test_the_purchasing_life_by_hand(orders_of):
    # Forty ordered in the year before last; twenty of them in the last year too: 1 / (1 - 0.5) is two years.
    runs = {f"A{n:02d}": [("2024-06-01", 1), ("2024-09-01", 1)] + [("2025-09-01", 1)] * (n < 20) for n in range(40)}
    runs |= {f"O{n:02d}": [("2023-07-01", 1)] for n in range(40)}
    found = cycle.lives(rhythm.visits(orders_of(**runs), as_of=date(2026, 1, 1)), as_of=date(2026, 1, 1))
    assert found.buyers == 40 and found.kept.value == 0.5 and found.years == 2


def test_lines_that_go_together_by_hand(orders_of):
    products = pd.DataFrame({"product_id": ["a", "b"], "line": ["tea", "cups"]})
    runs = {f"T{n:02d}": [("2025-01-01", 1, "a")] + [("2025-02-01", 1, "b")] * (n < 30) for n in range(40)} | {
        f"N{n:02d}": [("2025-01-01", 1, "b")] for n in range(20)
    }
    table = cycle.goes_with(orders_of(**runs), products).set_index("has")
    # 30 of 40 tea drinkers hold cups, as 50 of 60 of all do.
    assert table.loc["tea", "of_100"] == 75 and table.loc["tea", "lift"] == pytest.approx(0.75 / (50 / 60))
    assert isinstance(cycle.goes_with(orders_of(A=[("2025-01-01", 1)]), None), Withheld)


def test_a_share_of_nothing_is_said_as_fewer_than_one():
    assert (
        findings._of_100(0.002) == "fewer than 1"
        and findings._of_100(0.0) == "0"
        and np.isclose(float(findings._of_100(0.13)), 13)
    )
