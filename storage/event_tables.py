"""Events, who is on their lists; questions to many, what was answered, and who may be invited to talk about it.

What staff write is plain, like a notice. Who comes is personal: a forgotten person's seat of an event that is over
stays for the counts, without the person. Answers to an anonymous survey never had one.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base


class Event(Base):
    """Something to come to. Whether it is full or over follows from its seats and from the time: never written."""

    __tablename__ = "event"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    state: Mapped[str]  # notices.events.State
    municipality: Mapped[str] = mapped_column(server_default=text("''"))  # id in content/places; "" = none
    place: Mapped[str]  # as it is said to a driver
    starts: Mapped[str]  # on the clocks of `zone`, as 2026-11-29T10:00
    ends: Mapped[str]
    zone: Mapped[str]  # as Europe/Belgrade
    starts_at: Mapped[datetime] = mapped_column(index=True)  # what `starts` is in UTC
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]  # people; None = as many as come
    women_only: Mapped[bool] = mapped_column(server_default=false())
    child_care: Mapped[bool] = mapped_column(server_default=false())
    drawn: Mapped[int] = mapped_column(server_default="0")  # the last number that was given on the list
    author_id: Mapped[int]
    created_at: Mapped[datetime]


class EventText(Base):
    """An event in one language."""

    __tablename__ = "event_text"
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, autoincrement=False)
    locale: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)


class Seat(Base):
    """One person's word on one event. Who said that they cannot come keeps their number."""

    __tablename__ = "event_seat"
    __table_args__ = (UniqueConstraint("event_id", "contact_id"), Index(None, "event_id", "number"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)  # None: forgotten
    number: Mapped[int]  # what they say at the door; the team knows no name
    stand: Mapped[str]  # notices.events.Stand
    companions: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    turn: Mapped[int]  # who waits, waits behind the smaller ones
    attended: Mapped[int | None] = mapped_column(SmallInteger)  # people who came; None: nobody looked
    at: Mapped[datetime]


class Survey(Base):
    """At most five questions to many. Whether answers lead to a person is said before, and never changes."""

    __tablename__ = "survey"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    state: Mapped[str]  # notices.surveys.State
    anonymous: Mapped[bool]
    for_staff: Mapped[bool] = mapped_column(server_default=false())
    invites: Mapped[bool] = mapped_column(server_default=false())  # asks at the end who may be invited to a talk
    author_id: Mapped[int]
    created_at: Mapped[datetime]


class SurveyText(Base):
    """A survey in one language."""

    __tablename__ = "survey_text"
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True, autoincrement=False)
    locale: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    intro: Mapped[str] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text)  # JSON of notices.surveys.Question


class SurveyAnswer(Base):
    """One answer. The token ties the answers of one person together; of an anonymous survey nothing leads further:
    no contact, and of the time the day alone."""

    __tablename__ = "survey_answer"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # random, so it tells no order
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    token: Mapped[int]  # random
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    question: Mapped[int] = mapped_column(SmallInteger)
    choice: Mapped[int | None] = mapped_column(SmallInteger)
    sealed: Mapped[bytes | None]  # own words; under the contact's key, or the survey's where it is anonymous
    media_id: Mapped[int | None]  # a voice note; its file is gone sooner than the answer. Never where it is anonymous
    day: Mapped[date]


class Shortlisted(Base):
    """Somebody who may be invited to talk about the subject of a survey. Nothing here leads to their answers."""

    __tablename__ = "shortlist"
    __table_args__ = (UniqueConstraint("survey_id", "contact_id"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    chosen: Mapped[bool] = mapped_column(server_default=false())
    day: Mapped[date]
