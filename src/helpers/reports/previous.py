"""An earlier report: what the new one is compared with."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.money import currency
from helpers.reports import csvfiles


@dataclass(frozen=True)
class PreviousReport:
    """What an earlier report said.

    Attributes
    ----------
    folder : Path
    as_of : date
        Its report date.
    manifest : dict
        Its manifest.json.
    results : dict
        Its results.json, as `helpers.reports.results.KEYS` describes it.
    lesson : str
        The lesson that asks; `number` looks there.
    warnings : tuple of str
        Markdown sentences on what does not fit, but does not forbid a comparison.
    """

    folder: Path
    as_of: date
    manifest: dict[str, Any]
    results: dict[str, Any]
    lesson: str = ""
    warnings: tuple[str, ...] = field(default=())

    @classmethod
    def open(cls, folder: str | Path, *, company: Any = None, lesson: str = "") -> PreviousReport:
        """Open the folder of an earlier report.

        Parameters
        ----------
        folder : str or Path
        company : Company, optional
            The company of the new report; the earlier one must have the same
            currency and an earlier report date.
        lesson : str
            The lesson that asks.

        Raises
        ------
        DataError
            If the folder is no report, is damaged, or cannot be compared.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise DataError(f"There is no folder {str(folder)!r}. Give --previous the folder of an earlier report.")
        manifest = _json(folder, "manifest.json")
        if manifest.get("made_by") != "customer-workbook":
            raise DataError(
                f"{folder.name} is not the folder of a report. Give --previous the folder that an earlier "
                "`workbook report` wrote."
            )
        results = _json(folder, "results.json")
        warnings = _check_files(folder, manifest)
        try:
            if results["schema"] != 1:
                raise DataError(
                    f"The report in {folder.name} was written by another version of the workbook "
                    f"(format {results['schema']}). Make it again with this version."
                )
            own = results["company"]
            previous_as_of = date.fromisoformat(own["as_of"])
            if company is not None:
                warnings += _compare(folder, own, previous_as_of, company)
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, DataError):
                raise
            raise DataError(f"results.json in {folder.name} is damaged. Use an untouched report folder.") from None
        return cls(folder, previous_as_of, manifest, results, lesson, tuple(warnings))

    def number(self, key: str, default: Any = None, *, lesson: str = "") -> Any:
        """The value of a key number of the same lesson, or `default` where it has none."""
        part = self.results["lessons"].get(lesson or self.lesson, {})
        record = part.get("numbers", {}).get(key, {})
        value = record.get("value")
        return default if value is None else value

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """Its action lists in one frame, as `ActionList.rows`; None where it had none."""
        from helpers.reports.actions import read_action_list

        path = self.folder / "actions" / "monday.csv"
        return read_action_list(path, code=self.results["company"]["currency"]) if path.exists() else None

    @cached_property
    def customers(self) -> pd.DataFrame | None:
        """Its customers.csv with the types it was written with; None where it had none."""
        path = self.folder / "customers.csv"
        if not path.exists():
            return None
        frame = csvfiles.read(path)
        kinds: dict[str, str] = {}
        for part in self.results["lessons"].values():
            kinds |= part.get("customers", {}).get("columns", {})
        digits = currency(self.results["company"]["currency"]).digits
        typed = {}
        for name in frame.columns:
            column = frame[name].where(frame[name] != "", None)
            kind = kinds.get(name, "text")
            if kind == "money":
                minor = csvfiles.in_minor_units(column, digits=digits, where="customers.csv")
                typed[f"{name}_minor"] = minor if minor.isna().any() else minor.astype("int64")
            elif kind == "count":
                whole = pd.to_numeric(column).astype("Int64")
                typed[name] = whole if whole.isna().any() else whole.astype("int64")
            elif kind == "number":
                typed[name] = pd.to_numeric(column).astype("float64")
            elif kind == "day":
                typed[name] = pd.to_datetime(column, format="ISO8601").astype("datetime64[us]")
            elif kind == "yes":
                flags = column.map({"yes": True, "no": False}).astype("boolean")
                typed[name] = flags if flags.isna().any() else flags.astype(bool)
            else:
                typed[name] = column.astype("str")
        return pd.DataFrame(typed)


def _json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        raise DataError(
            f"{folder.name} has no {name}, so it is not the folder of a complete report. "
            "Give --previous the folder that an earlier `workbook report` wrote."
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise DataError(f"{name} in {folder.name} is damaged. Use an untouched report folder.")
    return content


def _check_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Compare the files with what the manifest says of them."""
    warnings = []
    for name in ("results.json", "customers.csv", "actions/monday.csv"):
        wanted = manifest.get("files", {}).get(name)
        if wanted is None:
            continue
        path = folder / name
        if not path.is_file():
            raise DataError(f"{name} is missing in {folder.name}. Use an untouched report folder.")
        if hashlib.sha256(path.read_bytes()).hexdigest() == wanted:
            continue
        if name != "actions/monday.csv":
            raise DataError(
                f"{name} in {folder.name} was changed after the report was written, so the comparison could be "
                "wrong. Use an untouched report folder."
            )
        # A team works with its list: crosses people off, adds some. That is fair, if it is said.
        warnings.append(
            "The action list of the earlier report was changed after it was written; it is read as it stands now."
        )
    return warnings


def _compare(folder: Path, own: dict[str, Any], previous_as_of: date, company: Any) -> list[str]:
    if own["currency"] != company.currency:
        raise DataError(
            f"The report in {folder.name} is in {own['currency']}, the new data are in {company.currency}. "
            "Compare reports in the same currency."
        )
    if previous_as_of >= company.as_of:
        raise DataError(
            f"The report in {folder.name} is of {words.day(previous_as_of)}, the new one of "
            f"{words.day(company.as_of)}. Give --previous a report of an earlier date."
        )
    if own["name"] != company.name:
        return [
            f"The earlier report is on {words.plain(own['name'])}, this one on {words.plain(company.name)}: "
            "a comparison makes sense only if that is the same business."
        ]
    return []
