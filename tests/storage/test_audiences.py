"""Who could be written to: everybody once, page by page, with what audiences ask about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, update

from storage import audiences, contacts, own, privacy, sessions, window
from storage.desk_tables import Staff
from storage.notice_rows import Person
from storage.notice_tables import Broadcast, Delivery, Follow, Notice
from storage.rows import AddressState, ConsentChoice, Standing
from storage.tables import Address, Conversation
from storage.timers import set_timer
from storage.unit_of_work import Unit
from tests.storage.build import Store


def everybody(store: Store, **asked: object) -> list[Person]:
    return store.database.read_now(lambda unit: list(audiences.everybody(unit, **asked)))  # type: ignore[arg-type]


def person(store: Store, standing: Standing, **asked: object) -> Person:
    (found,) = (one for one in everybody(store, **asked) if one.contact_id == standing.contact_id)
    return found


def test_somebody_who_agreed_to_nothing_yet_is_there_and_says_so(store: Store) -> None:
    somebody = store.newcomer()
    assert everybody(store) == [
        Person(
            somebody.contact_id,
            somebody.conversation_id,
            somebody.address_id,
            "",
            "telegram",
            "",
            somebody.seen_at,
            agreed=False,
        )
    ]


def test_everybody_comes_once_however_small_the_pages_are(store: Store) -> None:
    contacts_ = sorted(store.newcomer(f"chat-{n}").contact_id for n in range(7))
    after, seen = -1, []
    while page := store.database.read_now(lambda unit, after=after: audiences.people(unit, after, 2)):  # type: ignore[misc]
        assert len(page) <= 2
        seen += [one.contact_id for one in page]
        after = page[-1].contact_id
    assert seen == contacts_


def test_what_audiences_ask_is_known(store: Store) -> None:
    somebody = store.newcomer()

    def tell(unit: Unit) -> None:
        standing = contacts.give_consent(unit, somebody, version="1", choice=ConsentChoice.FULL)
        standing = contacts.set_municipality(unit, contacts.set_locale(unit, standing, "ar"), "subotica")
        contacts.stop(unit, standing)
        contacts.set_urgent(unit, somebody.conversation_id, urgent=True)
        own.keep_day(unit, somebody.contact_id, "permit", date(2026, 12, 1))
        sessions.save(unit, somebody, b"licence", 0)
        row = {"id": 1, "contact_id": somebody.contact_id, "what": "topic:language", "at": unit.now}
        unit.connection.execute(insert(Follow), row)
        unit.connection.execute(update(Address).values(state=AddressState.BLOCKED))

    store.database.write_now(tell)
    assert person(store, somebody, guide_of=bytes.decode) == Person(
        somebody.contact_id,
        somebody.conversation_id,
        somebody.address_id,
        "ar",
        "telegram",
        "subotica",
        somebody.seen_at,
        agreed=True,
        stopped=True,
        blocked=True,
        urgent=True,
        follows=frozenset({"topic:language"}),
        days=frozenset({"permit"}),
        guide="licence",
    )
    assert person(store, somebody).guide == ""  # nobody asked, so no session was opened


def test_a_shut_window_needs_an_approved_text_in_the_person_s_language(store: Store) -> None:
    somebody = store.newcomer()
    now = store.clock.now

    def shut(unit: Unit) -> None:
        contacts.set_locale(unit, somebody, "ar")
        window.note_written(unit, somebody.address_id, now + timedelta(hours=24))

    store.database.write_now(shut)
    assert (person(store, somebody).free, person(store, somebody).writable) == (True, True)
    store.clock.forward(hours=25)
    assert (person(store, somebody).free, person(store, somebody).writable) == (False, False)
    assert person(store, somebody, teasers={"ar"}).writable
    assert not person(store, somebody, teasers={"fa"}).writable


def test_staff_groups_and_who_is_saying_goodbye_are_never_written_to(store: Store) -> None:
    staff, group, leaver, stays = (store.newcomer(f"chat-{n}") for n in range(4))

    def become(unit: Unit) -> None:
        row = {"id": 5, "label": "x", "administrator": False, "coordinator": False, "created_at": unit.now}
        unit.connection.execute(insert(Staff), row | {"conversation_id": staff.conversation_id})
        set_timer(unit, "leave", unit.now, group.conversation_id, "leave_group")
        parting = update(Conversation).where(Conversation.id == leaver.conversation_id).values(parting=True)
        unit.connection.execute(parting)

    store.database.write_now(become)
    assert [one.contact_id for one in everybody(store)] == [stays.contact_id]


def test_the_last_notice_counts_but_not_one_that_somebody_was_left_out_of(store: Store) -> None:
    got, left = store.newcomer("chat-1"), store.newcomer("chat-2")
    before = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def deliver(unit: Unit) -> None:
        notice = {"id": 1, "category": "news", "author_id": 1, "created_at": before}
        unit.connection.execute(insert(Notice), notice)
        row = {"id": 1, "notice_id": 1, "kind": "first", "state": "done", "audience": "{}", "author_id": 1}
        unit.connection.execute(insert(Broadcast), row | {"complete": True, "created_at": before})
        copy = {"broadcast_id": 1, "locale": "en", "channel": "telegram", "version": 1, "at": before}
        for id, one, outcome in ((1, got, None), (2, left, "skipped")):
            of = {"id": id, "contact_id": one.contact_id, "outcome": outcome}
            unit.connection.execute(insert(Delivery), copy | of)

    store.database.write_now(deliver)
    assert person(store, got).noticed_at == before
    assert person(store, left).noticed_at is None


def test_a_locked_page_leaves_out_who_was_forgotten(store: Store) -> None:
    gone, stays = store.newcomer("chat-1"), store.newcomer("chat-2")
    store.database.write_now(lambda unit: privacy.erase(unit, gone.conversation_id))
    page = store.database.write_now(lambda unit: audiences.people(unit, -1, 10, lock=True))
    assert page == [replace(page[0], contact_id=stays.contact_id)]
