"""The language in which a member of staff reads the desk.

Revision: 0008. Follows 0007.
"""

from __future__ import annotations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
