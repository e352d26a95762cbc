"""What calling WhatsApp means for the rest of its folder, and what stands in an answer. client.py does the calling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.channels.base import Uncertain
from bot.channels.bodies import read_json
from bot.channels.outgoing import Document
from bot.channels.whatsapp.codes import Refusal

VERSION = "v23.0"  # of the Graph API; the one whose description the sandbox holds us to
SEND_TIMEOUT = 30.0  # seconds until an unanswered request counts as uncertain
CONNECT_TIMEOUT = 10.0  # seconds
FILE_TIMEOUT = 120.0  # seconds for a whole file


class Calls(Protocol):
    """What the adapter needs of a client; client.Api is ours."""

    async def send(self, message: Mapping[str, Any]) -> str:
        """See client.Api.send."""
        ...

    async def upload(self, document: Document) -> str:
        """See client.Api.upload."""
        ...

    async def download(self, media_id: str, limit: int) -> bytes:
        """See client.Api.download."""
        ...


def read_answer(status: int, raw: bytes) -> Mapping[str, Any]:
    """What stands in an answer. Raises Refusal where it says no, Uncertain where it is none of WhatsApp's."""
    answer = read_json(raw)
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        raise Refusal(status, error["code"])
    if not isinstance(answer, dict) or not 200 <= status < 300:
        # A gateway in between may answer for a server that has already done what was asked.
        raise Uncertain(f"http_{status}")
    return answer


def message_id(answer: Mapping[str, Any]) -> str:
    """The wamid in the answer to a send. Raises Uncertain where there is none."""
    try:
        return str(answer["messages"][0]["id"])
    except (KeyError, IndexError, TypeError):
        raise Uncertain("no_id") from None
