"""W3: what a channel tells of a message later is applied forward only, whatever comes first or twice."""

from __future__ import annotations

from itertools import permutations

from sqlalchemy import select, update

from storage import handoff, messages, requests
from storage.deliveries import Delivery, Told, note_told
from storage.messages import Said
from storage.outcomes import AnswerLost, Outcome, Sent
from storage.requests import NewRequest
from storage.rows import AddressState, OutboxState, OutClass
from storage.tables import Address, Outbox, Timer
from storage.unit_of_work import Unit
from tests.storage.build import ACCOUNT, CHANNEL, Store, reply


def told(row: int, delivery: Delivery, reason: str = "", *, gone: bool = False, account: str = ACCOUNT) -> Told:
    return Told(CHANNEL, account, row, delivery, reason, gone)


def hear(store: Store, *news: Told) -> int:
    return store.database.write_now(lambda unit: note_told(unit, news))


def sent_row(store: Store) -> int:
    """Something that the channel took."""
    standing = store.newcomer()
    (id,) = store.say(standing, reply("a"))
    assert id is not None
    store.settle(store.claim()[0], Sent("wamid"))
    return id


def state(store: Store) -> list[tuple[str, str | None, int]]:
    found = select(Outbox.state, Outbox.reason, Outbox.delivery).order_by(Outbox.id)
    return store.database.read_now(lambda unit: [(row[0], row[1], row[2]) for row in unit.connection.execute(found)])


def test_w3_all_120_orders_end_the_same(store: Store) -> None:
    row = sent_row(store)
    steps = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED, Delivery.DELIVERED)
    orders = list(permutations(range(5)))
    assert len(orders) == 120
    for order in orders:
        hear(store, *(told(row, steps[at], "undeliverable") for at in order))
        assert state(store) == [("failed", "undeliverable", 4)]
        _forget_news(store)
    for order in permutations((Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.DELIVERED)):
        hear(store, *(told(row, step) for step in order))
        assert state(store) == [("sent", None, 3)]
        _forget_news(store)


def _forget_news(store: Store) -> None:
    before = update(Outbox).values(state=OutboxState.SENT, reason=None, delivery=0)
    store.database.write_now(lambda unit: unit.connection.execute(before).rowcount)


def test_news_of_a_row_of_another_account_changes_nothing(store: Store) -> None:
    row = sent_row(store)
    assert hear(store, told(row, Delivery.READ, account="another"), told(row + 1, Delivery.READ)) == 0
    assert state(store) == [("sent", None, 0)]


def test_w10_news_settles_a_lost_answer_and_nothing_is_sent_again(store: Store) -> None:
    standing = store.newcomer()
    (row,) = store.say(standing, reply("a"))
    assert row is not None
    store.settle(store.claim()[0], AnswerLost(tells=True))
    assert state(store) == [("ready", "answer_lost", 0)]
    store.clock.forward(seconds=30)
    assert store.claim() == [], "news may still come"
    assert hear(store, told(row, Delivery.SENT)) == 1
    store.clock.forward(hours=1)
    assert store.claim() == []
    assert state(store) == [("sent", None, 1)]


def test_w10_where_no_news_comes_it_is_sent_once_more(store: Store) -> None:
    store.say(store.newcomer(), reply("a"))
    store.settle(store.claim()[0], AnswerLost(tells=True))
    store.clock.forward(minutes=2)
    (again,) = store.claim()
    store.settle(again, AnswerLost(tells=True))
    assert state(store) == [("uncertain", "answer_lost", 0)]
    assert hear(store, told(again.id, Delivery.DELIVERED)) == 1
    assert state(store) == [("sent", None, 2)]


def test_news_that_is_faster_than_the_answer_counts(store: Store) -> None:
    store.say(store.newcomer(), reply("a"))
    (claimed,) = store.claim()
    hear(store, told(claimed.id, Delivery.SENT))
    store.settle(claimed, AnswerLost(tells=True))
    assert state(store) == [("sent", None, 1)]


def test_an_address_that_cannot_be_reached_is_parked_until_the_person_writes(store: Store) -> None:
    row = sent_row(store)
    hear(store, told(row, Delivery.FAILED, "undeliverable", gone=True))
    assert store.column(Address.state) == [AddressState.UNKNOWN]


def answered(store: Store, outcome: Outcome) -> int:
    """A colleague answered a request; the outbox row of it, whose sending ended so."""
    standing = store.newcomer()
    (id,) = store.say(standing, reply("a", cls=OutClass.STAFF))
    assert id is not None

    def write(unit: Unit) -> None:
        number = requests.open_request(unit, standing, NewRequest("stuck", b"{}"))
        messages.keep(unit, standing, [Said("out", "assistant", "hello", 1, id)], request=number)

    store.database.write_now(write)
    store.settle(store.claim()[0], outcome)
    return id


def heard_of(store: Store) -> list[str]:
    """What happened to the request, by the news of its words."""
    return [kind for kind, *_ in store.database.read_now(lambda unit: handoff.events(unit, 1))]


def test_words_of_a_colleague_that_fail_after_they_were_sent_ring_for_their_request_once(store: Store) -> None:
    row = answered(store, Sent("wamid"))
    assert (heard_of(store), store.count(Timer)) == (["settled"], 0)
    failed = told(row, Delivery.FAILED, "undeliverable")
    hear(store, told(row, Delivery.DELIVERED), failed, failed)
    assert heard_of(store) == ["settled", "settled"], "open pages of the desk learn it"
    assert store.column(Timer.key) == ["unreached:1"]


def test_news_that_lost_words_of_a_colleague_arrived_is_noted_too_and_rings_for_nothing(store: Store) -> None:
    row = answered(store, AnswerLost(tells=True))
    hear(store, told(row, Delivery.SENT), told(row, Delivery.READ))
    assert heard_of(store) == ["settled", "settled"]
    assert store.count(Timer) == 0


def test_an_answer_of_the_house_that_fails_later_rings_for_nothing(store: Store) -> None:
    hear(store, told(sent_row(store), Delivery.FAILED, "undeliverable"))
    assert store.count(Timer) == 0
