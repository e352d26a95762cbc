"""A notice in a translator's file: nothing is lost on the way out and in, and no file lands in another notice."""

from __future__ import annotations

import pytest

from i18n.pofile import parsed, written
from notices.po import NotThisNotice, read_po, written_po
from storage.notices import TextRow

SOURCE = TextRow("en", "Room moved", 'The class is in room 2.\n"Bring" a pen: 100 %.', 3, None, "")
ARABIC = ("الغرفة تغيرت", "الدرس في الغرفة \u20682\u2069.\nأحضروا قلما.")


def translated(number: int = 7, source: TextRow = SOURCE, title: str = ARABIC[0], body: str = ARABIC[1]) -> bytes:
    """The file as a translator brings it back."""
    po = parsed(written_po(number, "ar", source, None).decode(), "ar")
    for message in po:
        if message.id:
            message.string = title if (message.context or "").endswith("title") else body
    return written(po)


def test_what_a_translator_wrote_comes_back_with_its_lines_its_marks_and_its_isolates() -> None:
    assert read_po(7, translated(), SOURCE) == ("ar", *ARABIC)
    filled = written_po(7, "ar", SOURCE, TextRow("ar", *ARABIC, 4, None, ""))
    assert read_po(7, filled, SOURCE) == ("ar", *ARABIC)


def test_a_text_that_is_older_than_its_source_is_not_in_the_file() -> None:
    outdated = written_po(7, "ar", SOURCE, TextRow("ar", *ARABIC, 2, None, ""))
    assert outdated == written_po(7, "ar", SOURCE, None)


def test_a_notice_without_a_heading_has_none_to_translate() -> None:
    plain = TextRow("en", "", "Tomorrow we are closed.", 1, None, "")
    assert read_po(7, translated(source=plain), plain) == ("ar", "", ARABIC[1])


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "other_notice"),
        (b"\xff\xfe", "no_file"),
        (b"msgid 'x", "no_file"),
        (translated(number=8), "other_notice"),
        (translated(source=TextRow("en", "Room moved", "Another text.", 3, None, "")), "other_source"),
        (translated(body=""), "empty"),
        (translated(title=""), "empty"),
        (translated(body="\u2068open"), "marks"),
    ],
)
def test_a_file_that_is_not_this_notices_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(NotThisNotice, match=why):
        read_po(7, raw, SOURCE)
