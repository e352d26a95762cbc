"""Notices as they are written: what a change of a text makes of the version, and of a test that was made before."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from storage import notices
from storage.notices import NoNotice
from storage.unit_of_work import Unit
from tests.storage.build import Store


def written(store: Store) -> int:
    def write(unit: Unit) -> int:
        made = notices.create(unit, 7, "news")
        notices.set_text(unit, made, "en", "Room moved", "The class is in room 2.")
        notices.set_text(unit, made, "ar", "", "في الغرفة 2")
        for locale in ("en", "ar"):
            notices.mark_tested(unit, made, locale)
        return made

    return store.database.write_now(write)


def test_a_changed_text_is_untested_and_no_longer_checked_while_the_others_stay(store: Store) -> None:
    made = written(store)

    def change(unit: Unit) -> None:
        notices.set_checked(unit, made, "en", "reader")
        notices.set_text(unit, made, "en", "Room moved", "The class is in room 3.")

    store.database.write_now(change)
    found = store.database.read_now(lambda unit: notices.texts(unit, made))
    assert list(found) == ["ar", "en"]  # the one that was changed last comes last
    assert (found["en"].is_tested, found["en"].checked_by, found["ar"].is_tested) == (False, "", True)
    assert found["en"].version > found["ar"].version
    assert store.database.read_now(lambda unit: notices.notice(unit, made)).version == found["en"].version


def test_the_same_words_again_change_nothing_and_no_words_take_the_language_out(store: Store) -> None:
    made = written(store)
    before = store.database.read_now(lambda unit: notices.texts(unit, made))
    store.database.write_now(lambda unit: notices.set_text(unit, made, "ar", "", "في الغرفة 2"))
    store.database.write_now(lambda unit: notices.set_text(unit, made, "fr", "", ""))
    assert store.database.read_now(lambda unit: notices.texts(unit, made)) == before
    store.database.write_now(lambda unit: notices.set_text(unit, made, "ar", "", ""))
    assert list(store.database.read_now(lambda unit: notices.texts(unit, made))) == ["en"]


def test_what_is_seen_in_the_message_makes_every_text_untested_and_the_rest_does_not(store: Store) -> None:
    made = written(store)

    def tested() -> set[bool]:
        return {text.is_tested for text in store.database.read_now(lambda unit: notices.texts(unit, made)).values()}

    store.database.write_now(lambda unit: notices.set_about(unit, made, valid_until=date(2026, 12, 1), tag="T1"))
    store.database.write_now(lambda unit: notices.set_buttons(unit, made, "[]"))
    assert tested() == {True}
    store.database.write_now(lambda unit: notices.set_buttons(unit, made, '["other"]'))
    assert tested() == {False}
    for locale in ("en", "ar"):
        store.database.write_now(partial(notices.mark_tested, notice_id=made, locale=locale))
    store.database.write_now(lambda unit: notices.set_about(unit, made, category="safety"))
    assert tested() == {False}


def test_the_newest_stands_first_and_a_number_that_is_none_is_refused(store: Store) -> None:
    first, second = written(store), written(store)
    assert [row.id for row in store.database.read_now(lambda unit: notices.notices(unit, 10))] == [second, first]
    with pytest.raises(NoNotice):
        store.database.write_now(lambda unit: notices.set_text(unit, 99, "en", "", "x"))
    with pytest.raises(NoNotice):
        store.database.read_now(lambda unit: notices.notice(unit, 99))
