"""Bodies that no honest client sends: valid ones, bent in their structure, in their values or in their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import urlencode

Json = Any

LONG = 20_000  # characters
DEEP = 3_000  # levels: deeper than any parser takes
LARGE = 300 * 1024  # bytes: more than any endpoint takes
STRANGE: tuple[Json, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, -(2**63) - 1, 10**400, 1e308, -0.0, float("nan"), float("inf"), "", " ",
    "\x00", "\ud800", "\udfff\ud800", "\u202e\u2066", "\u0660\u06f1", "é" * 50, "💶" * 30, "x" * LONG, "../..",
    "' OR 1=1 --", "{0.__class__}", "${jndi:x}", "%s%n", "<script>", "2026-11-23", "-1", "1e9", "/start", "112",
    [], {}, [[]], [None] * 50, {"": ""}, {"id": {"id": {"id": 1}}},
)  # fmt: skip
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TYPES = (
    FORM,
    JSON,
    "text/plain",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json; charset=utf-16",
    "",
    "\xff",
)


def update_like(body: Json, chance: Random) -> Json:
    """The value with one to four places in it changed."""
    for _ in range(chance.randint(1, 4)):
        body = _bend(body, chance)
    return body


def _bend(value: Json, chance: Random) -> Json:
    """Go down by chance, and change what is found there."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(list(value))
        match chance.randrange(12):
            case 0:
                return {name: item for name, item in value.items() if name != key}
            case 1:
                return value | {chance.choice(STRANGE_KEYS): value[key]}
            case _:
                return value | {key: _bend(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        position = chance.randrange(len(value))
        return [*value[:position], _bend(value[position], chance), *value[position + 1 :]]
    if isinstance(value, int) and not isinstance(value, bool) and chance.random() < 0.5:
        return chance.choice((value + 1, -value, chance.getrandbits(40), chance.getrandbits(70), 1.5, str(value)))
    return chance.choice(STRANGE)


STRANGE_KEYS = ("", "id", "text", "chat", "message", "update_id", "\x00", "\ud800", "__proto__", "x" * 1000)


def torn(body: bytes, chance: Random) -> bytes:
    """The bytes with one to four faults."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(body) + 1), chance.randint(1, 16)
        piece = body[at : at + length]
        body = chance.choice(
            (
                body[:at],
                body[:at] + body[at + length :],
                body[:at] + piece * chance.randint(2, 50) + body[at + length :],
                body[:at] + chance.randbytes(length) + body[at + length :],
                body[:at] + bytes(byte ^ (1 << chance.randrange(8)) for byte in piece) + body[at + length :],
            )
        )
    return body


def bodies(seeds: Sequence[Mapping[str, Json]], kind: str, chance: Random) -> Callable[[], tuple[str, bytes]]:
    """Draws (content type, body), made of seeds that are valid at an endpoint. kind: FORM or JSON."""

    def draw() -> tuple[str, bytes]:
        seed, luck = chance.choice(seeds), chance.random()
        if luck < 0.002:
            return kind, chance.randbytes(LARGE)
        if luck < 0.01:
            return kind, _deep(chance)
        body = _written(update_like(dict(seed), chance) if chance.random() < 0.8 else seed, kind)
        if chance.random() < 0.25:
            body = torn(body, chance)
        return (chance.choice(TYPES) if luck > 0.95 else kind), body

    return draw


def _deep(chance: Random) -> bytes:
    opening, closing = chance.choice(((b"[", b"]"), (b'{"message":', b"}"), (b'{"a":[', b"]}")))
    levels = chance.choice((50, 900, DEEP))
    return opening * levels + (closing * levels if chance.random() < 0.5 else b"")


def _written(body: Json, kind: str) -> bytes:
    if kind == JSON or not isinstance(body, dict):
        return json.dumps(body).encode()
    fields = [(name, item if isinstance(item, str) else json.dumps(item)) for name, item in body.items()]
    return urlencode(fields, errors="replace").encode()
