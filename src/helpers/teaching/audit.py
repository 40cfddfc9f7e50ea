"""A lesson without a learner: whether its parts fit together, and whether it gives answers away.

Tests call these for every lesson; each gives sentences, and none means all is well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pandas as pd

from helpers.reports.lessons import Lesson
from helpers.teaching.answers import is_number
from helpers.teaching.contents import calls, cells_of, contents_of, objectives, source
from helpers.teaching.exercises import CORRECT, NOT_ATTEMPTED, NOT_YET, Exercise
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check
from helpers.teaching.topics import Topic, topic_of

_WORTH_HIDING = 8  # nodes of an expression; a shorter one is no solution but a phrase


def lesson_faults(lesson: Lesson, *, topic: Topic | None = None) -> list[str]:
    """Whether every item that the notebook and its objectives name exists."""
    contents = contents_of(lesson, topic=topic)
    found = [f"{lesson.id}: {fault}" for fault in contents.unknown]
    for one in objectives(lesson.metadata):
        if not one.items:
            found.append(f"{lesson.id}: nothing assesses the objective {one.text!r}.")
        found += [
            f"{lesson.id}: the objective {one.text!r} names {kind} {item}, which is not in the notebook."
            for kind, item in one.items
            if not contents.has(kind, item)
        ]
    return found


def rehearse(one: Exercise, workings: Workings) -> list[str]:
    """Whether an exercise marks as it should on some data: untouched, solved, in other forms, with each mistake.

    Parameters
    ----------
    one : Exercise
    workings : Workings
        With the data offered.
    """
    try:
        right = workings.right(one)
    except Unavailable as error:
        return [f"{one.id}: it cannot be done on these data. {error}"]
    found = []
    if check(one, ..., workings).kind != NOT_ATTEMPTED:
        found.append(f"{one.id}: untouched, it is not 'not attempted'.")
    for form, answer in _forms(right):
        outcome = check(one, answer, workings)
        if outcome.kind != CORRECT:
            found.append(f"{one.id}: the worked answer {form} is {outcome.kind!r}: {outcome.text}")
        elif not outcome.sure:
            found.append(f"{one.id}: these data cannot tell a mistake from the worked answer. {outcome.text}")
            break
    if (
        one.number is not None
        and check(one, round(float(one.number(right)), one.number_digits), workings).kind != CORRECT
    ):
        found.append(f"{one.id}: the number from a spreadsheet is not accepted.")
    return found + _rehearse_mistakes(one, right, workings)


def _rehearse_mistakes(one: Exercise, right: object, workings: Workings) -> list[str]:
    if one.kind == "judge":
        wrong = [key for key in one.options if key != str(right)]
        return [
            f"{one.id}: the option {key!r} is not 'not yet'."
            for key in wrong
            if check(one, key, workings).kind != NOT_YET
        ]
    if one.kind == "sort":
        return [f"{one.id}: {fault}" for fault in _rehearse_cards(one, workings)]
    found = []
    values = workings.wrong(one)
    if len(values) < len(one.mistakes):
        found.append(f"{one.id}: {len(one.mistakes) - len(values)} of its mistakes fail on these data.")
    if len(one.mistakes) < 2:
        found.append(f"{one.id}: it knows {len(one.mistakes)} mistakes; two are needed.")
    for number, message, value in values:
        outcome = check(one, value, workings)
        if outcome.kind != NOT_YET:
            found.append(f"{one.id}: mistake {number} is {outcome.kind!r} on these data ({message})")
        elif outcome.mistake != number:
            found.append(f"{one.id}: mistake {number} is taken for mistake {outcome.mistake} ({message})")
    return found


def _rehearse_cards(one: Exercise, workings: Workings) -> Iterator[str]:
    """Whether each card on a tempting pile is told so."""
    right = {key: card.pile for key, card in one.cards.items()}
    for key, card in one.cards.items():
        for pile, message in card.tempting.items():
            outcome = check(one, right | {key: pile}, workings)
            if pile == card.pile:
                yield f"the card {key!r} is tempted to its own pile."
            elif outcome.kind != NOT_YET or message not in outcome.text:
                yield f"the card {key!r} on the pile {pile!r} is {outcome.kind!r}."


def _forms(right: object) -> Iterator[tuple[str, object]]:
    """The worked answer in forms that mean the same."""
    yield "as it is", right
    if type(right) in (pd.Series, pd.DataFrame) and len(right) > 1:
        labelled = type(right.index) is not pd.RangeIndex
        yield "in another order of rows", right.iloc[::-1] if labelled or right.index.is_unique else right
    if type(right) is pd.Series and pd.api.types.is_integer_dtype(right.dtype):
        yield "with decimals for whole numbers", right.astype(float)
    if is_number(right):
        yield "as a decimal number", float(right)


def gives_away(lesson: Lesson, *, topic: Topic | None = None) -> list[str]:
    """Whether the notebook holds the worked answer of one of its exercises, or shows it in an output."""
    topic = topic or topic_of(lesson)
    found = []
    cells = [cell for cell in lesson.notebook["cells"] if cell["cell_type"] == "code"]
    trees = [tree for tree in map(_parsed, map(source, cells)) if tree is not None]
    written = {ast.dump(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.expr)}
    for one in contents_of(lesson, topic=topic).exercises:
        for node in ast.walk(_parsed(one.source) or ast.Module([], [])):
            is_answer = isinstance(node, ast.Return) and node.value is not None
            if is_answer and sum(1 for _ in ast.walk(node.value)) >= _WORTH_HIDING and ast.dump(node.value) in written:
                found.append(f"{lesson.id}: the answer to exercise {one.id} stands in a cell of the notebook.")
    for cell in cells:
        asked = {name for name, _ in calls(source(cell))} & {"hint", "solution"}
        if asked:
            found.append(f"{lesson.id}: a cell calls lesson.{sorted(asked)[0]}; a learner does that.")
    return found


def reads_of_learners_names(lesson: Lesson) -> list[str]:
    """Whether a later cell reads what a learner wrote, in place of what `lesson.carry_on` gives."""
    found = []
    theirs: set[str] = set()
    for cell in cells_of(lesson.notebook, beyond_core=True):
        tree = _parsed(source(cell)) if cell["cell_type"] == "code" else None
        if tree is None:
            continue
        own = _handed_in(tree)
        for node in tree.body:
            read = _names_read(node) & (theirs - own)
            found += [f"{lesson.id}: a cell reads the learner's {name}; use lesson.carry_on." for name in sorted(read)]
            if _is_carry_on(node):
                theirs -= set(_targets(node))
                own -= set(_targets(node))
        theirs |= own
    return found


def _handed_in(tree: ast.Module) -> set[str]:
    """Names that a cell gives to `lesson.check`."""
    return {
        node.args[1].id
        for node in ast.walk(tree)
        if _is_lesson_call(node, "check") and len(node.args) > 1 and isinstance(node.args[1], ast.Name)
    }


def _names_read(node: ast.AST) -> set[str]:
    """Names that a statement reads, but for what it gives to the lesson."""
    found, todo = set(), [node]
    while todo:
        one = todo.pop()
        if _is_lesson_call(one, "check") or _is_lesson_call(one, "carry_on"):
            continue
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            found.add(one.id)
        todo.extend(ast.iter_child_nodes(one))
    return found


def _is_carry_on(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and _is_lesson_call(node.value, "carry_on")


def _targets(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _is_lesson_call(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "lesson"
    )


def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except SyntaxError:
        return None
