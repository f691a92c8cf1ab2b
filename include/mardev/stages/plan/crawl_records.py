"""The record of each crawl in the warehouse: what was expected, how far it is, what it came to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.connectors.counted import CallCount
from mardev.connectors.platform import PlatformKind
from mardev.errors import RetryLater
from mardev.stages.context import StageContext
from mardev.stages.plan.crawl import CrawlScope
from mardev.stages.plan.crawl_forecast import CrawlForecast, Experience, Rate, forecast_crawl, scope_digest
from mardev.warehouse import tables

LOOKED_BACK_AT = 5
TOLD_EVERY_SECONDS = 1.0


def experience_of(connection: sa.Connection, world: str, kind: PlatformKind, scope: CrawlScope) -> Experience:
    """What earlier crawls of this world and platform showed; the documentation without any."""
    plan, step = tables.crawl_plan, tables.crawl_step
    done = connection.execute(
        sa.select(plan)
        .where(plan.c.world == world, plan.c.platform == kind.name, plan.c.state == "done", plan.c.channels_found > 0)
        .order_by(plan.c.ended_at.desc(), plan.c.crawl_key)
        .limit(LOOKED_BACK_AT)
    ).mappings().all()  # fmt: skip
    if not done:
        return Experience()
    same = next((row for row in done if row["scope_digest"] == scope_digest(scope)), None)
    rows = [same] if same else done
    counted = connection.execute(
        sa.select(step.c.step, sa.func.sum(step.c.item_count), sa.func.sum(step.c.calls_made))
        .where(step.c.platform == kind.name, step.c.crawl_key.in_([row["crawl_key"] for row in rows]))
        .group_by(step.c.step)
    ).all()
    items = {name: (int(item_count), int(calls)) for name, item_count, calls in counted}
    channels = sum(row["channels_found"] for row in rows)
    calls = sum(row["calls_made"] or 0 for row in rows)
    newest = f"{rows[0]['ended_at']:%Y-%m-%d}"
    earlier = f"{len(rows)} earlier searches, the last on {newest}" if len(rows) > 1 else f"one search on {newest}"
    return Experience(
        rests_on=f"the same search on {newest}" if same else earlier,
        rates={name: Rate(count / channels, made / count) for name, (count, made) in items.items() if count},
        found_share=min(1.0, channels / sum(row["channel_limit"] for row in rows)),
        seconds_per_call=sum(row["seconds_taken"] for row in rows) / calls if calls else None,
        exact=items if same else {},
    )  # fmt: skip


def units_of_iteration(connection: sa.Connection, iteration_key: str) -> dict[str, dict[str, int]]:
    """Units that the crawls of an iteration were expected to need, and those they spent, by kind of request."""
    plan = tables.crawl_plan
    rows = connection.execute(
        sa.select(plan.c.platform, plan.c.unit_forecast, plan.c.units_spent)
        .where(plan.c.iteration_key == iteration_key)
        .order_by(plan.c.platform != "youtube", plan.c.platform)
    )
    found: dict[str, dict[str, int]] = {"needed": {}, "spent": {}}
    for platform, needed, spent in rows:
        before = "" if platform == "youtube" else f"{platform} "
        for stand, units in (("needed", needed), ("spent", spent or {})):
            found[stand] |= {before + bucket: count for bucket, count in units.items()}
    return found


def crawl_key_of(iteration_key: str, platform: str) -> str:
    """The key under which a crawl remembers; one for each platform of an iteration."""
    return iteration_key if platform == "youtube" else f"{iteration_key}@{platform}"


def write_crawl_plan(
    context: StageContext,
    kind: PlatformKind,
    scope: CrawlScope,
    forecast: CrawlForecast,
    done_by: datetime,
    covers: str,
) -> None:
    """Keep the forecast. One that a crawl already began under stays as it is: it is what the crawl is held against."""
    plan, step = tables.crawl_plan, tables.crawl_step
    key = crawl_key_of(context.iteration_key, kind.name)
    values = {
        "crawl_key": key, "platform": kind.name, "iteration_key": context.iteration_key, "world": str(context.world),
        "scope_digest": scope_digest(scope), "channel_limit": scope.channel_limit, "rests_on": forecast.rests_on,
        "covers": covers, "call_forecast": forecast.calls, "unit_forecast": forecast.units,
        "second_forecast": forecast.seconds, "done_by": done_by, "planned_at": context.clock.now(),
    }  # fmt: skip
    statement = postgresql.insert(plan).values(values)
    with context.warehouse.begin() as connection:
        written = connection.execute(
            statement.on_conflict_do_update(
                index_elements=["crawl_key", "platform"], set_=values, where=plan.c.state == "planned"
            ).returning(plan.c.crawl_key)
        ).all()
        if not written:
            return
        connection.execute(sa.delete(step).where(step.c.crawl_key == key, step.c.platform == kind.name))
        connection.execute(
            sa.insert(step),
            [
                {
                    "crawl_key": key, "platform": kind.name, "step": one.step, "step_no": number, "bucket": one.bucket,
                    "item_forecast": one.items, "call_forecast": one.calls,
                }
                for number, one in enumerate(forecast.steps)
            ],
        )  # fmt: skip


class CrawlLog:
    """Writes down how far one crawl is. Use with ``with``: leaving it says how the crawl ended.

    Calls and units are written together with the answers they brought (`write` runs in the transaction of the crawl's
    memory), so after a kill what was counted is what was remembered; the quota's own ledger counts every call.
    """

    def __init__(self, context: StageContext, kind: PlatformKind, scope: CrawlScope) -> None:
        self._context = context
        self._kind = kind
        self._scope = scope
        self._key = {"crawl_key": crawl_key_of(context.iteration_key, kind.name), "platform": kind.name}
        self._began = monotonic()
        self._told_at = 0.0
        self.count = CallCount()

    def __enter__(self) -> "CrawlLog":
        with self._context.warehouse.connect() as connection:
            planned = connection.scalar(sa.select(tables.crawl_plan.c.state).where(*self._mine(tables.crawl_plan)))
        if planned is None:  # a crawl that nobody forecast is held against what is documented
            now = self._context.clock.now()
            forecast = forecast_crawl(self._scope, self._kind, Experience())
            done_by = now + timedelta(seconds=forecast.seconds)
            write_crawl_plan(self._context, self._kind, self._scope, forecast, done_by, "")
        self._update({"state": "under_way", "waits_until": None, "note": ""})
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        values: dict[str, Any] = {"seconds_taken": tables.crawl_plan.c.seconds_taken + (monotonic() - self._began)}
        if isinstance(error, RetryLater):
            values |= {"state": "waiting", "waits_until": error.not_before, "note": str(error)}
        elif isinstance(error, Exception):
            values |= {"state": "stopped", "note": str(error)}
        self._update(values)

    def progress(self, step: str, done: int, total: int) -> None:
        """Called before a crawl asks; the calls that follow belong to `step`."""
        self.count.step = step
        if monotonic() - self._told_at >= TOLD_EVERY_SECONDS:
            self._told_at = monotonic()
            self._context.log.info("Reading %s: %d of %d", step, done, total)

    def write(self, connection: sa.Connection, items: Mapping[str, int]) -> None:
        """Add what was asked since the last time; `items` is what was answered, by step."""
        calls, units = self.count.take()
        moved_at = self._context.clock.now()
        table = tables.crawl_step
        for step in {*items, *(name for name, _ in calls)}:
            made = sum(number for (name, _), number in calls.items() if name == step)
            spent = sum(number for (name, _), number in units.items() if name == step)
            connection.execute(
                sa.update(table)
                .where(*self._mine(table), table.c.step == step)
                .values(
                    item_count=table.c.item_count + items.get(step, 0),
                    calls_made=table.c.calls_made + made,
                    units_spent=table.c.units_spent + spent,
                    moved_at=moved_at,
                )
            )

    def done(self, channels_found: int) -> dict[str, Any]:
        """The crawl found everything it looked for.

        Returns:
            Forecast and actual units, by bucket; and how many calls this run asked twice, for want of an answer.
        """
        table = tables.crawl_step
        per_bucket = (
            sa.select(table.c.bucket, sa.func.sum(table.c.units_spent), sa.func.sum(table.c.calls_made))
            .where(*self._mine(table))
            .group_by(table.c.bucket)
        )
        with self._context.warehouse.connect() as connection:
            rows = connection.execute(per_bucket).all()
            forecast = connection.scalar(
                sa.select(tables.crawl_plan.c.unit_forecast).where(*self._mine(tables.crawl_plan))
            )
        spent = {bucket: int(units) for bucket, units, _ in rows}
        self._update(
            {
                "state": "done", "channels_found": channels_found, "units_spent": spent, "waits_until": None,
                "calls_made": sum(int(calls) for _, _, calls in rows), "ended_at": self._context.clock.now(),
            }
        )  # fmt: skip
        return {"forecast": forecast, "spent": spent, "repeated": self.count.repeated}

    def _mine(self, table: sa.Table) -> list[sa.ColumnElement[bool]]:
        return [table.c[name] == value for name, value in self._key.items()]

    def _update(self, values: Mapping[str, Any]) -> None:
        with self._context.warehouse.begin() as connection:
            connection.execute(sa.update(tables.crawl_plan).where(*self._mine(tables.crawl_plan)).values(values))
