"""The writing rules that a program can check in one text: sentences, dates, money, links, signs.

Each rule takes a text and yields what is wrong with it. FOR_STAFF holds for every text; FOR_NEWCOMERS needs no grammar,
so it holds for translations too; IN_ENGLISH knows words besides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from content.problems import Severity
from flows.limits import utf16

SENTENCE = 20  # words; more fails (writing rules A1)
SENTENCE_TARGET = 15
QUESTION_MARKS = re.compile("[?؟？]")

Fault = tuple[Severity, str]
Rule = Callable[[str], Iterator[Fault]]

_SENTENCE_END = re.compile(r"(?<=[.!?؟。।۔])\s+|\n")
_LINK = re.compile(r"https?://\S*|(?<![\w@.-])(?=[\w.-]*[^\W\d_])[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+([a-z]{2,})(?:/[^\s<>\"']*)?", re.ASCII)
# Emoji outside the blocks that is_emoji names: ℹ ⌚ ⌛ ⏩ ⏰ ⏱ ⏳ ▶ ◀ ⬅ ⬆ ⬇ ↗ ↩ ↪ and what turns a sign into one.
_SINGLE_EMOJI = frozenset(
    "\u2139\u231a\u231b\u23e9\u23f0\u23f1\u23f3\u25b6\u25c0\u2b05\u2b06\u2b07\u2197\u21a9\u21aa\ufe0f\u20e3"
)
# Domains that our guides lead to. A bare "word.word" with another end is a missing space far more often than a link.
_DOMAIN_ENDS = frozenset({"rs", "lv", "eu", "org", "com", "net", "gov", "int", "info", "me"})
_NUMERIC_DATE = re.compile(
    r"(?<![\d./-])(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}([.-])\d{1,2}\1\d{2,4}|\d{4}-\d{1,2}-\d{1,2})(?![\d/-])"
)
_MONEY = re.compile(r"[€$£]\s?\d|\d[€$£]|\b(?:EUR|USD|GBP|RSD)\s?\d|\d\s?(?:EUR|euros?)\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+])\+?\d[\d ()/-]{5,}\d")
_LETTER_SLASH = re.compile(r"(?:(?<=\w)/(?=\w))|\s/\s")
_COMMAND = re.compile(r"(?<!\S)/[a-z]+")
_ENGLISH_WORDS = (
    (re.compile(r"\band/or\b", re.IGNORECASE), 'no "and/or": say which'),
    (re.compile(r"\bclick here\b", re.IGNORECASE), 'no "click here": say what opens'),
    (re.compile(r"\bshall\b", re.IGNORECASE), 'no "shall": must is a duty, may is allowed'),
    (
        re.compile(r"\b(?:in (?:an?|one|two|three|four|five|six|\d+)|next) (?:day|week|month|year)s?\b", re.IGNORECASE),
        "a time without a date: name the date or what it counts from",
    ),
    (re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE), 'times are 24 hours, "17:00"'),
    (re.compile(r"\b\w+n't\b.*\b(?:not|no|never|nothing|nobody)\b", re.IGNORECASE), "no double negative"),
)
_OPENING = re.compile(r"(?:except|unless|if not)\b", re.IGNORECASE)


def faults(text: str, rules: Sequence[Rule]) -> Iterator[Fault]:
    """Give everything that is wrong with one text by the rules for its readers and language."""
    return (fault for rule in rules for fault in rule(text))


def words(text: str) -> int:
    """Count words; a {placeholder} is one."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def links(text: str) -> list[str]:
    """Give what stands as a web address in a text, full or bare, without a full stop behind it."""
    return [link.rstrip(".,;:!?)؟،") for link in _LINK.findall(text)]


def label_fault(label: str, most: int) -> Iterator[Fault]:
    """Say whether a button's label is longer than `most` UTF-16 units."""
    if utf16(label) > most:
        yield "error", f"{utf16(label)} UTF-16 units, a label here has at most {most}: {label}"


def phone_fault(number: str) -> Iterator[Fault]:
    """A phone number begins with + and the country, or is a local short or free number."""
    digits = re.sub(r"[ ]", "", number)
    if not re.fullmatch(r"\+[1-9]\d{6,14}|\d{2,6}|0?800\d{4,8}", digits, re.ASCII):
        yield "error", f"{number}: a phone number is written +381 60 1234567, or is a local short or free number"


def is_emoji(sign: str) -> bool:
    """Whether a character is an emoji or a part of one."""
    return "\u2600" <= sign <= "\u27bf" or "\U0001f000" <= sign <= "\U0001faff" or sign in _SINGLE_EMOJI


def _sentences(text: str) -> Iterator[Fault]:
    for sentence in _SENTENCE_END.split(text):
        count = words(sentence)
        if count > SENTENCE:
            yield "error", f"a sentence of {count} words, at most {SENTENCE}: {sentence}"
        elif count > SENTENCE_TARGET:
            yield "warning", f"a sentence of {count} words, better at most {SENTENCE_TARGET}: {sentence}"


def _questions(text: str) -> Iterator[Fault]:
    if len(QUESTION_MARKS.findall(text)) > 1:
        yield "error", "more than one question"


def _signs(text: str) -> Iterator[Fault]:
    for sign in sorted(set(text)):
        name = f"U+{ord(sign):04X}"
        category = unicodedata.category(sign)
        if category in ("Cc", "Cs", "Co", "Cn") and sign != "\n":
            yield "error", f"control character {name}"
        elif category == "Cf" and sign not in "\u200c\u200d":  # joiners belong to Persian spelling
            yield "error", f"invisible character {name}; values are isolated when they are filled in"
        elif is_emoji(sign):
            yield "error", f"emoji {sign}: icons are set by name, never in a text"
        elif sign.isdecimal() and not sign.isascii():
            yield "error", f"digit {sign}: digits are 0-9 in every language"


def _links(text: str) -> Iterator[Fault]:
    found = links(text)
    if len(set(found)) > 1:
        yield "error", f"more than one link: {', '.join(found)}"
    for link in found:
        host = _HOST.fullmatch(link)
        if host is None or (not link.startswith("http") and host[1] not in _DOMAIN_ENDS):
            yield "error", f"{link}: no web address, or a space is missing after a full stop"


def _slashes(text: str) -> Iterator[Fault]:
    if _LETTER_SLASH.search(_COMMAND.sub("", _NUMERIC_DATE.sub("", _LINK.sub("", text)))):
        yield "error", "no slash between alternatives: write them out"


def _dates(text: str) -> Iterator[Fault]:
    if found := _NUMERIC_DATE.search(text):
        yield "error", f"{found[0]}: the month of a date is written in letters"


def _money(text: str) -> Iterator[Fault]:
    if found := _MONEY.search(text):
        yield "error", f'{found[0]}: an amount is written "25 €"'


def _phones(text: str) -> Iterator[Fault]:
    for number in _PHONE.findall(text):
        if sum(sign.isdigit() for sign in number) > 6:
            yield from phone_fault(number)


def _english_words(text: str) -> Iterator[Fault]:
    for pattern, rule in _ENGLISH_WORDS:
        if pattern.search(text):
            yield "error", rule


def _opening(text: str) -> Iterator[Fault]:
    if _OPENING.match(text):
        yield "warning", "begins with an exception: the main rule stands first"


FOR_STAFF: tuple[Rule, ...] = (_signs,)
FOR_NEWCOMERS: tuple[Rule, ...] = (*FOR_STAFF, _sentences, _questions, _links, _slashes, _dates, _money, _phones)
IN_ENGLISH: tuple[Rule, ...] = (*FOR_NEWCOMERS, _english_words, _opening)
