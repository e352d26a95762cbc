"""What calling Telegram means for the rest of its folder: a call, a refusal, an answer. client.py does the calling.

It stands apart because its library takes 0.2 s and 10 MB to import, which who has no bot should not pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from bot.channels.base import Uncertain
from bot.channels.bodies import read_json

SEND_TIMEOUT = 30.0  # seconds until an unanswered request counts as uncertain
CONNECT_TIMEOUT = 10.0  # seconds
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Refusal(Exception):
    """Telegram answered no. description: its own prose, for classifying only; parameters as in ResponseParameters."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any] = NOTHING) -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.parameters = parameters


class Calls(Protocol):
    """What the adapter and the poller need of a client. client.Api is ours; the tests bring aiogram's."""

    async def call(self, method: str, params: Mapping[str, Any], timeout: float = SEND_TIMEOUT) -> Any:
        """See client.Api.call."""
        ...


def read_result(status: int, raw: bytes) -> Any:
    """What stands in an answer. Raises Refusal where it says no, Uncertain where it is none of Telegram's."""
    answer = read_json(raw)
    if isinstance(answer, dict) and answer.get("ok") is True and "result" in answer:
        return answer["result"]
    if isinstance(answer, dict) and isinstance(answer.get("error_code"), int):
        status = answer["error_code"]
    else:
        answer = {}
    if status >= 500 or status < 400:
        # A gateway in between may answer for a server that has already done what was asked.
        raise Uncertain(f"http_{status}")
    parameters = answer.get("parameters")
    raise Refusal(status, str(answer.get("description", "")), parameters if isinstance(parameters, dict) else NOTHING)
