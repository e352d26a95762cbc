"""News in a talk without storage: the list, one notice, questions about it, what is followed, a phrase a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import daily, towns
from bot.actions import Act, Action, sign
from bot.channels.arrivals import Press, Words
from bot.channels.traits import traits_of
from bot.testing import ADDRESS, FakeClock, Talk
from bot.world import PICKABLE
from flows.limits import LABEL, utf16
from notices import buttons
from notices.buttons import Does, NoticeButton
from storage.news import Told
from storage.series import Place as Progress
from tests.bot.test_checklist import words_of, world

CAFE = "Language café on Friday"
BODY = "We meet at 17:00.\nThere is tea."


def talk_at_news(language: str = "en", *, saves: bool = True) -> Talk:
    talk = Talk(world(), FakeClock())
    talk.opens("covid", language)
    if saves:
        talk.person = replace(talk.person, consent="full")
    talk.says(Words("/menu"))
    talk.presses("📣")
    return talk


def told(number: int = 12, head: str = CAFE, *, locale: str = "en", below: tuple[NoticeButton, ...] = ()) -> Told:
    sent = datetime(2026, 11, 22, 9, tzinfo=UTC)
    return Told(number, "event", date(2026, 11, 27), None, buttons.dump(below), sent, (), {locale: (head, BODY)})


def test_the_list_shows_five_at_a_time_and_one_notice_in_todays_words() -> None:
    talk = talk_at_news()
    talk.subscriptions.told = [told(number, f"Notice number {number}") for number in range(7, 0, -1)]
    talk.presses("Read the news")
    assert [n for n in range(1, 8) if f"Notice number {n}\n" in words_of(talk.shown)] == [3, 4, 5, 6, 7]
    assert "True until Friday 27 November 2026." in words_of(talk.shown)
    talk.presses("More news")
    assert "Notice number 2" in words_of(talk.shown)
    assert "Notice number 3" not in words_of(talk.shown)
    with pytest.raises(LookupError):
        talk.button("More news")
    talk.presses("Notice number 2")
    assert words_of(talk.shown).startswith("⏰ Notice number 2\nWe meet at 17:00.\nThere is tea.\n")
    talk.presses("Back")
    assert "Notice number 7" in words_of(talk.shown)


def test_a_notice_that_was_withdrawn_meanwhile_is_said_to_be_over() -> None:
    talk = talk_at_news()
    talk.subscriptions.told = [told()]
    talk.presses("Read the news")
    opens = talk.button(CAFE[:10])
    talk.subscriptions.told = []
    talk.says(Press(opens.data))
    assert words_of(talk.shown).startswith("⚠️ This is not valid any more.")
    assert "There is no news for you now." in words_of(talk.shown)


def test_a_notice_without_my_language_comes_in_the_nearest_with_a_line_that_says_so() -> None:
    talk = talk_at_news("fa")
    talk.subscriptions.told = [told(locale="fa_AF", head="خبر"), told(13, locale="en")]
    talk.says(Words("/news"))
    talk.presses("خبر")
    assert "(دری)" in words_of(talk.shown)


def test_pages_and_guides_below_a_notice_open_from_the_list_too() -> None:
    talk = talk_at_news()
    page = NoticeButton(Does.LINK, "https://example.org/cafe", {"en": "The place"})
    talk.subscriptions.told = [told(below=(page, NoticeButton(Does.GUIDE, "medical"), NoticeButton(Does.PERSON)))]
    talk.presses("Read the news")
    talk.presses(CAFE[:10])
    assert talk.button("The place").url == "https://example.org/cafe"
    talk.presses("Medical certificates")
    assert "Medical certificates" in words_of(talk.shown)


def test_a_link_that_nobody_named_in_the_language_of_the_words_is_called_open_the_page() -> None:
    talk = talk_at_news()
    page = NoticeButton(Does.LINK, "https://example.org/cafe", {"ar": "المكان"})
    talk.subscriptions.told = [told(below=(page,))]
    talk.presses("Read the news")
    talk.presses(CAFE[:10])
    assert talk.button("Open the page").url == "https://example.org/cafe"


def test_the_button_below_a_notice_opens_one_request_that_says_which_notice() -> None:
    talk = talk_at_news()
    talk.subscriptions.told = [told()]
    talk.presses("Read the news")
    talk.presses(CAFE[:10])
    ask = talk.button("Ask a question")
    talk.says(Press(ask.data))
    assert words_of(talk.shown).startswith(f"📣 Your question about: {CAFE}\n🙋 Request number 1.")
    talk.says(Words("Is there a room for prayer?"))
    assert talk.memory.joined == [(1, "Is there a room for prayer?")]
    talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
    talk.says(Press(ask.data))
    assert [(asked.type, asked.notice, asked.guide) for asked in talk.memory.requests] == [("question", 12, None)]


def test_words_after_a_notice_that_nothing_else_understands_are_a_question_about_it() -> None:
    """D12: "can i bring children"."""
    talk = talk_at_news()
    talk.subscriptions.told, talk.subscriptions.newest = [told()], 12
    talk.says(Words("/menu"))
    talk.says(Words("can i bring children"))
    assert f"Your question about: {CAFE}" in words_of(talk.shown)
    assert "Not about this? Press Home." in words_of(talk.shown)
    assert [asked.notice for asked in talk.memory.requests] == [12]
    assert talk.memory.joined == [(1, "can i bring children")]


def test_words_after_a_notice_that_mean_a_guide_still_find_it() -> None:
    talk = talk_at_news()
    talk.subscriptions.told, talk.subscriptions.newest = [told()], 12
    talk.says(Words("driving licence"))
    assert talk.memory.requests == []


def test_somebody_inside_a_guide_who_answers_a_notice_after_days_is_not_welcomed_back_instead() -> None:
    talk = Talk(world(), FakeClock())
    talk.opens("driving-licence", "en")
    talk.presses("Start")
    talk.clock.forward(timedelta(days=3))  # type: ignore[attr-defined]
    talk.subscriptions.told, talk.subscriptions.newest = [told()], 12
    talk.says(Words("can i bring children"))
    assert [(asked.notice, asked.guide) for asked in talk.memory.requests] == [(12, None)]


def test_the_town_is_offered_and_can_be_taken_back() -> None:
    talk = talk_at_news()
    assert "My town: Not said" in words_of(talk.shown)
    talk.presses("My town")
    assert "You need not say it." in words_of(talk.shown)
    talk.presses("More places")
    assert talk.shown is not None
    talk.presses(talk.shown.rows[0][0].label)
    assert talk.person.municipality
    talk.presses("My town")
    talk.presses("Not said")
    assert talk.person.municipality == ""
    assert "My town: Not said" in words_of(talk.shown)


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("Subotica", "subotica"), ("суботица", "subotica"), ("subotitsa", "subotica"), ("SUBOTCA", "subotica"),
        ("bela palanka", "bela-palanka"), ("belapalanka", "bela-palanka"), ("Sid", "sid"), ("Шид", "sid"),
        ("Kanjiža", "kanjiza"), ("kanjiza", "kanjiza"), ("Belgrade", "beograd"), ("بلگراد", "beograd"),
        ("Presevo", "presevo"), ("Lajkovac", "lajkovac"), ("Bujanovac", "bujanovac"), ("Vrane", "vranje"),
    ],
)  # fmt: skip
def test_a_town_may_be_typed_in_any_spelling(typed: str, id: str) -> None:
    talk = talk_at_news()
    talk.presses("My town")
    talk.says(Words(typed))
    assert talk.person.municipality == id
    talk.presses("Other places")
    talk.says(Words(typed))
    assert talk.subscriptions.followed == {f"place:{id}"}


@pytest.mark.parametrize("words", ["driving licence", "food", "novac", "sad", "?"])
def test_words_that_are_no_town_are_understood_as_everywhere(words: str) -> None:
    assert towns.meant(world(), words) is None


def test_every_town_is_found_by_both_its_names_and_stands_in_cyrillic_for_who_reads_so() -> None:
    for town in towns.towns(world()).values():
        assert towns.meant(world(), town.latin) == towns.meant(world(), town.cyrillic) == town.id
        assert towns.name(world(), town.id, "sr_Cyrl") == town.cyrillic
        assert towns.name(world(), town.id, "ar") == town.latin


def test_topics_and_places_are_switches_that_say_the_end_state() -> None:
    talk = talk_at_news()
    talk.presses("Topics")
    on = talk.button("Work")
    talk.says(Press(on.data))
    talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
    talk.says(Press(on.data))
    assert talk.subscriptions.followed == {"topic:work"}
    talk.presses("✅ Work")
    assert talk.subscriptions.followed == frozenset()
    talk.presses("Health")
    talk.presses("Back")
    assert "News about: Health" in words_of(talk.shown)
    talk.presses("Other places")
    talk.presses("More places")
    page = [button.label for row in (talk.shown.rows if talk.shown else ()) for button in row][:5]
    talk.presses(page[0])
    assert [button.label[1:] for row in (talk.shown.rows if talk.shown else ()) for button in row][:5] == [
        label[1:] for label in page
    ]


def test_the_places_come_in_pages_and_all_of_them_can_be_reached_by_number_too() -> None:
    talk = talk_at_news()
    talk.presses("Other places")
    seen: list[str] = []
    for _ in range(4):
        seen += [b.label[2:] for row in (talk.shown.rows if talk.shown else ()) for b in row if b.label[0] in "☐✅"]
        talk.presses("More places")
    assert len(set(seen)) == len(towns.towns(world())) == 18
    talk.presses("More places")
    second = next(b.label[2:] for row in (talk.shown.rows if talk.shown else ()) for b in row)
    talk.says(Words("1"))
    (followed,) = talk.subscriptions.followed
    assert towns.name(world(), followed.removeprefix("place:")) == second


def test_without_saving_nothing_is_followed_and_one_button_allows_it() -> None:
    talk = talk_at_news(saves=False)
    assert "only when we may remember you" in words_of(talk.shown)
    with pytest.raises(LookupError):
        talk.button("Topics")
    talk.says(Words("/phrases"))
    assert talk.subscriptions.progress == {}
    talk.presses("OK, remember them")
    assert talk.button("Topics")


def test_an_old_switch_of_somebody_who_took_saving_back_changes_nothing() -> None:
    talk = talk_at_news()
    talk.presses("Topics")
    old = talk.button("Work")
    talk.person = replace(talk.person, consent="unsaved")
    talk.says(Press(old.data))
    assert talk.subscriptions.followed == frozenset()


def test_a_phrase_a_day_is_asked_for_goes_on_where_it_was_and_begins_anew_after_its_end() -> None:
    talk = talk_at_news()
    talk.presses("A phrase a day")
    talk.presses("Start")
    # FakeClock's 09:00 UTC is 10:00 in Belgrade: too late for today's.
    assert talk.subscriptions.next_piece == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert "The next one comes: Tuesday 24 November 2026" in words_of(talk.shown)
    talk.subscriptions.progress["phrases"] = Progress(5, wanted=True)
    talk.presses("Back")
    talk.presses("A phrase a day")
    assert "You got 5 of 14." in words_of(talk.shown)
    talk.presses("Stop this")
    assert talk.subscriptions.progress["phrases"] == Progress(5, wanted=False)
    assert talk.subscriptions.next_piece is None
    talk.presses("Go on")
    assert talk.subscriptions.progress["phrases"] == Progress(5, wanted=True)
    talk.subscriptions.progress["phrases"] = Progress(14, wanted=False)
    talk.says(Words("phrase a day"))
    talk.presses("Start")
    assert talk.subscriptions.progress["phrases"] == Progress(0, wanted=True)


def test_every_piece_has_both_scripts_and_its_meaning_and_the_last_one_says_so() -> None:
    series = world().pack.series["phrases"]
    first, last = daily.card(series, 0), daily.card(series, len(series.parts) - 1)
    assert [getattr(line.texts[0], "text", "") for line in first.lines[:2]] == ["Dobar dan.", "Добар дан."]
    assert first.rows
    assert last.rows == ()
    assert len(series.parts) == 14


@pytest.mark.parametrize("language", PICKABLE)
def test_stop_stands_in_the_news_of_every_language_and_can_be_undone(language: str) -> None:
    talk = talk_at_news(language)
    talk.says(Words("/stop"))
    assert talk.person.stopped
    talk.says(Words("/news"))
    assert talk.shown is not None
    assert talk.shown.locale == language
    talk.says(Words("/menu"))
    talk.presses("📣")
    talk.presses("↩️")
    assert not talk.person.stopped


@pytest.mark.parametrize("language", PICKABLE)
def test_every_screen_of_news_fits_a_list_on_whatsapp_in_every_language(language: str) -> None:
    talk = talk_at_news(language)
    talk.subscriptions.told = [told(number, "ع" * 40) for number in range(7)]
    screens = [talk.shown]
    for act in (Act.NOTICES, Act.NOTICE, Act.NEWS, Act.TOWNS, Act.NEWS, Act.TOPICS, Act.NEWS, Act.PLACES, Act.SERIES):
        data = sign(Action(act, ("1",) if act is Act.NOTICE else ()), talk.world.button_key, ADDRESS)
        screens += talk.says(Press(data))[-1:]
        talk.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
    for shown in screens:
        assert shown is not None
        labels = [button.label for row in shown.rows for button in row]
        assert len(labels) <= (traits_of("whatsapp").buttons or 0)
        assert max(map(utf16, labels)) <= LABEL
