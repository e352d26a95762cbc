"""Looking for planted words in files, in the nine forms in which a careless program leaves them (reliability 2.3)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

COUNTRY_CODE = "+381"


def forms(planted: str) -> Mapping[str, set[bytes]]:
    """Every form of a planted word, by its name."""
    raw = planted.encode()
    escaped = "".join(f"\\u{unit:04x}" for unit in _utf16_units(planted))
    return {
        "plain": {raw},
        "without +": {planted.removeprefix("+").encode()},
        "national": {planted.replace(COUNTRY_CODE, "0", 1).encode()},
        "UTF-16": {planted.encode("utf-16-le")},
        "base64": set(_base64_cores(raw)),
        "hex": {raw.hex().encode(), raw.hex().upper().encode()},
        "URL": {quote(planted, safe="").encode(), quote(planted).encode(), quote(planted).replace("%20", "+").encode()},
        "JSON": {json.dumps(planted)[1:-1].encode(), escaped.encode(), escaped.upper().replace("\\U", "\\u").encode()},
        "reversed": {planted[::-1].encode(), raw[::-1]},
    }


def hits(planted: Mapping[str, str], *folders: Path) -> list[str]:
    """Where any form of any planted word stands: "<file>: <what>, <form>"."""
    wanted = [
        (what, name, form) for what, word in planted.items() for name, found in forms(word).items() for form in found
    ]
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        f"{path.name}: {what}, {name}"
        for path in files
        for written in [path.read_bytes()]
        for what, name, form in wanted
        if form in written
    ]


def _utf16_units(text: str) -> Iterator[int]:
    encoded = text.encode("utf-16-be")
    return (int.from_bytes(encoded[at : at + 2]) for at in range(0, len(encoded), 2))


def _base64_cores(raw: bytes) -> Iterator[bytes]:
    """What stays the same of a base64 text wherever in it the word begins: signs that hold bits of the word alone."""
    for before in range(3):
        signs = base64.b64encode(b"\0" * before + raw)
        whole = (before + len(raw)) * 8 // 6
        core = signs[-(-before * 8 // 6) : whole]
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))
