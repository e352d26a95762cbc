"""What leaves the house in a file is what one sees or hears of it, and not where and when it was made."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.file_cleaning import NotTaken, clean
from storage.file_types import type_of
from tests.storage.files import JPEG, OGG, PLANTED, SOUND, jpeg, mp3, pdf, plain_jpeg, png, webp

TOLD = [jpeg(), jpeg(order=">"), png((b"tEXt", PLANTED), (b"eXIf", PLANTED), (b"iTXt", PLANTED)), webp(), pdf(), mp3()]


@pytest.mark.parametrize("content", TOLD, ids=lambda content: type_of(content) or "")
def test_nothing_that_was_written_beside_the_content_is_left_and_cleaning_twice_changes_nothing(content: bytes) -> None:
    type, cleaned = clean(content)
    assert PLANTED in content
    assert PLANTED not in cleaned
    assert PLANTED.hex().encode() not in cleaned
    assert clean(cleaned) == (type, cleaned)
    assert type_of(cleaned) == type


@pytest.mark.parametrize("order", ["<", ">"])
def test_of_a_photo_only_which_way_up_it_stands_and_its_colours_are_kept(order: str) -> None:
    _, cleaned = clean(jpeg(6, order))
    begin, _, picture = cleaned.partition(b"ICC_PROFILE")
    assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in begin
    assert len(begin) < 60
    assert picture.endswith(plain_jpeg()[2:]), "the picture itself is the same, byte for byte"


def test_a_photo_that_stands_upright_says_nothing_at_all() -> None:
    _, cleaned = clean(jpeg(1))
    assert b"Exif" not in cleaned
    assert clean(plain_jpeg())[1] == plain_jpeg()


def test_a_picture_keeps_its_pixels() -> None:
    assert clean(png((b"tEXt", PLANTED)))[1] == png()
    assert clean(png() + PLANTED)[1] == png()


def test_a_paper_keeps_every_offset() -> None:
    _, cleaned = clean(pdf())
    assert len(cleaned) == len(pdf())
    assert cleaned.index(b"2 0 obj") == pdf().index(b"2 0 obj")


def test_sound_is_the_same() -> None:
    assert clean(mp3())[1] == SOUND
    assert clean(OGG) == ("audio/ogg", OGG)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a/*" + b"*/=1;alert(1)",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"  %PDF-1.4 with something before it",
        b"PK\x03\x04 a zip",
        b"\x00\x00\x00\x18ftypisom a film",
        b"\x00\x00\x00\x18ftypM4A sound that can say where",
        b"MZ a program",
        b"#!/bin/sh",
        plain_jpeg()[:-2],
        JPEG[:40],
        png()[:-20],
        b"ID3\x03\x00\x00\x00\x00\x00\x00",
    ],
)
def test_what_we_do_not_know_or_what_is_broken_is_not_sent(content: bytes) -> None:
    with pytest.raises(NotTaken):
        clean(content)


@given(
    start=st.sampled_from([*TOLD, OGG]),
    at=st.integers(0, 300),
    instead=st.binary(max_size=20),
)
def test_any_bytes_are_cleaned_or_refused(start: bytes, at: int, instead: bytes) -> None:
    try:
        type, cleaned = clean(start[:at] + instead + start[at + len(instead) :])
    except NotTaken:
        return
    assert type_of(cleaned) in {type, None, "audio/mpeg"}
