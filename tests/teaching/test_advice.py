"""The sentence for each error. Errors are made here as a learner makes them."""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.teaching.advice import KNOWN, Surroundings, advise

NAMES = {
    "pd": pd,
    "orders": pd.DataFrame({"customer_id": ["A"], "amount_minor": [1], "ordered_at": pd.to_datetime(["2026-01-01"])}),
    "nothing": None,
    "word": "a",
    "listed": [1, 2],
}
CELLS = ("import pandas as pd", "customers = measures.customer_table(orders)", "for shop in shops: pass")


def advice_for(code, names=NAMES):
    names = dict(names)
    try:
        exec(compile(code, "<stdin>", "exec"), names)
    except Exception as error:
        names.pop("__builtins__", None)
        found = advise(error, Surroundings(names, CELLS, code))
        return f"{found.label} {found.text}" if found else ""
    raise AssertionError("no error")


@pytest.mark.parametrize(
    "code, sentence",
    [
        # a cell skipped, a name misspelt
        (
            "customers.head()",
            "A cell was skipped. `customers` is made in a cell that has not been run yet, the one with `customers = measures.customer_table(orders)`. Run the cells above first",
        ),
        ("shop", "A cell was skipped."),
        ("order.head()", "There is no `order`. Did you mean `orders`?"),
        ("Orders", "Did you mean `orders`?"),
        ("pritn(1)", "Did you mean `print`?"),
        ("amount_minor.sum()", 'If you mean the column of `orders`, put it in quotes: `orders["amount_minor"]`.'),
        ("xyzzy", "There is no `xyzzy` yet. If it is text, put it in quotes."),
        ("np.mean(listed)", "An import was skipped. `np` comes from `import numpy as np`"),
        ("x = true", "Python writes `True`, not `true`."),
        ("____", "There is still a blank (`____`) here."),
        # a column misspelt
        (
            'orders["custmer_id"]',
            "A column is not there. There is no column `custmer_id` in `orders`. Did you mean `customer_id`?",
        ),
        (
            'orders["xyz"]',
            "There is no column `xyz` in `orders`. The columns are: `customer_id`, `amount_minor`, `ordered_at`.",
        ),
        (
            'orders[["customer_id", "Amount_Minor"]]',
            "There is no column `Amount_Minor` in `orders`. Did you mean `amount_minor`?",
        ),
        (
            'orders.groupby("custmer_id").size()',
            "There is no column `custmer_id` in `orders`. Did you mean `customer_id`?",
        ),
        ('orders.groupby("customer_id")["amount"].sum()', "There is no column `amount` in `orders`."),
        ('orders.sort_values("amount_mino")', "Did you mean `amount_minor`?"),
        ('orders.drop(columns="amonut_minor")', "Did you mean `amount_minor`?"),
        ('orders.set_index("customerid")', "Did you mean `customer_id`?"),
        (
            'orders.merge(orders, on="customer")',
            "There is no column `customer` in `orders`. Did you mean `customer_id`?",
        ),
        ('orders.loc[:, "amont_minor"]', "Did you mean `amount_minor`?"),
        ('orders.loc["A"]', "A label is not there. There is nothing with the label `A` here."),
        ('orders["amount_minor"].loc["A"]', "A label is not there."),
        ('{"a": 1}["b"]', "A label is not there. There is nothing with the label `b` here."),
        # attributes
        ("replies = \"many\"\nreplies.ingredients()", "What stands before `.ingredients` is text. If its name meant something else before"),
        ("rows = [1]\nrows.appendd(2)", "What stands before `.appendd` is a list. Did you mean `.append`?"),
        ("orders.amont_minor", "A table has no column and no method `amont_minor`. Did you mean `.amount_minor`?"),
        ("orders.groupyb(1)", "Did you mean `.groupby`?"),
        (
            'orders["amount_minor"].summ()',
            "A Series does not have that. `.summ` is no part of a Series. Did you mean `.sum`?",
        ),
        ('orders["amount_minor"].dt.days', "`.dt` works on dates and durations"),
        ('orders["amount_minor"].str.lower()', "`.str` works on text"),
        ("nothing.head()", "The value before `.head` is empty (`None`)."),
        # kinds
        ("nothing[0]", "There is nothing in it. The value is empty (`None`)."),
        ("nothing + 1", "There is nothing in it."),
        ("for x in nothing: pass", "There is nothing in it."),
        ('orders("customer_id")', "Round brackets for square ones. A DataFrame is not called."),
        ("orders.mean()", "Not every column is a number. `.mean()` was asked of dates or text, too."),
        ("orders.assign(day=pd.Timestamp(0)).groupby('customer_id').sum()", "before it: `[\"name\"].sum()`."),
        ("orders.sum[0]", "Put `()` after its name, before the `[`."),
        ("listed(0)", "This cannot be called."),
        ("word + 1", "Text and number do not add up."),
        ("1 + word", "`+` does not work between a number and text."),
        ("sorted(listed, revers=True)", "The function takes no `revers`."),
        ("(lambda a, b: a)(1)", "The function also needs `b`."),
        ("5 - ...", "There is still a blank (`...`) here."),
        ("(...).days", "There is still a blank (`...`) here."),
        # values, zero, files, packages, positions
        ('if orders["amount_minor"] > 0: pass', "a column gives many answers"),
        ("float('a few')", "This text is no number."),
        ("pd.DataFrame({'a': [1, 2]}).assign(b=[1, 2, 3])", "The lengths do not fit."),
        ("1 / 0", "Divided by zero."),
        ('open("ordres.csv")', "There is no file `ordres.csv` in this folder."),
        ('open("nowhere/orders.csv")', "There is no folder `nowhere` for it."),
        ("import pandsa", "`pandsa` is not installed in this Python."),
        ("listed[5]", "That far it does not go."),
        ("orders.iloc[5]", "That far it does not go."),
        # the writing of code
        ("x = (1", "A bracket is lost. The bracket `(` in line 1 is opened and never closed. Each `(` needs its `)`."),
        ('orders["customer_id"', "The bracket `[`"),
        ("x = (1]", "`(` was opened, and `]` closes it"),
        ("x = 1)", "A bracket too many. The `)` in line 1"),
        ("x = 'a", "A quote is lost. A text in line 1 begins with a quote"),
        ("if word = 'a': pass", "to compare, write `==`"),
        ("orders[word = 'a']", "to compare, write `==`"),
        ("print(word 1)", "Two things stand side by side in line 1"),
        ("if True\n    x = 1", "The line ends with a colon `:` in line 1"),
        ("if True:\nx = 1", "A line must be set in."),
        ("x = 1\n  y = 2", "A line is set in where it should not be."),
        ("x = “a”", "A sign that Python does not know."),
        ("x = 007", "put them in quotes"),
        ("5 = x", "to compare, write `==`"),
        ("x = = 1", "Python cannot read this."),
    ],
)
def test_each_of_the_commonest_errors_has_a_sentence(code, sentence):
    assert sentence in advice_for(code)


