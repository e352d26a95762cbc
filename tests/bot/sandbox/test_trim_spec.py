"""The trimmed table holds what the served methods need, and the table in use fits the code."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox import spec
from bot.sandbox.methods import SERVED
from bot.sandbox.trim_spec import trim, written


def field(name: str, *types: str, required: bool = False) -> dict[str, Any]:
    return {"name": name, "types": list(types), "required": required, "description": "Words"}


SOURCE: dict[str, Any] = {
    "version": "Bot API 0",
    "methods": {
        "sendMessage": {
            "name": "sendMessage",
            "fields": [field("chat_id", "Integer", "String", required=True), field("rows", "Array of Array of Button")],
        },
        "getMe": {"name": "getMe"},
        "sendPoll": {"name": "sendPoll", "fields": [field("poll", "Poll")]},
    },
    "types": {
        "Button": {"fields": [field("text", "String", required=True), field("action", "Action")]},
        "Action": {"subtypes": ["ActionOpen"]},
        "ActionOpen": {"fields": [field("button", "Button")]},
        "Poll": {"fields": []},
    },
}


def test_only_what_the_served_methods_can_carry_is_kept() -> None:
    assert trim(SOURCE, {"sendMessage", "getMe"}) == {
        "version": "Bot API 0",
        "methods": {
            "getMe": {},
            "sendMessage": {
                "chat_id": ["required", "Integer", "String"],
                "rows": ["optional", "Array of Array of Button"],
            },
        },
        "others": ["sendPoll"],
        "types": {
            "ActionOpen": {"button": ["optional", "Button"]},
            "Button": {"text": ["required", "String"], "action": ["optional", "Action"]},
        },
        "unions": {"Action": ["ActionOpen"]},
    }


def test_the_written_table_reads_back() -> None:
    table = trim(SOURCE, {"sendMessage"})
    assert json.loads(written(table)) == table


def test_the_table_in_use_describes_every_served_method() -> None:
    assert set(spec.load().methods) == set(SERVED)


def test_every_object_of_the_table_in_use_is_described_in_it() -> None:
    table = spec.load()
    known = {*table.types, *table.unions, *spec.SCALARS}
    named = {
        kind.replace(spec.ARRAY, "")
        for fields in (*table.methods.values(), *table.types.values())
        for described in fields.values()
        for kind in described.types
    }
    assert named <= known
