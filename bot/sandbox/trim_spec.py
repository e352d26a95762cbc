"""Cut the published description of the Bot API down to the facts that the sandbox checks.

    python -m bot.sandbox.trim_spec telegram-bot-api-10.1.json > bot/sandbox/telegram-spec.json

The source is `api.json` of PaulSonOfLars/telegram-bot-api-spec (MIT). Kept are the parameters of the methods that the
sandbox serves and the fields of every object that such a parameter may hold; of other methods the name alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.methods import SERVED

SCALARS = frozenset({"Integer", "Float", "String", "Boolean", "True", "InputFile"})


def trim(source: dict[str, Any], served: Iterable[str]) -> dict[str, Any]:
    """The trimmed table; a field is `["required" | "optional", type, ...]`, a union the list of its types."""
    served = sorted(served)
    methods = {name: _fields(source["methods"][name]) for name in served}
    types: dict[str, dict[str, list[str]]] = {}
    unions: dict[str, list[str]] = {}
    pending = list(_objects(methods.values()))
    while pending:
        name = pending.pop()
        if name in types or name in unions:
            continue
        described = source["types"][name]
        if subtypes := described.get("subtypes"):
            unions[name] = subtypes
            pending.extend(subtypes)
        else:
            types[name] = _fields(described)
            pending.extend(_objects([types[name]]))
    return {
        "version": source["version"],
        "methods": methods,
        "others": sorted(set(source["methods"]) - set(served)),
        "types": dict(sorted(types.items())),
        "unions": dict(sorted(unions.items())),
    }


def _fields(described: dict[str, Any]) -> dict[str, list[str]]:
    return {
        field["name"]: ["required" if field["required"] else "optional", *field["types"]]
        for field in described.get("fields", [])
    }


def _objects(described: Iterable[dict[str, list[str]]]) -> Iterator[str]:
    for fields in described:
        for _, *types in fields.values():
            for kind in types:
                name = kind.replace("Array of ", "")
                if name not in SCALARS:
                    yield name


def written(table: dict[str, Any]) -> str:
    """The table as JSON with one method, type or union a line, so that a change reads well in a diff."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(fields)}" for name, fields in value.items())
            parts.append(f"{json.dumps(key)}: {{\n{lines}\n}}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    sys.stdout.write(written(trim(json.loads(Path(sys.argv[1]).read_text("utf-8")), SERVED)))
