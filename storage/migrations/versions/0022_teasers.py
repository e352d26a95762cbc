"""Teasers: the approved text that goes before a copy of a notice where nothing else may be sent.

Revision: 0022. Follows 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.add_column("delivery", sa.Column("teaser_id", ID))
