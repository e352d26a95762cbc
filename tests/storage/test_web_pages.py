from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from storage import pages, web_pages
from storage.arrivals import address_place
from storage.declared import Base
from storage.forgetting import finish_forgetting, forget
from storage.outcomes import Sent
from storage.pages import Visitor
from storage.privacy import erase
from storage.rows import OutClass, OutKind, Standing
from storage.tables import Outbox
from storage.unit_of_work import Unit
from storage.web_tables import WebBrowser, WebPage
from tests.storage.build import ACCOUNT, CHANNEL, Store, reply

FIRST, SECOND, THIRD = "first browser", "second browser", "third browser"
CODE = "PLACEHOLDERCODE2"


@pytest.fixture
def person(store: Store) -> Standing:
    """Somebody whose chat has a code, and whose page shows one message."""
    standing = store.newcomer(FIRST)
    store.say(standing, reply("one", b"hello"))
    store.settle(store.claim()[0], Sent(keeps=True))
    store.database.write_now(lambda unit: web_pages.make_code(unit, standing.address_id, CODE))
    return standing


def whose(store: Store, browser: str) -> Visitor | None:
    return store.database.read_now(partial(pages.visitor, channel=CHANNEL, account=ACCOUNT, opaque_id=browser))


def resume(store: Store, browser: str, code: str = CODE, *, alone: bool = False) -> bool:
    def work(unit: Unit) -> bool:
        return web_pages.resume(unit, code, address_place(unit, CHANNEL, ACCOUNT, browser), browser, alone=alone)

    return store.database.write_now(work)


def rows_of(store: Store, table: type[Base]) -> int:
    return store.count(table)


def test_a_code_leads_another_browser_to_the_same_chat_and_leaves_the_first(store: Store, person: Standing) -> None:
    assert resume(store, SECOND)
    first, second = whose(store, FIRST), whose(store, SECOND)
    assert first is not None
    assert first == second
    assert first.address_id == person.address_id
    home = store.database.read_now(partial(web_pages.home_of, channel=CHANNEL, account=ACCOUNT, opaque_id=SECOND))
    assert home == FIRST


def test_a_code_that_nobody_made_leads_nowhere(store: Store, person: Standing) -> None:
    assert not resume(store, SECOND, "ANOTHERCODE23456")
    assert whose(store, SECOND) is None


def test_a_new_code_ends_the_old_one(store: Store, person: Standing) -> None:
    store.database.write_now(lambda unit: web_pages.make_code(unit, person.address_id, "NEWERCODE2345672"))
    assert not resume(store, SECOND)
    assert resume(store, SECOND, "NEWERCODE2345672")


def test_who_comes_alone_ends_the_chat_in_every_other_browser(store: Store, person: Standing) -> None:
    assert resume(store, SECOND)
    assert resume(store, THIRD, alone=True)
    assert (whose(store, FIRST), whose(store, SECOND)) == (None, None)
    third = whose(store, THIRD)
    assert third is not None
    assert third.address_id == person.address_id


def test_a_cleared_page_shows_nothing_and_its_texts_are_gone(store: Store, person: Standing) -> None:
    visitor = whose(store, FIRST)
    assert visitor is not None
    assert len(store.database.read_now(lambda unit: pages.shown(unit, visitor, 20))) == 1
    gone = store.database.write_now(lambda unit: web_pages.clear_page(unit, person.address_id))
    cleared = whose(store, FIRST)
    assert cleared is not None
    assert cleared.cleared_to == gone > 0
    assert store.database.read_now(lambda unit: pages.shown(unit, cleared, 20)) == []
    store.say(person, reply("two", b"hello again"))
    assert len(store.database.read_now(lambda unit: pages.shown(unit, cleared, 20))) == 1


def test_a_message_that_was_edited_often_stays_one_message(store: Store, person: Standing) -> None:
    visitor = whose(store, FIRST)
    assert visitor is not None
    (first,) = store.column(Outbox.id)
    for number in range(4):
        edit = reply(f"edit {number}", f"screen {number}".encode(), kind=OutKind.EDIT, replaces=first)
        store.say(person, edit)
    for limit in (20, 3):  # with the message itself, and without
        (shown,) = store.database.read_now(partial(pages.shown, visitor=visitor, limit=limit))
        assert (shown.id, shown.payload) == (first, b"screen 3")


def test_the_version_of_a_page_grows_with_its_rows_and_a_forgotten_address_has_none(
    store: Store, person: Standing
) -> None:
    place = store.database.read_now(lambda unit: address_place(unit, CHANNEL, ACCOUNT, FIRST)[2])
    before = store.database.read_now(lambda unit: web_pages.versions(unit, [place]))
    store.say(person, reply("two", b"hello again"))
    after = store.database.read_now(lambda unit: web_pages.versions(unit, [place]))
    assert after[place] > before[place] > 0
    visitor = whose(store, FIRST)
    assert visitor is not None
    assert visitor.version == after[place]
    forget(store.database, person.conversation_id)
    assert store.database.read_now(lambda unit: web_pages.versions(unit, [place])) == {}


def test_a_notice_that_waited_changes_the_page_when_it_is_sent_and_stands_last_there(
    store: Store, person: Standing
) -> None:
    late = reply("notice", b"closed on Friday", cls=OutClass.NOTICE, not_before=store.clock.now + timedelta(hours=8))
    store.say(person, late)
    for number in range(25):
        store.say(person, reply(f"later {number}"))
        store.settle(store.claim()[0], Sent(keeps=True))
    store.clock.forward(hours=9)
    before = whose(store, FIRST)
    assert before is not None
    store.settle(store.claim()[0], Sent(keeps=True))
    after = whose(store, FIRST)
    assert after is not None
    assert after.version > before.version
    assert store.database.read_now(lambda unit: pages.shown(unit, after, 20))[-1].payload == b"closed on Friday"


def test_forgetting_deletes_codes_and_browsers(store: Store, person: Standing) -> None:
    assert resume(store, SECOND)
    forget(store.database, person.conversation_id)
    assert not resume(store, THIRD)
    assert (rows_of(store, WebPage), rows_of(store, WebBrowser)) == (0, 0)


def test_the_goodbye_reaches_every_browser_of_the_chat_and_then_they_are_forgotten(
    store: Store, person: Standing
) -> None:
    assert resume(store, SECOND)
    store.database.write_now(partial(erase, conversation_id=person.conversation_id, code="RECEIPT2", goodbye=True))
    for browser in (FIRST, SECOND):
        visitor = whose(store, browser)
        assert visitor is not None
        assert visitor.parting
    finish_forgetting(store.database)
    assert (whose(store, FIRST), whose(store, SECOND)) == (None, None)
    assert (rows_of(store, WebPage), rows_of(store, WebBrowser)) == (0, 0)
