"""Topics of requests in the staff group.

Revision: 0010. Follows 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "topic",
        sa.Column("request_id", ID, autoincrement=False, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("card_id", ID),
        sa.Column("card", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_topic"),
    )
    op.create_table(
        "topic_message",
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_topic_message"),
    )
    op.create_index("ix_topic_message_request_id", "topic_message", ["request_id"])
