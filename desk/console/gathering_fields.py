"""What the forms of an event say, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from i18n.locales import LOCALES
from notices.events import State
from storage.events import EventRow

LONGEST_PLACE, LONGEST_TITLE, LONGEST = 120, 60, 800  # characters
MOST_PEOPLE = 10_000
WALL = "%Y-%m-%dT%H:%M"  # as <input type="datetime-local"> sends it
FIELDS = ("starts", "ends", "place", "municipality", "capacity", "women_only", "child_care")
BEGINS, LASTS = 10, timedelta(hours=2)  # o'clock tomorrow: what stands in the form of a new one
#: The field beside which a refusal is said; others stand above the form.
_BESIDE: Mapping[str, str] = {
    "past": "starts", "too_small": "capacity", "out_of_reach": "municipality", "text": "title",
}  # fmt: skip


class Unreadable(Exception):
    """The form says something that cannot be. The message is the name of a text."""


def blank(zone: ZoneInfo, now: datetime) -> EventRow:
    """A draft of which nothing is known yet: tomorrow at ten, for two hours."""
    tomorrow = now.astimezone(zone).replace(tzinfo=None) + timedelta(days=1)
    starts = tomorrow.replace(hour=BEGINS, minute=0, second=0, microsecond=0)
    wall = f"{starts:{WALL}}", f"{starts + LASTS:{WALL}}"
    return EventRow(0, State.DRAFT, "", "", *wall, str(zone), now, now, None, False, False)


def written(event: EventRow) -> dict[str, str]:
    """When and where, as a form says it."""
    found = {name: str(getattr(event, name) or "") for name in FIELDS}
    return found | {name: "yes" if found[name] else "" for name in ("women_only", "child_care")}


def typed(form: FormData, *more: str) -> dict[str, str]:
    """When and where as somebody typed it, to be handed back; more: names of other fields."""
    return {name: str(form.get(name, "")) for name in (*FIELDS, *more)}


def beside(fault: str) -> str:
    """The field that a refusal is about, "" = none of them."""
    field = _BESIDE.get(fault, fault)
    return field if field in {*FIELDS, "title"} else ""


def facts(form: FormData, before: EventRow, towns: set[str], now: datetime) -> EventRow:
    """When, where, how many, for whom. Raises Unreadable, also for a beginning that is over."""
    place = " ".join(str(form.get("place", "")).split())
    if not 0 < len(place) <= LONGEST_PLACE:
        raise Unreadable("place")
    town = str(form.get("municipality", ""))
    zone = ZoneInfo(before.zone)
    starts, ends = _moment(form, "starts", zone), _moment(form, "ends", zone)
    if ends <= starts:
        raise Unreadable("ends")
    if starts <= now and f"{starts:{WALL}}" != before.starts:
        raise Unreadable("past")
    return replace(
        before,
        place=place,
        municipality=town if town in towns else "",
        starts=f"{starts:{WALL}}",
        ends=f"{ends:{WALL}}",
        starts_at=starts.astimezone(UTC),
        ends_at=ends.astimezone(UTC),
        capacity=_capacity(str(form.get("capacity", "")).strip()),
        women_only=form.get("women_only") == "yes",
        child_care=form.get("child_care") == "yes",
    )


def words(form: FormData) -> tuple[str, str, str]:
    """Language, title and text; a title of "" takes the language out. Raises Unreadable."""
    locale, title = str(form.get("locale", "")), " ".join(str(form.get("title", "")).split())
    body = str(form.get("body", "")).replace("\r\n", "\n").strip()
    if locale not in LOCALES or len(title) > LONGEST_TITLE or len(body) > LONGEST:
        raise Unreadable("text")
    return locale, title, body


def attended(form: FormData) -> tuple[int, int | None]:
    """The number on the list, and how many came; None: nobody looked. Raises Unreadable."""
    number, people = str(form.get("number", "")), str(form.get("people", ""))
    if not _is_whole(number) or (people and not _is_whole(people)):
        raise Unreadable("number")
    return int(number), int(people) if people else None


def _capacity(text: str) -> int | None:
    if not text:
        return None
    if not _is_whole(text) or not 0 < int(text) <= MOST_PEOPLE:
        raise Unreadable("capacity")
    return int(text)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 8


def _moment(form: FormData, name: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.strptime(str(form.get(name, ""))[:16], WALL).replace(tzinfo=zone)
    except ValueError:
        raise Unreadable(name) from None
