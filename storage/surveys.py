"""Surveys and their answers, as rows. What may be shown is decided in notices/surveys.py.

Until somebody is done, their answers lie in their own session alone. Then all of them are written at once under a
random token. An anonymous one has nothing else: no contact, no time but the day, and no order, because ids are random.
The shortlist (storage/shortlist.py) knows the contact and neither the token nor an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from storage import survey_voices
from storage.crypto import unseal
from storage.declared import Id
from storage.dialects import insert_or_update
from storage.dossier import Answered
from storage.event_tables import Shortlisted, Survey, SurveyAnswer, SurveyText
from storage.keys import KeyGone, contact_key
from storage.media import MediaRow
from storage.unit_of_work import AnyRow, Unit

DRAFT = "draft"


class NoSurvey(Exception):
    """There is no such survey."""


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey. texts: locale -> title, intro and the questions as JSON of notices.surveys.Question."""

    id: int
    state: str
    anonymous: bool
    for_staff: bool
    invites: bool
    texts: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """Of one survey. people: who finished it. counts: (question, choice) -> people. words, voices: question -> what
    was written or spoken, in no order; None: the file is deleted already."""

    people: int
    counts: Mapping[tuple[int, int], int]
    words: Mapping[int, Sequence[str]]
    voices: Mapping[int, Sequence[MediaRow | None]] = field(default_factory=dict)


_row = bindparam("row", type_=Id)
_contact = bindparam("contact", type_=Id)
_CREATE = insert(Survey).returning(Survey.id)
_SURVEY = select(Survey.id, Survey.state, Survey.anonymous, Survey.for_staff, Survey.invites)
_ONE = _SURVEY.where(Survey.id == _row)
_NEWEST = _SURVEY.order_by(Survey.id.desc()).limit(bindparam("limit"))
_HELD = select(Survey.id).where(Survey.id == _row).with_for_update()
_STATE = update(Survey).where(Survey.id == _row).values(state=bindparam("to_state"))
_TEXTS = select(SurveyText.locale, SurveyText.title, SurveyText.intro, SurveyText.questions).where(
    SurveyText.survey_id == _row
)
_WRITE = insert_or_update(SurveyText, ["survey_id", "locale"], ["title", "intro", "questions"])
_ANSWER = insert(SurveyAnswer)
_ANSWERED = select(exists().where(SurveyAnswer.survey_id == _row, SurveyAnswer.contact_id == _contact))
_PEOPLE = select(func.count(SurveyAnswer.token.distinct())).where(SurveyAnswer.survey_id == _row)
_COUNTS = (
    select(SurveyAnswer.question, SurveyAnswer.choice, func.count())
    .where(SurveyAnswer.survey_id == _row, SurveyAnswer.choice.is_not(None))
    .group_by(SurveyAnswer.question, SurveyAnswer.choice)
)
_WORDS = (
    select(SurveyAnswer.id, SurveyAnswer.contact_id, SurveyAnswer.question, SurveyAnswer.sealed)
    .where(SurveyAnswer.survey_id == _row, SurveyAnswer.sealed.is_not(None))
    .order_by(SurveyAnswer.question, SurveyAnswer.id)
)
_OF_CONTACT = (
    select(
        SurveyAnswer.id,
        SurveyAnswer.survey_id,
        SurveyAnswer.question,
        SurveyAnswer.choice,
        SurveyAnswer.sealed,
        SurveyAnswer.media_id,
    )
    .where(SurveyAnswer.contact_id == _contact)
    .order_by(SurveyAnswer.survey_id, SurveyAnswer.question)
)
_DROP = tuple(delete(table).where(table.contact_id == _contact) for table in (SurveyAnswer, Shortlisted))


def survey_key(id: int) -> str:
    """The key of what is written in an anonymous survey: nobody's own."""
    return f"q:{id}"


def create(unit: Unit, survey: SurveyRow, author_id: int) -> int:
    """A draft with its texts; its id. The id and the state of `survey` are not looked at."""
    row = {"anonymous": survey.anonymous, "for_staff": survey.for_staff, "invites": survey.invites}
    values = {**row, "state": DRAFT, "author_id": author_id, "created_at": unit.now}
    id: int = unit.connection.execute(_CREATE, values).scalar_one()
    for locale, words in survey.texts.items():
        write_text(unit, id, locale, words)
    return id


def read(unit: Unit, id: int) -> SurveyRow:
    """One survey with its texts. Raises NoSurvey."""
    row = unit.connection.execute(_ONE, {"row": id}).one_or_none()
    if row is None:
        raise NoSurvey(id)
    return _whole(unit, row)


