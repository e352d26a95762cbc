"""My reminders: a day that one gives oneself, what counts from it, and that it comes once each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from sqlalchemy import delete

from bot.channels.arrivals import Press
from bot.loading import build_world, read_pack
from bot.reminders import moments
from bot.settings import Settings
from content.occasions import Occasion
from storage import own
from storage.own_tables import OwnDay
from storage.tables import Timer
from storage.timers import ring_timers
from tests.bot.chats import Chat, words_of
from tests.bot.test_checklist import SECRET, world
from tests.bot.test_reminders import BELGRADE, REMINDER, at_the_exam, set_urgent
from tests.storage.build import Store

PERMIT_DUE = datetime(2027, 10, 22, 7, tzinfo=UTC)  # 11 months after yesterday, 09:00 in Belgrade's summer
BENEFIT_DUE = datetime(2027, 2, 20, 8, tzinfo=UTC)  # 3 days before the day 3 months after today


def wants(chat: Chat, name: str, day: str) -> None:
    """Ask for a reminder: by a button of the screen, or typed."""
    chat.says("/reminders")
    chat.store.clock.forward(seconds=11)
    chat.presses(name)
    try:
        chat.presses(day)
    except LookupError:
        chat.says(day)


def reminded(chat: Chat) -> int:
    return sum(words_of(out) == REMINDER for out in chat.heard)


def jumps_to(chat: Chat, *moments: datetime) -> None:
    for moment in moments:
        chat.store.clock.now = moment
        chat.goes_on()


@pytest.mark.parametrize("path", [("/data", "My reminders"), ("/news", "Choose my news", "My reminders")])
def test_it_is_found_from_my_data_and_from_the_news(chat: Chat, path: tuple[str, ...]) -> None:
    word, *labels = path
    chat.says(word)
    for label in labels:
        chat.presses(label)
    assert "No reminders yet." in chat.shown


def test_a_permit_is_reminded_of_once_eleven_months_later_and_says_what_nobody_knows(chat: Chat) -> None:
    chat.says("podsetnici")
    chat.presses("My work permit")
    for line in (
        "❓ Not known: how long your permit holds. A person can ask for you.",
        "Since 2024 you need no work permit with refugee status or subsidiary protection.",
        "ℹ️ Read on Saturday 21 November 2026, not confirmed by the organisation yet.",
        "🔔 We remind you so many months after that day: 11.",
        "⏰ On which day did you get your permit?",
    ):
        assert line in chat.shown.splitlines()
    assert chat.data("Person")
    chat.presses("Yesterday")
    assert chat.shown.startswith("🔔 We remind you on Friday 22 October 2027.")
    assert "⏰ My work permit: Friday 22 October 2027" in chat.shown
    jumps_to(chat, PERMIT_DUE - timedelta(seconds=1))
    assert reminded(chat) == 0
    jumps_to(chat, PERMIT_DUE)
    assert (reminded(chat), words_of(chat.heard[-1])) == (1, REMINDER)
    chat.presses("Open")
    assert "My work permit" in chat.shown
    jumps_to(chat, PERMIT_DUE + timedelta(days=800))
    assert reminded(chat) == 1


def test_what_repeats_writes_its_next_time_in_the_unit_in_which_it_rings(chat: Chat) -> None:
    wants(chat, "My benefit", "Today")
    assert "We remind you on Saturday 20 February 2027." in chat.shown
    assert chat.store.column(Timer.due_at, Timer.kind == "remind") == [BENEFIT_DUE]
    jumps_to(chat, BENEFIT_DUE)
    assert reminded(chat) == 1
    assert chat.store.column(Timer.due_at, Timer.kind == "remind") == [datetime(2027, 5, 20, 7, tzinfo=UTC)]
    chat.store.restart()
    jumps_to(chat, datetime(2028, 3, 1, 9, tzinfo=UTC))  # the house was down for months: one, and the next one
    assert reminded(chat) == 2
    assert chat.store.column(Timer.due_at, Timer.kind == "remind") == [datetime(2028, 5, 20, 7, tzinfo=UTC)]


@pytest.mark.parametrize("back", [timedelta(hours=3), timedelta(days=2)])
def test_a_clock_that_is_put_back_between_the_ring_and_its_handling_brings_no_second_one(
    chat: Chat, back: timedelta
) -> None:
    wants(chat, "My benefit", "Today")
    chat.store.clock.now = BENEFIT_DUE
    chat.store.database.write_now(ring_timers)
    jumps_to(chat, BENEFIT_DUE - back, BENEFIT_DUE, BENEFIT_DUE + timedelta(days=2), BENEFIT_DUE + timedelta(days=40))
    assert reminded(chat) == 1


def test_a_day_to_come_is_typed_in_any_digits_without_a_year_and_comes_before_it(chat: Chat) -> None:
    chat.says("/reminders")
    chat.presses("My ID card ends")
    chat.says("۱.۳.")
    assert "We remind you on Thursday 31 December 2026." in chat.shown
    due = [datetime(2026, 12, 31, 8, tzinfo=UTC), datetime(2027, 1, 30, 8, tzinfo=UTC)]
    assert sorted(chat.store.column(Timer.due_at, Timer.kind == "remind")) == due
    jumps_to(chat, *due, datetime(2027, 3, 2, 9, tzinfo=UTC))
    assert reminded(chat) == 2


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("My work permit", "24.11.2026", "Tuesday 24 November 2026 has not come yet."),
        ("My work permit", "1.1.2020", "From Wednesday 1 January 2020 there is nothing left to remind you of."),
        ("My ID card ends", "1.1.2020", "From Wednesday 1 January 2020 there is nothing left to remind you of."),
        ("My ID card ends", "31.2.2027", "I cannot read this day."),
        ("A day of my own", "1.1.9999", "I cannot read this day."),
    ],
)
def test_a_day_from_which_nothing_can_come_is_said_to_be_none_and_asked_for_again(
    chat: Chat, name: str, typed: str, said: str
) -> None:
    wants(chat, name, typed)
    assert said in chat.shown
    assert name in chat.shown
    assert (chat.store.count(Timer), chat.store.count(OwnDay)) == (0, 0)
    chat.says("back")
    assert "No reminders yet." in chat.shown


def test_one_is_switched_off_with_its_day_and_all_at_once_also_those_of_guides(chat: Chat) -> None:
    at_the_exam(chat)
    chat.presses("Remind me")
    wants(chat, "My benefit", "Today")
    wants(chat, "My work permit", "Yesterday")
    assert chat.shown.count("Driving licence") == 1
    chat.presses("My benefit")
    chat.store.clock.forward(seconds=11)
    chat.presses("Do not remind me")
    assert chat.shown.startswith("✔️ All right. No reminder of this.")
    assert "My benefit" not in chat.shown
    assert sorted(chat.store.column(OwnDay.anchor)) == ["medical-exam", "permit"]
    chat.presses("Stop all reminders")
    assert chat.shown.startswith("✔️ All right. All your reminders are off.")
    assert chat.store.count(Timer, Timer.kind == "remind") == 0
    assert chat.store.column(OwnDay.anchor) == ["medical-exam"]  # its guide shows the last day


def test_a_day_that_a_guide_asks_for_is_one_day_wherever_it_is_told(chat: Chat) -> None:
    at_the_exam(chat)
    contact = chat.standing.contact_id
    chat.store.database.write_now(lambda unit: own.keep_day(unit, contact, "decision", date(2026, 10, 20)))
    wants(chat, "Help with housing", "20.10.2026")
    assert "Help with housing: Tuesday 20 July 2027" in chat.shown  # after 9 months; the first one is over
    wants(chat, "Help with housing", "Today")
    assert min(chat.store.column(Timer.due_at, Timer.kind == "remind")) == datetime(2026, 12, 23, 8, tzinfo=UTC)
    known = chat.store.database.read_now(lambda unit: own.days(unit, contact))
    assert known["decision"] == date(2026, 11, 23)


def test_it_is_offered_at_the_end_that_says_come_again(chat: Chat) -> None:
    steps = chat.world.pack.guides["medical"].shown()
    assert "come again" in str(steps["food-exam"].text)
    table = chat.world.pack.occasions
    assert table is not None
    assert [one.id for one in table.occasions if "medical.food-end" in one.ends] == ["own-day"]


def test_without_saving_nothing_is_kept_and_saving_is_one_tap_away(store: Store) -> None:
    chat = Chat(store, world())
    chat.agrees(choice="unsaved")
    chat.says("/reminders")
    assert "We can remind you only when we may remember you." in chat.shown
    chat.says(Press(next(data for data in chat.newest() if data.startswith("c.full"))))
    assert "No reminders yet." in chat.shown


def test_taking_saving_back_and_an_old_button_bring_nothing_back(chat: Chat) -> None:
    chat.says("/reminders")
    chat.presses("My benefit")
    old = chat.data("Today")
    chat.presses("Today")
    chat.says("privacy")
    chat.presses("Without saving")
    assert (chat.store.count(Timer), chat.store.count(OwnDay)) == (0, 0)
    chat.store.clock.forward(seconds=11)
    chat.says(Press(old))
    assert (chat.store.count(Timer), chat.store.count(OwnDay)) == (0, 0)


def test_stop_an_urgent_case_and_the_night_hold_it_and_the_next_one_stands(chat: Chat) -> None:
    wants(chat, "My benefit", "Today")
    set_urgent(chat, urgent=True)
    jumps_to(chat, BENEFIT_DUE)
    assert reminded(chat) == 0
    set_urgent(chat, urgent=False)
    chat.goes_on()
    assert reminded(chat) == 1
    chat.says("/stop")
    jumps_to(chat, datetime(2027, 5, 20, 7, tzinfo=UTC))
    assert reminded(chat) == 1
    chat.presses("Undo")
    jumps_to(chat, datetime(2027, 8, 20, 20, tzinfo=UTC))  # 22:00 in Belgrade: rung too late for the day
    assert reminded(chat) == 1
    jumps_to(chat, datetime(2027, 8, 21, 6, tzinfo=UTC))
    assert reminded(chat) == 2


def test_a_kind_that_is_gone_and_a_day_that_was_forgotten_ring_for_nobody(chat: Chat) -> None:
    wants(chat, "My benefit", "Today")
    wants(chat, "My work permit", "Yesterday")
    chat.store.database.write_now(lambda unit: unit.connection.execute(delete(OwnDay)))
    chat.world = replace(chat.world, pack=replace(chat.world.pack, occasions=None))
    jumps_to(chat, PERMIT_DUE)
    assert reminded(chat) == 0
    chat.says("/reminders")
    assert "No reminders yet." in chat.shown
    assert chat.store.count(Timer) == 0


def test_what_is_known_says_the_days_that_were_told_here(chat: Chat) -> None:
    wants(chat, "My work permit", "Yesterday")
    chat.says("/data")
    chat.presses("What you know of me")
    assert "On which day did you get your permit? Sunday 22 November 2026" in chat.shown
    assert "🔔 We remind you on Friday 22 October 2027." in chat.shown


QUARTER = Occasion.model_validate(
    {"id": "q", "icon": "date", "anchor": "q", "name": "q", "asks": "q?", "every_months": 1, "before_days": ()},
)


def _days(occasion: Occasion, anchor: date, count: int) -> list[date]:
    return list(islice(occasion.reminder_days(anchor), count))


def test_months_count_from_the_day_itself_so_a_short_month_shortens_no_later_one() -> None:
    end = [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]
    assert _days(QUARTER, date(2027, 1, 31), 5) == end
    leap = [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]
    assert _days(QUARTER, date(2028, 1, 31), 3) == leap
    three = QUARTER.model_copy(update={"every_months": 3, "before_days": (3,)})
    assert _days(three, date(2026, 11, 30), 3) == [date(2026, 11, 27), date(2027, 2, 25), date(2027, 5, 27)]
    permit = QUARTER.model_copy(update={"every_months": None, "after_months": (11, 1)})
    assert _days(permit, date(2027, 3, 31), 2) == [date(2027, 4, 30), date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("anchor", "utc"),
    [
        (date(2027, 2, 28), datetime(2027, 3, 28, 7, tzinfo=UTC)),  # the night to summer time
        (date(2027, 9, 30), datetime(2027, 10, 30, 7, tzinfo=UTC)),  # the last morning of summer time
        (date(2027, 1, 31), datetime(2027, 2, 28, 8, tzinfo=UTC)),
        (date(2027, 8, 31), datetime(2027, 9, 30, 7, tzinfo=UTC)),
    ],
)
def test_each_time_is_nine_oclock_there_also_after_a_clock_change(anchor: date, utc: datetime) -> None:
    found = moments(QUARTER, anchor, datetime.combine(anchor, datetime.min.time(), UTC) + timedelta(days=1), world())
    assert found == {1: utc}
    assert utc.astimezone(BELGRADE).hour == 9
    (after,) = moments(QUARTER, anchor, utc, world()).items()
    assert (after[0], after[1].astimezone(BELGRADE).hour) == (2, 9)


def test_somebody_else_on_the_phone_learns_nothing_from_the_button_of_a_reminder(chat: Chat) -> None:
    wants(chat, "My work permit", "Yesterday")
    jumps_to(chat, PERMIT_DUE)
    chat.store.database.write_now(lambda unit: unit.connection.execute(delete(OwnDay)))  # who never told that day
    chat.presses("Open")
    assert "No reminders yet." in chat.shown
    assert "permit" not in chat.shown


def test_a_reminder_of_a_guide_that_is_gone_can_still_be_ended(chat: Chat) -> None:
    at_the_exam(chat)
    chat.presses("Remind me")
    pack = read_pack("serbia")
    left = {id: guide for id, guide in pack.guides.items() if id != "driving-licence"}
    chat.world = build_world(Settings(), replace(pack, guides=left), {}, SECRET)
    chat.says("/reminders")
    assert "My reminders" in chat.shown
    chat.presses("Stop all reminders")
    assert chat.store.count(Timer, Timer.kind == "remind") == 0


def test_who_asks_for_a_day_beyond_our_memory_is_told_that_silence_ends_it(chat: Chat) -> None:
    warning = "If you do not write to us for 12 months, we forget this too."
    wants(chat, "My work permit", "Yesterday")
    assert warning not in chat.shown
    wants(chat, "My ID card ends", "1.3.2031")
    assert "We remind you on Tuesday 31 December 2030." in chat.shown
    assert warning in chat.shown
