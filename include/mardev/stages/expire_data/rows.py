"""Ends rows of the warehouse as `policy.column_map` says: deleted, or blanked where our own record needs the row."""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from mardev.policy.column_map import COUNTER_KPIS, FROM_A_FILE, LICENCES, PLATFORM_ASSETS
from mardev.policy.columns import TableLicence
from mardev.policy.sources import DataKind
from mardev.stages.expire_data.limits import Ended, Limits
from mardev.warehouse import tables
from mardev.warehouse.read import query
from mardev.warehouse.staging import UNFINISHED, drop_stage
from mardev.warehouse.tables import metadata

DELETED, BLANKED = "deleted", "blanked"
STEP = "expire_data"
Way = Callable[[sa.Connection, Limits], Iterator[Ended]]


def expire_rows(connection: sa.Connection, table: str, limits: Limits) -> list[Ended]:
    """End what is over in one table. The caller owns the transaction.

    Raises:
        KeyError: the table is not in the map.
    """
    own_way = OWN_WAYS.get(table)
    done = own_way(connection, limits) if own_way else _delete(connection, LICENCES[table], limits)
    return [one for one in done if one[2]]


def expire_stages(connection: sa.Connection, limits: Limits) -> list[Ended]:
    """Drop the stages that blocked or broken runs left behind, once what lies in them is too old."""
    run = tables.ingest_run
    names = connection.scalars(sa.text("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'stg'")).all()
    found = {number: name for name in names if (number := name.rpartition("__r")[2]).isdigit()}
    over = connection.execute(
        sa.select(run.c.ingest_run_id, run.c.state).where(
            run.c.ingest_run_id.in_([int(number) for number in found]),
            run.c.world == str(limits.world),
            run.c.asset.in_(PLATFORM_ASSETS),
            run.c.snapshot_at <= limits.strictest,
        )
    ).all()
    for ingest_run_id, _ in over:
        drop_stage(connection, found[str(ingest_run_id)])
    unfinished = [ingest_run_id for ingest_run_id, state in over if state in UNFINISHED]
    connection.execute(sa.update(run).where(run.c.ingest_run_id.in_(unfinished)).values(state="failed"))
    return [("stg", DELETED, len(over))] if over else []


def _delete(connection: sa.Connection, licence: TableLicence, limits: Limits) -> Iterator[Ended]:
    table, is_over = metadata.tables[licence.table], _is_over(licence, limits)
    yield licence.table, DELETED, _count(connection, sa.delete(table).where(*is_over))


def _is_over(licence: TableLicence, limits: Limits) -> list[sa.ColumnElement[bool]]:
    table, expiry = metadata.tables[licence.table], licence.expiry
    if expiry is None:
        raise KeyError(licence.table)
    parent = metadata.tables[expiry.clock_of[0]] if expiry.clock_of else table
    clock = parent.c[expiry.clock]
    if expiry.is_end:
        end: sa.ColumnElement[bool] = clock <= limits.until
    elif expiry.source is None:
        end = clock <= limits.strictest
    else:
        end = clock <= limits.oldest_kept(table.c[expiry.source], expiry.kind)
    join = [parent.c[expiry.clock_of[1]] == table.c[expiry.clock_of[1]]] if expiry.clock_of else []
    ours = [~table.c[expiry.brought[0]].startswith(expiry.brought[1], autoescape=True)] if expiry.brought else []
    return [end, *join, *ours, _is_of_world(table, parent, limits)]


def _is_of_world(table: sa.Table, parent: sa.Table, limits: Limits) -> sa.ColumnElement[bool]:
    if "world" in table.c:
        return table.c.world == str(limits.world)
    if "world" in parent.c:
        return parent.c.world == str(limits.world)
    # A rollup says nothing of its world; what it sums up does.
    summed = tables.post if "post_key" in table.c else tables.channel
    (key,) = summed.primary_key.columns
    return ~sa.exists().where(key == table.c[key.name], summed.c.world != str(limits.world))


