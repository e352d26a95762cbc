"""Questions to many, as far as a person reaches them: the dialogue's port, and the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from notices.surveys import Answer, State
from storage import members, surveys
from storage.rows import Standing
from storage.surveys import NoSurvey, SurveyRow
from storage.unit_of_work import Unit


class Surveys(Protocol):
    """What is asked of this person."""

    def read(self, id: int) -> SurveyRow | None:
        """A survey that is open and for them, and that they have not answered; else None."""
        ...

    def finish(self, id: int, answers: Sequence[Answer], *, may_invite: bool) -> None:
        """They are done. may_invite: they agreed to be invited to talk about it."""
        ...


@dataclass(frozen=True, slots=True)
class StoredSurveys:
    """See Surveys."""

    unit: Unit
    standing: Standing

    def read(self, id: int) -> SurveyRow | None:
        """See Surveys."""
        try:
            found = surveys.read(self.unit, id)
        except NoSurvey:
            return None
        if found.state != State.OPEN or surveys.has_answered(self.unit, id, self.standing.contact_id):
            return None
        is_staff = members.of_chat(self.unit, self.standing.conversation_id) is not None
        return found if found.for_staff == is_staff else None

    def finish(self, id: int, answers: Sequence[Answer], *, may_invite: bool) -> None:
        """See Surveys. What was closed meanwhile takes nothing any more."""
        found = self.read(id)
        if found is None:
            return
        surveys.finish(self.unit, found, self.standing.contact_id, answers)
        if may_invite and found.invites:
            surveys.agree(self.unit, id, self.standing.contact_id)
