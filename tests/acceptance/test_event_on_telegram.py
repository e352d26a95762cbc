"""D12 on Telegram: a notice about an event, one tap, a question, the reminder of the day before, and a cancellation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from bot.testing import FakeClock
from notices import rsvp
from notices.buttons import Does, NoticeButton, dump
from notices.events import State
from notices.lifecycle import Category
from storage import events, notices
from storage.events import EventRow
from storage.unit_of_work import Unit
from tests.acceptance.broadcasting import sent, written
from tests.acceptance.houses import eventually, stored
from tests.acceptance.walks import arrive, labels, plain, tap

STARTS = datetime(2026, 11, 29, 9, tzinfo=UTC)  # 10:00 in Belgrade
CAFE = EventRow(
    0, State.DRAFT, "subotica", "Placeholder street 1", "2026-11-29T10:00", "2026-11-29T12:00", "Europe/Belgrade",
    STARTS, STARTS + timedelta(hours=2), 2, women_only=False, child_care=True,
    texts={"en": ("Language café", "Come and talk.")},
)  # fmt: skip


async def test_d12_a_notice_one_tap_a_question_a_reminder_and_a_cancellation(
    house: House, telegram: TelegramServer, clock: FakeClock
) -> None:
    person = telegram.person(1001, language_code="en")
    await arrive(person, ("English", "OK, continue"))
    event = await house.database.write(_published)
    notice = await written(house, {"en": ("Language café", "Sunday at ten.")}, Category.EVENT)
    await house.database.write(lambda unit: _about(unit, notice, event))
    await sent(house, notice)
    (told,) = await person.hears()
    assert labels(told)[:3] == ["✅ I come", "✖️ Cannot come", "➕ We come as two"]
    assert "🔕 Stop news" in labels(told)
    noted = await tap(person, "I come")
    assert noted.id != told.id  # a notice stays as it was sent
    assert "Noted. You are on the list." in noted.text
    assert "Sunday 29 November 2026, 10:00" in plain(noted.text)
    assert stored(house, "SELECT stand, number, companions FROM event_seat") == [("coming", 1, 0)]
    clock.forward(timedelta(minutes=1))
    await person.says("can i bring children")
    (asked,) = await person.hears()
    assert "Your question about: Language café" in plain(asked.text)
    assert stored(house, "SELECT type, state FROM request") == [("question", "ours")]
    clock.moment = STARTS - timedelta(days=1)
    heard = [*await person.hears()]
    while "Reminder" not in heard[-1].text:  # five days without an answer to the question: that is said first
        heard += await person.hears()
    reminder = heard[-1]
    assert plain(reminder.text) == "⏰ Reminder: Sunday 29 November 2026, 10:00.\nPress to read what it is."
    await house.database.write(lambda unit: rsvp.cancel(unit, event))
    (cancelled,) = await person.hears()
    assert "It does not take place." in cancelled.text
    await eventually(lambda: stored(house, "SELECT count(*) FROM timer WHERE kind = 'event'") == [(0,)])
    assert telegram.violations == []


def _published(unit: Unit) -> int:
    id = events.create(unit, CAFE, 7)
    rsvp.publish(unit, id)
    return id


def _about(unit: Unit, notice: int, event: int) -> None:
    notices.set_about(unit, notice, event_id=event)
    notices.set_buttons(unit, notice, dump([NoticeButton(Does.RSVP)]))
