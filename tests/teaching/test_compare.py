"""What means the same, what differs and how that is said; nothing foreign is ever called."""

import datetime as dt
import decimal
import fractions

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.teaching.answers import CannotRead, is_number, type_name
from helpers.teaching.compare import compare

DAYS = pd.Series([30.0, 49.0, 11.0], index=pd.Index(["A", "B", "C"], name="customer_id"), name="days")
TABLE = pd.DataFrame({"segment": ["new", "old", "lost"], "customers": [3, 2, 1], "share": [0.5, 0.3, 0.2]})
DAY = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(DAYS, id="itself"),
        pytest.param(DAYS[::-1], id="another-order"),
        pytest.param(DAYS.astype(int), id="ints-for-floats"),
        pytest.param(DAYS.astype("Int64"), id="masked"),
        pytest.param(DAYS.astype(object), id="objects"),
        pytest.param(DAYS.astype("float32"), id="single-precision"),
        pytest.param(DAYS.map(lambda day: decimal.Decimal(int(day))), id="decimals"),
        pytest.param(DAYS.rename("x"), id="another-name"),
        pytest.param(DAYS.rename_axis("id"), id="another-name-of-the-index"),
        pytest.param(DAYS.set_axis(pd.CategoricalIndex(["A", "B", "C"])), id="categories-as-labels"),
        pytest.param(DAYS.to_frame(), id="table-of-one-column"),
        pytest.param(DAYS.reset_index(), id="labels-as-a-column"),
        pytest.param(DAYS.reset_index().assign(more=1), id="the-column-of-that-name"),
        pytest.param(DAYS.to_dict(), id="dict"),
        pytest.param(DAYS + 1e-9, id="rounding-of-the-machine"),
    ],
)
def test_the_same_in_another_form_is_the_same(answer):
    assert compare(DAYS, answer).equal


@pytest.mark.parametrize(
    "answer, why",
    [
        pytest.param(DAYS.replace(11, 12), "1 of 3 values differs; look at `customer_id` C.", id="one"),
        pytest.param(DAYS * [2, 3, 4], "All 3 values differ; look at `customer_id` A.", id="all"),
        pytest.param(DAYS.where(DAYS > 20), "1 of 3 values is missing where there should be one", id="gap"),
        pytest.param(DAYS * 100, "Every value is too large by a factor of 100.", id="percent"),
        pytest.param(DAYS / 100, "Every value is too small by a factor of 100.", id="share"),
        pytest.param(-DAYS, "Every value has the wrong sign.", id="sign"),
        pytest.param(DAYS + 1, "Every value is too large by the same amount.", id="constant"),
        pytest.param(DAYS[:2], "Of 3 rows expected, 1 is missing (such as `customer_id` C).", id="row-gone"),
        pytest.param(
            pd.concat([DAYS, pd.Series({"D": 1.0})]), "3 rows are expected; 1 too many (such as D).", id="row-more"
        ),
        pytest.param(DAYS.rename({"C": "D"}), "and 1 too many (such as `customer_id` D).", id="other-label"),
        pytest.param(DAYS.set_axis([1, 2, 3]), "The labels (`customer_id`) do not fit.", id="labels-of-another-kind"),
        pytest.param(DAYS.astype(str), "The values should be numbers; these are text.", id="text"),
        pytest.param(pd.to_timedelta(DAYS, unit="D"), "plain numbers are expected: `.dt.days`", id="durations"),
        pytest.param(DAYS[::-1].reset_index(drop=True), "The labels (`customer_id`) are lost", id="labels-lost"),
        pytest.param([1, 2], "The labels (`customer_id`) are lost", id="list"),
        pytest.param(TABLE, "One column of values is expected; this table has 3", id="table"),
        pytest.param(30, "3 values are expected; this is a single one.", id="number"),
        pytest.param("A", "3 values are expected; this is a single one.", id="word"),
        pytest.param({30, 49}, "1 value missing.", id="set"),
        pytest.param(DAYS[:0], "Of 3 rows expected, 3 are missing", id="empty"),
    ],
)
def test_what_differs_is_said_without_the_right_values(answer, why):
    verdict = compare(DAYS, answer)
    assert not verdict.equal
    assert why in verdict.why
    assert not any(value in verdict.why for value in ("30", "49", "11"))


