"""Who ordered, when, and what makes an order: the customer number, the date and the order number."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from helpers import words
from helpers.data.drafting import values
from helpers.data.drafting.columns import (
    CHECK,
    LIKELY,
    MOST_COLUMNS,
    SURE,
    Columns,
    Guess,
    TableDraft,
    capital,
    header_said,
    holds_dates,
)
from helpers.data.drafting.headers import matches, word_list
from helpers.data.drafting.values import joined, shown

# The share of orders that may break "one customer, one day, one shop" before an
# order number is taken to repeat.
FEW_BROKEN = 0.005


def find_order_date(columns: Columns, found: TableDraft, named: dict) -> None:
    """The column of the order date, the format of its dates, and a separate column of times."""
    candidates = [(rank, header) for rank, header in named.get("ordered_at", [])]
    fitting = [(rank, header) for rank, header in candidates if columns.dates(header).found]
    guessed_by_values = False
    if not fitting:
        others = [header for header in columns.headers[:MOST_COLUMNS] if header not in dict(found.personal)]
        fitting = [(2000, header) for header in others if holds_dates(columns, header)]
        guessed_by_values = True
    if not fitting:
        tried = [f'"{shown(header)}" ({columns.dates(header).why})' for _, header in candidates]
        reason = "no column holds dates" + (f"; looked at {words.listing(tried)}" if tried else "")
        found.columns["ordered_at"] = Guess("ordered_at", "", CHECK, reason)
        found.format["date"] = Guess("date", "", CHECK, "there is no date column yet")
        found.questions.append("Which column says when the order was placed? Without it there is no report.")
        return

    rank, header = fitting[0]
    look = columns.dates(header)
    columns.taken[header] = "ordered_at"
    why = [header_said(rank, header) if rank < 2000 else f'"{shown(header)}" is the first column of dates']
    start, end = look.parsed.min(), look.parsed.max()
    if look.format and start is not pd.NaT:
        why.append(f"{words.day(start.date())} to {words.day(end.date())}")
    sure = SURE if rank < 1000 and look.certainty != LIKELY else LIKELY if rank < 2000 else CHECK
    rest = [other for _, other in fitting[1:] if other != header]
    if rest:
        why.append(f"also dates: {words.listing(shown(other) for other in rest[:3])}")
        sure = LIKELY if sure == SURE else sure
    if guessed_by_values or rest:
        found.questions.append(
            f'Is "{shown(header)}" the day the order was placed (not paid, sent or booked)?'
            + (f" Other columns with dates: {words.listing(shown(other) for other in rest[:3])}." if rest else "")
        )
    value: object = header
    written = look.format
    clock = "" if look.has_time else _clock(columns, named, header)
    if clock:
        columns.taken[clock] = "ordered_at"
        value = [header, clock]
        why.append(f'time of day from "{shown(clock)}"')
        both = columns.text(header) + " " + columns.text(clock)
        written = _with_time(look.format, values.time_format(columns.frame[clock]), both[columns.text(clock) != ""])
        lost = int((columns.text(clock) == "").sum())
        if lost:
            why.append(f"{words.count(lost, 'line')} without a time will be rejected")
    found.columns["ordered_at"] = Guess("ordered_at", value, sure, "; ".join(why))
    found.format["date"] = Guess("date", written, look.certainty or CHECK, look.why)
    if not look.format:
        if look.readings:
            found.questions.append(
                f"Which comes first in {shown(header)}, the day or the month? {capital(look.spread)}. "
                f"{_file_order(columns, header, look)}Write the right one into date: "
                f"{' or '.join(json.dumps(form) for form in look.readings)}."
            )
        else:
            found.questions.append(
                f"How are the dates in {shown(header)} written? {capital(look.why)}. Export the column again in one "
                "way, best as 2025-04-03."
            )


def _clock(columns: Columns, named: dict, header: str) -> str:
    """A column of times of day that goes with a column of dates."""
    times = [other for _, other in named.get("ordered_time", []) if other != header]
    return next((other for other in times if values.times_only(columns.frame[other]) >= values.MOSTLY), "")


def _with_time(day: str, clock: str, both: pd.Series) -> str:
    """The format of a date and a time that are joined with a space."""
    if day == "iso" and values.read_as(both, "iso").notna().all():
        return "iso"
    return f"{'%Y-%m-%d' if day == 'iso' else day} {clock}" if day else ""


def _file_order(columns: Columns, header: str, look: values.Dates) -> str:
    """Whether the file runs in date order under one reading only: a hint, never a proof."""
    runs = []
    for pattern in look.readings:
        day = re.split(r"[T ]%[HI]", pattern)[0]
        texts = columns.text(header)
        texts = texts[texts != ""].str.replace(r"[T ]\d{1,2}:.*$", "", regex=True)
        read = pd.to_datetime(texts, format=day, errors="coerce").dropna()
        if read.nunique() > 2 and (read.is_monotonic_increasing or read.is_monotonic_decreasing):
            runs.append(pattern)
    if len(runs) == 1:
        return f"Read as {values.reading(runs[0])} the rows stand in order of date, which is a hint but no proof. "
    return ""


def find_customer(columns: Columns, found: TableDraft, named: dict, people: set[str]) -> None:
    """The customer's id: never a name, best a code that comes back on other orders."""
    notes = []
    chosen, rank = "", 0
    for rank, header in named.get("customer_id", []):
        if not columns.free(header):
            continue
        if not columns.filled(header):
            notes.append(f'"{shown(header)}" is empty')
            continue
        if columns.personal(header)[0] == "name":
            notes.append(f'"{shown(header)}" looks like names of people')
            found.personal.append((header, "its values look like names of people"))
            continue
        chosen = header
        break
    sure = SURE if rank < 1000 else LIKELY
    if not chosen:
        phone = next((header for header, why in found.personal if "phone" in why), "")
        member = next(
            (
                header
                for header, why in found.personal
                if joined(header) in map(joined, ("买家会员名", "会员名", "用户名", "买家昵称", "nickname"))
            ),
            "",
        )
        chosen, sure = phone or member, CHECK
        if chosen:
            notes.append("no customer number, so this is the only thing that tells customers apart")
            found.questions.append(
                f'Is there a customer number? Only "{shown(chosen)}" tells customers apart, and it is personal. '
                "If it must be used, replace it by a code before the file leaves the system."
            )
    if not chosen:
        chosen, why = _customer_by_values(columns)
        sure = CHECK
        if chosen:
            notes.append(why)
            found.questions.append(f'Is "{shown(chosen)}" the number of the customer? Its header does not say so.')
    if not chosen:
        reason = "no column looks like a customer number" + (f" ({'; '.join(notes)})" if notes else "")
        found.columns["customer_id"] = Guess("customer_id", "", CHECK, reason)
        found.questions.append(
            "Which column says who bought? Without a customer number nothing can be said about customers."
        )
        return
    columns.taken[chosen] = "customer_id"
    seen = columns.counts(chosen)
    empty = found.rows - columns.filled(chosen)
    why = [header_said(rank, chosen)] if sure != CHECK else []
    why += notes
    why.append(words.count(len(seen), "customer"))
    if empty:
        why.append(
            f"empty on {words.count(empty, 'line')} ({words.percent(empty / found.rows, digits=1)}): their money "
            "has no customer"
        )
    look = columns.numbers(chosen)
    if look.scientific:
        sure = CHECK
        why.append(
            f"{words.count(look.scientific, 'value')} such as {look.example['scientific']}: Excel has cut the number"
        )
        found.questions.append(
            f'"{shown(chosen)}" holds {words.count(look.scientific, "number")} like {look.example["scientific"]}: '
            "Excel has rounded them and several customers are now one. "
            "Can you export again with this column as text?"
        )
    floats = int(seen[seen.index.astype(str).str.fullmatch(r"\d+\.0")].sum())
    if floats:
        sure = LIKELY if sure == SURE else sure
        why.append(
            f"{words.count(floats, 'value')} end in .0: a program has taken the ids for numbers, and leading zeros "
            "may be lost"
        )
    zeros = int(seen.index.astype(str).str.match(r"0\d").sum())
    if zeros:
        why.append(f"{words.count(zeros, 'id')} with leading zeros, which are kept")
    if len(seen) == found.rows and found.rows > 20:
        sure = CHECK
        why.append("every line has another id, so nobody ever comes back")
        found.questions.append(
            f'Is "{shown(chosen)}" really the customer? Each line has another value, so nobody would ever come back.'
        )
    found.columns["customer_id"] = Guess("customer_id", chosen, sure, "; ".join(why))


