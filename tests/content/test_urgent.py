"""What brings the emergency card, and what must not. Our own examples: no protection staff checked them."""

from __future__ import annotations

import pytest

from content.tables import UrgentPhrases
from content.urgent import UrgentWords
from tests.content.build import shipped

CRIES = {
    "en": [
        "SOS", "urgent!!", "This is an emergency", "please help me now", "I am in danger", "we are in big danger",
        "I want to die", "i want to kill myself", "he beats me every day", "my husband hits me", "she was raped",
        "a trafficker has my sister", "they locked me in a room", "he took my passport and I cannot leave",
        "a man with a knife", "he has a gun", "she is bleeding a lot", "my baby is not breathing",
        "I cannot breathe", "heart attack", "he wants to kill me", "they kidnapped my brother",
        "I am alone and I am a child", "there is a fire in the house",
    ],
    "sr_Latn": [
        "hitno mi treba pomoć", "u pomoć!", "u opasnosti sam", "muž me bije", "bije me muž", "tuče me otac",
        "hocu da umrem", "Hoću da umrem", "ubiću se", "zaključali su me u sobi", "uzeli su mi pasoš", "krvarim mnogo",
        "dete ne diše", "ne mogu da dišem", "ima nož", "požar u kući", "preti da će me ubije",
    ],
    "sr_Cyrl": ["хитно", "у помоћ", "бије ме", "хоћу да умрем", "закључали ме", "срчани удар", "имао је пиштољ"],
    "ar": [
        "أنا في خطر", "انا في خطر", "ساعدوني", "النجدة", "زوجي يضربني", "يضربني زوجي كل يوم", "أريد أن أموت",
        "اريد ان اموت", "سيقتلني", "وهو يهددني بالسكين", "معه مسدس", "الطفل لا يتنفس", "حريق في البيت", "خطفوني",
        "أخذوا جوازي", "والمهرب يريد المال",
    ],
    "fa_AF": [
        "کمک فوری", "در خطر هستم", "در خطرم", "شوهرم مرا می‌زند", "مرا لت می‌کند", "می‌خواهم بمیرم", "میخواهم بمیرم",
        "خودکشی", "قاچاقبر پول می‌خواهد", "پاسپورتم را گرفت", "با چاقو آمد", "نفس کشیده نمی‌توانم", "آتش سوزی در خانه",
        "حمله قلبی", "طفل تنها در سرک",
    ],
}  # fmt: skip
CALM = [
    "hello", "how do I exchange my driving licence?", "I need a doctor for the medical certificate",
    "where is the police", "how much does it cost", "I lost my passport", "my passport expired", "can I work",
    "thank you very much", "yes", "no", "2", "Person", "I am stuck", "I want to talk to somebody",
    "the police have my licence", "I have no ID card", "can my child go to school", "I am from Afghanistan",
    "is the exam in English?", "what is the fee for the licence", "zdravo", "treba mi vozačka dozvola",
    "gde je policija", "koliko košta prevod", "hvala", "ne razumem", "imam dete u školi", "gde da predam papire",
    "добар дан", "где је лекар", "колико кошта", "مرحبا", "كم السعر", "أين الشرطة", "أريد رخصة قيادة",
    "شكرا جزيلا", "عندي سؤال عن المدرسة", "هل أحتاج إلى ترجمة", "سلام", "تشکر", "لیسنس رانندگی میخواهم",
    "پولیس کجاست", "قیمت ترجمه چند است", "کارت هویت ندارم",
]  # fmt: skip


@pytest.fixture(scope="module")
def words() -> UrgentWords:
    return UrgentWords(shipped().words)


@pytest.mark.parametrize(("locale", "message"), [(locale, cry) for locale, cries in CRIES.items() for cry in cries])
def test_a_cry_for_help_is_found(words: UrgentWords, locale: str, message: str) -> None:
    assert words.is_urgent(message), f"{locale}: {message}"


@pytest.mark.parametrize("message", CALM)
def test_a_calm_message_is_left_alone(words: UrgentWords, message: str) -> None:
    assert not words.is_urgent(message)


def made(*phrases: str) -> UrgentWords:
    return UrgentWords(UrgentPhrases(checked_by="", checked_on=None, words={"en": phrases}))


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("he took my passport", True),
        ("he took away my passport", True),
        ("he took my old passport", True),
        ("he took it far away my passport", False),
        ("my passport he took", False),
        ("took took my passport", True),
        ("he TOOK, my... Passport!", True),
        ("took my", False),
    ],
)
def test_words_stand_in_order_with_at_most_one_other_between_two(message: str, found: bool) -> None:
    assert made("took my passport").is_urgent(message) is found


def test_short_words_are_whole_and_long_ones_may_have_an_ending() -> None:
    words = made("gun", "suicide", "me")
    assert words.is_urgent("a gun")
    assert not words.is_urgent("he has begun to read Gunther")
    assert words.is_urgent("suicides")
    assert not words.is_urgent("the suicid")
    assert not words.is_urgent("menu")


def test_what_arabic_writes_onto_a_word_does_not_hide_it() -> None:
    words = made("سكين", "خطر")
    assert all(words.is_urgent(message) for message in ("بالسكين", "والخطر كبير", "بسكين", "السكين"))
    assert not words.is_urgent("balskyn")


def test_no_phrase_and_no_message_are_calm() -> None:
    assert not made().is_urgent("help me now")
    assert not made("in danger").is_urgent("")
    assert not made("in danger").is_urgent("🙂 ...")
