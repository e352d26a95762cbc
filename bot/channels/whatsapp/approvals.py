"""What Meta decided about the texts that may be sent at any time: read by the Graph API, written down as records.

Meta keeps them with the business account, not with the number (IZI_WHATSAPP_BUSINESS_ID).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp

from bot.channels.base import Unreachable
from bot.channels.whatsapp.api import CONNECT_TIMEOUT, SEND_TIMEOUT, VERSION, read_answer
from bot.channels.whatsapp.client import NOT_ANSWERED
from content.tables import Templates

#: Meta's words (Graph API, "WhatsApp Message Template", field status) and ours; any other word is still being decided.
STATES = {
    "APPROVED": "approved",
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "DISABLED": "paused",
    "LIMIT_EXCEEDED": "paused",
    "PENDING_DELETION": "paused",
    "DELETED": "none",
}
UNDECIDED, MISSING = "waiting", "none"
PAGE = 100
MOST_PAGES = 50  # an account has 250 names, or 6,000 when it is verified

#: (name, Meta's code of the language) -> Meta's word.
Decisions = Mapping[tuple[str, str], str]


async def decisions(http: aiohttp.ClientSession, root: str, business_id: str) -> Decisions:
    """What Meta decided about every text of the account. http shows the token (client.open_session).

    Raises Refusal for an answer that says no, Unreachable where there is none.
    """
    found: dict[tuple[str, str], str] = {}
    after = ""
    for _ in range(MOST_PAGES):
        page = await _page(http, f"{root.rstrip('/')}/{VERSION}/{business_id}/message_templates", after)
        found |= {(str(one["name"]), str(one["language"])): str(one["status"]) for one in page.get("data", ())}
        paging = page.get("paging", {})
        after = str(paging.get("cursors", {}).get("after", "")) if "next" in paging else ""
        if not after:
            break
    return found


def records(templates: Templates, decided: Decisions) -> Iterator[tuple[str, str]]:
    """(name of the record, state) of each of our texts whose state is not the one that we know."""
    for before, by_language in (("template.", templates.answer_waiting), ("template.news.", templates.news)):
        for locale, given in by_language.items():
            word = decided.get((given.name, given.code))
            state = MISSING if word is None else STATES.get(word, UNDECIDED)
            if state != given.state:
                yield f"{before}{locale}", state


async def _page(http: aiohttp.ClientSession, address: str, after: str) -> Mapping[str, Any]:
    asked = {"fields": "name,language,status", "limit": str(PAGE)} | ({"after": after} if after else {})
    limits = aiohttp.ClientTimeout(total=SEND_TIMEOUT, connect=CONNECT_TIMEOUT)
    try:
        async with http.get(address, params=asked, timeout=limits, allow_redirects=False) as answer:
            return read_answer(answer.status, await answer.read())
    except NOT_ANSWERED:
        raise Unreachable("network") from None
