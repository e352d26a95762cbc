"""What Meta decided about the texts that may be sent at any time, and what it thinks of our number.

Read by the Graph API when an operator asks, and written down as records. Meta keeps the texts with the business
account, not with the number (IZI_WHATSAPP_BUSINESS_ID).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import aiohttp

from bot.channels.base import Unreachable
from bot.channels.whatsapp.api import CONNECT_TIMEOUT, SEND_TIMEOUT, VERSION, read_answer
from bot.channels.whatsapp.client import NOT_ANSWERED
from content.tables import MetaAccount, Templates

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

QUALITIES = frozenset({"GREEN", "YELLOW", "RED"})
#: Meta's tiers (Graph API, "WhatsApp Account Number", field messaging_limit_tier): TIER_250, TIER_1K, TIER_UNLIMITED.
TIER = re.compile(r"TIER_(\d{1,6})(K?)")
UNLIMITED, UNKNOWN = "unlimited", "unknown"

#: (name, Meta's code of the language) -> Meta's word.
Decisions = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What Meta says of our number; the values are those of the records."""

    quality: str
    limit: str


async def decisions(http: aiohttp.ClientSession, root: str, business_id: str) -> Decisions:
    """What Meta decided about every text of the account. http shows the token (client.open_session).

    Raises Refusal for an answer that says no, Unreachable where there is none.
    """
    found: dict[tuple[str, str], str] = {}
    after = ""
    for _ in range(MOST_PAGES):
        asked = {"fields": "name,language,status", "limit": str(PAGE)} | ({"after": after} if after else {})
        page = await _ask(http, f"{root.rstrip('/')}/{VERSION}/{business_id}/message_templates", asked)
        found |= {(str(one["name"]), str(one["language"])): str(one["status"]) for one in page.get("data", ())}
        paging = page.get("paging", {})
        after = str(paging.get("cursors", {}).get("after", "")) if "next" in paging else ""
        if not after:
            break
    return found


async def standing(http: aiohttp.ClientSession, root: str, phone_number_id: str) -> Standing:
    """What Meta thinks of our number. Raises as `decisions` does."""
    asked = {"fields": "quality_rating,messaging_limit_tier"}
    found = await _ask(http, f"{root.rstrip('/')}/{VERSION}/{phone_number_id}", asked)
    quality, tier = str(found.get("quality_rating", "")), str(found.get("messaging_limit_tier", ""))
    return Standing(quality.lower() if quality in QUALITIES else UNKNOWN, _people(tier))


def records(templates: Templates, decided: Decisions) -> Iterator[tuple[str, str]]:
    """(name of the record, state) of each of our texts whose state is not the one that we know."""
    for before, by_language in (("template.", templates.answer_waiting), ("template.news.", templates.news)):
        for locale, given in by_language.items():
            word = decided.get((given.name, given.code))
            state = MISSING if word is None else STATES.get(word, UNDECIDED)
            if state != given.state:
                yield f"{before}{locale}", state


def of_number(known: MetaAccount, told: Standing, today: date) -> Iterator[tuple[str, str]]:
    """(name of the record, value) of what is news about our number, and of the day on which it was asked."""
    if told.quality != known.quality:
        yield "whatsapp.quality", told.quality
    if told.limit != known.limit:
        yield "whatsapp.limit", told.limit
    if today != known.asked_on:
        yield "whatsapp.asked_on", today.isoformat()


def _people(tier: str) -> str:
    """To how many people we may write first within 24 hours: TIER_2K -> 2000."""
    if tier == "TIER_UNLIMITED":
        return UNLIMITED
    found = TIER.fullmatch(tier)
    return str(int(found[1]) * (1000 if found[2] else 1)) if found else UNKNOWN


async def _ask(http: aiohttp.ClientSession, address: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
    limits = aiohttp.ClientTimeout(total=SEND_TIMEOUT, connect=CONNECT_TIMEOUT)
    try:
        async with http.get(address, params=asked, timeout=limits, allow_redirects=False) as answer:
            return read_answer(answer.status, await answer.read())
    except NOT_ANSWERED:
        raise Unreachable("network") from None
