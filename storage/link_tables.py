"""Codes by which somebody joins two chats of theirs, or takes an old one over from a lost phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base


class Link(Base):
    """A code that one chat gave, and which chat it was typed in. Ids only; they go with either conversation.

    No foreign keys: whoever forgets a conversation deletes these rows by its id (privacy.py).
    """

    __tablename__ = "link"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[bytes] = mapped_column(unique=True)  # a look-up of it
    kind: Mapped[str]
    conversation_id: Mapped[int] = mapped_column(index=True)  # that asked for the code
    contact_id: Mapped[int]
    address_id: Mapped[int]
    expires_at: Mapped[datetime | None]  # None: a recovery code, until it is used or replaced
    other_conversation_id: Mapped[int | None] = mapped_column(index=True)  # in which it was typed
    other_contact_id: Mapped[int | None]
    other_address_id: Mapped[int | None]
    agreed_at: Mapped[datetime | None] = mapped_column(index=True)  # confirmed there, and not yet done


class LinkTry(Base):
    """That a code was asked for, or a wrong one typed; for a day, so that nobody guesses. subject: a look-up."""

    __tablename__ = "link_try"
    __table_args__ = (Index(None, "subject", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[bytes]
    at: Mapped[datetime]