def test_a_near_file_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text("")
    assert "Did you mean `orders.csv`?" in advice_for('open("order.csv")')


def test_our_own_errors_are_sentences_already():
    found = advise(DataError("No *money*. Add <some>."), Surroundings({}))
    assert found.text == "No \\*money\\*. Add &lt;some&gt;."


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('something else')",
        "raise TypeError('unheard of')",
        "raise RuntimeError('x')",
        "raise KeyError",
        "def f():\n    x += 1\nf()",
        "raise AttributeError('x')",
        "raise SyntaxError('unheard of')",
        "raise IndexError('x')",
    ],
)
def test_of_what_nothing_is_known_nothing_is_said(code):
    assert advice_for(code) == ""


def test_names_from_data_are_no_markup():
    strange = {"t": pd.DataFrame({"`<b>`": [1], "**x**": [2]})}
    text = advice_for('t["zzz"]', strange)
    assert "``" not in text
    from helpers.teaching.marks import to_html

    assert "<b>" not in to_html(text)
    assert "<strong>" not in to_html(text)


def test_many_columns_are_not_all_listed():
    wide = {"t": pd.DataFrame({f"col{n}": [n] for n in range(40)})}
    assert "and 28 more." in advice_for('t["zzzzz"]', wide)


def test_nothing_beyond_the_known_kinds_is_touched():
    assert not any(
        issubclass(kind, KNOWN) for kind in (KeyboardInterrupt, SystemExit, MemoryError, RuntimeError, OSError)
    )


def test_what_ipython_calls_incomplete_is_looked_at_again():
    error = SyntaxError("incomplete input")
    assert "The bracket `(`" in advise(error, Surroundings({}, (), "x = (1")).text
    assert advise(error, Surroundings({}, (), "x = 1")).label == "Something is not finished."