def test_values_in_order_without_labels_count_with_a_remark():
    for answer in ([30, 49, 11], np.array([30, 49, 11]), DAYS.reset_index(drop=True)):
        verdict = compare(DAYS, answer)
        assert verdict.equal
        assert "are lost, so only the order could be checked" in verdict.remark
        assert not verdict.same_form


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(TABLE[::-1], id="another-order"),
        pytest.param(TABLE.sort_values("share").reset_index(drop=True), id="sorted-and-numbered-anew"),
        pytest.param(TABLE.set_index("segment"), id="labels-from-a-column"),
        pytest.param(TABLE[["share", "customers", "segment"]], id="columns-in-another-order"),
        pytest.param(TABLE.astype({"customers": float}), id="floats-for-ints"),
        pytest.param(TABLE.astype({"segment": "category"}), id="categories"),
    ],
)
def test_tables_are_matched_by_what_names_their_rows(answer):
    assert compare(TABLE, answer).equal


@pytest.mark.parametrize(
    "answer, why",
    [
        pytest.param(TABLE.drop(columns="share"), "The column `share` is missing.", id="column-gone"),
        pytest.param(
            TABLE.rename(columns={"customers": "Customers"}), "(is it your `Customers`?) is missing", id="misspelt"
        ),
        pytest.param(TABLE.assign(share=[0.5, 0.3, 0.1]), "Column `share`: 1 of 3 values differs", id="value"),
        pytest.param(
            TABLE.assign(share=0.1, customers=7),
            "- Column `customers`: all 3 values differ; look at `segment` new",
            id="two",
        ),
        pytest.param(TABLE[:2], "Of 3 rows expected, 1 is missing (such as `segment` lost).", id="row"),
        pytest.param(DAYS, "A table with the columns `segment`, `customers` and `share` is expected", id="series"),
        pytest.param(5, "this is a single value", id="number"),
        pytest.param([1, 2], "this is a list", id="list"),
    ],
)
def test_differences_of_tables_name_the_column(answer, why):
    verdict = compare(TABLE, answer)
    assert not verdict.equal
    assert why in verdict.why


def test_a_table_with_more_than_was_asked_for_is_right_with_a_remark():
    verdict = compare(TABLE, TABLE.assign(colour="red"))
    assert verdict.equal
    assert verdict.remark == "It has more than was asked for: `colour`."


def test_rows_without_a_name_are_compared_in_their_order():
    numbers = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    assert compare(numbers, numbers.copy()).equal
    assert compare(numbers, numbers[::-1]).equal, "the old labels say which row is which"
    assert not compare(numbers, numbers[::-1].reset_index(drop=True)).equal
    assert compare(numbers, numbers[:1]).why == "2 rows are expected; here are 1."


def test_labels_of_several_levels_may_stand_in_another_order():
    frame = pd.DataFrame({"a": ["x", "x", "y"], "b": [1, 2, 1], "v": [1.0, 2.0, 3.0]})
    there = frame.set_index(["a", "b"])["v"]
    assert compare(there, frame.set_index(["b", "a"])["v"]).equal
    assert compare(there, frame).equal
    assert "labels" in compare(there, frame.set_index("a")["v"]).why


def test_labels_that_occur_twice_are_counted_through():
    twice = pd.Series([1, 2, 3], index=["a", "a", "b"])
    assert compare(twice, twice.sort_index(ascending=True, kind="stable")).equal
    assert not compare(twice, pd.Series([2, 1, 3], index=["a", "a", "b"])).equal


