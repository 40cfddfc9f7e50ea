from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.dates import KNOWN, by_format, candidates, read_dates
from helpers.errors import DataError


def read(*values, style=""):
    text = pd.Series(list(values), dtype="str")
    dates, faults, notes = read_dates(text, style, column="at", where="contacts", place=lambda at: f"line {at + 2}")
    return [None if pd.isna(date) else date.to_pydatetime() for date in dates], faults, notes


@pytest.mark.parametrize(
    "text, style, expected",
    [
        ("2025-03-04", "", datetime(2025, 3, 4)),
        ("2025-03-04 08:45", "iso", datetime(2025, 3, 4, 8, 45)),
        ("2025-03-04T08:45:10.5", "iso", datetime(2025, 3, 4, 8, 45, 10, 500000)),
        ("12/1/2010 8:45", "%m/%d/%Y %H:%M", datetime(2010, 12, 1, 8, 45)),
        ("1.12.2010", "%d.%m.%Y", datetime(2010, 12, 1)),
        ("2025年3月4日", "%Y年%m月%d日", datetime(2025, 3, 4)),
        ("20250304", "%Y%m%d", datetime(2025, 3, 4)),
        ("04-Mar-2025", "%d-%b-%Y", datetime(2025, 3, 4)),
        ("3/4/2025 1:05 p.m.", "%m/%d/%Y %I:%M %p", datetime(2025, 3, 4, 13, 5)),
        ("2025/03/04 08:45 +0800", "%Y/%m/%d %H:%M %z", datetime(2025, 3, 4, 8, 45)),
        ("60000", "excel", datetime(2064, 4, 8)),
        ("45000.364583333", "excel", datetime(2023, 3, 15, 8, 45)),
    ],
)
def test_a_date_is_read_by_its_format(text, style, expected):
    assert read(text, style=style)[0] == [expected]


@pytest.mark.parametrize("text", ["now", "today", "nan", "2025", "2025-02-30", "2025-03-04-05", "2025-03-04 8:45", "20250304"])
def test_what_is_not_iso_is_no_date(text):
    dates, faults, _ = read("2025-03-04", "2025-03-05", text, style="iso")
    assert dates[2] is None
    assert faults[0].lines.tolist() == [False, False, True]


def test_short_months_beside_iso_are_one_format_and_it_is_named():
    with pytest.raises(DataError, match="1 of 2 dates do not fit 'iso', .* but all fit '%Y-%m-%d'"):
        read("2025-03-04", "2025-3-4", style="iso")


@pytest.mark.parametrize("text", ["now", "2026113", "2025030", "20251332"])
def test_packed_dates_need_all_their_digits(text):
    assert read("20250304", "20250305", text, style="%Y%m%d")[0][2] is None


def test_a_time_zone_is_dropped_and_said():
    dates, _, notes = read("2025-03-04T23:30:00+08:00", "2025-03-04T23:30:00Z")
    assert dates == [datetime(2025, 3, 4, 23, 30)] * 2
    assert "2 times carry a time zone; the clock time was kept as written" in notes[0]


def test_empty_cells_are_missing_and_no_fault():
    dates, faults, _ = read("2025-03-04", "")
    assert dates[1] is None
    assert not faults


@pytest.mark.parametrize("style", ["%d/%m", "dd/mm/yyyy", "%Q", "%z %d %m %Y"])
def test_a_format_that_is_none_is_refused(style):
    with pytest.raises(DataError, match=r"\[contacts\.format\]: date = .* cannot be used"):
        read("2025-03-04", style=style)


moments = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


@settings(max_examples=25)
@given(st.lists(moments, min_size=1, max_size=10), st.sampled_from([style for style in KNOWN if "%M" in style]))
def test_every_known_format_reads_what_it_writes(when, style):
    text = pd.Series([at.strftime(style) for at in when], dtype="str")
    assert by_format(text, style).tolist() == [pd.Timestamp(at) for at in when]
    assert candidates(text)[style] == 1.0
