"""Where things lie in the workbook's folder."""

from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
NOTEBOOKS = HOME / "notebooks"
CASEBOOK = HOME / "casebook"
SAMPLE = HOME / "data"
