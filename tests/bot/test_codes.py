"""Codes that people write on paper and type again."""

from __future__ import annotations

import pytest

from bot import codes


def test_a_code_is_as_long_as_it_should_be_and_has_no_signs_that_look_alike() -> None:
    made = codes.new_code(codes.LONG)
    assert len(made) == codes.LONG
    assert not set(made) & set("0O1I")
    assert codes.typed(codes.shown(made)) == made


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ABCD-EFG2", "ABCDEFG2"),
        ("abcd efg2", "ABCDEFG2"),
        ("ABCDEFG۲", "ABCDEFG2"),
        ("ABCD-EFGH-JKLM-NPQR", "ABCDEFGHJKLMNPQR"),
        ("ABCD", None),
        ("ABCD-EFG0", None),
        ("hello you", None),
        ("سلام سلام", None),
    ],
)
def test_what_was_typed_is_a_code_or_is_none(words: str, code: str | None) -> None:
    assert codes.typed(words) == code


def test_no_word_of_a_language_looks_like_a_code_as_it_is_shown() -> None:
    assert codes.is_shown(" ABCD-EFGH ")
    assert not codes.is_shown("standard")
    assert not codes.is_shown("well-known")
