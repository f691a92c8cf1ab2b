"""First step of `plan`: the filled form becomes an iteration, with its KPIs and their baseline, before anything else.

Two people who press start at once with one campaign name get one iteration: the second sees why.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from mardev.domain.words import Lane, Role, Stage
from mardev.economics.kpis import KpiDefinition, health_indicators, kpis_for
from mardev.errors import FormRejected
from mardev.stages.context import StageContext
from mardev.stages.conversions import stage_orders
from mardev.stages.health_indicators import measure_health, stage_sessions
from mardev.stages.plan.forecast_quota import refuse_a_form_over_budget
from mardev.stages.plan.form import IterationForm, Known, read_form
from mardev.stages.plan.named_creators import handle_word
from mardev.stages.publishing import gate_and_publish
from mardev.stages.toolchain.claim import take_claim
from mardev.warehouse import tables

BASELINE = timedelta(days=28)
"""Four whole weeks, so that each weekday counts the same."""


def open_iteration(context: StageContext) -> str:
    """Open the iteration of this run; running again returns the one this run opened.

    Returns:
        The iteration's key.

    Raises:
        FormRejected: something in the form cannot be accepted; names each field and what to write.
    """
    now = context.clock.now()
    if key := _opened_by_this_run(context):
        _register_kpis(context, key)
        return key
    with context.warehouse.connect() as connection:
        form = read_form(context.params, now, _known(connection, context))
    row = _row(context, form, now)
    refuse_a_form_over_budget(context, row)
    try:
        with context.warehouse.begin() as connection:
            connection.execute(sa.insert(tables.iteration).values(row))
            take_claim(connection, form.iteration_key, Stage.PLAN, context.run.run_id, now)
    except IntegrityError as error:
        raise FormRejected(
            {"campaign": f"Somebody started «{form.campaign}» a moment ago. Look at it, or choose another name."}
        ) from error
    context.log.info("Opened iteration %s", form.iteration_key)
    _register_kpis(context, form.iteration_key)
    return form.iteration_key


def _opened_by_this_run(context: StageContext) -> str | None:
    with context.warehouse.connect() as connection:
        return connection.execute(
            sa.select(tables.iteration.c.iteration_key).where(tables.iteration.c.opened_by_run == context.run.run_id)
        ).scalar()


def _known(connection: sa.Connection, context: StageContext) -> Known:
    roles: dict[str, set[Role]] = {}
    for person, role in connection.execute(sa.select(tables.role_member.c.person, tables.role_member.c.role)):
        roles.setdefault(person, set()).add(Role(role))
    campaigns = connection.execute(sa.select(tables.iteration.c.iteration_key, tables.iteration.c.state))
    return Known(
        campaigns={key: state for key, state in campaigns},
        roles={person: frozenset(held) for person, held in roles.items()},
        started_by=context.run.started_by or "",
        channels=_keys_of_handles(connection, context),
    )


def _keys_of_handles(connection: sa.Connection, context: StageContext) -> dict[str, str]:
    """Handle to channel key, for the handles of this world that the form may mean."""
    written = [line for name in ("must_have", "never") for line in context.params.get(name) or () if "@" in str(line)]
    if not written:
        return {}
    channel = tables.channel
    known = sa.select(channel.c.handle, channel.c.channel_key).where(
        channel.c.world == str(context.world), channel.c.handle.is_not(None)
    )
    return {handle_word(handle): key for handle, key in connection.execute(known)}


def _proposed_by(context: StageContext, form: IterationForm) -> str | None:
    """The iteration whose retrospective proposed this one: it knows it by the campaign's name."""
    proposal, iteration = tables.proposal, tables.iteration
    statement = (
        sa.select(proposal.c.iteration_key)
        .join(iteration, iteration.c.iteration_key == proposal.c.iteration_key)
        .where(iteration.c.world == str(context.world), proposal.c.form["campaign"].astext == form.campaign)
        .order_by(proposal.c.proposed_at.desc())
        .limit(1)
    )
    with context.warehouse.connect() as connection:
        return connection.execute(statement).scalar()


