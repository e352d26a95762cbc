"""Rules of every walk: nothing is far from Home, and nobody is scolded."""

from __future__ import annotations

from functools import cache

import pytest

from bot.channels.arrivals import Press, Words
from bot.channels.outgoing import Outgoing
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.state import Place
from bot.testing import FakeClock, Talk
from bot.world import World
from tests.transcripts.script import plain


@cache
def world() -> World:
    return build_world(Settings(), read_pack("serbia"), {}, b"for tests only, 32 bytes long....")


def at_home(language: str = "en") -> Talk:
    talk = Talk(world(), FakeClock())
    talk.opens("driving-licence", language)
    talk.presses(said(language, "bot.nav.home"))
    return talk


def said(language: str, key: str) -> str:
    return world().catalog.text(language, key).string


def words_of(shown: Outgoing) -> str:
    return plain("\n".join(paragraph.text for paragraph in shown.paragraphs))


@pytest.mark.parametrize("guide", ["driving-licence", "medical", "covid"])
def test_every_guide_is_one_tap_from_home_and_its_first_step_two(guide: str) -> None:
    talk = at_home()
    talk.presses(said("en", f"{guide}.guide.title"))
    assert (talk.state.place, talk.state.guide) == (Place.INTRO, guide)
    talk.presses(said("en", "bot.intro.start"))
    assert talk.state.place in {Place.STEP, Place.END}


@pytest.mark.parametrize("language", ["en", "ar", "fa_AF", "fr"])
def test_not_urgent_leads_back_to_the_step_and_says_nothing_more(language: str) -> None:
    talk = Talk(world(), FakeClock())
    talk.opens("driving-licence", language)
    (step,) = talk.presses(said(language, "bot.intro.start"))
    talk.says(Words("/urgent"))
    (back,) = talk.presses(said(language, "bot.urgent.not_urgent"))
    assert words_of(back) == words_of(step)


def test_two_devices_stand_at_the_same_step_whichever_one_is_used() -> None:
    """Both show the same messages; a press on the one makes the other's buttons old, never wrong."""
    talk = Talk(world(), FakeClock())
    talk.opens("driving-licence", "en")
    (first,) = talk.presses(said("en", "bot.intro.start"))
    (second,) = talk.presses("No")
    (again,) = talk.says(Press(first.rows[0][0].data))
    assert words_of(again) == f"⚠️ {said('en', 'bot.notice.stale')}\n{words_of(second)}"
