"""What can go wrong with a step, each told by a file in the test's folder."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mardev.errors import FixFirst, QuotaExhausted
from mardev.stages.context import StageContext


def folder() -> Path:
    return Path(os.environ["CHAIN_FOLDER"])


def comes_back_later(context: StageContext) -> str:
    mark = folder() / f"later-{context.run.run_id[-12:].replace(':', '')}"
    if not mark.exists():
        mark.write_text(str(context.run.try_number))
        raise QuotaExhausted("The quota is spent.", resets_at=datetime.now(UTC) + timedelta(seconds=3))
    return f"first try {mark.read_text()}, then {context.run.try_number}"


def gets_killed(context: StageContext) -> None:
    (folder() / "to-kill.pid").write_text(str(os.getpid()))
    time.sleep(60)


def needs_a_person(context: StageContext) -> None:
    raise FixFirst("The key of the platform was refused. Renew it in Airflow's connections.")
