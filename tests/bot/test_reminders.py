"""Reminders and daily pieces by the clock: once, whatever it does, neutral, in the morning, only if wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels.arrivals import Press
from bot.reminders import moments
from bot.world import PICKABLE
from content.parts import Deadline
from storage import contacts
from storage.own_tables import OwnDay
from storage.rows import OutboxState
from storage.tables import Outbox, Timer
from storage.timers import ring_timers
from tests.bot.chats import Chat, words_of
from tests.bot.test_checklist import world
from tests.bot.test_telling import TO_THE_EXAM
from tests.storage.build import Store

BELGRADE = ZoneInfo("Europe/Belgrade")
DUE = datetime(2027, 4, 23, 7, tzinfo=UTC)  # five months later, 09:00 in Belgrade's summer
REMINDER = "🔔 Reminder from IZI (trial). Open it to read."


def at_the_exam(chat: Chat) -> None:
    """Somebody who stands at the step of the exam and has told its day."""
    chat.presses("Driving licence")
    for label in TO_THE_EXAM:
        chat.store.clock.forward(seconds=11)
        chat.presses(label)
    chat.presses("Tell the date")
    chat.presses("Today")


def wants(chat: Chat) -> str:
    """Switch the reminder on; what its button carried."""
    at_the_exam(chat)
    data = chat.data("Remind me")
    chat.says(Press(data))
    assert chat.shown.startswith("🔔 We remind you on Friday 23 April 2027.")
    return data


def set_urgent(chat: Chat, *, urgent: bool) -> None:
    id = chat.standing.conversation_id
    chat.store.database.write_now(lambda unit: contacts.set_urgent(unit, id, urgent=urgent))


def reminded(chat: Chat) -> int:
    return sum(words_of(out) == REMINDER for out in chat.heard)


def test_a_reminder_comes_once_in_the_morning_says_nothing_of_the_matter_and_opens_the_step(chat: Chat) -> None:
    wants(chat)
    chat.store.clock.now = DUE - timedelta(seconds=1)
    assert chat.goes_on() == []
    chat.store.clock.now = DUE
    (out,) = chat.goes_on()
    assert words_of(out) == REMINDER
    assert [button.label for row in out.rows for button in row] == ["▶️ Open"]
    chat.presses("Open")
    assert "Last day to hand in the certificate: Sunday 23 May 2027." in chat.shown
    assert "Get the medical certificate" in chat.shown
    chat.store.clock.forward(days=400)
    chat.goes_on()
    assert reminded(chat) == 1


@pytest.mark.parametrize(
    "jumps",
    [
        [timedelta(hours=1)],
        [timedelta(hours=-1), timedelta(hours=1)],
        [timedelta(days=2)],
        [timedelta(hours=1), timedelta(hours=-2), timedelta(days=2), timedelta(days=-2)],
    ],
    ids=["+1h", "-1h", "+2d", "all"],
)
def test_it_comes_once_whatever_the_clock_does(chat: Chat, jumps: list[timedelta]) -> None:
    wants(chat)
    chat.store.clock.now = DUE
    for jump in jumps:
        chat.store.clock.now += jump
        chat.goes_on()
    chat.store.clock.now = DUE + timedelta(days=3)
    chat.goes_on()
    assert reminded(chat) == 1


def test_it_survives_a_restart_and_one_that_comes_late_at_night_waits_for_the_morning(chat: Chat) -> None:
    wants(chat)
    chat.store.clock.now = datetime(2027, 4, 23, 20, 30, tzinfo=UTC)  # 22:30 in Belgrade: the house was down all day
    chat.store.restart()
    assert chat.goes_on() == []
    chat.store.clock.now = datetime(2027, 4, 24, 5, 59, tzinfo=UTC)
    assert chat.goes_on() == []
    chat.store.clock.now = datetime(2027, 4, 24, 6, tzinfo=UTC)  # 08:00
    assert [words_of(out) for out in chat.goes_on()] == [REMINDER]


def test_on_is_an_end_state_and_off_ends_it(chat: Chat) -> None:
    on = wants(chat)
    chat.store.clock.forward(minutes=1)
    chat.says(Press(on))
    chat.presses("Do not remind me")
    assert chat.shown.startswith("✔️ All right. No reminder of this.")
    chat.store.clock.now = DUE
    assert chat.goes_on() == []


def test_a_day_that_is_told_anew_moves_the_reminder_along(chat: Chat) -> None:
    wants(chat)
    chat.presses("Change the date")
    chat.says("20.10.2026")
    chat.store.clock.now = datetime(2027, 3, 20, 8, tzinfo=UTC)
    assert [words_of(out) for out in chat.goes_on()] == [REMINDER]
    chat.store.clock.now = DUE
    chat.goes_on()
    assert reminded(chat) == 1


def test_a_day_that_is_forgotten_takes_its_reminder_along(chat: Chat) -> None:
    wants(chat)
    chat.presses("Change the date")
    chat.presses("Forget this date")
    assert chat.shown.startswith("✔️ We do not know this date any more.")
    assert chat.store.count(OwnDay) == 0
    chat.store.clock.now = DUE
    assert chat.goes_on() == []


def test_taking_saving_back_ends_reminders_series_follows_and_the_town(chat: Chat) -> None:
    wants(chat)
    chat.says("/menu")
    for label in ("📣", "A phrase a day", "Start", "Back", "Topics", "Work", "Back", "My town", "Bela Palanka"):
        chat.store.clock.forward(seconds=11)
        chat.presses(label)
    assert chat.standing.municipality == "bela-palanka"
    assert sorted(chat.store.column(Timer.kind)) == ["drop_sensitive", "remind", "series"]
    chat.says("privacy")
    chat.presses("Without saving")
    assert chat.store.column(Timer.kind) == ["drop_sensitive"]
    assert chat.standing.municipality is None
    chat.says("/data")
    chat.presses("What you know of me")
    assert not {"Work", "Bela Palanka", "phrase"} & set(chat.shown.split())


def test_what_is_known_says_what_is_followed_and_of_what_one_is_reminded(chat: Chat) -> None:
    wants(chat)
    chat.says("/menu")
    for label in ("📣", "A phrase a day", "Start", "Back", "Topics", "Work", "Back", "Other places", "Bela Palanka"):
        chat.store.clock.forward(seconds=11)
        chat.presses(label)
    chat.says("/data")
    chat.presses("What you know of me")
    for line in (
        "📣 You get news about: Work",
        "📍 You get news from: Bela Palanka",
        "🔔 We remind you on Friday 23 April 2027.",
        "🗣 A phrase a day: 0 of 14",
    ):
        assert line in chat.shown.splitlines()
    chat.says("/delete")
    assert "✔️ 2 topics or places that you follow" in chat.shown
    chat.says("/data")
    chat.presses("Send me a file")
    files = [out.document.content.decode() for out in chat.heard if out.document]
    assert "You get news about: \u2068Work\u2069" in files[0]
    assert '"driving-licence:medical"' in files[1]


@pytest.mark.parametrize("language", PICKABLE)
def test_stop_keeps_reminders_and_phrases_away_in_every_language_and_undo_brings_them_back(
    store: Store, language: str
) -> None:
    chat = Chat(store, world())
    chat.agrees(language)
    chat.says("/phrases")
    chat.says(Press(next(data for data in chat.newest() if data.startswith("ss.phrases.1"))))
    chat.says("/stop")
    assert chat.standing.stopped
    chat.store.clock.now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert chat.goes_on() == []
    chat.says("covid")
    assert chat.heard[-1].locale == language  # asking still works
    chat.says("/stop")
    chat.says(Press(next(data for data in chat.newest() if data.startswith("y."))))
    chat.store.clock.now = datetime(2026, 11, 25, 8, tzinfo=UTC)
    (piece,) = chat.goes_on()
    assert "Dobar dan." in words_of(piece)


def test_a_phrase_a_day_comes_each_morning_ends_by_itself_and_never_piles_up(chat: Chat) -> None:
    chat.says("/phrases")
    chat.presses("Start")
    got = []
    for day in range(24, 31):
        chat.store.clock.now = datetime(2026, 11, day, 8, tzinfo=UTC)
        got += chat.goes_on()
    assert len(got) == 7
    chat.store.clock.forward(days=3)  # the house was down
    assert len(chat.goes_on()) == 1
    set_urgent(chat, urgent=True)
    for _ in range(3):
        chat.store.clock.forward(days=1)
        assert chat.goes_on() == []
    set_urgent(chat, urgent=False)
    service = replace(chat.world.pack, service=chat.world.pack.service.model_copy(update={"paused": True}))
    running, chat.world = chat.world, replace(chat.world, pack=service)
    for _ in range(3):
        chat.store.clock.forward(days=1)
        assert chat.goes_on() == []
    chat.world = running
    for _ in range(20):
        chat.store.clock.forward(days=1)
        got += chat.goes_on()
    assert len(got) == 13
    assert "That was the last one." in words_of(got[-1])
    assert chat.store.count(Timer) == 0
    assert chat.store.count(Outbox, Outbox.state == OutboxState.HELD) == 0


def test_a_reminder_waits_while_a_human_or_an_urgent_case_has_the_floor(chat: Chat) -> None:
    wants(chat)
    set_urgent(chat, urgent=True)
    chat.store.clock.now = DUE
    assert chat.goes_on() == []
    assert chat.store.count(Outbox, Outbox.state == OutboxState.HELD) == 1
    set_urgent(chat, urgent=False)
    assert [words_of(out) for out in chat.goes_on()] == [REMINDER]


def test_nobody_is_offered_a_reminder_that_could_not_come_any_more(chat: Chat) -> None:
    at_the_exam(chat)
    chat.presses("Change the date")
    chat.says("1.6.2026")
    with pytest.raises(LookupError):
        chat.data("Remind me")


@pytest.mark.parametrize(
    ("anchor", "utc"),
    [
        (date(2026, 10, 28), datetime(2027, 3, 28, 7, tzinfo=UTC)),  # the night to summer time: 09:00 is 07:00 UTC
        (date(2027, 5, 31), datetime(2027, 10, 31, 8, tzinfo=UTC)),  # the night back: 09:00 is 08:00 UTC
        (date(2026, 9, 30), datetime(2027, 2, 28, 8, tzinfo=UTC)),  # a shorter month
    ],
)
def test_a_reminder_comes_at_nine_on_the_countrys_clocks_also_after_the_night_of_a_change(
    anchor: date, utc: datetime
) -> None:
    deadline = Deadline(id="term", anchor="exam", months=6, remind_months=(5,))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert moments(deadline, anchor, now, world()) == {0: utc}
    assert utc.astimezone(BELGRADE).hour == 9
    assert moments(deadline, anchor, utc, world()) == {}


def phrase_days(chat: Chat, *hours: float) -> list[int]:
    """How many came after each jump, in hours from the morning on which the first is due."""
    found = []
    for hour in hours:
        chat.store.clock.now = datetime(2026, 11, 24, 8, tzinfo=UTC) + timedelta(hours=hour)
        found.append(len(chat.goes_on()))
    return found


@pytest.mark.parametrize(
    ("hours", "came"),
    [
        ((0, -3, 0, 1), [1, 0, 0, 0]),
        ((48, 45, 48, 72), [1, 0, 0, 1]),
        ((0, 48, -24, 0, 24, 72), [1, 1, 0, 0, 0, 1]),
    ],
    ids=["back 3 h", "ahead 2 days, back 3 h", "ahead 2 days, back 3"],
)
def test_no_second_phrase_comes_on_a_day_whatever_the_clock_does(
    chat: Chat, hours: tuple[float, ...], came: list[int]
) -> None:
    chat.says("/phrases")
    chat.presses("Start")
    assert phrase_days(chat, *hours) == came
    assert chat.store.count(Timer, Timer.kind == "series") == 1


def test_a_clock_that_is_put_back_between_the_ring_and_its_handling_brings_no_second_phrase(chat: Chat) -> None:
    chat.says("/phrases")
    chat.presses("Start")
    chat.store.clock.now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    chat.store.database.write_now(ring_timers)
    assert phrase_days(chat, -3, 0, 3, 24) == [0, 1, 0, 1]  # at six in the morning it waits for eight


def test_a_phrase_comes_at_nine_also_on_the_day_on_which_the_clocks_change(chat: Chat) -> None:
    chat.store.clock.now = datetime(2027, 3, 26, 9, tzinfo=UTC)
    chat.says("/phrases")
    chat.presses("Start")
    for due in (datetime(2027, 3, 27, 8, tzinfo=UTC), datetime(2027, 3, 28, 7, tzinfo=UTC)):
        chat.store.clock.now = due - timedelta(seconds=1)
        assert chat.goes_on() == []
        chat.store.clock.now = due
        assert len(chat.goes_on()) == 1
