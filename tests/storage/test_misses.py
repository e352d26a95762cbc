"""What nobody understood: counted, without names, and not for ever."""

from __future__ import annotations

from datetime import timedelta

from storage.content_tables import Miss, MissWord
from storage.misses import GAP, PEOPLE, Missed, Word, misses, note_miss
from storage.retention import Periods, expire
from tests.storage.build import Store

OURS, STRANGE = Word("licence", ours=True), Word("frumpl", ours=False)


def note(store: Store, person: int, *words: Word, topic: str = "") -> None:
    store.database.write_now(lambda unit: note_miss(unit, person, topic, "en", words))


def listed(store: Store) -> list[Missed]:
    return store.database.read_now(misses)


def test_our_own_words_are_counted_and_the_most_frequent_come_first(store: Store) -> None:
    note(store, 1, OURS)
    note(store, 2, Word("food", ours=True), topic="food")
    note(store, 2, Word("food", ours=True), topic="food")
    assert [(row.topic, row.words, row.count) for row in listed(store)] == [("food", "food", 2), ("", "licence", 1)]
    assert listed(store)[0].last_day == store.clock.now.date()


def test_a_strange_word_stays_hidden_however_often_one_person_says_it(store: Store) -> None:
    for _ in range(2 * PEOPLE):
        note(store, 1, STRANGE, STRANGE, OURS)
    assert [row.words for row in listed(store)] == [f"{GAP} licence"]
    assert store.count(MissWord) == 1


def test_a_strange_word_is_shown_from_the_third_person_on(store: Store) -> None:
    for person in range(PEOPLE):
        note(store, person, STRANGE)
    assert {row.words: row.count for row in listed(store)} == {GAP: PEOPLE - 1, "frumpl": 1}


def test_two_words_of_one_person_leave_nothing_that_they_share(store: Store) -> None:
    for person in range(20):
        note(store, person, Word("frumpl", ours=False), Word("zonkt", ours=False))
    one, other = (sorted(store.column(MissWord.person_bits, MissWord.word_hash == word)) for word in _words(store))
    assert one != other


def _words(store: Store) -> list[bytes]:
    return sorted(set(store.column(MissWord.word_hash)))


def test_misses_go_when_their_period_is_over(store: Store) -> None:
    note(store, 1, STRANGE)
    period = Periods().misses
    store.clock.now += period
    assert "misses" not in {name for name, count in expire(store.database, store.clock.now, Periods()).items() if count}
    store.clock.now += timedelta(days=1)
    assert expire(store.database, store.clock.now, Periods())["misses"] == 2
    assert (store.count(Miss), store.count(MissWord)) == (0, 0)
