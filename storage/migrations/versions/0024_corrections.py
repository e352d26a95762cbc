"""When something of a notice last changed that people see in every language.

Revision: 0024. Follows 0023.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. There is no way back: a backup is. Nobody knows what changed in those that are there: all of it."""
    op.add_column("notice", sa.Column("common", sa.SmallInteger, nullable=False, server_default="0"))
    op.execute("UPDATE notice SET common = version")
