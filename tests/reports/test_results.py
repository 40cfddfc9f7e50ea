import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.reports import Report
from helpers.reports.results import KEYS
from helpers.withheld import Withheld


@pytest.fixture
def report(tiny, tmp_path):
    return Report(tiny.company(), lesson="03a", out=str(tmp_path / "part"))


def candidates():
    return pd.DataFrame(
        {
            "customer_id": ["C00", "C01"],
            "list": "keep",
            "action": "call",
            "reason": "r",
            "evidence": "e",
            "value_at_stake_minor": [100, 200],
        }
    )


def full(report):
    report.section("pareto", "How concentrated?", 1)
    report.section("moves", "Who moved?", Withheld("Moves", "One report only.", "Come back."))
    report.answer(["**Two** customers.", "And more."])
    report.limits("Nobody knows.")
    report.number("gini", np.float64(1 / 3), unit="share", label="Gini")
    report.number("net", np.int64(5), unit="money", label="Net")
    report.number("since", date(2026, 1, 1), unit="date", label="Since")
    report.number("gone", Withheld("x", "y"), unit="count", label="Gone")
    report.actions(candidates())
    report.customers(pd.DataFrame({"customer_id": ["C01", "C00"], "net_minor": [129, -5], "size": ["VIP", "small"]}))
    report.close()
    return json.loads((report_folder(report) / "results.json").read_text(encoding="utf-8"))


def report_folder(report):
    from pathlib import Path

    return Path(report.out)


def test_results_say_what_the_notebook_said(report):
    written = full(report)
    assert written["company"] == {"name": "Corner & Shop", "currency": "CNY", "as_of": "2026-06-30", "sample": False}
    part = written["lessons"]["03a"]
    assert part["answer"] == ["**Two** customers.", "And more."]
    assert part["numbers"] == {
        "gini": {"label": "Gini", "value": 0.333333333333, "unit": "share"},
        "net": {"label": "Net", "value": 5, "unit": "money", "currency": "CNY"},
        "since": {"label": "Since", "value": "2026-01-01", "unit": "date"},
        "gone": {"label": "Gone", "value": None, "unit": "count"},
    }
    assert part["sections"] == {
        "pareto": {"title": "How concentrated?", "shown": True},
        "moves": {"title": "Who moved?", "shown": False, "reason": "One report only.", "gain": "Come back."},
    }
    assert part["customers"] == {"rows": 2, "columns": {"customer_id": "text", "net": "money", "size": "text"}}


def paths(content, prefix=""):
    for key, value in content.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{key}.")


def test_every_key_is_documented(report):
    written = full(report)
    written["lessons"]["03a"]["title"] = "set by the report"
    patterns = [re.escape(key).replace(r"\*", "[^.]+") for key in KEYS]
    known = re.compile("|".join(f"({pattern})" for pattern in patterns))
    containers = {key[: match.start()] for key in KEYS for match in re.finditer(r"\.", key)}
    inner = re.compile("|".join(re.escape(key).replace(r"\*", "[^.]+") for key in containers))
    strange = [path for path in paths(written) if not known.fullmatch(path) and not inner.fullmatch(path)]
    assert strange == []


def test_in_a_lesson_nothing_is_written(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = Report(tiny.company(), lesson="03a")
    report.answer("Two customers.")
    report.actions(candidates())
    report.close()
    assert list(tmp_path.iterdir()) == []


def test_customers_are_sorted_and_money_is_in_yuan(report):
    full(report)
    text = (report_folder(report) / "customers.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["customer_id,net,size", "C00,-0.05,small", "C01,1.29,VIP"]


def test_the_answer_reads_as_a_paragraph_and_a_list(report):
    assert report.answer(["One.", "Two.", "Three."])._repr_markdown_() == "One.\n\n- Two.\n- Three."


def test_limits_read_as_a_list(report):
    assert report.limits(["One.", "Two."])._repr_markdown_() == "What these data cannot tell:\n\n- One.\n- Two."
    assert report.limits([])._repr_markdown_() == ""


def test_a_section_gives_its_result_back(report):
    result = object()
    assert report.section("a", "A", result) is result


def test_a_withheld_list_is_not_written(report):
    withheld = Withheld("Lists", "Nobody.")
    assert report.actions(withheld) is withheld
    report.close()
    assert not (report_folder(report) / "actions").exists()


@pytest.mark.parametrize(
    "value, unit, message",
    [
        (1.5, "money", "whole number"),
        (1.5, "count", "whole number"),
        ("x", "share", "unit share"),
        ("2026-01-01", "date", "unit date"),
        (1, "yards", "'yards' is not known"),
    ],
)
def test_a_number_must_fit_its_unit(report, value, unit, message):
    with pytest.raises(ValueError, match=message):
        report.number("a", value, unit=unit, label="A")


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), pd.NA, np.nan])
def test_a_missing_number_is_null(report, value):
    report.number("a", value, unit="number", label="A")
    assert report.results()["numbers"]["a"]["value"] is None


def test_nothing_is_reported_twice(report):
    report.number("a", 1, unit="count", label="A")
    report.section("a", "A", 1)
    for again in (
        lambda: report.number("a", 1, unit="count", label="A"),
        lambda: report.section("a", "A", 1),
        lambda: report.customers(pd.DataFrame({"customer_id": ["a", "a"]})),
    ):
        with pytest.raises(ValueError, match="twice"):
            again()


def test_an_answer_is_not_empty(report):
    with pytest.raises(ValueError, match="at least one sentence"):
        report.answer([])
