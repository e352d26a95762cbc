"""S2 for WhatsApp: whatever a signed body holds, it is read or kept, and nothing is raised."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

from bot import inbox
from bot.channels.bodies import read_json
from bot.channels.whatsapp.parse import parse
from tests.bot.test_whatsapp_parse import ACCOUNT, OGG, REPLY, body, message
from tests.reliability.mutations import torn, update_like

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
VALID = body(
    {
        "contacts": [{"wa_id": "381", "user_id": "RS.A", "profile": {"name": "Placeholder"}}],
        "messages": [
            message("text", {"body": "سلام"}, context={"forwarded": True}),
            message("interactive", {"type": "list_reply", "list_reply": REPLY}, 2),
            message("audio", OGG, 3),
            message("location", {"latitude": 44.8, "longitude": 20.4}, 4),
            message("system", {"type": "user_changed_number", "wa_id": "382"}, 5),
        ],
    },
    {"statuses": [{"id": "w", "status": "failed", "biz_opaque_callback_data": "7", "errors": [{"code": 131026}]}]},
)


def test_s2_fifteen_hundred_bent_bodies_are_all_read_or_kept() -> None:
    chance = Random(7)
    read = 0
    for _ in range(1500):
        bent = json.dumps(update_like(VALID, chance)).encode("utf-8", "surrogatepass")
        if chance.random() < 0.2:
            bent = torn(bent, chance)
        value = read_json(bent)
        if value is None:
            continue
        batch = parse(value, ACCOUNT, NOW, "digest")
        for arrival in batch.arrivals:
            row = inbox.to_arrival(arrival)
            assert inbox.read_body(row.kind, row.body)[0] == arrival.content
            assert arrival.opaque_id.encode()
            assert arrival.received_at <= NOW
        assert all(0 <= told.outbox_id < 10**18 for told in batch.news)
        read += len(batch.arrivals) + len(batch.news)
    assert read > 3_000