def say_who_comes_back(columns: Columns, found: TableDraft, order: pd.Series | None) -> None:
    """How many ids stand on more than one order: the mark of a customer number."""
    header = found["customer_id"]
    if not header or order is None:
        return
    who = columns.text(header)
    orders = order[who != ""].groupby(who[who != ""]).nunique()
    guess = found.columns["customer_id"]
    back = int((orders > 1).sum())
    found.columns["customer_id"] = replace(
        guess, why=f"{guess.why}; {back:,} of the {len(orders):,} have more than one order"
    )


def _customer_by_values(columns: Columns) -> tuple[str, str]:
    """A code that repeats on several days, when no header names the customer."""
    when = next(
        (header for header, use in columns.taken.items() if use == "ordered_at" and columns.dates(header).found), ""
    )
    if not when:
        return "", ""
    day = columns.dates(when).parsed.dt.normalize()
    best, best_days = "", 0.0
    rows = len(columns.frame)
    for header in columns.headers[:MOST_COLUMNS]:
        if not columns.free(header) or columns.personal(header)[0] or holds_dates(columns, header):
            continue
        seen = columns.counts(header)
        shapes = seen.index.astype(str).map(values.shape)
        is_code = len(seen) > 4 and shapes.nunique() <= 3 and not any(" " in shape for shape in shapes)
        if (
            not is_code
            or not 0.02 * rows < len(seen) < 0.8 * rows
            or matches("orders", [header])
            or columns.numbers(header).dots
        ):
            continue
        days = (
            pd.DataFrame({"id": columns.text(header), "day": day})
            .loc[lambda f: f["id"] != ""]
            .groupby("id")["day"]
            .nunique()
        )
        if days.mean() > max(best_days, 1.2):
            best, best_days = header, float(days.mean())
    return best, f"by its values only: codes that come back on {best_days:.1f} days on average" if best else ""


