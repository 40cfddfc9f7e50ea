"""Sentences and pictures follow the numbers, on a company with stories, on one without, and on orders alone."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.churn import bucket, nodes, reasons, survival, windows
from helpers.churn import seen_figures as figures
from helpers.churn import findings_seen as findings
from helpers.pictures import Picture
from helpers.stats.intervals import Estimate
from helpers.withheld import SILENCE, Withheld


def parts_of(company):
    """Everything that the report works out."""
    day = company.as_of
    days = windows.order_days(company.orders, company.products, as_of=day)
    first = days["day"].min().date()
    false = windows.false_churn(days, as_of=day)
    used = false.used
    held = windows.clean_contracts(company.contracts, as_of=day)
    lives = survival.contract_lives(held, as_of=day, watched_from=first)
    either = lives or survival.order_lives(days, company.customers, as_of=day, window_days=used)
    silent = windows.order_churn(days, as_of=day, window_days=used)
    asked = reasons.clean_exits(company.exits, days, company.contracts, as_of=day)
    return {
        "false": false,
        "habits": windows.by_habit(days, as_of=day, window_days=90, follow_days=false.follow_days),
        "held": held,
        "main": windows.contract_churn(held, as_of=day, watched_from=first) or silent,
        "silent": silent,
        "same_age": nodes.same_age(lives, as_of=day),
        "lives": either,
        "stay": survival.stay(either),
        "segments": survival.by_segment(either, survival.segments_of(either, company)),
        "ages": nodes.by_age(lives),
        "orders": nodes.by_order(days, as_of=day, window_days=used),
        "after": nodes.after(lives, nodes.complaints(company.contacts, as_of=day)),
        "signs": nodes.after(lives, nodes.signs(company.contacts, as_of=day)),
        "why": reasons.said(asked, company.contracts),
        "then": reasons.by_time(asked, lives, 12),
        "brings": reasons.benefits(company, days, as_of=day, window_days=used),
        "flow": bucket.bucket_of_contracts(held, as_of=day, watched_from=first) or bucket.bucket_of(days, as_of=day, window_days=used),
    }


@pytest.fixture(scope="module")
def on(planted):
    return parts_of(planted)


@pytest.fixture(scope="module")
def off(plain):
    return parts_of(plain)


@pytest.fixture(scope="module")
def alone(france):
    return parts_of(france)


def answered(parts):
    return " ".join(
        findings.answer(
            main=parts["main"], same_age=parts["same_age"], alarm=0.2, ages=parts["ages"], after=parts["after"], orders=parts["orders"],
            why=parts["why"], segments=parts["segments"], false=parts["false"],
        )
    )  # fmt: skip


def pictures(parts):
    return [
        figures.false_churn(parts["false"]),
        figures.rate(parts["main"], alarm=0.2),
        figures.stay(parts["stay"]),
        figures.segments(parts["segments"]),
        figures.ages(parts["ages"]),
        figures.by_order(parts["orders"], window_days=90),
        figures.after(parts["after"]),
        figures.reasons(parts["why"]),
        figures.flow(parts["flow"]),
    ]


def test_what_is_planted_is_named(on):
    assert on["ages"].peaks == (12,) and on["after"].worst == "promise_not_kept"
    text = answered(on)
    assert "in month 12" in text and "after *promise not kept*" in text and "of 100 contracts leave in a year" in text


def test_where_nothing_is_planted_nothing_is_named(off):
    assert off["ages"].peaks == () and not off["after"].found
    text = answered(off)
    assert "**When:**" not in text and "after a complaint" not in text
    assert findings.ages(off["ages"]).startswith("**No month of age stands out")
    assert "do not leave more than at other times" in findings.after(off["after"])


def test_every_picture_can_be_drawn_on_either_company(on, off):
    for one in [*pictures(on), *pictures(off)]:
        assert isinstance(one, Picture) and one.png
    assert isinstance(figures.left_of_100(0.2), Picture) and isinstance(figures.monkey(bucket.monkey(9)), Picture)
    assert isinstance(figures.choice(bucket.choose(5000, 1000, 0.2, more_won=100, fewer_lost=0.03)), Picture)


def test_on_orders_alone_it_says_what_contracts_contacts_and_exits_would_add(alone, france):
    limits = " ".join(findings.limits(france, false=alone["false"], contracts=alone["held"], why=alone["why"]))
    assert "With `contracts`" in limits and "Contacts are not in the data" in limits and "With `exits`" in limits
    text = answered(alone)
    assert "of 100 customers leave in a year" in text and "days of silence" in text and "came back" in text
    # No window is right often enough on so short a file: the rate must not ring the alarm.
    assert alone["false"].chosen is None and "not held against the alarm" in text and "above the alarm" not in text
    for one in pictures(alone):
        assert isinstance(one, (Picture, Withheld))
    assert findings.reasons(alone["why"]) is SILENCE and findings.after(alone["after"]) is SILENCE


def test_without_any_rate_the_answer_is_a_refusal(on):
    withheld = Withheld("The churn rate", "Too few.", "With more.")
    text = answered(on | {"main": withheld})
    assert text == "**These data cannot say how many leave.** Too few. With more."


@pytest.mark.parametrize(
    "rate, says",
    [
        (Estimate(0.3, 0.25, 0.35), "above the alarm"),
        (Estimate(0.22, 0.18, 0.26), "near the alarm"),
        (Estimate(0.19, 0.185, 0.195), "near the alarm"),
        (Estimate(0.1, 0.08, 0.13), "below the alarm"),
    ],
)
def test_the_alarm_heeds_the_interval(rate, says):
    assert says in findings.against_alarm(rate, alarm=0.2)


def test_a_month_and_a_half_life_are_those_of_the_course():
    text = findings.steady(0.2)
    assert "1.84 of 100 a month" in text and "1.67" in text and "3.1 years" in text and "33 of 100 are left" in text
    assert findings.steady(1).startswith("At that rate nobody") and findings.steady(0).endswith("nobody ever leaves.")


def test_a_change_that_is_a_mix_of_ages_is_called_one(on):
    churn = windows.Churn("contract", Estimate(0.2, 0.18, 0.22), 900, 180, 365, Estimate(0.3, 0.28, 0.32), Estimate(-0.1, -0.13, -0.07), pd.DataFrame())
    assert "no change beyond chance" in findings.trend(churn, Estimate(1.0, 0.9, 1.1))
    assert "the change is real" in findings.trend(churn, Estimate(0.7, 0.6, 0.8))


def test_what_is_set_aside_is_said():
    assert findings.set_aside({}, "contract") is SILENCE
    assert "2 contracts ending before they start" in findings.set_aside({"ending before they start": 2}, "contract")


def test_key_numbers_have_what_was_found_and_leave_out_what_was_not(on, alone):
    def keys(parts):
        return {
            row["key"]
            for row in findings.key_numbers(
                main=parts["main"], silent=parts["silent"], false=parts["false"], stayed=parts["stay"], ages=parts["ages"],
                after=parts["after"], why=parts["why"], flow=parts["flow"],
            )
        }  # fmt: skip

    assert {"churn_yearly", "peak_months", "left_after_complaint", "first_reason", "churn_by_silence"} <= keys(on)
    assert {"churn_yearly", "window_days", "false_churn"} <= keys(alone) and "peak_months" not in keys(alone)


def test_the_rate_is_held_against_the_last_report_where_that_counted_alike(on, alone):
    def said(parts, label):
        numbers = {"churn_yearly": {"value": 0.51, "label": label}}
        last = SimpleNamespace(results={"lessons": {"07a": {"numbers": numbers}}}, lesson="07a", as_of=date(2026, 3, 31))
        return findings.since(parts["main"], last, as_of=date(2026, 6, 29))

    by_contract, by_silence = ("Share of contracts that leaves in a year", "Share of customers that leaves in a year")
    # The 90 days between the reports are new, the rest of the year is the same.
    assert "contracts that leave in a year fell from 51.0% to" in said(on, by_contract) and said(on, by_contract).endswith("275 of them are the same days.")
    assert "customers who fall silent in a year" in said(alone, by_silence)
    # Contracts are not held against silences.
    assert said(on, by_silence) == "" == said(alone, by_contract) and findings.since(on["main"], None, as_of=date(2026, 6, 29)) == ""


def test_no_sentence_holds_a_missing_number(on, off, alone):
    for parts in (on, off, alone):
        text = " ".join(
            str(one)
            for one in (
                findings.false_churn(parts["false"]), findings.habits(parts["habits"], window_days=90), findings.churn(parts["main"], alarm=0.2),
                findings.trend(parts["main"], parts["same_age"]), findings.other(parts["main"], parts["silent"]), findings.lives_read(parts["lives"]),
                findings.stay(parts["stay"]), findings.segments(parts["segments"]), findings.by_order(parts["orders"], window_days=90),
                findings.signs(parts["signs"]), findings.by_time(parts["then"], month=12), findings.benefits(parts["brings"]), findings.flow(parts["flow"]),
                findings.reasons(parts["why"]), findings.ages(parts["ages"]), findings.after(parts["after"]),
            )
        )  # fmt: skip
        assert "nan" not in text.split() and "inf" not in text.split() and "nan of 100" not in text
        assert not np.any([bad in text for bad in ("-0 of", "None,", "Withheld(")])