@pytest.mark.parametrize(
    "reference, answer, equal",
    [
        pytest.param(5, 5.0, True, id="float-for-int"),
        pytest.param(5.0, np.int8(5), True, id="numpy"),
        pytest.param(0.5, fractions.Fraction(1, 2), True, id="fraction"),
        pytest.param(True, np.True_, True, id="yes"),
        pytest.param(5, 6, False, id="another-number"),
        pytest.param(5, float("nan"), False, id="nan"),
        pytest.param(float("nan"), None, True, id="nothing-for-nothing"),
        pytest.param(5, "5", False, id="text-for-number"),
        pytest.param("Repair", " repair ", True, id="capitals-and-spaces"),
        pytest.param("repair", "keep", False, id="another-word"),
        pytest.param(DAY, pd.Timestamp("2026-03-31"), True, id="date-and-time-stamp"),
        pytest.param(DAY, np.datetime64("2026-03-31"), True, id="numpy-date"),
        pytest.param(DAY, pd.Timestamp("2026-03-31 10:00"), False, id="with-a-time"),
        pytest.param(DAY, pd.Timestamp("2026-03-31 00:00:00.000001"), False, id="a-microsecond"),
        pytest.param(DAY, 31, False, id="number-for-date"),
        pytest.param(dt.timedelta(days=2), pd.Timedelta(2, "D"), True, id="durations"),
        pytest.param(5, dt.timedelta(days=5), False, id="duration-for-number"),
        pytest.param(pd.Period("2026-03", "M"), dt.date(2026, 3, 1), True, id="month"),
        pytest.param([1, "a", None], [1.0, "a", float("nan")], True, id="mixed"),
        pytest.param([1, "a"], [1, "b"], False, id="mixed-and-other"),
        pytest.param({"a", "b"}, ["b", "a"], True, id="set"),
        pytest.param({"a": 1, "b": 2}, pd.Series({"b": 2, "a": 1}), True, id="dict"),
        pytest.param([1, 2, 3], range(1, 4), True, id="range"),
        pytest.param([1, 2], {"x": 1, "y": 2}.values(), True, id="values-of-a-dict"),
        pytest.param(pd.Series(["a", None]), pd.Series(["a", pd.NA], dtype="string"), True, id="missing-texts"),
        pytest.param(pd.Series([1.0, None]), pd.Series([1, pd.NA], dtype="Int64"), True, id="missing-numbers"),
        pytest.param([1, 2], [], False, id="empty-list"),
        pytest.param(pd.Series(["a"]), pd.Series(["a"]).unique(), True, id="array-of-pandas"),
    ],
)
def test_single_values_lists_and_kinds(reference, answer, equal):
    assert compare(reference, answer).equal is equal


def test_the_right_values_in_another_order_are_called_so():
    assert compare(["a", "b"], ["b", "a"]).why == "These are the right values, in another order."
    assert compare(["a", "b"], ["b", "a"], any_order=True).equal
    assert compare(["a", "b"], ["b", "c", "d"], any_order=True).why == "2 values too many and 1 value missing."
    assert "more or less often" in compare([1, 1, 2], [1, 2, 2], any_order=True).why


@pytest.mark.parametrize(
    "answer, out", [([5], "`[0]`"), (pd.Series([5]), "`.iloc[0]`"), (pd.DataFrame({"a": [5]}), "`.iloc[0, 0]`")]
)
def test_a_value_that_is_still_wrapped_is_right_with_a_remark(answer, out):
    verdict = compare(5, answer)
    assert verdict.equal
    assert out in verdict.remark
    assert not verdict.same_form


def test_within_says_how_far_a_number_may_be_off():
    assert compare(23.68, 23.7, within=0.05).equal
    assert not compare(23.68, 23.8, within=0.05).equal


def test_moments_of_other_zones_are_the_same_moment():
    noon = pd.Series(pd.to_datetime(["2026-03-31 12:00"]))
    assert compare(noon, noon.dt.tz_localize("UTC").dt.tz_convert("Asia/Shanghai")).equal


def test_only_the_same_form_may_stand_in_for_the_reference():
    assert compare(DAYS, DAYS.copy()).same_form
    assert compare(5, 5.0).same_form
    for other in (DAYS[::-1], DAYS.astype(int), DAYS.to_frame(), DAYS.rename_axis("id")):
        assert not compare(DAYS, other).same_form
    assert not compare("a", "A").same_form


# ---------------------------------------------------------------- what is not read


def endless():
    while True:
        yield 1


class Sub(pd.DataFrame):
    pass


