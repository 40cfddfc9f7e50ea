"""Delimited text (CSV, TSV) read as text: encoding, delimiter, header, true line numbers."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from helpers.data.raw import RawTable, as_csv_line, clean_header, no_broken_rows
from helpers.errors import DataError
from helpers.words import count

# In this order when two fit equally well: commas occur in text, tabs hardly ever.
DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma"}

# A quoted field that runs over this many lines is a quotation mark that was never closed.
_LONGEST_RECORD = 200


def read_delimited(data: bytes, name: str, *, encoding: str = "", header_line: int = 1) -> RawTable:
    """Read delimited text; every cell stays the text that it was.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        Its name, for messages.
    encoding : str
        Only when the file is neither UTF-8 nor GB18030.
    header_line : int
        The line with the column names, when a title stands above it.

    Raises
    ------
    DataError
        If the file is empty, no text, or has a header and nothing else to say.
    """
    text, notes = decode(data, name, encoding)
    if not text.strip("\ufeff \t\r\n,;|"):
        raise DataError(f"{name} is empty. Export it again with a header line and the order lines.")
    skipped, delimiter, header = _find_header(text, name, header_line)
    if delimiter != ",":
        notes.append(f"{name}: the columns are separated by a {DELIMITERS[delimiter]}.")
    names, said = clean_header(header)
    notes += [f"{name}: {sentence}" for sentence in said]
    body = _below(text, skipped).encode("utf-8")
    del text
    table, bad = _parse(body, name, delimiter, len(names))
    lines = body.count(b"\n") or body.count(b"\r")
    one_each = lines + (body[-1:] not in (b"\n", b"\r", b"")) == table.num_rows + len(bad)
    return _with_places(table, bad, names, name, skipped, delimiter, notes, one_line_each=one_each)


def decode(data: bytes, name: str, encoding: str = "") -> tuple[str, list[str]]:
    """The text of a file and a note on how it was decoded, where that is not plain UTF-8.

    The order is: a byte-order mark, then UTF-8 over the whole file, then GB18030
    where the result looks Chinese. Western one-byte encodings decode as GB18030
    too, and give wrong Chinese characters: they are refused, not guessed.
    """
    notes = []
    if encoding:
        try:
            text = data.decode(encoding)
        except LookupError:
            raise DataError(
                f"The encoding {encoding!r} in the mapping is not known. "
                'Write for example encoding = "cp1252" (western Europe) or "gb18030" (Chinese).'
            ) from None
        except UnicodeError as error:
            raise DataError(
                f"{name} is not {encoding} text (byte {getattr(error, 'start', 0):,}). "
                "Correct encoding in the mapping, or leave it empty."
            ) from None
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = data.decode("utf-16")
        except UnicodeError:
            raise DataError(f"{name} starts like UTF-16 text but is damaged. Save it again as CSV UTF-8.") from None
        notes.append(f"{name} is UTF-16 text.")
    else:
        if b"\x00" in data:
            half = data[:4000].count(b"\x00") > 0.3 * len(data[:4000])
            advice = (
                'If it is UTF-16 text, write encoding = "utf-16-le" in the mapping, or save it as CSV UTF-8.'
                if half
                else "Export it again as CSV UTF-8, or give the Excel file itself."
            )
            raise DataError(f"{name} has binary zero bytes (the first at byte {data.index(0) + 1:,}): it is no text. {advice}")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = _as_chinese(data, name, error.start)
            notes.append(f"{name} is not UTF-8; it was read as GB18030 (Chinese).")
    if "\x00" in text:
        raise DataError(f"{name} has binary zero characters: it is no text. Check encoding in the mapping.")
    return text.removeprefix("\ufeff"), notes


def _as_chinese(data: bytes, name: str, first_bad_byte: int) -> str:
    line = data.count(b"\n", 0, first_bad_byte) + 1
    ask = DataError(
        f"{name}, line {line}: the text is neither UTF-8 nor Chinese GB18030. "
        'Write the right encoding in the mapping, for example encoding = "cp1252" (western Europe), '
        "or save the file as CSV UTF-8."
    )
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise ask from None
    # True Chinese text has nearly all its characters in GB 2312: both bytes high.
    # An accented Latin letter is followed by a plain one, which GB18030 swallows.
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", data[:4_000_000])
    common = sum(pair[0] >= 0xA1 and pair[1] >= 0xA1 for pair in pairs)
    # Two accents in a row ("Größe") make one common Chinese character, alone between Latin letters.
    inside_words = len(re.findall(rb"[A-Za-z][\xa1-\xfe]{2}(?=[A-Za-z])", data[:4_000_000]))
    if common < 0.7 * len(pairs) or inside_words > 0.3 * len(pairs):
        raise ask
    return text


def _find_header(text: str, name: str, header_line: int) -> tuple[int, str, list[str]]:
    """How many lines lie above the data, the delimiter, and the header's names."""
    start = skipped = 0
    stated = ""
    for _ in range(header_line - 1):
        start, skipped = _next_line(text, start), skipped + 1
    while start < len(text):
        end = _next_line(text, start)
        line = text[start:end].strip("\r\n")
        if re.fullmatch(r"sep=[,;\t|]", line):  # the hint that Excel understands
            stated = line[-1]
        elif line.strip():
            break
        start, skipped = end, skipped + 1
    else:
        raise DataError(f"{name} has no line {header_line} with column names. Correct header_line in the mapping.")
    sample = text[start : start + 200_000]
    # The sample may end inside a record; its last line proves nothing.
    sample = sample if len(sample) < 200_000 else sample[: sample.rfind("\n")]
    delimiter = stated or _sniff(sample)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter)
    try:
        header = next(reader)
    except csv.Error:
        raise DataError(f"{name} has no readable header line. Is it a text file with columns?") from None
    while header and not header[-1].strip():
        header.pop()  # a delimiter at the end of every line
    return skipped + reader.line_num, delimiter, header


