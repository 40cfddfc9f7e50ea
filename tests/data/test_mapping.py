from datetime import date

import pytest

from helpers.data import Mapping, load
from helpers.errors import DataError
from helpers.places import SAMPLE

BASE = """
[orders.columns]
order_id = "a"
customer_id = "b"
ordered_at = "c"
amount = "d"
"""


def mapping(text):
    return Mapping.from_text(text, name="shop.toml")


@pytest.mark.parametrize(
    "text, says",
    [
        ("x = 1", "the key 'x' is not known. Known keys: as_of, assignments, brand_funnel, brand_promises"),
        ("curency = 'EUR'" + BASE, "the key 'curency' is not known. Did you mean 'currency'?"),
        (BASE + 'ammount = "x"', r"the key 'ammount' in \[orders\.columns\] is not known. Did you mean 'amount'?"),
        (BASE + "[orders.rulez]", r"the key 'rulez' in \[orders\] is not known. Did you mean 'rules'?"),
        (BASE + '[orders.rules]\nreturn = {column = "a", equals = "b"}', "Did you mean 'returns'?"),
        ("name = 'x'", r"has no \[orders\.columns\]"),
        ("orders = 1", r"orders must be a section \[orders\]"),
        ('[orders.columns]\norder_id = "a"', "customer_id, ordered_at and amount are not mapped"),
        (BASE + 'margin = "d"', "amount and margin are both mapped to the column 'd'"),
        (BASE.replace('"d"', '["d", "e"]'), r"For money write \{ multiply"),
        (BASE.replace('"d"', '{ multiply = ["d"] }'), "multiply takes two columns"),
        (BASE.replace('"d"', '{ times = ["d", "e"] }'), "the key 'times'"),
        (BASE.replace('"d"', "3"), "write a column name, a list of names"),
        (BASE + '[orders.rules]\nreturns = "x"', "a rule names a column and a test"),
        (BASE + '[orders.rules]\nreturns = { column = "x" }', "a rule has one test out of"),
        (BASE + '[orders.rules]\nrepeats = "no"', "repeats = 'no' is not known. Write 'keep' or 'drop'"),
        (BASE + '[orders.format]\ndecimal = ";"', 'decimal = ";" is not known'),
        (BASE + '[orders.format]\ndecimal = ","\nthousands = ","', "are the same sign"),
        (BASE + "[orders.format]\ndate = 5", "date must be a text in quotation marks"),
        (BASE + '[orders.not_persons]\nstaff = "S*"', "write a list of texts"),
        (BASE + '[orders.values]\nkind = { a = "b" }', "kind is not mapped"),
        (BASE + "[orders]\nheader_line = 0", "header_line must be a whole number"),
        ('currency = "EURO"' + BASE, "shop.toml: The currency 'EURO' is not known"),
        ('as_of = "30.6.2026"' + BASE, 'as_of = "30.6.2026" is no date'),
        ("a = b", "shop.toml is no valid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_is_named_with_what_to_write(text, says):
    with pytest.raises(DataError, match=says):
        mapping(text)


def test_a_missing_mapping_says_how_to_make_one(tmp_path):
    with pytest.raises(DataError, match="There is no mapping file .*Make one with: workbook map FILE"):
        Mapping.read(tmp_path / "none.toml")


@pytest.mark.parametrize("written", ['"2026-06-30"', "2026-06-30"])
def test_the_report_date_may_be_text_or_a_toml_date(written):
    assert mapping(f"as_of = {written}\n{BASE}").as_of == date(2026, 6, 30)


def test_every_shipped_mapping_and_the_one_in_the_manual_are_valid():
    shipped = sorted((SAMPLE / "mappings").glob("*.toml"))
    assert shipped
    for path in shipped:
        assert Mapping.read(path).currency
    manual = (SAMPLE / "mappings" / "README.md").read_text(encoding="utf-8")
    example = manual.split("```toml\n")[1].split("```")[0]
    told = mapping(example)
    assert set(told.tables) == {"orders", "customers"}
    assert told.tables["orders"].columns["margin"].how == "subtract"


# What a mapping does

TILL = """Shop;Till;Date;Time;Receipt;Card;Article;Pieces;Price;Status;Opt
S1;1;04.03.2025;08:45;17;K1;A;2;1.234,50;ok;opt-in
S1;1;04.03.2025;08:45;17;K1;POST;1;4,90;ok;opt-in
S2;1;04.03.2025;09:00;17;K2;A;1;0,333;ok;opt-out
S1;1;05.03.2025;10:00;R3;K1;A;1;1.234,50;ok;opt-in
S1;1;05.03.2025;11:00;19;99999;A;1;5,00;ok;
S1;1;05.03.2025;11:30;20;S07;A;1;5,00;ok;
S1;1;05.03.2025;11:30;21;K2;A;1;5,00;cancelled;
S1;1;05.03.2025;11:30;22;;A;1;5,00;ok;
S1;1;05.03.2025;11:30;23;K3;B;1;0,00;ok;
"""
TILL_MAPPING = """
name = "Corner shop"
currency = "EUR"
as_of = "2025-03-31"
[orders.columns]
order_id = ["Shop", "Till", "Date", "Receipt"]
customer_id = "Card"
ordered_at = ["Date", "Time"]
amount = { multiply = ["Pieces", "Price"] }
quantity = "Pieces"
product_id = "Article"
[orders.format]
date = "%d.%m.%Y %H:%M"
decimal = ","
thousands = "."
[orders.rules]
returns = { column = "Receipt", starts_with = "R" }
returns_sign = "positive"
cancelled = { column = "Status", equals = ["cancelled"] }
[orders.non_product]
product_id = ["POST", "FEE*"]
[orders.not_persons]
walk_in = ["99999"]
staff = ["S*"]
"""


@pytest.fixture
def till(write):
    return write(TILL, "till.csv")


def test_a_till_export_is_read_through_its_mapping(till):
    company = load(till, mapping=mapping(TILL_MAPPING))
    lines = company.lines
    assert lines["order_id"].to_list()[0] == "S1-1-04.03.2025-17"
    assert lines["ordered_at"].to_list()[0].isoformat() == "2025-03-04T08:45:00"
    assert lines["amount_minor"].to_list() == [246900, 490, 33, -123450, 500, 500, 500, 500, 0]
    assert lines["quantity"].to_list()[3] == -1
    assert lines["status"].to_list() == [
        "sale", "non_product", "sale", "return", "walk_in", "staff", "cancelled", "no_customer", "gift",
    ]  # fmt: skip
    totals = company.reconciliation.totals
    assert (totals["rows_in"], totals["rows_used"], totals["gross_minor"], totals["net_minor"]) == (9, 3, 246933, 123483)
    assert totals["rounding_minor"] == pytest.approx(-0.3)
    assert (company.name, company.as_of) == ("Corner shop", date(2025, 3, 31))


def test_non_products_are_kept_when_the_mapping_says_so(till):
    text = TILL_MAPPING.replace('product_id = ["POST", "FEE*"]', 'treat = "keep"\nproduct_id = ["POST", "FEE*"]')
    company = load(till, mapping=mapping(text))
    assert company.lines["status"].to_list()[1] == "sale"
    assert company.reconciliation.memo.set_index("item").at["non_product", "choice"] == "in"


def test_non_products_may_be_told_by_any_column(till):
    text = TILL_MAPPING.replace('product_id = ["POST", "FEE*"]', 'rule = { column = "Article", contains = "OS" }')
    assert load(till, mapping=mapping(text)).lines["status"].to_list()[1] == "non_product"


def test_returns_that_contradict_the_stated_sign_are_refused(till):
    text = TILL_MAPPING.replace('returns_sign = "positive"', 'returns_sign = "negative"')
    with pytest.raises(DataError, match='1 of 1 return line with a positive amount, .* Write returns_sign = "positive"'):
        load(till, mapping=mapping(text))


def test_a_rule_may_ask_for_a_word_that_means_nothing(till):
    text = TILL_MAPPING.replace('equals = ["cancelled"]', 'equals = ["-"]')
    till.write_text(TILL.replace("cancelled", "-"), encoding="utf-8")
    assert load(till, mapping=mapping(text)).lines["status"].to_list()[6] == "cancelled"


def test_stray_negative_amounts_are_set_aside_when_asked(write):
    path = write("order_id,customer_id,ordered_at,amount\na,c,2025-01-01,5\nb,c,2025-01-02,-1\nC1,c,2025-01-02,-2\n")
    identity = BASE.replace('"a"', '"order_id"').replace('"b"', '"customer_id"').replace('"c"', '"ordered_at"').replace('"d"', '"amount"')
    rules = '[orders.rules]\nreturns = { column = "order_id", starts_with = "C" }\nnegative_amounts = "reject"\n'
    company = load(path, mapping=mapping(identity + rules))
    assert company.rejects["rule"].to_list() == ["negative amount"]
    assert company.lines["status"].to_list() == ["sale", "return"]


def test_words_of_the_file_become_words_of_the_contract(write, tmp_path):
    write("Order,Card,Day,Sum,Type\na,K1,2025-01-01,5,Verkauf\nb,K2,2025-01-02,5,Storno\n", "sales.csv")
    write("Card,News\nK1,opt-in\nK2,opt-out\n", "cards.csv")
    text = """
    [orders]
    file = "sales.csv"
    [orders.columns]
    order_id = "Order"
    customer_id = "Card"
    ordered_at = "Day"
    amount = "Sum"
    kind = "Type"
    [orders.values]
    kind = { "Verkauf" = "sale", "Storno" = "cancellation" }
    [customers]
    file = "cards.csv"
    [customers.columns]
    customer_id = "Card"
    consent = "News"
    [customers.values]
    consent = { "opt-in" = "yes", "opt-out" = "no" }
    """
    for path in (tmp_path, tmp_path / "sales.csv"):
        company = load(path, mapping=mapping(text))
        assert company.lines["status"].to_list() == ["sale", "cancelled"]
        assert company.customers["consent"].to_list() == [True, False]


def test_an_unknown_word_in_most_lines_is_refused_with_the_remedy(door):
    with pytest.raises(DataError, match=r"kind is none of sale, return.*2 of 2 lines.*Map other words with \[orders\.values\]"):
        door("order_id,customer_id,ordered_at,amount,kind\na,c,2025-01-01,5,V\nb,c,2025-01-02,5,V\n")


def test_an_unknown_choice_of_what_to_set_aside_is_refused(door):
    with pytest.raises(DataError, match="set_aside has no 'postage'. Use names from non_product, repeated and shared_card"):
        door(set_aside=["postage"])
