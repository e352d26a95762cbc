"""Voice notes that answer a question: a file without a request, and an answer that is a file.

Revision: 0023. Follows 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    with op.batch_alter_table("media") as media:
        media.alter_column("request_id", existing_type=ID, nullable=True)
    op.add_column("survey_answer", sa.Column("media_id", ID))
