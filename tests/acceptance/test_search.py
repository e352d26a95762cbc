"""Dialogues D5 and D6 over Telegram, and what is kept of messages that nobody understood."""

from __future__ import annotations

from itertools import pairwise

from bot.house import House
from bot.sandbox.chats import BotMessage
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer
from storage import messages
from storage.misses import GAP, PEOPLE, misses
from storage.requests import open_requests
from tests.acceptance.houses import stored
from tests.acceptance.walks import arrive, labels, plain, tap

DARI = {"language": "دری", "licence": "لیسنس رانندگی"}


async def at_home(telegram: TelegramServer, number: int, language: str = "English", consent: int = 0) -> Person:
    """A person at the home screen. consent: which of its buttons they pressed (0: OK, 1: without saving)."""
    person = telegram.person(number, language_code="en")
    asked = await arrive(person, [language])
    await tap(person, labels(asked)[consent])
    return person


async def hears(person: Person, words: str) -> BotMessage:
    await person.says(words)
    (shown,) = await person.hears()
    return shown


async def test_d5_latin_letters_and_slips_find_the_guide_and_none_of_these_is_a_miss(
    house: House, telegram: TelegramServer
) -> None:
    person = await at_home(telegram, 5001, DARI["language"])
    found = await hears(person, "govahiname ranendegi cheghadr mishe")
    step, guide, none = labels(found)[:3]
    assert DARI["licence"] in found.text
    assert guide.endswith(DARI["licence"])
    assert not any(word in found.text + step + guide for word in ("govahi", "ranandegi", "licence"))
    missed = await tap(person, none)
    assert len([label for label in labels(missed) if label[:1] in "🚗🩺🦠"]) == 3
    again = await hears(person, "lasens")
    assert labels(again)[0].endswith(DARI["licence"])
    assert len(labels(again)) == 5
    opened = await tap(person, labels(again)[0])
    assert opened.text.startswith("🚗")
    ((topic, locale, words),) = stored(house, "SELECT topic, locale, words FROM miss")
    assert (topic, locale, words) == ("", "fa_AF", "govahiname ranendegi cegadr mise")
    assert telegram.violations == []


async def test_d5_a_step_that_was_found_is_read_without_moving_in_the_guide(
    house: House, telegram: TelegramServer
) -> None:
    person = await at_home(telegram, 5002)
    found = await hears(person, "how much is the driving lisence")
    assert "Make the payment slip" in found.text
    step = await tap(person, "Read this step")
    assert "Make the payment slip" in step.text
    assert [label for label in labels(step) if label.endswith("Start")]


async def test_d6_a_subject_without_a_guide_leads_to_a_person_with_the_words_and_is_counted_as_a_gap(
    house: House, telegram: TelegramServer
) -> None:
    person = await at_home(telegram, 6001)
    answer = await hears(person, "where can I get food today")
    assert "I do not have a guide for this: food." in plain(answer.text)
    confirmed = await tap(person, "Ask a person")
    assert "Request number 1" in plain(confirmed.text)
    (request,) = await house.database.read(open_requests)
    (kept,) = await house.database.read(lambda unit: messages.of_request(unit, request.number))
    assert (request.type, kept.text) == ("question", "where can I get food today")
    ((topic, locale, words),) = stored(house, "SELECT topic, locale, words FROM miss")
    assert (topic, locale, words) == ("food", "en", "where can get food today")
    assert telegram.violations == []


async def test_the_second_miss_in_a_row_offers_a_person_and_no_sentence_comes_twice_in_a_row(
    house: House, telegram: TelegramServer
) -> None:
    person = await at_home(telegram, 5003)
    shown = [
        plain((await hears(person, words)).text).splitlines()[0] for words in ("blorb", "zonkt", "frumpl", "kwelp")
    ]
    assert shown[0] == "I did not understand. Press a button, or Person."
    assert "A person can help you with this." in shown[1]
    assert all(one != other for one, other in pairwise(shown))
    await tap(person, "Ask a person")
    (request,) = await house.database.read(open_requests)
    (kept,) = await house.database.read(lambda unit: messages.of_request(unit, request.number))
    assert kept.text == "kwelp"


async def test_nothing_of_a_miss_is_kept_without_consent(house: House, telegram: TelegramServer) -> None:
    person = await at_home(telegram, 5004, consent=1)
    await hears(person, "blorb")
    await hears(person, "food")
    assert stored(house, "SELECT count(*) FROM miss") == [(0,)]
    assert stored(house, "SELECT count(*) FROM miss_word") == [(0,)]


async def test_a_word_that_is_not_ours_is_written_down_only_when_several_people_used_it(
    house: House, telegram: TelegramServer
) -> None:
    for number in range(PEOPLE):
        person = await at_home(telegram, 7000 + number)
        await hears(person, "frumpl where")
        await hears(person, "frumpl where")
    kept = {row.words: row.count for row in await house.database.read(misses)}
    assert kept == {f"{GAP} where": 2 * (PEOPLE - 1), "frumpl where": 2}
    assert stored(house, "SELECT count(*) FROM miss_word") == [(PEOPLE,)]
