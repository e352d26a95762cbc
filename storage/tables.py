"""The schema's source: one declarative class a table. Migrations build it; a test holds both together.

Texts that people wrote, channel ids and answers stand in columns named `sealed`, never plain. Ids are random 63-bit
integers; only inbox.seq, outbox.id, request.id, record.id count up, because order matters or people say the number.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, Text, UniqueConstraint, false, literal_column, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base, literal_state, partial_index


class Conversation(Base):
    """The unit of order and lock. Not named in a foreign key from inbox, never updated by the receiver."""

    __tablename__ = "conversation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    active_contact_id: Mapped[int]
    active_address_id: Mapped[int]
    stopped_at: Mapped[datetime | None]
    attached_staff_id: Mapped[int | None]
    attached_request_id: Mapped[int | None]  # what the human in this chat is here for
    urgent: Mapped[bool] = mapped_column(default=False)
    # Only there to carry the goodbye after everything was deleted; goes when that is sent (privacy.py).
    parting: Mapped[bool] = mapped_column(default=False)
    barred_at: Mapped[datetime | None]  # a coordinator has closed the way to the team (desk/barring.py)
    created_at: Mapped[datetime]


class Address(Base):
    """Where a conversation is reached."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("lookup", "channel", "account"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    channel: Mapped[str]
    account: Mapped[str]
    lookup: Mapped[bytes]
    sealed: Mapped[bytes]  # the opaque id, under the conversation's key
    state: Mapped[str]
    not_before: Mapped[datetime | None]  # the channel asked us to wait
    open_until: Mapped[datetime | None]  # until then we may write freely; None = always
    changed_at: Mapped[datetime | None]  # number or device changed, and staff have not made sure who is there
    created_at: Mapped[datetime]


class Contact(Base):
    """A person. Several may share a conversation (a family on one phone); one of them is active."""

    __tablename__ = "contact"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    locale: Mapped[str]  # "" = not chosen yet
    municipality: Mapped[str | None]
    consent_version: Mapped[str | None]
    consent_choice: Mapped[str]
    consent_at: Mapped[datetime | None]
    label_sealed: Mapped[bytes | None]  # how they call themselves where several share a chat; under the contact's key
    seen_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]


class Consent(Base):
    """What a person was shown and chose, one row each time."""

    __tablename__ = "consent"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    version: Mapped[str]
    locale: Mapped[str]
    choice: Mapped[str]
    at: Mapped[datetime]


class Inbox(Base):
    """What arrived. A done row stays without its body, so that a late redelivery is recognised."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("ext_hash", "channel", "account"), {"sqlite_autoincrement": True})
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str]
    account: Mapped[str]
    ext_hash: Mapped[bytes]
    address_id: Mapped[int]
    kind: Mapped[str]
    sealed: Mapped[bytes | None]  # under the ingress key of key_day
    provider_sealed: Mapped[bytes | None]  # the channel's id of the message, 48 h; under the same key
    key_day: Mapped[date]
    received_at: Mapped[datetime]
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(SmallInteger)
    not_before: Mapped[datetime | None]
    error: Mapped[str | None]  # a class name, never content


class Attempt(Base):
    """The one inbox row that a worker handles alone, written before it starts: if the worker dies, we know why."""

    __tablename__ = "attempt"
    worker: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Outbox(Base):
    """What is to be sent, and what became of it. The payload goes when the row is sent or has failed."""

    __tablename__ = "outbox"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    dedupe: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    cls: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    speaker: Mapped[str]
    matter: Mapped[str]
    state: Mapped[str]
    sealed: Mapped[bytes | None]  # under the conversation's key
    replaces: Mapped[int | None]
    tries: Mapped[int] = mapped_column(SmallInteger)
    uncertain: Mapped[int] = mapped_column(SmallInteger)  # attempts that may have arrived without our knowing
    not_before: Mapped[datetime | None]
    attempt_token: Mapped[int | None]
    worker: Mapped[int | None]
    provider_sealed: Mapped[bytes | None]  # the channel's id of the message, 48 h
    reason: Mapped[str | None]  # a short code
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    delivery: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # how far it got (deliveries.py)


class Timer(Base):
    """Something to do at a time; becomes an inbox row of the conversation when it is due."""

    __tablename__ = "timer"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    kind: Mapped[str]
    created_at: Mapped[datetime]


class Session(Base):
    """Where a contact stands in the guides. Saved by compare-and-set on version."""

    __tablename__ = "session"
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes]  # under the conversation's key
    version: Mapped[int]


class Message(Base):
    """What was said, by whom."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "contact_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    direction: Mapped[str]
    speaker: Mapped[str]
    sealed: Mapped[bytes]  # under the contact's key
    at: Mapped[datetime]
    staff_id: Mapped[int | None]  # who of us wrote it
    outbox_id: Mapped[int | None] = mapped_column(index=True)  # how its sending ended
    version_of: Mapped[int | None]  # the message that the person changed into this one
    quotes_id: Mapped[int | None]  # the message that the person answered to
    written_sealed: Mapped[bytes | None]  # the channel's id of what the person wrote, 48 h; under the contact's key