def newest(unit: Unit, limit: int) -> list[SurveyRow]:
    """The newest first."""
    return [_whole(unit, row) for row in unit.connection.execute(_NEWEST, {"limit": limit}).all()]


def hold(unit: Unit, id: int) -> SurveyRow:
    """The same as read, and nobody else changes it until the unit ends. Raises NoSurvey."""
    unit.connection.execute(_HELD, {"row": id})
    return read(unit, id)


def set_state(unit: Unit, id: int, state: str) -> None:
    """How far it is. The key for anonymous words is there before anybody can answer. The unit holds the survey."""
    try:
        unit.keys.get(survey_key(id))
    except KeyGone:
        unit.keys.make([survey_key(id)])
    unit.connection.execute(_STATE, {"row": id, "to_state": state})


def write_text(unit: Unit, id: int, locale: str, words: tuple[str, str, str]) -> None:
    """The texts in one language."""
    title, intro, questions = words
    row = {"survey_id": id, "locale": locale, "title": title, "intro": intro, "questions": questions}
    unit.connection.execute(_WRITE[unit.dialect], row)


def has_answered(unit: Unit, id: int, contact_id: int) -> bool:
    """Whether answers of this person are there; never known of an anonymous survey."""
    return bool(unit.connection.execute(_ANSWERED, {"row": id, "contact": contact_id}).scalar_one())


def finish(
    unit: Unit,
    survey: SurveyRow,
    contact_id: int,
    answers: Sequence[int | str | None],
    voices: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """Somebody is done: all answers at once. None: skipped, or in `voices` (question -> id of the voice note)."""
    assert not (survey.anonymous and voices), "a voice tells who speaks"
    token, whose = unit.ids(), None if survey.anonymous else contact_id
    key = unit.keys.get(survey_key(survey.id) if whose is None else contact_key(whose))
    rows = []
    for question, answer in enumerate(answers):
        id = unit.ids()
        words = unit.secrets.seal(key, answer.encode(), _seal(id)) if isinstance(answer, str) else None
        rows.append(
            {
                "id": id,
                "survey_id": survey.id,
                "token": token,
                "contact_id": whose,
                "question": question,
                "choice": answer if isinstance(answer, int) else None,
                "sealed": words,
                "media_id": voices.get(question),
                "day": unit.now.date(),
            }
        )
    # By their random ids, so that not even the order of writing is that of asking.
    unit.connection.execute(_ANSWER, sorted(rows, key=lambda row: str(row["id"])))


def results(unit: Unit, survey: SurveyRow) -> Results:
    """What was answered so far. Words of people who were forgotten meanwhile are not there any more."""
    where = {"row": survey.id}
    people = unit.connection.execute(_PEOPLE, where).scalar_one()
    found = unit.connection.execute(_COUNTS, where)
    counts = {(question, choice): count for question, choice, count in found if choice is not None}
    words: dict[int, list[str]] = {}
    for row in unit.connection.execute(_WORDS, where).all():
        key = survey_key(survey.id) if row.contact_id is None else contact_key(row.contact_id)
        try:
            plain = unseal(unit.keys.get(key), row.sealed, _seal(row.id)).decode()
        except KeyGone:
            continue
        words.setdefault(row.question, []).append(plain)
    return Results(people, counts, words, survey_voices.of_survey(unit, survey.id))


def of_contact(unit: Unit, contact_id: int) -> list[Answered]:
    """A person's own answers to surveys that are not anonymous."""
    found = unit.connection.execute(_OF_CONTACT, {"contact": contact_id}).all()
    if not found:
        return []
    key = unit.keys.get(contact_key(contact_id))
    return [
        Answered(row.survey_id, row.question, _opened(key, row) or row.choice, row.media_id is not None)
        for row in found
    ]


def drop(unit: Unit, contact_id: int) -> None:
    """A person's answers that lead to them, also spoken ones half-way, and that they may be invited."""
    survey_voices.drop_all(unit, contact_id)
    for statement in _DROP:
        unit.connection.execute(statement, {"contact": contact_id})


def _whole(unit: Unit, row: AnyRow) -> SurveyRow:
    found = unit.connection.execute(_TEXTS, {"row": row.id})
    return SurveyRow(**row._asdict(), texts={locale: (title, intro, asked) for locale, title, intro, asked in found})


def _opened(key: bytes, row: AnyRow) -> str | None:
    return None if row.sealed is None else unseal(key, row.sealed, _seal(row.id)).decode()


def _seal(id: int) -> str:
    return f"survey_answer.sealed:{id}"
