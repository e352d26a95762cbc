"""Content and records become a World; the newest one is kept for all who ask."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.logs import log
from bot.settings import Settings
from bot.world import PICKABLE, World
from content import overlay
from content.commands import Commands
from content.compiled import Compiled
from content.load import Pack, compile_flow, load_country
from content.parts import Deadline
from content.problems import ContentError
from content.schema import Guide
from content.search import Index
from content.talk import SmallTalk
from content.texts import english
from content.urgent import UrgentWords
from desk.languages import STAFF_LANGUAGES
from desk.promise import Calendar
from flows.check import check
from flows.model import Flow, FlowId
from flows.route import longest
from i18n.catalog import Catalog
from storage.db import Database, Unavailable
from storage.records import records, revision

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
LOCALES = ROOT / "i18n" / "locale"
LOOK_AGAIN = 1.0  # seconds between looks for changed records


def build_world(settings: Settings, pack: Pack, kept: Mapping[str, Any], button_key: bytes) -> World:
    """Lay the records over the files. A record that fits nothing (any more) is left out and logged by name."""
    laid = overlay.apply(pack, {name: str(value) for name, value in kept.items()})
    for name in laid.ignored:
        log.warning("record_ignored", name=name)
    # A record may be in a language that nobody can pick yet; it waits until that language is offered.
    said = {place: text for place, text in laid.texts.items() if place[0] in PICKABLE}
    given, pack = pack, laid.pack
    catalog, search = _of_files(pack) if laid.pack is given else _spoken(pack, said)
    hours = pack.hours
    library = _library(pack)
    return World(
        pack=pack,
        library=library,
        catalog=catalog,
        commands=Commands(pack.commands),
        urgent=UrgentWords(pack.words),
        cries={
            code: UrgentWords(pack.words.model_copy(update={"words": {code: phrases}}))
            for code, phrases in pack.words.words.items()
        },
        calendar=Calendar(
            pack.country,
            hours.opens,
            hours.closes,
            frozenset(hours.weekdays),
            frozenset(hours.closed_days),
            hours.answer_within_hours,
        ),
        button_key=button_key,
        bot_name=settings.bot_name,
        telegram_name=settings.telegram_name,
        organisation=settings.organisation,
        steps={(id, step): shown for id, guide in pack.guides.items() for step, shown in guide.shown().items()},
        search=search,
        small_talk=SmallTalk(pack.topics),
        terms={id: _terms(guide) for id, guide in pack.guides.items()},
        lengths={id: longest(flow) for id, flow in library.items()},
        address=settings.base_url,
        confirmed=pack.urgent.confirmed_on is not None and pack.consent.signed_off_on is not None,
    )


def _spoken(pack: Pack, said: Mapping[tuple[str, str], str]) -> tuple[Catalog, Index]:
    languages = tuple(dict.fromkeys(PICKABLE + STAFF_LANGUAGES))
    catalog = Catalog.load(LOCALES, english(pack), languages).with_overrides(said)
    return catalog, Index(pack, catalog, PICKABLE)


@lru_cache(maxsize=1)
def _of_files(pack: Pack) -> tuple[Catalog, Index]:
    """What the files alone say. It takes a second to make, and a process may open more than one house."""
    return _spoken(pack, {})


def _terms(guide: Guide) -> tuple[Deadline, ...]:
    asked = {step.asks_date for step in guide.shown().values()}
    return tuple(deadline for deadline in guide.deadlines if deadline.id in asked)


def _library(pack: Pack) -> dict[FlowId, Flow]:
    """The flows that can be walked; a faulty one is left out, loudly, and everything else works."""
    flows = {FlowId(id): compile_flow(guide) for id, guide in pack.guides.items()}
    faulty = {id for id, flow in flows.items() if check(flow, flows)}
    for id in faulty:
        log.error("guide_left_out", guide=id)
    return {id: flow for id, flow in flows.items() if id not in faulty}


def read_pack(country: str) -> Pack:
    """The content of a country. Raises ContentError when more than single guides is broken."""
    pack = load_country(CONTENT, country, Compiled(CONTENT / ".compiled"))
    for problem in pack.broken:
        log.error("guide_broken", problem=str(problem))
    return pack


class Worlds:
    """The newest world. `watch` swaps it when a record was changed, in this process or another."""

    def __init__(self, settings: Settings, pack: Pack, database: Database, button_key: bytes) -> None:
        self._settings = settings
        self._pack = pack
        self._database = database
        self._button_key = button_key
        self._revision = database.read_now(revision)
        self._world = build_world(settings, pack, database.read_now(records), button_key)

    def __call__(self) -> World:
        """Today's snapshot; a turn asks once and uses it to its end."""
        return self._world

    def know_bot(self, telegram_name: str) -> None:
        """Telegram has told how the bot is called there; links to steps lead to it from now on."""
        self._world = replace(self._world, telegram_name=telegram_name)

    async def watch(self) -> None:
        """Look for changed records until cancelled."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            try:
                newest = await self._database.read(revision)
                if newest != self._revision:
                    kept = await self._database.read(records)
                    world = await asyncio.to_thread(build_world, self._settings, self._pack, kept, self._button_key)
                    self._world = replace(world, telegram_name=self._world.telegram_name)
                    self._revision = newest
            except (Unavailable, ContentError) as error:
                log.error("records_not_read", error=type(error).__name__)
