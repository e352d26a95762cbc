"""pywa: a second client for the sandbox, and a judge of what the sandbox signs.

It is no part of the product (docs/decisions/0007). A sandbox that only our own client has met could share its mistakes.
"""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
import pywa_async
from pywa import errors, types, utils

from bot.sandbox.whatsapp import WhatsAppServer
from bot.sandbox.whatsapp_hook import sign


class Towards(httpx.AsyncHTTPTransport):
    """pywa's address is fixed: what it writes there goes to the sandbox."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._to = httpx.URL(base_url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme=self._to.scheme, host=self._to.host, port=self._to.port)
        return await super().handle_async_request(request)


async def test_a_second_client_sends_to_the_sandbox_and_hears_its_refusals() -> None:
    async with WhatsAppServer(tells=()) as server:
        person = server.person("38160000001")
        person.wrote_at = datetime.now(UTC)
        session = httpx.AsyncClient(transport=Towards(server.base_url))
        client = pywa_async.WhatsApp(server.phone_number_id, server.token, session=session, server=None)
        await client.send_message(person.number, "words", tracker="7")
        await client.send_message(person.number, "words", buttons=[types.Button("Yes", "a"), types.Button("No", "b")])
        rows = [types.SectionRow(f"label {n}", f"a{n}", "about") for n in range(10)]
        await client.send_message(
            person.number, "words", buttons=types.SectionList("Choose", [types.Section("All", rows)])
        )
        assert [message.text for message in person.messages] == ["words"] * 3
        assert person.messages[0].sent["biz_opaque_callback_data"] == "7"
        assert server.violations == []
        with pytest.raises(errors.InvalidParameter):
            await client.send_message(person.number, "words", buttons=[types.Button(f"{n}", f"{n}") for n in range(4)])
        person.wrote_at = None
        with pytest.raises(errors.ReEngagementMessage):
            await client.send_message(person.number, "words")
        await session.aclose()


def test_the_sandbox_signs_as_meta_does() -> None:
    body = '{"words": "سلام"}'.encode()
    assert utils.webhook_updates_validator("secret", body, sign(body, "secret"))
    assert not utils.webhook_updates_validator("other", body, sign(body, "secret"))
