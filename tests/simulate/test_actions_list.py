"""Action lists that can be carried out, and the one clear message about those that cannot."""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.simulate.actions import check_actions, read_actions

KNOWN = {"C00101": "person", "C00102": "person", "C00103": "person", "C00001": "walk_in", "C00011": "staff"}
HEADER = "rank,customer_id,list,action,hold_out,suppressed\n"


def written(tmp_path, text, *, encoding="utf-8", name="monday.csv"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding, newline="")
    return path


def test_rows_held_out_or_suppressed_are_not_carried_out(tmp_path):
    path = written(
        tmp_path,
        HEADER + "1,C00102,keep,call,no,\n2,C00101,keep,call,yes,\n3,C00103,grow,offer,no,no consent\n",
    )
    assert read_actions(path, known=KNOWN) == (("C00102", "call"),)


def test_prospects_are_no_customers_yet_and_are_passed_over(tmp_path):
    path = written(tmp_path, HEADER + "1,C00102,keep,call,no,\n1,P00007,convert,call,no,\n")
    assert read_actions(path, known=KNOWN) == (("C00102", "call"),)
    frame = pd.DataFrame({"customer_id": ["C00101", "P00007"], "list": ["keep", "convert"], "action": "call"})
    assert check_actions(frame, known=KNOWN) == (("C00101", "call"),)


@pytest.mark.parametrize("folder", ["", "actions"])
def test_the_folder_of_a_report_will_do(tmp_path, folder):
    place = tmp_path / folder
    place.mkdir(exist_ok=True)
    written(place, HEADER + "1,C00101,keep,call,no,\n")
    assert read_actions(tmp_path, known=KNOWN) == (("C00101", "call"),)


def test_byte_order_mark_crlf_apostrophes_and_empty_lines_do_no_harm(tmp_path):
    text = HEADER + "'1,'C00101,keep,'call,no,'\n\n,,,,,\n"
    path = written(tmp_path, text.replace("\n", "\r\n"), encoding="utf-8-sig")
    assert read_actions(path, known=KNOWN) == (("C00101", "call"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "monday.csv is empty", id="empty"),
        pytest.param(HEADER, "monday.csv lists nobody", id="header-only"),
        pytest.param("customer_id,hold_out,suppressed\nC00101,no,\n", "line 1: the column 'action' is missing", id="no-action"),
        pytest.param("customer_id,action,action,hold_out,suppressed\n", "the column 'action' stands there twice", id="column-twice"),
        pytest.param(HEADER + "1,C00101,keep,call,no,\n2,C99999,keep,call,no,\n", "line 3: the customer 'C99999' is not known", id="unknown"),
        pytest.param(HEADER + "1,C00101,keep,ring,no,\n", "line 2: there is no action 'ring'", id="action"),
        pytest.param(HEADER + "1,C00101,keep,call,maybe,\n", "line 2: hold_out is 'maybe'", id="hold-out"),
        pytest.param(HEADER + "1,,keep,call,no,\n", "line 2: customer_id is empty", id="no-customer"),
        pytest.param(HEADER + "1,C00001,keep,call,no,\n", "'C00001' is a walk-in card, not a person", id="walk-in"),
        pytest.param(HEADER + "1,C00011,keep,call,no,\n", "'C00011' is a staff card, not a person", id="staff"),
        pytest.param(
            HEADER + '1,C00101,keep,call,yes,"two\nlines"\n2,C00101,keep,offer,no,\n',
            "line 4: the customer 'C00101' stands on line 3 already",
            id="twice",
        ),
        pytest.param(HEADER + "1,C00101,keep,call,yes,\n", "all 1 rows are held out or suppressed", id="nothing-to-do"),
        pytest.param(HEADER.replace(",", ";"), "line 1: the column 'customer_id' is missing", id="semicolons"),
        pytest.param(HEADER + "1,C00101,keep,call,no\n", "line 2: 5 cells, but the header has 6", id="cells"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_carried_out_is_refused(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read_actions(written(tmp_path, text), known=KNOWN)


def test_a_list_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="There is no action list at"):
        read_actions(tmp_path / "none.csv", known=KNOWN)


def test_a_list_in_another_encoding_is_refused(tmp_path):
    path = written(tmp_path, HEADER + "1,C00101,keep,call,no,\n", encoding="utf-16")
    with pytest.raises(DataError, match="is not a CSV file in UTF-8"):
        read_actions(path, known=KNOWN)


@pytest.mark.parametrize(
    "actions",
    [
        {"C00102": "call", "C00101": "offer"},
        [("C00102", "call"), ("C00101", "offer")],
        pd.DataFrame({"customer_id": ["C00102", "C00101"], "action": ["call", "offer"]}),
        pd.DataFrame(
            {
                "customer_id": ["C00103", "C00102", "C00101"],
                "action": ["call", "call", "offer"],
                "hold_out": [True, False, False],
                "suppressed": ["", "", None],
            }
        ),
    ],
    ids=["mapping", "pairs", "frame", "frame-with-hold-out"],
)
def test_actions_can_be_given_in_python(actions):
    assert check_actions(actions, known=KNOWN) == (("C00101", "offer"), ("C00102", "call"))


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ({"C9": "call"}, "entry 1: the customer 'C9' is not known"),
        ([("C00101", "call"), ("C00101", "offer")], "entry 2: the customer 'C00101' is listed twice"),
        (pd.DataFrame({"customer_id": ["C00101"]}), "no column 'action'"),
        ([1, 2], "not made of pairs"),
    ],
)
def test_wrong_actions_in_python_are_refused(actions, message):
    with pytest.raises(DataError, match=message):
        check_actions(actions, known=KNOWN)
