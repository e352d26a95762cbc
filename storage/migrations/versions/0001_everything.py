"""Everything that the first version remembers.

Revision: 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT = sa.String()
BYTES = sa.LargeBinary()
SMALL = sa.SmallInteger()
YES = sa.Boolean()
DAY = sa.Date()


def upgrade() -> None:
    """Forward. There is no way back: a backup is."""
    op.create_table(
        "attempt",
        sa.Column("worker", ID, autoincrement=False, nullable=False),
        sa.Column("seq", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("worker", "seq", name="pk_attempt"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("active_contact_id", ID, nullable=False),
        sa.Column("active_address_id", ID, nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("attached_staff_id", ID, nullable=True),
        sa.Column("urgent", YES, nullable=False),
        sa.Column("parting", YES, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
    )
    _partial_index("ix_conversation_parting", "conversation", ["id"], "parting = 1", "parting = true")
    op.create_table(
        "feedback",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("guide", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_table(
        "forget",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("code_hash", BYTES, nullable=True),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forget"),
    )
    op.create_index("ix_forget_code_hash", "forget", ["code_hash"])
    _partial_index("ix_forget_pending", "forget", ["id"], "state = 'pending'")
    op.create_table(
        "inbox",
        sa.Column("seq", ID, autoincrement=True, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("ext_hash", BYTES, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=True),
        sa.Column("key_day", DAY, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("tries", SMALL, nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("error", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_inbox"),
        sa.UniqueConstraint("ext_hash", "channel", "account", name="uq_inbox_ext_hash_channel_account"),
        sqlite_autoincrement=True,
    )
    _partial_index("ix_inbox_poison", "inbox", ["seq"], "state = 'poison'")
    _partial_index("ix_inbox_waiting", "inbox", ["seq"], "state = 'new'")
    _partial_index("ix_inbox_waiting_of", "inbox", ["address_id", "seq"], "state = 'new'")
    op.create_table(
        "record",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_record"),
        sa.UniqueConstraint("name", "version", name="uq_record_name_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("administrator", YES, nullable=False),
        sa.Column("coordinator", YES, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
    )
    op.create_table(
        "address",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_address_conversation_id"), nullable=False
        ),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("lookup", BYTES, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
        sa.UniqueConstraint("lookup", "channel", "account", name="uq_address_lookup_channel_account"),
    )
    op.create_index("ix_address_conversation_id", "address", ["conversation_id"])
    op.create_table(
        "contact",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_contact_conversation_id"), nullable=False
        ),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("municipality", TEXT, nullable=True),
        sa.Column("consent_version", TEXT, nullable=True),
        sa.Column("consent_choice", TEXT, nullable=False),
        sa.Column("consent_at", MOMENT, nullable=True),
        sa.Column("alias", TEXT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
    )
    op.create_index("ix_contact_conversation_id", "contact", ["conversation_id"])
    op.create_index("ix_contact_seen_at", "contact", ["seen_at"])
    op.create_table(
        "staff_link",
        sa.Column("token_hash", BYTES, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("staff_id", ID, sa.ForeignKey("staff.id", name="fk_staff_link_staff_id"), nullable=True),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("administrator", YES, nullable=False),
        sa.Column("coordinator", YES, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_link"),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", BYTES, nullable=False),
        sa.Column("staff_id", ID, sa.ForeignKey("staff.id", name="fk_staff_session_staff_id"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])
    op.create_table(
        "timer",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_timer_conversation_id"), nullable=False
        ),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("key", name="uq_timer_key"),
    )
    op.create_index("ix_timer_conversation_id", "timer", ["conversation_id"])
    op.create_index("ix_timer_due_at", "timer", ["due_at"])
    op.create_table(
        "consent",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, sa.ForeignKey("contact.id", name="fk_consent_contact_id"), nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("choice", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_contact_id", "consent", ["contact_id"])
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("dedupe", TEXT, nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_outbox_conversation_id"), nullable=False
        ),
        sa.Column("address_id", ID, sa.ForeignKey("address.id", name="fk_outbox_address_id"), nullable=False),
        sa.Column("cls", SMALL, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("speaker", TEXT, nullable=False),
        sa.Column("matter", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=True),
        sa.Column("replaces", ID, nullable=True),
        sa.Column("tries", SMALL, nullable=False),
        sa.Column("uncertain", SMALL, nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("attempt_token", ID, nullable=True),
        sa.Column("worker", ID, nullable=True),
        sa.Column("provider_sealed", BYTES, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedupe", name="uq_outbox_dedupe"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_conversation_id", "outbox", ["conversation_id"])
    _partial_index("ix_outbox_doubted", "outbox", ["id"], "uncertain > 0")
    _partial_index("ix_outbox_letters", "outbox", ["id"], "state IN ('uncertain', 'dead', 'held')")
    _partial_index("ix_outbox_ready", "outbox", ["cls", "id"], "state = 'ready'")
    _partial_index("ix_outbox_ready_of", "outbox", ["conversation_id", "cls", "id"], "state = 'ready'")
    _partial_index("ix_outbox_sending", "outbox", ["conversation_id"], "state = 'sending'")
    op.create_table(
        "request",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_request_conversation_id"), nullable=False
        ),
        sa.Column("contact_id", ID, sa.ForeignKey("contact.id", name="fk_request_contact_id"), nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("urgent", YES, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("guide", TEXT, nullable=True),
        sa.Column("step", TEXT, nullable=True),
        sa.Column("sealed", BYTES, nullable=True),
        sa.Column("sensitive_sealed", BYTES, nullable=True),
        sa.Column("promised_by", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_request_contact_id", "request", ["contact_id"])
    op.create_index("ix_request_conversation_id", "request", ["conversation_id"])
    op.create_table(
        "session",
        sa.Column(
            "contact_id",
            ID,
            sa.ForeignKey("contact.id", name="fk_session_contact_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_session"),
    )
    op.create_table(
        "message",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contact_id", ID, sa.ForeignKey("contact.id", name="fk_message_contact_id"), nullable=False),
        sa.Column(
            "conversation_id", ID, sa.ForeignKey("conversation.id", name="fk_message_conversation_id"), nullable=False
        ),
        sa.Column("request_id", ID, sa.ForeignKey("request.id", name="fk_message_request_id"), nullable=True),
        sa.Column("direction", TEXT, nullable=False),
        sa.Column("speaker", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_contact_id_at", "message", ["contact_id", "at"])
    op.create_index("ix_message_request_id", "message", ["request_id"])


def _partial_index(name: str, table: str, columns: list[str], where: str, postgresql: str | None = None) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(postgresql or where))
