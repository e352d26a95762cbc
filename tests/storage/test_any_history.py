"""Whatever happens in whatever order: what was accepted is answered once, in order, and every answer ends somewhere."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from storage import queue
from storage.outcomes import AnswerLost, Outcome, Retry, Sent, Throttled
from storage.rounds import Rounds
from storage.rows import Claimed, InboxState, OutboxState, Taken
from storage.tables import Inbox, Outbox
from storage.unit_of_work import Unit
from tests.storage.build import Clock, Store, arrival
from tests.storage.worker import answer

CHATS = st.integers(0, 3)


class Broken(Exception):
    pass


class Histories(RuleBasedStateMachine):
    """The queue against a model: lists of what was accepted and what was sent."""

    template: ClassVar[Path]
    in_flight = Bundle("in_flight")

    @initialize()
    def begin(self) -> None:
        self.folder = Path(mkdtemp(prefix="izi-history-"))
        shutil.copy(self.template, self.folder / "izi.db")
        self.store = Store(f"sqlite:///{self.folder / 'izi.db'}", f"sqlite:///{self.folder / 'keys.db'}", Clock())
        self.rounds = Rounds(self.store.database, self.handle)
        self.accepted: dict[str, list[int]] = {}
        self.heard: dict[str, list[int]] = {}
        self.breaks = 0

    def handle(self, unit: Unit, taken: Taken) -> None:
        answer(unit, taken)
        if self.breaks:
            self.breaks -= 1
            raise Broken

    @rule(chat=CHATS, number=st.integers(0, 12), copies=st.integers(1, 3))
    def arrive(self, chat: int, number: int, copies: int) -> None:
        name = f"chat-{chat}"
        news = self.store.accept(*[arrival(f"{chat}.{number}", name, body=str(number).encode())] * copies)
        known = self.accepted.setdefault(name, [])
        assert news == int(number not in known)
        if number not in known:
            known.append(number)

    @rule(breaks=st.integers(0, 2))
    def work(self, breaks: int) -> None:
        self.breaks = breaks
        asyncio.run(self.rounds.once())

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds: int) -> None:
        self.store.clock.forward(seconds=seconds)

    @rule(target=in_flight, limit=st.integers(1, 4))
    def claim(self, limit: int) -> object:
        return multiple(*self.store.claim(limit))

    @rule(row=consumes(in_flight), ending=st.sampled_from(["sent", "sent", "retry", "throttled", "lost"]))
    def settle(self, row: Claimed, ending: str) -> None:
        now = self.store.clock.now
        outcomes: dict[str, Outcome] = {
            "sent": Sent(),
            "retry": Retry(now, counts=False),
            "throttled": Throttled(now),
            "lost": AnswerLost(),
        }
        if ending in ("sent", "lost"):  # in both cases it arrived
            self.heard.setdefault(row.opaque_id, []).append(int(row.payload))
        self.store.settle(row, outcomes[ending])

    @rule()
    def crash(self) -> None:
        database = self.store.restart()
        self.rounds = Rounds(database, self.handle)
        asyncio.run(self.rounds.start())
        database.write_now(lambda unit: queue.recover(unit, Random(1).uniform))

    @invariant()
    def nothing_is_handled_out_of_order(self) -> None:
        if hasattr(self, "heard"):
            for chat, numbers in self.heard.items():
                first_times = list(dict.fromkeys(numbers))
                order = [number for number in self.accepted[chat] if number in first_times]
                assert first_times == order

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        self.crash()
        self.breaks = 0
        for _ in range(200):
            asyncio.run(self.rounds.once())
            self.store.clock.forward(seconds=10)
            batch = self.store.claim(100)
            for row in batch:
                self.settle(row, "sent")
            if not batch and not self.store.count(Inbox, Inbox.state == InboxState.NEW):
                break
        self.check_the_end()
        self.store.close()
        shutil.rmtree(self.folder)

    def check_the_end(self) -> None:
        parked = self.store.count(Inbox, Inbox.state == InboxState.POISON)
        accepted = sum(len(numbers) for numbers in self.accepted.values())
        assert self.store.count(Outbox) == accepted - parked
        unsure = self.store.count(Outbox, Outbox.state == OutboxState.UNCERTAIN)
        assert self.store.count(Outbox, Outbox.state == OutboxState.SENT) == accepted - parked - unsure
        doubled = sum(len(numbers) - len(set(numbers)) for numbers in self.heard.values())
        assert doubled <= sum(self.store.column(Outbox.uncertain))


def test_no_history_loses_doubles_or_reorders(sqlite_template: Path) -> None:
    Histories.template = sqlite_template
    few = settings(
        max_examples=12,
        stateful_step_count=30,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=few)
