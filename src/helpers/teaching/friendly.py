"""Friendly errors: one plain sentence, with Python's full message folded below it.

Switched on by `Lesson(...)` in a notebook. An error that `advice` knows
nothing about looks as it always does, and so does every error if something in
here fails: nothing is ever hidden.
"""

from __future__ import annotations

import html
import linecache
import re
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from helpers.teaching.advice import KNOWN, Advice, Surroundings, advise
from helpers.teaching.blanks import BlankLines
from helpers.teaching.boxes import Box

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def switch_on(shell: Any = None, *, cells: Sequence[str] = ()) -> bool:
    """Make errors friendly, and let lines with a blank wait.

    Parameters
    ----------
    shell : InteractiveShell
        By default the one that runs; without one nothing happens.
    cells : sequence of str
        The code of the notebook's cells, to say which one was skipped.

    Returns
    -------
    bool
        Whether there was a shell.
    """
    shell = shell or _shell()
    if shell is None:
        return False
    cells = tuple(cells)

    def handler(shell: Any, etype: Any, error: BaseException, trace: TracebackType, tb_offset: Any = None) -> list[str]:
        return _show(shell, etype, error, trace, tb_offset, cells)

    shell.set_custom_exc(KNOWN, handler)
    if not any(isinstance(one, BlankLines) for one in shell.ast_transformers):
        shell.ast_transformers.append(BlankLines())
    return True


def switch_off(shell: Any = None) -> None:
    """Make errors look as they always do."""
    shell = shell or _shell()
    if shell is not None:
        shell.set_custom_exc((), None)
        shell.ast_transformers[:] = [one for one in shell.ast_transformers if not isinstance(one, BlankLines)]


def _show(
    shell: Any, etype: Any, error: BaseException, trace: TracebackType, tb_offset: Any, cells: tuple[str, ...]
) -> list[str]:
    """Show an error; where nothing is known about it, or this fails, in the usual way."""
    try:
        advice = advise(error, Surroundings(shell.user_ns, cells, _code_of(shell)))
        made = box(advice, error, _full(shell, etype, error, trace, tb_offset)) if advice else None
    except Exception:
        made = None
    if made is None:
        shell.showtraceback((etype, error, trace), tb_offset=tb_offset)
        return []
    from IPython.display import display

    display(made)
    # The cell has failed and must say so, in one line: the box above has the rest.
    last = [f"{etype.__name__}: {_first_line(error)}"]
    shell._showtraceback(etype, error, last)
    return last


def box(advice: Advice, error: BaseException, full: str) -> Box:
    """The box for an error: the sentence, the line it is about, and the full message folded away."""
    where = _line(error)
    text = advice.text + (f"\n\n```\n{where}\n```" if where else "")
    short = f"{where}\n{type(error).__name__}: {_first_line(error)}".strip()
    message = f'<pre style="white-space:pre-wrap;font-size:.85em;max-height:24em;overflow:auto;background:#ffffffb0;color:#1f2933;padding:.5em .7em">{html.escape(full)}</pre>'
    return Box("open", advice.label, text, (("Python's full message", message, "" if where else short),))


def _full(shell: Any, etype: Any, error: BaseException, trace: TracebackType, tb_offset: Any) -> str:
    if isinstance(error, SyntaxError) and error.text is not None:
        parts = shell.SyntaxTB.structured_traceback(etype, error, [])
    else:
        parts = shell.InteractiveTB.structured_traceback(etype, error, trace, tb_offset=tb_offset)
    return _ANSI.sub("", shell.InteractiveTB.stb2text(parts))


def _line(error: BaseException) -> str:
    """The last line of a cell that the error went through."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.text.strip()}" if error.text and error.lineno else ""
    found, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if re.search(r"ipykernel_\d+|<ipython-input|<stdin>|/ipython_\d", name.replace("\\", "/")):
            text = linecache.getline(name, trace.tb_lineno).strip()
            found = f"line {trace.tb_lineno}: {text}" if text else found
        trace = trace.tb_next
    return found


def _code_of(shell: Any) -> str:
    """The cell that runs."""
    ran = shell.user_ns.get("In") or [""]
    return str(ran[-1])


def _first_line(error: BaseException) -> str:
    try:
        return str(error).splitlines()[0][:300]
    except Exception:
        return ""


def _shell() -> Any:
    from helpers.teaching.widgets import in_a_kernel

    if not in_a_kernel():
        return None
    from IPython import get_ipython

    return get_ipython()
