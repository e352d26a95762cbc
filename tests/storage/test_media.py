from __future__ import annotations

from pathlib import Path

import pytest

from storage import clearing, handoff, media, requests
from storage.crypto import Tampered
from storage.forgetting import forget
from storage.keys import KeyGone, contact_key
from storage.media import A_DAY, MediaState, NewMedia, Wanted
from storage.media_folder import Folder
from storage.outcomes import Sent
from storage.requests import NewRequest
from storage.retention import Periods, expire
from storage.rows import Arrival, Standing
from storage.tables import Inbox, Media, Outbox
from storage.unit_of_work import Unit
from tests.storage.build import ACCOUNT, CHANNEL, MORNING, Store, arrival, reply

PHOTO = b"\xff\xd8\xff planted words in a photo"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "media")


@pytest.fixture
def person(store: Store) -> Standing:
    """Somebody with a request."""
    standing = store.newcomer()
    store.database.write_now(lambda unit: requests.open_request(unit, standing, NewRequest("stuck", b"{}")))
    return standing


def send(store: Store, person: Standing, new: NewMedia | None = None) -> bool:
    """They send something with it."""
    new = new or NewMedia("photo", "file-1", size=100)
    return store.database.write_now(lambda unit: media.add_media(unit, person, new, 1)) is not None


def wanted(store: Store, *channels: str) -> list[Wanted]:
    return store.database.read_now(lambda unit: media.wanted(unit, channels or (CHANNEL,), 10))


def settle(store: Store, id: int, state: MediaState = MediaState.KEPT) -> bool:
    return store.database.write_now(lambda unit: media.settle_media(unit, id, state, type="image/jpeg", size=3))


def test_what_was_sent_is_wanted_until_it_is_settled_and_then_its_address_is_blanked(
    store: Store, person: Standing
) -> None:
    assert send(store, person)
    (row,) = wanted(store)
    assert (row.ref, row.kind, row.channel, row.contact_id) == ("file-1", "photo", CHANNEL, person.contact_id)
    assert settle(store, row.id)
    assert (wanted(store), store.column(Media.sealed)) == ([], [None])
    assert not settle(store, row.id, MediaState.LOST)
    (kept,) = store.database.read_now(lambda unit: media.of_request(unit, 1))
    assert (kept.state, kept.type, kept.size) == (MediaState.KEPT, "image/jpeg", 3)


@pytest.mark.parametrize("state", [MediaState.KEPT, MediaState.REFUSED, MediaState.LOST])
def test_what_became_of_a_file_is_noted_for_its_request_once(store: Store, person: Standing, state: MediaState) -> None:
    send(store, person)
    (row,) = wanted(store)
    assert [settle(store, row.id, state), settle(store, row.id, state)] == [True, False]
    happened = store.database.read_now(lambda unit: handoff.events(unit, 1))
    assert [(kind, detail) for kind, _, detail, _ in happened] == [("file", state)]


def test_a_process_is_offered_only_the_files_of_channels_that_it_serves(store: Store, person: Standing) -> None:
    send(store, person)
    assert wanted(store, "webchat") == []


def test_a_file_that_failed_waits_for_its_time(store: Store, person: Standing) -> None:
    send(store, person)
    (row,) = wanted(store)
    later = store.clock.now.replace(minute=5)
    store.database.write_now(lambda unit: media.try_later(unit, row.id, later))
    assert wanted(store) == []
    store.clock.forward(minutes=5)
    assert [row.tries for row in wanted(store)] == [1]


def test_the_twenty_first_of_a_day_is_not_written_down(store: Store, person: Standing) -> None:
    assert [send(store, person) for _ in range(A_DAY + 1)] == [True] * A_DAY + [False]
    assert store.count(Media) == A_DAY
    store.clock.forward(hours=25)
    assert send(store, person)


def test_a_place_is_kept_at_once_and_read_back(store: Store, person: Standing) -> None:
    send(store, person, NewMedia("place", "geo:44.8,20.4", is_place=True))
    (row,) = store.database.read_now(lambda unit: media.of_request(unit, 1))
    assert (row.state, wanted(store)) == (MediaState.KEPT, [])
    assert store.database.read_now(lambda unit: media.place(unit, row.id)) == "geo:44.8,20.4"


def test_by_what_a_file_is_fetched_is_never_taken_for_a_place(store: Store, person: Standing) -> None:
    send(store, person)
    (row,) = wanted(store)
    assert store.database.read_now(lambda unit: media.place(unit, row.id)) is None


