"""Alembic's entry: runs the migrations on the connection that `storyroom.memory.migrate` hands in."""

from alembic import context

from storyroom.memory.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
