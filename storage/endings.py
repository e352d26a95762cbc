"""What the end of an attempt makes of a row: the statements, and the values for them, many rows at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, update

from storage.prepared import Prepared
from storage.rows import Claimed, OutboxState, OutClass, OutKind
from storage.tables import READY, SENDING, UNCERTAIN, Outbox
from storage.unit_of_work import Unit

OUTBOX_TRIES = 8
#: Seconds before something that may have arrived is sent again, from - to.
RESEND_AFTER = (2.0, 5.0)
#: The same where the channel tells by itself what became of it: it is sent again only when no news came.
TOLD_WITHIN = (60.0, 90.0)

#: Whether something that may have arrived is sent again. A lost answer to a question about the law is worse than a
#: doubled one; a mass sending is never doubled by itself.
_RESENT: dict[OutClass, bool] = {OutClass.REPLY: True, OutClass.STAFF: True, OutClass.NOTICE: False}
#: Doing these twice is doing them once.
IDEMPOTENT = frozenset({OutKind.EDIT, OutKind.DELETE, OutKind.CLEAR})

# The token keeps a late answer from touching a row that somebody else has claimed since. A late yes to a row that
# was given up as uncertain is welcome.
_OURS = (
    Outbox.id == bindparam("row"),
    Outbox.attempt_token == bindparam("token"),
    or_(Outbox.state == SENDING, Outbox.state == READY, Outbox.state == UNCERTAIN),
)
_SENT = Prepared(
    update(Outbox)
    .where(*_OURS)
    .values(
        state=OutboxState.SENT,
        sealed=None,
        reason=None,
        provider_sealed=bindparam("to_provider"),
        settled_at=bindparam("to_at"),
    )
)
_SENT_AND_KEPT = update(Outbox).where(*_OURS).values(state=OutboxState.SENT, reason=None, settled_at=bindparam("to_at"))
_REFUSED = (
    update(Outbox)
    .where(*_OURS)
    .values(state=OutboxState.FAILED, sealed=None, reason=bindparam("to_reason"), settled_at=bindparam("to_at"))
)
_CHANGED = (
    update(Outbox)
    .where(*_OURS)
    .values(
        state=bindparam("to_state"),
        tries=Outbox.tries + bindparam("more_tries"),
        uncertain=Outbox.uncertain + bindparam("more_uncertain"),
        not_before=bindparam("to_not_before"),
        reason=bindparam("to_reason"),
    )
)
#: (from, to) -> a number in between, each time another: random.Random().uniform.
Uniform = Callable[[float, float], float]


@dataclass(slots=True)
class Batch:
    """What to execute, statement by statement, for many rows at once."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)

    def execute(self, unit: Unit) -> None:
        """Write it all down; rows that were sent at the end of the unit, together with those of other batches."""
        for row in self.sent:
            unit.later(_SENT, row)
        todo = ((_SENT_AND_KEPT, self.kept), (_REFUSED, self.refused), (_CHANGED, self.changed))
        for statement, rows in todo:
            if rows:
                unit.connection.execute(statement, rows)


def row_of(row: Claimed) -> dict[str, Any]:
    """Which row, and the attempt that is ours."""
    return {"row": row.id, "token": row.token}


def is_resent(cls: OutClass, kind: OutKind, tries: int) -> bool:
    """Whether what may have arrived is sent again. tries: those that are over."""
    return (kind in IDEMPOTENT or _RESENT[cls]) and tries + 1 < OUTBOX_TRIES


def unsure(unit: Unit, id: int, token: int | None, reason: str, pause: timedelta | None) -> dict[str, Any]:
    """It may have arrived. pause: until it is sent again; None: it is not."""
    if pause is None:
        return change(id, token, OutboxState.UNCERTAIN, reason, more_uncertain=1)
    return change(id, token, OutboxState.READY, reason, not_before=unit.now + pause, more_uncertain=1, more_tries=1)


def change(
    id: int,
    token: int | None,
    state: OutboxState,
    reason: str | None,
    *,
    not_before: datetime | None = None,
    more_tries: int = 0,
    more_uncertain: int = 0,
) -> dict[str, Any]:
    """Another state, and with it what is counted."""
    return {
        "row": id,
        "token": token,
        "to_state": state,
        "to_reason": reason,
        "to_not_before": not_before,
        "more_tries": more_tries,
        "more_uncertain": more_uncertain,
    }
