"""Many people who agreed and can be written to, put into a data folder before the product starts, and a broadcast to
them that is steered from beside it, as the command line does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from bot.clocks import now
from bot.database import open_database
from bot.settings import Settings
from notices.audience import Audience
from notices.lifecycle import Category, Kind, Move, State
from notices.moving import move
from storage import broadcasts, contacts, notices
from storage.arrivals import address_place, new_conversations
from storage.bell import MemoryBell
from storage.db import Database
from storage.notice_rows import NewBroadcast
from storage.rows import ConsentChoice
from storage.unit_of_work import Unit
from tests.reliability.product import ACCOUNT

LOCALES = ("en", "sr_Latn", "fa", "fa_AF", "ar", "fr")
TOWN = "subotica"
VALID = date(2100, 1, 1)
PAGE = 500
AUTHOR = 1


@contextmanager
def beside(folder: Path) -> Iterator[Database]:
    """The database of a data folder, opened beside the product or before it."""
    settings = Settings(data_dir=folder)
    database = open_database(settings, MemoryBell(), now)
    try:
        yield database
    finally:
        database.close()
        database.keys.close()


def settle_down(database: Database, chats: Sequence[int]) -> None:
    """These people have written long ago, agreed, chosen a language (in turn one of six) and live in one town."""
    for start in range(0, len(chats), PAGE):
        page = dict(enumerate(chats[start : start + PAGE], start=start))
        database.write_now(partial(_settle, chats=page))


def _settle(unit: Unit, chats: Mapping[int, int]) -> None:
    for at, locale in enumerate(LOCALES):
        ids = [str(chat) for number, chat in chats.items() if number % len(LOCALES) == at]
        places = {address_place(unit, "telegram", ACCOUNT, id): id for id in ids}
        if not places:
            continue
        for made in new_conversations(unit, places, locale).values():
            standing = contacts.standing(unit, made.conversation_id)
            standing = contacts.set_municipality(unit, standing, TOWN)
            contacts.give_consent(unit, standing, version="1", choice=ConsentChoice.FULL)


def begin(database: Database, words: str) -> int:
    """A notice in all their languages starts for everybody in the town; the number of the broadcast."""

    def write(unit: Unit) -> int:
        notice = notices.create(unit, AUTHOR, Category.NEWS)
        notices.set_about(unit, notice, valid_until=VALID)
        for locale in LOCALES:
            notices.set_text(unit, notice, locale, "", f"{words} {locale}")
        new = NewBroadcast(notice, Kind.FIRST, Audience(places=(TOWN,)).dump(), AUTHOR)
        number = broadcasts.create(unit, new, State.DRAFT)
        move(unit, number, Move.PASSED, AUTHOR)
        move(unit, number, Move.STARTED, AUTHOR)
        return number

    return database.write_now(write)


def steer(database: Database, number: int, act: Move) -> None:
    """Pause, resume, stop."""
    database.write_now(lambda unit: move(unit, number, act, AUTHOR))
