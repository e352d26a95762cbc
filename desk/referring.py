"""Handing a request on to an institution, with the person's agreement, and what the institution answers.

  sent ──▶ accepted ──▶ appointment ──▶ outcome      each may be passed over; an appointment may get another date
    └──────────┴─────────────┴──▶ no_answer ──▶ they may still answer after all

The day of an appointment brings the request back to us; what ended, or was not answered, needs us at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from desk import clock
from desk import requests as acts
from desk.lifecycle import Move, Refused, Turn, after
from desk.requests import Desk
from storage import handoff, referrals, requests
from storage.referrals import Referred
from storage.requests import RequestRow


class Stage(StrEnum):
    """How it stands with the institution."""

    SENT = "sent"
    ACCEPTED = "accepted"
    APPOINTMENT = "appointment"
    OUTCOME = "outcome"  # it is over; the words say how
    NO_ANSWER = "no_answer"


class Share(StrEnum):
    """What the slip may say of the person, each only where they agreed."""

    LANGUAGE = "language"
    MUNICIPALITY = "municipality"
    SUBJECT = "subject"  # guide and step
    PAPERS = "papers"


_ANSWERS = frozenset({Stage.ACCEPTED, Stage.APPOINTMENT, Stage.OUTCOME, Stage.NO_ANSWER})
STAGES: Mapping[Stage, frozenset[Stage]] = {
    Stage.SENT: _ANSWERS,
    Stage.ACCEPTED: _ANSWERS - {Stage.ACCEPTED},
    Stage.APPOINTMENT: _ANSWERS - {Stage.ACCEPTED},
    Stage.NO_ANSWER: _ANSWERS - {Stage.NO_ANSWER},
    Stage.OUTCOME: frozenset(),
}
ANSWERED = "institution"


def refer(
    desk: Desk, number: int, institution: str, words: str, due_at: datetime | None, shares: Collection[Share] = ()
) -> None:
    """Hand on to an institution, which the person has agreed to. Raises NotYours, Refused."""
    row = acts.mine(desk, number)
    to = after(Turn(row.state), Move.REFERRED)
    referrals.refer(
        desk.unit, number, row.contact_id, desk.me,
        institution=institution, words=words, agreed_locale=row.locale, due_at=due_at, shares=shares,
    )  # fmt: skip
    handoff.move(desk.unit, number, row.state, to, due_at=due_at)
    clock.put_off(desk.unit, row, due_at)
    acts.record(desk, "referred", number, institution)


def answered(desk: Desk, number: int, referral_id: int, stage: Stage, words: str, due_at: datetime | None) -> None:
    """Write down what the institution said. due_at: the day of an appointment.

    Raises NotYours; NoRequest: there is no such referral; Refused: this cannot follow, or an appointment has no day.
    """
    row = acts.mine(desk, number)
    before = referral(desk, row, referral_id)
    if row.closed_at is not None or stage not in STAGES[Stage(before.state)]:
        raise Refused(f"{stage} after {before.state}")
    if (stage is Stage.APPOINTMENT) != (due_at is not None):
        raise Refused("an appointment has a day, and nothing else has")
    if not referrals.set_state(desk.unit, before, row.contact_id, stage, due_at or before.due_at, words):
        raise Refused("somebody was faster")
    if due_at is not None:
        handoff.move(desk.unit, number, row.state, after(Turn(row.state), Move.REFERRED), due_at=due_at)
        clock.put_off(desk.unit, row, due_at)
    elif stage is not Stage.ACCEPTED:
        handoff.move(desk.unit, number, row.state, after(Turn(row.state), Move.MARKED), due_at=None)
    acts.record(desk, ANSWERED, number, stage)


def referral(desk: Desk, row: RequestRow, referral_id: int) -> Referred:
    """One referral of a request. Raises NoRequest."""
    for one in referrals.referrals(desk.unit, row.number, row.contact_id):
        if one.id == referral_id:
            return one
    raise requests.NoRequest(row.number)
