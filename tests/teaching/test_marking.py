"""The four outcomes of a check, for answers of every kind; whatever comes, a check never raises."""

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.teaching import exercise
from helpers.teaching.exercises import exercises_of
from helpers.teaching.marking import Workings, as_number, check, is_blank
from helpers.withheld import Withheld

CORRECT, NOT_YET, NOT_ATTEMPTED, CANNOT_CHECK = "correct", "not yet", "not attempted", "cannot check"
DAYS = pd.Series([30, 49, 11], index=pd.Index(["A", "B", "C"], name="customer_id"), name="ordered_at")


@pytest.fixture
def workings(tiny, orders):
    made = Workings(exercises_of(tiny))
    made.offer(orders=orders, as_of=dt.date(2026, 3, 31))
    return made


@pytest.fixture
def outcome(workings):
    return lambda id, answer: check(workings.exercises[id], answer, workings)


class Hostile:
    """An object whose every method goes off."""

    def __getattribute__(self, name):
        raise SystemExit("touched")

    def _goes_off(self, *_):
        raise KeyboardInterrupt("touched")

    __eq__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = __hash__ = __array__ = __float__ = _goes_off


class Pretender:
    """Says of itself that it is a Series."""

    @property
    def __class__(self):
        return pd.Series


class MySeries(pd.Series):
    pass


def endless():
    while True:
        yield 1


