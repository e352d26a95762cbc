"""What every command of izi needs: settings that say what is wrong, the database, and a way to fail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.db import Database


def settings() -> Settings:
    """The settings; where one is wrong it is named, and the command ends with 2."""
    # Deferred on purpose, as everywhere in the command line: `izi --help` must be quick.
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors():
            where = "IZI_" + "_".join(str(part) for part in fault["loc"]).upper() if fault["loc"] else "settings"
            print(f"{where}: {fault['msg']}", file=sys.stderr)
        raise typer.Exit(2) from None


@contextmanager
def database() -> Iterator[Database]:
    """The database with its keys, brought up to date; also while a service runs on it."""
    from bot.database import open_database
    from storage.bell import MemoryBell

    opened = open_database(settings(), MemoryBell())
    try:
        yield opened
    finally:
        opened.close()
        opened.keys.close()


def fail(why: str) -> NoReturn:
    """Say why, and end with 1."""
    print(why, file=sys.stderr)
    raise typer.Exit(1)
