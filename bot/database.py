"""The database as the settings say, apart from the service: commands of the command line need no more than this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.clocks import now
from bot.settings import Settings
from storage.bell import Bell
from storage.crypto import Secrets
from storage.db import Database, migrate
from storage.keys import Keys


def open_database(settings: Settings, ringing: Bell, clock: Callable[[], datetime] = now) -> Database:
    """Bring the schema up to date and open it, with its key store."""
    secret = settings.prepare()
    migrate(settings.database)
    keys = Keys.open(settings.key_store, Secrets(secret), clock)
    return Database.open(settings.database, keys, ringing, clock)
