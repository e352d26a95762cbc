"""What stands beside words: their meaning, earlier versions, what they answer to. What an institution answered.

Revision: 0015. Follows 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.add_column("note", sa.Column("beside_id", ID))
    op.add_column("message", sa.Column("version_of", ID))
    op.add_column("message", sa.Column("quotes_id", ID))
    op.add_column("message", sa.Column("written_sealed", sa.LargeBinary()))
    op.add_column("media", sa.Column("quotes_id", ID))
    op.add_column("referral", sa.Column("shares", sa.String(), nullable=False, server_default=""))
    op.add_column("referral", sa.Column("answer_sealed", sa.LargeBinary()))
    op.add_column("referral", sa.Column("answered_at", sa.DateTime(timezone=True)))
