"""The dialogue's Memory on storage: requests, feedback and forgetting, in the unit of work of the turn."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

import orjson

from bot.exchange import Asked, Holdings, Opened
from bot.state import State
from bot.world import World
from storage import bell, feedback, messages, privacy, requests
from storage.messages import Said
from storage.rows import ConsentChoice, Standing
from storage.unit_of_work import Unit

EXCHANGES = 5  # how many of the last messages staff see beside a request (newcomer.md 2.5)
CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another one
CODE_LENGTH = 8
URGENT = "urgent"
PERSON = "person"


def receipt_code() -> str:
    """What a person keeps as proof of deletion: 40 random bits."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


@dataclass(slots=True)
class StoredMemory:
    """What outlives one turn. goodbye: where the last message goes after the person was forgotten."""

    unit: Unit
    standing: Standing
    state: State
    world: World
    channel: str
    new_code: Callable[[], str] = receipt_code
    goodbye: Standing | None = None

    def open_request(self, asked: Asked) -> Opened:
        """See Memory. A second tap within ten minutes finds the same request."""
        latest = requests.latest_of(self.unit, self.standing.contact_id)
        if (
            latest is not None
            and latest.closed_at is None
            and (latest.type, latest.guide, latest.step) == (asked.type, asked.guide, asked.step)
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
                guide=asked.guide,
                step=asked.step,
                sensitive=orjson.dumps(dict(asked.sensitive)) if asked.sensitive else None,
                promised_by=promised_by,
            ),
        )
        return Opened(number, promised_by)

    def _context(self, asked: Asked) -> dict[str, object]:
        said = []
        if self.standing.consent_choice is ConsentChoice.FULL:
            said = [message.text for message in messages.last(self.unit, self.standing.contact_id, EXCHANGES)]
        return {
            "channel": self.channel,
            "language": asked.locale,
            "municipality": self.standing.municipality,
            "answers": dict(asked.answers),
            "last": said,
        }

    def join_request(self, number: int, words: str) -> None:
        """See Memory."""
        messages.keep(self.unit, self.standing, [Said("in", PERSON, words)], request=number)

    def rate(self, guide: str, value: str) -> None:
        """See Memory."""
        feedback.count_feedback(self.unit, guide, self.standing.locale, value)

    def holdings(self) -> Holdings:
        """See Memory."""
        held = privacy.holdings(self.unit, self.standing.conversation_id)
        return Holdings(held.messages, held.requests)

    def forget(self) -> str:
        """See Memory."""
        code = self.new_code()
        self.goodbye = privacy.erase(self.unit, self.standing.conversation_id, code, goodbye=True)
        self.unit.ring(bell.FORGET)
        return code
