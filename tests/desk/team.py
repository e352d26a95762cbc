"""A desk with a voice that remembers, on a store; and people who work there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, TypeVar

from desk.due import ring
from desk.promise import Calendar
from desk.requests import Desk, arrived
from desk.voice import Alarm, Alert, Line, Notice
from storage import inbox_rows, members, requests, staff, timers
from storage.media import MediaRow
from storage.members import Member, Role
from storage.requests import NewRequest, RequestRow
from storage.rows import Standing
from storage.unit_of_work import Unit
from tests.storage.build import Store

T = TypeVar("T")
CALENDAR = Calendar("serbia", time(9), time(17), frozenset(range(1, 6)), frozenset(), 2)


@dataclass
class Heard:
    """A voice that remembers what it said. alerts: chat and alert; notices: chat, notice and name; counts: chat and how
    many requests wait."""

    said: list[tuple[str, ...]] = field(default_factory=list)
    alerts: list[tuple[int, Alert]] = field(default_factory=list)
    struck: list[tuple[int, int]] = field(default_factory=list)
    notices: list[tuple[int, Notice, str]] = field(default_factory=list)
    counts: list[tuple[int, int]] = field(default_factory=list)

    def words(self, unit: Unit, standing: Standing, text: str) -> int | None:
        self.said.append(("words", text))
        return None

    def line(self, unit: Unit, standing: Standing, line: Line, number: int, name: str = "", about: str = "") -> None:
        self.said.append((line, name, about))

    def file(self, unit: Unit, standing: Standing, file: MediaRow) -> int | None:
        self.said.append(("file", file.name))
        return None

    def place(self, unit: Unit, standing: Standing, latitude: float, longitude: float) -> int | None:
        self.said.append(("place", f"{latitude},{longitude}"))
        return None

    def decision(self, unit: Unit, standing: Standing, decision: str, number: int, reason: str) -> int | None:
        self.said.append(("decision", decision, reason))
        return None

    def can_knock(self, locale: str) -> bool:
        return locale == "en"

    def knock(self, unit: Unit, standing: Standing) -> None:
        self.said.append(("knock",))

    def alert(self, unit: Unit, conversation_id: int, alert: Alert) -> int | None:
        self.alerts.append((conversation_id, alert))
        return len(self.alerts)

    def delete(self, unit: Unit, standing: Standing, message_id: str) -> None:
        self.said.append(("delete", message_id))

    def notice(self, unit: Unit, conversation_id: int, notice: Notice, name: str) -> None:
        self.notices.append((conversation_id, notice, name))

    def waiting(self, unit: Unit, conversation_id: int, count: int) -> None:
        self.counts.append((conversation_id, count))

    def strike(self, unit: Unit, conversation_id: int, outbox_id: int, number: int, by: str) -> None:
        self.struck.append((conversation_id, outbox_id))

    @property
    def lines(self) -> list[str]:
        """What newcomers were told, by its name."""
        return [said[0] for said in self.said]

    def alarms(self, chat: int | None) -> list[Alarm]:
        """What somebody was written to about."""
        return [alert.alarm for to, alert in self.alerts if to == chat]


@dataclass
class Team:
    """A store, its voice, and acts on it."""

    store: Store
    voice: Heard = field(default_factory=Heard)

    def member(self, label: str, *roles: str, **profile: Any) -> Member:
        """Somebody who works here, on duty, with a chat of their own."""
        chat = self.store.newcomer(f"chat of {label}")

        def join(unit: Unit) -> Member:
            token = staff.redeem(unit, staff.invite(unit, unit.now.replace(year=2099), label=label))
            assert token is not None
            found = staff.staff_session(unit, token)
            assert found is not None
            for role in roles or ("assistant",):
                members.grant(unit, found.id, Role.read(role))
            values = {"on_duty": True, "languages": "en", "conversation_id": chat.conversation_id}
            values |= {"pledged_at": unit.now} | profile
            members.change(unit, found.id, **values)
            return members.member(unit, found.id)

        return self.store.database.write_now(join)

    def do(self, act: Callable[..., T], *args: Any, by: Member | None = None, **more: Any) -> T:
        """One act of somebody, in a unit of its own."""
        who = None if by is None else by.id
        return self.store.database.write_now(lambda unit: act(Desk(unit, self.voice, CALENDAR, who), *args, **more))

    def asks(self, person: Standing, type: str = "question", **more: Any) -> int:
        """A person asks; the number of the request."""

        def open_one(unit: Unit) -> int:
            promised = CALENDAR.promise(unit.now)
            number = requests.open_request(unit, person, NewRequest(type, b"{}", promised_by=promised, **more))
            arrived(Desk(unit, self.voice, CALENDAR), number)
            return number

        return self.store.database.write_now(open_one)

    def row(self, number: int) -> RequestRow:
        """How the request stands."""
        return self.store.database.read_now(lambda unit: requests.request(unit, number))

    def ring(self) -> list[str]:
        """Let the clocks ring that are due, and do what follows; the keys of those that rang."""
        rung: list[str] = []

        def answer(unit: Unit) -> bool:
            taken = inbox_rows.take(unit)
            for row in taken:
                rung.append(row.body.decode())
                ring(Desk(unit, self.voice, CALENDAR), row.body.decode())
            inbox_rows.done(unit, taken)
            return bool(taken)

        self.store.database.write_now(timers.ring_timers)
        while self.store.database.write_now(answer):
            pass
        return rung

    @property
    def now(self) -> datetime:
        """The time it is."""
        return self.store.clock.now
