from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.fold import digits, fold, number

# Any text, rich in what fold changes. (Not st.text over a mixed alphabet: Hypothesis merges that into one range.)
signs = st.one_of(st.characters(), st.sampled_from("kgsczhxqжхшكهةيی'\u200c\u0301\ufe0f ,٣"))
texts = st.lists(signs).map("".join)


@given(texts)
def test_folding_a_key_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_a_key_has_no_capitals_no_marks_no_invisible_signs_and_single_spaces(text: str) -> None:
    key = fold(text)
    assert key == key.casefold() == " ".join(key.split())
    assert not any(unicodedata.combining(sign) or unicodedata.category(sign) == "Cf" for sign in key)


@given(st.text(alphabet=st.characters(min_codepoint=0x0400, max_codepoint=0x045F)))
def test_serbian_and_russian_cyrillic_becomes_plain_latin(text: str) -> None:
    assert fold(text).isascii() or any(sign in "ѠѡѢѣ" for sign in text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("возачка дозвола", "vozačka dozvola"),
        ("vozačka dozvola", "VOZACKA  DOZVOLA!"),
        ("Ђорђе", "Đorđe"),
        ("Љиг, Њива, Џеп", "ljig njiva džep"),
        ("рачун", "racun"),
        ("банк", "bank"),
        ("گواهی‌نامه", "گواهينامه"),
        ("کتاب", "كتاب"),
        ("أحمد", "احمد"),
        ("رخصة", "رُخْصَـة"),
        ("اجازهٔ کار", "اجازۀ کار"),
        ("اجازه کار", "اجازۀ کار"),
        ("ﻋﺮﺑﻲ", "عربي"),
        ("عربى", "عربی"),
        ("خبر", "kbr"),
        ("khabar", "xabar"),
        ("شهر", "shr"),
        ("calisma izni", "çalışma izni"),
        ("۱۲۳", "١٢٣"),
        ("step १२", "step 12"),
        ("здоров'я", "здоровʼя"),
        ("maʿlumāt", "ma'lumat"),
        ("Straße", "strasse"),
        ("𝐀𝐑𝐀𝐁𝐈𝐂", "arabic"),
        ("1️⃣ One", "1. one"),
        ("\u200fمرحبا\u2069", "مرحبا"),
    ],
)
def test_two_ways_of_writing_the_same_give_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("دری", "dry"),
        ("پښتو", "pstw"),
        ("چای", "cay"),
        ("ژورنال", "zwrnal"),
        ("Щука и ёж", "scuka i ez"),
        ("Київ, Україна", "kiiv ukraina"),
        ("bankha", "banka"),
        ("", ""),
        ("…!?", ""),
    ],
)
def test_letters_are_read_as_the_table_says(text: str, key: str) -> None:
    assert fold(text) == key


def test_plural_ending_does_not_swallow_the_letter_before_it() -> None:
    assert fold("بانک\u200cها") == "banka"
    assert fold("بانک") == "bank"


@pytest.mark.parametrize("text", ["ትግርኛ", "বাংলা"])
def test_scripts_without_a_table_keep_their_letters(text: str) -> None:
    assert fold(text) == unicodedata.normalize("NFKD", text)


def test_different_words_keep_different_keys() -> None:
    assert len({fold(word) for word in ("bank", "work", "doctor", "licence", "urgent", "بانک", "کار", "داکتر")}) == 7


@given(texts)
def test_digits_leaves_everything_but_digits_alone(text: str) -> None:
    changed = digits(text)
    assert len(changed) == len(text)
    assert all(new == old or old.isdecimal() for new, old in zip(changed, text, strict=True))
    assert not any(sign.isdecimal() and not sign.isascii() for sign in changed)


@given(st.integers(0, 999_999_999), st.sampled_from("0٠۰०০０๐߀"), st.sampled_from(["{}", "{}.", "({})", " {} ", "{})"]))
def test_a_bare_number_is_read_in_every_digit_script(value: int, zero: str, way: str) -> None:
    written = "".join(chr(ord(zero) + int(digit)) for digit in str(value))
    assert number(way.format(written)) == value


@pytest.mark.parametrize(
    ("text", "value"), [("2️⃣", 2), ("②", 2), ("⒉", 2), ("፪", 2), ("\u200f٣", 3), ("#4", 4), ("[5]", 5), ("007", 7)]
)
def test_decorated_and_foreign_numbers_are_read(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", " ", "two", "2 3", "2.5", "-1", "½", "2nd", "1234567890", "+381", "no 2", "."])
def test_what_is_no_bare_number_is_none(text: str) -> None:
    assert number(text) is None


@given(st.text())
def test_reading_a_number_never_raises(text: str) -> None:
    assert number(text) is None or number(text) >= 0  # type: ignore[operator]
