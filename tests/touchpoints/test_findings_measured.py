"""Sentences of 01a: true on the sample, other ones on other data, and short where nothing is known."""

import pandas as pd

from helpers.touchpoints import (
    breaks,
    complaints,
    figures,
    findings,
    gaps,
    indicators,
    linking,
    lists,
    places,
)
from helpers.withheld import Silence, Withheld


def said_of(company):
    as_of = company.as_of
    contacts = places.sound_contacts(company.contacts, as_of=as_of).table if company.contacts is not None else None
    usable = gaps.rated(company.ratings, company.survey)
    found, weighed = gaps.gaps(usable), gaps.drivers(usable, company.survey, draws=100)
    stuck = breaks.breaks(contacts, as_of=as_of)
    return findings.answer(
        found=found, weighed=weighed, first=gaps.repairs(gaps.map_of(found, weighed)), stuck_at=stuck, cost=breaks.cost_of(stuck),
        problems=complaints.told(company.survey), to_do=3, code=company.currency,
    )  # fmt: skip


def test_the_answer_names_the_repair_the_break_and_the_bill(sample_company):
    said = " ".join(said_of(sample_company))
    assert "Repair technical support first." in said and "installation by a partner" in said and "¥" in said and "head office hears of" in said


def test_another_company_is_told_something_else(elsewhere):
    said = " ".join(said_of(elsewhere))
    assert "Repair the sales channel first." in said and "delivery by a partner" in said and "technical support" not in said


def test_a_company_without_stories_is_told_that_nothing_stands_out(no_stories):
    said = " ".join(said_of(no_stories))
    assert "Nothing asks for a repair" in said and "No place of the contact log stands out" in said


def test_orders_alone_are_told_what_more_would_add(france):
    said = findings.answer(
        found=gaps.gaps(gaps.rated(None, None)), weighed=None, first=Withheld("x", "y"), stuck_at=breaks.breaks(None, as_of=france.as_of), cost=Withheld("x", "y"),
        problems=complaints.told(None), to_do=0, code=france.currency,
    )  # fmt: skip
    assert len(said) == 1 and "cannot be said from these data" in said[0] and "log of contacts" in said[0]


def test_every_count_of_the_table_of_six_is_in_words(sample_company):
    six = indicators.six_indicators(sample_company.orders, None, None, as_of=sample_company.as_of)
    shown = findings.shown_indicators(six, code="CNY")
    assert (shown["value"] == "not known").sum() == 4
    assert "2 of the six can be shown" in findings.indicators(six)


def test_the_iceberg_goes_through_the_panels_own_rate():
    table = pd.DataFrame({"told": ["head_office", "front_line", "partner", "nobody"], "n": [10, 30, 0, 60], "share": [0.1, 0.3, 0, 0.6]})
    from helpers.stats.intervals import wilson

    found = complaints.Told(table, 300, 100, wilson(10, 100))
    rows = pd.DataFrame({"reported_to": ["head_office"] * 20 + ["front_line"] * 40})
    said = findings.iceberg_here(rows, found)
    # 20 / 0.1 = 200; at 5% it would be 400. The interval of 10 of 100 is 5.52% to 17.44%: 115 to 362.
    assert "20 complaints" in said and "about **200 customers" in said and "(115 to 362)" in said and "would say 400" in said


def test_what_is_withheld_stays_silent_and_figures_pass_it_on():
    gone = Withheld("x", "y")
    assert isinstance(findings.gaps(gone), Silence) and figures.expectation_and_perception(gone) is gone
    assert figures.importance(gone, gone) is gone and figures.breaks(gone) is gone and figures.told(gone) is gone
    assert isinstance(findings.linked(gone, gone, code="CNY"), Silence) and isinstance(findings.link_errors(gone), Silence)


def test_words_from_data_are_no_markup(contacts_of):
    said = findings.observed(contacts_of({"at": "2026-01-01", "touchpoint": "<b>lobby</b>"}))
    assert "<b>" not in said and "none of the eleven" in said


def test_figures_are_low_enough_for_a_slide(sample_company):
    usable = gaps.rated(sample_company.ratings, sample_company.survey)
    found = gaps.gaps(usable)
    weighed = gaps.drivers(usable, sample_company.survey, draws=50)
    pictures = [
        figures.expectation_and_perception(found), figures.importance(gaps.map_of(found, weighed), weighed), figures.told(complaints.told(sample_company.survey)),
        figures.iceberg(complaints_counted=60, rate=0.05), figures.both_levers(usable, touchpoint="hotline", better=1, promise_less=0.5),
    ]  # fmt: skip
    assert all(picture.figure.get_figheight() <= 4.5 and picture.alt for picture in pictures)


def test_the_list_of_open_cases_fits_the_reports_lists(sample_company):
    from datetime import timedelta

    from helpers.data.ledger import ledger
    from helpers.reports.actions import action_list

    year = ledger(sample_company.orders, as_of=sample_company.as_of, since=sample_company.as_of - timedelta(days=364))
    wanted = lists.open_cases(sample_company.contacts, year, as_of=sample_company.as_of, code="CNY")
    made = action_list(wanted, company=sample_company, hold_out_share=0.0, priority=(lists.LIST,))
    # A customer who waits is answered: none is held out, and consent to advertising is not asked.
    assert len(made.to_do) == len(wanted) and (made.rows["consent"] == "no").any()
    assert isinstance(linking.link(None), Withheld)


def test_what_changed_since_the_last_report():
    from helpers.stats.intervals import wilson

    found = complaints.Told(pd.DataFrame(), 300, 100, wilson(10, 100))  # 5.5% to 17.4%
    assert "more of the problems" in findings.since(found, 0.02) and "fewer of the problems" in findings.since(found, 0.4)
    assert "about as many" in findings.since(found, 0.09) and findings.since(found, None) == "" and findings.since(Withheld("x", "y"), 0.1) == ""
