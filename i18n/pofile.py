"""One PO file, with a header that is ours.

Babel reads and writes the messages. Of the header it drops the fields X-Checked-By and X-Checked-On, writes today's
date, and has wrong plural rules for several of our languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_string
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileParser, write_po

from i18n.locales import LOCALES

_WIDTH = 100
_COUNT_OF_FORMS = re.compile(r"nplurals\s*=\s*(\d+)")


class PoFile(Catalog):
    """One PO file: Babel's catalogue with a header that is kept as it was read, field by field."""

    def __init__(self, code: str) -> None:
        """Take one of our codes; its header fields stand until a file brings others. Raises KeyError if unknown."""
        super().__init__(header_comment=f"# {LOCALES[code].name} ({code})", fuzzy=False)
        self.headers = {"X-Checked-By": "", "X-Checked-On": "", **fixed_headers(code)}

    @property
    def num_plurals(self) -> int:
        """How many forms the file's own header promises; 2 without one, as in gettext."""
        promised = _COUNT_OF_FORMS.search(self.headers.get("Plural-Forms", ""))
        return int(promised[1]) if promised else 2

    def __setitem__(self, id: str | tuple[str, ...] | list[str], message: Message) -> None:
        """Add a message; the one with an empty id is the header."""
        if id:
            super().__setitem__(id, message)
        else:
            self.headers = dict(message_from_string(str(message.string)).items())
            self.header_comment = "\n".join(f"# {line}".rstrip() for line in message.user_comments)

    def __iter__(self) -> Iterator[Message]:
        """The header, then the messages in the order in which they were added."""
        yield Message("", "".join(f"{name}: {value}\n" for name, value in self.headers.items()))
        yield from (message for message in super().__iter__() if message.id)


def fixed_headers(code: str) -> dict[str, str]:
    """The header fields that are the same in every file of a language, whatever an editor wrote there."""
    return {
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LOCALES[code].plurals,
    }


def read(path: Path, code: str) -> PoFile:
    """Read a file of a language. Raises PoFileError or ValueError when it cannot be read, KeyError for the code."""
    return parsed(path.read_text(encoding="utf-8-sig"), code)


def parsed(text: str, code: str) -> PoFile:
    """Read what stands in a file of a language. Raises PoFileError, or KeyError for the code."""
    po = PoFile(code)
    PoFileParser(po, abort_invalid=True).parse(text.splitlines(keepends=True))
    return po


def written(po: PoFile) -> bytes:
    """The file's bytes, the same for the same content: no dates, no versions, no line numbers of the sources."""
    file = BytesIO()
    write_po(file, po, width=_WIDTH, include_lineno=False)
    return file.getvalue()
