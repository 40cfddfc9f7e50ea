import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import Mapping, RawTable
from helpers.data.loading import _company
from helpers.data.parsing import parse
from helpers.data.reading import read_files
from helpers.data.status import STATUSES, USED
from helpers.errors import DataError

cells = st.tuples(
    st.sampled_from(["o1", "o2", "o3", "o4", ""]),
    st.sampled_from(["c1", "c2", "c3", "walk", "s1", ""]),
    st.sampled_from(["2025-01-01", "2025-01-02", "2025-02-03 10:00", "2030-01-01", "soon", ""]),
    st.sampled_from(["1.00", "2.50", "-1.25", "0.00", "much", ""]),
    st.sampled_from(["P1", "POST"]),
    st.sampled_from(["ok", "cancelled"]),
)
MAPPING = """
as_of = "2025-06-30"
currency = "EUR"
[orders.columns]
order_id = "o"
customer_id = "c"
ordered_at = "t"
amount = "a"
product_id = "p"
[orders.format]
date = "iso"
decimal = "."
[orders.rules]
cancelled = { column = "s", equals = "cancelled" }
[orders.non_product]
product_id = ["POST"]
[orders.not_persons]
walk_in = ["walk"]
staff = ["s*"]
"""


@settings(max_examples=25)
@given(
    st.lists(cells, max_size=25),
    st.lists(st.sampled_from(["x,y", "a,b,c,d,e,f,g"]), max_size=3),
    st.sets(st.sampled_from(["non_product", "repeated", "shared_card"])),
)
def test_every_line_and_every_cent_is_accounted_for(tmp_path_factory, lines, broken, set_aside):
    good = [("o9", "c9", "2025-01-01", "9.00", "P1", "ok")] * 2
    rows = [",".join(row) for row in [*good, *lines]] + broken
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    path.write_text("o,c,t,a,p,s\n" + "\n".join(rows) + "\n", encoding="utf-8")
    mapping = Mapping.from_text(MAPPING).with_choice(set_aside)
    try:
        raw: RawTable = read_files([path])
        parsed = parse(raw, mapping.tables["orders"], currency_code="EUR")
        company = _company(mapping, {"orders": parsed}, mapping.as_of, True, {"orders": raw}, [], "EUR", path, "", False)
    except DataError as error:
        # More than half of the lines with one fault is refused as a whole.
        assert " of " in str(error)
        return
    company.reconciliation.check()
    by = company.reconciliation.lines.set_index("reason")
    assert by["lines"].sum() == len(rows) == company.reconciliation.totals["rows_in"]
    assert by.at["rejected", "lines"] == len(company.rejects)
    assert set(company.lines["status"]) <= set(STATUSES)
    assert (company.lines.groupby("status").size() == by["lines"].reindex(sorted(set(company.lines["status"])))).all()
    used = company.orders
    assert set(used["status"]) <= set(USED)
    assert used["amount_minor"].sum() == company.reconciliation.totals["net_minor"]
    assert used["customer_id"].notna().all()
    assert sorted([*company.lines["source_line"], *company.rejects["line"]]) == list(range(2, len(rows) + 2))
    assert len(company.reconciliation.sentences()) >= 2


def test_a_reconciliation_that_does_not_add_up_cannot_pass(door):
    reconciliation = door().reconciliation
    reconciliation.totals["rows_in"] += 1
    with pytest.raises(AssertionError, match="does not add up: lines 6 against 7"):
        reconciliation.check()


def test_money_of_rejected_lines_is_told_as_far_as_it_is_readable(door):
    company = door(ordered_at=["2025-01-01", "0001"], amount=["1.00", "40.00"], mapping='[orders.format]\ndate = "iso"\n')
    rejected = company.reconciliation.lines.set_index("reason").loc["rejected"]
    assert (rejected["lines"], rejected["customers"], rejected["amount_minor"]) == (1, 1, 4000)
    assert "Rejected lines (rejects.csv): 1 line, 1 customer, €40.00 as far as it could be read." in company.reconciliation.sentences()


def test_the_head_of_a_report_tells_what_came_in_and_what_is_used(door):
    company = door(customer_id=["c1", "c1", ""], amount=["10.00", "-4.00", "2.00"], lines=3, mapping="")
    assert company.reconciliation.sentences() == [
        "3 order lines came in: 2 used, 1 set aside, 0 rejected.",
        "Used: 1 sale line (€10.00 gross) and 1 return line (−€4.00) of 1 customer: €6.00 net of returns.",
        "Without a customer: 1 line, €2.00.",
        "25.0% of the money has no known customer behind it.",
    ]
