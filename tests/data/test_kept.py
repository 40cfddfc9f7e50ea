"""The sample company is read once and opened after that, and nobody can tell the difference but by the clock."""

import pandas as pd
import pytest

from helpers import places
from helpers.data import kept, load, loading
from helpers.data.company import PREPARED


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def small_sample(tmp_path, monkeypatch):
    """A sample of a few orders, which is read in no time."""
    sample = tmp_path / "sample"
    sample.mkdir()
    rows = [f"o{at},c{at % 9},2026-03-{at % 28 + 1:02d},{10 + at}.00" for at in range(40)]
    (sample / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (sample / "sample.json").write_text('{"name": "Small", "currency": "CNY", "simulated": true}', encoding="utf-8")
    monkeypatch.setattr(places, "SAMPLE", sample)
    return sample


@pytest.fixture
def reads(monkeypatch):
    """How often the files were read."""
    seen, read = [], loading.read_raw
    monkeypatch.setattr(loading, "read_raw", lambda *given: seen.append(given) or read(*given))
    return seen


def test_the_second_time_it_is_opened_and_the_same(reads):
    fresh = load(places.SAMPLE)
    for company in (load(), load()):
        for name in ("name", "currency", "as_of", "is_sample", "fingerprint", "notes", "mapping"):
            assert getattr(company, name) == getattr(fresh, name), name
        assert company.reconciliation.sentences() == fresh.reconciliation.sentences()
        for name, table in fresh.tables.items():
            pd.testing.assert_frame_equal(company.tables[name], table)
        pd.testing.assert_frame_equal(company.rejects, fresh.rejects)
    assert len(reads) == 2  # the fresh one and the first


def test_a_changed_file_is_read_anew_and_the_old_copy_goes(small_sample, reads, own_folder):
    before = load()
    file = small_sample / "orders.csv"
    file.write_text(file.read_text(encoding="utf-8") + "o40,c1,2026-03-29,7.00\n", encoding="utf-8")
    after = load()
    assert len(after.lines) == len(before.lines) + 1 and len(reads) == 2
    assert len([one for one in own_folder.iterdir() if (one / PREPARED).is_file()]) == 1


def test_another_date_or_folder_is_never_answered_from_it(small_sample, reads):
    load()
    assert str(load(as_of="2026-03-15").as_of) == "2026-03-15"
    load(small_sample)
    assert len(reads) == 3


@pytest.mark.parametrize("harm", ["a file is gone", "a file is cut", "no description"])
def test_a_damaged_copy_costs_time_alone(small_sample, reads, own_folder, harm):
    whole = load()
    (copy,) = own_folder.iterdir()
    if harm == "a file is gone":
        (copy / "orders.parquet").unlink()
    elif harm == "a file is cut":
        (copy / "orders.parquet").write_bytes(b"PAR1")
    else:
        (copy / PREPARED).unlink()
    assert load().lines.equals(whole.lines) and len(reads) == 2


def test_a_folder_that_cannot_be_written_costs_time_alone(small_sample, reads, own_folder):
    own_folder.write_text("a file stands in the way", encoding="utf-8")
    assert len(load().lines) == len(load().lines) == 40 and len(reads) == 2


def test_a_copy_that_somebody_else_may_not_open_costs_time_alone(small_sample, reads, monkeypatch):
    """In a folder that a class shares, the first to come owns the copy."""
    load()

    def refused(place):
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(kept, "open_prepared", refused)
    assert len(load().lines) == 40 and len(reads) == 2


def test_two_at_once_leave_one_whole_copy(small_sample, own_folder):
    company = load()
    (copy,) = own_folder.iterdir()
    kept._keep(company, copy)  # the second of two finds that the first was there before
    assert [one.name for one in own_folder.iterdir()] == [copy.name] and kept.open_prepared(copy).lines.equals(company.lines)
