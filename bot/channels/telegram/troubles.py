"""What may be wrong between Telegram and us, by what Telegram says of our webhook. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any

GROWING = 3  # looks in a row after each of which more updates waited


class Trouble(StrEnum):
    """A code for logs, metrics, readiness and the desk's banner."""

    AWAY = "telegram_unreachable"
    TOKEN = "telegram_token_refused"  # noqa: S105 - a code
    SECOND_POLLER = "telegram_second_poller"
    FOREIGN_WEBHOOK = "telegram_foreign_webhook"
    ERRORS = "telegram_webhook_errors"
    PILING_UP = "telegram_updates_pile_up"
    STAFF_GROUP = "staff_group_lost"
    LEAVER = "staff_group_leaver"


#: While one of these lasts, what people write does not reach us.
DEAF = frozenset({Trouble.AWAY, Trouble.TOKEN, Trouble.SECOND_POLLER, Trouble.FOREIGN_WEBHOOK})
TOKEN_CODES = frozenset({401, 404})
OTHER_RECEIVER = 409


def of_refusal(code: int) -> Trouble:
    """What a refused getMe, getWebhookInfo or getUpdates means."""
    if code == OTHER_RECEIVER:
        return Trouble.SECOND_POLLER
    return Trouble.TOKEN if code in TOKEN_CODES else Trouble.AWAY


def of_webhook(info: Mapping[str, Any], ours: str, since: int, pending: Sequence[int]) -> frozenset[Trouble]:
    """What getWebhookInfo tells.

    ours: the address that should stand there, "" when we poll. since: Unix seconds of the look before this one.
    pending: counts of waiting updates, newest last.
    """
    found = set()
    if info.get("url", "") != ours:
        found.add(Trouble.FOREIGN_WEBHOOK)
    elif ours and info.get("last_error_date", 0) > since:
        found.add(Trouble.ERRORS)
    newest = list(pending)[-GROWING - 1 :]
    if len(newest) > GROWING and all(later > earlier for earlier, later in pairwise(newest)):
        found.add(Trouble.PILING_UP)
    return frozenset(found)
