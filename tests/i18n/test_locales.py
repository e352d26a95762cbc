from __future__ import annotations

from gettext import c2py

import babel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.locales import LOCALES, SOURCE, _by_distance, _plainly, known, named, negotiate, plural_count, plural_rule

SHIPPED = ("en", "sr_Latn", "sr_Cyrl", "fa_AF", "ar")
EXPECTED = {*SHIPPED, "fa", "fr", "ps", "ku", "ckb", "lv", "rn", "sw", "tr", "ur", "ru", "uk", "so", "ti", "bn", "hi"}


def test_all_the_languages_of_the_plan_are_known() -> None:
    assert set(LOCALES) == EXPECTED


@pytest.mark.parametrize("code", LOCALES)
def test_plural_forms_are_those_of_cldr_in_cldr_order(code: str) -> None:
    category = babel.Locale.parse(code).plural_form
    rule = plural_rule(code)
    categories = {str(category(n)) for n in range(1001)}
    order: list[str] = [name for name in ("zero", "one", "two", "few", "many", "other") if name in categories]
    assert plural_count(code) == len(order)
    assert [rule(n) for n in range(1001)] == [order.index(str(category(n))) for n in range(1001)]


@pytest.mark.parametrize("code", LOCALES)
def test_plural_header_has_the_form_that_gettext_reads(code: str) -> None:
    count, _, rule = LOCALES[code].plurals.rstrip(";").partition("; ")
    assert count == f"nplurals={plural_count(code)}"
    assert c2py(rule.removeprefix("plural="))(1) in range(plural_count(code))


@pytest.mark.parametrize("code", LOCALES)
def test_direction_is_that_of_cldr(code: str) -> None:
    assert LOCALES[code].rtl == (babel.Locale.parse(code).text_direction == "rtl")


@pytest.mark.parametrize("code", sorted(set(LOCALES) - {SOURCE}))
def test_every_chain_of_fallbacks_ends_in_english_and_names_known_languages(code: str) -> None:
    chain = LOCALES[code].fallback
    assert chain[-1] == SOURCE
    assert code not in chain
    assert set(chain) <= set(LOCALES)


def test_names_in_the_picker_are_all_different() -> None:
    assert len({locale.name for locale in LOCALES.values()}) == len(LOCALES)
    assert LOCALES["fa_AF"].name == "دری"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"), ("en-US", "en"), ("en_GB", "en"), ("EN", "en"),
        ("sr", "sr_Latn"), ("sr-RS", "sr_Latn"), ("sr-Latn", "sr_Latn"), ("sr-ME", "sr_Latn"), ("sr-Cyrl", "sr_Cyrl"),
        ("sr-Cyrl-RS", "sr_Cyrl"), ("hr", "sr_Latn"), ("hr-HR", "sr_Latn"), ("bs", "sr_Latn"), ("sh", "sr_Latn"),
        ("fa", "fa_AF"), ("fa-IR", "fa_AF"), ("fa-AF", "fa_AF"), ("prs", "fa_AF"), ("prs-AF", "fa_AF"),
        ("ar", "ar"), ("ar-SY", "ar"), ("arb", "ar"), ("apc", "ar"), ("ps", "fa_AF"), ("ps-AF", "fa_AF"),
    ],
)  # fmt: skip
def test_a_phone_language_finds_the_nearest_language_shipped(tag: str, code: str) -> None:
    assert negotiate(tag, SHIPPED) == code


@pytest.mark.parametrize(
    "tag", [None, "", "de", "uk", "ru", "fr", "rn", "ckb", "mk", "bg", "tg", "xx", "und", "---", "en-", "?", "a" * 500]
)
def test_a_phone_language_without_a_neighbour_finds_nothing(tag: str | None) -> None:
    assert negotiate(tag, SHIPPED) is None


@pytest.mark.parametrize(
    ("tag", "pickable", "code"),
    [
        ("sr", ("en", "sr_Cyrl"), "sr_Cyrl"),
        ("sr-Cyrl", ("en", "sr_Latn"), "sr_Latn"),
        ("fa", ("fa_AF", "fa"), "fa"),
        ("prs", ("fa", "en"), "fa"),
        ("rn", ("en", "fr"), "fr"),
        ("fr", ("en", "rn"), None),
        ("ku", ("ku", "ckb"), "ku"),
        ("kmr", ("ku", "ckb"), "ku"),
        ("ckb-IQ", ("ku", "ckb"), "ckb"),
        ("en", ("ar",), None),
        ("en", (), None),
    ],
)
def test_negotiation_depends_on_what_can_be_picked(tag: str, pickable: tuple[str, ...], code: str | None) -> None:
    assert negotiate(tag, pickable) == code


