"""Notices to many: texts, broadcasts, deliveries, and what people follow.

Revision: 0014. Follows 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()
LONG = sa.Text()
SMALL = sa.SmallInteger()
EMPTY = sa.text("''")


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    _notices()
    _broadcasts()
    _deliveries()
    op.create_table(
        "follow",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_follow_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_follow"),
        sa.UniqueConstraint("contact_id", "what", name="uq_follow_contact_id_what"),
    )
    op.create_index("ix_follow_what", "follow", ["what"])


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("category", TEXT, nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("buttons", LONG, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("event_id", ID),
        sa.Column("tag", TEXT),
        sa.Column("version", SMALL, server_default="0", nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_event_id", "notice", ["event_id"])
    op.create_table(
        "notice_text",
        sa.Column("notice_id", ID, autoincrement=False, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("body", LONG, nullable=False),
        sa.Column("version", SMALL, nullable=False),
        sa.Column("tested", SMALL),
        sa.Column("checked_by", TEXT, server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_notice_text_notice_id"),
        sa.PrimaryKeyConstraint("notice_id", "locale", name="pk_notice_text"),
    )


def _broadcasts() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("of_id", ID),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("audience", LONG, nullable=False),
        sa.Column("lacking", LONG, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("approver_id", ID),
        sa.Column("confirmed", ID),
        sa.Column("starts", TEXT, server_default=EMPTY, nullable=False),
        sa.Column("every", TEXT, server_default=EMPTY, nullable=False),
        sa.Column("start_at", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("cursor", ID),
        sa.Column("complete", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_broadcast_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
        sqlite_autoincrement=True,
    )
    for column in ("notice_id", "of_id", "state"):
        op.create_index(f"ix_broadcast_{column}", "broadcast", [column])


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("broadcast_id", ID, nullable=False),
        sa.Column("contact_id", ID),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("outbox_id", ID),
        sa.Column("version", SMALL, nullable=False),
        sa.Column("outcome", TEXT),
        sa.Column("reason", TEXT),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"], name="fk_delivery_broadcast_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("broadcast_id", "contact_id", name="uq_delivery_broadcast_id_contact_id"),
    )
    op.create_index("ix_delivery_contact_id_at", "delivery", ["contact_id", "at"])
    op.create_index("ix_delivery_outbox_id", "delivery", ["outbox_id"])
