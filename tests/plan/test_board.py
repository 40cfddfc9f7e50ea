from datetime import date

import pandas as pd
import pytest

from helpers.plan import board

TODAY = date(2026, 6, 17)
GOOD = {"begins": "2026-06-22", "department": "service", "person": "Ms Lin", "action": "call ten", "metric": "settled, of ten"}


def faults(**changed):
    found = board.problems(pd.DataFrame([GOOD | changed]), today=TODAY)
    return dict(zip(found["column"], found["says"], strict=True))


def test_a_row_with_all_five_can_be_carried_out():
    assert faults() == {}
    assert faults(begins=date(2026, 6, 22)) == {} == faults(begins=pd.Timestamp("2026-06-22"))


@pytest.mark.parametrize("column", board.NEEDED)
@pytest.mark.parametrize("empty", ["", "  ", None, float("nan")])
def test_each_of_the_five_is_missed(column, empty):
    assert list(faults(**{column: empty})) == [column]


def test_a_draft_has_every_kind_of_fault_once_at_least():
    said = " ".join(board.problems(board.draft(TODAY), today=TODAY)["says"])
    assert all(part in said for part in ("is nobody", "cannot be counted", "is no day", "is over", "who answers", "what is done first"))


def test_words_that_say_nothing():
    assert "nobody" in faults(person="The team")["person"]
    assert "cannot be counted" in faults(metric="satisfaction")["metric"]
    assert "no day" in faults(begins="soon")["begins"]
    assert "is over" in faults(begins="2026-06-16")["begins"]
    assert "before the action" in faults(looked_at=date(2026, 6, 22))["looked_at"]


def test_the_draft_by_hand():
    """Rows 1, 3, 5 and 9 can be carried out; 2 and 4 have nobody, 4 no day, 6 no person, 7 no action, 8 a day that is over."""
    assert board.can_be_carried_out(board.draft(TODAY), today=TODAY).tolist() == [True, False, True, False, True, False, False, False, True]
