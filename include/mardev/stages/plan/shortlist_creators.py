"""Last marketing step before the signature: a first budgeted shortlist, its reserve, and what it should bring."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.domain.words import Lane, Stage
from mardev.errors import FixFirst
from mardev.policy.features import EVERYTHING, GRAPH_ONLY
from mardev.stages.context import StageContext
from mardev.stages.licences import approvals
from mardev.stages.lookups import Row, iteration_row
from mardev.stages.plan.collect_creators import UNKNOWN
from mardev.stages.plan.crawl_records import units_of_iteration
from mardev.stages.plan.wishes import Wish, must_have_keys, never_keys, read_wishes, tell_wishes
from mardev.stages.toolchain.check_in import give_check_in
from mardev.warehouse import tables

if TYPE_CHECKING:
    from mardev.stages.plan.candidates import Proposal

RESERVE_PER_SEAT = 1


def shortlist_creators(context: StageContext) -> dict[str, Any]:
    """Choose under the budget and write the plan; a plan that is signed already stays as it is.

    Raises:
        FixFirst: nobody fits; says which wish leaves no one.
    """
    from mardev.stages.plan.candidates import proposals

    with context.warehouse.connect() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        graph_run_key = f"{context.iteration_key}/graph"
        wishes = read_wishes(connection, iteration)
        found = proposals(connection, iteration, graph_run_key, must_have_keys(wishes), approvals=approvals(context))
        shortlist = _choose(connection, iteration, found, wishes)
        places = {row.candidate.channel_key: row.approach_order for row in shortlist.chosen}
        told = tell_wishes(connection, iteration, wishes, places=places, missed=shortlist.missed)
    if not shortlist.chosen:
        raise FixFirst(
            "No creator fits the plan: "
            + (
                " ".join(shortlist.warnings)
                or "nobody with an address was found for these topics, markets and languages."
            )
            + " Change topics, markets, languages or the budget in the form, and start again."
        )
    by_key = {proposal.candidate.channel_key: proposal for proposal in found}
    with context.warehouse.begin() as connection:
        if _is_signed(connection, context.iteration_key):
            return {"chosen": len(shortlist.chosen), "kept": True}
        _write_plan(context, connection, iteration, graph_run_key, shortlist, by_key, told)
        _propose_targets(connection, iteration, shortlist, by_key)
        note = _note(connection, context.iteration_key, shortlist, told)
        give_check_in(connection, context.iteration_key, Stage.PLAN, Lane.MARKETING, context.clock.now(), note=note)
    return {
        "chosen": len(shortlist.chosen),
        "reserve": len(shortlist.reserve),
        "price": str(shortlist.total_price),
        "reach": shortlist.expected_reach,
        "warnings": list(shortlist.warnings),
    }


def _choose(connection: sa.Connection, iteration: Row, found: Sequence[Any], wishes: Sequence[Wish]) -> Any:
    import numpy as np

    from mardev.stages.plan.rank_creators import load_channels, load_graph
    from mardev.topidis.selection import propose_shortlist
    from mardev.topidis.unique_reach import ReachModel

    form: Mapping[str, Any] = iteration["form"]
    channels = load_channels(connection, iteration)
    graph = load_graph(connection, iteration, channels)
    audience = {proposal.candidate.channel_key: proposal.candidate.audience for proposal in found}
    head_count = int(form["head_count"])
    could_be_asked = audience.keys()
    return propose_shortlist(
        [proposal.candidate for proposal in found],
        reach=ReachModel(graph, np.array([audience.get(key, 0.0) for key in graph.nodes])),
        budget=iteration["budget_amount"],
        currency=iteration["budget_currency"],
        head_count=head_count,
        must_have=[key for key in must_have_keys(wishes) if key in could_be_asked],
        never=never_keys(wishes),
        reserve_count=head_count * RESERVE_PER_SEAT,
        tolerance_share=_tolerance(form),
    )


def _tolerance(form: Mapping[str, Any]) -> Any:
    from decimal import Decimal

    return Decimal(str(form["tolerance_share"]))


def _is_signed(connection: sa.Connection, iteration_key: str) -> bool:
    approval = tables.approval
    return (
        connection.execute(
            sa.select(approval.c.person).where(
                approval.c.iteration_key == iteration_key,
                approval.c.decision_key == "sign_plan_marketing",
                approval.c.answer == "Sign",
            )
        ).first()
        is not None
    )


def _note(connection: sa.Connection, iteration_key: str, shortlist: Any, told: Sequence[Mapping[str, Any]]) -> str:
    """What the check-in says: how many, and what of the form could not be done."""
    note = f"{len(shortlist.chosen)} creators proposed, {len(shortlist.reserve)} in reserve"
    unknown = _unknown_starting_points(connection, iteration_key)
    if unknown:
        note += f". Not found: {', '.join(unknown)}"
    if missed := [wish["name"] for wish in told if not wish["is_met"]]:
        note += f". Asked for and not on the list: {', '.join(missed)}"
    if left_out := [wish["name"] for wish in told if wish["named_in"] == "never"]:
        note += f". Left out: {', '.join(left_out)}"
    return note


def _unknown_starting_points(connection: sa.Connection, iteration_key: str) -> Sequence[str]:
    item = tables.crawl_item
    found: Sequence[str] | None = connection.execute(
        sa.select(item.c.result).where(item.c.crawl_key == iteration_key, item.c.step == UNKNOWN)
    ).scalar()
    return found or ()


def _write_plan(
    context: StageContext,
    connection: sa.Connection,
    iteration: Row,
    graph_run_key: str,
    shortlist: Any,
    by_key: Any,
    told: Sequence[Mapping[str, Any]],
) -> None:
    values = {
        "iteration_key": iteration["iteration_key"],
        "world": iteration["world"],
        "graph_run_key": graph_run_key,
        "message": iteration["difference"],
        "head_count": len(shortlist.chosen),
        "tolerance_share": shortlist.tolerance_share,
        "audience_size": round(sum(proposal.candidate.audience for proposal in by_key.values())),
        "expected_reach": shortlist.expected_reach,
        "quota_forecast": units_of_iteration(connection, iteration["iteration_key"]),
        "proposed_at": context.clock.now(),
        "wishes": told,
        "score_basis": _score_basis(context, by_key),
    }
    statement = postgresql.insert(tables.plan).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["iteration_key"], set_=values))
    connection.execute(sa.delete(tables.plan_row).where(tables.plan_row.c.iteration_key == iteration["iteration_key"]))
    connection.execute(
        sa.insert(tables.plan_row),
        [
            _plan_row(iteration, row, by_key[row.candidate.channel_key])
            for row in (*shortlist.chosen, *shortlist.reserve)
        ],
    )


def _score_basis(context: StageContext, by_key: Mapping[str, "Proposal"]) -> dict[str, Any]:
    """What the plan's scores are made of; they are ours, not the platforms'."""
    has_forecasts = any(proposal.outcome for proposal in by_key.values())
    sources = sorted({key.partition(":")[0] for key in by_key})
    known = approvals(context)
    return {
        "features": sorted(EVERYTHING if has_forecasts else GRAPH_ONLY),
        "sources": sources,
        "approvals": {source: known[source] for source in sources if source in known},
    }


def _plan_row(iteration: Row, row: Any, proposal: "Proposal") -> dict[str, Any]:
    outcome = proposal.outcome
    return {
        "iteration_key": iteration["iteration_key"],
        "channel_key": row.candidate.channel_key,
        "world": iteration["world"],
        "choice": row.choice,
        "approach_order": row.approach_order,
        "integration_type": str(proposal.integration_type),
        "price_amount": proposal.candidate.price,
        "price_currency": iteration["budget_currency"],
        "expected_views": outcome.views.expected if outcome else None,
        "expected_clicks": outcome.clicks.expected if outcome else None,
        "expected_conversions": outcome.conversions.expected if outcome else None,
        "view_definition": proposal.view_definition if outcome else None,
        "added_reach": row.added_reach,
        "reason": row.reason if outcome else _reason_without_figures(row),
    }


def _reason_without_figures(row: Any) -> str:
    """Why a creator is on the list when only the graph may speak."""
    candidate = row.candidate
    start = "In reserve; endorsed" if row.choice == "reserve" else "Endorsed"
    return (
        f"{start} by {candidate.endorser_count:,} of the {candidate.vertical_size:,} channels we found in "
        f"{candidate.vertical}. The price is an even share of the budget: correct it before you sign."
    )


def _propose_targets(connection: sa.Connection, iteration: Row, shortlist: Any, by_key: Any) -> None:
    """What the plan promises becomes the target of every KPI that nobody gave one."""
    from mardev.economics.forecast import combine_forecasts
    from mardev.economics.kpis import propose_target

    outcomes = [by_key[row.candidate.channel_key].outcome for row in shortlist.chosen]
    is_forecast = all(outcomes)
    expected = combine_forecasts(outcomes) if is_forecast else None
    table = tables.kpi_target
    rows = (
        connection.execute(
            sa.select(table).where(table.c.iteration_key == iteration["iteration_key"], table.c.target_value.is_(None))
        )
        .mappings()
        .all()
    )
    for row in rows:
        target = propose_target(
            row["kpi_key"],
            budget=iteration["budget_amount"],
            forecast=expected,
            expected_reach=shortlist.expected_reach if is_forecast else None,
            baseline=row["baseline_value"],
        )
        connection.execute(
            sa.update(table)
            .where(table.c.iteration_key == row["iteration_key"], table.c.kpi_key == row["kpi_key"])
            .values(target_value=target)
        )
