"""What Telegram answers when it does not do what it was asked, in its own words.

Descriptions are those of tdlib/telegram-bot-api (`Client.cpp`): a bot that reads them must meet the same here.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Refused(Exception):
    """The call is not done."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        """Answered with this HTTP status; `parameters` as Telegram's ResponseParameters."""
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(reason: str) -> Refused:
    """400, for good: the same call will be refused again."""
    return Refused(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    """403: this chat cannot be reached."""
    return Refused(HTTPStatus.FORBIDDEN, f"Forbidden: {reason}")


def conflict(reason: str) -> Refused:
    """409: another poller, or a webhook."""
    return Refused(HTTPStatus.CONFLICT, f"Conflict: {reason}")


def not_found(reason: str) -> Refused:
    """404: no such method."""
    return Refused(HTTPStatus.NOT_FOUND, f"Not Found: {reason}")


def unauthorized() -> Refused:
    """401: not this bot's token."""
    return Refused(HTTPStatus.UNAUTHORIZED, "Unauthorized")


def too_many_requests(retry_after: int) -> Refused:
    """429: wait `retry_after` seconds."""
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )


def moved(new_chat_id: int) -> Refused:
    """400 with the id under which the group lives on."""
    return Refused(
        HTTPStatus.BAD_REQUEST,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )
