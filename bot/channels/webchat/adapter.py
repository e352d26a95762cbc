"""The web chat as a Channel: what is written down is what the page shows, so sending is being there."""

from __future__ import annotations

import hashlib
import secrets

from bot.channels.base import Abilities, Outgoing, Sent

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


def new_token() -> str:
    """What the browser keeps: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def opaque_id(token: str) -> str:
    """What we keep of it: a hash, so that a stolen database opens no chat."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
