"""Tables about content, not about people: what helped, what was not understood, what overlays the files."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.declared import Base


class Feedback(Base):
    """One press of "did this help". Says nothing of who pressed."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    guide: Mapped[str]
    locale: Mapped[str]
    value: Mapped[str]
    day: Mapped[date]


class Miss(Base):
    """A message that nobody understood, in words that tell nothing of its writer (storage/misses.py)."""

    __tablename__ = "miss"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    topic: Mapped[str]  # a subject without a guide; "" = not understood
    locale: Mapped[str]
    words: Mapped[str]
    day: Mapped[date]


class MissWord(Base):
    """That somebody used a word: to know when enough people have, without knowing word or people."""

    __tablename__ = "miss_word"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word_hash: Mapped[bytes] = mapped_column(index=True)
    person_bits: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date]


class Record(Base):
    """A value that overlays the content files. The newest version of a name counts; old ones stay as history."""

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("name", "version"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str]
    version: Mapped[int]
    value: Mapped[str] = mapped_column(Text)  # JSON
    author: Mapped[str]
    at: Mapped[datetime]
