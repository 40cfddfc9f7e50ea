"""Action lists: who to call on Monday, with what may and may not be done.

One row per customer. A row is carried out when `hold_out` is no and
`suppressed` is empty; the others stay in the file, so that everybody can see
why they are left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.money import currency
from helpers.reports import csvfiles
from helpers.reports.tables import Table, table

# In the order in which a customer is put on a list: the first that fits.
LISTS = {
    "open_cases": "solve what is still open",
    "repair": "put right what costs money or trust",
    "save": "make an offer to those who may leave",
    "keep": "keep those who carry the business",
    "warn": "look after those who show signs of leaving",
    "wake": "wake those who used to come",
    "lift": "lift those close to the next class",
    "grow": "grow those who could buy more",
    "climb": "help customers up to the next rung",
    "convert": "help prospects to a first order",
}
ACTIONS = ("call", "offer", "service_repair", "reminder", "coupon", "discount")

# Each column of the files, in order, and what it says.
COLUMNS = {
    "rank": "place in its list: rows to do first, by value at stake; then the hold-out; then suppressed rows",
    "customer_id": "the id from the order file, as text; on the list convert the id of the prospect",
    "list": "; ".join(f"{name}: {meaning}" for name, meaning in LISTS.items()),
    "action": "call, offer, service repair, reminder, coupon or discount (on a contract)",
    "reason": "why this customer is on the list",
    "evidence": "the numbers of this customer behind the reason",
    "value_at_stake": "money that the action is about, in the currency of the report",
    "consent": "yes, no or unknown: may this customer be contacted",
    "last_contact_on": "day of the last contact that the data know of",
    "open_complaint": "yes, no or unknown: is a complaint still open",
    "hold_out": "yes: leave alone, chosen by lot, so that next month can measure what the list achieved",
    "suppressed": "empty, or why this customer must not be contacted now",
}


@dataclass(frozen=True)
class ActionList:
    """Action lists with consent, suppression and hold-out.

    Attributes
    ----------
    rows : DataFrame
        The columns of the file, with `value_at_stake_minor` (int64),
        `last_contact_on` (day) and `hold_out` (bool), in the order of the file.
    currency : str
    as_of : date
    hold_out_share, seed, quiet_days, priority : as given
    repeats : int
        Candidates left out because the customer was on a list of higher priority.
    """

    rows: pd.DataFrame
    currency: str
    as_of: date
    hold_out_share: float = 0.0
    seed: int = 0
    quiet_days: int = 0
    priority: tuple[str, ...] = field(default=tuple(LISTS))
    repeats: int = 0

    @property
    def to_do(self) -> pd.DataFrame:
        """The rows that are carried out."""
        return self.rows[~self.rows["hold_out"] & self.rows["suppressed"].eq("")]

    def counts(self) -> pd.DataFrame:
        """One row per list: customers to contact, held out, suppressed, and the value at stake."""
        records = []
        for name in self.priority:
            rows = self.rows[self.rows["list"] == name]
            to_do = ~rows["hold_out"] & rows["suppressed"].eq("")
            records.append(
                {
                    "list": name,
                    "to_do": int(to_do.sum()),
                    "hold_out": int(rows["hold_out"].sum()),
                    "suppressed": int(rows["suppressed"].ne("").sum()),
                    "value_at_stake_minor": int(rows.loc[to_do, "value_at_stake_minor"].sum()),
                }
            )
        return pd.DataFrame(records).astype({"value_at_stake_minor": "int64"})

    def table(self) -> Table:
        """The counts, with what the reader has to know about them."""
        notes = [
            f"{words.percent(self.hold_out_share)} of each list, drawn by lot, is left alone, so that "
            "the next report can measure what the list achieved."
            if self.hold_out_share
            else "Nobody is held out, so the next report cannot measure what the list achieved."
        ]
        return _counts_table(self, [*notes, *_notes(self.rows)])

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def __repr__(self) -> str:
        return repr(self.table())

    def save(self, folder: Path) -> None:
        """Write one CSV per list in `priority`, `monday.csv` with all lists, and `monday.xlsx`."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        frame = self._as_written()
        for name in self.priority:
            csvfiles.write(frame[frame["list"] == name], folder / f"{name}.csv")
        csvfiles.write(frame, folder / "monday.csv")
        _write_workbook(self, folder / "monday.xlsx")

    def _as_written(self) -> pd.DataFrame:
        digits = currency(self.currency).digits
        frame = self.rows.assign(
            value_at_stake=csvfiles.in_exact_major_units(self.rows["value_at_stake_minor"], digits=digits)
        )
        return frame[list(COLUMNS)]


