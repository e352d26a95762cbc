"""What was asked and not understood.

Revision: 0003. Follows 0002.
"""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
