"""The desk's part of the schema: who works there, what they do with requests, and the log of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base


class Staff(Base):
    """Someone who works at the desk."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str]
    administrator: Mapped[bool]
    coordinator: Mapped[bool]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    conversation_id: Mapped[int | None] = mapped_column(
        unique=True, index=True
    )  # their own chat with the bot, for alerts
    languages: Mapped[str] = mapped_column(server_default=text("''"))  # codes, separated by spaces
    gender: Mapped[str] = mapped_column(server_default=text("''"))
    origin: Mapped[str] = mapped_column(server_default=text("''"))  # country code
    alias: Mapped[str] = mapped_column(server_default=text("''"))  # what newcomers call them; "" = the team
    introduction: Mapped[str] = mapped_column(server_default=text("''"))  # what newcomers may read; "" = not agreed
    on_duty: Mapped[bool] = mapped_column(server_default=false())
    paused_until: Mapped[datetime | None]
    cap: Mapped[int] = mapped_column(SmallInteger, server_default="8")
    pledged_at: Mapped[datetime | None]  # accepted the code of conduct
    totp_sealed: Mapped[bytes | None]  # under the application's own key
    totp_step: Mapped[int | None]  # the last step used: each code works once; None = the secret was never confirmed
    break_until: Mapped[datetime | None]  # off duty until then, and back by itself


class StaffLink(Base):
    """A one-time link, hashed. An invitation makes the staff row when it is redeemed; a login names one."""

    __tablename__ = "staff_link"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    label: Mapped[str]
    administrator: Mapped[bool]
    coordinator: Mapped[bool]
    roles: Mapped[str] = mapped_column(server_default=text("''"))  # names, separated by spaces
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A signed-in browser, by the hash of its token."""

    __tablename__ = "staff_session"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]  # when a code was last shown; None = the link alone was


class StaffFailure(Base):
    """A wrong code. subject: a look-up of the member or of the address it came from."""

    __tablename__ = "staff_failure"
    __table_args__ = (Index(None, "subject", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[bytes]
    at: Mapped[datetime]


class StaffRole(Base):
    """What somebody may do (rulings 34). scope: a language of a translator, a municipality of a coordinator, or ""."""

    __tablename__ = "staff_role"
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)


class Note(Base):
    """What staff write to each other beside a request. In a table of its own: it can never be sent."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    staff_id: Mapped[int]
    sealed: Mapped[bytes]  # under the contact's key
    at: Mapped[datetime]
    beside_id: Mapped[int | None]  # the message or file whose meaning it says; None = about the request


class RequestEvent(Base):
    """What happened to a request, without words: for the thread, the figures and the log."""

    __tablename__ = "request_event"
    __table_args__ = (Index(None, "request_id", "at"), Index(None, "at"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    kind: Mapped[str]
    staff_id: Mapped[int | None]
    detail: Mapped[str]  # a short code, never words of a person
    at: Mapped[datetime]


class Draft(Base):
    """What an assistant has begun to write. Others who may see the request see that there is one."""

    __tablename__ = "draft"
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes]  # under the contact's key
    at: Mapped[datetime]


class Referral(Base):
    """A request handed on to an institution, with the person's agreement."""

    __tablename__ = "referral"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    staff_id: Mapped[int]
    institution: Mapped[str]  # an id of the contacts file
    sealed: Mapped[bytes]  # why, and what was shared; under the contact's key
    agreed_locale: Mapped[str]
    agreed_at: Mapped[datetime]
    state: Mapped[str]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    shares: Mapped[str] = mapped_column(server_default=text("''"))  # codes of what the slip may say, with spaces
    answer_sealed: Mapped[bytes | None]  # what the institution said last; under the contact's key
    answered_at: Mapped[datetime | None]


class Topic(Base):
    """The topic of a request in the staff group, as the group shows it now.

    No foreign key: where the request is gone, the row says which topic is still to be deleted. The ids are those of
    our own messages in the group; they name nobody.
    """

    __tablename__ = "topic"
    request_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    thread: Mapped[int]
    name: Mapped[str]
    closed: Mapped[bool]
    card_id: Mapped[int | None]  # the first message
    card: Mapped[str]  # a code of what it shows


class TopicMessage(Base):
    """What was posted in the topic of its request: a message, a file or an event, by its id (random over all tables).

    By id and not by a count: clocks of processes differ.
    """

    __tablename__ = "topic_message"
    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(index=True)


class GroupLeaver(Base):
    """Somebody who has left and is still to be put out of the staff group.

    No foreign keys: the member's talk with the bot may be forgotten meanwhile.
    """

    __tablename__ = "group_leaver"
    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int]  # was their own chat with the bot: it leads to their account
    told_at: Mapped[datetime | None]  # when colleagues were asked to do it by hand


class SentForm(Base):
    """A form of the desk that came already. Of the words in it nothing is here."""

    __tablename__ = "sent_form"
    token: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Audit(Base):
    """Who read, sent, changed, exported or deleted what. Each row's hash covers the one before it."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "act", "at"), Index(None, "thing", "at"), {"sqlite_autoincrement": True})
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[int | None]
    act: Mapped[str]
    thing: Mapped[str]  # "request:12"; never a name
    detail: Mapped[str]
    hash: Mapped[bytes]


class Permit(Base):
    """A large file of the log of requests, which somebody asked for and a second person allows (desk/permits.py)."""

    __tablename__ = "permit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))  # who asked
    kind: Mapped[str]  # csv | xlsx
    query: Mapped[str]  # the filter, as it stands in an address
    count: Mapped[int]  # rows at that time
    state: Mapped[str]
    at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
