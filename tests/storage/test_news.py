"""What people follow, and the notices that they find: what went out, holds, and in which words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from notices import shelf
from notices.audience import Audience
from notices.lifecycle import Kind, State
from storage import broadcasts, follows, news, notices, people, reminders, series, subscribed
from storage.notice_rows import NewBroadcast, Person
from storage.notice_tables import Delivery, Follow
from storage.outcomes import Sent
from storage.own_tables import SeriesPlace
from storage.rows import Standing
from storage.series import Place
from storage.tables import Timer
from storage.timers import set_timer
from storage.unit_of_work import Unit
from tests.storage.build import MORNING, Store, reply

TODAY = MORNING.date()


@pytest.fixture
def person(store: Store) -> Standing:
    return store.newcomer("chat-1")


def publish(unit: Unit, audience: Audience, *, until: date = TODAY, **of_broadcast: Any) -> int:
    """A notice that went out; its number."""
    number = notices.create(unit, 1, "news")
    notices.set_about(unit, number, valid_until=until)
    notices.set_text(unit, number, "en", f"News for {audience.dump()}", "Come.")
    send(unit, number, audience, **of_broadcast)
    return number


def send(unit: Unit, number: int, audience: Audience, kind: str = Kind.FIRST, state: str = State.DONE) -> int:
    """Send it once more; the number of the broadcast."""
    new = NewBroadcast(number, kind, audience.dump(), author_id=1)
    broadcast = broadcasts.create(unit, new, state)
    broadcasts.change(unit, broadcast, started_at=unit.now)
    return broadcast


def somebody(**facts: Any) -> Person:
    usual: dict[str, Any] = {"locale": "en", "channel": "telegram", "place": "", "seen_at": MORNING, "agreed": True}
    return Person(contact_id=1, conversation_id=1, address_id=1, **(usual | facts))


def test_following_twice_is_following_once_and_it_can_be_left(store: Store, person: Standing) -> None:
    def follow(unit: Unit) -> frozenset[str]:
        for what in (follows.topic("work"), follows.topic("work"), follows.place("subotica"), follows.place("sid")):
            follows.follow(unit, person.contact_id, what, on=True)
        for _ in range(2):
            follows.follow(unit, person.contact_id, follows.place("sid"), on=False)
        return follows.follows(unit, person.contact_id)

    assert store.database.write_now(follow) == {"topic:work", "place:subotica"}
    assert store.count(Follow) == 2
    store.database.write_now(lambda unit: follows.drop(unit, person.contact_id))
    assert store.count(Follow) == 0


def test_a_notice_is_found_while_it_holds_in_the_words_of_today_and_newest_first(store: Store) -> None:
    def write(unit: Unit) -> list[int]:
        everybody = Audience()
        over = publish(unit, everybody, until=TODAY - timedelta(days=1))
        gone, first = publish(unit, everybody), publish(unit, everybody)
        draft = notices.create(unit, 1, "news")
        notices.set_about(unit, draft, valid_until=TODAY)
        notices.mark_withdrawn(unit, gone)
        return [over, gone, first, draft]

    _, _, first, _ = store.database.write_now(write)
    store.clock.forward(minutes=1)
    second = store.database.write_now(lambda unit: publish(unit, Audience(), until=TODAY + timedelta(days=9)))
    store.database.write_now(lambda unit: notices.set_text(unit, first, "en", "Corrected", "Come at 6."))
    told = store.database.read_now(lambda unit: news.told(unit, TODAY))
    assert [one.id for one in told] == [second, first]
    assert told[1].texts == {"en": ("Corrected", "Come at 6.")}
    store.clock.forward(minutes=1)
    store.database.write_now(lambda unit: send(unit, first, Audience(), Kind.AGAIN))
    told = store.database.read_now(lambda unit: news.told(unit, TODAY))
    assert [one.id for one in told] == [first, second]
    assert [sending.kind for sending in told[0].sendings] == [Kind.AGAIN, Kind.FIRST]


def test_it_concerns_whom_its_audience_means_and_who_got_it(store: Store) -> None:
    def write(unit: Unit) -> dict[str, int]:
        return {
            "place": publish(unit, Audience(places=("subotica",))),
            "topic": publish(unit, Audience(topics=("work",))),
            "arabic": publish(unit, Audience(locales=("ar",))),
            "paused": publish(unit, Audience(), state=State.PAUSED),
            "stopped": publish(unit, Audience(), state=State.STOPPED),
            "follow-up": publish(unit, Audience(), kind=Kind.FOLLOW_UP),
            "all": publish(unit, Audience()),
        }

    numbers = store.database.write_now(write)
    told = store.database.read_now(lambda unit: news.told(unit, TODAY))

    def finds(got: frozenset[int] = frozenset(), **facts: Any) -> set[str]:
        found = {one.id for one in shelf.about(somebody(**facts), told, got, MORNING)}
        return {name for name, number in numbers.items() if number in found}

    assert finds() == {"all"}
    assert finds(place="subotica") == {"all", "place"}
    assert finds(follows=frozenset({"place:subotica", "topic:work"})) == {"all", "place", "topic"}
    assert finds(locale="ar") == {"all", "arabic"}
    assert finds(frozenset({numbers["stopped"], numbers["follow-up"]})) == {"all", "stopped", "follow-up"}


def test_people_who_were_knowingly_left_out_because_of_their_language_do_not_find_it(store: Store) -> None:
    def write(unit: Unit) -> None:
        number = notices.create(unit, 1, "news")
        notices.set_about(unit, number, valid_until=TODAY)
        notices.set_text(unit, number, "en", "News", "Come.")
        lacking = {"ar": "leave_out", "fa": "fallback"}
        new = NewBroadcast(number, Kind.FIRST, Audience().dump(), author_id=1, lacking=lacking)
        broadcasts.change(unit, broadcasts.create(unit, new, State.DONE), started_at=unit.now)

    store.database.write_now(write)
    told = store.database.read_now(lambda unit: news.told(unit, TODAY))
    found = {code: len(shelf.about(somebody(locale=code), told, (), MORNING)) for code in ("en", "ar", "fa", "fr")}
    assert found == {"en": 1, "ar": 0, "fa": 1, "fr": 1}


def test_words_are_about_a_notice_only_while_it_is_the_newest_thing_that_arrived(
    store: Store, person: Standing
) -> None:
    def copy(unit: Unit) -> int:
        number = publish(unit, Audience())
        broadcast = broadcasts.newest(unit, 1)[0].id
        row = {"id": unit.ids(), "broadcast_id": broadcast, "contact_id": person.contact_id, "locale": "en"}
        row |= {"channel": "telegram", "outbox_id": outbox_id, "version": 1, "at": unit.now}
        unit.connection.execute(insert(Delivery), row)
        return number

    def newest() -> int | None:
        return store.database.read_now(lambda unit: news.just_sent(unit, person.conversation_id, person.contact_id))

    (outbox_id,) = store.say(person, reply("copy"))
    number = store.database.write_now(copy)
    assert newest() is None  # it has not gone out
    store.settle(store.claim()[0], Sent("1"))
    assert newest() == number
    assert store.database.read_now(lambda unit: news.got(unit, person.contact_id)) == {number}
    store.clock.forward(hours=49)
    assert newest() is None
    store.clock.forward(hours=-49)
    store.clock.forward(minutes=1)
    store.say(person, reply("answer"))
    store.settle(store.claim()[0], Sent("2"))
    assert newest() is None
    assert [one.notice for one in store.database.read_now(lambda unit: news.copies(unit, person.contact_id))] == [
        number
    ]


def test_reminders_of_one_deadline_are_set_together_and_ended_together(store: Store, person: Standing) -> None:
    later = [MORNING + timedelta(days=days) for days in (30, 60)]

    def write(unit: Unit) -> None:
        reminders.remind(unit, person, "driving-licence", "exchange", dict(enumerate(later)))
        reminders.remind(unit, person, "driving-licence", "exchange", dict(enumerate(later)))
        reminders.remind(unit, person, "medical", "certificate", {1: later[1]})
        reminders.remind(unit, person, "medical", "other", dict(enumerate(later)))
        reminders.remind(unit, person, "medical", "other", {})

    store.database.write_now(write)
    found = store.database.read_now(lambda unit: reminders.reminders(unit, person))
    assert [(one.deadline, one.at) for one in found] == [("exchange", later[0]), ("certificate", later[1])]
    store.database.write_now(lambda unit: subscribed.drop(unit, person.conversation_id, person.contact_id))
    assert store.database.read_now(lambda unit: reminders.reminders(unit, person)) == []


def test_the_place_in_a_series_is_one_row_that_moves(store: Store, person: Standing) -> None:
    def write(unit: Unit) -> None:
        for place in (Place(0, wanted=True), Place(3, wanted=True), Place(3, wanted=False)):
            series.put(unit, person.contact_id, "phrases", place)

    store.database.write_now(write)
    found = store.database.read_now(lambda unit: series.places(unit, person.contact_id))
    assert found == {"phrases": Place(3, wanted=False)}
    store.database.write_now(lambda unit: series.drop(unit, person.contact_id))
    assert store.count(SeriesPlace) == 0
    assert series.read_key(series.timer_key(5, "phrases")) == (5, "phrases")


def test_one_of_several_people_on_a_phone_who_is_forgotten_takes_their_own_reminders_along(
    store: Store, person: Standing
) -> None:
    later = MORNING + timedelta(days=30)

    def write(unit: Unit) -> None:
        reminders.remind(unit, person, "medical", "certificate", {0: later})
        second = people.add(unit, person)
        assert second is not None
        other = people.activate(unit, person.conversation_id, second)
        assert other is not None
        reminders.remind(unit, other, "medical", "certificate", {0: later})
        set_timer(unit, series.timer_key(second, "phrases"), later, other.conversation_id, series.KIND)
        people.forget_one(unit, other, "ABCDEFGH")

    store.database.write_now(write)
    assert store.column(Timer.key) == [f"remind:{person.contact_id}:medical:certificate:0"]
