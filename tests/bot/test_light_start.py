"""What a service without a bot token does not load: each of these costs seconds and megabytes that nobody uses."""

from __future__ import annotations

import subprocess
import sys

# PostgreSQL's driver, Redis and aiohttp come with their settings; Alembic where the schema is old; the rest when asked.
ON_DEMAND = ("aiohttp", "alembic", "langcodes", "persiantools", "psycopg", "redis", "rich", "ruamel", "xlsxwriter")


def test_what_only_some_installations_or_some_people_need_is_not_loaded_by_a_start() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, bot.cli, bot.serving; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "sqlalchemy" in loaded
    assert [name for name in ON_DEMAND if name in loaded] == []
