"""The company: all its tables behind the door, with what was left out and why."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from helpers.data import contract
from helpers.data.reconcile import Reconciliation
from helpers.data.status import USED
from helpers.errors import DataError

PREPARED = "company.json"
_VERSION = 1


@dataclass(frozen=True)
class Company:
    """A company's data as every lesson and report uses it.

    Parameters
    ----------
    name, currency : str
        Shown in reports; ISO code of all amounts.
    as_of : date
        The report date: its lines count, later ones do not.
    is_sample : bool
        Whether it is the simulated sample company.
    tables : dict of DataFrame
        Typed contract columns (money as `*_minor`), accepted rows. Orders have
        `status`, `source_file` and `source_line` besides.
    rejects : DataFrame
        Lines that could not be read or break the contract: table, file, line,
        column, rule, message, value, row.
    reconciliation : Reconciliation
    fingerprint : str
        SHA-256 over the bytes of the files and the mapping.
    notes : tuple of str
        What a reader should know about the data, in plain sentences.
    mapping : str
        The name of the mapping file, or an empty text.
    """

    name: str
    currency: str
    as_of: date
    is_sample: bool
    tables: dict[str, pd.DataFrame]
    rejects: pd.DataFrame
    reconciliation: Reconciliation
    fingerprint: str
    notes: tuple[str, ...]
    mapping: str = ""

    @property
    def lines(self) -> pd.DataFrame:
        """All accepted order lines, with their status."""
        return self.tables["orders"]

    @property
    def orders(self) -> pd.DataFrame:
        """The order lines that count: sales and returns of known persons up to `as_of`."""
        lines = self.tables["orders"]
        return lines[lines["status"].isin(USED)]

    @property
    def customers(self) -> pd.DataFrame | None:
        """The customers table, or None."""
        return self.tables.get("customers")

    @property
    def products(self) -> pd.DataFrame | None:
        """The products table, or None."""
        return self.tables.get("products")

    @property
    def contacts(self) -> pd.DataFrame | None:
        """The contacts table, or None."""
        return self.tables.get("contacts")

    @property
    def survey(self) -> pd.DataFrame | None:
        """The survey's answers up to `as_of`, or None."""
        answers = self.tables.get("survey")
        return None if answers is None else answers[answers["answered_on"] <= pd.Timestamp(self.as_of)]

    @property
    def ratings(self) -> pd.DataFrame | None:
        """What people expected and met at each touchpoint up to `as_of`, or None."""
        rows = self.tables.get("ratings")
        if rows is None or "answered_on" not in rows:
            return rows
        return rows[rows["answered_on"].isna() | (rows["answered_on"] <= pd.Timestamp(self.as_of))]

    @property
    def journeys(self) -> pd.DataFrame | None:
        """Steps of journeys, or None."""
        return self.tables.get("journeys")

    @property
    def price_answers(self) -> pd.DataFrame | None:
        """The answers to the four price questions up to `as_of`, or None."""
        answers = self.tables.get("price_answers")
        if answers is None or "answered_on" not in answers:
            return answers
        return answers[answers["answered_on"].isna() | (answers["answered_on"] <= pd.Timestamp(self.as_of))]

    @property
    def price_offers(self) -> pd.DataFrame | None:
        """The answers to single prices of those in `price_answers`, or None."""
        offers, answers = self.tables.get("price_offers"), self.price_answers
        return offers if offers is None or answers is None else offers[offers["answer_id"].isin(answers["answer_id"])]

    @property
    def needs(self) -> pd.DataFrame | None:
        """The company's own list of needs, or None."""
        return self.tables.get("needs")

    @property
    def campaigns(self) -> pd.DataFrame | None:
        """The campaigns that had begun by `as_of`, or None."""
        rows = self.tables.get("campaigns")
        return None if rows is None else rows[rows["started_on"] <= pd.Timestamp(self.as_of)]

    @property
    def assignments(self) -> pd.DataFrame | None:
        """Who was drawn for which arm of these campaigns, or None."""
        rows, campaigns = self.tables.get("assignments"), self.campaigns
        return rows if rows is None or campaigns is None else rows[rows["campaign_id"].isin(campaigns["campaign_id"])]

    @property
    def households(self) -> pd.DataFrame | None:
        """The households of the region that were asked up to `as_of`, or None."""
        rows = self.tables.get("households")
        return None if rows is None else rows[rows["answered_on"] <= pd.Timestamp(self.as_of)]

    @property
    def prospects(self) -> pd.DataFrame | None:
        """The prospects entered up to `as_of`, without the days that lie after it, or None."""
        rows = self.tables.get("prospects")
        if rows is None:
            return None
        day = pd.Timestamp(self.as_of)
        rows = rows[rows["entered_on"] <= day]
        days = [column.name for column in contract.PROSPECTS if column.kind == "date" and column.name in rows]
        return rows.assign(**{name: rows[name].where(rows[name] <= day) for name in days})

    @property
    def visits(self) -> pd.DataFrame | None:
        """The sales contacts up to `as_of`, or None."""
        rows = self.tables.get("visits")
        return None if rows is None else rows[rows["at"] < pd.Timestamp(self.as_of) + pd.Timedelta(days=1)]

    @property
    def brand_survey(self) -> pd.DataFrame | None:
        """The sheets of the brand tracker up to `as_of`, or None."""
        rows = self.tables.get("brand_survey")
        return None if rows is None else rows[rows["answered_on"] <= pd.Timestamp(self.as_of)]

    def _of_the_tracker(self, name: str) -> pd.DataFrame | None:
        """Rows of a table that belong to sheets of the brand tracker up to `as_of`."""
        rows, sheets = self.tables.get(name), self.brand_survey
        return rows if rows is None or sheets is None else rows[rows["answer_id"].isin(sheets["answer_id"])]

    @property
    def brand_funnel(self) -> pd.DataFrame | None:
        """How far people came with each brand, of the sheets up to `as_of`, or None."""
        return self._of_the_tracker("brand_funnel")

    @property
    def brand_promises(self) -> pd.DataFrame | None:
        """What customers believed and met of each promise, of the sheets up to `as_of`, or None."""
        return self._of_the_tracker("brand_promises")

    @property
    def brand_stretch(self) -> pd.DataFrame | None:
        """How new lines fit the brand, of the sheets up to `as_of`, or None."""
        return self._of_the_tracker("brand_stretch")

    @property
    def referrals(self) -> pd.DataFrame | None:
        """The friends named up to `as_of`, or None."""
        rows = self.tables.get("referrals")
        return None if rows is None else rows[rows["referred_on"] <= pd.Timestamp(self.as_of)]

    @property
    def contracts(self) -> pd.DataFrame | None:
        """The contracts begun by `as_of`, or None; what ended later still runs."""
        rows, day = self.tables.get("contracts"), pd.Timestamp(self.as_of)
        if rows is None:
            return None
        rows = rows[rows["started_on"] <= day]
        late = rows["ended_on"] > day
        hidden = {name: rows[name].mask(late) for name in ("ended_on", "ended_by") if name in rows}
        return rows.assign(**hidden)

    @property
    def exits(self) -> pd.DataFrame | None:
        """Who had left by `as_of` and been asked why, or None."""
        rows, day = self.tables.get("exits"), pd.Timestamp(self.as_of)
        if rows is None:
            return None
        known = rows["left_on"] <= day
        return rows[known & ~(rows["asked_on"] > day)] if "asked_on" in rows else rows[known]

    def has(self, *names: str) -> bool:
        """Whether tables ("contacts") and columns ("orders.margin") are there and hold anything.

        Raises
        ------
        KeyError
            If the contract does not know the name.
        """
        return not self.lacks(*names)

    def lacks(self, *names: str) -> list[str]:
        """Those of the tables and columns that are missing or empty."""
        gone = []
        for name in names:
            table, _, column = name.partition(".")
            known = contract.TABLES[table]
            frame = self.tables.get(table)
            if frame is None or (column and not _holds(frame, known[column].stored)):
                gone.append(name)
        return gone

    def ledger(self) -> pd.DataFrame:
        """One row per customer: first and last order, order days, money, rhythm."""
        from helpers.data.ledger import ledger

        return ledger(self.orders, as_of=self.as_of)

    def save(self, folder: str | Path) -> Path:
        """Write the prepared company (Parquet and company.json), to be opened by `load` exactly as it is.

        Parameters
        ----------
        folder : str or Path
            Made if it is missing.

        Raises
        ------
        DataError
            If the folder cannot be written.
        """
        folder = Path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # The description is written last: a folder without it is no company, so half a one is never opened.
            (folder / PREPARED).unlink(missing_ok=True)
            for name, frame in self.tables.items():
                frame.to_parquet(folder / f"{name}.parquet", index=False)
            self.rejects.to_parquet(folder / "rejects.parquet", index=False)
            self.reconciliation.lines.to_parquet(folder / "reconciliation.parquet", index=False)
            self.reconciliation.memo.to_parquet(folder / "memo.parquet", index=False)
            text = json.dumps(self._description(), ensure_ascii=False, indent=1)
            handle, draft = tempfile.mkstemp(dir=folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(draft, folder / PREPARED)
        except OSError as error:
            raise DataError(
                f"The folder {folder} cannot be written ({error.strerror}). Choose another one with --out, or make room."
            ) from None
        return folder

    def _description(self) -> dict:
        return {
            "version": _VERSION,
            "name": self.name,
            "currency": self.currency,
            "as_of": self.as_of.isoformat(),
            "is_sample": self.is_sample,
            "tables": list(self.tables),
            "fingerprint": self.fingerprint,
            "notes": list(self.notes),
            "mapping": self.mapping,
            "totals": self.reconciliation.totals,
            "cards": list(self.reconciliation.cards),
        }


def open_prepared(folder: Path) -> Company:
    """Open a company that `Company.save` wrote.

    Raises
    ------
    DataError
        If the folder is damaged or was written by another version.
    """
    advice = "Prepare it again from the original files."
    try:
        said = json.loads((folder / PREPARED).read_text(encoding="utf-8"))
        if said.get("version") != _VERSION:
            raise DataError(f"The prepared company in {folder} was written by another version of the workbook. {advice}")
        read = lambda name: pd.read_parquet(folder / f"{name}.parquet")  # noqa: E731
        tables = {name: read(name) for name in said["tables"]}
        reconciliation = Reconciliation(
            lines=read("reconciliation"),
            totals=said["totals"],
            memo=read("memo"),
            currency=said["currency"],
            cards=tuple(said["cards"]),
        )
        company = Company(
            name=said["name"],
            currency=said["currency"],
            as_of=date.fromisoformat(said["as_of"]),
            is_sample=said["is_sample"],
            tables=tables,
            rejects=read("rejects"),
            reconciliation=reconciliation,
            fingerprint=said["fingerprint"],
            notes=tuple(said["notes"]),
            mapping=said["mapping"],
        )
    except DataError:
        raise
    except (OSError, ValueError, KeyError, AttributeError) as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        raise DataError(f"The prepared company in {folder} is damaged ({what}). {advice}") from None
    reconciliation.check()
    return company


def _holds(frame: pd.DataFrame, column: str) -> bool:
    return column in frame and bool(frame[column].notna().any())


