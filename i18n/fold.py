"""Every script to one key, so that a word is found however it was typed.

`fold` throws much away on purpose. Arabic-script letters are read as in Persian, Dari, Urdu, Pashto and Kurdish
(ض ظ ذ -> z, ث -> s), because more of our languages do than not; vowels that a script does not write stay unwritten.
A search key is compared with a search key, never shown to anyone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Latin key -> the letters that are read so. NFKD has already split what Unicode can split (š -> s, й -> и, آ -> ا).
_READ_AS = {
    # Cyrillic: Serbian, Russian, Ukrainian, Macedonian
    "a": "а", "b": "б", "v": "в", "g": "гґ", "d": "д", "e": "еэ", "i": "иіы", "j": "ј", "k": "к", "l": "л", "m": "м",
    "n": "н", "o": "о", "p": "п", "r": "р", "s": "сш", "t": "т", "u": "у", "f": "ф", "h": "х", "c": "ћцч", "z": "жз",
    "dj": "ђ", "lj": "љ", "nj": "њ", "dz": "џѕ", "sc": "щ", "yu": "ю", "ya": "я", "ye": "є", "": "ъь",
}  # fmt: skip
_READ_AS_ARABIC = {
    "a": "اٱع", "": "ءـ", "b": "ب", "p": "پ", "t": "تطټٹ", "s": "ثسصشښ", "j": "ج", "c": "چڅ", "h": "حهةہھۃە",
    "d": "دډڈ", "z": "ذزژضظځ", "r": "رړڑڕ", "g": "غگګږ", "f": "ف", "v": "ڤ", "k": "خقكک", "l": "لڵ", "m": "م",
    "n": "نڼںݩ", "w": "وۆ", "y": "يىیېۍےێ",
}  # fmt: skip
_READ_AS_LATIN = {
    "dj": "đ", "d": "ð", "th": "þ", "o": "ø", "l": "ł", "ae": "æ", "oe": "œ", "h": "ħ", "i": "ı", "n": "ŋ", "e": "ə",
    "k": "qx",
}  # fmt: skip
_KEY = {
    letter: key
    for readings in (_READ_AS, _READ_AS_ARABIC, _READ_AS_LATIN)
    for key, letters in readings.items()
    for letter in letters
}

# Dropped, not turned into a space: ma'lumat is one word. (Zero-width and bidi controls are category Cf.)
_APOSTROPHES = frozenset("'’‘ʼʻʿʾ`")
# Marks that leave no trace although their combining class is 0: emoji variation, keycap, grapheme joiner.
_SILENT_MARKS = frozenset("\ufe0e\ufe0f\u20e3\u034f")

# Arabic letters that Latin has no sign for, as people type them on a phone: ro5sa, si7i, 3amal, l9a7.
_ARABIZI = str.maketrans({"2": "", "3": "a", "5": "kh", "6": "t", "7": "h", "9": "q"})
_ARABIZI_WORD = re.compile(r"\b(?=[a-z]*[235679])(?:[235679]?[a-z])+[235679]?\b", re.IGNORECASE)

_NUMBER = re.compile(r"[(\[#]?\s*([0-9]{1,9})\s*[.)\]:]*")


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    key = _KEY.get(letter)
    if key is not None:
        return key
    if letter in _APOSTROPHES or letter in _SILENT_MARKS or unicodedata.combining(letter):
        return ""
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    # Vowel signs of Indic scripts are marks with class 0: they belong to the word.
    return letter if letter.isalnum() or category[0] == "M" else " "


def fold(text: str) -> str:
    """One key for a text in any script: lower case, no marks, no punctuation, single spaces, digits 0-9.

    Cyrillic and Arabic script come out in Latin letters; scripts without a table here (Ethiopic, Bengali, Devanagari)
    keep their own letters. `fold(fold(x)) == fold(x)`.
    """
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    key = "".join(map(_fold_letter, flat))
    # How one sound is written with two Latin letters: kh, gh, sh, ch, zh.
    key = re.sub(r"([kgscz])h+", r"\1", key)
    return " ".join(key.split())


def arabizi(text: str) -> str:
    """The text with the digits inside Latin words read as Arabic letters: "ro5sat" -> "rokhsat"; numbers stay."""
    return _ARABIZI_WORD.sub(lambda word: word[0].translate(_ARABIZI), text)


def digits(text: str) -> str:
    """The same text with the decimal digits of every script as 0-9; nothing else changes."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def number(text: str) -> int | None:
    """The number, when the whole text is one bare number of at most nine digits: "2", "۲", "2.", "(2)", "፪"."""
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf" and sign not in _SILENT_MARKS).strip()
    if len(visible) == 1:
        value = unicodedata.numeric(visible, -1.0)
        return int(value) if value >= 0 and value.is_integer() else None
    found = _NUMBER.fullmatch(digits(unicodedata.normalize("NFKC", visible)))
    return int(found[1]) if found else None
