"""What stands in the product's files after a run, read without it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.settings import SECRET_FILE
from storage.crypto import Secrets
from tests.reliability.product import ACCOUNT

DATABASE = "izi.db"
KEYS = "keys.db"


@dataclass(frozen=True, slots=True)
class Account:
    """One chat. saved: how often its standing was saved. inbox: its arrivals by state.

    doubted: for each message, in order, how many attempts may have arrived without the product's knowing.
    """

    saved: int
    inbox: Counter[str]
    doubted: tuple[int, ...]


NOBODY = Account(0, Counter(), ())


class Ledger:
    """The database file of one data folder, read only; also while nobody or somebody else has it open."""

    def __init__(self, folder: Path, channel: str = "telegram", account: str = ACCOUNT) -> None:
        self._folder = folder
        self._channel, self._number = channel, account

    def sending(self) -> int:
        """Messages that were claimed and not settled: after a kill, those whose end nobody knows."""
        return self._count("SELECT count(*) FROM outbox WHERE state = 'sending'")

    def stored(self) -> int:
        """Arrivals that were ever stored."""
        return self._count("SELECT count(*) FROM inbox WHERE channel <> 'timer'")

    def waiting(self) -> int:
        """What is still to be handled or sent."""
        unsent = self._count("SELECT count(*) FROM outbox WHERE state IN ('ready', 'sending')")
        return unsent + self._count("SELECT count(*) FROM inbox WHERE state = 'new'")

    def state_of(self, broadcast: int) -> str:
        """How far a broadcast is."""
        with self._open(DATABASE) as file:
            (state,) = file.execute("SELECT state FROM broadcast WHERE id = ?", (broadcast,)).fetchone()
            return str(state)

    def doubted(self) -> int:
        """Attempts to send whose end the product does not know."""
        return self._count("SELECT coalesce(sum(uncertain), 0) FROM outbox")

    def tries(self) -> int:
        """Tries of messages that were used up."""
        return self._count("SELECT coalesce(sum(tries), 0) FROM outbox")

    def states(self, table: str) -> dict[str, int]:
        """Rows of inbox or outbox by state."""
        with self._open(DATABASE) as file:
            return dict(file.execute(f"SELECT state, count(*) FROM {table} GROUP BY state"))

    def integrity(self) -> str:
        """What SQLite itself finds wrong in both files; "ok" when nothing."""
        found = []
        for name in (DATABASE, KEYS):
            with self._open(name) as file:
                found += [word for (word,) in file.execute("PRAGMA integrity_check")]
        return ", ".join(sorted(set(found)))

    def accounts(self, chats: Iterable[int | str]) -> dict[int | str, Account]:
        """Every chat by its id; NO_CHAT for what came from nowhere that can be read."""
        secrets = Secrets((self._folder / SECRET_FILE).read_bytes().strip())
        with self._open(DATABASE) as file:
            return {chat: _account(file, self._lookup(secrets, chat)) for chat in chats}

    def _lookup(self, secrets: Secrets, chat: int | str) -> bytes:
        """As storage/arrivals.py finds an address."""
        return secrets.lookup("address", f"{self._channel}\n{self._number}\n{chat}")

    def _count(self, query: str) -> int:
        """0 where there is no schema yet: the product was killed before it was made."""
        if not (self._folder / DATABASE).exists():
            return 0
        with self._open(DATABASE) as file:
            if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone():
                return 0
            (count,) = file.execute(query).fetchone()
            return int(count)

    def _open(self, name: str) -> _Reading:
        return _Reading(self._folder / name)


class _Reading:
    """A connection that is closed at the end; sqlite3's own `with` only commits."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> sqlite3.Connection:
        self._connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=10)
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _account(file: sqlite3.Connection, lookup: bytes) -> Account:
    found = file.execute("SELECT id, conversation_id FROM address WHERE lookup = ?", (lookup,)).fetchone()
    if found is None:
        return NOBODY
    address, conversation = found
    saved = file.execute(
        "SELECT version FROM session JOIN contact ON contact.id = contact_id WHERE conversation_id = ?",
        (conversation,),
    ).fetchone()
    states = file.execute("SELECT state FROM inbox WHERE address_id = ?", (address,))
    doubted = file.execute("SELECT uncertain FROM outbox WHERE conversation_id = ? ORDER BY id", (conversation,))
    return Account(
        saved=saved[0] if saved else 0,
        inbox=Counter(state for (state,) in states),
        doubted=tuple(count for (count,) in doubted),
    )
