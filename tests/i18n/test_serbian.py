from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.serbian import to_latin

SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџш"


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Возачка дозвола", "Vozačka dozvola"),
        ("Њена љубав и џеп", "Njena ljubav i džep"),
        ("ЊЕГОШ, ЉУБАВ, ЏЕП, КОЊ", "NJEGOŠ, LJUBAV, DŽEP, KONJ"),
        ("Љ", "Lj"),
        ("инјекција", "injekcija"),
        ("Корак {step_number} од {total}", "Korak {step_number} od {total}"),
        ("Отворите https://example.org/обрасци?a=б сада", "Otvorite https://example.org/обрасци?a=б sada"),
        ("Пишите на помоћ@пример.срб данас", "Pišite na помоћ@пример.срб danas"),
        ("Страница пример.срб ради", "Stranica пример.срб radi"),
        ("Реците: lekarsko uverenje, WhatsApp, ID", "Recite: lekarsko uverenje, WhatsApp, ID"),
        ("\u2068{fee}\u2069 динара – 25 €", "\u2068{fee}\u2069 dinara – 25 €"),
    ],
)
def test_cyrillic_becomes_latin_and_what_must_survive_survives(cyrillic: str, latin: str) -> None:
    assert to_latin(cyrillic) == latin


@given(st.text(alphabet=SERBIAN + SERBIAN.upper() + " .,-\n"))
def test_no_cyrillic_letter_is_left(text: str) -> None:
    assert not any(sign in SERBIAN + SERBIAN.upper() for sign in to_latin(text))


@given(st.text(alphabet=st.characters(max_codepoint=0x024F)))
def test_latin_text_is_unchanged(text: str) -> None:
    assert to_latin(text) == text