def _row(context: StageContext, form: IterationForm, now: datetime) -> dict[str, Any]:
    return {
        "iteration_key": form.iteration_key,
        "world": str(context.world),
        "campaign": form.campaign,
        "objective": str(form.objective),
        "conversion_kind": str(form.conversion_kind),
        "difference": form.difference,
        "form": form.as_json() | _limits(context.params),
        "markets": list(form.markets),
        "languages": list(form.languages),
        "topics": list(form.topics),
        "integration_types": [str(kind) for kind in form.integration_types],
        "budget_amount": form.budget_amount,
        "budget_currency": form.budget_currency,
        "flight_from": form.flight_from,
        "flight_to": form.flight_to,
        "owner": form.owner,
        "led_by": str(_leading_lane(context)),
        "revision": form.revision,
        "follows_iteration_key": form.follows_iteration_key or _proposed_by(context, form),
        "opened_by": context.run.started_by or form.owner,
        "opened_by_run": context.run.run_id,
        "opened_at": now,
    }


def _limits(params: Mapping[str, Any]) -> dict[str, Any]:
    limit = params.get("channel_limit")
    return {"channel_limit": int(limit)} if limit else {}


def _leading_lane(context: StageContext) -> Lane:
    """The lane of whoever started: a technology-led iteration is one that IT started."""
    with context.warehouse.connect() as connection:
        held = (
            connection.execute(
                sa.select(tables.role_member.c.role).where(
                    tables.role_member.c.person == (context.run.started_by or "")
                )
            )
            .scalars()
            .all()
        )
    return Lane.TECHNOLOGY if held == [str(Role.TECHNOLOGY)] else Lane.MARKETING


def _register_kpis(context: StageContext, iteration_key: str) -> None:
    """Store what success means, and how things stood before, while nobody has been contacted yet."""
    with context.warehouse.connect() as connection:
        iteration = (
            connection.execute(sa.select(tables.iteration).where(tables.iteration.c.iteration_key == iteration_key))
            .mappings()
            .one()
        )
        known = tables.kpi_target.c.iteration_key == iteration_key
        if connection.execute(sa.select(tables.kpi_target.c.kpi_key).where(known)).first():
            return
    before = iteration["opened_at"] - BASELINE
    orders = stage_orders(context, before)
    sessions = stage_sessions(context, before.date(), iteration["opened_at"].date())
    gate_and_publish(context, [orders, sessions])
    form: Mapping[str, Any] = iteration["form"]
    definitions = [*kpis_for(iteration["objective"], iteration["conversion_kind"]), *health_indicators()]
    with context.warehouse.begin() as connection:
        baselines = measure_health(connection, iteration, before, iteration["opened_at"])
        for definition in definitions:
            values = _kpi_row(definition, iteration, baselines.get(definition.key), before)
            if definition.key == form.get("kpi") and form.get("target"):
                values["target_value"] = Decimal(str(form["target"]))
            connection.execute(
                postgresql.insert(tables.kpi_target)
                .values(values)
                .on_conflict_do_nothing(index_elements=["iteration_key", "kpi_key"])
            )


def _kpi_row(
    definition: KpiDefinition, iteration: sa.RowMapping, baseline: Decimal | None, before: datetime
) -> dict[str, Any]:
    return {
        "iteration_key": iteration["iteration_key"],
        "kpi_key": definition.key,
        "name": definition.name,
        "unit": iteration["budget_currency"] if definition.unit == "money" else definition.unit,
        "direction": definition.direction,
        "is_health_indicator": definition.is_health_indicator,
        "baseline_value": baseline,
        "baseline_from": before if baseline is not None else None,
        "baseline_to": iteration["opened_at"] if baseline is not None else None,
        "source": definition.proposal,
    }
