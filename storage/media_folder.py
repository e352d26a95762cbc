"""The folder of sealed files: each is named after its row in `media`, and one without a row is deleted."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import bindparam, select

from storage.crypto import unseal
from storage.db import Database
from storage.keys import Keys, contact_key
from storage.tables import Media
from storage.unit_of_work import Unit

_WHOSE = select(Media.contact_id).where(Media.id == bindparam("row"))
_KNOWN = select(Media.id).where(Media.id.in_(bindparam("rows", expanding=True)))


class Folder:
    """Where the files lie. Several processes may share it; blocking: used in a thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, keys: Keys, contact_id: int, id: int, content: bytes) -> None:
        """Seal the content and put it there, whole or not at all. Raises KeyGone where the person was forgotten."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed = keys.secrets.seal(keys.get(contact_key(contact_id)), content, _file_seal(id))
        self._put(self._path / _name(id), sealed)

    def read(self, keys: Keys, contact_id: int, id: int) -> bytes:
        """The content. Raises KeyGone, Tampered, or FileNotFoundError."""
        sealed_anew = self._sealed_for(contact_id, id)
        path = sealed_anew if sealed_anew.exists() else self._path / _name(id)
        return unseal(keys.get(contact_key(contact_id)), path.read_bytes(), _file_seal(id))

    def reseal(self, keys: Keys, contact_id: int, to_contact: int, id: int) -> None:
        """Let another contact read it too, who is about to take it over. May be repeated.

        The new copy lies beside the old one: the old is right until the rows say otherwise, and nothing afterwards,
        when its key is destroyed. Both go with the row.
        """
        content = self.read(keys, contact_id, id)
        sealed = keys.secrets.seal(keys.get(contact_key(to_contact)), content, _file_seal(id))
        self._put(self._sealed_for(to_contact, id), sealed)

    def _sealed_for(self, contact_id: int, id: int) -> Path:
        return self._path / f"{_name(id)}.{_name(contact_id)}"

    def _put(self, path: Path, sealed: bytes) -> None:
        draft = path.with_name(f"{path.name}.part")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def read_one(self, database: Database, id: int) -> bytes:
        """The content of a file by its number alone: whose it is, its row says. Raises as read."""
        contact_id = database.read_now(lambda unit: unit.connection.execute(_WHOSE, {"row": id}).scalar_one_or_none())
        if contact_id is None:
            raise FileNotFoundError(_name(id))
        return self.read(database.keys, contact_id, id)

    def sweep(self, database: Database) -> int:
        """Delete the files whose rows are gone: of people who were forgotten, and what became too old. How many."""
        if not self._path.exists():
            return 0
        # Files first, then rows: a file that is written from now on belongs to a row that was there before.
        found = {path: int(path.name.partition(".")[0], 16) for path in self._path.iterdir()}
        gone = 0
        known = database.read_now(lambda unit: _known(unit, set(found.values())))
        for path, id in found.items():
            if id not in known:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def _known(unit: Unit, ids: set[int]) -> set[int]:
    known: set[int] = set()
    pending = sorted(ids)
    for start in range(0, len(pending), 500):
        known |= set(unit.connection.execute(_KNOWN, {"rows": pending[start : start + 500]}).scalars())
    return known


def _name(id: int) -> str:
    """Ids are random, so the name says nothing."""
    return f"{id:016x}"


def _file_seal(id: int) -> str:
    return f"media.file:{id}"
