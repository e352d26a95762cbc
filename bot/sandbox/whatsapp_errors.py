"""What the Cloud API answers when it does not do what it was asked: codes of Meta's page "Error codes"."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Code(IntEnum):
    """The codes that this server gives by itself; a Refuse fault gives any."""

    TOKEN = 190
    MISSING = 131008
    INVALID = 131009
    UNDELIVERABLE = 131026
    WINDOW = 131047
    PAIR_RATE = 131056
    NUMBER_RATE = 130429
    TEMPLATE_PARAMETERS = 132000
    NO_TEMPLATE = 132001
    TEMPLATE_PAUSED = 132015
    IDENTITY = 137000


#: HTTP statuses other than 400.
STATUSES: Mapping[int, int] = {Code.TOKEN: 401, Code.NUMBER_RATE: 429}
BAD_REQUEST = 400


class Refused(Exception):
    """The message is not taken."""

    def __init__(self, code: int, details: str = "") -> None:
        super().__init__(f"{code} {details}")
        self.code = code
        self.details = details

    @property
    def status(self) -> int:
        """Of the HTTP answer."""
        return STATUSES.get(self.code, BAD_REQUEST)

    def body(self) -> dict[str, Any]:
        """The answer, in Meta's form."""
        return {
            "error": {
                "message": f"(#{self.code}) {self.details}",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "sandbox",
            }
        }
