"""A person in a chat over a store of SQLite, where it is Monday, 10:00 in Belgrade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.bot.chats import Chat
from tests.bot.test_checklist import world
from tests.storage.build import Clock, Store
from tests.storage.conftest import keys_url, sqlite_template, sqlite_url  # noqa: F401 - fixtures

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def store(sqlite_url: str, keys_url: str) -> Iterator[Store]:  # noqa: F811
    """Empty; its clock is set by hand."""
    store = Store(sqlite_url, keys_url, Clock(MONDAY))
    yield store
    store.close()


@pytest.fixture
def chat(store: Store) -> Chat:
    """Somebody who speaks English and agreed that we save."""
    chat = Chat(store, world())
    chat.agrees()
    return chat
