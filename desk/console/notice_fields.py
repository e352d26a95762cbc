"""What the forms of a notice say, as values. What cannot be read is refused with the key of a text, or asks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, QueryParams

from desk.console.notice_page import morning
from i18n.locales import LOCALES
from notices.audience import Audience
from notices.buttons import MOST, Does, NotAButton, NoticeButton, checked, dump
from notices.lifecycle import Category
from notices.plan import Every, moment

LONGEST_TITLE, LONGEST = 60, 3500  # characters; what a channel holds is said by its preview
LONGEST_TAG = 40
MOST_DAYS = 3650  # days and hours of an audience: more is a slip of the fingers

#: The field that says where a button leads.
_LEADS_TO = {Does.LINK: "to", Does.GUIDE: "guide", Does.SURVEY: "survey"}

Fields = FormData | QueryParams


class Unreadable(Exception):
    """The form says something that cannot be. The message is a key of the desk's texts."""


@dataclass(frozen=True, slots=True)
class When:
    """When it goes. starts: local wall time, "" = at once; start_at: that in UTC; every: "", day, week, month."""

    starts: str = ""
    start_at: datetime | None = None
    every: str = ""


def audience_of(form: Fields) -> Audience:
    """Whom a form asks for."""
    return Audience(
        locales=tuple(code for code in _many(form, "locales") if code in LOCALES),
        places=_many(form, "places"),
        topics=_many(form, "topics"),
        channels=_many(form, "channels"),
        guides=_many(form, "guides"),
        days=_many(form, "days"),
        event=_whole(form, "event") or None,
        group=_whole(form, "group") or None,
        seen_days=_whole(form, "seen_days") or None,
        rest_hours=_whole(form, "rest_hours"),
    )


def words(form: FormData) -> tuple[str, str]:
    """Title and text. Raises Unreadable where they are longer than any message."""
    title = " ".join(str(form.get("title", "")).split())
    body = str(form.get("body", "")).replace("\r\n", "\n").strip()
    if len(title) > LONGEST_TITLE or len(body) > LONGEST:
        raise Unreadable("notices_fault.long")
    if title and not body:
        raise Unreadable("notices_fault.title_alone")
    return title, body


def about(form: FormData, known: Sequence[NoticeButton], guides: Sequence[str]) -> tuple[str, Mapping[str, object]]:
    """The buttons as JSON, and category, last day and tag. Raises Unreadable.

    known: the buttons as they were; a link that leads to the same page keeps what it is called.
    """
    tag, day = str(form.get("tag", "")).strip(), str(form.get("valid_until", ""))
    event = _whole(form, "event_id") or None
    if len(tag) > LONGEST_TAG:
        raise Unreadable("error.tag")
    try:
        category, until = Category(str(form.get("category", ""))), date.fromisoformat(day) if day else None
    except ValueError:
        raise Unreadable("notices_fault.day") from None
    try:
        buttons = checked([*_buttons(form)], guides, has_event=event is not None)
    except NotAButton as why:
        raise Unreadable(f"notices_fault.button_{why}") from None
    named = {(one.does, one.to): one for one in known}
    kept = [named.get((one.does, one.to), one) for one in buttons]
    return dump(kept), {"category": category, "valid_until": until, "tag": tag or None, "event_id": event}


def labels(form: FormData, buttons: Sequence[NoticeButton], locale: str) -> str:
    """The buttons as JSON, with what links are called in one language."""
    said = [" ".join(str(form.get(f"label_{n}", "")).split()) for n in range(len(buttons))]
    return dump([_called(button, locale, label) for button, label in zip(buttons, said, strict=True)])


def when(form: FormData, now: datetime, zone: ZoneInfo, morning_at: time) -> When:
    """When a notice shall go. now: aware. Raises Unreadable, also for a time that is over."""
    chosen, every = str(form.get("when", "now")), str(form.get("every", ""))
    if every not in set(Every):
        raise Unreadable("notices_fault.when")
    if chosen == "now" and not every:
        return When()
    local = now.astimezone(zone)
    wanted = {"now": local, "morning": morning(local, morning_at)}.get(chosen) or _moment(str(form.get("at", "")), zone)
    wanted = wanted.replace(second=0, microsecond=0)
    if chosen == "at" and wanted <= now:
        raise Unreadable("notices_fault.past")
    starts = f"{wanted:%Y-%m-%dT%H:%M}"
    return When(starts, moment(starts, zone), every)


def typed(form: FormData) -> int:
    """The number of people that somebody typed; -1 where it is none."""
    text = str(form.get("confirmed", "")).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
    except ValueError:
        raise Unreadable("notices_fault.when") from None


def _buttons(form: FormData) -> list[NoticeButton]:
    """Those of the form, not named yet."""
    found = []
    for n in range(MOST):
        does = str(form.get(f"does_{n}", ""))
        if does not in set(Does):
            continue
        kind = Does(does)
        field = _LEADS_TO.get(kind)
        found.append(NoticeButton(kind, str(form.get(f"{field}_{n}", "")).strip() if field else ""))
    return found


def _called(button: NoticeButton, locale: str, label: str) -> NoticeButton:
    if button.does is not Does.LINK:
        return button
    others = {code: words for code, words in button.labels.items() if code != locale}
    return NoticeButton(button.does, button.to, others | ({locale: label} if label else {}))


def _many(form: Fields, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value)[:60] for value in form.getlist(name) if value))


def _whole(form: Fields, name: str) -> int:
    text = str(form.get(name, ""))
    return min(int(text), MOST_DAYS) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