def action_list(
    candidates: pd.DataFrame,
    *,
    company,
    hold_out_share: float = 0.2,
    seed: int = 1,
    quiet_days: int = 14,
    priority: Sequence[str] = tuple(LISTS),
) -> ActionList:
    """Turn candidates into lists that are safe to send.

    Parameters
    ----------
    candidates : DataFrame
        `customer_id`, `list`, `action`, `reason`, `evidence`,
        `value_at_stake_minor`. A customer may be a candidate of several lists
        and stays on the first in `priority` (within a list: the greatest value).
        For people who are no customers yet: their own `consent` (yes, no, unknown) and `last_contact_on`.
    company : Company
        Its customers table says who may be contacted and who is no person, its
        contacts table who was contacted lately and whose complaint is open.
    hold_out_share : float
        Share of each list's customers, suppressed ones apart, that is left
        alone by lot. The lot is drawn from the seed, the list and the customer
        id; the order of the rows has no part in it.
    quiet_days : int
        Who was contacted in this many days up to the report date is left alone.
    priority : sequence of str
        The lists that may be used, the most important first.

    Returns
    -------
    ActionList
    """
    priority = tuple(priority)
    _check(candidates, priority, hold_out_share)
    own = [name for name in ("consent", "last_contact_on") if name in candidates]
    frame = candidates[["customer_id", "list", "action", "reason", "evidence", "value_at_stake_minor", *own]].copy()
    for name in ("customer_id", "list", "action", "reason", "evidence"):
        frame[name] = (
            [" ".join(str(value).split()) for value in frame[name]]
            if name != "customer_id"
            else frame[name].astype(str)
        )
    frame["value_at_stake_minor"] = frame["value_at_stake_minor"].astype("int64")
    frame["place"] = frame["list"].map({name: place for place, name in enumerate(priority)}).astype("int64")
    frame["lot"] = [
        _lot(seed, name, customer) for name, customer in zip(frame["list"], frame["customer_id"], strict=True)
    ]
    frame = frame.sort_values(["place", "value_at_stake_minor", "lot"], ascending=[True, False, True], kind="stable")
    first = ~frame["customer_id"].duplicated()
    repeats = int((~first).sum())
    frame = frame[first].reset_index(drop=True)

    known = frame[own].copy()
    frame = _with_contact_facts(frame, company).assign(**{name: known[name] for name in own})
    frame["suppressed"] = _suppressed(frame, company, quiet_days)
    frame["hold_out"] = _hold_out(frame, hold_out_share)
    frame["turn"] = frame["hold_out"].astype(int) + 2 * frame["suppressed"].ne("").astype(int)
    frame = frame.sort_values(
        ["place", "turn", "value_at_stake_minor", "lot"], ascending=[True, True, False, True], kind="stable"
    ).reset_index(drop=True)
    frame["rank"] = (frame.groupby("list").cumcount() + 1).astype("int64")
    inside = [name if name != "value_at_stake" else "value_at_stake_minor" for name in COLUMNS]
    return ActionList(
        rows=frame[inside],
        currency=company.currency,
        as_of=company.as_of,
        hold_out_share=hold_out_share,
        seed=seed,
        quiet_days=quiet_days,
        priority=priority,
        repeats=repeats,
    )


