"""Events in a talk: coming with others, waiting, not coming, the way there, and what is said of keeping it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import gathering_cards, links
from bot.actions import Act, Action, sign
from bot.channels.arrivals import Press, Words
from bot.channels.outgoing import Outgoing
from bot.compose import compose
from bot.testing import ADDRESS, FakeClock, Talk
from notices.events import Seat, Stand, State
from notices.rsvp import What
from storage.events import EventRow
from tests.bot.test_checklist import words_of, world

STARTS = FakeClock().moment + timedelta(days=6)  # 10:00 in Belgrade
CAFE = EventRow(
    7, State.OPEN, "subotica", "Placeholder street 1", "2026-11-29T10:00", "2026-11-29T12:00", "Europe/Belgrade",
    STARTS, STARTS + timedelta(hours=2), 4, women_only=True, child_care=True,
    texts={"en": ("Language café", "Come and talk."), "fa": ("کافه زبان", "بیا")},
)  # fmt: skip


def talk_at_home(language: str = "en", *, saves: bool = True, event: EventRow = CAFE, others: int = 0) -> Talk:
    """Somebody who has picked a language, and an event with so many others on its list."""
    talk = Talk(world(), FakeClock())
    talk.opens("driving-licence", language)
    if saves:
        talk.person = replace(talk.person, consent="full")
    talk.gatherings.events[7] = event
    talk.gatherings.seats[7] = {100 + n: Seat(100 + n, Stand.COMING, 0, n + 1) for n in range(others)}
    return talk


def mine(talk: Talk) -> tuple[Stand, int] | None:
    seat = talk.gatherings.seats[7].get(ADDRESS)
    return (seat.stand, seat.companions) if seat is not None else None


def tap(talk: Talk, *labels: str) -> str:
    """Press one after the other, slowly enough not to be a double tap; the last screen."""
    for label in labels:
        talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
        talk.presses(label)
    return words_of(talk.shown)


def test_what_when_where_and_for_whom_stand_on_an_event() -> None:
    talk = talk_at_home()
    talk.says(Words("/events"))
    assert "1. Language café · Sunday 29 November 2026, 10:00 · open" in words_of(talk.shown)
    shown = tap(talk, "1 · 29.11. 10:00")
    assert shown.startswith("📅 Language café\nCome and talk.")
    assert "Sunday 29 November 2026, 10:00 to 12:00" in shown
    assert "Placeholder street 1, Subotica" in shown
    assert "For women only." in shown
    assert "Somebody looks after children there." in shown


def test_coming_says_the_number_and_what_is_kept_and_may_be_changed_by_one_tap() -> None:
    talk = talk_at_home()
    talk.says(Words("/events"))
    shown = tap(talk, "1 · 29.11. 10:00", "I come")
    assert "Noted. You are on the list." in shown
    assert "The team sees your number, not your name." in shown
    assert "You come. Your number there: 1." in shown
    assert "1 person comes with you." in tap(talk, "One more comes")
    assert "2 people come with you." in tap(talk, "One more comes")
    assert mine(talk) == (Stand.COMING, 2)
    tap(talk, "I come alone")
    assert mine(talk) == (Stand.COMING, 0)
    assert "Noted. You do not come." in tap(talk, "Cannot come")
    assert mine(talk) == (Stand.OUT, 0)


def test_who_finds_it_full_waits_and_is_told_behind_how_many() -> None:
    talk = talk_at_home(others=4)
    talk.says(Words("/start event.7"))
    assert "No place is free." in words_of(talk.shown)
    with pytest.raises(LookupError):
        talk.button("We come as two")
    shown = tap(talk, "Waiting list")
    assert "You are on the waiting list." in shown
    assert "Place 1 on the waiting list." in shown
    assert mine(talk) == (Stand.WAITING, 0)


def test_more_people_than_places_are_refused_and_the_own_place_stays() -> None:
    talk = talk_at_home(others=3)
    talk.says(Words("/start event-7"))
    tap(talk, "I come")
    assert "There are not enough free places for that." in tap(talk, "One more comes")
    assert mine(talk) == (Stand.COMING, 0)


def test_without_the_ok_to_saving_nobody_is_on_a_list_and_one_tap_gives_it() -> None:
    talk = talk_at_home(saves=False)
    talk.says(Words("/start event.7"))
    assert "To put you on the list we must keep it." in tap(talk, "I come")
    assert mine(talk) is None
    assert "Language café" in tap(talk, "OK, keep it")
    assert talk.person.consent == "full"
    tap(talk, "I come")
    assert mine(talk) == (Stand.COMING, 0)


def test_the_place_can_be_shown_to_a_driver_and_back_leads_to_where_one_was() -> None:
    talk = talk_at_home()
    talk.says(Words("/start event.7"))
    shown = tap(talk, "Where?")
    assert shown.splitlines()[1:] == ["Placeholder street 1", "Subotica", "Суботица"]
    assert "Language café" in tap(talk, "Read")
    assert "Language café" in tap(talk, "Where?", "Back")


@pytest.mark.parametrize(
    ("state", "line"), [(State.CANCELLED, "It does not take place."), (State.OPEN, "This is over.")]
)
def test_what_is_cancelled_or_over_says_so_and_takes_nobody(state: State, line: str) -> None:
    talk = talk_at_home(event=replace(CAFE, state=state))
    talk.says(Words("/start event.7"))
    come = talk.button("I come") if state is State.OPEN else None
    talk.clock.forward(timedelta(days=7))  # type: ignore[attr-defined]
    talk.says(Words("/start event.7") if come is None else Press(come.data))
    assert line in words_of(talk.shown)
    assert mine(talk) is None


def test_who_speaks_a_language_without_a_text_reads_the_nearest_one_and_is_told_so() -> None:
    talk = talk_at_home("fa_AF")
    talk.says(Words("/start event.7"))
    assert "کافه زبان" in words_of(talk.shown)
    assert "فارسی" in words_of(talk.shown)


def test_what_is_gone_is_said_to_be_gone() -> None:
    talk = talk_at_home()
    talk.says(Words("/start event.8"))
    assert "There is no such event any more." in words_of(talk.shown)


@pytest.mark.parametrize(
    ("payload", "link"),
    [
        ("event.7", links.Link("event", "7")),
        ("event-7-fa", links.Link("event", "7", "fa")),
        ("event.7.xx", None),
        ("event.x", None),
        ("event", None),
    ],
)
def test_a_link_names_an_event_by_its_number(payload: str, link: links.Link | None) -> None:
    assert links.read(payload, world()) == link


def _said(what: What) -> Outgoing:
    talk = talk_at_home()
    point = talk.gatherings.look(7)
    assert point is not None
    return compose(world(), "en", gathering_cards.told(world(), "en", point, what), 0, ADDRESS)


@pytest.mark.parametrize("what", [What.DAY, What.SOON])
def test_a_reminder_says_when_and_not_what(what: What) -> None:
    said = words_of(_said(what))
    assert said == "⏰ Reminder: Sunday 29 November 2026, 10:00.\nPress to read what it is."


@pytest.mark.parametrize(
    ("what", "line"), [(What.CHANGED, "Time or place has changed."), (What.MOVED_UP, "A place got free.")]
)
def test_news_of_an_event_bring_all_of_it(what: What, line: str) -> None:
    assert line in words_of(_said(what))
    assert "Placeholder street 1, Subotica" in words_of(_said(what))


def test_words_after_an_answer_to_an_event_are_a_question_about_it() -> None:
    """D12: "I come", then "can i bring children"."""
    talk = talk_at_home()
    talk.says(Press(sign(Action(Act.EVENT, ("7",)), talk.world.button_key, ADDRESS)))
    tap(talk, "I come")
    talk.says(Words("can i bring children"))
    assert words_of(talk.shown).startswith("📣 Your question about: Language café\nNot about this? Press Home.\n")
    assert [(asked.type, asked.event, asked.notice) for asked in talk.memory.requests] == [("question", 7, None)]
    assert talk.memory.joined == [(1, "can i bring children")]


def test_person_at_an_event_says_which_event() -> None:
    talk = talk_at_home()
    talk.says(Press(sign(Action(Act.EVENT, ("7",)), talk.world.button_key, ADDRESS)))
    tap(talk, "Person")
    assert [(asked.type, asked.event) for asked in talk.memory.requests] == [("question", 7)]


def test_who_would_just_like_to_talk_is_shown_where_people_meet() -> None:
    talk = talk_at_home()
    tap(talk, "Person", "I feel alone")
    assert "Language café" in tap(talk, "Events")


def test_events_stand_under_news_and_events_if_there_are_any() -> None:
    talk = talk_at_home()
    talk.says(Words("/menu"))
    assert "Language café" in tap(talk, "News and events", "Events")
    assert "My town" in tap(talk, "Back")
    talk.gatherings.events.clear()
    tap(talk, "Home", "News and events")
    assert "📅 Events" not in [button.label for row in (talk.shown.rows if talk.shown else ()) for button in row]


def test_where_nothing_is_to_come_nobody_who_would_like_to_talk_is_sent_to_an_empty_list() -> None:
    talk = talk_at_home()
    talk.gatherings.events.clear()
    tap(talk, "Person", "I feel alone")
    with pytest.raises(LookupError):
        talk.button("Events")