def going_back(columns: Columns, named: dict, number_columns: dict) -> pd.Series:
    """Lines that take something back: they may carry the number of the sale, on a later day."""
    back = pd.Series(False, index=columns.frame.index)
    for name in ("amount", "quantity", "order_total"):
        if name in number_columns:
            text = columns.text(number_columns[name][1])
            back |= text.str.match(r"[-−(]\D*\d") | text.str.endswith("-")
    for name in ("kind", "status"):
        for _, header in named.get(name, []):
            words_for_returns = {
                value for value in columns.counts(header).index if joined(value) in word_list("returned")
            }
            back |= columns.text(header).isin(words_for_returns)
    return back


def find_order_number(
    columns: Columns, found: TableDraft, picked: dict, named: dict, back: pd.Series
) -> pd.Series | None:
    """The order number, joined with shop, till and date when it repeats."""
    customer = found["customer_id"]
    who = columns.text(customer) if customer else pd.Series("", index=columns.frame.index)
    when = found["ordered_at"]
    when = when[0] if isinstance(when, list) else when
    days = columns.dates(when).parsed.dt.normalize() if when else pd.Series(pd.NaT, index=columns.frame.index)
    days = days.where(~back)
    chosen = next(
        (
            (rank, header)
            for rank, header in named.get("order_id", [])
            if columns.free(header) and columns.filled(header)
        ),
        None,
    )
    if chosen is None:
        header = _order_by_values(columns, found, who, days)
        if header:
            columns.taken[header] = "order_id"
            found.columns["order_id"] = Guess(
                "order_id",
                header,
                CHECK,
                "by its values only: each belongs to one customer on one day, and it repeats over lines",
            )
            found.questions.append(f'Is "{shown(header)}" the number of the order? Its header does not say so.')
            return columns.text(header)
        if customer and when:
            found.columns["order_id"] = Guess(
                "order_id", [customer, when], CHECK, "no order number found: customer and date together stand in for it"
            )
            found.questions.append(
                "Is there an order or receipt number? Without one, all lines of a customer with the same date count "
                "as one order."
            )
            return columns.text(customer) + "-" + columns.text(when)
        found.columns["order_id"] = Guess("order_id", "", CHECK, "no column looks like an order or receipt number")
        return None

    rank, receipt = chosen
    columns.taken[receipt] = "order_id"
    extra = {
        name: picked[name]
        for name in ("store_id", "till")
        if name in picked and columns.free(picked[name]) and columns.filled(picked[name])
    }
    facts = pd.DataFrame(
        {"who": who.where(who != ""), "day": days} | {name: columns.text(header) for name, header in extra.items()}
    )
    ways = [[receipt]]
    if "store_id" in extra:
        ways.append([extra["store_id"], receipt])
    if len(extra) == 2:
        ways.append([extra["store_id"], extra["till"], receipt])
    elif "till" in extra:
        ways.append([extra["till"], receipt])
    if when and columns.dates(when).has_time < 0.5:
        ways += [[*way[:-1], when, receipt] for way in list(ways)]
    broken = {tuple(way): _broken(columns, way, facts) for way in ways}
    alone = broken[receipt,]
    total = columns.distinct(receipt)
    if alone[0] <= FEW_BROKEN * max(total, 1):
        why = f"{header_said(rank, receipt)}; {words.count(total, 'number')}, each with one customer on one day"
        if alone[0]:
            why += f" except {words.count(alone[0], 'number')}"
        lines = found.rows / max(total, 1)
        why += f"; {lines:.1f} lines a number" if lines > 1.05 else "; one line a number"
        sure = SURE if rank < 1000 and not alone[0] else LIKELY
        empty = found.rows - columns.filled(receipt)
        if empty:
            sure, why = LIKELY, why + f"; empty on {words.count(empty, 'line')}, which will be rejected"
        found.columns["order_id"] = Guess("order_id", receipt, sure, why)
        return columns.text(receipt)
    clock = found["ordered_at"][1] if isinstance(found["ordered_at"], list) else ""
    best = _best_way(broken)
    if clock and broken[best][0]:
        # Two receipts with one number on one day lie some minutes apart. But a clock that
        # ticks between the lines of a receipt would cut orders into pieces.
        longer = (*best[:-1], clock, best[-1])
        left, orders = _broken(columns, list(longer), facts)
        if not left and orders <= 1.02 * broken[best][1]:
            best, broken[longer] = longer, (left, orders)
    left, orders = broken[best]
    repeat = "repeats" if alone[0] == 1 else "repeat"
    why = (
        f"{header_said(rank, receipt)}; {words.count(alone[0], 'number')} of {total:,} {repeat} "
        f"for another {_what_differs(columns, receipt, facts)}"
    )
    if len(best) > 1 and left < alone[0]:
        for header in best[:-1]:
            columns.taken.setdefault(header, "order_id")
        why += f"; joined with {words.listing(shown(part) for part in best[:-1])} there are {orders:,} orders" + (
            f", {left:,} still in doubt" if left else ", each with one customer on one day"
        )
        found.columns["order_id"] = Guess("order_id", list(best), LIKELY if left <= FEW_BROKEN * orders else CHECK, why)
        found.questions.append(
            f"Does the number in {shown(receipt)} start again in each shop, till or day? The draft joins "
            f"{words.listing(shown(part) for part in best)} into one order number."
        )
        order = columns.text(best[0])
        for part in best[1:]:
            order = order + "-" + columns.text(part)
        return order
    found.columns["order_id"] = Guess("order_id", receipt, CHECK, why + "; no other column makes it unique")
    found.questions.append(
        f"What makes a number in {shown(receipt)} unique? {words.count(alone[0], 'number')} of {total:,} "
        f"{'stands' if alone[0] == 1 else 'stand'} for more than one customer, day or shop. "
        "Lines of such orders with two customers will be rejected."
    )
    return columns.text(receipt)


