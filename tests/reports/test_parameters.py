import pytest

from helpers.errors import DataError
from helpers.reports.parameters import read_parameters, read_settings, settle

CELL = """
data: str = ""                # a folder with data
quiet_days: int = 14          # 0 to 365: leave customers alone for this many days
capacity: int = 50            # at least 1: calls that the team can make
share: float = 0.2            # more than 0: a share
ceiling: float = 1            # at most 10: a ceiling
monetary: str = "mean"        # one of mean, sum: how money is counted
rule: str = "a"               # one of: a, b; which rule
since: str = ""               # a date or empty: look from this day on
until: str = "2026-01-31"     # a date: look up to this day
limits: list[float] = [500, 2000]  # more than 0: where sizes part
names: list[str] = []         # shops to leave out
loud: bool = False            # whether to shout
free: str = "x"               # anything: even this
"""


@pytest.fixture
def parameters(make):
    return read_parameters(make.notebook(make.code(CELL, "parameters")))


@pytest.mark.parametrize(
    "name, text, value",
    [
        ("quiet_days", "7", 7),
        ("quiet_days", "0", 0),
        ("quiet_days", "365", 365),
        ("capacity", "+5", 5),
        ("share", "1e-3", 0.001),
        ("ceiling", "10", 10.0),
        ("monetary", "sum", "sum"),
        ("rule", "b", "b"),
        ("since", "", ""),
        ("since", "2024-02-29", "2024-02-29"),
        ("limits", "100,200.5", [100.0, 200.5]),
        ("limits", "[1, 2]", [1.0, 2.0]),
        ("names", "'A', B", ["A", "B"]),
        ("names", "", []),
        ("loud", "YES", True),
        ("loud", "0", False),
        ("free", "a=b:c", "a=b:c"),
    ],
)
def test_a_fitting_value_is_read_with_its_type(parameters, name, text, value):
    read = parameters[name].read(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "name, text, allowed",
    [
        ("quiet_days", "366", "a whole number from 0 to 365"),
        ("quiet_days", "-1", "a whole number from 0 to 365"),
        ("quiet_days", "7.5", "a whole number"),
        ("quiet_days", "seven", "a whole number"),
        ("quiet_days", "", "a whole number"),
        ("capacity", "0", "of at least 1"),
        ("share", "0", "a number greater than 0"),
        ("share", "nan", "a number greater than 0"),
        ("share", "inf", "a number greater than 0"),
        ("ceiling", "11", "of at most 10"),
        ("monetary", "median", "one of mean, sum"),
        ("rule", "c", "one of a, b"),
        ("since", "2023-02-29", "a date such as 2026-06-30"),
        ("since", "30.06.2026", "a date such as 2026-06-30"),
        ("until", "", "a date such as 2026-06-30"),
        ("limits", "100,-5", "numbers with commas"),
        ("limits", "100;200", "numbers with commas"),
        ("loud", "maybe", "yes or no"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(parameters, name, text, allowed):
    with pytest.raises(DataError, match=f"^--set {name}={text}: {name} must be .*{allowed}.* Without --set it is"):
        parameters[name].read(text)


def test_only_what_was_wished_for_is_set(parameters):
    assert settle({"03a": parameters, "04": {}}, ["quiet_days=7"]) == {"03a": {"quiet_days": 7}, "04": {}}


def test_a_wish_can_be_for_one_lesson(parameters):
    both = {"03a": parameters, "03b": parameters}
    assert settle(both, ["quiet_days=7"]) == {"03a": {"quiet_days": 7}, "03b": {"quiet_days": 7}}
    assert settle(both, ["03b.quiet_days=7"]) == {"03a": {}, "03b": {"quiet_days": 7}}


@pytest.mark.parametrize(
    "setting, message",
    [
        ("quite_days=7", "there is no parameter 'quite_days'. Did you mean quiet_days?"),
        ("zzz=1", "there is no parameter 'zzz'. It can be: capacity, "),
        ("quiet_days", "write a name, an equals sign and a value"),
        ("=7", "write a name"),
        ("out=x", "Write --out instead"),
        ("data=x", "Write --data instead"),
        ("mapping=x", "Write --map instead"),
        ("04.quiet_days=7", "lesson 04 is not part of this report. Lessons in it: 03a"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_refused(parameters, setting, message):
    with pytest.raises(DataError, match=message.replace("?", r"\?")):
        settle({"03a": parameters}, [setting])


def test_without_parameters_nothing_can_be_set():
    with pytest.raises(DataError, match="nothing to set in 00a"):
        settle({"00a": {}}, ["x=1"])


def test_settings_are_split_at_the_first_equals_sign():
    assert read_settings(["a=b=c", "03a.x = 1"]) == [("", "a", "b=c"), ("03a", "x", "1")]


def test_a_notebook_without_the_cell_has_no_parameters(make):
    assert read_parameters(make.notebook(make.code("x = 1"))) == {}


@pytest.mark.parametrize(
    "source, message",
    [
        ("x = 1  # no type", "write `name: type = literal"),
        ("x: int  # no value", "write `name: type = literal"),
        ("x: int = 1", "needs a comment"),
        ("x: int = len([])  # computed", "must be a literal"),
        ("x: dict = {}  # a dict", "has the type dict"),
        ("x: int = 'a'  # a word", "default of x, 'a', is not a whole number"),
        ("x: int = 9  # 1 to 5: few", "default of x, 9, is not a whole number from 1 to 5"),
        ("x: bool = 1  # a flag", "is not yes or no"),
    ],
)
def test_a_cell_that_is_written_wrongly_is_the_notebooks_fault(make, source, message):
    with pytest.raises(ValueError, match=message):
        read_parameters(make.notebook(make.code(source, "parameters")), where="04_dormancy.ipynb")


def test_two_parameter_cells_are_one_too_many(make):
    cell = make.code("x: int = 1  # one", "parameters")
    with pytest.raises(ValueError, match="2 cells tagged parameters"):
        read_parameters(make.notebook(cell, cell))
