"""Alembic's entry: runs on the connection that it is handed, in its transaction."""

from __future__ import annotations

from alembic import context

from storage.declared import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite cannot alter most things in place: later revisions copy the table.
    render_as_batch=True,
)
context.run_migrations()