@pytest.mark.parametrize(
    "answer, why",
    [
        pytest.param(endless(), "This is a generator", id="generator-without-end"),
        pytest.param(map(str, [1]), "This is a `map`", id="map"),
        pytest.param(DAYS.max, "Are the brackets `()` missing", id="method"),
        pytest.param(len, "Are the brackets `()` missing", id="function"),
        pytest.param(lambda: 1, "Are the brackets `()` missing", id="lambda"),
        pytest.param(int, "This is a type, not a value.", id="type"),
        pytest.param(pd, "This is a module", id="module"),
        pytest.param(b"5", "raw bytes", id="bytes"),
        pytest.param(1j, "complex number", id="complex"),
        pytest.param(DAYS.groupby(level=0), "This is a grouping, not yet a result.", id="grouping"),
        pytest.param(Sub({"a": [1]}), "This is a special table (`Sub`).", id="subclass"),
        pytest.param(object(), "an object of the type `object`", id="object"),
        pytest.param(np.zeros((2, 2)), "an array with 2 dimensions", id="matrix"),
        pytest.param(np.array([1j]), "Values of the kind `complex128`", id="complex-array"),
        pytest.param(np.ma.masked_array([1]), "`MaskedArray`", id="masked-array"),
        pytest.param([[1], [2]], "One of the values inside is an object of the type `list`", id="nested"),
        pytest.param(pd.Series([[1], 2]), "the type `list`", id="lists-in-a-series"),
        pytest.param(list(range(10_001)), "This list has 10,001 items", id="long-list"),
        pytest.param(dict.fromkeys(range(10_001)), "This list has 10,001 items", id="long-dict"),
        pytest.param(10**400, "more than 300 digits", id="huge-number"),
        pytest.param(pd.DataFrame([[1, 2]], columns=["a", "a"]), "Two columns are called `a`", id="twin-columns"),
        pytest.param(pd.MultiIndex.from_tuples([(1, 2)]), "several levels", id="index-of-levels"),
    ],
)
def test_what_cannot_be_read_is_named(answer, why):
    with pytest.raises(CannotRead) as caught:
        compare(DAYS, answer)
    assert why in str(caught.value)


def test_millions_of_wrong_rows_are_told_by_their_number_alone():
    assert compare(DAYS, pd.Series(np.zeros(5_000_000))).why == "3 rows are expected; here are 5,000,000."


touched = []


class Nosy(type):
    """A metaclass that notes whatever is asked of its classes."""

    def __getattribute__(cls, name):
        touched.append(name)
        return super().__getattribute__(name)

    def __hash__(cls):
        touched.append("hash")
        raise RuntimeError

    def __eq__(cls, other):
        touched.append("eq")
        raise RuntimeError


class Landmine(metaclass=Nosy):
    """Pretends to be a Series, and goes off when anything of it is touched."""

    def __getattribute__(self, name):
        touched.append(name)
        raise SystemExit

    __eq__ = __len__ = __iter__ = __bool__ = __float__ = __repr__ = __array__ = lambda self, *_: touched.append(
        "called"
    )
    __hash__ = None


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda mine: mine, id="itself"),
        pytest.param(lambda mine: [mine], id="in-a-list"),
        pytest.param(lambda mine: (1, mine), id="in-a-tuple"),
        pytest.param(lambda mine: {"a": mine}, id="in-a-dict"),
    ],
)
def test_nothing_of_the_answer_is_ever_called(wrap):
    answer = wrap(Landmine())
    touched.clear()
    with pytest.raises(CannotRead, match="Landmine"):
        compare(DAYS, answer)
    assert touched == []


def test_a_type_is_named_without_asking_it():
    touched.clear()
    assert type_name(Landmine()) == "Landmine"
    assert touched == []


def test_a_number_is_no_truth_value():
    assert [is_number(value) for value in (1, 1.5, np.float32(1), True, np.True_, "1")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


# ---------------------------------------------------------------- properties

labelled = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1e9, 1e9) | st.just(float("nan")), min_size=1)


@given(labelled, st.randoms(use_true_random=False))
def test_order_is_irrelevant_and_any_change_is_seen(values, lot):
    series = pd.Series(values)
    mixed = list(values)
    lot.shuffle(mixed)
    assert compare(series, series[mixed]).equal
    changed = series.copy()
    changed[mixed[0]] = 1.0 if np.isnan(changed[mixed[0]]) else changed[mixed[0]] * 2 + 1
    assert compare(series, changed).equal == (changed[mixed[0]] == series[mixed[0]])


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.timedeltas()
    | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=6,
)


@given(anything, st.sampled_from([DAYS, TABLE, 5, "x", DAY, [1, 2], {"a"}]))
def test_every_answer_has_a_verdict_or_a_sentence(answer, reference):
    try:
        verdict = compare(reference, answer)
    except CannotRead as error:
        assert str(error)
    else:
        assert verdict.equal or verdict.why