def together(lists: Sequence[pd.DataFrame], *, company) -> ActionList:
    """The lists of several lessons as one: a customer stays on the first that has them.

    Parameters
    ----------
    lists : sequence of DataFrame
        Rows as `ActionList.rows`, in the order of the lessons.
    company : Company
    """
    frame = pd.concat(list(lists), ignore_index=True)
    place = frame["list"].map({name: place for place, name in enumerate(LISTS)})
    turn = frame["hold_out"].astype(int) + 2 * frame["suppressed"].ne("").astype(int)
    order = frame.assign(place=place, turn=turn).sort_values(["place", "turn", "rank"], kind="stable").index
    kept = frame.loc[order]
    kept = kept[~kept["customer_id"].duplicated()].reset_index(drop=True)
    kept["rank"] = (kept.groupby("list").cumcount() + 1).astype("int64")
    return ActionList(rows=kept, currency=company.currency, as_of=company.as_of)


def counted(path: Path, *, company) -> Table:
    """The counts of the lists in a file, for the first page of a report."""
    rows = read_action_list(path, code=company.currency)
    notes = ["The hold-out is left alone by lot, so that the next report can measure what the list achieved."]
    notes = [*(notes if rows["hold_out"].any() else []), *_notes(rows)]
    return _counts_table(ActionList(rows, company.currency, company.as_of), notes)


def read_action_list(path: str | Path, *, code: str) -> pd.DataFrame:
    """An action list as it was written, also after a spreadsheet has saved it.

    Parameters
    ----------
    path : str or Path
        `monday.csv`, or the CSV of one list.
    code : str
        ISO code of the currency of the report.

    Returns
    -------
    DataFrame
        As `ActionList.rows`.

    Raises
    ------
    DataError
        If columns are missing, a customer stands there twice, or a cell has a
        value that the format does not know.
    """
    path = Path(path)
    frame = csvfiles.read(path)
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise DataError(
            f"{path.name} has no column {missing[0]!r}: it is not an action list of a report. "
            "Use actions/monday.csv from the report's folder."
        )
    frame = frame[list(COLUMNS)].copy()
    twice = frame["customer_id"][frame["customer_id"].duplicated()]
    if len(twice):
        raise DataError(
            f"{path.name}: customer {twice.iloc[0]!r} stands there more than once. Leave one row per customer."
        )
    for name, allowed in (
        ("list", tuple(LISTS)),
        ("action", ACTIONS),
        ("consent", ("yes", "no", "unknown")),
        ("open_complaint", ("yes", "no", "unknown")),
        ("hold_out", ("yes", "no")),
    ):
        frame[name] = frame[name].str.strip().str.lower()
        wrong = frame[~frame[name].isin(allowed)]
        if len(wrong):
            raise DataError(
                f"{path.name}, row {wrong.index[0] + 2}: {name} is {wrong[name].iloc[0]!r}. "
                f"Use {words.listing(allowed)}."
            )
    frame["hold_out"] = frame["hold_out"].eq("yes")
    frame["suppressed"] = frame["suppressed"].fillna("")
    # Whoever sorted the file in a spreadsheet may have left gaps: the order of the rows counts.
    frame["rank"] = (frame.groupby("list").cumcount() + 1).astype("int64")
    # Excel writes 2026/6/30 where the report wrote 2026-06-30.
    days = frame["last_contact_on"].str.replace("/", "-")
    frame["last_contact_on"] = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    stake = csvfiles.in_minor_units(frame["value_at_stake"], digits=currency(code).digits, where=path.name)
    frame["value_at_stake_minor"] = stake.fillna(0).astype("int64")
    return frame[[name if name != "value_at_stake" else "value_at_stake_minor" for name in COLUMNS]]


def _counts_table(actions: ActionList, notes: list[str]) -> Table:
    return table(
        actions.counts(),
        "Who to contact, and who to leave alone",
        code=actions.currency,
        labels={"to_do": "to do", "hold_out": "hold-out", "value_at_stake_minor": "value at stake (to do)"},
        note=" ".join(notes),
    )


