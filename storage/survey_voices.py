"""Voice notes that answer a question of a survey: files without a request, told by their ids.

A note lies with the media of the person (storage/media.py) from when it is sent, so that it is fetched while its
channel has it. Until the last question its id stands in the person's own session alone; then an answer names it. Files
are kept for a shorter time than answers: an answer whose file is gone still counts. A voice tells who speaks, so an
anonymous survey takes none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, select

from storage import bell
from storage.declared import Id
from storage.event_tables import SurveyAnswer
from storage.media import COLUMNS, MediaRow, NewMedia, add_media, media_row
from storage.rows import Standing
from storage.tables import Media
from storage.unit_of_work import Unit

_theirs = (Media.contact_id == bindparam("contact", type_=Id), Media.request_id.is_(None))
_these = Media.id.in_(bindparam("ids", expanding=True))
_KNOWN = select(Media.id).where(*_theirs, _these)
_DROP = delete(Media).where(*_theirs, _these)
_DROP_ALL = delete(Media).where(*_theirs)
_OF_CONTACT = select(*COLUMNS).where(*_theirs).order_by(Media.created_at, Media.id)
# By random ids, so that nobody can tell which of them were sent by one person.
_OF_SURVEY = (
    select(SurveyAnswer.question, SurveyAnswer.media_id, *COLUMNS)
    .outerjoin(Media, Media.id == SurveyAnswer.media_id)
    .where(SurveyAnswer.survey_id == bindparam("survey", type_=Id), SurveyAnswer.media_id.is_not(None))
    .order_by(SurveyAnswer.question, SurveyAnswer.media_id)
)


def keep(unit: Unit, standing: Standing, new: NewMedia) -> int | None:
    """Write down a voice note that will be fetched; its id, or None where it is too much for one day."""
    return add_media(unit, standing, new, None)


def known(unit: Unit, contact_id: int, ids: Collection[int]) -> set[int]:
    """Those of these notes of the person that are still there."""
    return set(unit.connection.execute(_KNOWN, {"contact": contact_id, "ids": list(ids)}).scalars()) if ids else set()


def drop(unit: Unit, contact_id: int, ids: Collection[int]) -> None:
    """The person threw these away. The files follow at once (media_folder.Folder.sweep)."""
    if ids and unit.connection.execute(_DROP, {"contact": contact_id, "ids": list(ids)}).rowcount:
        unit.ring(bell.FORGET)


def drop_all(unit: Unit, contact_id: int) -> None:
    """Every voice note of the person that answers a question, sent or half-way. See drop."""
    if unit.connection.execute(_DROP_ALL, {"contact": contact_id}).rowcount:
        unit.ring(bell.FORGET)


def of_contact(unit: Unit, contact_id: int) -> list[MediaRow]:
    """All of a person, oldest first."""
    return [media_row(row) for row in unit.connection.execute(_OF_CONTACT, {"contact": contact_id}).all()]


def of_survey(unit: Unit, survey_id: int) -> dict[int, Sequence[MediaRow | None]]:
    """Of each question those that answer it, in no order; None: its file is deleted already."""
    found: dict[int, list[MediaRow | None]] = {}
    for question, _, *row in unit.connection.execute(_OF_SURVEY, {"survey": survey_id}).all():
        found.setdefault(question, []).append(None if row[0] is None else media_row(row))
    return dict(found)
