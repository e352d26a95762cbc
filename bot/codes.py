"""Codes that people write on paper and type again: a receipt, a link between two chats, the way back into one."""

from __future__ import annotations

import re
import secrets
import unicodedata

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32, none of which looks like another one
BITS = 5  # random ones in a sign
SHORT = 8  # 40 bits: a receipt, or what works for minutes
LONG = 16  # 80 bits (rulings 18): what works until it is used
GROUP = 4
_SHOWN = re.compile(rf"[^\W_]{{{GROUP}}}(-[^\W_]{{{GROUP}}})+")


def new_code(length: int) -> str:
    """So many random signs."""
    drawn = secrets.randbits(BITS * length)  # at once: asking the system is what costs
    return "".join(SIGNS[drawn >> BITS * place & len(SIGNS) - 1] for place in range(length))


def shown(code: str) -> str:
    """As it is written for people: ABCD-EFGH."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def typed(words: str) -> str | None:
    """The code that somebody typed, in digits of any script, with or without spaces; None for other words."""
    signs = "".join(_digit(sign) for sign in words.upper() if not sign.isspace() and sign != "-")
    return signs if len(signs) in {SHORT, LONG} and set(signs) <= set(SIGNS) else None


def is_shown(words: str) -> bool:
    """Whether it was typed as codes are shown, in groups: no word of a language looks like that."""
    return _SHOWN.fullmatch(words.strip()) is not None


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
