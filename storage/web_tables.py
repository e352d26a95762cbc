"""The web chat's part of the schema: further browsers of a chat, its resume code, and from where its page is shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base


class WebBrowser(Base):
    """A browser that came back to a chat by a resume code; the first one stands in address itself.

    No foreign key: when a person deletes everything, the goodbye goes to a new address, and this row follows it.
    """

    __tablename__ = "web_browser"
    lookup: Mapped[bytes] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime]


class WebPage(Base):
    """What is known of the page of one address. code: hash of the resume code that works, None = there is none."""

    __tablename__ = "web_page"
    address_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[bytes | None] = mapped_column(unique=True)
    cleared_to: Mapped[int] = mapped_column(server_default="0")  # outbox rows up to this one are not shown
    cleared_at: Mapped[datetime | None]