def _notes(rows: pd.DataFrame) -> list[str]:
    """Why rows are suppressed, and how often consent is unknown."""
    notes = []
    reasons = rows.loc[rows["suppressed"].ne(""), "suppressed"].map(_kind_of_reason).value_counts()
    if len(reasons):
        ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
        notes.append("Suppressed: " + "; ".join(f"{number:,} {text}" for text, number in ordered) + ".")
    unknown = int(rows["consent"].eq("unknown").sum())
    if unknown:
        notes.append(f"Consent is unknown for {words.count(unknown, 'customer')}: check it before anyone is contacted.")
    return notes


def _check(candidates: pd.DataFrame, priority: tuple[str, ...], hold_out_share: float) -> None:
    """Faults of the notebook, not of the data."""
    if len(set(priority)) < len(priority) or not set(priority) <= set(LISTS):
        raise ValueError(f"priority must name each list once, of {', '.join(LISTS)}.")
    if not 0 <= hold_out_share < 1:
        raise ValueError("hold_out_share is a fraction from 0 to below 1.")
    for name, allowed in (("list", priority), ("action", ACTIONS)):
        unknown = sorted(set(candidates[name]) - set(allowed))
        if unknown:
            raise ValueError(f"{name} {unknown[0]!r} is not known. Use {', '.join(allowed)}.")
    if candidates["value_at_stake_minor"].isna().any():
        raise ValueError("value_at_stake_minor must be known in every row.")


def _lot(seed: int, name: str, customer: str) -> str:
    return hashlib.blake2b(f"{name}|{customer}".encode(), key=str(seed).encode()[:64], digest_size=12).hexdigest()


