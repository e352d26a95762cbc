"""Two chats become one: what survives, under whose keys, and what forgetting finds afterwards."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from storage import (
    contacts,
    export,
    handoff,
    joining,
    linking,
    media,
    messages,
    notes,
    own,
    privacy,
    queue,
    referrals,
    requests,
    sessions,
)
from storage.arrivals import address_place
from storage.forgetting import finish_forgetting, forget
from storage.joining import Joined, NotYet
from storage.keys import KeyGone, contact_key, conversation_key
from storage.link_tables import Link, LinkTry
from storage.linking import LinkKind
from storage.media import MediaState, NewMedia
from storage.media_folder import Folder
from storage.messages import Said
from storage.outcomes import Sent
from storage.requests import NewRequest
from storage.rows import ConsentChoice, Standing
from storage.tables import Address, Contact, Conversation, Media, Outbox
from storage.timers import set_timer
from storage.unit_of_work import Unit
from storage.window import note_changed
from tests.storage.build import ACCOUNT, CHANNEL, Store, arrival, on_postgresql, reply
from tests.storage.traces import traces

CODE = "ABCDEFGH"
OLD, NEW = "old-chat", "new-chat"
NAME = "Planted Nameplaceholder"


def newer(mine: bytes | None, others: bytes | None) -> bytes | None:
    return others or mine


def live(unit: Unit, standing: Standing, name: str) -> int:
    """Something in every table that names a person; the number of their request."""
    now = contacts.give_consent(unit, standing, version="1", choice=ConsentChoice.FULL)
    sessions.save(unit, now, f"session of {name}".encode(), 0)
    messages.keep(unit, now, [Said("in", "person", f"words of {name}")])
    new = NewRequest("stuck", f'"context of {name}"'.encode(), sensitive=f'"fear of {name}"'.encode())
    number = requests.open_request(unit, now, new)
    messages.keep(unit, now, [Said("in", "person", f"please, {name}")], request=number)
    media.add_media(unit, now, NewMedia("place", f"geo:{name}", is_place=True), number)
    handoff.set_wish(unit, number, now.contact_id, f'"wish of {name}"'.encode())
    notes.write_note(unit, number, now.contact_id, 7, f"note of {name}")
    notes.keep_draft(unit, number, now.contact_id, 7, f"draft of {name}")
    referrals.refer(
        unit, number, now.contact_id, 7, institution="court", words=f"shared {name}", agreed_locale="en", due_at=None
    )
    own.tick(unit, now.contact_id, "licence", f"paper of {name.split()[0]}", ready=True)
    own.keep_day(unit, now.contact_id, f"day of {name.split()[0]}", date(2026, 9, 5))
    set_timer(unit, f"timer of {standing.contact_id}", unit.now + timedelta(days=1), now.conversation_id, "reminder")
    return number


def typed(store: Store, old: Standing, new: Standing, kind: LinkKind = LinkKind.LINK) -> linking.LinkRow:
    """The old chat asks for a code; the new one types and confirms it."""

    def work(unit: Unit) -> linking.LinkRow:
        assert linking.make_code(unit, old, kind, CODE)
        link = linking.find(unit, new, CODE)
        assert link is not None
        linking.offer(unit, link, new)
        assert linking.agree(unit, link.id, new)
        (agreed,) = linking.agreed(unit)
        return agreed

    return store.database.write_now(work)


def join(store: Store, link: linking.LinkRow) -> Joined | None:
    return store.database.write_now(partial(joining.join, link=link, one_session=newer, files=frozenset()))


@pytest.fixture
def pair(store: Store) -> tuple[Standing, Standing]:
    return store.newcomer(OLD), store.newcomer(NEW)


def test_everything_of_both_chats_is_in_one_and_can_be_read(store: Store, pair: tuple[Standing, Standing]) -> None:
    old, new = pair
    first = store.database.write_now(partial(live, standing=old, name="old"))
    second = store.database.write_now(partial(live, standing=new, name="new"))
    store.say(new, reply("waits", b"an answer to the new chat"))
    joined = join(store, typed(store, old, new))
    assert joined is not None
    standing = joined.standing
    assert (standing.conversation_id, standing.contact_id) == (old.conversation_id, old.contact_id)
    assert standing.address_id == new.address_id
    found = store.database.read_now(partial(export.dossier, standing=standing))
    assert {channel_id for _, channel_id in found.addresses} == {OLD, NEW}
    assert {one.text for one in found.messages} == {
        "words of old", "words of new", "please, old", "please, new"
    }  # fmt: skip
    assert [(one.number, one.context, one.sensitive, one.wish) for one in found.requests] == [
        (first, "context of old", "fear of old", "wish of old"),
        (second, "context of new", "fear of new", "wish of new"),
    ]
    assert [one.place for one in found.media] == ["geo:old", "geo:new"]
    assert found.ticks == {"licence": ["paper of new", "paper of old"]}
    assert found.days.keys() == {"day of old", "day of new"}
    assert len(found.consents) == 2

    def beside(unit: Unit) -> list[object]:
        me = standing.contact_id
        return [
            sessions.load(unit, standing)[0],
            [one.text for one in notes.notes(unit, second, me)],
            [one.text for one in notes.drafts(unit, second, me)],
            [one.words for one in referrals.referrals(unit, second, me)],
        ]

    assert store.database.read_now(beside) == [b"session of new", ["note of new"], ["draft of new"], ["shared new"]]
    (claimed,) = store.claim()
    assert (claimed.opaque_id, claimed.payload) == (NEW, b"an answer to the new chat")
    store.settle(claimed, Sent("77"))
    assert store.count(Conversation) == store.count(Contact) == 1


def test_whoever_writes_from_either_address_is_in_the_same_chat_and_is_answered_there(
    store: Store, pair: tuple[Standing, Standing]
) -> None:
    old, new = pair
    store.accept(arrival("waits since before", NEW))
    join(store, typed(store, old, new))
    for external_id, chat, address in (("", NEW, new.address_id), ("later", OLD, old.address_id)):
        if external_id:
            store.accept(arrival(external_id, chat))

        def hear(unit: Unit) -> Standing:
            (taken,) = queue.take(unit)
            queue.done(unit, [taken])
            return taken.standing

        heard = store.database.write_now(hear)
        assert (heard.conversation_id, heard.address_id) == (old.conversation_id, address)


def test_the_old_keys_are_destroyed_and_forgetting_reaches_everything(
    store: Store, pair: tuple[Standing, Standing], tmp_path: Path
) -> None:
    old, new = pair
    for standing in pair:
        store.database.write_now(partial(live, standing=standing, name=NAME))
    joined = join(store, typed(store, old, new))
    assert joined is not None
    finish_forgetting(store.database)
    for gone in (conversation_key(new.conversation_id), contact_key(new.contact_id)):
        with pytest.raises(KeyGone):
            store.keys.get(gone)
    forget(store.database, old.conversation_id)
    with pytest.raises(KeyGone):
        store.keys.get(contact_key(old.contact_id))
    assert store.count(Conversation) == store.count(Contact) == store.count(Address) == store.count(Link) == 0
    store.close()
    assert traces([tmp_path], NAME) == []


def test_a_stop_counts_the_stricter_answer_counts_and_an_urgent_case_stays_one(
    store: Store, pair: tuple[Standing, Standing]
) -> None:
    old, new = pair

    def differ(unit: Unit) -> None:
        contacts.give_consent(unit, old, version="1", choice=ConsentChoice.FULL)
        own.tick(unit, old.contact_id, "licence", "photo", ready=True)
        contacts.give_consent(unit, contacts.set_locale(unit, new, "ar"), version="1", choice=ConsentChoice.UNSAVED)
        contacts.stop(unit, new)
        contacts.set_urgent(unit, new.conversation_id, urgent=True)

    store.database.write_now(differ)
    joined = join(store, typed(store, old, new))
    assert joined is not None
    assert joined.standing.consent_choice is ConsentChoice.UNSAVED
    assert (joined.standing.stopped, joined.standing.urgent, joined.standing.locale) == (True, True, "ar")
    assert store.database.read_now(lambda unit: own.all_ticks(unit, old.contact_id)) == {}


def test_a_barred_chat_is_joined_with_no_other(store: Store, pair: tuple[Standing, Standing]) -> None:
    old, new = pair
    store.database.write_now(lambda unit: contacts.set_barred(unit, new.conversation_id, barred=True))
    assert join(store, typed(store, old, new)) is None


def test_who_was_not_asked_about_saving_yet_takes_nothing_back(store: Store, pair: tuple[Standing, Standing]) -> None:
    old, new = pair
    store.database.write_now(lambda unit: contacts.give_consent(unit, old, version="1", choice=ConsentChoice.FULL))
    joined = join(store, typed(store, old, new))
    assert joined is not None
    assert joined.standing.consent_choice is ConsentChoice.FULL


def test_a_recovery_leaves_the_old_address_as_a_stranger_who_can_be_told(
    store: Store, pair: tuple[Standing, Standing]
) -> None:
    old, new = pair
    store.database.write_now(partial(live, standing=old, name="old"))
    store.accept(arrival("from whoever has the old phone", OLD))
    joined = join(store, typed(store, old, new, LinkKind.RECOVERY))
    assert joined is not None
    (left,) = joined.left
    assert left.conversation_id != joined.standing.conversation_id

    def hear(unit: Unit) -> Standing:
        (taken,) = queue.take(unit)
        queue.done(unit, [taken])
        return taken.standing

    assert store.database.write_now(hear).conversation_id == left.conversation_id
    found = store.database.read_now(partial(export.dossier, standing=joined.standing))
    assert [channel_id for _, channel_id in found.addresses] == [NEW]
    assert len(found.requests) == 1
    place = store.database.read_now(lambda unit: address_place(unit, CHANNEL, ACCOUNT, OLD))
    assert store.count(Address, Address.lookup == place[2]) == 1


@pytest.mark.parametrize("kind", list(LinkKind))
def test_a_code_works_once_in_one_chat_and_not_after_its_time(
    store: Store, pair: tuple[Standing, Standing], kind: LinkKind
) -> None:
    old, new = pair
    stranger = store.newcomer("stranger")
    link = typed(store, old, new, kind)
    assert store.database.write_now(lambda unit: linking.find(unit, stranger, CODE)) is None
    assert store.database.write_now(lambda unit: linking.agree(unit, link.id, stranger)) is False
    assert join(store, link) is not None
    assert join(store, link) is None


def test_a_link_lives_for_ten_minutes_and_a_recovery_code_until_it_is_replaced(
    store: Store, pair: tuple[Standing, Standing]
) -> None:
    old, new = pair
    for kind, code in ((LinkKind.LINK, "AAAAAAAA"), (LinkKind.RECOVERY, "BBBBBBBBBBBBBBBB")):
        store.database.write_now(partial(linking.make_code, standing=old, kind=kind, code=code))
    store.clock.forward(minutes=10)

    def look(unit: Unit, code: str) -> bool:
        return linking.find(unit, new, code) is not None

    assert not store.database.write_now(partial(look, code="AAAAAAAA"))
    assert store.database.write_now(partial(look, code="BBBBBBBBBBBBBBBB"))
    store.database.write_now(partial(linking.make_code, standing=old, kind=LinkKind.RECOVERY, code="CCCCCCCCCCCCCCCC"))
    assert not store.database.write_now(partial(look, code="BBBBBBBBBBBBBBBB"))


def test_nobody_guesses_and_nobody_asks_for_ever(store: Store, pair: tuple[Standing, Standing]) -> None:
    old, new = pair

    def guess(unit: Unit) -> bool:
        may = linking.may_try(unit, new.conversation_id)
        if may:
            assert linking.find(unit, new, "WRONGONE") is None
        return may

    assert [store.database.write_now(guess) for _ in range(6)] == [True] * 5 + [False]
    ask = partial(linking.make_code, standing=old, kind=LinkKind.LINK, code=CODE)
    assert [store.database.write_now(ask) for _ in range(6)] == [True] * 5 + [False]
    store.clock.forward(hours=1)
    assert store.database.write_now(guess)
    assert store.count(LinkTry) > 0


def test_a_chat_is_not_taken_over_while_it_is_doubted_or_an_urgent_case_is_open(
    store: Store, pair: tuple[Standing, Standing]
) -> None:
    old, new = pair

    def closed(unit: Unit) -> list[bool]:
        return [linking.is_closed(unit, old.conversation_id, kind) for kind in LinkKind]

    assert store.database.read_now(closed) == [False, False]
    store.database.write_now(lambda unit: contacts.set_urgent(unit, old.conversation_id, urgent=True))
    assert store.database.read_now(closed) == [False, True]
    store.database.write_now(lambda unit: note_changed(unit, old.address_id))
    assert store.database.read_now(closed) == [True, True]
    assert join(store, typed(store, old, new)) is None
    assert store.count(Conversation) == 2


def test_what_is_being_sent_or_fetched_is_waited_for(store: Store, pair: tuple[Standing, Standing]) -> None:
    old, new = pair
    store.say(new, reply("under way"))
    (claimed,) = store.claim()
    link = typed(store, old, new)
    with pytest.raises(NotYet):
        join(store, link)
    store.settle(claimed, Sent("1"))
    number = store.database.write_now(partial(live, standing=new, name="new"))
    store.database.write_now(lambda unit: media.add_media(unit, new, NewMedia("photo", "ref"), number))
    with pytest.raises(NotYet):
        join(store, link)
    (id,) = store.column(Media.id, Media.state == MediaState.WANTED)
    store.database.write_now(lambda unit: media.settle_media(unit, id, MediaState.LOST))
    assert join(store, link) is not None


def test_a_file_is_read_by_who_took_it_over_and_goes_with_its_row(
    store: Store, pair: tuple[Standing, Standing], tmp_path: Path
) -> None:
    old, new = pair
    folder = Folder(tmp_path / "media")
    number = store.database.write_now(partial(live, standing=new, name="new"))
    store.database.write_now(lambda unit: media.add_media(unit, new, NewMedia("photo", "ref"), number))
    (id,) = store.column(Media.id, Media.state == MediaState.WANTED)
    folder.write(store.keys, new.contact_id, id, b"a photo")
    store.database.write_now(lambda unit: media.settle_media(unit, id, MediaState.KEPT, size=7))
    link = typed(store, old, new)
    with pytest.raises(NotYet):
        join(store, link)
    files = store.database.read_now(partial(joining.files_of, contact_id=new.contact_id))
    assert files == {id}
    folder.reseal(store.keys, new.contact_id, old.contact_id, id)
    assert folder.read(store.keys, new.contact_id, id) == b"a photo"
    assert store.database.write_now(partial(joining.join, link=link, one_session=newer, files=files)) is not None
    finish_forgetting(store.database)
    assert folder.read(store.keys, old.contact_id, id) == b"a photo"
    assert folder.sweep(store.database) == 0
    store.database.write_now(partial(privacy.erase, conversation_id=old.conversation_id))
    assert folder.sweep(store.database) == 2
    assert list((tmp_path / "media").iterdir()) == []


@on_postgresql
def test_two_processes_that_join_the_same_chats_join_them_once(store: Store, pair: tuple[Standing, Standing]) -> None:
    old, new = pair
    link = typed(store, old, new)
    other = store.open()
    one = store.database._writers.executor.submit(join, store, link)
    second = other.write_now(partial(joining.join, link=link, one_session=newer, files=frozenset()))
    assert {one.result() is None, second is None} == {True, False}
    assert store.count(Outbox) == 0


@on_postgresql
def test_who_waited_for_a_chat_that_was_joined_finds_its_request_in_the_other(
    store: Store, pair: tuple[Standing, Standing]
) -> None:
    old, new = pair
    number = store.database.write_now(partial(live, standing=new, name="new"))
    link, seen = typed(store, old, new), Event()
    other = store.open()

    def look(unit: Unit) -> requests.RequestRow:
        row = requests.request(unit, number)
        seen.set()
        return row

    def act(unit: Unit) -> int:
        return requests.hold(unit, partial(look, unit)).conversation_id

    def joined_first(unit: Unit) -> Future[int]:
        assert joining.join(unit, link, newer, frozenset()) is not None
        waiting = other._writers.executor.submit(other._run, other._writers, act)
        assert seen.wait(10)
        return waiting

    assert store.database.write_now(joined_first).result(10) == old.conversation_id
