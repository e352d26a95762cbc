"""Events and who is on their lists; surveys, answers, and who may be invited to talk.

Revision: 0021. Follows 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()
SMALL = sa.SmallInteger()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    _events()
    _seats()
    _surveys()
    _answers()


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("municipality", TEXT, server_default=sa.text("''"), nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("starts", TEXT, nullable=False),
        sa.Column("ends", TEXT, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("capacity", ID),
        sa.Column("women_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("child_care", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("drawn", ID, server_default="0", nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_starts_at", "event", ["starts_at"])
    op.create_table(
        "event_text",
        sa.Column("event_id", ID, autoincrement=False, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_text_event_id"),
        sa.PrimaryKeyConstraint("event_id", "locale", name="pk_event_text"),
    )


def _seats() -> None:
    op.create_table(
        "event_seat",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("contact_id", ID),
        sa.Column("number", ID, nullable=False),
        sa.Column("stand", TEXT, nullable=False),
        sa.Column("companions", SMALL, server_default="0", nullable=False),
        sa.Column("turn", ID, nullable=False),
        sa.Column("attended", SMALL),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_seat_event_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_event_seat_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event_seat"),
        sa.UniqueConstraint("event_id", "contact_id", name="uq_event_seat_event_id_contact_id"),
    )
    op.create_index("ix_event_seat_contact_id", "event_seat", ["contact_id"])
    op.create_index("ix_event_seat_event_id_number", "event_seat", ["event_id", "number"])


def _surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("for_staff", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("invites", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "survey_text",
        sa.Column("survey_id", ID, autoincrement=False, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_text_survey_id"),
        sa.PrimaryKeyConstraint("survey_id", "locale", name="pk_survey_text"),
    )


def _answers() -> None:
    op.create_table(
        "survey_answer",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("token", ID, nullable=False),
        sa.Column("contact_id", ID),
        sa.Column("question", SMALL, nullable=False),
        sa.Column("choice", SMALL),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_answer_survey_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_survey_answer_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_answer"),
    )
    op.create_index("ix_survey_answer_survey_id", "survey_answer", ["survey_id"])
    op.create_index("ix_survey_answer_contact_id", "survey_answer", ["contact_id"])
    op.create_table(
        "shortlist",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_shortlist_survey_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_shortlist_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shortlist"),
        sa.UniqueConstraint("survey_id", "contact_id", name="uq_shortlist_survey_id_contact_id"),
    )
    op.create_index("ix_shortlist_contact_id", "shortlist", ["contact_id"])
