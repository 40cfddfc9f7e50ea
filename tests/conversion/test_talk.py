"""The conversation: lines read by rules, gates and accounts by hand, and the account of a team's own contacts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.conversion import lines, talk, talk_account, talk_figures, talk_findings, talk_refusals
from helpers.errors import DataError
from helpers.teaching.drafts import Draft
from helpers.withheld import Withheld

DAY = date(2026, 3, 31)
GOOD = (
    "Good morning, Mr Ma, this is Lin Hui from Lantern Home. You asked on Saturday which hob is quieter; I have three measurements, "
    "so that you can compare. Is this a bad moment?"
)
CLOSE = "What did I forget today? I will bring you the drawing on Thursday. My number is 555 0142, whatever you decide."


# ---------------------------------------------------------------- lines


def test_a_whole_opening_and_a_whole_close_have_all_parts():
    assert lines.opening(GOOD) == list(lines.OPENING)
    assert lines.close(CLOSE) == list(lines.CLOSE)


@pytest.mark.parametrize(
    "cut, instead, missing",
    [
        ("this is Lin Hui from Lantern Home", "good to hear you", "who"),
        ("You asked on Saturday which hob is quieter; I", "I", "tie"),
        ("Is this a bad moment?", "When shall I put you down?", "way out"),
        ("three measurements", "the best hob, and measurements", "true"),
    ],
)
def test_an_opening_without_a_part_lacks_it_alone(cut, instead, missing):
    assert cut in GOOD
    assert [one.part for one in lines.read_opening(GOOD.replace(cut, instead)) if not one.found] == [missing]


def test_an_opening_without_a_benefit():
    text = "This is Lin Hui from Lantern Home. You visited us on Saturday. Is this a bad moment for a word?"
    assert lines.Checked(lines.read_opening(text)).missing == ["benefit"]


@pytest.mark.parametrize(
    "cut, missing",
    [
        ("What did I forget today? ", "feedback"),
        ("I will bring you the drawing on Thursday. ", "benefit"),
        (" My number is 555 0142, whatever you decide.", "opportunity"),
    ],
)
def test_a_close_without_a_part_lacks_it(cut, missing):
    assert cut in CLOSE
    assert missing in lines.Checked(lines.read_close(CLOSE.replace(cut, "") + " Thank you very much for coming by, and good evening.")).missing


def test_every_word_that_needs_a_proof_is_named():
    said = lines.read_opening("You have been selected for the best offer. Everybody talks about it, and it ends tonight. When may I put you down?")[-1].why
    assert all(f"“{word}”" in said for word in ("You have been selected", "best", "Everybody", "ends tonight"))


def test_soon_is_no_day():
    assert lines.Checked(lines.read_close(CLOSE.replace("on Thursday", "soon"))).missing == ["day"]


@pytest.mark.parametrize(
    "line, word",
    [
        ("It is the cheapest in town", "cheapest"),
        ("Guaranteed, it never fails", "Guaranteed"),
        ("Everybody has one", "Everybody"),
        ("The offer ends tonight", "ends tonight"),
        ("This is a short survey", "survey"),
        ("How is your child?", "your child"),
        ("You would regret it", "regret it"),
        ("这是最好的", "最好的"),
    ],
)
def test_the_truth_test_names_the_word_and_asks(line, word):
    (found, question), *_ = lines.warnings(line)
    assert found == word and question
    assert lines.warnings("Ours took 0.8 kWh for that roast; here is the meter.") == []


@pytest.mark.parametrize("text", [None, 3, "", "Hello.", "   ", ["a"]])
def test_what_is_no_text_has_no_part_and_raises_nothing(text):
    assert not [one for one in lines.read_opening(text) + lines.read_close(text) if one.found]


def test_a_blank_stays_a_blank():
    assert lines.opening(...) is ... and lines.close("") is ...


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    assert {one.part for one in lines.read_opening(text)} == set(lines.OPENING)
    assert "<script" not in repr(lines.Checked(lines.read_close(text + " <script>")))


# ---------------------------------------------------------------- the box to write in


class _Marked:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": "<p>marked</p>"}


def test_a_draft_is_marked_and_read_and_an_empty_one_is_not():
    seen = []
    one = Draft("Your opening", lambda text: seen.append(text) or _Marked(), read=lambda text: lines.Checked(lines.read_opening(text)))
    assert "Nothing written yet" in one.said_to("  ") and seen == []
    said = one.said_to(GOOD)
    assert seen == [GOOD] and "marked" in said and "<strong>tie</strong>" in said
    assert "Your opening" in one.html() and one.plain().count("____") >= 5


def test_what_somebody_writes_is_shown_as_text():
    one = Draft("Task", lambda text: _Marked(), read=lambda text: lines.Checked(lines.read_opening(text)))
    assert "<img" not in one.said_to("My name is <img src=x onerror=alert> from Lantern Home and you asked on Saturday <img src=x>")


# ---------------------------------------------------------------- gates and ledgers by hand


def test_the_gates_by_hand():
    # 55, of them 60%: 33, half: 16.5, 40%: 6.6
    assert talk.gates("strangers")["left"].tolist() == pytest.approx([55, 33, 16.5, 6.6])
    assert talk.gates("strangers")["lost"].tolist() == pytest.approx([45, 22, 16.5, 9.9])
    # Even a first sentence that holds everybody: 55 * 0.6 * 0.4
    assert talk.gates("strangers", after_5=1.0)["left"].iloc[-1] == pytest.approx(13.2)


def test_there_are_four_refusals_as_in_the_source():
    assert len(talk.GATES) == 4


@pytest.mark.parametrize("settings, said", [({"kind": "friends"}, "no list 'friends'"), ({"after_5": 1.2}, "share of 1.2 cannot be")])
def test_gates_that_cannot_be_are_refused(settings, said):
    with pytest.raises(DataError, match=said):
        talk.gates(**settings)


def test_the_sentence_under_the_gates_is_true_without_any_talk():
    assert "no talk comes about" in talk_findings.gates(after_5=0.0, kind="asked")
    assert "**7** become a talk" in talk_findings.gates(after_5=0.5, kind="strangers")


def test_running_balances_end_where_the_balances_are():
    for scene in talk.SCENES.values():
        ledger = talk.ledger_of(scene)
        for broken in (0.5, 1.0, 3.0):
            ends = talk.running(ledger, broken=broken).groupby("customer")["balance"].last()
            pd.testing.assert_series_equal(ends, talk.balances(ledger, broken=broken).astype(float), check_names=False)


def test_a_heavier_withdrawal_by_hand():
    # Ms Shen: 10 paid in, 6 drawn: at twice the weight 10 - 12.
    assert talk.balances(talk.ledger_of(talk.SCENES["lantern"]), broken=2.0)["Ms Shen, repairs"] == -2
    assert "nobody is below zero" in talk_findings.running(pd.DataFrame({"customer": ["A, b"], "weight": [1]}), broken=2.0)


# ---------------------------------------------------------------- accounts from contacts


def contacts_of(rows, *, filler=30):
    """Contacts from (customer, day, resolved, called_back); `filler` others with one contact that settled its matter."""
    rows = [*rows, *((f"F{number:02}", "2026-02-10", True, None) for number in range(filler))]
    frame = pd.DataFrame(rows, columns=["customer_id", "at", "resolved", "called_back"])
    return frame.assign(
        contact_id=[f"T{place:03}" for place in range(len(frame))],
        at=pd.to_datetime(frame["at"]),
        resolved=frame["resolved"].astype("boolean"),
        called_back=frame["called_back"].astype("boolean"),
    )


ROWS = [
    ("A", "2026-01-05", False, None),  # -2
    ("A", "2026-01-09", True, True),  # +1 +1: level
    ("B", "2026-02-01", True, None),
    ("B", "2026-03-31", False, None),  # 1 - 2 on the report day, and it ended so
    ("C", "2026-03-01", False, None),
    ("C", "2026-03-02", False, None),
    ("C", "2026-03-08", True, None),  # -2 -2 +1, and it ended well
    ("D", "2025-03-31", False, None),  # a day before the window
    ("E", "2026-04-01", False, None),  # after the report date
    (None, "2026-03-01", False, None),
    ("G", "2026-03-01", None, None),
]


def test_accounts_by_hand():
    found = talk_account.accounts(contacts_of(ROWS), as_of=DAY)
    table = found.table.set_index("customer_id")
    assert table.loc[["A", "B", "C"], "balance"].tolist() == [0, -1, -3]
    assert table.loc[["A", "B", "C"], "ended_low"].tolist() == [False, True, False]
    assert not {"D", "E", "G"} & set(table.index)
    assert found.left_out == 2 and found.rung_back
    assert found.overdrawn["customer_id"].tolist() == ["C", "B"]


def test_the_order_of_rows_is_irrelevant():
    contacts = contacts_of(ROWS)
    found = talk_account.accounts(contacts, as_of=DAY).table
    pd.testing.assert_frame_equal(talk_account.accounts(contacts.sample(frac=1, random_state=3), as_of=DAY).table, found)


def test_of_equals_the_newest_comes_first_and_then_the_id():
    rows = [("Z", "2026-03-05", False, None), ("Y", "2026-03-05", False, None), ("X", "2026-03-09", False, None)]
    assert talk_account.accounts(contacts_of(rows), as_of=DAY).overdrawn["customer_id"].tolist() == ["X", "Y", "Z"]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.booleans()), max_size=20), st.floats(0.5, 10))
def test_a_heavier_withdrawal_never_raises_a_balance(entries, weight):
    rows = [(customer, "2026-03-01", resolved, None) for customer, resolved in entries]
    light = talk_account.accounts(contacts_of(rows), as_of=DAY, withdrawal=weight).table
    heavy = talk_account.accounts(contacts_of(rows), as_of=DAY, withdrawal=weight + 1).table
    assert (heavy["balance"] <= light["balance"]).all()
    assert (light["deposits"] + light["withdrawals"]).sum() == len(entries) + 30


@pytest.mark.parametrize(
    "contacts, why",
    [
        (None, "no table of contacts"),
        (contacts_of(ROWS).drop(columns="resolved"), "no column resolved"),
        (contacts_of(ROWS, filler=5), "8 customers had contacts"),
    ],
)
def test_too_little_is_withheld_with_its_reason(contacts, why):
    found = talk_account.accounts(contacts, as_of=DAY)
    assert isinstance(found, Withheld) and why in found.reason
    assert why in talk_findings.answer(found)[0]
    assert talk_findings.limits(found) and talk_findings.key_numbers(found) == []
    assert isinstance(talk_figures.accounts(found), Withheld)


@pytest.mark.parametrize(
    "settings, said", [({"window_days": 0}, "window of 0 days"), ({"withdrawal": 0}, "takes 0 cannot be"), ({"withdrawal": np.nan}, "cannot be")]
)
def test_settings_that_cannot_be_are_refused(settings, said):
    with pytest.raises(DataError, match=said):
        talk_account.accounts(contacts_of(ROWS), as_of=DAY, **settings)


def test_sentences_hold_where_nobody_is_below_zero():
    found = talk_account.accounts(contacts_of([]), as_of=DAY)
    assert "none of 30 customers" in talk_findings.answer(found)[0]
    assert any("called_back" in line for line in talk_findings.limits(found))
    said = talk_findings.accounts(found)
    assert len(said) == 1 and "**0** (0%)" in said[0]


def test_the_bars_count_everybody_once():
    rows = [(f"N{number}", "2026-03-01", False, None) for number in range(3) for _ in range(number + 1)]
    found = talk_account.accounts(contacts_of(rows), as_of=DAY, withdrawal=1.5)
    heights = [bar.get_height() for bar in talk_figures.accounts(found).figure.axes[0].patches]
    assert sum(heights) == len(found.table)
    # -1.5, -3 and -4.5
    assert heights[:3] == [1, 1, 1]


def test_the_next_report_says_what_changed():
    found = talk_account.accounts(contacts_of(ROWS), as_of=DAY)
    assert "rose from 1% to 6%" in talk_findings.since(found, share=0.01, on=date(2025, 12, 31))
    assert talk_findings.since(found, share=None, on=None) == ""


# ---------------------------------------------------------------- reasons of a no


def visits_of(reasons, *, at="2026-03-01", outcome="refused"):
    return pd.DataFrame({"at": pd.Timestamp(at), "outcome": outcome, "reason": reasons})


def test_reasons_by_hand():
    visits = pd.concat(
        [
            visits_of(["price"] * 20 + ["habit"] * 10 + ["a_lack"] * 10 + [None, " "]),
            visits_of(["price"], outcome="open"),
            visits_of(["price"], at="2025-03-31"),
            visits_of(["price"], at="2026-04-01"),
        ]
    )
    found = talk_refusals.refusals(visits, as_of=DAY)
    # Of equals, by name.
    assert found.table["reason"].tolist() == ["price", "a_lack", "habit"]
    assert found.table["refusals"].tolist() == [20, 10, 10] and found.table["share"].tolist() == [0.5, 0.25, 0.25]
    assert found.without == 2
    said = talk_findings.refusals(found)
    assert "**price**, 20 (50%)" in said[0] and "For 2 more" in said[1]
    assert "price" in talk_findings.answer(Withheld("x", "no", "y"), found)[1]
    assert talk_figures.refusals(found).figure.get_size_inches()[1] <= 4.5


@pytest.mark.parametrize(
    "visits, why",
    [(None, "no table of visits"), (visits_of([None] * 50), "no column reason"), (visits_of(["price"] * 29), "29 refusals of the window")],
)
def test_too_few_reasons_are_withheld(visits, why):
    found = talk_refusals.refusals(visits, as_of=DAY)
    assert isinstance(found, Withheld) and why in found.reason
    assert not talk_findings.refusals(found) and isinstance(talk_figures.refusals(found), Withheld)
    assert len(talk_findings.answer(Withheld("x", "no", "y"), found)) == 1


def test_a_reason_from_a_file_is_shown_as_text():
    found = talk_refusals.refusals(visits_of(["<b>x</b>"] * 40), as_of=DAY)
    assert "<b>" not in talk_findings.refusals(found)[0]


def test_the_button_reads_what_was_written():
    one = Draft("Your opening", lambda text: _Marked(), read=lambda text: lines.Checked(lines.read_opening(text)))
    *_, box, button, said = one.widget().children
    button.click()
    assert "Nothing written yet" in said.value
    box.value = GOOD
    button.click()
    assert "marked" in said.value and "not found" not in said.value
