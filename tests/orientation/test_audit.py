"""The audit of one's own firm: gaps, score, and evidence that a stranger could check."""

from pathlib import Path

import pytest

import helpers
from helpers.orientation import audit, audit_figures
from helpers.teaching.sheets import read_worksheets
from helpers.teaching.worksheets import Worksheet
from helpers.withheld import SILENCE, Withheld

SHEETS = read_worksheets(Path(helpers.__file__).parent / "orientation" / "worksheets.yml")
FILLED = [
    {"shift": "whole life cycle", "now": 2, "target": 6, "evidence": "no call after day 30 since 2024"},
    {"shift": "all around the product", "now": 6, "target": 8, "evidence": "delivery has an owner and a target"},
    {"shift": "active", "now": 1, "target": 5, "evidence": "we wait"},
    {"shift": "deep", "now": 3, "target": 3, "evidence": "ten customers in the design room, twice"},
]


def test_the_widest_gap_comes_first_and_of_equal_ones_the_lower():
    table = audit.gaps({"shifts": FILLED})
    assert table["shift"].tolist() == ["active", "whole life cycle", "all around the product", "deep"]
    assert table["gap"].tolist() == [4, 4, 2, 0]
    # 2 + 6 + 1 + 3 of 40.
    assert audit.score(table) == pytest.approx(12 / 40)
    assert "12 of 40" in audit.sentences(table)[0]


def test_thin_evidence_is_named():
    table = audit.gaps({"shifts": FILLED})
    assert audit.without_evidence(table) == ["active"]
    assert "could not check active" in audit.sentences(table)[1]


@pytest.mark.parametrize(
    "shifts, says",
    [
        pytest.param(None, "Nothing is filled in", id="nothing"),
        pytest.param(FILLED[:3], "no line for deep", id="one is missing"),
        pytest.param([*FILLED, FILLED[0]], "twice", id="one is there twice"),
        pytest.param([*FILLED[:3], FILLED[0]], "no line for deep", id="one is there in place of another"),
    ],
)
def test_an_audit_that_is_not_whole_is_withheld(shifts, says):
    found = audit.gaps({"shifts": shifts} if shifts is not None else {})
    assert isinstance(found, Withheld) and says in found.reason
    assert audit_figures.gaps(found) is SILENCE
    assert says in audit.sentences(found)[0]
    assert audit.score(found) is found


def test_the_picture_names_every_shift():
    alt = audit_figures.gaps(audit.gaps({"shifts": FILLED})).alt
    assert all(shift in alt for shift in audit.SHIFTS)


def test_the_worksheet_offers_the_shifts_that_the_audit_knows(tmp_path):
    shifts = next(field for field in SHEETS["self-audit"].fields if field.id == "shifts")
    assert shifts.columns[0].options == audit.SHIFTS
    sheet = Worksheet(SHEETS["self-audit"], lesson="00b", folder=tmp_path)
    assert isinstance(audit.gaps(sheet.typed()), Withheld)
    sheet.save(firm="A shop", shifts=FILLED, first="active", noticed="We ring first.")
    assert sheet.is_complete
    assert audit.gaps(sheet.typed())["gap"].tolist() == [4, 4, 2, 0]


def test_the_worksheets_assess_what_the_lesson_teaches():
    assert SHEETS["self-audit"].covers == ("S01", "S16")
    assert SHEETS["pest"].covers == ("S12",)