def _next_line(text: str, start: int) -> int:
    ends = [place for mark in ("\n", "\r") if (place := text.find(mark, start)) >= 0]
    if not ends:
        return len(text)
    end = min(ends)
    return end + (2 if text[end : end + 2] == "\r\n" else 1)


def _sniff(sample: str) -> str:
    """The delimiter that cuts the first lines into the same number of fields, and into most."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = []
        try:
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(record):
                    widths.append(len(record))
                if len(widths) == 100:
                    break
        except csv.Error:
            return (0, 0)
        if not widths or widths[0] < 2:
            return (0, 0)
        return (round(sum(width == widths[0] for width in widths) / len(widths), 1), widths[0])

    best = max(DELIMITERS, key=score)
    return best if score(best)[1] else ","


def _parse(body: bytes, name: str, delimiter: str, width: int) -> tuple[pa.Table, list]:
    """The fields below the header as Arrow text, and the records with another number of fields."""
    bad: list = []

    def set_aside(record):
        bad.append(record)
        return "skip"

    names = [str(place) for place in range(width)]
    if not body.strip():
        return pa.table({key: pa.array([], pa.string()) for key in names}), bad
    # One block for the file: a record never straddles two, whatever a quotation mark opens.
    block = len(body) + 1 if len(body) < 1 << 30 else 1 << 28

    def parse(width: int) -> pa.Table:
        bad.clear()
        keys = [str(place) for place in range(width)]
        return pacsv.read_csv(
            pa.BufferReader(body),
            # Threads would lose the number of a bad record, and with it every line number below.
            read_options=pacsv.ReadOptions(use_threads=False, column_names=keys, block_size=block),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=set_aside
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={key: pa.string() for key in keys}, strings_can_be_null=False
            ),
        )

    try:
        table = parse(width)
        if len(bad) > table.num_rows and all(record.actual_columns == width + 1 for record in bad):
            # A delimiter at the end of every line but the header's: an empty column without a name.
            wider = parse(width + 1)
            if not pc.any(pc.not_equal(wider.column(width), "")).as_py():
                return wider.drop_columns([str(width)]), bad
            table = parse(width)
    except pa.ArrowInvalid as error:
        raise DataError(f"{name} cannot be cut into lines and columns ({error}). Export it again as CSV UTF-8.") from None
    return table, bad


def _below(text: str, lines: int) -> str:
    start = 0
    for _ in range(lines):
        start = _next_line(text, start)
    return text[start:]


def _with_places(table, bad, names, name, skipped, delimiter, notes, *, one_line_each: bool) -> RawTable:
    """Count the true line of every record, also below records that run over several lines."""
    total = table.num_rows + len(bad)
    is_bad = np.zeros(total, dtype=bool)
    is_bad[[record.number - 1 for record in bad]] = True
    breaks = np.zeros(total, dtype=np.int64)
    if not one_line_each:
        breaks[~is_bad] = _line_breaks(table)
        breaks[is_bad] = [len(record.text.splitlines()) - 1 if record.text else 0 for record in bad]
    line = skipped + 1 + np.arange(total) + np.concatenate([[0], np.cumsum(breaks)[:-1]]) if total else np.zeros(0, np.int64)
    if (breaks > _LONGEST_RECORD).any():
        at = int(np.argmax(breaks > _LONGEST_RECORD))
        raise DataError(
            f"{name}, line {line[at]}: a quotation mark is opened here and not closed for {breaks[at] + 1:,} lines. "
            "Remove it, or export the file again with quotation marks inside fields doubled."
        )
    rejects = no_broken_rows()
    if bad:
        at = line[is_bad]
        rejects = pd.DataFrame(
            {
                "file": name,
                "line": at,
                "column": "",
                "rule": "fields",
                "message": [_wrong_width(r, spans) for r, spans in zip(bad, breaks[is_bad], strict=True)],
                "value": "",
                "row": [record.text if delimiter == "," else _as_comma(record.text, delimiter) for record in bad],
            }
        ).astype({"line": "int64"} | {c: "str" for c in ("file", "column", "rule", "message", "value", "row")})
        # A delimiter too few on an empty line is a blank line, not a lost order.
        blank = rejects["row"].str.strip(" ,\"").eq("").to_numpy()
        rejects = rejects[~blank].reset_index(drop=True)

    frame = table.to_pandas()
    frame.columns = names
    line = line[~is_bad]
    filled = _rows_with_text(table)
    if not filled.all():
        frame, line = frame[filled].reset_index(drop=True), line[filled]
        inside = int((~filled).sum())
        notes.append(f"{name}: {count(inside, 'blank line')} without any value passed over.")
    if len(rejects):
        notes.append(
            f"{name}: {count(len(rejects), 'line')} with too many or too few fields, the first is line {rejects['line'].iloc[0]}."
        )
    return RawTable(frame, [name], np.zeros(len(frame), np.int64), line, ["csv"], rejects, notes)


def _line_breaks(table: pa.Table) -> np.ndarray:
    """Line breaks inside the fields of each record."""
    breaks = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        if not pc.any(pc.match_substring_regex(column, r"[\r\n]")).as_py():
            continue
        plain = pc.replace_substring(column, "\r\n", "\n")
        breaks += pc.count_substring_regex(plain, r"[\r\n]").to_numpy(zero_copy_only=False).astype(np.int64)
    return breaks


def _rows_with_text(table: pa.Table) -> np.ndarray:
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        if filled.all():
            break
        filled |= pc.not_equal(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
    return filled


def _wrong_width(record, spans: int) -> str:
    many = "more" if record.actual_columns > record.expected_columns else "fewer"
    text = f"{count(record.actual_columns, 'field')}, {many} than the {record.expected_columns} of the header"
    if spans:
        text += f"; the record runs over {spans + 1} lines, so perhaps a quotation mark is not closed"
    return text


def _as_comma(text: str, delimiter: str) -> str:
    return as_csv_line(text.split(delimiter))
