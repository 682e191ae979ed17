"""Who is present in which scene, and what was settled about spellings of names."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add both."""
    op.create_table(
        "presences",
        sa.Column("draft", sa.String(length=32), nullable=False),
        sa.Column("people", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"]),
        sa.PrimaryKeyConstraint("draft", "people"),
    )
    op.create_table(
        "namings",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("spelling", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
