import dataclasses
import json
from datetime import date

import pandas as pd
import pytest

from helpers.data import load
from helpers.errors import DataError


@pytest.fixture
def company(write, tmp_path):
    write(
        "order_id,customer_id,ordered_at,amount,margin,region\n"
        "a,c1,2025-01-01,10.00,,\nb,c2,2025-01-02 08:00,-2.00,-1.00,\nc,,2025-01-03,5.00,1.00,\nd,c1,bad,5.00,1.00,\n",
        "in/orders.csv",
    )
    write("customer_id,joined_on,consent,birth_year,acquisition_cost\nc1,2024-12-01,yes,1990,12.50\nc2,,no,,\n", "in/customers.csv")
    write("contact_id,customer_id,at,satisfaction,resolved\n1,c1,2025-01-01 10:00,5,yes\n2,c1,2025-01-02 10:00,9,no\n", "in/contacts.csv")
    (tmp_path / "in" / "sample.json").write_text(
        json.dumps({"name": "Small", "simulated": True, "as_of": "2025-01-31", "currency": "EUR", "seed": 1})
    )
    # One bad date in four lines: the format is proved by the rest.
    orders = tmp_path / "in" / "orders.csv"
    orders.write_text(orders.read_text().replace("d,c1,bad", "d,c1,"), encoding="utf-8")
    return load(tmp_path / "in")


def test_a_folder_is_read_with_all_its_tables(company):
    assert (company.name, company.currency, company.as_of, company.is_sample) == ("Small", "EUR", date(2025, 1, 31), True)
    assert set(company.tables) == {"orders", "customers", "contacts"}
    assert company.products is None
    assert company.customers["acquisition_cost_minor"].to_list() == [1250, pd.NA]
    assert company.rejects[["table", "rule", "line"]].to_numpy().tolist() == [["orders", "missing", 5], ["contacts", "range", 3]]


def test_orders_are_the_lines_that_count(company):
    assert company.lines["status"].to_list() == ["sale", "return", "no_customer"]
    assert company.orders["order_id"].to_list() == ["a", "b"]


def test_money_is_whole_minor_units_and_gaps_stay_gaps(company):
    assert str(company.lines["amount_minor"].dtype) == "int64"
    assert str(company.lines["margin_minor"].dtype) == "Int64"
    assert company.lines["margin_minor"].to_list() == [pd.NA, -100, 100]
    assert str(company.lines["ordered_at"].dtype) == "datetime64[us]"
    assert str(company.customers["consent"].dtype) == "boolean"


def test_has_asks_for_tables_and_for_columns_that_hold_something(company):
    assert company.has("orders.margin", "contacts", "customers.consent")
    assert not company.has("orders.region")  # there, but empty
    assert company.lacks("orders.margin", "orders.region", "products", "products.price") == [
        "orders.region", "products", "products.price",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        company.has("orders.marge")


def test_a_saved_company_comes_back_exactly(company, tmp_path):
    again = load(company.save(tmp_path / "prepared"))
    for name, frame in company.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], frame, check_exact=True)
    pd.testing.assert_frame_equal(again.rejects, company.rejects, check_exact=True)
    for part in ("lines", "memo"):
        pd.testing.assert_frame_equal(getattr(again.reconciliation, part), getattr(company.reconciliation, part))
    assert again.reconciliation.totals == company.reconciliation.totals
    assert again.reconciliation.sentences() == company.reconciliation.sentences()
    plain = [field.name for field in dataclasses.fields(company) if field.name not in ("tables", "rejects", "reconciliation")]
    assert [getattr(again, name) for name in plain] == [getattr(company, name) for name in plain]


def test_a_prepared_company_keeps_its_date_and_needs_no_mapping(company, tmp_path):
    folder = company.save(tmp_path / "prepared")
    assert load(folder, as_of="2025-01-31").as_of == company.as_of
    with pytest.raises(DataError, match="prepared for 31 January 2025. For another date"):
        load(folder, as_of="2025-02-28")
    with pytest.raises(DataError, match="holds a prepared company, which needs no mapping"):
        load(folder, mapping="any.toml")


@pytest.mark.parametrize("damage", ["orders.parquet", "company.json"])
def test_a_damaged_prepared_company_is_refused(company, tmp_path, damage):
    folder = company.save(tmp_path / "prepared")
    (folder / damage).write_bytes(b"{}" if damage.endswith("json") else b"PAR1")
    with pytest.raises(DataError, match="Prepare it again from the original files"):
        load(folder)


def test_a_folder_that_cannot_be_written_is_refused(company, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DataError, match="taken cannot be written .* Choose another one with --out"):
        company.save(tmp_path / "taken")


def test_the_fingerprint_changes_with_the_data_and_the_mapping_only(door, orders_csv):
    same = {door().fingerprint, door().fingerprint, door(as_of="2025-03-05").fingerprint}
    assert len(same) == 1
    others = {door(amount=["2.50"]).fingerprint, door(mapping="").fingerprint, door(mapping="# a remark").fingerprint}
    assert len(same | others) == 4


def test_without_a_currency_the_reader_is_told(door):
    assert "No currency is stated, so amounts are shown in CNY" in door().notes[0]
    assert not any("No currency" in note for note in door(mapping="").notes)
