"""The life of a request at the desk.

Revision: 0007. Follows 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()
BYTES = sa.LargeBinary()
SMALL = sa.SmallInteger()
YES = sa.Boolean()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.add_column("conversation", sa.Column("attached_request_id", ID))
    op.add_column("message", sa.Column("staff_id", ID))
    op.add_column("message", sa.Column("outbox_id", ID))
    op.create_index("ix_message_outbox_id", "message", ["outbox_id"])
    for column in (
        sa.Column("assignee_id", ID),
        sa.Column("claimed_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        sa.Column("turn_at", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.Column("outcome", TEXT),
        sa.Column("reopened", SMALL, server_default="0", nullable=False),
        sa.Column("late", YES, server_default=sa.false(), nullable=False),
        sa.Column("protected", YES, server_default=sa.false(), nullable=False),
        sa.Column("tag", TEXT),
        sa.Column("wish_sealed", BYTES),
    ):
        op.add_column("request", column)
    op.create_index("ix_request_assignee_id", "request", ["assignee_id"])
    op.execute("UPDATE request SET state = 'ours' WHERE state = 'open'")
    op.execute("UPDATE request SET state = 'done' WHERE state = 'closed'")
    op.execute("UPDATE request SET turn_at = created_at, protected = urgent")
    _beside_requests()


def _beside_requests() -> None:
    op.create_table(
        "note",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_note_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_request_id", "note", ["request_id"])
    op.create_table(
        "request_event",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("staff_id", ID),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_request_event_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_request_event"),
    )
    op.create_index("ix_request_event_request_id_at", "request_event", ["request_id", "at"])
    op.create_index("ix_request_event_at", "request_event", ["at"])
    op.create_table(
        "draft",
        sa.Column("request_id", ID, autoincrement=False, nullable=False),
        sa.Column("staff_id", ID, autoincrement=False, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_draft_request_id"),
        sa.PrimaryKeyConstraint("request_id", "staff_id", name="pk_draft"),
    )
    op.create_table(
        "referral",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("institution", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("agreed_locale", TEXT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name="fk_referral_request_id"),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
    )
    op.create_index("ix_referral_request_id", "referral", ["request_id"])
