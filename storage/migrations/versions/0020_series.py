"""How far people are in a series of daily pieces.

Revision: 0020. Follows 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "series_place",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_series_place_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_series_place"),
        sa.UniqueConstraint("contact_id", "series", name="uq_series_place_contact_id_series"),
    )
