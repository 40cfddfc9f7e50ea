"""The kernel of a report: this interpreter, with nothing of the user's own set-up in it.

Run as `python -m helpers.reports.kernel -f CONNECTION_FILE`. The imports of the
notebook are done before the kernel answers, so that they happen while the
report still reads the data.
"""

from __future__ import annotations

import contextlib
import os
import sys

IMPORTS = "WORKBOOK_IMPORTS"

# What the first call of many a helper would load.
_ALWAYS = "import numpy, pandas, pyarrow.dataset, pyarrow.parquet, narwhals, xlsxwriter, PIL.PngImagePlugin"


def preload(statements: str) -> None:
    """Run import statements for their effect on `sys.modules` alone."""
    for statement in [_ALWAYS, *statements.splitlines()]:
        # What cannot be imported is reported where the notebook needs it.
        with contextlib.suppress(Exception):
            exec(statement, {})


def main() -> None:
    preload(os.environ.pop(IMPORTS, ""))
    from ipykernel.kernelapp import IPKernelApp

    # No history file: two reports at once would wait for each other's database.
    IPKernelApp.launch_instance([*sys.argv[1:], "--HistoryManager.enabled=False"])


if __name__ == "__main__":
    main()