@pytest.mark.parametrize("pickable", [tuple(LOCALES), ("en", "sr_Latn", "sr_Cyrl", "fa", "fa_AF", "ar", "fr"), SHIPPED])
@pytest.mark.parametrize("country", ["", "-AF", "-RS", "-ME", "-SY", "-us", "_CA", "-IR"])
def test_a_language_that_is_told_without_distances_is_the_nearest(country: str, pickable: tuple[str, ...]) -> None:
    asked = [f"{code.partition('_')[0]}{country}" for code in LOCALES]
    plainly = {tag: code for tag in asked if (code := _plainly(tag, pickable)) is not None}
    assert plainly == {tag: _by_distance(tag, pickable) for tag in plainly}
    assert len(plainly) >= 2


@given(st.text())
def test_negotiation_never_raises_and_answers_only_what_can_be_picked(tag: str) -> None:
    assert negotiate(tag, SHIPPED) in (*SHIPPED, None)


@pytest.mark.parametrize("code", LOCALES)
def test_every_own_name_is_understood(code: str) -> None:
    for typed in (LOCALES[code].name, LOCALES[code].name.upper(), f"🌐 {LOCALES[code].name} "):
        assert named(typed, tuple(LOCALES)) == code


@pytest.mark.parametrize("code", LOCALES)
def test_every_spelling_is_understood_where_only_that_language_is_offered(code: str) -> None:
    assert {named(spelling, (code,)) for spelling in LOCALES[code].spellings} == {code}


@pytest.mark.parametrize("code", LOCALES)
def test_no_spelling_is_listed_twice_for_a_language(code: str) -> None:
    spellings = LOCALES[code].spellings
    assert len(set(spellings)) == len(spellings)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("farsi", "fa_AF"), ("dari", "fa_AF"), ("DARI!", "fa_AF"), ("دري", "fa_AF"), ("prs", "fa_AF"),
        ("arabic", "ar"), ("arabik", "ar"), ("aribic", "ar"), ("عربي", "ar"), ("عربى", "ar"), ("arabi", "ar"),
        ("srpski", "sr_Latn"), ("Српски", "sr_Cyrl"), ("СРПСКИ", "sr_Cyrl"), ("serbian", "sr_Latn"),
        ("srbski", "sr_Latn"), ("ћирилица", "sr_Cyrl"), ("english", "en"), ("englsh", "en"), ("engilsh", "en"),
    ],
)  # fmt: skip
def test_a_typed_language_is_found_in_any_spelling(words: str, code: str) -> None:
    assert named(words, SHIPPED) == code


@pytest.mark.parametrize(
    "words",
    ["", "hi", "so", "ti", "person", "menu", "home", "back", "stop", "help", "language", "delete", "urgent", "work",
     "bank", "doctor", "2", "i speak english and arabic", "pomoć", "помоћ", "سلام", "کمک", "مساعدة", "رجوع", "کار",
     "عمل", "kurdish", "urdu", "français"],
)  # fmt: skip
def test_words_that_name_no_language_on_offer_are_left_alone(words: str) -> None:
    assert named(words, SHIPPED) is None


def test_farsi_is_persian_where_persian_can_be_picked() -> None:
    assert named("farsi", ("fa_AF", "fa")) == "fa"
    assert named("dari", ("fa_AF", "fa")) == "fa_AF"


def test_kurdish_alone_is_unsure_where_two_kurdish_languages_can_be_picked() -> None:
    assert named("kurdish", ("ku", "ckb")) is None
    assert named("kurdish", ("en", "ckb")) == "ckb"


def test_a_language_that_cannot_be_picked_is_still_known() -> None:
    assert named("українська", SHIPPED) is None
    assert known("українська") == LOCALES["uk"]
    assert known("hello") is None


@given(st.text(max_size=80))
def test_naming_never_raises_and_answers_only_what_can_be_picked(words: str) -> None:
    assert named(words, SHIPPED) in (*SHIPPED, None)


def test_a_wrong_first_letter_is_not_forgiven() -> None:
    assert named("trench", ("en", "fr")) is None
    assert named("frrench", ("en", "fr")) == "fr"


@given(st.sampled_from(["arabic", "srpski", "serbian", "engleski"]), st.integers(1, 5), st.sampled_from("aekz"))
def test_one_wrong_letter_after_the_first_is_forgiven(word: str, place: int, letter: str) -> None:
    assert named(word[:place] + letter + word[place + 1 :], SHIPPED) == named(word, SHIPPED)
