"""Questions to many, as far as a person reaches them: the dialogue's port, and the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.channels.arrivals import Media
from notices.surveys import Answer, Spoken, State, spoken
from storage import members, shortlist, survey_voices, surveys
from storage.media import NewMedia
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

    def hear(self, media: Media) -> Spoken | None:
        """Write down a voice note to be fetched, as an answer; None where it is too much for one day."""
        ...

    def throw_away(self, answers: Sequence[Answer]) -> None:
        """Delete what is kept of answers that will not be finished: voice notes."""
        ...

    def forget(self) -> None:
        """Delete every answer that leads to them, and that they may be invited."""
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
        whose = self.standing.contact_id
        words = [None if isinstance(answer, Spoken) else answer for answer in answers]
        voices = spoken(answers)
        there = survey_voices.known(self.unit, whose, voices.values())
        voices = {question: id for question, id in voices.items() if id in there}
        surveys.finish(self.unit, found, whose, words, voices)
        if may_invite and found.invites:
            shortlist.agree(self.unit, id, whose)

    def hear(self, media: Media) -> Spoken | None:
        """See Surveys."""
        assert media.file is not None, "looked at before"
        new = NewMedia(media.kind, media.file.ref, seconds=media.seconds, size=media.file.size)
        id = survey_voices.keep(self.unit, self.standing, new)
        return None if id is None else Spoken(id)

    def throw_away(self, answers: Sequence[Answer]) -> None:
        """See Surveys."""
        survey_voices.drop(self.unit, self.standing.contact_id, spoken(answers).values())

    def forget(self) -> None:
        """See Surveys."""
        surveys.drop(self.unit, self.standing.contact_id)
