"""The log of requests as files: pseudonymous, without words, and safe to be opened in a spreadsheet.

In CSV a cell that begins with a sign that spreadsheets take for a formula gets an apostrophe (CWE-1236). In XLSX every
text is written as a text.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from storage.requests import RequestRow

if TYPE_CHECKING:
    import xlsxwriter  # type: ignore[import-untyped]

Cell = str | int | float | None
Local = Callable[[datetime], datetime]

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # so that spreadsheets read UTF-8
HOUR = 3600.0  # seconds


def _at(moment: datetime | None, local: Local) -> str | None:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else None


#: The columns, in their order. No contact, no assistant, no place that a row could lead back to.
COLUMNS: Mapping[str, Callable[[RequestRow, Local], Cell]] = {
    "number": lambda row, _: row.number,
    "opened_at": lambda row, local: _at(row.created_at, local),
    "type": lambda row, _: row.type,
    "state": lambda row, _: row.state,
    "urgent": lambda row, _: int(row.urgent),
    "language": lambda row, _: row.locale,
    "guide": lambda row, _: row.guide,
    "step": lambda row, _: row.step,
    "promised_by": lambda row, local: _at(row.promised_by, local),
    "answered_at": lambda row, local: _at(row.answered_at, local),
    "hours_to_answer": lambda row, _: hours_to_answer(row),
    "late": lambda row, _: int(row.late),
    "closed_at": lambda row, local: _at(row.closed_at, local),
    "outcome": lambda row, _: row.outcome,
    "reopened": lambda row, _: row.reopened,
    "tag": lambda row, _: row.tag,
}


def hours_to_answer(row: RequestRow) -> float | None:
    """Hours on the wall clock until a human answered first; None where nobody has."""
    if row.answered_at is None:
        return None
    return round((row.answered_at - row.created_at).total_seconds() / HOUR, 1)


def as_csv(rows: Iterable[RequestRow], local: Local) -> bytes:
    """The rows as CSV: UTF-8 with a byte order mark, commas, first line = names of the columns."""
    return csv_of(list(COLUMNS), (_cells(row, local) for row in rows))


def csv_of(head: Sequence[str], lines: Iterable[Iterable[Cell]]) -> bytes:
    """Any lines as CSV, as safe as the log's; head: names of the columns."""
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow([_safe(name) for name in head])
    rows.writerows([_safe(cell) for cell in line] for line in lines)
    return f"{BOM}{written.getvalue()}".encode()


def as_xlsx(rows: Iterable[RequestRow], local: Local, dictionary: Mapping[str, str], made_at: datetime) -> bytes:
    """The rows as a workbook with a second sheet that says what each column means. made_at: aware."""
    return table_as_xlsx("requests", [list(_cells(row, local)) for row in rows], dictionary, made_at)


def table_as_xlsx(name: str, rows: Iterable[Sequence[Cell]], dictionary: Mapping[str, str], made_at: datetime) -> bytes:
    """Any table as a workbook. dictionary: each column in its order, and what it means; made_at: aware."""
    import xlsxwriter  # 40 modules and 2 MB, for a file that is wanted once a month

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        # The file format knows no time zones.
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        _sheet(book, name, [list(dictionary), *rows])
        _sheet(book, "columns", [[column, meaning] for column, meaning in dictionary.items()])
    return file.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, lines: Sequence[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)


def _cells(row: RequestRow, local: Local) -> Iterable[Cell]:
    return (read(row, local) for read in COLUMNS.values())


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
