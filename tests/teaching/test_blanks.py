import ast

import pytest

from helpers.teaching.blanks import BlankLines


@pytest.mark.parametrize(
    "code, becomes",
    [
        ("x = ...", "x = ..."),
        ("x = (5 - ...).days", "x = ..."),
        ("x = y = f(...)", "x = y = ..."),
        ("x: int = 5 - ...", "x: int = ..."),
        ('x = orders.groupby(...)["a"].sum()', "x = ..."),
        ("x = 5", "x = 5"),
        ("f(...)", "f(...)"),
        ('lesson.check("1.1", ...)', "lesson.check('1.1', ...)"),
        ('x = lesson.carry_on("1.1", ...)', "x = lesson.carry_on('1.1', ...)"),
        ("x = lambda: ...", "x = lambda: ..."),
        ("def f(): ...", "def f():\n    ..."),
        ("t['a'] = 5 - ...", "t['a'] = 5 - ..."),
        ("a, b = ...", "a, b = ..."),
    ],
)
def test_only_a_line_that_gives_a_name_to_something_with_a_blank_waits(code, becomes):
    tree = BlankLines().visit(ast.parse(code))
    assert ast.unparse(tree) == becomes
    compile(ast.fix_missing_locations(tree), "cell", "exec")