KINDS_OF_ANSWERS = [
    pytest.param(lambda: ..., NOT_ATTEMPTED, id="blank"),
    pytest.param(lambda: None, NOT_ATTEMPTED, id="none"),
    pytest.param(lambda: "", NOT_ATTEMPTED, id="empty-text"),
    pytest.param(lambda: " ... ", NOT_ATTEMPTED, id="dots-as-text"),
    pytest.param(lambda: "____", NOT_ATTEMPTED, id="line-as-text"),
    pytest.param(lambda: DAYS.copy(), CORRECT, id="right"),
    pytest.param(lambda: DAYS[::-1], CORRECT, id="right-in-another-order"),
    pytest.param(lambda: DAYS.astype(float), CORRECT, id="floats-for-ints"),
    pytest.param(lambda: DAYS.astype("Int64"), CORRECT, id="masked-ints"),
    pytest.param(lambda: DAYS.astype(object), CORRECT, id="objects"),
    pytest.param(lambda: DAYS.astype("float32"), CORRECT, id="single-precision"),
    pytest.param(lambda: DAYS.to_dict(), CORRECT, id="dict"),
    pytest.param(lambda: DAYS.to_frame(), CORRECT, id="table-of-one-column"),
    pytest.param(lambda: DAYS.reset_index(), CORRECT, id="labels-as-column"),
    pytest.param(lambda: DAYS.tolist(), CORRECT, id="list-in-order"),
    pytest.param(lambda: 30.0, CORRECT, id="spreadsheet-number"),
    pytest.param(lambda: "30.0", CORRECT, id="spreadsheet-text"),
    pytest.param(lambda: 30, CORRECT, id="spreadsheet-whole-number-that-is-exact"),
    pytest.param(lambda: decimal.Decimal("30.0"), CORRECT, id="spreadsheet-decimal"),
    pytest.param(lambda: 31.0, NOT_YET, id="another-number"),
    pytest.param(lambda: float("nan"), NOT_YET, id="nan"),
    pytest.param(lambda: float("inf"), NOT_YET, id="infinity"),
    pytest.param(lambda: 10**400, CANNOT_CHECK, id="number-of-400-digits"),
    pytest.param(lambda: "soon", NOT_YET, id="word"),
    pytest.param(lambda: True, NOT_YET, id="yes"),
    pytest.param(lambda: DAYS.astype(str), NOT_YET, id="wrong-dtype"),
    pytest.param(lambda: DAYS + 1, NOT_YET, id="wrong-values"),
    pytest.param(lambda: DAYS[:2], NOT_YET, id="rows-missing"),
    pytest.param(lambda: DAYS.reset_index(drop=True)[::-1], NOT_YET, id="labels-lost"),
    pytest.param(lambda: pd.to_timedelta(DAYS, unit="D"), NOT_YET, id="durations"),
    pytest.param(lambda: pd.DataFrame({"x": [1], "y": [2]}), NOT_YET, id="frame-with-other-columns"),
    pytest.param(lambda: pd.DataFrame(), NOT_YET, id="empty-frame"),
    pytest.param(lambda: np.array([1, 2]), NOT_YET, id="array"),
    pytest.param(lambda: [1, 2, 3], NOT_YET, id="wrong-list"),
    pytest.param(lambda: {30, 49}, NOT_YET, id="set"),
    pytest.param(lambda: dt.date(2026, 3, 31), NOT_YET, id="date"),
    pytest.param(lambda: pd.NaT, NOT_YET, id="not-a-time"),
    pytest.param(lambda: list(range(2_000_000)), CANNOT_CHECK, id="huge-list"),
    pytest.param(lambda: pd.Series(np.zeros(1_000_000)), NOT_YET, id="huge-series"),
    pytest.param(lambda: np.zeros((3, 3)), CANNOT_CHECK, id="matrix"),
    pytest.param(lambda: [[1], [2]], CANNOT_CHECK, id="nested-list"),
    pytest.param(endless, CANNOT_CHECK, id="function"),
    pytest.param(lambda: endless(), CANNOT_CHECK, id="generator-without-end"),
    pytest.param(lambda: DAYS.max, CANNOT_CHECK, id="method-without-brackets"),
    pytest.param(lambda: DAYS.groupby(level=0), CANNOT_CHECK, id="grouping"),
    pytest.param(lambda: int, CANNOT_CHECK, id="type"),
    pytest.param(lambda: pd, CANNOT_CHECK, id="module"),
    pytest.param(lambda: b"30", CANNOT_CHECK, id="bytes"),
    pytest.param(lambda: 1j, CANNOT_CHECK, id="complex"),
    pytest.param(lambda: MySeries([1]), CANNOT_CHECK, id="subclass"),
    pytest.param(lambda: Withheld("x", "y"), CANNOT_CHECK, id="withheld"),
    pytest.param(lambda: Hostile(), CANNOT_CHECK, id="everything-raises"),
    pytest.param(lambda: [Hostile()], CANNOT_CHECK, id="everything-raises-in-a-list"),
    pytest.param(lambda: pd.Series([Hostile(), 1, 2], dtype=object), CANNOT_CHECK, id="everything-raises-in-a-series"),
    pytest.param(lambda: {1: Hostile()}, CANNOT_CHECK, id="everything-raises-in-a-dict"),
    pytest.param(lambda: Pretender(), CANNOT_CHECK, id="pretends-to-be-a-series"),
    pytest.param(lambda: object(), CANNOT_CHECK, id="object"),
]


@pytest.mark.parametrize("answer, kind", KINDS_OF_ANSWERS)
def test_every_kind_of_answer_has_its_outcome(outcome, answer, kind):
    marked = outcome("1.1", answer())
    assert marked.kind == kind
    assert repr(marked)


@pytest.mark.parametrize("id", ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_no_answer_breaks_any_check(outcome, id):
    for case in KINDS_OF_ANSWERS:
        assert outcome(id, case.values[0]()).kind in (CORRECT, NOT_YET, NOT_ATTEMPTED, CANNOT_CHECK)


@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(max_size=8) | st.datetimes() | st.decimals() | st.fractions(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
        max_leaves=5,
    )
)
def test_a_check_never_raises(answer):
    @exercise("9.1", minutes=1, hints=["h"], spreadsheet=True, digits=1)
    def number():
        return 2.5

    assert check(number, answer, Workings({"9.1": number})).kind in (CORRECT, NOT_YET, NOT_ATTEMPTED, CANNOT_CHECK)


