"""Goods or money: a short form that the person may fill in, and a decision that they hear. Few may read either.

What was answered lies sealed with the request, which only the protection group and coordinators see. A question that
is passed over is not asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import orjson

from desk import requests as acts
from desk.lifecycle import Outcome, Refused
from desk.requests import Desk
from desk.turns import person_sent
from storage import contacts, requests
from storage.requests import RequestRow
from storage.unit_of_work import Unit

GOODS = "goods"
PASSED = "passed"
#: At most three questions (features U42), each with what can be pressed beside "skip". Nobody is asked their status.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "what": ("clothes", "household", "cost", "other"),
    "whom": ("alone", "children", "adults"),
    "aid": ("yes", "no"),  # whether the state or somebody else helps already
}
_FORM = "goods"  # where it stands in the context of the request


class Decision(StrEnum):
    """What became of the wish."""

    GRANTED = "granted"
    NOT_POSSIBLE = "not_possible"
    OTHER_HELP = "other_help"


#: How the request ends with each decision.
ENDS: Mapping[Decision, Outcome] = {
    Decision.GRANTED: Outcome.GRANTED,
    Decision.NOT_POSSIBLE: Outcome.NOT_POSSIBLE,
    Decision.OTHER_HELP: Outcome.OTHER_HELP,
}


@dataclass(frozen=True, slots=True)
class Need:
    """One answer of the form. choice: of QUESTIONS, or PASSED. Raises ValueError for anything else."""

    question: str
    choice: str

    def __post_init__(self) -> None:
        """Buttons are ours, but the questions may be others by the time that one is pressed."""
        if self.choice not in (*QUESTIONS.get(self.question, ()), PASSED):
            raise ValueError(f"{self.question}: {self.choice}")


def next_question(said: Mapping[str, str]) -> str | None:
    """The first question that was neither answered nor passed over."""
    return next((question for question in QUESTIONS if question not in said), None)


def form(unit: Unit, row: RequestRow) -> Mapping[str, str]:
    """What the person answered, by question; empty for other types of requests."""
    if row.type != GOODS:
        return {}
    said: Mapping[str, str] = orjson.loads(requests.context(unit, row.number)).get(_FORM, {})
    return said


def fill_in(desk: Desk, row: RequestRow, need: Need) -> bool:
    """Write one answer down, in place of an earlier one. False where the request is closed or of another type."""
    if row.type != GOODS or row.closed_at is not None:
        return False
    context = orjson.loads(requests.context(desk.unit, row.number))
    context[_FORM] = context.get(_FORM, {}) | {need.question: need.choice}
    requests.set_context(desk.unit, row, orjson.dumps(context))
    person_sent(desk, row.number, "form")
    return True


def decide(desk: Desk, number: int, decision: Decision, reason: str) -> None:
    """Tell the person what was decided and why, and end the request. Raises NotYours, Refused (of another type)."""
    row = acts.mine(desk, number)
    if row.type != GOODS:
        raise Refused("nothing to decide on")
    standing = contacts.standing_for(desk.unit, row.contact_id)
    sent = desk.voice.decision(desk.unit, standing, decision, number, reason)
    acts.record_answer(desk, row, reason, sent)
    acts.record(desk, f"goods_{decision}", number)
    acts.close(desk, number, ENDS[decision])