def _best_way(broken: dict[tuple[str, ...], tuple[int, int]]) -> tuple[str, ...]:
    """The shortest way that leaves no order in doubt, else hardly any, else the fewest."""

    def rank(way: tuple[str, ...]) -> tuple[int, int, int]:
        left, orders = broken[way]
        few = left <= FEW_BROKEN * orders
        return (0 if not left else 1 if few else 2, len(way) if few else left, left)

    return min(broken, key=rank)


def joined_key(columns: Columns, way: Iterable[str]) -> pd.Series:
    way = list(way)
    key = columns.text(way[0])
    for part in way[1:]:
        key = key + "\x1f" + columns.text(part)
    return key.where(columns.text(way[-1]) != "")


def _broken(columns: Columns, way: list[str], facts: pd.DataFrame) -> tuple[int, int]:
    """(orders that cannot be one; orders) for a way to make an order number.

    Two customers or two days cannot be one order. Two shops can, when one known
    customer is served from both; without a customer they cannot.
    """
    distinct = facts.groupby(joined_key(columns, way), sort=False).nunique()
    places = distinct.drop(columns=["who", "day"])
    broken = (distinct["who"] > 1) | (distinct["day"] > 1) | ((distinct["who"] == 0) & (places > 1).any(axis=1))
    return int(broken.sum()), len(distinct)


def _what_differs(columns: Columns, receipt: str, facts: pd.DataFrame) -> str:
    distinct = facts.groupby(joined_key(columns, [receipt]), sort=False).nunique()
    said = {"who": "customer", "day": "day", "store_id": "shop", "till": "till"}
    return words.listing(said[name] for name in distinct if (distinct[name] > 1).any()).replace(" and ", " or ")


def _order_by_values(columns: Columns, found: TableDraft, who: pd.Series, days: pd.Series) -> str:
    """A code that repeats over lines, always with the same customer and day, and changes between them."""
    facts = pd.DataFrame({"who": who.where(who != ""), "day": days})
    visits = len(facts.dropna().drop_duplicates())
    best, best_size = "", 0
    for header in columns.headers[:MOST_COLUMNS]:
        if (
            not columns.free(header)
            or header in dict(found.personal)
            or matches("orders", [header])
            or holds_dates(columns, header)
        ):
            continue
        size = columns.distinct(header)
        if visits and size >= 0.9 * visits and size > best_size and columns.filled(header) == found.rows:
            broken, orders = _broken(columns, [header], facts)
            if broken <= FEW_BROKEN * orders and (size < found.rows or visits >= 0.9 * found.rows):
                best, best_size = header, size
    return best
