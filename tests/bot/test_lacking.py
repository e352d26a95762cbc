"""My language is not here: it is named, counted, and a person is one tap away."""

from __future__ import annotations

from functools import cache

import pytest

from bot.channels.arrivals import Words
from bot.lacking import LABEL, missing, others_key
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.state import Place
from bot.testing import FakeClock, Talk
from bot.world import World
from flows.limits import utf16
from i18n.locales import LOCALES


@cache
def world() -> World:
    return build_world(Settings(), read_pack("serbia"), {}, b"for tests only, 32 bytes long....")


def stranger() -> Talk:
    talk = Talk(world(), FakeClock())
    talk.says(Words("/start"))
    return talk


def label() -> str:
    return others_key(world()).label.text  # type: ignore[union-attr]


def test_the_picker_leads_to_all_languages_that_we_know_by_name_and_lack() -> None:
    talk = stranger()
    assert utf16(label()) <= LABEL
    (shown,) = talk.presses(label())
    offered = {button.label for row in shown.rows for button in row}
    assert {LOCALES[code].name for code in missing(world())} <= offered
    assert talk.state.place is Place.OTHERS


@pytest.mark.parametrize(("code", "near"), [("ps", "fa_AF"), ("rn", "fr"), ("so", "en")])
def test_a_language_that_we_lack_is_named_and_counted_and_the_nearest_offered(code: str, near: str) -> None:
    talk = stranger()
    talk.presses(label())
    (shown,) = talk.presses(LOCALES[code].name)
    assert shown.locale == near
    assert talk.memory.languages == [code]
    assert LOCALES[code].name in shown.paragraphs[0].text
    talk.presses(LOCALES[near].name)
    assert (talk.person.locale, talk.state.place) == (near, Place.CONSENT)


def test_a_person_is_reached_without_choosing_another_language() -> None:
    talk = stranger()
    talk.presses(label())
    talk.presses(LOCALES["rn"].name)
    talk.presses(world().catalog.text("fr", "bot.nav.person").string)
    (asked,) = talk.memory.requests
    assert (asked.type, asked.locale) == ("language", "fr")
    assert asked.answers["language"] == "rn"
    assert talk.person.locale == ""


@pytest.mark.parametrize("typed", ["kirundi", "Soomaali", "پښتو"])
def test_typing_a_language_that_we_lack_leads_there_too(typed: str) -> None:
    talk = stranger()
    talk.says(Words(typed))
    assert talk.state.place is Place.LACKING


def test_back_leads_to_the_picker() -> None:
    talk = stranger()
    talk.presses(label())
    talk.presses(LOCALES["rn"].name)
    talk.presses(world().catalog.text("fr", "bot.nav.back").string)
    assert talk.state.place is Place.PICKER


def at_home() -> Talk:
    talk = stranger()
    for label in (LOCALES["en"].name, "OK, continue"):
        talk.presses(label)
    return talk


@pytest.mark.parametrize("in_a_guide", [False, True])
def test_who_chose_a_language_already_reaches_a_person_from_the_fixed_row(in_a_guide: bool) -> None:
    talk = at_home()
    if in_a_guide:
        talk.says(Words("/start driving-licence"))
        talk.presses("Start")
    talk.says(Words("kirundi"))
    talk.presses("Person")
    (asked,) = talk.memory.requests
    assert (asked.type, asked.locale, asked.guide is not None) == ("language", "en", in_a_guide)
    assert asked.answers["language"] == "rn"


def test_back_from_a_language_that_we_lack_leads_to_where_one_was() -> None:
    talk = at_home()
    talk.says(Words("kirundi"))
    talk.presses("Back")
    assert talk.state.place is Place.HOME


def test_back_from_the_languages_that_we_lack_leads_to_the_picker() -> None:
    talk = at_home()
    talk.says(Words("/language"))
    talk.presses(label())
    talk.presses("Back")
    assert talk.state.place is Place.PICKER