def _referring(target: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Whether any row refers to a row of `target`, cascades aside: one condition for each table that may."""
    return [
        sa.exists().where(foreign_key.parent == foreign_key.column)
        for table in metadata.tables.values()
        for foreign_key in table.foreign_keys
        if foreign_key.column.table is target and foreign_key.ondelete != "CASCADE"
    ]


def _channels(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    table, deal = tables.channel, tables.deal
    is_over = _is_over(LICENCES["core.channel"], limits)
    brought = sa.exists().where(
        tables.contact.c.channel_key == table.c.channel_key, tables.contact.c.source.startswith(FROM_A_FILE)
    )
    is_ours = sa.or_(brought, *_referring(table))
    has_deal = sa.exists().where(deal.c.channel_key == table.c.channel_key)
    nameless = connection.scalars(sa.select(table.c.channel_key).where(*is_over, ~has_deal)).all()
    yield "core.plan", BLANKED, len(query(connection, "forget_names_of_wishes", channel_keys=nameless))
    yield "core.channel", DELETED, _count(connection, sa.delete(table).where(*is_over, ~is_ours))
    name_in_our_offer = (
        sa.select(deal.c.creator_name)
        .where(deal.c.channel_key == table.c.channel_key, deal.c.creator_name.is_not(None))
        .order_by(deal.c.offered_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    emptied = {
        name: None for name in ("handle", "country", "language", "picture_url", "uploads_playlist", "created_at")
    }
    blank = (
        sa.update(table)
        .where(*is_over)
        .values(
            **emptied,
            title=sa.func.coalesce(name_in_our_offer, table.c.external_id),
            description="",
            topics=[],
            languages={},
            post_titles=[],
            expires_at=None,
            expired_at=limits.until,
        )
    )
    yield "core.channel", BLANKED, _count(connection, blank)


def _posts(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    table, is_over = tables.post, _is_over(LICENCES["core.post"], limits)
    is_ours = sa.or_(table.c.placement_key.is_not(None), *_referring(table))
    yield "core.post", DELETED, _count(connection, sa.delete(table).where(*is_over, ~is_ours))
    blank = sa.update(table).where(*is_over)
    emptied = {"title": "", "description": "", "expires_at": None, "expired_at": limits.until}
    yield "core.post", BLANKED, _count(connection, blank.values(emptied))


def _latest_of_channels(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    """A refresh of the counters leaves the averages beside them as old as they were."""
    table, licence = tables.channel_latest, LICENCES["mart.channel_latest"]
    yield from _delete(connection, licence, limits)
    too_old = table.c.views_observed_at <= limits.oldest_kept(table.c.channel_key, DataKind.STATISTICS)
    blank = sa.update(table).where(too_old, _is_of_world(table, table, limits))
    made_of_posts = ("average_daily_views", "views_per_post", "posts_per_week", "last_post_at")
    emptied = dict.fromkeys((*made_of_posts, "views_observed_at", "view_definition"))
    yield licence.table, BLANKED, _count(connection, blank.values(emptied))


def _ranks(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    """Ranks end with what they were computed from, and the verticals of their graph with them."""
    rank = tables.channel_rank
    gone = sa.delete(rank).where(*_is_over(LICENCES["core.channel_rank"], limits)).returning(rank.c.graph_run_key)
    runs = connection.scalars(gone).all()
    yield "core.channel_rank", DELETED, len(runs)
    vertical = tables.vertical
    yield "core.vertical", DELETED, _count(connection, sa.delete(vertical).where(vertical.c.graph_run_key.in_({*runs})))


def _verticals(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    """Labels of a graph none of whose ranks are left."""
    vertical, rank, run = tables.vertical, tables.channel_rank, tables.graph_run
    left = sa.exists().where(rank.c.graph_run_key == vertical.c.graph_run_key)
    over = sa.delete(vertical).where(
        vertical.c.graph_run_key == run.c.graph_run_key,
        run.c.world == str(limits.world),
        run.c.as_of <= limits.strictest,
        ~left,
    )
    yield "core.vertical", DELETED, _count(connection, over)


def _same_creators(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    """A proposal that nobody decided goes; a decision stays without the words it rested on."""
    table, is_over = tables.same_creator, _is_over(LICENCES["core.same_creator"], limits)
    undecided = sa.delete(table).where(*is_over, table.c.decided_at.is_(None))
    yield "core.same_creator", DELETED, _count(connection, undecided)
    blank = sa.update(table).where(*is_over, sa.func.cardinality(table.c.evidence) > 0)
    yield "core.same_creator", BLANKED, _count(connection, blank.values(evidence=[]))


def _kpi_results(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    """Results that rest on a platform's counters; what rests on our clicks, sales and money stays."""
    table, iteration, placement = tables.kpi_target, tables.iteration, tables.placement
    too_old = table.c.measured_at <= limits.oldest_kept(placement.c.channel_key, DataKind.STATISTICS)
    counted_there = sa.exists().where(placement.c.iteration_key == table.c.iteration_key, too_old)
    blank = sa.update(table).where(
        table.c.iteration_key == iteration.c.iteration_key,
        iteration.c.world == str(limits.world),
        table.c.kpi_key.in_(COUNTER_KPIS),
        table.c.result_value.is_not(None),
        counted_there,
    )
    yield "core.kpi_target", BLANKED, _count(connection, blank.values(result_value=None))


def _quarantine(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    """A quarantined row keeps its reason, loses its content, and can be released no more."""
    table, run = tables.quarantined_row, tables.ingest_run
    blank = (
        sa.update(table)
        .where(
            table.c.ingest_run_id == run.c.ingest_run_id,
            table.c.world == str(limits.world),
            table.c.asset.in_(PLATFORM_ASSETS),
            run.c.snapshot_at <= limits.strictest,
            table.c.payload != {},
        )
        .values(
            payload={},
            resolution=sa.func.coalesce(table.c.resolution, "discarded"),
            resolved_by=sa.func.coalesce(table.c.resolved_by, STEP),
            resolved_at=sa.func.coalesce(table.c.resolved_at, limits.until),
        )
    )
    yield "dq.quarantined_row", BLANKED, _count(connection, blank)


def _observed_values(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    table, validation, run = tables.expectation_result, tables.validation_run, tables.ingest_run
    blank = sa.update(table).where(
        table.c.validation_run_id == validation.c.validation_run_id,
        validation.c.ingest_run_id == run.c.ingest_run_id,
        run.c.world == str(limits.world),
        run.c.asset.in_(PLATFORM_ASSETS),
        run.c.snapshot_at <= limits.strictest,
        table.c.observed.is_not(None),
    )
    yield "dq.expectation_result", BLANKED, _count(connection, blank.values(observed=sa.null()))


def _crawl_items(connection: sa.Connection, limits: Limits) -> Iterator[Ended]:
    """What a crawl remembers is as old as the iteration it was made for; another crawl's row tells its own age."""
    table, iteration = tables.crawl_item, tables.iteration
    its_iteration = sa.or_(
        table.c.crawl_key == iteration.c.iteration_key,
        sa.func.starts_with(table.c.crawl_key, iteration.c.iteration_key + "/"),
    )
    opened_at = sa.select(sa.func.min(iteration.c.opened_at)).where(its_iteration).scalar_subquery()
    of_other_world = sa.exists().where(its_iteration, iteration.c.world != str(limits.world))
    over = sa.delete(table).where(
        sa.func.coalesce(opened_at, table.c.updated_at) <= limits.strictest, ~of_other_world
    )  # fmt: skip
    yield "ops.crawl_item", DELETED, _count(connection, over)


def _count(connection: sa.Connection, statement: sa.Delete | sa.Update) -> int:
    return connection.execute(statement).rowcount


OWN_WAYS: Mapping[str, Way] = {
    "core.channel": _channels,
    "core.post": _posts,
    "core.channel_rank": _ranks,
    "core.vertical": _verticals,
    "core.same_creator": _same_creators,
    "core.kpi_target": _kpi_results,
    "mart.channel_latest": _latest_of_channels,
    "dq.quarantined_row": _quarantine,
    "dq.expectation_result": _observed_values,
    "ops.crawl_item": _crawl_items,
}
"""Tables whose rows do not simply go."""