def _with_contact_facts(frame: pd.DataFrame, company) -> pd.DataFrame:
    """Add consent, last_contact_on and open_complaint from what the company knows."""
    ids = frame["customer_id"]
    consent = pd.Series("unknown", index=frame.index, dtype=object)
    if company.has("customers.consent"):
        known = company.customers.drop_duplicates("customer_id").set_index("customer_id")["consent"]
        consent = ids.map({customer: _yes_no(value) for customer, value in known.items()}).fillna("unknown")
    frame["consent"] = consent.astype("str")

    frame["last_contact_on"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    frame["open_complaint"] = "unknown"
    if company.has("contacts"):
        contacts = company.contacts
        end = datetime.combine(company.as_of, time.max)
        contacts = contacts[contacts["at"] <= end]
        last = contacts.groupby("customer_id")["at"].max().dt.normalize()
        frame["last_contact_on"] = ids.map(last).astype("datetime64[us]")
        if "status" in contacts.columns:
            waiting = set(contacts.loc[contacts["status"] == "open", "customer_id"])
            frame["open_complaint"] = ["yes" if customer in waiting else "no" for customer in ids]
    return frame


def _suppressed(frame: pd.DataFrame, company, quiet_days: int) -> list[str]:
    since = pd.Timestamp(company.as_of - timedelta(days=quiet_days))
    no_person = _no_persons(company)
    result = []
    for row in frame.itertuples():
        reasons = []
        complaint, repairs = row.open_complaint == "yes", row.list in ("repair", "open_cases")
        if row.customer_id in no_person:
            reasons.append(f"not a person ({no_person[row.customer_id]})")
        # An answer to a customer's own matter is no advertising.
        if row.consent == "no" and row.list != "open_cases":
            reasons.append("no consent to be contacted")
        if complaint and not repairs:
            reasons.append("solve the complaint first")
        # Whoever waits for a repair is not to be kept waiting because they complained last week.
        lately = quiet_days > 0 and not pd.isna(row.last_contact_on) and row.last_contact_on > since
        if lately and not (row.list == "open_cases" or (complaint and repairs)):
            reasons.append(f"contacted on {words.day(row.last_contact_on)}, within {quiet_days} days")
        result.append("; ".join(reasons))
    return result


def _kind_of_reason(text: str) -> str:
    """The first reason, in words that follow a count."""
    kinds = {"no consent": "without consent", "solve": "with an open complaint", "contacted on": "contacted lately"}
    return next((kind for start, kind in kinds.items() if text.startswith(start)), "not a person")


def _no_persons(company) -> dict[str, str]:
    """Ids that behave like no person, and what they are."""
    names = {"staff": "staff card", "walk_in": "walk-in card", "shared_card": "card shared by many"}
    found: dict[str, str] = {}
    if company.has("customers.kind"):
        kinds = company.customers[["customer_id", "kind"]]
        found |= {row.customer_id: names[row.kind] for row in kinds.itertuples() if row.kind in names}
    lines = company.lines
    if "status" in lines.columns:
        marked = lines.loc[lines["status"].isin(list(names)), ["customer_id", "status"]].drop_duplicates()
        found |= {row.customer_id: names[row.status] for row in marked.itertuples()}
    return found


def _hold_out(frame: pd.DataFrame, share: float) -> pd.Series:
    """An exact share of each list, in the order of the lots."""
    chosen = pd.Series(False, index=frame.index)
    free = frame[frame["suppressed"].eq("")]
    for _, rows in free.groupby("list"):
        size = int(len(rows) * share + 0.5)
        chosen[rows.sort_values("lot").index[:size]] = True
    return chosen


def _yes_no(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return "unknown"
    if isinstance(value, str):
        return value if value in ("yes", "no") else "unknown"
    return "yes" if value else "no"


def _write_workbook(actions: ActionList, path: Path) -> None:
    """The lists as a spreadsheet: ids as text, money as numbers, no formula anywhere."""
    import xlsxwriter

    unit = currency(actions.currency)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    widths = {"rank": 6, "customer_id": 16, "reason": 44, "evidence": 52, "value_at_stake": 15, "suppressed": 40}
    money = "#,##0" + ("." + "0" * unit.digits if unit.digits else "")
    with xlsxwriter.Workbook(path, options) as book:
        # The report date, not the clock: the same input gives the same bytes.
        book.set_properties({"title": "Monday list", "created": datetime.combine(actions.as_of, time())})
        head = book.add_format({"bold": True, "bg_color": "#E4E7EB", "bottom": 1, "valign": "top"})
        # Rows to leave alone are grey, so that nobody calls them by mistake.
        to_do, idle = (
            {
                "plain": book.add_format({"valign": "top", **ink}),
                "text": book.add_format({"valign": "top", "num_format": "@", **ink}),
                "wrapped": book.add_format({"valign": "top", "text_wrap": True, **ink}),
                "money": book.add_format({"valign": "top", "num_format": money, **ink}),
                "day": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", **ink}),
            }
            for ink in ({}, {"font_color": "#7B8794", "italic": True})
        )

        sheet = book.add_worksheet("Monday list")
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, name in enumerate(COLUMNS):
            sheet.set_column(place, place, widths.get(name, 13))
            sheet.write_string(0, place, f"{name} ({unit.code})" if name == "value_at_stake" else name, head)
        for number, row in enumerate(actions.rows.itertuples(), start=1):
            look = idle if row.hold_out or row.suppressed else to_do
            for place, name in enumerate(COLUMNS):
                if name == "rank":
                    sheet.write_number(number, place, row.rank, look["plain"])
                elif name == "value_at_stake":
                    sheet.write_number(number, place, row.value_at_stake_minor / unit.factor, look["money"])
                elif name == "last_contact_on":
                    if not pd.isna(row.last_contact_on):
                        sheet.write_datetime(number, place, row.last_contact_on.to_pydatetime(), look["day"])
                elif name == "hold_out":
                    sheet.write_string(number, place, "yes" if row.hold_out else "no", look["plain"])
                else:
                    kind = {"customer_id": "text", "reason": "wrapped", "evidence": "wrapped", "suppressed": "wrapped"}
                    sheet.write_string(number, place, getattr(row, name), look[kind.get(name, "plain")])
        last = max(len(actions.rows), 1)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"B2:B{last + 1}"})

        meaning = book.add_worksheet("What the columns say")
        meaning.set_column(0, 0, 18)
        meaning.set_column(1, 1, 90)
        meaning.write_string(0, 0, "column", head)
        meaning.write_string(0, 1, "what it says", head)
        for number, (name, sentence) in enumerate(COLUMNS.items(), start=1):
            meaning.write_string(number, 0, name, to_do["plain"])
            meaning.write_string(number, 1, sentence, to_do["wrapped"])
