"""What was asked and not understood.

Revision: 0003. Follows 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.String()
DAY = sa.Date()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "miss",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_miss"),
    )
    op.create_table(
        "miss_word",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("word_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_bits", sa.SmallInteger(), nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_miss_word"),
    )
    op.create_index("ix_miss_word_word_hash", "miss_word", ["word_hash"])
