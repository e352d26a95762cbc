"""Files that people sent, and what is needed to clear a chat.

Revision: 0004. Follows 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.add_column("inbox", sa.Column("provider_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "media",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        _reference("conversation"),
        _reference("contact"),
        _reference("address"),
        _reference("request"),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("size", ID, nullable=True),
        sa.Column("seconds", ID, nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
    )
    op.create_index("ix_media_contact_id_created_at", "media", ["contact_id", "created_at"])
    op.create_index("ix_media_conversation_id", "media", ["conversation_id"])
    op.create_index("ix_media_request_id", "media", ["request_id"])
    wanted = sa.text("state = 'wanted'")
    op.create_index("ix_media_wanted", "media", ["id"], sqlite_where=wanted, postgresql_where=wanted)


def _reference(table: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{table}.id", name=f"fk_media_{table}_id")
    return sa.Column(f"{table}_id", ID, key, nullable=False)
