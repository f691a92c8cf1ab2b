"""Airflow's metadata tables and those of its login, made or migrated."""

import logging


def migrate_metadata() -> None:
    """Do what ``airflow db migrate`` does, in this process; the login's (FAB) tables are part of it."""
    from airflow.utils import db

    logging.getLogger("alembic").setLevel(logging.WARNING)
    db.initdb()
