"""Clocks of events are each person's own: on a shared phone, where one is forgotten, where two chats become one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, text

from notices.events import Wish
from notices.rsvp import What
from storage import contacts, event_clocks, people
from storage.db import migrate
from storage.event_clocks import key
from storage.rows import ConsentChoice
from storage.tables import Timer
from storage.timers import set_timer
from storage.unit_of_work import Unit
from tests.storage.build import Store
from tests.storage.test_events import CAFE, STARTS, answer, clocks, made
from tests.storage.test_families import joins
from tests.storage.test_joining import join, typed

REMINDERS = (What.DAY, What.SOON)


def keys(store: Store) -> set[str]:
    """The clocks of everybody."""
    return set(store.column(Timer.key))


def test_each_of_several_people_on_a_phone_has_clocks_of_their_own(store: Store) -> None:
    id = made(store, replace(CAFE, capacity=1))
    mother = store.newcomer("phone")
    answer(store, mother, id)
    son = joins(store, mother)
    answer(store, son, id)
    assert keys(store) == {key(id, mother.contact_id, what) for what in REMINDERS}
    answer(store, son, id, Wish(comes=False))
    assert keys(store) == {key(id, mother.contact_id, what) for what in REMINDERS}
    answer(store, son, id)
    answer(store, mother, id, Wish(comes=False))
    assert keys(store) == {key(id, son.contact_id, what) for what in (*REMINDERS, What.MOVED_UP)}


def test_who_is_forgotten_takes_their_own_clocks_along_and_no_others(store: Store) -> None:
    id = made(store)
    mother = store.newcomer("phone")
    answer(store, mother, id)
    son = joins(store, mother)
    answer(store, son, id)
    store.database.write_now(lambda unit: people.forget_one(unit, son, None))
    assert keys(store) == {key(id, mother.contact_id, what) for what in REMINDERS}


def test_where_two_chats_become_one_the_clocks_go_along_unless_one_is_not_remembered(store: Store) -> None:
    id = made(store)
    old, new, unsaved = (store.newcomer(name) for name in ("old", "new", "unsaved"))
    answer(store, new, id)
    assert join(store, typed(store, old, new)) is not None
    assert keys(store) == {key(id, old.contact_id, what) for what in REMINDERS}
    assert clocks(store, old) == set(REMINDERS)
    choice = ConsentChoice.UNSAVED
    store.database.write_now(lambda unit: contacts.give_consent(unit, unsaved, version="1", choice=choice))
    assert join(store, typed(store, unsaved, old)) is not None
    assert keys(store) == set()


def test_clocks_that_named_the_chat_name_each_person_on_the_list_after_the_migration(store: Store) -> None:
    id = made(store)
    mother = store.newcomer("phone")
    answer(store, mother, id)
    son, other = joins(store, mother), store.newcomer("other")
    answer(store, son, id)
    for person in (joins(store, mother), other):
        answer(store, person, id, Wish(comes=False))

    def as_before(unit: Unit) -> None:
        unit.connection.execute(delete(Timer))
        for person in (mother, other):
            day, chat = key(id, person.conversation_id, What.DAY), person.conversation_id
            set_timer(unit, day, STARTS - timedelta(days=1), chat, event_clocks.KIND)
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '0025'"))

    store.database.write_now(as_before)
    migrate(store.url)
    assert keys(store) == {key(id, person.contact_id, What.DAY) for person in (mother, son)}
    assert store.column(Timer.conversation_id) == [mother.conversation_id] * 2
    assert store.column(Timer.due_at) == [STARTS - timedelta(days=1)] * 2
