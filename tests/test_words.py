"""Numbers in words."""

from datetime import date

import pytest

from helpers import words


@pytest.mark.parametrize(
    ("then", "now", "says"),
    [
        (0.104, 0.2, "Since the report of 31 December 2025: matters kept rose from 10% to 20%."),
        (0.2, 0.1, "matters kept fell from 20% to 10%."),
        (0.101, 0.099, "matters kept stayed at 10%."),  # what a reader cannot tell apart has not moved
        (None, 0.1, ""),
        (0.1, None, ""),
    ],
)
def test_a_number_beside_that_of_the_last_report(then, now, says):
    said = words.since("matters kept", then=then, now=now, on=date(2025, 12, 31))
    assert said.endswith(says) and bool(said) == bool(says)
