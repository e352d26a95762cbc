"""Files of strangers: what is not plainly one of our kinds is refused, and nothing of it is ever run (S8)."""

from __future__ import annotations

import gzip

import pytest

from bot.house import House
from bot.sandbox.telegram import TelegramServer
from storage.file_cleaning import clean
from storage.file_types import SANDBOX
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import eventually, served, stored
from tests.acceptance.walks import TO_THE_FIRST_STEP, arrive, tap
from tests.storage.files import PLANTED, jpeg, plain_jpeg, png, segment

SCRIPT = b"<script>document.title='run'</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"
#: What a stranger may call whatever they send.
CLAIMED = "image/jpeg"
REFUSED = {
    "GIF and JavaScript": b"GIF89a/*" + bytes(40) + b"*/=0;document.title='run'",
    "HTML that is called a photo": HTML,
    "SVG with a script": SVG,
    "SVG behind a mark": b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG,
    "a zip bomb": gzip.compress(bytes(1_000_000)),
    "a program": b"MZ" + bytes(100),
    "XML with an entity": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    "MHTML": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML,
}
#: Polyglots that are what they say at their beginning: they are kept, and only ever given out as that.
TAKEN = {
    "PDF and HTML": (b"%PDF-1.4\n" + HTML + b"\n%%EOF", "application/pdf"),
    "a photo with a page in it": (plain_jpeg()[:2] + segment(0xFE, HTML) + plain_jpeg()[2:], "image/jpeg"),
    "a photo and a page behind it": (plain_jpeg() + HTML, "image/jpeg"),
    "a picture with a page in it": (png((b"tEXt", HTML)), "image/png"),
    "a picture of 100 megapixels": (png(width=10_000, height=10_000), "image/png"),
    "where a photo was taken": (jpeg(), "image/jpeg"),
}


async def test_polyglots_are_refused_or_given_out_as_what_they_begin_with_and_never_as_a_page(
    house: House, telegram: TelegramServer
) -> None:
    async with served(house) as site, sign_in(house, site, "assistant A") as helper:
        person = telegram.person(1001, language_code="en")
        await arrive(person, TO_THE_FIRST_STEP)
        await tap(person, "I am stuck")
        for content in (*REFUSED.values(), *(content for content, _ in TAKEN.values())):
            await person.sends_document(content, CLAIMED)
        await eventually(lambda: stored(house, "SELECT 1 FROM media WHERE state = 'wanted'") == [])
        await eventually(lambda: len(stored(house, "SELECT 1 FROM media")) == len(REFUSED) + len(TAKEN))
        await eventually(lambda: stored(house, "SELECT 1 FROM media WHERE state = 'wanted'") == [])
        assert stored(house, "SELECT count(*) FROM media WHERE state = 'refused'") == [(len(REFUSED),)]

        kept = stored(house, "SELECT id, type FROM media WHERE state = 'kept'")
        assert sorted(type for _, type in kept) == sorted(type for _, type in TAKEN.values())
        contents = {content for content, _ in TAKEN.values()}
        for id, type in kept:
            for headers in ({}, {"range": "bytes=9-"}, {"accept": "text/html"}):
                given = await helper.get(f"/desk/requests/1/media/{id}", headers=headers)
                assert given.headers["content-type"] == type
                assert given.headers["content-disposition"].startswith('attachment; filename="1-')
                for name, value in SANDBOX.items():
                    assert given.headers[name] == value
            contents.discard((await helper.get(f"/desk/requests/1/media/{id}")).content)
        assert contents == set(), "staff get what was sent, as it was sent"


@pytest.mark.parametrize("name", [name for name in TAKEN if name != "PDF and HTML"])
def test_what_goes_out_again_carries_no_page_and_no_place(name: str) -> None:
    content, type = TAKEN[name]
    cleaned_type, cleaned = clean(content)
    assert cleaned_type == type
    assert SCRIPT not in cleaned
    assert PLANTED not in cleaned
