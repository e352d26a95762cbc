"""The desk's tests use the stores of the storage tests: SQLite and a real PostgreSQL."""

from __future__ import annotations

from tests.storage.conftest import (  # noqa: F401 - fixtures
    keys_url,
    postgres,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
    store,
    url,
)