def test_a_known_mistake_is_named(outcome):
    wrong = outcome("1.1", pd.Series([19, 38, 0], index=["A", "B", "C"]))
    assert wrong.text == "You counted up to the newest order in the file, not up to the report date."
    assert wrong.mistake == 1
    # From a spreadsheet: (19 + 38 + 0) / 3, and (85 + 49 + 11) / 3.
    assert outcome("1.1", 19.0).mistake == 1
    assert outcome("1.1", "48.3").mistake == 2


def test_what_differs_is_said_where_no_mistake_is_known(outcome):
    assert outcome("1.1", DAYS.replace(49, 50)).text == "1 of 3 values differs; look at `customer_id` B."


def test_a_right_answer_says_what_it_tells(outcome):
    assert outcome("1.1", DAYS).text == "Few days are a good sign."


def test_where_a_mistake_gives_the_same_the_check_says_so(tiny):
    one = Workings(exercises_of(tiny))
    day = pd.to_datetime(["2026-03-31", "2026-03-31"])
    one.offer(orders=pd.DataFrame({"customer_id": ["A", "B"], "ordered_at": day}), as_of=dt.date(2026, 3, 31))
    marked = check(tiny.days_since_last_order, pd.Series([0, 0], index=["A", "B"]), one)
    assert marked.kind == CORRECT
    assert not marked.sure
    assert "these data cannot tell which way you went" in repr(marked)
    assert repr(marked).startswith("Right here.")


@pytest.mark.parametrize(
    "answer, kind, text",
    [
        pytest.param(20, CORRECT, "", id="whole"),
        pytest.param(20.0, CORRECT, "", id="one-digit"),
        pytest.param("¥20.00", CORRECT, "", id="with-sign"),
        pytest.param("20,0", CORRECT, "", id="decimal-comma"),
        pytest.param(20.04, NOT_YET, "Another value", id="more-digits-and-wrong"),
        pytest.param(20.000000001, CORRECT, "", id="rounding-of-the-machine"),
        pytest.param(2000, NOT_YET, "factor of 100", id="fen"),
        pytest.param(16, NOT_YET, "You divided by order lines.", id="mistake"),
    ],
)
def test_numbers_from_a_spreadsheet(outcome, answer, kind, text):
    marked = outcome("1.3", answer)
    assert marked.kind == kind
    assert text in marked.text


@pytest.mark.parametrize(
    "answer, kind, text",
    [
        pytest.param(23.7, CORRECT, "", id="rounded-as-asked"),
        pytest.param(23.68, CORRECT, "", id="rounded-to-more"),
        pytest.param(23.684210526315788, CORRECT, "", id="exact"),
        pytest.param(24, NOT_YET, "Rounded too far: 1 digit after the point, please.", id="too-coarse"),
        pytest.param(23.6, NOT_YET, "Another value is expected.", id="cut-off"),
        pytest.param(23.71, NOT_YET, "Another value is expected.", id="near-but-with-its-own-digits"),
    ],
)
def test_rounding_counts_as_far_as_the_digits_that_are_shown(answer, kind, text):
    @exercise("9.1", minutes=1, hints=["h"], spreadsheet=True, digits=1)
    def number():
        return 450 / 19

    marked = check(number, answer, Workings({"9.1": number}))
    assert (marked.kind, marked.text) == (kind, text)


def test_a_mistake_close_to_the_right_number_is_no_rounding():
    @exercise("9.1", minutes=1, hints=["h"], digits=0)
    def number():
        return 20.3

    @number.mistake("You forgot the last one.")
    def _():
        return 20.1

    workings = Workings({"9.1": number})
    assert check(number, 20.1, workings).mistake == 1
    assert check(number, 20.3, workings).kind == CORRECT
    assert not check(number, 20, workings).sure, "both round to 20"


