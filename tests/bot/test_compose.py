"""A card in one language: fallbacks wear a label, icons are mirrored, two buttons share a row where that is easy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bot.actions import Act, Action, read
from bot.cards import Card, Key, Line, Local, Msg, key, text
from bot.compose import PAIR_LABEL, compose
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.world import World
from flows.limits import utf16

ADDRESS = 7
PLAIN = Card((text("bot.home.title"),), nav=False)


@cache
def shipped() -> World:
    """The content as it is shipped."""
    return build_world(Settings(organisation="Test organisation"), read_pack("serbia"), {}, b"k" * 32)


@pytest.fixture
def world() -> World:
    """The shipped world, with one text that nobody has translated yet."""
    found = shipped()
    news = found.catalog.with_overrides({("en", "bot.home.title"): "Something new"})
    return replace(found, catalog=news)


def labels(world: World, locale: str, card: Card) -> list[list[str]]:
    return [[button.label for button in row] for row in compose(world, locale, card, 1, ADDRESS).rows]


def test_a_text_that_lacks_is_shown_in_the_nearest_language_with_a_label_that_says_so(world: World) -> None:
    shown = compose(world, "ar", PLAIN, 1, ADDRESS)
    first, label = shown.paragraphs
    assert first.text == "Something new"
    assert "English" in label.text
    assert label.text != world.catalog.text("en", "bot.notice.missing", language="English").string


def test_several_texts_that_lack_are_told_of_once(world: World) -> None:
    twice = Card((text("bot.home.title"), text("bot.home.title")), nav=False)
    assert len(compose(world, "fa_AF", twice, 1, ADDRESS).paragraphs) == 3


def test_a_text_that_is_there_wears_no_label() -> None:
    for locale in shipped().pickable:
        assert len(compose(shipped(), locale, PLAIN, 1, ADDRESS).paragraphs) == 1


@pytest.mark.parametrize(("locale", "arrow"), [("en", "⬅️"), ("sr_Cyrl", "⬅️"), ("fa_AF", "➡️"), ("ar", "➡️")])
def test_the_arrow_back_points_to_where_reading_begins_and_the_order_stays(locale: str, arrow: str) -> None:
    (row,) = labels(shipped(), locale, Card((text("bot.home.title"),)))
    assert [label.split()[0] for label in row] == [arrow, "🏠", "🙋"]


@pytest.mark.parametrize(("length", "rows"), [(PAIR_LABEL, 1), (PAIR_LABEL + 1, 2)])
def test_two_buttons_share_a_row_only_where_both_are_short(length: int, rows: int) -> None:
    pair = (Key(Action(Act.HOME), Local("x")), Key(Action(Act.URGENT), Local("y" * length)))
    assert len(labels(shipped(), "en", Card((), (pair,), nav=False))) == rows


def test_from_right_to_left_every_button_has_its_row_but_the_fixed_ones() -> None:
    pair = (Key(Action(Act.HOME), Local("x")), Key(Action(Act.URGENT), Local("y")))
    assert [len(row) for row in labels(shipped(), "ar", Card((), (pair,)))] == [1, 1, 3]


def test_buttons_carry_the_screen_and_are_signed_for_the_address() -> None:
    shown = compose(
        shipped(), "en", Card((), ((key(Act.GUIDE, "bot.nav.home", None, "driving-licence"),),)), 12, ADDRESS
    )
    data = shown.rows[0][0].data
    assert read(data, shipped().button_key, ADDRESS) == Action(Act.GUIDE, ("driving-licence",), 12)
    assert read(data, shipped().button_key, ADDRESS + 1) is None


@pytest.mark.parametrize("locale", ["en", "fa_AF", "ar", "sr_Latn", "sr_Cyrl"])
def test_what_is_filled_in_stands_between_isolates(locale: str) -> None:
    line = Line(
        (Msg("bot.request.contact", {"name": "CRPC", "phone": "+381 60", "purpose": Msg("bot.request.legal")}),)
    )
    (said,) = compose(shipped(), locale, Card((line,), nav=False), 1, ADDRESS).paragraphs
    assert "\u2068CRPC\u2069" in said.text
    assert "\u2068+381 60\u2069" in said.text
    assert said.text.count("\u2068") == said.text.count("\u2069") == 3


def test_length_is_counted_in_utf_16_units() -> None:
    assert utf16("🙋") == 2
