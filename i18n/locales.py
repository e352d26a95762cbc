"""The languages we know: their own names, scripts, plural rules, what people type for them, what stands in for them.

Babel's language names and gettext plural headers are wrong for several of these (ar, fa, lv, rn, tr ...), so both are
written here; the plural rules are tested against CLDR. Forms are numbered in CLDR's order: zero, one, two, few, many,
other, as far as whole numbers below a million need them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from itertools import takewhile

from i18n.fold import fold

SOURCE = "en"  # what authors write; every chain of fallbacks ends here


@dataclass(frozen=True, slots=True)
class Locale:
    """A language in one script.

    code: as in file names ("fa_AF"); name: its own name, for the picker; tag: BCP 47; plurals: value of the gettext
    header Plural-Forms; fallback: codes, nearest first; spellings: what people type for it besides the name.
    """

    code: str
    name: str
    tag: str
    rtl: bool
    plurals: str
    fallback: tuple[str, ...]
    spellings: tuple[str, ...]


_ALL_ALIKE = "nplurals=1; plural=0;"
_ONE = "nplurals=2; plural=(n != 1);"
_UP_TO_ONE = "nplurals=2; plural=(n > 1);"
_SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
_LATVIAN = "nplurals=3; plural=(n%10==0 || (n%100>=11 && n%100<=19) ? 0 : n%10==1 && n%100!=11 ? 1 : 2);"
_ARABIC = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
)

# The spellings are for everyone who might type them: in the language, in English, Serbian, Arabic, Dari, Russian,
# Turkish, with and without marks. Two-letter codes are left out: "hi" and "so" are words.
_KNOWN = (
    Locale("en", "English", "en", False, _ONE, (), (
        "eng", "inglish", "inglis", "engleski", "енглески", "انجليزي", "الإنجليزية", "انگلیسی", "английский",
        "англійська", "anglais", "ingilizce", "kiingereza", "icongereza", "ingiriisi")),
    Locale("sr_Latn", "Srpski", "sr-Latn", False, _SLAVIC, ("sr_Cyrl", "en"), (
        "serbian", "srbski", "serbski", "srb", "serbe", "latinica", "srpski latinica", "serbian latin", "صربي",
        "الصربية", "صربی", "сербский", "sırpça", "hrvatski", "bosanski", "crnogorski", "srpskohrvatski")),
    Locale("sr_Cyrl", "Српски", "sr-Cyrl", False, _SLAVIC, ("sr_Latn", "en"), (
        "serbian", "сербский", "ћирилица", "српски ћирилица", "serbian cyrillic", "cyrillic")),
    # Before Dari: where both can be picked, "farsi" is this one.
    Locale("fa", "فارسی", "fa", True, _UP_TO_ONE, ("fa_AF", "en"), (
        "farsi", "فارسي", "persian", "parsi", "الفارسية", "ایرانی", "زبان فارسی", "фарси", "персидский", "persijski",
        "farsça")),
    Locale("fa_AF", "دری", "fa-AF", True, _UP_TO_ONE, ("fa", "en"), (
        "dari", "prs", "daree", "دري", "farsi", "فارسی", "فارسي", "farsi dari", "dari farsi", "dari persian",
        "فارسی دری", "زبان دری", "дари", "darijski")),
    Locale("ar", "العربية", "ar", True, _ARABIC, ("en",), (
        "arabic", "arabi", "arab", "3arabi", "3arabic", "3rby", "عربي", "عربى", "عربی", "اللغة العربية", "arapski",
        "арапски", "арабский", "арабська", "arapça", "arabe")),
    Locale("ps", "پښتو", "ps", True, _ONE, ("fa_AF", "en"), (
        "pashto", "pashtu", "pushto", "pakhto", "پشتو", "پختو", "زبان پشتو", "пушту", "paštu", "paštunski")),
    Locale("ku", "Kurdî (Kurmancî)", "kmr", False, _ONE, ("en",), (
        "kmr", "kurmanji", "kurmanci", "kirmanci", "کورمانجی", "کرمانجی", "كرمانجي", "badini", "bahdini", "kurdish",
        "kurdi", "كردي", "کردی", "курдский", "kurdski", "kürtçe")),
    Locale("ckb", "کوردی (سۆرانی)", "ckb", True, _ONE, ("en",), (
        "ckb", "sorani", "سۆرانی", "سوراني", "سورانی", "کوردی", "kurdi sorani", "kurdish", "kurdi", "كردي", "کردی",
        "курдский", "kurdski", "kürtçe")),
    Locale("fr", "Français", "fr", False, _UP_TO_ONE, ("en",), (
        "french", "francuski", "француски", "французский", "французька", "فرنسي", "الفرنسية", "فرانسوی",
        "fransızca", "igifaransa", "kifaransa")),
    Locale("lv", "Latviešu", "lv", False, _LATVIAN, ("en",), (
        "latvian", "latviski", "letonski", "латышский", "латиська", "لاتفي", "لتونیایی", "letonca", "letton")),
    # CLDR has no plural rule for Kirundi: one form for all numbers.
    Locale("rn", "Ikirundi", "rn", False, _ALL_ALIKE, ("fr", "en"), ("kirundi", "rundi", "urundi")),
    Locale("sw", "Kiswahili", "sw", False, _ONE, ("en",), (
        "swahili", "svahili", "suaheli", "igiswahili", "سواحيلي", "السواحيلية", "суахили")),
    Locale("tr", "Türkçe", "tr", False, _ONE, ("en",), (
        "turkish", "turski", "турски", "турецкий", "турецька", "تركي", "التركية", "ترکی", "turc")),
    Locale("ur", "اردو", "ur", True, _ONE, ("en",), ("urdu", "ordu", "أردو", "الأردية", "урду")),
    Locale("ru", "Русский", "ru", False, _SLAVIC, ("en",), (
        "russian", "russkiy", "ruski", "руски", "po russki", "по русски", "روسي", "الروسية", "روسی", "російська",
        "rusça", "russe")),
    Locale("uk", "Українська", "uk", False, _SLAVIC, ("en",), (
        "ukrainian", "ukrainska", "ukrajinska", "ukrajinski", "украјински", "украинский", "أوكراني", "الأوكرانية",
        "اوکراینی", "ukraynaca", "ukrainien")),
    Locale("so", "Soomaali", "so", False, _ONE, ("en",), (
        "somali", "somalski", "сомалијски", "сомали", "صومالي", "الصومالية", "سومالیایی", "af soomaali", "somalice")),
    Locale("ti", "ትግርኛ", "ti", False, _UP_TO_ONE, ("en",), (
        "tigrinya", "tigrigna", "tigrinja", "тигринья", "تيغرينية", "التغرينية", "تغرينيا")),
    Locale("bn", "বাংলা", "bn", False, _UP_TO_ONE, ("en",), (
        "bangla", "bengali", "bengalski", "бенгалски", "бенгальский", "بنغالي", "البنغالية", "بنگالی", "bengalce")),
    Locale("hi", "हिन्दी", "hi", False, _UP_TO_ONE, ("en",), (
        "hindi", "हिंदी", "хинди", "هندي", "الهندية", "هندی", "hintçe")),
)  # fmt: skip

LOCALES: Mapping[str, Locale] = {locale.code: locale for locale in _KNOWN}
_CODES_BY_TAG = {locale.tag: locale.code for locale in _KNOWN}

# CLDR's language distance: 9 is Croatian to Serbian in Latin, 14 a dialect to Arabic, 20 Ukrainian to Russian.
_FARTHEST = 14
_SERBIAN = "sr-Latn"  # what "sr" means to us
_PLAIN_TAG = re.compile(r"([A-Za-z]{2,3})(?:-([A-Za-z]{2}))?")
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_SHORTEST_FOR_SLIPS = 5


@cache
def plural_rule(code: str) -> Callable[[int], int]:
    """The rule of a language: whole number from 0 -> which form (0 ...) says it. Raises KeyError for unknown codes."""
    # c2py is what the standard library's own gettext reads this header with; it is not in its manual.
    return c2py(LOCALES[code].plurals.partition("plural=")[2].rstrip(";"))


@cache
def plural_count(code: str) -> int:
    """How many forms a counted text has in this language. Raises KeyError for unknown codes."""
    return int(LOCALES[code].plurals.partition(";")[0].removeprefix("nplurals="))


def negotiate(tag: str | None, pickable: Sequence[str]) -> str | None:
    """The pickable code nearest to a phone's language ("fa", "prs", "hr", "ar-SY"), or None: no blind English.

    Near is what CLDR calls near; else a language we know is asked who stands in for it (Pashto -> Dari). "sr" without
    a script is Latin: CLDR says Cyrillic, but every reader of Serbian reads Latin.
    """
    if tag is None or not _TAG.fullmatch(tag):
        return None
    return _plainly(tag, pickable) or _by_distance(tag, pickable)


def _plainly(tag: str, pickable: Sequence[str]) -> str | None:
    """The pickable code of this very language and country, or of the language where we tell no countries apart.

    What nearly all phones say. For all others CLDR's distances have to be asked.
    """
    if (plain := _PLAIN_TAG.fullmatch(tag.replace("_", "-"))) is None:
        return None
    language, country = plain[1].lower(), (plain[2] or "").upper()
    if language == "sr":
        language = _SERBIAN
    codes = [_CODES_BY_TAG.get(f"{language}-{country}")]
    if not country or not any(known.startswith(f"{language}-") for known in _CODES_BY_TAG):
        codes.append(_CODES_BY_TAG.get(language))
    return next((code for code in codes if code in pickable), None)


def _by_distance(tag: str, pickable: Sequence[str]) -> str | None:
    # Here, because its tables take 3 MB and hardly a phone needs them.
    import langcodes
    from langcodes.tag_parser import LanguageTagError

    def nearest(tag: str, codes: Sequence[str]) -> str | None:
        tags = [LOCALES[code].tag for code in codes]
        return _CODES_BY_TAG.get(langcodes.closest_match(tag, tags, max_distance=_FARTHEST)[0])

    try:
        asked = langcodes.Language.get(tag)
    except LanguageTagError:
        return None
    wanted = _SERBIAN if asked.language == "sr" and not asked.script else str(asked)
    code = nearest(wanted, pickable)
    if code is not None:
        return code
    lacking = nearest(wanted, tuple(LOCALES))
    stand_ins = LOCALES[lacking].fallback if lacking else ()
    return next((near for near in stand_ins if near != SOURCE and near in pickable), None)


def named(words: str, pickable: Sequence[str]) -> str | None:
    """The pickable language that a whole message names, in any spelling and script, one slip allowed from five letters.

    None when it names none, or two that are not scripts or variants of one language ("kurdish").
    """
    return _named(words, frozenset(pickable))


def known(words: str) -> Locale | None:
    """Like `named`, among all the languages we know of, pickable or not."""
    code = _named(words, frozenset(LOCALES))
    return LOCALES[code] if code else None


def _named(words: str, codes: frozenset[str]) -> str | None:
    typed = fold(words)
    index = _codes_by_key()
    fits = [code for code in index.get(typed, ()) if code in codes]
    if not fits and len(typed) >= _SHORTEST_FOR_SLIPS:
        slips = {code for key, named_so in index.items() if _one_slip(typed, key) for code in named_so}
        fits = [code for code in LOCALES if code in slips and code in codes]
    if len({code.partition("_")[0] for code in fits}) != 1:
        return None
    same_script = (code for code in fits if script(LOCALES[code].name) == script(words))
    return next(same_script, fits[0])


@cache
def _codes_by_key() -> Mapping[str, tuple[str, ...]]:
    """Folded name or spelling -> the codes it may mean, in the order of LOCALES."""
    index: dict[str, tuple[str, ...]] = {}
    for locale in LOCALES.values():
        for key in dict.fromkeys(fold(words) for words in (locale.name, *locale.spellings)):
            index[key] = (*index.get(key, ()), locale.code)
    return index


def _one_slip(typed: str, key: str) -> bool:
    """After a first letter that is right: one letter wrong, missing or too many, or two neighbours swapped."""
    if typed[:1] != key[:1] or abs(len(typed) - len(key)) > 1:
        return False  # as nearly all do
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, key, strict=False)))
    left, right = typed[same:], key[same:]
    if same == 0 or len(key) < _SHORTEST_FOR_SLIPS:
        return False
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def script(text: str) -> str:
    """Unicode's word for the script of the first letter (LATIN, CYRILLIC, ARABIC ...); "" without letters."""
    return next((unicodedata.name(sign).split()[0] for sign in text if sign.isalpha()), "")
