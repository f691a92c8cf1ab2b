"""Imports every file that a person confirmed, each for itself: one that is refused stops no other."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from mardev.errors import FixFirst
from mardev.imports.understanding import understand
from mardev.stages.context import StageContext
from mardev.stages.import_files.files import content_of, discard_forgotten, forget_content
from mardev.stages.import_files.import_table import import_table
from mardev.warehouse.tables import import_file

_file = import_file.c


def import_files(context: StageContext) -> dict[str, Any]:
    """Stage, gate and publish the confirmed files of this world, the one confirmed first before the others.

    A retry goes on with the file that was being read: its batches have names of their own, so nothing is written twice.

    Returns:
        Key of each file to what became of it.
    """
    with context.warehouse.connect() as connection:
        waiting = connection.execute(
            sa.select(_file.import_key, _file.file_name, _file.kind)
            .where(_file.state == "confirmed", _file.world == str(context.world))
            .order_by(_file.confirmed_at, _file.import_key)
        ).all()
    results = {row.import_key: _import(context, row) for row in waiting}
    discard_forgotten(context.warehouse, context.clock)
    return results


def _import(context: StageContext, row: sa.Row[Any, Any, Any]) -> dict[str, Any]:
    # The same name for each try, whatever run of Airflow it belongs to.
    own = replace(context, run=replace(context.run, run_id=f"file_{row.import_key}"))
    try:
        with content_of(context.warehouse, row.import_key) as stream:
            report = import_table(own, stream, understand(stream, row.kind), file_name=row.file_name).as_json()
        state = "published"
    except FixFirst as trouble:
        report, state = {"problem": str(trouble)}, "failed"
        context.log.warning("%s was refused: %s", row.import_key, trouble)
    with context.warehouse.begin() as connection:
        connection.execute(
            sa.update(import_file)
            .where(_file.import_key == row.import_key)
            .values(state=state, report=report, ended_at=context.clock.now())
        )
    forget_content(context.warehouse, row.import_key)
    return {"state": state, **report}
