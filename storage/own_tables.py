"""What people keep for themselves: papers that they ticked, and days that they told us. Only after OK to saving."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base


class Tick(Base):
    """A paper that somebody has ready; one that is not ready has no row. Ids of content only, so an edit keeps them."""

    __tablename__ = "tick"
    __table_args__ = (UniqueConstraint("contact_id", "guide", "paper"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    guide: Mapped[str]
    paper: Mapped[str]
    at: Mapped[datetime]


class OwnDay(Base):
    """The day of an event in somebody's life (a deadline's anchor), from which terms are counted."""

    __tablename__ = "own_day"
    __table_args__ = (UniqueConstraint("contact_id", "anchor"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    anchor: Mapped[str]
    sealed: Mapped[bytes]  # the day, under the contact's key
    at: Mapped[datetime]


class SeriesPlace(Base):
    """How many pieces of a series somebody has got, and whether they want more."""

    __tablename__ = "series_place"
    __table_args__ = (UniqueConstraint("contact_id", "series"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    series: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    wanted: Mapped[bool]
    at: Mapped[datetime]
