"""Brings a ledger to the newest schema, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def config() -> Config:
    """Return Alembic's configuration: the migrations that ship beside this file."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return settings


def upgrade(engine: Engine) -> None:
    """Apply every migration that the file lacks, in one transaction."""
    settings = config()
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
