"""Resume codes, further browsers and cleared pages of the web chat.

Revision: 0005. Follows 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "web_browser",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("lookup", name="pk_web_browser"),
    )
    op.create_index("ix_web_browser_address_id", "web_browser", ["address_id"])
    op.create_table(
        "web_page",
        sa.Column("address_id", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("cleared_to", ID, server_default="0", nullable=False),
        sa.Column("cleared_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("address_id", name="pk_web_page"),
        sa.UniqueConstraint("code", name="uq_web_page_code"),
    )