def test_a_guess_may_be_off_and_is_told_the_direction(outcome):
    # C brings 3,500 of 8,000: 43.75 of 100.
    assert outcome("1.2", 48).kind == CORRECT
    assert outcome("1.2", 39).kind == CORRECT
    assert outcome("1.2", 50).text == "That is the largest order, not the largest customer."
    assert outcome("1.2", 33).text == "That would be so if all customers brought the same."
    assert outcome("1.2", 10).text == "Your guess is too low. Guess again, or read on."
    assert outcome("1.2", 90).text == "Your guess is too high. Guess again, or read on."


def test_an_exercise_builds_on_the_worked_answer_of_another(outcome):
    assert outcome("1.5", ["A", "C"]).kind == CORRECT


def test_data_that_lack_something_are_no_fault_of_the_learner(outcome):
    marked = outcome("1.6", 5)
    assert marked.kind == CANNOT_CHECK
    assert "Exercise 1.6 cannot be done on these data. These data have no `margin_minor`" in marked.text


@pytest.mark.parametrize("answer", ["call", "CALL", "Call the customer who is silent longest", " call "])
def test_the_right_option_is_computed(outcome, answer):
    marked = outcome("1.7", answer)
    assert marked.kind == CORRECT
    assert marked.choice == "call"


def test_on_other_data_another_option_is_right(workings, tiny, orders):
    workings.offer(as_of=dt.date(2026, 3, 21))
    orders["ordered_at"] = pd.Timestamp("2026-03-20")
    workings.offer(orders=orders)
    assert check(tiny.what_first, "wait", workings).kind == CORRECT
    assert check(tiny.what_first, "call", workings).kind == NOT_YET


def test_feedback_of_an_option_has_facts_and_no_markup_from_data(outcome):
    assert outcome("1.7", "wait").text == "Waiting costs &lt;b&gt;B&lt;/b&gt;."
    assert "<b>B</b>" not in outcome("1.7", "wait")._repr_mimebundle_()["text/html"]


def test_an_option_that_does_not_exist_is_no_wrong_answer(outcome):
    assert 'They are: `"call"`, `"wait"`.' in outcome("1.7", "dance").text
    assert outcome("1.7", 3).kind == CANNOT_CHECK


def test_worked_answers_are_worked_out_once(orders):
    calls = []

    @exercise("9.1", minutes=1, hints=["h"])
    def counted(orders):
        calls.append(1)
        return len(orders)

    workings = Workings({"9.1": counted})
    workings.offer(orders=orders)
    assert check(counted, 5, workings).kind == CORRECT
    assert check(counted, 6, workings).kind == NOT_YET
    assert calls == [1]
    workings.offer(orders=orders[:2])
    assert check(counted, 2, workings).kind == CORRECT


def test_a_learner_who_changes_the_data_changes_no_worked_answer(outcome, orders):
    orders["ordered_at"] = pd.Timestamp("2020-01-01")
    assert outcome("1.1", DAYS).kind == CORRECT


def test_colour_is_never_alone(outcome):
    first = {
        id: outcome(id, answer)._repr_mimebundle_()
        for id, answer in [("1.1", DAYS), ("1.3", 16), ("1.4", ...), ("1.5", endless())]
    }
    for bundle, words in zip(
        first.values(), ["Correct.", "Not yet.", "Not attempted yet.", "This cannot be checked."], strict=True
    ):
        assert bundle["text/plain"].startswith(words)
        assert words in bundle["text/html"]


@pytest.mark.parametrize(
    "text, number",
    [
        ("12", 12),
        ("1,234.50", 1234.5),
        ("1,234", 1234),
        ("1,5", 1.5),
        ("1,234,567", 1234567),
        ("−3", -3),
        ("23.7 %", 0.237),
        ("¥ 5", 5),
        ("5 yuan", 5),
        ("", None),
        ("1e5", None),
        ("nan", None),
        ("9" * 99, None),
        ("a", None),
    ],
)
def test_numbers_are_read_as_people_type_them(text, number):
    assert as_number(text) == number


def test_only_nothing_is_blank():
    assert [is_blank(value) for value in (..., None, "", "___", "a", 0, [], False)] == [True] * 4 + [False] * 4
