"""How each channel is doing, for coordinators: what waits, what went last, what is wrong, what Meta thinks. Read only.

It says what the process and the database know; nothing is asked of a channel for it. What Meta thinks was written down
when an operator asked (`izi templates --sync`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.tables import Approved
from desk.console.notice_live import why
from desk.console.shown import Console, language_name
from i18n.text import say_date
from storage.channel_health import Flow

WHATSAPP = "whatsapp"
#: Alarms are named after their channel.
SEPARATOR = "_"


def strip(desk: Console, flows: Mapping[str, Flow]) -> list[dict[str, Any]]:
    """One entry for each channel that is on, in their order."""
    return [_channel(desk, scheme, flows.get(scheme, Flow())) for scheme in desk.notices().channels]


def _channel(desk: Console, scheme: str, flow: Flow) -> dict[str, Any]:
    alarms = [alarm for alarm in desk.alarms() if alarm.startswith(f"{scheme}{SEPARATOR}")]
    return {
        "scheme": scheme,
        "name": desk.channel(scheme),
        "alarms": [desk.text(f"alarm.{alarm}") for alarm in alarms],
        "waiting": flow.waiting,
        # While nothing may be sent at all, the pause is ours and says nothing of too many messages.
        "slowed": 0 if alarms else flow.slowed,
        "sent": desk.clock(flow.sent_at) if flow.sent_at is not None else "",
        "fault_at": desk.clock(flow.fault_at) if flow.fault_at is not None else "",
        "fault": why(desk, flow.fault),
        "meta": _meta(desk) if scheme == WHATSAPP else None,
    }


def _meta(desk: Console) -> dict[str, Any]:
    """What Meta thinks of the number, and which of our texts may go when 24 hours have passed."""
    templates = desk.shelf().pack.templates
    account = templates.account
    return {
        "quality": account.quality,
        "limit": account.limit,
        "asked": say_date(account.asked_on, desk.view.language) if account.asked_on is not None else "",
        "texts": [("answer", _texts(templates.answer_waiting)), ("news", _texts(templates.news))],
    }


def _texts(by_language: Mapping[str, Approved]) -> dict[str, Any]:
    """In how many languages a text is approved, and what stands in the way in the others."""
    lacking = [(language_name(code), text.state) for code, text in by_language.items() if text.state != "approved"]
    return {"all": len(by_language), "approved": len(by_language) - len(lacking), "lacking": lacking}