class Request(Base):
    """One thing that a person asked of staff. id is the number that people say."""

    __tablename__ = "request"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    type: Mapped[str]
    state: Mapped[str]
    urgent: Mapped[bool]
    locale: Mapped[str]
    guide: Mapped[str | None]
    step: Mapped[str | None]
    sealed: Mapped[bytes | None]  # the context, under the contact's key
    sensitive_sealed: Mapped[bytes | None]  # read by nobody yet; dropped after 24 h
    promised_by: Mapped[datetime | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    assignee_id: Mapped[int | None] = mapped_column(index=True)  # stays after closing: who knows the person
    claimed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # the first answer
    turn_at: Mapped[datetime | None]  # since when the state stands
    due_at: Mapped[datetime | None]  # an office's date, or one of our own
    outcome: Mapped[str | None]
    reopened: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    late: Mapped[bool] = mapped_column(server_default=false())  # the promise was broken, and said so
    protected: Mapped[bool] = mapped_column(server_default=false())  # for the protection group alone
    tag: Mapped[str | None]  # project or donor
    wish_sealed: Mapped[bytes | None]  # whom the person would like, and whom not; under the contact's key


class Media(Base):
    """A file or a place that came with a request, or a voice note that answers a survey (storage/survey_voices.py).
    The file lies, sealed, in the media folder."""

    __tablename__ = "media"
    __table_args__ = (Index(None, "contact_id", "created_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str]
    sealed: Mapped[bytes | None]  # by what the channel fetches it, or the place itself; under the contact's key
    type: Mapped[str | None]  # as its first bytes say, once it is here
    size: Mapped[int | None]  # bytes
    seconds: Mapped[int | None]
    tries: Mapped[int] = mapped_column(SmallInteger)
    not_before: Mapped[datetime | None]
    reason: Mapped[str | None]  # a short code
    created_at: Mapped[datetime]
    quotes_id: Mapped[int | None]  # the message that the person answered to
    staff_id: Mapped[int | None]  # who of us attached it; None = the person sent it
    outbox_id: Mapped[int | None] = mapped_column(index=True)  # the message that takes it to the person


class Forget(Base):
    """A receipt: these rows were deleted and these keys destroyed, or still must be (state pending)."""

    __tablename__ = "forget"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[bytes | None] = mapped_column(index=True)  # None: retention deleted, nobody holds a receipt
    conversation_id: Mapped[int]
    keys: Mapped[str] = mapped_column(Text)  # ids in the key store, separated by spaces
    state: Mapped[str]
    at: Mapped[datetime]


NEW, DONE, POISON = literal_state("new"), literal_state("done"), literal_state("poison")
READY, SENDING = literal_state("ready"), literal_state("sending")
UNCERTAIN, DEAD, HELD = literal_state("uncertain"), literal_state("dead"), literal_state("held")
PENDING = literal_state("pending")
WANTED = literal_state("wanted")
NONE = literal_column("0", Integer())


partial_index("ix_inbox_waiting", Inbox.seq, where=Inbox.state == NEW)
partial_index("ix_inbox_waiting_of", Inbox.address_id, Inbox.seq, where=Inbox.state == NEW)
partial_index("ix_inbox_poison", Inbox.seq, where=Inbox.state == POISON)
partial_index("ix_outbox_ready", Outbox.cls, Outbox.id, where=Outbox.state == READY)
partial_index("ix_outbox_ready_of", Outbox.conversation_id, Outbox.cls, Outbox.id, where=Outbox.state == READY)
partial_index("ix_outbox_sending", Outbox.conversation_id, where=Outbox.state == SENDING)
partial_index("ix_outbox_settled_of", Outbox.conversation_id, Outbox.settled_at, where=Outbox.cls > NONE)
partial_index("ix_outbox_letters", Outbox.id, where=Outbox.state.in_([UNCERTAIN, DEAD, HELD]))
partial_index("ix_outbox_doubted", Outbox.id, where=Outbox.uncertain > NONE)
partial_index("ix_conversation_parting", Conversation.id, where=Conversation.parting == true())
partial_index("ix_media_wanted", Media.id, where=Media.state == WANTED)
partial_index("ix_forget_pending", Forget.id, where=Forget.state == PENDING)
