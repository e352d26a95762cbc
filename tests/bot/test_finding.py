"""Words that are no command and no answer, in a talk without storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from bot.channels.arrivals import Words
from bot.channels.outgoing import Outgoing
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.state import Place
from bot.testing import FakeClock, Talk
from bot.world import World
from tests.transcripts.script import plain

MISS = "I did not understand."


@cache
def world() -> World:
    return build_world(Settings(), read_pack("serbia"), {}, b"for tests only, 32 bytes long....")


def talk_in_a_guide(language: str = "en", *, saves: bool = True) -> Talk:
    """At the first question of the licence guide."""
    talk = Talk(world(), FakeClock())
    talk.opens("driving-licence", language)
    talk.person = replace(talk.person, consent="full" if saves else "unsaved")
    talk.presses(world().catalog.text(language, "bot.intro.start").string)
    return talk


def says(talk: Talk, words: str) -> str:
    (shown,) = talk.says(Words(words))
    return words_of(shown)


def words_of(out: Outgoing) -> str:
    return plain("\n".join(paragraph.text for paragraph in out.paragraphs))


def labels(talk: Talk) -> list[str]:
    assert talk.shown is not None
    return [button.label for row in talk.shown.rows for button in row]


@pytest.mark.parametrize("words", ["thanks", "ok", "?", "hello", "🙏", "شكرا", "hvala"])
def test_small_talk_gets_a_line_and_no_menu_and_the_open_question_stands(words: str) -> None:
    talk = talk_in_a_guide()
    answer = says(talk, words)
    assert len(answer.splitlines()) == 1
    assert MISS not in answer
    assert labels(talk) == ["⬅️ Back", "🏠 Home", "🙋 Person"]
    says(talk, "yes")
    assert talk.state.step == "fear-wait"


def test_an_answer_to_the_open_question_comes_before_small_talk_and_search() -> None:
    talk = talk_in_a_guide()
    says(talk, "no")
    assert talk.state.step == "status"


def test_a_button_is_known_with_one_slip_in_its_label() -> None:
    talk = talk_in_a_guide()
    says(talk, "no")
    says(talk, "refuge status")
    assert talk.state.step == "holding"


def test_an_insult_gets_a_neutral_line_with_person_and_is_no_miss() -> None:
    talk = talk_in_a_guide()
    assert "press Person" in says(talk, "you idiot bot")
    assert talk.memory.misses == []


def test_a_miss_in_a_guide_offers_topics_and_the_way_back_into_it() -> None:
    talk = talk_in_a_guide()
    assert MISS in says(talk, "blorb")
    assert [label[0] for label in labels(talk)[:4]] == ["▶", "🚗", "🩺", "🦠"]
    talk.presses("Continue")
    assert (talk.state.place, talk.state.step) == (Place.STEP, "fear")


def test_understood_words_between_two_misses_begin_the_count_anew() -> None:
    talk = talk_in_a_guide()
    says(talk, "blorb")
    talk.presses("Home")
    assert (talk.state.misses, talk.state.asked) == (0, "")
    assert MISS in says(talk, "blorb")


def test_none_of_these_counts_as_a_miss_once() -> None:
    talk = talk_in_a_guide()
    says(talk, "covid")
    talk.presses("None of these")
    assert talk.state.misses == 1
    assert talk.memory.misses == [("", "covid")]
    assert "A person can help" in says(talk, "blorb")


def test_a_miss_is_not_noted_of_who_did_not_agree_to_saving() -> None:
    talk = talk_in_a_guide(saves=False)
    says(talk, "blorb")
    says(talk, "food")
    assert talk.memory.misses == []


def test_the_words_go_to_a_person_with_one_tap_also_by_the_button_that_is_always_there() -> None:
    for button in ("Ask a person", "🙋 Person"):
        talk = talk_in_a_guide()
        says(talk, "blorb")
        assert "Your words: zonkt please" in says(talk, "zonkt please")
        talk.presses(button)
        assert talk.memory.joined == [(1, "zonkt please")]
        assert talk.state.asked == ""


def test_a_language_chosen_on_a_found_screen_shows_the_same_screen_in_it() -> None:
    talk = talk_in_a_guide()
    says(talk, "covid")
    says(talk, "العربية")
    assert talk.state.place is Place.FOUND
    assert labels(talk)[0] == "🦠 " + world().catalog.text("ar", "covid.guide.title").string


def test_who_writes_twice_in_another_script_is_offered_its_languages_once() -> None:
    talk = talk_in_a_guide()
    offer = "Do you want to go on in"
    assert offer not in says(talk, "خخخخ ژژژژ")
    assert offer in says(talk, "ژژژژ خخخخ")
    assert {"🌐 دری", "🌐 العربية"} <= set(labels(talk))
    before = talk.shown
    assert offer not in says(talk, "خخخخ")
    talk.shown = before
    talk.presses("العربية")
    assert talk.person.locale == "ar"


def test_an_offered_language_is_chosen_by_its_number_too_and_then_offered_no_more() -> None:
    talk = talk_in_a_guide()
    for words in ("خخخخ ژژژژ", "ژژژژ خخخخ"):
        says(talk, words)
    says(talk, str(labels(talk).index("🌐 العربية") + 1))
    assert talk.person.locale == "ar"
    assert not any(label.startswith("🌐") for label in labels(talk))


def test_latin_letters_offer_no_other_language() -> None:
    talk = talk_in_a_guide("fa_AF")
    for words in ("blorb", "zonkt", "frumpl"):
        says(talk, words)
        assert not any(label.startswith("🌐") for label in labels(talk))


def test_words_at_the_consent_question_that_find_nothing_put_it_again() -> None:
    talk = Talk(world(), FakeClock())
    talk.says(Words("English"))
    assert talk.state.place is Place.CONSENT
    assert MISS in says(talk, "blorb")
    assert talk.state.place is Place.CONSENT


def test_after_days_away_a_greeting_inside_a_guide_is_welcomed_back_and_not_only_greeted() -> None:
    talk = talk_in_a_guide()
    talk.clock.forward(timedelta(days=3))  # type: ignore[attr-defined]
    assert "Welcome back" in says(talk, "hello")
