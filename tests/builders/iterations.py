"""An iteration as `open_iteration` leaves it, and the people who decide."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import Role
from mardev.stages.decisions import Request
from mardev.warehouse.tables import iteration, role_member

PEOPLE = (("mia", "marketing", "2"), ("ian", "technology", "3"), ("hana", "head", "4"))


def write_people(connection: sa.Connection) -> None:
    for person, role, user_id in PEOPLE:
        connection.execute(
            sa.insert(role_member).values(
                person=person, role=role, full_name=person.capitalize(), email=f"{person}@aptovia.example",
                airflow_user_id=user_id,
            )
        )  # fmt: skip


def write_iteration(connection: sa.Connection, key: str, now: datetime, **changes: Any) -> None:
    row: dict[str, Any] = {
        "iteration_key": key, "world": "sandbox", "campaign": key, "objective": "growth", "conversion_kind": "install",
        "difference": "small", "form": {"campaign": key}, "markets": ["DE"], "languages": ["de"], "topics": ["games"],
        "integration_types": ["short"], "budget_amount": 100, "budget_currency": "EUR",
        "flight_from": now + timedelta(days=10), "flight_to": now + timedelta(days=24), "owner": "mia",
        "opened_by": "mia", "opened_by_run": f"run of {key}", "opened_at": now,
    }  # fmt: skip
    connection.execute(sa.insert(iteration).values({**row, **changes}))


def request(
    key: str, decision_key: str, *, role: Role = Role.MARKETING, run_id: str = "run", **changes: Any
) -> Request:
    values: dict[str, Any] = {
        "iteration_key": key, "decision_key": decision_key, "role": role, "accountable_role": role,
        "responsible": "marketing manager", "consulted": "IT", "informed": "both teams", "subject": "Sign?",
        "page_path": f"/mardev/iterations/{key}/plan", "options": ("Sign", "Send back"), "dag_id": "plan",
        "run_id": run_id, "task_id": decision_key,
    }  # fmt: skip
    return Request(**{**values, **changes})
