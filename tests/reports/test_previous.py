import json
from datetime import date

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.reports import PreviousReport, Report
from helpers.reports.manifest import manifest
from helpers.reports.results import write_json


@pytest.fixture
def earlier(tiny, tmp_path):
    """The folder of a report of May."""
    company = tiny.company(as_of=date(2026, 5, 31))
    folder = tmp_path / "may"
    report = Report(company, lesson="03a", out=str(folder))
    report.number("gini", 0.5, unit="share", label="Gini")
    report.actions(
        pd.DataFrame(
            {
                "customer_id": ["C00", "007"],
                "list": "keep",
                "action": "call",
                "reason": "r",
                "evidence": "e",
                "value_at_stake_minor": [100, 200],
            }
        )
    )
    report.customers(
        pd.DataFrame(
            {
                "customer_id": ["C00", "007"],
                "net_minor": [12900, -5],
                "orders": [3, 1],
                "score": [0.5, None],
                "last_order_on": pd.to_datetime(["2026-05-01", None]),
                "is_new": [True, False],
                "segment": ["best", None],
            }
        )
    )
    report.close()
    write_json(manifest(folder, company=company, parameters={}, lessons={}), folder / "manifest.json")
    return folder


def change(folder, name, old, new):
    path = folder / name
    data = path.read_bytes()
    assert old.encode() in data
    path.write_bytes(data.replace(old.encode(), new.encode()))


def test_an_earlier_report_speaks(earlier, tiny):
    previous = PreviousReport.open(earlier, company=tiny.company(), lesson="03a")
    assert previous.as_of == date(2026, 5, 31)
    assert previous.number("gini") == 0.5
    assert previous.number("unheard", 7) == 7
    assert previous.warnings == ()
    assert previous.actions["customer_id"].tolist() == ["007", "C00"]


def test_customers_come_back_with_their_types(earlier):
    frame = PreviousReport.open(earlier).customers
    assert frame.drop(columns="segment").to_dict("list") == {
        "customer_id": ["007", "C00"],
        "net_minor": [-5, 12900],
        "orders": [1, 3],
        "score": pytest.approx([float("nan"), 0.5], nan_ok=True),
        "last_order_on": [pd.NaT, pd.Timestamp("2026-05-01")],
        "is_new": [False, True],
    }
    assert frame["segment"].isna().tolist() == [True, False]
    assert frame["net_minor"].dtype == "int64"
    assert frame["is_new"].dtype == bool


def test_without_lists_there_are_none(earlier):
    data = json.loads((earlier / "manifest.json").read_text(encoding="utf-8"))
    for name in ("customers.csv", "actions/monday.csv"):
        (earlier / name).unlink()
        del data["files"][name]
    write_json(data, earlier / "manifest.json")
    previous = PreviousReport.open(earlier)
    assert previous.actions is None
    assert previous.customers is None


def test_a_list_that_the_team_worked_with_is_read_with_a_word(earlier):
    change(earlier, "actions/monday.csv", "C00,keep,call", "C00,keep,offer")
    previous = PreviousReport.open(earlier)
    assert "was changed after it was written" in previous.warnings[0]
    assert set(previous.actions["action"]) == {"call", "offer"}


def test_another_name_is_a_warning(earlier, tiny):
    previous = PreviousReport.open(earlier, company=tiny.company(name="Other <b>Shop</b>"))
    assert "Corner &amp; Shop" in previous.warnings[0]
    assert "<b>" not in previous.warnings[0]


@pytest.mark.parametrize(
    "company, message",
    [
        (
            {"as_of": date(2026, 5, 31)},
            "31 May 2026, the new one of 31 May 2026. Give --previous a report of an earlier",
        ),
        ({"as_of": date(2026, 4, 30)}, "of an earlier date"),
        ({"currency": "EUR"}, "is in CNY, the new data are in EUR"),
    ],
)
def test_what_cannot_be_compared_is_refused(earlier, tiny, company, message):
    with pytest.raises(DataError, match=message):
        PreviousReport.open(earlier, company=tiny.company(**company))


def test_a_folder_that_is_no_report_is_refused(tmp_path):
    with pytest.raises(DataError, match="There is no folder"):
        PreviousReport.open(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"has no manifest\.json"):
        PreviousReport.open(tmp_path)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="is not the folder of a report"):
        PreviousReport.open(tmp_path)


@pytest.mark.parametrize(
    "name, old, new, message",
    [
        ("manifest.json", "{", "", r"manifest\.json in may is damaged"),
        ("results.json", '"schema": 1', '"schema": 2', r"results\.json in may was changed"),
        ("results.json", "{", "", r"results\.json in may is damaged"),
        ("customers.csv", "129.00", "999.00", r"customers\.csv in may was changed"),
    ],
)
def test_a_damaged_report_is_refused_with_the_file(earlier, name, old, new, message):
    change(earlier, name, old, new)
    with pytest.raises(DataError, match=message):
        PreviousReport.open(earlier)


def test_a_lost_file_is_named(earlier):
    (earlier / "customers.csv").unlink()
    with pytest.raises(DataError, match=r"customers\.csv is missing in may"):
        PreviousReport.open(earlier)


def test_a_report_of_another_format_is_refused(earlier):
    change(earlier, "results.json", '"schema": 1', '"schema": 2')
    data = json.loads((earlier / "manifest.json").read_text(encoding="utf-8"))
    from helpers.reports.manifest import fingerprint

    data["files"]["results.json"] = fingerprint(earlier / "results.json")
    write_json(data, earlier / "manifest.json")
    with pytest.raises(DataError, match="another version of the workbook"):
        PreviousReport.open(earlier)
