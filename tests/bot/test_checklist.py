"""The papers of a guide as a list to tick, in a talk without storage."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bot.channels.arrivals import Press, Words
from bot.channels.outgoing import Outgoing
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.testing import FakeClock, Talk
from bot.world import World
from i18n.locales import LOCALES
from tests.transcripts.script import plain

GUIDE = "driving-licence"
PAPERS = 7
SECRET = b"for tests only, 32 bytes long...."


@cache
def world() -> World:
    return build_world(Settings(), read_pack("serbia"), {}, SECRET)


def talk_at_the_list(language: str = "en", *, saves: bool = True, of: World | None = None) -> Talk:
    talk = Talk(of or world(), FakeClock())
    talk.opens(GUIDE, language)
    if saves:
        talk.person = replace(talk.person, consent="full")
    talk.presses(talk.world.catalog.text(language, "bot.intro.papers").string)
    return talk


def words_of(out: Outgoing | None) -> str:
    assert out is not None
    return plain("\n".join(paragraph.text for paragraph in out.paragraphs))


def ticked(talk: Talk) -> list[str]:
    return [paper for _, paper in talk.memory.ticks]


def test_a_press_ticks_a_paper_in_the_same_message_and_the_next_one_unticks_it() -> None:
    talk = talk_at_the_list()
    message = talk.state.anchor
    assert "0 of 7 ready" in words_of(talk.shown)
    talk.presses("☐ Foreign licence")
    assert "1 of 7 ready" in words_of(talk.shown)
    assert "✅ 1. Your valid foreign licence" in words_of(talk.shown)
    talk.presses("✅ Foreign licence")
    assert "0 of 7 ready" in words_of(talk.shown)
    assert talk.state.anchor == message


def test_two_quick_presses_in_one_message_are_both_done_in_it() -> None:
    talk = talk_at_the_list()
    message = talk.state.anchor
    first, second = talk.button("Foreign licence"), talk.button("Translation")
    talk.says(Press(first.data))
    talk.says(Press(second.data))
    assert ticked(talk) == ["licence", "translation"]
    assert talk.state.anchor == message


def test_a_button_of_an_old_message_still_says_the_same_end_and_the_list_comes_below() -> None:
    talk = talk_at_the_list()
    old = talk.button("Foreign licence")
    message = talk.state.anchor
    talk.presses("Start")
    talk.says(Press(old.data))
    assert ticked(talk) == ["licence"]
    assert "1 of 7 ready" in words_of(talk.shown)
    assert talk.state.anchor != message
    talk.presses("Translation")
    talk.says(Press(old.data))
    assert sorted(ticked(talk)) == ["licence", "translation"]


@pytest.mark.parametrize("words", ["1 3 5", "1, 3, 5", "١ ٣ ٥", "۱،۳،۵", "1. 3. 5."])
def test_typed_numbers_turn_the_papers_that_stand_there(words: str) -> None:
    talk = talk_at_the_list("ar")
    talk.says(Words(words))
    assert ticked(talk) == ["licence", "identity", "medical"]
    talk.says(Words(words))
    assert ticked(talk) == []


def test_a_number_that_no_paper_has_turns_nothing() -> None:
    talk = talk_at_the_list()
    talk.says(Words("1 9"))
    assert ticked(talk) == []


def test_the_number_behind_the_papers_goes_on_in_the_guide() -> None:
    talk = talk_at_the_list()
    talk.says(Words(str(PAPERS + 1)))
    assert talk.state.session.run is not None


def test_all_papers_ticked_says_so_and_the_way_on_is_there() -> None:
    talk = talk_at_the_list()
    talk.says(Words("1 2 3 4 5 6 7"))
    assert "You have everything." in words_of(talk.shown)
    assert talk.button("Start")


def test_a_language_change_keeps_the_ticks_on_the_same_list() -> None:
    talk = talk_at_the_list()
    talk.presses("Foreign licence")
    talk.says(Words("Srpski"))
    assert words_of(talk.shown).count("✅") == 1
    assert talk.shown is not None
    assert talk.shown.locale == "sr_Latn"


def test_without_saving_nothing_is_ticked_and_one_line_says_why() -> None:
    talk = talk_at_the_list(saves=False)
    assert "You can tick papers when we may remember them." in words_of(talk.shown)
    assert "☐" not in words_of(talk.shown)
    talk.says(Words("1 3"))
    assert ticked(talk) == []
    talk.presses("OK, remember them")
    assert "0 of 7 ready" in words_of(talk.shown)


def test_a_tick_button_pressed_after_saving_was_taken_back_ticks_nothing() -> None:
    talk = talk_at_the_list()
    old = talk.button("Foreign licence")
    talk.person = replace(talk.person, consent="unsaved")
    talk.says(Press(old.data))
    assert ticked(talk) == []
    assert "You can tick papers" in words_of(talk.shown)


def test_ticks_go_by_the_id_of_a_paper_so_an_edited_guide_keeps_them() -> None:
    talk = talk_at_the_list()
    talk.presses("Translation")
    gone = talk.button("Foreign licence")
    pack = world().pack
    edited = pack.guides[GUIDE].model_copy(update={"papers": tuple(reversed(pack.guides[GUIDE].papers[1:]))})
    changed = replace(world(), pack=replace(pack, guides={**pack.guides, GUIDE: edited}))
    talk.world = talk.memory.world = changed
    talk.says(Press(gone.data))
    assert "1 of 6 ready" in words_of(talk.shown)
    assert "✅ 6. Translation by a court interpreter" in words_of(talk.shown)


def test_every_list_of_the_shipped_guides_fits_its_buttons_in_every_language() -> None:
    for guide in (guide for guide in world().guides.values() if guide.papers):
        for language in world().pickable:
            talk = Talk(world(), FakeClock())
            talk.opens(guide.id, language)
            talk.person = replace(talk.person, consent="full")
            talk.presses(world().catalog.text(language, "bot.intro.papers").string)
            assert talk.shown is not None
            boxes = [button for row in talk.shown.rows for button in row if "☐" in button.label]
            assert len(boxes) == len(guide.papers), LOCALES[language].name
            assert all(len(button.data.encode()) <= 64 for button in boxes)
