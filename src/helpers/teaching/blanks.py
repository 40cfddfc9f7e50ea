"""Blanks inside a line: `recency = (as_of - ...).dt.days` waits until it is filled.

A line that gives a name to something with a `...` in it is not run; the name
becomes `...` itself. So an exercise with a blank can stand in a notebook that
runs from top to bottom, and `lesson.check` says that it is not attempted yet.
"""

from __future__ import annotations

import ast


class BlankLines(ast.NodeTransformer):
    """Turns assignments with a blank inside into assignments of the blank; lines in functions stay as they are."""

    def visit_Module(self, tree: ast.Module) -> ast.Module:
        tree.body = [_waiting(node) for node in tree.body]
        return tree


def _waiting(node: ast.stmt) -> ast.stmt:
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return node
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not all(isinstance(target, ast.Name) for target in targets):
        return node
    if isinstance(node.value, ast.Constant) or not any(map(_is_blank, _outside_functions(node.value))):
        return node
    node.value = ast.copy_location(ast.Constant(...), node.value)
    return node


def _outside_functions(tree: ast.expr) -> list[ast.AST]:
    """The parts of an expression, but for those of a function without a name."""
    found, todo = [], [tree]
    while todo:
        node = todo.pop()
        found.append(node)
        # What a call of the lesson is given is the lesson's matter: carry_on takes a blank.
        if not isinstance(node, ast.Lambda) and not _is_lesson_call(node):
            todo.extend(ast.iter_child_nodes(node))
    return found


def _is_blank(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _is_lesson_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "lesson"
    )
