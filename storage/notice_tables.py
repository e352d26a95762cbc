"""Notices to many, as rows: a text per language, each sending of it, and one row a person who gets it or does not.

Nothing here was written by a newcomer, so nothing is sealed. Who got what is personal: a forgotten person's row stays
for the counts, without the person.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base


class Notice(Base):
    """What is to be told. `version` grows with every change of a text, so that copies can be told apart."""

    __tablename__ = "notice"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    category: Mapped[str]  # notices.lifecycle.Category
    valid_until: Mapped[date | None]  # the last day on which it is true; required before it is sent
    buttons: Mapped[str] = mapped_column(Text, server_default=text("'[]'"))  # JSON, at most three
    event_id: Mapped[int | None] = mapped_column(index=True)
    tag: Mapped[str | None]  # project or donor
    version: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    #: The version with which something changed that is seen in every language: buttons, category, event.
    common: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    author_id: Mapped[int]
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class NoticeText(Base):
    """A notice in one language."""

    __tablename__ = "notice_text"
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True, autoincrement=False)
    locale: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(SmallInteger)  # the notice's, when this text was last changed
    tested: Mapped[int | None] = mapped_column(SmallInteger)  # the version that somebody sent to themselves
    checked_by: Mapped[str] = mapped_column(server_default=text("''"))  # a native reader; "" = nobody


class Broadcast(Base):
    """One sending of a notice to an audience, or a later act on those who got it (`of_id`)."""

    __tablename__ = "broadcast"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    kind: Mapped[str]  # notices.lifecycle.Kind
    of_id: Mapped[int | None] = mapped_column(index=True)  # the broadcast whose deliveries it is about
    state: Mapped[str] = mapped_column(index=True)  # notices.lifecycle.State
    audience: Mapped[str] = mapped_column(Text)  # JSON of notices.audience.Audience
    lacking: Mapped[str] = mapped_column(Text, server_default=text("'{}'"))  # JSON: locale -> leave_out | fallback
    author_id: Mapped[int]
    approver_id: Mapped[int | None]
    confirmed: Mapped[int | None]  # the number of people that was typed
    starts: Mapped[str] = mapped_column(server_default=text("''"))  # local, as 2026-11-29T10:00; "" = at once
    every: Mapped[str] = mapped_column(server_default=text("''"))  # "" | day | week | month
    start_at: Mapped[datetime | None]  # what `starts` is in UTC
    started_at: Mapped[datetime | None]
    cursor: Mapped[int | None]  # the last contact whose delivery is written
    complete: Mapped[bool] = mapped_column(server_default=false())  # every delivery is written
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Delivery(Base):
    """One person's copy with its result and reason. Its state while it is under way is that of its outbox row."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("broadcast_id", "contact_id"), Index(None, "contact_id", "at"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"))
    contact_id: Mapped[int | None]  # None: the person was forgotten
    locale: Mapped[str]
    channel: Mapped[str]
    outbox_id: Mapped[int | None] = mapped_column(index=True)
    teaser_id: Mapped[int | None]  # outbox row of the approved text that goes before it, where nothing else may
    version: Mapped[int] = mapped_column(SmallInteger)  # of the notice, as it was last sent to this person
    outcome: Mapped[str | None]  # of one that is not under way: skipped, or the outbox state it ended in
    reason: Mapped[str | None]  # a short code
    at: Mapped[datetime]


class Follow(Base):
    """A topic or a place whose news somebody asked for: topic:<id> or place:<id>."""

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("contact_id", "what"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    what: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
