"""Third step of `retrospect`: both teams' lessons are kept, the next iteration is proposed, its form filled in."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.domain.words import Lane
from mardev.retrospective.fishbone import EvidenceItem, Finding
from mardev.retrospective.next_iteration import PlacementResult, creator_reasons, propose_form
from mardev.stages.context import StageContext
from mardev.stages.lookups import Row, iteration_row
from mardev.stages.plan.form_fields import FIELDS, LONGEST_CAMPAIGN_NAME
from mardev.stages.plan.wishes import LISTS, read_wishes
from mardev.warehouse import tables
from mardev.warehouse.read import query

LESSON_LASTS = timedelta(days=180)
LEARNED_BY = {"learn_marketing": Lane.MARKETING, "learn_technology": Lane.TECHNOLOGY}


def propose_next(context: StageContext) -> dict[str, Any]:
    """Write the lessons that were signed, and the form of the next iteration with a reason for every change."""
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        lessons = _keep_lessons(connection, context)
        results = _results(connection, iteration)
        form, reasons = propose_form(
            iteration["form"]
            | {"flight_from": iteration["flight_from"], "flight_to": iteration["flight_to"]}
            | _named_by_key(connection, iteration),
            results,
            _findings(connection, context.iteration_key),
        )
        values = {
            "iteration_key": context.iteration_key,
            "form": _form_for_people(form, iteration),
            "reasons": reasons,
            "creator_reasons": creator_reasons(results, iteration["budget_currency"]),
            "proposed_at": now,
        }
        statement = postgresql.insert(tables.proposal).values(values)
        connection.execute(statement.on_conflict_do_update(index_elements=["iteration_key"], set_=values))
    return {"lessons": lessons, "changes": len(reasons)}


def _named_by_key(connection: sa.Connection, iteration: Row) -> dict[str, list[str]]:
    """The form's creators by channel key, where it is known, so that a name in two spellings is one creator."""
    wishes = read_wishes(connection, iteration)
    return {
        name: list(dict.fromkeys(wish.channel_key or wish.name for wish in wishes if wish.named_in == name))
        for name in LISTS
    }


def _keep_lessons(connection: sa.Connection, context: StageContext) -> int:
    approval = tables.approval
    rows = (
        connection.execute(
            sa.select(approval).where(
                approval.c.iteration_key == context.iteration_key, approval.c.decision_key.in_(LEARNED_BY)
            )
        )
        .mappings()
        .all()
    )
    kept = 0
    for row in rows:
        statement = str(row["fields"].get("lesson") or row["reason"]).strip()
        if not statement:
            continue
        lesson = {
            "lesson_key": f"{context.iteration_key}/{row['decision_key']}/{row['attempt']}",
            "iteration_key": context.iteration_key,
            "lane": str(LEARNED_BY[row["decision_key"]]),
            "statement": statement,
            "owner": row["person"],
            "learned_at": row["answered_at"],
            "expires_at": row["answered_at"] + LESSON_LASTS,
        }
        inserted = postgresql.insert(tables.lesson).values(lesson)
        connection.execute(inserted.on_conflict_do_nothing(index_elements=["lesson_key"]))
        kept += 1
    return kept


def _results(connection: sa.Connection, iteration: Row) -> list[PlacementResult]:
    """What each placement brought. One that technology held back says nothing of its creator: it is left out."""
    return [
        PlacementResult(
            placement_key=row["placement_key"],
            channel_key=row["channel_key"],
            creator=row["creator"],
            market=row["market"],
            integration_type=row["integration_type"],
            cost=row["booked_amount"],
            views=row["views"],
            clicks=row["clicks"],
            conversions=row["conversions"],
            revenue=row["revenue"],
            was_published=row["published_at"] is not None,
        )
        for row in query(connection, "placement_evidence", iteration_key=iteration["iteration_key"])
        if row["held_by"] != Lane.TECHNOLOGY
    ]


def _findings(connection: sa.Connection, iteration_key: str) -> list[Finding]:
    table = tables.finding
    rows = connection.execute(
        sa.select(table).where(table.c.iteration_key == iteration_key).order_by(table.c.weight.desc())
    ).mappings()
    return [
        Finding(
            finding_key=row["finding_key"],
            kpi_key=row["kpi_key"],
            side=row["side"],
            category=row["category"],
            statement=row["statement"],
            weight=row["weight"],
            evidence=tuple(EvidenceItem(**item) for item in row["evidence"]),
        )
        for row in rows
    ]


def _form_for_people(form: dict[str, Any], iteration: Row) -> dict[str, Any]:
    """The proposed form as the start form takes it: its own fields only, the first day as a day."""
    known = {field.name for field in FIELDS}
    fields = {name: value for name, value in form.items() if name in known}
    name = follow_up_name(iteration["campaign"])
    return fields | {"campaign": name, "flight_from": form["flight_from"].date().isoformat(), "target": None}


def follow_up_name(campaign: str) -> str:
    """A name for an iteration that follows `campaign`, no longer than a campaign's name may be.

    Examples:
        >>> follow_up_name("Autumn games"), follow_up_name("Autumn games 2")
        ('Autumn games 2', 'Autumn games 3')
    """
    head, _, number = campaign.rpartition(" ")
    if not (head and number.isdecimal()):
        head, number = campaign, "1"
    ending = f" {int(number) + 1}"
    return head[: LONGEST_CAMPAIGN_NAME - len(ending)].rstrip() + ending
