"""The web chat as a Channel: what is written down is what the page shows, so sending is being there."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from bot.channels.base import Abilities, Refused, Sent
from bot.channels.outgoing import Outgoing

SCHEME = "webchat"
ACCOUNT = "page"
TOKEN_BYTES = 32


class WebChat:
    """The page reads the outbox itself; nothing leaves the house."""

    scheme = SCHEME
    abilities = Abilities(paced=False, keeps=True)

    async def send(self, opaque_id: str, out: Outgoing) -> Sent:
        """See Channel.send. Never refuses."""
        return Sent()

    async def clear(self, opaque_id: str, message_ids: Sequence[str]) -> None:
        """See Channel.clear. A page is cleared where it is read (storage.web_pages.clear_page)."""

    async def fetch(self, ref: str, limit: int) -> bytes:
        """See Channel.fetch. Nothing can be sent up from the page yet."""
        raise Refused("no_files", ours=False)


def new_token() -> str:
    """What the browser keeps: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def opaque_id(token: str) -> str:
    """What we keep of it: a hash, so that a stolen database opens no chat."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
