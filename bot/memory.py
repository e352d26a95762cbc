"""The dialogue's Memory on storage: requests, feedback and forgetting, in the unit of work of the turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import orjson

from bot import codes, towns
from bot.channels.arrivals import Media
from bot.channels.webchat.adapter import SCHEME as WEBCHAT
from bot.exchange import Asked, Holdings, Opened
from bot.state import State
from bot.world import World
from desk import in_chat, turns
from desk import requests as acts
from desk.asking import Subject
from desk.requests import Desk
from desk.wishes import PROTECTED
from i18n.locales import SOURCE
from notices.drafts import stand_in
from storage import (
    bell,
    clearing,
    events,
    export,
    feedback,
    follows,
    handoff,
    messages,
    misses,
    notices,
    own,
    people,
    privacy,
    requests,
    web_pages,
)
from storage.dossier import Dossier
from storage.media import NewMedia, add_media
from storage.messages import NOT_KNOWN
from storage.quoting import Origin
from storage.requests import RequestRow
from storage.rows import ConsentChoice, Standing
from storage.unit_of_work import Unit

EXCHANGES = 5  # how many of the last messages staff see beside a request (newcomer.md 2.5)
URGENT = "urgent"
PLACE = "geo:{:.5f},{:.5f}"  # RFC 5870; five decimals are about a metre
PERSON = "person"
QUESTION = "question"


def _asked_type(row: RequestRow) -> str:
    """A question stays one after the person said what it is about; what only few may read does not."""
    return QUESTION if row.type in set(Subject) - PROTECTED else row.type


def receipt_code() -> str:
    """What a person keeps as proof of deletion: 40 random bits."""
    return codes.new_code(codes.SHORT)


def _held_of_one(found: Dossier, follows: int) -> Holdings:
    """What is stored of one of several people in a chat."""
    ticks, sent = sum(map(len, found.ticks.values())), len(found.media)
    said, asked = len(found.messages), len(found.requests)
    return Holdings(said, asked, sent, ticks, len(found.days), len(found.events), follows)


@dataclass(slots=True)
class StoredMemory:
    """What outlives one turn.

    origin: how the channel names what is answered now. goodbye: where the last message goes after the person was
    forgotten. cleared: the channel's ids of the messages that are to be deleted from the chat.
    """

    unit: Unit
    standing: Standing
    state: State
    world: World
    channel: str
    desk: Desk
    new_code: Callable[[], str] = receipt_code
    origin: Origin = NOT_KNOWN
    goodbye: Standing | None = None
    cleared: Sequence[str] = ()

    def open_request(self, asked: Asked) -> Opened:
        """See Memory. A second tap within ten minutes finds the same request."""
        latest = requests.latest_of(self.unit, self.standing.contact_id)
        if (
            latest is not None
            and latest.closed_at is None
            and _asked_type(latest) == asked.type
            and (latest.guide, latest.step) == (asked.guide, asked.step)
            and self._told(latest) == (asked.notice, asked.event)
            and self.unit.now - latest.created_at <= messages.JOINS_FOR
            and latest.promised_by is not None
        ):
            return Opened(latest.number, self.world.calendar.local(latest.promised_by), fresh=False)
        promised_by = self.world.calendar.promise(self.unit.now)
        number = requests.open_request(
            self.unit,
            # Who cried for help may not have chosen a language yet.
            replace(self.standing, locale=asked.locale),
            requests.NewRequest(
                type=asked.type,
                context=orjson.dumps(self._context(asked)),
                urgent=asked.type == URGENT,
                protected=asked.type in PROTECTED,
                guide=asked.guide,
                step=asked.step,
                sensitive=orjson.dumps(dict(asked.sensitive)) if asked.sensitive else None,
                promised_by=promised_by,
            ),
        )
        if asked.danger:
            handoff.note_event(self.unit, number, f"danger_{asked.danger}")
        acts.arrived(self.desk, number)
        return Opened(number, promised_by)

    def _context(self, asked: Asked) -> dict[str, object]:
        said = []
        if self.standing.consent_choice is ConsentChoice.FULL:
            said = [message.text for message in messages.last(self.unit, self.standing.contact_id, EXCHANGES)]
        return {
            "channel": self.channel,
            "language": asked.locale,
            "municipality": towns.name(self.world, self.standing.municipality or ""),
            "answers": dict(asked.answers),
            "notice": None if asked.notice is None else self._notice(asked.notice),
            "event": None if asked.event is None else self._event(asked.event),
            "papers": self._papers(asked.guide),
            "last": said,
        }

    def _told(self, row: RequestRow) -> tuple[int | None, int | None]:
        """Which notice and which event a request is about."""
        context = orjson.loads(requests.context(self.unit, row.number))
        notice, event = (context.get(what) for what in ("notice", "event"))
        return notice[0] if notice else None, event[0] if event else None

    def _notice(self, number: int) -> list[int | str]:
        """Number and title, as far as can be in a language that staff read."""
        texts = notices.texts(self.unit, number)
        locale = stand_in(SOURCE, texts)
        return [number, texts[locale].title if locale else ""]

    def _event(self, number: int) -> list[int | str]:
        """See _notice."""
        texts = events.event(self.unit, number).texts
        locale = stand_in(SOURCE, texts)
        return [number, texts[locale][0] if locale else ""]

    def _papers(self, guide_id: str | None) -> str:
        """How many papers of the guide they have ready, "2/5"; "" where nothing was ticked."""
        guide = self.world.guide(guide_id or "")
        ready = own.ticked(self.unit, self.standing.contact_id, guide.id) if guide is not None else ()
        return f"{len(ready)}/{len(guide.papers)}" if guide is not None and ready else ""

    def join_request(self, number: int, words: str) -> None:
        """See Memory."""
        turns.person_wrote(self.desk, self.standing, number, words, self.origin)

    def add_media(self, number: int, media: Media) -> bool:
        """See Memory."""
        if media.place is not None:
            new = NewMedia(media.kind, PLACE.format(*media.place), is_place=True, origin=self.origin)
        else:
            assert media.file is not None
            file = media.file
            new = NewMedia(media.kind, file.ref, seconds=media.seconds, size=file.size, origin=self.origin)
        taken = add_media(self.unit, self.standing, new, number)
        if taken is not None:
            turns.person_sent(self.desk, number, media.kind)
        return taken is not None

    def dossier(self) -> Dossier:
        """See Memory."""
        return export.dossier(self.unit, self.standing)

    def clear(self) -> None:
        """See Memory. A page is cleared at once; what lies with a channel is for the sender to delete."""
        if self.channel == WEBCHAT:
            web_pages.clear_page(self.unit, self.standing.address_id)
        self.cleared = clearing.take_message_ids(self.unit, self.standing)

    def note_miss(self, topic: str, words: Sequence[str]) -> None:
        """See Memory."""
        known = [misses.Word(word, ours=self.world.search.knows(word)) for word in words]
        misses.note_miss(self.unit, self.standing.contact_id, topic, self.standing.locale, known)

    def want_language(self, code: str) -> None:
        """See Memory."""
        feedback.count_feedback(self.unit, feedback.LANGUAGE, code, "wanted")

    def rate(self, guide: str, value: str) -> None:
        """See Memory."""
        feedback.count_feedback(self.unit, guide, self.standing.locale, value)

    def ticked(self, guide: str) -> frozenset[str]:
        """See Memory."""
        return own.ticked(self.unit, self.standing.contact_id, guide)

    def tick(self, guide: str, paper: str, *, ready: bool) -> None:
        """See Memory."""
        own.tick(self.unit, self.standing.contact_id, guide, paper, ready=ready)

    def days(self) -> Mapping[str, date]:
        """See Memory."""
        return own.days(self.unit, self.standing.contact_id)

    def keep_day(self, anchor: str, day: date) -> None:
        """See Memory."""
        own.keep_day(self.unit, self.standing.contact_id, anchor, day)

    def drop_day(self, anchor: str) -> None:
        """See Memory."""
        own.drop_day(self.unit, self.standing.contact_id, anchor)

    def holdings(self) -> Holdings:
        """See Memory."""
        if len(people.members(self.unit, self.standing.conversation_id)) > 1:
            return _held_of_one(self.dossier(), len(follows.follows(self.unit, self.standing.contact_id)))
        held = privacy.holdings(self.unit, self.standing.conversation_id)
        return Holdings(held.messages, held.requests, held.media, held.ticks, held.days, held.events, held.follows)

    def forget(self) -> str:
        """See Memory."""
        code = self.new_code()
        if len(people.members(self.unit, self.standing.conversation_id)) > 1:
            after = people.forget_one(self.unit, self.standing, code)
            self.goodbye = in_chat.switched(self.unit, after, after)
            return code
        self.goodbye = privacy.erase(self.unit, self.standing.conversation_id, code, goodbye=True)
        self.unit.ring(bell.FORGET)
        return code
