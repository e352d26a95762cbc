"""Requests as a list shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk import clock
from desk.console.shown import Console, language_name, language_tag
from desk.inbox import Line
from storage import members
from storage.marks import Marks, marks
from storage.members import Member
from storage.unit_of_work import Unit

SAID = 120  # characters of the last words


@dataclass(frozen=True, slots=True)
class Listed:
    """Lines with what a list tells beside them. names: what the team calls its members, by id."""

    lines: Sequence[Line]
    marks: Mapping[int, Marks]
    names: Mapping[int, str]


def listed(unit: Unit, lines: Sequence[Line]) -> Listed:
    """The lines, with their marks."""
    names = {member.id: member.label for member in members.members(unit)}
    return Listed(lines, marks(unit, [line.row.number for line in lines]), names)


def list_rows(desk: Console, me: Member, found: Listed) -> list[dict[str, Any]]:
    """Each line as the page shows it."""
    return [list_row(desk, me, line, found) for line in found.lines]


def list_row(desk: Console, me: Member, line: Line, found: Listed) -> dict[str, Any]:
    """One request as a list shows it."""
    row, seen = line.row, found.marks.get(line.row.number, Marks())
    return {
        "number": row.number,
        "type": desk.text(f"type.{row.type}"),
        "turn": row.state,
        "urgent": row.urgent,
        "where": desk.where(row.guide, row.step),
        "language": language_name(row.locale),
        "tag": language_tag(row.locale),
        "channel": desk.channel(seen.channel),
        "kinds": seen.kinds,
        "unanswered": seen.unanswered,
        "waits": desk.since(row.turn_at or row.created_at, desk.database.now()),
        "promised": desk.moment(row.promised_by) if row.answered_at is None else "",
        "late": line.late,
        "soon": not line.late and clock.is_soon(desk.calendar(), row, desk.database.now()),
        "mine": row.assignee_id == me.id,
        "taken": row.assignee_id is not None,
        "holder": found.names.get(row.assignee_id or 0, ""),
        "said": line.said.text[:SAID] if line.said else "",
        "direction": line.said.direction if line.said else "",
        "offered": line.offered,
    }
