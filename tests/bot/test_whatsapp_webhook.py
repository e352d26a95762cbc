"""W1: who may post to WhatsApp's webhook, and what is answered to what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.whatsapp import webhook
from bot.channels.whatsapp.parse import Batch
from bot.sandbox.whatsapp_hook import SIGNATURE, sign
from storage.db import Unavailable

SECRET, TOKEN, ACCOUNT = "app-secret-of-no-app", "verify-token-of-no-app", "1000"


def clock() -> datetime:
    return datetime(2026, 11, 23, 9, tzinfo=UTC)


def text_body(words: str) -> dict[str, object]:
    message = {"id": "wamid.1", "from": "381", "timestamp": "1", "type": "text", "text": {"body": words}}
    value = {"metadata": {"phone_number_id": ACCOUNT}, "messages": [message]}
    return {"entry": [{"changes": [{"field": "messages", "value": value}]}]}


class Site:
    """The webhook and what it took in."""

    def __init__(self) -> None:
        self.taken: list[Batch] = []
        self.away = False
        app = FastAPI()
        app.include_router(webhook.router(ACCOUNT, SECRET, TOKEN, self.accept, clock))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.example")

    async def accept(self, batch: Batch) -> None:
        if self.away:
            raise Unavailable
        self.taken.append(batch)

    async def post(self, body: bytes, *signatures: str) -> int:
        headers = [(SIGNATURE, signature) for signature in signatures or [sign(body, SECRET)]]
        return (await self.http.post(webhook.PATH, content=body, headers=headers)).status_code


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with site.http:
        yield site


@pytest.mark.parametrize("words", ["hello", "Đorđe naïve", "سلام 🙂", 'quote " slash / back \\', "a\u2028b"])
@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "raw"])
async def test_w1_a_body_is_believed_by_its_bytes_whatever_signs_are_in_it(
    site: Site, words: str, escaped: bool
) -> None:
    body = json.dumps(text_body(words), ensure_ascii=escaped).encode()
    slashes = body.replace(b"/", rb"\/")  # as some of Meta's bodies come: the same value, other bytes
    for sent in (body, slashes):
        assert await site.post(sent) == 200
    read = [arrival.content for batch in site.taken for arrival in batch.arrivals]
    assert [getattr(content, "text", None) for content in read] == [words, words]


async def test_w1_a_body_that_comes_in_pieces_is_the_same_body(site: Site) -> None:
    body = json.dumps(text_body("سلام"), ensure_ascii=False).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    answer = await site.http.post(webhook.PATH, content=pieces(), headers={SIGNATURE: sign(body, SECRET)})
    assert answer.status_code == 200
    assert len(site.taken) == 1


async def test_w1_without_the_one_right_signature_nothing_is_taken(site: Site) -> None:
    body = json.dumps(text_body("hello")).encode()
    right = sign(body, SECRET)
    wrong = [
        "", "sha256=", right.removeprefix("sha256="), right.upper(), right[:-1], right + "0", "sha1=" + right[7:],
        sign(body, "another-secret-of-nobody"), sign(body + b" ", SECRET), sign(body, ""),
    ]  # fmt: skip
    assert [await site.post(body, one) for one in wrong] == [403] * len(wrong)
    assert await site.post(body, right, right) == 403
    assert (await site.http.post(webhook.PATH, content=body)).status_code == 403
    non_ascii = [(SIGNATURE.encode(), "sha256=ž".encode())]
    assert (await site.http.post(webhook.PATH, content=body, headers=non_ascii)).status_code == 403
    assert site.taken == []


@pytest.mark.parametrize(("app_secret", "token"), [("", TOKEN), (SECRET, "")])
def test_without_secrets_there_is_no_webhook(app_secret: str, token: str) -> None:
    with pytest.raises(ValueError, match="believe anybody"):
        webhook.router(ACCOUNT, app_secret, token, Site().accept, clock)


async def test_w1_the_address_is_verified_by_the_token_alone(site: Site) -> None:
    async def ask(**query: str) -> httpx.Response:
        return await site.http.get(webhook.PATH, params={f"hub.{name}": value for name, value in query.items()})

    right = await ask(mode="subscribe", verify_token=TOKEN, challenge="1158201444")
    assert (right.status_code, right.text, right.headers["content-type"]) == (
        200,
        "1158201444",
        "text/plain; charset=utf-8",
    )
    for query in (
        {"mode": "subscribe", "verify_token": TOKEN + "x", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1"},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "žeton", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": TOKEN, "challenge": "1"},
        {"mode": "subscribe", "verify_token": TOKEN, "challenge": "x" * 1000},
    ):
        assert (await ask(**query)).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b" " * (webhook.LARGEST_BODY + 1), 413),
        (b"[1, 2]", 200),
        (b'"words"', 200),
        (b"{}", 200),
        (b'{"entry": [{"changes": [{"value": 5}, 7]}, 9]}', 200),
        (b'{"object": "whatsapp_business_account", "entry": []}', 200),
        (b'{"entry": [{"changes": [{"field": "account_update", "value": {"event": "x"}}]}]}', 200),
    ],
)
async def test_content_never_makes_whatsapp_come_again(site: Site, body: bytes, status: int) -> None:
    assert await site.post(body) == status


async def test_while_the_database_is_away_whatsapp_is_asked_to_come_again(site: Site) -> None:
    site.away = True
    assert await site.post(json.dumps(text_body("hello")).encode()) == 503
