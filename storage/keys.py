"""The key store: a database of its own, backed up apart and for less long, so that forgetting reaches backups.

Destroying a key makes everything under it unreadable at once, wherever copies lie. Two small tables that do not
change; they are created when they are missing, so the store has no migrations.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from threading import Lock
from typing import Literal

from sqlalchemy import Engine, LargeBinary, MetaData, bindparam, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.crypto import Secrets, forget_ciphers, unseal
from storage.declared import NAMING, Moment
from storage.dialects import insert_or_ignore
from storage.engines import open_engine, truncate_log

#: Unwrapped keys kept in memory. A key that another process destroyed may stay here until it is pushed out or the
#: process ends; by then there is nothing left to read with it, the rows are gone.
CACHED_KEYS = 20_000


class KeyGone(Exception):
    """There is no such key: the person was forgotten, or the key store is not the one of this database."""


class _Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment, bytes: LargeBinary}  # noqa: RUF012 - SQLAlchemy's own form


class _PersonKey(_Base):
    __tablename__ = "person_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)


class _IngressKey(_Base):
    __tablename__ = "ingress_key"
    day: Mapped[date] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]


_MAKE = insert_or_ignore(_PersonKey, ["id"])
_MAKE_INGRESS = insert_or_ignore(_IngressKey, ["day"])
_FETCH = select(_PersonKey.id, _PersonKey.wrapped).where(_PersonKey.id.in_(bindparam("ids", expanding=True)))
_DESTROY = delete(_PersonKey).where(_PersonKey.id.in_(bindparam("ids", expanding=True)))
_INGRESS = select(_IngressKey.wrapped).where(_IngressKey.day == bindparam("day"))
_EXPIRE = delete(_IngressKey).where(_IngressKey.day < bindparam("before"))


def conversation_key(conversation_id: int) -> str:
    """The key of a conversation: its addresses, its session, what is to be sent."""
    return f"v:{conversation_id}"


def contact_key(contact_id: int) -> str:
    """The key of a contact: messages and requests."""
    return f"c:{contact_id}"


class Keys:
    """Safe for all threads. Every change is committed before the call returns.

    So a key is there before the transaction that first uses it commits. A key whose transaction never commits is
    left over: it opens nothing. (Sweeping such keys would destroy all of them on the day when somebody opens the
    store beside an empty database.)
    """

    def __init__(self, engine: Engine, secrets: Secrets, clock: Callable[[], datetime]) -> None:
        self.secrets = secrets
        self._engine = engine
        self._clock = clock
        self._lock = Lock()
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._days: dict[date, bytes] = {}

    @classmethod
    def open(cls, url: str, secrets: Secrets, clock: Callable[[], datetime]) -> Keys:
        """Open the store, creating its tables when they are missing. url: sqlite:///... or postgresql://..."""
        engine = open_engine(url, pooled=True)
        try:
            _Base.metadata.create_all(engine)
        except DBAPIError:
            # Two processes that start at once may both try; the one that comes second finds the tables.
            _Base.metadata.create_all(engine)
        return cls(engine, secrets, clock)

    def close(self) -> None:
        """Close all connections and forget what was unwrapped."""
        self._engine.dispose()
        with self._lock:
            self._cache.clear()
            self._days.clear()

    def make(self, ids: Iterable[str]) -> None:
        """Make a key for each id; ids are new, so nobody else makes the same."""
        made = {id: self.secrets.new_key() for id in ids}
        rows = [
            {"id": id, "wrapped": self._wrap(key, f"person_key:{id}"), "created_at": self._clock()}
            for id, key in made.items()
        ]
        if not rows:
            return
        with self._engine.begin() as connection:
            connection.execute(_MAKE[connection.dialect.name], rows)
        self._remember(made)

    def get(self, id: str) -> bytes:
        """The 32-byte key; raises KeyGone."""
        with self._lock:
            key = self._cache.get(id)
            if key is not None:
                self._cache.move_to_end(id)
                return key
        found = self._fetch([id])
        if id not in found:
            raise KeyGone(id.split(":", 1)[0])
        return found[id]

    def warm(self, ids: Iterable[str]) -> None:
        """Fetch in one query those of the keys that are not in memory yet; missing ones are no error here."""
        with self._lock:
            wanted = [id for id in ids if id not in self._cache]
        if wanted:
            self._fetch(wanted)

    def destroy(self, ids: Collection[str]) -> None:
        """Destroy the keys. May be repeated."""
        if ids:
            with self._engine.begin() as connection:
                connection.execute(_DESTROY, {"ids": list(ids)})
            with self._engine.connect() as connection:
                truncate_log(connection)
        with self._lock:
            for id in ids:
                self._cache.pop(id, None)
        forget_ciphers()

    def ingress(self, day: date, *, make: bool = False) -> bytes:
        """The key under which bodies that arrived on this UTC day are kept; raises KeyGone, or makes it."""
        with self._lock:
            if day in self._days:
                return self._days[day]
        place = f"ingress_key:{day}"
        with self._engine.begin() as connection:
            wrapped = connection.execute(_INGRESS, {"day": day}).scalar()
            if wrapped is None and make:
                fresh = self._wrap(self.secrets.new_key(), place, "ingress")
                connection.execute(_MAKE_INGRESS[connection.dialect.name], {"day": day, "wrapped": fresh})
                # Another process may have been first: what stands there is the key.
                wrapped = connection.execute(_INGRESS, {"day": day}).scalar_one()
        if wrapped is None:
            raise KeyGone("ingress")
        key = unseal(self.secrets.subkey("ingress"), wrapped, place)
        with self._lock:
            self._days[day] = key
        return key

    def expire_ingress(self, before: date) -> None:
        """Destroy the ingress keys of the days before this one, and with them what was not handled."""
        with self._engine.begin() as connection:
            connection.execute(_EXPIRE, {"before": before})
        with self._lock:
            self._days = {day: key for day, key in self._days.items() if day >= before}

    def _wrap(self, key: bytes, place: str, purpose: Literal["wrap", "ingress"] = "wrap") -> bytes:
        return self.secrets.seal(self.secrets.subkey(purpose), key, place)

    def _fetch(self, ids: list[str]) -> dict[str, bytes]:
        with self._engine.begin() as connection:
            rows = connection.execute(_FETCH, {"ids": ids}).all()
        wrapping = self.secrets.subkey("wrap")
        found = {id: unseal(wrapping, wrapped, f"person_key:{id}") for id, wrapped in rows}
        self._remember(found)
        return found

    def _remember(self, keys: dict[str, bytes]) -> None:
        with self._lock:
            self._cache.update(keys)
            while len(self._cache) > CACHED_KEYS:
                self._cache.popitem(last=False)