def test_a_file_is_unreadable_on_the_disk_and_bound_to_its_row(
    store: Store, person: Standing, folder: Folder, tmp_path: Path
) -> None:
    folder.write(store.keys, person.contact_id, 5, PHOTO)
    (file,) = (tmp_path / "media").iterdir()
    assert b"planted" not in file.read_bytes()
    assert folder.read(store.keys, person.contact_id, 5) == PHOTO
    file.rename(file.with_name(f"{6:016x}"))
    with pytest.raises(Tampered):
        folder.read(store.keys, person.contact_id, 6)


def test_forgetting_takes_rows_files_and_the_key_that_opened_a_copy(
    store: Store, person: Standing, folder: Folder, tmp_path: Path
) -> None:
    send(store, person)
    (row,) = wanted(store)
    folder.write(store.keys, person.contact_id, row.id, PHOTO)
    settle(store, row.id)
    assert folder.sweep(store.database) == 0
    forget(store.database, person.conversation_id)
    assert folder.sweep(store.database) == 1
    assert (store.count(Media), list((tmp_path / "media").iterdir())) == (0, [])
    with pytest.raises(KeyGone):
        folder.write(store.keys, person.contact_id, row.id, PHOTO)


def test_a_half_written_file_stays_while_it_is_wanted_and_is_swept_when_it_is_not(
    store: Store, person: Standing, folder: Folder, tmp_path: Path
) -> None:
    send(store, person)
    (row,) = wanted(store)
    (tmp_path / "media").mkdir()
    draft = tmp_path / "media" / f"{row.id:016x}.part"
    draft.write_bytes(b"half")
    assert folder.sweep(store.database) == 0
    forget(store.database, person.conversation_id)
    assert folder.sweep(store.database) == 1


def test_a_folder_that_is_not_there_yet_is_swept_without_an_error(store: Store, folder: Folder) -> None:
    assert folder.sweep(store.database) == 0


def test_after_thirty_days_what_was_sent_goes_although_the_request_is_open(store: Store, person: Standing) -> None:
    send(store, person)
    store.clock.forward(days=29)
    assert expire(store.database, store.clock.now, Periods())["media"] == 0
    store.clock.forward(days=2)
    assert expire(store.database, store.clock.now, Periods())["media"] == 1


def test_a_file_of_somebody_whose_key_is_gone_is_not_offered(store: Store, person: Standing) -> None:
    send(store, person)
    store.keys.destroy([contact_key(person.contact_id)])
    assert wanted(store) == []


# Clearing a chat


def written(external_id: str, message_id: str) -> Arrival:
    return Arrival(CHANNEL, ACCOUNT, external_id, "chat-1", "words", b"hello", MORNING, message_id)


def take(store: Store, person: Standing) -> list[str]:
    return store.database.write_now(lambda unit: clearing.take_message_ids(unit, person))


def test_both_sides_messages_are_found_once_in_their_order(store: Store) -> None:
    person = store.newcomer()
    store.accept(written("u2", "9"), written("u3", "11"))
    store.say(person, reply("a"))
    store.settle(store.claim()[0], Sent("10"))
    assert take(store, person) == ["9", "10", "11"]
    assert take(store, person) == []
    assert store.count(Inbox, Inbox.provider_sealed.is_not(None)) == 0
    assert store.count(Outbox, Outbox.provider_sealed.is_not(None)) == 0


def test_what_is_older_than_two_days_is_not_found_and_not_kept(store: Store) -> None:
    person = store.newcomer()
    store.accept(written("u2", "9"))
    store.clock.forward(hours=49)
    expire(store.database, store.clock.now, Periods(unsaved=Periods().progress))
    assert store.count(Inbox, Inbox.provider_sealed.is_not(None)) == 0
    assert take(store, person) == []


def test_other_peoples_messages_are_not_found(store: Store) -> None:
    person = store.newcomer()
    other = store.newcomer("chat-2")
    store.accept(written("u2", "9"))
    assert take(store, other) == []
    assert take(store, person) == ["9"]


def test_the_ids_are_sealed(store: Store) -> None:
    store.accept(Arrival(CHANNEL, ACCOUNT, "u2", "chat-1", "words", b"hello", MORNING, "4242424242"))
    (sealed,) = store.column(Inbox.provider_sealed)
    assert b"4242424242" not in sealed


def test_an_arrival_without_an_id_is_nothing_to_clear(store: Store) -> None:
    person = store.newcomer()
    store.accept(arrival("u2"))
    assert take(store, person) == []


def test_what_is_taken_is_taken_with_the_unit_or_not_at_all(store: Store) -> None:
    person = store.newcomer()
    store.accept(written("u2", "9"))

    def fail(unit: Unit) -> None:
        clearing.take_message_ids(unit, person)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.database.write_now(fail)
    assert take(store, person) == ["9"]
