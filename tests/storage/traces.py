"""Looking for what must not be there: a planted word, in the forms in which it may lie on a disk (reliability 2.3)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from urllib.parse import quote


def forms_of(word: str) -> Mapping[str, tuple[bytes, ...]]:
    """Nine ways in which a word may be written. Digits alone are long enough not to occur by chance."""
    utf8 = word.encode()
    digits = "".join(sign for sign in word if sign.isdigit())
    return {
        "plain": (utf8,),
        "without +": (word.lstrip("+").encode(),),
        "national": (f"0{digits[3:]}".encode(),) if word.startswith("+") else (),
        "utf-16": (word.encode("utf-16-le"),),
        # At each of the three places in a group; the ends depend on the neighbours and are cut off.
        "base64": tuple(b64encode(b"\0" * shift + utf8)[4 if shift else 0 : -4] for shift in range(3)),
        "hex": (utf8.hex().encode(), utf8.hex().upper().encode()),
        "url": (quote(word, safe="").encode(),),
        "json": ("".join(f"\\u{ord(sign):04x}" for sign in word).encode(), ascii(word)[1:-1].encode()),
        "reversed": (word[::-1].encode(),),
    }


def traces(folders: Sequence[Path], *words: str) -> list[str]:
    """Where any of the words lies in any file of the folders, and how it is written there."""
    found = []
    for path in chain.from_iterable(folder.rglob("*") for folder in folders):
        if path.is_file():
            content = path.read_bytes()
            found += [
                f"{word} ({name}) in {path.name}"
                for word in words
                for name, forms in forms_of(word).items()
                if any(form in content for form in forms)
            ]
    return found
